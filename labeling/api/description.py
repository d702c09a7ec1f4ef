"""The API's description, the page to try it, and what its problems mean."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from labeling.api.problems import KINDS
from labeling.api.resources import ApiView


class SchemaView(ApiView, SpectacularAPIView):
    """OpenAPI 3.1, as YAML or, with `?format=json`, as JSON. It says what anybody may know."""

    permission_classes = []


class DocsView(SpectacularSwaggerSplitView):
    """Swagger from our own files, its script apart from the page: nothing is inline."""

    url_name = "api:schema"
    template_name = "api/docs.html"


schema_view = SchemaView.as_view()
docs_view = login_required(DocsView.as_view())


def problems_view(request: HttpRequest) -> HttpResponse:
    """What the `type` of a problem leads to."""
    return render(request, "api/problems.html", {"kinds": KINDS.values()})
