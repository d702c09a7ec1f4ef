"""A vendor's terms in full: volume, minimum, rush, escalation, tax, and who pays for what."""

from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.simulate import Draws
from estimates.engine.tiers import all_units, graduated, tier_reached
from tests.estimates.engine.campaigns import D, between, certain, uncertain
from tests.estimates.engine.vendor_work import (
    hours_package,
    items_package,
    lines_of,
    offer,
    refusal,
    scenario_of,
)

TIERS = ((D(1000), D(8)), (D(5000), D(5)))


class TestVolumeTiers:
    @pytest.mark.parametrize(
        ("hours", "price"),
        [("999", "9990.00"), ("1000", "10000.00"), ("3000", "26000.00"), ("6000", "47000.00")],
    )
    def test_graduated_prices_each_unit_at_its_own_tier(self, hours, price):
        # 1,000 at 10, then 8, and 5 beyond 5,000.
        vendor = offer(volume_pricing="graduated", volume_tiers=TIERS)
        assert lines_of(vendor, package=hours_package(hours)) == {"price": price}

    @pytest.mark.parametrize(
        ("hours", "price", "note"),
        [
            ("700", "7000.00", None),
            ("801", "8000.00", "Northwind: 801 hours are bought up to 1000, where tier 2 starts, because that costs less."),
            ("1000", "8000.00", None),
            ("3125", "25000.00", None),
            ("3200", "25000.00", "Northwind: 3200 hours are bought up to 5000, where tier 3 starts, because that costs less."),
            ("6000", "30000.00", None),
        ],
    )  # fmt: skip
    def test_all_units_buys_up_where_the_next_tier_costs_less_and_says_so(self, hours, price, note):
        found = scenario_of(
            offer(volume_pricing="all-units", volume_tiers=TIERS), package=hours_package(hours)
        )
        assert found["point"]["total"] == price
        assert [each for each in found["notes"] if "bought up" in each] == ([] if note is None else [note])

    def test_the_document_names_the_tier(self):
        all_at_once = offer(volume_pricing="all-units", volume_tiers=TIERS)
        assert scenario_of(all_at_once, package=hours_package("3200"))["volume_tiers"] == [
            {"supplier": "Northwind", "unit": "hour", "quantity": "3200", "tier": 3, "bought_up_to": "5000"}
        ]
        step_by_step = offer(volume_pricing="graduated", volume_tiers=TIERS)
        (found,) = scenario_of(step_by_step, package=hours_package("3200"))["volume_tiers"]
        assert (found["tier"], found["bought_up_to"]) == (2, None)
        assert "volume_tiers" not in scenario_of(offer())

    @given(st.decimals(0, 10_000, places=2))
    def test_all_units_is_the_cheapest_quantity_at_least_as_large(self, quantity):
        rates = ((D(0), D(10)), *TIERS)

        def plain(amount: Decimal) -> Decimal:
            return amount * next(rate for start, rate in reversed(rates) if amount >= start)

        best = min(plain(each) for each in (quantity, *(start for start, _ in TIERS if start > quantity)))
        assert all_units(quantity, D(10), TIERS) == best
        reached = tier_reached(quantity, D(10), TIERS, "all-units")
        assert plain(reached.bought_up_to or quantity) == best

    @given(st.decimals(0, 9_999, places=2), st.decimals(D("0.01"), 100, places=2))
    def test_more_never_costs_less(self, quantity, more):
        for pricing in (graduated, all_units):
            assert pricing(quantity, D(10), TIERS) <= pricing(quantity + more, D(10), TIERS)

    @pytest.mark.parametrize("start", [D(1000), D(5000)])
    def test_no_tier_jumps(self, start):
        step = D("1e-9")
        for pricing in (graduated, all_units):
            below, above = pricing(start - step, D(10), TIERS), pricing(start, D(10), TIERS)
            assert 0 <= above - below <= 10 * step

    def test_draws_and_points_are_priced_alike(self):
        quantities = [D(each) for each in (0, 500, 801, 1000, 3200, 5000, 7500)]
        floats = np.array([float(each) for each in quantities])
        tiers = [(float(start), float(rate)) for start, rate in TIERS]
        for pricing in (graduated, all_units):
            exact = [float(pricing(each, D(10), TIERS)) for each in quantities]
            assert pricing(floats, 10.0, tiers) == pytest.approx(exact)

    def test_tiers_count_once_over_all_packages_of_a_vendor(self):
        vendor = offer(volume_pricing="graduated", volume_tiers=TIERS, setup_fee=certain("fee", "70"))
        packages = [hours_package("1500", "one"), hours_package("1500", "two")]
        assert lines_of(vendor, packages=packages) == {"price": "26000.00", "setup-fee": "70.00"}

    def test_an_uncertain_rate_moves_the_tiers_in_proportion(self):
        rate = uncertain("rate", between("8", "12.5"))
        vendor = offer(rate=rate, volume_pricing="graduated", volume_tiers=TIERS)
        found = scenario_of(vendor, package=hours_package("3000"))["simulated"]
        drawn = Draws(seed=0, draws=1024, dimensions={"work": 0, "rate": 1}).values(rate)
        assert float(found["mean"]) == pytest.approx(2600 * float(drawn.mean()), abs=0.01)

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            ({"volume_pricing": "flat", "volume_tiers": TIERS}, "volume_tiers"),
            ({"volume_pricing": "graduated"}, "volume_tiers"),
            ({"volume_pricing": "stairs"}, "volume_pricing"),
            ({"volume_pricing": "graduated", "volume_tiers": TIERS[::-1]}, "volume_tiers"),
            ({"volume_pricing": "graduated", "volume_tiers": ((D(0), D(1)),)}, "volume_tiers"),
            ({"volume_pricing": "graduated", "volume_tiers": ((D(5), D(-1)),)}, "volume_tiers"),
            ({"volume_pricing": "graduated", "volume_tiers": ((D("NaN"), D(1)),)}, "volume_tiers"),
            ({"volume_pricing": "graduated", "volume_tiers": TIERS, "rate": certain("rate", "0")}, "rate"),
        ],
    )
    def test_tiers_that_make_no_sense(self, terms, field):
        error = refusal(lambda: offer(**terms))
        assert error.field == field
        assert "Vendor Northwind" in str(error)


