"""A request that is sent again does the work once and is answered the same."""

from datetime import timedelta

import pytest
from django.utils import timezone

from estimates.models import BudgetReport
from labeling.models import IdempotentAnswer, Tier
from labeling.services.idempotency import (
    ABANDONED,
    InFlight,
    ReservationLost,
    forget_expired,
    reserve,
    store_answer,
)
from labeling.tasks import forget_expired_answers
from tests.api.conftest import places, program_of
from tests.factories import NOON, hours_project, person

pytestmark = pytest.mark.django_db

KEY = {"Idempotency-Key": "order-1"}
TIER = {"name": "A tier"}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr("labeling.api.idempotency.WAIT_SECONDS", 0.0)


def test_the_same_again_is_answered_the_same_and_done_once(program):
    first = program.post("tiers/", TIER, **KEY)
    again = program.post("tiers/", TIER, **KEY)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert again["Content-Type"] == first["Content-Type"]
    assert "Idempotency-Replayed" not in first
    assert again["Idempotency-Replayed"] == "true"
    assert Tier.objects.count() == 1


def test_the_same_in_another_spelling_is_the_same(program):
    program.post("tiers/", '{"name": "A tier", "slug": "a"}', **KEY)
    assert program.post("tiers/", '{"slug":"a",\n"name":"A tier"}', **KEY).status_code == 201
    assert Tier.objects.count() == 1


def test_another_content_under_the_same_key_is_refused(program):
    program.post("tiers/", TIER, **KEY)
    answer = program.post("tiers/", {"name": "Another"}, **KEY)
    assert answer.status_code == 422
    assert answer.json()["type"] == "/api/problems/#key-reused"
    assert Tier.objects.count() == 1


def test_a_key_belongs_to_one_person_and_one_address(program, bo):
    bo.may_start_projects = True
    bo.save()
    program.post("tiers/", TIER, **KEY)
    assert program_of(bo).post("tiers/", {"name": "Bo's"}, **KEY).status_code == 201
    assert program.post("vendors/", TIER, **KEY).status_code == 201


def test_nothing_is_kept_of_a_request_that_was_refused(program):
    assert program.post("tiers/", {"name": ""}, **KEY).status_code == 400
    assert not IdempotentAnswer.objects.exists()
    assert program.post("tiers/", TIER, **KEY).status_code == 201


def test_nothing_is_kept_where_we_failed(program, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr("labeling.api.workforce.save_tier", lambda **given: 1 / 0)
        assert program.post("tiers/", TIER, **KEY).status_code == 500
    assert not IdempotentAnswer.objects.exists()
    assert program.post("tiers/", TIER, **KEY).status_code == 201


def test_a_request_that_is_still_running_is_asked_again_later(program, ada):
    held = reserve(
        user=ada, route="POST /api/v1/tiers/", key="order-1", digest=digest(TIER), now=timezone.now()
    )
    answer = program.post("tiers/", TIER, **KEY)
    assert (answer.status_code, answer["Retry-After"]) == (409, "1")
    assert answer.json()["type"] == "/api/problems/#in-flight"
    assert held.status is None
    assert not Tier.objects.exists()


def digest(document):
    from labeling.services.idempotency import body_hash

    return body_hash(document)


def test_a_request_whose_process_died_is_taken_over_and_the_dead_one_can_store_nothing(ada):
    asked = {"user": ada, "route": "POST /x", "key": "k", "digest": "d"}
    dead = reserve(**asked, now=NOON)
    with pytest.raises(InFlight):
        reserve(**asked, now=NOON + ABANDONED - timedelta(seconds=1))
    taken = reserve(**asked, now=NOON + ABANDONED)
    assert taken.attempt == 2
    with pytest.raises(ReservationLost):
        store_answer(dead, status=201, headers={}, body="")
    store_answer(taken, status=201, headers={}, body="{}")


def test_after_a_day_a_key_is_new_again(program):
    program.post("tiers/", {"name": "Old"}, **KEY)
    IdempotentAnswer.objects.update(expires_at=timezone.now())
    assert program.post("tiers/", {"name": "New"}, **KEY).status_code == 201
    assert Tier.objects.count() == 2


def test_answers_older_than_a_day_are_removed_and_younger_kept(ada):
    reserve(user=ada, route="POST /x", key="old", digest="d", now=NOON)
    reserve(user=ada, route="POST /x", key="young", digest="d", now=NOON + timedelta(hours=1))
    assert forget_expired(now=NOON + timedelta(hours=24)) == 1
    assert IdempotentAnswer.objects.get().key == "young"


def test_beat_sends_the_removal(settings, ada):
    task = settings.CELERY_BEAT_SCHEDULE["forget-expired-answers"]["task"]
    assert task == forget_expired_answers.name
    reserve(user=ada, route="POST /x", key="old", digest="d", now=NOON)
    forget_expired_answers()
    assert not IdempotentAnswer.objects.exists()


@pytest.mark.parametrize("key", ["", "x" * 256, "é", "a\tb"])
def test_a_key_that_is_none_is_refused_and_nothing_stored(program, key):
    answer = program.post("tiers/", TIER, **{"Idempotency-Key": key})
    assert (answer.status_code, places(answer)) == (400, ["Idempotency-Key"])
    assert not Tier.objects.exists()


def test_the_longest_key_is_taken(program):
    longest = {"Idempotency-Key": "x" * 255}
    assert program.post("tiers/", TIER, **longest).status_code == 201
    assert program.post("tiers/", TIER, **longest)["Idempotency-Replayed"] == "true"


def test_a_report_asked_for_twice_is_one_report(program):
    hours_project()
    answers = [program.post("budget-reports/", {"project": "chat", "draws": 1024}, **KEY) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [202, 202, 202]
    assert len({answer["Location"] for answer in answers}) == 1
    assert [answer["Retry-After"] for answer in answers] == ["2", "2", "2"]
    assert BudgetReport.objects.count() == 1


def test_every_post_takes_a_key(program):
    hours_project()
    for path, body in {
        "projects/": {"name": "P", "budget": {"currency": "USD"}},
        "projects/chat/duplicate/": {"name": "C"},
        "projects/chat/archive/": {"version": 1},
        "projects/chat/restore/": {"version": 2},
        "exchange-rates/": {"from_currency": "EUR", "to_currency": "USD", "rate": "1.1", "on": "2026-06-01", "source": "x"},
        "in-house-teams/": {"name": "T", "currency": "USD", "assumptions": []},
    }.items():  # fmt: skip
        first, again = (program.post(path, body, **KEY) for _ in range(2))
        assert again["Idempotency-Replayed"] == "true", path
        assert again.content == first.content


def test_who_lost_the_right_to_write_is_not_answered_from_the_store(program, ada):
    program.post("tiers/", TIER, **KEY)
    ada.is_staff = ada.is_superuser = False
    ada.save()
    assert program.post("tiers/", TIER, **KEY).status_code == 403


def test_a_stored_answer_is_seen_by_who_asked_alone(program, db):
    program.post("tiers/", TIER, **KEY)
    answer = program_of(person("cy@example.org")).post("tiers/", TIER, **KEY)
    assert answer.status_code == 403
