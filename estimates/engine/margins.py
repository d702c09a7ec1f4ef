"""Margin and markup: two names of one price."""

from decimal import Decimal
from typing import cast

import numpy as np

from estimates.engine.assumptions import NOT_NEGATIVE, SHARE_BELOW_ONE, Bounds
from estimates.engine.errors import EngineError
from estimates.engine.num import Num


def price_from_margin(cost: Num, margin: Num) -> Num:
    """The price that leaves `margin`: cost / (1 - margin).

      cost    money, any shape
      margin  (price - cost) / price, [0, 1)
    A 50 % margin doubles the cost: it is a markup of 100 %, not of 50 %. EngineError outside [0, 1).
    """
    _require(margin, SHARE_BELOW_ONE, "margin")
    return cast(Num, cost / (1 - margin))


def price_from_markup(cost: Num, markup: Num) -> Num:
    """The price with `markup` on top: cost * (1 + markup). markup >= 0, else EngineError."""
    _require(markup, NOT_NEGATIVE, "markup")
    return cast(Num, cost * (1 + markup))


def markup_from_margin(margin: Num) -> Num:
    """The markup that gives the same price: margin / (1 - margin). margin in [0, 1), else EngineError."""
    _require(margin, SHARE_BELOW_ONE, "margin")
    return cast(Num, margin / (1 - margin))


def margin_from_markup(markup: Num) -> Num:
    """The margin that gives the same price: markup / (1 + markup). markup >= 0, else EngineError."""
    _require(markup, NOT_NEGATIVE, "markup")
    return cast(Num, markup / (1 + markup))


def _require(number: Num, bounds: Bounds, field: str) -> None:
    ends: list[Decimal | float]
    if isinstance(number, np.ndarray):
        ends = [float(number.min()), float(number.max())]
    else:
        ends = [cast(Decimal, number)]
    for end in ends:
        if (isinstance(end, Decimal) and end.is_nan()) or not bounds.hold(end):
            raise EngineError(f"{field} must be {bounds}, not {end}.", field=field)
