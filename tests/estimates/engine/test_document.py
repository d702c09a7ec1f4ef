"""The document: JSON types only, lines that merge, what is left out, who is told about progress."""

import json
import subprocess
import sys
from dataclasses import replace

import pytest

from estimates.engine.pricing import price_project
from estimates.engine.scenario import Allocation, ScenarioInputs
from estimates.engine.version import ENGINE_VERSION
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, certain


def test_it_survives_json_unchanged():
    for project in (campaigns.instructgpt(), campaigns.prm800k()):
        document = price_project(project, seed=0, draws=1024)
        assert json.loads(json.dumps(document, allow_nan=False)) == document


def test_it_names_what_it_was_made_with():
    document = price_project(campaigns.instructgpt(), seed=3, draws=1024)
    assert (document["seed"], document["draws"], document["engine_version"]) == (3, 1024, ENGINE_VERSION)
    assert "numpy" in ENGINE_VERSION
    assert "scipy" in ENGINE_VERSION


def test_every_in_house_scenario_meets_every_vendor_scenario_in_order():
    document = price_project(campaigns.instructgpt(), seed=0, draws=1024)
    pairs = [(each["scenario"], each["against"]) for each in document["comparisons"]]
    assert pairs == [("in-house", "outsourced"), ("in-house", "opened-up"), ("in-house", "cost-plus")]


def test_progress_is_told_package_by_package_and_scenario_by_scenario():
    told: list[tuple[int, int, str]] = []
    price_project(campaigns.prm800k(), seed=0, draws=1024, on_progress=lambda *step: told.append(step))
    assert told == [
        (1, 5, "Worked through 1 of 1 work packages"),
        (2, 5, "Priced Vendor"),
        (3, 5, "Priced In-house"),
        (4, 5, "Priced No-active-learning"),
        (5, 5, "Compared the scenarios"),
    ]


@pytest.mark.parametrize(("limit", "expected"), [("0", 0.0), ("600000", 0.5), ("10000000", 1.0)])
def test_the_share_of_outcomes_within_the_budget(limit, expected):
    project = replace(campaigns.instructgpt(), budget_limit=D(limit))
    outsourced = price_project(project, seed=0, draws=8192)["scenarios"][0]
    assert outsourced["simulated"]["within_budget"] == pytest.approx(expected, abs=0.005)


def test_without_a_budget_there_is_nothing_to_be_within():
    outsourced = price_project(campaigns.instructgpt(), seed=0, draws=1024)["scenarios"][0]
    assert outsourced["simulated"]["within_budget"] is None


def test_a_project_without_uncertainty_has_one_outcome():
    package = replace(campaigns.FEEDBACK, effort=campaigns.HoursEffort(certain("hours", "100")))
    vendor = replace(campaigns.BILLED, rate=certain("rate", "30"))
    team = campaigns.InHouseTeam(
        "team", "Team", certain("wage", "20"), certain("burden", "0"), certain("utilisation", "1")
    )
    project = campaigns.project_of(
        [package],
        [
            campaigns.whole_project("vendor", vendor, "feedback"),
            campaigns.whole_project("in-house", team, "feedback"),
        ],
    )
    document = price_project(project, seed=0, draws=1024)
    simulated = document["scenarios"][0]["simulated"]
    assert {simulated[name] for name in ("mean", "p10", "p50", "p80", "p90")} == {"3000.00"}
    assert (simulated["p50_error"], simulated["contingency"], simulated["log_sd"]) == ("0.00", "0.00", 0.0)
    assert simulated["histogram"] == {"edges": ["3000.00", "3000.00"], "shares": [1.0]}
    (comparison,) = document["comparisons"]
    assert comparison["probability_cheaper"] == 1.0
    assert comparison["saving"] == {"p10": "1000.00", "p50": "1000.00", "p90": "1000.00"}
    assert comparison["value_of_information"] == "0.00"
    assert comparison["sentence"] == (
        "In-house is cheaper than Vendor in all simulated outcomes and saves $1,000 at the median."
    )


