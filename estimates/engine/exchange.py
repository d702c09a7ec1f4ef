"""Exchange rates: what one unit of a supplier's currency is worth in the project's, now and later."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from estimates.engine.assumptions import SHARE_BELOW_ONE, Assumption, Bounds
from estimates.engine.errors import EngineError
from estimates.engine.laws import Law, LogNormalRange, Number
from estimates.engine.money import minor_unit
from laws.ranges import NORMAL_95

VOLATILITY = Bounds(0, 1, low_open=True)
DAYS_PER_YEAR = 365
MOST_YEARS = 10


def exchange_key(currency: str) -> str:
    """The draw of a currency's rate."""
    return f"exchange:{currency}"


@dataclass(frozen=True)
class ExchangeRate:
    """A rate into the project's currency.

    currency  the currency converted, ISO 4217
    rate      money of the project's currency for one unit of it  > 0
    on        the day of the rate; None when not known
    volatility      standard deviation of its logarithm in a year; None for a rate that is fixed  (0, 1]
    home_interest, foreign_interest  a year, of the project's currency and of the one converted; both make a
                    forward rate of the spot, None of them leaves it as it is                     [0, 1)
    EngineError names what is out of bounds, or missing.
    """

    currency: str
    rate: Decimal
    on: date | None = None
    source: str = ""
    source_url: str = ""
    volatility: Decimal | None = None
    home_interest: Decimal | None = None
    foreign_interest: Decimal | None = None

    def __post_init__(self) -> None:
        minor_unit(self.currency)
        if not self.rate.is_finite() or not self.rate > 0:
            raise EngineError(
                f"The exchange rate of {self.currency} must be above 0, not {self.rate}.",
                field="exchange_rates",
            )
        self._check("volatility", self.volatility, VOLATILITY)
        self._check("home interest", self.home_interest, SHARE_BELOW_ONE)
        self._check("foreign interest", self.foreign_interest, SHARE_BELOW_ONE)
        if (self.home_interest is None) != (self.foreign_interest is None):
            raise EngineError(
                f"The exchange rate of {self.currency} needs the interest of both currencies, or of none.",
                field="exchange_rates",
            )

    def _check(self, words: str, value: Decimal | None, allowed: Bounds) -> None:
        if value is not None and not (value.is_finite() and allowed.hold(value)):
            raise EngineError(
                f"The {words} of the exchange rate of {self.currency} must be {allowed}, not {value}.",
                field="exchange_rates",
            )

    @property
    def key(self) -> str:
        """The draw that all who use the currency share; no assumption of a plan can have this key."""
        return exchange_key(self.currency)

    @property
    def may_move(self) -> bool:
        """Whether a later rate is another, or uncertain."""
        return self.volatility is not None or self.home_interest is not None

    def forward(self, years: Decimal) -> Decimal:
        """The rate that is agreed now for a day `years` ahead: spot (1 + home T) / (1 + foreign T)."""
        if self.home_interest is None or self.foreign_interest is None:
            return self.rate
        return self.rate * (1 + self.home_interest * years) / (1 + self.foreign_interest * years)

    def after(self, years: Decimal, *, to: str) -> Assumption:
        """The rate `years` ahead, F exp(-sd**2 / 2 + sd Z) with sd = volatility * sqrt(years): its mean is
        the forward rate F, which is the point. Without volatility it is F, as if bought forward.

        The law is the 90 % range of that.
        Source: Garman and Kohlhagen (1983), Foreign currency option values.
        """
        forward = self.forward(years)
        law: Law = Number(forward)
        if self.volatility is not None and years > 0:
            sd = float(self.volatility) * math.sqrt(years)
            median = float(forward) * math.exp(-(sd**2) / 2)
            law = LogNormalRange(
                *(Decimal(median * math.exp(sign * NORMAL_95 * sd)) for sign in (-1, 1)),
            )
        return Assumption(
            self.key,
            law,
            forward,
            name="exchange_rate",
            unit=f"{to} per {self.currency}",
            label=f"1 {self.currency} in {to}",
            source=self.source,
        )


def rates_by_currency(rates: Iterable[ExchangeRate]) -> Mapping[str, ExchangeRate]:
    """The rates by their currency; EngineError when one has two."""
    found: dict[str, ExchangeRate] = {}
    for rate in rates:
        if rate.currency in found:
            raise EngineError(f"{rate.currency} has two exchange rates.", field="exchange_rates")
        found[rate.currency] = rate
    return found


@dataclass(frozen=True)
class ProjectTerms:
    """What all of a project's suppliers are priced under.

    currency   the project's; "" when every supplier is taken to be in it
    starts_on  the first day of work; None when not known
    rates      by currency
    paid_on    the day on which half of the work is taken to be paid; None when not known
    """

    currency: str = ""
    starts_on: date | None = None
    rates: Mapping[str, ExchangeRate] | None = None
    paid_on: date | None = None

    def years_ahead(self, rate: ExchangeRate) -> Decimal:
        """Years from the day of a rate to the payment; 0 when one of them is not known, or payment is past.

        EngineError beyond MOST_YEARS: no rate says anything about a day so far off.
        """
        if self.paid_on is None or rate.on is None or self.paid_on <= rate.on:
            return Decimal(0)
        years = Decimal((self.paid_on - rate.on).days) / DAYS_PER_YEAR
        if rate.may_move and years > MOST_YEARS:
            raise EngineError(
                f"The exchange rate of {rate.currency} is of {rate.on.isoformat()}, more than {MOST_YEARS} "
                f"years before half of the work is paid, {self.paid_on.isoformat()}: take a newer rate.",
                field="exchange_rates",
            )
        return years

    def exchange_of(self, rate: ExchangeRate) -> Assumption:
        """What money is converted at: the rate on the day of payment."""
        return rate.after(self.years_ahead(rate), to=self.currency)

    def rate_of(self, supplier: str, currency: str | None) -> ExchangeRate | None:
        """The rate that converts a supplier's money; None when it is in the project's currency.

        EngineError names both currencies when there is no rate.
        """
        if currency is None or currency == self.currency or not self.currency:
            return None
        if self.rates is None or currency not in self.rates:
            raise EngineError(
                f"{supplier} is in {currency} and the project in {self.currency}: an exchange rate from "
                f"{currency} to {self.currency} is needed.",
                field="exchange_rates",
            )
        return self.rates[currency]
