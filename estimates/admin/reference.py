"""Published figures, each with its source."""

from django.contrib import admin
from unfold.contrib.filters.admin import (
    ChoicesDropdownFilter,
    FieldTextFilter,
    RangeNumericFilter,
    RelatedDropdownFilter,
)

from estimates.formatting import money
from estimates.models import PublishedClaim, TrainingRun
from labeling.admin.base import PageAdmin


@admin.register(TrainingRun)
class TrainingRunAdmin(PageAdmin):
    fields = (
        ("name", "slug"),
        ("year", "basis"),
        ("cost", "currency"),
        "source",
        "source_url",
        ("evidence", "fact"),
    )
    list_display = ("name", "year", "cost_text", "basis", "evidence", "source")
    list_filter = (
        ("year", RangeNumericFilter),
        ("evidence", ChoicesDropdownFilter),
        ("currency", FieldTextFilter),
    )
    search_fields = ("name", "slug", "basis", "source")
    autocomplete_fields = ("fact",)
    prepopulated_fields = {"slug": ("name",)}

    @admin.display(description="cost", ordering="cost")
    def cost_text(self, run: TrainingRun) -> str:
        return money(run.cost, run.currency)


@admin.register(PublishedClaim)
class PublishedClaimAdmin(PageAdmin):
    fields = ("scenario", "text", "total", "source", "source_url", ("evidence", "fact"))
    list_display = ("text", "scenario", "total_text", "evidence", "source")
    list_filter = (("scenario", RelatedDropdownFilter), ("evidence", ChoicesDropdownFilter))
    list_select_related = ("scenario__project__budget",)
    search_fields = ("text", "source", "scenario__name", "scenario__project__name")
    autocomplete_fields = ("scenario", "fact")

    @admin.display(description="read as", ordering="total")
    def total_text(self, claim: PublishedClaim) -> str:
        budget = getattr(claim.scenario.project, "budget", None)
        return money(claim.total, budget.currency) if budget else f"{claim.total.normalize():f}"
