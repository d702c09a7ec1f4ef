"""What a sample of the items says about the campaign: the mean as a range, and the minutes it leads to."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import exp, hypot, isfinite, log
from typing import Any, cast

import numpy as np

from estimates.engine.assumptions import Assumption, constant, point_of
from estimates.engine.errors import EngineError
from estimates.engine.items import ItemsEffort
from estimates.engine.laws import Law, LogNormalRange, Number
from estimates.engine.minutes import minutes_per_judgement
from estimates.engine.num import FloatArray, Num

MOST_WIDENING = 10
DIGITS = 4
DRAWS = 8192


def mean_of_campaign(*, mean: float, error: float, items: int, widening: float) -> Law:
    """The 90 % range of a mean over the whole campaign, as a sample of it knows it; its median is `mean`.

    Not the spread of single items, which evens out over thousands of them: the ignorance of their mean.
    Two causes, independent on the log scale, whose half-widths add in squares:
      the sample is small          t quantile * error / mean, `items` - 1 degrees of freedom
      it may not stand for it all  ln(widening): nine times in ten the campaign's mean lies within this factor
                                   of what an endless sample like this one would show
    mean      of the sample                  > 0
    error     its standard error             >= 0
    items     independent observations       >= 2
    widening  a factor, 1 for a random draw  [1, 10]
    A Number where nothing is left to chance. Four significant digits. EngineError names what is out of range.
    Source of the first: delta method for ln of a mean; Cochran, Sampling Techniques (1977), 2.8 and 6.3.
    """
    from scipy.special import stdtrit

    if not (isfinite(mean) and mean > 0):
        raise EngineError(f"mean must be above 0, not {mean}.", field="mean")
    if not (isfinite(error) and error >= 0):
        raise EngineError(f"error must not be negative, not {error}.", field="error")
    if items < 2:
        raise EngineError(f"A mean needs at least 2 items, not {items}.", field="items")
    if not 1 <= widening <= MOST_WIDENING:
        raise EngineError(
            f"widening must lie between 1 and {MOST_WIDENING}, not {widening}.", field="widening"
        )
    half_width = hypot(float(stdtrit(items - 1, 0.95)) * error / mean, log(widening))
    low, high = digits(mean * exp(-half_width)), digits(mean * exp(half_width))
    return LogNormalRange(low, high) if 0 < low < high else Number(digits(mean))


def digits(value: float) -> Decimal:
    """A number to four significant digits, as it is written into a plan."""
    return Decimal(f"{Decimal(f'{value:.{DIGITS - 1}e}'):f}")


@dataclass(frozen=True)
class BuiltMinutes:
    """Minutes of one judgement: at the inputs' points, and the 90 % range of the campaign's mean."""

    point: float
    low: float
    high: float


def built_minutes(task_type: str, inputs: Mapping[str, Assumption]) -> BuiltMinutes:
    """The minutes that inputs, by their names, build for a task type; its own inputs must be there.

    The range is drawn (8,192 outcomes of a fixed seed, each input by itself).
    """
    volume = ("accepted_items", "yield_share", "gold_share", "rework_rate", "review_share")
    stated: dict[str, Any] = {**dict.fromkeys(volume, constant(Decimal(1))), **inputs}
    effort = ItemsEffort(**stated)
    random = np.random.Generator(np.random.SFC64(0))
    drawn: dict[str, FloatArray] = {
        one.key: one.law.ppf(random.random(DRAWS)) for _, one in sorted(inputs.items())
    }

    def draws_of(assumption: Assumption) -> Num:
        return drawn[assumption.key]

    point = cast(Decimal, minutes_per_judgement(effort, task_type, point_of))
    spread = np.asarray(minutes_per_judgement(effort, task_type, draws_of), dtype=np.float64)
    low, high = np.quantile(spread, [0.05, 0.95])
    return BuiltMinutes(point=float(point), low=float(low), high=float(high))
