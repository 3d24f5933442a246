"""The rota by date: a table for the rotations of each cadence, a row for each period, a column for each seat."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from setrota.dates.cuts import day_after, last_day
from setrota.dates.periods import each_day
from setrota.export.page.words import PageNames, attribute, day_text, days_text, nth, text
from setrota.problems import listed
from setrota.reports.page import TeamPage
from setrota.reports.page.by_date import DateCell, DateEntry, DateRow, DateTable, Unit

MOST_ROWS = 20
"""So many rows of one seat stand below each other."""


def dates_section(page: TeamPage, names: PageNames) -> Iterator[str]:
    if not page.tables:
        return
    voluntary = {each.rotation for each in page.rotations if each.is_voluntary}
    yield '<section class="by-date"><h2>'
    yield f'<span class="on-paper">{text(page.name)}: </span>By date</h2>'
    for number, table in enumerate(page.tables):
        yield from _table(number, table, names, voluntary, titled=len(page.tables) > 1)
    yield "</section>"


def _table(number: int, table: DateTable, names: PageNames, voluntary: set[str], *, titled: bool) -> Iterator[str]:
    yield f'<div class="t{number}">'
    if titled:
        yield f"<h3>{text(listed(table.rotations))}</h3>"
    yield f'<button type="button" id=":past{number}" aria-expanded="false" hidden></button>'
    one = "" if len(table.columns) > 1 else " one list" if len(table.rows) > MOST_ROWS else " one"
    yield f'<table class="dates d{number}{one}"><thead><tr><th scope=col>{_HEADINGS[table.unit]}'
    yield "".join(f"<th scope=col{_title(each.name, each.title)}>{text(each.name)}" for each in table.columns)
    yield "<tbody>"
    year = None
    for row in table.rows:
        yield _row(row, table, names, voluntary, new_year=row.start.year != year)
        year = row.start.year
    yield "</table></div>"


_HEADINGS: dict[Unit, str] = {"week": "Week from", "day": "Day", "period": "From"}


def _title(name: str, title: str) -> str:
    """What people call a seat, where that is more than its name."""
    return f" title={attribute(title)}" if title.lower() != name.lower() else ""


def _row(row: DateRow, table: DateTable, names: PageNames, voluntary: set[str], *, new_year: bool) -> str:
    shut = ' class="shut"' if row.end is not None and set(row.closed) >= set(_days(row)) else ""
    head = f"<th scope=row>{_when(row, table.unit, new_year)}{_notes(row)}"
    cells = (
        f"<td>{_cell(cell, table.unit, names, open_to_all=column.rotation in voluntary)}"
        for cell, column in zip(row.cells, table.columns, strict=True)
    )
    return f"<tr{shut}>{head}{''.join(cells)}"


def _days(row: DateRow) -> Sequence[date]:
    return list(each_day(row.start, day_after(row.end))) if row.end is not None else []


def _when(row: DateRow, unit: Unit, new_year: bool) -> str:
    start = day_text(row.start, year=new_year)
    if unit != "period":
        return start
    return f"{start} on" if row.end is None else f"{start} \N{EN DASH} {day_text(last_day(row.end))}"


def _notes(row: DateRow) -> str:
    notes = [f"{word} {days_text(days)}" for word, days in (("holiday", row.holidays), ("closed", row.closed)) if days]
    return f" <small>{'; '.join(notes)}</small>" if notes else ""


def _cell(cell: DateCell, unit: Unit, names: PageNames, *, open_to_all: bool) -> str:
    found = [_entry(entry, unit, names, open_to_all=open_to_all) for entry in cell.entries]
    if cell.gap and not found:
        found = [
            "<small>not planned yet</small>" if cell.ended else "<b class=nobody>nobody</b> <small>not planned</small>"
        ]
    return "<br>".join(found)


def _entry(entry: DateEntry, unit: Unit, names: PageNames, *, open_to_all: bool) -> str:
    if entry.person is None:
        who = "<i>open</i>" if open_to_all else "<b class=nobody>nobody</b>"
    else:
        who = text(names.label(entry.person))
    notes = [
        f"{nth(entry.nth)} {unit}" if entry.nth > 1 and unit != "period" else "",
        f"from {day_text(entry.start)}" if entry.start else "",
        f"to {_until(entry.end)}" if entry.end else "",
        "changed" if entry.covered and entry.person is not None else "",
        "closed" if entry.idle else "",
    ]
    said = ", ".join(filter(None, notes))
    return f"{who} <small>{said}</small>" if said else who


def _until(end: date) -> str:
    """The last day of a part, or the hour at which it ends within a day."""
    last = last_day(end)
    return day_text(end if last == end else last)
