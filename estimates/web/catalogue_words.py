"""How the catalogue's figures are written on its pages."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from estimates.formatting import MISSING, NO_BREAK, value_words
from estimates.models import Conflict, ReferenceFact, Source
from estimates.models.reference import Bound, FactEvidence
from estimates.web.presenting import web_address

# A unit that begins with a currency: "USD", "USD/hour", "GBP per participant", "USD, cloud rental".
MONEY = re.compile(r"^([A-Z]{3})(?=$|[ /,])[,]?\s*(.*)$")
SHARE = re.compile(r"^(additional )?(?:fraction\b,?|share(?= of ))\s*(.*)$")
# Units that say what kind of answer it is, which the answer itself shows.
KINDS = frozenset({"boolean", "text", "enum", "facts", "range", "scale"})
# From here on a number is written with its power of ten.
LONG = Decimal(10) ** 15
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
WORDS = {
    "1000": "1,000", "13b": "13B", "34b": "34B", "70b": "70B", "7b": "7B", "ai": "AI", "alexnet": "AlexNet",
    "gpt2": "GPT-2", "it": "IT", "pagibig": "Pag-IBIG", "params": "parameters", "philhealth": "PhilHealth",
    "sss": "SSS", "tier1": "tier 1", "tier2": "tier 2", "usd": "USD",
}  # fmt: skip
STEP_WORDS = {"up_to_usd": "up to", "usd": "at"}


def words_of(name: str) -> str:
    """An identifier as words: `ai_step_label` is "AI step label"."""
    words = " ".join(WORDS.get(word, word) for word in name.split("_"))
    return words[:1].upper() + words[1:]


def number_text(number: Decimal) -> str:
    """A number as it was published, with thousands separators: 284.0, 1,085,590, 3.14 × 10²³."""
    if abs(number) >= LONG:
        mantissa = f"{number.scaleb(-number.adjusted()).normalize():f}"
        return f"{mantissa}{NO_BREAK}×{NO_BREAK}10{str(number.adjusted()).translate(SUPERSCRIPT)}"
    return f"{number:,f}"


def in_unit(number: Decimal, unit: str) -> str:
    """A number of this unit: an amount of money and a share by their sign, others plain."""
    money = MONEY.match(unit)
    if money:
        return value_words(number, money[1])
    if SHARE.match(unit):
        return value_words(number, "share")
    return number_text(number)


def unit_text(unit: str) -> str:
    """What is left to say once the value has been written in its unit: "per hour", "of price", "prompts"."""
    if unit in KINDS:
        return ""
    money, share = MONEY.match(unit), SHARE.match(unit)
    if money:
        return re.sub(r"^/\s*", "per ", money[2]).replace("/", " per ")
    if share:
        return f"{'additional, ' if share[1] else ''}{share[2]}"
    return unit


def inner_text(value: Any, unit: str, name: str = "") -> str:
    """One value among several."""
    if value is None:
        return MISSING
    if isinstance(value, str):
        return value
    number = Decimal(str(value))
    if "usd" in name.split("_"):
        return in_unit(number, "USD")
    return str(value) if name == "year" else in_unit(number, unit)


def parts_of(fact: ReferenceFact) -> list[tuple[str, str]]:
    """Several named numbers, each with its name; empty for a figure that is one value."""
    content = fact.content
    if isinstance(content, dict):
        return [(words_of(name), inner_text(value, fact.unit, name)) for name, value in content.items()]
    if isinstance(content, list) and content and isinstance(content[0], dict):
        return [("", step_text(step, fact.unit)) for step in content]
    return []


def step_text(step: dict[str, Any], unit: str) -> str:
    """One step of a price list: "up to $500, rate 20 %"."""
    return ", ".join(
        f"{STEP_WORDS.get(name, name)} {inner_text(value, unit if name == 'rate' else '', name)}"
        for name, value in step.items()
        if value is not None
    )


def value_text(fact: ReferenceFact) -> str:
    """The figure in one line; empty where it has parts."""
    if fact.evidence == FactEvidence.ABSENT:
        return "not found"
    if fact.number is not None:
        text = in_unit(fact.number, fact.unit)
        if fact.plus_minus is not None:
            text += f" ± {in_unit(fact.plus_minus, fact.unit)}"
        return f"{Bound(fact.bound).label} {text}" if fact.bound else text
    if fact.low is not None or fact.high is not None:
        return range_text(fact)
    return content_text(fact.content, fact.unit)


def range_text(fact: ReferenceFact) -> str:
    """A published range; an open one says which end it has."""
    if fact.high is None:
        return f"{Bound.LOWER.label} {in_unit(fact.low or Decimal(0), fact.unit)}"
    if fact.low is None:
        return f"{Bound.UPPER.label} {in_unit(fact.high, fact.unit)}"
    return f"{in_unit(fact.low, fact.unit)} – {in_unit(fact.high, fact.unit)}"


def content_text(content: Any, unit: str) -> str:
    if isinstance(content, bool):
        return "yes" if content else "no"
    if isinstance(content, list):
        if any(isinstance(one, dict) for one in content):
            return ""
        texts = [inner_text(one, unit) for one in content]
        # Two numbers are the ends of a range.
        ends = len(content) == 2 and not any(isinstance(one, str) for one in content)
        return (" – " if ends else " · ").join(texts)
    return "" if isinstance(content, dict) else str(content)


def present_source(source: Source) -> dict[str, Any]:
    return {
        "slug": source.slug,
        "title": source.title,
        "url": web_address(source.url),
        "kind": source.kind,
        "year": source.year,
        "read_via": source.read_via,
        "note": source.note,
    }


def present_fact(fact: ReferenceFact) -> dict[str, Any]:
    """A figure with its value in words and all that says where it comes from."""
    return {
        "key": fact.key,
        "anchor": fact.anchor,
        "label": fact.label,
        "value": value_text(fact),
        "parts": parts_of(fact),
        # Nothing was written in the unit of a figure that is absent, so it is named whole.
        "unit": fact.unit if fact.evidence == FactEvidence.ABSENT else unit_text(fact.unit),
        "evidence": fact.evidence,
        "evidence_label": FactEvidence(fact.evidence).label,
        "source": present_source(fact.source) if fact.source else None,
        "locator": fact.locator,
        "read_via": fact.read_via,
        "valid": fact.valid,
        "formula": fact.formula,
        "note": fact.note,
        "conflicts": list(fact.conflicts.all()),
    }


def present_facts(facts: Iterable[ReferenceFact]) -> list[dict[str, Any]]:
    return [present_fact(fact) for fact in facts]


def present_conflict(conflict: Conflict) -> dict[str, Any]:
    return {
        "anchor": conflict_anchor(conflict),
        "topic": conflict.topic,
        "claims": conflict.claims,
        "handling": conflict.handling,
        "facts": [{"key": fact.key, "url": fact.get_absolute_url()} for fact in conflict.facts.all()],
    }


def conflict_anchor(conflict: Conflict) -> str:
    return f"conflict-{conflict.position + 1}"


def sources_of(facts: Iterable[ReferenceFact]) -> list[dict[str, Any]]:
    """Every source of these figures once, in the order of first use."""
    return [present_source(source) for source in dict.fromkeys(fact.source for fact in facts if fact.source)]
