"""Published figures, each with its source."""

from django.db import models
from django.db.models import Q

from estimates.currencies import validate_currency
from labeling.fields import AmountField
from labeling.models.assumptions import Evidence


class TrainingRun(models.Model):
    """What training a model cost, by one source and on one basis."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    cost = AmountField()
    currency = models.CharField(max_length=3, validators=[validate_currency])
    basis = models.CharField(max_length=100, help_text="What the cost counts, such as cloud rental.")
    source = models.CharField(max_length=400)
    source_url = models.URLField(blank=True)
    evidence = models.CharField(max_length=12, choices=Evidence.choices)

    class Meta:
        ordering = ["year", "slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cost__gt=0),
                name="trainingrun_cost_above_zero",
                violation_error_message="A training cost must be above 0.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.basis})"


class PublishedClaim(models.Model):
    """A total somebody published for a scenario's work, to be held against our own figures."""

    scenario = models.ForeignKey("estimates.Scenario", models.CASCADE, related_name="claims")
    text = models.CharField(max_length=200, help_text="The claim in its own words.")
    total = AmountField(help_text="The total it is read as, in the project's currency.")
    source = models.CharField(max_length=400)
    source_url = models.URLField(blank=True)
    evidence = models.CharField(max_length=12, choices=Evidence.choices)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["scenario", "text"], name="claim_once_a_scenario"),
            models.CheckConstraint(
                condition=Q(total__gt=0),
                name="claim_total_above_zero",
                violation_error_message="A claimed total must be above 0.",
            ),
        ]

    def __str__(self) -> str:
        return self.text
