"""The rows of the portfolio, in a fixed number of queries."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max, QuerySet

from estimates.models import BudgetReport
from estimates.selectors import newest_reports
from estimates.web.presenting import present_headline
from labeling.models import Project, User, Verb

# What a project's newest report says of its state, in the words of the list.
WORDS = {
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


def portfolio_rows(user: User, projects: QuerySet[Project]) -> list[dict[str, Any]]:
    """Each project with its figures, where this person may see money."""
    shown = list(projects.select_related("budget").prefetch_related("packages"))
    priced = set(Project.objects.where_may(user, Verb.SEE_MONEY).values_list("pk", flat=True))
    seen = [project for project in shown if project.pk in priced]
    reports, states = newest_reports(seen), newest_states(seen)
    return [
        {
            "project": project,
            "packages_count": len(project.packages.all()),
            "sees_money": project.pk in priced,
            "report": reports.get(project.pk),
            "headline": present_headline(reports.get(project.pk)),
            "state": states.get(project.pk, ""),
            "state_words": WORDS.get(BudgetReport.State(states[project.pk]), "")
            if project.pk in states
            else "not priced",
        }
        for project in shown
    ]
