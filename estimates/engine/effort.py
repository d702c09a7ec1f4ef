"""How many hours the work takes: judgements, rework, review, gold, and getting people ready."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from estimates.engine.assumptions import (
    AT_LEAST_ONE,
    HOURS_OF_A_WEEK,
    NOT_NEGATIVE,
    POSITIVE,
    SHARE,
    SHARE_ABOVE_ZERO,
    SHARE_BELOW_ONE,
    Assumption,
    Bounds,
    Value,
    check_fields,
)
from estimates.engine.errors import EngineError
from estimates.engine.num import Num

MINUTES_PER_HOUR = 60
MONTHS_PER_YEAR = 12
WEEKS_PER_YEAR = 52


@dataclass(frozen=True)
class HoursEffort:
    """Work known only as a number of hours.

    hours  productive hours of labeling  > 0
    """

    BOUNDS: ClassVar[Mapping[str, Bounds]] = {"hours": POSITIVE}

    hours: Assumption


@dataclass(frozen=True)
class ItemsEffort:
    """Work counted in items, each judged by `overlap` labelers.

    accepted_items         items wanted, count                                         > 0
    accepted_outputs       outputs wanted (steps, pairs), count; None when not counted > 0
    yield_share            share of judged items that can be kept                      (0, 1]
    overlap                judgements per item                                         >= 1
    gold_share             gold judgements as a share of all served                    [0, 1)
    rework_rate            share of judgements rejected in review and redone           [0, 1)
    minutes_per_judgement  the part of a judgement's minutes that is the same for all  >= 0
    outputs_per_judgement  outputs in one judgement; None together with the next       >= 0
    minutes_per_output     minutes each output adds to the judgement                   >= 0
    review_share           share of production judgements reviewed                     [0, 1]
    review_time_share      minutes of a review / minutes of a judgement                >= 0
    """

    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "accepted_items": POSITIVE,
        "accepted_outputs": POSITIVE,
        "yield_share": SHARE_ABOVE_ZERO,
        "overlap": AT_LEAST_ONE,
        "gold_share": SHARE_BELOW_ONE,
        "rework_rate": SHARE_BELOW_ONE,
        "minutes_per_judgement": NOT_NEGATIVE,
        "outputs_per_judgement": NOT_NEGATIVE,
        "minutes_per_output": NOT_NEGATIVE,
        "review_share": SHARE,
        "review_time_share": NOT_NEGATIVE,
    }

    accepted_items: Assumption
    accepted_outputs: Assumption | None
    yield_share: Assumption
    overlap: Assumption
    gold_share: Assumption
    rework_rate: Assumption
    minutes_per_judgement: Assumption
    outputs_per_judgement: Assumption | None
    minutes_per_output: Assumption | None
    review_share: Assumption
    review_time_share: Assumption


@dataclass(frozen=True)
class Staffing:
    """The people planned for a work package.

    seats                    labelers at work at one time, count                 > 0
    planned_weeks            weeks the seats are kept                            > 0
    attrition_per_week       leavers per seat and week                           >= 0
    onboarding_hours         paid hours that make one hire ready                 >= 0
    qualification_pass_rate  share of tries at the qualification that are passed (0, 1]
    qualification_hours      paid hours of one try                               >= 0
    hours_per_week           contracted hours of one seat in a week              (0, 168]
    utilisation              productive hours / contracted hours                 (0, 1]
    """

    BOUNDS: ClassVar[Mapping[str, Bounds]] = {
        "seats": POSITIVE,
        "planned_weeks": POSITIVE,
        "attrition_per_week": NOT_NEGATIVE,
        "onboarding_hours": NOT_NEGATIVE,
        "qualification_pass_rate": SHARE_ABOVE_ZERO,
        "qualification_hours": NOT_NEGATIVE,
        "hours_per_week": HOURS_OF_A_WEEK,
        "utilisation": SHARE_ABOVE_ZERO,
    }

    seats: Assumption
    planned_weeks: Assumption
    attrition_per_week: Assumption
    onboarding_hours: Assumption
    qualification_pass_rate: Assumption
    qualification_hours: Assumption
    hours_per_week: Assumption
    utilisation: Assumption


@dataclass(frozen=True)
class WorkPackageInputs:
    """A part of a project priced as a unit. EngineError names the package and the field out of bounds."""

    slug: str
    name: str
    effort: HoursEffort | ItemsEffort
    staffing: Staffing | None

    def __post_init__(self) -> None:
        owner = f"Work package {self.name}"
        check_fields(owner, self.effort, self.effort.BOUNDS)
        if self.staffing is not None:
            check_fields(owner, self.staffing, self.staffing.BOUNDS)
        if isinstance(self.effort, ItemsEffort):
            _check_minutes(owner, self.effort)


def _check_minutes(owner: str, effort: ItemsEffort) -> None:
    per_output, outputs = effort.minutes_per_output, effort.outputs_per_judgement
    if per_output is not None and outputs is None:
        raise EngineError(
            f"{owner}: minutes per output need the number of outputs per judgement.",
            field="outputs_per_judgement",
        )
    if outputs is not None and per_output is None:
        raise EngineError(
            f"{owner}: outputs per judgement need the minutes per output.", field="minutes_per_output"
        )
    if effort.minutes_per_judgement.point == 0 and (outputs is None or per_output is None):
        raise EngineError(f"{owner}: minutes per judgement must be above 0.", field="minutes_per_judgement")


@dataclass(frozen=True)
class Hours:
    """What a work package asks for, in productive hours, people and counts.

    label, review, onboarding, total   hours
    seats, hires                       people; None without staffing
    months                             the seats' planned weeks, in months; None without staffing
    accepted_items, accepted_outputs, accepted_judgements  counts; None when the package has none
    minutes_per_judgement              active minutes; None when the package is given in hours
    """

    label: Num
    review: Num
    onboarding: Num
    total: Num
    seats: Num | None
    hires: Num | None
    months: Num | None
    accepted_items: Num | None
    accepted_outputs: Num | None
    accepted_judgements: Num | None
    minutes_per_judgement: Num | None


def hours_of(
    package: WorkPackageInputs, value: Value, labeling_multiplier: Assumption | None = None
) -> Hours:
    """Hours, people and counts of one work package.

    value                reads an assumption: point_of, or Draws.values
    labeling_multiplier  factor on label and review hours only; onboarding and headcount stay as planned
    Returns Num of the kind `value` gives.
    """
    effort = package.effort
    if isinstance(effort, HoursEffort):
        label: Num = value(effort.hours)
        review: Num = 0
        minutes = items = outputs = judgements = None
    else:
        minutes = minutes_per_judgement(effort, value)
        items = value(effort.accepted_items)
        outputs = None if effort.accepted_outputs is None else value(effort.accepted_outputs)
        judgements = items * value(effort.overlap)
        label, review = label_and_review_hours(effort, value, judgements=judgements, minutes=minutes)
    if labeling_multiplier is not None:
        factor = value(labeling_multiplier)
        label, review = label * factor, review * factor
    work = label + review
    staffing = package.staffing
    if staffing is None:
        hires = seats = months = None
        onboarding: Num = 0
        total = work
    else:
        seats = value(staffing.seats)
        hires = hires_of(staffing, value)
        onboarding = onboarding_hours(staffing, value, hires=hires)
        total = work + onboarding
        months = value(staffing.planned_weeks) * MONTHS_PER_YEAR / WEEKS_PER_YEAR
    return Hours(
        label=label,
        review=review,
        onboarding=onboarding,
        total=total,
        seats=seats,
        hires=hires,
        months=months,
        accepted_items=items,
        accepted_outputs=outputs,
        accepted_judgements=judgements,
        minutes_per_judgement=minutes,
    )


def minutes_per_judgement(effort: ItemsEffort, value: Value) -> Num:
    """Active minutes of one judgement: the fixed part and each output's own."""
    minutes = value(effort.minutes_per_judgement)
    if effort.outputs_per_judgement is not None and effort.minutes_per_output is not None:
        minutes = minutes + value(effort.outputs_per_judgement) * value(effort.minutes_per_output)
    return minutes


