"""Reads that span models, shared by services, pages and commands."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Max

from estimates.models import Budget, BudgetReport, DrawDimension, Scenario
from labeling.models import Project, WorkPackage


@dataclass(frozen=True)
class Plan:
    """A project with everything its price depends on, loaded once."""

    project: Project
    budget: Budget | None
    packages: list[WorkPackage]
    scenarios: list[Scenario]
    dimensions: dict[str, int]


def load_plan(project: Project) -> Plan:
    """The project's plan in a fixed number of queries, however large it is."""
    return Plan(
        project=project,
        budget=Budget.objects.filter(project=project).prefetch_related("training_runs").first(),
        packages=list(project.packages.select_related("tier").prefetch_related("assumptions")),
        scenarios=list(
            project.scenarios.prefetch_related(
                "assumptions",
                "claims",
                "allocations__package",
                "allocations__rate_card__vendor",
                "allocations__rate_card__assumptions",
                "allocations__team__assumptions",
            )
        ),
        dimensions=dict(DrawDimension.objects.filter(project=project).values_list("key", "dimension")),
    )


def newest_reports(projects: Iterable[Project]) -> dict[int, BudgetReport]:
    """The newest finished report of each project, by the project's primary key."""
    newest = (
        BudgetReport.objects.filter(project__in=projects, state=BudgetReport.State.DONE)
        .values("project")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    reports = BudgetReport.objects.filter(pk__in=newest).defer("inputs")
    return {report.project_id: report for report in reports}
