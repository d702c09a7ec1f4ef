"""A minimum that is owed period by period: what is charged for work spread evenly over its weeks."""

from collections.abc import Callable
from typing import Any, Literal, cast

import numpy as np

from estimates.engine.errors import EngineError
from estimates.engine.num import WHOLE_WITHIN, Num, is_exact, maximum, minimum
from estimates.engine.staffing import MONTHS_PER_YEAR, WEEKS_PER_YEAR

Period = Literal["month", "quarter", "year"]
PERIODS_PER_YEAR = {"month": MONTHS_PER_YEAR, "quarter": 4, "year": 1}

MOST_PERIODS = 600
"""50 years of months; work that takes longer is refused."""


def take_or_pay(
    *,
    quantity: Num,
    weeks: Num,
    period: Period,
    floor: Num,
    price_of: Callable[[Num], Num],
    tiers_start_again: bool,
) -> Num:
    """Money for `quantity` units over the periods of `weeks`: the sum of max(floor, price of the period).

      quantity  units of the basis, spread evenly over the weeks       >= 0
      weeks     that the work takes; the last period may be a part of one, and owes the whole floor  > 0
      floor     money owed for each period that is begun               >= 0
      price_of  money for a quantity, nothing for nothing
      tiers_start_again  whether each period is priced as if nothing had been bought before it; otherwise
                it pays what it adds to the price of all that was
    Returns Num of the kind that comes in. EngineError beyond MOST_PERIODS.
    """
    length = _length(period, weeks)
    periods = _periods_begun(weeks, length)
    total: Num = quantity * 0
    before: Num = quantity * 0
    paid_before = price_of(before)
    for number in range(1, periods + 1):
        # Of a draw that ends earlier nothing is left for a later period, and nothing is owed in it.
        done = quantity * minimum(cast(Num, length * number / weeks), 1)
        paid = price_of(done)
        due = price_of(cast(Num, done - before)) if tiers_start_again else cast(Num, paid - paid_before)
        charged = maximum(due, floor)
        total = total + charged * _begun(number, weeks, length)
        before, paid_before = done, paid
    return total


def _length(period: Period, weeks: Num) -> Num:
    """Weeks of a period, 52 to a year; exact where the weeks are."""
    one: Num = weeks / weeks
    return cast(Num, one * WEEKS_PER_YEAR / PERIODS_PER_YEAR[period])


def _periods_begun(weeks: Num, length: Num) -> int:
    """The most periods that any draw begins."""
    count: Any = weeks / length
    most = float(np.max(np.asarray(count, dtype=np.float64)))
    if most > MOST_PERIODS:
        raise EngineError(
            f"The work takes {most:,.0f} periods, more than the {MOST_PERIODS} that are reckoned with.",
            field="minimum_commitment",
        )
    return int(np.ceil(most - WHOLE_WITHIN))


def _begun(number: int, weeks: Num, length: Num) -> Num:
    """1 where the period of this number is begun, else 0."""
    begins: Any = length * (number - 1)
    if is_exact(weeks):
        return 1 if weeks > begins else 0
    return cast(Num, np.asarray(weeks > begins + WHOLE_WITHIN, dtype=np.float64)[()])
