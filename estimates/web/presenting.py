"""Turn plans and results into what the pages show."""

import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.urls import reverse

from estimates.formatting import correlation, law_words, significant, unit_words, value_words
from estimates.models import (
    BudgetReport,
    InHouseTeam,
    LeverKind,
    RateCard,
    Scenario,
    ScenarioAllocation,
    ScenarioLever,
)
from estimates.models.suppliers import Pricing
from estimates.selectors import Plan
from estimates.services.correlations import keys_in_use
from estimates.services.freezing import freeze_assumption
from labeling.models import Assumption, Evidence, WorkPackage
from labeling.models.projects import EffortKind, task_settings
from labeling.task_types import ITEM_NOUN, OUTPUT_NOUN, TaskType
from wording import listed


def web_address(url: str) -> str:
    """The address if a browser may be sent there, else nothing: sources come from people and files."""
    return url if url.startswith(("https://", "http://")) else ""


def present_row(row: dict[str, Any]) -> dict[str, Any]:
    """A frozen assumption with its law and point in words, and its evidence spelled out."""
    return {
        **row,
        "law_text": law_words(row),
        "point_text": value_words(row["point"], row["unit"]),
        "unit": unit_words(row["unit"], row["point"]),
        "source_url": web_address(row["source_url"]),
        "evidence_label": Evidence(row["evidence"]).label,
    }


def present_assumptions(rows: Iterable[Assumption]) -> list[dict[str, Any]]:
    return [present_row(freeze_assumption(row)) for row in rows]


def effort_text(package: WorkPackage) -> str:
    """The package's size in words, such as "75,000 solutions, 800,000 step labels"."""
    points = {row.name: significant(row.point) for row in package.assumptions.all()}
    if package.effort_kind == EffortKind.HOURS:
        return f"{points['hours']} hours" if "hours" in points else "hours not stated yet"
    if "accepted_items" not in points:
        return "items not stated yet"
    task_type = TaskType(package.task_type)
    text = f"{points['accepted_items']} {ITEM_NOUN[task_type][1]}"
    if "accepted_outputs" in points:
        text += f", {points['accepted_outputs']} {OUTPUT_NOUN[task_type][1]}"
    return text


