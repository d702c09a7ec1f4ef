"""Positive quantities given by the two ends of a range that holds most outcomes."""

from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from math import exp, expm1, log, sqrt
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from laws.errors import LawError, require_above_zero, require_number, require_order

USUAL_COVERAGE = Decimal("0.9")
# Below, two ends say next to nothing about the tails; above, they are tails that nobody knows.
LEAST_COVERAGE, MOST_COVERAGE = Decimal("0.1"), Decimal("0.999")
# Phi^-1(0.95): both ends of a 90 % range lie this many standard deviations from its middle.
NORMAL_95 = 1.6448536269514722


def require_coverage(coverage: Decimal) -> None:
    """Refuse a coverage that makes no range."""
    require_number(coverage, "coverage")
    if not LEAST_COVERAGE <= coverage <= MOST_COVERAGE:
        raise LawError(
            f"coverage must lie between {LEAST_COVERAGE} and {MOST_COVERAGE}, not at {coverage}: "
            "0.9 says that 90 % of outcomes lie within the range.",
            field="coverage",
        )


@lru_cache(maxsize=64)
def ends_apart(coverage: Decimal) -> float:
    """How many standard deviations each end of a normal range lies from its middle: 1.6449 at 90 %."""
    if coverage == USUAL_COVERAGE:
        return NORMAL_95
    return NormalDist().inv_cdf((1 + float(coverage)) / 2)


@dataclass(frozen=True)
class LogNormalRange:
    """A positive quantity given by the two ends of its range, lognormal between and beyond them.

    low       what (1 - coverage) / 2 of outcomes fall below, its 5 % quantile at 90 %  > 0
    high      what as many lie above, its 95 % quantile at 90 %                         > low
    coverage  share of outcomes within the range                                        [0.1, 0.999]
    LawError names what is out of bounds.
    """

    low: Decimal
    high: Decimal
    coverage: Decimal = USUAL_COVERAGE

    def __post_init__(self) -> None:
        require_number(self.low, "low")
        require_number(self.high, "high")
        require_above_zero(self.low, "low")
        require_order(self.low, self.high)
        require_coverage(self.coverage)

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def default_point(self) -> Decimal:
        """The median, sqrt(low * high), to 28 digits."""
        with localcontext(Context(prec=28)):
            return (self.low * self.high).sqrt()

    @property
    def log_mean(self) -> float:
        """Mean of the logarithm."""
        return (log(self.low) + log(self.high)) / 2

    @property
    def log_sd(self) -> float:
        """Standard deviation of the logarithm, ln(high / low) / (2 z); z is 1.6449 at 90 %."""
        return (log(self.high) - log(self.low)) / (2 * ends_apart(self.coverage))

    @property
    def mean(self) -> float:
        """sqrt(low * high) * e**(log_sd**2 / 2). OverflowError when a float64 does not hold it."""
        return exp(self.log_mean + self.log_sd**2 / 2)

    @property
    def sd(self) -> float:
        return self.mean * sqrt(expm1(self.log_sd**2))

    def allows(self, point: Decimal) -> bool:
        """Whether a point estimate may be `point`: anything above 0, for the ends are open."""
        return point > 0

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles at the probabilities `u` in (0, 1), in the shape of `u`."""
        from scipy.special import ndtri

        return np.exp(self.log_mean + self.log_sd * ndtri(np.asarray(u, dtype=np.float64)))
