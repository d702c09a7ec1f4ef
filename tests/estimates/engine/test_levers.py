"""Each lever against figures worked out by hand and against its closed form."""

from dataclasses import replace
from decimal import Decimal, localcontext

import numpy as np
import pytest

from estimates.engine.assumptions import point_of
from estimates.engine.effort import hours_of
from estimates.engine.levers.active_learning import efficiency_to_pay, uniform_items
from estimates.engine.levers.ai_labels import audit_share_to_pay
from estimates.engine.levers.base import call_cost
from estimates.engine.levers.decomposition import (
    closed_tree_sum,
    minutes_of_a_task,
    people_part_to_pay,
    tree_cost,
    tree_sum,
    wholes_for_the_same,
)
from estimates.engine.levers.distillation import teacher_items_to_pay
from estimates.engine.levers.oversight import oversight_share_to_pay
from estimates.engine.levers.pre_labels import accuracy_to_pay, share_of_minutes
from estimates.engine.levers.routing import auto_share_to_pay, person_below
from estimates.engine.levers.worth import NUMERICALLY, worths_of
from estimates.engine.points import EXACT, point_price
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, certain, triangular, uncertain
from tests.estimates.engine.levers import (
    MAKERS,
    active_learning,
    ai_labels,
    by_the_hour,
    decomposition,
    distillation,
    oversight,
    pairs,
    pre_labels,
    priced,
    routing,
)

# Without a lever: 1,000 hours of labels and 50 of reviews at $30 are $31,500; an item is $3.15.
TOTAL = D("31500")
AN_ITEM = D("3.15")
CALL = D("0.02")


def point(scenario, packages=None) -> Decimal:
    with localcontext(EXACT):
        return point_price(scenario, packages or [pairs()], currency="USD").cost.total


def only_lever(*levers, **terms):
    (scenario,) = priced(by_the_hour(*levers, **terms))["scenarios"]
    (lever,) = scenario["levers"]
    return lever


def lines_of(scenario) -> dict[str, str]:
    return {line["label"]: line["amount"] for line in scenario["point"]["lines"]}


def fact(lever, code: str):
    return next(each["value"] for each in lever["facts"] if each["code"] == code)


def test_a_label_of_rlaif_costs_5_71_cents_a_pair():
    call = call_cost(tokens_in=D(830), tokens_out=D(61), price_in=D(30), price_out=D(60))
    assert 2 * call == D("0.05712")
    # "Over ten times" under a person's 67 cents.
    assert D("0.67") / (2 * call) > 10


def test_active_learning():
    # Half of 10,000 and a seed of 500: 5,500 items, $17,325; 30,000 scored at 2 cents; 4 retrainings.
    (scenario,) = priced(by_the_hour(active_learning()))["scenarios"]
    assert lines_of(scenario) == {"Price": "17325.00", "Scoring": "600.00", "Retraining": "1000.00"}
    (lever,) = scenario["levers"]
    assert lever["cost"]["point"] == "1600.00"
    assert lever["saving"]["point"] == "12575.00"
    assert lever["work_hours"] == {"without": "1050.00", "with": "577.50"}
    assert lever["packages"] == ["pairs"]
    expected = efficiency_to_pay(
        items=D(10000), seed_items=D(500), cost_of_an_item=AN_ITEM, other_cost=D(1600)
    )
    assert expected == pytest.approx(D(1) / (1 - D("0.05") - D(1600) / D(31500)))
    assert lever["break_even"]["value"] == pytest.approx(float(expected), abs=1e-6)
    assert lever["break_even"]["pays"] == "above"
    assert lever["break_even"]["sentence"] == "It pays where the efficiency is above 1.11."


def test_active_learning_that_costs_more_than_all_labels_never_pays():
    lever = only_lever(active_learning(retraining_cost="9000"))
    assert lever["break_even"]["value"] is None
    assert lever["break_even"]["reason"] == "It costs more whatever the efficiency is."
    assert (
        efficiency_to_pay(items=D(10000), seed_items=D(500), cost_of_an_item=AN_ITEM, other_cost=D(36600))
        is None
    )


def test_800_000_labels_chosen_well_stand_for_2_080_000_at_the_published_ratio():
    assert uniform_items(D(800000), D("2.6")) == 2080000


