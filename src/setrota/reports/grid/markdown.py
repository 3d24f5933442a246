"""People x periods as Markdown for a wiki: a table for each quarter, or for each month where turns last days.

A page stays as it is while time goes on, and anybody reads it. So nothing is marked as now, people have their display
names, and who is away is left out unless the roster's `[page]` says that it may be shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from setrota.dates.periods import WEEK
from setrota.dates.text import MONTHS
from setrota.reports.grid import GridCell, GridColumn, GridRow, PeopleGrid
from setrota.reports.grid.layout import blocks_of, duties_headings, number_text
from setrota.reports.marks import KindMark, kind_labels
from setrota.reports.wording import inert, label_of, span_text
from setrota.roster import WEEKDAYS, Roster

MOST_COLUMNS, MOST_DAYS = 16, 31
"""How many columns a table has at most: of turns of a week or longer, and of shorter ones."""


def grid_markdown(roster: Roster, grid: PeopleGrid) -> str:
    """The grid as Markdown tables, with a legend below."""
    short = any(column.end - column.start < WEEK for column in grid.columns)
    blocks = blocks_of(grid.columns, MOST_DAYS if short else MOST_COLUMNS, roster.quarters_start)
    lines: list[str] = []
    for block in blocks:
        columns = [grid.columns[number] for number in block]
        heading = inert(span_text(columns[0].start, columns[-1].end))
        lines += [f"**{heading}**", "", *_table(roster, grid, block), ""]
    return "\n".join([*lines, *_legend(roster, grid)]) + "\n"


def _table(roster: Roster, grid: PeopleGrid, block: range) -> Iterator[str]:
    """One table, with a line for the name of each team if there are several."""
    columns = [grid.columns[number] for number in block]
    sums = [inert(heading) for heading in duties_headings(grid)]
    yield _line("Person", *sums, *map(_heading, columns))
    yield _line("---", *("--:" for _ in sums), *(":-:" for _ in columns))
    several = len({row.team for row in grid.rows}) > 1
    for team, rows in groupby(grid.rows, key=lambda row: row.team):
        if several:
            name = inert((team and roster.teams[team].name) or team or "No team")
            yield _line(f"**{name}**", *("" for _ in [*sums, *columns]))
        yield from (_row(roster, row, block) for row in rows)
    if any(grid.missing[number] for number in block):
        yield _line("**nobody**", *("" for _ in sums), *(_letters(grid.missing[number]) for number in block))


def _row(roster: Roster, row: GridRow, block: range) -> str:
    cells = (_cell(row.cells[number], away=roster.notes.page.away) for number in block)
    return _line(inert(label_of(roster, row.person)), *map(number_text, row.duties), *cells)


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _heading(column: GridColumn) -> str:
    """`4 Jan`; with the weekday where turns last days, and signs for holidays and closed days."""
    day = column.start
    weekday = f"{WEEKDAYS[day.weekday()][:2]} " if column.end - day < WEEK else ""
    signs = (r" \*" if column.holidays else "") + (" x" if column.closed else "")
    return f"{weekday}{day.day} {MONTHS[day.month - 1][:3]}{signs}"


def _cell(cell: GridCell, *, away: bool) -> str:
    if not cell.marks:
        return "-" if cell.away and away else ""
    letters = _letters(cell.marks)
    return (letters.lower() if cell.part else letters) + ("+" if cell.covered else "")


def _letters(marks: Sequence[KindMark]) -> str:
    return "".join(mark.letter for mark in marks)


def _legend(roster: Roster, grid: PeopleGrid) -> list[str]:
    labels = kind_labels(grid.kinds)
    cells = [cell for row in grid.rows for cell in row.cells]
    signs = {
        r"\* holiday": any(column.holidays for column in grid.columns),
        "x closed": any(column.closed for column in grid.columns),
        "+ changed since planned": any(cell.covered for cell in cells),
        "small letter: only a part": any(cell.part for cell in cells),
        "- away": roster.notes.page.away and any(cell.away and not cell.marks for cell in cells),
    }
    kinds = [f"{mark.letter} {inert(labels[mark])}" for mark in grid.kinds]
    return [" · ".join([*kinds, *(words for words, used in signs.items() if used)])]
