"""Ways to do a project."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from estimates.models.suppliers import InHouseTeam, RateCard
from labeling.bounds import ABOVE_ZERO, SHARE
from labeling.combinations import Rule, Together
from labeling.fields import QuantityField
from labeling.models import Project, Verb, VersionedModel
from labeling.models.assumptions import (
    Assumption,
    InputSpec,
    law_constraints,
    share_constraint,
    spread_constraint,
)

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from labeling.models import User


class ScenarioQuerySet(models.QuerySet["Scenario"]):
    def visible_to(self, user: "User | AnonymousUser") -> "ScenarioQuerySet":
        """The scenarios of the projects whose money this person may see."""
        return self.filter(project__in=Project.objects.where_may(user, Verb.SEE_MONEY))


class Scenario(VersionedModel):
    """One way to do a project: which supplier does each work package, with which levers."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="scenarios")
    slug = models.SlugField()
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=2000)
    position = models.PositiveSmallIntegerField(
        default=0,
        help_text="The first scenario is the one that published totals and training costs are held against.",
    )

    objects = ScenarioQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="scenario_slug_once_a_project"),
        ]

    def __str__(self) -> str:
        return self.name

    def allows(self, user: "User", verb: Verb) -> bool:
        return self.project.allows(user, Verb.SEE_MONEY if verb == Verb.SEE else verb)


class ScenarioAllocation(models.Model):
    """Who does a share of a work package in a scenario: a vendor by rate card, or a team of one's own."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="allocations")
    package = models.ForeignKey("labeling.WorkPackage", models.CASCADE, related_name="allocations")
    rate_card = models.ForeignKey(
        "estimates.RateCard", models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    team = models.ForeignKey(
        "estimates.InHouseTeam", models.PROTECT, null=True, blank=True, related_name="allocations"
    )

    share = QuantityField(
        default=Decimal(1), help_text="Of the package's volume; the shares of a package add up to 1."
    )

    history = HistoricalRecords()

    class Meta:
        ordering = ["package__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "package", "rate_card"],
                condition=Q(rate_card__isnull=False),
                name="allocation_rate_card_once_a_package",
            ),
            models.UniqueConstraint(
                fields=["scenario", "package", "team"],
                condition=Q(team__isnull=False),
                name="allocation_team_once_a_package",
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1),
                name="allocation_share_within_0_and_1",
                violation_error_message="A share lies above 0 and is at most 1.",
            ),
            models.CheckConstraint(
                condition=Q(rate_card__isnull=False, team__isnull=True)
                | Q(rate_card__isnull=True, team__isnull=False),
                name="allocation_one_supplier",
                violation_error_message="Choose a rate card or a team, not both and not neither.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scenario}: {self.package}"

    @property
    def supplier(self) -> RateCard | InHouseTeam:
        """The rate card or the team; the constraint says that there is exactly one."""
        supplier = self.rate_card or self.team
        if supplier is None:
            raise ValueError("An allocation needs a rate card or a team.")
        return supplier


LEVER_INPUTS = {
    "labeling_multiplier": InputSpec("Labeling and review effort, times the plan", "times", ABOVE_ZERO),
}
# What the buyer's own people cost when a vendor does the work.
BUYER_INPUTS = {
    "vendor_manager_share": InputSpec("Managing the vendor, of its price", "share", SHARE),
    "acceptance_share": InputSpec("Judgements sampled for acceptance", "share", SHARE),
    "acceptance_minutes": InputSpec("Minutes to check one", "minutes"),
    "buyer_hourly_cost": InputSpec("Who checks", "{currency} per hour"),
    "data_preparation": InputSpec("Data preparation", "{currency}"),
    "security_review": InputSpec("Security review", "{currency}"),
}
SCENARIO_INPUTS = {**LEVER_INPUTS, **BUYER_INPUTS}
SCENARIO_RULES: tuple[Rule, ...] = (
    Together(("acceptance_share", "acceptance_minutes", "buyer_hourly_cost")),
)


class ScenarioAssumption(Assumption):
    """One lever of a scenario, or one part of the buyer's own cost."""

    INPUTS = SCENARIO_INPUTS
    RULES = SCENARIO_RULES

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="assumptions")

    class Meta:
        ordering = ["pk"]
        constraints = [
            *law_constraints(),
            share_constraint(SCENARIO_INPUTS),
            spread_constraint(SCENARIO_INPUTS),
            models.UniqueConstraint(fields=["scenario", "name"], name="%(class)s_input_once"),
            models.CheckConstraint(condition=Q(name__in=list(SCENARIO_INPUTS)), name="%(class)s_input_known"),
        ]

    @property
    def unit(self) -> str:
        if "{currency}" not in self.spec.unit:
            return self.spec.unit
        budget = getattr(self.scenario.project, "budget", None)
        return self.spec.unit.format(currency=budget.currency if budget else "the project's currency")
