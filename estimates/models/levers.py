"""Levers of a scenario: what changes the work of people, and costs something of its own."""

from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from estimates.models.scenarios import Scenario
from labeling.bounds import ABOVE_ZERO, AT_LEAST_ONE, SHARE, SHARE_ABOVE_ZERO, Bounds
from labeling.combinations import Together
from labeling.models import Project, Verb, VersionedModel, WorkPackage
from labeling.models.assumptions import (
    Assumption,
    InputSpec,
    Law,
    is_number,
    law_constraints,
    share_constraint,
    spread_constraint,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from labeling.models import User


class LeverKind(models.TextChoices):
    """What a lever does, in the order levers act in."""

    ACTIVE_LEARNING = "active-learning", "Active learning"
    DISTILLATION = "distillation", "Self-distillation"
    DECOMPOSITION = "decomposition", "Decomposition"
    AI_LABELS = "ai-labels", "AI labels"
    ROUTING = "routing", "Routing by confidence"
    PRE_LABELS = "pre-labels", "Pre-labels"
    OVERSIGHT = "oversight", "Automated oversight"


# Levels below the top of a tree of tasks, as the engine counts them.
DEEPEST = 20


def share(label: str, bounds: Bounds = SHARE) -> InputSpec:
    return InputSpec(label, "share", bounds)


CALL_INPUTS = {
    "tokens_in": InputSpec("Tokens read in a call", "tokens"),
    "tokens_out": InputSpec("Tokens written in a call", "tokens"),
    "price_in": InputSpec("Price of tokens read", "{currency} per million tokens"),
    "price_out": InputSpec("Price of tokens written", "{currency} per million tokens"),
}
MODEL_INPUTS = {
    "passes": InputSpec("Calls for one vote", "calls", AT_LEAST_ONE),
    "votes": InputSpec("Votes for one label", "votes", AT_LEAST_ONE),
    **CALL_INPUTS,
    "audit_share": share("Model's labels that people audit"),
    "model_error": share("Model's labels that are wrong"),
    "audit_sensitivity": share("Wrong labels that an audit finds"),
}
PEOPLE_ERROR = share("People's labels that are wrong")
KIND_INPUTS: dict[str, dict[str, InputSpec]] = {
    LeverKind.ACTIVE_LEARNING: {
        "efficiency": InputSpec("Efficiency", "times", ABOVE_ZERO),
        "seed_items": InputSpec("Seed of each work package", "items"),
        "scored_per_item": InputSpec("Candidates scored for an item wanted", "candidates"),
        **CALL_INPUTS,
        "rounds": InputSpec("Retrainings", "rounds"),
        "retraining_cost": InputSpec("One retraining", "{currency}"),
    },
    LeverKind.DISTILLATION: {
        "teacher_share": share("Items that the teacher labels", SHARE_ABOVE_ZERO),
        "teacher_items_per_item": InputSpec("Teacher's items in place of one", "items", ABOVE_ZERO),
        **CALL_INPUTS,
    },
    LeverKind.DECOMPOSITION: {
        "branching": InputSpec("Tasks below each task", "tasks", AT_LEAST_ONE),
        "depth": InputSpec("Levels below the top", "levels", Bounds(most=Decimal(DEEPEST))),
        "task_minutes": InputSpec("Task at the top", "minutes", ABOVE_ZERO),
        "minutes_ratio": InputSpec("Minutes one level down, times those above", "times", ABOVE_ZERO),
        "people_part": share("Tasks that people do"),
        **CALL_INPUTS,
    },
    LeverKind.AI_LABELS: {
        **MODEL_INPUTS,
        "correction_share": InputSpec("Correcting a wrong label, of a judgement's minutes", "share"),
        "people_error": PEOPLE_ERROR,
    },
    LeverKind.ROUTING: {
        "auto_share": share("Items the model is sure of", SHARE_ABOVE_ZERO),
        **MODEL_INPUTS,
        "people_error": PEOPLE_ERROR,
        "loss": InputSpec("What a wrong label costs", "{currency}"),
    },
    LeverKind.PRE_LABELS: {
        "suggestion_accuracy": share("Suggestions that are right"),
        "time_saved": share("Minutes saved when right"),
        "time_lost": InputSpec("Minutes lost when wrong", "share"),
        **CALL_INPUTS,
        "error_without": share("Wrong labels without suggestions, as measured"),
        "error_with": share("Wrong labels with suggestions, as measured"),
    },
    LeverKind.OVERSIGHT: {
        "compute_cost": InputSpec("Compute that is overseen", "{currency}"),
        "oversight_share": share("Oversight, of that compute"),
        "reviews_taken": share("Reviews taken over"),
    },
}
"""The inputs of each kind of lever, by name; one name means the same in all of them."""
OPTIONAL_INPUTS: dict[str, frozenset[str]] = {
    LeverKind.AI_LABELS: frozenset({"people_error"}),
    LeverKind.ROUTING: frozenset({"loss"}),
    LeverKind.PRE_LABELS: frozenset({"error_without", "error_with"}),
}
"""Those that a lever can be priced without."""
LEVER_ASSUMPTIONS = {name: spec for inputs in KIND_INPUTS.values() for name, spec in inputs.items()}


class ScenarioLeverQuerySet(models.QuerySet["ScenarioLever"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ScenarioLeverQuerySet":
        """The levers of the scenarios that this person may see."""
        return self.filter(scenario__in=Scenario.objects.visible_to(user))


class ScenarioLever(VersionedModel):
    """A lever of a scenario; it acts on all work packages or on those named, while it is on."""

    scenario = models.ForeignKey("estimates.Scenario", models.CASCADE, related_name="levers")
    kind = models.CharField(max_length=20, choices=LeverKind.choices)
    is_on = models.BooleanField("on", default=True, help_text="A lever that is off changes no figure.")
    note = models.TextField(blank=True, max_length=2000)
    # Not "no package named means all": a package that is removed must not widen what a lever acts on.
    on_all_packages = models.BooleanField("on all work packages", default=True)
    packages = models.ManyToManyField(WorkPackage, blank=True, related_name="levers")

    objects = ScenarioLeverQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[packages])

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "kind"],
                name="lever_once_a_scenario",
                violation_error_message="This scenario has this lever already.",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=LeverKind.values),
                name="lever_kind_known",
                violation_error_message="There is no such lever.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.scenario}"

    @property
    def project(self) -> Project:
        return self.scenario.project

    def allows(self, user: "User", verb: Verb) -> bool:
        return self.scenario.allows(user, verb)


