"""Effort from a sample by a work package's page in the admin: counted, chosen from, taken over."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from estimates.services.samples import MOST_BYTES
from labeling.models import WorkPackage
from labeling.services.plans import archive_project, save_package
from tests.estimates.samples import pairs
from tests.factories import NOON, assumption, member
from tests.page_forms import answers_of, post, read_form

pytestmark = pytest.mark.django_db


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
    return f"/admin/labeling/workpackage/{package.pk}/sample/"


def upload(client, address, content=None, *, name="sample.jsonl", **more):
    file = SimpleUploadedFile(name, pairs(40) if content is None else content)
    return client.post(address, {"file": file, "text": "auto", "widening": "1.25", **more})


def text_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def names(package):
    return set(package.assumptions.values_list("name", flat=True))


def test_the_work_packages_page_leads_to_it(door, package, address):
    page = door.get(f"/admin/labeling/workpackage/{package.pk}/change/")
    assert f'href="{address}"' in page.content.decode()
    asked = door.get(address)
    assert asked.status_code == 200
    assert 'enctype="multipart/form-data"' in asked.content.decode()
    assert "Effort of Answers from a sample" in text_of(asked)


def test_each_proposal_stands_beside_what_it_was_counted_from(door, package, address):
    words = text_of(upload(door, address))
    assert "Counted: all its 40 items" in words
    assert "81.6 to 127.5, point 102" in words
    assert "40 prompts of sample.jsonl (SHA-256" in words
    assert "stated twice: Minutes per judgement, fixed part (4)" in words
    assert names(package) == {"minutes_per_judgement"}


def test_what_was_chosen_is_filled_in_with_its_sources(door, package, address):
    answers = answers_of(read_form(upload(door, address), "take-over"))
    done = post(door, address, answers)
    assert (done.status_code, done.url) == (302, f"/admin/labeling/workpackage/{package.pk}/change/")
    assert names(package) == {"prompt_words", "response_words", "reading_speed", "decision_minutes"}
    stored = package.assumptions.get(name="prompt_words")
    assert (stored.point, "40 prompts of sample.jsonl" in stored.source) == (102, True)
    version = WorkPackage.objects.get(pk=package.pk).version
    assert post(door, address, answers).status_code == 302
    assert WorkPackage.objects.get(pk=package.pk).version == version


def test_who_was_first_is_said_and_nothing_is_overwritten(door, package, address, project):
    answers = answers_of(read_form(upload(door, address), "take-over"))
    save_package(
        project=project, package=package, expected_version=None, fields={"name": "Replies"},
        assumptions=[assumption("minutes_per_judgement", 55)],
    )  # fmt: skip
    page = post(door, address, answers)
    assert page.status_code == 409
    assert "Nothing was saved" in text_of(page)
    assert names(package) == {"minutes_per_judgement"}


def test_a_part_goes_on_in_the_pages_form(door, package, address):
    page = upload(door, address)
    answers = answers_of(read_form(page, "take-over")) | {"take": ["prompt_words", "response_words"]}
    refused = post(door, address, answers)
    assert (refused.status_code, "must be given, too" in text_of(refused)) == (422, True)
    (onwards,) = re.findall(r'formaction="([^"]+)"', page.content.decode())
    form = post(door, onwards, {**answers, "go_on": ["yes"]})
    assert answers_of(read_form(form))["prompt_words-low"] == ["81.6"]


def test_columns_that_are_not_known_are_asked_for(door, package, address):
    text = "id,question,answer_x,answer_y\n" + "1,Why is it so?,So,Thus\n" * 9
    page = door.post(address, {"pasted": text, "text": "auto", "widening": "1.25"})
    assert (page.status_code, "Say which holds the prompt" in text_of(page)) == (422, True)
    answers = answers_of(read_form(page, "count-it"))
    assert (answers["prompt_column"], answers["response_columns"]) == (["question"], ["answer_x", "answer_y"])
    assert door.post(address, answers).status_code == 200


@pytest.mark.parametrize(
    ("content", "more", "said"),
    [
        (b"\xff\xfe\x00\x01", {}, "UTF-8"),
        (pairs(40) + b"{oops\n", {}, "Line 41"),
        (pairs(2), {}, "at least 5 are needed"),
        (b" " * (MOST_BYTES + 1), {}, "at most 20 MB"),
        (pairs(40), {"widening": "11"}, "Give a factor from 1 to 10"),
        (pairs(40), {"pasted": "more"}, "not both"),
    ],
)
def test_what_cannot_be_counted_is_refused_as_on_the_page(door, package, address, content, more, said):
    page = upload(door, address, content, **more)
    assert page.status_code == 422
    assert said in text_of(page)


def test_counts_of_another_work_package_are_not_believed(door, package, address, project):
    answers = answers_of(read_form(upload(door, address), "take-over"))
    package.pk, package.slug, package.name = None, "other", "Other"
    package.save(force_insert=True)
    page = post(door, f"/admin/labeling/workpackage/{package.pk}/sample/", answers)
    assert (page.status_code, "count the sample once more" in text_of(page)) == (422, True)


def test_of_the_archive_nothing_is_filled_in(door, package, address, project):
    answers = answers_of(read_form(upload(door, address), "take-over"))
    archive_project(project=project, expected_version=None, now=NOON)
    assert door.get(address).status_code == 404
    page = door.get(f"/admin/labeling/workpackage/{package.pk}/change/")
    assert address not in page.content.decode()
    refused = post(door, address, answers)
    assert (refused.status_code, "archived" in text_of(refused)) == (422, True)
    assert names(package) == {"minutes_per_judgement"}


def test_it_is_for_administrators_alone(client, package, address, project):
    client.force_login(member(project, "owner"))
    assert client.get(address).status_code == 404
