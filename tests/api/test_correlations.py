"""Pairs of inputs that move together, by API."""

import pytest

from estimates.models import Correlation, InHouseTeamAssumption
from tests.api.conftest import places
from tests.factories import assumption, hours_project

pytestmark = pytest.mark.django_db

ADDRESS = "projects/chat/correlations/"
PAIR = {"key": "hours", "other": "wage", "rho": "0.5", "source": "A pilot", "evidence": "derived"}


@pytest.fixture
def chat(db):
    project = hours_project(hours=assumption("hours", 1200, law="range", low=900, high=1600))
    InHouseTeamAssumption.objects.filter(name="wage").update(law="range", low=9, high=16, point=12)
    return project


def test_pairs_are_read_stated_and_removed(program, chat):
    before = program.get(ADDRESS)
    assert before.json()["correlations"] == []
    assert {"key": "wage", "inputs": "Wage, Own team"} in before.json()["keys"]
    stated = program.put(ADDRESS, {"correlations": [PAIR], "version": before.json()["version"]})
    assert stated.status_code == 200, stated.json()
    assert stated.json()["correlations"] == [{**PAIR, "source_url": ""}]
    assert stated["ETag"] == f'"{before.json()["version"] + 1}"'
    kept = program.patch(ADDRESS, {"version": before.json()["version"] + 1})
    assert kept.json()["correlations"] == stated.json()["correlations"]
    gone = program.put(ADDRESS, {"correlations": [], "version": kept.json()["version"]})
    assert gone.json()["correlations"] == []


def test_what_was_read_may_be_sent_back(program, chat):
    read = program.get(ADDRESS).json()
    assert program.put(ADDRESS, read).status_code == 200


def test_an_older_version_overwrites_nothing(program, chat):
    program.put(ADDRESS, {"correlations": [PAIR], "version": 1})
    answer = program.put(ADDRESS, {"correlations": [], "version": 1})
    assert (answer.status_code, answer.json()["current_version"]) == (409, 2)
    assert program.put(ADDRESS, {"correlations": []}).status_code == 428
    assert Correlation.objects.count() == 1


@pytest.mark.parametrize(
    ("pair", "place"),
    [
        ({"rho": "1.5"}, "/correlations/0/rho"),
        ({"rho": "NaN"}, "/correlations/0/rho"),
        ({"rho": "-1.1"}, "/correlations/0/rho"),
        ({"other": "hours"}, "/correlations/0/other"),
        ({"other": "burden"}, "/correlations/0/other"),
        ({"key": "nobody"}, "/correlations/0/key"),
        ({"key": 3}, "/correlations/0/key"),
        ({"source": ""}, "/correlations/0/source"),
        ({"evidence": "hearsay"}, "/correlations/0/evidence"),
        ({"strength": "1"}, "/correlations/0/strength"),
    ],
)
def test_what_cannot_be_is_refused_at_its_place(program, chat, pair, place):
    answer = program.put(ADDRESS, {"correlations": [{**PAIR, **pair}], "version": 1})
    assert answer.status_code == 400, answer.json()
    assert places(answer) == [place]
    assert not Correlation.objects.exists()


def test_a_pair_stated_twice_is_refused(program, chat):
    turned = {**PAIR, "key": "wage", "other": "hours"}
    answer = program.put(ADDRESS, {"correlations": [PAIR, turned], "version": 1})
    assert places(answer) == ["/correlations/1/other"]
    assert "stated twice" in answer.json()["detail"]
