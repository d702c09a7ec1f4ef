"""The uncertain inputs of a scenario, as a reader knows them: one a key, whoever reads it."""

from collections.abc import Iterator
from dataclasses import dataclass

from estimates.engine.assumptions import Assumption, held_by, spoken
from estimates.engine.project import ProjectInputs
from estimates.engine.scenario import ScenarioInputs
from wording import listed

OUTER_LEVELS = (0.1, 0.9)
"""The levels that an input is set to in turn: its own P10 and P90."""


@dataclass(frozen=True)
class InputReading:
    """One owner's reading of a key: what it is called there, and its P10 and P90 in its unit."""

    owner: str
    label: str
    unit: str
    p10: float
    p90: float


@dataclass(frozen=True)
class UncertainInput:
    """One uncertain quantity of a scenario: everything that is drawn under its key.

    readings  at least one; two laws that read one key are one input with two readings
    """

    key: str
    readings: tuple[InputReading, ...]

    @property
    def label(self) -> str:
        return " / ".join(dict.fromkeys(each.label for each in self.readings))

    @property
    def owner(self) -> str:
        return listed(dict.fromkeys(each.owner for each in self.readings))


def uncertain_inputs(inputs: ProjectInputs, scenario: ScenarioInputs) -> tuple[UncertainInput, ...]:
    """The uncertain inputs that a scenario holds, in the order of packages, suppliers, scenario and
    exchange rates."""
    found: dict[str, dict[tuple[str, Assumption], None]] = {}
    for owner, assumption in _owned(inputs, scenario):
        if assumption.law.is_uncertain:
            found.setdefault(assumption.key, {})[owner, assumption] = None
    return tuple(
        UncertainInput(key, tuple(_reading(owner, assumption) for owner, assumption in readings))
        for key, readings in found.items()
    )


def _owned(inputs: ProjectInputs, scenario: ScenarioInputs) -> Iterator[tuple[str, Assumption]]:
    for package in inputs.packages:
        for assumption in package.assumptions:
            yield package.name, assumption
    for supplier in scenario.suppliers:
        for assumption in held_by(supplier):
            yield supplier.name, assumption
    for assumption in held_by(scenario):
        yield scenario.name, assumption
    for lever in scenario.levers:
        for assumption in held_by(lever):
            yield f"{scenario.name}: {lever.WORDS}", assumption
    for assumption in inputs.exchange_assumptions([scenario]):
        yield "Exchange rates", assumption


def _reading(owner: str, assumption: Assumption) -> InputReading:
    p10, p90 = assumption.law.ppf(OUTER_LEVELS)
    label = assumption.label or spoken(assumption.name) or assumption.key
    return InputReading(owner, label, assumption.unit, float(p10), float(p90))
