"""What holds for any lever: dearer tokens cost more, a better lever saves more, and off is as if never there."""

from dataclasses import replace
from decimal import localcontext

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.engine.assumptions import held_by
from estimates.engine.costs import Account, total_of
from estimates.engine.effort import hours_of
from estimates.engine.exchange import ProjectTerms
from estimates.engine.points import EXACT, point_price
from estimates.engine.pricing import price_project
from estimates.engine.simulate import Draws
from estimates.engine.simulation import Simulation
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, beta, between, certain, project_of, triangular, uncertain
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

SHARE = st.decimals(D("0.01"), D("0.99"), places=3)
AMOUNT = st.decimals(D("0.01"), 1000, places=2)
CALLING = {kind: make for kind, make in MAKERS.items() if kind != "oversight"}


def total(*levers, **more):
    scenario = by_the_hour(*levers, **more)
    with localcontext(EXACT):
        return point_price(scenario, [pairs()], currency="USD").cost.total


def stated(**values):
    return {name: str(value) for name, value in values.items()}


@pytest.mark.parametrize("field", ["price_in", "price_out", "tokens_in", "tokens_out"])
@pytest.mark.parametrize("make", CALLING.values(), ids=CALLING)
@settings(max_examples=10, deadline=None)
@given(low=AMOUNT, more=AMOUNT)
def test_dearer_and_longer_calls_cost_more(make, field, low, more):
    cheap, dear = (total(make(**{field: str(value)})) for value in (low, low + more))
    assert cheap < dear


# What makes a lever better, and what makes it worse.
BETTER = [
    (active_learning, "efficiency"),
    (routing, "auto_share"),
    (pre_labels, "suggestion_accuracy"),
    (pre_labels, "time_saved"),
    (oversight, "reviews_taken"),
]
WORSE = [
    (active_learning, "seed_items"),
    (active_learning, "rounds"),
    (active_learning, "retraining_cost"),
    (distillation, "teacher_items_per_item"),
    (decomposition, "people_part"),
    (decomposition, "minutes_ratio"),
    (ai_labels, "audit_share"),
    (ai_labels, "correction_share"),
    (routing, "audit_share"),
    (pre_labels, "time_lost"),
    (oversight, "oversight_share"),
    (oversight, "compute_cost"),
]


@pytest.mark.parametrize(("make", "field"), BETTER + WORSE)
@settings(max_examples=10, deadline=None)
@given(low=SHARE, high=SHARE)
def test_what_a_lever_saves_follows_its_inputs(make, field, low, high):
    low, high = sorted((low, high))
    weak, strong = (total(make(**{field: str(value)})) for value in (low, high))
    assert weak >= strong if (make, field) in BETTER else weak <= strong


UNCERTAIN = {
    "active-learning": {"efficiency": uncertain("efficiency", between("1.0", "2.6"))},
    "distillation": {"teacher_items_per_item": uncertain("teacher", between("1", "3"))},
    "decomposition": {"branching": uncertain("branching", triangular("1", "2", "4"))},
    "ai-labels": {"audit_share": uncertain("audit", beta("0.1", "50"))},
    "routing": {"auto_share": uncertain("auto", beta("0.6", "30"))},
    "pre-labels": {"suggestion_accuracy": uncertain("right", triangular("0.5", "0.8", "0.9"))},
    "oversight": {"reviews_taken": uncertain("taken", beta("0.5", "20"))},
}
TOGETHER = ["active-learning", "distillation", "routing", "pre-labels", "oversight"]


def levers_of(*kinds):
    return tuple(MAKERS[kind](**UNCERTAIN[kind]) for kind in kinds)


@pytest.mark.parametrize("kind", MAKERS)
def test_a_lever_that_is_off_leaves_every_figure_as_it_was(kind):
    """Figures, digits and draws of the scenario beside do not move when a lever is added to the project."""
    plain, levered = by_the_hour(), replace(by_the_hour(*levers_of(kind)), slug="levered", name="Levered")
    alone = priced(plain)["scenarios"][0]
    beside = priced(plain, levered)["scenarios"]
    assert beside[0] == alone
    off = levered.without(levered.levers[0])
    assert {**priced(off)["scenarios"][0], "slug": "vendor", "name": "Vendor"} == alone


