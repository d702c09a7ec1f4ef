"""How an exchange rate moves, by API."""

from decimal import Decimal

RATE = {
    "from_currency": "EUR", "to_currency": "USD", "rate": "1.1", "on": "2026-06-02", "source": "ECB",
    "volatility": "0.08", "home_interest": "0.04", "foreign_interest": "0.025",
}  # fmt: skip


def test_how_a_rate_moves_is_taken_and_given_back(program):
    made = program.post("exchange-rates/", RATE)
    assert made.status_code == 201, made.json()
    for name in ("volatility", "home_interest", "foreign_interest"):
        assert Decimal(made.json()[name]) == Decimal(RATE[name])
    plain = {name: value for name, value in RATE.items() if "interest" not in name and name != "volatility"}
    assert program.post("exchange-rates/", plain | {"on": "2026-06-03"}).json()["volatility"] is None


def test_half_an_interest_is_refused_at_the_field(program):
    refused = program.post("exchange-rates/", {**RATE, "home_interest": None})
    assert refused.status_code == 400, refused.json()
    assert "Give the interest of both currencies, or of none." in refused.content.decode()
    too_much = program.post("exchange-rates/", {**RATE, "volatility": "1.5"})
    assert "This must be at most 1." in too_much.content.decode()
