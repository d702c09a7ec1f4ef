"""A mean of the campaign from a sample: worked by hand, and in the right direction."""

from decimal import Decimal
from math import exp, hypot, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.assumptions import Assumption
from estimates.engine.errors import EngineError
from estimates.engine.laws import LogNormalRange, Number
from estimates.engine.sampled import built_minutes, digits, mean_of_campaign


def test_worked_example():  # mean 100, error 5, 30 items: t(29) at 95 % is 1.6991
    law = mean_of_campaign(mean=100, error=5, items=30, widening=1.25)
    half = hypot(1.699127 * 0.05, log(1.25))
    assert float(law.low) == pytest.approx(100 * exp(-half), rel=1e-3)
    assert float(law.high) == pytest.approx(100 * exp(half), rel=1e-3)
    assert float(law.default_point) == pytest.approx(100, rel=1e-3)


def test_few_items_widen_the_range_by_their_t_quantile():  # t(4) at 95 % is 2.1318
    law = mean_of_campaign(mean=100, error=5, items=5, widening=1)
    assert float(law.high) == pytest.approx(100 * exp(2.1318 * 0.05), rel=1e-3)


def test_what_leaves_nothing_to_chance_is_a_number():
    assert mean_of_campaign(mean=4, error=0, items=10, widening=1) == Number(Decimal("4.000"))


@pytest.mark.parametrize(
    "wrong",
    [{"mean": 0}, {"mean": float("nan")}, {"error": -1}, {"items": 1}, {"widening": 0.9}, {"widening": 11}],
)
def test_what_is_out_of_range_is_named(wrong):
    with pytest.raises(EngineError) as error:
        mean_of_campaign(**{"mean": 1, "error": 1, "items": 9, "widening": 1.2, **wrong})
    assert error.value.field == next(iter(wrong))


NUMBERS = st.floats(0.01, 1e6)


@given(NUMBERS, st.floats(0, 0.5), st.integers(2, 5000), st.floats(1, 5), st.floats(1, 2))
def test_the_range_holds_the_mean_and_grows_with_the_error_and_the_widening(
    mean, share, items, widening, more
):
    law = mean_of_campaign(mean=mean, error=mean * share, items=items, widening=widening)
    wider = mean_of_campaign(mean=mean, error=mean * share * more, items=items, widening=widening * more)
    if isinstance(law, Number):
        return
    assert law.low <= digits(mean) <= law.high
    assert isinstance(wider, LogNormalRange)
    assert wider.high >= law.high
    assert wider.low <= law.low


@given(NUMBERS, st.floats(0, 0.3), st.integers(5, 500))
def test_twice_the_words_are_twice_the_range(mean, share, items):
    once = mean_of_campaign(mean=mean, error=mean * share, items=items, widening=1.25)
    twice = mean_of_campaign(mean=2 * mean, error=2 * mean * share, items=items, widening=1.25)
    assert float(twice.low) == pytest.approx(2 * float(once.low), rel=2e-3)
    assert float(twice.high) == pytest.approx(2 * float(once.high), rel=2e-3)


def number(name, value):
    return Assumption(name, Number(Decimal(value)), Decimal(value))


def test_minutes_are_built_by_the_engines_own_formula():  # (150 + 2 * 200) / 220 + 1 = 3.5
    minutes = built_minutes(
        "pairwise",
        {
            "prompt_words": number("prompt_words", "150"),
            "response_words": number("response_words", "200"),
            "reading_speed": number("reading_speed", "220"),
            "decision_minutes": number("decision_minutes", "1"),
        },
    )
    assert (minutes.point, minutes.low, minutes.high) == (3.5, 3.5, 3.5)


def test_the_range_of_minutes_is_drawn_and_the_same_each_time():
    law = LogNormalRange(Decimal("0.5"), Decimal("2"))
    inputs = {
        "prompt_words": number("prompt_words", "0"),
        "response_words": number("response_words", "0"),
        "reading_speed": number("reading_speed", "220"),
        "decision_minutes": Assumption("decision_minutes", law, Decimal(1)),
    }
    minutes = built_minutes("pairwise", inputs)
    assert (minutes.low, minutes.high) == pytest.approx((0.5, 2), rel=0.05)
    assert minutes == built_minutes("pairwise", inputs)
