"""The buyer's own side, packages that suppliers share, and suppliers abroad."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.errors import EngineError
from estimates.engine.exchange import ExchangeRate
from estimates.engine.pricing import price_project
from estimates.engine.scenario import Allocation, ScenarioInputs
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D, certain
from tests.estimates.engine.vendor_work import (
    hours_package,
    items_package,
    lines_of,
    offer,
    refusal,
    scenario_of,
)


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

    def test_only_packages_that_are_split_are_named_as_such(self):
        vendor, other = offer(), replace(offer(), slug="southwind", name="Southwind")
        scenario = ScenarioInputs(
            "split",
            "Split",
            (
                Allocation("whole", vendor),
                Allocation("work", vendor, D("0.6")),
                Allocation("work", other, D("0.4")),
            ),
        )
        packages = [hours_package(), hours_package(slug="whole")]
        (found,) = price_project(campaigns.project_of(packages, [scenario]), seed=0, draws=1024)["scenarios"]
        assert found["shares"] == [
            {"package": "work", "package_name": "Work", "supplier": "Northwind", "share": 0.6},
            {"package": "work", "package_name": "Work", "supplier": "Southwind", "share": 0.4},
        ]

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

    def test_each_scenario_that_converts_says_that_the_rate_is_taken_as_fixed(self):
        scenarios = [
            campaigns.whole_project("abroad", offer(currency="EUR"), "work"),
            campaigns.whole_project("here", offer(), "work"),
        ]
        project = campaigns.project_of([hours_package()], scenarios, exchange_rates=(EURO,))
        abroad, here = price_project(project, seed=0, draws=1024)["scenarios"]
        said = (
            "1 EUR is taken as 1.08 USD, the rate of 1 June 2026 (European Central Bank), however long the work "
            "takes: the range holds no currency risk."
        )
        assert said in abroad["notes"]
        assert said not in here["notes"]

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
