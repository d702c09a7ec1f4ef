"""A sample by the pages: uploaded or pasted, counted, chosen from, taken over."""

import json
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from estimates.services.effort import AUTO
from labeling.models import Project, WorkPackage
from labeling.services.plans import archive_project, save_package
from tests.estimates.samples import pairs
from tests.factories import NOON, assumption
from tests.page_forms import answers_of, post, read_form, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, ada):
    client.force_login(ada)
    return client


@pytest.fixture
def package(project):
    package = project.packages.get()
    package.effort_kind = "items"
    package.save()
    package.assumptions.all().delete()
    package.assumptions.create(**assumption("minutes_per_judgement", 4))
    return package


@pytest.fixture
def address(package):
    return reverse("estimates:package-sample", args=["chat", "answers"])


@pytest.fixture
def new_address(project):
    return reverse("estimates:new-package-sample", args=["chat"])


def upload(client, address, content=None, *, name="sample.jsonl", **more):
    file = SimpleUploadedFile(name, pairs(40) if content is None else content)
    return client.post(address, {"file": file, "text": AUTO, "widening": "1.25", **more})


def paste(client, address, text, **more):
    return client.post(address, {"pasted": text, "text": AUTO, "widening": "1.25", **more})


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_what_was_counted_is_shown_beside_what_stands(signed_in, address, package):
    package.assumptions.create(**assumption("prompt_words", 77))
    page = upload(signed_in, address)
    assert page.status_code == 200
    words = text_of(page)
    assert (
        "sample.jsonl: TRL preference; JSON, one object a line. Counted: all its 40 items. The sample is not stored."
        in words
    )
    assert "81.6 to 127.5, point 102" in words
    assert "77" in words
    assert "40 prompts of sample.jsonl (SHA-256" in words
    assert (
        "Goes when these are taken over, because it would be stated twice: Minutes per judgement, fixed part (4)"
        in words
    )
    assert package.assumptions.count() == 2


def test_what_was_chosen_is_taken_over(signed_in, address, package):
    package.assumptions.create(**assumption("overlap", 2))
    answers = answers_of(read_form(upload(signed_in, address), "take-over"))
    done = post(signed_in, address, answers)
    assert (done.status_code, done.url) == (302, reverse("estimates:project-detail", args=["chat"]) + "#plan")
    assert set(package.assumptions.values_list("name", flat=True)) == {
        "overlap",
        "prompt_words",
        "response_words",
        "reading_speed",
        "decision_minutes",
    }
    # Sent twice it is stored once, and leads to the same place.
    version = WorkPackage.objects.get(pk=package.pk).version
    assert post(signed_in, address, answers).url == done.url
    assert WorkPackage.objects.get(pk=package.pk).version == version


def test_two_editors_are_told_of_each_other(signed_in, address, package, project):
    answers = answers_of(read_form(upload(signed_in, address), "take-over"))
    save_package(
        project=project, package=package, expected_version=None, fields={"name": "Replies"},
        assumptions=[assumption("minutes_per_judgement", 55)],
    )  # fmt: skip
    page = post(signed_in, address, answers)
    assert page.status_code == 409
    words = text_of(page)
    assert "Replies was changed by" in words
    assert "Nothing was saved" in words
    assert "55" in words
    # Over theirs, knowingly.
    assert post(signed_in, address, answers_of(read_form(page, "take-over"))).status_code == 302
    assert package.assumptions.get(name="prompt_words").point == 102


def test_counts_that_were_tampered_with_or_are_of_another_package_are_not_believed(
    signed_in, address, new_address
):
    answers = answers_of(read_form(upload(signed_in, address), "take-over"))
    for wrong in (answers["counted"][0][:-2] + "xx", "", "a:b:c"):
        page = post(signed_in, address, {**answers, "counted": [wrong]})
        assert page.status_code == 422
        assert "count the sample once more" in text_of(page)
    assert post(signed_in, new_address, answers).status_code == 422


def test_a_part_that_needs_more_is_refused_and_the_form_takes_the_rest(signed_in, address, package):
    package.assumptions.create(**assumption("overlap", 2))
    answers = answers_of(read_form(upload(signed_in, address), "take-over"))
    answers["take"] = ["prompt_words", "response_words"]
    page = post(signed_in, address, answers)
    assert page.status_code == 422
    assert (
        "“Reading speed” and “Minutes to decide” must be given, too. Nothing was saved. To enter what else is needed"
        in text_of(page)
    )
    form = post(signed_in, address, {**answers, "go_on": ["yes"]})
    edit = reverse("labeling:edit-package", args=["chat", "answers"])
    assert f'action="{edit}"' in form.content.decode()
    typed = answers_of(read_form(form))
    assert (typed["overlap-point"], typed["minutes_per_judgement-law"], typed["prompt_words-low"]) == (
        ["2"],
        [""],
        ["81.6"],
    )
    assert typed["pairwise-scale_points"] == ["7"]
    for name, value in {"reading_speed": "200", "decision_minutes": "1"}.items():
        typed |= {
            f"{name}-law": "number",
            f"{name}-point": value,
            f"{name}-source": "Us",
            f"{name}-evidence": "assumption",
        }
    done = post(signed_in, edit, typed)
    assert done.status_code == 302, text_of(done)
    assert package.assumptions.count() == 5
    assert package.assumptions.get(name="prompt_words").point == 102


