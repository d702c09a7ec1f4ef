"""Every scenario's total for any way of reading the assumptions, package by package.

As in estimates.engine.simulation the packages are gone through once, each for all scenarios, so that memory
does not grow with their number.
"""

from collections.abc import Callable
from typing import Any, Protocol

from estimates.engine.assumptions import Assumption, Value
from estimates.engine.costs import Account, total_of
from estimates.engine.effort import Hours, WorkPackageInputs, hours_of
from estimates.engine.project import ProjectInputs
from estimates.engine.scenario import ScenarioInputs
from estimates.engine.simulation import refusing


class Reading(Protocol):
    """A way of reading the assumptions of a project.

    of_scenario  how a scenario's suppliers are read
    of_package   how a work package is read, and what turns its hours into those of one scenario
    done_with    called when a package has been added to every scenario
    """

    def of_scenario(self, scenario: ScenarioInputs) -> Value: ...

    def of_package(
        self, package: WorkPackageInputs
    ) -> tuple[Value, Callable[[Hours, ScenarioInputs], Hours]]: ...

    def done_with(self, package: WorkPackageInputs) -> None: ...


def totals_read(inputs: ProjectInputs, reading: Reading) -> dict[str, Any]:
    """Every scenario's total under a reading, by its slug: of the kind that the reading gives.

    EngineError names the scenario in which an amount has no finite value.
    """
    accounts = {
        scenario.slug: Account(scenario, reading.of_scenario(scenario), inputs.terms)
        for scenario in inputs.scenarios
    }
    for package in inputs.packages:
        value, hours_for = reading.of_package(package)
        # Scenarios that ask for the same hours compute them once.
        known: dict[Assumption | None, Hours] = {}
        for scenario in inputs.scenarios:
            multiplier = scenario.labeling_multiplier
            with refusing(scenario):
                if multiplier not in known:
                    known[multiplier] = hours_of(package, value, multiplier)
                accounts[scenario.slug].add(package, hours_for(known[multiplier], scenario))
        reading.done_with(package)
    totals: dict[str, Any] = {}
    for scenario in inputs.scenarios:
        with refusing(scenario):
            totals[scenario.slug] = total_of(accounts.pop(scenario.slug).cost().lines())
    return totals
