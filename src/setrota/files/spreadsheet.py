"""What the rows and cells of a spreadsheet of duties mean, as people fill them in and as `setrota show` writes them.

Knows CSV, dates, and who is meant by a name. Refuses to guess, and to know what the schedule makes of a row.

Tried: `csv.Sniffer` takes `r` for the separator where rows differ in length. `pandas` 3.1 reads a person `NA`
as nobody, and shifts the columns where the rows have a cell too many.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from io import StringIO
from zoneinfo import ZoneInfo

from setrota.dates.periods import DAY, WEEK
from setrota.dates.text import parse_moment
from setrota.files.roster.handles import NOBODY, folded, several_in
from setrota.problems import Place, Problem, Refused, did_you_mean, listed, listed_quotes
from setrota.roster import HANDLE, Roster
from setrota.schedule import Schedule

REQUIRED = ("start", "rotation", "seat", "person")
COLUMNS = (*REQUIRED, "end")
PASSED_OVER = ("name", "teams")
"""Columns that `setrota show --format csv` adds, and that say nothing new."""

KNOWN = (*COLUMNS, *PASSED_OVER)

PLACEHOLDERS = frozenset({*NOBODY, "", "-", "--", "n/a", "na", "null", "unknown"})
LONGEST = WEEK * 52


class BadRow(Exception):
    """What is wrong with a row, with a hint."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def read_table(text: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that aren't blank, each with the line it begins on; what stands outside the columns is under "".

    Raises Refused where the text stops being CSV, after the rows before.
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
        raise Refused(Problem(f"this is not CSV: {error}", Place(file, line))) from None
    if not header:
        raise Refused(Problem("this file is empty", Place(file), f"the first line reads `{','.join(COLUMNS)}`"))


def _bare(cell: str) -> str:
    # `setrota show` puts a `'` before what a spreadsheet would take for a formula.
    return re.sub(r"^'(?=[=+@-])", "", cell.strip())


def _header(cells: Sequence[str], where: Place) -> list[str]:
    header = [cell.lower() for cell in cells]
    known = listed_quotes(REQUIRED)
    problems = [
        Problem(f"`{cell}` is not a column", where, did_you_mean(cell, COLUMNS) or f"columns are {known}, or `end`")
        for cell in cells
        if cell and cell.lower() not in KNOWN
    ]
    problems += [Problem(f"`{name}` is a column twice", where) for name in KNOWN if header.count(name) > 1]
    missing = [f"`{column}`" for column in REQUIRED if column not in header]
    if missing and not problems:
        hint = f"the first line names {known}, and `end` if wanted"
        problems.append(Problem(f"there is no column {listed(missing)}", where, hint))
    if problems:
        raise Refused(problems)
    return header


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    named = dict.fromkeys((*COLUMNS, *filter(None, header)), "")
    for position, cell in enumerate(cells):
        if cell:
            named[header[position] if position < len(header) else ""] = cell
    return named


def is_empty_seat(cells: Mapping[str, str]) -> bool:
    """Whether a row says that nobody has a seat, as `setrota show` does: with no person and no name."""
    return not cells["person"] and cells.get("name") == ""


def read_day(text: str, column: str, zone: ZoneInfo) -> date:
    """The day that a cell means; a date with a time means the day that it is then in `zone`."""
    hint = "write dates as year-month-day, such as `2027-02-08`"
    if not text:
        raise BadRow(f"`{column}` is empty", hint)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d(?:[T ].+)?", text, re.ASCII):
        raise BadRow(f"`{text}` is not a date", hint)
    if not 1900 <= int(text[:4]) < 3000:
        raise BadRow(f"`{text}` can't be meant: look at the year", hint)
    try:
        return parse_moment(text, zone).date() if _has_time(text) else date.fromisoformat(text)
    except ValueError:
        what = "day and time" if _has_time(text) else "day"
        raise BadRow(f"`{text}` is not a date: there is no such {what}", hint) from None


def read_end(start: date, text: str, zone: ZoneInfo) -> date:
    """The first day after a period, from what a cell says of its end."""
    said = read_day(text, "end", zone)
    handover = _has_time(text) or (said > start and (said - start) % WEEK == 0 * DAY)
    end = said if handover else said + DAY
    if end <= start:
        raise BadRow(f"this period ends on {end - DAY}, before it starts")
    if end - start > LONGEST:
        raise BadRow(f"this period lasts until {said}, more than a year", "is the year right?")
    return end


def _has_time(text: str) -> bool:
    return len(text) > len("2027-02-08")


def read_word(column: str, text: str, known: Iterable[str]) -> str:
    """The known word that a cell means, ignoring case."""
    by_lower = {word.lower(): word for word in known}
    if not text:
        raise BadRow(f"`{column}` is empty")
    if text.lower() not in by_lower:
        hint = did_you_mean(text, by_lower.values()) or f"known are {listed_quotes(by_lower.values())}"
        raise BadRow(f"`{text}` is not a {column} of the roster", hint)
    return by_lower[text.lower()]


MISTYPED = 0.8
"""How alike two handles are, from 0 to 1, when one is likely to be the other mistyped."""


class People:
    """Who a cell can mean: somebody of the roster by handle or name, or a former member by handle.

    A handle that nearly is one of the roster's is taken for a slip, unless it is among those said to be `left`.
    """

    def __init__(self, roster: Roster, schedule: Schedule, left: Collection[str] = ()) -> None:
        self.left = left
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
                raise BadRow(f"{len(namesakes)} people are called `{word}`", f"write {listed_quotes(namesakes, 'or')}")
            return namesakes[0]
        if word.lower().strip(" ?.!()") in PLACEHOLDERS:
            message = f"`{word}` is not a person" if word else "`person` is empty"
            raise BadRow(message, "leave the row out if nobody served")
        if spelled:
            raise BadRow(f"`{word}` is spelled `{spelled}` elsewhere", f"write `{spelled}`")
        return self.former(cell, word)

    def former(self, cell: str, word: str) -> str:
        if len(several_in(cell)) > 1 or all(part.lower() in self.spelled for part in word.split()):
            raise BadRow(f"`{word}` names more than one person", "a row is about one person in one seat")
        if not re.fullmatch(HANDLE, word):
            names = [*self.roster.people, *(person.name for person in self.roster.people.values() if person.name)]
            hint = did_you_mean(word, names) or "write a former member's handle: letters, digits, `.`, `_` and `-`"
            raise BadRow(f"`{word}` is neither a handle nor a name in the roster", hint)
        if word not in self.left and (near := self.nearest(word)):
            hint = f"write `{near}`; or, if this is somebody else who has left, give `--former {word}`"
            raise BadRow(f"`{word}` is not in the roster, but `{near}` is", hint)
        self.spelled[word.lower()] = word
        return word

    def nearest(self, word: str) -> str | None:
        """The handle of the roster that somebody may have mistyped; handles that differ by a number are on purpose."""
        handles = {handle.lower(): handle for handle in self.roster.people}
        near = get_close_matches(word.lower(), handles, n=1, cutoff=MISTYPED)
        return handles[near[0]] if near and re.sub(r"\d", "", near[0]) != re.sub(r"\d", "", word.lower()) else None
