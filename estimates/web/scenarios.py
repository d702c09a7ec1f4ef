"""Pages to enter the scenarios of a project."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from estimates.models import Budget, Scenario
from estimates.services.scenarios import save_scenario
from estimates.web.projects import address_of, data_of, page_context
from estimates.web.scenario_forms import ScenarioEntry
from labeling.models import Project, User, Verb
from labeling.services.plans import remove_row
from labeling.web.entries import answer_entry, form_view
from labeling.web.packages import editable_project, move
from labeling.web.removing import answer_removal
from labeling.web.requests import signed_in
from wording import listed

AT = "scenarios"


def scenario_entry(
    user: User, project: Project, scenario: Scenario | None, data: Any = None, model: Scenario | None = None
) -> ScenarioEntry:
    budget = Budget.objects.filter(project=project).first()
    return ScenarioEntry(
        user=user,
        packages=list(project.packages.select_related("tier")),
        currency=budget.currency if budget is not None else "",
        scenario=scenario,
        data=data,
        model=model,
    )


@form_view
def add_scenario_view(request: HttpRequest, slug: str) -> HttpResponse:
    """A new scenario, from nothing or from another of the project (?like=its-slug)."""
    project = editable_project(request, slug, Verb.EDIT_MONEY)
    like = project.scenarios.filter(slug__in=[request.GET.get("like", "")[:50].replace("\x00", "")]).first()
    entry = scenario_entry(signed_in(request), project, None, data_of(request), model=like)

    def write() -> str:
        save_scenario(
            project=project,
            scenario=None,
            expected_version=None,
            fields=entry.form.content,
            allocations=entry.splits.rows_to_store,
            assumptions=entry.assumptions.rows_to_store,
            like=like,
        )
        return address_of(project, AT)

    levers = [] if like is None else [lever.get_kind_display() for lever in like.levers.all()]
    text = f"With the levers of {like}: {listed(levers)}." if levers else ""
    return answer_entry(request, entry, write=write, context=page_context("New scenario", project, text=text))


@form_view
def edit_scenario_view(request: HttpRequest, slug: str, scenario_slug: str) -> HttpResponse:
    user = signed_in(request)
    project = editable_project(request, slug, Verb.EDIT_MONEY)
    scenario = get_object_or_404(project.scenarios.all(), slug=scenario_slug)
    entry = scenario_entry(user, project, scenario, data_of(request))

    def write() -> str:
        save_scenario(
            project=project,
            scenario=scenario,
            expected_version=entry.form.cleaned_data["version"],
            fields=entry.form.content,
            allocations=entry.splits.rows_to_store,
            assumptions=entry.assumptions.rows_to_store,
        )
        return address_of(project, AT)

    removal = reverse("estimates:remove-scenario", args=[project.slug, scenario.slug])
    like = reverse("estimates:add-scenario", args=[project.slug]) + f"?like={scenario.slug}"
    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: scenario_entry(user, project, Scenario.objects.get(pk=scenario.pk)),
        context=page_context(
            scenario.name, project, remove=removal, copies=[("New scenario like this", like)]
        ),
    )


@form_view
def remove_scenario_view(request: HttpRequest, slug: str, scenario_slug: str) -> HttpResponse:
    project = editable_project(request, slug, Verb.EDIT_MONEY)
    scenario = get_object_or_404(project.scenarios.all(), slug=scenario_slug)
    return answer_removal(
        request,
        scenario,
        remove=lambda version: remove_row(scenario, expected_version=version),
        leads_to=address_of(project, AT),
        context=page_context(
            f"Remove {scenario.name}?",
            project,
            sentence="Vendors, rate cards and teams stay. Reports that were made keep their figures.",
            verb="Remove",
        ),
    )


@login_required
@require_POST
def move_scenario_view(request: HttpRequest, slug: str, scenario_slug: str) -> HttpResponse:
    project = editable_project(request, slug, Verb.EDIT_MONEY)
    scenario = get_object_or_404(project.scenarios.all(), slug=scenario_slug)
    move(request, project, project.scenarios.all(), scenario)
    return redirect(address_of(project, AT))
