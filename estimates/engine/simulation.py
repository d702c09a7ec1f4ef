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
from estimates.engine.schedule import SeatsRange, seats_range, weeks_of
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
    sets_the_end      share of draws on which a work package is the slowest, by its slug; on a tie the first
    seats_by_package  seats for the deadline, by slug; empty without a deadline
    should_costs      of each vendor whose rate card states a basis for it, by its slug
    """

    lines: tuple[PricedLine, ...]
    weeks: Any
    weeks_range: WeeksRange | None
    weeks_by_package: dict[str, WeeksRange]
    sets_the_end: dict[str, float]
    seats_by_package: dict[str, SeatsRange]
    should_costs: dict[str, ShouldCostRange]


@dataclass(frozen=True)
class _Scheduled:
    """One staffed work package on all draws."""

    weeks: Num
    spread: WeeksRange
    seats: SeatsRange | None


class _Running:
    """One scenario while the packages are gone through."""

    def __init__(self, scenario: ScenarioInputs, account: Account) -> None:
        self.scenario = scenario
        self.account = account
        self.weeks: Num | None = None
        self.by_package: dict[str, WeeksRange] = {}
        self.seats: dict[str, SeatsRange] = {}
        self._slowest: Any = 0

    def add(self, package: WorkPackageInputs, hours: Hours, scheduled: _Scheduled | None) -> None:
        self.account.add(package, hours)
        if scheduled is None:
            return
        if self.weeks is None:
            self.weeks = scheduled.weeks
        else:
            longer: Any = scheduled.weeks > self.weeks  # type: ignore[operator]  # floats or arrays of them
            self._slowest = np.where(longer, np.uint16(len(self.by_package)), self._slowest)
            self.weeks = maximum(self.weeks, scheduled.weeks)
        self.by_package[package.slug] = scheduled.spread
        if scheduled.seats is not None:
            self.seats[package.slug] = scheduled.seats

    def sets_the_end(self) -> dict[str, float]:
        counts = np.bincount(np.ravel(self._slowest), minlength=len(self.by_package))
        return dict(zip(self.by_package, (counts / counts.sum()).tolist(), strict=True))


class Simulation:
    """All scenarios of a project over one source of draws.

    on_package  called with the number of packages done after each of them
    EngineError names the scenario in which a draw has no finite value.
    """

    def __init__(self, inputs: ProjectInputs, source: Draws, on_package: OnPackage) -> None:
        terms = inputs.terms
        self._source = source
        self._weeks_to_deadline = inputs.weeks_to_deadline
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
        known: dict[Assumption | None, tuple[Hours, _Scheduled | None]] = {}
        for running in self._running.values():
            multiplier = running.scenario.labeling_multiplier
            with refusing(running.scenario):
                if multiplier not in known:
                    hours = hours_of(package, self._source.values, multiplier)
                    known[multiplier] = hours, self._schedule(package, hours)
                running.add(package, *known[multiplier])

    def _schedule(self, package: WorkPackageInputs, hours: Hours) -> _Scheduled | None:
        staffing, until = package.staffing, self._weeks_to_deadline
        if staffing is None:
            return None
        weeks: Any = weeks_of(staffing, self._source.values, total=hours.total)
        seats = None if until is None else seats_range(staffing, hours, self._source.values, weeks=until)
        return _Scheduled(weeks, WeeksRange(*quantiles(weeks, WEEKS_LEVELS)), seats)

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
        return SimulatedScenario(
            lines=lines,
            weeks=running.weeks,
            weeks_range=spread,
            weeks_by_package=running.by_package,
            sets_the_end=running.sets_the_end() if running.by_package else {},
            seats_by_package=running.seats,
            should_costs=should_costs,
        )


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
