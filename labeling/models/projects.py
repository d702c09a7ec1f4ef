"""What is to be labeled."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from labeling.models.assumptions import Assumption, InputSpec, law_constraints, share_constraint
from labeling.task_types import TaskType, validate_settings

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from labeling.models.access import User


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ProjectQuerySet":
        """What this person may know of: administrators see all."""
        return self if user.is_active and user.is_staff else self.none()


class Project(models.Model):
    """One labeling programme: its work packages, and later its items and people."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    summary = models.TextField(blank=True, max_length=4000)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class EffortKind(models.TextChoices):
    """How the size of the work is stated."""

    HOURS = "hours", "plain hours"
    ITEMS = "items", "items"


class WorkPackage(models.Model):
    """A part of a project priced and scheduled as a unit."""

    project = models.ForeignKey(Project, models.CASCADE, related_name="packages")
    slug = models.SlugField()
    name = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    task_type = models.CharField(max_length=20, choices=TaskType.choices)
    settings = models.JSONField(default=dict)
    tier = models.ForeignKey("labeling.Tier", models.PROTECT, related_name="packages")
    effort_kind = models.CharField("effort", max_length=5, choices=EffortKind.choices)

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="package_slug_once_a_project"),
            models.CheckConstraint(
                condition=Q(task_type__in=TaskType.values), name="package_task_type_known"
            ),
            models.CheckConstraint(
                condition=Q(effort_kind__in=EffortKind.values), name="package_effort_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        validate_settings(self.task_type, self.settings)


HOURS_INPUTS = {
    "hours": InputSpec("Hours of feedback", "hours", above_zero=True),
}
ITEM_INPUTS = {
    "accepted_items": InputSpec("Accepted items wanted", "items", above_zero=True),
    "accepted_outputs": InputSpec("Accepted outputs wanted", "outputs", above_zero=True),
    "yield_share": InputSpec("Usable yield of raw items", "share", is_share=True, above_zero=True),
    "overlap": InputSpec("Judgements per item", "judgements", above_zero=True),
    "gold_share": InputSpec("Gold items among all served", "share", is_share=True, below_one=True),
    "rework_rate": InputSpec("Judgements rejected and redone", "share", is_share=True, below_one=True),
    "minutes_per_judgement": InputSpec("Minutes per judgement, fixed part", "minutes"),
    "outputs_per_judgement": InputSpec("Outputs per judgement", "outputs", above_zero=True),
    "minutes_per_output": InputSpec("Minutes per output", "minutes"),
    "review_share": InputSpec("Judgements reviewed", "share", is_share=True),
    "review_time_share": InputSpec("Review time as a share of labeling time", "share"),
}
STAFFING_INPUTS = {
    "seats": InputSpec("Seats", "people", above_zero=True),
    "planned_weeks": InputSpec("Planned duration", "weeks", above_zero=True),
    "attrition_per_week": InputSpec("Leavers per seat and week", "share", is_share=True),
    "onboarding_hours": InputSpec("Onboarding per hire", "hours"),
    "qualification_pass_rate": InputSpec("Qualification pass rate", "share", is_share=True, above_zero=True),
    "qualification_hours": InputSpec("Qualification test per try", "hours"),
    "hours_per_week": InputSpec("Contracted hours per seat and week", "hours", above_zero=True),
    "utilisation": InputSpec("Productive hours ÷ paid hours", "share", is_share=True, above_zero=True),
}


class WorkPackageAssumption(Assumption):
    """One input of a work package's size, effort or staffing."""

    INPUTS = {**HOURS_INPUTS, **ITEM_INPUTS, **STAFFING_INPUTS}

    package = models.ForeignKey(WorkPackage, models.CASCADE, related_name="assumptions")

    class Meta:
        ordering = ["pk"]
        constraints = [
            *law_constraints(),
            share_constraint({**HOURS_INPUTS, **ITEM_INPUTS, **STAFFING_INPUTS}),
            models.UniqueConstraint(fields=["package", "name"], name="%(class)s_input_once"),
            models.CheckConstraint(
                condition=Q(name__in=[*HOURS_INPUTS, *ITEM_INPUTS, *STAFFING_INPUTS]),
                name="%(class)s_input_known",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        wrong = ITEM_INPUTS if self.package.effort_kind == EffortKind.HOURS else HOURS_INPUTS
        if self.name in wrong:
            stated_in = self.package.get_effort_kind_display()
            raise ValidationError({"name": f"{self.spec.label} is no input of work stated in {stated_in}."})


def task_settings(package: WorkPackage) -> dict[str, Any]:
    """The package's settings by their titles, for people to read."""
    settings = validate_settings(package.task_type, package.settings)
    return {
        field.title or name: getattr(settings, name)
        for name, field in type(settings).model_fields.items()
        if getattr(settings, name) not in (None, ())
    }