class TestTheOrderOfTheInvoice:
    def test_minimum_then_rush_then_escalation_then_fee_then_tax(self):
        vendor = offer(
            minimum_commitment=certain("minimum", "1500"),
            rush_multiplier=certain("rush", "1.2"),
            escalation=certain("escalation", "0.1"),
            setup_fee=certain("fee", "322"),
            tax=certain("tax", "0.25"),
            valid_until=date(2023, 12, 31),
        )
        found = scenario_of(vendor, starts_on=date(2026, 6, 1))
        amounts = {line["code"]: line["amount"] for line in found["point"]["lines"]}
        # 1,000 raised to 1,500; * 1.2 = 1,800; * 1.1**2 = 2,178; + 322 = 2,500; * 1.25 = 3,125.
        assert amounts == {
            "price": "1000.00",
            "commitment": "500.00",
            "rush": "300.00",
            "escalation": "378.00",
            "setup-fee": "322.00",
            "tax": "625.00",
        }
        assert found["point"]["total"] == "3125.00"
        assert any(
            "$1,000.00, is below the minimum commitment of $1,500.00" in each for each in found["notes"]
        )
        assert any("rises by 2 years' escalation" in each for each in found["notes"])

    def test_a_minimum_that_is_reached_adds_nothing(self):
        vendor = offer(minimum_commitment=certain("minimum", "900"))
        found = scenario_of(vendor)
        assert found["point"]["total"] == "1000.00"
        assert not any("minimum" in each for each in found["notes"])

    def test_a_minimum_counts_once_over_all_packages(self):
        vendor = offer(minimum_commitment=certain("minimum", "1500"))
        packages = [hours_package("100", "one"), hours_package("100", "two")]
        assert lines_of(vendor, packages=packages) == {"price": "2000.00", "commitment": "0.00"}

    @pytest.mark.parametrize(
        ("until", "rise"),
        [
            (date(2026, 6, 1), "0.00"),
            (date(2026, 5, 31), "0.00"),
            (date(2025, 6, 2), "0.00"),
            (date(2025, 6, 1), "100.00"),
            (date(2024, 6, 1), "210.00"),
        ],
    )
    def test_only_whole_years_past_validity_count(self, until, rise):
        vendor = offer(escalation=certain("escalation", "0.1"), valid_until=until)
        assert lines_of(vendor, starts_on=date(2026, 6, 1)).get("escalation", "0.00") == rise

    def test_a_lapsed_price_without_escalation_is_refused(self):
        vendor = offer(valid_until=date(2025, 12, 31))
        error = refusal(lambda: scenario_of(vendor, starts_on=date(2026, 1, 1)))
        assert error.field == "escalation"
        assert str(error) == (
            "Vendor Northwind: the price holds until 2025-12-31, but work starts on 2026-01-01, and there is no "
            "escalation per year."
        )

    def test_a_price_that_may_have_lapsed_says_that_nobody_knows(self):
        for since, words in ((None, ""), (date(2025, 1, 1), " from 1 January 2025")):
            notes = scenario_of(offer(valid_from=since, valid_until=date(2025, 12, 31)))["notes"]
            assert any(
                f"holds{words} until 31 December 2025. The project does not say when work starts" in each
                for each in notes
            )

    @pytest.mark.parametrize(
        ("starts_on", "refused_for"),
        [
            (date(2025, 12, 31), "valid_from"),
            (date(2026, 1, 1), None),
            (date(2026, 12, 31), None),
            (date(2027, 1, 1), "escalation"),
        ],
        ids=["the day before", "the first day", "the last day", "the day after"],
    )
    def test_a_price_holds_from_its_first_day_to_its_last(self, starts_on, refused_for):
        vendor = offer(
            valid_from=date(2026, 1, 1), valid_until=date(2026, 12, 31), rate_card="Northwind 2026"
        )
        if refused_for is None:
            assert scenario_of(vendor, starts_on=starts_on)["point"]["total"] == "1000.00"
            return
        error = refusal(lambda: scenario_of(vendor, starts_on=starts_on))
        assert error.field == refused_for
        assert "the price of rate card “Northwind 2026” holds" in str(error)

    def test_a_price_that_does_not_hold_yet_is_refused_with_both_days(self):
        vendor = offer(valid_from=date(2027, 3, 1), rate_card="Northwind 2027")
        error = refusal(lambda: scenario_of(vendor, starts_on=date(2026, 6, 1)))
        assert str(error) == (
            "Vendor Northwind: the price of rate card “Northwind 2027” holds from 2027-03-01 on, but work starts on "
            "2026-06-01: take a rate card that holds then, or start later."
        )

    @pytest.mark.parametrize(
        ("field", "value"),
        [("rush_multiplier", "0.9"), ("tax", "-0.1"), ("escalation", "-0.1"), ("minimum_commitment", "-1")],
    )
    def test_terms_out_of_bounds(self, field, value):
        assert refusal(lambda: offer(**{field: certain(field, value)})).field == field


