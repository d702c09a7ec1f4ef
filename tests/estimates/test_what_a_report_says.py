"""What stands beside the headline: what the totals leave out, who does what, and what is compared with what."""

import uuid
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import reverse

from estimates.errors import PricingError
from estimates.models import (
    InHouseTeam,
    InHouseTeamAssumption,
    RateCard,
    RateCardAssumption,
    Scenario,
    ScenarioAllocation,
)
from estimates.services.budgets import complete_report, price, request_report
from estimates.templatetags import estimates_report as tags
from labeling.models import Vendor, WorkPackage, WorkPackageAssumption
from tests.factories import BUYER_PAYS, NOON, assumption

LATE = (
    "Work package “Answers” takes 12.5 weeks at this team&#x27;s pace, but its seats are paid for 2 planned weeks: "
    "plan more weeks or more seats. Planned for 12.5 weeks, “In-house” costs $630.00 more."
)


@pytest.fixture
def late(project):
    """1,000 hours by 5 seats of 16 productive hours a week, planned for 2 weeks; a seat costs $52 a month."""
    package = WorkPackage.objects.get()
    staffing = {
        "seats": "5", "planned_weeks": "2", "attrition_per_week": "0", "onboarding_hours": "0",
        "qualification_pass_rate": "1", "qualification_hours": "0", "hours_per_week": "20", "utilisation": "0.8",
    }  # fmt: skip
    for name, point in staffing.items():
        WorkPackageAssumption.objects.create(package=package, **assumption(name, point))
    InHouseTeamAssumption.objects.create(
        team=InHouseTeam.objects.get(), **assumption("seat_cost_per_month", "52")
    )
    return project


@pytest.fixture
def shared(project):
    """A third scenario: the vendor, another vendor and the team share the answers."""
    vendor = Vendor.objects.create(slug="southwind", name="Southwind")
    card = RateCard.objects.get()
    other = RateCard.objects.create(
        vendor=vendor, tier=card.tier, slug="south", name="Southwind 2026", currency="USD", basis="hour",
        pricing="billed", valid_from=date(2026, 1, 1), **BUYER_PAYS,
    )  # fmt: skip
    RateCardAssumption.objects.create(rate_card=other, **assumption("rate", 20, key="south-rate"))
    package = WorkPackage.objects.get()
    scenario = Scenario.objects.create(project=project, slug="mix", name="Mix", position=0)
    for supplier, share in (
        ({"rate_card": card}, "0.5"),
        ({"rate_card": other}, "0.3"),
        ({"team": InHouseTeam.objects.get()}, "0.2"),
    ):
        ScenarioAllocation.objects.create(
            scenario=scenario, package=package, share=Decimal(share), **supplier
        )
    return project


def report_page(client, project, ada):
    report = request_report(
        project=project, asked_by=ada, seed=0, draws=1024, client_key=uuid.uuid4(), now=NOON
    )
    complete_report(report_id=report.pk)
    return words_of(client.get(reverse("estimates:report-detail", args=[report.pk])))


def words_of(answer):
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_a_report_warns_beside_its_headline_and_in_the_scenario(client, ada, late, published):
    client.force_login(ada)
    text = report_page(client, late, ada)
    assert text.count(LATE) == 2
    assert (
        text.index('id="finding"')
        < text.index("These totals leave something out")
        < text.index(LATE)
        < text.index('id="scenarios"')
    )


def test_the_figures_of_a_project_warn_too(client, ada, late):
    client.force_login(ada)
    assert LATE in words_of(client.get(reverse("estimates:quick-price", args=[late.slug])))


def test_the_command_line_and_the_document_warn_too(late):
    out = StringIO()
    call_command("price", "chat", "--draws", "1024", stdout=out)
    assert "In-house: Work package “Answers” takes 12.5 weeks at this team's pace" in out.getvalue()
    bought, made = (one["warnings"] for one in price(late, seed=0, draws=1024)["scenarios"])
    assert (bought, len(made)) == ([], 2)


def test_nothing_is_warned_of_where_nothing_is_left_out(client, ada, project, published):
    client.force_login(ada)
    assert "These totals leave something out" not in report_page(client, project, ada)


def test_a_mix_says_who_does_what_by_name_and_that_it_is_not_compared(client, ada, shared, published):
    client.force_login(ada)
    text = report_page(client, shared, ada)
    for said in (
        "Of Answers, Northwind does 50 %, Southwind 30 % and Own team 20 %.",
        'These are the figures of the baseline, <a href="#scenario-mix">Mix</a>:',
        "Mix has both an in-house team and a vendor, so it is in none of these comparisons",
        "Of all 3 scenarios, In-house has the lowest median cost: $17,625.",
    ):
        assert said in text, said
    page = words_of(client.get(reverse("estimates:project-detail", args=[shared.slug])))
    assert "Northwind, Southwind and Own team" in page
    assert "Northwind 50 %, Southwind 30 % and Own team 20 %" in page


def test_two_scenarios_say_nothing_that_the_headline_has_said(client, ada, project, published):
    client.force_login(ada)
    text = report_page(client, project, ada)
    assert "lowest median" not in text
    assert "in none of these comparisons" not in text


