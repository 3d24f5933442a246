"""Moments as integers: a lane is a row of instants, and rest is a difference of two.

Only this module knows what an instant is, so that periods may become shorter than days; today it is a day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from setrota.planner.arrays import Index

INSTANTS_PER_WEEK = 7


def instant_of(day: date) -> int:
    """The instant at which a day begins, as far as duties and rest are concerned."""
    return day.toordinal()


def instants_of(days: Iterable[date]) -> Index:
    """The same for several days."""
    return np.array([instant_of(day) for day in days], dtype=np.int64)
