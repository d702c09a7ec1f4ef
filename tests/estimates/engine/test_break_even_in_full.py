"""Break-evens under terms that bend: put back into the project, they make both scenarios cost the same."""

from dataclasses import replace
from datetime import date
from decimal import localcontext

import pytest

from estimates.engine.break_even import break_evens
from estimates.engine.exchange import ExchangeRate
from estimates.engine.points import EXACT, point_price
from estimates.engine.pricing import price_project
from estimates.engine.scenario import Allocation, ScenarioInputs
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, certain


def work(hours: str):
    return replace(campaigns.FEEDBACK, effort=campaigns.HoursEffort(certain("hours", hours)))


def cost_plus(**terms):
    return replace(campaigns.COST_PLUS, **terms)


def certain_team(**costs):
    return replace(campaigns.own_team(), **costs)


BUYER = {
    "vendor_manager_share": certain("manager", "0.05"),
    "data_preparation": certain("data", "20000"),
}
FULL_TERMS = {
    "rush_multiplier": certain("rush", "1.1"),
    "tax": certain("tax", "0.07"),
    "setup_fee": certain("fee", "30000"),
    "escalation": certain("escalation", "0.03"),
    "valid_until": date(2025, 1, 1),
    "currency": "EUR",
}
TERMS = {
    "starts_on": date(2026, 6, 1),
    "exchange_rates": (ExchangeRate("EUR", D("0.65")),),
}


def costs(vendor, team, hours: str = "20000"):
    packages = [work(hours)]
    project = campaigns.project_of(
        packages,
        [
            campaigns.whole_project("vendor", vendor, "feedback", **BUYER),
            campaigns.whole_project("in-house", team, "feedback"),
        ],
        **TERMS,
    )
    with localcontext(EXACT):
        return [
            point_price(each, packages, currency="USD", terms=project.terms).cost
            for each in project.scenarios
        ]


def even(vendor, team, hours: str = "20000"):
    theirs, mine = costs(vendor, team, hours)
    with localcontext(EXACT):
        return break_evens(in_house=mine, vendor=theirs, money_text=str)


def same(vendor, team, hours: str = "20000") -> bool:
    theirs, mine = costs(vendor, team, hours)
    return float(theirs.total) == pytest.approx(float(mine.total), rel=1e-9)


class TestInvoiceTermsAndTheBuyersSide:
    vendor = cost_plus(**FULL_TERMS)
    team = certain_team()

    def test_fixed_cost(self):
        found = even(self.vendor, self.team).fixed_cost.value
        assert same(self.vendor, certain_team(setup=certain("setup", str(found))))

    def test_margin(self):
        found = even(self.vendor, self.team).margin.value
        assert same(replace(self.vendor, margin=certain("margin", str(found))), self.team)

    def test_utilisation(self):
        found = even(self.vendor, self.team).utilisation.value
        assert same(self.vendor, certain_team(utilisation=certain("utilisation", str(found))))

    def test_volume_in_closed_form(self):
        # In dollars an hour at the vendor beats the team's, and fees and data preparation stay below its set-up.
        found = even(self.vendor, self.team).volume_hours
        assert found.remark is None
        assert same(self.vendor, self.team, f"{found.value:.30f}")


class TestMinimumCommitment:
    def test_a_margin_beyond_the_minimum(self):
        vendor = cost_plus(minimum_commitment=certain("minimum", "700000"))
        found = even(vendor, certain_team()).margin.value
        assert same(replace(vendor, margin=certain("margin", str(found))), certain_team())

    def test_no_margin_takes_the_vendor_below_its_minimum(self):
        vendor = cost_plus(minimum_commitment=certain("minimum", "3000000"))
        found = even(vendor, certain_team()).margin
        assert found.value is None
        assert "Even with no margin the vendor costs" in found.reason

    def test_a_volume_beyond_the_minimum_is_solved_numerically(self):
        # The minimum binds up to 10,000 hours; the two meet at 11,428.57 as without it.
        buyer_free = [
            campaigns.whole_project(
                "vendor", cost_plus(minimum_commitment=certain("m", "600000")), "feedback"
            ),
            campaigns.whole_project("in-house", certain_team(), "feedback"),
        ]
        project = campaigns.project_of([work("20000")], buyer_free)
        (found,) = price_project(project, seed=0, draws=1024)["comparisons"]
        assert found["break_even"]["volume_hours"] == "11428.57"
        assert found["break_even"]["in_house_cheaper_volume"] == "above"
        assert found["break_even"]["remarks"]["volume_hours"].startswith("Solved numerically")

    def test_a_minimum_that_binds_at_the_meeting_point(self):
        # With the manager's share and data preparation the minimum costs 860,000, up to 13,333 hours.
        vendor = cost_plus(minimum_commitment=certain("minimum", "800000"))
        team = certain_team(setup=certain("setup", "300000"))
        found = even(vendor, team, "10000").volume_hours
        assert float(found.value) == pytest.approx((860_000 - 300_000) / 46.875, rel=1e-9)
        assert same(vendor, team, f"{found.value:.30f}")


