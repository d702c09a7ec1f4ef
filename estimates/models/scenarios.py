"""Ways to do a project."""

from django.db import models
from django.db.models import Q

from estimates.models.suppliers import InHouseTeam, RateCard
from labeling.models.assumptions import Assumption, InputSpec, law_constraints


class Scenario(models.Model):
    """One way to do a project: which supplier does each work package, with which levers."""

    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="scenarios")
    slug = models.SlugField()
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=2000)
    position = models.PositiveSmallIntegerField(
        default=0,
        help_text="The first scenario is the one that published totals and training costs are held against.",
    )

    class Meta:
        ordering = ["position", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["project", "slug"], name="scenario_slug_once_a_project"),
        ]

    def __str__(self) -> str:
        return self.name


class ScenarioAllocation(models.Model):
    """Who does a work package in a scenario: a vendor by rate card, or a team of one's own."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="allocations")
    package = models.ForeignKey("labeling.WorkPackage", models.CASCADE, related_name="allocations")
    rate_card = models.ForeignKey(
        "estimates.RateCard", models.PROTECT, null=True, blank=True, related_name="allocations"
    )
    team = models.ForeignKey(
        "estimates.InHouseTeam", models.PROTECT, null=True, blank=True, related_name="allocations"
    )

    class Meta:
        ordering = ["package__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scenario", "package"], name="allocation_package_once_a_scenario"
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
    "labeling_multiplier": InputSpec("Labeling and review effort, times the plan", "times", above_zero=True),
}


class ScenarioAssumption(Assumption):
    """One lever of a scenario."""

    INPUTS = LEVER_INPUTS

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="assumptions")

    class Meta:
        ordering = ["pk"]
        constraints = [
            *law_constraints(),
            models.UniqueConstraint(fields=["scenario", "name"], name="%(class)s_input_once"),
            models.CheckConstraint(condition=Q(name__in=list(LEVER_INPUTS)), name="%(class)s_input_known"),
        ]
