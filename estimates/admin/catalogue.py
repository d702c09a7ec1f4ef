"""The reference catalogue, to look up: its rows are shipped with the project and nobody edits them."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeNumericFilter,
    RelatedDropdownFilter,
)

from estimates.models import (
    CampaignTask,
    Conflict,
    FactLink,
    RateGroup,
    ReferenceCampaign,
    ReferenceFact,
    Source,
)
from labeling.admin.base import PageAdmin, ReadOnly, TableRows


class ReferencePage(ReadOnly, PageAdmin):
    """What the catalogue's own files say; a page to find it by."""


class TaskRows(ReadOnly, TableRows):
    model = CampaignTask
    fields = ("task_type",)
    verbose_name_plural = "kinds of task"
    hide_title = True


@admin.register(ReferenceCampaign)
class CampaignAdmin(ReferencePage):
    fields = (("name", "slug"), ("year", "organisation"), "vendors", "summary", "page")
    readonly_fields = ("page",)
    inlines = (TaskRows,)
    list_display = ("name", "year", "organisation", "figures")
    list_filter = (("year", RangeNumericFilter), ("organisation", FieldTextFilter))
    search_fields = ("name", "slug", "organisation", "summary")
    ordering = ("-year", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ReferenceCampaign]:
        return super().get_queryset(request).annotate(figures_total=Count("facts"))

    @admin.display(description="figures", ordering="figures_total")
    def figures(self, campaign: Any) -> int:
        return int(campaign.figures_total)

    @admin.display(description="page")
    def page(self, campaign: ReferenceCampaign) -> str:
        return link_to(campaign)


@admin.register(RateGroup)
class RateGroupAdmin(ReferencePage):
    fields = (("title", "slug"), "summary", "page")
    readonly_fields = ("page",)
    list_display = ("title", "slug", "summary")
    list_filter = (("title", FieldTextFilter),)
    search_fields = ("title", "slug", "summary")

    @admin.display(description="page")
    def page(self, group: RateGroup) -> str:
        return link_to(group)


@admin.register(ReferenceFact)
class FactAdmin(ReferencePage):
    fields = (
        ("key", "label"),
        ("campaign", "group"),
        ("number", "plus_minus"),
        ("low", "high"),
        ("bound", "unit"),
        "content",
        ("evidence", "valid"),
        ("source", "locator"),
        ("read_via", "formula"),
        "note",
        "page",
    )
    readonly_fields = ("page",)
    list_display = ("key", "label", "value", "unit", "evidence", "source")
    list_filter = (
        ("campaign", RelatedDropdownFilter),
        ("group", RelatedDropdownFilter),
        ("evidence", ChoicesDropdownFilter),
        ("unit", FieldTextFilter),
    )
    list_select_related = ("campaign", "source")
    search_fields = ("key", "label", "unit", "note", "source__title")

    @admin.display(description="value")
    def value(self, fact: ReferenceFact) -> str:
        if fact.number is not None:
            return str(fact.number)
        if fact.low is not None or fact.high is not None:
            low, high = (str(end) if end is not None else "…" for end in (fact.low, fact.high))
            return f"{low} to {high}"
        return "not published" if fact.content is None else str(fact.content)[:80]

    @admin.display(description="page")
    def page(self, fact: ReferenceFact) -> str:
        return link_to(fact)


@admin.register(Source)
class SourceAdmin(ReferencePage):
    fields = (("title", "slug"), ("year", "kind"), "url", "read_via", "note")
    list_display = ("title", "year", "kind", "url")
    list_filter = (("year", RangeNumericFilter), ("kind", FieldTextFilter))
    search_fields = ("title", "slug", "kind", "url")


@admin.register(Conflict)
class ConflictAdmin(ReferencePage):
    fields = ("topic", "claims", "handling", "facts")
    list_display = ("topic", "handling")
    list_filter = (("topic", FieldTextFilter),)
    search_fields = ("topic", "handling")


@admin.register(FactLink)
class FactLinkAdmin(ReferencePage):
    fields = (("project", "key"), "fact")
    list_display = ("key", "project", "fact")
    list_filter = (("project", RelatedDropdownFilter),)
    list_select_related = ("project", "fact")
    search_fields = ("key", "project__name", "fact__key")


def link_to(row: ReferenceCampaign | RateGroup | ReferenceFact) -> str:
    return format_html('<a class="text-link" href="{}">Open</a>', row.get_absolute_url()) if row.pk else "–"
