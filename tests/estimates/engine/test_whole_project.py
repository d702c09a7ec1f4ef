"""Everything at once: five work packages, suppliers who share them, two currencies, dates and a discount rate."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.engine.costs import cost_lines, total_of
from estimates.engine.effort import WorkPackageInputs
from estimates.engine.exchange import ExchangeRate
from estimates.engine.items import ItemsEffort
from estimates.engine.points import EXACT, point_price
from estimates.engine.pricing import price_project
from estimates.engine.project import ProjectInputs
from estimates.engine.scenario import Allocation, ScenarioInputs
from estimates.engine.simulate import Draws
from estimates.engine.vendor import VendorOffer
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, beta, between, certain, triangular, uncertain
from tests.estimates.engine.test_task_types import WORDS

RATE = uncertain("rate", between("24", "37.5"))


def items(slug: str, task_type: str, **more) -> WorkPackageInputs:
    plain = {
        "accepted_items": certain(f"{slug}.items", "20000"),
        "accepted_outputs": certain(f"{slug}.outputs", "60000"),
        "yield_share": uncertain(f"{slug}.yield", beta("0.8", "60")),
        "overlap": certain(f"{slug}.overlap", "2"),
        "gold_share": certain(f"{slug}.gold", "0.05"),
        "rework_rate": uncertain(f"{slug}.rework", beta("0.1", "60")),
        "review_share": certain(f"{slug}.review", "0.2"),
        "review_minutes": uncertain(f"{slug}.review-minutes", between("1", "3")),
        **{name: certain(f"{slug}.{name}", value) for name, value in WORDS[task_type].items()},
    }
    given = {name: value for name, value in (plain | more).items() if value is not None}
    staffing = campaigns.math_staffing(
        seats=uncertain(f"{slug}.seats", triangular("10", "18", "24")),
        planned_weeks=uncertain(f"{slug}.weeks", triangular("12", "16", "24")),
        attrition_per_week=uncertain(f"{slug}.attrition", triangular("0.005", "0.01", "0.02")),
        ramp_weeks=certain(f"{slug}.ramp", "2"),
        refill_weeks=certain(f"{slug}.refill", "1.5"),
    )
    return WorkPackageInputs(
        slug, slug.capitalize(), ItemsEffort(**given), staffing,
        task_type=task_type, guideline_hours=certain(f"{slug}.guideline", "25"),
    )  # fmt: skip


PACKAGES = (
    items("write", "demonstration", max_passes=certain("passes", "3"), redo_share=certain("redo", "0.6")),
    items("compare", "pairwise", overlap=None, label_accuracy=uncertain("accuracy", beta("0.8", "50"))),
    items("rank", "ranking", disagreement_rate=certain("differ", "0.2"), adjudication_minutes=certain("settle", "9")),
    items("score", "rubric", learning_rate=uncertain("learning", triangular("0.75", "0.85", "0.95")), labels_to_steady_state=certain("steady", "300")),
    replace(campaigns.FEEDBACK, slug="chat", name="Chat", staffing=campaigns.math_staffing()),
)  # fmt: skip
VENDOR = VendorOffer(
    "northwind", "Northwind", "hour", "cost-plus-margin", rate=RATE,
    margin=uncertain("margin", triangular("0.3", "0.4", "0.5")),
    setup_fee=certain("fee", "20000"), minimum_commitment=uncertain("minimum", between("1500000", "3000000")),
    rush_multiplier=certain("rush", "1.15"), escalation=certain("escalation", "0.04"), tax=certain("tax", "0.2"),
    volume_pricing="graduated", volume_tiers=((D(5_000), D(28)), (D(20_000), D(26))),
    rework_paid_by="vendor", idle_billed=True, valid_until=date(2024, 12, 31), currency="EUR",
)  # fmt: skip
PER_OUTPUT = VendorOffer(
    "fabrikam", "Fabrikam", "judgement", "billed", rate=uncertain("fabrikam-rate", between("4", "7")),
    volume_pricing="all-units", volume_tiers=((D(50_000), D("4.5")),),
    gold_paid_by="buyer", training_paid_by="buyer", training_rate=certain("training", "25"),
)  # fmt: skip
TEAM = campaigns.InHouseTeam(
    "team", "Team", RATE, certain("burden", "0.25"), uncertain("u", triangular("0.65", "0.8", "0.9")),
    setup=certain("setup", "100000"), recruiting_per_hire=certain("recruiting", "500"),
    seat_cost_per_month=certain("seat", "60"), lead_span=certain("span", "12"),
    lead_cost_per_week=certain("lead", "1800"), qa_span=certain("qa-span", "25"),
    qa_cost_per_week=certain("qa", "2000"), project_management_cost_per_week=certain("pm", "2500"),
    severance_per_person=certain("severance", "900"), guaranteed_hours_per_week=certain("guaranteed", "14"),
)  # fmt: skip
BUYER = {
    "vendor_manager_share": certain("manager", "0.06"),
    "data_preparation": certain("data", "9000"),
    "security_review": certain("security", "12000"),
}


def split() -> ScenarioInputs:
    allocations = [Allocation(each.slug, TEAM, D("0.4")) for each in PACKAGES]
    allocations += [Allocation(each.slug, PER_OUTPUT, D("0.35")) for each in PACKAGES[:4]]
    allocations += [Allocation(each.slug, VENDOR, D("0.25")) for each in PACKAGES[:4]]
    allocations.append(Allocation("chat", VENDOR, D("0.6")))
    return ScenarioInputs("split", "Split", tuple(allocations), **BUYER)


def project(packages=PACKAGES) -> ProjectInputs:
    slugs = [each.slug for each in packages]
    scenarios = [
        campaigns.whole_project("vendor", VENDOR, *slugs, **BUYER),
        campaigns.whole_project("in-house", TEAM, *slugs),
        campaigns.whole_project(
            "slow", TEAM, *slugs, labeling_multiplier=uncertain("slow", between("1.1", "1.6"))
        ),
    ]
    if len(packages) == len(PACKAGES):
        scenarios.append(split())
    return campaigns.project_of(
        packages, scenarios, starts_on=date(2026, 6, 1), deadline=date(2026, 12, 1), discount_rate=D("0.08"),
        exchange_rates=(ExchangeRate("EUR", D("1.08"), date(2026, 6, 1), "European Central Bank"),),
        budget_limit=D("3000000"),
    )  # fmt: skip


def test_it_survives_json_and_one_seed_gives_the_same_bytes():
    once, again = (price_project(project(), seed=4, draws=2048) for _ in range(2))
    assert json.loads(json.dumps(once, allow_nan=False)) == once
    assert json.dumps(once) == json.dumps(again)


def test_printed_lines_add_up_and_are_the_same_in_point_and_simulation():
    for scenario in price_project(project(), seed=0, draws=1024)["scenarios"]:
        point, simulated = scenario["point"], scenario["simulated"]
        assert sum(D(line["amount"]) for line in point["lines"]) == D(point["total"])
        assert sum(D(line["mean"]) for line in simulated["lines"]) == D(simulated["mean"])
        assert [line["code"] for line in point["lines"]] == [line["code"] for line in simulated["lines"]]
        assert D(point["present_value"]) < D(point["total"])
        assert D(simulated["present_value"]["p50"]) < D(simulated["p50"])


def test_going_through_the_packages_one_by_one_prices_what_pricing_them_at_once_does():
    given = project()
    draws = Draws(seed=3, draws=1024, dimensions=given.used_dimensions())
    document = price_project(given, seed=3, draws=1024)
    for scenario, found in zip(given.scenarios, document["scenarios"], strict=True):
        lines, _ = cost_lines(scenario, given.packages, draws.values, terms=given.terms)
        total = np.broadcast_to(total_of(lines), (16, 64))
        assert float(found["simulated"]["mean"]) == pytest.approx(float(total.mean()), abs=0.1)
        added = np.sum([np.broadcast_to(line.amount, total.shape) for line in lines], axis=0)
        assert np.allclose(total, added, rtol=1e-13)


def test_a_scenario_with_certain_inputs_costs_its_point_on_every_draw():
    given = project()
    for scenario in given.scenarios:
        with localcontext(EXACT):
            exact = float(point_price(scenario, given.packages, currency="USD", terms=given.terms).cost.total)
        drawn, _ = cost_lines(
            scenario, given.packages, lambda each: np.full((2, 2), float(each.point)), terms=given.terms
        )
        assert total_of(drawn) == pytest.approx(np.full((2, 2), exact), rel=1e-11), scenario.slug


def test_another_package_moves_no_draw_of_the_others():
    before = project(PACKAGES[:2])
    after = replace(project(PACKAGES[:3]), dimensions=project().dimensions)
    before = replace(before, dimensions=project().dimensions)
    one, two = (
        price_project(each, seed=1, draws=1024)["scenarios"][1]["schedule"] for each in (before, after)
    )
    for package in (*one["packages"], *two["packages"]):
        del package["sets_the_end"]  # which is a question of the others
    assert one["packages"] == two["packages"][:2]


RISING = ["accepted_items", "review_minutes", "prompt_words", "decision_minutes"]
FALLING = ["yield_share", "reading_speed", "writing_speed"]


@pytest.mark.parametrize("changed", [*RISING, *FALLING, "rework_rate", "gold_share", "redo_share"])
@given(st.decimals(D("0.05"), D("0.95"), places=3), st.decimals(D("0.05"), D("0.95"), places=3))
@settings(max_examples=20)
def test_more_work_never_costs_less_and_better_work_never_more(changed, one, other):
    package, totals = PACKAGES[0], []
    for value in sorted((one, other)):
        scaled = value if changed.endswith(("share", "rate")) else value * 100
        effort = replace(package.effort, **{changed: certain(changed, str(scaled))})
        given = [replace(package, effort=effort)]
        scenario = campaigns.whole_project("in-house", TEAM, package.slug)
        with localcontext(EXACT):
            totals.append(point_price(scenario, given, currency="USD").cost.total)
    if changed in FALLING:
        totals.reverse()
    # Within guaranteed hours more work costs the same, up to the last of 50 digits.
    assert totals[1] - totals[0] >= -D("1e-30")


@given(st.decimals(D("0.01"), 100, places=2))
@settings(max_examples=30)
def test_an_exchange_rate_only_scales(rate: Decimal):
    abroad = [
        campaigns.whole_project("vendor", VENDOR, "write"),
        campaigns.whole_project("in-house", replace(TEAM, currency="EUR"), "write"),
    ]
    for scenario in abroad:
        totals = []
        for each in (D(1), rate):
            given = campaigns.project_of(
                PACKAGES[:1],
                [scenario],
                starts_on=date(2026, 6, 1),
                exchange_rates=(ExchangeRate("EUR", each),),
            )
            with localcontext(EXACT):
                cost = point_price(scenario, PACKAGES[:1], currency="USD", terms=given.terms).cost
            totals.append(cost.total)
        assert totals[1] == pytest.approx(rate * totals[0], rel=D("1e-40"))
