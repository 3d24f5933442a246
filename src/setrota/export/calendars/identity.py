"""What makes an event the same event for ever, and when and how often what it tells was decided anew.

An identity is made of what a duty is (rota, rotation, period, slot), never of who has it or when it is held. Knows no
text of an event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from urllib.parse import quote

from setrota.roster import Roster
from setrota.schedule import Change, Crew, Duty

Concerned = Callable[[Change], bool]
"""Whether a change of a crew is one that an event tells of."""

LONGEST_NAME = 120

MARK = "@setrota"
"""How the identities of all rotas' events end."""


def uid(roster: Roster, crew: Crew, seat: str, segment: int = 1) -> str:
    """The identity of a duty for ever: rota, rotation, period, slot and, after a seat's first segment, the segment."""
    slot = roster.seat_of(crew.period.rotation, seat)
    parts = [crew.period.rotation, str(crew.period.start), slot.kind, str(slot.number)]
    return _identity(roster, *parts, *([str(segment)] if segment > 1 else []))


def uid_of_meeting(roster: Roster, name: str, day: date, number: int = 1) -> str:
    """The identity of a meeting on a day; `number` tells apart those of one name on one day."""
    if len(quote(name, safe="")) > LONGEST_NAME:
        name = hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return _identity(roster, "meeting", name, str(day), *([str(number)] if number > 1 else []))


def uid_of_handover(roster: Roster, day: date) -> str:
    """The identity of the meeting of two crews, of which one ends and the other begins on `day`."""
    return _identity(roster, "handover", str(day))


def is_ours(roster: Roster, identity: str) -> bool:
    """Whether an identity is one of the rota's; another rota's never is."""
    return identity.startswith(f"{_escaped(roster.short_name)}_") and identity.endswith(MARK)


def _identity(roster: Roster, *parts: str) -> str:
    return "_".join(map(_escaped, (roster.short_name, *parts))) + MARK


def _escaped(part: str) -> str:
    # The separator is escaped inside the parts: no two events can run together into one identity.
    return quote(part, safe="", errors="replace").replace("_", "%5F")


def sequence(crew: Crew, seat: str) -> int:
    """How many times a seat was decided anew after it was first planned."""
    return decision_count(crew, lambda change: change.seat == seat)


def decision_count(crew: Crew, concerned: Concerned) -> int:
    """How many times a crew was decided anew after it was first planned, of its changes those that are concerned."""
    replanned = crew.planned.revision - 1 if crew.planned else 0
    return replanned + sum(map(concerned, crew.changes)) + crew.edited


# What was decided when, and how it was before


UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""When everything was decided of which nobody knows when: before whatever is decided later."""


def decision_times(crew: Crew, concerned: Concerned) -> list[datetime]:
    """When a crew was planned and, of its changes, those that are concerned were made."""
    planned = [crew.planned.at] if crew.planned else []
    return planned + [change.at for change in crew.changes if concerned(change)]


def revision(crews: Sequence[tuple[Crew, Concerned]], also: Iterable[datetime] = ()) -> tuple[datetime, int]:
    """When the last of the decisions that concern an event was made, or of others, and how many were made anew."""
    times = [*also, *(at for crew, concerned in crews for at in decision_times(crew, concerned))]
    return max(times, default=UNDATED), sum(decision_count(crew, concerned) for crew, concerned in crews)


def touches(crew: Crew, start: date, end: date, change: Change) -> bool:
    """Whether a change of a crew is about one of the days [start, end)."""
    first, last = crew.days_of(change)
    return first < end and start < last


def state_before(crew: Crew, moment: datetime) -> Crew | None:
    """A crew as it was before what was decided at a moment; None if it was first planned later."""
    if crew.planned and crew.planned.revision == 1 and crew.planned.at > moment:
        return None
    return crew.before(moment)


def on_day(duties: Iterable[Duty], day: date) -> list[Duty]:
    """Those of some duties that have a day among theirs."""
    return [duty for duty in duties if duty.start <= day < duty.end]


def may_have_served(crew: Crew, person: str) -> bool:
    """Whether a person has, or once had, a seat of a crew as far as anybody knows: who replaced whom when a crew was
    computed anew isn't recorded."""
    planned_once = crew.planned is not None and crew.planned.revision == 1
    known = {*crew.seats.values(), *(who for change in crew.changes for who in (change.was, change.now))}
    return person in known or not planned_once