ALL_ON = {
    "rework_paid_by": "vendor",
    "gold_paid_by": "vendor",
    "training_paid_by": "vendor",
}
BUYER_PAYS = dict.fromkeys(ALL_ON, "buyer")


class TestWhoPays:
    """1,200 judgements: 120 hours a first pass, 30 redone, 13.33 of gold, 96 of training, 4.8 hires."""

    @pytest.mark.parametrize(
        ("terms", "billed"),
        [
            ({}, "259.33"),
            (BUYER_PAYS, "259.33"),
            ({"rework_paid_by": "vendor"}, "229.33"),
            ({"gold_paid_by": "vendor"}, "246.00"),
            ({"training_paid_by": "vendor"}, "163.33"),
            (ALL_ON, "120.00"),
        ],
    )
    def test_by_the_hour_the_vendor_bears_what_it_does_not_bill(self, terms, billed):
        vendor = offer(
            rate=certain("rate", "1"), pricing="cost-plus-margin", margin=certain("margin", "0.5"), **terms
        )
        found = scenario_of(vendor, package=items_package())
        amounts = {line["code"]: D(line["amount"]) for line in found["point"]["lines"]}
        assert found["point"]["hours"] == "259.33"
        # The price is twice the cost of what is billed; the cost is that of everything.
        assert float(amounts["labour"]) == pytest.approx(259.33, abs=0.005)
        assert float(amounts["labour"] + amounts["margin"]) == pytest.approx(2 * float(billed), abs=0.011)

    def test_a_margin_that_bearing_work_lowers_is_named(self):
        vendor = offer(pricing="cost-plus-margin", margin=certain("margin", "0.5"), rework_paid_by="vendor")
        notes = scenario_of(vendor, package=items_package())["notes"]
        # 229.33 hours billed at twice their cost, 259.33 worked: 1 - 259.33 / 458.67.
        assert (
            "Northwind: what it does without billing it takes its margin from 50.0 % to 43.5 % of the price."
            in notes
        )

    def test_an_opened_up_price_keeps_its_total(self):
        vendor = offer(margin=certain("margin", "0.4"), rework_paid_by="vendor")
        amounts = lines_of(vendor, package=items_package())
        assert D(amounts["labour"]) + D(amounts["margin"]) == D("2293.33")
        assert float(amounts["labour"]) == pytest.approx(259.333 * 10 * 0.6, abs=0.01)

    def test_idle_time_is_billed_as_paid_hours(self):
        vendor = offer(rate=certain("rate", "1"), idle_billed=True)
        # 259.33 productive hours at 85 % utilisation.
        assert lines_of(vendor, package=items_package()) == {"price": "305.10"}

    @pytest.mark.parametrize(
        ("basis", "terms", "price"),
        [
            ("judgement", {}, "1200.00"),
            ("judgement", {"rework_paid_by": "buyer"}, "1500.00"),
            ("judgement", {"gold_paid_by": "buyer"}, "1333.33"),
            ("item", {"rework_paid_by": "buyer", "gold_paid_by": "buyer"}, "1633.33"),
            ("output", {"rework_paid_by": "buyer"}, "3000.00"),
            ("item", {"training_paid_by": "buyer", "training_rate": certain("training", "5")}, "1680.00"),
        ],
    )
    def test_per_unit_the_buyer_pays_for_accepted_work_and_what_is_flagged(self, basis, terms, price):
        vendor = offer(rate=certain("rate", "1"), basis=basis, **terms)
        assert lines_of(vendor, package=items_package()) == {"price": price}

    def test_per_unit_what_the_vendor_bears_costs_it_too(self):
        vendor = offer(
            basis="item",
            pricing="cost-plus-margin",
            margin=certain("margin", "0.5"),
            rate=certain("rate", "1"),
        )
        amounts = lines_of(vendor, package=items_package())
        # 1,200 items at 2; the quarter redone and the ninth of gold are its own.
        assert amounts == {"labour": "1633.33", "margin": "766.67"}

    @pytest.mark.parametrize(
        ("terms", "field"),
        [
            ({"basis": "item", "training_paid_by": "buyer"}, "training_rate"),
            ({"basis": "item", "training_rate": certain("training", "5")}, "training_rate"),
            ({"training_rate": certain("training", "5")}, "training_rate"),
            ({"basis": "item", "idle_billed": True}, "idle_billed"),
            ({"rework_paid_by": "nobody"}, "rework_paid_by"),
        ],
    )
    def test_terms_that_do_not_fit_the_basis(self, terms, field):
        assert refusal(lambda: offer(**terms)).field == field

    def test_idle_time_of_a_package_without_staffing(self):
        error = refusal(lambda: scenario_of(offer(idle_billed=True)))
        assert error.field == "idle_billed"
        assert "work package Work has no staffing" in str(error)
