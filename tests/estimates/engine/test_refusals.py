"""What cannot be priced is refused in a sentence that names it."""

from dataclasses import replace

import pytest

from estimates.engine.assumptions import Assumption
from estimates.engine.errors import EngineError
from estimates.engine.laws import Number
from estimates.engine.pricing import price_project
from estimates.engine.scenario import Allocation, ScenarioInputs
from estimates.engine.vendor import VendorOffer
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, beta, between, certain, triangular, uncertain


def refused(build) -> EngineError:
    with pytest.raises(EngineError) as refusal:
        build()
    return refusal.value


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("yield_share", "0"),
        ("yield_share", "1.01"),
        ("rework_rate", "1"),
        ("rework_rate", "-0.1"),
        ("gold_share", "1"),
        ("overlap", "0.5"),
        ("accepted_items", "0"),
        ("accepted_outputs", "0"),
        ("minutes_per_judgement", "-1"),
        ("review_share", "1.5"),
        ("review_time_share", "-1"),
    ],
)
def test_effort_out_of_bounds(field, value):
    effort = campaigns.step_effort(**{field: certain(field, value)})
    error = refused(lambda: campaigns.step_package(effort))
    assert error.field == field
    assert "Work package Step labels" in str(error)
    assert field.replace("_", " ") in str(error)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seats", "0"),
        ("planned_weeks", "0"),
        ("attrition_per_week", "-0.01"),
        ("qualification_pass_rate", "0"),
        ("qualification_pass_rate", "1.1"),
        ("hours_per_week", "169"),
        ("utilisation", "0"),
        ("utilisation", "1.01"),
    ],
)
def test_staffing_out_of_bounds(field, value):
    staffing = campaigns.math_staffing(**{field: certain(field, value)})
    assert refused(lambda: campaigns.step_package(staffing=staffing)).field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [("margin", "1"), ("margin", "1.2"), ("margin", "-0.1"), ("rate", "-1"), ("setup_fee", "-1")],
)
def test_vendor_terms_out_of_bounds(field, value):
    error = refused(lambda: campaigns.math_vendor(**{field: certain(field, value)}))
    assert error.field == field
    assert "Vendor Math vendor" in str(error)


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        ({"margin": None}, "margin"),
        ({"pricing": "cost-plus-markup", "margin": None}, "markup"),
        ({"pricing": "cost-plus-markup", "markup": certain("markup", "1")}, "margin"),
        ({"markup": certain("markup", "1")}, "markup"),
        ({"basis": "label"}, "basis"),
        ({"pricing": "guess"}, "pricing"),
    ],
)
def test_vendor_terms_that_do_not_fit_together(terms, field):
    assert refused(lambda: campaigns.math_vendor(**terms)).field == field


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("utilisation", "0"),
        ("utilisation", "1.01"),
        ("wage", "-1"),
        ("burden", "-0.1"),
        ("setup", "-1"),
        ("recruiting_per_hire", "-1"),
        ("seat_cost_per_month", "-1"),
    ],
)
def test_a_team_out_of_bounds(field, value):
    error = refused(lambda: campaigns.math_team(**{field: certain(field, value)}))
    assert error.field == field
    assert "In-house team Math team" in str(error)


@pytest.mark.parametrize(
    ("field", "law"),
    [
        ("utilisation", between("0.65", "0.9")),
        ("utilisation", triangular("0", "0.8", "1.1")),
        ("burden", triangular("-0.1", "0.2", "0.3")),
    ],
)
def test_a_law_that_leaves_the_bounds_in_its_extremes(field, law):
    error = refused(lambda: campaigns.math_team(**{field: uncertain(field, law)}))
    assert error.field == field
    assert "its law reaches" in str(error)


@pytest.mark.parametrize("point", ["NaN", "Infinity", "-Infinity", "1E+999", "sNaN"])
def test_a_point_that_is_no_finite_number(point):
    assert refused(lambda: Assumption("wage", between("1", "2"), D(point))).field == "point"


@pytest.mark.parametrize(
    ("law", "point"),
    [
        (Number(D(5)), "6"),
        (triangular("1", "2", "3"), "3.5"),
        (between("1", "2"), "0"),
        (beta("0.5", "10"), "1.5"),
    ],
)
def test_a_point_that_contradicts_its_law(law, point):
    error = refused(lambda: Assumption("wage", law, D(point)))
    assert error.field == "point"
    assert str(error).startswith("wage: point")


def test_an_assumption_without_a_key():
    assert refused(lambda: certain("", "1")).field == "key"


@pytest.mark.parametrize(
    ("missing", "field"),
    [
        ({"outputs_per_judgement": None}, "outputs_per_judgement"),
        ({"minutes_per_output": None}, "minutes_per_output"),
        (
            {
                "outputs_per_judgement": None,
                "minutes_per_output": None,
                "minutes_per_judgement": certain("minutes", "0"),
            },
            "minutes_per_judgement",
        ),
    ],
)
def test_minutes_that_do_not_say_how_long_a_judgement_takes(missing, field):
    assert refused(lambda: campaigns.step_package(campaigns.step_effort(**missing))).field == field


def priced(packages, *scenarios, **more):
    return price_project(campaigns.project_of(packages, scenarios, **more), seed=0, draws=1024)


@pytest.mark.parametrize("field", ["recruiting_per_hire", "seat_cost_per_month"])
def test_headcount_costs_without_staffing(field):
    team = replace(
        campaigns.math_team(recruiting_per_hire=None, seat_cost_per_month=None),
        **{field: certain(field, "5")},
    )
    package = replace(campaigns.step_package(), staffing=None)
    error = refused(lambda: priced([package], campaigns.whole_project("in-house", team, "steps")))
    assert error.field == field
    assert "Step labels has no staffing" in str(error)


