"""Who can do the work, and at what price."""

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from estimates.currencies import validate_currency
from labeling.models.assumptions import Assumption, InputSpec, law_constraints, share_constraint


class Basis(models.TextChoices):
    """The unit a price is for; never a bare "label"."""

    HOUR = "hour", "hour"
    JUDGEMENT = "judgement", "accepted judgement"
    OUTPUT = "output", "accepted output"
    ITEM = "item", "accepted item"


class Pricing(models.TextChoices):
    """How the price is stated."""

    BILLED = "billed", "billed price"
    COST_PLUS_MARGIN = "cost-plus-margin", "labour cost plus margin"
    COST_PLUS_MARKUP = "cost-plus-markup", "labour cost plus markup"


class RateCard(models.Model):
    """A vendor's dated price; superseded by a newer card, not edited."""

    vendor = models.ForeignKey("labeling.Vendor", models.PROTECT, related_name="rate_cards")
    tier = models.ForeignKey("labeling.Tier", models.PROTECT, related_name="rate_cards")
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, validators=[validate_currency])
    basis = models.CharField(max_length=9, choices=Basis.choices)
    pricing = models.CharField(max_length=16, choices=Pricing.choices)
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(basis__in=Basis.values), name="ratecard_basis_known"),
            models.CheckConstraint(condition=Q(pricing__in=Pricing.values), name="ratecard_pricing_known"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="ratecard_validity_in_order",
                violation_error_message="The last day must not lie before the first.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


RATE_INPUTS = {
    "rate": InputSpec("Price, or the vendor's own labour cost", "{currency} per {basis}"),
    "margin": InputSpec("Vendor's margin, share of the price", "share", is_share=True, below_one=True),
    "markup": InputSpec("Vendor's markup on cost", "share"),
    "setup_fee": InputSpec("Set-up fee", "{currency}"),
}


class RateCardAssumption(Assumption):
    """One input of a vendor's price."""

    INPUTS = RATE_INPUTS

    rate_card = models.ForeignKey(RateCard, models.CASCADE, related_name="assumptions")

    class Meta:
        ordering = ["pk"]
        constraints = [
            *law_constraints(),
            share_constraint(RATE_INPUTS),
            models.UniqueConstraint(fields=["rate_card", "name"], name="%(class)s_input_once"),
            models.CheckConstraint(condition=Q(name__in=list(RATE_INPUTS)), name="%(class)s_input_known"),
            models.CheckConstraint(
                condition=~Q(name="margin") | Q(point__lt=1),
                name="%(class)s_margin_below_one",
                violation_error_message="A margin is a share of the price and must be below 1.",
            ),
        ]

    @property
    def unit(self) -> str:
        return self.spec.unit.format(
            currency=self.rate_card.currency, basis=Basis(self.rate_card.basis).label
        )

    def clean(self) -> None:
        super().clean()
        pricing = self.rate_card.pricing
        if self.name == "markup" and pricing != Pricing.COST_PLUS_MARKUP:
            raise ValidationError({"name": "A markup belongs to a price stated as labour cost plus markup."})
        if self.name == "margin" and pricing == Pricing.COST_PLUS_MARKUP:
            raise ValidationError(
                {"name": "A price stated as labour cost plus markup has no margin beside it."}
            )


class InHouseTeam(models.Model):
    """People of one's own: wage, burden, utilisation, and what it takes to set them up."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=200)
    currency = models.CharField(max_length=3, validators=[validate_currency])

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


TEAM_INPUTS = {
    "wage": InputSpec("Wage", "{currency} per hour"),
    "burden": InputSpec("Burden on the wage", "share"),
    "utilisation": InputSpec("Productive hours ÷ paid hours", "share", is_share=True, above_zero=True),
    "setup": InputSpec("Fixed set-up", "{currency}"),
    "recruiting_per_hire": InputSpec("Recruiting", "{currency} per hire"),
    "seat_cost_per_month": InputSpec("Tools and seat", "{currency} per seat and month"),
}


class InHouseTeamAssumption(Assumption):
    """One input of an in-house team's cost."""

    INPUTS = TEAM_INPUTS

    team = models.ForeignKey(InHouseTeam, models.CASCADE, related_name="assumptions")

    class Meta:
        ordering = ["pk"]
        constraints = [
            *law_constraints(),
            share_constraint(TEAM_INPUTS),
            models.UniqueConstraint(fields=["team", "name"], name="%(class)s_input_once"),
            models.CheckConstraint(condition=Q(name__in=list(TEAM_INPUTS)), name="%(class)s_input_known"),
            models.CheckConstraint(
                condition=~Q(name="utilisation") | Q(point__gt=0),
                name="%(class)s_utilisation_above_zero",
                violation_error_message="Utilisation must be above 0.",
            ),
        ]

    @property
    def unit(self) -> str:
        return self.spec.unit.format(currency=self.team.currency)
