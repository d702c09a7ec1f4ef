"""In-house against a vendor: how surely it is cheaper, by how much, and what would turn the answer."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from estimates.engine.num import FloatArray
from estimates.engine.sobol import REPLICATES
from estimates.engine.summary import quantiles_and_moves, seed_moves

SAVING_LEVELS: Mapping[str, float] = {"p10": 0.1, "p50": 0.5, "p90": 0.9}


@dataclass(frozen=True)
class Advantage:
    """How an in-house scenario does against a vendor scenario over the same draws.

    probability_cheaper   share of draws in which in-house costs less
    probability_dearer    share of draws in which in-house costs more
    probability_error     how far another seed moves that share, at most, in 99 of 100 cases
    saving                vendor - in-house at P10, P50, P90: money, unrounded
    saving_error          the same for each of them
    value_of_information  what knowing every input before choosing is worth: min(E_v, E_h) - E min(v, h),
                          money; the most a pilot may cost
    """

    probability_cheaper: float
    probability_dearer: float
    probability_error: float
    saving: Mapping[str, float]
    saving_error: Mapping[str, float]
    value_of_information: float


def advantage_of(*, in_house: float | FloatArray, vendor: float | FloatArray) -> Advantage:
    """Compare two totals draw by draw: floats, or draws of shape (REPLICATES, points).

    Shared draws matter: with each side drawn apart, what both sides share would count as a difference.
    """
    saving = np.asarray(vendor - in_house, dtype=np.float64)
    if saving.ndim == 0:
        saving = np.full((REPLICATES, 2), float(saving))
    figures, moves = quantiles_and_moves(saving, list(SAVING_LEVELS.values()))
    cheaper = (saving > 0).mean(axis=1)
    gain = float(np.maximum(saving, 0).mean())
    loss = gain - float(saving.mean())
    return Advantage(
        probability_cheaper=float(cheaper.mean()),
        probability_dearer=float((saving < 0).mean()),
        probability_error=float(seed_moves(cheaper[None, :])[0]),
        saving=dict(zip(SAVING_LEVELS, figures, strict=True)),
        saving_error=dict(zip(SAVING_LEVELS, moves, strict=True)),
        # min(E_v, E_h) - E min(v, h) is the smaller of E(v - h)+ and E(h - v)+.
        value_of_information=max(0.0, min(gain, loss)),
    )