def test_distillation():
    # 4,000 of 10,000 items: 8,000 teacher items at 2 cents; people keep 6,000.
    (scenario,) = priced(by_the_hour(distillation()))["scenarios"]
    assert lines_of(scenario) == {"Price": "18900.00", "Teacher tokens": "160.00"}
    (lever,) = scenario["levers"]
    expected = teacher_items_to_pay(cost_of_an_item=AN_ITEM, call=CALL)
    assert lever["break_even"]["value"] == pytest.approx(float(expected))
    assert lever["break_even"]["sentence"] == (
        "It pays where the number of the teacher's items in place of one is below 158."
    )


@pytest.mark.parametrize(
    ("branching", "ratio"), [("3", "0.5"), ("4", "0.25"), ("1", "0.5"), ("1", "1"), ("2", "0.5"), ("7", "1")]
)
def test_a_tree_costs_what_its_closed_form_says(branching, ratio):
    """Also where the ratio of the sum is 1: B s = 1, or B = 1."""
    b, s, depth = float(branching), float(ratio), 4
    people = 0.6 * 2.0 * 30 / 60 * closed_tree_sum(b * s, depth)
    models = 0.4 * 0.02 * closed_tree_sum(b, depth)
    direct = sum(b**level * (0.6 * 2.0 * s**level * 30 / 60 + 0.4 * 0.02) for level in range(depth + 1))
    cost = tree_cost(
        branching=D(branching),
        levels=depth,
        task_minutes=D(2),
        minutes_ratio=D(ratio),
        people_part=D("0.6"),
        cost_of_a_minute=D("0.5"),
        call=D("0.02"),
    )
    assert float(cost) == pytest.approx(direct, rel=1e-12)
    assert float(cost) == pytest.approx(people + models, rel=1e-12)


def test_a_tree_near_a_ratio_of_one_loses_no_digits():
    near = np.array([1 - 1e-12, 1.0, 1 + 1e-12])
    assert tree_sum(near, 9) == pytest.approx([10, 10, 10], rel=1e-10)


def test_decomposition():
    # 1 + 3 + 9 tasks, 1 + 1.5 + 2.25 = 4.75 minutes, of which people do 0.6: 2.85 of 6 minutes.
    (scenario,) = priced(by_the_hour(decomposition()))["scenarios"]
    assert lines_of(scenario) == {"Price": "14962.50", "AI labels": "1040.00"}
    (lever,) = scenario["levers"]
    assert fact(lever, "tasks_per_judgement") == 13
    assert fact(lever, "minutes_per_task") == pytest.approx(4.75 / 13, abs=1e-6)
    # A review of half the minutes of a tenth adds a twentieth to each minute of people.
    a_minute = D("0.5") * D("1.05")
    expected = people_part_to_pay(
        cost_of_the_whole=6 * a_minute, people_cost=D("4.75") * a_minute, models_cost=13 * CALL
    )
    # Even with people on every task it is cheaper than one person: 1.297.
    assert expected > 1
    assert lever["break_even"]["reason"] == "It saves whatever the people's share of the tasks is."


def test_decomposition_breaks_even_at_the_share_of_its_closed_form():
    lever = only_lever(decomposition(task_minutes="2"))
    a_minute = D("0.5") * D("1.05")
    expected = people_part_to_pay(
        cost_of_the_whole=6 * a_minute, people_cost=D("9.5") * a_minute, models_cost=13 * CALL
    )
    assert lever["break_even"]["value"] == pytest.approx(float(expected), abs=1e-6)
    assert lever["break_even"]["pays"] == "below"
    assert lever["break_even"]["unit"] == "share"


def test_a_review_of_stated_minutes_does_not_shrink_with_the_parts():
    package = pairs()
    effort = replace(package.effort, review_time_share=None, review_minutes=certain("rm", "3"))
    document = priced(by_the_hour(decomposition()), packages=[replace(package, effort=effort)])
    assert document["scenarios"][0]["point"]["effort"]["review"] == "50.00"
    assert document["scenarios"][0]["point"]["effort"]["label"] == "475.00"


