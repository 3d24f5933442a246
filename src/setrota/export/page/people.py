"""People x periods: who has which kind of seat when, one row a person.

Empty cells in a row are one wide cell, which is what makes a year of 200 people light. A long rota has a table for each
quarter, or each month where periods are shorter than a week: as much as a screen, and a sheet of paper, has room for.
Above a hundred people each team has its own, in a closed `<details>` and there in a `<noscript>`: a browser with
scripts reads that as text and makes tables of it once the team is opened; one without shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby, pairwise

from setrota.dates.periods import WEEK
from setrota.dates.text import MONTHS
from setrota.export.page.styles import kind_class
from setrota.export.page.words import PageNames, attribute, days_text, text
from setrota.reports.grid import GridCell, GridColumn, GridRow, PeopleGrid
from setrota.reports.marks import KindMark
from setrota.reports.page import TeamPage

_Group = tuple[str | None, Sequence[GridRow]]
"""A team, or None, and its rows."""

MOST_AT_ONCE = 100
"""More people than these aren't made into tables before somebody wants to see them."""

MOST_COLUMNS = 18
"""So many columns fit beside each other."""

LEAST_COLUMNS = 4
"""Fewer columns than these at either end go with those next to them."""


def people_section(page: TeamPage, names: PageNames) -> Iterator[str]:
    grid = page.grid
    if grid is None or not grid.rows:
        return
    teams = {team.key: number for number, team in enumerate(page.teams)}
    groups: list[_Group] = [(key, list(rows)) for key, rows in groupby(grid.rows, key=lambda row: row.team)]
    yield '<section class="people"><h2>'
    yield f'<span class="on-paper">{text(page.name)}: </span>By person</h2>'
    yield from _legend(grid)
    if len(grid.rows) > MOST_AT_ONCE:
        yield from _teams(grid, groups, names, teams)
    else:
        yield from _quarters(grid, groups, names, teams)
    yield "</section>"


def _quarters(grid: PeopleGrid, groups: Sequence[_Group], names: PageNames, teams: dict[str, int]) -> Iterator[str]:
    """A table of everyone for each part of the time."""
    parts = list(_parts(grid.columns))
    for title, columns in parts:
        table = _table(grid, columns, groups, names, teams)
        if len(parts) == 1:
            yield from table
        else:
            yield f"<details open><summary>{title}</summary>"
            yield from table
            yield "</details>"


def closable(grid: PeopleGrid) -> list[range]:
    """The columns of each part that a reader can open and close, if everyone has more than one table."""
    parts = [columns for _, columns in _parts(grid.columns)] if 0 < len(grid.rows) <= MOST_AT_ONCE else []
    return parts if len(parts) > 1 else []


def _teams(grid: PeopleGrid, groups: Sequence[_Group], names: PageNames, teams: dict[str, int]) -> Iterator[str]:
    """The tables of each team, which aren't made before somebody opens it; first, when nobody is there."""
    for key, rows in [*([(None, [])] if any(grid.missing) else []), *groups]:
        title = f"{_team(key, names)} <small>{len(rows)}</small>" if rows else "Nobody"
        yield f"<details data-team={_number(key, teams)}><summary>{title}</summary><noscript>"
        for part, columns in _parts(grid.columns):
            yield from _table(grid, columns, [(key, rows)] if rows else [], names, teams, caption=part)
        yield "</noscript></details>"


