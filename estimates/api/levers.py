"""Levers of a scenario: on or off, on which work packages, and what they assume."""

from typing import Any

import django_filters
from django.db import models
from rest_framework import serializers

from estimates.api.fields import TokenPrice
from estimates.models import LeverKind, Scenario, ScenarioLever
from estimates.models.levers import LEVER_ASSUMPTIONS
from estimates.services.levers import save_lever
from estimates.services.token_prices import PARTS, dated, linked_price
from labeling.api.fields import Choice, Reference, Slug, Text, YesNo
from labeling.api.listing import SlugFilter
from labeling.api.problems import FieldProblem, Invalid, pointer
from labeling.api.resources import Resource
from labeling.api.serializers import (
    LONGEST_LIST,
    AssumptionOutput,
    Input,
    Output,
    VersionField,
    assumption_lines,
    stored_lines,
)
from labeling.models import Project, Verb, WorkPackage


class LeverInput(Input):
    """A lever with every input it has."""

    is_on = YesNo(required=False, default=True, help_text="A lever that is off changes no figure.")
    note = Text(max_length=2000, required=False, allow_blank=True, default="")
    packages = serializers.ListField(
        child=Slug(),
        required=False,
        allow_null=True,
        allow_empty=False,
        default=None,
        max_length=LONGEST_LIST,
        help_text="The work packages it acts on, by slug. Left out or null: all.",
    )
    list_price = TokenPrice(
        required=False,
        allow_null=True,
        default=None,
        help_text="A model of the catalogue's token prices, by key: its dated list prices are taken where "
        "the assumptions state no price_in or price_out. USD projects only.",
    )
    assumptions = assumption_lines(
        LEVER_ASSUMPTIONS,
        of="Lever",
        help_text="All inputs: what is not among them is removed. Which of them a kind has is in the docs.",
    )


class LeverCreate(LeverInput):
    project = Reference(lambda user: Project.objects.where_may(user, Verb.SEE_MONEY), what="project")
    scenario = Slug(help_text="A scenario of the project.")
    kind = Choice(choices=LeverKind.choices, help_text="Each once a scenario.")


class LeverUpdate(LeverInput):
    version = VersionField()


class LeverOutput(Output):
    project = Slug(source="scenario.project.slug")
    scenario = Slug(source="scenario.slug")
    kind = serializers.ChoiceField(choices=LeverKind.choices)
    is_on = serializers.BooleanField()
    note = serializers.CharField(allow_blank=True)
    packages = serializers.SerializerMethodField(help_text="By slug; null for all.")
    list_price = serializers.SerializerMethodField(
        help_text="The model whose list prices it counts with, by key; null where they were typed in."
    )
    list_price_source = serializers.SerializerMethodField(help_text="Where and of when these are; or null.")
    assumptions = AssumptionOutput(many=True)
    version = serializers.IntegerField()

    def get_packages(self, lever: ScenarioLever) -> list[str] | None:
        if lever.on_all_packages:
            return None
        return sorted(package.slug for package in lever.packages.all())

    def get_list_price(self, lever: ScenarioLever) -> str | None:
        fact = linked_price(lever)
        return None if fact is None else fact.key

    def get_list_price_source(self, lever: ScenarioLever) -> str | None:
        fact = linked_price(lever)
        return None if fact is None else dated(fact)


class LeverFilters(django_filters.FilterSet):
    project = SlugFilter(field_name="scenario__project__slug")
    scenario = SlugFilter(field_name="scenario__slug")


class LeverResource(Resource):
    """Levers of scenarios."""

    output_class = LeverOutput
    create_class = LeverCreate
    update_class = LeverUpdate
    edit_verb = Verb.EDIT_MONEY
    filterset_class = LeverFilters
    search_fields = ("kind", "note")
    ordering_fields = ("kind",)
    address = {"project": "scenario__project__slug", "scenario": "scenario__slug", "kind": "kind"}
    url_name = "lever"

    def rows(self) -> "models.QuerySet[ScenarioLever]":
        rows = ScenarioLever.objects.visible_to(self.request.user)
        return (
            rows.select_related("scenario__project__budget")
            .prefetch_related(
                "packages",
                "assumptions__lever__scenario__project__budget",
                "scenario__project__fact_links__fact__source",
            )
            .order_by("scenario__project__slug", "scenario__position", "scenario__slug", "pk")
        )

    def check_may_add(self) -> None:
        self.require_on_project(Verb.EDIT_MONEY, seen_by=Verb.SEE_MONEY)

    def add(self, data: dict[str, Any]) -> ScenarioLever:
        project, slug = data.pop("project"), data.pop("scenario")
        scenario = Scenario.objects.filter(project=project, slug=slug).first()
        if scenario is None:
            raise Invalid([FieldProblem("/scenario", "unknown", f"{project} has no scenario “{slug}”.")])
        packages, assumptions = data.pop("packages"), data.pop("assumptions")
        price = data.pop("list_price")
        return save_lever(
            scenario=scenario,
            lever=None,
            expected_version=None,
            fields=data,
            packages=packages_of_project(project, packages),
            assumptions=assumptions,
            list_price=price,
        )

    def change(self, row: ScenarioLever, version: int, data: dict[str, Any]) -> ScenarioLever:
        assumptions, price = data.pop("assumptions", None), data.pop("list_price", None)
        if assumptions is None:
            # A model that is named alone takes the place of the prices that stand.
            replaced = PARTS if price is not None else ()
            assumptions = [
                line for line in stored_lines(row.assumptions.all()) if line["name"] not in replaced
            ]
        if "packages" in data:
            packages = packages_of_project(row.project, data.pop("packages"))
        else:
            packages = None if row.on_all_packages else list(row.packages.all())
        return save_lever(
            scenario=row.scenario,
            lever=row,
            expected_version=version,
            fields=data,
            packages=packages,
            assumptions=assumptions,
            list_price=price,
        )


def packages_of_project(project: Project, slugs: list[str] | None) -> list[WorkPackage] | None:
    """The work packages that are named within the project; None for all."""
    if slugs is None:
        return None
    known = {package.slug: package for package in project.packages.all()}
    unknown = [
        FieldProblem(pointer("packages", index), "unknown", f"{project} has no work package “{slug}”.")
        for index, slug in enumerate(slugs)
        if slug not in known
    ]
    if unknown:
        raise Invalid(unknown)
    return [known[slug] for slug in slugs]
