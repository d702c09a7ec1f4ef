"""A newcomer's project by API alone comes to the same figures as on the command line."""

import json
from decimal import Decimal
from io import StringIO

import pytest
from django.core.management import call_command

from estimates.services.budgets import complete_report
from labeling.models import User
from tests import newcomer
from tests.api.conftest import program_of

pytestmark = pytest.mark.django_db


def lines(inputs):
    return [{**row, "source": newcomer.SOURCE, "evidence": newcomer.EVIDENCE} for row in inputs]


def without_inputs(row):
    return {name: value for name, value in row.items() if name != "inputs"}


def created(response):
    assert response.status_code == 201, response.content
    return response.json()


def enter(program):
    """The newcomer's project, as a program sends it."""
    project = created(program.post("projects/", {**newcomer.PROJECT, "budget": newcomer.BUDGET}))["slug"]
    for tier in newcomer.TIERS:
        created(program.post("tiers/", tier))
    for package in newcomer.PACKAGES:
        body = {**without_inputs(package), "project": project, "assumptions": lines(package["inputs"])}
        created(program.post("work-packages/", body))
    for vendor in newcomer.VENDORS:
        created(program.post("vendors/", vendor))
    for card in newcomer.RATE_CARDS:
        created(program.post("rate-cards/", {**without_inputs(card), "assumptions": lines(card["inputs"])}))
    team = newcomer.TEAM
    created(program.post("in-house-teams/", {**without_inputs(team), "assumptions": lines(team["inputs"])}))
    for scenario in newcomer.SCENARIOS:
        allocations = [
            {"package": package["slug"], "team" if supplier == team["slug"] else "rate_card": supplier}
            for package, supplier in zip(newcomer.PACKAGES, scenario["suppliers"], strict=True)
        ]
        body = {"project": project, "name": scenario["name"], "slug": scenario["slug"]}
        created(program.post("scenarios/", {**body, "allocations": allocations}))
    return project


@pytest.fixture
def planner(db):
    """Somebody who may start projects, and nothing more: no administrator."""
    return User.objects.create_user("cy@example.org", name="Cy", may_start_projects=True)


def test_a_newcomer_s_project_by_api_comes_to_the_figures_of_the_command_line(planner):
    program = program_of(planner)
    project = enter(program)

    asked = program.post(
        "budget-reports/", {"project": project, "seed": newcomer.SEED, "draws": newcomer.DRAWS}
    )
    assert asked.status_code == 202
    assert asked.json()["state"] == "waiting"
    assert asked["Retry-After"] == "2"
    complete_report(report_id=asked.json()["id"])
    report = program.get(asked["Location"].removeprefix("http://testserver")).json()
    assert report["state"] == "done"

    totals = {one["slug"]: Decimal(one["point"]["total"]) for one in report["result"]["scenarios"]}
    assert totals == newcomer.TOTALS

    printed = StringIO()
    call_command(
        "price",
        project,
        seed=newcomer.SEED,
        draws=newcomer.DRAWS,
        sensitivity=True,
        json=True,
        stdout=printed,
    )
    assert report["result"] == json.loads(printed.getvalue())
