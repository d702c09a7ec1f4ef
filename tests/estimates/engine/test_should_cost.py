"""What a vendor's work should cost it, and the margin or the loss that its price leaves."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.exchange import ExchangeRate
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import certain, triangular, uncertain
from tests.estimates.engine.vendor_work import hours_package, items_package, offer, refusal, scenario_of

# 25 % on $24 an hour and $2.50 more make $32.50 a paid hour; at four productive hours of five, $40.625.
BASIS = {
    "should_cost_wage": certain("labour-wage", "24"),
    "should_cost_burden": certain("burden", "0.25"),
    "should_cost_utilisation": certain("utilisation", "0.8"),
    "should_cost_overhead": certain("overhead", "2.5"),
}


def should_cost(vendor, **more) -> dict:
    (found,) = scenario_of(vendor, **more)["should_cost"]
    return found


def test_the_margin_of_a_price_by_hand():
    found = should_cost(offer(rate=certain("rate", "65"), **BASIS))
    assert (found["paid_hours"], found["cost"], found["price"]) == ("125.00", "4062.50", "6500.00")
    assert found["margin"] == found["simulated"]["margin"]["p50"] == 0.375
    assert found["simulated"]["below_cost"] == 0
    assert found["sentence"] == (
        "At $24.00 an hour of labour with 25 % burden, 80 % of paid hours productive and $2.50 of overhead a "
        "paid hour, this price leaves Northwind a margin of 37.5 %."
    )


def test_instructgpt_at_cost_plus_implies_the_margin_that_it_states():
    """$30 an hour sold at $60: with nothing else on it, the should-cost is the vendor's own cost."""
    plain = {
        "should_cost_wage": campaigns.LABOUR_HOUR,
        "should_cost_burden": certain("burden", "0"),
        "should_cost_utilisation": certain("utilisation", "1"),
        "should_cost_overhead": certain("overhead", "0"),
    }
    vendor = offer(pricing="cost-plus-margin", rate=campaigns.LABOUR_HOUR, margin=campaigns.MARGIN, **plain)
    found = should_cost(vendor, package=campaigns.FEEDBACK)
    assert (found["cost"], found["price"]) == ("600000.00", "1200000.00")
    assert found["margin"] == found["stated_margin"] == 0.5
    # The wage is the same draw in price and cost, so that only the margin itself is left: of triangular
    # (.40, .50, .60) a tenth lies below .40 + sqrt(.1 * .2 * .1).
    margin = found["simulated"]["margin"]
    assert margin["p10"] == pytest.approx(0.4 + 0.002**0.5, abs=1e-3)
    assert margin["p90"] == pytest.approx(0.6 - 0.002**0.5, abs=1e-3)


def test_a_price_below_what_the_work_should_cost_is_a_loss_in_words():
    found = should_cost(offer(rate=certain("rate", "32.5"), **BASIS))
    assert (found["margin"], found["simulated"]["below_cost"]) == (-0.25, 1)
    assert found["sentence"].endswith(
        "this price is below what the work should cost Northwind: the loss is 25 % of the price. Ask what the "
        "offer leaves out before you count on it."
    )


def test_a_price_that_may_or_may_not_cover_the_cost_says_how_often():
    wage = uncertain("labour-wage", triangular("20", "24", "28"))
    found = should_cost(offer(rate=certain("rate", "40.625"), **(BASIS | {"should_cost_wage": wage})))
    assert found["margin"] == 0
    assert found["simulated"]["below_cost"] == pytest.approx(0.5, abs=2e-3)
    assert "between a loss of" in found["sentence"]
    assert "nothing at the median; it is below what the work should cost in 50 % of" in found["sentence"]


def test_the_price_holds_rush_and_commitment_but_no_fee_and_no_tax():
    found = should_cost(
        offer(
            rate=certain("rate", "50"),
            minimum_commitment=certain("minimum", "6000"),
            rush_multiplier=certain("rush", "1.5"),
            setup_fee=certain("fee", "700"),
            tax=certain("tax", "0.2"),
            **BASIS,
        )
    )
    assert found["price"] == "9000.00"


def test_the_cost_is_that_of_all_the_work_whoever_pays_for_it():
    costs = {
        payer: should_cost(
            offer(rework_paid_by=payer, gold_paid_by=payer, training_paid_by=payer, **BASIS),
            package=items_package(),
        )["cost"]
        for payer in ("buyer", "vendor")
    }
    assert len(set(costs.values())) == 1


def test_amounts_stay_in_the_currency_of_the_offer():
    rates = (ExchangeRate("EUR", Decimal(2)),)
    found = should_cost(offer(rate=certain("rate", "65"), currency="EUR", **BASIS), exchange_rates=rates)
    assert (found["currency"], found["cost"], found["margin"]) == ("EUR", "4062.50", 0.375)


def test_a_price_of_nothing_has_no_margin():
    found = should_cost(offer(rate=certain("rate", "0"), **BASIS))
    assert found["margin"] is found["simulated"]["margin"] is None
    assert found["sentence"].endswith("its price can be nothing: no margin can be stated.")


@pytest.mark.parametrize("missing", list(BASIS))
def test_a_basis_is_stated_whole_or_not_at_all(missing):
    refused = refusal(lambda: offer(**{name: given for name, given in BASIS.items() if name != missing}))
    assert refused.field == missing
    assert f"needs {missing.replace('_', ' ')} beside it" in str(refused)


def test_without_a_basis_nothing_is_said_and_with_one_the_price_stays():
    plain, stated = scenario_of(offer()), scenario_of(offer(**BASIS))
    assert "should_cost" not in plain
    stated.pop("should_cost")
    assert stated == plain


@given(rate=st.integers(1, 500), wage=st.integers(0, 100), hours=st.integers(100, 10_000))
def test_the_margin_put_back_on_the_cost_gives_the_price(rate, wage, hours):
    vendor = offer(rate=certain("rate", str(rate)), **(BASIS | {"should_cost_wage": certain("w", str(wage))}))
    found = should_cost(vendor, package=hours_package(str(hours)))
    assert Decimal(found["cost"]) / (1 - Decimal(str(found["margin"]))) == pytest.approx(
        Decimal(found["price"]), rel=Decimal("1e-3")
    )