def test_two_scenarios_that_cost_the_same_are_not_said_to_differ():
    team = replace(
        campaigns.own_team(wage=certain("wage", "20"), utilisation=certain("u", "1")),
        burden=certain("burden", "0.5"), setup=None,
    )  # fmt: skip
    vendor = replace(campaigns.BILLED, rate=certain("rate", "30"))
    scenarios = [
        campaigns.whole_project("bought", vendor, "feedback"),
        campaigns.whole_project("own", team, "feedback"),
    ]
    project = campaigns.project_of([campaigns.FEEDBACK], scenarios)
    (found,) = price_project(project, seed=0, draws=1024)["comparisons"]
    assert found["sentence"] == "Own and Bought cost the same in all simulated outcomes."


def test_work_that_costs_nothing_can_be_priced():
    vendor = replace(campaigns.BILLED, rate=certain("rate", "0"))
    project = campaigns.project_of(
        [campaigns.FEEDBACK], [campaigns.whole_project("volunteers", vendor, "feedback")]
    )
    simulated = price_project(project, seed=0, draws=1024)["scenarios"][0]["simulated"]
    assert (simulated["p50"], simulated["log_sd"]) == ("0.00", None)


def test_a_set_up_counts_once_however_many_work_packages_a_supplier_does():
    second = replace(campaigns.FEEDBACK, slug="more", name="More feedback")
    team = replace(campaigns.own_team(), setup=certain("setup", "1000"))
    offer = replace(campaigns.COST_PLUS, setup_fee=certain("fee", "300"))
    shared = ScenarioInputs("shared", "Shared", (Allocation("feedback", offer), Allocation("more", team)))
    project = campaigns.project_of(
        [campaigns.FEEDBACK, second],
        [
            campaigns.whole_project("vendor", offer, "feedback", "more"),
            campaigns.whole_project("in-house", team, "feedback", "more"),
            shared,
        ],
    )
    document = price_project(project, seed=0, draws=1024)
    vendor, in_house, mixed = (
        {line["code"]: line["amount"] for line in each["point"]["lines"]} for each in document["scenarios"]
    )
    assert vendor == {"labour": "1200000.00", "margin": "1200000.00", "setup-fee": "300.00"}
    assert in_house == {"labour": "1875000.00", "setup": "1000.00"}
    assert mixed == {"labour": "1537500.00", "margin": "600000.00", "setup-fee": "300.00", "setup": "1000.00"}
    assert document["scenarios"][2]["supplier"] == {"kind": "mixed", "name": "Cost plus + Own team"}
    # A scenario both take part in is no side of the question whether to do it in-house.
    assert [(each["scenario"], each["against"]) for each in document["comparisons"]] == [
        ("in-house", "vendor")
    ]
    # 300 of set-up fee is outside the margin: 600 k + 600 k of labour, each with half of it on top, and 300.
    assert document["scenarios"][0]["markup_reading"]["total_if_markup"] == "1800300.00"


@pytest.mark.parametrize(
    ("basis", "total"), [("judgement", "225000.00"), ("item", "75000.00"), ("output", "800000.00")]
)
def test_a_unit_price_multiplies_what_is_accepted(basis, total):
    offer = campaigns.math_vendor(basis=basis, pricing="billed", margin=None, rate=certain("rate", "1"))
    effort = campaigns.step_effort(overlap=certain("overlap", "3"), rework_rate=certain("rework", "0.5"))
    project = campaigns.project_of(
        [campaigns.step_package(effort)], [campaigns.whole_project("vendor", offer, "steps")]
    )
    assert price_project(project, seed=0, draws=1024)["scenarios"][0]["point"]["total"] == total


def test_a_markup_of_100_percent_is_a_margin_of_50():
    offer = campaigns.math_vendor(pricing="cost-plus-markup", margin=None, markup=certain("markup", "1"))
    project = campaigns.project_of(
        [campaigns.step_package()], [campaigns.whole_project("vendor", offer, "steps")]
    )
    assert price_project(project, seed=0, draws=1024)["scenarios"][0]["point"]["total"] == "1588722.22"


def test_the_engine_imports_without_settings_and_keeps_scipy_off_the_start_up_path():
    code = (
        "import sys, estimates.engine.pricing;"
        "assert not any(name.split('.')[0] in ('django', 'scipy') for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, env={"PATH": ""})
