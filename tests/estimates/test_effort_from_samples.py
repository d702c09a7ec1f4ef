"""A sample becomes proposals with their sources, and is taken over into a work package."""

import io
import json
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from estimates.engine.errors import EngineError
from estimates.engine.minutes import TASK_INPUTS
from estimates.services.effort import Asked, propose, take_over, text_kind
from estimates.services.samples import BadLines, Sample, count_sample, shown_name
from labeling.formats.columns import Columns
from labeling.formats.reading import Unreadable
from labeling.models import EditConflict, WorkPackage
from labeling.published_effort import published
from labeling.services.plans import archive_project
from labeling.task_types import TaskType
from labeling.web.package_layout import SUGGESTIONS
from tests.estimates.samples import pairs, solutions
from tests.factories import NOON, assumption


def counted(content, name="sample.jsonl", **more):
    return count_sample(io.BytesIO(content), name=name, **more)


def proposals(content, task_type, **asked):
    return propose(counted(content), Asked(task_type, **asked))


def test_a_number_says_what_it_was_counted_from():
    prompt = proposals(pairs(40), "pairwise").named("prompt_words")
    assert (prompt.point, prompt.law, prompt.evidence, prompt.is_counted) == (
        Decimal("102.0"),
        "range",
        "read",
        True,
    )
    assert prompt.source.startswith("40 prompts of sample.jsonl (SHA-256 ")
    assert (
        "mean 102, median 102, P5 100 to P95 104 words. Range of the campaign's mean, widened by a factor of 1.25"
        in prompt.source
    )
    assert len(prompt.source) <= 400


def test_the_range_is_of_the_mean_and_not_of_single_items():
    # Lengths from 0 to 390: their P95 is far above, the mean's range is the widening and a little more.
    content = b"".join(
        json.dumps({"prompt": "word " * (n % 40 * 10), "chosen": "a", "rejected": "b"}).encode() + b"\n"
        for n in range(2000)
    )
    prompt = proposals(content, "pairwise").named("prompt_words")
    assert float(prompt.low) == pytest.approx(195 / 1.25, rel=0.01)
    assert float(prompt.high) == pytest.approx(195 * 1.25, rel=0.01)


@pytest.mark.parametrize("task_type", TaskType.values)
def test_every_input_of_the_minutes_is_proposed_or_said_to_be_missing(task_type):
    for content in (pairs(), solutions()):
        effort = proposals(content, task_type)
        named = {one.name for one in (*effort.proposals, *effort.missing)}
        assert named - {"steps"} == set(TASK_INPUTS[task_type].needs) - (
            {"outputs_per_judgement"} if "steps" in named else set()
        )
        assert (effort.minutes is None) == bool(effort.missing)


def test_the_minutes_are_those_of_the_points():
    effort = proposals(pairs(40), "pairwise")
    point = (102 + 2 * float(effort.named("response_words").point)) / 238 + float(
        effort.named("decision_minutes").point
    )
    assert effort.minutes.point == pytest.approx(point)
    assert effort.minutes.low < effort.minutes.point < effort.minutes.high


def test_published_speeds_come_with_their_sources():
    speeds = published()["reading_speed"]
    assert {name: (one["low"], one["high"]) for name, one in speeds.items()} == {
        "prose": ("175", "300"), "technical": ("120", "180"), "chinese": ("127", "189"), "japanese": ("144", "242"),
    }  # fmt: skip
    prose = proposals(pairs(), "pairwise").named("reading_speed")
    assert (prose.point, prose.evidence) == (238, "recalled")
    assert "Brysbaert" in prose.source


def test_the_work_packages_form_offers_the_same_speeds():
    offered = {one.source: one.numbers for one in SUGGESTIONS if one.name == "reading_speed"}
    assert offered == {
        one["source"]: {part: one[part] for part in ("low", "high", "point")}
        for one in published()["reading_speed"].values()
    }


def test_what_has_no_published_source_says_so():
    for task in ("pairwise", "demonstration", "ranking", "step-labels"):
        effort = proposals(solutions() if task == "step-labels" else pairs(), task)
        unsourced = [one for one in effort.proposals if one.evidence == "assumption"]
        assert unsourced
        assert all("without a published source" in one.source for one in unsourced)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("plain words", "prose"),
        ("```\nx = 1\n```", "technical"),
        ("我们今天去公园看花", "chinese"),
        ("今日は公園に行きました", "japanese"),
    ],
)
def test_the_reading_speed_goes_with_the_text(text, kind):
    sample = counted(b"".join(json.dumps({"prompt": text}).encode() + b"\n" for _ in range(6)))
    assert text_kind(sample, Asked("pairwise")) == kind
    assert text_kind(sample, Asked("pairwise", text="technical")) == "technical"


def test_a_ranking_has_as_many_responses_as_the_sample():
    content = b"".join(
        json.dumps({"prompt": "Why?", "responses": ["So it is."] * 4}).encode() + b"\n" for _ in range(9)
    )
    effort = proposals(content, "ranking")
    assert (effort.named("responses").point, effort.named("responses").law) == (4, "number")
    assert (
        proposals(content, "pairwise")
        .remarks[0]
        .startswith("A pairwise comparison shows two responses; the items of the sample have 4")
    )


def test_steps_are_outputs_and_a_step_is_read_and_judged():
    effort = proposals(solutions(), "step-labels")
    assert effort.named("outputs_per_judgement").point == 5
    step = effort.named("minutes_per_output")
    assert float(step.low) == pytest.approx(5 / 300 + 0.2, abs=1e-4)
    assert float(step.high) == pytest.approx(5 / 175 + 0.6, abs=1e-4)


