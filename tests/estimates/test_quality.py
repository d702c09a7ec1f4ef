"""The designs of a work package, from the plan to the answer."""

from decimal import Decimal

import pytest

from estimates.errors import PricingError
from estimates.models import ScenarioAllocation, ScenarioAssumption
from estimates.services.budgets import price
from estimates.services.plan_quality import design_words
from estimates.services.quality import quality
from labeling.models import WorkPackage
from tests.estimates.quality_plan import SKILL, quality_project, state
from tests.factories import assumption, hours_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(db):
    return quality_project()


@pytest.fixture
def package(project):
    return project.packages.get()


def frontier(document):
    return [
        (one["name"], one["overlap"], one["per_item"], one["accuracy"])
        for one in document["designs"]
        if one["is_efficient"]
    ]


def test_the_frontier_holds_what_nothing_cheaper_reaches(project):
    document = quality(project, "pairs")
    assert frontier(document) == [
        ("Northwind, Northwind 2026", 1, "1.00", 0.8),
        ("Own team", 1, "3.00", 0.95),
        ("Northwind, Northwind 2026", 7, "7.00", 0.966656),
        ("Own team", 3, "9.00", 0.99275),
        ("Own team", 5, "15.00", 0.998842),
        ("Own team", 7, "21.00", 0.999806),
        ("Own team", 9, "27.00", 0.999967),
    ]
    # Three of Northwind cost what one of the team does, and are right in 89.6 %.
    assert {
        "name": "Northwind, Northwind 2026",
        "overlap": 3,
        "cost": "9000.00",
        "accuracy": 0.896,
    }.items() <= next(
        one for one in document["designs"] if one["kind"] == "vendor" and one["overlap"] == 3
    ).items()
    costs = [Decimal(one["cost"]) for one in document["designs"]]
    assert costs == sorted(costs)


def test_the_cheapest_for_an_accuracy_and_the_cheapest_effective_label(project):
    document = quality(project, "pairs", accuracy=Decimal("0.95"))
    assert design_words(document["cheapest"]) == "Own team, 1 judgement per item, none reviewed"
    assert document["sentence"] == (
        "95\u00a0% accuracy costs $3.00 an item at least: Own team, 1 judgement per item, none reviewed."
    )
    # 1 ÷ 0.36 against 3 ÷ 0.81.
    assert document["most_for_the_money"]["per_effective_label"] == "2.78"
    assert document["most_for_the_money"]["kind"] == "vendor"
    assert quality(project, "pairs", accuracy=Decimal("0.5"))["cheapest"]["kind"] == "vendor"


def test_what_nothing_reaches_is_said_with_the_best_there_is(project):
    document = quality(project, "pairs", accuracy=Decimal(1))
    assert document["cheapest"] is None
    assert document["most_accurate"]["overlap"] == 9
    assert document["sentence"].startswith("No design reaches 100\u00a0% accuracy. The best reaches 99.9")


def test_the_plan_s_own_designs_stand_beside(project, package):
    vendor, in_house = quality(project, "pairs")["plan"]
    assert (vendor["scenario"], vendor["design"]["cost"], vendor["reason"]) == ("vendor", "3000.00", None)
    assert (in_house["scenario"], in_house["design"]["cost"]) == ("in-house", "9000.00")
    document = price(project, seed=0, draws=1024)
    assert [one["point"]["total"] for one in document["scenarios"]] == ["3000.00", "9000.00"]
    state(package, overlap="4", review_share="0.3")
    assert [one["design"]["overlap"] for one in quality(project, "pairs")["plan"]] == [4, 4]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda package: state(package, overlap="1.2"), "1.2 judgements per item are no whole number"),
        (lambda package: state(package, overlap="900000"), "more than 101 judgements"),
        (
            lambda package: (package.assumptions.filter(name="overlap").delete(), state(package, label_accuracy="0.8")),
            "a third where they differ",
        ),
    ],
)  # fmt: skip
def test_a_plan_that_is_none_of_the_designs_says_why(project, package, change, reason):
    change(package)
    for own in quality(project, "pairs")["plan"]:
        assert own["design"] is None
        assert reason in own["reason"]


def test_review_is_compared_where_the_reviewers_skill_is_known(project, package):
    assert any("how well reviewers tell" in note for note in quality(project, "pairs")["notes"])
    state(package, review_time_share="0.5", **SKILL)
    document = quality(project, "pairs")
    assert document["reviewers"] == {"sensitivity": 0.9, "specificity": 0.95}
    assert not any("how well reviewers tell" in note for note in document["notes"])
    half = next(
        one
        for one in document["designs"]
        if (one["kind"], one["overlap"], one["review_share"]) == ("vendor", 1, 0.5)
    )
    # 11 % are redone: 3,000 ÷ 0.89 passes, half of them reviewed at 0.5; 0.2 × 0.55 ÷ 0.89 stay wrong.
    assert (half["rework"], half["accuracy"], half["cost"]) == (0.11, 0.876404, "4213.48")


def test_the_new_inputs_move_no_price(project, package):
    without = quality_project("bare", errors=(None, None))
    state(package, **SKILL)
    one, other = (price(each, seed=0, draws=1024) for each in (project, without))
    assert [each["point"] for each in one["scenarios"]] == [each["point"] for each in other["scenarios"]]
    assert [each["simulated"] for each in one["scenarios"]] == [
        each["simulated"] for each in other["scenarios"]
    ]


