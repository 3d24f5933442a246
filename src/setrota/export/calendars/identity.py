"""An event's lasting identity and its revision: when its content was last decided, and how many times again.

An identity depends on what a duty is (rota, rotation, period, slot), never on who has it or on which days. Knows
nothing of an event's text.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from urllib.parse import quote

from setrota.roster import Roster
from setrota.schedule import Change, Crew, Duty

Concerned = Callable[[Change], bool]
"""Whether a change of a crew affects an event."""

LONGEST_NAME = 120

MARK = "@setrota"
"""The end of every event's identity, in any rota."""


def uid(roster: Roster, crew: Crew, seat: str, segment: int = 1, key: Sequence[str] = ()) -> str:
    """Return the identity of a duty, or of a piece of one: rota, rotation, period, slot, and the piece's key.

    Without a key, it ends with the segment after a seat's first one. A key begins with a date, which no segment looks
    like. A period that the roster has moved keeps its identity.
    """
    slot, start = roster.seat_of(crew.period.rotation, seat), crew.first_planned or crew.period.start
    parts = [crew.period.rotation, str(start), slot.kind, str(slot.number)]
    return _identity(roster, *parts, *(key or ([str(segment)] if segment > 1 else [])))


def uid_of_meeting(roster: Roster, name: str, day: date, number: int = 1) -> str:
    """Return the identity of a meeting on a day; `number` distinguishes meetings of one name on one day."""
    rest = str(day), *([str(number)] if number > 1 else [])
    if len(quote(name, safe="")) > LONGEST_NAME:
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:32]
        # After an empty part, which no name is: some meeting may be called like the digest.
        return _identity(roster, "meeting", "", digest, *rest)
    return _identity(roster, "meeting", name, *rest)


def uid_of_handover(roster: Roster, day: date) -> str:
    """Return the identity of the meeting of two crews, one of which ends and the other begins on `day`."""
    return _identity(roster, "handover", str(day))


def uid_without_duties(roster: Roster, *whose: str) -> str:
    """Return the identity of the event that says that a calendar has no duties; `whose` identifies the calendar."""
    # In the place of a period's first day is a word, so it differs from the duties of a rotation of that name.
    return _identity(roster, "no-duties", *whose)


def is_ours(roster: Roster, identity: str) -> bool:
    """Whether an identity belongs to this rota."""
    return identity.startswith(f"{_escaped(roster.short_name)}_") and identity.endswith(MARK)


def _identity(roster: Roster, *parts: str) -> str:
    return "_".join(map(_escaped, (roster.short_name, *parts))) + MARK


@lru_cache(maxsize=8192)
def _escaped(part: str) -> str:
    # The separator is escaped inside the parts, so that no two events can get one identity.
    return quote(part, safe="", errors="replace").replace("_", "%5F")


def sequence(crew: Crew, seat: str) -> int:
    """Return how many times a seat was reassigned after it was first planned."""
    return decision_count(crew, lambda change: change.seat == seat)


def decision_count(crew: Crew, concerned: Concerned) -> int:
    """Return how often a crew's seats were reassigned after it was first planned, counting only concerned changes."""
    replanned = crew.planned.revision - 1 if crew.planned else 0
    return replanned + sum(map(concerned, crew.changes)) + crew.edited


# What was decided when, and how it was before


UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""The time of decisions whose time nobody recorded: before all others."""


def decision_times(crew: Crew, concerned: Concerned) -> list[datetime]:
    """Return when a crew was planned and when its concerned changes were made."""
    planned = [crew.planned.at] if crew.planned else []
    return planned + [change.at for change in crew.changes if concerned(change)]


def revision(crews: Sequence[tuple[Crew, Concerned]], also: Iterable[datetime] = ()) -> tuple[datetime, int]:
    """Return an event's revision: the time of the last decision that concerns it, and how many were made again.

    The times in `also` count for the first but not for the second.
    """
    times = [*also, *(at for crew, concerned in crews for at in decision_times(crew, concerned))]
    return max(times, default=UNDATED), sum(decision_count(crew, concerned) for crew, concerned in crews)


def touches_at(crew: Crew, point: date, change: Change) -> bool:
    """Whether a change of a crew affects who has a seat at a point."""
    first, last = crew.days_of(change)
    return first <= point < last


def touches_before(crew: Crew, point: date, change: Change) -> bool:
    """Whether a change of a crew affects who has a seat until a point."""
    first, last = crew.days_of(change)
    return first < point <= last


def state_before(crew: Crew, moment: datetime) -> Crew | None:
    """Return a crew as it was before the decisions of a moment; None if it was first planned later."""
    if crew.planned and crew.planned.revision == 1 and crew.planned.at > moment:
        return None
    return crew.before(moment)


def on_day(duties: Iterable[Duty], point: date) -> list[Duty]:
    """Return the duties that include a day, or an instant within one."""
    return [duty for duty in duties if duty.start <= point < duty.end]


def until(duties: Iterable[Duty], point: date) -> list[Duty]:
    """Return the duties that run until a point, or over it."""
    return [duty for duty in duties if duty.start < point <= duty.end]
