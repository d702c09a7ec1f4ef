"""What the work costs with a team of one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, cast

from estimates.engine.assumptions import (
    NOT_NEGATIVE,
    SHARE_ABOVE_ZERO,
    Assumption,
    Bounds,
    Value,
    check_fields,
)
from estimates.engine.effort import Hours
from estimates.engine.errors import EngineError
from estimates.engine.num import Num


@dataclass(frozen=True)
class InHouseTeam:
    """A team on the buyer's own payroll.

    wage                 money per paid hour                                           >= 0
    burden               tax, benefits, tools and leads as a share of the wage         >= 0
    utilisation          productive hours / paid hours, leave included                 (0, 1]
    setup                money, once per scenario; None when there is none             >= 0
    recruiting_per_hire  money per hire; None when there is none                       >= 0
    seat_cost_per_month  money per seat and month (tool, place); None when there is none  >= 0
    EngineError names the team and the field out of bounds.
    """

    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "wage": NOT_NEGATIVE,
        "burden": NOT_NEGATIVE,
        "utilisation": SHARE_ABOVE_ZERO,
        "setup": NOT_NEGATIVE,
        "recruiting_per_hire": NOT_NEGATIVE,
        "seat_cost_per_month": NOT_NEGATIVE,
    }

    slug: str
    name: str
    wage: Assumption
    burden: Assumption
    utilisation: Assumption
    setup: Assumption | None = None
    recruiting_per_hire: Assumption | None = None
    seat_cost_per_month: Assumption | None = None

    def __post_init__(self) -> None:
        check_fields(f"In-house team {self.name}", self, self.BOUNDS)


@dataclass(frozen=True)
class InHouseCost:
    """What a team costs for one work package, before any set-up: money, unrounded.

    paid_hours  hours on the payroll, idle time included
    labour      loaded wages of the paid hours
    recruiting, seats  None when the team has no such cost
    """

    paid_hours: Num
    labour: Num
    recruiting: Num | None
    seats: Num | None


def cost_of(team: InHouseTeam, hours: Hours, value: Value, *, package_name: str) -> InHouseCost:
    """What `team` costs for a work package of `hours`.

      labour      wage * (1 + burden) * productive hours / utilisation
      recruiting  hires * recruiting_per_hire
      seats       seats * seat_cost_per_month * planned months
    EngineError when recruiting or seats are priced and the package has no staffing.
    """
    paid_hours = hours.total / value(team.utilisation)
    return InHouseCost(
        paid_hours=paid_hours,
        labour=loaded_cost(wage=value(team.wage), burden=value(team.burden)) * paid_hours,
        recruiting=_recruiting(team, hours, value, package_name),
        seats=_seats(team, hours, value, package_name),
    )


def loaded_cost(*, wage: Num, burden: Num) -> Num:
    """Money per paid hour, burden included: wage * (1 + burden)."""
    return cast(Num, wage * (1 + burden))


def _recruiting(team: InHouseTeam, hours: Hours, value: Value, package_name: str) -> Num | None:
    if team.recruiting_per_hire is None:
        return None
    if hours.hires is None:
        raise _missing_staffing(team, package_name, "recruiting_per_hire", "recruiting per hire")
    return cast(Num, hours.hires * value(team.recruiting_per_hire))


def _seats(team: InHouseTeam, hours: Hours, value: Value, package_name: str) -> Num | None:
    if team.seat_cost_per_month is None:
        return None
    if hours.seats is None or hours.months is None:
        raise _missing_staffing(team, package_name, "seat_cost_per_month", "seats")
    return cast(Num, hours.seats * value(team.seat_cost_per_month) * hours.months)


def _missing_staffing(team: InHouseTeam, package_name: str, field: str, words: str) -> EngineError:
    return EngineError(
        f"In-house team {team.name} prices {words}, but work package {package_name} has no staffing.",
        field=field,
    )
