"""The point estimate of a scenario: the formulas on exact points, and the figures read off them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow
from typing import cast

from estimates.engine.assumptions import point_of
from estimates.engine.compare import PointCost
from estimates.engine.effort import Hours, WorkPackageInputs, weeks_of
from estimates.engine.in_house import InHouseTeam
from estimates.engine.money import round_money, sum_lines
from estimates.engine.num import Num
from estimates.engine.scenario import ScenarioInputs, cost_lines
from estimates.engine.vendor import VendorOffer, markup_from_margin

# Wide enough that no printed digit depends on the order of the operations; the caller's own context,
# whatever it is, has no say.
EXACT = Context(prec=50, traps=[DivisionByZero, InvalidOperation, Overflow])


@dataclass(frozen=True)
class PrintedLine:
    """A line as it is printed: rounded to the currency's minor unit."""

    code: str
    label: str
    amount: Decimal


@dataclass(frozen=True)
class MarkupReading:
    """What a margin would cost if it were a markup, the usual misreading.

    margin, equivalent_markup  (price - cost) / price, and (price - cost) / cost of the same price
    total_if_markup            money, unrounded: the cost with the margin's number put on top
    """

    margin: Decimal
    equivalent_markup: Decimal
    total_if_markup: Decimal


@dataclass(frozen=True)
class PointPrice:
    """A scenario's point estimate. Counts are None when a work package does not have them.

    cost                     unrounded lines, hours and utilisation
    lines, total             printed money; the total is the sum of the printed lines
    hours                    of each work package, in the project's order
    paid_hours               on the payroll; None when a vendor takes part
    hires                    over all staffed work packages; None when none is staffed
    weeks                    of the slowest staffed work package; None when none is staffed
    accepted_items, accepted_outputs  counts over all work packages
    minutes_per_judgement    mean over accepted judgements; None when any work is given in hours
    markup_reading           only when all suppliers price at cost plus one margin
    """

    cost: PointCost
    lines: tuple[PrintedLine, ...]
    total: Decimal
    hours: tuple[Hours, ...]
    paid_hours: Decimal | None
    hires: Decimal | None
    weeks: Decimal | None
    accepted_items: Decimal | None
    accepted_outputs: Decimal | None
    minutes_per_judgement: Decimal | None
    markup_reading: MarkupReading | None


def point_price(
    scenario: ScenarioInputs, packages: Sequence[WorkPackageInputs], *, currency: str
) -> PointPrice:
    """Price one scenario on its points, under the context EXACT. EngineError as in cost_lines."""
    lines, hours = cost_lines(scenario, packages, point_of)
    amounts = {line.code: Decimal(cast(Decimal, line.amount)) for line in lines}
    printed = tuple(
        PrintedLine(line.code, line.label, round_money(amounts[line.code], currency)) for line in lines
    )
    return PointPrice(
        cost=PointCost(
            amounts=amounts, hours=_sum([h.total for h in hours]), utilisation=_utilisation(scenario)
        ),
        lines=printed,
        total=sum_lines(line.amount for line in printed),
        hours=hours,
        paid_hours=_paid_hours(scenario, packages, hours),
        hires=_sum([h.hires for h in hours if h.hires is not None]) or None,
        weeks=_weeks(packages, hours),
        accepted_items=_sum_if_all([h.accepted_items for h in hours]),
        accepted_outputs=_sum_if_all([h.accepted_outputs for h in hours]),
        minutes_per_judgement=_mean_minutes(hours),
        markup_reading=_markup_reading(scenario, amounts),
    )


def _sum(values: Sequence[Num]) -> Decimal:
    return sum((cast(Decimal, value) for value in values), Decimal(0))


def _sum_if_all(values: Sequence[Num | None]) -> Decimal | None:
    known = [value for value in values if value is not None]
    return _sum(known) if len(known) == len(values) else None


def _utilisation(scenario: ScenarioInputs) -> Decimal | None:
    """The one utilisation of a scenario's teams; None without a team, or when they differ."""
    teams = [supplier for supplier in scenario.suppliers if isinstance(supplier, InHouseTeam)]
    utilisations = {team.utilisation.point for team in teams}
    return utilisations.pop() if len(utilisations) == 1 else None


def _paid_hours(
    scenario: ScenarioInputs, packages: Sequence[WorkPackageInputs], hours: Sequence[Hours]
) -> Decimal | None:
    paid = Decimal(0)
    for supplier, worked in zip(scenario.supplier_of_each(packages), hours, strict=True):
        if not isinstance(supplier, InHouseTeam):
            return None
        paid += worked.total / supplier.utilisation.point
    return paid


def _weeks(packages: Sequence[WorkPackageInputs], hours: Sequence[Hours]) -> Decimal | None:
    """Work packages run side by side, so the slowest one sets the weeks."""
    weeks = [
        cast(Decimal, weeks_of(package.staffing, point_of, total=worked.total))
        for package, worked in zip(packages, hours, strict=True)
        if package.staffing is not None
    ]
    return max(weeks, default=None)


def _mean_minutes(hours: Sequence[Hours]) -> Decimal | None:
    minutes = judgements = Decimal(0)
    for worked in hours:
        if worked.minutes_per_judgement is None or worked.accepted_judgements is None:
            return None
        minutes += worked.minutes_per_judgement * worked.accepted_judgements
        judgements += cast(Decimal, worked.accepted_judgements)
    return minutes / judgements


def _markup_reading(scenario: ScenarioInputs, amounts: Mapping[str, Decimal]) -> MarkupReading | None:
    margins = set()
    for supplier in scenario.suppliers:
        if not isinstance(supplier, VendorOffer) or supplier.pricing != "cost-plus-margin":
            return None
        assert supplier.margin is not None  # checked when the offer was made
        margins.add(supplier.margin.point)
    if len(margins) != 1:
        return None
    margin = margins.pop()
    return MarkupReading(
        margin=margin,
        equivalent_markup=cast(Decimal, markup_from_margin(margin)),
        total_if_markup=amounts["labour"] * (1 + margin) + amounts.get("setup-fee", Decimal(0)),
    )
