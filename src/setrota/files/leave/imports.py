"""Works out what a calendar changes in a roster's leave: what is new, moved, gone, or there already.

Knows the leave of a roster and of a calendar, but no file. An event is recognized by its mark or, if the calendar gives
it a new one, by its days.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal, NamedTuple

from setrota.dates.periods import DAY
from setrota.files.leave.calendar import CALENDAR_MARK, EventLeave
from setrota.files.roster.edits import LeaveEntry, RosterTexts, stretch

What = Literal["new", "moved", "gone", "there-already"]


class LeaveChange(NamedTuple):
    """What a calendar changes in a person's leave on the days [start, end); `entry` is the roster's entry, if any."""

    person: str
    start: date
    end: date
    what: What
    event: str
    entry: LeaveEntry | None = None


def leave_changes(
    entries: Iterable[LeaveEntry], leave: Iterable[EventLeave], window: tuple[date, date], calendar: str
) -> list[LeaveChange]:
    """What a calendar changes in people's leave; leave counts as gone only if it is in `window`."""
    by_person: dict[str, list[LeaveEntry]] = {}
    for entry in entries:
        by_person.setdefault(entry.person, []).append(entry)
    wanted: dict[str, list[EventLeave]] = {person: [] for person in by_person}
    for absence in leave:
        wanted.setdefault(absence.person, []).append(absence)
    changes = [
        change
        for person, theirs in wanted.items()
        for change in _of_one(by_person.get(person, []), theirs, window, calendar)
    ]
    return sorted(changes, key=lambda change: (change.start, change.end, change.person, change.what))


def _of_one(
    entries: Sequence[LeaveEntry], leave: Sequence[EventLeave], window: tuple[date, date], calendar: str
) -> list[LeaveChange]:
    leave = list(dict.fromkeys(leave))
    known = _imported_before(entries, leave)
    there_before = set(known.values())
    marks = {_mark(absence) for absence in leave}
    gone = [
        entry
        for entry in entries
        if entry.event is not None
        and entry.event.startswith(calendar)
        and entry not in there_before
        and entry.start < window[1]
        and window[0] < entry.end
        and _mark(entry) not in marks
    ]
    moved = {entry for absence, entry in known.items() if _span(entry) != _span(absence)}
    days = {day for entry in set(entries) - moved - set(gone) for day in _days(entry)}
    days |= {day for absence in known for day in _days(absence)}
    changes = [
        LeaveChange(person=each.person, start=each.start, end=each.end, what="gone", event=each.event or "", entry=each)
        for each in gone
    ]
    for absence in leave:
        entry = known.get(absence)
        there = entry or days.issuperset(_days(absence))
        what: What = "moved" if entry in moved else "there-already" if there else "new"
        days |= set(_days(absence))
        changes.append(LeaveChange(**absence._asdict(), what=what, entry=entry))
    return changes


def _imported_before(entries: Sequence[LeaveEntry], leave: Sequence[EventLeave]) -> dict[EventLeave, LeaveEntry]:
    """The entry that each event was imported as: the one with its mark, or else an imported one with the same days."""
    known: dict[EventLeave, LeaveEntry] = {}
    free = [entry for entry in entries if entry.event is not None]
    for same in (_mark, _span):
        alike: dict[object, list[LeaveEntry]] = {}
        for entry in reversed(free):
            alike.setdefault(same(entry), []).append(entry)
        for absence in leave:
            if absence not in known and alike.get(same(absence)):
                known[absence] = alike[same(absence)].pop()
        taken = set(known.values())
        free = [entry for entry in free if entry not in taken]
    return known


def _mark(span: LeaveEntry | EventLeave) -> str | None:
    """What identifies the event of some leave in its calendar; None if it wasn't imported."""
    return None if span.event is None else span.event[CALENDAR_MARK:]


def _span(span: LeaveEntry | EventLeave) -> tuple[date, date]:
    return span.start, span.end


def _days(span: LeaveEntry | EventLeave) -> list[date]:
    return [span.start + DAY * number for number in range((span.end - span.start).days)]


def apply_changes(texts: RosterTexts, changes: Iterable[LeaveChange]) -> None:
    """Make the changes in a roster's texts; leave that is there already stays as it is."""
    gone: list[LeaveEntry] = []
    new: dict[str, list[Mapping[str, Any]]] = {}
    for change in changes:
        if change.what == "moved" and change.entry is not None:
            texts.move_leave(change.entry, change.start, change.end)
        elif change.what == "gone" and change.entry is not None:
            gone.append(change.entry)
        elif change.what == "new":
            new.setdefault(change.person, []).append(stretch(change.start, change.end) | {"event": change.event})
    texts.remove_leave(gone)
    for person, entries in new.items():
        texts.add_leave(person, entries)
