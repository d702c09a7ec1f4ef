"""What makes a scenario's total less than it will be, in sentences that belong beside the total."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import cast

from estimates.engine.assumptions import constant, point_of
from estimates.engine.costs import cost_lines, total_of
from estimates.engine.document import Printer, count, quantity
from estimates.engine.effort import WorkPackageInputs
from estimates.engine.in_house import InHouseTeam
from estimates.engine.points import PointPrice
from estimates.engine.project import ProjectInputs
from estimates.engine.scenario import ScenarioInputs
from wording import listed

NAMED_AT_MOST = 3
"""So many work packages are named; the others are counted."""


def warnings_of(scenario: ScenarioInputs, point: PointPrice, inputs: ProjectInputs) -> list[str]:
    """The warnings of one scenario, most weighty first; under the context EXACT."""
    late = sorted(_late_work(scenario, point, inputs), key=lambda work: work.planned - work.weeks)
    if not late:
        return []
    said = [_sentence(work) for work in late[:NAMED_AT_MOST]]
    unnamed = len(late) - NAMED_AT_MOST
    if unnamed > 0:
        more = "One more work package takes" if unnamed == 1 else f"{unnamed} more work packages take"
        said.append(f"{more} longer than planned.")
    return [*said, _if_planned(late, scenario, point, inputs)]


@dataclass(frozen=True)
class _LateWork:
    """A work package that a team needs more weeks for than are planned.

    weeks, planned  that the planned seats need, and that they are kept
    paid            what is paid for the planned weeks only, in words
    """

    package: WorkPackageInputs
    weeks: Decimal
    planned: Decimal
    paid: tuple[str, ...]


def _late_work(scenario: ScenarioInputs, point: PointPrice, inputs: ProjectInputs) -> Iterator[_LateWork]:
    by_package = scenario.by_package()
    packages = {package.slug: package for package in inputs.packages}
    for scheduled in point.schedule:
        package = packages[scheduled.slug]
        assert package.staffing is not None  # it has weeks
        # As it is printed: a difference that nobody can see is none.
        weeks = Decimal(quantity(scheduled.weeks))
        planned = Decimal(quantity(point_of(package.staffing.planned_weeks)))
        teams = [
            allocation.supplier
            for allocation in by_package[scheduled.slug]
            if isinstance(allocation.supplier, InHouseTeam)
        ]
        paid = tuple(_paid_by_the_week(teams))
        if teams and package.staffing.attrition_per_week.point > 0:
            paid += ("hires",)
        if paid and weeks > planned:
            yield _LateWork(package, weeks, planned, paid)


def _paid_by_the_week(teams: Sequence[InHouseTeam]) -> Iterator[str]:
    """What any of the teams pays for as long as seats are kept."""
    fields = {
        "seats": "seat_cost_per_month",
        "guaranteed hours": "guaranteed_hours_per_week",
        "leads": "lead_cost_per_week",
        "quality leads": "qa_cost_per_week",
        "project management": "project_management_cost_per_week",
    }
    for words, field in fields.items():
        if any(getattr(team, field) is not None for team in teams):
            yield words


def _sentence(work: _LateWork) -> str:
    planned = f"{count(work.planned)} planned {'week' if work.planned == 1 else 'weeks'}"
    return (
        f"Work package “{work.package.name}” takes {count(work.weeks)} weeks at this team's pace, but its "
        f"{listed(work.paid)} are paid for {planned}: plan more weeks or more seats."
    )


def _if_planned(
    late: Sequence[_LateWork], scenario: ScenarioInputs, point: PointPrice, inputs: ProjectInputs
) -> str:
    """What the scenario would cost more if the weeks that are needed were planned."""
    longer = {
        work.package.slug: replace(work.package.staffing, planned_weeks=constant(work.weeks))
        for work in late
        if work.package.staffing is not None
    }
    packages = [
        replace(package, staffing=longer.get(package.slug, package.staffing)) for package in inputs.packages
    ]
    lines, _ = cost_lines(scenario, packages, point_of, terms=inputs.terms)
    more = cast(Decimal, total_of(lines)) - point.cost.total
    weeks = "these weeks" if len(late) > 1 else f"{count(late[0].weeks)} weeks"
    return (
        f"Planned for {weeks}, “{scenario.name}” costs {Printer(inputs.currency).sentence_money(more)} more."
    )
