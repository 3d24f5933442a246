"""Reads the rows and cells of a spreadsheet of duties, as people fill them in and as `setrota show` writes them.

Knows CSV, dates and people's names, but not the schedule's periods. Refuses to guess.

Tried: `csv.Sniffer` takes `r` for the separator if rows differ in length. `pandas` 3.1 reads a person `NA`
as nobody and shifts the columns if rows have a cell too many.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from difflib import get_close_matches
from io import StringIO

from setrota.dates.periods import DAY, WEEK, Period, point_at
from setrota.dates.text import last_text, parse_moment
from setrota.files.roster.handles import NOBODY, folded, several_in
from setrota.problems import Place, Problem, Refused, did_you_mean, listed_quotes
from setrota.roster import HANDLE, Roster
from setrota.schedule import Schedule

REQUIRED = ("start", "rotation", "seat", "person")
COLUMNS = (*REQUIRED, "end", "period")
PASSED_OVER = ("name", "teams")
"""Columns that `setrota show --format csv` adds; they repeat what the others say."""

KNOWN = (*COLUMNS, *PASSED_OVER)
_ALL_COLUMNS = f"{listed_quotes(REQUIRED)}, and optionally `end` and `period`"

PLACEHOLDERS = frozenset({*NOBODY, "", "-", "--", "n/a", "na", "null", "unknown"})
LONGEST = WEEK * 52


class BadRow(Exception):
    """A row can't be used; with the message, hint and code of the problem to report."""

    def __init__(self, message: str, hint: str | None = None, *, code: str) -> None:
        super().__init__(message)
        self.hint, self.code = hint, code


def read_table(text: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows that aren't blank, each with the line it begins on; a cell outside the columns has the key "".

    Raises Refused at the place where the text stops being CSV, after yielding the rows before it.
    """
    heading = next((line for line in text.splitlines() if line.strip()), "")
    separator = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            cells = [_bare(cell) for cell in cells]
            if any(cells) and header:
                yield line, _cells(header, cells)
            elif any(cells):
                header = _header(cells, Place(file, line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused(Problem(f"this is not CSV: {error}", Place(file, line), code="not-csv")) from None
    if not header:
        hint = f"the first line should be `{','.join(COLUMNS)}`"
        raise Refused(Problem("this file is empty", Place(file), hint, code="empty-file"))


def _bare(cell: str) -> str:
    # `setrota show` puts a `'` before text that a spreadsheet would take for a formula.
    return re.sub(r"^'(?=[=+@-])", "", cell.strip())


def _header(cells: Sequence[str], where: Place) -> list[str]:
    header = [cell.lower() for cell in cells]
    if set(header).isdisjoint(KNOWN):
        # It may be any file, so nothing of it is shown.
        message, hint = (
            "this is not a list of duties: its first line names no column",
            f"the columns are {_ALL_COLUMNS}",
        )
        raise Refused(Problem(message, where, hint, code="missing-column"))
    missing = [column for column in REQUIRED if column not in header]
    problems = [
        _unknown_column(number, cell, where, shown=not missing)
        for number, cell in enumerate(cells, 1)
        if cell and cell.lower() not in KNOWN
    ]
    problems += [
        Problem(f"the column `{name}` appears twice", where, "remove one of them", code="named-twice")
        for name in KNOWN
        if header.count(name) > 1
    ]
    if missing and not problems:
        columns_are = "column %s is" if len(missing) == 1 else "columns %s are"
        message = f"the {columns_are % listed_quotes(missing)} missing"
        problems.append(Problem(message, where, f"the first line should name {_ALL_COLUMNS}", code="missing-column"))
    if problems:
        raise Refused(problems)
    return header


def _unknown_column(number: int, cell: str, where: Place, *, shown: bool) -> Problem:
    """The problem of a column's name; `shown` if the file is a list of duties, so that any name may be quoted."""
    meant = did_you_mean(cell, COLUMNS)
    named = f"there is no column `{cell}`" if shown or meant else f"column {number} is none of a list of duties"
    hint = meant or f"the columns are {_ALL_COLUMNS}"
    return Problem(named, where, hint, code="unknown-column")


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    named = dict.fromkeys((*COLUMNS, *filter(None, header)), "")
    for position, cell in enumerate(cells):
        if cell:
            named[header[position] if position < len(header) else ""] = cell
    return named


def is_empty_seat(cells: Mapping[str, str]) -> bool:
    """Whether a row says that a seat is empty, as `setrota show` does: with no person and no name."""
    return not cells["person"] and cells.get("name") == ""


def read_day(text: str, column: str, roster: Roster, rotation: str) -> date:
    """The day in a cell, or the instant if it has a time that is no handover of the rotation.

    Spreadsheets write midnight for a day; so it means the day, unless an offset says that the time matters.
    """
    hint = "write dates as year-month-day, such as `2027-02-08`"
    if not text:
        raise BadRow(f"`{column}` is empty", hint, code="empty-cell")
    if not re.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9](?:[T ].+)?", text):
        shown = f"`{text}`" if re.fullmatch(r"[0-9][0-9 ./:T-]*", text) else f"the text in `{column}`"
        raise BadRow(f"{shown} is not a date", hint, code="not-a-date")
    if not 1900 <= int(text[:4]) < 3000:
        raise BadRow(f"`{text}` has an unlikely year", "check the year", code="year-out-of-range")
    try:
        if not _has_time(text):
            return date.fromisoformat(text)
        moment = parse_moment(text, roster.zone_of(rotation))
        if moment.time() == time() and not re.search(r"(Z|[+-][0-9:]+)$", text[10:]):
            return moment.date()
        return point_at(roster, rotation, moment)
    except Refused:
        raise BadRow(f"`{text}` is not a date and time", hint, code="not-a-date-time") from None
    except ValueError:
        raise BadRow(f"there is no such day as `{text}`", hint, code="no-such-date") from None


