"""An exchange rate that says how it moves: kept by the database, taken at every door, frozen into reports."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from estimates.models import ExchangeRate, RateCard
from estimates.selectors import load_plan
from estimates.services.budgets import price, register_dimensions
from estimates.services.changes import changes_between
from estimates.services.freezing import freeze_plan
from tests.page_forms import send

ADD = "/suppliers/exchange-rates/new/"


@pytest.fixture
def abroad(project):
    """The vendor in euros, at 1.1 USD a year before the work starts."""
    project.starts_on = date(2027, 6, 1)
    project.save()
    RateCard.objects.update(currency="EUR")
    ExchangeRate.objects.create(
        from_currency="EUR", to_currency="USD", on=date(2026, 6, 1), rate=Decimal("1.1"), source="ECB"
    )
    return project


def moving(**fields: str) -> None:
    ExchangeRate.objects.update(**{name: Decimal(value) for name, value in fields.items()})


def test_a_rate_that_moves_is_frozen_drawn_and_printed(abroad):
    fixed = price(abroad, seed=0, draws=1024)
    before = freeze_plan(load_plan(abroad))
    assert "volatility" not in before["exchange_rates"][0]
    moving(volatility="0.1", home_interest="0.05", foreign_interest="0.02")
    register_dimensions(abroad)
    after = freeze_plan(load_plan(abroad))
    assert after["exchange_rates"][0]["volatility"] == "0.1"
    assert "exchange:EUR" in after["dimensions"]
    found = price(abroad, seed=0, draws=1024)
    assert Decimal(found["scenarios"][0]["point"]["total"]) == pytest.approx(
        Decimal(fixed["scenarios"][0]["point"]["total"]) * Decimal("1.05") / Decimal("1.02"),
        abs=Decimal("0.01"),
    )
    simulated = found["scenarios"][0]["simulated"]
    assert Decimal(simulated["p10"]) < Decimal(simulated["p90"])
    assert found["scenarios"][1] == fixed["scenarios"][1]
    (rate,) = found["exchange_rates"]
    assert (rate["volatility"], rate["paid_on"], rate["forward"]) == (0.1, "2027-06-01", "1.13235")


def test_what_changed_says_how_a_rate_moves(abroad):
    before = freeze_plan(load_plan(abroad))
    moving(volatility="0.1")
    after = freeze_plan(load_plan(abroad))
    (change,) = [one for one in changes_between(before, after) if one.owner == "Exchange rate"]
    assert (change.before, change.after.replace("\u00a0", " ")) == (
        "1.1 of 1 Jun 2026",
        "1.1 of 1 Jun 2026, volatility 10.00 %",
    )


@pytest.mark.parametrize(
    "fields",
    [
        {"volatility": "0"},
        {"volatility": "1.000000001"},
        {"home_interest": "0.04"},
        {"home_interest": "1", "foreign_interest": "0"},
        {"home_interest": "-0.1", "foreign_interest": "0"},
    ],
)
def test_the_database_refuses_what_a_rate_cannot_do(abroad, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        moving(**fields)
    rate = ExchangeRate.objects.get()
    for name, value in fields.items():
        setattr(rate, name, Decimal(value))
    with pytest.raises(ValidationError):
        rate.full_clean()


def typed(**more: str) -> dict[str, str]:
    return {
        "from_currency": "EUR", "to_currency": "USD", "rate": "1.1", "on": "2026-06-02", "source": "ECB",
    } | more  # fmt: skip


def test_the_page_takes_per_cent_and_says_what_is_wrong_at_the_field(client, ada, abroad):
    client.force_login(ada)
    wrong = send(client, ADD, typed(volatility="140", home_interest="4"))
    assert wrong.status_code == 422
    text = " ".join(wrong.content.decode().split())
    assert "A volatility is a share above 0 and at most 1" in text
    assert "Give the interest of both currencies, or of none." in text
    right = typed(volatility="8", home_interest="4", foreign_interest="2.5")
    assert send(client, ADD, right).status_code == 302
    rate = ExchangeRate.objects.get(on=date(2026, 6, 2))
    assert (rate.volatility, rate.home_interest, rate.foreign_interest) == (
        Decimal("0.08"), Decimal("0.04"), Decimal("0.025"),
    )  # fmt: skip
