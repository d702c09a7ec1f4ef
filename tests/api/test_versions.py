"""Two programs that change one thing: the second is told, and nothing is overwritten."""

import pytest

from labeling.models import Project, WorkPackage
from tests.api.conftest import places
from tests.factories import hours_project

pytestmark = pytest.mark.django_db
PATH = "projects/chat/"


@pytest.fixture
def chat(db):
    return hours_project()


def test_an_answer_says_its_version_in_the_document_and_as_etag(program, chat):
    answer = program.get(PATH)
    assert (answer.json()["version"], answer["ETag"]) == (1, '"1"')


def test_a_change_over_the_newest_version_is_stored_and_counts_it_up(program, chat):
    answer = program.patch(PATH, {"name": "Renamed", "version": 1})
    assert (answer.status_code, answer.json()["name"], answer.json()["version"]) == (200, "Renamed", 2)


@pytest.mark.parametrize("tag", ['"1"', 'W/"1"', "1"])
def test_the_version_may_stand_in_if_match(program, chat, tag):
    assert program.patch(PATH, {"name": "Renamed"}, **{"If-Match": tag}).status_code == 200


@pytest.mark.parametrize("headers", [{}, {"If-Match": '"1"'}])
def test_the_second_of_two_is_told_the_newest_version_and_overwrites_nothing(program, chat, headers):
    shown = {} if headers else {"version": 1}
    program.patch(PATH, {"name": "First", "version": 1})
    answer = program.patch(PATH, {"name": "Second", **shown}, **headers)
    assert answer.status_code == 409
    assert answer.json()["type"] == "/api/problems/#edit-conflict"
    assert answer.json()["current_version"] == 2
    assert Project.objects.get().name == "First"


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_a_change_that_names_no_version_is_not_made(program, chat, method):
    answer = program.send(method, PATH, {"name": "Renamed"})
    assert answer.status_code == 428
    assert Project.objects.get().name == "Chat"


@pytest.mark.parametrize("path", ["tiers/generalist/", "work-packages/chat/answers/"])
def test_a_removal_that_names_no_version_is_not_made(program, chat, path):
    assert program.delete(path).status_code == 428


@pytest.mark.parametrize(
    ("headers", "status"), [({"If-Match": "*"}, 400), ({"If-Match": '"x"'}, 400), ({"If-Match": '"2"'}, 400)]
)
def test_a_version_that_cannot_be_understood_or_contradicts_is_refused(program, chat, headers, status):
    answer = program.patch(PATH, {"name": "Renamed", "version": 1}, **headers)
    assert (answer.status_code, places(answer)) == (status, ["If-Match"])


@pytest.mark.parametrize("version", ["1", 1.5, True, None, -1, 0, 2**63, []])
def test_a_version_that_is_none_changes_nothing(program, chat, version):
    assert program.patch(PATH, {"name": "Renamed", "version": version}).status_code in {400, 409}
    assert Project.objects.get().name == "Chat"


def test_what_was_read_may_be_sent_back_as_it_is(program, chat):
    for path in (
        "projects/chat/", "work-packages/chat/answers/", "rate-cards/chat-card/", "in-house-teams/chat-team/",
        "scenarios/chat/vendor/", "tiers/generalist/", "vendors/northwind/", "projects/chat/budget/",
    ):  # fmt: skip
        read = program.get(path).json()
        for method in ("PUT", "PATCH"):
            answer = program.send(method, path, read)
            assert answer.status_code == 200, (path, answer.content)
            stored = answer.json()
            assert {**stored, "version": read["version"]} == read
            read = stored


def test_what_cannot_be_changed_is_refused_and_not_ignored(program, chat):
    answer = program.patch(PATH, {"archived_at": "2026-01-01T00:00:00Z", "slug": "other", "version": 1})
    assert (answer.status_code, sorted(places(answer))) == (400, ["/archived_at", "/slug"])
    assert {error["code"] for error in answer.json()["errors"]} == {"read_only"}


