"""What one currency was worth in another, and on which day."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from estimates.currencies import validate_currency
from estimates.formatting import day
from estimates.models.suppliers import OrganisationQuerySet
from labeling.bounds import plain
from labeling.fields import QuantityField
from labeling.models import Verb, VersionedModel
from labeling.models.workforce import allows_insider

if TYPE_CHECKING:
    from labeling.models import User


class ExchangeRate(VersionedModel):
    """One unit of a currency in another, on a day. A later day supersedes it; reports keep theirs."""

    from_currency = models.CharField(max_length=3, validators=[validate_currency])
    to_currency = models.CharField(max_length=3, validators=[validate_currency])
    rate = QuantityField(help_text="What one unit of the first currency is worth in the second.")
    on = models.DateField("on the day")
    source = models.CharField(max_length=400)
    source_url = models.URLField(blank=True)

    objects = OrganisationQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        ordering = ["from_currency", "to_currency", "-on"]
        constraints = [
            models.UniqueConstraint(
                fields=["from_currency", "to_currency", "on"], name="exchangerate_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0),
                name="exchangerate_above_zero",
                violation_error_message="An exchange rate must be above 0.",
            ),
            models.CheckConstraint(
                condition=~Q(from_currency=F("to_currency")),
                name="exchangerate_between_two_currencies",
                violation_error_message="Name two different currencies.",
            ),
            models.CheckConstraint(
                condition=~Q(source=""),
                name="exchangerate_has_source",
                violation_error_message="Say where this rate comes from.",
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.from_currency} = {self.rate_in_words} {self.to_currency} from {day(self.on)}"

    @property
    def rate_in_words(self) -> str:
        """The rate as it is written, with at least four decimals: "1.0850"."""
        words = plain(self.rate)
        return words if len(words.partition(".")[2]) >= 4 else f"{self.rate:.4f}"

    def clean(self) -> None:
        if self.from_currency and self.from_currency == self.to_currency:
            raise ValidationError({"to_currency": "Name two different currencies."})

    def allows(self, user: "User", verb: Verb) -> bool:
        return allows_insider(user, Verb.SEE_MONEY if verb == Verb.SEE else verb)
