"""What a project's least-cost mix has to keep to."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from simple_history.models import HistoricalRecords

from estimates.models.budgets import Budget
from estimates.models.suppliers import InHouseTeam, RateCard
from labeling.fields import QuantityField
from labeling.models import Project, Verb, VersionedModel

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from labeling.models import User

SHARES = ("step", "minimum_share", "largest_share")


class MixRulesQuerySet(models.QuerySet["MixRules"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MixRulesQuerySet":
        """The rules of the projects whose money this person may see."""
        return self.filter(budget__project__in=Project.objects.where_may(user, Verb.SEE_MONEY))


def share_within(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__gt": 0, f"{name}__lte": 1}),
        name=f"mixrules_{name}_within_0_and_1",
        violation_error_message="A share lies above 0 and is at most 1.",
    )


class MixRules(VersionedModel):
    """The rules of a project's mix. A project without them has none; an empty rule limits nothing.

    Every supplier of the project's scenarios may take part, and the rate cards and teams named here.
    """

    budget = models.OneToOneField(Budget, models.CASCADE, related_name="mix_rules")
    step = QuantityField(
        "shares in steps of",
        null=True,
        blank=True,
        help_text="As a share of a package: 0.05 is 5 %. Leave empty for any share.",
    )
    minimum_share = QuantityField(
        "least share of a package",
        null=True,
        blank=True,
        help_text="What a supplier does of a package, if it does any of it.",
    )
    largest_share = QuantityField(
        "largest share of all work",
        null=True,
        blank=True,
        help_text="What one supplier may do of all productive hours.",
    )
    terms_of = models.ForeignKey(
        "estimates.Scenario",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="effort and own cost as in",
        help_text="The scenario whose labeling effort and whose buyer's own cost hold for the mix.",
    )
    rate_cards = models.ManyToManyField(
        RateCard, blank=True, related_name="+", help_text="That may take part beside those of the scenarios."
    )
    teams = models.ManyToManyField(
        InHouseTeam,
        blank=True,
        related_name="+",
        help_text="That may take part beside those of the scenarios.",
    )

    objects = MixRulesQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[rate_cards, teams])

    class Meta:
        verbose_name = "rules of the mix"
        verbose_name_plural = "rules of the mix"
        constraints = [share_within(name) for name in SHARES]

    def __str__(self) -> str:
        return f"{self.budget.project}: mix"

    @property
    def project(self) -> Project:
        return self.budget.project

    def clean(self) -> None:
        errors = {}
        step: Decimal | None = self.step
        if step is not None and 0 < step <= 1 and 1 % step != 0:
            errors["step"] = "Shares in these steps cannot add up to 1; 0.05 or 0.1 can."
        if (
            self.budget_id
            and self.terms_of is not None
            and self.terms_of.project_id != self.budget.project_id
        ):
            errors["terms_of"] = "This scenario belongs to another project."
        if errors:
            raise ValidationError(errors)

    def allows(self, user: "User", verb: Verb) -> bool:
        return self.project.allows(user, Verb.SEE_MONEY if verb == Verb.SEE else verb)


class MixErrorLimit(models.Model):
    """The largest mean error rate of who does a work package."""

    rules = models.ForeignKey(MixRules, models.CASCADE, related_name="error_limits")
    package = models.ForeignKey("labeling.WorkPackage", models.CASCADE, related_name="+")
    limit = QuantityField("errors at most", help_text="A share of the accepted judgements: 0.04 is 4 %.")

    history = HistoricalRecords()

    class Meta:
        ordering = ["package__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rules", "package"], name="mixerrorlimit_once_a_package"),
            models.CheckConstraint(
                condition=Q(limit__gte=0, limit__lte=1),
                name="mixerrorlimit_within_0_and_1",
                violation_error_message="A limit on errors is a share: at least 0 and at most 1.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package}: errors"

    def clean(self) -> None:
        # A form has one of them wrong, or not chosen yet: it says so itself.
        if not (self.package_id and self.rules.budget_id):
            return
        if self.package.project_id != self.rules.budget.project_id:
            raise ValidationError({"package": "This package belongs to another project."})


class MixExclusion(models.Model):
    """A supplier that may not do a work package, because of where the data may go, for instance."""

    rules = models.ForeignKey(MixRules, models.CASCADE, related_name="exclusions")
    package = models.ForeignKey("labeling.WorkPackage", models.CASCADE, related_name="+")
    rate_card = models.ForeignKey(RateCard, models.CASCADE, null=True, blank=True, related_name="+")
    team = models.ForeignKey(InHouseTeam, models.CASCADE, null=True, blank=True, related_name="+")

    history = HistoricalRecords()

    class Meta:
        ordering = ["package__position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rules", "package", "rate_card"],
                condition=Q(rate_card__isnull=False),
                name="mixexclusion_rate_card_once_a_package",
            ),
            models.UniqueConstraint(
                fields=["rules", "package", "team"],
                condition=Q(team__isnull=False),
                name="mixexclusion_team_once_a_package",
            ),
            models.CheckConstraint(
                condition=Q(rate_card__isnull=False, team__isnull=True)
                | Q(rate_card__isnull=True, team__isnull=False),
                name="mixexclusion_one_supplier",
                violation_error_message="Choose a rate card or a team, not both and not neither.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package}: not {self.supplier}"

    @property
    def supplier(self) -> RateCard | InHouseTeam:
        """The rate card or the team; the constraint says that there is exactly one."""
        supplier = self.rate_card or self.team
        if supplier is None:
            raise ValueError("An exclusion needs a rate card or a team.")
        return supplier

    def clean(self) -> None:
        # A form has one of them wrong, or not chosen yet: it says so itself.
        if not (self.package_id and self.rules.budget_id):
            return
        if self.package.project_id != self.rules.budget.project_id:
            raise ValidationError({"package": "This package belongs to another project."})
