"""Every scenario of a project over the same draws, package by package.

The packages are gone through once, each for all scenarios, and what only one package reads is forgotten
with it: memory does not grow with the number of packages, and neither does the time each of them takes.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import localcontext
from typing import Any

import numpy as np

from estimates.engine.assumptions import Assumption
from estimates.engine.costs import Account, PricedLine
from estimates.engine.effort import Hours, WorkPackageInputs, hours_of
from estimates.engine.errors import EngineError
from estimates.engine.num import Num, maximum
from estimates.engine.points import EXACT
from estimates.engine.project import ProjectInputs
from estimates.engine.scenario import ScenarioInputs
from estimates.engine.schedule import weeks_of
from estimates.engine.should_cost import ShouldCostRange, spread_of
from estimates.engine.simulate import Draws
from estimates.engine.summary import quantiles

WEEKS_LEVELS = (0.5, 0.9)

OnPackage = Callable[[int], None]


@dataclass(frozen=True)
class WeeksRange:
    """P50 and P90 of the weeks that something takes."""

    p50: float
    p90: float


@dataclass(frozen=True)
class SimulatedScenario:
    """A scenario over all draws.

    lines             amounts are draws, or floats when nothing in them is uncertain
    weeks             of the slowest staffed work package on each draw; None when none is staffed
    weeks_range       P50 and P90 of these
    weeks_by_package  P50 and P90 of each staffed work package, by its slug
    should_costs      of each vendor whose rate card states a basis for it, by its slug
    """

    lines: tuple[PricedLine, ...]
    weeks: Any
    weeks_range: WeeksRange | None
    weeks_by_package: dict[str, WeeksRange]
    should_costs: dict[str, ShouldCostRange]


class _Running:
    """One scenario while the packages are gone through."""

    def __init__(self, scenario: ScenarioInputs, account: Account) -> None:
        self.scenario = scenario
        self.account = account
        self.weeks: Num | None = None
        self.by_package: dict[str, WeeksRange] = {}

    def add(self, package: WorkPackageInputs, hours: Hours, weeks: tuple[Num, WeeksRange] | None) -> None:
        self.account.add(package, hours)
        if weeks is not None:
            self.weeks = weeks[0] if self.weeks is None else maximum(self.weeks, weeks[0])
            self.by_package[package.slug] = weeks[1]


class Simulation:
    """All scenarios of a project over one source of draws.

    on_package  called with the number of packages done after each of them
    EngineError names the scenario in which a draw has no finite value.
    """

    def __init__(self, inputs: ProjectInputs, source: Draws, on_package: OnPackage) -> None:
        terms = inputs.terms
        self._source = source
        self._running = {
            scenario.slug: _Running(scenario, Account(scenario, source.values, terms))
            for scenario in inputs.scenarios
        }
        readers = Counter(
            key for package in inputs.packages for key in {each.key for each in package.assumptions}
        )
        if len(inputs.packages) == 1:
            source.prepare_all()
        for done, package in enumerate(inputs.packages, start=1):
            own = package.assumptions
            source.prepare(own)
            self._add(package)
            source.forget(each for each in own if readers[each.key] == 1)
            on_package(done)
        source.prepare(inputs.scenario_assumptions())

    def _add(self, package: WorkPackageInputs) -> None:
        """Add one package to every scenario; scenarios that ask for the same hours compute them once."""
        known: dict[Assumption | None, tuple[Hours, tuple[Num, WeeksRange] | None]] = {}
        for running in self._running.values():
            multiplier = running.scenario.labeling_multiplier
            with refusing(running.scenario):
                if multiplier not in known:
                    hours = hours_of(package, self._source.values, multiplier)
                    known[multiplier] = hours, self._weeks(package, hours)
                running.add(package, *known[multiplier])

    def _weeks(self, package: WorkPackageInputs, hours: Hours) -> tuple[Num, WeeksRange] | None:
        if package.staffing is None:
            return None
        weeks: Any = weeks_of(package.staffing, self._source.values, total=hours.total)
        return weeks, WeeksRange(*quantiles(weeks, WEEKS_LEVELS))

    def finish(self, scenario: ScenarioInputs) -> SimulatedScenario:
        """A scenario with all its packages; each scenario is finished once, and its memory handed over."""
        running = self._running.pop(scenario.slug)
        with refusing(scenario):
            cost = running.account.cost()
            lines = cost.lines()
            should_costs = {
                vendor.offer.slug: spread_of(vendor.should_cost)
                for vendor in cost.vendors
                if vendor.should_cost is not None
            }
        spread = None
        if len(running.by_package) == 1:
            (spread,) = running.by_package.values()
        elif running.weeks is not None:
            weeks: Any = running.weeks
            spread = WeeksRange(*quantiles(weeks, WEEKS_LEVELS))
        return SimulatedScenario(lines, running.weeks, spread, running.by_package, should_costs)


@contextmanager
def refusing(scenario: ScenarioInputs) -> Iterator[None]:
    """Turn an overflow or a division by zero in any draw into a refusal that names the scenario."""
    try:
        with np.errstate(over="raise", divide="raise", invalid="raise"), localcontext(EXACT):
            yield
    except ArithmeticError as error:
        raise EngineError(
            f"Scenario {scenario.name} cannot be priced: an amount has no finite value."
        ) from error
