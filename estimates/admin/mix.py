"""The rules of each project's least-cost mix."""

from django.contrib import admin
from unfold.contrib.filters.admin import RelatedDropdownFilter

from estimates.models import MixErrorLimit, MixExclusion, MixRules
from labeling.admin.base import RowForm, TableRows, VersionedAdmin


class ErrorLimits(TableRows):
    model = MixErrorLimit
    form = RowForm
    fields = ("package", "limit")
    verbose_name = "limit on errors"
    verbose_name_plural = "limits on errors"
    hide_title = True


class Exclusions(TableRows):
    model = MixExclusion
    form = RowForm
    fields = ("package", "rate_card", "team")
    verbose_name = "supplier that may not do a package"
    verbose_name_plural = "suppliers that may not do a package"
    hide_title = True


@admin.register(MixRules)
class MixRulesAdmin(VersionedAdmin):
    """What the mix of a project has to keep to; the mix itself is in its pages and reports."""

    fields = ("budget", ("step", "minimum_share", "largest_share"), "terms_of", ("rate_cards", "teams"))
    inlines = (ErrorLimits, Exclusions)
    list_display = ("budget", "step", "minimum_share", "largest_share", "terms_of")
    list_filter = (("budget__project", RelatedDropdownFilter),)
    list_select_related = ("budget__project", "terms_of")
    search_fields = ("budget__project__name", "budget__project__slug")
