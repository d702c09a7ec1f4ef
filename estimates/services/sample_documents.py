"""A counted sample and its proposals as one document: what the API answers and the command line prints."""

from decimal import Decimal
from typing import Any

from estimates.services.effort import Asked, Effort, Proposal, text_kind
from estimates.services.recorded_times import Recorded, recorded_minutes
from estimates.services.samples import Sample
from labeling.bounds import plain
from labeling.formats.counting import Spread

SPREADS = ("prompt_words", "response_words", "step_words", "responses", "steps")


def sample_document(sample: Sample, asked: Asked, effort: Effort) -> dict[str, Any]:
    """Counts to four decimals, numbers of proposals as text, as a plan takes them."""
    counts = sample.counts
    return {
        "sample": {
            "name": sample.name,
            "sha256": sample.digest,
            "format": sample.format_words,
            "items": counts.items,
            "counted": counts.sampled,
            "bad_lines": [{"line": one.line, "reason": one.reason} for one in counts.problems],
            "bad_line_count": counts.bad_lines,
            "technical_share": round(counts.technical, 4),
            "script": counts.script,
            "counts": {name: spread_document(getattr(counts, name)) for name in SPREADS},
        },
        "task_type": asked.task_type,
        "widening": plain(asked.widening),
        "text": text_kind(sample, asked),
        "proposals": [proposal_document(one) for one in effort.proposals],
        "missing": [{"name": one.name, "label": one.label, "reason": one.reason} for one in effort.missing],
        "remarks": list(effort.remarks),
        "minutes_per_judgement": None
        if effort.minutes is None
        else {name: round(getattr(effort.minutes, name), 4) for name in ("point", "low", "high")},
        "recorded_times": recorded_document(recorded_minutes(sample, asked, effort)),
    }


def recorded_document(recorded: Recorded | None) -> dict[str, Any] | None:
    """Minutes to four decimals; the proposal is in place of all the others."""
    if recorded is None:
        return None
    times = recorded.times
    figures = {
        name: round(getattr(times, name), 4) for name in ("mean", "p10", "median", "p90", "as_recorded")
    }
    return {
        "of": times.count,
        "people": times.people or None,
        **figures,
        "idle": times.idle,
        "idle_above": None if times.idle_above is None else round(times.idle_above, 4),
        "disagrees": recorded.disagrees,
        "remarks": list(recorded.words),
        "proposal": None if recorded.proposal is None else proposal_document(recorded.proposal),
    }


def spread_document(spread: Spread | None) -> dict[str, Any] | None:
    if spread is None:
        return None
    figures = {name: round(getattr(spread, name), 4) for name in ("mean", "median", "p5", "p95")}
    return {"of": spread.count, **figures}


def proposal_document(one: Proposal) -> dict[str, Any]:
    """As a line of a work package's assumptions, with what it is called."""

    def number(value: Decimal | None) -> str | None:
        return None if value is None else plain(value)

    return {
        "name": one.name,
        "label": one.label,
        "unit": one.unit,
        "law": one.law.value,
        "spread_of": one.spread_of or None,
        "low": number(one.low),
        "high": number(one.high),
        "point": number(one.point),
        "source": one.source,
        "source_url": one.source_url,
        "evidence": one.evidence.value,
        "is_counted": one.is_counted,
    }
