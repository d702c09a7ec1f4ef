"""Turn plans and results into what the pages show."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from estimates.formatting import law_words, significant, unit_words, value_words
from estimates.models import BudgetReport, RateCard, Scenario
from estimates.models.suppliers import Pricing
from estimates.services.freezing import freeze_assumption
from labeling.models import Assumption, Evidence, WorkPackage
from labeling.models.projects import EffortKind, task_settings
from labeling.task_types import ITEM_NOUN, OUTPUT_NOUN, TaskType


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


def present_scenario(scenario: Scenario, result: dict[str, Any] | None) -> dict[str, Any]:
    """A scenario of the plan, with its figures from a report where that report still holds."""
    suppliers = list(dict.fromkeys(allocation.supplier for allocation in scenario.allocations.all()))
    priced = next(
        (one for one in (result or {"scenarios": []})["scenarios"] if one["slug"] == scenario.slug), None
    )
    figures = (
        {
            "point_total": Decimal(priced["point"]["total"]),
            **{level: Decimal(priced["simulated"][level]) for level in ("p10", "p50", "p90")},
        }
        if priced
        else dict.fromkeys(("point_total", "p10", "p50", "p90"))
    )
    return {
        "name": scenario.name,
        "slug": scenario.slug,
        "description": scenario.description,
        "supplier": " and ".join(
            supplier.vendor.name if isinstance(supplier, RateCard) else supplier.name
            for supplier in suppliers
        ),
        "pricing": " · ".join(
            pricing_text(supplier) for supplier in suppliers if isinstance(supplier, RateCard)
        ),
        "assumptions": [
            *present_assumptions(scenario.assumptions.all()),
            *(row for supplier in suppliers for row in present_assumptions(supplier.assumptions.all())),
        ],
        **figures,
    }
