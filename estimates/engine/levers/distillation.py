"""Self-distillation: tokens of a larger teacher in place of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from estimates.engine.assumptions import POSITIVE, SHARE_ABOVE_ZERO, Assumption, Bounds, Value
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.levers.base import CALL_BOUNDS, CallingLever, Step, items_wanted
from estimates.engine.num import Num


@dataclass(frozen=True, kw_only=True)
class Distillation(CallingLever):
    """A teacher labels a share of the items wanted.

    teacher_share           of the items wanted                                       (0, 1]
    teacher_items_per_item  items a teacher labels in place of one that people label  > 0
    One call labels one item.
    """

    KIND: ClassVar[str] = "distillation"
    WORDS: ClassVar[str] = "Self-distillation"
    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "teacher_share": SHARE_ABOVE_ZERO,
        "teacher_items_per_item": POSITIVE,
        **CALL_BOUNDS,
    }
    EVEN_AT: ClassVar[str] = "teacher_items_per_item"
    EVEN_WORDS: ClassVar[str] = "number of the teacher's items in place of one"
    IS_OWN_COST: ClassVar[bool] = True
    RISK: ClassVar[str] = (
        "A student learns its teacher's errors with its answers, and nothing that the teacher does not know: "
        "how many of its items replace one of people's is to be measured on a task people have judged. A "
        "teacher's terms of use may forbid it."
    )

    teacher_share: Assumption
    teacher_items_per_item: Assumption

    def act(self, package: WorkPackageInputs, hours: Hours, value: Value) -> Step:
        taken = value(self.teacher_share)
        labelled = items_wanted(hours) * (taken * value(self.teacher_items_per_item))
        return Step(
            hours.with_judgements(cast(Num, 1 - taken)), {"teacher-tokens": labelled * self.call(value)}
        )


def teacher_items_to_pay(*, cost_of_an_item: Num, call: Num) -> Num:
    """Teacher items in place of one below which it pays: people's cost of an item / a call, money both."""
    return cast(Num, cost_of_an_item / call)
