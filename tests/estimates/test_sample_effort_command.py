"""`manage.py sample_effort` counts, proposes and, asked to, stores."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests.estimates.samples import pairs


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sample.jsonl"
    path.write_bytes(pairs(40))
    return path


def run(*words):
    out = StringIO()
    call_command("sample_effort", *map(str, words), stdout=out)
    return out.getvalue()


def test_counts_and_proposals_are_printed(file):
    said = run(file, "--task-type", "pairwise")
    assert "sample.jsonl: TRL preference; JSON, one object a line; all its 40 items counted." in said
    assert "prompt words           40     102.0     102.0     100.0     104.0" in said
    assert "Words of the prompt: 102 (81.6 to 127.5) words" in said
    assert "Minutes per judgement: " in said


def test_as_json(file):
    document = json.loads(run(file, "--task-type", "pairwise", "--json"))
    assert document["sample"]["items"] == 40
    assert [one["name"] for one in document["proposals"]] == [
        "prompt_words",
        "response_words",
        "reading_speed",
        "decision_minutes",
    ]


def test_columns_are_named_on_the_command_line(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("q,r\n" + "why,so it is\n" * 9)
    with pytest.raises(CommandError, match=r"Give --prompt, --response or --steps. Its columns: 'q', 'r'"):
        run(path, "--task-type", "likert")
    assert "by its columns, prompt from “q”, responses from “r”; CSV" in run(
        path, "--task-type", "likert", "--prompt", "q", "--response", "r"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "Say what a labeler does"),
        (["--task-type", "pairwise", "--apply"], "--apply needs --project and --package"),
        (["--project", "chat"], "together"),
        (["--task-type", "pairwise", "--widening", "x"], "not a number"),
        (["--task-type", "pairwise", "--widening", "nan"], "finite"),
        (["--task-type", "pairwise", "--widening", "0.5"], "widening must lie between 1 and 10"),
    ],
)
def test_what_is_missing_is_said(file, words, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(file, *words)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CommandError, match="cannot be read: No such file"):
        run(tmp_path / "none.csv", "--task-type", "pairwise")


def test_bad_lines_are_named_unless_the_good_ones_will_do(file):
    file.write_bytes(pairs(10) + b"oops\n")
    with pytest.raises(
        CommandError, match=r"(?s)1 line cannot be read.*--keep-good-lines does.*line 11 is no JSON"
    ):
        run(file, "--task-type", "pairwise")
    assert "1 line could not be read and is not counted." in run(
        file, "--task-type", "pairwise", "--keep-good-lines"
    )


def test_proposals_are_stored_when_asked(file, project):
    package = project.packages.get()
    with pytest.raises(CommandError, match="stated in plain hours"):
        run(file, "--project", "chat", "--package", "answers", "--apply")
    package.assumptions.all().delete()
    package.effort_kind = "items"
    package.save()
    assert "Stored" not in run(file, "--project", "chat", "--package", "answers")
    assert not package.assumptions.exists()
    assert "Stored in Answers: Words of the prompt" in run(
        file, "--project", "chat", "--package", "answers", "--apply"
    )
    assert package.assumptions.get(name="prompt_words").point == 102


def test_a_package_that_is_not_there_is_named(file, project):
    with pytest.raises(CommandError, match="chat has no work package “x”. Known: answers"):
        run(file, "--project", "chat", "--package", "x")
    with pytest.raises(CommandError, match="There is no project “x”"):
        run(file, "--project", "x", "--package", "x")
