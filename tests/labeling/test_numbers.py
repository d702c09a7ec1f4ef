from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from labeling.web.numbers import NumberField, read_number, write_number


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("12", "12"),
        (" 12.50 ", "12.5"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("0.000000001", "1E-9"),
        ("-3", "-3"),
    ],
)
def test_a_number_is_read_as_it_is_written(typed, number):
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize(
    ("typed", "share"), [("25", "0.25"), ("25 %", "0.25"), ("6.0923", "0.060923"), ("0", "0")]
)
def test_a_percentage_is_kept_as_the_share_it_is(typed, share):
    assert read_number(typed, percent=True) == Decimal(share)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("1,000", "Leave the comma out"),
        ("NaN", "finite"),
        ("-Infinity", "finite"),
        ("1e308", "too large"),
        ("1000000000", "too large"),
        ("0.0000000001", "at most 9 decimal places"),
        ("1_000", "not a number"),
        ("٣", "not a number"),
        ("1 000", "not a number"),
        ("", "not a number"),
        ("9" * 41, "too long"),
    ],
)
def test_what_could_mean_two_things_or_is_no_number_is_refused(typed, words):
    with pytest.raises(ValidationError, match=words):
        read_number(typed)


@pytest.mark.parametrize(
    ("number", "percent", "typed"), [("1200", False, "1200"), ("0.0625", True, "6.25"), ("1", True, "100")]
)
def test_a_stored_number_is_shown_as_it_would_be_typed(number, percent, typed):
    assert write_number(Decimal(number), percent=percent) == typed
    assert read_number(typed, percent=percent) == Decimal(number)


def test_a_field_says_that_it_must_be_above_zero():
    with pytest.raises(ValidationError, match="above 0"):
        NumberField(above_zero=True).clean("0")
    assert NumberField(unit="share").clean("8") == Decimal("0.08")
