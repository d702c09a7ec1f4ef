"""Proposals for the effort of a work package, from a counted sample and from published speeds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from estimates.engine.assumptions import Assumption
from estimates.engine.laws import LogNormalRange, Number, law_from
from estimates.engine.minutes import BUILDING, STATED_TOO, TASK_INPUTS
from estimates.engine.sampled import BuiltMinutes, built_minutes, digits, mean_of_campaign
from estimates.services.samples import FEWEST_ITEMS, Sample
from labeling.formats.counting import Mean, Spread
from labeling.formats.words import SPACED
from labeling.models import Evidence, Law, Project, SpreadOf, WorkPackage
from labeling.models.package_inputs import PACKAGE_INPUTS
from labeling.published_effort import published
from labeling.services.assumptions import ENTERED
from labeling.services.plans import save_package
from labeling.task_types import TaskType

DEFAULT_WIDENING = Decimal("1.25")
AUTO = "auto"
PROSE, TECHNICAL = "prose", "technical"
# Stated minutes and those built from words exclude one another, and so do these.
REPLACED_BY = {
    "outputs_per_judgement": ("steps", "step_error_rate"),
    "steps": ("outputs_per_judgement",),
}


@dataclass(frozen=True)
class Proposal:
    """One input as it is proposed: its law and where it comes from.

    is_counted  whether it was counted in the sample; else it is a published figure or a default, to be
                looked at by the planner
    """

    name: str
    law: Law
    point: Decimal
    source: str
    evidence: Evidence
    is_counted: bool
    low: Decimal | None = None
    high: Decimal | None = None
    source_url: str = ""

    @property
    def label(self) -> str:
        return PACKAGE_INPUTS[self.name].label

    @property
    def unit(self) -> str:
        return PACKAGE_INPUTS[self.name].unit

    @property
    def spread_of(self) -> str:
        """What is proposed of a time of labels is how sure the campaign's average is."""
        asks = PACKAGE_INPUTS[self.name].asks_spread_of(self.law)
        return SpreadOf.CAMPAIGN_MEAN.value if asks else ""

    @property
    def row(self) -> dict[str, Any]:
        """As the plan's services take it."""
        return {
            "name": self.name, "law": self.law, "low": self.low, "high": self.high, "point": self.point,
            "spread_of": self.spread_of,
            "source": self.source, "source_url": self.source_url, "evidence": self.evidence,
        }  # fmt: skip

    @property
    def assumption(self) -> Assumption:
        """As the engine takes it."""
        law = law_from(self.law, low=self.low, high=self.high, point=self.point)
        return Assumption(self.name, law, self.point)


@dataclass(frozen=True)
class Missing:
    """An input that the minutes need and that nothing is proposed for."""

    name: str
    reason: str

    @property
    def label(self) -> str:
        return PACKAGE_INPUTS[self.name].label


@dataclass(frozen=True)
class Effort:
    """What a sample leads to: proposals, what is left to enter, remarks, and the minutes if complete."""

    proposals: tuple[Proposal, ...]
    missing: tuple[Missing, ...]
    remarks: tuple[str, ...]
    minutes: BuiltMinutes | None

    def named(self, name: str) -> Proposal | None:
        return next((one for one in self.proposals if one.name == name), None)


@dataclass(frozen=True)
class Asked:
    """What the proposals are for.

    widening  factor by which the campaign's means may differ from the sample's, 1 to 10
    text      "auto", or how fast the text is read: a key of the published reading speeds
    settings  of the task, as far as they are known
    """

    task_type: str
    widening: Decimal = DEFAULT_WIDENING
    text: str = AUTO
    settings: Mapping[str, Any] | None = None


def text_kind(sample: Sample, asked: Asked) -> str:
    """Which of the published reading speeds goes with the sample."""
    if asked.text != AUTO:
        return asked.text
    if sample.counts.script != SPACED:
        return sample.counts.script
    return TECHNICAL if sample.counts.technical >= 0.5 else PROSE


def propose(sample: Sample, asked: Asked) -> Effort:
    """All that can be proposed for a task type; EngineError where `widening` is out of range."""
    made = _Proposing(sample, asked)
    task = TASK_INPUTS[asked.task_type]
    proposals: list[Proposal] = []
    missing: list[Missing] = []
    for name in task.needs:
        one = made.of(name)
        if isinstance(one, Missing):
            missing.append(one)
        else:
            proposals.extend(one)
    minutes = (
        None if missing else built_minutes(asked.task_type, {one.name: one.assumption for one in proposals})
    )
    return Effort(tuple(proposals), tuple(missing), tuple(made.remarks()), minutes)


