"""What the simulation's own draws say about an input: rank correlation, and the mean in its outer deciles.

A key's digits are its rank on every draw, whatever law reads it, so no input is ever sorted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estimates.engine.num import FloatArray
from estimates.engine.simulate import Draws
from estimates.engine.sobol import DIGITS, REPLICATES, Digits
from estimates.engine.summary import seed_moves

KEYS_AT_ONCE = 32
DECILE = 0.1
MIDDLE = ((1 << DIGITS) - 1) / 2


@dataclass(frozen=True)
class RankStatistics:
    """One input against one total.

    correlation  Spearman's, between -1 and 1
    low, high    mean of the total over the draws in which the input lies in its lowest, in its highest decile
    errors       how far another seed moves them, at most, in 99 of 100 cases
    """

    correlation: float
    low: float
    high: float
    correlation_error: float
    low_error: float
    high_error: float

    @property
    def stands_out(self) -> bool:
        """Whether the correlation is more than another seed could turn into nothing."""
        return abs(self.correlation) > self.correlation_error


def rank_statistics(
    source: Draws, keys: Sequence[str], totals: Mapping[str, FloatArray]
) -> dict[str, dict[str, RankStatistics]]:
    """Every key against every total: by the total's name, then by key.

      keys    that have a dimension in `source`
      totals  uncertain amounts, each of shape (REPLICATES, draws // REPLICATES)
    The digits are made some keys at a time and not kept.
    """
    found: dict[str, dict[str, RankStatistics]] = {name: {} for name in totals}
    if not totals:
        return found
    amounts = np.stack(list(totals.values()))
    ranks = np.stack([_centred_ranks(total) for total in totals.values()])
    lengths = np.sqrt(np.einsum("srn,srn->s", ranks, ranks))
    for key, digits in _digits(source, keys):
        place = digits.astype(np.float64)
        place -= MIDDLE
        # einsum, as np.dot would wake a thread a processor for a few microseconds of work.
        own = np.sqrt(np.einsum("rn,rn->", place, place))
        by_replicate = REPLICATES * np.einsum("srn,rn->sr", ranks, place) / (own * lengths)[:, None]
        lows, highs = (_means_at(amounts, places) for places in outer_deciles(digits))
        figures = np.stack([by_replicate, lows, highs])
        for each, moves, name in zip(figures.mean(axis=2).T, seed_moves_of(figures).T, totals, strict=True):
            found[name][key] = RankStatistics(*each.tolist(), *moves.tolist())
    return found


def seed_moves_of(figures: FloatArray) -> FloatArray:
    """As seed_moves, of figures of any shape whose last axis are the replicates."""
    moves: FloatArray = seed_moves(figures.reshape(-1, figures.shape[-1])).reshape(figures.shape[:-1])
    return moves


def outer_deciles(digits: Digits) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which draws have the input in its lowest and in its highest decile: their places in order."""
    edge = round(DECILE * (1 << DIGITS))
    return np.flatnonzero(digits < edge), np.flatnonzero(digits >= (1 << DIGITS) - edge)


def _means_at(amounts: FloatArray, places: NDArray[np.intp]) -> FloatArray:
    """Each replicate's mean over the draws at some places, shape (totals, REPLICATES).

    A replicate is a net of 64 points or more, one in every 64th of the range of an input that is drawn on its
    own. One that moves together with others may miss its outer tenth in a replicate: the mean over all
    others stands in for it there.
    """
    totals, replicates, points = amounts.shape
    starts = np.searchsorted(places, np.arange(replicates) * points)
    counts = np.diff(np.append(starts, places.size))
    picked = amounts.reshape(totals, -1)[:, places]
    means: FloatArray = np.empty((totals, replicates))
    met = counts > 0
    means[:, met] = np.add.reduceat(picked, starts[met], axis=1) / counts[met]
    means[:, ~met] = picked.mean(axis=1)[:, None]
    return means


def rank_shares(correlations: Mapping[str, float]) -> dict[str, float]:
    """Each squared rank correlation as a share of their sum; all 0 when there is none."""
    squares = {key: correlation**2 for key, correlation in correlations.items()}
    whole = sum(squares.values())
    return {key: square / whole if whole else 0.0 for key, square in squares.items()}


def _digits(source: Draws, keys: Sequence[str]) -> Iterator[tuple[str, Digits]]:
    for start in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[start : start + KEYS_AT_ONCE]
        yield from zip(some, source.digits(some), strict=True)


def _centred_ranks(total: FloatArray) -> FloatArray:
    """Ranks less their mean, in the shape of the total; what is equal shares the mean of its ranks."""
    amounts = total.reshape(-1)
    order = np.argsort(amounts, kind="stable")
    ordered = amounts[order]
    first = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ranks = np.empty(amounts.size)
    if first.size == amounts.size:
        ranks[order] = np.arange(amounts.size)
    else:
        sizes = np.diff(np.r_[first, amounts.size])
        ranks[order] = np.repeat(first + (sizes - 1) / 2, sizes)
    ranks -= (amounts.size - 1) / 2
    return ranks.reshape(total.shape)
