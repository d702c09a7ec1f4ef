"""Scenarios: who does which share of each work package, with which levers."""

from decimal import Decimal
from typing import Any

import django_filters
from django.db import models
from rest_framework import serializers

from estimates.models import InHouseTeam, RateCard, Scenario, ScenarioAllocation
from estimates.models.scenarios import SCENARIO_INPUTS
from estimates.services.scenarios import save_scenario
from labeling.api.fields import Quantity, Reference, Slug, Text, Whole
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
from labeling.models import Project, Verb


class AllocationInput(Input):
    """Who does a share of a package: a rate card or a team, not both."""

    package = Slug(help_text="A work package of the project.")
    rate_card = Reference(RateCard.objects.visible_to, what="rate card", required=False, allow_null=True)
    team = Reference(InHouseTeam.objects.visible_to, what="in-house team", required=False, allow_null=True)
    share = Quantity(
        required=False,
        default=Decimal(1),
        above=0,
        most=1,
        help_text="Of the package's volume; together they make 1.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        suppliers = [attrs.pop("rate_card", None), attrs.pop("team", None)]
        given = [supplier for supplier in suppliers if supplier is not None]
        if len(given) != 1:
            raise serializers.ValidationError(
                {"rate_card": ["Name a rate card or a team, not both and not neither."]}, code="one_supplier"
            )
        return {**attrs, "supplier": given[0]}


class AllocationOutput(Output):
    package = Slug(source="package.slug")
    rate_card = serializers.CharField(source="rate_card.slug", allow_null=True, default=None)
    team = serializers.CharField(source="team.slug", allow_null=True, default=None)
    share = Quantity()


class ScenarioInput(Input):
    """A way to do a project: every allocation, every lever."""

    name = Text(max_length=200)
    description = Text(max_length=2000, required=False, allow_blank=True, default="")
    position = Whole(
        required=False,
        min_value=0,
        max_value=32_767,
        help_text="Training costs are held against the first. Left out: the last.",
    )
    allocations = AllocationInput(
        many=True,
        max_length=LONGEST_LIST,
        help_text="All allocations: what is not among them is removed.",
    )
    assumptions = assumption_lines(
        SCENARIO_INPUTS,
        of="Scenario",
        required=False,
        default=list,
        help_text="Levers and the buyer's own cost: what is not among them is removed.",
    )


class ScenarioCreate(ScenarioInput):
    project = Reference(lambda user: Project.objects.where_may(user, Verb.SEE_MONEY), what="project")
    slug = Slug(required=False, help_text="Left out: made of the name.")


class ScenarioUpdate(ScenarioInput):
    version = VersionField()


class ScenarioOutput(Output):
    project = Slug(source="project.slug")
    slug = Slug()
    name = serializers.CharField()
    description = serializers.CharField(allow_blank=True)
    position = serializers.IntegerField()
    allocations = AllocationOutput(many=True)
    assumptions = AssumptionOutput(many=True)
    version = serializers.IntegerField()


class ScenarioFilters(django_filters.FilterSet):
    project = SlugFilter(field_name="project__slug")


class ScenarioResource(Resource):
    """Ways to do a project."""

    output_class = ScenarioOutput
    create_class = ScenarioCreate
    update_class = ScenarioUpdate
    edit_verb = Verb.EDIT_MONEY
    filterset_class = ScenarioFilters
    search_fields = ("name", "slug")
    ordering_fields = ("position", "name", "slug")
    address = {"project": "project__slug", "slug": "slug"}
    url_name = "scenario"

    def rows(self) -> "models.QuerySet[Scenario]":
        rows = Scenario.objects.visible_to(self.request.user)
        return (
            rows.select_related("project__budget")
            .prefetch_related(
                "assumptions__scenario__project__budget",
                "allocations__package",
                "allocations__rate_card",
                "allocations__team",
            )
            .order_by("project__slug", "position", "slug")
        )

    def check_may_add(self) -> None:
        self.require_on_project(Verb.EDIT_MONEY, seen_by=Verb.SEE_MONEY)

    def add(self, data: dict[str, Any]) -> Scenario:
        project = data.pop("project")
        allocations, assumptions = data.pop("allocations"), data.pop("assumptions")
        return save_scenario(
            project=project,
            scenario=None,
            expected_version=None,
            fields=data,
            allocations=of_project(project, allocations),
            assumptions=assumptions,
        )

    def change(self, row: Scenario, version: int, data: dict[str, Any]) -> Scenario:
        allocations, assumptions = data.pop("allocations", None), data.pop("assumptions", None)
        if assumptions is None:
            assumptions = stored_lines(row.assumptions.all())
        return save_scenario(
            project=row.project,
            scenario=row,
            expected_version=version,
            fields=data,
            allocations=(
                stored_allocations(row.allocations.all())
                if allocations is None
                else of_project(row.project, allocations)
            ),
            assumptions=assumptions,
        )


def of_project(
    project: Project, lines: list[dict[str, Any]], field: str = "allocations"
) -> list[dict[str, Any]]:
    """The lines of a field with their packages, which are named within the project."""
    packages = {package.slug: package for package in project.packages.all()}
    unknown = [
        FieldProblem(
            pointer(field, index, "package"),
            "unknown",
            f"{project} has no work package “{line['package']}”.",
        )
        for index, line in enumerate(lines)
        if line["package"] not in packages
    ]
    if unknown:
        raise Invalid(unknown)
    return [{**line, "package": packages[line["package"]]} for line in lines]


def stored_allocations(rows: "models.QuerySet[ScenarioAllocation]") -> list[dict[str, Any]]:
    return [{"package": one.package, "supplier": one.supplier, "share": one.share} for one in rows]
