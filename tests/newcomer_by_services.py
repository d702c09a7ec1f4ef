"""The newcomer's project entered through the services alone: what every other door's figures are held against."""

from datetime import date
from decimal import Decimal

from estimates.models import InHouseTeam, RateCard
from estimates.services.scenarios import save_scenario, start_priced_project
from estimates.services.suppliers import save_rate_card, save_team
from labeling.models import Tier, Vendor
from labeling.services.plans import save_package
from tests import newcomer

DAYS = ("starts_on", "deadline", "valid_from", "valid_until")
NUMBERS = ("low", "mode", "high", "mean", "weight", "point")


def read(row):
    """A row of text as the services take it: numbers and days."""
    said = {"source": newcomer.SOURCE, "evidence": newcomer.EVIDENCE} if "law" in row else {}
    numbers = {name: Decimal(row[name]) for name in NUMBERS if name in row}
    days = {name: date.fromisoformat(row[name]) for name in row if name in DAYS}
    return {**row, **said, **numbers, **days}


def without(row, *names):
    return {name: value for name, value in row.items() if name not in names}


def enter_by_services(started_by):
    """The newcomer's project through the services alone."""
    project = start_priced_project(
        started_by=started_by,
        fields=read(newcomer.PROJECT),
        budget={**newcomer.BUDGET, "limit": Decimal(newcomer.BUDGET["limit"])},
    )
    tiers = {row["slug"]: Tier.objects.create(**row) for row in newcomer.TIERS}
    vendors = {row["slug"]: Vendor.objects.create(**row) for row in newcomer.VENDORS}
    packages = [
        save_package(
            project=project,
            package=None,
            expected_version=None,
            fields={**without(row, "inputs"), "tier": tiers[row["tier"]]},
            assumptions=[read(one) for one in row["inputs"]],
        )
        for row in newcomer.PACKAGES
    ]
    suppliers: dict[str, RateCard | InHouseTeam] = {
        row["slug"]: save_rate_card(
            card=None,
            expected_version=None,
            fields=read(
                {**without(row, "inputs"), "vendor": vendors[row["vendor"]], "tier": tiers[row["tier"]]}
            ),
            assumptions=[read(one) for one in row["inputs"]],
        )
        for row in newcomer.RATE_CARDS
    }
    suppliers[newcomer.TEAM["slug"]] = save_team(
        team=None,
        expected_version=None,
        fields=without(newcomer.TEAM, "inputs"),
        assumptions=[read(one) for one in newcomer.TEAM["inputs"]],
    )
    for row in newcomer.SCENARIOS:
        save_scenario(
            project=project,
            scenario=None,
            expected_version=None,
            fields=without(row, "suppliers"),
            allocations=[
                {"package": package, "supplier": suppliers[slug]}
                for package, slug in zip(packages, row["suppliers"], strict=True)
            ],
        )
    return project
