"""What a law makes of its numbers: how far its draws reach, and where its quantiles lie.

The simulation draws from 65,536 quantiles of every law, at the middles of as many equal steps of probability.
A number of a plan is judged by the outermost two: what is taken for one seed is taken for all.
"""

from collections.abc import Mapping
from decimal import Decimal
from functools import lru_cache
from math import exp, log
from statistics import NormalDist

QUANTILES = 65_536
OUTERMOST = 0.5 / QUANTILES
# Beyond these quantiles of a beta a point is no estimate of what the law says.
POINT_FROM, POINT_TO = 0.001, 0.999

Numbers = Mapping[str, Decimal | None]


def reach_of_range(low: Decimal, high: Decimal) -> tuple[float, float]:
    """The smallest and the largest draw of a 90 % range, lognormal between and beyond its ends.

    low, high  its 5 % and 95 % quantiles, 0 < low < high
    """
    middle = (log(low) + log(high)) / 2
    deviation = (log(high) - log(low)) / (2 * NormalDist().inv_cdf(0.95))
    furthest = deviation * NormalDist().inv_cdf(1 - OUTERMOST)
    return exp(middle - furthest), exp(middle + furthest)


@lru_cache(maxsize=1024)
def beta_quantiles(mean: Decimal, weight: Decimal, lower: float, upper: float) -> tuple[float, float]:
    """Two quantiles of Beta(mean * weight, (1 - mean) * weight).

    mean    a share, in (0, 1)
    weight  observations that the mean is worth, > 0
    lower, upper  probabilities
    """
    from scipy.special import betaincinv

    found = betaincinv(float(mean * weight), float((1 - mean) * weight), [lower, upper])
    return float(found[0]), float(found[1])


def reach_of_beta(mean: Decimal, weight: Decimal) -> tuple[float, float]:
    """The smallest and the largest draw of a beta law."""
    return beta_quantiles(mean, weight, OUTERMOST, 1 - OUTERMOST)
