"""The figures of all scenarios of a plan beside each other."""

from collections.abc import Callable, Mapping
from typing import Any

from django import template

from estimates.formatting import MISSING, chance, money, money_whole, number

register = template.Library()

Document = Mapping[str, Any]
Write = Callable[[Any], str]


@register.simple_tag
def all_figures(document: Document) -> list[dict[str, Any]]:
    """Every figure that at least one scenario has: what it is called, and each scenario's value of it."""
    currency = document["currency"]

    def whole(value: Any) -> str:
        return money_whole(value, currency)

    def exact(value: Any) -> str:
        return money(value, currency)

    figures: list[tuple[str, str, str, Write]] = [
        ("Point estimate", "point", "total", exact),
        ("Mean", "simulated", "mean", whole),
        ("P10", "simulated", "p10", whole),
        ("P50, the median", "simulated", "p50", whole),
        ("P80", "simulated", "p80", whole),
        ("P90", "simulated", "p90", whole),
        ("Contingency, P50 to P80", "simulated", "contingency", whole),
        ("Chance to stay within the limit", "simulated", "within_budget", chance),
        ("Hours of work", "point", "hours", number),
        ("Paid hours", "point", "paid_hours", number),
        ("Weeks", "point", "weeks", lambda value: number(value, 1)),
        ("Hires", "point", "hires", lambda value: number(value, 1)),
        ("Per accepted item", "point", "cost_per_item", exact),
        ("Per accepted output", "point", "cost_per_output", exact),
    ]
    rows = []
    for label, part, name, write in figures:
        values = [(one["name"], one[part].get(name)) for one in document["scenarios"]]
        if any(value is not None for _, value in values):
            cells = [(owner, MISSING if value is None else write(value)) for owner, value in values]
            rows.append({"label": label, "cells": cells})
    return rows
