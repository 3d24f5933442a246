"""People x periods for a terminal: a letter for each duty, on the colour of its kind where there are colours.

Only names are not ASCII, and colours add nothing that the letters don't say, so the same grid reads in any terminal and
in a file. Where it is too wide it is folded: into blocks of quarters, of months or of weeks, whichever is the longest
that fits. Knows how wide things are; what stands in them is `setrota.reports.grid`'s.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from setrota.dates.periods import WEEK
from setrota.dates.text import MONTHS
from setrota.reports.grid import GridCell, GridColumn, PeopleGrid
from setrota.reports.grid.layout import GROUNDS, blocks_of, month_of, number_text
from setrota.reports.marks import KindMark, kind_labels
from setrota.reports.tables import PIPED_WIDTH, drawn, width_of_terminal
from setrota.reports.wording import label_of, plain
from setrota.roster import WEEKDAYS, Roster

NAMED_GROUNDS = (
    ("white", "blue"),
    ("black", "green"),
    ("black", "white"),
    ("white", "magenta"),
    ("black", "yellow"),
    ("white", "red"),
)
"""The same for terminals of 16 colours, which each shows as it likes."""

BLACK = ("black", "#000000")

EMPTY, AWAY, HERE, HOLIDAY, CLOSED, COVERED = ".", "-", ">", "*", "x", "+"
NOBODY = "NOBODY"
SUM = "sum"
MOST_SUMMED = 3
"""Of more rotations, no sums of duties are shown."""

CUT = "..."
INDENT = "  "
_MONTH = len("Jan")


def grid_text(roster: Roster, grid: PeopleGrid, today: date | None = None, *, names: bool = False) -> str:
    """The grid as text: as wide as the terminal and in its colours; elsewhere plain. `today` is marked."""
    width = width_of_terminal() or PIPED_WIDTH
    sheet = _Sheet.of(roster, grid, today, width, names=names)
    # Above a narrow last column, the month's name takes the place of one more blank.
    room = max((width - sheet.edge + (sheet.pitch > _MONTH)) // sheet.pitch, 1)
    lines: list[Text] = []
    for block in blocks_of(grid.columns, room, roster.quarters_start):
        lines += [*sheet.heading(block), *sheet.body(block), Text("")]
    return drawn(*lines, *_legend(grid, today, width))


class _Sheet(NamedTuple):
    """A grid with how wide its parts are.

    Attributes
    ----------
    labels, sums
        What stands before the cells of each row; the sums have a heading, unless there are too many rotations.
    margin, most
        How wide the labels and the sums are.
    pitch
        How wide a column is, with the blank before it.
    teams
        The name of each team that has a heading.
    """

    grid: PeopleGrid
    today: date | None
    labels: list[str]
    sums: list[str]
    sum_heading: str
    margin: int
    most: int
    pitch: int
    teams: dict[str | None, str]

    @classmethod
    def of(cls, roster: Roster, grid: PeopleGrid, today: date | None, width: int, *, names: bool) -> _Sheet:
        keys = dict.fromkeys(row.team for row in grid.rows)
        teams = {key: plain(roster.teams[key].name) or key if key else "No team" for key in keys}
        indent = INDENT if len(teams) > 1 else ""
        labels = [indent + (label_of(roster, row.person) if names else plain(row.person)) for row in grid.rows]
        is_summed = len(grid.rotations) <= MOST_SUMMED
        sums = ["+".join(map(number_text, row.duties)) if is_summed else "" for row in grid.rows]
        widest = max(map(cell_len, [*labels, *([NOBODY] if any(grid.missing) else [])]), default=0)
        margin = min(widest, width // 2)
        return cls(
            grid=grid,
            today=today,
            labels=[_fitted(label, margin) for label in labels],
            sums=sums,
            margin=margin,
            sum_heading=SUM if is_summed else "",
            most=max(map(len, [SUM if is_summed else "", *sums])),
            pitch=_pitch(grid),
            teams=teams if len(teams) > 1 else {},
        )

    @property
    def edge(self) -> int:
        """Where the columns begin; each has a blank before it."""
        return self.margin + 1 + self.most + len(HERE) + 1

    def heading(self, block: range) -> Iterator[Text]:
        """The months, the days, and what there is to know about them."""
        columns = [self.grid.columns[number] for number in block]
        yield Text(self._months(columns), style="bold")
        yield self._days(columns)
        if any(column.end - column.start < WEEK for column in columns):
            yield self._row("", "", [Text(WEEKDAYS[column.start.weekday()][:2], style="dim") for column in columns])
        if any(column.holidays or column.closed for column in columns):
            yield self._row(
                "",
                "",
                [Text((HOLIDAY if column.holidays else "") + (CLOSED if column.closed else "")) for column in columns],
            )

    def _months(self, columns: Sequence[GridColumn]) -> str:
        """The years, and each month above its first column."""
        first, last = (column.start.year for column in (columns[0], columns[-1]))
        line = f"{first}" if first == last else f"{first}/{last % 100:02}"
        groups = [list(group) for _, group in groupby(enumerate(columns), key=lambda each: month_of(each[1]))]
        for group in groups:
            number, column = group[0]
            # A first month of one narrow column begins a blank earlier, so that there is one behind it.
            narrow = number == 0 and len(group) == 1 < len(groups) and self.pitch <= _MONTH
            place = self.edge + number * self.pitch - narrow
            line = line[:place].ljust(place) + MONTHS[column.start.month - 1][:3]
        return line

    def _days(self, columns: Sequence[GridColumn]) -> Text:
        line = self._row("", self.sum_heading, [])
        for column in columns:
            here = self.today is not None and column.start <= self.today < column.end
            day = f"{column.start.day:02}"
            line.append(HERE if here else " ", style="bold")
            line.append(day.ljust(self.pitch - 1), style="bold reverse" if here else "")
        return line

    def body(self, block: range) -> Iterator[Text]:
        """A line for each person, below the names of their teams, and one for seats that nobody has."""
        for team, rows in groupby(
            zip(self.grid.rows, self.labels, self.sums, strict=True), key=lambda each: each[0].team
        ):
            if self.teams:
                yield Text(self.teams[team], style="bold")
            for row, label, total in rows:
                yield self._row(label, total, [self._cell(row.cells[number]) for number in block])
        if any(self.grid.missing[number] for number in block):
            lacking = ["".join(mark.letter for mark in self.grid.missing[number]) or EMPTY for number in block]
            yield self._row(NOBODY, "", [Text(each, style="dim" if each == EMPTY else "bold red") for each in lacking])

    def _row(self, label: str, total: str, cells: Sequence[Text]) -> Text:
        line = Text(_fitted(label, self.margin) + " " + total.rjust(self.most) + " " * len(HERE))
        for cell in cells:
            line.append(" ").append_text(cell).append(" " * (self.pitch - 1 - len(cell)))
        return line

    def _cell(self, cell: GridCell) -> Text:
        if not cell.marks:
            return Text(AWAY if cell.away else EMPTY, style="dim")
        text = Text("")
        for mark in cell.marks:
            text.append(mark.letter.lower() if cell.part else mark.letter, style=_style(mark))
        last = _style(cell.marks[-1])
        return text.append(COVERED, style=last) if cell.covered else text.append(" " * (2 - len(text)), style=last)


def _fitted(label: str, width: int) -> str:
    """A label of a width; one that is cut ends in dots."""
    if cell_len(label) > width:
        label = set_cell_size(label, max(width - len(CUT), 0)).rstrip() + CUT
    return set_cell_size(label, width)


def _style(mark: KindMark) -> str:
    few = Console().color_system == "standard"
    letter, ground = (NAMED_GROUNDS if few else GROUNDS)[mark.colour % len(GROUNDS)]
    # Terminals of few colours show bold black as grey.
    return f"{'not bold' if letter in BLACK else 'bold'} {letter} on {ground}"


def _pitch(grid: PeopleGrid) -> int:
    """How wide a column is: its widest cell and a blank, and at least a month's name if some month has one column."""
    texts = [
        "".join(mark.letter for mark in cell.marks) + COVERED * cell.covered for row in grid.rows for cell in row.cells
    ]
    texts += ["".join(mark.letter for mark in each) for each in grid.missing]
    months = [len(list(group)) for _, group in groupby(grid.columns, key=month_of)]
    return 1 + max(*map(len, [*texts, "00"]), _MONTH if 1 in months[1:-1] else 0)


