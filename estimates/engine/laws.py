"""The laws an assumption may follow, as the engine reads them: see the package `laws`."""

from laws import (
    LAWS,
    TABLE_DIGITS,
    TABLE_SIZE,
    BetaMean,
    BetaRange,
    Law,
    LogNormalRange,
    MeanOfLabels,
    Number,
    Observed,
    Percentiles,
    Pert,
    Triangular,
    extremes,
    law_from,
    table,
)

__all__ = [
    "LAWS",
    "TABLE_DIGITS",
    "TABLE_SIZE",
    "BetaMean",
    "BetaRange",
    "Law",
    "LogNormalRange",
    "MeanOfLabels",
    "Number",
    "Observed",
    "Percentiles",
    "Pert",
    "Triangular",
    "extremes",
    "law_from",
    "table",
]
