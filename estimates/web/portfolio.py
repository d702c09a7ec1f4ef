"""The rows of the portfolio, in a fixed number of queries."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, QuerySet

from estimates.models import BudgetReport
from estimates.selectors import newest_reports
from estimates.web.presenting import present_headline
from labeling.models import Project

# What a project's newest report says of its state, in the words of the list.
WORDS: dict[str, str] = {
    BudgetReport.State.WAITING: "being priced",
    BudgetReport.State.RUNNING: "being priced",
    BudgetReport.State.DONE: "priced",
    BudgetReport.State.FAILED: "could not be priced",
}


def newest_states(projects: Iterable[Project]) -> dict[int, str]:
    """The state of each project's newest report, by the project's primary key."""
    newest = (
        BudgetReport.objects.filter(project__in=projects)
        .values("project")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    return dict(BudgetReport.objects.filter(pk__in=newest).values_list("project", "state"))


def portfolio_rows(projects: QuerySet[Project]) -> list[dict[str, Any]]:
    """Projects whose money the reader may see, each with its figures and where its price stands."""
    shown = list(projects.select_related("budget").prefetch_related("packages"))
    reports, states = newest_reports(shown), newest_states(shown)
    return [
        {
            "project": project,
            "packages_count": len(project.packages.all()),
            "report": reports.get(project.pk),
            "headline": present_headline(reports.get(project.pk)),
            "state": states.get(project.pk, ""),
            "state_words": WORDS.get(states.get(project.pk, ""), "not priced"),
        }
        for project in shown
    ]
