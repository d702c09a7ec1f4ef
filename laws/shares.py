"""Shares, between 0 and 1: a mean and its weight, or the two ends of a range."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import exp, isfinite, log, log1p, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from laws.errors import LawError, require_above_zero, require_number, require_order
from laws.ranges import USUAL_COVERAGE, ends_apart, require_coverage

NINE_PLACES = Decimal("1E-9")
# A solved law hits its two ends to this share of each; a hundred steps are more than any needs.
SOLVED_TO = 1e-10
ACCEPTED_TO = 1e-6
STEPS = 100
DIFFERENCE = 1e-6


def _mean_sd(a: float, b: float) -> tuple[float, float]:
    """Mean and standard deviation of Beta(a, b)."""
    return a / (a + b), sqrt(a * b / (a + b + 1)) / (a + b)


@dataclass(frozen=True)
class BetaMean:
    """A share given by its mean and the number of observations that mean is worth.

    Beta(mean * weight, (1 - mean) * weight).
      mean_share  a share       in (0, 1)
      weight      observations  > 0
    LawError names the parameter that is out of bounds.
    """

    mean_share: Decimal
    weight: Decimal

    def __post_init__(self) -> None:
        require_number(self.mean_share, "mean")
        require_number(self.weight, "weight")
        if not 0 < self.mean_share < 1:
            raise LawError(f"mean must lie strictly between 0 and 1, not at {self.mean_share}.", field="mean")
        if not self.weight > 0:
            raise LawError(f"weight must be above 0, not {self.weight}.", field="weight")

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def default_point(self) -> Decimal:
        return self.mean_share

    @property
    def shapes(self) -> tuple[float, float]:
        """The two shape parameters, mean * weight and (1 - mean) * weight."""
        return float(self.mean_share * self.weight), float((1 - self.mean_share) * self.weight)

    @property
    def mean(self) -> float:
        return float(self.mean_share)

    @property
    def sd(self) -> float:
        return _mean_sd(*self.shapes)[1]

    def allows(self, point: Decimal) -> bool:
        """Whether a point estimate may be `point`: any share."""
        return 0 <= point <= 1

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles at the probabilities `u` in [0, 1], in the shape of `u`."""
        from scipy.special import betaincinv

        return betaincinv(*self.shapes, np.asarray(u, dtype=np.float64))


@dataclass(frozen=True)
class BetaRange:
    """A share given by the two ends of its range, beta between and beyond them.

    The one beta law of which (1 - coverage) / 2 of outcomes fall below `low` and as many lie above `high`:
    3 % to 10 % at 90 % is Beta(7.447, 114.79).
      low, high  shares                              0 < low < high < 1
      coverage   share of outcomes within the range  [0.1, 0.999]
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
        if not float(self.high) < 1:
            raise LawError(f"high must be below 1, not {self.high}: 0.4 is 40 %.", field="high")
        require_coverage(self.coverage)
        # Refused when the law is written down and not when it is first drawn.
        _ = self.shapes

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def shapes(self) -> tuple[float, float]:
        """The two shape parameters that the ends were solved for."""
        return _solved(float(self.low), float(self.high), self.coverage)

    @property
    def default_point(self) -> Decimal:
        """The median, to nine places."""
        return Decimal(float(self.ppf(0.5))).quantize(NINE_PLACES)

    @property
    def mean(self) -> float:
        return _mean_sd(*self.shapes)[0]

    @property
    def sd(self) -> float:
        return _mean_sd(*self.shapes)[1]

    def allows(self, point: Decimal) -> bool:
        """Whether a point estimate may be `point`: any share."""
        return 0 <= point <= 1

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles at the probabilities `u` in [0, 1], in the shape of `u`."""
        from scipy.special import betaincinv

        return betaincinv(*self.shapes, np.asarray(u, dtype=np.float64))


@lru_cache(maxsize=1024)
def _solved(low: float, high: float, coverage: Decimal) -> tuple[float, float]:
    """The shapes of the beta law with these two ends, by Newton's method on ln a and ln b.

    What is brought to 0 is the difference of log odds at both ends, which is nearly straight in the
    logarithms of the shapes. It starts from the law whose log odds have the same middle and spread.
    """
    below = (1 - float(coverage)) / 2
    middle = (log(low) - log1p(-low) + log(high) - log1p(-high)) / 2
    spread = (log(high) - log1p(-high) - log(low) + log1p(-low)) / (2 * ends_apart(coverage))
    at = np.array([log((1 + exp(middle)) / spread**2), log((1 + exp(-middle)) / spread**2)])
    wanted = log(below) - log1p(-below)
    missed = _missed(at, low, high, wanted)
    for _ in range(STEPS):
        if float(np.abs(missed).max()) <= SOLVED_TO:
            break
        steps = DIFFERENCE * np.eye(2)
        slopes = np.array([_missed(at + step, low, high, wanted) - missed for step in steps]) / DIFFERENCE
        if not np.isfinite(slopes).all() or abs(float(np.linalg.det(slopes))) < 1e-300:
            break
        move = -np.linalg.solve(slopes.T, missed)
        move *= min(1.0, 2.0 / max(float(np.abs(move).max()), 1e-300))
        shorter = 1.0
        while shorter > 1e-6:
            tried = _missed(at + shorter * move, low, high, wanted)
            if np.isfinite(tried).all() and float(np.abs(tried).max()) < float(np.abs(missed).max()):
                break
            shorter /= 2
        else:
            break
        at, missed = at + shorter * move, tried
    if not isfinite(float(missed.sum())) or float(np.abs(missed).max()) > ACCEPTED_TO:
        raise LawError(
            f"No beta law can be worked out whose range at this coverage is {low:g} to {high:g}: give other "
            "ends, three points, or a mean and a weight.",
            field="high",
        )
    a, b = np.exp(at).tolist()
    return a, b


def _missed(at: NDArray[np.float64], low: float, high: float, wanted: float) -> NDArray[np.float64]:
    """By how much the log odds of falling below `low`, and of lying above `high`, miss what is wanted."""
    from scipy.special import betainc

    a, b = np.exp(at)
    with np.errstate(divide="ignore", invalid="ignore"):
        below = np.array([betainc(a, b, low), betainc(b, a, 1 - high)])
        above = np.array([betainc(b, a, 1 - low), betainc(a, b, high)])
        missed: NDArray[np.float64] = np.log(below) - np.log(above) - wanted
    return missed
