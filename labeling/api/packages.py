"""Work packages with their assumptions."""

from typing import Any

import django_filters
from django.db import models
from rest_framework import serializers

from labeling.api.fields import Choice, Reference, Slug, Text, Whole
from labeling.api.listing import SlugFilter
from labeling.api.resources import Resource
from labeling.api.serializers import (
    AssumptionOutput,
    Input,
    Output,
    VersionField,
    assumption_lines,
    stored_lines,
)
from labeling.models import Project, Tier, Verb, WorkPackage
from labeling.models.package_inputs import PACKAGE_INPUTS
from labeling.models.projects import EffortKind
from labeling.services.plans import save_package
from labeling.task_types import TaskType


class WorkPackageInput(Input):
    """A part of a project, with every input it has."""

    name = Text(max_length=200)
    position = Whole(
        required=False,
        min_value=0,
        max_value=32_767,
        help_text="Its place in the plan. Left out: the last.",
    )
    task_type = Choice(choices=TaskType.choices)
    settings = serializers.DictField(help_text="The settings of the task type; see docs/api.md.")
    tier = Reference(Tier.objects.visible_to, what="tier")
    effort_kind = Choice(choices=EffortKind.choices, help_text="How the size of the work is stated.")
    assumptions = assumption_lines(
        PACKAGE_INPUTS, of="WorkPackage", help_text="All inputs: what is not among them is removed."
    )


class WorkPackageCreate(WorkPackageInput):
    project = Reference(lambda user: Project.objects.where_may(user, Verb.SEE_PLAN), what="project")
    slug = Slug(required=False, help_text="Left out: made of the name.")


class WorkPackageUpdate(WorkPackageInput):
    version = VersionField()


class WorkPackageOutput(Output):
    project = Slug(source="project.slug")
    slug = Slug()
    name = serializers.CharField()
    position = serializers.IntegerField()
    task_type = serializers.ChoiceField(choices=TaskType.choices)
    settings = serializers.DictField()
    tier = Slug(source="tier.slug")
    effort_kind = serializers.ChoiceField(choices=EffortKind.choices)
    assumptions = AssumptionOutput(many=True)
    version = serializers.IntegerField()


class WorkPackageFilters(django_filters.FilterSet):
    project = SlugFilter(field_name="project__slug")
    tier = SlugFilter(field_name="tier__slug")
    task_type = django_filters.ChoiceFilter(choices=TaskType.choices)


class WorkPackageResource(Resource):
    """Parts of a project, priced and scheduled as a unit."""

    output_class = WorkPackageOutput
    create_class = WorkPackageCreate
    update_class = WorkPackageUpdate
    edit_verb = Verb.EDIT_PLAN
    filterset_class = WorkPackageFilters
    search_fields = ("name", "slug")
    ordering_fields = ("position", "name", "slug")
    address = {"project": "project__slug", "slug": "slug"}
    url_name = "work-package"

    def rows(self) -> "models.QuerySet[WorkPackage]":
        rows = WorkPackage.objects.visible_to(self.request.user)
        return (
            rows.select_related("project", "tier")
            .prefetch_related("assumptions")
            .order_by("project__slug", "position", "slug")
        )

    def check_may_add(self) -> None:
        self.require_on_project(Verb.EDIT_PLAN, seen_by=Verb.SEE_PLAN)

    def add(self, data: dict[str, Any]) -> WorkPackage:
        project, assumptions = data.pop("project"), data.pop("assumptions")
        return save_package(
            project=project, package=None, expected_version=None, fields=data, assumptions=assumptions
        )

    def change(self, row: WorkPackage, version: int, data: dict[str, Any]) -> WorkPackage:
        assumptions = data.pop("assumptions", None)
        return save_package(
            project=row.project,
            package=row,
            expected_version=version,
            fields=data,
            assumptions=stored_lines(row.assumptions.all()) if assumptions is None else assumptions,
        )