def test_a_book_is_13_hours_a_task_a_fiftieth_and_100_000_tasks_are_2_000_books():
    """The acceptance case of wu2021_books."""
    a_task = minutes_of_a_task(whole_minutes=D(13 * 60), speedup=D(50))
    assert a_task == D("15.6")
    books = wholes_for_the_same(tasks=D(100000), task_minutes=a_task, whole_minutes=D(13 * 60))
    assert books == 2000
    assert 100000 * a_task / 60 == 26000
    # Through the product: 2,000 books, each a tree of 1 + 49 tasks of 15.6 minutes, all by people.
    package = pairs(accepted_items="2000", minutes_per_judgement="780", review_share="0")
    tree = decomposition(branching="49", depth="1", task_minutes="15.6", minutes_ratio="1", people_part="1")
    with_tree, whole = priced(
        by_the_hour(tree), replace(by_the_hour(), slug="whole", name="Whole"), packages=[package]
    )["scenarios"]
    assert with_tree["point"]["hours"] == whole["point"]["hours"] == "26000.00"
    (lever,) = with_tree["levers"]
    assert fact(lever, "tasks_per_judgement") * 2000 == 100000
    assert fact(lever, "minutes_per_task") == 15.6
    assert lever["saving"]["point"] == "0.00"
    assert lever["break_even"]["value"] == 1
    # And what the essay's figure is about: a label for one task instead of one for the whole book.
    labels = pairs(accepted_items="100000", minutes_per_judgement="780", review_share="0")
    one_task = decomposition(depth="0", task_minutes="15.6", people_part="1")
    (scenario,) = priced(by_the_hour(one_task), packages=[labels])["scenarios"]
    assert scenario["point"]["hours"] == "26000.00"


def test_ai_labels():
    # 10,000 labels of two calls; people audit a tenth, and 0.2 * 0.75 of it again: 1,150 items.
    (scenario,) = priced(by_the_hour(ai_labels(people_error="0.1")))["scenarios"]
    assert lines_of(scenario) == {"Price": "3622.50", "AI labels": "400.00"}
    (lever,) = scenario["levers"]
    expected = audit_share_to_pay(
        label=2 * CALL,
        cost_of_an_item=AN_ITEM,
        model_error=D("0.2"),
        audit_sensitivity=D("0.75"),
        correction_share=D(1),
    )
    assert lever["break_even"]["value"] == pytest.approx(float(expected), abs=1e-6)
    assert lever["break_even"]["pays"] == "below"
    assert fact(lever, "error_with") == 0.185  # 0.2 (1 - 0.1 * 0.75)
    assert fact(lever, "error_without") == 0.1


def test_ai_labels_without_any_audit_leave_nothing_to_order():
    for basis in ("hour", "item"):
        document = priced(by_the_hour(ai_labels(audit_share="0"), basis=basis))
        assert lines_of(document["scenarios"][0]) == {"Price": "0.00", "AI labels": "400.00"}


def test_routing():
    # 7,000 are sure, a tenth of them audited: people see 3,700.
    (scenario,) = priced(by_the_hour(routing(loss="10")))["scenarios"]
    assert lines_of(scenario) == {"Price": "11655.00", "AI labels": "400.00"}
    (lever,) = scenario["levers"]
    expected = auto_share_to_pay(label=2 * CALL, cost_of_an_item=AN_ITEM, audit_share=D("0.1"))
    assert lever["break_even"]["value"] == pytest.approx(float(expected), abs=1e-6)
    assert lever["break_even"]["pays"] == "above"
    assert fact(lever, "error_with") == pytest.approx(0.7 * 0.185 + 0.3 * 0.05)
    # Human if and only if S < 1 - 0.05 - 3.15 / 10.
    assert person_below(people_error=D("0.05"), cost_of_an_item=AN_ITEM, loss=D(10)) == D("0.635")
    assert fact(lever, "person_below") == 0.635


def test_routing_with_a_loss_below_the_price_of_a_person_sends_nobody_an_item():
    assert fact(only_lever(routing(loss="2")), "person_below") == 0


def test_pre_labels():
    # 0.8 * 0.5 + 0.2 * 1.25 = 0.65 of the minutes; reviews stay.
    assert share_of_minutes(accuracy=D("0.8"), time_saved=D("0.5"), time_lost=D("0.25")) == D("0.65")
    (scenario,) = priced(by_the_hour(pre_labels()))["scenarios"]
    assert lines_of(scenario) == {"Price": "21000.00", "AI labels": "200.00"}
    (lever,) = scenario["levers"]
    expected = accuracy_to_pay(
        call=CALL, cost_of_label_minutes=D(3), time_saved=D("0.5"), time_lost=D("0.25")
    )
    assert lever["break_even"]["value"] == pytest.approx(float(expected), abs=1e-6)
    # The same inequality as it is written: m (q d - (1 - q) k) w / 60 > c.
    saved = 6 * (expected * D("0.5") - (1 - expected) * D("0.25")) * 30 / 60
    assert saved == pytest.approx(CALL)
    assert "Anchoring" in lever["risk"]
    assert lever["facts"] == []


