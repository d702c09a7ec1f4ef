"""A column of observed values, and how it is read."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from laws import LawError, Observed, extremes, read_values, table, written
from tests.estimates.engine.campaigns import D

VALUE = st.decimals(0, 1_000_000, places=3)
COLUMN = st.lists(VALUE, min_size=2, max_size=60).filter(lambda values: len(set(values)) > 1)


@given(COLUMN, st.floats(0, 1))
def test_quantiles_are_numpys_of_hazen(values, at):
    theirs = np.quantile([float(value) for value in values], at, method="hazen")
    assert float(Observed(tuple(values)).ppf(at)) == pytest.approx(float(theirs))


@given(COLUMN)
def test_the_law_has_the_mean_and_the_extremes_of_its_values(values):
    law = Observed(tuple(values))
    assert table(law).mean() == pytest.approx(law.mean, rel=1e-6)
    assert law.mean == pytest.approx(float(sum(map(Fraction, values)) / len(values)))
    smallest, largest = extremes(law)
    assert (smallest, largest) == (float(min(values)), float(max(values)))


def test_the_summary_of_a_column():  # 2, 4, 4, 4, 5, 5, 7, 9: mean 5, squares 32
    summary = Observed(tuple(map(Decimal, (9, 2, 4, 4, 4, 5, 5, 7)))).summary()
    assert (summary.count, summary.mean, summary.median, summary.low, summary.high) == (8, 5, 4.5, 2, 9)
    assert summary.sd == pytest.approx((32 / 7) ** 0.5)


def test_two_columns_are_one_law_when_they_hold_the_same_values():
    one, other = (Observed(read_values("1\n2\n4")) for _ in range(2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != Observed(read_values("1\n2\n5"))


@pytest.mark.parametrize(
    "text", ["3.5\n4\n5", "3.5, 4, 5", "3.5,4,5", "3.5;4;5", " 3.5\t4  5\r\n", "3.5,\n4,\n5\n\n"]
)
def test_values_are_read_as_they_are_pasted(text):
    assert read_values(text) == (D("3.5"), D(4), D(5))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("3.5\nfour\n5", "Line 2: “four” is not a number."),
        ("1\nNaN", "Line 2: “NaN” is not a number."),
        ("1\n-Infinity", "Line 2: “-Infinity” is not a number."),
        ("3,5\n4,2", "Line 1: “3,5” may be one number or two."),
        ("1\n1,234", "Line 2: “1,234” may be one number or two."),
        ("9" * 50, "is not a number."),
        ("1\n" * 10_001, "more than 10,000 observed values"),
    ],
)
def test_what_is_no_column_of_numbers_is_refused_by_its_line(text, says):
    with pytest.raises(LawError) as refusal:
        read_values(text)
    assert says in str(refusal.value)
    assert refusal.value.field == "observed"
    assert len(str(refusal.value)) < 200


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((), "at least 2"),
        ((D(1),), "at least 2"),
        ((D(2), D("2.0")), "are the same"),
        ((D(1), D("NaN")), "finite"),
        (tuple(map(D, range(10_001))), "at most 10,000"),
    ],
)
def test_too_few_too_many_and_equal_values_are_refused(values, says):
    with pytest.raises(LawError, match=says):
        Observed(values)


@given(COLUMN)
def test_what_is_written_is_read_again(values):
    assert read_values(written(values)) == tuple(values)
