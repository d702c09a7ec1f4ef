"""Where a figure on a plan or a report came from."""

from collections.abc import Mapping
from typing import Any

from django import template

from estimates.catalogue import Origins
from estimates.models import BudgetReport, ReferenceFact
from labeling.models import Evidence

register = template.Library()


@register.simple_tag
def facts_behind_input(origins: Origins | str, key: str) -> list[ReferenceFact]:
    """The catalogue's figures that an input was taken from; none on a page that does not know."""
    return origins.inputs.get(key, []) if isinstance(origins, Origins) else []


@register.simple_tag
def fact_behind_run(origins: Origins | str, slug: str) -> ReferenceFact | None:
    """The catalogue's figure that a training cost is."""
    return origins.training_runs.get(slug) if isinstance(origins, Origins) else None


@register.simple_tag
def fact_behind_claim(origins: Origins | str, claim: Mapping[str, Any]) -> ReferenceFact | None:
    """The catalogue's figure that a claim repeats."""
    return origins.claims.get((claim["scenario"], claim["text"])) if isinstance(origins, Origins) else None


@register.simple_tag
def frozen_run(report: BudgetReport, slug: str) -> Mapping[str, Any]:
    """A training run as the report froze it, with its evidence; empty when it froze none of this name."""
    runs = report.inputs.get("training_runs", [])
    return with_evidence(next((run for run in runs if run["slug"] == slug), {}))


@register.simple_tag
def frozen_claim(report: BudgetReport, claim: Mapping[str, Any]) -> Mapping[str, Any]:
    """A published claim as the report froze it, with its evidence; empty when it froze none like it."""
    claims = (
        one
        for scenario in report.inputs.get("scenarios", [])
        if scenario["slug"] == claim["scenario"]
        for one in scenario["claims"]
    )
    return with_evidence(next((one for one in claims if one["text"] == claim["text"]), {}))


def with_evidence(frozen: Mapping[str, Any]) -> Mapping[str, Any]:
    return {**frozen, "evidence_label": Evidence(frozen["evidence"]).label} if frozen else frozen
