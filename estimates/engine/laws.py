"""The laws an uncertain quantity may follow, and their quantile tables.

A law is what a planner writes in a form: two ends of a range, three points, a mean and a weight. Its
`ppf` is exact; a simulation reads `table(law)`, evenly spread quantiles that random bits pick from.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from functools import lru_cache
from math import isfinite, log
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from estimates.engine.errors import EngineError
from estimates.engine.num import FloatArray

TABLE_DIGITS = 16
TABLE_SIZE = 1 << TABLE_DIGITS
# Phi^-1(0.95): both ends of a 90 % range lie this many standard deviations from its middle.
NORMAL_95 = 1.6448536269514722
# 256 tables of 512 KiB are 128 MiB: a project of 20 packages stays warm, a worker stays small.
TABLES_KEPT = 256
# 256 steps over 8.3 standard deviations.
BETA_STEPS = 256


def _require_number(value: Decimal, field: str) -> None:
    """Refuse what a float64 cannot hold: NaN, infinity, 1E+400."""
    if not isinstance(value, Decimal):
        raise EngineError(f"{field} must be a Decimal, not {value!r}.", field=field)
    if not value.is_finite() or not isfinite(float(value)):
        raise EngineError(f"{field} must be a finite number, not {value}.", field=field)


def _require_three_points(low: Decimal, mode: Decimal, high: Decimal) -> None:
    for value, field in ((low, "low"), (mode, "mode"), (high, "high")):
        _require_number(value, field)
    if not low < high:
        raise EngineError(f"high must be above low, but {high} is not above {low}.", field="high")
    if not low <= mode <= high:
        raise EngineError(f"mode must lie between low {low} and high {high}, not at {mode}.", field="mode")


@dataclass(frozen=True)
class Number:
    """A quantity known exactly: no draw, no dimension."""

    value: Decimal

    def __post_init__(self) -> None:
        _require_number(self.value, "value")

    @property
    def is_uncertain(self) -> bool:
        return False

    @property
    def default_point(self) -> Decimal:
        return self.value

    def ppf(self, u: ArrayLike) -> FloatArray:
        """The value, whatever the probability `u`, in the shape of `u`."""
        return np.full(np.shape(u), float(self.value))


@dataclass(frozen=True)
class LogNormalRange:
    """A positive quantity given by the two ends of its 90 % range, lognormal between and beyond them.

    low   its 5 % quantile   > 0
    high  its 95 % quantile  > low
    EngineError names the end that is out of bounds.
    """

    low: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        _require_number(self.low, "low")
        _require_number(self.high, "high")
        if not self.low > 0 or not float(self.low) > 0:
            raise EngineError(f"low must be above 0, not {self.low}.", field="low")
        if not self.high > self.low:
            raise EngineError(
                f"high must be above low, but {self.high} is not above {self.low}.", field="high"
            )

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
        """Standard deviation of the logarithm, ln(high / low) / (2 * 1.6449)."""
        return (log(self.high) - log(self.low)) / (2 * NORMAL_95)

    def ppf(self, u: ArrayLike) -> FloatArray:
        """Quantiles at the probabilities `u` in (0, 1), in the shape of `u`."""
        from scipy.special import ndtri

        return np.exp(self.log_mean + self.log_sd * ndtri(np.asarray(u, dtype=np.float64)))


@dataclass(frozen=True)
class Triangular:
    """A quantity given by its smallest, likeliest and largest value, linear between them.

    low <= mode <= high, low < high. EngineError names the point that is out of order.
    """

    low: Decimal
    mode: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        _require_three_points(self.low, self.mode, self.high)

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def default_point(self) -> Decimal:
        return self.mode

    def ppf(self, u: ArrayLike) -> FloatArray:
        """Quantiles at the probabilities `u` in [0, 1], in the shape of `u`."""
        probability = np.asarray(u, dtype=np.float64)
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        rising = low + np.sqrt(probability * (high - low) * (mode - low))
        falling = high - np.sqrt((1 - probability) * (high - low) * (high - mode))
        return np.where(probability * (high - low) <= mode - low, rising, falling)


@dataclass(frozen=True)
class Pert:
    """A quantity given by three points, PERT between them: much narrower than a triangular law.

    Beta(1 + 4 (mode - low) / (high - low), 1 + 4 (high - mode) / (high - low)) stretched over
    [low, high]. low <= mode <= high, low < high. EngineError names the point that is out of order.
    Source: Malcolm et al. (1959), Application of a technique for research and development program
    evaluation.
    """

    low: Decimal
    mode: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        _require_three_points(self.low, self.mode, self.high)

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def default_point(self) -> Decimal:
        return self.mode

    @property
    def shapes(self) -> tuple[float, float]:
        """The two shape parameters of the beta law underneath, each in [1, 5]."""
        low, mode, high = float(self.low), float(self.mode), float(self.high)
        return 1 + 4 * (mode - low) / (high - low), 1 + 4 * (high - mode) / (high - low)

    def stretched(self, share: FloatArray) -> FloatArray:
        """A share of the way from low to high, in the quantity's own unit."""
        return float(self.low) + (float(self.high) - float(self.low)) * share

    def ppf(self, u: ArrayLike) -> FloatArray:
        """Quantiles at the probabilities `u` in [0, 1], in the shape of `u`."""
        from scipy.special import betaincinv

        return self.stretched(betaincinv(*self.shapes, np.asarray(u, dtype=np.float64)))


