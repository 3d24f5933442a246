"""Duties as rows: JSON entries for programs, CSV for spreadsheets, Markdown for pages.

Knows the order and the shape of rows. Knows no filters: callers choose the duties.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from setrota.dates.periods import handover_on
from setrota.reports.wording import handover_stamp, inert, name_of, plain, team_names
from setrota.roster import Roster
from setrota.schedule import Duty, by_time, without_empty_optional

if TYPE_CHECKING:
    from setrota.schedule.diff import Difference
    from setrota.schedule.history import Transfer

COLUMNS = ("start", "end", "rotation", "seat", "person", "name", "teams")


def entries(roster: Roster, duties: Iterable[Duty]) -> list[dict[str, Any]]:
    """One entry for each duty, by time, then in the roster's order of rotations and seats.

    `start` and `end` are the handovers in the rotation's zone; `person` and `name` are None for an empty seat; `teams`
    holds keys.
    """
    return [entry(roster, duty) for duty in by_time(roster, duties)]


def as_csv(roster: Roster, duties: Iterable[Duty]) -> str:
    """A header line and a line for each duty; teams are separated by spaces, an empty seat has no person.

    Empty optional seats are left out.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(COLUMNS)
    for row in entries(roster, without_empty_optional(roster, duties)):
        rows.writerow(_cell(" ".join(row[key]) if key == "teams" else row[key] or "") for key in COLUMNS)
    return text.getvalue()


def as_markdown(roster: Roster, duties: Iterable[Duty]) -> str:
    """A table with a row for each duty, without empty optional seats."""
    lines = ["| Start | End | Rotation | Seat | Person | Teams |", "| --- | --- | --- | --- | --- | --- |"]
    for duty in by_time(roster, without_empty_optional(roster, duties)):
        start, end = (handover_stamp(roster, duty.rotation, day) for day in (duty.start, duty.end))
        teams = ", ".join(team_names(roster, duty.person)) if duty.person else ""
        cells = (start, end, duty.rotation, duty.seat, name_of(roster, duty.person), teams)
        lines.append(f"| {' | '.join(map(inert, cells))} |")
    return "\n".join(lines) + "\n"


def place(roster: Roster, each: Duty | Difference | Transfer) -> dict[str, Any]:
    """The seat, and the handovers from which and to which it is held."""
    return {
        "rotation": each.rotation,
        "start": handover_on(roster, each.rotation, each.start).isoformat(),
        "end": handover_on(roster, each.rotation, each.end).isoformat(),
        "seat": each.seat,
    }


def entry(roster: Roster, duty: Duty) -> dict[str, Any]:
    """One duty, in the form that `entries` gives."""
    return {
        **place(roster, duty),
        "person": duty.person,
        "name": None if duty.person is None else roster.display_name(duty.person),
        "teams": [] if duty.person is None else list(roster.teams_of(duty.person)),
    }


def _cell(text: str) -> str:
    # A spreadsheet would run a cell that begins like this as a formula.
    line = plain(text)
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line