@pytest.mark.parametrize(
    ("basis", "field"),
    [("output", "accepted_outputs"), ("item", "accepted_items"), ("judgement", "accepted_items")],
)
def test_a_price_per_unit_of_work_that_is_not_counted(basis, field):
    offer = replace(campaigns.BILLED, basis=basis)
    error = refused(
        lambda: priced([campaigns.FEEDBACK], campaigns.whole_project("vendor", offer, "feedback"))
    )
    assert error.field == field
    assert f"charges per {basis}" in str(error)


def test_an_output_price_for_items_without_a_count_of_outputs():
    offer = campaigns.math_vendor(basis="output")
    package = campaigns.step_package(campaigns.step_effort(accepted_outputs=None))
    error = refused(lambda: priced([package], campaigns.whole_project("vendor", offer, "steps")))
    assert error.field == "accepted_outputs"


def whole(supplier=campaigns.BILLED, slug: str = "vendor") -> ScenarioInputs:
    return campaigns.whole_project(slug, supplier, "feedback")


def test_a_project_with_nothing_to_price():
    assert refused(lambda: campaigns.project_of([], [whole()])).field == "packages"
    error = refused(lambda: replace(campaigns.instructgpt(), scenarios=()))
    assert error.field == "scenarios"


def test_two_work_packages_or_two_scenarios_with_one_slug():
    twice = refused(lambda: campaigns.project_of([campaigns.FEEDBACK, campaigns.FEEDBACK], [whole()]))
    assert str(twice) == "Two work packages are called feedback."
    again = refused(lambda: campaigns.project_of([campaigns.FEEDBACK], [whole(), whole()]))
    assert str(again) == "Two scenarios are called vendor."


def test_a_work_package_nobody_does():
    error = refused(lambda: campaigns.project_of([campaigns.FEEDBACK, campaigns.step_package()], [whole()]))
    assert str(error) == "Scenario Vendor does not say who does work package Step labels."


def test_a_work_package_the_project_does_not_have():
    error = refused(
        lambda: campaigns.project_of(
            [campaigns.step_package()], [campaigns.whole_project("v", campaigns.BILLED, "steps", "feedback")]
        )
    )
    assert "allocates work package feedback, which the project does not have" in str(error)


def test_a_work_package_given_to_two_suppliers():
    error = refused(lambda: campaigns.whole_project("v", campaigns.BILLED, "steps", "steps"))
    assert "allocates work package steps twice" in str(error)


def test_one_supplier_on_two_terms():
    dearer = replace(campaigns.BILLED, rate=certain("dearer", "60"))
    error = refused(
        lambda: ScenarioInputs("v", "V", (Allocation("a", campaigns.BILLED), Allocation("b", dearer)))
    )
    assert "two suppliers called billed on different terms" in str(error)


def test_a_labeling_multiplier_of_nothing():
    error = refused(
        lambda: campaigns.whole_project("v", campaigns.BILLED, "a", labeling_multiplier=certain("m", "0"))
    )
    assert error.field == "labeling_multiplier"


def test_a_baseline_a_claim_or_a_currency_that_is_not_there():
    assert "The baseline names scenario nowhere" in str(
        refused(lambda: replace(campaigns.instructgpt(), baseline="nowhere"))
    )
    claim = campaigns.Claim("several million", D(3), "nowhere")
    assert 'The claim "several million" names scenario nowhere' in str(
        refused(lambda: replace(campaigns.instructgpt(), claims=(claim,)))
    )
    assert refused(lambda: replace(campaigns.instructgpt(), currency="XXL")).field == "currency"
    assert refused(lambda: replace(campaigns.instructgpt(), budget_limit=D("NaN"))).field == "budget_limit"


@pytest.mark.parametrize("amount", ["0", "-1", "NaN", "Infinity"])
def test_a_published_amount_that_is_none(amount):
    assert refused(lambda: campaigns.TrainingRun("run", "Run", D(amount))).field == "cost"
    assert refused(lambda: campaigns.Claim("claim", D(amount), "vendor")).field == "total"


def test_a_draw_that_overflows_names_the_scenario():
    hours = replace(
        campaigns.FEEDBACK, effort=campaigns.HoursEffort(uncertain("hours", between("1E+200", "2E+200")))
    )
    offer = VendorOffer("dear", "Dear", "hour", "billed", rate=uncertain("rate", between("1E+200", "2E+200")))
    error = refused(lambda: priced([hours], whole(offer)))
    assert str(error) == "Scenario Vendor cannot be priced: an amount has no finite value."


def test_certain_inputs_that_overflow_name_the_scenario():
    hours = replace(campaigns.FEEDBACK, effort=campaigns.HoursEffort(certain("hours", "1E+200")))
    offer = replace(campaigns.BILLED, rate=certain("rate", "1E+200"))
    error = refused(lambda: priced([hours], whole(offer)))
    assert str(error) == "Scenario Vendor cannot be priced: an amount has no finite value."


def test_a_beta_law_so_wide_that_the_yield_is_next_to_nothing():
    effort = campaigns.step_effort(yield_share=uncertain("yield", beta("0.5", "0.001")))
    scenario = campaigns.whole_project("vendor", campaigns.math_vendor(), "steps")
    error = refused(lambda: priced([campaigns.step_package(effort)], scenario))
    assert str(error) == "Scenario Vendor cannot be priced: an amount has no finite value."