class TestVolumeTiers:
    vendor = replace(
        campaigns.BILLED,
        rate=certain("rate", "60"),
        volume_pricing="graduated",
        volume_tiers=((D(15_000), D(30)),),
    )

    def test_two_crossings_give_the_one_nearest_to_the_plan_and_say_so(self):
        # In-house costs 150,000 + 46.875 an hour, the vendor 60 up to 15,000 hours and 30 beyond.
        scenarios = [
            campaigns.whole_project("vendor", self.vendor, "feedback"),
            campaigns.whole_project("in-house", certain_team(), "feedback"),
        ]
        project = campaigns.project_of([work("20000")], scenarios)
        (found,) = price_project(project, seed=0, draws=1024)["comparisons"]
        # 60 * 15,000 + 30 (h - 15,000) = 150,000 + 46.875 h
        assert found["break_even"]["volume_hours"] == "17777.78"
        assert found["break_even"]["in_house_cheaper_volume"] == "below"
        assert "cost the same at 2 volumes" in found["break_even"]["remarks"]["volume_hours"]

    def test_a_volume_with_tiers_put_back(self):
        found = even(self.vendor, certain_team()).volume_hours
        assert same(self.vendor, certain_team(), f"{found.value:.30f}")

    def test_no_crossing_at_any_volume(self):
        dear = certain_team(wage=certain("wage", "100"))
        found = even(self.vendor, dear).volume_hours
        assert found.value is None
        assert found.reason.startswith("The vendor is cheaper from a ten-thousandth")


class TestGuaranteedHours:
    def staffed(self, guaranteed: str):
        package = campaigns.step_package()
        team = campaigns.math_team(guaranteed_hours_per_week=certain("guaranteed", guaranteed))
        scenarios = [
            campaigns.whole_project("vendor", campaigns.math_vendor(), "steps"),
            campaigns.whole_project("in-house", team, "steps"),
        ]
        project = campaigns.project_of([package], scenarios)
        return price_project(project, seed=0, draws=1024)["comparisons"][0]["break_even"], project, team

    def test_utilisation_above_the_floor(self):
        # 40 seats * 26 weeks * 15 hours are 15,600, and 15,576 are used: 24 are idle.
        found, project, team = self.staffed("15")
        better = replace(team, utilisation=certain("u", f"{found['utilisation']:.6f}"))
        with localcontext(EXACT):
            mine = point_price(
                campaigns.whole_project("in-house", better, "steps"), project.packages, currency="USD"
            )
        assert float(mine.total) == pytest.approx(1_588_722.22, rel=1e-5)

    def test_a_floor_that_no_utilisation_undercuts(self):
        found, *_ = self.staffed("40")
        assert found["utilisation"] is None
        assert "With its guaranteed hours alone in-house costs $" in found["reasons"]["utilisation"]


class TestSeveralVendors:
    """Two vendors share the work; nothing that is said of one of them is said of both."""

    closed = replace(campaigns.BILLED, slug="closed", name="Closed", rate=certain("rate", "30"))

    def found(self, *vendors, team=None):
        shares = [D(1) / len(vendors)] * len(vendors)
        allocations = (Allocation("feedback", *each) for each in zip(vendors, shares, strict=True))
        scenarios = [
            ScenarioInputs("bought", "Bought", tuple(allocations)),
            campaigns.whole_project("in-house", team or certain_team(), "feedback"),
        ]
        project = campaigns.project_of([work("20000")], scenarios)
        (comparison,) = price_project(project, seed=0, draws=1024)["comparisons"]
        return comparison["break_even"]

    def test_the_ones_whose_price_is_not_split_are_named(self):
        also = replace(self.closed, slug="also", name="Also closed")
        assert self.found(cost_plus(), self.closed)["reasons"]["margin"] == (
            "The price of Closed is not split into cost and margin."
        )
        assert self.found(cost_plus(), self.closed, also, cost_plus(slug="c"))["reasons"]["margin"] == (
            "The prices of Closed and Also closed are not split into cost and margin."
        )
        assert self.found(self.closed)["reasons"]["margin"] == (
            "The vendor's price is not split into cost and margin."
        )

    def test_a_margin_of_several_says_whose_it_is(self):
        found = self.found(cost_plus(), cost_plus(slug="other", name="Other"))
        assert found["margin"] == pytest.approx(0.448276, abs=1e-6)
        assert found["remarks"]["margin"] == "One margin for Cost plus and Other."
        assert "margin" not in self.found(cost_plus())["remarks"]

    def test_reasons_speak_of_all_of_them(self):
        dear = certain_team(wage=certain("wage", "100"))
        cheap = certain_team(wage=certain("wage", "1"), setup=certain("setup", "0"))
        other = replace(self.closed, slug="other", name="Other")
        assert self.found(self.closed, other, team=dear)["reasons"]["volume_hours"] == (
            "The vendors are cheaper at every volume."
        )
        assert self.found(self.closed, team=dear)["reasons"]["volume_hours"] == (
            "The vendor is cheaper at every volume."
        )
        two = (cost_plus(), cost_plus(slug="other", name="Other"))
        assert "Even with no margin the vendors cost $" in self.found(*two, team=cheap)["reasons"]["margin"]
        assert "Even with no margin the vendor costs $" in self.found(two[0], team=cheap)["reasons"]["margin"]


def test_every_break_even_has_a_value_or_a_reason_never_both():
    for vendor in (cost_plus(), cost_plus(**FULL_TERMS), TestVolumeTiers.vendor):
        found = even(vendor, certain_team())
        for each in (found.fixed_cost, found.margin, found.utilisation, found.volume_hours):
            assert (each.value is None) != (each.reason is None)


def test_acceptance_sampling_grows_with_the_volume():
    effort = campaigns.step_effort()
    buyer = {
        "acceptance_share": certain("share", "0.5"),
        "acceptance_minutes": certain("minutes", "5"),
        "buyer_hourly_cost": certain("hourly", "60"),
    }
    package = campaigns.step_package(effort)
    scenario = campaigns.whole_project("vendor", campaigns.math_vendor(), "steps", **buyer)
    with localcontext(EXACT):
        cost = point_price(scenario, [package], currency="USD").cost
        assert cost.growing == pytest.approx(cost.total, rel=D("1e-20"))
        assert cost.at_volume(2.0) == pytest.approx(2 * float(cost.total), rel=1e-12)
