"""Minutes that a labeling tool recorded, held against those built from words, and proposed in their place."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from estimates.engine.laws import LogNormalRange
from estimates.engine.sampled import BuiltMinutes, digits, mean_of_campaign
from estimates.services.effort import Asked, Effort, Proposal, said
from estimates.services.samples import FEWEST_ITEMS, Sample
from labeling.formats.times import Times
from labeling.models import Evidence, Law

NAME = "minutes_per_judgement"


@dataclass(frozen=True)
class Recorded:
    """Recorded times, what they say beside the minutes that are built, and the input they would be.

    proposal   minutes per judgement, in place of all that builds them; None of too few times
    disagrees  whether neither figure lies within the other's range
    words      what is to be known of them, in sentences
    """

    times: Times
    proposal: Proposal | None
    disagrees: bool
    words: tuple[str, ...]


def recorded_minutes(sample: Sample, asked: Asked, effort: Effort) -> Recorded | None:
    """What the sample's recorded times come to; None where it has none."""
    times = sample.counts.times
    if times is None:
        return None
    if times.count < FEWEST_ITEMS:
        words = f"Only {times.count:,} of them: {FEWEST_ITEMS} are needed to say anything about a mean."
        return Recorded(times, None, disagrees=False, words=(words,))
    proposal = proposed(times, sample, asked)
    disagrees, sentence = compared(proposal, effort.minutes)
    return Recorded(times, proposal, disagrees, (sentence, *cautions(times)))


def proposed(times: Times, sample: Sample, asked: Asked) -> Proposal:
    """The range of the campaign's mean, from the error between people where they are known."""
    widening = float(asked.widening)
    law = mean_of_campaign(mean=times.mean, error=times.error, items=times.independent, widening=widening)
    of = f" of {people_words(times)}" if times.people else ""
    source = (
        f"{times.count:,} recorded times in the sample{of}: {sample.name} (SHA-256 {sample.digest}…), "
        f"P10 {said(times.p10)}, median {said(times.median)}, P90 {said(times.p90)} minutes"
    )
    if times.idle_above is not None:
        source += f"; {times.idle:,} above {said(times.idle_above)} counted as that"
    point = digits(times.mean)
    if not isinstance(law, LogNormalRange):
        return Proposal(NAME, Law.NUMBER, point, source, Evidence.READ, is_counted=True)
    source += f". Range of the campaign's mean, widened by a factor of {said(widening)}"
    return Proposal(NAME, Law.RANGE, point, source, Evidence.READ, True, law.low, law.high)


def compared(recorded: Proposal, built: BuiltMinutes | None) -> tuple[bool, str]:
    """Whether recorded and built minutes disagree, and a sentence about it."""
    if built is None:
        return False, "There is nothing to hold them against: the minutes built from words are not complete."
    mean = float(recorded.point)
    low, high = (float(end if end is not None else recorded.point) for end in (recorded.low, recorded.high))
    factor = mean / built.point
    how = f"{said(max(factor, 1 / factor))} times as {'long' if factor >= 1 else 'fast'} as"
    if digits(factor) == Decimal(1):
        how = "as long as"
    sentence = (
        f"A judgement took {said(mean)} minutes on average, {how} the {said(built.point)} built from words"
    )
    within = built.low <= mean <= built.high, low <= built.point <= high
    if not any(within):
        return True, (
            f"{sentence}: they disagree, neither lies within the other's range. What is built is for "
            "generalists of our default times; look at who recorded these, and at which work, before you "
            "choose."
        )
    if all(within):
        return False, f"{sentence}: they agree within their ranges."
    return False, f"{sentence}: they differ, and only one of the two ranges holds the other's figure."


def cautions(times: Times) -> Sequence[str]:
    """What else a planner has to know of them."""
    found = []
    if times.people == 1:
        found.append(
            "All are one person's: how far others are faster or slower is not in the range. Widen it by the "
            "factor above."
        )
    elif times.people:
        found.append(
            f"They are the work of {people_words(times)}: the range counts what differs between people, so "
            "that many labels of few people do not make it narrow."
        )
    else:
        found.append(
            "The records do not all say who made them: the range takes each for a draw of its own, and is "
            "too narrow where few people made many."
        )
    if times.idle_above is not None:
        one = times.idle == 1
        found.append(
            f"{times.idle:,} {'stands' if one else 'stand'} out as longer than {said(times.idle_above)} "
            f"minutes and {'is' if one else 'are'} counted as that, because a pause is likely in "
            f"{'it' if one else 'them'}: as recorded, the mean is {said(times.as_recorded)}."
        )
    return found


def people_words(times: Times) -> str:
    return "1 person" if times.people == 1 else f"{times.people:,} people"
