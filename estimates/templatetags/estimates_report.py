"""What a report says first: its headline and its key figures."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template

from estimates.formatting import as_decimal, chance, divided_by, money, money_whole, number

register = template.Library()


@register.simple_tag
def headline(document: Mapping[str, Any]) -> str:
    """What the report found, in a sentence: the closest decision, else what the first scenario costs."""
    currency = document["currency"]
    if document["comparisons"]:
        # The comparison nearest to even odds is the one that a decision hangs on.
        closest = min(document["comparisons"], key=lambda one: abs(one["probability_cheaper"] - 0.5))
        return str(closest["sentence"])
    first = document["scenarios"][0]
    figures = first["simulated"]
    return (
        f"{first['name']} costs {money_whole(figures['p50'], currency)} at the median; four outcomes in five "
        f"fall between {money_whole(figures['p10'], currency)} and {money_whole(figures['p90'], currency)}."
    )


@register.simple_tag
def scenario_of(document: Mapping[str, Any], slug: str) -> Mapping[str, Any]:
    """The scenario of a report that goes by `slug`."""
    scenarios: dict[str, Mapping[str, Any]] = {one["slug"]: one for one in document["scenarios"]}
    if slug not in scenarios:
        raise ValueError(f"The report has no scenario {slug!r}.")
    return scenarios[slug]


@register.simple_tag
def key_figures(scenario: Mapping[str, Any], currency: str, limit: Any = None) -> list[dict[str, str]]:
    """The four figures of a scenario that a reader looks for: cost, chance, unit cost, size of the work."""
    point, simulated = scenario["point"], scenario["simulated"]
    return [
        figure(
            "Expected cost (P50)",
            money_whole(simulated["p50"], currency),
            f"P10 {money_whole(simulated['p10'], currency)}, P90 {money_whole(simulated['p90'], currency)}",
        ),
        chance_figure(simulated, currency, as_decimal(limit)),
        unit_cost_figure(point, currency),
        size_figure(point),
    ]


def figure(label: str, value: str, detail: str) -> dict[str, str]:
    return {"label": label, "value": value, "detail": detail}


def chance_figure(simulated: Mapping[str, Any], currency: str, limit: Decimal | None) -> dict[str, str]:
    p80 = f"Four outcomes in five stay within {money_whole(simulated['p80'], currency)} (P80)"
    if limit is None:
        return figure("Chance to stay within the limit", "No limit set", p80)
    return figure(f"Chance to stay within {money(limit, currency)}", chance(simulated["within_budget"]), p80)


def unit_cost_figure(point: Mapping[str, Any], currency: str) -> dict[str, str]:
    per_item = money(point.get("cost_per_item"), currency)
    if point.get("cost_per_output"):
        per_output = money(point["cost_per_output"], currency)
        return figure("Per accepted output", per_output, f"{per_item} per accepted item; point estimate")
    if point.get("cost_per_item"):
        return figure("Per accepted item", per_item, "Point estimate")
    per_hour = money(divided_by(point["total"], point["hours"]), currency)
    return figure(
        "Per hour of feedback", per_hour, f"{money(point['total'], currency)} in all; point estimate"
    )


def size_figure(point: Mapping[str, Any]) -> dict[str, str]:
    hours = f"{number(point['hours'], 0)} hours"
    if not point.get("weeks"):
        return figure("Hours of feedback", hours, "Point estimate; no staffing planned")
    hires = f", {number(point['hires'], 1)} hires" if point.get("hires") else ""
    return figure("Duration", f"{number(point['weeks'], 1)} weeks", f"{hours}{hires}; point estimate")
