"""Everything a price is made from, checked as a whole."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from estimates.engine.assumptions import Assumption
from estimates.engine.effort import WorkPackageInputs
from estimates.engine.errors import EngineError
from estimates.engine.money import minor_unit
from estimates.engine.published import Claim, TrainingRun
from estimates.engine.scenario import ScenarioInputs, first_repeated


@dataclass(frozen=True)
class ProjectInputs:
    """A project to price.

    project, name   slug and name
    currency        ISO 4217; every amount of the project is in it
    packages        at least one, each slug once
    scenarios       at least one, each slug once; each allocates every package
    dimensions      the Sobol dimension of every uncertain key in use; others are ignored
    baseline        slug of the scenario whose total is set against training costs
    budget_limit    money; None when there is none
    EngineError names what is missing, doubled or unknown.
    """

    project: str
    name: str
    currency: str
    packages: tuple[WorkPackageInputs, ...]
    scenarios: tuple[ScenarioInputs, ...]
    dimensions: Mapping[str, int]
    baseline: str
    budget_limit: Decimal | None = None
    training_runs: tuple[TrainingRun, ...] = ()
    claims: tuple[Claim, ...] = ()

    def __post_init__(self) -> None:
        minor_unit(self.currency)
        if not self.packages:
            raise EngineError("There is no work package to price.", field="packages")
        if not self.scenarios:
            raise EngineError("There is no scenario to price.", field="scenarios")
        _require_distinct([package.slug for package in self.packages], "work packages", "packages")
        _require_distinct([scenario.slug for scenario in self.scenarios], "scenarios", "scenarios")
        for scenario in self.scenarios:
            scenario.supplier_of_each(self.packages)
        self.scenario(self.baseline, asked_by="The baseline")
        for claim in self.claims:
            self.scenario(claim.scenario, asked_by=f'The claim "{claim.text}"')
        if self.budget_limit is not None and not self.budget_limit.is_finite():
            raise EngineError(
                f"The budget limit must be finite, not {self.budget_limit}.", field="budget_limit"
            )

    def scenario(self, slug: str, *, asked_by: str) -> ScenarioInputs:
        """The scenario called `slug`; EngineError says who asked for one that is not there."""
        for scenario in self.scenarios:
            if scenario.slug == slug:
                return scenario
        raise EngineError(
            f"{asked_by} names scenario {slug}, which the project does not have.", field="scenarios"
        )

    def assumptions(self) -> tuple[Assumption, ...]:
        """Every assumption in use, each once, in the order packages and scenarios hold them."""
        return tuple(dict.fromkeys(self._held()))

    def used_dimensions(self) -> dict[str, int]:
        """The dimensions of the uncertain keys in use."""
        keys = dict.fromkeys(each.key for each in self._held() if each.law.is_uncertain)
        return {key: self.dimensions[key] for key in keys if key in self.dimensions}

    def _held(self) -> Iterator[Assumption]:
        for package in self.packages:
            yield from _fields(package.effort)
            if package.staffing is not None:
                yield from _fields(package.staffing)
        for scenario in self.scenarios:
            for supplier in scenario.suppliers:
                yield from _fields(supplier)
            yield from _fields(scenario)


def _fields(holder: Any) -> Iterator[Assumption]:
    for field in holder.BOUNDS:
        assumption: Assumption | None = getattr(holder, field)
        if assumption is not None:
            yield assumption


def _require_distinct(slugs: Sequence[str], words: str, field: str) -> None:
    slug = first_repeated(slugs)
    if slug is not None:
        raise EngineError(f"Two {words} are called {slug}.", field=field)
