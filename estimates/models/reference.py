"""Published figures, each with its source."""

from django.db import models
from django.db.models import Q
from django.urls import reverse

from estimates.currencies import validate_currency
from estimates.fields import PublishedNumberField
from labeling.fields import AmountField
from labeling.models import Project
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
    fact = models.ForeignKey(
        "estimates.ReferenceFact",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="training_runs",
        help_text="The figure of the catalogue that this is.",
    )

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
    fact = models.ForeignKey(
        "estimates.ReferenceFact",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="claims",
        help_text="The figure of the catalogue that this is.",
    )

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


class Source(models.Model):
    """Where a published figure was read."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=300)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    kind = models.CharField(max_length=40, help_text="Such as paper, price list or news.")
    url = models.URLField(max_length=400, blank=True)
    read_via = models.CharField(
        max_length=300, blank=True, help_text="What was read where it was not the source itself."
    )
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["slug"]

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title


class ReferenceCampaign(models.Model):
    """A published campaign of human or model feedback. Its rows are shipped; nobody edits them."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=200)
    year = models.PositiveSmallIntegerField()
    organisation = models.CharField(max_length=200)
    vendors = models.JSONField(default=list, blank=True, help_text="Who supplied the labels, by name.")
    summary = models.TextField()

    class Meta:
        ordering = ["-year", "name"]
        indexes = [models.Index(fields=["year"], name="campaign_by_year")]  # the list's filter

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("estimates:reference-campaign", args=[self.slug])


class CampaignTask(models.Model):
    """A kind of task that a campaign asked for, in the catalogue's own words (`step_label`, `red_team`)."""

    campaign = models.ForeignKey(ReferenceCampaign, models.CASCADE, related_name="tasks")
    task_type = models.SlugField(max_length=40)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["campaign_id", "position"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "task_type"], name="campaigntask_once"),
        ]

    def __str__(self) -> str:
        return self.task_type


class RateGroup(models.Model):
    """A heading of published rates: platform fees, pay, training costs."""

    slug = models.SlugField(max_length=80, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField()
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position", "slug"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('estimates:reference-rates')}?group={self.slug}#{self.slug}"


class FactEvidence(models.TextChoices):
    """How a figure of the catalogue is known."""

    READ = "read", "read in a stored public copy"
    RECALLED = "recalled", "from memory, not verified"
    ABSENT = "absent", "not published, or not found"
    DERIVED = "derived", "worked out from figures of the same campaign"


class Bound(models.TextChoices):
    """A figure that was published as a limit."""

    LOWER = "lower", "more than"
    UPPER = "upper", "less than"


# A figure has one of these; one that is absent has none.
VALUES = ("number", "content", "low", "high")


class ReferenceFact(models.Model):
    """One figure of the catalogue: of a campaign, or a rate.

    A number is in `number`, exactly; text, a list, a yes or no, or several named numbers are in `content`;
    a range is in `low` and `high`, of which an open one lacks one end.
    """

    key = models.CharField(max_length=80, unique=True)
    campaign = models.ForeignKey(
        ReferenceCampaign, models.CASCADE, null=True, blank=True, related_name="facts"
    )
    group = models.ForeignKey(RateGroup, models.CASCADE, null=True, blank=True, related_name="facts")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=120)
    number = PublishedNumberField(null=True, blank=True)
    content = models.JSONField(null=True, blank=True)
    low = PublishedNumberField(null=True, blank=True)
    high = PublishedNumberField(null=True, blank=True)
    plus_minus = PublishedNumberField(null=True, blank=True)
    bound = models.CharField(max_length=8, choices=Bound.choices, blank=True)
    unit = models.CharField(max_length=120)
    valid = models.CharField(max_length=100, blank=True, help_text="When a price list applied.")
    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="facts")
    locator = models.CharField(max_length=200, blank=True)
    read_via = models.CharField(max_length=300, blank=True)
    formula = models.CharField(max_length=300, blank=True)
    evidence = models.CharField(max_length=12, choices=FactEvidence.choices)
    note = models.TextField(blank=True)

    class Meta:
        ordering = ["campaign_id", "group_id", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(campaign__isnull=True) ^ Q(group__isnull=True),
                name="fact_campaign_or_rate",
                violation_error_message="A figure belongs to a campaign or is a rate.",
            ),
            models.CheckConstraint(
                condition=(Q(evidence=FactEvidence.DERIVED, source__isnull=True, locator="") & ~Q(formula=""))
                | (
                    Q(
                        evidence__in=[FactEvidence.READ, FactEvidence.RECALLED, FactEvidence.ABSENT],
                        source__isnull=False,
                        formula="",
                    )
                    & ~Q(locator="")
                ),
                name="fact_source_or_formula",
                violation_error_message=(
                    "A published figure names its source and the place in it; a derived one its formula."
                ),
            ),
            models.CheckConstraint(
                condition=Q(evidence=FactEvidence.ABSENT, **{f"{name}__isnull": True for name in VALUES})
                | (
                    ~Q(evidence=FactEvidence.ABSENT)
                    & (
                        Q(number__isnull=False, content__isnull=True, low__isnull=True, high__isnull=True)
                        | Q(number__isnull=True, content__isnull=False, low__isnull=True, high__isnull=True)
                        | Q(number__isnull=True, content__isnull=True)
                        & (Q(low__isnull=False) | Q(high__isnull=False))
                    )
                ),
                name="fact_one_value_or_absent",
                violation_error_message=(
                    "A figure has a number, a content or a range; an absent one has none of them."
                ),
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=False) | Q(plus_minus__isnull=True, bound=""),
                name="fact_bound_of_a_number",
                violation_error_message="A bound or a plus-minus belongs to a number.",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def anchor(self) -> str:
        """Where the figure stands on its page; the page has it as an id."""
        return self.key if self.campaign_id is None else self.key.partition(".")[2]

    def get_absolute_url(self) -> str:
        """The campaign is read for its slug: select it with the figure."""
        if self.campaign is None:
            group = self.key.partition(".")[0]
            return f"{reverse('estimates:reference-rates')}?group={group}#{self.anchor}"
        return f"{self.campaign.get_absolute_url()}#{self.anchor}"


class Conflict(models.Model):
    """Published figures that do not agree: all are shown, none is averaged."""

    topic = models.CharField(max_length=120, unique=True)
    claims = models.JSONField(help_text="Each claim in a line of its own.")
    handling = models.TextField(help_text="How the catalogue deals with it.")
    position = models.PositiveSmallIntegerField()
    facts = models.ManyToManyField(ReferenceFact, related_name="conflicts")

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.topic


class FactLink(models.Model):
    """A project's input that was taken from the catalogue.

    An input is known by its key, which says the same uncertain quantity wherever the project uses it. The
    link says where the input came from; the project's own number may have been changed since.
    """

    project = models.ForeignKey(Project, models.CASCADE, related_name="fact_links")
    key = models.CharField(max_length=80)
    fact = models.ForeignKey(ReferenceFact, models.CASCADE, related_name="links")
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["project_id", "key", "position"]
        constraints = [
            models.UniqueConstraint(fields=["project", "key", "fact"], name="factlink_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key}: {self.fact_id}"
