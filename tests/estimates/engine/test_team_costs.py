"""A team of one's own in full: leads, quality, guaranteed hours, severance; and what a cost is worth now."""

from dataclasses import replace
from math import log

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.errors import EngineError
from estimates.engine.in_house import Crew, lead_weeks
from estimates.engine.pricing import price_project
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, certain, triangular, uncertain


def staffed(slug: str, seats: str, weeks: str, hours: str = "1000"):
    staffing = campaigns.math_staffing(
        seats=certain(f"{slug}.seats", seats),
        planned_weeks=certain(f"{slug}.weeks", weeks),
        attrition_per_week=certain(f"{slug}.attrition", "0"),
        onboarding_hours=certain(f"{slug}.onboarding", "0"),
        qualification_hours=certain(f"{slug}.tests", "0"),
    )
    return replace(
        campaigns.FEEDBACK, slug=slug, name=slug.capitalize(), staffing=staffing,
        effort=campaigns.HoursEffort(certain(f"{slug}.hours", hours)),
    )  # fmt: skip


def team(**costs: str):
    given = {name: certain(name, value) for name, value in costs.items()}
    plain = {
        "wage": certain("wage", "20"),
        "burden": certain("burden", "0.5"),
        "utilisation": certain("u", "0.8"),
    }
    return campaigns.InHouseTeam("team", "Team", **(plain | given))


def scenario_of(supplier, *packages, **project) -> dict:
    packages = packages or (staffed("work", "25", "10"),)
    scenario = campaigns.whole_project("in-house", supplier, *(each.slug for each in packages))
    return price_project(campaigns.project_of(packages, [scenario], **project), seed=0, draws=1024)[
        "scenarios"
    ][0]


def lines_of(supplier, *packages) -> dict[str, str]:
    return {line["code"]: line["amount"] for line in scenario_of(supplier, *packages)["point"]["lines"]}


def test_every_line_of_a_team():
    full = team(
        setup="5000", recruiting_per_hire="100", seat_cost_per_month="52",
        lead_span="10", lead_cost_per_week="1500", qa_span="20", qa_cost_per_week="1800",
        project_management_cost_per_week="700", severance_per_person="300", guaranteed_hours_per_week="6",
    )  # fmt: skip
    assert lines_of(full) == {
        "labour": "37500.00",  # 1,000 / 0.8 hours at 30
        "idle": "7500.00",  # 25 seats * 10 weeks * 6 hours are 1,500, of which 1,250 are used
        "recruiting": "2500.00",
        "seats": "3000.00",  # 25 * 52 * 10 * 12 / 52
        "leads": "45000.00",  # 3 leads, as 25 people need
        "quality": "36000.00",  # 2
        "project-management": "7000.00",
        "setup": "5000.00",
        "severance": "7500.00",
    }
    assert scenario_of(full)["point"]["paid_hours"] == "1500.00"


def test_guaranteed_hours_that_are_used_cost_nothing_more():
    assert lines_of(team(guaranteed_hours_per_week="5"))["idle"] == "0.00"


def test_leads_are_shared_by_packages_that_run_side_by_side():
    packages = [staffed("one", "6", "10"), staffed("two", "6", "4")]
    # 12 people need 2 leads for 4 weeks, 6 need 1 for the other 6.
    assert lines_of(team(lead_span="10", lead_cost_per_week="100"), *packages)["leads"] == "1400.00"


def test_project_management_lasts_as_long_as_the_longest_package():
    packages = [staffed("one", "6", "10"), staffed("two", "6", "4")]
    assert (
        lines_of(team(project_management_cost_per_week="100"), *packages)["project-management"] == "1000.00"
    )


def test_guaranteed_hours_are_pooled_over_a_teams_packages():
    packages = [staffed("busy", "5", "10", "2000"), staffed("idle", "5", "10", "10")]
    # 2 * 5 * 10 * 20 guaranteed hours are 2,000; 2,010 / 0.8 are used.
    assert lines_of(team(guaranteed_hours_per_week="20"), *packages)["idle"] == "0.00"


