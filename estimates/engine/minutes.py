"""How many active minutes a judgement takes: stated, or built from words for each type of task."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from estimates.engine.assumptions import Assumption, Value, point_of, spoken, together
from estimates.engine.errors import EngineError
from estimates.engine.items import ItemsEffort
from estimates.engine.num import Num, binary_logarithm, share_after
from wording import listed


@dataclass(frozen=True)
class TaskInputs:
    """What the minutes of one type of task are built from.

    words   the task as a sentence names it
    needs   inputs without which they cannot be built; `steps` may stand for outputs_per_judgement
    may     inputs that may come beside
    """

    words: str
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()


TASK_INPUTS: Mapping[str, TaskInputs] = {
    "demonstration": TaskInputs(
        "a demonstration",
        ("prompt_words", "response_words", "reading_speed", "writing_speed", "decision_minutes"),
    ),
    "pairwise": TaskInputs(
        "a pairwise comparison", ("prompt_words", "response_words", "reading_speed", "decision_minutes")
    ),
    "ranking": TaskInputs(
        "a ranking",
        ("prompt_words", "response_words", "responses", "reading_speed", "minutes_per_comparison"),
    ),
    "step-labels": TaskInputs(
        "step labels",
        ("prompt_words", "reading_speed", "outputs_per_judgement", "minutes_per_output"),
        may=("steps", "step_error_rate"),
    ),
    "likert": TaskInputs(
        "Likert scales",
        ("prompt_words", "response_words", "reading_speed", "outputs_per_judgement", "minutes_per_output"),
    ),
    "rubric": TaskInputs(
        "a rubric",
        ("prompt_words", "response_words", "reading_speed", "outputs_per_judgement", "minutes_per_output"),
        may=("authoring_minutes", "judgements_per_rubric"),
    ),
}
"""The inputs each task type builds its minutes from, by the type's name."""

STATED_TOO = {"outputs_per_judgement", "minutes_per_output", "steps", "step_error_rate"}
BUILDING = tuple(
    dict.fromkeys(
        name for task in TASK_INPUTS.values() for name in (*task.needs, *task.may) if name not in STATED_TOO
    )
)
"""The inputs that only minutes built from words have."""


def check_minutes(owner: str, effort: ItemsEffort, task_type: str) -> None:
    """Refuse minutes that are stated and built at once, or neither, or that come to nothing."""
    if effort.minutes_per_judgement is not None:
        _check_stated(owner, effort)
    else:
        _check_built(owner, effort, task_type)
    if minutes_per_judgement(effort, task_type, point_of) == 0:
        raise EngineError(f"{owner}: minutes per judgement must be above 0.", field="minutes_per_judgement")


def _check_stated(owner: str, effort: ItemsEffort) -> None:
    for name in BUILDING:
        if getattr(effort, name) is not None:
            raise EngineError(
                f"{owner}: give the minutes per judgement or the {spoken(name)} that they are built from, "
                "not both.",
                field=name,
            )
    if effort.minutes_per_output is not None and not effort.counts_outputs:
        raise EngineError(
            f"{owner}: minutes per output need the number of outputs per judgement.",
            field="outputs_per_judgement",
        )
    if effort.counts_outputs and effort.minutes_per_output is None:
        raise EngineError(
            f"{owner}: outputs per judgement need the minutes per output.", field="minutes_per_output"
        )


def _check_built(owner: str, effort: ItemsEffort, task_type: str) -> None:
    given = [name for name in (*BUILDING, *STATED_TOO) if getattr(effort, name) is not None]
    if not any(name in BUILDING for name in given):
        raise EngineError(
            f"{owner}: the minutes per judgement are missing, and so are the words to build them from.",
            field="minutes_per_judgement",
        )
    if task_type not in TASK_INPUTS:
        raise EngineError(
            f"{owner}: minutes can be built from words for {listed(TASK_INPUTS)}, "
            f'not for "{task_type}". State the minutes per judgement.',
            field="minutes_per_judgement",
        )
    task = TASK_INPUTS[task_type]
    for name in task.needs:
        stands_in = name == "outputs_per_judgement" and "steps" in task.may and effort.steps is not None
        if name not in given and not stands_in:
            raise EngineError(
                f"{owner}: to build the minutes of {task.words} from words, {spoken(name)} is needed.",
                field=name,
            )
    for name in given:
        if name not in (*task.needs, *task.may):
            raise EngineError(f"{owner}: {spoken(name)} is no input of {task.words}.", field=name)
    together(owner, effort, "authoring_minutes", "judgements_per_rubric")


def minutes_per_judgement(effort: ItemsEffort, task_type: str, value: Value) -> Num:
    """Active minutes of one judgement, as stated, or built from words for the task type.

    With p words of the prompt, a of a response, reading speed R, and the minutes of an output t:
      stated         fixed part + outputs * t
      demonstration  p / R + a / writing speed + decision
      pairwise       (p + 2 a) / R + decision
      ranking        (p + K a) / R + minutes per comparison * c(K), c(K) = K log2 K - K + 1
      step-labels    p / R + outputs * t
      likert         (p + a) / R + outputs * t
      rubric         (p + a) / R + outputs * t + authoring minutes / judgements that share the rubric
    c(K) is what merging takes to put K answers in order, at worst. Source: Knuth, The Art of Computer
    Programming 3, 5.2.4.
    """

    def get(name: str) -> Num:
        return value(cast(Assumption, getattr(effort, name)))

    if effort.minutes_per_judgement is not None:
        return _with_outputs(get("minutes_per_judgement"), effort, value)
    words: Num = get("prompt_words")
    match task_type:
        case "demonstration":
            writing = get("response_words") / get("writing_speed")
            return cast(Num, words / get("reading_speed") + writing + get("decision_minutes"))
        case "pairwise":
            words = words + 2 * get("response_words")
            return cast(Num, words / get("reading_speed") + get("decision_minutes"))
        case "ranking":
            responses = get("responses")
            words = words + responses * get("response_words")
            comparing = get("minutes_per_comparison") * comparisons(responses)
            return cast(Num, words / get("reading_speed") + comparing)
        case "step-labels":
            return _with_outputs(words / get("reading_speed"), effort, value)
    words = words + get("response_words")
    minutes = _with_outputs(words / get("reading_speed"), effort, value)
    if effort.authoring_minutes is None:
        return minutes
    return cast(Num, minutes + get("authoring_minutes") / get("judgements_per_rubric"))


def _with_outputs(minutes: Num, effort: ItemsEffort, value: Value) -> Num:
    if effort.minutes_per_output is None:
        return minutes
    return cast(Num, minutes + outputs_per_judgement(effort, value) * value(effort.minutes_per_output))


def outputs_per_judgement(effort: ItemsEffort, value: Value) -> Num:
    """Outputs in one judgement: stated, or the steps labelled until the first error.

    With n steps and a chance e that a step is the first error, (1 - (1 - e)**n) / e of them are labelled.
    """
    if effort.outputs_per_judgement is not None:
        return value(effort.outputs_per_judgement)
    steps = value(cast(Assumption, effort.steps))
    if effort.step_error_rate is None:
        return steps
    error = value(effort.step_error_rate)
    return cast(Num, share_after(error, steps) / error)


def comparisons(responses: Num) -> Num:
    """Comparisons in the mind that put K responses in order: K log2 K - K + 1."""
    return cast(Num, responses * binary_logarithm(responses) - responses + 1)


def pairs(responses: Num) -> Num:
    """Pairs that K responses in order give: K (K - 1) / 2."""
    return cast(Num, responses * (responses - 1) / 2)
