"""Each format is recognised and read into one shape; other columns are asked for."""

import json

import pytest

from labeling.formats.columns import Columns
from labeling.formats.items import ColumnsUnknown
from tests.labeling.formats.files import HH, SAMPLES, jsonl, read


@pytest.mark.parametrize(
    ("record", "words", "parts"), SAMPLES, ids=[f"{s[1]} {n}" for n, s in enumerate(SAMPLES)]
)
def test_a_record_becomes_an_item(record, words, parts):
    said, (item,), problems = read(jsonl(record))
    assert said == f"{words}; JSON, one object a line"
    assert (item.prompt, item.responses, item.steps, item.error_at) == parts
    assert (item.line, problems) == (1, [])


@pytest.mark.parametrize(
    ("record", "words", "parts"), SAMPLES, ids=[f"{s[1]} {n}" for n, s in enumerate(SAMPLES)]
)
@pytest.mark.parametrize("indent", [None, 2])
def test_an_array_holds_the_same_items_with_their_lines(record, words, parts, indent):
    content = "[\n" + ",\n".join(json.dumps(record, indent=indent) for _ in range(3)) + "\n]\n"
    said, items, problems = read(content.encode())
    assert said == f"{words}; JSON objects"
    assert [(i.prompt, i.responses, i.steps, i.error_at) for i in items] == [parts] * 3
    tall = len(json.dumps(record, indent=indent).splitlines())
    assert [i.line for i in items] == [2, 2 + tall, 2 + 2 * tall]
    assert problems == []


def test_one_object_over_several_lines_is_read():
    _, (item,), _ = read(json.dumps(HH, indent=1).encode())
    assert item.responses == ("Try oolong tea.", "No.")


def test_a_csv_file_with_known_columns_is_read_and_cells_may_hold_lines():
    content = 'prompt,chosen,rejected\n"Say\nhi",Hi,Hello\nBye?,Bye,"No, stay"\n'
    said, items, problems = read(content.encode())
    assert said == "TRL preference; CSV"
    assert [(i.line, i.prompt, i.responses) for i in items] == [
        (2, "Say\nhi", ("Hi", "Hello")),
        (4, "Bye?", ("Bye", "No, stay")),
    ]
    assert problems == []


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(delimiter):
    content = delimiter.join(["prompt", "completion"]) + "\n" + delimiter.join(["Hi?", "Hi"])
    assert read(content.encode())[1][0].responses == ("Hi",)


def test_unknown_columns_are_asked_for_with_a_proposal():
    with pytest.raises(ColumnsUnknown) as error:
        read(b"id,question,answer_x,answer_y\n1,Why?,So,Thus\n")
    assert error.value.names == ["id", "question", "answer_x", "answer_y"]
    assert error.value.proposal == Columns("question", ("answer_x", "answer_y"))


def test_named_columns_are_read_and_a_dot_leads_inside():
    columns = Columns(prompt="meta.q", responses=("a", "more"), steps="s")
    record = {"meta": {"q": "Why?"}, "a": "So", "more": ["Thus", {"text": "Hence"}], "s": "One.\n\nTwo."}
    said, (item,), _ = read(jsonl(record), columns)
    assert (item.prompt, item.responses, item.steps) == ("Why?", ("So", "Thus", "Hence"), ("One.", "Two."))
    assert said.startswith(
        "by its columns, prompt from “meta.q”, responses from “a” and “more”, steps from “s”"
    )


def test_a_record_without_what_its_format_has_is_a_problem_of_its_line():
    good = {"prompt": "a", "chosen": "b", "rejected": "c"}
    _, items, problems = read(
        jsonl(good, {"prompt": "a", "chosen": "b"}, good, {"prompt": 1, "chosen": "b", "rejected": "c"})
    )
    assert [item.line for item in items] == [1, 3]
    assert [(p.line, p.reason) for p in problems] == [
        (2, "has no “rejected”"),
        (4, "has no text in “prompt”"),
    ]


def test_steps_and_labels_have_to_match():
    good = {"prompt": "a", "completions": ["b"], "labels": [True]}
    _, _, (problem,) = read(jsonl(good, {**good, "labels": [True, False]}))
    assert problem.reason == "has not as many “labels” as “completions”"
