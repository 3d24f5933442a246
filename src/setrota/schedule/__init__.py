"""The answer: who has which seat in which period, what became of it, and what can be read off it."""

from setrota.schedule.crews import (
    Change,
    Crew,
    Duty,
    Planned,
    Run,
    Schedule,
    Stint,
    by_place,
    by_time,
    empty_crew,
    is_missing,
    part_of,
    runs,
    slot_of,
    stints,
    without_empty_optional,
)
from setrota.schedule.pools import Pool

__all__ = [
    "Change",
    "Crew",
    "Duty",
    "Planned",
    "Pool",
    "Run",
    "Schedule",
    "Stint",
    "by_place",
    "by_time",
    "empty_crew",
    "is_missing",
    "part_of",
    "runs",
    "slot_of",
    "stints",
    "without_empty_optional",
]
