"""Levers by API: written whole, switched by one field, and told of in a result."""

import pytest

from estimates.services.budgets import complete_report
from estimates.services.catalogue import load_catalogue
from tests.api.conftest import places
from tests.estimates.levers import POINTS, SAVINGS, items_project

pytestmark = pytest.mark.django_db
ROUTING = "levers/chat/vendor/routing/"


@pytest.fixture
def chat(db):
    return items_project()


def lines(kind):
    return [
        {"name": name, "law": "number", "point": point, "source": "A test", "evidence": "assumption"}
        for name, point in POINTS[kind].items()
    ]


def body(kind, **more):
    return {"project": "chat", "scenario": "vendor", "kind": kind, "assumptions": lines(kind)} | more


@pytest.mark.parametrize("kind", POINTS)
def test_a_lever_is_stored_read_and_priced(program, chat, kind):
    made = program.post("levers/", body(kind, packages=["answers"]))
    assert made.status_code == 201, made.content
    assert made["Location"].endswith(f"/api/v1/levers/chat/vendor/{kind}/")
    assert (made.json()["is_on"], made.json()["packages"]) == (True, ["answers"])
    read = program.get(f"levers/chat/vendor/{kind}/").json()
    # What was read may be sent back as it is.
    assert program.put(f"levers/chat/vendor/{kind}/", read).status_code == 200
    report = program.post("budget-reports/", {"project": "chat", "draws": 1024})
    complete_report(report_id=report.json()["id"])
    result = program.get(f"budget-reports/{report.json()['id']}/").json()["result"]
    (lever,) = result["scenarios"][0]["levers"]
    assert lever["saving"]["point"] == SAVINGS[kind]


def test_one_field_switches_it_off_and_leaves_the_rest(program, chat):
    program.post("levers/", body("routing", packages=["answers"], note="From May"))
    off = program.patch(ROUTING, {"is_on": False, "version": 1}).json()
    assert (off["is_on"], off["packages"], off["note"], off["version"]) == (False, ["answers"], "From May", 2)
    assert len(off["assumptions"]) == len(POINTS["routing"])
    assert program.patch(ROUTING, {"packages": None, "version": 2}).json()["packages"] is None
    assert program.delete(f"{ROUTING}?version=3").status_code == 204
    assert program.get(ROUTING).status_code == 404


def test_levers_that_do_not_go_together(program, chat):
    assert program.post("levers/", body("ai-labels")).status_code == 201
    answer = program.post("levers/", body("routing"))
    assert answer.status_code == 400
    assert places(answer) == ["/packages"]
    assert "both say which items people see" in answer.json()["detail"]


def test_lists_by_project_and_scenario(program, chat):
    program.post("levers/", body("routing"))
    program.post("levers/", body("oversight", scenario="in-house"))
    found = [one["kind"] for one in program.get("levers/?project=chat").json()["results"]]
    assert found == ["routing", "oversight"]
    found = program.get("levers/?project=chat&scenario=in-house").json()["results"]
    assert [one["scenario"] for one in found] == ["in-house"]


def test_a_kind_stays(program, chat):
    program.post("levers/", body("routing"))
    assert program.patch(ROUTING, {"kind": "oversight", "version": 1}).status_code == 400


def test_list_prices_of_a_model_are_taken_by_its_key(program, chat):
    load_catalogue()
    model = "llm_token_price.gpt-5"
    few = [line for line in lines("routing") if line["name"] not in {"price_in", "price_out"}]
    made = program.post("levers/", body("routing", assumptions=few, list_price=model))
    assert made.status_code == 201, made.content
    assert made.json()["list_price"] == model
    assert made.json()["list_price_source"] == "gpt-5: llm-prices data files, snapshot of August 2026"
    prices = {line["name"]: line["point"] for line in made.json()["assumptions"]}
    assert (prices["price_in"], prices["price_out"]) == ("1.25", "10")
    # Another model alone takes their place; what was read may be sent back.
    other = program.patch(ROUTING, {"list_price": "llm_token_price.gpt-5-mini", "version": 1}).json()
    assert other["list_price"] == "llm_token_price.gpt-5-mini"
    read = program.get(ROUTING).json()
    assert program.put(ROUTING, read).json()["list_price"] == "llm_token_price.gpt-5-mini"
    typed = program.patch(ROUTING, {"assumptions": lines("routing"), "version": 3})
    assert typed.json()["list_price"] is None, typed.content
    for wrong in ("llm_token_price.nobody", "pay.nobody", 7, ["x"], "\x00"):
        answer = program.patch(ROUTING, {"list_price": wrong, "version": 4})
        assert (answer.status_code, places(answer)) == (400, ["/list_price"])
