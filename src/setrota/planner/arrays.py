"""Types of arrays, and the one pattern of index arithmetic that numpy has no name for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


def spread(low: Index, high: Index) -> tuple[Index, Index]:
    """The whole numbers of ranges [low, high), range after range, and before them the place of the range of each:
    `[4, 7], [6, 8]` gives `[0, 0, 1], [4, 5, 7]`."""
    counts = np.maximum(high - low, 0)
    place = np.repeat(np.arange(len(counts)), counts)
    return place, np.arange(len(place)) + (low - np.cumsum(counts) + counts)[place]
