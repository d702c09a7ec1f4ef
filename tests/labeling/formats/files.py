"""Made-up records in each format that is read, and a short way to read them."""

import io
import json
from typing import Any

from labeling.formats.columns import Columns
from labeling.formats.items import read_items
from labeling.formats.reading import LineProblem
from labeling.formats.schemas import Item

PRM = {
    "question": {"problem": "What is 1 + 1?"},
    "label": {
        "steps": [
            {
                "completions": [{"text": "We add.", "rating": 1}],
                "human_completion": None,
                "chosen_completion": 0,
            },
            {
                "completions": [{"text": "It is 3.", "rating": -1}, {"text": "It is 2.", "rating": 1}],
                "human_completion": None,
                "chosen_completion": None,
            },
        ]
    },
}
HH = {
    "chosen": "\n\nHuman: Nice tea?\n\nAssistant: Try oolong tea.",
    "rejected": "\n\nHuman: Nice tea?\n\nAssistant: No.",
}
TURNS = [{"role": "user", "content": "Is 51 prime?"}]
# What is in the file, and what the item is: its format, prompt, responses, steps, first error.
SAMPLES: list[tuple[dict[str, Any], str, tuple[Any, ...]]] = [
    (PRM, "PRM800K", ("What is 1 + 1?", (), ("We add.", "It is 3."), 2)),
    (HH, "HH-RLHF transcripts", ("Nice tea?", ("Try oolong tea.", "No."), (), 0)),
    (
        {"prompt": "2+2=", "chosen": " 4", "rejected": " 5"},
        "TRL preference",
        ("2+2=", (" 4", " 5"), (), 0),
    ),
    (
        {"chosen": "The sky is blue.", "rejected": "The sky is green."},
        "TRL preference",
        ("The sky is ", ("blue.", "green."), (), 0),
    ),
    (
        {"prompt": TURNS, "chosen": [{"role": "assistant", "content": "No."}], "rejected": [{"role": "assistant", "content": "Yes."}]},
        "TRL preference",
        ("Is 51 prime?", ("No.", "Yes."), (), 0),
    ),
    (
        {"chosen": [*TURNS, {"role": "assistant", "content": "No."}], "rejected": [*TURNS, {"role": "assistant", "content": "Yes."}]},
        "TRL preference",
        ("Is 51 prime?", ("No.", "Yes."), (), 0),
    ),
    (
        {"prompt": "Capital of Peru?", "completion": "Lima.", "label": True},
        "TRL unpaired preference",
        ("Capital of Peru?", ("Lima.",), (), 0),
    ),
    (
        {"prompt": "Cost?", "completions": ["Two.", "So 5."], "labels": [True, False]},
        "TRL stepwise supervision",
        ("Cost?", (), ("Two.", "So 5."), 2),
    ),
    ({"prompt": "Translate: chat", "completion": "cat"}, "TRL prompt and completion", ("Translate: chat", ("cat",), (), 0)),
    (
        {"messages": [*TURNS, {"role": "assistant", "content": "No, 3 x 17."}]},
        "TRL conversations",
        ("Is 51 prime?", ("No, 3 x 17.",), (), 0),
    ),
    ({"prompt": "Name a prime."}, "prompts alone", ("Name a prime.", (), (), 0)),
    ({"text": "The tide is out."}, "texts alone", ("The tide is out.", (), (), 0)),
    (
        {"prompt": "Name a prime.", "responses": ["9", "7", "2"]},
        "a prompt and K responses",
        ("Name a prime.", ("9", "7", "2"), (), 0),
    ),
    (
        {"id": 7, "data": {"prompt": "Name a prime.", "items": [{"id": "a", "body": "9"}, {"id": "b", "body": "7"}]}},
        "Label Studio tasks",
        ("Name a prime.", ("9", "7"), (), 0),
    ),
    ({"data": {"text": "Tea was cold"}}, "Label Studio tasks", ("Tea was cold", (), (), 0)),
    (
        {"instruction": "Say hi.", "response_a": "Hi", "response_b": "Hello"},
        "a prompt and two responses",
        ("Say hi.", ("Hi", "Hello"), (), 0),
    ),
]  # fmt: skip


def jsonl(*records: Any) -> bytes:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records).encode()


def read(content: bytes, columns: Columns | None = None) -> tuple[str, list[Item], list[LineProblem]]:
    """What a file is, its items, and what is wrong with the other lines."""
    source = read_items(io.BytesIO(content), columns=columns)
    every = list(source.items)
    items = [one for one in every if isinstance(one, Item)]
    return source.words, items, [one for one in every if isinstance(one, LineProblem)]
