"""Quantities given by their smallest, likeliest and largest value."""

from dataclasses import dataclass
from decimal import Decimal
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from laws.errors import LawError, require_number


@dataclass(frozen=True)
class _ThreePoints:
    """low <= mode <= high, low < high. LawError names the point that is out of order."""

    low: Decimal
    mode: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        low, mode, high = self.low, self.mode, self.high
        for value, field in ((low, "low"), (mode, "mode"), (high, "high")):
            require_number(value, field)
        if not low < high:
            raise LawError(f"high must be above low, but {high} is not above {low}.", field="high")
        if not low <= mode <= high:
            raise LawError(f"mode must lie between low {low} and high {high}, not at {mode}.", field="mode")

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def default_point(self) -> Decimal:
        return self.mode

    def allows(self, point: Decimal) -> bool:
        """Whether a point estimate may be `point`: nothing lies outside low and high."""
        return self.low <= point <= self.high


@dataclass(frozen=True)
class Triangular(_ThreePoints):
    """A quantity given by its smallest, likeliest and largest value, linear between them.

    low <= mode <= high, low < high. LawError names the point that is out of order.
    """

    @property
    def mean(self) -> float:
        return (float(self.low) + float(self.mode) + float(self.high)) / 3

    @property
    def sd(self) -> float:
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        rising, width = mode - low, high - low
        return sqrt((width * width - rising * (width - rising)) / 18)

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles at the probabilities `u` in [0, 1], in the shape of `u`."""
        probability = np.asarray(u, dtype=np.float64)
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        rising = low + np.sqrt(probability * (high - low) * (mode - low))
        falling = high - np.sqrt((1 - probability) * (high - low) * (high - mode))
        return np.where(probability * (high - low) <= mode - low, rising, falling)


@dataclass(frozen=True)
class Pert(_ThreePoints):
    """A quantity given by three points, PERT between them: much narrower than a triangular law.

    Beta(1 + 4 (mode - low) / (high - low), 1 + 4 (high - mode) / (high - low)) stretched over
    [low, high]. low <= mode <= high, low < high. LawError names the point that is out of order.
    Source: Malcolm et al. (1959), Application of a technique for research and development program
    evaluation.
    """

    @property
    def shapes(self) -> tuple[float, float]:
        """The two shape parameters of the beta law underneath, each in [1, 5]."""
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)

    @property
    def mean(self) -> float:
        return (float(self.low) + 4 * float(self.mode) + float(self.high)) / 6

    @property
    def sd(self) -> float:
        return sqrt((self.mean - float(self.low)) * (float(self.high) - self.mean) / 7)

    def stretched(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """A share of the way from low to high, in the quantity's own unit."""
        return float(self.low) + (float(self.high) - float(self.low)) * share

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles at the probabilities `u` in [0, 1], in the shape of `u`."""
        from scipy.special import betaincinv

        return self.stretched(betaincinv(*self.shapes, np.asarray(u, dtype=np.float64)))
