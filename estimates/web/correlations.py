"""The page on which a project says which of its inputs move together."""

from django.http import HttpRequest, HttpResponse

from estimates.selectors import load_plan
from estimates.services.correlations import store_correlations
from estimates.web.correlation_forms import CorrelationsEntry
from estimates.web.projects import address_of, data_of, page_context
from labeling.models import Project, Verb
from labeling.web.entries import answer_entry, form_view
from labeling.web.packages import editable_project

AT = "correlations"


@form_view
def edit_correlations_view(request: HttpRequest, slug: str) -> HttpResponse:
    """All pairs of a project at once, and those that are offered."""
    project = editable_project(request, slug, Verb.EDIT_MONEY)
    entry = CorrelationsEntry(load_plan(project), data_of(request))

    def write() -> str:
        store_correlations(
            project=project,
            expected_version=entry.form.cleaned_data["version"],
            rows=entry.pairs.rows_to_store,
        )
        return address_of(project, AT)

    return answer_entry(
        request,
        entry,
        write=write,
        theirs=lambda: CorrelationsEntry(load_plan(Project.objects.get(pk=project.pk))),
        context=page_context("Inputs that move together", project),
    )
