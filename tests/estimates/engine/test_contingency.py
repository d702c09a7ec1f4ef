"""Contingency: to any level, allocated to the cent, and never the sum of the lines' own."""

from dataclasses import replace
from decimal import Decimal
from math import exp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from estimates.engine.contingency import LEVELS, allocated, contingency_of
from estimates.engine.costs import PricedLine
from estimates.engine.errors import EngineError
from estimates.engine.estimate_class import CLASSES, check_class
from estimates.engine.pricing import price_project
from estimates.engine.simulate import Draws
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, between, uncertain

CENT = D("0.01")


def drawn(*bounds: tuple[str, str], draws: int = 65_536) -> list[PricedLine]:
    """Independent lognormal lines."""
    inputs = [uncertain(f"line-{number}", between(*each)) for number, each in enumerate(bounds)]
    source = Draws(seed=1, draws=draws, dimensions={each.key: place for place, each in enumerate(inputs)})
    return [PricedLine(each.key, each.key, source.values(each)) for each in inputs]


def total(lines: list[PricedLine]):
    return sum(line.amount for line in lines)


def test_a_lognormal_total_needs_what_its_spread_says():
    (line,) = drawn(("50000", "120000"))
    found = contingency_of([line], line.amount, currency="USD")
    sigma = between("50000", "120000").log_sd
    middle = (50_000 * 120_000) ** 0.5
    assert float(found.base) == pytest.approx(middle, rel=1e-4)
    for level in LEVELS:
        assert float(found.to(level).amount) == pytest.approx(middle * exp(sigma * norm.ppf(level)), rel=2e-3)
    assert float(found.to(0.8).amount / found.base) == pytest.approx(exp(0.8416 * sigma), rel=1e-4)
    assert found.management_reserve == found.to(0.95).amount - found.to(0.8).amount


def test_independent_lines_have_shares_of_their_variances():
    lines = drawn(("100", "200"), ("100", "400"), ("300", "350"))
    shares = contingency_of(lines, total(lines), currency="USD").shares
    variances = [float(line.amount.var()) for line in lines]
    for share, variance in zip(shares.values(), variances, strict=True):
        assert share == pytest.approx(variance / sum(variances), abs=0.005)
    assert sum(shares.values()) == pytest.approx(1, abs=1e-12)


def test_the_lines_own_contingencies_add_up_to_too_much():
    """Three equal independent lines: the total's spread grows by the root of 3, the sum of the lines' by 3."""
    lines = drawn(*[("10000", "20000")] * 3)
    found = contingency_of(lines, total(lines), currency="USD")
    assert float(found.to(0.8).lines_on_their_own / found.to(0.8).contingency) == pytest.approx(
        3**0.5, rel=0.08
    )


def test_a_line_that_falls_when_the_total_rises_takes_contingency_away():
    (up,) = drawn(("1000", "9000"))
    saved = PricedLine("saved", "Saved", -0.25 * up.amount)
    found = contingency_of([up, saved], up.amount + saved.amount, currency="USD")
    level = found.to(0.8)
    assert level.by_line["saved"] < 0 < level.by_line["line-0"]
    assert sum(level.by_line.values()) == level.contingency


def test_a_certain_line_is_given_nothing():
    (line,) = drawn(("1000", "9000"), draws=1024)
    fixed = PricedLine("fixed", "Fixed", 500.0)
    level = contingency_of([fixed, line], line.amount + 500.0, currency="USD").to(0.9)
    assert level.by_line == {"fixed": 0, "line-0": level.contingency}


@settings(max_examples=200)
@given(
    amount=st.decimals(D("-1e9"), D("1e12"), places=2),
    weights=st.lists(st.floats(-0.25, 1), min_size=1, max_size=20).filter(lambda each: sum(each) > 0.1),
)
def test_what_is_allocated_adds_up_to_the_contingency(amount, weights):
    shares = {str(number): weight / sum(weights) for number, weight in enumerate(weights)}
    parts = allocated(amount, shares, unit=CENT)
    assert sum(parts.values()) == amount
    for code, part in parts.items():
        exact = amount * D(shares[code]) / D(sum(shares.values()))
        assert abs(part - exact) < CENT
        assert part == part.quantize(CENT)


