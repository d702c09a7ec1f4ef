"""A project counted in items, and the inputs of one lever of each kind."""

from decimal import Decimal
from typing import Any

from estimates.models import Scenario, ScenarioLever
from estimates.services.levers import save_lever
from labeling.models import Project, WorkPackage, WorkPackageAssumption
from tests.factories import assumption, hours_project

# 10,000 items of 6 minutes, a tenth reviewed in half the time: 1,050 hours, $21,000 at $20.
ITEMS = {
    "accepted_items": "10000",
    "yield_share": "1",
    "overlap": "1",
    "gold_share": "0",
    "rework_rate": "0",
    "minutes_per_judgement": "6",
    "review_share": "0.1",
    "review_time_share": "0.5",
}
CALL = {"tokens_in": "1000", "tokens_out": "500", "price_in": "10", "price_out": "20"}
MODEL = {"passes": "2", "votes": "1", "audit_share": "0.1", "model_error": "0.2", "audit_sensitivity": "0.75"}
POINTS: dict[str, dict[str, str]] = {
    "active-learning": {
        "efficiency": "2",
        "seed_items": "500",
        "scored_per_item": "3",
        **CALL,
        "rounds": "4",
        "retraining_cost": "250",
    },
    "distillation": {"teacher_share": "0.4", "teacher_items_per_item": "2", **CALL},
    "decomposition": {
        "branching": "3",
        "depth": "2",
        "task_minutes": "1",
        "minutes_ratio": "0.5",
        "people_part": "0.6",
        **CALL,
    },
    "ai-labels": {**MODEL, **CALL, "correction_share": "1"},
    "routing": {"auto_share": "0.7", **MODEL, **CALL, "people_error": "0.05", "loss": "10"},
    "pre-labels": {"suggestion_accuracy": "0.8", "time_saved": "0.5", "time_lost": "0.25", **CALL},
    "oversight": {"compute_cost": "50000", "oversight_share": "0.01", "reviews_taken": "0.6"},
}
SAVINGS = {
    "active-learning": "7850.00",  # 21,000 (1 - 1/2 - 1/20) - 600 - 1,000
    "distillation": "8240.00",  # 8,400 - 160
    "decomposition": "9985.00",  # 21,000 (1 - 0.475) - 1,040
    "ai-labels": "18185.00",  # 21,000 * 0.885 - 400
    "routing": "12830.00",  # 21,000 * 0.63 - 400
    "pre-labels": "6800.00",  # 20,000 * 0.35 - 200
    "oversight": "100.00",  # 600 - 500
}


def items_project(slug: str = "chat") -> Project:
    """The project of the factories, its work counted in items."""
    project = hours_project(slug)
    package = WorkPackage.objects.get(project=project)
    package.effort_kind = "items"
    package.save()
    package.assumptions.all().delete()
    for name, point in ITEMS.items():
        WorkPackageAssumption.objects.create(
            package=package, **assumption(name, point, key=f"{slug}.{name}".replace("_", "-"))
        )
    return project


def rows(kind: str, **points: Any) -> list[dict[str, Any]]:
    """The inputs of a lever as services take them; an assumption's own key is left to the service."""
    stated = POINTS[kind] | points
    return [
        {
            "name": name,
            "law": "number",
            "point": Decimal(point),
            "source": "A test's own figure",
            "evidence": "assumption",
        }
        for name, point in stated.items()
        if point is not None
    ]


def add_lever(
    scenario: Scenario,
    kind: str,
    *,
    packages: list[WorkPackage] | None = None,
    is_on: bool = True,
    **points: Any,
) -> ScenarioLever:
    return save_lever(
        scenario=scenario,
        lever=None,
        expected_version=None,
        fields={"kind": kind, "is_on": is_on},
        packages=packages,
        assumptions=rows(kind, **points),
    )
