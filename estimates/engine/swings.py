"""One at a time: the total with one input at its P10 or its P90 and all others at their points."""

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np

from estimates.engine.assumptions import Assumption, Value
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.num import FloatArray, Num
from estimates.engine.project import ProjectInputs
from estimates.engine.scenario import ScenarioInputs
from estimates.engine.streaming import totals_read
from estimates.engine.uncertain_inputs import OUTER_LEVELS


class Swings:
    """The totals of all scenarios, every key at its P10 and at its P90 in turn, in one evaluation.

    keys  the uncertain keys to move
    An assumption is read as an array of lanes: all points in the first, and two more for each key.
    """

    def __init__(self, inputs: ProjectInputs, keys: Sequence[str]) -> None:
        self._lanes = {key: 1 + 2 * place for place, key in enumerate(keys)}
        self._count = 1 + 2 * len(keys)
        totals = totals_read(inputs, self)
        self._totals: dict[str, FloatArray] = {
            slug: np.broadcast_to(np.asarray(total, dtype=np.float64), self._count)
            for slug, total in totals.items()
        }

    def base(self, scenario: str) -> float:
        """The total with every input at its point: money."""
        return float(self._totals[scenario][0])

    def of(self, scenario: str, key: str) -> tuple[float, float]:
        """The total with `key` at its P10 and at its P90: money."""
        lane = self._lanes[key]
        low, high = self._totals[scenario][lane : lane + 2]
        return float(low), float(high)

    # How totals_read reads the assumptions

    def of_scenario(self, _scenario: ScenarioInputs) -> Value:
        return self._read

    def of_package(
        self, _package: WorkPackageInputs
    ) -> tuple[Value, Callable[[Hours, ScenarioInputs], Hours]]:
        return self._read, lambda hours, _scenario: hours

    def done_with(self, package: WorkPackageInputs) -> None:
        pass  # nothing is kept

    def _read(self, assumption: Assumption) -> Num:
        lane = self._lanes.get(assumption.key) if assumption.law.is_uncertain else None
        if lane is None:
            return np.float64(assumption.point)
        values: Any = np.full(self._count, float(assumption.point))
        values[lane : lane + 2] = assumption.law.ppf(OUTER_LEVELS)
        return cast(Num, values)
