"""What a sample of items comes to: items, words of their parts, responses and steps, as statistics.

Of a long file a seeded sample of its items is kept, and of every item the counts alone.
"""

import math
import random
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain

from labeling.formats.reading import LineProblem
from labeling.formats.schemas import Item
from labeling.formats.times import RecordedTime, Times, quantile, summed_up
from labeling.formats.words import CHINESE, JAPANESE, SPACED, count_words, is_technical, script_of

MOST_ITEMS = 50_000
SEED = 0
PROBLEMS_KEPT = 50
BARS = 20


@dataclass(frozen=True)
class Spread:
    """How one count is spread over the sample: `count` values, all >= 0.

    bars   how many values fall into each of equally wide parts from 0 to `top`; what lies above it, the
           longest hundredth, is in the last one
    """

    count: int
    mean: float
    median: float
    p5: float
    p95: float
    top: float
    bars: tuple[int, ...]


@dataclass(frozen=True)
class Mean:
    """A mean over the campaign as a sample knows it: a sum over the sum of what it is counted per.

    items     items the sample has of it
    value     the mean, >= 0
    error     its standard error, >= 0: of a ratio, because the parts of one item are alike
    """

    items: int
    value: float
    error: float


@dataclass(frozen=True)
class Counts:
    """What was counted. The spreads are over single prompts, responses, items and steps.

    items       good items in the file
    sampled     those that were counted, all or a seeded sample
    bad_lines   lines that could not be read; `problems` are the first of them
    technical   share of items with code or formulas
    script      how most of the texts are written: spaced, chinese or japanese
    mean_rated_steps  steps up to and with the first that was found wrong, where they were rated
    times       of judgements, where a tool recorded them
    """

    items: int
    sampled: int
    bad_lines: int
    problems: tuple[LineProblem, ...]
    technical: float
    script: str
    prompt_words: Spread | None
    response_words: Spread | None
    responses: Spread | None
    steps: Spread | None
    step_words: Spread | None
    mean_prompt_words: Mean | None
    mean_response_words: Mean | None
    mean_responses: Mean | None
    mean_steps: Mean | None
    mean_step_words: Mean | None
    mean_rated_steps: Mean | None
    times: Times | None = None


@dataclass(frozen=True)
class _Counted:
    """One item as it is kept: numbers alone."""

    prompt: float
    responses: "array[float]"
    steps: "array[float]"
    rated_steps: int
    technical: bool
    script: str
    times: tuple[RecordedTime, ...]


def _counted(item: Item) -> _Counted:
    text = "\n".join(chain([item.prompt], item.responses, item.steps))
    return _Counted(
        prompt=count_words(item.prompt),
        responses=array("d", map(count_words, item.responses)),
        steps=array("d", map(count_words, item.steps)),
        rated_steps=(item.error_at or len(item.steps)) if item.is_rated else 0,
        technical=is_technical(text),
        script=script_of(text),
        times=item.times,
    )


def count_items(items: Iterable[Item | LineProblem], *, most: int = MOST_ITEMS, seed: int = SEED) -> Counts:
    """Count a file's items. Above `most` of them a sample of so many, drawn evenly by `seed`, is counted."""
    kept: list[_Counted] = []
    problems: list[LineProblem] = []
    total = bad = 0
    draw = random.Random(seed)
    for one in items:
        if isinstance(one, LineProblem):
            bad += 1
            if len(problems) < PROBLEMS_KEPT:
                problems.append(one)
            continue
        total += 1
        if len(kept) < most:
            kept.append(_counted(one))
        elif (place := draw.randrange(total)) < most:  # Vitter's algorithm R
            kept[place] = _counted(one)
    return _summed_up(kept, total=total, bad=bad, problems=problems)


def _summed_up(kept: list[_Counted], *, total: int, bad: int, problems: list[LineProblem]) -> Counts:
    answered = [one for one in kept if len(one.responses)]
    stepped = [one for one in kept if len(one.steps)]
    asked = [one for one in kept if one.prompt]
    rated = [one for one in kept if one.rated_steps]
    return Counts(
        items=total,
        sampled=len(kept),
        bad_lines=bad,
        problems=tuple(problems),
        technical=sum(one.technical for one in kept) / len(kept) if kept else 0.0,
        script=max((SPACED, CHINESE, JAPANESE), key=[one.script for one in kept].count),
        prompt_words=spread_of([one.prompt for one in kept]) if asked else None,
        response_words=spread_of(list(chain.from_iterable(one.responses for one in answered))),
        responses=spread_of([len(one.responses) for one in answered]),
        steps=spread_of([len(one.steps) for one in stepped]),
        step_words=spread_of(list(chain.from_iterable(one.steps for one in stepped))),
        mean_prompt_words=_mean(kept, lambda one: one.prompt, lambda one: 1) if asked else None,
        mean_response_words=_mean(answered, lambda one: sum(one.responses), lambda one: len(one.responses)),
        mean_responses=_mean(answered, lambda one: len(one.responses), lambda one: 1),
        mean_steps=_mean(stepped, lambda one: len(one.steps), lambda one: 1),
        mean_step_words=_mean(stepped, lambda one: sum(one.steps), lambda one: len(one.steps)),
        mean_rated_steps=_mean(rated, lambda one: one.rated_steps, lambda one: 1),
        times=summed_up([time for one in kept for time in one.times]),
    )


Count = Callable[[_Counted], float]


def _mean(items: Sequence[_Counted], counted: Count, per: Count) -> Mean | None:
    """Sum over sum with the standard error of a ratio: sqrt(sum (x - m k)^2 / (n - 1) / n) / mean k.

    Source: Cochran, Sampling Techniques (1977), 6.3. For k = 1 it is the error of a plain mean.
    """
    if not items:
        return None
    pairs = [(counted(one), per(one)) for one in items]
    number, below = len(pairs), math.fsum(k for _, k in pairs)
    value = math.fsum(x for x, _ in pairs) / below
    if number < 2:
        return Mean(number, value, 0.0)
    squares = math.fsum((x - value * k) ** 2 for x, k in pairs)
    return Mean(number, value, math.sqrt(squares / (number - 1) / number) / (below / number))


def spread_of(values: Sequence[float]) -> Spread | None:
    """Mean, quantiles (linear between neighbours) and histogram; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    top = max(quantile(ordered, 0.99), 1.0)
    bars = [0] * BARS
    for value in ordered:
        bars[min(int(value / top * BARS), BARS - 1)] += 1
    return Spread(
        count=len(ordered),
        mean=math.fsum(ordered) / len(ordered),
        median=quantile(ordered, 0.5),
        p5=quantile(ordered, 0.05),
        p95=quantile(ordered, 0.95),
        top=top,
        bars=tuple(bars),
    )
