"""Scrambled Sobol points of 16 binary digits, one keyed scrambling per dimension and replicate.

A dimension's points depend on the seed and on the dimension's own number only, so another dimension
more or less leaves them as they are. Source: Joe and Kuo (2008), Constructing Sobol sequences with
better two-dimensional projections (the direction numbers, by way of scipy); Matousek (1998), On the
L2-discrepancy for anchored boxes (linear matrix scrambling and digital shift).
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

import numpy as np
from numpy.typing import NDArray

from estimates.engine.errors import EngineError

DIGITS = 16
REPLICATES = 16
MAX_DIMENSIONS = 21201
MAX_SEED = 2**63 - 1
"""A seed must fit the signed 64 bits of a database column."""

# Dimensions are prepared in blocks, so that a project gaining one input does not redo them all.
BLOCK = 64
# 64 random bits hold four 16-digit words; a replicate takes one for its shift and 16 for its matrix.
RANDOM_WORDS = REPLICATES * (1 + DIGITS) // 4

Digits = NDArray[np.uint16]


def scrambled_points(
    *, seed: int, dimensions: Sequence[int], points: int, of: Sequence[int] | None = None
) -> Digits:
    """16 replicates of a Sobol net, each under a scrambling of its own.

      seed        0 .. 2**63 - 1
      dimensions  distinct numbers, each 0 .. 21,200
      points      of one replicate, a power of two up to 65,536
      of          all dimensions that one price asks for piece by piece; they are prepared together once
    Returns digits, uint16 of shape (dimensions, REPLICATES, points); (digits + 1/2) / 65,536 are the
    uniforms. EngineError names the seed or a dimension out of range.
    """
    check_points(seed=seed, dimensions=dimensions)
    words = _random_words(seed, dimensions)
    shifts, matrices = words[:, :REPLICATES], words[:, REPLICATES:].reshape(-1, REPLICATES, DIGITS)
    highest = max(dimensions if of is None else of, default=0)
    return _nets(_scrambled_directions(dimensions, matrices, highest), shifts, points)


def check_points(*, seed: int, dimensions: Sequence[int]) -> None:
    """EngineError names the seed or a dimension out of range."""
    if not 0 <= seed <= MAX_SEED:
        raise EngineError(f"seed must be at least 0 and at most {MAX_SEED}, not {seed}.", field="seed")
    for dimension in dimensions:
        if not 0 <= dimension < MAX_DIMENSIONS:
            raise EngineError(
                f"A dimension must lie between 0 and {MAX_DIMENSIONS - 1}, not at {dimension}.",
                field="dimensions",
            )


def _random_words(seed: int, dimensions: Sequence[int]) -> Digits:
    """Words of 16 random digits for each dimension: 16 shifts, then the columns of 16 matrices."""
    # Philox(key=[seed, dimension]) for each; changing the key of one generator spares asking the system
    # for entropy that a keyed generator does not use.
    generator = np.random.Philox(key=[seed, 0])
    state = generator.state
    drawn = []
    for dimension in dimensions:
        state["state"]["key"][1] = dimension
        generator.state = state
        drawn.append(generator.random_raw(RANDOM_WORDS))
    return np.array(drawn, dtype="<u8").reshape(len(dimensions), RANDOM_WORDS).view("<u2")


def _scrambled_directions(dimensions: Sequence[int], words: Digits, highest: int) -> Digits:
    """Direction numbers times random lower-triangular matrices: uint16 of shape (dimensions, REPLICATES, 16).

    Column j of a matrix keeps digit j and adds random digits below it, so each dimension stays a
    digital net with the same strength.
    """
    unit = np.uint16(1) << np.arange(DIGITS - 1, -1, -1, dtype=np.uint16)
    columns = unit | (words & (unit - np.uint16(1)))
    prepared = min((highest // BLOCK + 1) * BLOCK, MAX_DIMENSIONS)
    masks = _direction_masks(prepared)[list(dimensions)]
    products = masks[:, None, :, :] & columns[:, :, None, :]
    return cast(Digits, np.bitwise_xor.reduce(products, axis=3))


def _nets(directions: Digits, shifts: Digits, points: int) -> Digits:
    """All points, by doubling from the shift: the second half is the first half XOR one direction."""
    nets = np.empty((*shifts.shape, points), dtype=np.uint16)
    nets[:, :, 0] = shifts
    half = 1
    for digit in range(points.bit_length() - 1):
        np.bitwise_xor(nets[:, :, :half], directions[:, :, digit, None], out=nets[:, :, half : 2 * half])
        half *= 2
    return nets


@lru_cache(maxsize=8)
def _direction_masks(dimensions: int) -> Digits:
    """For each direction number, which digits are set: 0 or 65,535, shape (dimensions, 16, 16)."""
    directions = _direction_numbers(dimensions)
    places = np.arange(DIGITS - 1, -1, -1, dtype=np.uint16)
    digits = (directions[:, :, None] >> places) & np.uint16(1)
    masks = cast(Digits, digits * np.uint16(0xFFFF))
    masks.setflags(write=False)
    return masks


def _direction_numbers(dimensions: int) -> Digits:
    """The Joe-Kuo direction numbers, uint16 of shape (dimensions, 16), read off scipy's own points.

    scipy counts in Gray code: its point 2**k is the XOR of direction numbers k and k - 1.
    """
    from scipy.stats.qmc import Sobol

    # More bits than are read: scipy's table of polynomials does not fit 16 beyond some 5,700 dimensions.
    sequence = Sobol(d=dimensions, scramble=False, bits=30)
    sequence.random(1)
    directions = np.zeros((dimensions, DIGITS), dtype=np.uint16)
    read = 1
    for digit in range(DIGITS):
        sequence.fast_forward((1 << digit) - read)
        point = (sequence.random(1)[0] * (1 << DIGITS)).astype(np.uint16)
        directions[:, digit] = point if digit == 0 else point ^ directions[:, digit - 1]
        read = (1 << digit) + 1
    return directions
