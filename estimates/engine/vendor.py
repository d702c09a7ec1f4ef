"""What a vendor charges: a price as quoted, or its own cost and a margin or a markup on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal, cast, get_args

import numpy as np

from estimates.engine.assumptions import (
    NOT_NEGATIVE,
    SHARE_BELOW_ONE,
    Assumption,
    Bounds,
    Value,
    check_fields,
)
from estimates.engine.effort import Hours
from estimates.engine.errors import EngineError
from estimates.engine.num import Num

Basis = Literal["hour", "judgement", "output", "item"]
Pricing = Literal["billed", "cost-plus-margin", "cost-plus-markup"]


@dataclass(frozen=True)
class VendorOffer:
    """The terms on which a vendor does work packages.

    basis      what the rate multiplies: productive hours, accepted judgements, outputs or items. On any
               basis but the hour, rework, gold and onboarding are on the vendor.
    pricing    "billed": rate is the price billed. "cost-plus-margin" and "cost-plus-markup": rate is the
               vendor's own labour cost.
    rate       money per unit of the basis                                    >= 0
    margin     (price - cost) / price; needed for cost-plus-margin, optional for billed, where it opens
               the price up into cost and margin                              [0, 1)
    markup     (price - cost) / cost; needed for cost-plus-markup             >= 0
    setup_fee  money, once per scenario, outside the margin                   >= 0
    EngineError names the offer and the field that is missing, out of bounds or of no use.
    """

    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "rate": NOT_NEGATIVE,
        "margin": SHARE_BELOW_ONE,
        "markup": NOT_NEGATIVE,
        "setup_fee": NOT_NEGATIVE,
    }

    slug: str
    name: str
    basis: Basis
    pricing: Pricing
    rate: Assumption
    margin: Assumption | None = None
    markup: Assumption | None = None
    setup_fee: Assumption | None = None

    def __post_init__(self) -> None:
        owner = f"Vendor {self.name}"
        if self.basis not in get_args(Basis):
            raise EngineError(f"{owner}: basis must be one of {', '.join(get_args(Basis))}.", field="basis")
        if self.pricing not in get_args(Pricing):
            raise EngineError(
                f"{owner}: pricing must be one of {', '.join(get_args(Pricing))}.", field="pricing"
            )
        if self.pricing == "cost-plus-margin" and self.margin is None:
            raise EngineError(f"{owner}: a price of cost plus margin needs a margin.", field="margin")
        if self.pricing == "cost-plus-markup" and self.markup is None:
            raise EngineError(f"{owner}: a price of cost plus markup needs a markup.", field="markup")
        if self.pricing == "cost-plus-markup" and self.margin is not None:
            raise EngineError(f"{owner}: give a margin or a markup, not both.", field="margin")
        if self.pricing != "cost-plus-markup" and self.markup is not None:
            raise EngineError(f"{owner}: a markup belongs to a price of cost plus markup.", field="markup")
        check_fields(owner, self, self.BOUNDS)


@dataclass(frozen=True)
class VendorCharge:
    """What a vendor charges for one work package, before any set-up fee: money, unrounded.

    price  what the buyer pays
    cost   the vendor's own labour cost in it; None when the price is not opened up
    """

    price: Num
    cost: Num | None


def charge_of(offer: VendorOffer, hours: Hours, value: Value, *, package_name: str) -> VendorCharge:
    """What `offer` charges for a work package of `hours`.

    EngineError when the offer counts in items, judgements or outputs and the package has none.
    """
    amount = _units(offer, hours, package_name) * value(offer.rate)
    if offer.pricing == "cost-plus-margin":
        assert offer.margin is not None  # checked when the offer was made
        return VendorCharge(price=amount / (1 - value(offer.margin)), cost=amount)
    if offer.pricing == "cost-plus-markup":
        assert offer.markup is not None  # checked when the offer was made
        return VendorCharge(price=amount * (1 + value(offer.markup)), cost=amount)
    if offer.margin is not None:
        return VendorCharge(price=amount, cost=amount * (1 - value(offer.margin)))
    return VendorCharge(price=amount, cost=None)


def _units(offer: VendorOffer, hours: Hours, package_name: str) -> Num:
    units = {
        "hour": hours.total,
        "judgement": hours.accepted_judgements,
        "output": hours.accepted_outputs,
        "item": hours.accepted_items,
    }[offer.basis]
    if units is None:
        field = {"output": "accepted_outputs"}.get(offer.basis, "accepted_items")
        raise EngineError(
            f"Vendor {offer.name} charges per {offer.basis}, but work package {package_name} "
            f"does not say how many {offer.basis}s are accepted.",
            field=field,
        )
    return units


def price_from_margin(cost: Num, margin: Num) -> Num:
    """The price that leaves `margin`: cost / (1 - margin).

      cost    money, any shape
      margin  (price - cost) / price, [0, 1)
    A 50 % margin doubles the cost: it is a markup of 100 %, not of 50 %. EngineError outside [0, 1).
    """
    _require(margin, SHARE_BELOW_ONE, "margin")
    return cast(Num, cost / (1 - margin))


def price_from_markup(cost: Num, markup: Num) -> Num:
    """The price with `markup` on top: cost * (1 + markup). markup >= 0, else EngineError."""
    _require(markup, NOT_NEGATIVE, "markup")
    return cast(Num, cost * (1 + markup))


def markup_from_margin(margin: Num) -> Num:
    """The markup that gives the same price: margin / (1 - margin). margin in [0, 1), else EngineError."""
    _require(margin, SHARE_BELOW_ONE, "margin")
    return cast(Num, margin / (1 - margin))


def margin_from_markup(markup: Num) -> Num:
    """The margin that gives the same price: markup / (1 + markup). markup >= 0, else EngineError."""
    _require(markup, NOT_NEGATIVE, "markup")
    return cast(Num, markup / (1 + markup))


def _require(number: Num, bounds: Bounds, field: str) -> None:
    ends: list[Decimal | float]
    if isinstance(number, np.ndarray):
        ends = [float(number.min()), float(number.max())]
    else:
        ends = [cast(Decimal, number)]
    for end in ends:
        if (isinstance(end, Decimal) and end.is_nan()) or not bounds.hold(end):
            raise EngineError(f"{field} must be {bounds}, not {end}.", field=field)
