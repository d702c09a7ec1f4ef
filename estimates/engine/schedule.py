"""How long the work takes, when it ends, and how many seats a deadline needs, if any number will do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any, cast

import numpy as np

from estimates.engine.assumptions import Value, constant, point_of
from estimates.engine.effort import Hours, WorkPackageInputs
from estimates.engine.num import Num, added
from estimates.engine.staffing import Staffing
from estimates.engine.summary import quantiles

DAYS_PER_WEEK = 7


def weeks_of(staffing: Staffing, value: Value, *, total: Num) -> Num:
    """Weeks the planned seats need for `total` productive hours, their own training among them.

    total * (1 + attrition * refill) / (seats * hours_per_week * utilisation) + ramp / 2 + lead
    A seat whose leaver is being replaced stands empty for the refill weeks; a ramp that rises evenly loses
    half of itself.
    """
    weeks: Num = total / (
        value(staffing.seats) * value(staffing.hours_per_week) * value(staffing.utilisation)
    )
    if staffing.refill_weeks is not None:
        weeks = weeks * _seats_for_one_filled(staffing, value)
    delay = _delay(staffing, value)
    return weeks if delay is None else added(weeks, delay)


def _seats_for_one_filled(staffing: Staffing, value: Value) -> Num:
    if staffing.refill_weeks is None:
        return 1
    return cast(Num, 1 + value(staffing.attrition_per_week) * value(staffing.refill_weeks))


def _delay(staffing: Staffing, value: Value) -> Num | None:
    """Weeks lost before everybody is at work; None for none."""
    ramp = None if staffing.ramp_weeks is None else cast(Num, value(staffing.ramp_weeks) / 2)
    lead = None if staffing.lead_weeks is None else value(staffing.lead_weeks)
    return None if ramp is None and lead is None else added(ramp, lead)


@dataclass(frozen=True)
class SeatsForDeadline:
    """How many seats finish a work package by a deadline.

    seats           exact; None when no number of seats finishes by then
    possible_after  weeks beyond which some number of seats does; None when none ever does
    """

    seats: Decimal | None
    possible_after: Decimal | None


def seats_for(staffing: Staffing, hours: Hours, *, weeks: Decimal) -> SeatsForDeadline:
    """Seats that do the work of `hours` within `weeks`, the hires' own training included; on points.

      seats = work * (1 + attrition * refill) / (net weeks * week - (1 + attrition * weeks) * hire)
    with net weeks = weeks - ramp / 2 - lead, week = hours_per_week * utilisation, and hire = the hours of
    one hire: onboarding, tests, learning at the planned number of hires. Where the divisor is not above 0 a
    seat brings no more hours than its hires take, and no headcount finishes. That is so up to
      (hire + (ramp / 2 + lead) * week) / (week - attrition * hire)
    weeks, and for good when that divisor is not above 0 either.
    """
    week = point_of(staffing.hours_per_week) * point_of(staffing.utilisation)
    attrition = point_of(staffing.attrition_per_week)
    delay = Decimal(cast(Decimal, _delay(staffing, point_of) or 0))
    hire = Decimal(cast(Decimal, hours.training)) / cast(Decimal, hours.hires)
    lasting = week - attrition * hire
    possible_after = (hire + delay * week) / lasting if lasting > 0 else None
    brought = Decimal(cast(Decimal, _brought_by_a_seat(staffing, hours, point_of, weeks=weeks)))
    if brought <= 0:
        return SeatsForDeadline(None, possible_after)
    work = cast(Decimal, hours.work) * cast(Decimal, _seats_for_one_filled(staffing, point_of))
    return SeatsForDeadline(work / brought, possible_after)


def _brought_by_a_seat(staffing: Staffing, hours: Hours, value: Value, *, weeks: Num) -> Num:
    """Hours that one seat brings to the work within `weeks`, those of its hires' training taken off; not
    above 0 where they take all."""
    week: Num = value(staffing.hours_per_week) * value(staffing.utilisation)
    delay = _delay(staffing, value)
    net: Num = weeks if delay is None else weeks - delay
    hire: Num = hours.training / hours.hires
    return cast(Num, net * week - (1 + value(staffing.attrition_per_week) * weeks) * hire)


SEAT_CHANCES = (0.5, 0.8, 0.85, 0.9, 0.95)
"""The chances to keep a deadline for which seats are found."""


@dataclass(frozen=True)
class SeatsRange:
    """How many seats finish a work package by a deadline, over all draws.

    by_chance  seats that finish in so many of the outcomes; None where no number of seats does
    possible   share of draws on which some number of seats finishes by then
    """

    by_chance: dict[float, float | None]
    possible: float


def seats_range(staffing: Staffing, hours: Hours, value: Value, *, weeks: Decimal) -> SeatsRange | None:
    """`seats_for` draw by draw; None where levers leave nothing to do on a draw.

    With A seats a draw is finished in time where A * share >= 1, share being what one seat does of the work
    within the weeks. So that A for the chance q is 1 over the share's quantile 1 - q, and no A reaches q
    where that is not above 0.
    """
    work: Any = hours.work * _seats_for_one_filled(staffing, value)
    if not np.all(work > 0):
        return None
    brought = _brought_by_a_seat(staffing, hours, value, weeks=value(constant(weeks)))
    share: Any = brought / work
    levels = quantiles(share, [1 - chance for chance in SEAT_CHANCES])
    return SeatsRange(
        by_chance={
            chance: 1 / level if level > 0 else None
            for chance, level in zip(SEAT_CHANCES, levels, strict=True)
        },
        possible=float(np.mean(share > 0)),
    )


def weeks_between(start: date, end: date) -> Decimal:
    """Weeks from one day to another, exactly."""
    return Decimal((end - start).days) / DAYS_PER_WEEK


def finish(start: date, weeks: Decimal | float) -> date | None:
    """The day on which so many weeks of work are over; None beyond the last day of the calendar."""
    days = (Decimal(weeks) * DAYS_PER_WEEK).to_integral_value(rounding=ROUND_CEILING)
    if days > (date.max - start).days:
        return None
    return start + timedelta(days=int(days))


@dataclass(frozen=True)
class PackageWeeks:
    """One staffed work package on its points.

    weeks     that its planned seats need
    deadline  seats that finish by the project's deadline; None without one
    """

    slug: str
    name: str
    seats: Decimal
    weeks: Decimal
    deadline: SeatsForDeadline | None


def package_weeks(
    packages: Sequence[WorkPackageInputs], hours: Sequence[Hours], *, weeks_to_deadline: Decimal | None
) -> tuple[PackageWeeks, ...]:
    """The staffed work packages, in the project's order; they run side by side."""
    return tuple(
        PackageWeeks(
            slug=package.slug,
            name=package.name,
            seats=cast(Decimal, worked.seats),
            weeks=cast(Decimal, weeks_of(package.staffing, point_of, total=worked.total)),
            deadline=(
                None
                if weeks_to_deadline is None
                else seats_for(package.staffing, worked, weeks=weeks_to_deadline)
            ),
        )
        for package, worked in zip(packages, hours, strict=True)
        if package.staffing is not None
    )
