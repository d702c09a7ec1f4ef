"""A quantity that was observed: a column of values, and how one is read from what somebody pastes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray

from laws.errors import LawError, require_number

LEAST_VALUES, MOST_VALUES = 2, 10_000
NINE_PLACES = Decimal("1E-9")
LONGEST_VALUE = 40
# One comma inside a number without a blank beside it: "3,5".
ONE_COMMA = re.compile(r"\d+,\d+")


@dataclass(frozen=True)
class Summary:
    """What a column of values comes to, in their unit.

    count       how many there are
    mean, median, sd  sd is the standard deviation of one value, with n - 1 below the line
    low, high   the smallest and the largest
    """

    count: int
    mean: float
    median: float
    sd: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Observed:
    """A quantity that has been seen so many times: its law is the column of values itself.

    The quantile at u lies at rank u * n + 1/2 of the n values in order, neighbours interpolated, and nothing
    lies outside the smallest and the largest. Of the usual conventions it is the one under which the law has
    the mean of the values. Source: Hyndman and Fan (1996), Sample quantiles in statistical packages,
    definition 5 (Hazen).
      values  2 .. 10,000 numbers, not all the same
    LawError says what is wrong with them, and which one it is.
    """

    values: tuple[Decimal, ...]

    def __post_init__(self) -> None:
        if len(self.values) < LEAST_VALUES:
            raise LawError(
                "A law needs at least 2 observed values: give more of them, or another law.",
                field="observed",
            )
        if len(self.values) > MOST_VALUES:
            raise LawError(
                f"There are {len(self.values):,} observed values; at most {MOST_VALUES:,} are read. Give a "
                "random part of them.",
                field="observed",
            )
        for value in self.values:
            require_number(value, "observed")
        if self.ordered[0] == self.ordered[-1]:
            raise LawError(
                "All observed values are the same: give a fixed number in place of them.", field="observed"
            )

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Observed) and self.values == other.values)

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Laws are looked up by every draw; ten thousand decimals are hashed once.
        return hash(self.values)

    def __str__(self) -> str:
        return f"{len(self.values):,} observed values from {self.ordered[0]:g} to {self.ordered[-1]:g}"

    @cached_property
    def ordered(self) -> NDArray[np.float64]:
        """The values in order: float64, read-only."""
        ordered = np.sort(np.array([float(value) for value in self.values]))
        ordered.setflags(write=False)
        return ordered

    @property
    def is_uncertain(self) -> bool:
        return True

    @property
    def default_point(self) -> Decimal:
        """The mean of the values, to nine places: a price adds many of them up."""
        with localcontext(prec=50):
            return (sum(self.values, Decimal(0)) / len(self.values)).quantize(NINE_PLACES).normalize()

    @property
    def mean(self) -> float:
        return float(self.ordered.mean())

    @property
    def sd(self) -> float:
        """The standard deviation of one value, with n - 1 below the line."""
        return float(self.ordered.std(ddof=1))

    @property
    def standard_error(self) -> float:
        """How far the mean of so few values may lie from that of all: sd / sqrt(n)."""
        return self.sd / sqrt(len(self.values))

    def summary(self) -> Summary:
        """Count, mean, median, standard deviation and extremes."""
        low, high = float(self.ordered[0]), float(self.ordered[-1])
        return Summary(len(self.values), self.mean, float(np.median(self.ordered)), self.sd, low, high)

    def allows(self, point: Decimal) -> bool:
        """Whether a point estimate may be `point`: nothing lies outside the extremes."""
        return min(self.values) <= point <= max(self.values)

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """Quantiles at the probabilities `u` in [0, 1], in the shape of `u`."""
        ranks = np.asarray(u, dtype=np.float64) * len(self.values) - 0.5
        return np.interp(ranks, np.arange(len(self.values)), self.ordered)


def read_values(text: str) -> tuple[Decimal, ...]:
    """The numbers somebody has pasted: one to a line, or parted by commas, semicolons, tabs or blanks.

    A single comma between two figures ("3,5") may be a decimal sign or part two values: LawError asks which.
    It names the line of whatever is no number. An empty text has no values.
    """
    values: list[Decimal] = []
    for number, line in enumerate(text.splitlines(), start=1):
        for part in re.split(r"[;\s]+", line.strip()):
            pieces = part.strip(",")
            if ONE_COMMA.fullmatch(pieces):
                raise LawError(
                    f"Line {number}: “{pieces[:LONGEST_VALUE]}” may be one number or two. Write a decimal "
                    "sign as a point, or put a blank after the comma.",
                    field="observed",
                )
            values += [_read(piece, number) for piece in pieces.split(",") if piece]
            if len(values) > MOST_VALUES:
                raise LawError(
                    f"There are more than {MOST_VALUES:,} observed values. Give a random part of them.",
                    field="observed",
                )
    return tuple(values)


def _read(piece: str, line: int) -> Decimal:
    try:
        value = Decimal(piece) if len(piece) <= LONGEST_VALUE else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        raise LawError(f"Line {line}: “{piece[:LONGEST_VALUE]}” is not a number.", field="observed")
    return value


def written(values: Sequence[Decimal]) -> str:
    """Values as they are kept and shown: one to a line, without zeros at the end."""
    return "\n".join(f"{value.normalize():f}" for value in values)
