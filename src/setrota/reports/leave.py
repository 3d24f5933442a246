"""Leave as tables: who is away, and what an import changes. Never why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from setrota.dates.periods import DAY, working_days
from setrota.dates.text import days_text
from setrota.reports.tables import drawn, table
from setrota.roster import EVERY_DAY, Roster

if TYPE_CHECKING:
    from setrota.dates.availability import Spell
    from setrota.files.leave.imports import LeaveChange


def spells_table(spells: Iterable[Spell]) -> str:
    """Who is away, one stretch a line."""
    rows = table("who", "from", "to", ">working days", "")
    for each in spells:
        who = each.person or f"team {each.team}"
        remark = ("owes no share meanwhile" if each.team else "long leave") if each.long else ""
        rows.add_row(who, _day(each.start), _day(each.end - DAY), str(each.working_days), remark)
    return drawn(rows)


def import_table(roster: Roster, lines: Sequence[LeaveChange]) -> str:
    """What becomes of everybody's leave, one stretch a line."""
    rows = table("person", "from", "to", ">working days", "")
    for line in lines:
        person = roster.people.get(line.person)
        works = person.works if person else EVERY_DAY
        days = sum(day.weekday() in works for day in working_days(line.start, line.end))
        what: str = line.what
        if line.what == "moved" and line.entry is not None:
            what = f"moved, was {days_text(line.entry.start, line.entry.end)}"
        elif line.what == "gone":
            what = "gone from the calendar"
        rows.add_row(line.person, _day(line.start), _day(line.end - DAY), str(days), what)
    return drawn(rows)


def _day(day: date) -> str:
    return f"{day:%a %Y-%m-%d}"
