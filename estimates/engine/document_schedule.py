"""The schedule of a scenario as JSON, and in sentences."""

import math
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_CEILING, Decimal
from typing import Any, cast

import numpy as np

from estimates.engine.document import Json, count, often, quantity, share
from estimates.engine.document_staffing import plan_part
from estimates.engine.num import ceiling
from estimates.engine.points import PointPrice
from estimates.engine.project import ProjectInputs
from estimates.engine.scenario import ScenarioInputs
from estimates.engine.schedule import PackageWeeks, SeatsRange, finish
from estimates.engine.simulation import SimulatedScenario
from estimates.engine.summary import quantiles

_TENTH = Decimal("0.1")
FINISH_LEVELS = {"p10": 0.1, "p50": 0.5, "p80": 0.8, "p85": 0.85, "p90": 0.9}
FINISH_ENDS = (0.01, 0.99)
MOST_FINISH_ROWS = 20
"""Weeks by which work may be finished; where there are more, several make one row."""
SPOKEN_CHANCES = (0.5, 0.8, 0.9)


def spoken_date(day: date) -> str:
    """A day as a sentence names it: "1 December 2026"."""
    return f"{day.day} {day:%B %Y}"


def schedule_part(
    inputs: ProjectInputs, scenario: ScenarioInputs, point: PointPrice, simulated: SimulatedScenario
) -> Json | None:
    """Weeks of every staffed work package, the critical one, when all is finished how surely, a team's weeks
    one by one, and what dates make of them; None when no package is staffed.

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
    part |= finish_parts(simulated, inputs.starts_on)
    plan = plan_part(inputs, scenario, point)
    if plan is not None:
        part["staffing_plan"] = plan
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
    if len(simulated.sets_the_end) > 1:
        part["sets_the_end"] = share(simulated.sets_the_end[package.slug])
    if package.deadline is not None and inputs.deadline is not None:
        seats = package.deadline.seats
        part["seats_for_deadline"] = None if seats is None else quantity(seats)
        part["deadline_sentence"] = deadline_sentence(package, inputs.deadline)
        if package.slug in simulated.seats_by_package:
            part |= seats_parts(package, simulated.seats_by_package[package.slug], inputs.deadline)
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


def finish_parts(simulated: SimulatedScenario, starts_on: date | None) -> Json:
    """When all work packages are done, how surely: by quantile, and by week from P1 to P99.

    Nothing where the weeks are certain.
    """
    weeks: Any = simulated.weeks
    if not isinstance(weeks, np.ndarray):
        return {}
    found = quantiles(weeks, [*FINISH_LEVELS.values(), *FINISH_ENDS])
    *levels, low, high = found

    def on(after: float) -> Json:
        return {} if starts_on is None else {"on": _iso(finish(starts_on, after))}

    first, last = math.floor(low), math.ceil(high)
    step = max(1, -(-(last - first) // MOST_FINISH_ROWS))
    rows = range(first + step, last + step, step)
    return {
        "finish": [
            {"level": name, "weeks": quantity(level), **on(level)}
            for name, level in zip(FINISH_LEVELS, levels, strict=True)
        ],
        "finished_by_week": [
            {"week": week, **on(week), "finished": share(float(np.mean(weeks <= week)))} for week in rows
        ],
    }


def seats_parts(package: PackageWeeks, found: SeatsRange, deadline: date) -> Json:
    """How many seats finish by the deadline for a wanted chance; nothing where all outcomes need as many."""
    seats = {
        chance: None if needed is None else int(cast(Any, ceiling(needed)))
        for chance, needed in found.by_chance.items()
    }
    if len(set(found.by_chance.values())) == 1:
        return {}
    return {
        "seats_by_chance": [{"chance": chance, "seats": whole} for chance, whole in seats.items()],
        "possible": share(found.possible),
        "seats_sentence": _seats_sentence(package.name, seats, found.possible, spoken_date(deadline)),
    }


def _seats_sentence(name: str, seats: Mapping[float, int | None], possible: float, by: str) -> str:
    said: list[str] = []
    for chance in SPOKEN_CHANCES:
        whole = seats[chance]
        if whole is not None:
            many = f"{whole:,} {'seat' if whole == 1 else 'seats'}"
            said.append(
                f"in {100 * chance:.0f} % with {many}"
                if said
                else f"{name}: {many} {'finishes' if whole == 1 else 'finish'} by {by} in {often(chance)}"
            )
    sentence = f"{', '.join(said)}." if said else ""
    if None not in seats.values():
        return sentence
    never = (
        f"no headcount finishes {name} by {by} in {often(1 - possible)}: a hire's own training takes all the "
        "hours it brings."
    )
    return f"{sentence} {never[0].upper()}{never[1:]}".strip()
