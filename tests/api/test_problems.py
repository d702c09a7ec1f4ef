"""Every error is a problem document, wherever it arises."""

import json

import pytest
from django.db import OperationalError
from django.test import Client

from labeling.api.problems import KINDS
from labeling.models import Tier
from tests.api.conftest import Program, key_for, places, program_of
from tests.factories import hours_project

pytestmark = pytest.mark.django_db


def kind(response):
    assert response["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == response.status_code
    assert set(problem) >= {"type", "title", "status", "detail", "instance", "errors"}
    return problem["type"].removeprefix("/api/problems/#")


@pytest.mark.parametrize(
    "path",
    [
        "projects/none/",
        "nothing/",
        "work-packages/a/b/",
        "exchange-rates/99999999999999999999/",
        "budget-reports/1/",
    ],
)
def test_what_is_not_there_is_a_problem(program, path):
    answer = program.get(path)
    assert (answer.status_code, kind(answer)) == (404, "not-found")
    assert answer.json()["instance"] == f"/api/v1/{path}"


def test_an_address_without_its_slash_is_not_redirected_and_loses_no_body(program):
    answer = program.post("tiers", {"name": "A tier"})
    assert (answer.status_code, kind(answer)) == (404, "not-found")
    assert answer.json()["detail"] == "Addresses end in a slash."


@pytest.mark.parametrize("method", ["DELETE", "TRACE", "OPTIONS", "PROPFIND"])
def test_a_method_that_is_not_there_is_a_problem(program, method):
    answer = program.send(method, "projects/")
    assert (answer.status_code, kind(answer)) == (405, "wrong-method")
    assert answer["Allow"] == "GET, POST, HEAD"


def test_who_has_not_signed_in_is_told_how(program):
    answer = Program(None).get("projects/")
    assert (answer.status_code, kind(answer)) == (401, "not-signed-in")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("secret", ["ann_no", "", "x" * 10_000, "ann_00000000" + "0" * 48, "é"])
def test_a_key_that_is_none_is_refused(program, secret):
    assert Program(secret).get("projects/").status_code == 401


@pytest.mark.parametrize("header", ["Basic YTpi", "Bearer", "bearer ", "ann_x", "Bearer a b"])
def test_another_way_of_signing_in_is_refused(db, header):
    assert Client().get("/api/v1/projects/", headers={"Authorization": header}).status_code == 401


def test_a_key_that_may_only_read_does_not_write(ada):
    answer = program_of(ada, "read").post("tiers/", {"name": "A tier"})
    assert (answer.status_code, kind(answer)) == (403, "forbidden")
    assert program_of(ada, "read").get("tiers/").status_code == 200
    assert not Tier.objects.exists()


def test_a_signed_in_person_needs_the_csrf_token_to_write(ada):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(ada)
    assert browser.get("/api/v1/tiers/").status_code == 200
    answer = browser.post("/api/v1/tiers/", json.dumps({"name": "A tier"}), content_type="application/json")
    assert (answer.status_code, kind(answer)) == (403, "forbidden")
    assert not Tier.objects.exists()


def test_another_media_type_cannot_be_asked_for(program):
    answer = program.get("projects/", Accept="text/html")
    assert (answer.status_code, kind(answer)) == (406, "not-acceptable")


def test_a_fault_of_ours_is_a_problem_that_says_nothing_of_the_inside(program, monkeypatch):
    def broken(**given):
        raise RuntimeError("the inside")

    monkeypatch.setattr("labeling.api.workforce.save_tier", broken)
    answer = program.post("tiers/", {"name": "A tier"})
    assert (answer.status_code, kind(answer)) == (500, "our-fault")
    assert b"inside" not in answer.content


def test_a_database_that_is_locked_is_said_to_be_busy(program, monkeypatch):
    def locked(**given):
        raise OperationalError("database is locked")

    monkeypatch.setattr("labeling.api.workforce.save_tier", locked)
    answer = program.post("tiers/", {"name": "A tier"})
    assert (answer.status_code, kind(answer), answer["Retry-After"]) == (503, "busy", "2")


def test_several_places_are_named_at_once(program):
    answer = program.post("tiers/", {"slug": "a b", "description": 5, "rank": 1})
    assert sorted(places(answer)) == ["/description", "/name", "/rank", "/slug"]


def test_a_wrong_host_is_a_problem(program):
    answer = program.get("projects/", Host="evil.example.org")
    assert (answer.status_code, kind(answer)) == (400, "unreadable")


def test_a_pointer_escapes_what_a_name_contains(program):
    assert places(program.post("tiers/", {"name": "x", "a/b~c": 1})) == ["/a~1b~0c"]


def test_every_kind_has_its_place_on_the_page_that_types_lead_to(client):
    page = client.get("/api/problems/").content.decode()
    assert all(f'id="{name}"' in page for name in KINDS)


def test_answers_are_kept_out_of_caches(program):
    assert program.get("projects/")["Cache-Control"] == "no-store"


def test_two_projects_of_one_name_at_one_moment_are_a_conflict_and_no_fault(program, monkeypatch):
    hours_project()
    monkeypatch.setattr("labeling.services.plans.free_slug", lambda taken, name: "chat")
    monkeypatch.setattr("labeling.models.Project.full_clean", lambda self: None)
    answer = program.post("projects/", {"name": "Chat", "budget": {"currency": "USD"}})
    assert (answer.status_code, kind(answer)) == (409, "taken")


def test_a_key_of_somebody_who_was_deactivated_is_refused(ada):
    program = Program(key_for(ada))
    ada.is_active = False
    ada.save()
    assert program.get("projects/").status_code == 401