class LeverAssumption(Assumption):
    """One input of a lever."""

    INPUTS = LEVER_ASSUMPTIONS
    RULES = (Together(("error_without", "error_with")),)
    KIND_INPUTS: ClassVar = KIND_INPUTS

    lever = models.ForeignKey(ScenarioLever, models.CASCADE, related_name="assumptions")

    class Meta:
        ordering = ["pk"]
        constraints = [
            *law_constraints(),
            share_constraint(LEVER_ASSUMPTIONS),
            spread_constraint(LEVER_ASSUMPTIONS),
            models.UniqueConstraint(fields=["lever", "name"], name="%(class)s_input_once"),
            models.CheckConstraint(
                condition=Q(name__in=list(LEVER_ASSUMPTIONS)), name="%(class)s_input_known"
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.name == "depth":
            self._check_depth()
        # A form says itself that there is no kind yet.
        inputs = KIND_INPUTS.get(self.lever.kind)
        if inputs is not None and self.name not in inputs:
            known = ", ".join(inputs)
            raise ValidationError(
                {
                    "name": f"“{self.name}” is not an input of {self.lever.get_kind_display()}; "
                    f"known are: {known}."
                }
            )

    def _check_depth(self) -> None:
        """Levels of a tree are counted: half a level means nothing."""
        if self.law != Law.NUMBER:
            raise ValidationError({"law": "A number of levels has no range: give a fixed number."})
        if is_number(self.point) and self.point % 1:
            raise ValidationError({"point": "Levels are a whole number."})

    @property
    def unit(self) -> str:
        if "{currency}" not in self.spec.unit:
            return self.spec.unit
        budget = getattr(self.lever.scenario.project, "budget", None)
        return self.spec.unit.format(currency=budget.currency if budget else "the project's currency")