def label_and_review_hours(
    effort: ItemsEffort, value: Value, *, judgements: Num, minutes: Num
) -> tuple[Num, Num]:
    """Hours of labeling and of review for a number of accepted judgements.

      judgements  accepted judgements, items * overlap
      minutes     active minutes of one judgement
    A rejected judgement is redone in full until it passes, 1 / (1 - rework_rate) passes on average. Gold
    is `gold_share` of everything served on a first pass; it is neither reviewed nor redone:
      label   judgements / yield * (passes + gold / (1 - gold)) * minutes / 60
      review  judgements / yield * passes * review_share * review_time_share * minutes / 60
    Source: mean of a geometric variable; Ross, A First Course in Probability, 4.8.1.
    """
    gold = value(effort.gold_share)
    served_hours = judgements / value(effort.yield_share) * minutes / MINUTES_PER_HOUR
    production_hours = served_hours / (1 - value(effort.rework_rate))
    label = production_hours + served_hours * (gold / (1 - gold))
    review = production_hours * (value(effort.review_share) * value(effort.review_time_share))
    return label, review


def hires_of(staffing: Staffing, value: Value) -> Num:
    """People hired over the planned weeks, leavers replaced: seats * (1 + attrition * weeks)."""
    hires: Num = value(staffing.seats) * (
        1 + value(staffing.attrition_per_week) * value(staffing.planned_weeks)
    )
    return hires


def onboarding_hours(staffing: Staffing, value: Value, *, hires: Num) -> Num:
    """Paid hours that make the hires ready; every failed try at the qualification is paid too."""
    tests = value(staffing.qualification_hours) / value(staffing.qualification_pass_rate)
    hours: Num = hires * (value(staffing.onboarding_hours) + tests)
    return hours


def weeks_of(staffing: Staffing, value: Value, *, total: Num) -> Num:
    """Weeks the planned seats need for `total` productive hours, without ramp or lead time.

    total / (seats * hours_per_week * utilisation)
    """
    weeks: Num = total / (
        value(staffing.seats) * value(staffing.hours_per_week) * value(staffing.utilisation)
    )
    return weeks