def test_the_measured_error_with_and_without_suggestions_is_shown():
    lever = only_lever(pre_labels(error_without="0.08", error_with="0.11"))
    assert (fact(lever, "error_without"), fact(lever, "error_with")) == (0.08, 0.11)


def test_oversight():
    # 50 hours of reviews less 30, for 1 % of $50,000.
    (scenario,) = priced(by_the_hour(oversight()))["scenarios"]
    assert lines_of(scenario) == {"Price": "30600.00", "Oversight compute": "500.00"}
    (lever,) = scenario["levers"]
    expected = oversight_share_to_pay(reviews_saved=D(900), compute_cost=D(50000))
    assert lever["break_even"]["value"] == pytest.approx(float(expected)) == 0.018
    assert lever["break_even"]["sentence"] == "It pays where the share of the compute is below 1.8 %."


def test_a_price_per_item_does_not_fall_with_the_minutes():
    lever = only_lever(pre_labels(), basis="item", rate=certain("rate", "3"))
    assert lever["saving"]["point"] == "-200.00"
    assert lever["break_even"]["reason"] == (
        "What suppliers charge here does not move with the share of suggestions that are right: the lever costs $200.00 "
        "whatever it is."
    )


@pytest.mark.parametrize("basis", ["item", "judgement"])
def test_of_a_vendor_that_charges_per_unit_fewer_are_ordered(basis):
    document = priced(by_the_hour(routing(), basis=basis, rate=certain("rate", "3")))
    (scenario,) = document["scenarios"]
    assert lines_of(scenario)["Price"] == "11100.00"
    # The plan's items are still what is wanted.
    assert scenario["point"]["accepted_items"] == "10000"
    assert scenario["point"]["cost_per_item"] == "1.15"


def test_a_team_of_ones_own_works_fewer_hours():
    team = campaigns.math_team(recruiting_per_hire=None, seat_cost_per_month=None)
    scenario = campaigns.whole_project("in-house", team, "pairs", levers=(routing(),))
    (part,) = priced(scenario)["scenarios"]
    # 388.5 of 1,050 hours at $60 a productive hour.
    assert part["point"]["hours"] == "388.50"
    assert lines_of(part)["Labour"] == "23310.00"


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS)
def test_a_break_even_put_back_neither_saves_nor_costs(make):
    more = {"task_minutes": "2"} if make is decomposition else {}
    scenario = by_the_hour(make(**more))
    (lever,) = priced(scenario)["scenarios"][0]["levers"]
    with localcontext(EXACT):
        (worth,) = worths_of(scenario, [pairs()], money_text=str)
    assert lever["break_even"]["value"] == pytest.approx(float(worth.break_even.value), abs=1e-6)
    even = replace(scenario, levers=(scenario.levers[0].at(worth.break_even.value),))
    assert float(point(even)) == pytest.approx(float(TOTAL), rel=1e-9)
    # A little on the side where it pays, it pays; on the other it costs.
    step = D("1.01") if worth.break_even.pays == "above" else D("0.99")
    pays = replace(scenario, levers=(scenario.levers[0].at(worth.break_even.value * step),))
    costs = replace(scenario, levers=(scenario.levers[0].at(worth.break_even.value * (2 - step)),))
    assert point(pays) < TOTAL < point(costs)


@pytest.mark.parametrize("make", [active_learning, routing, pre_labels])
def test_with_volume_tiers_the_break_even_is_sought_and_says_so(make):
    terms = {"volume_pricing": "graduated", "volume_tiers": ((D(800), D(20)),)}
    scenario = by_the_hour(make(), **terms)
    (lever,) = priced(scenario)["scenarios"][0]["levers"]
    assert lever["break_even"]["remark"] == NUMERICALLY
    even = replace(scenario, levers=(scenario.levers[0].at(D(str(lever["break_even"]["value"]))),))
    assert float(point(even)) == pytest.approx(float(point(replace(scenario, levers=()))), rel=1e-5)


def test_a_minimum_that_is_never_left_leaves_nothing_to_save():
    lever = only_lever(routing(), minimum_commitment=certain("minimum", "40000"))
    assert lever["saving"]["point"] == "-400.00"
    assert lever["break_even"]["reason"].endswith("the lever costs $400.00 whatever it is.")


