"""Automated oversight: models that look at labels in place of some reviews, paid as a share of compute."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from estimates.engine.assumptions import NOT_NEGATIVE, SHARE, Assumption, Bounds, Value
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.levers.base import Lever, Step
from estimates.engine.num import Num


@dataclass(frozen=True, kw_only=True)
class Oversight(Lever):
    """Reviews taken over by models.

    compute_cost     money for the compute that is overseen                        >= 0
    oversight_share  compute of oversight / compute overseen                       [0, 1]
    reviews_taken    share of people's reviews taken over                          [0, 1]
    """

    KIND: ClassVar[str] = "oversight"
    WORDS: ClassVar[str] = "Automated oversight"
    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "compute_cost": NOT_NEGATIVE,
        "oversight_share": SHARE,
        "reviews_taken": SHARE,
    }
    EVEN_AT: ClassVar[str] = "oversight_share"
    EVEN_WORDS: ClassVar[str] = "share of the compute"
    IS_OWN_COST: ClassVar[bool] = True
    RISK: ClassVar[str] = (
        "Models that oversee a model share its blind spots: keep reviews by people on a random sample, and "
        "count how many errors each finds that the other does not."
    )

    compute_cost: Assumption
    oversight_share: Assumption
    reviews_taken: Assumption

    def act(self, package: WorkPackageInputs, hours: Hours, value: Value) -> Step:
        return Step(hours.with_reviews(cast(Num, 1 - value(self.reviews_taken))), {})

    def once(self, value: Value) -> Mapping[str, Num]:
        return {"oversight-compute": value(self.compute_cost) * value(self.oversight_share)}


def oversight_share_to_pay(*, reviews_saved: Num, compute_cost: Num) -> Num:
    """Share of the compute below which it pays; reviews_saved  money."""
    return cast(Num, reviews_saved / compute_cost)
