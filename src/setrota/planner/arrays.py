"""Array types, and patterns of index arithmetic that numpy has no function for."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


def spread(low: Index, high: Index) -> tuple[Index, Index]:
    """List the integers of all ranges [low, high), and for each the position of its range, which is returned first.

    `spread([4, 7], [6, 8])` is `[0, 0, 1], [4, 5, 7]`.
    """
    counts = np.maximum(high - low, 0)
    place = np.repeat(np.arange(len(counts)), counts)
    return place, np.arange(len(place)) + (low - np.cumsum(counts) + counts)[place]


def positions(names: Iterable[str]) -> dict[str, int]:
    """The position of each name."""
    return {name: position for position, name in enumerate(names)}