@pytest.mark.parametrize(
    ("error", "pays_from", "words"),
    [
        # (3 · 0.36 − 0.627264) ÷ (0.627264 − 0.36)
        ("0.2", "1.69", "at least 1.69 times a judgement"),
        ("0", None, "overlap never pays"),
        ("0.5", None, "overlap never pays"),
    ],
)  # fmt: skip
def test_from_which_cost_of_an_item_overlap_pays(db, error, pays_from, words):
    first = quality(quality_project("other", errors=(error, None)), "pairs")["overlap"][0]
    assert first["pays_from"] == pays_from
    assert words in first["sentence"]


def test_few_comparisons_are_warned_of(project, package):
    assert quality(project, "pairs")["warnings"] == []
    state(package, accepted_items="1999")
    assert "Gao et al., 2022" in quality(project, "pairs")["warnings"][0]
    state(package, accepted_items="500")
    # 500 rankings of four are 3,000 pairs; of two they are 500.
    WorkPackage.objects.filter(pk=package.pk).update(task_type="ranking", settings={})
    state(package, accepted_outputs="3000")
    assert quality(project, "pairs")["warnings"] == []
    state(package, accepted_outputs="500")
    assert len(quality(project, "pairs")["warnings"]) == 1
    WorkPackage.objects.filter(pk=package.pk).update(task_type="likert", settings={})
    assert quality(project, "pairs")["warnings"] == []


def test_a_supplier_without_an_error_rate_is_named(db):
    document = quality(quality_project("half", errors=("0.1", None)), "pairs")
    assert {one["kind"] for one in document["designs"]} == {"vendor"}
    assert "Own team states no error rate and is left out." in document["notes"]
    assert document["plan"][1]["reason"] == "Own team states no error rate."


def test_a_supplier_that_cannot_price_the_package_is_named(project):
    ScenarioAllocation.objects.get(scenario__slug="vendor").rate_card.assumptions.filter(
        name="error_rate"
    ).update(point=Decimal(1))
    package = project.packages.get()
    state(package, review_sensitivity="1", review_specificity="1")
    document = quality(project, "pairs")
    assert {one["kind"] for one in document["designs"]} == {"in-house"}
    assert any("Northwind" in note and "every judgement" in note for note in document["notes"])


def test_levers_that_are_left_out_are_said(project):
    before = quality(project, "pairs")
    scenario = project.scenarios.get(slug="in-house")
    ScenarioAssumption.objects.create(scenario=scenario, **assumption("labeling_multiplier", "2.6"))
    document = quality(project, "pairs")
    assert any("without the levers of In-house" in note for note in document["notes"])
    assert document["designs"] == before["designs"]


@pytest.mark.parametrize(
    ("accuracy", "words"),
    [("0.49", "at least 0.5"), ("1.01", "at most 1"), ("NaN", "at least 0.5"), ("Infinity", "at most 1")],
)
def test_an_accuracy_out_of_bounds_is_refused(project, accuracy, words):
    with pytest.raises(PricingError, match=words):
        quality(project, "pairs", accuracy=Decimal(accuracy))


def test_what_leaves_nothing_to_compare_is_said(project):
    with pytest.raises(PricingError, match="no work package “nothing”"):
        quality(project, "nothing")
    with pytest.raises(PricingError, match="given in hours"):
        quality(hours_project(), "answers")
    with pytest.raises(PricingError, match="No supplier of the scenarios states an error rate"):
        quality(quality_project("mute", errors=(None, None)), "pairs")
    project.scenarios.all().delete()
    with pytest.raises(PricingError, match="There is no scenario to price"):
        quality(project, "pairs")


def test_the_same_plan_gives_the_same_document(project):
    assert quality(project, "pairs") == quality(project, "pairs")


def test_a_report_holds_the_accuracy_of_its_own_plan(project, package):
    (part,) = price(project, seed=0, draws=1024)["quality"]
    assert (part["package"], part["items"], part["warnings"]) == ("pairs", "3000", [])
    bought, made = part["plan"]
    assert bought["design"] == quality(project, "pairs")["plan"][0]["design"]
    # 3,000 labels of which a fifth is wrong say as much as 3,000 x 0.6 x 0.6 right ones.
    assert (bought["design"]["accuracy"], bought["effective_labels"]) == (0.8, "1080")
    assert bought["design"]["per_effective_label"] == "2.78"
    assert (made["design"]["accuracy"], made["effective_labels"]) == (0.95, "2430")


def test_a_report_warns_of_few_comparisons_even_where_nobody_states_errors(db):
    project = quality_project(errors=(None, None))
    assert "quality" not in price(project, seed=0, draws=1024)
    state(project.packages.get(), accepted_items=1999)
    (part,) = price(project, seed=0, draws=1024)["quality"]
    assert part["plan"] == []
    assert part["warnings"][0].startswith("Fewer than 2,000 comparisons")


def test_who_states_no_error_rate_is_told_with_the_reason(db):
    project = quality_project(errors=("0.2", None))
    (part,) = price(project, seed=0, draws=1024)["quality"]
    assert part["plan"][1]["design"] is None
    assert part["plan"][1]["reason"] == "Own team states no error rate."


def test_designs_name_the_tier_that_a_card_sells(project):
    tiers = {one["kind"]: one["tier"] for one in quality(project, "pairs")["designs"]}
    assert tiers == {"vendor": "Generalist", "in-house": None}
