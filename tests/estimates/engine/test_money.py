"""Money as it is printed."""

import pytest

from estimates.engine.errors import EngineError
from estimates.engine.money import minor_unit, money_text, round_money, sum_lines
from tests.estimates.engine.campaigns import D


@pytest.mark.parametrize(
    ("amount", "currency", "printed"),
    [
        (D("1.005"), "USD", "1.01"),
        (D("-1.005"), "USD", "-1.01"),
        (D("-0.004"), "USD", "0.00"),
        (D("2.5"), "JPY", "3"),
        (D("1.0005"), "KWD", "1.001"),
        (D("1E+30"), "USD", "1" + "0" * 30 + ".00"),
        (0.125, "EUR", "0.13"),
        (1e300, "JPY", f"{int(1e300)}"),
    ],
)
def test_an_amount_is_rounded_to_the_currencys_own_minor_unit(amount, currency, printed):
    assert str(round_money(amount, currency)) == printed


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), D("NaN"), D("-Infinity")])
def test_an_amount_that_is_not_finite_is_refused(amount):
    with pytest.raises(EngineError, match="must be finite"):
        round_money(amount, "USD")


@pytest.mark.parametrize("currency", ["", "US", "DOLLAR", "usd "])
def test_a_currency_is_an_iso_code(currency):
    with pytest.raises(EngineError, match="ISO 4217"):
        minor_unit(currency)


def test_amounts_inside_sentences():
    assert money_text(D("337500.00"), "USD") == "$337,500.00"
    assert money_text(D("-12.50"), "EUR") == "-€12.50"
    assert money_text(D("1200"), "CHF") == "CHF 1,200"


def test_printed_lines_add_up_exactly():
    assert sum_lines([D("0.10")] * 3) == D("0.30")
    assert sum_lines([]) == 0
