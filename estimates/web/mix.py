"""Pages of a project's least-cost mix: its rules, the mix, and storing it as a scenario."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from estimates.errors import PricingError
from estimates.models import MixRules
from estimates.selectors import load_plan
from estimates.services.mix import (
    QUICK_DRAWS,
    mix_of,
    remove_mix_rules,
    save_mix_as_scenario,
    save_mix_rules,
)
from estimates.web.mix_forms import MixEntry, SaveMixEntry
from estimates.web.projects import address_of, data_of, page_context, report_context
from estimates.web.scenario_forms import Suppliers
from labeling.models import Project, User, Verb
from labeling.selectors import verbs_on
from labeling.web.entries import answer_entry, form_view
from labeling.web.packages import editable_project
from labeling.web.removing import answer_removal
from labeling.web.requests import project_where, signed_in


def rules_of(project: Project) -> MixRules | None:
    rules = MixRules.objects.filter(budget__project=project)
    return rules.select_related("budget__project", "terms_of").first()


def mix_address(project: Project) -> str:
    return reverse("estimates:mix", args=[project.slug])


def mix_context(heading: str, project: Project, **more: Any) -> dict[str, Any]:
    """What a form page of the mix shows around its form."""
    trail = [(project.name, address_of(project)), ("Least-cost mix", mix_address(project))]
    return page_context(heading, project, **{"trail": trail, "back": mix_address(project), **more})


def mix_entry(user: User, project: Project, rules: MixRules | None, data: Any = None) -> MixEntry:
    return MixEntry(
        rules,
        packages=list(project.packages.all()),
        scenarios=project.scenarios.all(),
        suppliers=Suppliers.visible_to(user),
        data=data,
    )


@login_required
@require_safe
def mix_view(request: HttpRequest, slug: str) -> HttpResponse:
    """The rules, and the mix of the newest report where it still holds; else it is worked out beside."""
    user = signed_in(request)
    project = project_where(user, Verb.SEE_MONEY, slug)
    plan = load_plan(project)
    document = report_context(plan)["document"] if plan.mix_rules is not None else None
    context = {
        "project": project,
        "room": "portfolio",
        "rules": plan.mix_rules,
        "has_budget": plan.budget is not None,
        "document": document,
        "mix": document.get("mix") if document else None,
        "answer_url": reverse("estimates:mix-answer", args=[project.slug]),
        "may_edit_money": Verb.EDIT_MONEY in verbs_on(user, project) and not project.is_archived,
    }
    return render(request, "estimates/mix.html", context)


@login_required
@require_safe
def mix_answer_view(request: HttpRequest, slug: str) -> HttpResponse:
    """The mix as the plan stands, on fewer outcomes than a report has. Nothing is stored."""
    project = project_where(signed_in(request), Verb.SEE_MONEY, slug)
    rules = get_object_or_404(MixRules, budget__project=project)
    context: dict[str, Any] = {"project": project, "room": "portfolio"}
    try:
        context["mix"] = mix_of(project, draws=QUICK_DRAWS)
        context["currency"] = rules.budget.currency
    except PricingError as error:
        context["problem"] = str(error)
    is_part = getattr(request, "htmx", False)
    answer = render(request, "estimates/_mix.html" if is_part else "estimates/mix_answer.html", context)
    answer.headers["Vary"] = "HX-Request"
    return answer


@form_view
def edit_mix_view(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    project = editable_project(request, slug, Verb.EDIT_MONEY)
    entry = mix_entry(user, project, rules_of(project), data_of(request))

    def write() -> str:
        version = entry.form.cleaned_data["version"]
        save_mix_rules(project=project, expected_version=version, **entry.form.rules)
        return mix_address(project)

    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: mix_entry(user, project, MixRules.objects.get(budget__project=project)),
        context=mix_context(
            "Rules of the mix",
            project,
            text="What is left empty limits nothing. Capacities and error rates "
            "stand with the suppliers, the deadline with the project.",
        ),
    )


@form_view
def remove_mix_view(request: HttpRequest, slug: str) -> HttpResponse:
    project = editable_project(request, slug, Verb.EDIT_MONEY)
    rules = get_object_or_404(MixRules, budget__project=project)
    return answer_removal(
        request,
        rules,
        remove=lambda version: remove_mix_rules(rules=rules, expected_version=version),
        leads_to=mix_address(project),
        context=mix_context(
            "Remove the rules of the mix?",
            project,
            sentence="The project then has no mix. Reports that were made keep theirs.",
            verb="Remove",
        ),
    )


@form_view
def save_mix_view(request: HttpRequest, slug: str) -> HttpResponse:
    """Store the mix as a scenario of the project."""
    project = editable_project(request, slug, Verb.EDIT_MONEY)
    rules = get_object_or_404(MixRules, budget__project=project)
    entry = SaveMixEntry(rules, data_of(request))

    def write() -> str:
        said = entry.form.cleaned_data
        try:
            scenario = save_mix_as_scenario(
                project=project, expected_version=said["version"], name=said["name"]
            )
        except PricingError as error:
            raise ValidationError(str(error)) from None
        return address_of(project, f"scenario-{scenario.slug}")

    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: SaveMixEntry(MixRules.objects.get(pk=rules.pk)),
        context=mix_context(
            "Save the mix as a scenario",
            project,
            text="Its shares are stored as they come out now; later changes of the rules do not move them.",
        ),
    )