def test_a_patch_leaves_alone_what_it_does_not_name(program, chat):
    answer = program.patch("work-packages/chat/answers/", {"name": "Replies", "version": 1})
    assert [row["name"] for row in answer.json()["assumptions"]] == ["hours"]
    assert WorkPackage.objects.get().slug == "answers"
    answer = program.patch("scenarios/chat/vendor/", {"name": "Bought", "version": 1})
    assert [row["rate_card"] for row in answer.json()["allocations"]] == ["chat-card"]
    answer = program.patch("rate-cards/chat-card/", {"name": "Card", "version": 1})
    assert [row["name"] for row in answer.json()["assumptions"]] == ["rate"]


def test_a_line_of_a_list_is_whole_in_a_patch_too(program, chat):
    answer = program.patch("work-packages/chat/answers/", {"assumptions": [{"name": "hours"}], "version": 1})
    assert answer.status_code == 400
    assert "/assumptions/0/law" in places(answer)


def test_what_is_still_used_is_not_removed(program, chat):
    answer = program.delete("tiers/generalist/?version=1")
    assert answer.status_code == 409
    assert answer.json()["type"] == "/api/problems/#in-use"
    # Counted and not named: they may belong to a project that the caller must not know of.
    assert answer.json()["detail"] == "Generalist is still used by 1 rate card and 1 work package."


def test_what_nothing_uses_is_removed(program, chat):
    assert program.delete("scenarios/chat/vendor/?version=1").status_code == 204
    assert program.get("scenarios/chat/vendor/").status_code == 404


def test_an_archived_project_is_neither_changed_nor_priced_until_it_is_restored(program, chat):
    assert program.post("projects/chat/archive/", {"version": 1}).status_code == 200
    for answer in (
        program.patch(PATH, {"name": "Renamed", "version": 2}),
        program.patch("work-packages/chat/answers/", {"name": "Renamed", "version": 1}),
        program.patch("scenarios/chat/vendor/", {"name": "Renamed", "version": 1}),
        program.patch("projects/chat/budget/", {"currency": "EUR", "version": 1}),
        program.delete("scenarios/chat/vendor/?version=1"),
    ):
        assert (answer.status_code, answer.json()["type"]) == (409, "/api/problems/#archived")
    assert program.post("budget-reports/", {"project": "chat"}).status_code == 422
    assert [row["slug"] for row in program.get("projects/").json()["results"]] == []
    assert [row["slug"] for row in program.get("projects/?archived=true").json()["results"]] == ["chat"]
    restored = program.post("projects/chat/restore/", {"version": 2})
    assert (restored.status_code, restored.json()["archived_at"]) == (200, None)


def test_a_copy_has_the_plan_budget_and_scenarios_of_its_original(program, chat):
    answer = program.post("projects/chat/duplicate/", {"name": "Second round"})
    assert (answer.status_code, answer["Location"]) == (
        201,
        "http://testserver/api/v1/projects/second-round/",
    )
    assert answer.json()["budget"]["currency"] == "USD"
    assert len(program.get("scenarios/?project=second-round").json()["results"]) == 2


def test_the_first_budget_of_a_project_without_one_needs_no_version(program, chat):
    lever = {
        "name": "data_preparation",
        "law": "number",
        "point": "50",
        "source": "x",
        "evidence": "assumption",
    }
    assert program.patch("scenarios/chat/vendor/", {"assumptions": [lever], "version": 1}).status_code == 200
    chat.budget.delete()
    assert program.get(PATH).json()["budget"] is None
    assert program.get("projects/chat/budget/").status_code == 404
    scenario = program.get("scenarios/chat/vendor/").json()
    assert scenario["assumptions"][0]["unit"] == "the project's currency"
    answer = program.put("projects/chat/budget/", {"currency": "EUR"})
    assert (answer.status_code, answer.json()["currency"]) == (200, "EUR")
