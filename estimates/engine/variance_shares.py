"""How much of a total's variance is an input's own, and how much it has a part in: Sobol indices.

Two independent sets of draws, A and B, and for each input a third set that is A with that input's draws
taken from B. Source: Saltelli et al. (2010), Variance based sensitivity analysis of model output, table 2:
the first order by estimator (b), the total order by (f), which is Jansen's.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import lru_cache
from typing import Any, cast

import numpy as np

from estimates.engine.assumptions import Assumption, Value
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.laws import Law, made_table
from estimates.engine.num import FloatArray, Num
from estimates.engine.project import ProjectInputs
from estimates.engine.scenario import ScenarioInputs
from estimates.engine.simulate import Draws
from estimates.engine.sobol import MAX_DIMENSIONS, REPLICATES
from estimates.engine.streaming import totals_read
from estimates.engine.summary import seed_moves

MOST_DRAWS = 8_192
"""Of the report's own draws, so many are evaluated anew for each input: the first of every replicate."""


@dataclass(frozen=True)
class VarianceShare:
    """Sobol indices of one input, or of several that are taken together.

    first   share of the variance that goes when the input is known; an estimate, which may miss [0, 1]
    total   share of the variance that is left when all others are known   >= 0
    first_error, total_error  how far another seed moves them, at most, in 99 of 100 cases
    """

    first: float
    total: float
    first_error: float
    total_error: float


def variance_shares(evaluated: FloatArray) -> list[VarianceShare] | None:
    """Indices of each input, from a function evaluated on A, on B, and on A with each input from B.

    evaluated  shape (2 + inputs, replicates, points)
    None when the function does not vary.
    """
    distances = evaluated - evaluated[:2].mean()
    on_a, on_b, exchanged = distances[0], distances[1], distances[2:]
    variances = (np.square(on_a).mean(axis=1) + np.square(on_b).mean(axis=1)) / 2
    variance = float(variances.mean())
    if not variance > 0:
        return None
    moved = exchanged - on_a
    firsts = (on_b * moved).mean(axis=2)
    totals = np.square(moved).mean(axis=2) / 2
    return [
        VarianceShare(
            first=float(first.mean()) / variance,
            total=float(total.mean()) / variance,
            first_error=_error_of_ratio(first, variances),
            total_error=_error_of_ratio(total, variances),
        )
        for first, total in zip(firsts, totals, strict=True)
    ]


def _error_of_ratio(parts: FloatArray, variances: FloatArray) -> float:
    """How far another seed moves the ratio of two means over replicates, to first order."""
    ratio = parts.mean() / variances.mean()
    apart: FloatArray = (parts - ratio * variances) / variances.mean()
    return float(seed_moves(apart[None, :])[0])


@dataclass(frozen=True)
class Mixture:
    """Which inputs are drawn from B, all others being drawn from A: `keys`, or all but these."""

    keys: frozenset[str] = frozenset()
    all_but: bool = False

    def takes(self, key: str) -> bool:
        return (key in self.keys) != self.all_but


ON_A, ON_B = Mixture(), Mixture(all_but=True)


def mixtures(groups: Sequence[frozenset[str]], *, others: bool) -> tuple[Mixture, ...]:
    """A, B, A with each group from B, and A with all keys of no group from B where there are others."""
    rest = (Mixture(frozenset().union(*groups), all_but=True),) if others else ()
    return (ON_A, ON_B, *(Mixture(group) for group in groups), *rest)


def other_dimensions(dimensions: Mapping[str, int]) -> dict[str, int]:
    """For each key a second dimension that no key has, so that B is independent of A.

    The same dimension under another scrambling would not be: it keeps the digital net that the digits come
    from. All are moved by one power of two, so that a new key seldom moves the others' second dimensions.
    EngineError when there are more keys than half of all dimensions.
    """
    highest = max(dimensions.values(), default=0)
    away = 1 << max(6, highest.bit_length())
    if highest + away < MAX_DIMENSIONS:
        return {key: dimension + away for key, dimension in dimensions.items()}
    taken = set(dimensions.values())
    free = (number for number in range(MAX_DIMENSIONS) if number not in taken)
    if 2 * len(dimensions) > MAX_DIMENSIONS:
        raise EngineError(
            f"Sensitivity needs two dimensions for each of the {len(dimensions):,} uncertain inputs, and "
            f"there are {MAX_DIMENSIONS:,}.",
            field="dimensions",
        )
    return dict(zip(dimensions, free, strict=False))