def test_levers_act_in_their_order_each_on_what_is_left():
    levers = (oversight(), pre_labels(), routing(), distillation(), active_learning())
    document = priced(by_the_hour(*levers))
    (scenario,) = document["scenarios"]
    # 5,500 items; the teacher takes 2,200; of 3,300 people see 0.37: 1,221, in 0.65 of the minutes.
    assert [lever["kind"] for lever in scenario["levers"]] == [
        "active-learning",
        "distillation",
        "routing",
        "pre-labels",
        "oversight",
    ]
    review = D(1221) * D("0.05") * 6 / 60 * D("0.4")
    assert scenario["point"]["effort"]["label"] == "79.37"  # 79.365
    assert scenario["point"]["effort"]["review"] == f"{review:.2f}"
    costs = {lever["kind"]: lever["cost"]["point"] for lever in scenario["levers"]}
    assert costs == {
        "active-learning": "1600.00",
        "distillation": "88.00",  # 2,200 * 2 items
        "routing": "132.00",  # 3,300 * 2 calls
        "pre-labels": "24.42",  # 1,221 calls
        "oversight": "500.00",
    }
    assert lines_of(scenario)["AI labels"] == "156.42"


def test_a_lever_acts_on_the_packages_it_names():
    packages = [pairs(), pairs("ratings")]
    scenario = by_the_hour(routing(packages=("ratings",)), packages=("pairs", "ratings"))
    (part,) = priced(scenario, packages=packages)["scenarios"]
    assert lines_of(part) == {"Price": "43155.00", "AI labels": "400.00"}
    assert part["levers"][0]["packages"] == ["ratings"]


def test_gold_and_redone_passes_stay_in_proportion_and_raw_items_are_what_a_model_sees():
    package = pairs(yield_share="0.5", overlap="3", gold_share="0.2", rework_rate="0.1")
    plain = hours_of(package, point_of)
    scenario = by_the_hour(routing())
    (part,) = priced(scenario, packages=[package])["scenarios"]
    assert lines_of(part)["AI labels"] == "800.00"  # 20,000 raw items, two calls each
    assert D(part["point"]["hours"]) == (plain.total * D("0.37")).quantize(D("0.01"))


def test_uncertain_efficiency_gives_a_range_of_savings_and_a_chance_that_it_pays():
    eta = uncertain("efficiency", triangular("0.8", "1.2", "2.6"))
    (scenario,) = priced(by_the_hour(active_learning(efficiency=eta)), draws=16384)["scenarios"]
    (lever,) = scenario["levers"]
    saving = {name: D(lever["saving"][name]) for name in ("p10", "p50", "p90")}
    assert saving["p10"] < 0 < saving["p50"] < saving["p90"]
    # It pays above 1.112: 1 - F(1.112) of the triangular law.
    even = float(
        efficiency_to_pay(items=D(10000), seed_items=D(500), cost_of_an_item=AN_ITEM, other_cost=D(1600))
    )
    assert lever["probability_pays"] == pytest.approx(1 - (even - 0.8) ** 2 / (1.8 * 0.4), abs=0.002)
    # At each quantile of the efficiency stands the same quantile of the saving.
    at_90 = 2.6 - (0.1 * 1.8 * 1.4) ** 0.5
    assert float(saving["p90"]) == pytest.approx(31500 * (0.95 - 1 / at_90) - 1600, rel=2e-3)


def test_a_comparison_of_volumes_lets_models_cost_grow_and_the_seed_not():
    team = campaigns.math_team(recruiting_per_hire=None, seat_cost_per_month=None)
    in_house = campaigns.whole_project("in-house", team, "pairs", levers=(active_learning(),))
    vendor = by_the_hour(rate=certain("rate", "60"))
    (comparison,) = priced(in_house, vendor)["comparisons"]
    even = comparison["break_even"]
    # 63 f = 63 (f / 2 + 500 / 10000) ... worked out: 63000 f = 31500 f + 3150 + 600 f + 1000 + 150000.
    factor = (3150 + 1000 + 150000) / (63000 - 31500 - 600)
    assert float(even["volume_hours"]) == pytest.approx(577.5 * factor, rel=1e-6)
    assert "lever" in even["remarks"]["volume_hours"]


def test_a_scenario_without_levers_says_nothing_of_them():
    assert "levers" not in priced(by_the_hour())["scenarios"][0]
