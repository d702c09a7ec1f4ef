"""AI labels: a model labels every item, and people judge a share of them again."""

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
)
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.levers.base import Fact, Step, items_judged
from estimates.engine.levers.model_labels import LABEL_BOUNDS, LabelingLever, error_facts
from estimates.engine.num import Num


@dataclass(frozen=True, kw_only=True)
class AiLabels(LabelingLever):
    """A model labels every item, and people judge a share of them again.

    correction_share  minutes of correcting a wrong label that was found / minutes of a judgement  >= 0
    people_error      share of people's labels that are wrong; None when not known             [0, 1]
    Source of passes, tokens and prices in the worked example: Lee et al. (2023), RLAIF, appendix L.
    """

    KIND: ClassVar[str] = "ai-labels"
    WORDS: ClassVar[str] = "AI labels"
    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        **LABEL_BOUNDS,
        "correction_share": NOT_NEGATIVE,
        "people_error": SHARE,
    }
    EVEN_AT: ClassVar[str] = "audit_share"
    EVEN_WORDS: ClassVar[str] = "share that people audit"
    RISK: ClassVar[str] = (
        "A model's errors go the same way again and again, and no vote among its own answers shows that: "
        "people have to judge a random sample without seeing its label."
    )

    correction_share: Assumption
    people_error: Assumption | None = None

    def act(self, package: WorkPackageInputs, hours: Hours, value: Value) -> Step:
        left = value(self.audit_share) * (
            1 + value(self.model_error) * value(self.audit_sensitivity) * value(self.correction_share)
        )
        return Step(
            hours.with_judgements(cast(Num, left)), {"ai-labels": items_judged(hours) * self.label(value)}
        )

    def facts(self, *, cost_of_an_item: Decimal | None) -> tuple[Fact, ...]:
        return error_facts(with_it=self.error_left(point_of), people=self.people_error)


def audit_share_to_pay(
    *, label: Num, cost_of_an_item: Num, model_error: Num, audit_sensitivity: Num, correction_share: Num
) -> Num:
    """Share audited below which AI labels pay; label  money for a model's label of one item."""
    corrected = 1 + model_error * audit_sensitivity * correction_share
    return cast(Num, (cost_of_an_item - label) / (cost_of_an_item * corrected))
