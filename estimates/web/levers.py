"""Pages to enter the levers of a scenario, and to switch them."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from estimates.models import Budget, LeverKind, Scenario, ScenarioLever
from estimates.services.levers import save_lever, switch_lever
from estimates.web.lever_forms import LeverEntry
from estimates.web.lever_layout import ABOUT
from estimates.web.projects import address_of, data_of, page_context
from labeling.models import Verb
from labeling.services.plans import remove_row
from labeling.web.entries import answer_entry, exists_if, form_view
from labeling.web.packages import editable_project
from labeling.web.removing import answer_removal

AT = "scenarios"


def editable_scenario(request: HttpRequest, slug: str, scenario_slug: str) -> Scenario:
    project = editable_project(request, slug, Verb.EDIT_MONEY)
    scenario: Scenario = get_object_or_404(project.scenarios.select_related("project"), slug=scenario_slug)
    return scenario


def lever_of(scenario: Scenario, kind: str) -> ScenarioLever:
    lever: ScenarioLever = get_object_or_404(scenario.levers.select_related("scenario__project"), kind=kind)
    return lever


def lever_entry(scenario: Scenario, kind: str, lever: ScenarioLever | None, data: Any = None) -> LeverEntry:
    budget = Budget.objects.filter(project=scenario.project).first()
    return LeverEntry(
        kind=kind,
        packages=list(scenario.project.packages.all()),
        currency=budget.currency if budget is not None else "",
        lever=lever,
        data=data,
    )


@login_required
@require_safe
def choose_lever_view(request: HttpRequest, slug: str, scenario_slug: str) -> HttpResponse:
    """Which lever to add; those that are there already are not offered."""
    scenario = editable_scenario(request, slug, scenario_slug)
    there = set(scenario.levers.values_list("kind", flat=True))
    context = page_context(
        f"Add a lever to {scenario.name}",
        scenario.project,
        levers=[
            {
                "name": kind.label,
                "about": ABOUT[kind],
                "address": reverse("estimates:add-lever", args=[slug, scenario_slug, kind.value]),
            }
            for kind in LeverKind
            if kind.value not in there
        ],
    )
    return render(request, "estimates/levers.html", context)


@form_view
def add_lever_view(request: HttpRequest, slug: str, scenario_slug: str, kind: str) -> HttpResponse:
    scenario = editable_scenario(request, slug, scenario_slug)
    exists_if(kind in LeverKind.values)
    entry = lever_entry(scenario, kind, None, data_of(request))

    def write() -> str:
        save_lever(
            scenario=scenario,
            lever=None,
            expected_version=None,
            fields={"kind": kind, **entry.fields},
            packages=entry.packages,
            assumptions=entry.assumptions.rows_to_store,
            list_price=entry.list_price,
        )
        return address_of(scenario.project, AT)

    context = page_context(f"{entry.kind.label} for {scenario.name}", scenario.project, text=ABOUT[kind])
    return answer_entry(request, entry, write=write, context=context)


@form_view
def edit_lever_view(request: HttpRequest, slug: str, scenario_slug: str, kind: str) -> HttpResponse:
    scenario = editable_scenario(request, slug, scenario_slug)
    lever = lever_of(scenario, kind)
    entry = lever_entry(scenario, kind, lever, data_of(request))

    def write() -> str:
        save_lever(
            scenario=scenario,
            lever=lever,
            expected_version=entry.form.cleaned_data["version"],
            fields=entry.fields,
            packages=entry.packages,
            assumptions=entry.assumptions.rows_to_store,
            list_price=entry.list_price,
        )
        return address_of(scenario.project, AT)

    removal = reverse("estimates:remove-lever", args=[slug, scenario_slug, kind])
    heading = f"{entry.kind.label} of {scenario.name}"
    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: lever_entry(scenario, kind, ScenarioLever.objects.get(pk=lever.pk)),
        context=page_context(heading, scenario.project, text=ABOUT[kind], remove=removal),
    )


@form_view
def remove_lever_view(request: HttpRequest, slug: str, scenario_slug: str, kind: str) -> HttpResponse:
    scenario = editable_scenario(request, slug, scenario_slug)
    lever = lever_of(scenario, kind)
    return answer_removal(
        request,
        lever,
        remove=lambda version: remove_row(lever, expected_version=version),
        leads_to=address_of(scenario.project, AT),
        context=page_context(
            f"Remove {lever.get_kind_display()} of {scenario.name}?",
            scenario.project,
            sentence="To keep its inputs for later, switch it off instead. Reports keep their figures.",
            verb="Remove",
        ),
    )


@form_view
def switch_lever_view(
    request: HttpRequest, slug: str, scenario_slug: str, kind: str, is_on: bool
) -> HttpResponse:
    """Switch a lever from the scenario's own row, or from this page where that was refused."""
    scenario = editable_scenario(request, slug, scenario_slug)
    lever = lever_of(scenario, kind)
    state = "on" if is_on else "off"
    return answer_removal(
        request,
        lever,
        remove=lambda version: switch_lever(lever=lever, is_on=is_on, expected_version=version),
        leads_to=address_of(scenario.project, AT),
        context=page_context(
            f"Switch {state} {lever.get_kind_display()} of {scenario.name}?",
            scenario.project,
            sentence="Its inputs stay as they are.",
            verb=f"Switch {state}",
        ),
    )
