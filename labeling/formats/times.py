"""Times that a labeling tool recorded with its records: minutes of judgements, who made them, and their mean.

Label Studio writes `lead_time` (seconds) into each annotation, PRM800K `total_time` (milliseconds) into each
label. Both run from opening to sending, pauses included.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

SECONDS, MILLISECONDS = 60, 60_000
FENCE = 1.5


@dataclass(frozen=True)
class RecordedTime:
    """One judgement's minutes, > 0; `by` tells people apart and is kept nowhere, "" where it is not said."""

    minutes: float
    by: str = ""


@dataclass(frozen=True)
class Times:
    """What recorded times come to: minutes of one judgement.

    count        judgements with a time
    people       who made them; 0 where the records do not all say who
    mean         of the times, those above `idle_above` counted as that
    error        its standard error; between people where they are known
    independent  what the error is counted over: people, or judgements
    p10, median, p90  as recorded
    idle         times above `idle_above`, taken for pauses; 0 and None where none stands out
    as_recorded  the mean with these as they were recorded
    """

    count: int
    people: int
    mean: float
    error: float
    independent: int
    p10: float
    median: float
    p90: float
    idle: int
    idle_above: float | None
    as_recorded: float


def recorded_time(value: Any, *, per_minute: int, by: Any) -> tuple[RecordedTime, ...]:
    """The time of one judgement; nothing where none was recorded."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e12:
        return ()
    who = by.get("id") if isinstance(by, Mapping) else by
    return (RecordedTime(value / per_minute, "" if who is None else str(who)),)


def summed_up(times: Sequence[RecordedTime]) -> Times | None:
    """Mean, spread and error of recorded times; None of none.

    A time above exp(Q3 + 1.5 (Q3 - Q1)) of the logarithms, as 0.35 % of lognormal times are, is taken for a
    pause and counted as that limit: it took so long at least. Leaving it out would make the mean too low.
    Source of the limit: Tukey, Exploratory Data Analysis (1977), 2C, on logarithms.
    """
    if not times:
        return None
    ordered = sorted(one.minutes for one in times)
    logs = [math.log(one) for one in ordered]
    low, high = quantile(logs, 0.25), quantile(logs, 0.75)
    fence = math.exp(high + FENCE * (high - low)) if high > low else math.inf
    groups: dict[str, list[float]] = defaultdict(list)
    for one in times:
        groups[one.by].append(min(one.minutes, fence))
    known = "" not in groups
    grouped = list(groups.values()) if known else [[one] for group in groups.values() for one in group]
    mean, error, independent = mean_over(grouped)
    idle = sum(one > fence for one in ordered)
    return Times(
        count=len(ordered),
        people=len(groups) if known else 0,
        mean=mean,
        error=error,
        independent=independent,
        p10=quantile(ordered, 0.1),
        median=quantile(ordered, 0.5),
        p90=quantile(ordered, 0.9),
        idle=idle,
        idle_above=fence if idle else None,
        as_recorded=math.fsum(ordered) / len(ordered),
    )


def mean_over(groups: Sequence[Sequence[float]]) -> tuple[float, float, int]:
    """Mean, its standard error and what that is counted over, of values that come in groups (people).

    Of several people of whom some have several values: each person's mean weighs 1 / (t + s / n), with s the
    variance within people and t that between them, both from the analysis of variance; the error is that of
    people. Otherwise the plain mean, its error counted over values.
    Source: Searle, Casella and McCulloch, Variance Components (1992), 3.6; one-way, unbalanced.
    """
    values = [one for group in groups for one in group]
    number, people = len(values), len(groups)
    mean = math.fsum(values) / number
    if people < 2 or number == people:
        spread = math.fsum((one - mean) ** 2 for one in values)
        return mean, math.sqrt(spread / (number - 1) / number) if number > 1 else 0.0, number
    sizes = [len(group) for group in groups]
    means = [math.fsum(group) / len(group) for group in groups]
    within = math.fsum(
        (one - own) ** 2 for group, own in zip(groups, means, strict=True) for one in group
    ) / (number - people)
    between = math.fsum(size * (own - mean) ** 2 for size, own in zip(sizes, means, strict=True)) / (
        people - 1
    )
    size_in_between = (number - sum(size * size for size in sizes) / number) / (people - 1)
    apart = max(0.0, (between - within) / size_in_between)
    variances = [apart + within / size for size in sizes]
    if not all(variances):  # nobody's time ever differs
        return mean, 0.0, people
    weight = math.fsum(1 / one for one in variances)
    weighted = math.fsum(own / one for own, one in zip(means, variances, strict=True)) / weight
    return weighted, error_between(variances), people


def error_between(variances: Sequence[float]) -> float:
    """The standard error of a mean over people, from the variances > 0 of each one's own mean."""
    return 1 / math.sqrt(math.fsum(1 / one for one in variances))


def quantile(ordered: Sequence[float], share: float) -> float:
    """Linear between neighbours; `ordered` is not empty, `share` within [0, 1]."""
    place = share * (len(ordered) - 1)
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)
