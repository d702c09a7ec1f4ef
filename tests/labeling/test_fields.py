from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from estimates.models import TrainingRun
from labeling.fields import AmountField, QuantityField

amounts = AmountField()


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        ("600000.00", 600_000_000_000),
        ("0.000001", 1),
        ("-12.5", -12_500_000),
        (0.1, 100_000),
        ("9223372036854.775807", 2**63 - 1),
    ],
)
def test_a_decimal_is_stored_as_an_exact_integer(given, stored):
    assert amounts.get_prep_value(given) == stored
    assert amounts.from_db_value(stored, None, None) == Decimal(str(given))


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ("NaN", "finite"),
        ("Infinity", "finite"),
        ("1e308", "too large"),
        ("9223372036854.775808", "too large"),
        ("0.0000001", "decimal places"),
        ("1,000", "not a number"),
        ("", "not a number"),
        ("twelve", "not a number"),
    ],
)
def test_what_the_integer_cannot_hold_is_refused_and_never_rounded(given, reason):
    with pytest.raises(ValidationError, match=reason):
        amounts.get_prep_value(given)


def test_nine_places_hold_a_ratio_exactly_enough_for_the_cent():
    field = QuantityField()
    assert field.from_db_value(field.get_prep_value("0.738196242"), None, None) == Decimal("0.738196242")


@pytest.mark.django_db
def test_a_twenty_digit_amount_comes_back_from_the_database_unchanged():
    TrainingRun.objects.create(
        slug="long", name="Long", year=2026, cost=Decimal("9007199254740.993001"), currency="USD", basis="x",
        source="x", evidence="read",
    )  # fmt: skip
    assert TrainingRun.objects.get(cost=Decimal("9007199254740.993001")).cost == Decimal(
        "9007199254740.993001"
    )
