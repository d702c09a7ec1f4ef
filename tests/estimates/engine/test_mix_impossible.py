"""Limits that cannot hold together, in sentences that say what would."""

from dataclasses import replace

from estimates.engine.mix import least_cost_mix
from estimates.engine.mix_rules import MixRules
from estimates.engine.pricing import price_project
from tests.estimates.engine import mix_cases
from tests.estimates.engine.campaigns import D, certain
from tests.estimates.engine.mix_cases import team, vendor, work

CHAT, CODE = work("chat", 6000), work("code", 3300)
ACME = vendor("acme", 30, error_rate="0.05")
BOLT = vendor("bolt", 50, error_rate="0.03")


def sentences(packages, suppliers, rules=None, **more) -> list[str]:
    inputs = mix_cases.project(packages, suppliers, rules, **more)
    part = price_project(inputs, seed=0, draws=1024)["mix"]
    assert part["status"] == "impossible"
    assert "shares" not in part
    return part["sentences"]


def with_capacity(supplier, hours):
    return replace(supplier, capacity_hours_per_week=certain(f"{supplier.slug}.capacity", str(hours)))


def test_too_little_capacity_by_the_deadline():
    own = team("own", 40, capacity_hours_per_week=120)
    assert sentences([CHAT, CODE], [with_capacity(ACME, 300), own]) == [
        "Acme and Own together can do 4,200 hours by 15 March 2027; the work is 9,300 hours.",
        (
            "Any one of these makes it possible: add 5,100 hours of capacity, 510 hours a week (Acme 5,100 hours); "
            "move the deadline to 8 June 2027."
        ),
    ]


def test_the_proposed_deadline_is_the_first_that_works():
    own = team("own", 40, capacity_hours_per_week=120)
    inputs = mix_cases.project([CHAT, CODE], [with_capacity(ACME, 300), own])
    for day, works in ((8, True), (7, False)):
        later = replace(inputs, deadline=mix_cases.date(2027, 6, day))
        assert (least_cost_mix(later, later.mix).scenario is not None) == works


def test_no_capacity_helps_where_a_share_is_capped():
    assert sentences([CHAT, CODE], [ACME, BOLT], MixRules(largest_share=D("0.45"))) == [
        "Acme and Bolt together can do 90 % of the work, as none may do more than 45 %.",
        "This makes it possible: let one supplier do up to 50 % of the work, not 45 %.",
    ]


def test_nobody_is_good_enough():
    assert sentences([CHAT, CODE], [ACME, BOLT], MixRules(error_limits={"code": D("0.025")})) == [
        "The lowest error rate for Code is 3 %, Bolt's; the limit is 2.5 %.",
        "This makes it possible: allow 3 % errors in Code, not 2.5 %.",
    ]


def test_good_enough_but_too_small():
    # Code may have 4 % errors, so half of it is Bolt's; Bolt can do 1,000 of the 1,650 hours.
    assert sentences(
        [CHAT, CODE], [ACME, with_capacity(BOLT, 100)], MixRules(error_limits={"code": D("0.04")})
    ) == [
        (
            "No mix keeps all of these limits at once: Bolt can do 1,000 hours by 15 March 2027; Code has at most "
            "4 % errors."
        ),
        (
            "Any one of these makes it possible: add 650 hours of capacity, 65 hours a week (Bolt 650 hours); move "
            "the deadline to 30 April 2027; allow 4.4 % errors in Code, not 4 %."
        ),
    ]


def test_nobody_is_left_for_a_package():
    unknown = vendor("cove", 20)
    rules = MixRules(error_limits={"code": D("0.05")}, excluded=(("code", ("vendor", "acme")),))
    assert sentences([CHAT, CODE], [ACME, unknown], rules) == [
        (
            "Nobody may do Code. Acme is excluded from it. Cove states no error rate, so it is given nothing of Code, "
            "which has a limit on errors."
        ),
    ]


def test_an_exclusion_a_minimum_and_steps_that_are_in_the_way():
    excluded = MixRules(excluded=(("chat", ("vendor", "acme")),))
    said = sentences([CHAT, CODE], [ACME, with_capacity(BOLT, 400)], excluded)
    assert said[1].endswith("; let Acme do Chat.")
    two = [with_capacity(ACME, 600), with_capacity(BOLT, 400)]
    assert sentences([work("all", 10_000)], two, MixRules(minimum_share=D("0.45")))[1].endswith(
        "; lower the minimum share from 45 % to 40 %."
    )
    assert sentences([work("all", 10_000)], two, MixRules(step=D("0.25")))[1].endswith(
        "; allow shares that are no multiples of 25 %."
    )


def test_changes_that_only_help_together():
    rules = MixRules(error_limits={"code": D("0.02")}, largest_share=D("0.45"))
    assert sentences([CHAT, CODE], [ACME, BOLT], rules)[-1] == (
        "No single change is enough. Together these are: let one supplier do up to 50 % of the work, not 45 %; "
        "allow 3 % errors in Code, not 2 %."
    )
