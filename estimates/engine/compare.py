"""In-house against a vendor: how surely it is cheaper, by how much, and what would turn the answer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from estimates.engine.num import FloatArray
from estimates.engine.sobol import REPLICATES
from estimates.engine.summary import quantiles_and_moves, seed_moves

SAVING_LEVELS: Mapping[str, float] = {"p10": 0.1, "p50": 0.5, "p90": 0.9}

MoneyText = Callable[[Decimal], str]


@dataclass(frozen=True)
class Advantage:
    """How an in-house scenario does against a vendor scenario over the same draws.

    probability_cheaper   share of draws in which in-house costs less
    probability_error     how far another seed moves that share, at most, in 99 of 100 cases
    saving                vendor - in-house at P10, P50, P90: money, unrounded
    saving_error          the same for each of them
    value_of_information  what knowing every input before choosing is worth: min(E_v, E_h) - E min(v, h),
                          money; the most a pilot may cost
    """

    probability_cheaper: float
    probability_error: float
    saving: Mapping[str, float]
    saving_error: Mapping[str, float]
    value_of_information: float


def advantage_of(*, in_house: float | FloatArray, vendor: float | FloatArray) -> Advantage:
    """Compare two totals draw by draw: floats, or draws of shape (REPLICATES, points).

    Shared draws matter: with each side drawn apart, what both sides share would count as a difference.
    """
    saving = np.asarray(vendor - in_house, dtype=np.float64)
    if saving.ndim == 0:
        saving = np.full((REPLICATES, 2), float(saving))
    figures, moves = quantiles_and_moves(saving, list(SAVING_LEVELS.values()))
    cheaper = (saving > 0).mean(axis=1)
    gain = float(np.maximum(saving, 0).mean())
    loss = gain - float(saving.mean())
    return Advantage(
        probability_cheaper=float(cheaper.mean()),
        probability_error=float(seed_moves(cheaper[None, :])[0]),
        saving=dict(zip(SAVING_LEVELS, figures, strict=True)),
        saving_error=dict(zip(SAVING_LEVELS, moves, strict=True)),
        # min(E_v, E_h) - E min(v, h) is the smaller of E(v - h)+ and E(h - v)+.
        value_of_information=max(0.0, min(gain, loss)),
    )


@dataclass(frozen=True)
class PointCost:
    """A scenario's point estimate, as a break-even needs it.

    amounts      money by line code, unrounded
    hours        productive hours
    utilisation  of the in-house team; None for a vendor, or when several teams differ
    """

    amounts: Mapping[str, Decimal]
    hours: Decimal
    utilisation: Decimal | None

    @property
    def total(self) -> Decimal:
        return sum(self.amounts.values(), Decimal(0))

    def amount(self, code: str) -> Decimal:
        """The line's amount, 0 when the scenario has no such line."""
        return self.amounts.get(code, Decimal(0))


@dataclass(frozen=True)
class BreakEven:
    """The value of one input at which in-house and the vendor cost the same, the others as they are.

    value   None when there is none
    reason  why there is none, in a sentence; None when there is one
    """

    value: Decimal | None = None
    reason: str | None = None


@dataclass(frozen=True)
class BreakEvens:
    """Break-evens of an in-house scenario against a vendor scenario, on the points.

    fixed_cost               in-house set-up, money
    margin                   the vendor's margin, [0, 1)
    utilisation              the team's utilisation, (0, 1]
    volume_hours             productive hours of the in-house scenario; the vendor's price and the team's
                             labour grow with them, set-up and headcount costs stay as planned
    in_house_cheaper_volume  "above" or "below" volume_hours; None when there is none
    """

    fixed_cost: BreakEven
    margin: BreakEven
    utilisation: BreakEven
    volume_hours: BreakEven
    in_house_cheaper_volume: str | None


def break_evens(*, in_house: PointCost, vendor: PointCost, money_text: MoneyText) -> BreakEvens:
    """Solve C_vendor = C_in_house for one input at a time.

    money_text  writes an amount of money for the reasons
    """
    volume, side = _volume(in_house, vendor)
    return BreakEvens(
        fixed_cost=_fixed_cost(in_house, vendor, money_text),
        margin=_margin(in_house, vendor, money_text),
        utilisation=_utilisation(in_house, vendor, money_text),
        volume_hours=volume,
        in_house_cheaper_volume=side,
    )


def _fixed_cost(in_house: PointCost, vendor: PointCost, money_text: MoneyText) -> BreakEven:
    """F = C_v - (C_h - F)."""
    room = vendor.total - (in_house.total - in_house.amount("setup"))
    if room < 0:
        return BreakEven(reason=f"Even with no set-up cost in-house costs {money_text(-room)} more.")
    return BreakEven(room)


def _margin(in_house: PointCost, vendor: PointCost, money_text: MoneyText) -> BreakEven:
    """M = 1 - (vendor's own cost) / (C_h - S), the set-up fee S outside the margin."""
    if "price" in vendor.amounts:
        return BreakEven(reason="The vendor's price is not split into cost and margin.")
    own_cost, fee = vendor.amount("labour"), vendor.amount("setup-fee")
    if own_cost == 0:
        return BreakEven(reason="The vendor's own cost is nothing, so its margin does not change the price.")
    short = own_cost + fee - in_house.total
    if short > 0:
        return BreakEven(reason=f"Even with no margin the vendor costs {money_text(short)} more.")
    return BreakEven(1 - own_cost / (in_house.total - fee))


def _utilisation(in_house: PointCost, vendor: PointCost, money_text: MoneyText) -> BreakEven:
    """u = w (1 + burden) T / (C_v - all of C_h that is not divided by u)."""
    if in_house.utilisation is None:
        return BreakEven(reason="Several in-house teams differ in utilisation, so there is no single one.")
    productive_labour = in_house.amount("labour") * in_house.utilisation
    if productive_labour == 0:
        return BreakEven(reason="In-house labour costs nothing, so utilisation does not change the cost.")
    room = vendor.total - (in_house.total - in_house.amount("labour"))
    if room < productive_labour:
        more = money_text(productive_labour - room)
        return BreakEven(reason=f"Even with every paid hour productive in-house costs {more} more.")
    return BreakEven(productive_labour / room)


def _volume(in_house: PointCost, vendor: PointCost) -> tuple[BreakEven, str | None]:
    """N = (F - S) / (unit vendor cost - unit in-house cost), a unit being an hour of the in-house work."""
    labour, fee = in_house.amount("labour"), vendor.amount("setup-fee")
    fixed = in_house.total - labour - fee
    saved = vendor.total - fee - labour
    if saved == 0:
        return BreakEven(reason="An hour costs the same either way, so the volume does not decide."), None
    factor = fixed / saved
    if factor <= 0:
        winner = "In-house" if saved > 0 else "The vendor"
        return BreakEven(reason=f"{winner} is cheaper at every volume."), None
    return BreakEven(factor * in_house.hours), "above" if saved > 0 else "below"
