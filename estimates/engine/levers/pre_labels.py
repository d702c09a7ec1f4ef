"""Pre-labels: people correct what a model suggests."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, cast

from estimates.engine.assumptions import (
    NOT_NEGATIVE,
    SHARE,
    Assumption,
    Bounds,
    Value,
    point_of,
    together,
)
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.levers.base import CALL_BOUNDS, CallingLever, Fact, Step, items_judged
from estimates.engine.levers.model_labels import error_facts
from estimates.engine.num import Num


@dataclass(frozen=True, kw_only=True)
class PreLabels(CallingLever):
    """People correct a model's suggestion.

    suggestion_accuracy  share of suggestions that are right                            [0, 1]
    time_saved           share of a judgement's minutes saved when it is right          [0, 1]
    time_lost            share of a judgement's minutes lost when it is wrong           >= 0
    error_without, error_with  share of labels that are wrong, as measured without and with suggestions;
                         None when not measured; both or neither                        [0, 1]
    One call makes the suggestion for one item, whoever judges it.
    """

    KIND: ClassVar[str] = "pre-labels"
    WORDS: ClassVar[str] = "Pre-labels"
    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "suggestion_accuracy": SHARE,
        "time_saved": SHARE,
        "time_lost": NOT_NEGATIVE,
        **CALL_BOUNDS,
        "error_without": SHARE,
        "error_with": SHARE,
    }
    EVEN_AT: ClassVar[str] = "suggestion_accuracy"
    EVEN_WORDS: ClassVar[str] = "share of suggestions that are right"
    RISK: ClassVar[str] = (
        "Anchoring: people accept suggestions that are wrong, and several of them then agree in error. "
        "Measure the accuracy with and without suggestions, on gold items that are served both ways."
    )

    suggestion_accuracy: Assumption
    time_saved: Assumption
    time_lost: Assumption
    error_without: Assumption | None = None
    error_with: Assumption | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        together(self.WORDS, self, "error_without", "error_with")

    def act(self, package: WorkPackageInputs, hours: Hours, value: Value) -> Step:
        share = share_of_minutes(
            accuracy=value(self.suggestion_accuracy),
            time_saved=value(self.time_saved),
            time_lost=value(self.time_lost),
        )
        return Step(
            hours.with_minutes(share, and_reviews=False),
            {"ai-labels": items_judged(hours) * self.call(value)},
        )

    def facts(self, *, cost_of_an_item: Decimal | None) -> tuple[Fact, ...]:
        if self.error_with is None:
            return ()
        return error_facts(with_it=point_of(self.error_with), people=self.error_without)


def share_of_minutes(*, accuracy: Num, time_saved: Num, time_lost: Num) -> Num:
    """Minutes with suggestions / without: q (1 - saved) + (1 - q)(1 + lost)."""
    return cast(Num, accuracy * (1 - time_saved) + (1 - accuracy) * (1 + time_lost))


def accuracy_to_pay(*, call: Num, cost_of_label_minutes: Num, time_saved: Num, time_lost: Num) -> Num:
    """Accuracy of suggestions above which they pay: m (q saved - (1 - q) lost) w / 60 > call.

    cost_of_label_minutes  money for the label minutes of one item
    """
    return cast(Num, (call / cost_of_label_minutes + time_lost) / (time_saved + time_lost))
