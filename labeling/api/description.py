"""The API's description, the page to try it, and what its problems mean."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from labeling.api.problems import KINDS
from labeling.api.resources import ApiView


class SchemaView(ApiView, SpectacularAPIView):
    """OpenAPI 3.1, as YAML or, with `?format=json`, as JSON. It says what anybody may know."""

    permission_classes = []

    def known_parameters(self, request: Request) -> set[str]:
        return {"format"}

    def perform_content_negotiation(self, request: Request, force: bool = False) -> tuple[Any, str]:
        """`?format=` as well as Accept, because a browser's address bar sends no Accept of its own."""
        for renderer in self.get_renderers():
            if request.query_params.get("format") == renderer.format:
                return renderer, renderer.media_type
        return super().perform_content_negotiation(request, force)


class DocsView(SpectacularSwaggerSplitView):
    """Swagger from our own files, its script apart from the page: nothing is inline."""

    url_name = "api:schema"
    template_name = "api/docs.html"


schema_view = SchemaView.as_view()
docs_view = login_required(DocsView.as_view())


def problems_view(request: HttpRequest) -> HttpResponse:
    """What the `type` of a problem leads to."""
    return render(request, "api/problems.html", {"kinds": KINDS.values()})
