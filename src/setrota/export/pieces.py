"""The pieces of duties that other programs get: the stretches in which somebody is on duty, to the minute.

A duty whose time of service joins is one piece. Knows no format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from setrota.dates.service import stretches, usual_stretches
from setrota.roster import Roster
from setrota.schedule import Crew, Duty

MOST_SPANS = 10
"""The most stretches of service of a period that are events of their own, unless the roster says otherwise."""


class Piece(NamedTuple):
    """A stretch [start, end) of a duty, in its rotation's zone.

    `segment` is the duty's number among those of its seat in the period, from 1. `key` tells a piece from others of the
    same seat: it begins with the day on which the piece begins. It is empty for the first piece of a period, and for
    the first one of each duty where the time of service usually joins. `pause` is the time since the piece before it in
    the same duty; None if it is the first one. A piece that `spans_pauses` is the whole duty although there are pauses
    in it.
    """

    duty: Duty
    segment: int
    start: datetime
    end: datetime
    key: tuple[str, ...] = ()
    pause: timedelta | None = None
    spans_pauses: bool = False


def pieces(roster: Roster, crew: Crew, held: Iterable[Duty], *, whole: bool = False) -> Iterator[Piece]:
    """Yield the pieces of a crew's duties; with `whole`, one for each duty that is served at all."""
    usual = usual_stretches(roster, crew.period)
    zone = roster.zone_of(crew.period.rotation)
    segments: Counter[str] = Counter()
    days: Counter[tuple[str, date]] = Counter()
    for duty in held:
        segments[duty.seat] += 1
        segment, found = segments[duty.seat], stretches(roster, duty.days)
        ended: datetime | None = None
        for start, end in [(found[0][0], found[-1][1])] if whole and found else found:
            key: tuple[str, ...] = ()
            if ended is not None if len(usual) == 1 or whole else (start, segment) != (usual[0][0], 1):
                day = start.astimezone(zone).date()
                days[duty.seat, day] += 1
                key = str(day), *([str(days[duty.seat, day])] if days[duty.seat, day] > 1 else [])
            yield Piece(
                duty=duty,
                segment=segment,
                start=start.astimezone(zone),
                end=end.astimezone(zone),
                key=key,
                pause=None if ended is None else start - ended,
                spans_pauses=whole and len(found) > 1,
            )
            ended = end


def is_told_whole(roster: Roster, crew: Crew) -> bool:
    """Whether calendars have one event for each of a crew's duties, however often service pauses in it."""
    wanted = roster.notes.events
    if wanted is not None:
        return wanted == "periods"
    return len(usual_stretches(roster, crew.period)) > MOST_SPANS
