"""Between which values a quantity means anything, and the sentence that says so."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal


def plain(number: Decimal | float) -> str:
    """A number as people write it: without zeros at the end, without an exponent."""
    if isinstance(number, Decimal):
        return f"{number.normalize():f}"
    return plain(Decimal(f"{number:.4g}"))


@dataclass(frozen=True)
class Bounds:
    """An interval; `least_is_out` and `most_is_out` say that an end itself does not belong to it.

    least, most  the ends; None for no upper end
    """

    least: Decimal = Decimal(0)
    most: Decimal | None = None
    least_is_out: bool = False
    most_is_out: bool = False

    def breach(
        self,
        value: Decimal | float,
        *,
        with_ends: bool = False,
        write: Callable[[Decimal | float], str] = plain,
    ) -> str | None:
        """What `value` must be, as the end of a sentence: "must be at least 1." None where it lies within.

        with_ends  for the end of a law that is never drawn: one that is an end of the interval lies within
        write      how the bound is written, where that is not `plain`
        """
        if value < self.least or (value == self.least and self.least_is_out and not with_ends):
            if self.least == 0 and value < 0:
                return "must not be negative."
            return f"must be {'above' if self.least_is_out else 'at least'} {write(self.least)}."
        if self.most is None:
            return None
        if value > self.most or (value == self.most and self.most_is_out and not with_ends):
            return f"must be {'below' if self.most_is_out else 'at most'} {write(self.most)}."
        return None


NOT_NEGATIVE = Bounds()
ABOVE_ZERO = Bounds(least_is_out=True)
AT_LEAST_ONE = Bounds(Decimal(1))
AT_LEAST_TWO = Bounds(Decimal(2))
SHARE = Bounds(most=Decimal(1))
SHARE_ABOVE_ZERO = Bounds(most=Decimal(1), least_is_out=True)
SHARE_BELOW_ONE = Bounds(most=Decimal(1), most_is_out=True)
SHARE_ABOVE_A_HALF = Bounds(Decimal("0.5"), Decimal(1), least_is_out=True)
HOURS_OF_A_WEEK = Bounds(most=Decimal(168), least_is_out=True)