@pytest.mark.parametrize("change", [{"take": []}, {"version": ["x"]}, {"version": []}])
def test_what_is_missing_from_the_choice_is_said(signed_in, address, package, change):
    answers = answers_of(read_form(upload(signed_in, address), "take-over"))
    assert post(signed_in, address, {**answers, **change}).status_code == 422
    assert package.assumptions.get().name == "minutes_per_judgement"


def test_a_new_work_package_is_filled_in_and_left_to_a_person(signed_in, new_address, project):
    page = upload(signed_in, new_address, task_type="pairwise")
    assert page.status_code == 200
    filled = post(signed_in, new_address, answers_of(read_form(page, "take-over")))
    assert filled.status_code == 200
    assert f'action="{reverse("labeling:add-package", args=["chat"])}"' in filled.content.decode()
    answers = answers_of(read_form(filled))
    assert (answers["prompt_words-low"], answers["prompt_words-high"]) == (["81.6"], ["127.5"])
    assert project.packages.count() == 1
    more = {
        "name": "Pairs",
        "tier": str(project.packages.get().tier.pk),
        "pairwise-scale_points": "7",
        "pairwise-ties": "yes",
    }
    done = post(signed_in, reverse("labeling:add-package", args=["chat"]), {**answers, **more})
    assert done.status_code == 302, text_of(done)
    made = project.packages.get(name="Pairs")
    assert made.assumptions.get(name="prompt_words").point == 102
    assert "40 prompts of sample.jsonl" in made.assumptions.get(name="prompt_words").source


def test_unknown_columns_are_asked_for_and_then_read(signed_in, address):
    text = "id,question,answer_x,answer_y\n" + "1,Why is it so?,So,Thus\n" * 9
    page = paste(signed_in, address, text)
    assert page.status_code == 422
    assert "Say which holds the prompt" in text_of(page)
    answers = answers_of(read_form(page))
    assert (answers["prompt_column"], answers["response_columns"]) == (["question"], ["answer_x", "answer_y"])
    again = signed_in.post(address, answers)
    assert again.status_code == 200
    assert (
        "pasted text: by its columns, prompt from “question”, responses from “answer_x” and “answer_y”; CSV"
        in text_of(again)
    )


def test_bad_lines_are_named_and_good_ones_kept_only_when_asked(signed_in, address):
    text = pairs(10).decode() + "oops\n"
    page = paste(signed_in, address, text)
    assert page.status_code == 422
    assert "Line 11 is no JSON: expecting value at character 1" in text_of(page)
    kept = paste(signed_in, address, text, keep_good_lines="on")
    assert kept.status_code == 200
    assert "1 line could not be read and is not counted" in text_of(kept)


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({}, "Choose a file, or paste some of it below"),
        ({"pasted": "   "}, "Choose a file, or paste some of it below"),
        ({"pasted": "{}"}, "Its columns are not those"),
        ({"pasted": "a\x00b"}, "Null characters are not allowed"),
        ({"pasted": pairs(4).decode()}, "It holds 4 items; at least 5 are needed"),
        ({"pasted": pairs(9).decode(), "widening": "0.5"}, "Give a factor from 1 to 10"),
        ({"pasted": pairs(9).decode(), "widening": "nan"}, "finite number"),
        ({"pasted": pairs(9).decode(), "text": "klingon"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_counted_is_said_at_its_place(signed_in, address, sent, sentence):
    page = signed_in.post(address, {"text": AUTO, "widening": "1.25", **sent})
    assert page.status_code == 422
    assert sentence in text_of(page)


def test_a_file_and_a_paste_at_once_are_asked_about(signed_in, address):
    page = upload(signed_in, address, pasted="text")
    assert "Choose a file or paste text, not both" in text_of(page)


def test_hostile_names_and_columns_are_shown_as_text(signed_in, address):
    page = upload(signed_in, address, name="<script>alert(1)</script>.jsonl")
    assert page.status_code == 200
    assert b"<script>alert" not in page.content
    page = paste(signed_in, address, "<img src=x onerror=alert(1)>,=cmd|' /C calc'!A0\n" + "a,b\n" * 9)
    assert b"<img src=x" not in page.content
    assert "=cmd|" in text_of(page).replace("&#x27;", "'")


def test_nothing_of_the_sample_reaches_the_page(signed_in, address):
    text = "".join(
        json.dumps({"prompt": "zebrafish question", "chosen": "quokka", "rejected": "axolotl"}) + "\n"
        for _ in range(9)
    )
    page = paste(signed_in, address, text)
    assert page.status_code == 200
    for word in (b"zebrafish", b"quokka", b"axolotl"):
        assert word not in page.content


def test_work_in_plain_hours_takes_nothing_over(signed_in, project):
    page = upload(signed_in, reverse("estimates:package-sample", args=["chat", "answers"]))
    assert "The effort of Answers is stated in plain hours" in text_of(page)


def test_what_was_counted_before_the_archive_is_refused_after_it(signed_in, address, project):
    answers = answers_of(read_form(upload(signed_in, address), "take-over"))
    archive_project(project=project, expected_version=None, now=NOON)
    page = post(signed_in, address, answers)
    assert page.status_code == 422
    assert "is archived" in text_of(page)


def test_a_new_project_may_start_from_a_sample(signed_in, db):
    page = signed_in.get(reverse("portfolio"))
    address = reverse("estimates:new-project-from-sample")
    assert address in page.content.decode()
    assert address in signed_in.get(reverse("estimates:new-project")).content.decode()
    done = send(signed_in, address, {"name": "Chat", "currency": "USD"})
    assert done.url == reverse("estimates:new-package-sample", args=[Project.objects.get(name="Chat").slug])
    assert signed_in.get(done.url).status_code == 200
