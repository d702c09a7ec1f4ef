"""Pages to enter the work packages of a project."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from labeling.models import Project, Verb, WorkPackage
from labeling.services.ordering import move_row
from labeling.services.plans import remove_row, save_package
from labeling.web.entries import answer_entry, form_view, place_in
from labeling.web.package_forms import PackageEntry
from labeling.web.removing import answer_removal
from labeling.web.requests import signed_in


def plan_address(project: Project) -> str:
    return reverse("estimates:project-detail", args=[project.slug]) + "#plan"


def editable_project(request: HttpRequest, slug: str, verb: Verb) -> Project:
    """A project that this person may change.

    Of one in the archive no form is opened. What was typed into a form before somebody archived it comes back
    with the service's refusal.
    """
    allowed = Project.objects.where_may(request.user, verb)
    return get_object_or_404(allowed if request.method == "POST" else allowed.active(), slug=slug)


def move(request: HttpRequest, project: Project, siblings: QuerySet[Any], row: Any) -> None:
    """Move a row to the place that was asked for. In the archive it stays; the project's page says why."""
    try:
        move_row(project=project, siblings=siblings, row=row, to=place_in(request))
    except ValidationError as error:
        if error.code != "archived":
            raise


def package_context(project: Project, heading: str) -> dict[str, Any]:
    return {
        "heading": heading,
        "trail": [(project.name, reverse("estimates:project-detail", args=[project.slug]))],
        "back": plan_address(project),
        "room": "portfolio",
    }


@form_view
def add_package_view(request: HttpRequest, slug: str) -> HttpResponse:
    user = signed_in(request)
    project = editable_project(request, slug, Verb.EDIT_PLAN)
    entry = PackageEntry(user=user, package=None, data=request.POST if request.method == "POST" else None)

    def write() -> str:
        save_package(
            project=project,
            package=None,
            expected_version=None,
            fields=entry.fields,
            assumptions=entry.assumptions.rows_to_store,
        )
        return plan_address(project)

    return answer_entry(request, entry, write=write, context=package_context(project, "New work package"))


@form_view
def edit_package_view(request: HttpRequest, slug: str, package_slug: str) -> HttpResponse:
    user = signed_in(request)
    project = editable_project(request, slug, Verb.EDIT_PLAN)
    package = get_object_or_404(project.packages.all(), slug=package_slug)
    entry = PackageEntry(user=user, package=package, data=request.POST if request.method == "POST" else None)

    def write() -> str:
        save_package(
            project=project,
            package=package,
            expected_version=entry.form.cleaned_data["version"],
            fields=entry.fields,
            assumptions=entry.assumptions.rows_to_store,
        )
        return plan_address(project)

    context = package_context(project, package.name) | {
        "remove": reverse("labeling:remove-package", args=[project.slug, package.slug]),
    }
    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: PackageEntry(user=user, package=WorkPackage.objects.get(pk=package.pk)),
        context=context,
    )


@form_view
def remove_package_view(request: HttpRequest, slug: str, package_slug: str) -> HttpResponse:
    project = editable_project(request, slug, Verb.EDIT_PLAN)
    package = get_object_or_404(project.packages.all(), slug=package_slug)
    scenarios = package.allocations.values("scenario").distinct().count()
    consequence = "Its assumptions go with it"
    if scenarios:
        consequence += f", and so does what {scenarios} scenario{'' if scenarios == 1 else 's'} say about it"
    return answer_removal(
        request,
        package,
        remove=lambda version: remove_row(package, expected_version=version),
        leads_to=plan_address(project),
        context=package_context(project, f"Remove {package.name}?")
        | {"sentence": f"{consequence}. Reports that were made keep their figures.", "verb": "Remove"},
    )


@login_required
@require_POST
def move_package_view(request: HttpRequest, slug: str, package_slug: str) -> HttpResponse:
    project = editable_project(request, slug, Verb.EDIT_PLAN)
    package = get_object_or_404(project.packages.all(), slug=package_slug)
    move(request, project, project.packages.all(), package)
    return redirect(plan_address(project))
