"""Skill levels and firms."""

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from unfold.decorators import display

from labeling.admin import resources
from labeling.admin.csv_files import CsvDoor
from labeling.admin.removing import Removable
from labeling.models import Tier, Vendor


class NamedAdmin(CsvDoor, Removable):
    """What has a name, an address and a description."""

    fields = (("name", "slug"), "description")
    search_fields = ("name", "slug", "description")
    ordering = ("name",)
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Tier)
class TierAdmin(NamedAdmin):
    resource_classes = (resources.TierRows,)
    list_display = ("name", "slug", "packages_count", "description")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tier]:
        return super().get_queryset(request).annotate(packages_total=Count("packages"))

    @display(description="work packages", ordering="packages_total")
    def packages_count(self, tier: Tier) -> int:
        return int(tier.packages_total)  # type: ignore[attr-defined]


@admin.register(Vendor)
class VendorAdmin(NamedAdmin):
    resource_classes = (resources.VendorRows,)
    list_display = ("name", "slug", "description")
