"""Routing by confidence: a model labels what it is sure of, and people the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import ClassVar, cast

from estimates.engine.assumptions import (
    NOT_NEGATIVE,
    SHARE,
    SHARE_ABOVE_ZERO,
    Assumption,
    Bounds,
    Value,
    constant,
    point_of,
)
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.levers.base import Fact, Lever, Step, items_judged
from estimates.engine.levers.model_labels import LABEL_BOUNDS, LabelingLever, error_facts
from estimates.engine.num import Num


@dataclass(frozen=True, kw_only=True)
class Routing(LabelingLever):
    """A model labels what it is sure of, and people the rest and an audit.

    auto_share    share of the items above the confidence                              (0, 1]
    people_error  share of people's labels that are wrong                              [0, 1]
    loss          money that a wrong label costs; None when not known                  >= 0
    The model is asked about every item; model_error is that of the labels it is sure of.
    """

    KIND: ClassVar[str] = "routing"
    WORDS: ClassVar[str] = "Routing by confidence"
    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "auto_share": SHARE_ABOVE_ZERO,
        **LABEL_BOUNDS,
        "people_error": SHARE,
        "loss": NOT_NEGATIVE,
    }
    EVEN_AT: ClassVar[str] = "auto_share"
    EVEN_WORDS: ClassVar[str] = "share of items the model is sure of"
    RISK: ClassVar[str] = (
        "It is as good as the confidence is calibrated: check on judged items that of those the model is "
        "90 % sure of nine in ten are right, and again whenever the items or the model change."
    )

    auto_share: Assumption
    people_error: Assumption
    loss: Assumption | None = None

    def act(self, package: WorkPackageInputs, hours: Hours, value: Value) -> Step:
        taken = value(self.auto_share) * (1 - value(self.audit_share))
        return Step(
            hours.with_judgements(cast(Num, 1 - taken)),
            {"ai-labels": items_judged(hours) * self.label(value)},
        )

    def all_by_models(self) -> Lever:
        return replace(self, auto_share=constant(Decimal(1)), audit_share=constant(Decimal(0)))

    def facts(self, *, cost_of_an_item: Decimal | None) -> tuple[Fact, ...]:
        auto = point_of(self.auto_share)
        left = cast(Decimal, self.error_left(point_of))
        error = auto * left + (1 - auto) * point_of(self.people_error)
        facts = error_facts(with_it=error, people=self.people_error)
        if self.loss is None or self.loss.point == 0 or cost_of_an_item is None:
            return facts
        below = person_below(
            people_error=point_of(self.people_error),
            cost_of_an_item=cost_of_an_item,
            loss=point_of(self.loss),
        )
        threshold = min(max(cast(Decimal, below), Decimal(0)), Decimal(1))
        return (*facts, Fact("person_below", "To a person below a confidence of", threshold, "share"))


def auto_share_to_pay(*, label: Num, cost_of_an_item: Num, audit_share: Num) -> Num:
    """Share of items that a model is sure of above which routing pays."""
    return cast(Num, label / ((1 - audit_share) * cost_of_an_item))


def person_below(*, people_error: Num, cost_of_an_item: Num, loss: Num) -> Num:
    """The calibrated confidence below which an item goes to a person: 1 - people's error - h / loss."""
    return cast(Num, 1 - people_error - cost_of_an_item / loss)
