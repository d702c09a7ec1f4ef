"""A sample by the API: figures and proposals, and every problem at its place."""

import json

import pytest

from tests.estimates.samples import pairs

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/samples/"


@pytest.fixture
def ask(client, db):
    from tests.factories import administrator

    client.force_login(administrator())

    def send(**body):
        document = {"content": pairs(40).decode(), "task_type": "pairwise", "name": "sample.jsonl", **body}
        return client.post(ADDRESS, json.dumps(document), content_type="application/json")

    return send


def problems(answer):
    assert answer["Content-Type"] == "application/problem+json"
    return [(one["pointer"], one["code"], one["detail"]) for one in answer.json()["errors"]]


def test_figures_and_proposals_are_answered(ask):
    answer = ask()
    assert answer.status_code == 200, answer.content
    document = answer.json()
    assert (document["sample"]["items"], document["sample"]["format"]) == (
        40,
        "TRL preference; JSON, one object a line",
    )
    assert document["sample"]["counts"]["prompt_words"] == {
        "of": 40,
        "mean": 102.0,
        "median": 102.0,
        "p5": 100.0,
        "p95": 104.0,
    }
    first = document["proposals"][0]
    assert (first["name"], first["low"], first["high"], first["point"]) == (
        "prompt_words",
        "81.6",
        "127.5",
        "102",
    )
    assert first["source"].startswith("40 prompts of sample.jsonl")
    assert document["missing"] == []
    assert document["minutes_per_judgement"]["low"] < document["minutes_per_judgement"]["point"]


def test_a_bad_line_is_named(ask):
    answer = ask(content=pairs(10).decode() + "oops\n")
    assert answer.status_code == 400
    assert problems(answer) == [
        ("/content", "bad_line", "Line 11 is no JSON: expecting value at character 1.")
    ]
    assert (
        ask(content=pairs(10).decode() + "oops\n", keep_good_lines=True).json()["sample"]["bad_line_count"]
        == 1
    )


def test_lines_are_counted_from_the_first_even_where_it_is_blank(ask):
    assert problems(ask(content="\n\noops\n" + pairs(9).decode()))[0][0] == "/content"
    assert problems(ask(content="\n\n" + pairs(9).decode() + "oops"))[0][2].startswith("Line 12 ")


def test_unknown_columns_are_listed_and_then_named(ask):
    content = "q,r\n" + "why,so it is\n" * 9
    (problem,) = problems(ask(content=content))
    assert problem[:2] == ("/columns", "columns_unknown")
    assert problem[2].endswith("There are: “q”, “r”.")
    answer = ask(
        content=content,
        task_type="likert",
        columns={"prompt": "q", "responses": ["r"]},
        settings={"dimensions": ["clear", "true"], "points": 5},
    )
    assert answer.status_code == 200, answer.content
    outputs = next(one for one in answer.json()["proposals"] if one["name"] == "outputs_per_judgement")
    assert outputs["point"] == "2"


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"content": ""}, "/content"),
        ({"content": "   "}, "/content"),
        ({"content": 3}, "/content"),
        ({"content": "PK\u0003\u0004"}, "/content"),
        ({"content": pairs(4).decode()}, "/content"),
        ({"content": "a\u0000b"}, "/content"),
        ({"task_type": "x"}, "/task_type"),
        ({"widening": "0.5"}, "/widening"),
        ({"widening": "11"}, "/widening"),
        ({"text": "klingon"}, "/text"),
        ({"columns": {"prompt": 3}}, "/columns/prompt"),
        ({"columns": {"question": "q"}}, "/columns/question"),
        ({"settings": {"nonsense": 1}}, "/settings"),
        ({"settings": 3}, "/settings"),
        ({"keep_good_lines": "yes"}, "/keep_good_lines"),
        ({"else": 1}, "/else"),
    ],
)
def test_every_problem_is_at_its_place(ask, body, place):
    answer = ask(**body)
    assert answer.status_code == 400
    assert any(one[0].startswith(place) for one in problems(answer)), answer.content


def test_a_proposal_goes_into_a_work_package_as_it_is(ask, client):
    from tests.factories import hours_project

    hours_project()
    lines = [
        {name: value for name, value in one.items() if name != "is_counted"}
        for one in ask().json()["proposals"]
    ]
    body = {
        "project": "chat",
        "name": "Pairs",
        "task_type": "pairwise",
        "settings": {"scale_points": 7, "ties": True},
        "tier": "generalist",
        "effort_kind": "items",
        "assumptions": lines,
    }
    made = client.post("/api/v1/work-packages/", json.dumps(body), content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["assumptions"][0]["source"].startswith("40 prompts of sample.jsonl")
