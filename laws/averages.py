"""The mean of many labels, when what is known is how much single labels differ."""

from dataclasses import dataclass
from decimal import Decimal
from math import exp, isfinite, log, log1p, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from laws.errors import LawError
from laws.observed import Observed
from laws.percentiles import Percentiles
from laws.points import Pert, Triangular
from laws.ranges import LogNormalRange
from laws.shares import BetaMean, BetaRange

NINE_PLACES = Decimal("1E-9")

Spread = LogNormalRange | BetaRange | Triangular | Pert | BetaMean | Percentiles | Observed


@dataclass(frozen=True)
class MeanOfLabels:
    """The mean of `count` independent labels, each of which follows `of`.

    A spread of single labels is no ignorance of their mean: the mean of n has the relative standard deviation
    sqrt(v / n), v being that of one label squared (e**sd**2 - 1 for a lognormal one): 0.6 % for 10,000
    labels whose 90 % range is 1 to 6 minutes. A column of k observed values also leaves open how far their
    mean is from that of all, which adds v / k. The mean is taken to be lognormal, with these two moments.
      of     the law of one label, in (0, infinity)
      count  labels that are made  > 0
    LawError when the spread has no mean above 0, or no standard deviation.
    """

    of: Spread
    count: float

    def __post_init__(self) -> None:
        if not self.count > 0 or not isfinite(self.count):
            raise LawError(f"The number of labels must be above 0, not {self.count}.")
        mean, sd = self.of.mean, self.of.sd
        if not mean > 0 or not isfinite(mean):
            raise LawError("Single labels must take more than nothing on average.")
        if not isfinite(sd):
            raise LawError(
                "Single labels differ so widely that their mean cannot be told: P90 lies too far above P50. "
                "Give a nearer P90, or say how sure you are of the campaign's average instead.",
                field="high",
            )

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def relative_sd(self) -> float:
        """Standard deviation of the mean, as a share of the mean."""
        single = (self.of.sd / self.of.mean) ** 2
        known = single / len(self.of.values) if isinstance(self.of, Observed) else 0.0
        return sqrt(single / self.count + known)

    @property
    def log_sd(self) -> float:
        return sqrt(log1p(self.relative_sd**2))

    @property
    def log_mean(self) -> float:
        return log(self.of.mean) - self.log_sd**2 / 2

    @property
    def mean(self) -> float:
        return self.of.mean

    @property
    def sd(self) -> float:
        return self.of.mean * self.relative_sd

    @property
    def default_point(self) -> Decimal:
        """The mean of one label, to nine places."""
        return Decimal(self.of.mean).quantize(NINE_PLACES).normalize()

    def allows(self, point: Decimal) -> bool:
        """Whether a point estimate may be `point`: anything above 0."""
        return point > 0

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles at the probabilities `u` in (0, 1), in the shape of `u`."""
        from scipy.special import ndtri

        scores = ndtri(np.asarray(u, dtype=np.float64))
        quantiles: NDArray[np.float64] = exp(self.log_mean) * np.exp(self.log_sd * scores)
        return quantiles
