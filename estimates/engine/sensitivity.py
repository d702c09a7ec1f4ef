"""What drives the range of a scenario's total: four ways to measure each uncertain input.

low, high    from the simulation's own draws: the mean total while the input is in its lowest or highest tenth
swing        one at a time: the total with the input at its P10 or P90 and all others at their points
rank share   squared rank correlation with the total, as a share of the sum over all inputs
indices      the share of the variance that is the input's alone, and that it has any part in (Sobol)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from estimates.engine.num import FloatArray
from estimates.engine.project import ProjectInputs
from estimates.engine.ranks import RankStatistics, rank_shares, rank_statistics
from estimates.engine.simulate import Draws
from estimates.engine.swings import Swings
from estimates.engine.uncertain_inputs import UncertainInput, uncertain_inputs
from estimates.engine.variance_shares import MOST_DRAWS, Mixed, VarianceShare, mixtures, variance_shares

LEADING = 12
"""So many inputs at most, or groups of inputs that move together, are shown and measured each on its own."""
FEWEST_LEADING = 3
LEAST_SHARE = 0.002
"""Beyond the first three, an input must have this share, one at a time or by its ranks, to be shown."""
# Apart by less than this share of the total is the same amount, computed in another order.
SAME_WITHIN = 1e-9


@dataclass(frozen=True)
class Influence:
    """One input and what it does to a total: money, unrounded, and shares.

    low, high              mean of the total while the input is in its lowest, its highest tenth
    low_error, high_error  how far another seed moves these, at most, in 99 of 100 cases
    swing_low, swing_high  the total with the input at its P10, its P90, all others at their points
    correlation            rank correlation of input and total
    rank_share             its square as a share of the sum over all inputs of the scenario
    variance               Sobol indices; those of the whole group where inputs are taken together
    together               the other inputs of the group, by label; empty for an input on its own
    """

    input: UncertainInput
    low: float
    high: float
    low_error: float
    high_error: float
    swing_low: float
    swing_high: float
    correlation: float
    rank_share: float
    variance: VarianceShare
    together: tuple[str, ...] = ()


@dataclass(frozen=True)
class OtherInputs:
    """All inputs that are not shown each on its own."""

    count: int
    rank_share: float
    variance: VarianceShare


@dataclass(frozen=True)
class Sensitivity:
    """What drives one scenario's total.

    base        the total with every input at its point: money
    influences  the leading inputs that move the total at all, most variance first
    others      None when there are no others
    draws       on which the indices were computed
    """

    base: float
    influences: tuple[Influence, ...]
    others: OtherInputs | None
    draws: int

    @property
    def most_worth_knowing(self) -> tuple[Influence, ...]:
        """The inputs by how much of the variance goes when they are known, most first; each group once."""
        seen: set[frozenset[str]] = set()
        found = []
        for each in sorted(self.influences, key=lambda influence: -influence.variance.first):
            group = frozenset((each.input.label, *each.together))
            if not each.together or group not in seen:
                found.append(each)
            seen.add(group)
        return tuple(found)


def sensitivities(
    inputs: ProjectInputs,
    source: Draws,
    totals: Mapping[str, Any],
    *,
    groups: Sequence[frozenset[str]] = (),
) -> dict[str, Sensitivity | None]:
    """What drives each scenario's total; None where the total is certain.

    source  the draws of the simulation
    totals  every scenario's simulated total, by its slug: money
    groups  keys that are not drawn independently of one another, no key in two of them; indices of inputs
            that move together cannot be told apart, so that a group has one pair for all its inputs
    """
    uncertain: dict[str, FloatArray] = {
        slug: total for slug, total in totals.items() if isinstance(total, np.ndarray) and np.ptp(total) > 0
    }
    held = {
        scenario.slug: uncertain_inputs(inputs, scenario)
        for scenario in inputs.scenarios
        if scenario.slug in uncertain
    }
    keys = list(dict.fromkeys(each.key for each in chain.from_iterable(held.values())))
    ranked = rank_statistics(source, keys, uncertain)
    swings = Swings(inputs, keys)
    scenarios = {slug: _Scenario(slug, own, ranked[slug], swings, groups) for slug, own in held.items()}
    mixed = Mixed(
        inputs,
        {slug: mixtures(each.units, others=each.has_others) for slug, each in scenarios.items()},
        seed=source.seed,
        draws=source.draws,
    )
    return {
        slug: scenarios[slug].sensitivity(mixed.totals[slug], draws=min(source.draws, MOST_DRAWS))
        if slug in scenarios
        else None
        for slug in totals
    }


class _Scenario:
    """One scenario's inputs, and which of them lead.

    units  the leading inputs, each alone or with the group it belongs to
    """

    def __init__(
        self,
        slug: str,
        held: Sequence[UncertainInput],
        ranked: Mapping[str, RankStatistics],
        swings: Swings,
        groups: Sequence[frozenset[str]],
    ) -> None:
        self._held = {each.key: each for each in held}
        self._ranked = ranked
        self._base = swings.base(slug)
        self._swings = {key: swings.of(slug, key) for key in self._held}
        together = {key: group.intersection(self._held) for group in groups for key in group}
        weights = self._weights()
        ordered = sorted(self._held, key=lambda key: -weights[key])
        shown = [
            key for place, key in enumerate(ordered) if place < FEWEST_LEADING or weights[key] >= LEAST_SHARE
        ]
        units = dict.fromkeys(together.get(key, frozenset((key,))) for key in shown)
        self.units = list(units)[:LEADING]
        self._leading = {key: unit for unit in self.units for key in unit}

    def _weights(self) -> dict[str, float]:
        """How much each key moves the total, as a share: one at a time, or by its ranks where that is more.

        Ranks that another seed could turn into nothing do not count: with hundreds of inputs, some draws of
        a small one happen to go along with those of a large one.
        """
        ranked = {key: self._ranked[key] for key in self._held}
        ranks = rank_shares(
            {key: each.correlation if each.stands_out else 0.0 for key, each in ranked.items()}
        )
        swung = rank_shares({key: high - low for key, (low, high) in self._swings.items()})
        return {key: max(ranks[key], swung[key]) for key in self._held}

    @property
    def has_others(self) -> bool:
        return len(self._leading) < len(self._held)

    def sensitivity(self, evaluated: FloatArray, *, draws: int) -> Sensitivity:
        """evaluated  the total on A, on B, and with each unit and then all others from B"""
        found = variance_shares(evaluated)
        # Fewer draws may all agree where those of the report do not: nothing varies then.
        shares = found or [VarianceShare(0.0, 0.0, 0.0, 0.0)] * (len(evaluated) - 2)
        of_unit = dict(zip(self.units, shares, strict=False))
        moving = {key: unit for key, unit in self._leading.items() if self._moves(key, of_unit[unit])}
        counted = {
            key: self._ranked[key].correlation
            for key in self._held
            if key in moving or key not in self._leading
        }
        ranks = rank_shares(counted)
        influences = [
            self._influence(key, of_unit[unit], rank_share=ranks[key], unit=unit)
            for key, unit in moving.items()
        ]
        others = None
        if self.has_others:
            left = [key for key in self._held if key not in self._leading]
            others = OtherInputs(len(left), sum(ranks[key] for key in left), shares[-1])
        return Sensitivity(
            base=self._base,
            influences=tuple(sorted(influences, key=lambda each: (-each.variance.total, -each.rank_share))),
            others=others,
            draws=draws,
        )

    def _moves(self, key: str, variance: VarianceShare) -> bool:
        """Whether the total depends on the input at all."""
        swung = max(abs(total - self._base) for total in self._swings[key])
        return variance.total > SAME_WITHIN**2 or swung > SAME_WITHIN * abs(self._base)

    def _influence(
        self, key: str, variance: VarianceShare, *, rank_share: float, unit: frozenset[str]
    ) -> Influence:
        ranked, (swing_low, swing_high) = self._ranked[key], self._swings[key]
        return Influence(
            input=self._held[key],
            low=ranked.low,
            high=ranked.high,
            low_error=ranked.low_error,
            high_error=ranked.high_error,
            swing_low=swing_low,
            swing_high=swing_high,
            correlation=ranked.correlation,
            rank_share=rank_share,
            variance=variance,
            together=tuple(self._held[other].label for other in self._held if other in unit - {key}),
        )
