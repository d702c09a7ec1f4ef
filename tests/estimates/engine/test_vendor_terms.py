"""A vendor's terms in full: volume, minimum, rush, escalation, tax, who pays for what, and the buyer's side."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.errors import EngineError
from estimates.engine.exchange import ExchangeRate
from estimates.engine.pricing import price_project
from estimates.engine.scenario import Allocation, ScenarioInputs
from estimates.engine.simulate import Draws
from estimates.engine.tiers import all_units, graduated, tier_reached
from estimates.engine.vendor import VendorOffer
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, between, certain, uncertain

TIERS = ((D(1000), D(8)), (D(5000), D(5)))


def hours_package(hours: str = "100", slug: str = "work"):
    return replace(
        campaigns.FEEDBACK,
        slug=slug,
        name=slug.capitalize(),
        effort=campaigns.HoursEffort(certain(slug, hours)),
    )


def offer(**terms) -> VendorOffer:
    given = {"basis": "hour", "pricing": "billed", "rate": certain("rate", "10")} | terms
    return VendorOffer("northwind", "Northwind", **given)


def items_package(**inputs: str):
    """1,200 judgements of 6 minutes: a quarter again is redone, a ninth is gold; 96 hours of training."""
    given = {
        "accepted_items": "1200",
        "accepted_outputs": "2400",
        "yield_share": "1",
        "overlap": "1",
        "gold_share": "0.1",
        "rework_rate": "0.2",
        "minutes_per_judgement": "6",
        "review_share": "0",
        "review_time_share": "0",
    } | inputs
    effort = campaigns.ItemsEffort(**{name: certain(name, value) for name, value in given.items()})
    staffing = campaigns.math_staffing(
        seats=certain("seats", "4"),
        planned_weeks=certain("weeks", "10"),
        attrition_per_week=certain("attrition", "0.02"),
        onboarding_hours=certain("onboarding", "16"),
    )
    return replace(campaigns.step_package(effort, staffing), slug="work", name="Work")


def scenario_of(vendor, *, package=None, **project) -> dict:
    project = {"packages": [package or hours_package()]} | project
    packages = project.pop("packages")
    buyer = project.pop("buyer", {})
    document = price_project(
        campaigns.project_of(
            packages,
            [campaigns.whole_project("vendor", vendor, *(each.slug for each in packages), **buyer)],
            **project,
        ),
        seed=0,
        draws=1024,
    )
    return document["scenarios"][0]


def lines_of(vendor, **more) -> dict[str, str]:
    return {line["code"]: line["amount"] for line in scenario_of(vendor, **more)["point"]["lines"]}


def refusal(build) -> EngineError:
    with pytest.raises(EngineError) as refused:
        build()
    return refused.value


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
        notes = scenario_of(offer(valid_until=date(2025, 12, 31)))["notes"]
        assert any(
            "holds until 31 December 2025. The project does not say when work starts" in each
            for each in notes
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


class TestTheBuyersOwnSide:
    def test_it_is_never_silently_nothing(self):
        notes = scenario_of(offer())["notes"]
        (note,) = notes
        assert note == (
            "No cost of the buyer's own is stated beside the vendor's price: managing the vendor, sampling what "
            "it delivers, preparing data, reviewing security."
        )
        stated = scenario_of(offer(), buyer={"data_preparation": certain("data", "0")})
        assert stated["notes"] == []
        assert stated["point"]["lines"][-1] == {
            "code": "data-preparation",
            "label": "Data preparation",
            "amount": "0.00",
        }

    def test_each_part(self):
        buyer = {
            "vendor_manager_share": certain("manager", "0.08"),
            "acceptance_share": certain("share", "0.05"),
            "acceptance_minutes": certain("minutes", "3"),
            "buyer_hourly_cost": certain("hourly", "60"),
            "data_preparation": certain("data", "1000"),
            "security_review": certain("security", "2000"),
        }
        vendor = offer(setup_fee=certain("fee", "406.67"), tax=certain("tax", "0.2"))
        amounts = lines_of(vendor, package=items_package(), buyer=buyer)
        assert amounts["vendor-management"] == "240.00"  # 8 % of 2,593.33 + 406.67, before tax
        # 1,200 / 0.9 judgements delivered on a first pass, 5 % of them 3 minutes each at $1 a minute.
        assert amounts["acceptance"] == "200.00"
        assert (amounts["data-preparation"], amounts["security-review"]) == ("1000.00", "2000.00")

    def test_acceptance_needs_all_its_parts_and_judgements(self):
        buyer = {"acceptance_share": certain("share", "0.05")}
        assert refusal(lambda: scenario_of(offer(), buyer=buyer)).field == "acceptance_minutes"
        buyer |= {"acceptance_minutes": certain("m", "3"), "buyer_hourly_cost": certain("h", "60")}
        assert "Work does not say how many judgements" in str(
            refusal(lambda: scenario_of(offer(), buyer=buyer))
        )

    def test_it_is_of_no_use_where_no_vendor_takes_part(self):
        error = refusal(
            lambda: campaigns.whole_project(
                "own", campaigns.own_team(), "work", data_preparation=certain("d", "1")
            )
        )
        assert str(error) == "Scenario Own: data preparation is of no use, as no vendor takes part."


class TestShares:
    def split(self, *shares: str, suppliers=None) -> ScenarioInputs:
        suppliers = suppliers or [replace(offer(), slug=f"v{number}") for number in range(len(shares))]
        return ScenarioInputs(
            "split", "Split",
            tuple(Allocation("work", each, D(share)) for each, share in zip(suppliers, shares, strict=True)),
        )  # fmt: skip

    def test_shares_must_add_up_to_one(self):
        error = refusal(lambda: campaigns.project_of([hours_package()], [self.split("0.5", "0.4")]))
        assert error.field == "share"
        assert str(error) == "Scenario Split: the shares of work package Work must add up to 1, not to 0.9."

    @pytest.mark.parametrize("share", ["0", "-0.5", "1.1", "NaN"])
    def test_a_share_out_of_bounds(self, share):
        assert refusal(lambda: Allocation("work", offer(), D(share))).field == "share"

    def test_a_split_package_costs_each_supplier_its_share(self):
        vendor = offer(setup_fee=certain("fee", "100"))
        team = replace(
            campaigns.math_team(), wage=certain("wage", "10"), setup=None,
            recruiting_per_hire=certain("recruiting", "100"), seat_cost_per_month=None,
        )  # fmt: skip
        scenario = self.split("0.25", "0.75", suppliers=[vendor, team])
        document = price_project(campaigns.project_of([items_package()], [scenario]), seed=0, draws=1024)
        (found,) = document["scenarios"]
        amounts = {line["code"]: line["amount"] for line in found["point"]["lines"]}
        # 259.33 hours; 4.8 hires; the team pays 12.50 for an hour that is 85 % productive.
        assert amounts == {
            "price": "648.33",
            "labour": "2860.29",
            "setup-fee": "100.00",
            "recruiting": "360.00",
        }
        assert found["point"]["hires"] == "4.8"
        assert found["supplier"]["kind"] == "mixed"
        assert [each["share"] for each in found["shares"]] == [0.25, 0.75]

    @given(st.decimals(D("0.01"), D("0.99"), places=2))
    def test_two_suppliers_on_the_same_terms_cost_what_one_does(self, share):
        project = campaigns.project_of([items_package()], [
            campaigns.whole_project("whole", offer(), "work"), self.split(str(share), str(1 - share)),
        ])  # fmt: skip
        whole, split = (each["point"] for each in price_project(project, seed=0, draws=1024)["scenarios"])
        assert abs(D(whole["total"]) - D(split["total"])) <= D("0.01")
        assert whole["weeks"] == split["weeks"]


EURO = ExchangeRate("EUR", D("1.08"), date(2026, 6, 1), "European Central Bank")


class TestExchangeRates:
    def test_every_amount_of_a_supplier_is_converted(self):
        vendor = offer(
            currency="EUR", setup_fee=certain("fee", "50"), tax=certain("tax", "0.2"),
            minimum_commitment=certain("minimum", "1100"),
        )  # fmt: skip
        found = scenario_of(vendor, exchange_rates=(EURO,))
        assert {line["code"]: line["amount"] for line in found["point"]["lines"]} == {
            "price": "1080.00",
            "commitment": "108.00",
            "setup-fee": "54.00",
            "tax": "248.40",
        }
        assert any(
            "€1,000.00, is below the minimum commitment of €1,100.00" in each for each in found["notes"]
        )

    def test_the_rates_used_are_part_of_the_document(self):
        unused = ExchangeRate("JPY", D("0.0065"), date(2026, 6, 1), "Bank of Japan")
        project = campaigns.project_of(
            [hours_package()],
            [campaigns.whole_project("vendor", offer(currency="EUR"), "work")],
            exchange_rates=(unused, EURO),
        )
        assert price_project(project, seed=0, draws=1024)["exchange_rates"] == [
            {
                "from": "EUR",
                "to": "USD",
                "rate": "1.08",
                "date": "2026-06-01",
                "source": "European Central Bank",
                "source_url": "",
            }
        ]

    def test_a_team_abroad_costs_its_own_money_converted(self):
        team = replace(campaigns.own_team(), currency="EUR")
        scenarios = [
            campaigns.whole_project("here", campaigns.own_team(), "feedback"),
            campaigns.whole_project("there", team, "feedback"),
        ]
        project = campaigns.project_of([campaigns.FEEDBACK], scenarios, exchange_rates=(EURO,))
        here, there = price_project(project, seed=0, draws=1024)["scenarios"]
        assert there["point"]["total"] == str((D(here["point"]["total"]) * D("1.08")).quantize(D("0.01")))
        assert float(there["simulated"]["p50"]) == pytest.approx(
            1.08 * float(here["simulated"]["p50"]), abs=0.02
        )

    def test_a_missing_rate_is_refused_naming_both_currencies(self):
        error = refusal(lambda: scenario_of(offer(currency="JPY"), exchange_rates=(EURO,)))
        assert error.field == "exchange_rates"
        assert str(error) == (
            "Northwind is in JPY and the project in USD: an exchange rate from JPY to USD is needed."
        )

    @pytest.mark.parametrize(
        ("currency", "rate"), [("EUR", "0"), ("EUR", "-1"), ("EUR", "NaN"), ("XXL", "1")]
    )
    def test_a_rate_that_is_none(self, currency, rate):
        assert isinstance(refusal(lambda: ExchangeRate(currency, D(rate))), EngineError)

    def test_two_rates_for_one_currency(self):
        assert "EUR has two exchange rates" in str(
            refusal(lambda: scenario_of(offer(currency="EUR"), exchange_rates=(EURO, EURO)))
        )
