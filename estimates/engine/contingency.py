"""What to hold beside the median, to any P level, and which line it is held for.

It is read off the total: the lines' own P80s, added up, would be held against a day on which every line goes
wrong at once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Any

import numpy as np

from estimates.engine.costs import PricedLine
from estimates.engine.errors import EngineError
from estimates.engine.money import minor_unit, round_money
from estimates.engine.summary import mean_and_quantiles, quantiles_and_moves

BASE_LEVEL = 0.5
DEFAULT_LEVEL = 0.8
RESERVE_LEVEL = 0.95
LEVELS = (0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.99)
_WIDE = Context(prec=400)


@dataclass(frozen=True)
class LevelAmount:
    """What one level asks for: printed money.

    amount       the cost that this share of outcomes stays within
    error        how far another seed moves it, at most, in 99 of 100 cases
    contingency  amount - P50, exactly
    by_line      the contingency by line code; the parts add up to it to the minor unit
    lines_on_their_own  what the lines' own contingencies to this level would add up to
    """

    level: float
    amount: Decimal
    error: Decimal
    contingency: Decimal
    by_line: Mapping[str, Decimal]
    lines_on_their_own: Decimal


@dataclass(frozen=True)
class Contingency:
    """Contingency of one total: printed money.

    base                P50
    levels              from the lowest level up
    shares              each line's covariance with the total as a share of the total's variance, by code;
                        they add up to 1, or are all 0 where the total is certain
    management_reserve  P95 - P80
    """

    base: Decimal
    levels: tuple[LevelAmount, ...]
    shares: Mapping[str, float]
    management_reserve: Decimal

    def to(self, level: float) -> LevelAmount:
        """EngineError names the levels that there are."""
        for each in self.levels:
            if each.level == level:
                return each
        levels = ", ".join(f"P{100 * one:.0f}" for one in LEVELS)
        raise EngineError(f"Contingency is worked out to {levels}.", field="level")


def contingency_of(lines: Sequence[PricedLine], total: Any, *, currency: str) -> Contingency:
    """The contingency of a total and of its lines.

    lines, total  money: floats, or draws of shape (REPLICATES, points); the total is the sum of the lines
    """
    amounts, errors = quantiles_and_moves(total, [BASE_LEVEL, *LEVELS])
    base, *printed = (round_money(amount, currency) for amount in amounts)
    shares = covariance_shares(lines, total)
    levels = tuple(
        LevelAmount(
            level=level,
            amount=amount,
            error=round_money(error, currency),
            contingency=amount - base,
            by_line=allocated(amount - base, shares, unit=minor_unit(currency)),
            lines_on_their_own=round_money(alone, currency),
        )
        for level, amount, error, alone in zip(LEVELS, printed, errors[1:], _alone(lines), strict=True)
    )
    by_level = {each.level: each for each in levels}
    return Contingency(
        base=base,
        levels=levels,
        shares=shares,
        management_reserve=by_level[RESERVE_LEVEL].amount - by_level[DEFAULT_LEVEL].amount,
    )


def _alone(lines: Sequence[PricedLine]) -> list[float]:
    """What the lines' own contingencies would add up to, to each of LEVELS."""
    added = [0.0] * len(LEVELS)
    for line in lines:
        _, (middle, *highs) = mean_and_quantiles(line.amount, [BASE_LEVEL, *LEVELS])  # type: ignore[arg-type]
        added = [before + high - middle for before, high in zip(added, highs, strict=True)]
    return added


def covariance_shares(lines: Sequence[PricedLine], total: Any) -> dict[str, float]:
    """Each line's covariance with the total as a share of the total's variance, by its code.

    They add up to 1, since the total is the sum of the lines; a line that falls when the total rises has a
    share below 0. All are 0 where the total is certain.
    """
    apart = None if not isinstance(total, np.ndarray) else total - total.mean()
    variance = 0.0 if apart is None else float(np.square(apart).mean())
    if apart is None or not variance > 0:
        return {line.code: 0.0 for line in lines}
    shares = {}
    for line in lines:
        amount: Any = line.amount
        uncertain = isinstance(amount, np.ndarray)
        shares[line.code] = float((amount * apart).mean()) / variance if uncertain else 0.0
    return shares


def allocated(amount: Decimal, shares: Mapping[str, float], *, unit: Decimal) -> dict[str, Decimal]:
    """`amount` by line in proportion to the shares, in whole units, so that the parts add up to it exactly.

      amount  a whole number of units
      shares  add up to 1, or are all 0: then there is nothing to allocate, and EngineError says so unless the
              amount is 0
    Each part is rounded down, and what is left goes to the parts that lost most by it, a unit each.
    """
    whole = sum(shares.values())
    if not whole:
        if amount:
            raise EngineError("There is a contingency, but no line that is uncertain.")
        return dict.fromkeys(shares, amount)
    exact = {code: amount * Decimal(share) / Decimal(whole) / unit for code, share in shares.items()}
    down = {code: part.to_integral_value(rounding=ROUND_FLOOR) for code, part in exact.items()}
    left = int(amount / unit - sum(down.values()))
    by_loss = sorted(exact, key=lambda code: down[code] - exact[code])
    for code in by_loss[:left]:
        down[code] += 1
    return {code: (count * unit).quantize(unit, context=_WIDE) for code, count in down.items()}