def test_where_labeling_stops_at_the_first_error_rated_steps_count_up_to_it():
    stops = {"stop_at_first_error": True}
    assert (
        proposals(solutions(error_at=3), "step-labels", settings=stops).named("outputs_per_judgement").point
        == 3
    )
    bare = b"".join(json.dumps({"prompt": "Why?", "steps": ["a b"] * 4}).encode() + b"\n" for _ in range(9))
    sample = counted(bare, columns=Columns("prompt", (), "steps"))
    effort = propose(sample, Asked("step-labels", settings=stops))
    assert (effort.named("steps").point, effort.named("outputs_per_judgement")) == (4, None)
    assert "does not say where errors are" in effort.remarks[0]


def test_what_the_settings_say_is_taken_from_them():
    likert = proposals(pairs(), "likert", settings={"dimensions": ["clear", "true", "kind"], "points": 5})
    assert likert.named("outputs_per_judgement").point == 3
    assert (
        proposals(pairs(), "rubric").missing[0].reason
        == "Enter the number of criteria: the settings of the task say it."
    )
    prompts = b"".join(json.dumps({"prompt": f"Why {n}?"}).encode() + b"\n" for n in range(9))
    assert (
        proposals(prompts, "demonstration", settings={"response_words": 250}).named("response_words").point
        == 250
    )
    assert proposals(prompts, "demonstration").missing[0].name == "response_words"


def test_more_than_a_factor_of_ten_is_no_widening():
    with pytest.raises(EngineError, match="widening must lie between 1 and 10"):
        proposals(pairs(), "pairwise", widening=Decimal(11))


def test_bad_lines_are_told_and_good_ones_kept_only_when_asked():
    content = pairs(10) + b"oops\n"
    with pytest.raises(BadLines, match=r"1 line cannot be read; 10 can") as error:
        counted(content)
    assert [(one.line, one.reason) for one in error.value.problems] == [
        (11, "is no JSON: expecting value at character 1")
    ]
    kept = counted(content, keep_good_lines=True)
    assert (kept.counts.items, kept.counts.bad_lines) == (10, 1)


def test_a_handful_of_items_says_nothing_about_a_mean():
    with pytest.raises(Unreadable, match="It holds 4 items; at least 5 are needed"):
        counted(pairs(4))


def test_a_file_of_more_than_20_megabytes_is_not_read():
    with pytest.raises(Unreadable, match="at most 20 MB are read"):
        counted(b"a" * (20 * 1024 * 1024 + 1))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a.csv", "a.csv"),
        ("a\r\n\x00b\u202e.csv", "ab.csv"),
        ("", "a file"),
        ("x" * 100 + ".jsonl", "x" * 49 + "…xxxx.jsonl"),
    ],
)
def test_a_files_name_is_one_short_line(name, shown):
    assert shown_name(name) == shown


def test_a_sample_comes_back_from_its_document_as_it_was():
    for content in (pairs(), solutions(error_at=2), pairs(10) + b"oops\n"):
        sample = counted(content, keep_good_lines=True)
        assert Sample.from_json(json.loads(json.dumps(sample.as_json()))) == sample


# --- Taking over -----------------------------------------------------------------------------------


@pytest.fixture
def package(project):
    package = project.packages.get()
    package.effort_kind = "items"
    package.save()
    package.assumptions.all().delete()
    for name, point in {"accepted_items": 1000, "minutes_per_judgement": 4, "overlap": 2}.items():
        package.assumptions.create(**assumption(name, point))
    return package


def taken(project, package, version, *names):
    effort = proposals(pairs(), "pairwise")
    chosen = [one for one in effort.proposals if not names or one.name in names]
    return take_over(project=project, package=package, expected_version=version, proposals=chosen)


def test_proposals_are_stored_with_their_sources_and_replace_stated_minutes(project, package):
    taken(project, package, package.version)
    rows = {row.name: row for row in WorkPackage.objects.get(pk=package.pk).assumptions.all()}
    assert set(rows) == {"accepted_items", "overlap", *TASK_INPUTS["pairwise"].needs}
    assert rows["overlap"].point == 2
    assert (rows["prompt_words"].law, rows["prompt_words"].point) == ("range", 102)
    assert "40 prompts of sample.jsonl" in rows["prompt_words"].source


def test_only_what_was_chosen_is_taken_over_and_keys_are_kept(project, package):
    package.assumptions.create(**assumption("prompt_words", 7, key="shared.words"))
    package.assumptions.filter(name="minutes_per_judgement").delete()
    for name in ("response_words", "reading_speed", "decision_minutes"):
        package.assumptions.create(**assumption(name, 3))
    taken(project, package, package.version, "prompt_words")
    row = package.assumptions.get(name="prompt_words")
    assert (row.key, row.point) == ("shared.words", 102)
    assert package.assumptions.get(name="response_words").point == 3


def test_a_part_that_means_nothing_by_itself_is_refused_whole(project, package):
    with pytest.raises(ValidationError, match="To build the minutes from words"):
        taken(project, package, package.version, "prompt_words")
    assert package.assumptions.count() == 3


def test_somebody_else_was_first_and_nothing_is_written(project, package):
    seen = package.version
    WorkPackage.objects.get(pk=package.pk).save()
    with pytest.raises(EditConflict):
        taken(project, package, seen)
    assert package.assumptions.get(name="minutes_per_judgement").point == 4


def test_nothing_is_taken_over_in_the_archive(project, package):
    archive_project(project=project, expected_version=None, now=NOON)
    with pytest.raises(ValidationError, match="archived"):
        taken(project, package, None)