class _Proposing:
    """How each input of the minutes is proposed."""

    def __init__(self, sample: Sample, asked: Asked) -> None:
        self.sample = sample
        self.counts = sample.counts
        self.asked = asked
        self.settings = asked.settings or {}
        self.kind = text_kind(sample, asked)

    def of(self, name: str) -> Sequence[Proposal] | Missing:
        match name:
            case "prompt_words":
                return self.prompt_words()
            case "response_words":
                return self.response_words()
            case "responses":
                return self.responses()
            case "outputs_per_judgement":
                return self.outputs()
            case "reading_speed":
                return [self.from_published(name, published()[name][self.kind])]
            case "writing_speed":
                return [self.from_published(name, published()[name])]
            case "minutes_per_output" if self.asked.task_type == TaskType.STEP_LABELS:
                return self.minutes_per_step()
        return [self.default(name)]

    # --- Counted in the sample ----------------------------------------------------------------------

    def prompt_words(self) -> Sequence[Proposal] | Missing:
        counts = self.counts
        if counts.mean_prompt_words is None or counts.prompt_words is None:
            source = f"No prompt in {self.place}: nothing is read before the responses"
            return [Proposal("prompt_words", Law.NUMBER, Decimal(0), source, Evidence.READ, is_counted=True)]
        return self.counted("prompt_words", counts.mean_prompt_words, counts.prompt_words, "prompts", "words")

    def response_words(self) -> Sequence[Proposal] | Missing:
        counts = self.counts
        if counts.mean_response_words is not None and counts.response_words is not None:
            return self.counted(
                "response_words", counts.mean_response_words, counts.response_words, "responses", "words"
            )
        wanted = self.settings.get("response_words")
        if wanted:
            source = "The words to write, from the settings of the task"
            point = Decimal(wanted)
            return [
                Proposal("response_words", Law.NUMBER, point, source, Evidence.ASSUMPTION, is_counted=False)
            ]
        return Missing("response_words", "The sample has no responses. Enter how long they will be.")

    def responses(self) -> Sequence[Proposal] | Missing:
        spread = self.counts.responses
        if spread is None or spread.mean < 2:
            return Missing("responses", "The sample has fewer than two responses to an item.")
        source = (
            f"Responses to an item, mean of {spread.count:,} items of {self.place}: {said(spread.mean)}, "
            f"P5 {said(spread.p5)} to P95 {said(spread.p95)}; a number of the design, so without a range"
        )
        return [
            Proposal("responses", Law.NUMBER, digits(spread.mean), source, Evidence.READ, is_counted=True)
        ]

    def outputs(self) -> Sequence[Proposal] | Missing:
        counts = self.counts
        name = "outputs_per_judgement"
        if self.asked.task_type != TaskType.STEP_LABELS:
            listed_in = {TaskType.LIKERT.value: "dimensions", TaskType.RUBRIC.value: "criteria"}
            what = listed_in[self.asked.task_type]
            number = len(self.settings.get(what) or ())
            if not number:
                return Missing(name, f"Enter the number of {what}: the settings of the task say it.")
            source = f"The number of {what} in the settings of the task"
            return [Proposal(name, Law.NUMBER, Decimal(number), source, Evidence.READ, is_counted=False)]
        if counts.mean_steps is None or counts.steps is None:
            return Missing(name, "The sample has no steps. Enter how many a solution has.")
        if self.settings.get("stop_at_first_error") and counts.mean_rated_steps is not None:
            mean = counts.mean_rated_steps
            if mean.items >= FEWEST_ITEMS:
                return self.counted(
                    name, mean, counts.steps, "rated solutions, up to the first error", "steps"
                )
        if self.settings.get("stop_at_first_error"):
            return self.counted("steps", counts.mean_steps, counts.steps, "solutions", "steps")
        return self.counted(name, counts.mean_steps, counts.steps, "solutions", "steps")

    @property
    def place(self) -> str:
        return f"{self.sample.name} (SHA-256 {self.sample.digest}…)"

    def counted(
        self, name: str, mean: Mean, spread: Spread, of: str, unit: str
    ) -> Sequence[Proposal] | Missing:
        if mean.items < FEWEST_ITEMS:
            return Missing(
                name, f"Only {mean.items} items of the sample have any; {FEWEST_ITEMS} are needed."
            )
        if mean.value == 0:
            return [
                Proposal(
                    name, Law.NUMBER, Decimal(0), f"None in {self.place}", Evidence.READ, is_counted=True
                )
            ]
        law = mean_of_campaign(
            mean=mean.value, error=mean.error, items=mean.items, widening=float(self.asked.widening)
        )
        counts = self.counts
        part = f", seeded sample of {counts.items:,}" if counts.sampled < counts.items else ""
        source = (
            f"{spread.count:,} {of} of {self.place}{part}: mean {said(mean.value)}, median "
            f"{said(spread.median)}, P5 {said(spread.p5)} to P95 {said(spread.p95)} {unit}"
        )
        made = Proposal(name, Law.NUMBER, digits(mean.value), source, Evidence.READ, is_counted=True)
        if isinstance(law, Number):
            return [made]
        if not isinstance(law, LogNormalRange):
            raise TypeError(f"no law of a mean: {law}")
        factor = said(float(self.asked.widening))
        told = f"{source}. Range of the campaign's mean, widened by a factor of {factor}"
        return [replace(made, law=Law.RANGE, low=law.low, high=law.high, source=told)]

    # --- Published, or a default --------------------------------------------------------------------

    def from_published(self, name: str, figure: Mapping[str, str]) -> Proposal:
        return Proposal(
            name=name,
            law=Law.RANGE,
            low=Decimal(figure["low"]),
            high=Decimal(figure["high"]),
            point=Decimal(figure["point"]),
            source=figure["source"],
            source_url=figure["source_url"],
            evidence=Evidence(figure["evidence"]),
            is_counted=False,
        )

    def default(self, name: str) -> Proposal:
        figure = published()[name][self.asked.task_type]
        low, high = Decimal(figure["low"]), Decimal(figure["high"])
        return Proposal(
            name=name,
            law=Law.RANGE,
            low=low,
            high=high,
            point=digits(float((low * high).sqrt())),
            source=published()["assumption"].format(words=figure["words"]),
            evidence=Evidence.ASSUMPTION,
            is_counted=False,
        )

    def minutes_per_step(self) -> Sequence[Proposal] | Missing:
        """A step is read and then judged; the slow ends of both make the high end."""
        judging = self.default("minutes_per_output")
        mean = self.counts.mean_step_words
        if mean is None or judging.low is None or judging.high is None:
            return [judging]
        speed = self.from_published("reading_speed", published()["reading_speed"][self.kind])
        if speed.low is None or speed.high is None:
            raise TypeError("a published speed is a range")
        words = Decimal(repr(mean.value))
        source = (
            f"Reading {said(mean.value)} words, the mean of a step of {self.place}, at {speed.low} to "
            f"{speed.high} words a minute, and {judging.low} to {judging.high} minutes "
            f"{published()['minutes_per_output'][TaskType.STEP_LABELS]['words']} (an assumption "
            "without a published source, to be replaced by a pilot)"
        )
        return [
            replace(
                judging,
                low=digits(float(words / speed.high + judging.low)),
                high=digits(float(words / speed.low + judging.high)),
                point=digits(float(words / speed.point + judging.point)),
                source=source,
            )
        ]

    # --- What somebody should know ------------------------------------------------------------------

    def remarks(self) -> Iterable[str]:
        counts, task = self.counts, self.asked.task_type
        responses = counts.responses.mean if counts.responses is not None else 0.0
        if task == TaskType.PAIRWISE and counts.responses is not None and abs(responses - 2) > 0.05:
            yield (
                "A pairwise comparison shows two responses; the items of the sample have "
                f"{said(responses)} on average."
            )
        if task in {TaskType.LIKERT, TaskType.RUBRIC} and responses > 1.05:
            yield f"One response is judged at a time; the items of the sample have {said(responses)} each."
        stops = task == TaskType.STEP_LABELS and self.settings.get("stop_at_first_error")
        if stops and counts.mean_rated_steps is None:
            yield (
                "Labeling stops at the first error, and the sample does not say where errors are: enter the "
                "chance that a step is the first error, or all steps are planned."
            )
        if counts.bad_lines:
            one = counts.bad_lines == 1
            what = "line could not be read and is" if one else "lines could not be read and are"
            yield f"{counts.bad_lines:,} {what} not counted."
        if counts.items < 30:
            yield f"{counts.items} items are few: the ranges are wide for that reason alone."
        if self.kind == TECHNICAL and self.asked.text == AUTO:
            share = f"{counts.technical:.0%}"
            yield f"{share} of the items hold code or formulas, which are read more slowly than prose."


