"""Moments as integers: a lane is a row of instants, and rest is a difference of two.

Only this module knows what an instant is: the number of seconds since an epoch.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo

import numpy as np

from setrota.planner.arrays import Index

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)

INSTANTS_PER_WEEK = 7 * 24 * 60 * 60

NEVER_AFTER = 2**60
"""Later than any moment of the calendar."""


def instant_of(moment: datetime) -> int:
    """A moment as an integer."""
    return (moment - EPOCH) // SECOND


def instants_of(moments: Iterable[datetime]) -> Index:
    """The same for several moments."""
    return np.array([instant_of(moment) for moment in moments], dtype=np.int64)


def moment_of(instant: int, zone: tzinfo) -> datetime:
    """The moment that an integer stands for, on the clock of a zone."""
    return (EPOCH + SECOND * instant).astimezone(zone)
