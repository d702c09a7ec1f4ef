"""How often one may ask, and how one is told."""

import pytest

from tests.api.conftest import Program, program_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def few(settings, monkeypatch):
    settings.API_REQUESTS_PER_MINUTE = {"read": 3, "write": 2, "anonymous": 2}
    monkeypatch.setattr("labeling.api.throttling.time.time", lambda: 1_000_020.0)


def test_an_answer_says_what_is_left_of_the_minute(program, few):
    answer = program.get("tiers/")
    left = [answer[f"RateLimit-{name}"] for name in ("Limit", "Remaining", "Reset", "Policy")]
    # 1,000,020 s is the start of a minute.
    assert left == ["3", "2", "61", "3;w=60"]


def test_who_asks_too_often_is_told_when_to_come_back(program, few):
    statuses = [program.get("tiers/").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    answer = program.get("tiers/")
    assert answer.json()["type"] == "/api/problems/#too-many-requests"
    assert (answer["Retry-After"], answer["RateLimit-Remaining"]) == ("61", "0")


def test_reading_does_not_use_up_writing(program, few):
    for _ in range(4):
        program.get("tiers/")
    assert program.post("tiers/", {"name": "A tier"}).status_code == 201


def test_what_is_refused_counts_too(program, few):
    statuses = [program.post("tiers/", {}).status_code for _ in range(3)]
    assert statuses == [400, 400, 429]


def test_a_person_s_keys_share_one_allowance_and_another_person_has_their_own(ada, bo, few):
    statuses = [program_of(ada).get("tiers/").status_code for _ in range(4)]
    assert statuses == [200, 200, 200, 429]
    assert program_of(bo).get("tiers/").status_code == 200


@pytest.mark.parametrize("secret", [None, "ann_wrong"])
def test_knocking_without_a_valid_key_is_counted_by_address(program, few, secret):
    stranger = Program(secret)
    statuses = [stranger.get("tiers/", **{"X-Forwarded-For": f"10.0.0.{n}"}).status_code for n in range(3)]
    assert statuses == [401, 401, 429]
    assert program.get("tiers/").status_code == 200


def test_a_new_minute_is_a_new_allowance(program, few, monkeypatch):
    for _ in range(4):
        program.get("tiers/")
    monkeypatch.setattr("labeling.api.throttling.time.time", lambda: 1_000_080.0)
    assert program.get("tiers/").status_code == 200
