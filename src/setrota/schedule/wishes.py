"""Days on which people would rather not serve, or would like to, and whether a schedule grants these wishes.

Knows no weights: the planner decides how much a wish counts.
"""

from __future__ import annotations

from datetime import date
from typing import Literal, NamedTuple

from setrota.roster import Roster
from setrota.schedule import Schedule


class Wish(NamedTuple):
    """A person would rather serve on none of the days [start, end), or would like to serve on one of them."""

    person: str
    kind: Literal["avoid", "prefer"]
    start: date
    end: date


def wishes(roster: Roster, start: date, end: date) -> list[Wish]:
    """The wishes with a day in [start, end), in time order, then by handle; each with all its days."""
    found = [
        wish
        for person in roster.people.values()
        for wish in (
            *(Wish(person.handle, "avoid", days.start, days.end) for days in person.avoid),
            *(Wish(person.handle, "prefer", days.start, days.end) for days in person.prefer),
        )
        if wish.start < end and start < wish.end
    ]
    return sorted(found, key=lambda wish: (wish.start, wish.end, wish.person, wish.kind))


def granted(wish: Wish, schedule: Schedule) -> bool:
    """Whether the person has no duty on the days to avoid, or has one on a preferred day; with changes applied."""
    serves = any(
        duty.person == wish.person and duty.start < wish.end and wish.start < duty.end
        for crew in schedule.between(wish.start, wish.end)
        for duty in crew.duties()
    )
    return serves == (wish.kind == "prefer")
