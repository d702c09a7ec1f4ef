"""What makes no law, and the checks that all laws share."""

from decimal import Decimal
from math import isfinite


class LawError(ValueError):
    """Numbers that make no law, in a sentence a planner understands.

    field  name of the parameter at fault ("low", "coverage"), so that a form can show the sentence beside it;
           None when no single one is at fault
    """

    def __init__(self, message: str, *, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def require_number(value: Decimal, field: str) -> None:
    """Refuse what a float64 cannot hold: NaN, infinity, 1E+400."""
    if not isinstance(value, Decimal):
        raise LawError(f"{field} must be a Decimal, not {value!r}.", field=field)
    if not value.is_finite() or not isfinite(float(value)):
        raise LawError(f"{field} must be a finite number, not {value}.", field=field)


def require_above_zero(value: Decimal, field: str) -> None:
    """Refuse what is not above 0, as a float64 too: 1E-400 is none."""
    if not value > 0 or not float(value) > 0:
        raise LawError(f"{field} must be above 0, not {value}.", field=field)


def require_order(low: Decimal, high: Decimal) -> None:
    """Refuse ends of a range that are equal or the wrong way round."""
    if not high > low or not float(high) > float(low):
        raise LawError(f"high must be above low, but {high} is not above {low}.", field="high")