def _parts(columns: Sequence[GridColumn]) -> Iterator[tuple[str, range]]:
    """The columns of each quarter, or of each month; all at once if they are few. A few go with their neighbours."""
    numbers = range(len(columns))
    months = 1 if columns[0].end - columns[0].start < WEEK else 3
    few = len(columns) <= MOST_COLUMNS
    found = groupby(numbers, key=lambda each: 0 if few else _month_of(columns[each].start) // months)
    starts = [next(part) for _, part in found]
    if len(starts) > 1 and len(columns) - starts[-1] < LEAST_COLUMNS:
        starts.pop()
    if len(starts) > 1 and starts[1] < LEAST_COLUMNS:
        del starts[1]
    for begin, stop in pairwise([*starts, len(columns)]):
        first, last = (f"{MONTHS[day.month - 1]} {day.year}" for day in (columns[begin].start, columns[stop - 1].start))
        yield first if first == last else f"{first} to {last}", range(begin, stop)


def _month_of(day: date) -> int:
    return day.year * 12 + day.month - 1


def _team(key: str | None, names: PageNames) -> str:
    return "In no team" if key is None else text(names.team(key))


def _number(key: str | None, teams: dict[str, int]) -> int:
    return -1 if key is None else teams[key]


def _legend(grid: PeopleGrid) -> Iterator[str]:
    several = len({each.rotation for each in grid.kinds}) > 1
    items = [
        f'<b class="{kind_class(each.colour)}">{text(each.letter)}</b>{text(_name(each, several))}'
        for each in grid.kinds
    ]
    cells = [cell for row in grid.rows for cell in row.cells]
    if any(cell.covered for cell in cells):
        items.append('<b class="cover">X</b>changed since planned')
    if any(cell.part for cell in cells):
        items.append('<b class="part">X</b>a part of it')
    if any(cell.away and not cell.marks for cell in cells):
        items.append('<b class="away">&nbsp;</b>away')
    if any(column.closed for column in grid.columns):
        items.append('<b class="shut">&nbsp;</b>closed')
    yield f'<div><ul class="legend">{"".join(f"<li>{item}" for item in items)}</ul></div>'


def _name(mark: KindMark, several: bool) -> str:
    return f"{mark.rotation}: {mark.kind}" if several and mark.kind != mark.rotation else mark.kind


def _table(
    grid: PeopleGrid,
    part: range,
    groups: Sequence[_Group],
    names: PageNames,
    teams: dict[str, int],
    *,
    caption: str | None = None,
) -> Iterator[str]:
    """A table of some columns: of all groups, each under its name, or with a caption of one."""
    columns = grid.columns[part.start : part.stop]
    yield f'<table class="grid">{f"<caption>{caption}</caption>" if caption else ""}'
    yield f"<colgroup><col><col span={len(columns)}>"
    yield from _head(columns)
    missing = [GridCell(marks=found) for found in grid.missing[part.start : part.stop]]
    if any(cell.marks for cell in missing) and not (caption and groups):
        yield f'<tbody><tr class="gap"><th scope=row><b class="nobody">nobody</b>{_cells(missing, columns)}'
    for key, rows in groups:
        yield f"<tbody data-team={_number(key, teams)}>"
        if not caption:
            yield f"<tr class=team><th scope=rowgroup>{_team(key, names)}<td colspan={len(columns)}>"
        for row in rows:
            cells = row.cells[part.start : part.stop]
            yield f"<tr><th scope=row>{text(names.label(row.person))}{_cells(cells, columns)}"
    yield "</table>"


def _head(columns: Sequence[GridColumn]) -> Iterator[str]:
    months = [
        (key, len(list(found))) for key, found in groupby(columns, key=lambda each: (each.start.year, each.start.month))
    ]
    yield "<thead><tr><th rowspan=2 scope=col>Person"
    yield "".join(f"<th scope=colgroup colspan={number}>{_month(key, number)}" for key, number in months)
    yield "<tr>"
    yield "".join(f"<th scope=col{_day_attributes(each)}>{each.start.day}" for each in columns)


def _month(key: tuple[int, int], columns: int) -> str:
    """The month, with the year in January, as far as there is room."""
    year, month = key
    name = MONTHS[month - 1][:3]
    return f"{name} {year}" if month == 1 and columns > 2 else name


def _day_attributes(column: GridColumn) -> str:
    if column.closed:
        return ' class="off" title="closed"'
    return f' class="off" title={attribute(f"holiday {days_text(column.holidays)}")}' if column.holidays else ""


def _cells(cells: Sequence[GridCell], columns: Sequence[GridColumn]) -> str:
    """The cells of a row; those without anything to show run together."""
    found = zip(cells, columns, strict=True)
    return "".join(
        "".join(_cell(*each) for each in run) if shown else _empty(len(run))
        for shown, run in ((shown, list(run)) for shown, run in groupby(found, key=_is_shown))
    )


def _is_shown(each: tuple[GridCell, GridColumn]) -> bool:
    return bool(each[0].marks or each[0].away or each[1].closed)


def _empty(number: int) -> str:
    return "<td>" if number == 1 else f"<td colspan={number}>"


def _cell(cell: GridCell, column: GridColumn) -> str:
    looks = [
        name
        for name, holds in (
            ("cover", cell.covered),
            ("part", cell.part),
            ("away", cell.away and not cell.marks),
            ("shut", column.closed and not cell.marks),
        )
        if holds
    ]
    if len(cell.marks) == 1:
        mark = cell.marks[0]
        return f"<td class={_quoted([kind_class(mark.colour), *looks])}>{text(mark.letter)}"
    inner = "".join(f"<b class={kind_class(each.colour)}>{text(each.letter)}</b>" for each in cell.marks)
    return f"<td{f' class={_quoted(looks)}' if looks else ''}>{inner}"


def _quoted(classes: Sequence[str]) -> str:
    return f'"{" ".join(classes)}"' if len(classes) > 1 else classes[0]
