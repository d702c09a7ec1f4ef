"""Load the reference campaigns that are shipped with the product."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet

from estimates.models import (
    Budget,
    InHouseTeam,
    PublishedClaim,
    RateCard,
    Scenario,
    ScenarioAllocation,
    TrainingRun,
)
from estimates.services.budgets import register_dimensions
from estimates.services.catalogue import load_catalogue
from labeling.models import Project, Tier, Vendor, WorkPackage
from labeling.services.assumptions import check_combinations

FOLDER = Path(__file__).resolve().parent.parent / "reference"
REFERENCE_PROJECTS = ("instructgpt", "prm800k")

Rows = list[dict[str, Any]]
M = TypeVar("M", bound=Model)


def reference_projects() -> QuerySet[Project]:
    """The reference projects of this installation."""
    return Project.objects.filter(slug__in=REFERENCE_PROJECTS).order_by("slug")


def load_reference() -> Iterator[str]:
    """Store what is not there yet; a line for every project and one for the catalogue.

    A project, tier, vendor or training run that is there already is left as it is, also where somebody has
    changed it since. The catalogue of published figures is brought to what is shipped: nobody edits it.
    """
    common = read("common")
    with transaction.atomic():
        for row in common["tiers"]:
            Tier.objects.get_or_create(slug=row["slug"], defaults=row)
        for row in common["vendors"]:
            Vendor.objects.get_or_create(slug=row["slug"], defaults=row)
        for row in common["training_runs"]:
            if not TrainingRun.objects.filter(slug=row["slug"]).exists():
                store(TrainingRun(**row))
    for slug in REFERENCE_PROJECTS:
        yield load_project(read(slug))
    # Last, because it points at the projects' inputs.
    yield load_catalogue()


def read(name: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return document


@transaction.atomic
def load_project(document: dict[str, Any]) -> str:
    """Store one project with all that belongs to it, or nothing when it is there."""
    name = document["name"]
    if Project.objects.filter(slug=document["slug"]).exists():
        return f"{name}: there already, left as it is"
    project = store(Project(slug=document["slug"], name=name, summary=document["summary"]))
    packages = {
        row["slug"]: load_package(project, position, row) for position, row in enumerate(document["packages"])
    }
    cards = {row["slug"]: load_rate_card(row) for row in document["rate_cards"]}
    teams = {row["slug"]: load_team(row) for row in document["teams"]}
    budget = document["budget"]
    stored = store(Budget(project=project, currency=budget["currency"], limit=budget["limit"]))
    stored.training_runs.set(TrainingRun.objects.filter(slug__in=budget["training_runs"]))
    for position, row in enumerate(document["scenarios"]):
        scenario = store(
            Scenario(
                project=project,
                slug=row["slug"],
                name=row["name"],
                description=row["description"],
                position=position,
            )
        )
        for allocation in row["allocations"]:
            store(
                ScenarioAllocation(
                    scenario=scenario,
                    package=packages[allocation["package"]],
                    rate_card=cards[allocation["rate_card"]] if "rate_card" in allocation else None,
                    team=teams[allocation["team"]] if "team" in allocation else None,
                )
            )
        store_assumptions(scenario.assumptions, row.get("assumptions", []))
        for claim in row.get("claims", []):
            store(PublishedClaim(scenario=scenario, **claim))
    register_dimensions(project)
    return f"{name}: loaded with {len(packages)} work package and {len(document['scenarios'])} scenarios"


def load_package(project: Project, position: int, row: dict[str, Any]) -> WorkPackage:
    package = store(
        WorkPackage(
            project=project,
            position=position,
            slug=row["slug"],
            name=row["name"],
            task_type=row["task_type"],
            settings=row["settings"],
            tier=Tier.objects.get(slug=row["tier"]),
            effort_kind=row["effort_kind"],
        )
    )
    store_assumptions(package.assumptions, row["assumptions"])
    return package


def load_rate_card(row: dict[str, Any]) -> RateCard:
    fields = {name: value for name, value in row.items() if name not in {"vendor", "tier", "assumptions"}}
    card = RateCard(
        vendor=Vendor.objects.get(slug=row["vendor"]), tier=Tier.objects.get(slug=row["tier"]), **fields
    )
    store(card)
    card.refresh_from_db()
    store_assumptions(card.assumptions, row["assumptions"])
    return card


def load_team(row: dict[str, Any]) -> InHouseTeam:
    team = store(InHouseTeam(slug=row["slug"], name=row["name"], currency=row["currency"]))
    store_assumptions(team.assumptions, row["assumptions"])
    return team


def store_assumptions(manager: Any, rows: Rows) -> None:
    """Store assumptions beside their owner, whose related manager is given."""
    for row in rows:
        store(manager.model(**{manager.field.name: manager.instance}, **row))
    check_combinations(manager.instance)


def store(row: M) -> M:
    """Store a row that keeps all its rules; ValidationError names the field that does not."""
    row.full_clean()
    row.save(force_insert=True)
    return row
