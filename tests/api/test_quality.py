"""The quality of labels by the API."""

import pytest

from estimates.services.quality import quality
from tests.api.conftest import program_of
from tests.estimates.quality_plan import quality_project
from tests.factories import hours_project, member

pytestmark = pytest.mark.django_db


@pytest.fixture
def taste(db):
    return quality_project()


def test_a_program_reads_the_document(program, taste):
    answer = program.get("projects/taste/quality/?package=pairs&accuracy=0.95")
    assert answer.status_code == 200
    assert answer.json() == quality(taste, "pairs")
    assert program.get("projects/taste/quality/?package=pairs").json() == answer.json()
    best = program.get("projects/taste/quality/?package=pairs&accuracy=1").json()
    assert (best["cheapest"], best["wanted_accuracy"]) == (None, 1.0)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("", "package"),
        ("?package=nothing", "package"),
        ("?package=%00", "package"),
        ("?package=<script>", "package"),
        ("?package=" + "a" * 300, "package"),
        *(
            (f"?package=pairs&accuracy={wrong}", "accuracy")
            for wrong in ("0.49", "1.01", "-1", "nan", "inf", "1e0", "95%25", "0.9.5", "٠.٩", "high", "9" * 400, ".9")
        ),
        ("?package=pairs&overlap=3", "overlap"),
        ("?package=pairs&package=pairs", "package"),
    ],
)  # fmt: skip
def test_a_bad_parameter_is_named(program, taste, query, parameter):
    answer = program.get(f"projects/taste/quality/{query}")
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["parameter"] == parameter


def test_what_cannot_be_compared_says_why(program):
    hours_project()
    answer = program.get("projects/chat/quality/?package=answers")
    assert answer.status_code == 422
    assert "given in hours" in answer.json()["detail"]


def test_who_may_not_see_the_money_finds_nothing(taste):
    for role, status in (("planner", 200), ("reviewer", 404), ("labeler", 404)):
        program = program_of(member(taste, role))
        assert program.get("projects/taste/quality/?package=pairs").status_code == status
    stranger = program_of(member(hours_project(), "planner"))
    assert stranger.get("projects/taste/quality/?package=pairs").status_code == 404
