"""What a currency is worth when the work is paid: a forward, and a draw of its own that all who use it share."""

import math
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estimates.engine.exchange import ExchangeRate, ProjectTerms
from estimates.engine.laws import LogNormalRange
from estimates.engine.pricing import price_project
from estimates.engine.simulate import Draws
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import D
from tests.estimates.engine.test_schedule import package
from tests.estimates.engine.vendor_work import hours_package, offer, refusal, scenario_of

DAY = date(2026, 6, 1)
LATER = date(2028, 5, 31)  # 730 days, two years
PLAIN = ExchangeRate("EUR", D("1.08"), DAY, "European Central Bank")
MOVING = replace(PLAIN, volatility=D("0.1"), home_interest=D("0.04"), foreign_interest=D("0.02"))


def abroad(rate: ExchangeRate, **project) -> dict:
    project = {"starts_on": LATER} | project
    return scenario_of(offer(currency="EUR"), exchange_rates=(rate,), **project)


def said_of(found: dict) -> str:
    (said,) = [note for note in found["notes"] if note.startswith("1 EUR is taken as")]
    return said


def test_the_forward_by_hand():
    # Two years at simple interest: 1.08 * 1.08 / 1.04.
    assert MOVING.forward(D(2)) == D("1.08") * D("1.08") / D("1.04")
    assert PLAIN.forward(D(2)) == D("1.08")


@given(
    volatility=st.decimals(D("0.01"), 1, places=2),
    years=st.decimals(D("0.01"), 10, places=2),
    home=st.decimals(0, D("0.2"), places=3),
)
def test_the_law_is_the_lognormal_of_the_model(volatility, years, home):
    """Mean F, and standard deviation of the logarithm sigma * sqrt(T)."""
    rate = replace(PLAIN, volatility=volatility, home_interest=home, foreign_interest=D("0.01"))
    later = rate.after(years, to="USD")
    assert isinstance(later.law, LogNormalRange)
    sd = float(volatility) * math.sqrt(years)
    assert later.law.log_sd == pytest.approx(sd, rel=1e-9)
    assert math.exp(later.law.log_mean + sd**2 / 2) == pytest.approx(float(rate.forward(years)), rel=1e-9)


def test_the_mean_of_the_draws_is_the_forward_and_the_point():
    later = MOVING.after(D(2), to="USD")
    drawn = Draws(seed=0, draws=65_536, dimensions={later.key: 0}).values(later)
    assert float(np.mean(drawn)) == pytest.approx(float(later.point), rel=1e-5)
    low, high = np.quantile(drawn, [0.1, 0.9])
    z = 1.2815515655
    sd = 0.1 * 2**0.5
    assert low == pytest.approx(float(later.point) * math.exp(-(sd**2) / 2 - z * sd), rel=1e-3)
    assert high == pytest.approx(float(later.point) * math.exp(-(sd**2) / 2 + z * sd), rel=1e-3)


def test_a_moving_rate_widens_the_range_around_the_forward():
    found = abroad(MOVING)
    # 1,000 euros at 1.1215.
    assert found["point"]["total"] == "1121.54"
    assert float(found["simulated"]["mean"]) == pytest.approx(1121.54, abs=1.5)
    assert float(found["simulated"]["p90"]) == pytest.approx(
        1121.54 * math.exp(-0.01 + 1.28155 * 0.02**0.5), rel=3e-3
    )
    assert said_of(found) == (
        "1 EUR is taken as 1.1215 USD on 31 May 2028, half-way through the planned weeks, the forward of 1.08 USD, the "
        "rate of 1 June 2026 (European Central Bank). It moves by 10 % a year, so that nine outcomes in ten lie "
        "between 0.8799 and 1.4012: the range holds this risk, unhedged."
    )


def test_interest_alone_is_a_rate_bought_forward():
    found = abroad(replace(MOVING, volatility=None))
    assert found["point"]["total"] == found["simulated"]["p10"] == found["simulated"]["p90"] == "1121.54"
    assert said_of(found).endswith("as if bought forward: the range holds no currency risk.")


def test_volatility_alone_leaves_the_point_where_it_is():
    found = abroad(replace(PLAIN, volatility=D("0.1")))
    assert found["point"]["total"] == "1080.00"
    assert float(found["simulated"]["p10"]) < 1000


def test_without_a_start_a_rate_stays_fixed_and_says_so():
    found = abroad(MOVING, starts_on=None)
    assert found["point"]["total"] == found["simulated"]["p90"] == "1080.00"
    assert "nothing says when work starts" in said_of(found)
    assert "the range holds no currency risk" in said_of(found)


def test_a_rate_that_is_not_older_than_the_payment_does_not_move():
    found = abroad(MOVING, starts_on=DAY)
    assert found["point"]["total"] == found["simulated"]["p90"] == "1080.00"
    assert "is not later than the rate" in said_of(found)


def test_half_of_the_work_is_paid_half_way_through_the_longest_planned_weeks():
    works = [package("short", planned_weeks="4"), package("long", planned_weeks="52")]
    scenario = campaigns.whole_project("abroad", offer(currency="EUR"), "short", "long")
    project = campaigns.project_of(works, [scenario], starts_on=DAY, exchange_rates=(MOVING,))
    assert project.paid_on == date(2026, 11, 30)
    (rate,) = price_project(project, seed=0, draws=1024)["exchange_rates"]
    # Half a year less half a day: 182 of 365.
    assert (rate["paid_on"], rate["volatility"]) == ("2026-11-30", 0.1)
    years = Decimal(182) / 365
    assert float(rate["forward"]) == pytest.approx(float(MOVING.forward(years)), rel=1e-5)


def test_all_who_use_a_currency_share_its_draw():
    """Two vendors that charge alike in euros differ in no outcome, and neither does one of half the price twice."""
    scenarios = [
        campaigns.whole_project("one", replace(offer(currency="EUR"), slug="one"), "work"),
        campaigns.whole_project("team", replace(campaigns.own_team(), currency="EUR", setup=None), "work"),
    ]
    works = [hours_package()]
    project = campaigns.project_of(works, scenarios, starts_on=LATER, exchange_rates=(MOVING,))
    assert [key for key in project.used_dimensions() if key.startswith("exchange")] == ["exchange:EUR"]
    alone = campaigns.project_of(works, scenarios[:1], starts_on=LATER, exchange_rates=(MOVING,))
    alone = replace(alone, dimensions=project.dimensions)
    both, first = (price_project(each, seed=0, draws=1024)["scenarios"][0] for each in (project, alone))
    assert both == first


def test_a_rate_of_long_ago_is_refused():
    error = refusal(lambda: abroad(MOVING, starts_on=date(2037, 1, 1)))
    assert "take a newer rate" in str(error)
    assert abroad(PLAIN, starts_on=date(2037, 1, 1))["point"]["total"] == "1080.00"


@pytest.mark.parametrize(
    "terms",
    [
        {"volatility": D(0)},
        {"volatility": D("1.1")},
        {"volatility": D("NaN")},
        {"home_interest": D("0.04")},
        {"foreign_interest": D("0.04")},
        {"home_interest": D(1), "foreign_interest": D(0)},
        {"home_interest": D("-0.1"), "foreign_interest": D(0)},
    ],
)
def test_what_a_rate_cannot_do(terms):
    assert refusal(lambda: replace(PLAIN, **terms)).field == "exchange_rates"


def test_terms_without_dates_look_no_years_ahead():
    assert ProjectTerms(currency="USD").years_ahead(MOVING) == 0
