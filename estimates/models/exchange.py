"""What one currency was worth in another, and on which day."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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
from labeling.models.assumptions import is_number
from labeling.models.workforce import allows_insider

if TYPE_CHECKING:
    from labeling.models import User


MOVING = ("volatility", "home_interest", "foreign_interest")
VOLATILITY_ERROR = "A volatility is a share above 0 and at most 1: 0.08 is 8 % a year."
INTEREST_ERROR = "Interest is a share of at least 0 and below 1: 0.04 is 4 % a year."
BOTH_INTERESTS = "Give the interest of both currencies, or of none."


def rate_errors(given: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with how a rate moves, by the field; the constraints say it of all at once."""
    errors = {}
    volatility = given["volatility"]
    if is_number(volatility) and not 0 < volatility <= 1:
        errors["volatility"] = VOLATILITY_ERROR
    interests = {name: given[name] for name in ("home_interest", "foreign_interest")}
    for name, interest in interests.items():
        if interest is None and any(other is not None for other in interests.values()):
            errors[name] = BOTH_INTERESTS
        elif is_number(interest) and not 0 <= interest < 1:
            errors[name] = INTEREST_ERROR
    return errors


class ExchangeRate(VersionedModel):
    """One unit of a currency in another, on a day. A later day supersedes it; reports keep theirs."""

    from_currency = models.CharField(max_length=3, validators=[validate_currency])
    to_currency = models.CharField(max_length=3, validators=[validate_currency])
    rate = QuantityField(help_text="What one unit of the first currency is worth in the second.")
    on = models.DateField("on the day")
    volatility = QuantityField(
        "volatility a year",
        null=True,
        blank=True,
        help_text="As a share: 0.08 moves it by 8 % in a year. Leave empty for a rate taken as fixed.",
    )
    home_interest = QuantityField(
        "interest a year, second currency",
        null=True,
        blank=True,
        help_text="As a share. With the other one it makes a forward rate; give both, or none.",
    )
    foreign_interest = QuantityField(
        "interest a year, first currency", null=True, blank=True, help_text="As a share."
    )
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
                condition=Q(volatility__isnull=True) | Q(volatility__gt=0, volatility__lte=1),
                name="exchangerate_volatility_within_0_and_1",
                violation_error_message=VOLATILITY_ERROR,
            ),
            models.CheckConstraint(
                condition=Q(home_interest__isnull=True, foreign_interest__isnull=True)
                | Q(
                    # What is NULL fails no check, so that it has to be asked for.
                    home_interest__isnull=False,
                    foreign_interest__isnull=False,
                    home_interest__gte=0,
                    home_interest__lt=1,
                    foreign_interest__gte=0,
                    foreign_interest__lt=1,
                ),
                name="exchangerate_both_interests_or_none",
                violation_error_message=f"{INTEREST_ERROR} {BOTH_INTERESTS}",
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
        errors = {}
        if self.from_currency and self.from_currency == self.to_currency:
            errors["to_currency"] = "Name two different currencies."
        errors |= rate_errors({name: getattr(self, name) for name in MOVING})
        if errors:
            raise ValidationError(errors)

    def allows(self, user: "User", verb: Verb) -> bool:
        return allows_insider(user, Verb.SEE_MONEY if verb == Verb.SEE else verb)