@given(
    st.lists(st.tuples(st.integers(1, 60), st.integers(1, 30)), min_size=1, max_size=6), st.integers(1, 20)
)
def test_leads_are_counted_week_by_week(crews, span):
    by_week = sum(
        -(-sum(seats for seats, weeks in crews if weeks > week) // span)
        for week in range(max(w for _, w in crews))
    )
    assert lead_weeks([Crew(D(seats), D(weeks)) for seats, weeks in crews], D(span)) == by_week
    drawn = [Crew(float(seats), np.full((2, 2), float(weeks))) for seats, weeks in crews]
    assert lead_weeks(drawn, float(span)) == pytest.approx(np.full((2, 2), by_week))


def test_leads_with_uncertain_weeks_are_counted_draw_by_draw():
    early, late = np.array([[2.0, 9.0]]), np.array([[5.0, 5.0]])
    found = lead_weeks([Crew(6.0, early), Crew(6.0, late)], 10.0)
    # Two leads until the first crew goes, one until the second does.
    assert found.tolist() == [[2 * 2 + 1 * 3, 2 * 5 + 1 * 4]]


def test_a_step_is_a_step_in_the_simulation_too():
    seats = uncertain("seats", triangular("9", "10", "11"))
    package = staffed("work", "10", "10")
    package = replace(package, staffing=replace(package.staffing, seats=seats))
    found = scenario_of(team(lead_span="10", lead_cost_per_week="1"), package)
    leads = next(line for line in found["simulated"]["lines"] if line["code"] == "leads")
    assert (leads["p10"], leads["p90"]) == ("10.00", "20.00")
    assert float(leads["mean"]) == pytest.approx(15, abs=0.1)


@pytest.mark.parametrize(
    ("costs", "field"),
    [
        ({"lead_span": "10"}, "lead_cost_per_week"),
        ({"qa_cost_per_week": "10"}, "qa_span"),
        ({"lead_span": "0", "lead_cost_per_week": "1"}, "lead_span"),
        ({"guaranteed_hours_per_week": "169"}, "guaranteed_hours_per_week"),
        ({"severance_per_person": "-1"}, "severance_per_person"),
    ],
)
def test_a_team_that_cannot_be(costs, field):
    with pytest.raises(EngineError) as refused:
        team(**costs)
    assert refused.value.field == field


@pytest.mark.parametrize(
    "costs",
    [
        {"lead_span": "10", "lead_cost_per_week": "1"},
        {"qa_span": "10", "qa_cost_per_week": "1"},
        {"project_management_cost_per_week": "1"},
        {"severance_per_person": "1"},
        {"guaranteed_hours_per_week": "1"},
    ],
)
def test_people_who_are_priced_need_staffing(costs):
    with pytest.raises(EngineError, match="has no staffing"):
        scenario_of(team(**costs), campaigns.FEEDBACK)


class TestPresentValue:
    """One year of work at 10 %: what is paid evenly is worth (1 - 1 / 1.1) / ln 1.1 = 95.38 % of itself."""

    EVENLY = (1 - 1 / 1.1) / log(1.1)

    def found(self, **project) -> dict:
        # 52 weeks of one seat: 52 * 20 * 0.85 hours.
        package = staffed("work", "1", "52", "884")
        costs = team(setup="1000", severance_per_person="1100")
        return scenario_of(costs, package, discount_rate=D("0.1"), **project)

    def test_set_up_now_severance_at_the_end_the_rest_evenly(self):
        found = self.found()
        assert found["point"]["weeks"] == "52.00"
        assert found["point"]["total"] == "35250.00"
        assert float(found["point"]["present_value"]) == pytest.approx(
            1000 + 33150 * self.EVENLY + 1000, abs=0.005
        )
        assert float(found["simulated"]["present_value"]["p50"]) == pytest.approx(
            float(found["point"]["present_value"]), abs=0.01
        )

    def test_a_rate_of_nothing_leaves_the_total(self):
        package = staffed("work", "1", "52", "884")
        found = scenario_of(team(setup="1000"), package, discount_rate=D(0))
        assert found["point"]["present_value"] == found["point"]["total"]

    def test_without_a_rate_there_is_none(self):
        found = scenario_of(team())
        assert "present_value" not in found["point"]
        assert "present_value" not in found["simulated"]

    def test_without_weeks_there_is_none_and_a_note_says_why(self):
        found = scenario_of(team(), campaigns.FEEDBACK, discount_rate=D("0.1"))
        assert "present_value" not in found["point"]
        assert any("There is no present value" in each for each in found["notes"])

    @pytest.mark.parametrize("rate", ["-0.1", "1", "NaN"])
    def test_a_rate_that_is_none(self, rate):
        with pytest.raises(EngineError) as refused:
            scenario_of(team(), discount_rate=D(rate))
        assert refused.value.field == "discount_rate"

    @given(st.decimals(0, D("0.9"), places=2), st.decimals(0, D("0.9"), places=2))
    def test_a_higher_rate_is_worth_less(self, one, other):
        low, high = sorted((one, other))
        package = staffed("work", "1", "52", "884")
        worth = [
            D(
                scenario_of(team(severance_per_person="9"), package, discount_rate=rate)["point"][
                    "present_value"
                ]
            )
            for rate in (low, high)
        ]
        assert worth[1] <= worth[0]
