"""The quality of labels through its doors: the page and the command."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from estimates.services.quality import quality
from estimates.templatetags.estimates_quality import accuracy_picture
from labeling.models import WorkPackage
from tests.estimates.quality_plan import SKILL, quality_project, state
from tests.factories import hours_project, member

pytestmark = pytest.mark.django_db
PAGE = "/projects/taste/quality/"


@pytest.fixture
def project(db):
    return quality_project()


@pytest.fixture
def reader(client, project):
    client.force_login(member(project, "planner"))
    return client


def text_of(answer):
    return answer.content.decode()


def test_the_page_shows_the_finding_and_the_frontier(reader):
    page = reader.get(PAGE)
    assert page.status_code == 200
    text = text_of(page)
    assert "95\u00a0% accuracy costs $3.00 an item at least: Own team" in text
    assert "Northwind, Northwind 2026" in text
    assert "96.66\u00a0%" in text  # seven of Northwind
    assert "89.60\u00a0%" not in text  # three of Northwind, which cost what the team does
    assert "at least 1.69 times a judgement" in text
    assert "independently of one another" in text
    assert "Vendor as planned is 80.0\u00a0% accurate at $1.00 an item" in text
    assert 'role="img" aria-label="Accuracy against cost per item: from 80.0' in text


def test_the_project_leads_to_it(reader):
    assert f'href="{PAGE}"' in text_of(reader.get("/projects/taste/"))


def test_the_page_answers_what_was_asked_and_keeps_it(reader):
    text = text_of(reader.get(PAGE, {"package": "pairs", "accuracy": "99"}))
    assert "99\u00a0% accuracy costs $9.00 an item at least: Own team, 3 judgements per item" in text
    assert 'value="99"' in text


def test_an_accuracy_out_of_reach_is_said_with_the_best_there_is(reader):
    page = reader.get(PAGE, {"package": "pairs", "accuracy": "100 %"})
    assert page.status_code == 200
    assert "No design reaches 100\u00a0% accuracy. The best reaches 99.9\u00a0% at $27.00" in text_of(page)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"package": "pairs", "accuracy": "49"}, "at least 50 %"),
        ({"package": "pairs", "accuracy": "100.5"}, "at most 100 %"),
        ({"package": "pairs", "accuracy": "-1"}, "must not be negative"),
        ({"package": "pairs", "accuracy": "NaN"}, "finite number"),
        ({"package": "pairs", "accuracy": "9,5"}, "comma"),
        ({"package": "pairs", "accuracy": "9" * 5000}, "too long"),
        ({"package": "pairs", "accuracy": "<script>alert(1)</script>"}, "is not a number"),
        ({"package": "nothing", "accuracy": "95"}, "no such work package"),
        ({"package": "\x00", "accuracy": "95"}, "no such work package"),
        ({"accuracy": "95"}, "required"),
    ],
)
def test_what_cannot_be_asked_is_named_and_nothing_is_lost(reader, query, words):
    page = reader.get(PAGE, query)
    assert page.status_code == 422
    assert words in text_of(page)
    assert "<script>alert" not in text_of(page)
    assert "Designs worth choosing" not in text_of(page)


def test_a_plan_that_says_too_little_says_what_is_missing(client, ada):
    client.force_login(ada)
    quality_project("mute", errors=(None, None))
    page = client.get("/projects/mute/quality/")
    assert page.status_code == 200
    assert "No supplier of the scenarios states an error rate" in text_of(page)
    hours_project()
    assert "given in hours" in text_of(client.get("/projects/chat/quality/"))
    WorkPackage.objects.filter(project__slug="chat").delete()
    assert "No work packages yet" in text_of(client.get("/projects/chat/quality/"))


def test_few_comparisons_are_warned_of_on_the_page(reader, project):
    state(project.packages.get(), accepted_items="500")
    assert "Fewer than 2,000 comparisons" in text_of(reader.get(PAGE))


def test_hostile_names_are_escaped(reader, project):
    project.packages.update(name="<img src=x onerror=alert(1)>")
    project.scenarios.update(name="<script>alert(2)</script>")
    team = project.scenarios.get(slug="in-house").allocations.get().team
    team.name = "\"><script>alert('team')</script>"
    team.save()
    text = text_of(reader.get(PAGE))
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "&lt;script&gt;alert(&#x27;team" in text


def test_the_page_takes_a_fixed_number_of_queries(reader, django_assert_max_num_queries):
    with django_assert_max_num_queries(26):
        reader.get(PAGE)


def test_the_picture_has_a_place_for_every_design_and_joins_the_frontier(project):
    state(project.packages.get(), review_time_share="0.5", **SKILL)
    document = quality(project, "pairs")
    drawn = accuracy_picture(document)
    efficient = [one for one in document["designs"] if one["is_efficient"]]
    dots = [dot for dot in drawn["dots"] if dot["is_efficient"]]
    assert len(dots) == len(efficient) > 3
    # Two corners a step, and the first alone.
    assert len(drawn["curve"].split()) == 2 * len(efficient) - 1
    heights = [float(dot["y"]) for dot in dots]
    assert heights == sorted(heights, reverse=True)
    for dot in drawn["dots"]:
        assert 0 <= float(dot["x"].rstrip("%")) <= 100
        assert drawn["top"] <= float(dot["y"]) <= drawn["top"] + drawn["height"]


def test_the_picture_of_work_that_costs_nothing_is_drawn(project):
    for scenario in project.scenarios.all():
        supplier = scenario.allocations.get().supplier
        supplier.assumptions.filter(name__in=("rate", "wage")).update(point=Decimal(0))
    drawn = accuracy_picture(quality(project, "pairs"))
    assert {dot["x"] for dot in drawn["dots"]} == {"0.000%"}


def output_of(*words, **options):
    out = StringIO()
    call_command("price", *words, stdout=out, **options)
    return out.getvalue()


def test_the_command_prints_the_frontier_and_the_sentences(project):
    text = output_of("taste", quality="pairs", accuracy="0.9")
    assert text.startswith("90\u00a0% accuracy costs $3.00 an item at least: Own team")
    assert "Per effective label" in text
    assert "An effective label, one that says as much as a right one, is cheapest at $2.78" in text
    assert "independently of one another" in text


def test_the_command_prints_the_same_document_as_json(project):
    assert json.loads(output_of("taste", quality="pairs", json=True)) == quality(project, "pairs")


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"quality": "nothing"}, "no work package “nothing”"),
        ({"quality": ""}, "no work package"),
        ({"quality": "\x00\n"}, "no work package"),
        ({"quality": "pairs", "accuracy": "0.3"}, "at least 0.5"),
        ({"quality": "pairs", "accuracy": "nan"}, "finite"),
        ({"quality": "pairs", "accuracy": "high"}, "--accuracy: “high” is not a number"),
        ({"accuracy": "0.9"}, "--accuracy goes with --quality"),
    ],
)
def test_the_command_refuses_in_one_line(project, options, words):
    with pytest.raises(CommandError, match=words) as refused:
        output_of("taste", **options)
    assert "\n" not in str(refused.value)
