"""Ways to do a project: who does which share of each package, with which levers."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from unfold.contrib.filters.admin import FieldTextFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget

from estimates.admin import resources
from estimates.admin.suppliers import CurrencyForm
from estimates.formatting import money
from estimates.models import Budget, InHouseTeam, RateCard, Scenario, ScenarioAllocation, ScenarioAssumption
from estimates.models.scenarios import BUYER_INPUTS, LEVER_INPUTS
from labeling.admin.base import (
    InlineFormSet,
    RowForm,
    StackedRows,
    TableRows,
    VersionedForm,
    VersionedFormSet,
)
from labeling.admin.csv_files import CsvDoor
from labeling.admin.inputs import AssumptionForm, InputList, InputRows
from labeling.admin.removing import Removable
from labeling.admin.task_settings import place_after
from labeling.models import Verb, WorkPackage
from labeling.services.plans import free_slug


class ScenarioForm(VersionedForm):
    """A scenario's address is made of its name, and its place is the last, where they are left open."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("slug", "made from the name"), ("position", "last")):
            if name in self.fields:
                self.fields[name].required = False
                self.fields[name].widget.attrs["placeholder"] = words
        if not self.instance.pk:
            self.initial["position"] = None

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        project = said.get("project") or getattr(self.instance, "project", None)
        scenarios = Scenario.objects.filter(project=project.pk if project else None)
        if not said.get("slug") and said.get("name") and "slug" not in self.errors:
            said["slug"] = self.instance.slug or free_slug(scenarios, said["name"])
        if said.get("position") is None and "position" not in self.errors:
            said["position"] = (
                self.instance.position if self.instance.pk else place_after(scenarios, self.prefix)
            )
        return cleaned


def supplier_choices() -> list[Any]:
    """Rate cards by vendor and teams, in one list."""
    by_vendor: dict[str, list[tuple[str, str]]] = {}
    for card in RateCard.objects.select_related("vendor").order_by("vendor__name", "name"):
        by_vendor.setdefault(f"Vendor: {card.vendor}", []).append(
            (f"card:{card.pk}", f"{card} ({card.currency})")
        )
    teams = [(f"team:{team.pk}", f"{team} ({team.currency})") for team in InHouseTeam.objects.all()]
    return [("", "Choose who does it"), *by_vendor.items(), *([("In-house teams", teams)] if teams else [])]


