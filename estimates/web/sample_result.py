"""What a sample comes to, as a page shows it: figures, proposals, and the counts that travel with it."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.core import signing

from estimates.services.effort import Asked, Effort, Proposal, said
from estimates.services.samples import Sample
from labeling.bounds import plain
from labeling.formats.counting import Spread
from labeling.models import Assumption, Law, Project, WorkPackage

# Counts travel with the page that shows them, signed: nothing of a sample is stored.
SALT = "estimates.sample"
LASTS_SECONDS = 24 * 3600
SPREADS = {
    "prompt_words": "Words of a prompt",
    "response_words": "Words of a response",
    "step_words": "Words of a step",
    "responses": "Responses to an item",
    "steps": "Steps of a solution",
}
PLOT_HEIGHT = 36


@dataclass(frozen=True)
class Offered:
    """A proposal beside what stands in the work package."""

    proposal: Proposal
    value: str
    stands: str
    chosen: bool


def value_words(one: Proposal | Assumption) -> str:
    """A law in a few words: "81.6 to 127.5, point 102"."""
    if one.low is not None and one.high is not None:
        return f"{plain(one.low)} to {plain(one.high)}, point {plain(one.point)}"
    return plain(one.point)


def stored_words(row: Assumption) -> str:
    """As `value_words`, with the law where it is none of those that are proposed."""
    usual = row.law == Law.NUMBER or (row.law == Law.RANGE and row.coverage is None)
    return value_words(row) if usual else f"{value_words(row)} ({row.get_law_display()})"


def bars_of(spread: Spread) -> list[dict[str, str]]:
    """The histogram as rectangles, in shares of the picture's width."""
    tallest = max(spread.bars) or 1
    width = 100 / len(spread.bars)
    return [
        {
            "x": f"{place * width:.2f}%",
            "width": f"{width * 0.9:.2f}%",
            "y": f"{PLOT_HEIGHT * (1 - count / tallest):.1f}",
            "height": f"{PLOT_HEIGHT * count / tallest:.1f}",
        }
        for place, count in enumerate(spread.bars)
    ]


def counted_rows(sample: Sample) -> list[dict[str, Any]]:
    rows = []
    for name, label in SPREADS.items():
        spread: Spread | None = getattr(sample.counts, name)
        if spread is not None:
            figures = {part: said(getattr(spread, part)) for part in ("mean", "median", "p5", "p95", "top")}
            rows.append({"label": label, "of": spread.count, "bars": bars_of(spread), **figures})
    return rows


def offered_rows(effort: Effort, stored: dict[str, Any], chosen: Iterable[str] | None) -> list[Offered]:
    """The proposals beside what stands; all are chosen before somebody has chosen."""
    taken = None if chosen is None else set(chosen)
    return [
        Offered(
            proposal=one,
            value=value_words(one),
            stands=stored_words(stored[one.name]) if one.name in stored else "",
            chosen=taken is None or one.name in taken,
        )
        for one in effort.proposals
    ]


def sealed(project: Project, package: WorkPackage | None, sample: Sample, asked: Asked) -> str:
    """The counts as they travel with the page, for this work package alone."""
    document = {
        "project": project.pk,
        "package": package.pk if package is not None else None,
        "sample": sample.as_json(),
        "asked": {"task_type": asked.task_type, "widening": str(asked.widening), "text": asked.text},
    }
    return signing.dumps(document, salt=SALT, compress=True)


def opened(text: str, project: Project, package: WorkPackage | None) -> tuple[Sample, Asked] | None:
    """The counts of a page that this program made, not long ago and for this work package; else None."""
    try:
        document = signing.loads(text, salt=SALT, max_age=LASTS_SECONDS)
    except (signing.BadSignature, json.JSONDecodeError):
        return None
    owner = (project.pk, package.pk if package is not None else None)
    if (document["project"], document["package"]) != owner:
        return None
    asked = Asked(
        task_type=document["asked"]["task_type"],
        widening=Decimal(document["asked"]["widening"]),
        text=document["asked"]["text"],
        settings=package.settings if package is not None else None,
    )
    if package is not None and package.task_type != asked.task_type:
        return None
    return Sample.from_json(document["sample"]), asked
