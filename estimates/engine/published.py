"""Published figures set beside a price: what training a model cost, what a campaign is said to have cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from estimates.engine.effort import Hours
from estimates.engine.errors import EngineError

PACES = (Decimal("1"), Decimal("1.5"), Decimal("2"), Decimal("3"), Decimal("4"))
"""Factors on the labeling effort that a claim is tried at."""


@dataclass(frozen=True)
class TrainingRun:
    """A published cost of training a model.

    cost   money in the project's currency  > 0
    basis  what the cost counts ("cloud price", "amortised hardware and energy"): a share means nothing
           without it
    EngineError when the cost is not above 0.
    """

    slug: str
    name: str
    cost: Decimal
    basis: str = ""
    source: str = ""
    source_url: str = ""

    def __post_init__(self) -> None:
        _require_positive(self.cost, f"Training run {self.name}: cost", "cost")


@dataclass(frozen=True)
class Claim:
    """A published total for a campaign, to be checked against a scenario.

    total     money in the project's currency  > 0
    scenario  slug of the scenario it is read against
    EngineError when the total is not above 0.
    """

    text: str
    total: Decimal
    scenario: str
    source: str = ""
    source_url: str = ""

    def __post_init__(self) -> None:
        _require_positive(self.total, f'The claim "{self.text}": total', "total")


@dataclass(frozen=True)
class Reading:
    """One pair of pace and hourly cost at which a scenario reaches a claimed total.

    pace                   factor on the scenario's labeling and review hours
    minutes_per_judgement  active minutes at that pace; None for work given in hours
    cost_per_hour          labour cost of a productive hour, money, unrounded (the price of one where the
                           scenario's price is not split); negative when set-up alone exceeds the claim
    """

    pace: Decimal
    minutes_per_judgement: Decimal | None
    cost_per_hour: Decimal


def readings_of(
    total: Decimal,
    *,
    hours: Sequence[Hours],
    hourly_cost: Decimal,
    hourly_price: Decimal,
    other_cost: Decimal,
    minutes: Decimal | None,
) -> tuple[Reading, ...]:
    """The hourly costs that reach `total` at each pace: (total - other) * cost / price / hours.

    hours         of the scenario's work packages, as points
    hourly_cost   what labour costs in the scenario, money
    hourly_price  what the buyer pays for that labour, money: the cost itself in-house
    other_cost    what does not grow with hours, money
    minutes       active minutes per judgement of the scenario; None for work given in hours
    Onboarding hours stay as planned at every pace. None at all when labour costs nothing.
    """
    if hourly_price == 0:
        return ()
    work = sum((cast(Decimal, h.label + h.review) for h in hours), Decimal(0))
    onboarding = sum((cast(Decimal, h.onboarding) for h in hours), Decimal(0))
    labour = (total - other_cost) * hourly_cost / hourly_price
    return tuple(
        Reading(
            pace=pace,
            minutes_per_judgement=None if minutes is None else minutes * pace,
            cost_per_hour=labour / (work * pace + onboarding),
        )
        for pace in PACES
    )


def _require_positive(amount: Decimal, owner: str, field: str) -> None:
    if not amount.is_finite() or amount <= 0:
        raise EngineError(f"{owner} must be above 0, not {amount}.", field=field)
