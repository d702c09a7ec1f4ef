"""Money as it is printed: rounded once, to the currency's own minor unit."""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from estimates.engine.errors import EngineError

# Wide enough for any float64, so that rounding never fails for want of digits.
_WIDE = Context(prec=400)


@lru_cache(maxsize=512)
def minor_unit(currency: str) -> Decimal:
    """The smallest amount of `currency` that is printed: 0.01 for USD, 1 for JPY, 0.001 for KWD.

    currency  an ISO 4217 code; EngineError when it is not one
    Source: Unicode CLDR, by way of Babel.
    """
    return Decimal(1).scaleb(-_digits(currency))


@lru_cache(maxsize=512)
def _digits(currency: str) -> int:
    from babel.numbers import get_currency_precision, is_currency

    if not is_currency(currency):
        raise EngineError(f'currency must be an ISO 4217 code, not "{currency}".', field="currency")
    return get_currency_precision(currency)


def round_money(amount: Decimal | float, currency: str) -> Decimal:
    """`amount` at the currency's minor unit, halves away from zero. EngineError when it is not finite."""
    exact = Decimal(amount)
    if not exact.is_finite():
        raise EngineError(f"An amount of money must be finite, not {exact}.")
    rounded = exact.quantize(minor_unit(currency), rounding=ROUND_HALF_UP, context=_WIDE)
    return rounded if rounded else abs(rounded)  # never a negative zero


def drawn_money(amounts: Iterable[float], currency: str) -> list[str]:
    """Simulated amounts as text at the currency's minor unit, for a chart's many marks.

    Half a minor unit goes to the even neighbour here: no draw is exact to a tenth of a cent.
    """
    digits = _digits(currency)
    return [f"{amount:.{digits}f}" for amount in amounts]


def sum_lines(amounts: Iterable[Decimal]) -> Decimal:
    """The total of printed lines: exact, because the lines are rounded already."""
    return sum(amounts, Decimal(0))


@lru_cache(maxsize=512)
def _symbol(currency: str) -> str:
    from babel.numbers import get_currency_symbol

    return get_currency_symbol(currency, locale="en_US")


def money_text(amount: Decimal, currency: str) -> str:
    """A rounded amount inside a sentence: $337,500.00, -CHF 12.50, JPY 3 as CLDR writes it for en-US."""
    symbol = _symbol(currency)
    gap = " " if symbol[-1].isalpha() else ""
    return f"{'-' if amount < 0 else ''}{symbol}{gap}{abs(amount):,}"