def said(value: float) -> str:
    """A number as a sentence says it: three significant digits, whole from a hundred on."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{Decimal(f'{value:.3g}'):f}"


# --- Taking over -----------------------------------------------------------------------------------


def replaced(names: Iterable[str], stored: Iterable[str]) -> list[str]:
    """Which of the stored inputs contradict those that are taken over, and go when they come."""
    taken, there = set(names), list(stored)
    out: set[str] = set()
    if taken & set(BUILDING):
        out.add("minutes_per_judgement")
    if "minutes_per_judgement" in taken:  # all of them: nothing is added for words or outputs
        out.update((*BUILDING, *STATED_TOO))
    for name in taken:
        out.update(REPLACED_BY.get(name, ()))
    return [name for name in there if name in out - taken]


def take_over(
    *,
    project: Project,
    package: WorkPackage,
    expected_version: int | None,
    proposals: Iterable[Proposal],
) -> WorkPackage:
    """Store proposals among the package's assumptions; what they contradict is removed, all else stays.

    EditConflict when somebody else has changed the package since; ValidationError names the input.
    """
    chosen = {one.name: one for one in proposals}
    gone = set(replaced(chosen, [row.name for row in package.assumptions.all()]))
    rows = [
        {"name": row.name, **{field: getattr(row, field) for field in ENTERED}}
        for row in package.assumptions.all()
        if row.name not in chosen and row.name not in gone
    ]
    return save_package(
        project=project,
        package=package,
        expected_version=expected_version,
        fields={"effort_kind": package.effort_kind},
        assumptions=[*rows, *(one.row for one in chosen.values())],
    )
