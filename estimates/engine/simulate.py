"""The draws of a simulation: one per uncertain quantity per sample, shared by every scenario."""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from estimates.engine.assumptions import Assumption
from estimates.engine.correlation import Correlation, Group, groups_of
from estimates.engine.errors import EngineError
from estimates.engine.laws import TABLE_DIGITS, Law, table
from estimates.engine.num import FloatArray
from estimates.engine.sobol import DIGITS, REPLICATES, Digits, check_points, scrambled_points

Tables = Callable[[Law, int], FloatArray]

FEWEST_DRAWS = 1 << 10
MOST_DRAWS = 1 << 20
# A law's table need be no finer than the draws; a small one stays in the processor's own memory.
FEWEST_TABLE_DIGITS = 13

# glibc hands memory above 128 KiB back to the system as soon as it is freed, and a fresh page costs more to
# touch than to compute with: half of the time of a report. Once a block of this size has been freed, it
# keeps what smaller arrays leave behind. The block itself is never touched, so it takes no memory.
_FREED_ONCE = 31 << 20
np.empty(_FREED_ONCE, dtype=np.uint8)


class Draws:
    """Draws of every assumption of a project.

      seed        0 .. 2**63 - 1
      draws       a power of two, 1,024 .. 1,048,576
      dimensions  the Sobol dimension of each uncertain key; no two keys share one
      tables        makes a law's quantile table; another function than laws.table leaves its cache alone
      correlations  pairs of these keys that move together, each pair once
    The draws are 16 replicates of a Sobol net of draws // 16 points, each under a scrambling of its own;
    what differs between replicates is the simulation's error. A key's uniforms depend on the seed and on
    its own dimension only: editing one law, or adding a key, leaves all other draws as they are. Keys that
    are correlated are drawn as a group, from the uniforms of its keys alone, whatever their laws.
    EngineError names what is out of range.
    """

    def __init__(
        self,
        *,
        seed: int,
        draws: int,
        dimensions: Mapping[str, int],
        correlations: Sequence[Correlation] = (),
        tables: Tables = table,
    ) -> None:
        check_draws(draws)
        _check_distinct(dimensions)
        check_points(seed=seed, dimensions=list(dimensions.values()))
        self.draws = draws
        self.seed = seed
        self._tables = tables
        self._dimensions = dimensions
        self._digits: dict[str, Digits] = {}
        self.groups = groups_of(correlations, dimensions)
        self._groups: dict[str, Group] = {key: group for group in self.groups for key in group.keys}
        self._table_digits = min(max(draws.bit_length() - 1, FEWEST_TABLE_DIGITS), TABLE_DIGITS)
        self._drawn: dict[tuple[str, Law], FloatArray] = {}

    def prepare(self, assumptions: Iterable[Assumption]) -> None:
        """Make the points of several assumptions at once, which is faster than one by one."""
        keys = dict.fromkeys(each.key for each in assumptions if each.law.is_uncertain)
        self._prepare([key for key in keys if key in self._dimensions and key not in self._digits])

    def prepare_all(self) -> None:
        """Make the points of every key that has a dimension."""
        self._prepare(list(self._dimensions))

    def _prepare(self, keys: Sequence[str]) -> None:
        self._digits.update(self._made(keys))

    def digits(self, keys: Sequence[str]) -> Digits:
        """The ranks of several keys' draws in 65,536ths, uint16 of shape (keys, REPLICATES, points); made
        anew at each call, and not kept."""
        made = self._made(keys)
        return np.stack([made[key] for key in keys])

    def _made(self, keys: Sequence[str]) -> dict[str, Digits]:
        """The digits of these keys, and of all that are drawn in one group with them: a group's digits are
        made at once, and work packages that are gone through one by one would make them again for each key.
        """
        made: dict[str, Digits] = {}
        alone = [key for key in keys if key not in self._groups]
        if alone:
            made.update(zip(alone, self._own_digits(alone), strict=True))
        for group in dict.fromkeys(self._groups[key] for key in keys if key in self._groups):
            made.update(zip(group.keys, group.correlated(self._own_digits(group.keys)), strict=True))
        return made

    def _own_digits(self, keys: Sequence[str]) -> Digits:
        """The digits of each key as if it were alone, uint16 of shape (keys, REPLICATES, points)."""
        return scrambled_points(
            seed=self.seed,
            dimensions=[self._dimensions[key] for key in keys],
            points=self.draws // REPLICATES,
            of=list(self._dimensions.values()),
        )

    def forget(self, assumptions: Iterable[Assumption]) -> None:
        """Free the memory of assumptions; asked for again, they give the same draws again."""
        for assumption in assumptions:
            self._digits.pop(assumption.key, None)
            self._drawn.pop((assumption.key, assumption.law), None)

    def values(self, assumption: Assumption) -> np.float64 | FloatArray:
        """What the assumption is on each draw: a float when it is certain, else read-only float64 of
        shape (REPLICATES, draws // REPLICATES).

        EngineError when the assumption is uncertain and its key has no dimension, or its law reaches
        values too large to compute with.
        """
        if not assumption.law.is_uncertain:
            # A numpy float, so that an overflow among constants is caught like one among draws.
            return np.float64(assumption.point)
        key = (assumption.key, assumption.law)
        if key not in self._drawn:
            self._drawn[key] = self._draw(assumption)
        return self._drawn[key]

    def _draw(self, assumption: Assumption) -> FloatArray:
        if assumption.key not in self._dimensions:
            raise EngineError(
                f"{assumption.key} is uncertain but has no dimension to be drawn from.", field="dimensions"
            )
        if assumption.key not in self._digits:
            self._prepare([assumption.key])
        digits = self._digits[assumption.key] >> np.uint16(DIGITS - self._table_digits)
        # No digit lies outside the table; "wrap" only spares numpy the check, and half of the time.
        drawn = self._tables(assumption.law, 1 << self._table_digits).take(digits, mode="wrap")
        drawn.setflags(write=False)
        return drawn


def check_draws(draws: int) -> None:
    """Refuse a number of draws that Sobol points cannot balance; EngineError names the nearest one."""
    if isinstance(draws, bool) or not isinstance(draws, int):
        raise EngineError(f"draws must be a whole number, not {draws!r}.", field="draws")
    if FEWEST_DRAWS <= draws <= MOST_DRAWS and draws.bit_count() == 1:
        return
    powers = [1 << exponent for exponent in range(FEWEST_DRAWS.bit_length() - 1, MOST_DRAWS.bit_length())]
    nearest = min(powers, key=lambda power: abs(power - draws))
    raise EngineError(
        f"draws must be a power of two from {FEWEST_DRAWS:,} to {MOST_DRAWS:,}, not {draws:,}; "
        f"the nearest is {nearest:,}.",
        field="draws",
    )


def _check_distinct(dimensions: Mapping[str, int]) -> None:
    seen: dict[int, str] = {}
    for key, dimension in dimensions.items():
        if dimension in seen:
            raise EngineError(
                f"{seen[dimension]} and {key} share dimension {dimension}: they would be one draw.",
                field="dimensions",
            )
        seen[dimension] = key
