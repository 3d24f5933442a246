"""What `setrota leave` says: who is away, what an import changes and skips, and which duties fall into leave.

Never why someone is away.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from setrota.check import fixes
from setrota.check.findings import newly_away
from setrota.dates.periods import DAY
from setrota.dates.spells import days_missed, is_without_effect
from setrota.dates.text import days_text, period_name
from setrota.problems import Place, Problem, counted
from setrota.reports.tables import drawn, table
from setrota.roster import Roster
from setrota.schedule import Schedule

if TYPE_CHECKING:
    from setrota.dates.spells import Spell
    from setrota.files.leave.calendar import CalendarLeave
    from setrota.files.leave.imports import LeaveChange, What
    from setrota.files.roster.edits import LeaveEntry
    from setrota.reports.documents import AwayEntry, LeaveChangeEntry, LeaveDocument, LeaveSavedDocument


MOST_LISTED = 10
"""Beyond this number, dates are counted instead of listed."""


def leave_text(spells: Sequence[Spell], person: str | None, first: date, last: date | None) -> str:
    """Who is away from `first` on, or to `last`, one row for each absence; only `person` if one is given."""
    if not spells:
        who = f"{person} has no leave" if person else "nobody is away"
        return f"{who} {f'from {first} to {last}' if last else f'from {first} on'}\n"
    rows = table("who", "from", "to", ">served days", "")
    for each in spells:
        who = each.person or f"team {each.team}"
        remark = ("owes no share meanwhile" if each.team else "long leave") if each.long else ""
        rows.add_row(who, _day(each.start), _day(each.end - DAY), str(each.served_days), remark)
    return drawn(rows)


def leave_document(spells: Iterable[Spell]) -> LeaveDocument:
    """The same as JSON; `to` is the last day."""
    return {"leave": [_spell(each) for each in spells]}


def _spell(each: Spell) -> AwayEntry:
    return {
        "person": each.person,
        "team": each.team,
        "from": f"{each.start}",
        "to": f"{each.end - DAY}",
        "served_days": each.served_days,
        "long": each.long,
    }


def import_document(changes: Iterable[LeaveChange], files: Iterable[Path]) -> LeaveSavedDocument:
    """What a calendar changes in everybody's leave, and the files that were written."""
    entries = [leave_change_entry(each.person, each.start, each.end, each.what, each.entry) for each in changes]
    return _leave_saved(entries, files)


def addition_document(person: str, start: date, end: date, files: Iterable[Path]) -> LeaveSavedDocument:
    """Leave [start, end) of a person, and the files that were written; none if it was there already."""
    written = list(files)
    return _leave_saved([leave_change_entry(person, start, end, "new" if written else "there-already")], written)


def _leave_saved(entries: list[LeaveChangeEntry], files: Iterable[Path]) -> LeaveSavedDocument:
    written = [f"{each}" for each in files]
    return {"saved": bool(written), "files": written, "leave_changes": entries}


def leave_change_entry(
    person: str, start: date, end: date, what: What, entry: LeaveEntry | None = None
) -> LeaveChangeEntry:
    """A change to a person's leave on the days [start, end); `entry` is what the roster had before, if it moved."""
    was = entry if what == "moved" else None
    return {
        "person": person,
        "from": f"{start}",
        "to": f"{end - DAY}",
        "what": what,
        "moved_from": {"from": f"{was.start}", "to": f"{was.end - DAY}"} if was else None,
    }


def import_table(roster: Roster, changes: Iterable[LeaveChange]) -> str:
    """What an import does to people's leave, one row for each change."""
    rows = table("person", "from", "to", ">served days", "")
    for change in changes:
        days = len(days_missed(roster, change.person, change.start, change.end))
        what = change.what.replace("-", " ")
        if change.what == "moved" and change.entry is not None:
            what = f"moved, was {days_text(change.entry.start, change.entry.end)}"
        elif change.what == "gone":
            what = "no longer in the calendar"
        rows.add_row(change.person, _day(change.start), _day(change.end - DAY), str(days), what)
    return drawn(rows)


def _day(day: date) -> str:
    return f"{day:%a %Y-%m-%d}"


def import_summary(changes: Iterable[LeaveChange], *, done: bool = False) -> str:
    """`add 3 absences, move 1, remove 1`; if `done`, `added 3 absences, moved 1, removed 1`."""
    count = Counter(change.what for change in changes)
    words: dict[What, tuple[str, str]] = {
        "new": ("add", "added"),
        "moved": ("move", "moved"),
        "gone": ("remove", "removed"),
    }
    first, *more = [(verbs[done], count[what]) for what, verbs in words.items() if count[what]]
    return ", ".join([f"{first[0]} {counted(first[1], 'absence')}", *(f"{verb} {number}" for verb, number in more)])


def passed_over(understood: CalendarLeave, file: str) -> list[Problem]:
    """Notes on the events of a calendar that were skipped."""
    notes = []
    if days := understood.too_short:
        events = counted(len(days), "event is", "events are")
        message = f"{events} shorter than half a working day and skipped: {_dates(map(str, days))}"
        notes.append(Problem(message, Place(file), severity="note", code="event-too-short"))
    if spans := understood.nameless:
        dates = _dates(days_text(*span) for span in spans)
        message = f"{counted(len(spans), 'event names', 'events name')} nobody in the roster, skipped: {dates}"
        hint = "if this is one person's calendar, name them with `--person`" if not understood.leave else None
        notes.append(Problem(message, Place(file), hint, "note", code="event-without-person"))
    return notes


def _dates(dates: Iterable[str]) -> str:
    words = list(dates)
    rest = len(words) - MOST_LISTED
    return ", ".join(words[:MOST_LISTED]) + (f" and {rest} more" if rest > 0 else "")


def without_effect(roster: Roster, leave: Iterable[tuple[str, date, date]]) -> list[Problem]:
    """A note on leave, of people on the days [start, end), that touches no day that a rotation of theirs serves."""
    idle = [
        f"{person} {days_text(start, end)}"
        for person, start, end in leave
        if is_without_effect(roster, person, start, end)
    ]
    if not idle:
        return []
    message = f"no rotation of theirs is served on any day of this leave: {_dates(idle)}"
    hint = "nothing is wrong; if they can be on duty then, correct `serves` or `closed` of their rotations"
    return [Problem(message, hint=hint, severity="note", code="leave-without-effect")]


def duties_hit_by_leave(before: Roster, after: Roster, schedule: Schedule, day: date) -> list[Problem]:
    """Warnings about duties, running or to come, that new leave in a changed roster hits, and how to repair them."""
    problems = []
    for hit in newly_away(before, after, schedule, day):
        [person], period = hit.people, hit.period
        leave = after.people[person].leave
        ahead = [entry for entry in leave if entry.end > max(period.start, day) and entry.start < period.end]
        first = min((max(entry.start, period.start, day) for entry in ahead), default=period.start)
        hint: str | None = f"`{fixes.REPLAN}` finds replacements for upcoming duties"
        if fixes.command(after, schedule, hit, day) != fixes.REPLAN:
            held = fixes.duties_hit(after, schedule, hit, day)
            wanted = [duty for duty in held if duty.start <= first < duty.end] or list(held)
            hint = f"`{fixes.cover(schedule, wanted[0], first)}`" if wanted else None
        message = f"{hit.message} in {period_name(period)}"
        problems.append(Problem(message, hint=hint, severity="warning", code="leave"))
    return problems
