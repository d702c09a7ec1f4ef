"""Recorded times of a sample, held against the minutes built from words and taken in their place."""

import io
import json
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from estimates.services.effort import Asked, propose
from estimates.services.recorded_times import recorded_minutes
from estimates.services.sample_documents import sample_document
from estimates.services.samples import Sample, count_sample
from tests.estimates.samples import pairs
from tests.factories import assumption
from tests.page_forms import answers_of, post, read_form

ASKED = Asked("pairwise")
BUILDING = {"prompt_words", "response_words", "reading_speed", "decision_minutes"}


def timed(seconds=480.0, *, people=4, count=40, odd=None):
    """Label Studio comparisons of 100 and 2 × 50 words with the time each took."""
    lines = []
    for n in range(count):
        took = odd if odd is not None and n == 0 else seconds * (0.8 + 0.1 * (n % 5))
        annotation = {"lead_time": took, "completed_by": n % people if people else None}
        data = {"prompt": "word " * 100, "response_a": "word " * 50, "response_b": "word " * 50}
        lines.append(json.dumps({"data": data, "annotations": [annotation]}))
    return "\n".join(lines).encode()


def recorded(content, asked=ASKED):
    sample = count_sample(io.BytesIO(content), name="t.jsonl")
    return recorded_minutes(sample, asked, propose(sample, asked))


def test_a_sample_without_times_says_nothing_of_them():
    assert recorded(pairs(40)) is None


def test_they_are_proposed_as_the_range_of_the_campaigns_mean_with_their_source():
    found = recorded(timed())
    one = found.proposal
    assert (one.name, one.point, one.is_counted) == ("minutes_per_judgement", Decimal("8.000"), True)
    assert one.low < one.point < one.high
    assert one.source.startswith("40 recorded times in the sample of 4 people: t.jsonl (SHA-256")


def test_what_disagrees_is_said_in_words():
    far, near = recorded(timed(3600)), recorded(timed(120))
    assert far.disagrees
    assert "times as long as the" in far.words[0]
    assert "they disagree" in far.words[0]
    assert not near.disagrees
    assert "they agree" in near.words[0]


def test_what_is_shorter_is_said_to_be_shorter():
    assert "times as fast as the" in recorded(timed(2)).words[0]


@pytest.mark.parametrize(
    ("people", "said"),
    [(1, "All are one person's"), (4, "They are the work of 4 people"), (0, "do not all say who made them")],
)
def test_who_made_them_is_weighed(people, said):
    assert any(said in one for one in recorded(timed(people=people)).words)


def test_pauses_are_counted_openly():
    found = recorded(timed(odd=90_000))
    assert any("1 stands out as longer than" in one for one in found.words)
    assert "1 above" in found.proposal.source
    assert found.proposal.point < 12


def test_few_times_are_shown_and_not_proposed():
    sample = count_sample(
        io.BytesIO(timed(count=4) + b"\n" + b'{"data": {"prompt": "a word"}}\n' * 6), name="t"
    )
    found = recorded_minutes(sample, ASKED, propose(sample, ASKED))
    assert (found.times.count, found.proposal) == (4, None)
    assert found.words == ("Only 4 of them: 5 are needed to say anything about a mean.",)


def test_they_travel_with_the_counts_and_name_nobody():
    sample = count_sample(io.BytesIO(timed()), name="t.jsonl")
    assert Sample.from_json(json.loads(json.dumps(sample.as_json()))) == sample
    document = sample_document(sample, ASKED, propose(sample, ASKED))["recorded_times"]
    assert (document["of"], document["people"], document["mean"]) == (40, 4, 8.0)
    assert document["proposal"]["name"] == "minutes_per_judgement"
    assert "completed_by" not in json.dumps(sample.as_json())


@pytest.fixture
def package(project):
    package = project.packages.get()
    package.effort_kind = "items"
    package.save()
    package.assumptions.all().delete()
    package.assumptions.create(**assumption("overlap", 2))
    for name in BUILDING:
        package.assumptions.create(**assumption(name, 5))
    return package


@pytest.mark.django_db
@pytest.mark.parametrize("in_admin", [False, True])
def test_the_page_takes_them_in_place_of_what_is_built(client, ada, package, in_admin):
    client.force_login(ada)
    address = reverse("estimates:package-sample", args=["chat", "answers"])
    if in_admin:
        ada.is_staff = True
        ada.save()
        address = f"/admin/labeling/workpackage/{package.pk}/sample/"
    file = SimpleUploadedFile("t.jsonl", timed(3600))
    page = client.post(address, {"file": file, "text": "auto", "widening": "1.25"})
    words = page.content.decode()
    assert "they disagree" in words
    assert "Goes when it is taken" in words
    answers = answers_of(read_form(page, "take-over"))
    assert post(client, address, {**answers, "recorded": ["yes"]}).status_code == 302
    assert set(package.assumptions.values_list("name", flat=True)) == {"overlap", "minutes_per_judgement"}
    stored = package.assumptions.get(name="minutes_per_judgement")
    assert (stored.point, stored.evidence) == (60, "read")
    assert stored.source.startswith("40 recorded times in the sample")


@pytest.mark.django_db
def test_a_new_work_package_starts_with_them(client, ada, project):
    client.force_login(ada)
    address = reverse("estimates:new-package-sample", args=["chat"])
    file = SimpleUploadedFile("t.jsonl", timed(3600))
    page = client.post(address, {"file": file, "text": "auto", "widening": "1", "task_type": "pairwise"})
    answers = answers_of(read_form(page, "take-over"))
    typed = answers_of(read_form(post(client, address, {**answers, "recorded": ["yes"]})))
    assert (typed["minutes_per_judgement-point"], typed["reading_speed-law"]) == (["60"], [""])


@pytest.mark.django_db
def test_the_command_takes_them_when_asked(package, tmp_path):
    file = tmp_path / "t.jsonl"
    file.write_bytes(timed(3600))
    out = io.StringIO()
    where = ["--project", "chat", "--package", "answers", "--apply"]
    call_command("sample_effort", str(file), *where, "--recorded", stdout=out)
    assert "Recorded minutes of 40 judgements: mean 60.00" in out.getvalue()
    assert package.assumptions.get(name="minutes_per_judgement").point == 60
    file.write_bytes(pairs(40))
    with pytest.raises(CommandError, match="no recorded times"):
        call_command("sample_effort", str(file), *where, "--recorded", stdout=io.StringIO())
