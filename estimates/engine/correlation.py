"""Inputs that move together: rank correlations joined by a Gaussian copula.

Spearman's rank correlation of two inputs becomes the correlation 2 sin(pi rho / 6) of their normal scores.
The keys that pairs hold together, directly or by way of others, are drawn as one group; two keys of a group
that are in no pair with one another are meant to be independent. Source: Kruskal (1958), Ordinal measures
of association; Nelsen (2006), An introduction to copulas, 5.1.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import asin, pi, sin

import numpy as np

from estimates.engine.errors import EngineError
from estimates.engine.num import FloatArray
from estimates.engine.sobol import DIGITS, Digits
from laws.tables import normal_scores

# An eigenvalue or a pivot nearer to 0 than this is 0 but for rounding.
NOTHING = 1e-10
NEAREST_ROUNDS = 2000
# Correlations that are told apart in a report.
TOLD_APART = 0.0005


@dataclass(frozen=True)
class Correlation:
    """How two inputs move together.

    key, other  the keys of two uncertain inputs
    rho         Spearman's rank correlation  [-1, 1]
    source      where it comes from; for people
    EngineError when it is none.
    """

    key: str
    other: str
    rho: Decimal
    source: str = ""

    def __post_init__(self) -> None:
        if self.key == self.other:
            raise EngineError(
                f"{self.key} is correlated with itself: name two inputs, or remove the pair.", field="other"
            )
        if not self.rho.is_finite() or not -1 <= self.rho <= 1:
            raise EngineError(
                f"The correlation of {self.key} and {self.other} must lie between -1 and 1, not at "
                f"{self.rho}.",
                field="rho",
            )

    @property
    def pair(self) -> frozenset[str]:
        """Both keys, whichever is named first."""
        return frozenset((self.key, self.other))


def check_correlations(
    correlations: Sequence[Correlation], *, uncertain: Iterable[str], certain: Iterable[str]
) -> None:
    """Refuse pairs that cannot be drawn.

    uncertain, certain  the keys in use, by whether a law that is no fixed number reads them
    EngineError names the pair that is given twice, or holds a fixed number or a key that nothing has.
    """
    drawn, fixed = set(uncertain), set(certain)
    seen: set[frozenset[str]] = set()
    for each in correlations:
        if each.pair in seen:
            raise EngineError(
                f"The correlation of {each.key} and {each.other} is given twice: remove one of them.",
                field="correlations",
            )
        seen.add(each.pair)
        for key in (each.key, each.other):
            if key in drawn:
                continue
            why = (
                f"{key} is a fixed number and moves with nothing: give it a range"
                if key in fixed
                else f"no input in use has the key {key}: use one"
            )
            raise EngineError(
                f"The correlation of {each.key} and {each.other} cannot be drawn: {why}, or remove the pair.",
                field="correlations",
            )


@dataclass(frozen=True, eq=False)
class Group:
    """Keys that are drawn together.

    keys   in the order of their dimensions: the first keeps its own draws
    asked  correlations of normal scores, shape (keys, keys), 0 where no pair says otherwise
    """

    keys: tuple[str, ...]
    asked: FloatArray

    @cached_property
    def used(self) -> FloatArray:
        """What is drawn: as asked, or the nearest correlations that can all hold at once."""
        if np.linalg.eigvalsh(self.asked)[0] >= -NOTHING:
            return self.asked
        return nearest_correlations(self.asked)

    @property
    def is_adjusted(self) -> bool:
        """Whether what was asked for cannot all hold at once."""
        return self.used is not self.asked

    @cached_property
    def root(self) -> FloatArray:
        """The lower triangular matrix whose product with its transpose is `used`."""
        return lower_root(self.used)

    def rank_correlation(self, key: str, other: str) -> float:
        """Spearman's rank correlation of two keys as they are drawn."""
        used = float(self.used[self.keys.index(key), self.keys.index(other)])
        return 6 / pi * asin(max(-1.0, min(1.0, used / 2)))

    def correlated(self, own: Digits) -> Digits:
        """The digits of every key, from the digits that each has of its own.

          own  uint16 of shape (keys, replicates, points), in the order of the keys
        Each key's normal scores are mixed with those of the keys before it. A mixture of independent normal
        scores is one again, so every key keeps its law; and no law is read, so that editing one moves
        nothing else.
        """
        from scipy.special import ndtr

        scores = normal_scores(1 << DIGITS)
        mixed = own.copy()
        # One replicate at a time fits the processor's own memory.
        for replicate in range(own.shape[1]):
            independent = [scores.take(each) for each in own[:, replicate]]
            for row, weights in enumerate(self.root):
                if weights[row] == 1:
                    continue
                total = independent[row] * weights[row]
                for before in np.flatnonzero(weights[:row]):
                    total += independent[before] * weights[before]
                places = ndtr(total) * (1 << DIGITS)
                mixed[row, replicate] = np.minimum(places, (1 << DIGITS) - 1).astype(np.uint16)
        return mixed


def groups_of(correlations: Sequence[Correlation], dimensions: Mapping[str, int]) -> tuple[Group, ...]:
    """The groups that pairs hold together, whose keys all have a dimension; checked before."""
    joined: dict[str, set[str]] = {}
    for each in correlations:
        together = joined.get(each.key, {each.key}) | joined.get(each.other, {each.other})
        joined.update(dict.fromkeys(together, together))
    groups = []
    for keys in {
        frozenset(each): sorted(each, key=dimensions.__getitem__) for each in joined.values()
    }.values():
        asked = np.eye(len(keys))
        for each in correlations:
            if each.key in keys:
                one, other = keys.index(each.key), keys.index(each.other)
                asked[one, other] = asked[other, one] = 2 * sin(pi * float(each.rho) / 6)
        groups.append(Group(tuple(keys), asked))
    return tuple(sorted(groups, key=lambda group: dimensions[group.keys[0]]))


def nearest_correlations(asked: FloatArray) -> FloatArray:
    """The correlation matrix that is nearest to a symmetric one with 1 on its diagonal.

    Alternating projections on the matrices without a negative eigenvalue and on those with 1 on the
    diagonal, with Dykstra's correction. Source: Higham (2002), Computing the nearest correlation matrix.
    """
    near, correction = asked.copy(), np.zeros_like(asked)
    for _ in range(NEAREST_ROUNDS):
        wanted = near - correction
        values, vectors = np.linalg.eigh(wanted)
        positive = (vectors * np.maximum(values, 0)) @ vectors.T
        correction = positive - wanted
        before, near = near, (positive + positive.T) / 2
        np.fill_diagonal(near, 1)
        if float(np.abs(near - before).max()) < NOTHING:
            break
    values, vectors = np.linalg.eigh(near)
    positive = (vectors * np.maximum(values, 0)) @ vectors.T
    scale = 1 / np.sqrt(np.diag(positive))
    found: FloatArray = positive * scale * scale[:, None]
    np.fill_diagonal(found, 1)
    return found


def lower_root(correlations: FloatArray) -> FloatArray:
    """Cholesky's lower root of a correlation matrix, which may be singular: what is certain then adds 0."""
    root = np.zeros_like(correlations)
    for column in range(len(correlations)):
        rest = correlations[column:, column] - root[column:, :column] @ root[column, :column]
        if rest[0] > NOTHING * 10:
            root[column:, column] = rest / np.sqrt(rest[0])
    # Rounding must not change how far a key's scores reach.
    root /= np.sqrt((root**2).sum(axis=1))[:, None]
    return root
