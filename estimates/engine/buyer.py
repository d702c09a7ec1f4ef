"""What the buyer's own people cost when a vendor does the work."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, cast

from estimates.engine.assumptions import (
    NOT_NEGATIVE,
    SHARE,
    Assumption,
    Bounds,
    Value,
    together,
)
from estimates.engine.effort import MINUTES_PER_HOUR, Hours
from estimates.engine.errors import EngineError
from estimates.engine.num import Num

BUYER_BOUNDS: Mapping[str, Bounds] = {
    "vendor_manager_share": SHARE,
    "acceptance_share": SHARE,
    "acceptance_minutes": NOT_NEGATIVE,
    "buyer_hourly_cost": NOT_NEGATIVE,
    "data_preparation": NOT_NEGATIVE,
    "security_review": NOT_NEGATIVE,
}
"""The buyer's own inputs and their bounds, by name."""

NOTHING_STATED = (
    "No cost of the buyer's own is stated beside the vendor's price: managing the vendor, sampling what it "
    "delivers, preparing data, reviewing security."
)


class BuyerInputs(Protocol):
    """Who holds the buyer's inputs. Money is in the project's currency; None is what is not stated.

    vendor_manager_share  cost of managing vendors / their price before tax      [0, 1]
    acceptance_share      share of delivered judgements that the buyer samples   [0, 1]
    acceptance_minutes    minutes to check one                                   >= 0
    buyer_hourly_cost     money per hour of who checks                           >= 0
    data_preparation, security_review  money, once                               >= 0
    """

    @property
    def vendor_manager_share(self) -> Assumption | None: ...
    @property
    def acceptance_share(self) -> Assumption | None: ...
    @property
    def acceptance_minutes(self) -> Assumption | None: ...
    @property
    def buyer_hourly_cost(self) -> Assumption | None: ...
    @property
    def data_preparation(self) -> Assumption | None: ...
    @property
    def security_review(self) -> Assumption | None: ...


def check_buyer(owner: str, inputs: BuyerInputs, *, has_vendor: bool) -> None:
    """Refuse a part of acceptance sampling without the rest, and any of it where there is no vendor."""
    together(owner, inputs, "acceptance_share", "acceptance_minutes", "buyer_hourly_cost")
    if not has_vendor:
        for field in BUYER_BOUNDS:
            if getattr(inputs, field) is not None:
                words = field.replace("_", " ")
                raise EngineError(f"{owner}: {words} is of no use, as no vendor takes part.", field=field)


def states_nothing(inputs: BuyerInputs) -> bool:
    """Whether none of the buyer's own inputs is there."""
    return all(getattr(inputs, field) is None for field in BUYER_BOUNDS)


def delivered_judgements(hours: Hours, *, package_name: str) -> Num:
    """Judgements a vendor makes on a first pass, gold included: what acceptance samples are taken from.

    items * judgements per item / (yield * (1 - gold share)). EngineError for work given in hours.
    """
    if hours.served is None:
        raise EngineError(
            f"A share of judgements is sampled for acceptance, but work package {package_name} does not say "
            "how many judgements there are.",
            field="acceptance_share",
        )
    return cast(Num, hours.served * (1 + hours.gold_ratio))


@dataclass(frozen=True)
class BuyerCost:
    """The buyer's own cost in a scenario: money, unrounded. None is what is not stated."""

    management: Num | None
    acceptance: Num | None
    data_preparation: Num | None
    security_review: Num | None


def buyer_cost(
    inputs: BuyerInputs, value: Value, *, vendors_charge: Num, judgements: Num | None
) -> BuyerCost:
    """What the buyer's own people cost.

    vendors_charge  what all vendors charge before tax, money of the project's currency
    judgements      delivered by vendors; None when acceptance is not sampled
    """

    def one(assumption: Assumption | None) -> Num | None:
        return None if assumption is None else value(assumption)

    acceptance = None
    if judgements is not None:
        share = value(cast(Assumption, inputs.acceptance_share))
        an_hour = value(cast(Assumption, inputs.buyer_hourly_cost))
        minutes = value(cast(Assumption, inputs.acceptance_minutes))
        acceptance = judgements * (share * minutes / MINUTES_PER_HOUR * an_hour)
    manager = one(inputs.vendor_manager_share)
    return BuyerCost(
        management=None if manager is None else manager * vendors_charge,
        acceptance=acceptance,
        data_preparation=one(inputs.data_preparation),
        security_review=one(inputs.security_review),
    )
