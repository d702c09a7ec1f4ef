"""The class of an estimate, and how wide a range it has to own up to.

Source: AACE International, Recommended Practice 18R-97, Cost Estimate Classification System - As Applied in
Engineering, Procurement, and Construction for the Process Industries (August 7, 2020), table 1: expected
accuracy at 80 % confidence, so from P10 to P90, around an estimate with contingency to P50. Labeling has no
table of its own; the classes are borrowed, and the words for what each rests on are ours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

SOURCE = "AACE International Recommended Practice 18R-97 (August 7, 2020), table 1"


@dataclass(frozen=True)
class EstimateClass:
    """One class.

    title        in a word or two
    rests_on     what is known about the work
    low, high    how far P10 lies below and P90 above P50, as shares: with the best and the worst of what
                 such an estimate rests on
    """

    number: int
    title: str
    rests_on: str
    low: tuple[Decimal, Decimal]
    high: tuple[Decimal, Decimal]

    @property
    def words(self) -> str:
        return f"Class {self.number}, {self.title}: {self.rests_on}"


def _class(
    number: int, title: str, rests_on: str, low: tuple[int, int], high: tuple[int, int]
) -> EstimateClass:
    def shares(ends: tuple[int, int]) -> tuple[Decimal, Decimal]:
        return Decimal(ends[0]) / 100, Decimal(ends[1]) / 100

    return EstimateClass(number, title, rests_on, shares(low), shares(high))


CLASSES: Mapping[int, EstimateClass] = MappingProxyType(
    {
        each.number: each
        for each in (
            _class(5, "idea", "a rough count of items and rates from elsewhere", (20, 50), (30, 100)),
            _class(4, "study", "task types and counts chosen, no guideline yet", (15, 30), (20, 50)),
            _class(3, "budget", "a draft guideline tried on some items, prices asked", (10, 20), (10, 30)),
            _class(2, "control", "a pilot with real labelers, prices offered", (5, 15), (5, 20)),
            _class(1, "check", "the final guideline, work under way, prices agreed", (3, 10), (3, 15)),
        )
    }
)
"""By number, the vaguest first."""


@dataclass(frozen=True)
class ClassCheck:
    """A computed range beside the one its class stands for.

    low, high  how far P10 lies below and P90 above P50, as shares
    warning    a sentence where the computed range is narrower than the class can be; None where it is not
    """

    estimate_class: EstimateClass
    low: float
    high: float
    warning: str | None


def check_class(number: int, *, p10: float, p50: float, p90: float) -> ClassCheck | None:
    """A range held against a class, 1 .. 5; None when P50 is not above 0, where shares of it mean nothing."""
    if not p50 > 0:
        return None
    of = CLASSES[number]
    low, high = 1 - p10 / p50, p90 / p50 - 1
    warning = None
    if low < of.low[0] or high < of.high[0]:
        warning = (
            f"The computed range, {_ends(low, high)} around P50, is narrower than a class {number} estimate "
            f"can promise: at its best that is {_ends(float(of.low[0]), float(of.high[0]))}. Either inputs "
            f"have too narrow a range or none, or more is known about the work than class {number} says."
        )
    return ClassCheck(of, low, high, warning)


def _ends(low: float, high: float) -> str:
    return f"−{100 * low:.0f} % to +{100 * high:.0f} %"
