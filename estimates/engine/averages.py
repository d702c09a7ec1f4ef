"""What a spread of single labels says about a campaign: the law of the mean of all labels that it makes."""

from dataclasses import replace
from typing import Any, cast

from estimates.engine.assumptions import Assumption, point_of, spoken
from estimates.engine.effort import WorkPackageInputs, hours_of
from estimates.engine.errors import EngineError
from estimates.engine.items import ItemsEffort
from laws import LawError, MeanOfLabels, Number

PER_JUDGEMENT = ("minutes_per_judgement", "minutes_per_output", "decision_minutes", "minutes_per_comparison")


def over_the_campaign(package: WorkPackageInputs) -> WorkPackageInputs:
    """The package with the laws of single labels replaced by those of their means.

    How many labels are made is read off the points: judgements with their redos and gold, reviews, items
    that are settled, rubrics that are written. Above a thousand the mean is all but certain.
    EngineError names the input whose spread has no mean to speak of.
    """
    effort = package.effort
    if not isinstance(effort, ItemsEffort):
        return package
    single = {
        name: each
        for name in effort.BOUNDS
        if (each := cast("Assumption | None", getattr(effort, name))) is not None and each.of_single_labels
    }
    if not single:
        return package
    counts = labels_made(package)
    means = {
        name: _mean_of(f"Work package {package.name}", name, each, counts[name])
        for name, each in single.items()
    }
    return replace(package, effort=replace(effort, **means))


def _mean_of(owner: str, name: str, assumption: Assumption, count: float) -> Assumption:
    law = assumption.law
    if isinstance(law, Number | MeanOfLabels):
        return replace(assumption, of_single_labels=False)
    try:
        # Less than one label is made where nothing is reviewed or settled; one says at least how wide it is.
        mean = MeanOfLabels(law, max(count, 1.0))
    except LawError as error:
        raise EngineError(f"{owner}: {spoken(name)}: {error}", field=name) from error
    return replace(assumption, law=mean, of_single_labels=False)


def labels_made(package: WorkPackageInputs) -> dict[str, float]:
    """How many labels each input of an effort in items is the time of, on points."""
    effort: Any = package.effort
    hours: Any = hours_of(package, point_of)
    judged = hours.served * (hours.passes.reviewed + hours.gold_ratio)
    counts = dict.fromkeys(PER_JUDGEMENT, judged)
    counts["review_minutes"] = hours.served * hours.passes.reviewed * effort.review_share.point
    if effort.disagreement_rate is not None:
        judged_items = hours.served * hours.accepted_items / hours.accepted_judgements
        counts["adjudication_minutes"] = judged_items * effort.disagreement_rate.point
    if effort.judgements_per_rubric is not None:
        counts["authoring_minutes"] = judged / effort.judgements_per_rubric.point
    return {name: float(count) for name, count in counts.items()}
