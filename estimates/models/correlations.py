"""Which inputs of a project move together."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least
from simple_history.models import HistoricalRecords

from labeling.fields import QuantityField
from labeling.models import Evidence, Project, Verb

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from labeling.models import User

MOST_PAIRS = 50
"""More pairs than anybody can say something of; a form has so many lines."""


class CorrelationQuerySet(models.QuerySet["Correlation"]):
    def visible_to(self, user: "User | AnonymousUser") -> "CorrelationQuerySet":
        """Those of the projects whose money this person may see."""
        return self.filter(project__in=Project.objects.where_may(user, Verb.SEE_MONEY))


class Correlation(models.Model):
    """A pair of uncertain inputs, by their keys, that move together; inputs in no pair are independent.

    Written by `estimates.services.correlations` alone, all pairs of a project at once, over the project's
    version.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="correlations")
    key = models.CharField("one input", max_length=80)
    other = models.CharField("the other input", max_length=80)
    rho = QuantityField(
        "rank correlation", help_text="From −1, opposite ways, by 0, independent, to 1, always together."
    )
    source = models.CharField(max_length=400)
    source_url = models.URLField(blank=True)
    evidence = models.CharField(max_length=12, choices=Evidence.choices)

    objects = CorrelationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                "project",
                Least("key", "other"),
                Greatest("key", "other"),
                name="correlation_pair_once_a_project",
                violation_error_message="This pair is stated twice, perhaps the other way round.",
            ),
            models.CheckConstraint(
                condition=~Q(key=F("other")),
                name="correlation_of_two_inputs",
                violation_error_message="Name two different inputs.",
            ),
            models.CheckConstraint(
                condition=~Q(key="") & ~Q(other=""),
                name="correlation_has_keys",
                violation_error_message="Name both inputs.",
            ),
            models.CheckConstraint(
                condition=Q(rho__gte=-1, rho__lte=1),
                name="correlation_within_1",
                violation_error_message="A correlation lies between −1 and 1.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="correlation_has_source",
                violation_error_message="Say where this correlation comes from.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} and {self.other}: {self.rho.normalize():f}"

    def clean(self) -> None:
        if self.key and self.key == self.other:
            raise ValidationError({"other": "Name another input: nothing is correlated with itself."})
        if isinstance(self.rho, Decimal) and self.rho.is_finite() and not -1 <= self.rho <= 1:
            raise ValidationError({"rho": "A correlation lies between −1 and 1."})

    def allows(self, user: "User", verb: Verb) -> bool:
        return self.project.allows(user, Verb.SEE_MONEY if verb == Verb.SEE else verb)

    @property
    def pair(self) -> frozenset[str]:
        """Both keys, whichever is named first."""
        return frozenset((self.key, self.other))
