"""Records whose columns somebody has named: which is the prompt, which hold responses, which the steps."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from labeling.formats.schemas import PROMPTS, Item, NotThisFormat, Values, is_text, one_text, texts_of

MOST_SHOWN = 100


@dataclass(frozen=True)
class Columns:
    """What the columns of a file are; a dot leads into an object: “data.text”.

    responses  each column holds one response, or a list of them
    steps      a column with a list of steps, or with one step a line
    """

    prompt: str = ""
    responses: tuple[str, ...] = ()
    steps: str = ""

    def __bool__(self) -> bool:
        return bool(self.prompt or self.responses or self.steps)

    @property
    def words(self) -> str:
        """As a sentence names them: "prompt from “question”, responses from “a” and “b”"."""
        parts = [
            f"prompt from “{self.prompt}”" if self.prompt else "",
            "responses from " + " and ".join(f"“{one}”" for one in self.responses) if self.responses else "",
            f"steps from “{self.steps}”" if self.steps else "",
        ]
        return ", ".join(filter(None, parts))


def column_names(values: Values) -> list[str]:
    """The columns of a record that may hold text, those inside objects with a dot."""
    names = list(_names(values, ""))
    return names[:MOST_SHOWN]


def _names(values: Mapping[str, Any], before: str) -> Iterator[str]:
    for name, value in values.items():
        path = f"{before}{name}"
        if len(path) > 200:
            continue
        if isinstance(value, dict) and before.count(".") < 2:
            yield from _names(value, f"{path}.")
        elif isinstance(value, str | list):
            yield path


def guess(values: Values) -> Columns:
    """A first proposal for the columns of a record, to be confirmed by a person."""
    names = column_names(values)
    last = {name: name.rpartition(".")[2].lower() for name in names}
    prompt = next((name for known in PROMPTS for name in names if last[name] == known), "")
    marks = ("response", "answer", "completion", "output", "candidate", "reply")
    responses = tuple(
        name for name in names if name != prompt and any(last[name].startswith(mark) for mark in marks)
    )
    steps = next((name for name in names if last[name] in {"steps", "solution_steps"}), "")
    return Columns(prompt, responses[:20], steps)


def value_at(values: Values, path: str) -> Any:
    """What stands at a path; a name that holds dots itself is taken as it is."""
    if path in values:
        return values[path]
    here: Any = values
    for name in path.split("."):
        if not isinstance(here, Mapping) or name not in here:
            raise NotThisFormat(f"has no “{path}”")
        here = here[name]
    return here


def read_by(columns: Columns, values: Values, line: int) -> Item:
    """The item of a record by its named columns; NotThisFormat says what is missing."""
    prompt = one_text(value_at(values, columns.prompt), columns.prompt) if columns.prompt else ""
    responses: list[str] = []
    for name in columns.responses:
        value = value_at(values, name)
        responses += (
            texts_of(value, name)
            if isinstance(value, list) and not is_text(value)
            else [one_text(value, name)]
        )
    steps = _steps(value_at(values, columns.steps), columns.steps) if columns.steps else ()
    return Item(line, prompt, tuple(responses), steps)


def _steps(value: Any, name: str) -> tuple[str, ...]:
    if isinstance(value, str) and value.lstrip().startswith("["):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            raise NotThisFormat(f"has no list of steps in “{name}”") from None
    if isinstance(value, str):
        value = [line for line in value.splitlines() if line.strip()]
    return texts_of(value, name)
