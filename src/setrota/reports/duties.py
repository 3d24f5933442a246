"""Duties as rows: JSON entries for programs, CSV for spreadsheets, Markdown for pages.

Knows the order and the shape of rows. Knows no filters: callers choose the duties.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from setrota.dates.periods import Period, moment_of
from setrota.reports.wording import handover_stamp, inert, name_of, plain, team_names
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, by_time, without_empty_optional

if TYPE_CHECKING:
    from setrota.files.duties_csv import Imported
    from setrota.reports.documents import DutyEntry, ImportDocument, SeatEntry, ShowDocument
    from setrota.schedule.diff import Difference
    from setrota.schedule.history import Transfer

COLUMNS = ("start", "end", "rotation", "seat", "person", "name", "teams", "period")


def entries(roster: Roster, duties: Iterable[Duty]) -> list[DutyEntry]:
    """One entry for each duty, by time, then in the roster's order of rotations and seats.

    `start` and `end` are the handovers in the rotation's zone; `person` and `name` are None for an empty seat; `teams`
    holds keys.
    """
    return [entry(roster, duty) for duty in by_time(roster, duties)]


def show_document(roster: Roster, duties: Iterable[Duty]) -> ShowDocument:
    """The duties of a schedule."""
    return {"duties": entries(roster, duties)}


def import_document(roster: Roster, before: Schedule, imported: Imported, *, saved: bool) -> ImportDocument:
    """The duties that a spreadsheet adds to a schedule."""
    there = set(before.duties())
    new = (duty for duty in imported.schedule.duties() if duty.person is not None and duty not in there)
    return {"saved": saved, "row_count": imported.added, "duties": entries(roster, new)}


def shown(roster: Roster, duties: Iterable[Duty], *, vacant: bool = False) -> list[Duty]:
    """The duties that tables show, in order: without empty optional seats, unless `vacant` ones are asked for."""
    return by_time(roster, duties if vacant else without_empty_optional(roster, duties))


def as_csv(
    roster: Roster,
    duties: Iterable[Duty],
    period_of: Callable[[Duty], Period] = lambda duty: duty.days,
    *,
    vacant: bool = False,
) -> str:
    """A header line and a line for each duty; teams are separated by spaces, an empty seat has no person, and a part of
    a period, which `period_of` gives, has the start and the end of that.

    Empty optional seats are left out unless `vacant` ones are asked for.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for duty in shown(roster, duties, vacant=vacant):
        row, period = entry(roster, duty), period_of(duty)
        cells = (row["start"], row["end"], row["rotation"], row["seat"], row["person"], row["name"])
        part = "" if duty.days == period else "/".join(_borders(roster, period))
        rows.writerow(spreadsheet_cell(text or "") for text in (*cells, " ".join(row["teams"]), part))
    return text.getvalue()


def _borders(roster: Roster, period: Period) -> tuple[str, str]:
    start, end = (moment_of(roster, period.rotation, point).isoformat() for point in (period.start, period.end))
    return start, end


def as_markdown(roster: Roster, duties: Iterable[Duty], *, vacant: bool = False) -> str:
    """A table with a row for each duty, without empty optional seats unless `vacant` ones are asked for."""
    lines = ["| Start | End | Rotation | Seat | Person | Teams |", "| --- | --- | --- | --- | --- | --- |"]
    for duty in shown(roster, duties, vacant=vacant):
        start, end = (handover_stamp(roster, duty.rotation, day) for day in (duty.start, duty.end))
        teams = ", ".join(team_names(roster, duty.person)) if duty.person else ""
        cells = (start, end, duty.rotation, duty.seat, name_of(roster, duty.person), teams)
        lines.append(f"| {' | '.join(map(inert, cells))} |")
    return "\n".join(lines) + "\n"


def place(roster: Roster, each: Duty | Difference | Transfer) -> SeatEntry:
    """The seat, and the handovers at which it starts and ends."""
    return {
        "rotation": each.rotation,
        "start": moment_of(roster, each.rotation, each.start).isoformat(),
        "end": moment_of(roster, each.rotation, each.end).isoformat(),
        "seat": each.seat,
    }


def entry(roster: Roster, duty: Duty) -> DutyEntry:
    """One duty, in the form that `entries` gives."""
    return {
        **place(roster, duty),
        "person": duty.person,
        "name": None if duty.person is None else roster.display_name(duty.person),
        "teams": [] if duty.person is None else list(roster.teams_of(duty.person)),
    }


def spreadsheet_cell(text: str) -> str:
    """A text on one line, with a quote before what a spreadsheet would run as a formula."""
    line = plain(text)
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line
