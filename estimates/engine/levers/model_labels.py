"""What levers have in common by which a model labels items."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from estimates.engine.assumptions import AT_LEAST_ONE, SHARE, Assumption, Bounds, Value, point_of
from estimates.engine.levers.base import CALL_BOUNDS, CallingLever, Fact
from estimates.engine.num import Num

LABEL_BOUNDS: Mapping[str, Bounds] = {
    "passes": AT_LEAST_ONE,
    "votes": AT_LEAST_ONE,
    **CALL_BOUNDS,
    "audit_share": SHARE,
    "model_error": SHARE,
    "audit_sensitivity": SHARE,
}


@dataclass(frozen=True, kw_only=True)
class LabelingLever(CallingLever):
    """A lever by which a model labels items.

    passes             calls that make one vote (2: both orders of a pair)                >= 1
    votes              votes an item                                                      >= 1
    audit_share        share of the model's labels that people judge again                [0, 1]
    model_error        share of the model's labels that are wrong                         [0, 1]
    audit_sensitivity  share of wrong labels that an audit finds                          [0, 1]
    """

    passes: Assumption
    votes: Assumption
    audit_share: Assumption
    model_error: Assumption
    audit_sensitivity: Assumption

    def label(self, value: Value) -> Num:
        """Money for the model's label of one item."""
        return cast(Num, value(self.passes) * value(self.votes) * self.call(value))

    def error_left(self, value: Value) -> Num:
        """Share of the model's labels that are wrong after the audit."""
        found = value(self.audit_share) * value(self.audit_sensitivity)
        return cast(Num, value(self.model_error) * (1 - found))


def error_facts(*, with_it: Num, people: Assumption | None) -> tuple[Fact, ...]:
    """The share of wrong labels with a lever and without."""
    without = None if people is None else point_of(people)
    return (
        Fact("error_with", "Wrong labels with it", cast(Decimal, with_it), "share"),
        Fact("error_without", "Wrong labels without it", without, "share"),
    )
