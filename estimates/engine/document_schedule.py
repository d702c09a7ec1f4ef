"""The schedule of a scenario as JSON, and in sentences."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal

import numpy as np

from estimates.engine.document import Json, count, quantity, share
from estimates.engine.points import PointPrice
from estimates.engine.project import ProjectInputs
from estimates.engine.schedule import PackageWeeks, finish
from estimates.engine.simulation import SimulatedScenario

_TENTH = Decimal("0.1")


def spoken_date(day: date) -> str:
    """A day as a sentence names it: "1 December 2026"."""
    return f"{day.day} {day:%B %Y}"


def schedule_part(inputs: ProjectInputs, point: PointPrice, simulated: SimulatedScenario) -> Json | None:
    """Weeks of every staffed work package, the critical one, and what dates make of them; None when no
    package is staffed.

    Dates need the project's start; seats for the deadline and the chance of keeping it need both.
    """
    if not point.schedule or simulated.weeks_range is None:
        return None
    critical = max(point.schedule, key=lambda each: each.weeks)
    spread = simulated.weeks_range
    part: Json = {
        "weeks": quantity(critical.weeks),
        "p50_weeks": quantity(spread.p50),
        "p90_weeks": quantity(spread.p90),
        "critical": critical.slug,
        "sentence": _sentence(point.schedule, critical, inputs.starts_on),
        "packages": [_package_part(each, simulated, inputs) for each in point.schedule],
    }
    if inputs.starts_on is not None:
        part["starts_on"] = inputs.starts_on.isoformat()
        ends: Mapping[str, Decimal | float] = {
            "finishes_on": critical.weeks,
            "p50_finishes_on": spread.p50,
            "p90_finishes_on": spread.p90,
        }
        part |= {name: _iso(finish(inputs.starts_on, weeks)) for name, weeks in ends.items()}
    if inputs.deadline is not None:
        part["deadline"] = inputs.deadline.isoformat()
    until = inputs.weeks_to_deadline
    if until is not None:
        part["within_deadline"] = share(float(np.mean(simulated.weeks <= float(until))))
    return part


def _iso(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _sentence(packages: Sequence[PackageWeeks], critical: PackageWeeks, starts_on: date | None) -> str:
    weeks = f"{critical.weeks.quantize(_TENTH)} weeks"
    slowest = f"{critical.name} takes {weeks}" + (
        " and sets the end" if len(packages) > 1 else " with the planned seats"
    )
    if starts_on is None:
        return f"{slowest}."
    ends = finish(starts_on, critical.weeks)
    if ends is None:
        return f"{slowest}: longer than any calendar."
    return f"{slowest}: done by {spoken_date(ends)}."


def _package_part(package: PackageWeeks, simulated: SimulatedScenario, inputs: ProjectInputs) -> Json:
    spread = simulated.weeks_by_package[package.slug]
    part: Json = {
        "package": package.slug,
        "name": package.name,
        "seats": count(package.seats),
        "weeks": quantity(package.weeks),
        "p50_weeks": quantity(spread.p50),
        "p90_weeks": quantity(spread.p90),
    }
    if package.deadline is not None and inputs.deadline is not None:
        seats = package.deadline.seats
        part["seats_for_deadline"] = None if seats is None else quantity(seats)
        part["deadline_sentence"] = deadline_sentence(package, inputs.deadline)
    return part


def deadline_sentence(package: PackageWeeks, deadline: date) -> str:
    """How many seats finish by the deadline; or that none do, and from how many weeks on some would."""
    needed = package.deadline
    assert needed is not None  # asked for only when there is a deadline
    by = spoken_date(deadline)
    if needed.seats is not None:
        whole = needed.seats.to_integral_value(rounding=ROUND_CEILING)
        noun = "seat" if whole == 1 else "seats"
        return f"{package.name} needs {whole:,} {noun} to be done by {by}; {count(package.seats)} planned."
    nobody = (
        f"No headcount finishes {package.name} by {by}: a hire's own training takes all the hours it brings"
    )
    if needed.possible_after is None:
        return f"{nobody}, and with people leaving this fast no later date changes that."
    weeks = needed.possible_after.quantize(_TENTH, rounding=ROUND_CEILING)
    return f"{nobody}. It becomes possible from {weeks} weeks on."
