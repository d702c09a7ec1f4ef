"""What drives a range, and what to hold beside it, as a report shows them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import template

from estimates.formatting import money_whole, percent, unit_words, value_words
from estimates.templatetags.estimates_charts import as_percent, scale_over

register = template.Library()

NARROWEST = 0.004


@register.simple_tag
def tornado(found: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The bars of a scenario's inputs on one scale, and the picture in words."""
    ends = ("low", "high", "swing_low", "swing_high")
    costs = [float(each[end]) for each in found["inputs"] for end in ends]
    mean = float(found["mean"])
    scale = scale_over(min([*costs, mean]), max([*costs, mean]), currency, at_most=5, widen=True)
    middle = scale.share(mean)

    def part(start: float, end: float) -> dict[str, str]:
        left, right = sorted((start, end))
        return {"x": as_percent(left), "width": as_percent(max(right - left, NARROWEST))}

    rows = []
    for each in found["inputs"]:
        place = {end: scale.share(each[end]) for end in ends}
        rows.append(
            {
                "input": each,
                "readings": [reading_words(reading) for reading in each["readings"]],
                "low": part(middle, place["low"]),
                "high": part(middle, place["high"]),
                "alone": (as_percent(place["swing_low"]), as_percent(place["swing_high"])),
            }
        )
    return {"scale": scale, "mean": as_percent(middle), "rows": rows, "words": words(found, currency)}


def reading_words(reading: Mapping[str, Any]) -> str:
    """What an input's own P10 and P90 are: "P10 25 %, P90 40 %", "P10 $35, P90 $50 per hour"."""
    low, high = (value_words(f"{float(reading[name]):.3g}", reading["unit"]) for name in ("p10", "p90"))
    unit = unit_words(reading["unit"], reading["p90"])
    return f"P10 {low}, P90 {high}{' ' if unit else ''}{unit}"


def words(found: Mapping[str, Any], currency: str) -> str:
    """The picture in words: how far the cost moves with each input, largest first."""
    moved = "; ".join(
        f"{each['label']}, from {money_whole(each['low'], currency)} to {money_whole(each['high'], currency)}"
        for each in found["inputs"]
    )
    return f"Mean cost from an input's lowest to its highest tenth: {moved}."


@register.filter
def level_name(level: float) -> str:
    """A level of the distribution: P80."""
    return f"P{100 * level:.0f}"


@register.simple_tag
def level_of(contingency: Mapping[str, Any], level: float) -> dict[str, Any]:
    """A scenario's contingency to one level, with each line's label and share beside its part."""
    found = next(each for each in contingency["levels"] if each["level"] == level)
    amounts = {line["code"]: line["amount"] for line in found["lines"]}
    lines = [
        {**line, "amount": amounts[line["code"]], "share_text": percent(line["covariance_share"], 1)}
        for line in contingency["lines"]
    ]
    return {**found, "lines": lines}


@register.simple_tag
def class_warnings(scenarios: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The scenarios whose range is narrower than the estimate's class can promise, and in which words."""
    warned = []
    for scenario in scenarios:
        check = scenario.get("contingency", {}).get("estimate_class")
        if check and check["warning"]:
            warned.append((scenario["name"], check["warning"]))
    return warned


@register.simple_tag
def stated_class(scenarios: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """The class that the report's ranges are held against; None where none is stated."""
    checks = (scenario.get("contingency", {}).get("estimate_class") for scenario in scenarios)
    return next((check for check in checks if check), None)
