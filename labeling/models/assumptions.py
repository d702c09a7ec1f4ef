"""An assumption: one number of a plan, how sure it is, and where it comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from labeling.fields import QuantityField

# What each law is made of, and what its parameters are called on a form.
LAW_PARAMETERS: dict[str, dict[str, str]] = {
    "number": {},
    "range": {"low": "Low, 5 % fall below", "high": "High, 5 % lie above"},
    "triangular": {"low": "Min", "mode": "Mode", "high": "Max"},
    "pert": {"low": "Min", "mode": "Mode", "high": "Max"},
    "beta": {"mean": "Mean", "weight": "Weight"},
}
PARAMETERS = ("low", "mode", "high", "mean", "weight")


class Law(models.TextChoices):
    """The distribution that says how sure a number is."""

    NUMBER = "number", "fixed number"
    RANGE = "range", "90 % range"
    TRIANGULAR = "triangular", "triangular (min, mode, max)"
    PERT = "pert", "PERT (min, mode, max)"
    BETA = "beta", "beta (mean, weight)"


class Evidence(models.TextChoices):
    """How a number is known."""

    READ = "read", "read at the source"
    RECALLED = "recalled", "recalled, not verified"
    DERIVED = "derived", "worked out from published figures"
    ASSUMPTION = "assumption", "an assumption"


@dataclass(frozen=True)
class InputSpec:
    """What an input is called, its unit, and the bounds it must keep (`below_one`: 1 itself is out)."""

    label: str
    unit: str
    is_share: bool = False
    above_zero: bool = False
    below_one: bool = False


def law_constraints() -> list[models.CheckConstraint]:
    """Per law: the parameters it has, in order, and no others."""
    bounds = {
        Law.NUMBER: Q(),
        Law.RANGE: Q(low__gt=0, high__gt=F("low")),
        Law.TRIANGULAR: Q(low__gte=0, mode__gte=F("low"), high__gte=F("mode"), high__gt=F("low")),
        Law.PERT: Q(low__gte=0, mode__gte=F("low"), high__gte=F("mode"), high__gt=F("low")),
        Law.BETA: Q(mean__gt=0, mean__lt=1, weight__gt=0),
    }
    shapes = Q()
    for law in Law:
        nulls = Q(**{f"{name}__isnull": name not in LAW_PARAMETERS[law] for name in PARAMETERS})
        shapes |= Q(law=law) & nulls & bounds[law]
    return [
        models.CheckConstraint(
            condition=shapes,
            name="%(class)s_law",
            violation_error_message=(
                "The numbers do not make this law. A 90 % range needs 0 < low < high; triangular and PERT "
                "need min ≤ mode ≤ max and min < max; a beta needs a mean between 0 and 1 and a weight "
                "above 0; a fixed number has only its point."
            ),
        ),
        models.CheckConstraint(
            condition=(
                Q(law=Law.NUMBER)
                | Q(law=Law.RANGE, point__gt=0)
                | Q(law__in=[Law.TRIANGULAR, Law.PERT], point__gte=F("low"), point__lte=F("high"))
                | Q(law=Law.BETA, point__lte=1)
            ),
            name="%(class)s_point_within_law",
            violation_error_message=(
                "The point contradicts the law: it lies between min and max of three points, above 0 for a "
                "range, and is at most 1 for a beta."
            ),
        ),
        models.CheckConstraint(
            condition=~Q(key=""),
            name="%(class)s_has_key",
            violation_error_message="Give the input a key.",
        ),
        models.CheckConstraint(
            condition=Q(point__gte=0),
            name="%(class)s_point_not_negative",
            violation_error_message="The point must not be negative.",
        ),
        models.CheckConstraint(
            condition=~Q(source=""),
            name="%(class)s_has_source",
            violation_error_message="Say where this number comes from.",
        ),
    ]


def share_constraint(inputs: dict[str, InputSpec]) -> models.CheckConstraint:
    """A share lies between 0 and 1, its whole law too."""
    shares = [name for name, spec in inputs.items() if spec.is_share]
    within = Q(point__lte=1) & (Q(high__isnull=True) | Q(high__lte=1)) & ~Q(law=Law.RANGE)
    return models.CheckConstraint(
        condition=~Q(name__in=shares) | within,
        name="%(class)s_share_within_0_and_1",
        violation_error_message=(
            "A share lies between 0 and 1: give a fixed number, three points or a beta, and no 90 % range, "
            "whose upper end is open."
        ),
    )


def is_number(value: Any) -> bool:
    return isinstance(value, Decimal) and value.is_finite()


def law_errors(law: str, numbers: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a law's parameters, by the parameter; the constraint says it of all at once."""
    words = dict(Law.choices)[law]
    wanted = LAW_PARAMETERS[law]
    errors = {name: f"“{words}” needs this number." for name in wanted if numbers.get(name) is None} | {
        name: f"“{words}” has no such number: leave it empty."
        for name in PARAMETERS
        if name not in wanted and numbers.get(name) is not None
    }
    # What is no finite number the field itself refuses, by name.
    given = {name: numbers[name] for name in wanted if is_number(numbers.get(name))}
    low, mode, high = given.get("low"), given.get("mode"), given.get("high")
    if low is not None:
        if law == Law.RANGE and low <= 0:
            errors["low"] = "The low end of a 90 % range must be above 0."
        elif low < 0:
            errors["low"] = "This must not be negative."
        if high is not None and high <= low:
            errors["high"] = f"This must be above {plain(low)}."
        elif mode is not None and (mode < low or (high is not None and mode > high)):
            errors["mode"] = "The mode must lie between min and max."
    if "mean" in given and not 0 < given["mean"] < 1:
        errors["mean"] = "The mean of a beta lies between 0 and 1."
    if "weight" in given and given["weight"] <= 0:
        errors["weight"] = "The weight must be above 0."
    return errors


