"""What holds for any campaign: more work costs more, better work costs less, a currency is only a unit."""

from dataclasses import replace
from decimal import Decimal, localcontext

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimates.engine.points import EXACT, point_price
from estimates.engine.pricing import price_project
from estimates.engine.scenario import ScenarioInputs
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, certain, uncertain

SHARE = st.decimals(D("0.01"), D("0.99"), places=4)
AMOUNT = st.decimals(D("0.01"), 1_000_000, places=2)

EFFORT = {
    "accepted_items": st.integers(1, 10_000_000).map(Decimal),
    "yield_share": SHARE,
    "overlap": st.decimals(1, 9, places=2),
    "gold_share": SHARE,
    "rework_rate": SHARE,
    "minutes_per_judgement": st.decimals(D("0.1"), 100, places=3),
    "minutes_per_output": st.decimals(D("0.1"), 10, places=3),
    "review_share": SHARE,
    "review_time_share": SHARE,
}
OFFER = {"rate": AMOUNT, "margin": SHARE, "setup_fee": AMOUNT}
TEAM = {
    "wage": AMOUNT,
    "burden": SHARE,
    "utilisation": SHARE,
    "setup": AMOUNT,
    "recruiting_per_hire": AMOUNT,
    "seat_cost_per_month": AMOUNT,
}
FALLING = {"yield_share", "utilisation"}


def assumed(values: dict[str, Decimal]) -> dict:
    return {name: certain(name, str(value)) for name, value in values.items()}


def total(scenario: ScenarioInputs, effort: dict[str, Decimal]) -> Decimal:
    package = campaigns.step_package(campaigns.step_effort(**assumed(effort)))
    with localcontext(EXACT):
        return point_price(scenario, [package], currency="USD").cost.total


def vendor(terms: dict[str, Decimal]) -> ScenarioInputs:
    return campaigns.whole_project("vendor", campaigns.math_vendor(**assumed(terms)), "steps")


def in_house(terms: dict[str, Decimal]) -> ScenarioInputs:
    return campaigns.whole_project("in-house", campaigns.math_team(**assumed(terms)), "steps")


@pytest.mark.parametrize("changed", [*EFFORT, *OFFER])
@given(st.fixed_dictionaries(EFFORT), st.fixed_dictionaries(OFFER), st.data())
@settings(max_examples=30)
def test_a_vendors_price_moves_the_right_way(changed, effort, terms, data):
    moves_the_right_way(changed, effort, terms, data, vendor)


@pytest.mark.parametrize("changed", [*EFFORT, *TEAM])
@given(st.fixed_dictionaries(EFFORT), st.fixed_dictionaries(TEAM), st.data())
@settings(max_examples=30)
def test_the_cost_of_a_team_moves_the_right_way(changed, effort, terms, data):
    moves_the_right_way(changed, effort, terms, data, in_house)


def moves_the_right_way(changed, effort, terms, data, scenario):
    values = data.draw((EFFORT | OFFER | TEAM)[changed])
    holder = effort if changed in effort else terms
    low, high = sorted((holder[changed], values))
    costs = []
    for value in (low, high):
        holder[changed] = value
        costs.append(total(scenario(terms), effort))
    if changed in FALLING:
        costs.reverse()
    assert costs[0] <= costs[1]


MONEY = {"rate", "setup_fee", "wage", "setup", "recruiting_per_hire", "seat_cost_per_month"}


@given(st.fixed_dictionaries(OFFER), st.fixed_dictionaries(TEAM), st.decimals(D("0.001"), 1000, places=3))
@settings(max_examples=50)
def test_a_currency_is_only_a_unit(offer, team, exchange):
    for scenario, terms in ((vendor, offer), (in_house, team)):
        here = total(scenario(terms), {})
        there = total(
            scenario({name: value * exchange if name in MONEY else value for name, value in terms.items()}),
            {},
        )
        assert there == pytest.approx(here * exchange, rel=D("1e-40"))


def test_a_simulation_in_another_currency_is_the_same_one():
    project = campaigns.instructgpt()
    dearer = replace(campaigns.COST_PLUS, rate=uncertain("labour-hour", campaigns.between("2400", "3750")))
    yen = replace(campaigns.instructgpt(cost_plus=dearer), currency="JPY")
    here, there = (
        price_project(each, seed=0, draws=8192)["scenarios"][2]["simulated"] for each in (project, yen)
    )
    for figure in ("p10", "p50", "p80", "p90", "p50_error"):
        assert "." not in there[figure]
        assert float(there[figure]) == pytest.approx(100 * float(here[figure]), abs=2)


@given(st.fixed_dictionaries(EFFORT), st.fixed_dictionaries(TEAM))
@settings(max_examples=50)
def test_printed_lines_add_up_to_the_printed_total(effort, terms):
    package = campaigns.step_package(campaigns.step_effort(**assumed(effort)))
    with localcontext(EXACT):
        point = point_price(in_house(terms), [package], currency="USD")
    assert sum(line.amount for line in point.lines) == point.total
    assert abs(point.total - point.cost.total) <= D("0.005") * len(point.lines)