@dataclass(frozen=True)
class BetaMean:
    """A share given by its mean and the number of observations that mean is worth.

    Beta(mean * weight, (1 - mean) * weight).
      mean    a share       in (0, 1)
      weight  observations  > 0
    EngineError names the parameter that is out of bounds.
    """

    mean: Decimal
    weight: Decimal

    def __post_init__(self) -> None:
        _require_number(self.mean, "mean")
        _require_number(self.weight, "weight")
        if not 0 < self.mean < 1:
            raise EngineError(f"mean must lie strictly between 0 and 1, not at {self.mean}.", field="mean")
        if not self.weight > 0:
            raise EngineError(f"weight must be above 0, not {self.weight}.", field="weight")

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def default_point(self) -> Decimal:
        return self.mean

    @property
    def shapes(self) -> tuple[float, float]:
        """The two shape parameters, mean * weight and (1 - mean) * weight."""
        return float(self.mean * self.weight), float((1 - self.mean) * self.weight)

    def ppf(self, u: ArrayLike) -> FloatArray:
        """Quantiles at the probabilities `u` in [0, 1], in the shape of `u`."""
        from scipy.special import betaincinv

        return betaincinv(*self.shapes, np.asarray(u, dtype=np.float64))


Law = Number | LogNormalRange | Triangular | Pert | BetaMean

LAWS: Mapping[str, type[Law]] = MappingProxyType(
    {"number": Number, "range": LogNormalRange, "triangular": Triangular, "pert": Pert, "beta": BetaMean}
)


def law_from(
    name: str,
    *,
    low: Decimal | None = None,
    mode: Decimal | None = None,
    high: Decimal | None = None,
    mean: Decimal | None = None,
    weight: Decimal | None = None,
    point: Decimal | None = None,
) -> Law:
    """The law called `name`, from the columns a form or a table row holds.

    name   a key of LAWS
    point  the value of a "number"; the other laws do not read it
    A law reads its own columns only. EngineError names the column that is missing or out of bounds.
    """

    def given(value: Decimal | None, field: str) -> Decimal:
        if value is None:
            raise EngineError(f'{field} is needed for a law of the kind "{name}".', field=field)
        return value

    match name:
        case "number":
            return Number(given(point, "point"))
        case "range":
            return LogNormalRange(given(low, "low"), given(high, "high"))
        case "triangular":
            return Triangular(given(low, "low"), given(mode, "mode"), given(high, "high"))
        case "pert":
            return Pert(given(low, "low"), given(mode, "mode"), given(high, "high"))
        case "beta":
            return BetaMean(given(mean, "mean"), given(weight, "weight"))
    raise EngineError(f'law must be one of {", ".join(LAWS)}, not "{name}".', field="law")


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
    EngineError when a quantile is too large for a float64.
    """
    with np.errstate(over="ignore"):
        quantiles = _quantiles(law, size)
    if not isfinite(quantiles[0]) or not isfinite(quantiles[-1]):
        raise EngineError("The law reaches values too large to compute with.")
    quantiles.setflags(write=False)
    return quantiles


def _quantiles(law: Law, size: int) -> FloatArray:
    match law:
        case LogNormalRange():
            scaled = _normal_scores(size) * law.log_sd
            scaled += law.log_mean
            return np.exp(scaled, out=scaled)
        case Pert():
            return law.stretched(_beta_quantiles(*law.shapes, size))
        case BetaMean():
            return _beta_quantiles(*law.shapes, size)
        case Triangular():
            return _triangular_quantiles(law, size)
        case Number():
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
def _normal_scores(size: int) -> FloatArray:
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
    scores = _normal_scores(size)
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
