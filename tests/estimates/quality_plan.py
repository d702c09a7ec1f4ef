"""A plan whose designs can be worked out by hand: 1 a judgement at the vendor, 3 at the team."""

from datetime import date

from estimates.models import (
    Budget,
    InHouseTeam,
    InHouseTeamAssumption,
    RateCard,
    RateCardAssumption,
    Scenario,
    ScenarioAllocation,
)
from labeling.models import Project, Tier, Vendor, WorkPackage, WorkPackageAssumption
from tests.factories import BUYER_PAYS, assumption

PACKAGE = {
    "accepted_items": 3000, "yield_share": 1, "overlap": 1, "gold_share": 0, "minutes_per_judgement": 6,
    "rework_rate": 0, "review_share": 0, "review_time_share": 0,
}  # fmt: skip
SKILL = {"review_sensitivity": "0.9", "review_specificity": "0.95"}


def state(package, **points):
    """State inputs of a work package, in place of what was stated."""
    for name, point in points.items():
        package.assumptions.filter(name=name).delete()
        WorkPackageAssumption.objects.create(package=package, **assumption(name, point))


def quality_project(slug="taste", *, errors=("0.2", "0.05")):
    """3,000 pairs of 6 minutes. Northwind is wrong in 20 %, the own team, at 3 times the price, in 5 %."""
    project = Project.objects.create(slug=slug, name=slug.title())
    Budget.objects.create(project=project, currency="USD")
    tier, _ = Tier.objects.get_or_create(slug="generalist", defaults={"name": "Generalist"})
    package = WorkPackage.objects.create(
        project=project, slug="pairs", name="Pairs", task_type="pairwise",
        settings={"scale_points": 7, "ties": True}, tier=tier, effort_kind="items",
    )  # fmt: skip
    state(package, **PACKAGE)
    vendor, _ = Vendor.objects.get_or_create(slug="northwind", defaults={"name": "Northwind"})
    card = RateCard.objects.create(
        vendor=vendor, tier=tier, slug=f"{slug}-card", name="Northwind 2026", currency="USD", basis="hour",
        pricing="billed", valid_from=date(2026, 1, 1), **BUYER_PAYS,
    )  # fmt: skip
    RateCardAssumption.objects.create(rate_card=card, **assumption("rate", 10))
    team = InHouseTeam.objects.create(slug=f"{slug}-team", name="Own team", currency="USD")
    for name, point in {"wage": "30", "burden": "0", "utilisation": "1"}.items():
        InHouseTeamAssumption.objects.create(team=team, **assumption(name, point))
    if errors[0] is not None:
        RateCardAssumption.objects.create(
            rate_card=card, **assumption("error_rate", errors[0], "vendor-errors")
        )
    if errors[1] is not None:
        InHouseTeamAssumption.objects.create(team=team, **assumption("error_rate", errors[1], "team-errors"))
    bought = Scenario.objects.create(project=project, slug="vendor", name="Vendor", position=0)
    ScenarioAllocation.objects.create(scenario=bought, package=package, rate_card=card)
    made = Scenario.objects.create(project=project, slug="in-house", name="In-house", position=1)
    ScenarioAllocation.objects.create(scenario=made, package=package, team=team)
    return project