class AllocationForm(RowForm):
    """Who does a share of a package: a vendor by rate card, or a team, in one list."""

    supplier = forms.ChoiceField(label="supplier", widget=UnfoldAdminSelectWidget())
    # One request's lists, read once for all its rows.
    suppliers: list[Any] = []
    packages: list[Any] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supplier"].choices = self.suppliers  # type: ignore[attr-defined]
        self.fields["package"].widget = UnfoldAdminSelectWidget(choices=self.packages)
        if self.instance.rate_card_id:
            self.initial["supplier"] = f"card:{self.instance.rate_card_id}"
        elif self.instance.team_id:
            self.initial["supplier"] = f"team:{self.instance.team_id}"
        for field in self.fields.values():
            field.widget.attrs.setdefault("aria-label", str(field.label))

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        kind, _, pk = str(self.cleaned_data.get("supplier", "")).partition(":")
        self.instance.rate_card_id = int(pk) if kind == "card" else None
        self.instance.team_id = int(pk) if kind == "team" else None
        package, scenario = self.cleaned_data.get("package"), self.cleaned_data.get("scenario")
        if package is not None and scenario is not None and package.project != scenario.project:
            self.add_error("package", "This package belongs to another project.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        # The supplier stands for these two, so the constraints on them are asked.
        without: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return without if "supplier" in self.errors else without - {"rate_card", "team"}


def project_of(request: HttpRequest) -> Any:
    """The project whose scenarios a page shows; None where it is not stored yet."""
    match = request.resolver_match
    pk = match.kwargs.get("object_id") if match else None
    if match is None or not pk or not str(pk).isdigit():
        return None
    if str(match.url_name).startswith("labeling_project_"):
        return int(pk)
    return Scenario.objects.filter(pk=pk).values_list("project", flat=True).first()


class AllocationFormSet(InlineFormSet):
    """The shares of a scenario, each supplier once a package."""

    def clean(self) -> None:
        super().clean()
        seen: set[tuple[Any, Any]] = set()
        for form in self.forms:
            said = getattr(form, "cleaned_data", {})
            if not said or said.get("DELETE"):
                continue
            key = (said.get("package"), said.get("supplier"))
            if key in seen:
                form.add_error("supplier", "This supplier does a share of this package already.")
            seen.add(key)


SAVE_FIRST = "A package added on this page: save first, then choose it"


class Allocations(TableRows):
    model = ScenarioAllocation
    form = AllocationForm
    formset = AllocationFormSet
    fields = ("package", "supplier", "share")
    verbose_name = "share of a package"
    verbose_name_plural = "who does what"
    hide_title = True

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if not hasattr(request, "allocation_lists"):
            packages = WorkPackage.objects.filter(project=project_of(request)).order_by("position", "slug")
            # A group without choices: a line to read where somebody looks for a package just added.
            match = request.resolver_match
            is_project_page = match is not None and str(match.url_name).startswith("labeling_project_")
            unsaved: list[Any] = [(SAVE_FIRST, [])] if is_project_page else []
            request.allocation_lists = (  # type: ignore[attr-defined]
                supplier_choices(),
                [("", "Choose a package"), *((one.pk, one.name) for one in packages), *unsaved],
            )
        suppliers, packages_listed = request.allocation_lists  # type: ignore[attr-defined]
        listed = type(
            "ListedAllocationForm", (AllocationForm,), {"suppliers": suppliers, "packages": packages_listed}
        )
        return super().get_formset(request, obj, **{**kwargs, "form": listed})


class ScenarioInputForm(AssumptionForm):
    OWNER = "scenario"
    GROUPS = {"Levers": LEVER_INPUTS, "The buyer's own cost": BUYER_INPUTS}


class ScenarioInputs(InputRows):
    model = ScenarioAssumption
    form = ScenarioInputForm
    verbose_name = "lever or own cost"
    verbose_name_plural = "levers and own cost"


class ScenarioRows(StackedRows):
    """Scenarios inside their project."""

    model = Scenario
    form = ScenarioForm
    formset = VersionedFormSet
    inlines = (Allocations, ScenarioInputs)
    fields = (("name", "slug"), ("description", "position"), "shown_version")
    show_change_link = True
    tab = True


@admin.register(Scenario)
class ScenarioAdmin(Removable):
    """Scenarios one by one; most are entered inside their project."""

    remove_verb = Verb.EDIT_MONEY
    form = ScenarioForm
    fields = ("project", ("name", "slug"), "description", "position")
    inlines = (Allocations, ScenarioInputs)
    list_display = ("name", "project", "slug", "position")
    list_filter = (("project", RelatedDropdownFilter),)
    list_select_related = ("project",)
    search_fields = ("name", "slug", "project__name")
    autocomplete_fields = ("project",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if obj is None or "project" in fixed else (*fixed, "project")


@admin.register(ScenarioAssumption)
class ScenarioInputList(InputList):
    OWNER = "scenario"
    resource_classes = (resources.ScenarioInputRows,)
    list_select_related = ("scenario__project__budget",)
    search_fields = ("name", "key", "source", "scenario__name", "scenario__project__name")


class BudgetRows(StackedRows):
    """The project's one budget."""

    model = Budget
    form = CurrencyForm
    formset = VersionedFormSet
    fields = (
        ("currency", "limit"),
        ("discount_rate", "training_runs"),
        "estimate_class",
        "shown_version",
    )
    autocomplete_fields = ("training_runs",)
    max_num = 1
    hide_title = True
    tab = True


@admin.register(Budget)
class BudgetAdmin(CsvDoor, Removable):
    """Currency and limit of each project; most are entered inside their project."""

    remove_verb = Verb.EDIT_MONEY
    resource_classes = (resources.BudgetRows,)
    form = CurrencyForm
    fields = ("project", ("currency", "limit"), "discount_rate", "estimate_class", "training_runs")
    list_display = ("project", "currency", "limit_text", "discount_rate", "estimate_class")
    list_filter = (("currency", FieldTextFilter),)
    list_select_related = ("project",)
    search_fields = ("project__name", "project__slug", "currency")
    autocomplete_fields = ("project", "training_runs")

    @admin.display(description="limit", ordering="limit")
    def limit_text(self, budget: Budget) -> str:

        return money(budget.limit, budget.currency) if budget.limit is not None else "none given"

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        return fixed if obj is None or "project" in fixed else (*fixed, "project")
