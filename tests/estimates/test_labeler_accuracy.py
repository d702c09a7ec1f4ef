"""`manage.py labeler_accuracy` on labels that were made to be found out."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.estimates.engine.test_dawid_skene import labels_of


@pytest.fixture
def found(tmp_path):
    def run(content, *options, name="pilot.csv"):
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        out = StringIO()
        call_command("labeler_accuracy", str(file), *options, stdout=out)
        return out.getvalue()

    return run


def csv_of(judgements, head="item,labeler,label"):
    return "\n".join([head, *(",".join(one) for one in judgements)]) + "\n"


def test_the_error_rate_of_a_pilot(found):
    judgements, _ = labels_of((0.95, 0.8, 0.7), items=2_000)
    text = found(csv_of(judgements))
    assert text.startswith("3 labelers are wrong in 1")
    assert [line.split()[0] for line in text.splitlines() if line.startswith("l")] == ["l0", "l1", "l2"]
    document = json.loads(found(csv_of(judgements), "--json"))
    assert document["error_rate"] == pytest.approx(0.55 / 3, abs=0.02)
    assert (document["items"], document["judgements"], document["classes"]) == (2_000, 6_000, ["A", "B"])
    # Pairs agree in p q + (1 - p)(1 - q): 0.77, 0.68 and 0.62.
    assert document["agreement"] == pytest.approx(0.69, abs=0.02)


def test_columns_are_named_and_json_lines_are_read(found):
    judgements, _ = labels_of((0.9, 0.9, 0.9), items=50)
    lines = "\n".join(json.dumps({"task": int(i[1:]), "worker": w, "choice": c}) for i, w, c in judgements)
    options = ("--item", "task", "--labeler", "worker", "--label", "choice")
    text = found(lines, *options, name="pilot.jsonl")
    assert text.startswith("3 labelers are wrong in")


def test_few_labels_and_guessing_are_said(found):
    judgements, _ = labels_of((0.9, 0.9, 0.9), items=20)
    opposite = {"A": "B", "B": "A"}
    judgements += [(item, "wrong", opposite[label]) for item, who, label in judgements if who == "l0"]
    text = found(csv_of(judgements))
    assert "4 of 4 labelers gave fewer than 30 labels" in text
    assert "Right less often than by guessing: wrong." in text


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "pilot.csv"),
        (b"PK\x03\x04", "ZIP archive or an Excel workbook"),
        ("item,who,label\n1,a,x\n", "Line 2 has no column “labeler”. There are: “item”, “who”, “label”"),
        ("item,labeler,label\n1,a,x\n1,,x\n", "Line 3: “labeler” is empty"),
        ("item,labeler,label\n1,a,x\n1,b,y\n", "2 labelers are too few"),
        ("item,labeler,label\n1,a,x\n1,a,y\n1,b,y\n1,c,y\n", "Labeler a has more than one label for item 1"),
        (f"item,labeler,label\n1,a,{'x' * 201}\n", "Line 2: “label” has more than 200 characters"),
        (csv_of([(str(i), w, str(i)) for i in range(51) for w in "abc"]), "51 different labels"),
        ('{"item": [1], "labeler": "a", "label": "x"}\n', "Line 1: “item” must be a text or a number"),
    ],
)
def test_what_cannot_be_used_is_named(found, content, words):
    with pytest.raises(CommandError) as refused:
        found(content)
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_file_that_is_not_there_is_one_line(tmp_path):
    with pytest.raises(CommandError, match=r"othing\.csv cannot be read: No such file"):
        call_command("labeler_accuracy", str(tmp_path / "nothing.csv"))
