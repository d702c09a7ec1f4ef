"""Levers of scenarios, one by one, with their inputs in their page."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.functional import cached_property
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RelatedDropdownFilter
from unfold.widgets import UnfoldAdminSelectWidget

from estimates.admin import resources
from estimates.models import LeverAssumption, LeverKind, ReferenceFact, ScenarioLever
from estimates.models.levers import CALL_INPUTS, KIND_INPUTS
from estimates.services.levers import put_list_prices, refusal_of, scope_of
from estimates.services.token_prices import (
    dated,
    link_prices,
    price_words,
    require_list_price_fits,
    token_prices,
)
from labeling.admin.base import VersionedAdmin, VersionedForm
from labeling.admin.inputs import AssumptionForm, InputList, InputRows
from labeling.models import WorkPackage


def project_of(request: HttpRequest) -> Any:
    """The project of the lever that a page shows; None where it is not stored yet."""
    match = request.resolver_match
    pk = match.kwargs.get("object_id") if match else None
    if not pk or not str(pk).isdigit():
        return None
    return ScenarioLever.objects.filter(pk=pk).values_list("scenario__project", flat=True).first()


class ListPriceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: ReferenceFact) -> str:
        return f"{dated(obj)}: {price_words(obj)}"


class LeverForm(VersionedForm):
    """A lever that goes with the others of its scenario, on packages of its project."""

    list_price = ListPriceField(
        token_prices(),
        required=False,
        empty_label="Keep the prices below",
        label="List prices of",
        widget=UnfoldAdminSelectWidget,
        help_text="Puts a model's two prices, in USD per million tokens, with their day into the inputs.",
    )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        said = self.cleaned_data
        scenario = said.get("scenario") or getattr(self.instance, "scenario", None)
        kind = said.get("kind") or self.instance.kind
        if scenario is None or not kind or "packages" in self.errors:
            return cleaned
        if said.get("list_price") is not None:
            try:
                require_list_price_fits(project=scenario.project, kind=kind)
            except ValidationError as error:
                self.add_error(None, error)
        chosen = list(said.get("packages") or [])
        on_all = bool(said.get("on_all_packages"))
        if on_all and chosen:
            self.add_error("packages", "It acts on all work packages: name none, or take that tick away.")
            return cleaned
        refusal = refusal_of(
            scenario=scenario,
            kind=kind,
            packages=None if on_all else chosen,
            is_on=bool(said.get("is_on")),
            lever=self.instance if self.instance.pk else None,
        )
        if refusal is not None:
            self.add_error("packages", refusal)
        return cleaned


class LeverInputForm(AssumptionForm):
    OWNER = "lever"
    GROUPS = {
        "A call of the model": CALL_INPUTS,
        **{
            LeverKind(kind).label: {name: spec for name, spec in inputs.items() if name not in CALL_INPUTS}
            for kind, inputs in KIND_INPUTS.items()
        },
    }

    @classmethod
    def choices(cls, model: Any) -> list[Any]:
        """Each input once: one that several kinds have stands under the first of them."""
        seen: set[str] = set()
        grouped: list[Any] = []
        for title, *rest in super().choices(model):
            options = rest[0]
            if not title or isinstance(options, str):
                grouped.append((title, options))
                continue
            fresh = [(name, words) for name, words in options if name not in seen]
            seen.update(name for name, _ in fresh)
            if fresh:
                grouped.append((title, fresh))
        return grouped

    @cached_property
    def scope(self) -> str:
        return scope_of(self.instance.lever)


class LeverInputs(InputRows):
    model = LeverAssumption
    form = LeverInputForm


@admin.register(ScenarioLever)
class ScenarioLeverAdmin(VersionedAdmin):
    """Levers one by one: on or off, where they act, what they assume."""

    form = LeverForm
    fields = (("scenario", "kind"), ("is_on", "on_all_packages"), "packages", "list_price", "note")
    inlines = (LeverInputs,)
    list_display = ("kind", "scenario", "project_name", "is_on")
    list_filter = (
        ("kind", ChoicesDropdownFilter),
        "is_on",
        ("scenario__project", RelatedDropdownFilter),
    )
    list_select_related = ("scenario__project",)
    search_fields = ("kind", "note", "scenario__name", "scenario__project__name")
    autocomplete_fields = ("scenario",)

    @admin.display(description="project", ordering="scenario__project__name")
    def project_name(self, lever: ScenarioLever) -> str:
        return lever.project.name

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The list prices that were chosen stand among the inputs, over what stood there."""
        super().save_related(request, form, formsets, change)
        lever, fact = form.instance, form.cleaned_data.get("list_price")
        if fact is not None:
            put_list_prices(lever, fact)
        link_prices(lever, fact)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fixed = super().get_readonly_fields(request, obj)
        # A lever stays of its kind and with its scenario: its inputs are those of the kind.
        return fixed if obj is None or "kind" in fixed else (*fixed, "scenario", "kind")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("scenario__project")

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The work packages of the lever's project; of every project before its scenario is known."""
        packages = WorkPackage.objects.select_related("project").order_by("project__name", "position")
        project = project_of(request)
        if project is not None:
            packages = packages.filter(project=project)
        field: Any = super().formfield_for_manytomany(db_field, request, queryset=packages, **kwargs)
        if isinstance(field, forms.ModelMultipleChoiceField):
            field.label_from_instance = lambda obj: (  # type: ignore[method-assign]
                f"{obj.project}: {obj.name}"
            )
        return field


@admin.register(LeverAssumption)
class LeverInputList(InputList):
    OWNER = "lever"
    resource_classes = (resources.LeverInputRows,)
    list_select_related = ("lever__scenario__project__budget",)
    search_fields = ("name", "key", "source", "lever__scenario__name", "lever__scenario__project__name")
