"""What a calendar changes in the leave that a roster has: what is new, moved, gone, or there already.

Knows entries and stays, no file. An event is known again by its mark; where calendars give it another one, by its days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Literal, NamedTuple

from setrota.dates.periods import DAY
from setrota.files.leave.calendar import CALENDAR_MARK, Stay
from setrota.files.roster.edits import Entry, RosterTexts, stretch

What = Literal["new", "moved", "gone", "there already"]


class Line(NamedTuple):
    """What becomes of somebody's leave on the days [start, end), and the entry that is there for it."""

    person: str
    start: date
    end: date
    what: What
    event: str
    entry: Entry | None = None


def compared(entries: Iterable[Entry], stays: Iterable[Stay], window: tuple[date, date], calendar: str) -> list[Line]:
    """What a calendar's stays change in the entries of its people; of events gone, those in the days of `window`."""
    by_person: dict[str, list[Entry]] = {}
    for entry in entries:
        by_person.setdefault(entry.person, []).append(entry)
    wanted: dict[str, list[Stay]] = {person: [] for person in by_person}
    for stay in stays:
        wanted.setdefault(stay.person, []).append(stay)
    lines = [
        line
        for person, theirs in wanted.items()
        for line in _of_one(by_person.get(person, []), theirs, window, calendar)
    ]
    return sorted(lines, key=lambda line: (line.start, line.end, line.person, line.what))


def _of_one(entries: Sequence[Entry], stays: Sequence[Stay], window: tuple[date, date], calendar: str) -> list[Line]:
    stays = list(dict.fromkeys(stays))
    known = _recognised(entries, stays)
    gone = [
        entry
        for entry in entries
        if entry.event is not None
        and entry.event.startswith(calendar)
        and entry not in known.values()
        and entry.start < window[1]
        and window[0] < entry.end
        and not any(entry.event[CALENDAR_MARK:] == stay.event[CALENDAR_MARK:] for stay in stays)
    ]
    moved = {entry for stay, entry in known.items() if (entry.start, entry.end) != (stay.start, stay.end)}
    days = {day for entry in entries if entry not in moved and entry not in gone for day in _days(entry)}
    days |= {day for stay in known for day in _days(stay)}
    lines = [Line(each.person, each.start, each.end, "gone", each.event or "", each) for each in gone]
    for stay in stays:
        entry = known.get(stay)
        what: What = "moved" if entry in moved else "there already" if entry or days.issuperset(_days(stay)) else "new"
        days |= set(_days(stay))
        lines.append(Line(stay.person, stay.start, stay.end, what, stay.event, entry))
    return lines


def _recognised(entries: Sequence[Entry], stays: Sequence[Stay]) -> dict[Stay, Entry]:
    """Which entry each stay was imported as: by the event's mark, or else by the same days of another event's."""
    known: dict[Stay, Entry] = {}
    free = [entry for entry in entries if entry.event is not None]
    for same in (_same_event, _same_days):
        for stay in stays:
            found = next((entry for entry in free if same(entry, stay)), None) if stay not in known else None
            if found is not None:
                known[stay] = found
                free.remove(found)
    return known


def _same_event(entry: Entry, stay: Stay) -> bool:
    return entry.event is not None and entry.event[CALENDAR_MARK:] == stay.event[CALENDAR_MARK:]


def _same_days(entry: Entry, stay: Stay) -> bool:
    return (entry.start, entry.end) == (stay.start, stay.end)


def _days(span: Entry | Stay) -> list[date]:
    return [span.start + DAY * number for number in range((span.end - span.start).days)]


def apply(texts: RosterTexts, lines: Iterable[Line]) -> None:
    """Edit a roster's texts as the lines say; what is there already stays as it is."""
    found = list(lines)
    for line in found:
        if line.what == "moved" and line.entry is not None:
            texts.move_leave(line.entry, line.start, line.end)
    texts.remove_leave(line.entry for line in found if line.what == "gone" and line.entry is not None)
    new: dict[str, list[Line]] = {}
    for line in found:
        if line.what == "new":
            new.setdefault(line.person, []).append(line)
    for person, theirs in new.items():
        texts.add_leave(person, [stretch(line.start, line.end) | {"event": line.event} for line in theirs])
