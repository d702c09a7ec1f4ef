"""Hours, shares and names as the sentences about a mix write them."""

from decimal import ROUND_CEILING, ROUND_HALF_UP, Context, Decimal

_WIDE = Context(prec=400)


def hours_text(hours: Decimal) -> str:
    """To the hour: "4,200 hours"."""
    whole = hours.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=_WIDE)
    return f"{whole:,} {'hour' if whole == 1 else 'hours'}"


def percent(share: Decimal, digits: int = 2) -> str:
    """A share of 0.125 as "12.5 %"."""
    shown = (100 * share).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP, context=_WIDE)
    return f"{shown.normalize():f} %"


def rounded_up(amount: Decimal, unit: Decimal) -> Decimal:
    """The next multiple of `unit`; an amount a ten-millionth of a unit above one counts as that one."""
    return ((amount / unit) - Decimal("1e-7")).to_integral_value(rounding=ROUND_CEILING) * unit
