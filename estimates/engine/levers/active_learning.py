"""Active learning: a model chooses which items are worth labeling, so that fewer are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from estimates.engine.assumptions import NOT_NEGATIVE, POSITIVE, Assumption, Bounds, Value, point_of
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.levers.base import CALL_BOUNDS, CallingLever, Step
from estimates.engine.num import Num


@dataclass(frozen=True, kw_only=True)
class ActiveLearning(CallingLever):
    """Fewer items do the work of those wanted.

    efficiency        items chosen at random that one chosen item stands for            > 0
    seed_items        labelled before there is a model to choose, each package, count  >= 0
    scored_per_item   candidates scored, over all rounds, for each item wanted         >= 0
    rounds            retrainings, count                                               >= 0
    retraining_cost   money for one                                                    >= 0
    One call scores one candidate.
    Source of 2.6: Lightman et al. (2023), Let's verify step by step, section 4: a ratio of slopes.
    """

    KIND: ClassVar[str] = "active-learning"
    WORDS: ClassVar[str] = "Active learning"
    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "efficiency": POSITIVE,
        "seed_items": NOT_NEGATIVE,
        "scored_per_item": NOT_NEGATIVE,
        **CALL_BOUNDS,
        "rounds": NOT_NEGATIVE,
        "retraining_cost": NOT_NEGATIVE,
    }
    EVEN_AT: ClassVar[str] = "efficiency"
    EVEN_WORDS: ClassVar[str] = "efficiency"
    IS_LINEAR_IN_INVERSE: ClassVar[bool] = True
    RISK: ClassVar[str] = (
        "The 2.6 that is published is the ratio of two slopes, measured with synthetic supervision, and "
        "weaker at 200 samples a problem: a pilot on your own data says what it is worth here. Items "
        "chosen for a model are no random sample: keep one beside them to measure with."
    )

    efficiency: Assumption
    seed_items: Assumption
    scored_per_item: Assumption
    rounds: Assumption
    retraining_cost: Assumption

    def act(self, package: WorkPackageInputs, hours: Hours, value: Value) -> Step:
        wanted = cast(Num, hours.accepted_items)
        left = share_to_label(
            efficiency=value(self.efficiency), seed_items=value(self.seed_items), items=wanted
        )
        return Step(
            hours.with_judgements(left),
            {"scoring": wanted * (value(self.scored_per_item) * self.call(value))},
        )

    def once(self, value: Value) -> Mapping[str, Num]:
        return {"retraining": value(self.rounds) * value(self.retraining_cost)}

    @property
    def grows_with_the_work(self) -> bool:
        return point_of(self.seed_items) == 0


def share_to_label(*, efficiency: Num, seed_items: Num, items: Num) -> Num:
    """Items to label / items wanted: 1 / efficiency + seed items / items."""
    return cast(Num, 1 / efficiency + seed_items / items)


def uniform_items(items: Num, efficiency: Num) -> Num:
    """Items chosen at random that so many chosen by a model stand for."""
    return cast(Num, items * efficiency)


def efficiency_to_pay(*, items: Num, seed_items: Num, cost_of_an_item: Num, other_cost: Num) -> Num | None:
    """The efficiency above which it pays: ((1 - 1/e) N - seed) h > scoring + retraining; on points.

    other_cost  scoring and retraining, money. None when no efficiency is enough.
    """
    rest = 1 - seed_items / items - other_cost / (items * cost_of_an_item)
    return None if rest <= 0 else cast(Num, 1 / rest)