def plain(number: Decimal) -> str:
    """A decimal as people write it: without zeros at the end, without an exponent."""
    return f"{number.normalize():f}"


class Assumption(models.Model):
    """One input of a plan.

    Two assumptions with the same key move together: they are one uncertain quantity, drawn once in every
    simulated outcome, wherever it is used.
    """

    name = models.CharField("input", max_length=40)
    key = models.CharField(
        max_length=80,
        validators=[
            RegexValidator(r"^[a-z0-9][a-z0-9.-]*$", "Use lower-case letters, digits, dots and hyphens.")
        ],
        help_text="Inputs with the same key are one uncertain quantity and move together.",
    )
    law = models.CharField(max_length=12, choices=Law.choices)
    low = QuantityField(null=True, blank=True)
    mode = QuantityField(null=True, blank=True)
    high = QuantityField(null=True, blank=True)
    mean = QuantityField(null=True, blank=True)
    weight = QuantityField(null=True, blank=True)
    point = QuantityField(help_text="The single number used for the point estimate.")
    source = models.CharField(max_length=400)
    source_url = models.URLField(blank=True)
    evidence = models.CharField(max_length=12, choices=Evidence.choices)

    history = HistoricalRecords(inherit=True)

    # What may be assumed of the owner, by name; each concrete class says it.
    INPUTS: ClassVar[dict[str, InputSpec]]

    class Meta:
        abstract = True

    def __str__(self) -> str:
        if self.name not in self.INPUTS:  # an input of an earlier release, read in the history
            return f"{self.name}: {plain(self.point)}"
        return f"{self.spec.label}: {plain(self.point)} {self.unit_in_words}"

    @property
    def spec(self) -> InputSpec:
        """Label, unit and bounds of this input."""
        return self.INPUTS[self.name]

    @property
    def unit(self) -> str:
        return self.spec.unit

    @property
    def unit_in_words(self) -> str:
        """The unit; where the owner is gone, or not there yet, without naming its currency."""
        try:
            return self.unit
        except ObjectDoesNotExist:
            return self.spec.unit.format(currency="currency", basis="unit")

    def clean(self) -> None:
        if self.name not in self.INPUTS:
            raise ValidationError(
                {"name": f"“{self.name}” is not an input of this; known are: {', '.join(self.INPUTS)}."}
            )
        errors = self.point_errors()
        if self.law in Law.values:
            errors |= law_errors(self.law, {name: getattr(self, name) for name in PARAMETERS})
            if self.spec.is_share:
                errors |= self.share_errors()
            if not errors and not self.point_is_within_law:
                errors = {"point": "The point contradicts the law: leave it empty to have the law's own."}
        if errors:
            raise ValidationError(errors)

    def point_errors(self) -> dict[str, str]:
        """What is wrong with the point, for this input."""
        if not is_number(self.point):
            return {}  # the field says so
        if self.point < 0:
            return {"point": f"{self.spec.label} must not be negative."}
        if self.spec.above_zero and self.point == 0:
            return {"point": f"{self.spec.label} must be above 0."}
        if self.spec.below_one and self.point >= 1:
            return {"point": f"{self.spec.label} must be below 1: 0.4 is 40 %."}
        if self.spec.is_share and self.point > 1:
            return {"point": f"{self.spec.label} is a share of at most 1: 0.4 is 40 %."}
        return {}

    @property
    def point_is_within_law(self) -> bool:
        """Whether the law allows the point at all; asked once its numbers are in order."""
        if not is_number(self.point):
            return True
        match self.law:
            case Law.RANGE:
                return bool(self.point > 0)
            case Law.TRIANGULAR | Law.PERT if is_number(self.low) and is_number(self.high):
                return bool(self.low <= self.point <= self.high)
            case Law.BETA:
                return bool(self.point <= 1)
        return True

    def share_errors(self) -> dict[str, str]:
        """A share lies between 0 and 1, its whole law too."""
        if self.law == Law.RANGE:
            return {
                "law": f"{self.spec.label} is a share: give a fixed number, three points or a beta, "
                "and no 90 % range, whose upper end is open."
            }
        if is_number(self.high) and self.high > 1:
            return {"high": f"{self.spec.label} is a share of at most 1: 0.4 is 40 %."}
        return {}
