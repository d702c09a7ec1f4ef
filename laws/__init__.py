"""The laws an uncertain quantity may follow: numbers only, without Django.

A law is what a planner writes in a form: two ends of a range, three points, a mean and a weight, a column of
observed values. It knows its exact quantiles (`ppf`), its mean and standard deviation, and the point it
stands for unless another is given. Who stores a law and who draws from it read the same ones.
"""

from laws.averages import MeanOfLabels
from laws.choosing import LAWS, Law, Stated, law_from
from laws.errors import LawError
from laws.number import Number
from laws.observed import MOST_VALUES, Observed, Summary, read_values, written
from laws.percentiles import Percentiles
from laws.points import Pert, Triangular
from laws.ranges import USUAL_COVERAGE, LogNormalRange
from laws.shares import BetaMean, BetaRange
from laws.tables import TABLE_DIGITS, TABLE_SIZE, extremes, made_table, table

__all__ = [
    "LAWS",
    "MOST_VALUES",
    "TABLE_DIGITS",
    "TABLE_SIZE",
    "USUAL_COVERAGE",
    "BetaMean",
    "BetaRange",
    "Law",
    "LawError",
    "LogNormalRange",
    "MeanOfLabels",
    "Number",
    "Observed",
    "Percentiles",
    "Pert",
    "Stated",
    "Summary",
    "Triangular",
    "extremes",
    "law_from",
    "made_table",
    "read_values",
    "table",
    "written",
]
