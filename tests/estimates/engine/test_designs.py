"""The cheapest design for a wanted accuracy, worked by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from estimates.engine.designs import Candidate, ReviewSkill, cheapest_for, designs_of, most_for_the_money
from estimates.engine.errors import EngineError
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import certain
from tests.estimates.engine.vendor_work import hours_package, items_package, offer

# 1,200 items, no gold, no training: 6 minutes a judgement at 10 an hour are 1 a judgement.
PLAIN = replace(items_package(gold_share="0", rework_rate="0"), staffing=None)
CHEAP = offer()
DEAR = replace(offer(rate=certain("dear", "30")), slug="able", name="Able")


def project(package=PLAIN):
    return campaigns.project_of([package], [campaigns.whole_project("vendor", CHEAP, package.slug)])


def designs(*candidates, package=PLAIN, skill=None, **choices):
    return designs_of(project(package), package, candidates, skill=skill, **choices)


def test_overlap_against_a_dearer_expert():
    found = designs(Candidate(CHEAP, Decimal("0.2")), Candidate(DEAR, Decimal("0.05")), overlaps=(1, 3, 5))
    table = {(one.supplier.name, one.overlap): (one.cost, round(one.accuracy, 5)) for one in found}
    assert table == {
        ("Northwind", 1): (1200, 0.8),
        ("Northwind", 3): (3600, 0.896),
        ("Northwind", 5): (6000, 0.94208),
        ("Able", 1): (3600, 0.95),
        ("Able", 3): (10800, 0.99275),
        ("Able", 5): (18000, 0.99884),
    }
    # One expert is right more often than five of the cheap ones, and costs what three of them do.
    efficient = [(one.supplier.name, one.overlap) for one in found if one.is_efficient]
    assert efficient == [("Northwind", 1), ("Able", 1), ("Able", 3), ("Able", 5)]
    assert cheapest_for(found, 0.9).supplier is DEAR
    assert cheapest_for(found, 0.9).cost == 3600
    assert cheapest_for(found, 0.999) is None
    # 1 ÷ 0.36 = 2.78 against 3 ÷ 0.81 = 3.70 an effective label.
    assert most_for_the_money(found).supplier is CHEAP
    assert most_for_the_money(found).per_effective_label == pytest.approx(
        Decimal("2.7777777"), abs=Decimal("1e-6")
    )


def test_review_costs_and_mends():
    package = replace(
        PLAIN, effort=replace(PLAIN.effort, review_time_share=None, review_minutes=certain("review", "3"))
    )
    skill = ReviewSkill(Decimal("0.9"), Decimal("0.95"))
    found = designs(
        Candidate(CHEAP, Decimal("0.2")), package=package, skill=skill, overlaps=(1,),
        review_shares=(Decimal(0), Decimal("0.5")),
    )  # fmt: skip
    bare, reviewed = found
    assert (bare.cost, bare.rework, bare.accuracy) == (1200, 0, pytest.approx(0.8))
    # 11 % are redone: 1,200 ÷ 0.89 passes at 1, half of them reviewed at 0.5.
    assert reviewed.rework == Decimal("0.11")
    assert reviewed.cost == pytest.approx(
        Decimal(1200) / Decimal("0.89") * Decimal("1.25"), abs=Decimal("1e-9")
    )
    assert reviewed.accuracy == pytest.approx(1 - 0.2 * 0.55 / 0.89)


def test_without_reviewers_skill_the_plan_s_own_review_stays():
    package = replace(PLAIN, effort=replace(PLAIN.effort, rework_rate=certain("rework", "0.2")))
    (only,) = designs(Candidate(CHEAP, Decimal("0.1")), package=package, overlaps=(1,))
    assert (only.cost, only.rework, only.accuracy) == (1500, Decimal("0.2"), 0.9)


def test_worse_than_a_coin_says_nothing_at_one_half():
    found = designs(Candidate(CHEAP, Decimal("0.5")), overlaps=(1, 3))
    assert [one.per_effective_label for one in found] == [None, None]
    assert most_for_the_money(found) is None
    assert [one.is_efficient for one in found] == [True, False]


@pytest.mark.parametrize(
    ("refused", "field"),
    [
        (lambda: designs(Candidate(CHEAP, Decimal("0.2")), package=hours_package()), "effort_kind"),
        (lambda: designs(), "error_rate"),
        (lambda: Candidate(CHEAP, Decimal("1.2")), "error_rate"),
        (lambda: Candidate(CHEAP, Decimal("NaN")), "error_rate"),
        (lambda: ReviewSkill(Decimal("-0.1"), Decimal(1)), "review_sensitivity"),
        (
            lambda: designs(
                Candidate(CHEAP, Decimal(0)), skill=ReviewSkill(Decimal(1), Decimal(0)),
                review_shares=(Decimal(1),),
            ),
            "review_specificity",
        ),
    ],
)  # fmt: skip
def test_what_makes_no_design_is_refused_by_name(refused, field):
    with pytest.raises(EngineError) as error:
        refused()
    assert error.value.field == field
