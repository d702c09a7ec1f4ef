"""How often labelers err, by the API."""

import json

import pytest

from estimates.services.labeler_accuracy import labeler_accuracy
from tests.estimates.engine.test_dawid_skene import labels_of
from tests.factories import administrator

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/labeler-accuracy/"


@pytest.fixture
def ask(client, db):
    client.force_login(administrator())

    def send(judgements):
        rows = [dict(zip(("item", "labeler", "label"), one, strict=True)) for one in judgements]
        return client.post(ADDRESS, json.dumps({"judgements": rows}), content_type="application/json")

    return send


def test_it_answers_the_document_of_the_command(ask):
    judgements, _ = labels_of((0.9, 0.8, 0.7), items=200)
    answer = ask(judgements)
    assert answer.status_code == 200, answer.content
    assert answer.json() == labeler_accuracy(judgements)


@pytest.mark.parametrize(
    ("judgements", "pointer", "words"),
    [
        ([("1", "a", "x"), ("1", "b", "y")], "/judgements", "2 labelers are too few"),
        ([], "/judgements", "empty"),
        ([("1", "a", "")], "/judgements/0/label", "blank"),
        ([("1", "a", "x" * 201)], "/judgements/0/label", "200"),
    ],
)
def test_what_cannot_be_told_is_refused_at_its_place(ask, judgements, pointer, words):
    answer = ask(judgements)
    assert answer.status_code in {400, 422}
    (problem,) = answer.json()["errors"]
    assert problem["pointer"] == pointer
    assert words in problem["detail"]


def test_nobody_who_has_not_signed_in_is_answered(client, db):
    assert client.post(ADDRESS, "{}", content_type="application/json").status_code in {401, 403}