@lru_cache(maxsize=64)
def _small_table(law: Law, size: int) -> FloatArray:
    """A table that A and B read one after the other, and nobody later."""
    return made_table(law, size)


class Mixed:
    """Every scenario's total on its mixtures of A and B.

      asked    the mixtures of each scenario, by its slug
      totals   (mixtures, replicates, points) of each scenario, by its slug
    A work package is evaluated once for each mixture of its own inputs: for one that holds none of the keys
    asked for, these are A and B.
    """

    def __init__(
        self, inputs: ProjectInputs, asked: Mapping[str, Sequence[Mixture]], *, seed: int, draws: int
    ) -> None:
        dimensions = inputs.used_dimensions()
        size = min(draws, MOST_DRAWS)
        self._a, self._b = (
            Draws(
                seed=seed,
                draws=size,
                dimensions=each,
                correlations=inputs.correlations,
                tables=_small_table,
            )
            for each in (dimensions, other_dimensions(dimensions))
        )
        self._asked = asked
        self._multipliers = [
            scenario.labeling_multiplier
            for scenario in inputs.scenarios
            if scenario.labeling_multiplier is not None
        ]
        self._packages_of = _readers(inputs)
        totals = totals_read(inputs, self)
        points = (REPLICATES, size // REPLICATES)
        self.totals: dict[str, FloatArray] = {
            slug: np.broadcast_to(np.asarray(totals[slug], dtype=np.float64), (len(rows), *points))
            for slug, rows in asked.items()
        }

    # How totals_read reads the assumptions

    def of_scenario(self, scenario: ScenarioInputs) -> Value:
        return self._reads(self._asked.get(scenario.slug, (ON_A,)))

    def of_package(
        self, package: WorkPackageInputs
    ) -> tuple[Value, Callable[[Hours, ScenarioInputs], Hours]]:
        own = (*package.assumptions, *self._multipliers)
        keys = list(dict.fromkeys(each.key for each in own if each.law.is_uncertain))
        places: dict[tuple[bool, ...], int] = {}
        needed: list[Mixture] = []
        rows: dict[str, list[int]] = {}
        for slug, asked in self._asked.items():
            rows[slug] = []
            for mixture in asked:
                pattern = tuple(mixture.takes(key) for key in keys)
                if pattern not in places:
                    places[pattern] = len(needed)
                    needed.append(mixture)
                rows[slug].append(places[pattern])
        self._a.prepare(own)
        self._b.prepare(own)

        def hours_for(hours: Hours, scenario: ScenarioInputs) -> Hours:
            return _taken(hours, rows.get(scenario.slug, [0]))

        return self._reads(needed), hours_for

    def done_with(self, package: WorkPackageInputs) -> None:
        gone = [each for each in package.assumptions if self._packages_of.get(each.key) == 1]
        self._a.forget(gone)
        self._b.forget(gone)

    def _reads(self, needed: Sequence[Mixture]) -> Value:
        def read(assumption: Assumption) -> Num:
            if not assumption.law.is_uncertain:
                return np.float64(assumption.point)
            from_b = np.array([mixture.takes(assumption.key) for mixture in needed])
            if not from_b.any():
                return cast(Num, self._a.values(assumption))
            if from_b.all():
                return cast(Num, self._b.values(assumption))
            a, b = self._a.values(assumption), self._b.values(assumption)
            return cast(Num, np.where(from_b[:, None, None], b, a))

        return read


def _readers(inputs: ProjectInputs) -> dict[str, int]:
    """How many packages read each key; those that scenarios and suppliers read too count as many."""
    readers: dict[str, int] = {}
    for package in inputs.packages:
        for key in {each.key for each in package.assumptions}:
            readers[key] = readers.get(key, 0) + 1
    for assumption in inputs.scenario_assumptions():
        readers[assumption.key] = readers.get(assumption.key, 0) + 2
    return readers


def _taken(holder: Any, rows: Sequence[int]) -> Any:
    """A dataclass of amounts with one row for each of `rows`; what has no rows is the same in all."""
    changed = {}
    for field in fields(holder):
        amount = getattr(holder, field.name)
        if isinstance(amount, np.ndarray) and amount.ndim == 3:
            changed[field.name] = amount.take(rows, axis=0)
        elif is_dataclass(amount):
            changed[field.name] = _taken(amount, rows)
    return replace(holder, **changed)
