"""What a cost is worth now when a part of it is paid later."""

from collections.abc import Sequence
from decimal import Decimal
from typing import cast

from estimates.engine.costs import PricedLine
from estimates.engine.num import Num, added, present_value_factors
from estimates.engine.staffing import WEEKS_PER_YEAR

AT_THE_START = {"setup", "setup-fee", "data-preparation", "security-review"}
AT_THE_END = {"severance"}


def present_value(lines: Sequence[PricedLine], *, rate: Decimal, weeks: Num) -> Num:
    """The worth of a scenario's lines on its first day: money, unrounded.

      rate   discount rate per year  >= 0
      weeks  that the scenario's work takes
    Set-up and fees are paid at the start, severance at the end, everything else evenly in between, tax on
    a fee included. NPV is the sum of C_k (1 + rate)**-t_k, for the even part its integral.
    """
    at_the_end, evenly = present_value_factors(float(rate), cast(Num, weeks / WEEKS_PER_YEAR))
    first = [line.amount for line in lines if line.code in AT_THE_START]
    last = [line.amount for line in lines if line.code in AT_THE_END]
    between = [line.amount for line in lines if line.code not in AT_THE_START | AT_THE_END]
    return added(
        *first,
        added(*between) * evenly if between else None,
        added(*last) * at_the_end if last else None,
    )