def read_end(start: date, text: str, roster: Roster, rotation: str) -> date:
    """The first day after a period, from the cell with its end."""
    said = read_day(text, "end", roster, rotation)
    handover = _has_time(text) or (said > start and (said - start) % WEEK == 0 * DAY)
    end = said if handover else said + DAY
    if end <= start:
        raise BadRow(f"this period ends on {last_text(end)}, before it starts on {start}", code="ends-before-it-starts")
    if end - start > LONGEST:
        raise BadRow(f"this period lasts until {said}, more than a year", "check the year", code="period-too-long")
    return end


def read_period(text: str, roster: Roster, rotation: str) -> Period | None:
    """The period that a row is a part of: its start and end, separated by `/`; None if the cell is empty."""
    if not text:
        return None
    first, slash, last = text.partition("/")
    if not slash:
        hint = "write its start and end: `2027-02-08/2027-02-14`, or leave the cell empty"
        raise BadRow(f"`{text}` is not a period", hint, code="not-a-period")
    start = read_day(first.strip(), "period", roster, rotation)
    return Period(start, read_end(start, last.strip(), roster, rotation), rotation)


def _has_time(text: str) -> bool:
    return len(text) > len("2027-02-08")


def read_word(column: str, text: str, known: Iterable[str]) -> str:
    """The known word in a cell of the column `rotation` or `seat`, ignoring case."""
    by_lower = {word.lower(): word for word in known}
    if not text:
        raise BadRow(f"`{column}` is empty", code="empty-cell")
    if text.lower() not in by_lower:
        hint = did_you_mean(text, by_lower.values()) or f"known {column}s: {listed_quotes(by_lower.values())}"
        message = f"there is no {column} `{text}`"
        raise BadRow(message, hint, code="unknown-rotation" if column == "rotation" else "unknown-seat")
    return by_lower[text.lower()]


MISTYPED = 0.8
"""How alike two handles must be, from 0 to 1, for one to be taken as a typo of the other."""


MOST_COMPARED = 300_000
"""How many pairs of handles are compared to find typos: 1,000 former members with a roster of 300, in seconds."""


class People:
    """Finds the person that a cell means: someone in the roster by handle or name, or a former member by handle.

    A handle that almost matches one in the roster is reported as a typo, unless it is one of `left`, people who have
    left.
    """

    def __init__(self, roster: Roster, schedule: Schedule, left: Collection[str] = ()) -> None:
        self.left = left
        self.compared = 0
        handles = [*roster.people, *sorted({handle for crew in schedule.crews for handle in crew.people})]
        self.roster = roster
        self.spelled = {handle.lower(): handle for handle in reversed(handles)}
        self.renamed = {former.lower(): handle for former, handle in roster.renamed.items()}
        self.named: dict[str, list[str]] = {}
        for person in roster.people.values():
            if person.name:
                self.named.setdefault(folded(person.name), []).append(person.handle)

    def handle(self, cell: str) -> str:
        word = " ".join(cell.split())
        spelled = self.spelled.get(word.lower())
        if spelled == word:
            return word
        if word.lower() in self.renamed:
            return self.renamed[word.lower()]
        if namesakes := self.named.get(folded(word)):
            if len(namesakes) > 1:
                hint = f"write {listed_quotes(namesakes, 'or')}"
                raise BadRow(f"{len(namesakes)} people are called `{word}`", hint, code="ambiguous-name")
            return namesakes[0]
        if word.lower().strip(" ?.!()") in PLACEHOLDERS:
            message = f"`{word}` is not a person" if word else "`person` is empty"
            hint = "leave the row out if nobody served"
            raise BadRow(message, hint, code="nobody-yet" if word else "empty-cell")
        if spelled:
            raise BadRow(f"`{word}` is spelled `{spelled}` elsewhere", f"write `{spelled}`", code="two-spellings")
        return self.former(cell, word)

    def former(self, cell: str, word: str) -> str:
        if len(several_in(cell)) > 1 or all(part.lower() in self.spelled for part in word.split()):
            message = f"`{word}` names more than one person"
            raise BadRow(message, "write one row for each person", code="several-people")
        if not re.fullmatch(HANDLE, word):
            names = [*self.roster.people, *(person.name for person in self.roster.people.values() if person.name)]
            hint = did_you_mean(word, names) or "for a former member, write a handle: letters, digits, `.`, `_` and `-`"
            raise BadRow(f"nobody in the roster is called `{word}`", hint, code="unknown-person")
        if word not in self.left and (near := self.nearest(word)):
            hint = f"write `{near}`, or give `--former {word}` if this is someone else who has left"
            raise BadRow(f"`{word}` is not in the roster, but `{near}` is", hint, code="likely-typo")
        self.spelled[word.lower()] = word
        return word

    def nearest(self, word: str) -> str | None:
        """The handle in the roster that this may be a typo of; handles that differ only by a number are no typo."""
        handles = {handle.lower(): handle for handle in self.roster.people}
        self.compared += len(handles)
        if self.compared > MOST_COMPARED:
            message = f"too many people up to here are not in the roster to tell typos from others, such as `{word}`"
            hint = "name those who have left with `--former`, or check that this is the right file"
            raise BadRow(message, hint, code="too-many-former")
        near = get_close_matches(word.lower(), handles, n=1, cutoff=MISTYPED)
        return (
            handles[near[0]] if near and re.sub(r"[0-9]", "", near[0]) != re.sub(r"[0-9]", "", word.lower()) else None
        )
