"""Positive quantities given by their P10, P50 and P90."""

from dataclasses import dataclass
from decimal import Decimal
from math import exp, inf, log, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from laws.errors import LawError, require_above_zero, require_number

LOG_9 = log(9)
# Where the median may lie between P10 and P90, as a share of the way; outside, the curve would turn back.
LEAST_WAY, MOST_WAY = 0.167, 0.833
# Steps over the log odds that a mean is summed on; the sum converges faster than any power of the step.
STEP = 1 / 32
FAR = 40.0


def metalog_terms(p10: float, p50: float, p90: float) -> tuple[float, float, float]:
    """The coefficients of the 3-term metalog Q(y) = a1 + a2 L + a3 (y - 1/2) L, L = ln(y / (1 - y)).

    p10 < p50 < p90. Source: Keelin (2016), The metalog distributions, Decision Analysis 13(4).
    """
    width = p90 - p10
    way = (p50 - p10) / width
    return p50, width / (2 * LOG_9), (1 - 2 * way) * width / (0.8 * LOG_9)


@dataclass(frozen=True)
class Percentiles:
    """A positive quantity given by what 10 %, 50 % and 90 % of outcomes stay within.

    The logarithm follows the 3-term metalog through the three, so that no outcome falls to 0.
      low     P10  > 0
      median  P50  between the two
      high    P90  > low
    The logarithm of the median must lie between 16.7 % and 83.3 % of the way from that of P10 to that of P90,
    and the upper tail must be short enough for a mean. LawError names what is out of bounds.
    """

    low: Decimal
    median: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        for value, field in ((self.low, "low"), (self.median, "median"), (self.high, "high")):
            require_number(value, field)
        require_above_zero(self.low, "low")
        if not float(self.low) < float(self.median) < float(self.high):
            raise LawError(
                f"P50 must lie between P10 and P90, but {self.median} does not lie between {self.low} and "
                f"{self.high}.",
                field="median",
            )
        low, median, high = log(self.low), log(self.median), log(self.high)
        way = (median - low) / (high - low)
        if not LEAST_WAY < way < MOST_WAY:
            least, most = (exp(low + share * (high - low)) for share in (LEAST_WAY, MOST_WAY))
            raise LawError(
                f"P50 lies too near P{10 if way < 0.5 else 90} for a law through the three: with this P10 "
                f"and P90 it must lie between {least:.4g} and {most:.4g}. Move one of them, or choose "
                "triangular or PERT.",
                field="median",
            )
        if self.tail >= 1:
            raise LawError(
                f"P90 lies so far above P50 that the upper tail has no mean: {self.high} against "
                f"{self.median}. Give a nearer P90, or choose a range.",
                field="high",
            )

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def terms(self) -> tuple[float, float, float]:
        """The coefficients of the metalog of the logarithm."""
        return metalog_terms(log(self.low), log(self.median), log(self.high))

    @property
    def tail(self) -> float:
        """How fast the logarithm grows with the log odds far up: below 1 there is a mean, below 1/2 a sd."""
        _, slope, skew = self.terms
        return slope + skew / 2

    @property
    def default_point(self) -> Decimal:
        return self.median

    @property
    def mean(self) -> float:
        return self._moment(1)

    @property
    def sd(self) -> float:
        """Infinite when the upper tail is too long for a variance."""
        if 2 * self.tail >= 1:
            return inf
        return sqrt(max(self._moment(2) - self._moment(1) ** 2, 0.0))

    def _moment(self, power: int) -> float:
        """The mean of the quantity to a power, summed over evenly spread log odds."""
        centre, slope, skew = self.terms
        far = FAR / (1 - power * max(self.tail, 0.0))
        odds = np.arange(-far, far + STEP, STEP)
        with np.errstate(over="ignore"):
            share = 1 / (1 + np.exp(-odds))
            # ln of share * (1 - share), which is the share that one unit of log odds holds.
            density = -np.abs(odds) - 2 * np.log1p(np.exp(-np.abs(odds)))
        logs = power * (centre + slope * odds + skew * (share - 0.5) * odds)
        return float(np.exp(logs + density).sum() * STEP)

    def allows(self, point: Decimal) -> bool:
        """Whether a point estimate may be `point`: anything above 0, for the ends are open."""
        return point > 0

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles at the probabilities `u` in (0, 1), in the shape of `u`."""
        share = np.asarray(u, dtype=np.float64)
        centre, slope, skew = self.terms
        odds = np.log(share) - np.log1p(-share)
        quantiles: NDArray[np.float64] = np.exp(centre + odds * (slope + skew * (share - 0.5)))
        return quantiles
