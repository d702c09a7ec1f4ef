"""A quantity known exactly."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from laws.errors import require_number


@dataclass(frozen=True)
class Number:
    """A quantity known exactly: no draw, no dimension."""

    value: Decimal

    def __post_init__(self) -> None:
        require_number(self.value, "value")

    @property
    def is_uncertain(self) -> bool:
        return False

    @property
    def default_point(self) -> Decimal:
        return self.value

    @property
    def mean(self) -> float:
        return float(self.value)

    @property
    def sd(self) -> float:
        return 0.0

    def allows(self, point: Decimal) -> bool:
        """Whether a point estimate may be `point`: that number only."""
        return point == self.value

    def ppf(self, u: ArrayLike) -> NDArray[np.float64]:
        """The value, whatever the probability `u`, in the shape of `u`."""
        return np.full(np.shape(u), float(self.value))
