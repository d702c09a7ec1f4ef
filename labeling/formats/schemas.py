"""The formats items come in: which one a record is of, and the record as an item.

Field names are those of Label Studio's tasks, TRL's datasets, HH-RLHF, PRM800K and OpenAI's comparisons.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from labeling.formats.times import MILLISECONDS, SECONDS, RecordedTime, recorded_time

MOST_PARTS = 2_000
Values = Mapping[str, Any]


@dataclass(frozen=True)
class Item:
    """One thing to judge.

    line       where it stands in its file, from 1
    prompt     what is asked, a conversation's turns one after another; "" where there is none
    responses  the answers that are compared or judged
    steps      of a solution, in order
    error_at   the first step that was found wrong, from 1; 0 where none was
    is_rated   whether its steps have been rated, so that `error_at` says something
    times      of the judgements that were made of it, where a tool recorded them
    """

    line: int
    prompt: str = ""
    responses: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    error_at: int = 0
    is_rated: bool = False
    times: tuple[RecordedTime, ...] = ()


class NotThisFormat(ValueError):
    """A record lacks what its format has; the sentence goes on after "line 12": "has no “chosen”"."""


@dataclass(frozen=True)
class Format:
    """A known format: how it is recognised, and how a record of it is read.

    fits   whether a record is of it
    read   the item of a record on a line; NotThisFormat says what is missing
    """

    name: str
    words: str
    fits: Callable[[Values], bool]
    read: Callable[[Values, int], Item]


# --- Parts of records ------------------------------------------------------------------------------


def text_of(value: Any, name: str) -> str:
    """A text, or the turns of a conversation as one text."""
    if isinstance(value, str):
        return value
    if is_conversation(value):
        return "\n\n".join(said(turn) for turn in value)
    raise NotThisFormat(f"has no text in “{name}”")


def is_conversation(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(turn, dict) and "role" in turn and "content" in turn for turn in value)
    )


def said(turn: Values) -> str:
    """What a turn says; of parts of several kinds the texts."""
    content = turn["content"]
    if isinstance(content, str):
        return content
    if content is None:
        return ""
    if isinstance(content, list):
        return "\n".join(
            part["text"] for part in content if isinstance(part, dict) and isinstance(part.get("text"), str)
        )
    raise NotThisFormat("has a turn without text in its “content”")


TEXT_NAMES = ("text", "content", "body", "response", "completion", "answer", "output", "html")


def texts_of(value: Any, name: str) -> tuple[str, ...]:
    """A list of texts, or of objects that hold one."""
    if not isinstance(value, list):
        raise NotThisFormat(f"has no list in “{name}”")
    if len(value) > MOST_PARTS:
        raise NotThisFormat(f"has more than {MOST_PARTS:,} entries in “{name}”")
    return tuple(one_text(one, name) for one in value)


def one_text(value: Any, name: str) -> str:
    if isinstance(value, dict):
        for inner in TEXT_NAMES:
            if isinstance(value.get(inner), str):
                return str(value[inner])
    return text_of(value, name)


def has(values: Values, *names: str) -> bool:
    return all(name in values for name in names)


def is_text(value: Any) -> bool:
    return isinstance(value, str) or is_conversation(value)


def first_of(values: Values, names: Sequence[str], holds: Callable[[Any], bool]) -> str:
    """The first of `names` whose value is of the right kind, or ""."""
    return next((name for name in names if name in values and holds(values[name])), "")


# --- PRM800K ---------------------------------------------------------------------------------------


def read_prm800k(values: Values, line: int) -> Item:
    """Steps are the text that was chosen, or else the first candidate; a step with several counts once."""
    question, label = values["question"], values["label"]
    steps: list[str] = []
    error_at, is_rated = 0, False
    for number, step in enumerate(list_in(label, "steps"), start=1):
        if not isinstance(step, dict):
            raise NotThisFormat("has a step that is no object")
        candidates = [one for one in step.get("completions") or () if isinstance(one, dict)]
        chosen = step.get("chosen_completion")
        human = step.get("human_completion")
        of_it = candidates[0] if candidates else human
        if isinstance(chosen, int) and 0 <= chosen < len(candidates):
            of_it = candidates[chosen]
        if not isinstance(of_it, dict) or not isinstance(of_it.get("text"), str):
            raise NotThisFormat("has a step without text")
        steps.append(of_it["text"])
        rating = of_it.get("rating")
        is_rated = is_rated or rating is not None
        if rating == -1 and not error_at:
            error_at = number
    if not steps:
        raise NotThisFormat("has no steps")
    return Item(
        line,
        text_of(question.get("problem"), "question.problem"),
        (),
        tuple(steps),
        error_at,
        is_rated,
        recorded_time(label.get("total_time"), per_minute=MILLISECONDS, by=values.get("labeler")),
    )


def list_in(values: Any, name: str) -> list[Any]:
    inner = values.get(name)
    if not isinstance(inner, list):
        raise NotThisFormat(f"has no list in “{name}”")
    if len(inner) > MOST_PARTS:
        raise NotThisFormat(f"has more than {MOST_PARTS:,} entries in “{name}”")
    return inner


# --- Pairs -----------------------------------------------------------------------------------------

HUMAN, ASSISTANT = "\n\nHuman:", "\n\nAssistant:"


def shared_start(one: str, other: str) -> str:
    """What two texts begin with, character by character."""
    length = min(len(one), len(other))
    return one[: next((place for place in range(length) if one[place] != other[place]), length)]


def is_transcript(value: Any) -> bool:
    return isinstance(value, str) and HUMAN in f"\n\n{value.lstrip()}" and ASSISTANT in value


def read_hh(values: Values, line: int) -> Item:
    """The prompt is what both transcripts share, up to the assistant turn in which they part."""
    chosen, rejected = text_of(values["chosen"], "chosen"), text_of(values["rejected"], "rejected")
    shared = shared_start(chosen, rejected)
    # Where one is the beginning of the other, they part in the last turn.
    cut = shared.rfind(ASSISTANT)
    if cut < 0:
        raise NotThisFormat("has no assistant turn that both transcripts share the way to")
    cut += len(ASSISTANT)
    return Item(
        line, without_roles(chosen[:cut]), (without_roles(chosen[cut:]), without_roles(rejected[cut:]))
    )


def without_roles(transcript: str) -> str:
    """The names of who speaks are not read as text."""
    return transcript.replace(HUMAN, "\n\n").replace(ASSISTANT, "\n\n").strip()


def read_preference(values: Values, line: int) -> Item:
    if "prompt" in values:
        return Item(
            line,
            text_of(values["prompt"], "prompt"),
            (answer_of(values["chosen"], "chosen"), answer_of(values["rejected"], "rejected")),
        )
    chosen, rejected = values["chosen"], values["rejected"]
    if is_conversation(chosen) and is_conversation(rejected):
        shared = 0
        while shared < min(len(chosen), len(rejected)) - 1 and chosen[shared] == rejected[shared]:
            shared += 1
        prompt = text_of(chosen[:shared], "chosen") if shared else ""
        return Item(
            line, prompt, (text_of(chosen[shared:], "chosen"), text_of(rejected[shared:], "rejected"))
        )
    if not isinstance(chosen, str) or not isinstance(rejected, str):
        raise NotThisFormat("has no text in “chosen” or “rejected”")
    # An implicit prompt is what both begin with, up to the end of a word.
    start = shared_start(chosen, rejected)
    cut = max(start.rfind(" "), start.rfind("\n")) + 1
    return Item(line, chosen[:cut], (chosen[cut:], rejected[cut:]))


def answer_of(value: Any, name: str) -> str:
    """A response; one that repeats the conversation before it is what comes last."""
    if is_conversation(value) and len(value) > 1:
        return said(value[-1])
    return text_of(value, name)


# --- Others ----------------------------------------------------------------------------------------


def read_stepwise(values: Values, line: int) -> Item:
    steps = texts_of(values["completions"], "completions")
    labels = values["labels"]
    if not isinstance(labels, list) or len(labels) != len(steps):
        raise NotThisFormat("has not as many “labels” as “completions”")
    if not steps:
        raise NotThisFormat("has no steps")
    error_at = next((number for number, label in enumerate(labels, start=1) if label in (False, -1)), 0)
    return Item(line, text_of(values["prompt"], "prompt"), (), steps, error_at, is_rated=True)


def read_completion(values: Values, line: int) -> Item:
    return Item(line, text_of(values["prompt"], "prompt"), (answer_of(values["completion"], "completion"),))


def read_messages(values: Values, line: int) -> Item:
    messages = values["messages"]
    if not is_conversation(messages):
        raise NotThisFormat("has no conversation in “messages”")
    if messages[-1]["role"] != "assistant":
        return Item(line, text_of(messages, "messages"))
    before = messages[:-1]
    return Item(line, text_of(before, "messages") if before else "", (said(messages[-1]),))


PROMPTS = ("prompt", "instruction", "question", "text", "input", "query", "problem")
RESPONSES = (
    "responses",
    "completions",
    "answers",
    "outputs",
    "candidates",
    "items",
    "results",
    "generations",
)
PAIRS = (
    ("response_a", "response_b"), ("response_1", "response_2"), ("response1", "response2"),
    ("answer_a", "answer_b"), ("answer_1", "answer_2"), ("answer1", "answer2"),
    ("output_a", "output_b"), ("output_1", "output_2"), ("completion_a", "completion_b"),
    ("chosen", "rejected"),
)  # fmt: skip


def is_list_of_texts(value: Any) -> bool:
    return (
        isinstance(value, list)
        and bool(value)
        and all(
            isinstance(one, str)
            or is_conversation(one)
            or (isinstance(one, dict) and any(isinstance(one.get(name), str) for name in TEXT_NAMES))
            for one in value
        )
    )


def pair_in(values: Values) -> tuple[str, str] | None:
    return next((pair for pair in PAIRS if all(is_text(values.get(name)) for name in pair)), None)


def fits_ranking(values: Values) -> bool:
    return bool(first_of(values, PROMPTS, is_text) and first_of(values, RESPONSES, is_list_of_texts))


def read_ranking(values: Values, line: int) -> Item:
    prompt = first_of(values, PROMPTS, is_text)
    responses = first_of(values, RESPONSES, is_list_of_texts)
    if not prompt or not responses:
        raise NotThisFormat("has not both a prompt and a list of responses")
    return Item(line, text_of(values[prompt], prompt), texts_of(values[responses], responses))


def read_pair(values: Values, line: int) -> Item:
    prompt, pair = first_of(values, PROMPTS, is_text), pair_in(values)
    if not prompt or pair is None:
        raise NotThisFormat("has not both a prompt and two responses")
    return Item(line, text_of(values[prompt], prompt), tuple(answer_of(values[name], name) for name in pair))


def task_part(values: Values, name: str) -> Values:
    """The object under a name; an empty one where there is none."""
    part = values.get(name)
    return part if isinstance(part, dict) else {}


def fits_task(values: Values) -> bool:
    data = task_part(values, "data")
    return bool(first_of(data, PROMPTS, is_text))


def read_task(values: Values, line: int) -> Item:
    """A Label Studio task: what lies under “data”, by the names its templates use, and recorded times."""
    return replace(read_data(values, line), times=lead_times(values))


def lead_times(values: Values) -> tuple[RecordedTime, ...]:
    """Of each annotation that was sent; a task that was skipped was not judged."""
    made = values.get("annotations")
    if not isinstance(made, list):
        return ()
    return tuple(
        time
        for one in made[:MOST_PARTS]
        if isinstance(one, dict) and not one.get("was_cancelled")
        for time in recorded_time(one.get("lead_time"), per_minute=SECONDS, by=one.get("completed_by"))
    )


def read_data(values: Values, line: int) -> Item:
    data = task_part(values, "data")
    prompt = first_of(data, PROMPTS, is_text)
    if not prompt:
        raise NotThisFormat("has no text under “data” that is known as a prompt")
    if first_of(data, RESPONSES, is_list_of_texts):
        return read_ranking(data, line)
    return read_pair(data, line) if pair_in(data) else Item(line, text_of(data[prompt], prompt))


def read_prompt(values: Values, line: int) -> Item:
    return Item(line, text_of(values.get("prompt"), "prompt"))


def read_text(values: Values, line: int) -> Item:
    return Item(line, text_of(values.get("text"), "text"))


# In the order in which they are tried: the more particular first.
FORMATS: tuple[Format, ...] = (
    Format(
        "prm800k", "PRM800K",
        lambda v: isinstance(v.get("question"), dict) and "steps" in task_part(v, "label"),
        read_prm800k,
    ),
    Format(
        "hh-rlhf", "HH-RLHF transcripts",
        lambda v: "prompt" not in v and is_transcript(v.get("chosen")) and is_transcript(v.get("rejected")),
        read_hh,
    ),
    Format("trl-preference", "TRL preference", lambda v: has(v, "chosen", "rejected"), read_preference),
    Format(
        "trl-stepwise", "TRL stepwise supervision",
        lambda v: has(v, "prompt", "completions", "labels"),
        read_stepwise,
    ),
    Format(
        "trl-unpaired", "TRL unpaired preference",
        lambda v: has(v, "prompt", "completion", "label"),
        read_completion,
    ),
    Format(
        "trl-completion", "TRL prompt and completion",
        lambda v: has(v, "prompt", "completion"),
        read_completion,
    ),
    Format("trl-messages", "TRL conversations", lambda v: is_conversation(v.get("messages")), read_messages),
    Format("label-studio", "Label Studio tasks", fits_task, read_task),
    Format("ranking", "a prompt and K responses", fits_ranking, read_ranking),
    Format(
        "pair", "a prompt and two responses",
        lambda v: bool(first_of(v, PROMPTS, is_text)) and pair_in(v) is not None,
        read_pair,
    ),
    Format("trl-prompt", "prompts alone", lambda v: is_text(v.get("prompt")) and len(v) == 1, read_prompt),
    Format("text", "texts alone", lambda v: isinstance(v.get("text"), str) and len(v) == 1, read_text),
)  # fmt: skip


def format_of(values: Values) -> Format | None:
    """The format a record is of; None where its columns have to be named."""
    return next((one for one in FORMATS if one.fits(values)), None)
