"""Lists: pages of a bounded size, filters and orders from an allow-list, everything else refused by name."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import django_filters
from django.db import models
from django.http import QueryDict
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

from labeling.api.fields import SLUG
from labeling.api.problems import FieldProblem, Invalid, flatten

if TYPE_CHECKING:
    from rest_framework.views import APIView

SEARCH = "search"
ORDERING = "ordering"
PAGE = "page"
PAGE_SIZE = "page_size"
LONGEST_VALUE = 200
MOST_SEARCH_WORDS = 8


def bad_parameter(name: str, detail: str, code: str = "invalid") -> Invalid:
    return Invalid([FieldProblem(name[:80], code, detail, is_parameter=True)])


def check_parameters(given: QueryDict, allowed: Iterable[str]) -> None:
    """Invalid for a parameter that nothing reads, that is stated twice, too long, or not text."""
    known = sorted(allowed)
    for name, values in given.lists():
        if name not in known:
            hint = f" Known are: {', '.join(known)}." if known else ""
            raise bad_parameter(name, f"There is no parameter “{name[:80]}” here.{hint}", "unknown_parameter")
        if len(values) > 1:
            raise bad_parameter(name, "State this once.", "repeated")
        if not values[0]:
            raise bad_parameter(name, "Give this a value, or leave it out.", "blank")
        if "\x00" in values[0]:
            raise bad_parameter(name, "NUL characters are not allowed.", "invalid_text")
        if len(values[0]) > LONGEST_VALUE:
            raise bad_parameter(name, f"Give at most {LONGEST_VALUE} characters.", "max_length")


class Pages(PageNumberPagination):
    """Numbered pages of 50, of 200 at most."""

    page_size = 50
    max_page_size = 200
    page_query_param = PAGE
    page_size_query_param = PAGE_SIZE
    page_query_description = "Which page, from 1."
    page_size_query_description = "How many at once: 1 to 200, otherwise 50."

    def get_page_size(self, request: Request) -> int:
        size = whole_parameter(request, PAGE_SIZE, default=self.page_size)
        if size > self.max_page_size:
            raise bad_parameter(PAGE_SIZE, f"Ask for at most {self.max_page_size} at once.")
        return size

    def paginate_queryset(self, queryset: Any, request: Request, view: "APIView | None" = None) -> Any:
        number = whole_parameter(request, PAGE, default=1)
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound:
            raise bad_parameter(PAGE, f"There is no page {number}.") from None

    def get_page_number(self, request: Request, paginator: Any) -> Any:
        return whole_parameter(request, PAGE, default=1)

    def get_schema_operation_parameters(self, view: Any) -> Any:
        bounds = {PAGE: {"maximum": 10**9 - 1}, PAGE_SIZE: {"maximum": self.max_page_size}}
        return [
            {**one, "schema": {**one["schema"], "minimum": 1, **bounds[one["name"]]}}
            for one in super().get_schema_operation_parameters(view)
        ]


def whole_parameter(request: Request, name: str, *, default: int) -> int:
    text = request.query_params.get(name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise bad_parameter(name, "Give a whole number of at least 1.")
    return int(text)


class SlugFilter(django_filters.CharFilter):
    """Exactly this slug; what no thing is called finds nothing."""

    def filter(self, qs: Any, value: Any) -> Any:
        if value and not SLUG.fullmatch(value):
            return qs.none()
        return super().filter(qs, value)


class Filter(DjangoFilterBackend):
    """The view's `filterset_class`; a value that it does not know is refused."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        try:
            return super().filter_queryset(request, queryset, view)
        except ValidationError as error:
            raise Invalid(
                FieldProblem(found.place.strip("/"), found.code, found.detail, is_parameter=True)
                for found in flatten(error.detail)
            ) from None


class Search(BaseFilterBackend):
    """`search`: every word has to occur in one of the view's `search_fields`, whatever its case."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        fields: Sequence[str] = getattr(view, "search_fields", ())
        words = request.query_params.get(SEARCH, "").split()
        if not fields or not words:
            return queryset
        if len(words) > MOST_SEARCH_WORDS:
            raise bad_parameter(SEARCH, f"Search for at most {MOST_SEARCH_WORDS} words.")
        for word in words:
            found = models.Q()
            for field in fields:
                found |= models.Q((f"{field}__icontains", word))
            queryset = queryset.filter(found)
        return queryset

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        if not getattr(view, "search_fields", ()):
            return []
        within = " or ".join(view.search_fields)
        return [parameter(SEARCH, f"Words that all occur in {within}.", maxLength=LONGEST_VALUE)]


class Ordering(BaseFilterBackend):
    """`ordering`: one of the view's `ordering_fields`, with a minus for the other direction."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        fields: Sequence[str] = getattr(view, "ordering_fields", ())
        asked = request.query_params.get(ORDERING)
        if not fields or asked is None:
            return queryset
        if asked.removeprefix("-") not in fields:
            raise bad_parameter(ORDERING, f"Order by one of: {', '.join(fields)}; with - for descending.")
        # The primary key settles equal values, so that pages neither repeat nor leave out a row.
        return queryset.order_by(asked, "pk")

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        fields: Sequence[str] = getattr(view, "ordering_fields", ())
        if not fields:
            return []
        both = [sign + name for name in fields for sign in ("", "-")]
        return [parameter(ORDERING, "What to order by; with - descending.", enum=both)]


def parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "string", **schema},
    }


def parameters_of_list(view: Any) -> set[str]:
    """Every parameter that a list reads."""
    names = {PAGE, PAGE_SIZE}
    if getattr(view, "search_fields", ()):
        names.add(SEARCH)
    if getattr(view, "ordering_fields", ()):
        names.add(ORDERING)
    filters = getattr(view, "filterset_class", None)
    return names | set(filters.base_filters if filters else ())