def setting_text(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def present_package(package: WorkPackage) -> dict[str, Any]:
    return {
        "name": package.name,
        "slug": package.slug,
        "task_type_label": package.get_task_type_display(),
        "effort_label": effort_text(package),
        "tier": package.tier.name,
        "settings": [(title, setting_text(value)) for title, value in task_settings(package).items()],
        "assumptions": present_assumptions(package.assumptions.all()),
    }


def pricing_text(card: RateCard) -> str:
    """How a rate card prices, in words, at its points."""
    points = {row.name: row for row in card.assumptions.all()}
    rate = "no price yet"
    if "rate" in points:
        unit = points["rate"].unit
        rate = f"{value_words(points['rate'].point, unit)} {unit_words(unit, points['rate'].point)}"
    if card.pricing == Pricing.BILLED:
        text = f"{rate}, billed"
        if "margin" in points:
            text += f", of which {value_words(points['margin'].point, 'share')} margin"
        return text
    extra = "margin" if card.pricing == Pricing.COST_PLUS_MARGIN else "markup"
    if extra not in points:
        return f"{rate} labour cost, no {extra} yet"
    return f"{rate} labour cost + {value_words(points[extra].point, 'share')} {extra}"


def present_headline(report: BudgetReport | None) -> dict[str, Any] | None:
    """The first scenario's figures of a finished report."""
    if report is None or not report.result:
        return None
    first = report.result["scenarios"][0]
    return {
        "scenario": first["name"],
        "currency": report.result["currency"],
        **{level: Decimal(first["simulated"][level]) for level in ("p10", "p50", "p90")},
    }


def share_text(allocation: ScenarioAllocation) -> str:
    """Who does it, and which share where it is not all."""
    supplier = allocation.supplier
    name = supplier.vendor.name if isinstance(supplier, RateCard) else supplier.name
    return name if allocation.share == 1 else f"{name} {value_words(allocation.share, 'share')}"


def present_scenarios(plan: Plan) -> list[dict[str, Any]]:
    """The scenarios of a plan: who does which package, and what they assume."""
    return [present_scenario(scenario, plan.packages) for scenario in plan.scenarios]


def present_scenario(scenario: Scenario, packages: list[WorkPackage]) -> dict[str, Any]:
    shares: dict[int, list[str]] = {package.pk: [] for package in packages}
    names: dict[str, None] = {}
    for allocation in scenario.allocations.all():
        shares.setdefault(allocation.package_id, []).append(share_text(allocation))
        supplier = allocation.supplier
        names[supplier.vendor.name if isinstance(supplier, RateCard) else supplier.name] = None
    return {
        "name": scenario.name,
        "slug": scenario.slug,
        "position": scenario.position,
        "description": scenario.description,
        "supplier": listed(names) or "nobody yet",
        "work": [(package.name, listed(shares[package.pk])) for package in packages],
        "assumptions": present_assumptions(scenario.assumptions.all()),
        "levers": [present_lever(scenario, lever) for lever in scenario.levers.all()],
        "may_add_lever": len(scenario.levers.all()) < len(LeverKind),
    }


def present_lever(scenario: Scenario, lever: ScenarioLever) -> dict[str, Any]:
    """A lever with where it acts, and the address that switches it."""
    named = ", ".join(package.name for package in lever.packages.all())
    state = "off" if lever.is_on else "on"
    return {
        "kind": lever.kind,
        "name": lever.get_kind_display(),
        "is_on": lever.is_on,
        "note": lever.note,
        "where": "on all work packages" if lever.on_all_packages else f"on {named or 'no work package'}",
        "assumptions": present_assumptions(lever.assumptions.all()),
        "version": lever.version,
        "new_key": uuid.uuid4(),
        "switch": reverse(
            f"estimates:switch-lever-{state}", args=[scenario.project.slug, scenario.slug, lever.kind]
        ),
    }


def present_correlations(plan: Plan) -> list[dict[str, Any]]:
    """The pairs of a plan with their inputs in words; a key that no input has any more stands as it is."""
    keys = keys_in_use(plan)
    words = {key: one.words for key, one in keys.items()}
    return [
        {
            "words": words.get(one.key, one.key),
            "other_words": words.get(one.other, one.other),
            "rho": correlation(one.rho),
            "source": one.source,
            "source_url": web_address(one.source_url),
            "evidence_label": Evidence(one.evidence).label,
        }
        for one in plan.correlations
    ]


def present_suppliers(plan: Plan) -> list[dict[str, Any]]:
    """Who the scenarios of a plan name, each once, with how they price and what is assumed of them."""
    suppliers: dict[tuple[str, int], RateCard | InHouseTeam] = {}
    for scenario in plan.scenarios:
        for allocation in scenario.allocations.all():
            supplier = allocation.supplier
            suppliers.setdefault((type(supplier).__name__, supplier.pk), supplier)
    return [present_supplier(supplier) for supplier in suppliers.values()]


def present_supplier(supplier: RateCard | InHouseTeam) -> dict[str, Any]:
    common = {
        "name": supplier.name,
        "assumptions": present_assumptions(supplier.assumptions.all()),
    }
    if isinstance(supplier, RateCard):
        return common | {
            "of": supplier.vendor.name,
            "words": pricing_text(supplier),
            "edit": reverse("estimates:edit-rate-card", args=[supplier.slug]),
            "valid_until": supplier.valid_until,
        }
    return common | {
        "of": "In-house team",
        "words": team_text(supplier),
        "edit": reverse("estimates:edit-team", args=[supplier.slug]),
        "valid_until": None,
    }


def team_text(team: InHouseTeam) -> str:
    """What an hour of a team costs, in words, at its points."""
    points = {row.name: row for row in team.assumptions.all()}
    if "wage" not in points:
        return "no wage yet"
    unit = points["wage"].unit
    text = f"{value_words(points['wage'].point, unit)} {unit_words(unit, points['wage'].point)}"
    if "burden" in points:
        text += f", {value_words(points['burden'].point, 'share')} burden"
    return text


def present_difference(document: dict[str, Any]) -> dict[str, Any]:
    """A difference with each scenario's causes beside the changes that make them, largest first."""
    scenarios = []
    for scenario in document["scenarios"]:
        causes = [
            {**cause, "changes": [one for one in document["changes"] if one["step"] == step]}
            for step, cause in enumerate(scenario["causes"])
        ]
        causes.sort(key=lambda cause: -abs(Decimal(cause["p50"])))
        moved = [cause for cause in causes if Decimal(cause["p50"]) or Decimal(cause["point"])]
        largest = max((abs(Decimal(cause["p50"])) for cause in moved), default=Decimal(0))
        scenarios.append({**scenario, "causes": moved, "largest": largest})
    return {**document, "scenarios": scenarios}
