"""Quantile tables: evenly spread quantiles of a law that random digits pick from."""

from functools import lru_cache
from math import isfinite

import numpy as np
from numpy.typing import NDArray

from laws.averages import MeanOfLabels
from laws.choosing import Law
from laws.errors import LawError
from laws.number import Number
from laws.observed import Observed
from laws.percentiles import Percentiles
from laws.points import Pert, Triangular
from laws.ranges import LogNormalRange
from laws.shares import BetaMean, BetaRange

FloatArray = NDArray[np.float64]

TABLE_DIGITS = 16
TABLE_SIZE = 1 << TABLE_DIGITS
# 256 tables of 512 KiB are 128 MiB: a project of 20 packages stays warm, a worker stays small.
TABLES_KEPT = 256
# 256 steps over 8.3 standard deviations.
BETA_STEPS = 256


@lru_cache(maxsize=4096)
def extremes(law: Law) -> tuple[float, float]:
    """The smallest and largest value a draw of `law` can take: its table's first and last entry."""
    ends = law.ppf([0.5 / TABLE_SIZE, 1 - 0.5 / TABLE_SIZE])
    return float(ends[0]), float(ends[1])


@lru_cache(maxsize=TABLES_KEPT)
def table(law: Law, size: int = TABLE_SIZE) -> FloatArray:
    """As `made_table`, which a project's next price reads again."""
    return made_table(law, size)


def made_table(law: Law, size: int) -> FloatArray:
    """Quantiles of `law` at (i + 1/2) / size for i = 0 .. size - 1: float64, increasing, read-only.

    size  a power of two
    LawError when a quantile is too large for a float64.
    """
    with np.errstate(over="ignore"):
        quantiles = _quantiles(law, size)
    if not isfinite(quantiles[0]) or not isfinite(quantiles[-1]):
        raise LawError("The law reaches values too large to compute with.")
    quantiles.setflags(write=False)
    return quantiles


def _quantiles(law: Law, size: int) -> FloatArray:
    match law:
        case LogNormalRange() | MeanOfLabels():
            scaled = normal_scores(size) * law.log_sd
            scaled += law.log_mean
            return np.exp(scaled, out=scaled)
        case Pert():
            return law.stretched(_beta_quantiles(*law.shapes, size))
        case BetaMean() | BetaRange():
            return _beta_quantiles(*law.shapes, size)
        case Triangular():
            return _triangular_quantiles(law, size)
        case Number() | Percentiles() | Observed():
            return law.ppf(_probabilities(size))


def _probabilities(size: int) -> FloatArray:
    return (np.arange(size) + 0.5) / size


def _triangular_quantiles(law: Triangular, size: int) -> FloatArray:
    """As `ppf`, each entry computed on its own side of the mode only."""
    low, mode, high = float(law.low), float(law.mode), float(law.high)
    probabilities = _probabilities(size)
    split = int(np.searchsorted(probabilities, (mode - low) / (high - low), side="right"))
    rising, falling = probabilities[:split], probabilities[split:]
    rising *= (high - low) * (mode - low)
    np.sqrt(rising, out=rising)
    rising += low
    np.subtract(1, falling, out=falling)
    falling *= (high - low) * (high - mode)
    np.sqrt(falling, out=falling)
    np.subtract(high, falling, out=falling)
    return probabilities


@lru_cache(maxsize=4)
def normal_scores(size: int) -> FloatArray:
    """Standard normal quantiles of the table's probabilities; the upper half mirrors the lower."""
    from scipy.special import ndtri

    lower = ndtri(_probabilities(size)[: size // 2])
    return np.concatenate([lower, -lower[::-1]])


@lru_cache(maxsize=4)
def _score_grid(size: int) -> tuple[FloatArray, np.ndarray, list[FloatArray]]:
    """Where each table entry falls on an even grid of normal scores: shared by every beta law.

    Returns the grid (BETA_STEPS + 3 scores, one beyond each end and one to spare), the index of the
    first of the four grid points around each entry, and the four weights of the cubic through them.
    """
    scores = normal_scores(size)
    step = -2 * float(scores[0]) / BETA_STEPS
    grid = scores[0] + step * (np.arange(BETA_STEPS + 3) - 1)
    place = (scores - scores[0]) / step
    first = np.minimum(place.astype(np.intp), BETA_STEPS - 1)
    t = place - first
    weights = [
        -t * (t - 1) * (t - 2) / 6,
        (t + 1) * (t - 1) * (t - 2) / 2,
        -(t + 1) * t * (t - 2) / 2,
        (t + 1) * t * (t - 1) / 6,
    ]
    return grid, first, weights


def _beta_quantiles(a: float, b: float, size: int) -> FloatArray:
    """Quantiles of Beta(a, b), the logit interpolated over normal scores.

    For shapes of 1 and above the logit of the quantile is a smooth, nearly straight function of the
    normal score, so a cubic through 259 exact quantiles replaces `size` inversions of the incomplete
    beta function (relative error below 1e-7). Below 1 the quantiles run into 0 or 1, and each is
    computed exactly.
    """
    from scipy.special import betaincinv, expit, ndtr

    if min(a, b) < 1:
        return betaincinv(a, b, _probabilities(size))
    grid, first, weights = _score_grid(size)
    # The upper half comes from the mirrored law, whose small quantiles keep their digits.
    middle = grid.size // 2
    lower = betaincinv(a, b, ndtr(grid[:middle]))
    upper = betaincinv(b, a, ndtr(-grid[middle:]))
    logits = np.concatenate([np.log(lower) - np.log1p(-lower), np.log1p(-upper) - np.log(upper)])
    total = weights[0] * logits.take(first, mode="clip")
    for offset in (1, 2, 3):
        total += weights[offset] * logits.take(first + offset, mode="clip")
    quantiles: FloatArray = expit(total)
    return quantiles
