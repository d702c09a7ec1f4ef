"""Assumptions: the inputs of a price, each with its key, law and point, and the bounds they must respect."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import isfinite
from typing import Any

from estimates.engine.errors import EngineError
from estimates.engine.laws import Law, Number, extremes
from estimates.engine.num import Num


@dataclass(frozen=True)
class Assumption:
    """One input of a price.

    key     the same key is the same draw wherever it is used, whatever law reads it
    law     what is known about the quantity, in `unit`
    point   the value of the point estimate, by default the law's own default_point
    name, unit, label, source  for people; the engine does not read them
    of_single_labels  whether the law says how much single labels differ, and not how sure their mean is;
            estimates.engine.averages makes the one of the other before anything is priced
    EngineError when the point contradicts the law: a number with another point, a point that lies
    outside the ends of three points, or is not positive under a range.
    """

    key: str
    law: Law
    point: Decimal
    name: str = ""
    unit: str = ""
    label: str = ""
    source: str = ""
    of_single_labels: bool = False

    def __post_init__(self) -> None:
        if not self.key:
            raise EngineError("An assumption needs a key.", field="key")
        if not self.point.is_finite() or not isfinite(float(self.point)):
            raise EngineError(f"{self.key}: point must be a finite number, not {self.point}.", field="point")
        if not self.law.allows(self.point):
            raise EngineError(
                f"{self.key}: point {self.point} contradicts its law {self.law}.", field="point"
            )


Value = Callable[[Assumption], Num]
"""How a formula reads an assumption: its Decimal point, or its draws."""


def point_of(assumption: Assumption) -> Decimal:
    """The assumption's point: the `Value` of a point estimate."""
    return assumption.point


def constant(number: Decimal) -> Assumption:
    """A number that is no assumption, as a `Value` reads one: Decimal among points, float among draws."""
    return Assumption("constant", Number(number), number)


def together(owner: str, holder: Any, *fields: str) -> bool:
    """Whether `holder` states all of `fields`; EngineError names the missing one when it states only some.

    owner   who holds the assumptions, as the sentence names it
    """
    given = [field for field in fields if getattr(holder, field) is not None]
    if given and len(given) < len(fields):
        missing = next(field for field in fields if field not in given)
        raise EngineError(f"{owner}: {spoken(given[0])} needs {spoken(missing)} beside it.", field=missing)
    return bool(given)


def spoken(field: str) -> str:
    """A field as a sentence names it: "minutes per judgement"."""
    return field.replace("_", " ")


@dataclass(frozen=True)
class Bounds:
    """An interval that a quantity must stay in to mean anything."""

    low: int | Decimal
    high: int | None = None
    low_open: bool = False
    high_open: bool = False

    def hold(self, value: Decimal | float) -> bool:
        above = value > self.low if self.low_open else value >= self.low
        if self.high is None:
            return above
        return above and (value < self.high if self.high_open else value <= self.high)

    def __str__(self) -> str:
        low = f"above {self.low}" if self.low_open else f"at least {self.low}"
        if self.high is None:
            return low
        return f"{low} and {'below' if self.high_open else 'at most'} {self.high}"


POSITIVE = Bounds(0, low_open=True)
NOT_NEGATIVE = Bounds(0)
AT_LEAST_ONE = Bounds(1)
SHARE = Bounds(0, 1)
SHARE_ABOVE_ZERO = Bounds(0, 1, low_open=True)
SHARE_BELOW_ONE = Bounds(0, 1, high_open=True)
HOURS_OF_A_WEEK = Bounds(0, 168, low_open=True)
AT_LEAST_TWO = Bounds(2)
ABOVE_A_HALF = Bounds(Decimal("0.5"), 1, low_open=True)


def held_by(holder: Any) -> Iterator[Assumption]:
    """Every assumption that the fields named in the holder's BOUNDS hold, in their order."""
    for field in holder.BOUNDS:
        assumption: Assumption | None = getattr(holder, field)
        if assumption is not None:
            yield assumption


def check_fields(owner: str, holder: Any, bounds: Mapping[str, Bounds]) -> None:
    """Refuse an assumption whose point or whose law leaves the bounds of its field.

    owner   who holds the assumption, as the sentence names it: "Work package Steps"
    holder  a dataclass whose attributes named in `bounds` are assumptions, or None
    A law is judged by its most extreme draws, not by those of one run: what is refused for one seed is
    refused for all. EngineError names owner and field.
    """
    for field, allowed in bounds.items():
        assumption: Assumption | None = getattr(holder, field)
        if assumption is not None:
            _check(owner, field, assumption, allowed)


def _check(owner: str, field: str, assumption: Assumption, allowed: Bounds) -> None:
    words = spoken(field)
    if not allowed.hold(assumption.point):
        raise EngineError(f"{owner}: {words} must be {allowed}, not {assumption.point}.", field=field)
    if not assumption.law.is_uncertain:
        return
    for extreme in extremes(assumption.law):
        if not isfinite(extreme):
            raise EngineError(f"{owner}: {words} reaches values too large to compute with.", field=field)
        if not allowed.hold(extreme):
            raise EngineError(
                f"{owner}: {words} must be {allowed}, but its law reaches {extreme:.4g}. "
                "Choose a law that stays within.",
                field=field,
            )
