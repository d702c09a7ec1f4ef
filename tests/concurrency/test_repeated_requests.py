"""A double click, a retry after a time-out, twenty at once: one row, one answer."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from django.test import Client

from estimates.models import BudgetReport
from labeling.models import IdempotentAnswer, Project, Scope, Tier
from labeling.services.api_keys import create_key
from tests.factories import NOON, administrator, hours_project

TOGETHER = 20

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def secret(settings):
    settings.API_REQUESTS_PER_MINUTE = {"read": 10**6, "write": 10**6, "anonymous": 10**6}
    return create_key(user=administrator(), name="A test", scope=Scope.WRITE, expires_at=None, now=NOON)[1]


def at_once(secret, path, bodies, **headers):
    """Post all bodies at the same moment, each in a thread of its own."""
    barrier = Barrier(len(bodies))

    def post(body):
        client = Client(raise_request_exception=False)
        barrier.wait()
        try:
            return client.post(
                path,
                json.dumps(body),
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}", **headers},
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(post, bodies))


def test_twenty_of_the_same_at_once_store_one_row_and_give_one_answer(secret):
    answers = at_once(secret, "/api/v1/tiers/", [{"name": "A tier"}] * TOGETHER, **{"Idempotency-Key": "k"})
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotency-Replayed" not in answer for answer in answers) == 1
    assert Tier.objects.count() == 1
    assert IdempotentAnswer.objects.get().status == 201


def test_without_a_key_twenty_of_the_same_are_twenty(secret):
    answers = at_once(
        secret, "/api/v1/tiers/", [{"name": "A tier", "slug": f"t-{n}"} for n in range(TOGETHER)]
    )
    assert {answer.status_code for answer in answers} == {201}
    assert Tier.objects.count() == TOGETHER


def test_twenty_requests_for_one_report_are_one_report(secret):
    hours_project()
    body = {"project": "chat", "draws": 1024}
    answers = at_once(secret, "/api/v1/budget-reports/", [body] * TOGETHER, **{"Idempotency-Key": "k"})
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer["Location"] for answer in answers}) == 1
    assert BudgetReport.objects.count() == 1


def test_of_twenty_contents_under_one_key_one_is_taken(secret):
    bodies = [{"name": f"Tier {number}"} for number in range(TOGETHER)]
    answers = at_once(secret, "/api/v1/tiers/", bodies, **{"Idempotency-Key": "k"})
    assert sorted(answer.status_code for answer in answers) == [201, *[422] * (TOGETHER - 1)]
    assert Tier.objects.count() == 1


def test_of_twenty_changes_over_one_version_one_wins(secret):
    hours_project()
    barrier = Barrier(TOGETHER)

    def change(number):
        client = Client(raise_request_exception=False)
        barrier.wait()
        try:
            return client.patch(
                "/api/v1/projects/chat/",
                json.dumps({"name": f"Name {number}", "version": 1}),
                content_type="application/json",
                headers={"Authorization": f"Bearer {secret}"},
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(TOGETHER) as pool:
        answers = list(pool.map(change, range(TOGETHER)))
    assert sorted(answer.status_code for answer in answers) == [200, *[409] * (TOGETHER - 1)]
    winner = next(answer for answer in answers if answer.status_code == 200)
    assert Project.objects.get().name == winner.json()["name"]
    assert {answer.json()["current_version"] for answer in answers if answer.status_code == 409} == {2}
