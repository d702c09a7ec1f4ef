"""What a total leaves out is said beside it: work that takes a team longer than planned."""

from dataclasses import replace

import pytest

from estimates.engine.pricing import price_project
from estimates.engine.scenario import Allocation, ScenarioInputs
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, between, certain, uncertain
from tests.estimates.engine.test_team_costs import scenario_of, staffed, team
from tests.estimates.engine.vendor_work import offer

# 5 seats of 17 productive hours a week need 20 weeks for 1,700 hours.
FULL = {
    "seat_cost_per_month": "52",
    "guaranteed_hours_per_week": "1",
    "lead_span": "10",
    "lead_cost_per_week": "1000",
    "qa_span": "10",
    "qa_cost_per_week": "500",
    "project_management_cost_per_week": "300",
}


def with_attrition(package, rate: str):
    return replace(package, staffing=replace(package.staffing, attrition_per_week=certain("attrition", rate)))


def test_work_that_takes_longer_than_planned_is_said_with_its_figures():
    found = scenario_of(team(**FULL), staffed("rank", "5", "8", "1700"))
    # 12 weeks more: 5 * 52 * 12 * 12 / 52 for seats, and 1,000 + 500 + 300 a week.
    assert found["warnings"] == [
        (
            "Work package “Rank” takes 20 weeks at this team's pace, but its seats, guaranteed hours, leads, quality "
            "leads and project management are paid for 8 planned weeks: plan more weeks or more seats."
        ),
        "Planned for 20 weeks, “In-house” costs $22,320.00 more.",
    ]


def test_what_it_says_is_what_planning_more_weeks_comes_to():
    late, planned = (scenario_of(team(**FULL), staffed("rank", "5", weeks, "1700")) for weeks in ("8", "20"))
    assert D(planned["point"]["total"]) - D(late["point"]["total"]) == 22320
    assert planned["warnings"] == []


def test_hires_in_place_of_leavers_are_those_of_the_planned_weeks():
    package = with_attrition(staffed("rank", "5", "1", "1700"), "0.02")
    found = scenario_of(team(recruiting_per_hire="100"), package)
    # 19 weeks more are 1.9 hires more.
    assert found["warnings"] == [
        (
            "Work package “Rank” takes 20 weeks at this team's pace, but its hires are paid for 1 planned week: plan "
            "more weeks or more seats."
        ),
        "Planned for 20 weeks, “In-house” costs $190.00 more.",
    ]


@pytest.mark.parametrize(
    ("costs", "package"),
    [
        (FULL, staffed("rank", "5", "20", "1700")),
        (FULL, staffed("rank", "5", "19.999", "1699.9")),
        ({"recruiting_per_hire": "100"}, staffed("rank", "5", "8", "1700")),
        ({}, campaigns.FEEDBACK),
    ],
    ids=["just in time", "late by less than is printed", "nothing paid by the week", "not staffed"],
)
def test_nothing_is_said_where_nothing_is_left_out(costs, package):
    assert scenario_of(team(**costs), package)["warnings"] == []


def test_the_latest_three_work_packages_are_named_and_the_others_counted():
    packages = [staffed(name, "5", weeks, "1700") for name, weeks in zip("abcde", "86791", strict=True)]
    *named, counted, price = scenario_of(team(**FULL), *packages)["warnings"]
    assert [sentence[14:15] for sentence in named] == ["E", "B", "C"]
    assert counted == "2 more work packages take longer than planned."
    assert price.startswith("Planned for the weeks it takes, “In-house” costs $")


def test_only_a_team_is_warned_of_and_a_share_of_a_package_counts():
    package = staffed("rank", "5", "8", "1700")
    vendor = offer()
    scenarios = [
        campaigns.whole_project("vendor", vendor, "rank"),
        ScenarioInputs(
            "both",
            "Both",
            (Allocation("rank", vendor, D("0.4")), Allocation("rank", team(**FULL), D("0.6"))),
        ),
    ]
    document = price_project(campaigns.project_of([package], scenarios), seed=0, draws=1024)
    bought, both = (each["warnings"] for each in document["scenarios"])
    assert bought == []
    # Leads and managers are whole people; seats are shared: 0.6 of 5 * 52 * 12 * 12 / 52.
    assert both[-1] == "Planned for 20 weeks, “Both” costs $22,032.00 more."


def test_a_manager_is_paid_for_the_longest_work_and_not_for_the_late_one():
    """Ten weeks of managing are paid, whatever the late package of three planned weeks takes."""
    found = scenario_of(team(**FULL), staffed("late", "5", "3", "510"), staffed("long", "5", "10", "850"))
    late, price = found["warnings"]
    assert "its seats, guaranteed hours, leads and quality leads are paid for 3 planned weeks" in late
    assert price.startswith("Planned for 6 weeks, ")


def test_following_the_advice_ends_the_warning():
    """More weeks bring more hires to train: the advice already counts the weeks of their training."""
    package = with_attrition(staffed("rank", "5", "1", "1700"), "0.02")
    package = replace(
        package, staffing=replace(package.staffing, onboarding_hours=certain("onboarding", "40"))
    )
    crew = team(recruiting_per_hire="100")
    _, advice = scenario_of(crew, package)["warnings"]
    weeks = advice.removeprefix("Planned for ").split(" weeks")[0]
    followed = replace(package, staffing=replace(package.staffing, planned_weeks=certain("weeks", weeks)))
    assert scenario_of(crew, followed)["warnings"] == []


def test_seats_that_no_planning_of_weeks_will_do_are_said():
    package = with_attrition(staffed("rank", "5", "1", "1700"), "1")
    package = replace(
        package, staffing=replace(package.staffing, onboarding_hours=certain("onboarding", "40"))
    )
    assert scenario_of(team(recruiting_per_hire="100"), package)["warnings"][-1].endswith("Plan more seats.")


def test_an_overrun_that_only_some_outcomes_have_is_said_too():
    package = staffed("rank", "5", "21", "1700")
    package = replace(package, effort=campaigns.HoursEffort(uncertain("hours", between("1300", "2223"))))
    (said,) = scenario_of(team(**FULL), package)["warnings"]
    assert said.startswith("Work package “Rank” may take longer than planned (P50 19.99, P90 24.6")
    assert said.endswith("paid for 21 planned weeks in every outcome: the range holds no such overrun.")
    calm = replace(package, staffing=replace(package.staffing, planned_weeks=certain("weeks", "40")))
    assert scenario_of(team(**FULL), calm)["warnings"] == []