def test_shares_of_an_earlier_version_are_read_without_what_is_done_whole():
    shares = [
        {"package": "whole", "supplier": "Northwind", "share": 1.0},
        {"package": "work", "supplier": "Northwind", "share": 0.625},
        {"package": "work", "supplier": "Own team", "share": 0.375},
    ]
    sentences = [sentence.replace("\u00a0", " ") for sentence in tags.split_work({"shares": shares})]
    assert sentences == ["Of work, Northwind does 62.5 % and Own team 37.5 %."]
    assert tags.split_work({}) == []


def test_scenarios_that_cost_equally_little_are_all_named():
    scenarios = [
        {"name": name, "simulated": {"p50": p50}}
        for name, p50 in (("A", "2.00"), ("B", "1.00"), ("C", "1.00"))
    ]
    document = {"currency": "USD", "scenarios": scenarios, "comparisons": [{}]}
    assert tags.cheapest(document) == "Of all 3 scenarios, B and C have the lowest median cost: $1."


def test_a_rate_card_that_does_not_hold_yet_is_refused_when_the_report_is_asked_for(project, ada, published):
    RateCard.objects.update(valid_from=date(2026, 9, 1))
    project.starts_on = date(2026, 8, 31)
    project.save()
    with pytest.raises(
        PricingError, match="“Northwind 2026” holds from 2026-09-01 on, but work starts on 2026-08"
    ):
        price(project, seed=0, draws=1024)
    project.starts_on = date(2026, 9, 1)
    project.save()
    assert price(project, seed=0, draws=1024)["scenarios"]


@pytest.fixture
def costed(project):
    """The 20 an hour, of which 12 * 1.25 ÷ 0.75 is what the buyer thinks it costs: all of it."""
    basis = {
        "should_cost_wage": "12", "should_cost_burden": "0.25", "should_cost_utilisation": "0.75",
        "should_cost_overhead": "0",
    }  # fmt: skip
    for name, point in basis.items():
        RateCardAssumption.objects.create(rate_card=RateCard.objects.get(), **assumption(name, point))
    return project


def test_a_report_says_what_margin_a_price_leaves(client, ada, costed, published):
    (bought,) = price(costed, seed=0, draws=1024)["scenarios"][0]["should_cost"]
    assert (bought["price"], bought["cost"], bought["margin"]) == ("20000.00", "20000.00", 0.0)
    RateCardAssumption.objects.filter(name="should_cost_wage").update(point="6")
    client.force_login(ada)
    text = report_page(client, costed, ada)
    assert "What the price leaves Northwind" in text
    said = (
        "At $6.00 an hour of labour with 25 % burden and 75 % of paid hours productive, this price leaves "
        "Northwind a margin of 50 %."
    )
    assert said in text
    out = StringIO()
    call_command("price", "chat", "--draws", "1024", stdout=out)
    assert f"Vendor: {said}" in out.getvalue()


def test_half_a_should_cost_is_refused_when_the_report_is_asked_for(costed, ada):
    RateCardAssumption.objects.filter(name="should_cost_overhead").delete()
    with pytest.raises(PricingError, match="should cost wage needs should cost overhead beside it"):
        price(costed, seed=0, draws=1024)


@pytest.fixture
def dated(late):
    """1 June to 24 August 2026 are 12 weeks; a range of hours makes one of seats."""
    late.starts_on, late.deadline = date(2026, 6, 1), date(2026, 8, 24)
    late.save()
    WorkPackageAssumption.objects.filter(name="hours").update(
        law="triangular", low=500, mode=1000, high=1500, point=1000
    )
    return late


def test_a_report_shows_the_finish_the_seats_of_a_chance_and_the_weeks_of_a_team(
    client, ada, dated, published
):
    client.force_login(ada)
    text = report_page(client, dated, ada)
    # A seat does 192 hours in 12 weeks: 5.2, 6.2 and 6.6 of them are needed.
    seats = "Answers: 6 seats finish by 24 August 2026 in 50 % of outcomes, in 80 % with 7 seats, in 90 % with 7 seats."
    for said in (
        seats,
        "When it is finished, how surely",
        "Outcomes finished by week",
        "Seats that finish Answers by",
        "Staffing plan, week by week",
    ):
        assert said in text, said
    # The vendor has people too, but their weeks are its own business.
    assert text.count("Staffing plan, week by week") == 1
    out = StringIO()
    call_command("price", "chat", "--draws", "1024", stdout=out)
    assert seats in out.getvalue()
    assert "Finished after 9." in out.getvalue()
    assert "In-house: Staffing plan: 5 hires in 12.5 weeks." in out.getvalue()


def test_a_report_of_an_earlier_version_is_read_without_a_distribution(client, ada, dated, published):
    report = request_report(
        project=dated, asked_by=ada, seed=0, draws=1024, client_key=uuid.uuid4(), now=NOON
    )
    complete_report(report_id=report.pk)
    client.force_login(ada)
    page = reverse("estimates:report-detail", args=[report.pk])
    assert "Staffing plan" in words_of(client.get(page))
    report.refresh_from_db()
    earlier: Any = report.result
    for scenario in earlier["scenarios"]:
        for name in ("finish", "finished_by_week", "staffing_plan"):
            scenario["schedule"].pop(name, None)
    text = render_to_string(
        "estimates/_schedule.html",
        {"schedule": earlier["scenarios"][1]["schedule"], "scenario": earlier["scenarios"][1]},
    )
    assert "Weeks count the hires" in text
    assert "Staffing plan" not in text
