"""A law by its name, from the columns a form or a table row holds."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType
from typing import TypeVar

from laws.averages import MeanOfLabels
from laws.errors import LawError
from laws.number import Number
from laws.observed import Observed
from laws.percentiles import Percentiles
from laws.points import Pert, Triangular
from laws.ranges import USUAL_COVERAGE, LogNormalRange
from laws.shares import BetaMean, BetaRange

Stated = Number | LogNormalRange | BetaRange | Triangular | Pert | BetaMean | Percentiles | Observed
Law = Stated | MeanOfLabels

LAWS: Mapping[str, type[Stated]] = MappingProxyType(
    {
        "number": Number,
        "range": LogNormalRange,
        "share-range": BetaRange,
        "triangular": Triangular,
        "pert": Pert,
        "percentiles": Percentiles,
        "beta": BetaMean,
        "observed": Observed,
    }
)
"""The laws a planner chooses from, by their stored names."""

Given = TypeVar("Given")


def law_from(
    name: str,
    *,
    low: Decimal | None = None,
    mode: Decimal | None = None,
    median: Decimal | None = None,
    high: Decimal | None = None,
    mean: Decimal | None = None,
    weight: Decimal | None = None,
    coverage: Decimal | None = None,
    observed: Sequence[Decimal] | None = None,
    point: Decimal | None = None,
) -> Stated:
    """The law called `name`, from the columns a form or a table row holds.

    name      a key of LAWS
    coverage  of a range; None for 90 %
    point     the value of a "number"; the other laws do not read it
    A law reads its own columns only. LawError names the column that is missing or out of bounds.
    """

    def given(value: Given | None, field: str) -> Given:
        if value is None:
            raise LawError(f'{field} is needed for a law of the kind "{name}".', field=field)
        return value

    within = USUAL_COVERAGE if coverage is None else coverage
    match name:
        case "number":
            return Number(given(point, "point"))
        case "range":
            return LogNormalRange(given(low, "low"), given(high, "high"), within)
        case "share-range":
            return BetaRange(given(low, "low"), given(high, "high"), within)
        case "triangular":
            return Triangular(given(low, "low"), given(mode, "mode"), given(high, "high"))
        case "pert":
            return Pert(given(low, "low"), given(mode, "mode"), given(high, "high"))
        case "percentiles":
            return Percentiles(given(low, "low"), given(median, "median"), given(high, "high"))
        case "beta":
            return BetaMean(given(mean, "mean"), given(weight, "weight"))
        case "observed":
            return Observed(tuple(given(observed, "observed")))
    raise LawError(f'law must be one of {", ".join(LAWS)}, not "{name}".', field="law")
