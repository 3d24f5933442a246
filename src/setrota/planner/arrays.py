"""Types of arrays, and the one pattern of index arithmetic that numpy has no name for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Index = NDArray[np.int64]
Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]


def count_up(counts: Index) -> Index:
    """0 … n - 1 for each n of `counts`, one after the other: `[2, 3]` gives `[0, 1, 0, 1, 2]`."""
    return np.asarray(np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts))