def _legend(grid: PeopleGrid, today: date | None, width: int) -> list[Text]:
    """What the letters and the signs mean that the grid has."""
    cells = [cell for row in grid.rows for cell in row.cells]
    signs = {
        f"{HERE} now": today is not None and any(each.start <= today < each.end for each in grid.columns),
        f"{HOLIDAY} holiday": any(column.holidays for column in grid.columns),
        f"{CLOSED} closed": any(column.closed for column in grid.columns),
        f"{COVERED} changed since planned": any(cell.covered for cell in cells),
        "small letter: only a part": any(cell.part for cell in cells),
        f"{AWAY} away": any(cell.away and not cell.marks for cell in cells),
        f"{SUM}: duties {_summed(grid.rotations)}": bool(grid.rows) and len(grid.rotations) <= MOST_SUMMED,
    }
    labels = kind_labels(grid.kinds)
    kinds = [Text.assemble((mark.letter, _style(mark)), f" {labels[mark]}") for mark in grid.kinds]
    return [*_folded(kinds, width), *_folded([Text(words) for words, used in signs.items() if used], width)]


def _summed(rotations: Sequence[str]) -> str:
    return f"in {'+'.join(map(plain, rotations))}" if len(rotations) > 1 else "in all"


def _folded(parts: Sequence[Text], width: int) -> list[Text]:
    """Parts in lines of a width, with two blanks between them."""
    lines: list[Text] = []
    for part in parts:
        if lines and lines[-1].cell_len + 2 + part.cell_len <= width:
            lines[-1].append("  ").append_text(part)
        else:
            lines.append(Text("").append_text(part))
    return lines
