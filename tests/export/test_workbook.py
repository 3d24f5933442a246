"""The workbook, read by another library: its two sheets, its bytes, and names that look like formulas."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from samples import DAY, LEAD, MONDAY, PAIR, changed, crew, crews, leave, roster, schedule, week

from setrota.export.workbook import workbook
from setrota.reports.fairness.verdict import FairnessSummary, fairness_summary
from setrota.reports.grid import people_grid
from setrota.roster import Closed, Holidays, Person, Roster
from setrota.roster.notes import Page
from setrota.schedule import Schedule

openpyxl = pytest.importorskip("openpyxl")


def span(held: Schedule) -> tuple[date, date]:
    return held.crews[0].period.start, max(crew.period.end for crew in held.crews)


def summary_of(given: Roster, found: Any) -> FairnessSummary:
    held = schedule(found)
    return fairness_summary(given, held, *span(held))


def written(given: Roster, found: Any) -> bytes:
    held = schedule(found)
    return workbook(given, people_grid(given, held, *span(held)), summary_of(given, found))


def book_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def rows(sheet: Any) -> list[list[Any]]:
    return [[None if value == "" else value for value in row] for row in sheet.iter_rows(values_only=True)]


def rota() -> tuple[Roster, Any]:
    closed, holidays = Closed(((week(2), week(3)),)), Holidays(days=frozenset({week(1) + DAY}))
    people = [Person("ana", "Ana Silva", leave=(leave(week(3), week(4)),)), Person("bo"), Person("cy")]
    given = roster(people, [PAIR, LEAD], {"red": "ana bo", "blue": "cy"}, closed=closed, holidays=holidays)
    covered = changed(crew(week(1), "ana bo", of=PAIR), "primary", "cy", week(1) + 3 * DAY)
    return given, [crew(MONDAY, "ana -", of=PAIR), covered, *crews("cy | cy", of=LEAD)]


def test_people_and_periods() -> None:
    given, held = rota()
    sheet = book_of(written(given, held))["Rota"]
    days = [datetime(2027, 1, day) for day in (4, 11, 18, 25)]
    assert rows(sheet) == [
        [None, None, None, None, None, None, "holiday", "closed", None],
        ["Person", "Handle", "Team", "Duties: engineer", "Duties: lead", *days],
        ["Ana Silva", "ana", "Red", 1.6, 0, "P", "p", None, None],
        ["bo", "bo", "Red", 1, 0, None, "B", None, None],
        ["cy", "cy", "Blue", 0.4, 2, "L", "pl+", None, "L"],
        ["nobody", None, None, None, None, "B", None, None, None],
        [None] * 9,
        ["P", "primary", *[None] * 7],
        ["B", "backup", *[None] * 7],
        ["L", "lead", *[None] * 7],
        ["+", "changed since planned", *[None] * 7],
        ["small letter", "only a part of it", *[None] * 7],
    ]
    assert sheet.freeze_panes == "B3"
    assert sheet.auto_filter.ref == "A2:E5"
    fills = [sheet.cell(row, 6).fill.fgColor.rgb for row in (3, 5)]
    assert fills == ["FF005FAF", "FF8787AF"]
    assert [sheet.cell(row, 1).fill.fgColor.rgb for row in (8, 10)] == fills


def test_who_is_away_is_shown_only_where_the_page_may_say_so() -> None:
    given, held = rota()
    shown = replace(given, notes=given.notes._replace(page=Page(away=True)))
    assert [book_of(written(each, held))["Rota"]["I3"].value for each in (given, shown)] == [None, "-"]


def test_fairness_has_the_verdict_people_and_teams() -> None:
    given, held = rota()
    sheet = book_of(written(given, held))["Fairness"]
    found = rows(sheet)
    assert found[0][0] == "Sustained Engineering, Mon 4 Jan 2027 to Sun 31 Jan 2027"
    assert found[1][0] == summary_of(given, held).sentences[0]
    head = next(number for number, row in enumerate(found) if row[0] == "Rotation")
    assert found[head] == [
        *("Rotation", "Person", "Handle", "Team", "Opening", "Served", "Fair share", "Balance", "Furthest from 0"),
    ]
    ana = next(row for row in found if row[2] == "ana" and row[0] == "engineer")
    assert ana[:6] == ["engineer", "Ana Silva", "ana", "Red", 0, 1.6]
    assert ana[7] == pytest.approx(ana[4] + ana[5] - ana[6])
    assert ["lead", "2 people", None, "Red", 0, 0] in [row[:6] for row in found]
    assert sheet.freeze_panes == f"C{head + 2}"


def test_the_same_rota_has_the_same_bytes() -> None:
    given, held = rota()
    content = written(given, held)
    assert written(given, held) == content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {each.date_time for each in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize(
    "name", ["=1+1", "=HYPERLINK(A1)", "+1", "-1", "@SUM(A1)", "https://evil.example", "1e3", "{=1}"]
)
def test_a_name_is_a_text_and_never_runs(name: str) -> None:
    given = replace(roster([Person("ana", name), Person("bo")], PAIR), name=name)
    content = written(given, crews("ana bo", of=PAIR))
    book = book_of(content)
    named = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value == name]
    assert len(named) == 2
    # Neither when it is opened nor when somebody edits the cell.
    assert {(cell.data_type, cell.quotePrefix) for cell in named} == {("s", True)}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        texts = [archive.read(each).decode() for each in archive.namelist() if each.startswith("xl/worksheets/")]
    assert len(texts) == 2
    assert not any("<f>" in text or "<hyperlink" in text for text in texts)