@pytest.mark.parametrize("kinds", [*([kind] for kind in MAKERS), TOGETHER], ids=str)
def test_lines_add_up_to_the_total_and_savings_to_the_difference_on_every_draw(kinds):
    scenario = by_the_hour(*levers_of(*kinds), rate=uncertain("rate", between("20", "45")))
    inputs = project_of([pairs()], [scenario])
    source = Draws(seed=3, draws=1024, dimensions=inputs.used_dimensions())
    simulated = Simulation(inputs, source, lambda _: None, levers_apart=True).finish(scenario)
    whole = total_of(simulated.lines)
    assert np.shape(whole) == (16, 64)

    # The same total by hand: the people's hours, and every lever's own lines.
    account = Account(scenario, source.values, ProjectTerms())
    worked = account.add(pairs(), hours_of(pairs(), source.values))
    own = [total_of(cost.lines()) for cost in account.cost().levers]
    by_hand = worked.total * source.values(scenario.vendors[0].rate) + sum(own)
    np.testing.assert_allclose(whole, by_hand, rtol=1e-12)

    for lever in scenario.levers:
        without = scenario.without(lever)
        (off,) = price_project(project_of([pairs()], [without]), seed=3, draws=1024)["scenarios"]
        assert "levers" not in off or lever.KIND not in {each["kind"] for each in off["levers"]}
        again = Account(without, source.values, ProjectTerms())
        again.add(pairs(), hours_of(pairs(), source.values))
        np.testing.assert_array_equal(simulated.without[lever.KIND], total_of(again.cost().lines()))


@settings(max_examples=25, deadline=None)
@given(
    kinds=st.sets(st.sampled_from(TOGETHER), min_size=1),
    rate=AMOUNT,
    yields=SHARE,
    gold=SHARE,
    rework=SHARE,
)
def test_the_point_is_the_draw_where_nothing_is_uncertain(kinds, rate, yields, gold, rework):
    package = pairs(**stated(yield_share=yields, gold_share=gold, rework_rate=rework))
    levers = [MAKERS[kind]() for kind in sorted(kinds)]
    (scenario,) = priced(by_the_hour(*levers, rate=certain("rate", str(rate))), packages=[package])[
        "scenarios"
    ]
    assert float(scenario["simulated"]["p50"]) == pytest.approx(float(scenario["point"]["total"]), abs=0.02)
    for lever in scenario["levers"]:
        assert float(lever["saving"]["p50"]) == pytest.approx(float(lever["saving"]["point"]), abs=0.02)
        assert lever["probability_pays"] in {0.0, 1.0}


@settings(max_examples=20, deadline=None)
@given(low=SHARE, high=SHARE)
def test_a_surer_saving_pays_more_often(low, high):
    """A dearer retraining never pays more often, on the same draws."""
    low, high = sorted((low * 30000, high * 30000))
    eta = UNCERTAIN["active-learning"]["efficiency"]
    chances = []
    for cost in (low, high):
        lever = active_learning(efficiency=eta, rounds="1", retraining_cost=str(cost))
        (scenario,) = priced(by_the_hour(lever))["scenarios"]
        chances.append(scenario["levers"][0]["probability_pays"])
    assert chances[0] >= chances[1]


def test_a_lever_on_a_mixed_scenario_changes_what_vendor_and_team_do():
    vendor, team = (
        by_the_hour().suppliers[0],
        campaigns.math_team(recruiting_per_hire=None, seat_cost_per_month=None, setup=None),
    )
    allocations = (
        campaigns.Allocation("pairs", vendor, D("0.25")),
        campaigns.Allocation("pairs", team, D("0.75")),
    )
    scenario = campaigns.ScenarioInputs("both", "Both", allocations, levers=(routing(),))
    (part,) = priced(scenario)["scenarios"]
    lines = {line["code"]: line["amount"] for line in part["point"]["lines"]}
    # 388.5 hours: a quarter at $30, the rest at $60.
    assert (lines["price"], lines["labour"]) == ("2913.75", "17482.50")
    assert lines["ai-labels"] == "400.00"


@pytest.mark.parametrize("kinds", [*([kind] for kind in MAKERS), TOGETHER], ids=str)
def test_what_drives_the_range_is_told_with_the_levers_on(kinds):
    """A lever's own uncertain inputs stand beside those of the work, and the mixtures price with it."""
    scenario = by_the_hour(*levers_of(*kinds), rate=uncertain("rate", between("20", "45")))
    inputs = project_of([pairs()], [scenario])
    (part,) = price_project(inputs, seed=3, draws=16384, sensitivity=True)["scenarios"]
    drivers = {each["key"]: each for each in part["sensitivity"]["inputs"]}
    assert drivers["rate"]["first_order"] > 0.1
    uncertain_ones = {
        each.key for lever in scenario.levers for each in held_by(lever) if each.law.is_uncertain
    }
    owners = {each["owner"] for key, each in drivers.items() if key in uncertain_ones}
    assert owners, "none of the lever's inputs moves the price"
    assert all(owner.startswith("Vendor: ") for owner in owners)
    explained = sum(each["first_order"] for each in drivers.values())
    assert 0.8 < explained < 1.1
