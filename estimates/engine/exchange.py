"""Exchange rates: what one unit of a supplier's currency is worth in the project's, and on which day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from estimates.engine.errors import EngineError
from estimates.engine.money import minor_unit


@dataclass(frozen=True)
class ExchangeRate:
    """A rate into the project's currency.

    currency  the currency converted, ISO 4217
    rate      money of the project's currency for one unit of it  > 0
    on        the day of the rate; None when not known
    EngineError names what is out of bounds.
    """

    currency: str
    rate: Decimal
    on: date | None = None
    source: str = ""
    source_url: str = ""

    def __post_init__(self) -> None:
        minor_unit(self.currency)
        if not self.rate.is_finite() or not self.rate > 0:
            raise EngineError(
                f"The exchange rate of {self.currency} must be above 0, not {self.rate}.",
                field="exchange_rates",
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
    """

    currency: str = ""
    starts_on: date | None = None
    rates: Mapping[str, ExchangeRate] | None = None

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
