"""Rotations of every cadence, and schedules in which people take their turns one after another.

For what has to hold whatever a rotation's time is: who is on duty, calendars, pagers. Knows no file and no planner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, time

import samples

from setrota.dates.grid import periods_from
from setrota.roster import ALWAYS, Handover, Length, Roster, Rotation, Span
from setrota.schedule import Crew, Schedule

WORKWEEK, WEEKEND = frozenset(range(5)), frozenset({5, 6})
PEOPLE = ("ana", "bo", "cy", "dee")


def hours(days: Iterable[int], start: time, end: time, nights: int | None = None) -> Span:
    """A span with hours; one that ends at or before its start runs into the next day."""
    return Span(frozenset(days), frozenset(), start, end, int(end <= start) if nights is None else nights)


def at(hour: int, minute: int = 0, weekday: int | None = None, **facts: int | bool) -> Handover:
    return Handover(weekday, time(hour, minute), **facts)  # type: ignore[arg-type]


NIGHTS = (hours(range(4), time(17, 30), time(9, 30)), hours({4}, time(17, 30), time(9, 30), 3))
"""Each night of the week, and the weekend from Friday to Monday."""

ROTATIONS: Mapping[str, Rotation] = {
    rotation.name: rotation
    for rotation in (
        samples.rotation("weekly", "primary backup", serves=ALWAYS),
        samples.rotation("workweek", "primary", every=Length(2)),
        samples.rotation("weekend", "primary", serves=(Span(WEEKEND),), handover=at(9, weekday=5)),
        samples.rotation("daily", "primary", every=Length(1, "days"), serves=ALWAYS, handover=at(9)),
        samples.rotation("triage", "primary", every=Length(2, "days"), handover=at(10)),
        samples.rotation("office", "primary", serves=(hours(WORKWEEK, time(9, 30), time(17, 30)),)),
        samples.rotation("night", "primary", serves=NIGHTS, handover=at(17, 30, 0)),
        samples.rotation(
            "evening", "primary", every=Length(1, "days"), serves=(hours(range(7), time(20), time(8)),), handover=at(12)
        ),
        samples.rotation("monthly", "primary", every=Length(1, "months"), serves=ALWAYS, handover=at(9, day=1)),
        samples.rotation(
            "wednesday", "primary", every=Length(1, "months"), serves=ALWAYS, handover=at(10, weekday=2, nth=1)
        ),
        samples.rotation(
            "sundays", "primary", serves=(Span(frozenset({6}), frozenset({1, 3})),), handover=at(6, weekday=6)
        ),
        samples.rotation(
            "release", "primary", serves=ALWAYS, handover=at(9),
            starts=(date(2027, 1, 5), date(2027, 2, 2), date(2027, 3, 9), date(2027, 4, 27)),
        ),
    )
}  # fmt: skip


def schedule(
    roster: Roster, start: date, end: date, people: Iterable[str] = PEOPLE, rotations: Iterable[str] = ()
) -> Schedule:
    """Everyone in turn, in each of the periods that start on these days; seats of one crew have different people."""
    handles = list(people)
    crews = [
        Crew(
            period,
            {seat.name: handles[(turn + place) % len(handles)] for place, seat in enumerate(rotation.seats)},
        )
        for rotation in roster.rotations.values()
        if not rotations or rotation.name in rotations
        for turn, period in enumerate(periods_from(roster, rotation.name, start, end))
    ]
    return Schedule(roster.short_name, tuple(crews))
