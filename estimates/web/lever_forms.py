"""What pages ask for about a lever: whether it is on, where it acts, and its inputs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict

from estimates.models import LeverKind, ReferenceFact, ScenarioLever
from estimates.models.levers import CALL_INPUTS, KIND_INPUTS
from estimates.services.token_prices import (
    LIST_CURRENCY,
    PARTS,
    dated,
    linked_price,
    list_price,
    price_words,
    token_prices,
)
from estimates.web.lever_layout import layout_of
from labeling.models import WorkPackage
from labeling.web.assumption_rows import Suggestion
from labeling.web.assumption_set import AssumptionSet
from labeling.web.entries import FILL, Entry, EntryForm, Section

LIST_PRICE = "list-price"


@dataclass(frozen=True)
class ListPrice(Suggestion):
    """The list price of the model that was chosen; the server fills it in, as it knows the list."""

    @property
    def code(self) -> str:
        return LIST_PRICE

    @property
    def answers(self) -> str:
        return ""


def offered_prices(facts: Sequence[ReferenceFact], chosen: str) -> list[Suggestion]:
    """What the button fills in: both prices of the chosen model, or nothing before one is chosen."""
    fact = next((one for one in facts if one.key == chosen), None)
    return [
        ListPrice(
            name=name,
            text="Use the list prices of the model chosen above",
            law="number",
            numbers={} if fact is None else {"point": str(list_price(fact, name))},
            source="" if fact is None else dated(fact),
            evidence="" if fact is None else fact.evidence,
        )
        for name in PARTS
    ]


class LeverForm(EntryForm):
    """Whether a lever is on, which work packages it acts on, and a note."""

    is_on = forms.BooleanField(
        required=False, label="On", help_text="A lever that is off changes no figure and keeps its inputs."
    )
    packages = forms.ModelMultipleChoiceField(
        WorkPackage.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label="Acts on",
        help_text="Choose none to have it act on every work package, those to come included.",
    )
    note = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))
    list_price = forms.ChoiceField(
        required=False,
        label="List prices of",
        help_text="Prices in US dollars from the reference rates; the source says of when they are.",
    )


class LeverEntry(Entry):
    """One lever of a scenario."""

    def __init__(
        self,
        *,
        kind: str,
        packages: Sequence[WorkPackage],
        currency: str,
        lever: ScenarioLever | None,
        data: QueryDict | None = None,
    ) -> None:
        initial: dict[str, Any] = {"is_on": True}
        if lever is not None:
            initial = {
                "is_on": lever.is_on,
                "note": lever.note,
                "packages": [package.pk for package in lever.packages.all()],
                "list_price": linked.key if (linked := linked_price(lever)) is not None else "",
            }
        form = LeverForm(data, initial=initial)
        form.fields["packages"].queryset = WorkPackage.objects.filter(  # type: ignore[attr-defined]
            pk__in=[package.pk for package in packages]
        )
        calls = "price_in" in KIND_INPUTS[kind]
        # The lists are in dollars: a price in another currency is for its planner to convert.
        facts = list(token_prices()) if calls and currency == LIST_CURRENCY else []
        form.fields["list_price"].choices = [  # type: ignore[attr-defined]
            ("", "Choose a model"),
            *((fact.key, f"{fact.label}: {price_words(fact)}") for fact in facts),
        ]
        chosen = data.get("list_price", "") if data is not None else ""
        self.prices = {fact.key: fact for fact in facts}
        self.kind = LeverKind(kind)
        self.assumptions = AssumptionSet(
            inputs=KIND_INPUTS[kind],
            layout=layout_of(kind, offered_prices(facts, chosen) if facts else []),
            unit_of=lambda spec: spec.unit.format(currency=currency or "currency"),
            stored=lever.assumptions.all() if lever is not None else (),
            data=data,
        )
        origin, *groups = self.assumptions.sections
        sections = [
            Section("Lever", fields=[form[name] for name in ("is_on", "packages", "note")]),
            origin,
            *(with_list(section, form) if facts else section for section in groups),
        ]
        super().__init__(form, self.assumptions, sections=sections, row=lever)
        if data is not None and data.get(FILL) == LIST_PRICE and chosen not in {fact.key for fact in facts}:
            self.general.append("Choose a model to have its list prices filled in.")

    @property
    def fields(self) -> dict[str, Any]:
        """What the form says of the lever itself, for the service."""
        return {name: self.form.content[name] for name in ("is_on", "note")}

    @property
    def list_price(self) -> ReferenceFact | None:
        """The model that was chosen from the list."""
        return self.prices.get(self.form.content["list_price"])

    @property
    def packages(self) -> list[WorkPackage] | None:
        """The work packages it acts on; None for all."""
        return list(self.form.content["packages"]) or None


def with_list(section: Section, form: LeverForm) -> Section:
    """The section of a model's call, with the models to choose from."""
    if not any(row.name in CALL_INPUTS for row in section.rows):
        return section
    return Section(section.title, text=section.text, fields=[form["list_price"]], rows=section.rows)
