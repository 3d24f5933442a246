"""The rota as a workbook for Excel and LibreOffice: a sheet with people x periods, and one with fairness.

XlsxWriter writes it, the only module that does: it needs no other library, gives the same bytes for the same rota (its
archive has no times but the one that it is told), and writes a text as a text. `openpyxl`, which also reads workbooks,
takes a name that begins with `=` for a formula, and stamps each file with the time.

A workbook goes from hand to hand like a page, so who is away is left out unless the roster's `[page]` says that it may
be shown. Nothing here is a formula: names stand as texts, and numbers as they are.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from setrota.dates.periods import WEEK
from setrota.fairness.balances import Balance
from setrota.problems import counted
from setrota.reports.fairness.verdict import FairnessSummary
from setrota.reports.grid import GridCell, GridColumn, PeopleGrid
from setrota.reports.grid.layout import GROUNDS, duties_headings
from setrota.reports.marks import KindMark, kind_labels
from setrota.reports.wording import name_of, plain, span_text, team_names
from setrota.roster import Roster

CREATED = datetime(2000, 1, 1)
"""When a workbook says that it was made: the same always, so that its bytes depend on the rota alone."""

HEADING: dict[str, Any] = {"bold": True, "bottom": 1, "valign": "top"}
PEOPLE = {"Person": 24, "Handle": 12, "Team": 18}
FIGURES = {"Opening": 10, "Served": 10, "Fair share": 10, "Balance": 10, "Furthest from 0": 16}
FAIRNESS = {"Rotation": 18, "Person": 24, "Handle": 12, "Team": 18} | FIGURES
"""The columns, and how wide each is."""

MISSING: dict[str, Any] = {"bold": True, "font_color": "#c00000", "align": "center"}
QUIET: dict[str, Any] = {"font_color": "#808080", "align": "center"}
DAY_WIDTH = 7


def workbook(roster: Roster, grid: PeopleGrid, summary: FairnessSummary) -> bytes:
    """The bytes of a workbook with both sheets."""
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(content, options)
    book.set_properties({"title": plain(roster.name), "created": CREATED})
    _write_grid(_WorkbookSheet(book, "Rota"), roster, grid)
    _write_fairness(_WorkbookSheet(book, "Fairness"), roster, summary)
    book.close()
    return content.getvalue()


class _WorkbookSheet:
    """A sheet of a workbook; every cell that is written is of a kind that is named."""

    def __init__(self, book: Any, name: str) -> None:
        self.book, self.page, self._styles = book, book.add_worksheet(name), dict[str, Any]()

    def text(self, row: int, column: int, words: str, **style: Any) -> None:
        """Write a text, which stays one even if it looks like a formula and somebody edits it."""
        self.page.write_string(row, column, words, self.style(quote_prefix=True, **style))

    def figure(self, row: int, column: int, figure: float, **style: Any) -> None:
        self.page.write_number(row, column, round(figure, 6), self.style(**style))

    def day(self, row: int, column: int, day: date, form: str, **style: Any) -> None:
        at = datetime(day.year, day.month, day.day)
        self.page.write_datetime(row, column, at, self.style(num_format=form, **style))

    def style(self, **style: Any) -> Any:
        """How cells look; the same for the same words."""
        key = repr(sorted(style.items()))
        if key not in self._styles:
            self._styles[key] = self.book.add_format(style)
        return self._styles[key]

    def headings(self, row: int, widths: Mapping[str, int]) -> None:
        for column, (name, width) in enumerate(widths.items()):
            self.page.set_column(column, column, width)
            self.text(row, column, name, **HEADING)


# People x periods


def _write_grid(sheet: _WorkbookSheet, roster: Roster, grid: PeopleGrid) -> None:
    """A row for each person, with frozen heads; seats that nobody has and the legend stand below."""
    sums = duties_headings(grid)
    edge, top = len(PEOPLE) + len(sums), 2
    _write_days(sheet, edge, grid.columns)
    sheet.headings(1, PEOPLE | {plain(heading): len(heading) + 2 for heading in sums})
    for row, each in enumerate(grid.rows, top):
        team = plain(roster.teams[each.team].name) or each.team if each.team else ""
        for place, words in enumerate((name_of(roster, each.person), plain(each.person), team)):
            sheet.text(row, place, words)
        for place, number in enumerate(each.duties, len(PEOPLE)):
            sheet.figure(row, place, number, num_format="0.##")
        for place, cell in enumerate(each.cells, edge):
            _write_cell(sheet, (row, place), cell, away=roster.notes.page.away)
    below = top + len(grid.rows)
    if any(grid.missing):
        sheet.text(below, 0, "nobody", bold=True)
        for place, kinds in enumerate(grid.missing, edge):
            sheet.text(below, place, "".join(mark.letter for mark in kinds), **MISSING)
    sheet.page.freeze_panes(top, 1)
    sheet.page.autofilter(1, 0, max(below - 1, 1), edge - 1)
    sheet.page.set_landscape()
    sheet.page.fit_to_pages(1, 0)
    _write_legend(sheet, below + 2, grid, away=roster.notes.page.away)


def _write_days(sheet: _WorkbookSheet, edge: int, columns: Sequence[GridColumn]) -> None:
    """The first day of each column, below what there is to know about it."""
    sheet.page.set_column(edge, edge + len(columns) - 1, DAY_WIDTH)
    for place, column in enumerate(columns, edge):
        signs = ["holiday"] * bool(column.holidays) + ["closed"] * column.closed
        if signs:
            sheet.text(0, place, ", ".join(signs), **QUIET, text_wrap=True)
        form = "d mmm" if column.end - column.start >= WEEK else "ddd d mmm"
        sheet.day(1, place, column.start, form, **HEADING, align="center", text_wrap=True)


def _write_cell(sheet: _WorkbookSheet, place: tuple[int, int], cell: GridCell, *, away: bool) -> None:
    """The letters of a cell, in the colour of the first kind."""
    if cell.marks:
        letters = "".join(mark.letter for mark in cell.marks)
        words = (letters.lower() if cell.part else letters) + "+" * cell.covered
        sheet.text(*place, words, **_colours(cell.marks[0]))
    elif cell.away and away:
        sheet.text(*place, "-", **QUIET)


def _colours(mark: KindMark) -> dict[str, Any]:
    letter, ground = GROUNDS[mark.colour % len(GROUNDS)]
    return {"bold": True, "align": "center", "font_color": letter, "bg_color": ground}


def _write_legend(sheet: _WorkbookSheet, row: int, grid: PeopleGrid, *, away: bool) -> None:
    for number, (mark, label) in enumerate(kind_labels(grid.kinds).items()):
        sheet.text(row + number, 0, mark.letter, **_colours(mark))
        sheet.text(row + number, 1, label)
    signs = {"+": "changed since planned", "small letter": "only a part of it"} | ({"-": "away"} if away else {})
    for number, (sign, words) in enumerate(signs.items(), len(grid.kinds)):
        sheet.text(row + number, 0, sign, align="center")
        sheet.text(row + number, 1, words)


# Fairness


def _write_fairness(sheet: _WorkbookSheet, roster: Roster, summary: FairnessSummary) -> None:
    """The verdict, and everybody's duties against their fair share; then the same of teams."""
    sheet.text(0, 0, plain(f"{roster.name}, {span_text(summary.start, summary.end)}"), bold=True)
    for row, sentence in enumerate(summary.sentences, 1):
        sheet.text(row, 0, sentence)
    top = len(summary.sentences) + 2
    sheet.headings(top, FAIRNESS)
    people = [(rotation.rotation, each) for rotation in summary.rotations for each in rotation.people]
    for row, (rotation, each) in enumerate(people, top + 1):
        teams = ", ".join(team_names(roster, each.person))
        _write_row(sheet, row, (rotation, name_of(roster, each.person), each.person, teams), each)
        if not each.is_voluntary:
            _write_balance(sheet, row, len(FAIRNESS) - 1, each.worst_deviation)
    sheet.page.freeze_panes(top + 1, 2)
    below = top + 1 + len(people)
    sheet.page.autofilter(top, 0, max(below - 1, top), len(FAIRNESS) - 1)
    for row, team in enumerate((each for rotation in summary.rotations for each in rotation.teams), below + 1):
        name = plain(roster.teams[team.team].name) if team.team in roster.teams else ""
        _write_row(sheet, row, (team.rotation, counted(team.people, "person", "people"), "", name or team.team), team)


def _write_row(sheet: _WorkbookSheet, row: int, words: Sequence[str], balance: Balance) -> None:
    for column, each in enumerate(words):
        sheet.text(row, column, plain(each))
    figures = (balance.opening, balance.served, balance.entitled)
    for column, figure in enumerate(figures, len(words)):
        sheet.figure(row, column, figure, num_format="0.00")
    _write_balance(sheet, row, len(words) + len(figures), balance.balance)


def _write_balance(sheet: _WorkbookSheet, row: int, column: int, balance: float) -> None:
    sheet.figure(row, column, balance, num_format="+0.00;-0.00;0.00")