def test_what_is_left_goes_to_those_who_lost_most_by_rounding_down():
    shares = {"a": 0.5, "b": 0.3, "c": 0.2}
    assert list(allocated(D("0.04"), shares, unit=CENT).values()) == [D("0.02"), D("0.01"), D("0.01")]
    assert list(allocated(D(10), {"a": 1 / 3, "b": 2 / 3}, unit=D(1)).values()) == [D(3), D(7)]


def test_a_contingency_that_no_line_causes_is_refused():
    with pytest.raises(EngineError, match="no line that is uncertain"):
        allocated(D(1), {"a": 0.0}, unit=CENT)
    assert allocated(D(0), {"a": 0.0}, unit=CENT) == {"a": 0}


def test_another_level_is_refused_with_those_there_are():
    (line,) = drawn(("1000", "9000"), draws=1024)
    with pytest.raises(EngineError, match=r"to P55, P60, .* P99\."):
        contingency_of([line], line.amount, currency="USD").to(0.5)


@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_the_document_s_parts_add_up_in_every_currency(currency):
    inputs = replace(campaigns.instructgpt(), currency=currency, training_runs=())
    for scenario in price_project(inputs, seed=0, draws=8192, sensitivity=True)["scenarios"]:
        part = scenario["contingency"]
        assert part["base"] == scenario["simulated"]["p50"]
        assert part["estimate_class"] is None
        assert sum(line["covariance_share"] for line in part["lines"]) == pytest.approx(1, abs=2e-6)
        for level in part["levels"]:
            parts = [Decimal(line["amount"]) for line in level["lines"]]
            assert sum(parts) == Decimal(level["contingency"])
            assert Decimal(part["base"]) + Decimal(level["contingency"]) == Decimal(level["amount"])
        default = next(level for level in part["levels"] if level["level"] == part["default_level"])
        assert default["amount"] == scenario["simulated"]["p80"]
        apart = Decimal(default["contingency"]) - Decimal(scenario["simulated"]["contingency"])
        assert abs(apart) <= Decimal(1).scaleb(Decimal(part["base"]).as_tuple().exponent)


# The estimate's class


def test_the_classes_are_those_of_the_recommended_practice():
    ends = {number: (*each.low, *each.high) for number, each in CLASSES.items()}
    assert {number: [float(end) for end in each] for number, each in ends.items()} == {
        5: [0.20, 0.50, 0.30, 1.00],
        4: [0.15, 0.30, 0.20, 0.50],
        3: [0.10, 0.20, 0.10, 0.30],
        2: [0.05, 0.15, 0.05, 0.20],
        1: [0.03, 0.10, 0.03, 0.15],
    }


def test_a_range_narrower_than_its_class_is_warned_of():
    check = check_class(5, p10=90, p50=100, p90=112)
    assert check.warning.startswith(
        "The computed range, −10 % to +12 % around P50, is narrower than a class 5 estimate can promise: at its "
        "best that is −20 % to +30 %."
    )
    assert (check.low, check.high) == pytest.approx((0.1, 0.12))


@pytest.mark.parametrize(
    ("p10", "p90", "warned"), [(79, 131, False), (79, 129, True), (81, 131, True), (40, 300, False)]
)
def test_both_ends_have_to_be_as_far_as_the_class_s_best(p10, p90, warned):
    assert (check_class(5, p10=p10, p50=100, p90=p90).warning is not None) == warned


def test_shares_of_a_median_of_nothing_mean_nothing():
    assert check_class(3, p10=-5, p50=0, p90=5) is None


def test_the_document_holds_every_range_against_the_project_s_class():
    inputs = replace(campaigns.instructgpt(), estimate_class=5)
    parts = [
        scenario["contingency"]["estimate_class"]
        for scenario in price_project(inputs, seed=0, draws=8192, sensitivity=True)["scenarios"]
    ]
    assert [part["number"] for part in parts] == [5] * 4
    assert parts[0]["low"] == [-0.2, -0.5]
    assert parts[0]["warning"] is not None  # −22 % to +28 %
    assert parts[2]["warning"] is None  # −23 % to +31 %
