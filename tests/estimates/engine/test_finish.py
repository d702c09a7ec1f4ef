"""When the work is finished how surely, and the seats that a wanted chance takes."""

from dataclasses import replace
from datetime import date

import pytest

from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import triangular, uncertain
from tests.estimates.engine.test_schedule import package, scenario_of

STARTS, DEADLINE = date(2026, 6, 1), date(2026, 8, 10)  # ten weeks apart
HOURS = triangular("500", "1000", "1500")


def uncertain_hours(slug: str = "work", law=HOURS):
    return replace(package(slug), effort=campaigns.HoursEffort(uncertain(slug, law)))


def at_most(share: float) -> float:
    """The hours that the share of outcomes of a triangle of 500, 1,000 and 1,500 stays within, above P50."""
    return 1500 - ((1 - share) * 1000 * 500) ** 0.5


def test_the_quantiles_of_the_finish_have_a_day_each():
    schedule = scenario_of(uncertain_hours(), starts_on=STARTS)["schedule"]
    weeks = {one["level"]: float(one["weeks"]) for one in schedule["finish"]}
    for level, share in (("p50", 0.5), ("p80", 0.8), ("p85", 0.85), ("p90", 0.9)):
        assert weeks[level] == pytest.approx((at_most(share) + 80) / 170, abs=0.02), level
    days = {one["level"]: one["on"] for one in schedule["finish"]}
    assert days["p50"] == schedule["p50_finishes_on"] == "2026-07-16"
    assert sorted(days.values()) == list(days.values())


def test_week_by_week_more_outcomes_are_finished():
    rows = scenario_of(uncertain_hours(), starts_on=STARTS)["schedule"]["finished_by_week"]
    by_week = {row["week"]: row["finished"] for row in rows}
    # In seven weeks 1,190 hours are done, 1,110 of them for the work.
    assert by_week[7] == pytest.approx(1 - (1500 - 1110) ** 2 / (1000 * 500), abs=4e-3)
    shares = list(by_week.values())
    assert shares == sorted(shares)
    assert shares[-1] >= 0.99
    assert next(row["on"] for row in rows if row["week"] == 7) == "2026-07-20"


def test_a_long_range_has_rows_of_several_weeks():
    rows = scenario_of(uncertain_hours(law=triangular("1", "1000", "1E+6")))["schedule"]["finished_by_week"]
    assert len(rows) <= 20
    assert "on" not in rows[0]


def test_certain_weeks_have_one_end_and_no_distribution():
    schedule = scenario_of(package(), starts_on=STARTS, deadline=DEADLINE)["schedule"]
    assert "finish" not in schedule
    assert "seats_by_chance" not in schedule["packages"][0]


def test_the_seats_of_a_wanted_chance_by_hand():
    (work,) = scenario_of(uncertain_hours(), starts_on=STARTS, deadline=DEADLINE)["schedule"]["packages"]
    # A seat brings 170 hours in ten weeks, 162 of them for the work: 6.17, 7.31 and 7.88 seats.
    assert work["seats_by_chance"] == [
        {"chance": 0.5, "seats": 7},
        {"chance": 0.8, "seats": 8},
        {"chance": 0.85, "seats": 8},
        {"chance": 0.9, "seats": 8},
        {"chance": 0.95, "seats": 9},
    ]
    assert work["possible"] == 1
    assert work["seats_sentence"] == (
        "Work: 7 seats finish by 10 August 2026 in 50 % of outcomes, in 80 % with 8 seats, in 90 % with 8 seats."
    )


@pytest.mark.parametrize(("chance", "seats"), [(0.5, "6.1728"), (0.8, "7.3074"), (0.95, "8.2833")])
def test_the_seats_put_back_keep_the_deadline_in_so_many_outcomes(chance, seats):
    """Their hires train before the deadline, so that the planned weeks are those to it."""
    work = replace(uncertain_hours(), staffing=package(seats=seats, planned_weeks="10").staffing)
    found = scenario_of(work, starts_on=STARTS, deadline=DEADLINE)["schedule"]["within_deadline"]
    assert found == pytest.approx(chance, abs=4e-3)


def test_where_training_may_take_all_a_chance_has_no_headcount_and_the_reason():
    # Four days bring 68 / 7 hours a seat; a hire takes 2 hours of tests and its onboarding.
    onboarding = uncertain("onboarding", triangular("4", "6.5", "9"))
    unsure = package()
    unsure = replace(unsure, staffing=replace(unsure.staffing, onboarding_hours=onboarding))
    schedule = scenario_of(unsure, starts_on=STARTS, deadline=date(2026, 6, 5))["schedule"]
    (work,) = schedule["packages"]
    too_long = (9 - (68 / 7 - 2)) ** 2 / (5 * 2.5)
    assert work["possible"] == pytest.approx(1 - too_long, abs=4e-3)
    by_chance = {one["chance"]: one["seats"] for one in work["seats_by_chance"]}
    assert by_chance[0.8] > by_chance[0.5] > 0
    assert by_chance[0.9] is by_chance[0.95] is None
    assert work["seats_sentence"].endswith(
        "No headcount finishes Work by 5 June 2026 in 13 % of outcomes: a hire's own training takes all the "
        "hours it brings."
    )


def test_the_package_that_sets_the_end_is_found_draw_by_draw():
    one, two = uncertain_hours("one"), uncertain_hours("two")
    packages = scenario_of(one, two)["schedule"]["packages"]
    assert [each["sets_the_end"] for each in packages] == pytest.approx([0.5, 0.5], abs=0.02)
    longer = scenario_of(one, package("two", hours="5000"))["schedule"]["packages"]
    assert [each["sets_the_end"] for each in longer] == [0, 1]
    assert "sets_the_end" not in scenario_of(one)["schedule"]["packages"][0]
