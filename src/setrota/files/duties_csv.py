"""Past duties out of a spreadsheet, so that a team that adopts setrota in the middle of a year keeps its balances.

Knows how people fill in spreadsheets. Refuses to guess: a row that can't be what its author meant stops the import, and
all such rows are reported together. Never overwrites what the schedule holds.

Columns, in any order: `start`, `rotation`, `seat`, `person` and, if wanted, `end`. `end` is the last day of the period;
one that is a whole number of weeks after `start` is understood as the day of the handover, the first day after. So
Monday 4 to Sunday 10 January and Monday 4 to Monday 11 January are the same week.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from itertools import groupby
from typing import NamedTuple

from setrota.files.schedule import HANDLE
from setrota.periods import DAY, WEEK, Period
from setrota.presence import pool_of
from setrota.problems import Place, Problem, Refused, did_you_mean, listed
from setrota.roster import WEEKDAYS, Roster
from setrota.schedule import Crew, Pool, Schedule

REQUIRED = ("start", "rotation", "seat", "person")
COLUMNS = (*REQUIRED, "end")
PLACEHOLDERS = frozenset(
    {"", "-", "--", "n/a", "na", "nobody", "none", "null", "tba", "tbc", "tbd", "unknown", "vacant"}
)
SEVERAL = re.compile(r"\s*[,;/&+|\n]\s*|\s+(?:and|or|then)\s+", re.IGNORECASE)
LONGEST = WEEK * 52


@dataclass(frozen=True)
class Imported:
    """A schedule with past duties added to it: how many, and what the user should know about them."""

    schedule: Schedule
    added: int
    notes: tuple[Problem, ...]


def import_duties(text: str, file: str, roster: Roster, schedule: Schedule) -> Imported:
    """Add the duties of a CSV text to a schedule; the same duties once more change nothing.

    A kind with several seats takes their numbers in the order of the rows. Seats without a row are nobody's. Whoever
    isn't in a rotation's pool today counts as a member of it from the first to the last of their duties in the text.

    Raises
    ------
    Refused
        With every row that can't be used.
    """
    reading = _Reading(file, roster, schedule)
    rows = sorted(reading.rows(text), key=lambda row: (row.period.rotation, row.period.start, row.line))
    crews = []
    for _key, group in groupby(rows, key=lambda row: (row.period.rotation, row.period.start)):
        crews += reading.crew(list(group))
    reading.overlaps()
    reading.refuse()
    tenures = _tenures(rows, roster)
    new = [Crew(period, seats, _pool(period, roster, tenures)) for period, seats in crews]
    added = sum(person is not None for crew in new for person in crew.seats.values())
    return Imported(schedule.updated(new), added, tuple(_notes(file, rows, new, roster)))


class _Row(NamedTuple):
    """A row that makes sense by itself; `seat` is a seat's name, or a kind of which there are several seats."""

    line: int
    period: Period
    seat: str
    person: str


class _Bad(Exception):
    """What is wrong with a row, with a hint."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class _Reading:
    """Goes through the rows and collects what is wrong with them."""

    def __init__(self, file: str, roster: Roster, schedule: Schedule) -> None:
        self.file, self.roster, self.schedule = file, roster, schedule
        self.people = _People(roster, schedule)
        self.first_lines: dict[Period, int] = {}
        self.problems: list[Problem] = []

    def bad(self, line: int, message: str, hint: str | None = None) -> None:
        self.problems.append(Problem(message, Place(self.file, line), hint))

    def refuse(self) -> None:
        if self.problems:
            raise Refused(sorted(self.problems, key=lambda problem: problem.where or Place(self.file)))

    def rows(self, text: str) -> Iterator[_Row]:
        """The rows that make sense by themselves."""
        for line, cells in _table(text, self.file):
            try:
                yield self.row(line, cells)
            except _Bad as error:
                self.bad(line, str(error), error.hint)

    def row(self, line: int, cells: Mapping[str, str]) -> _Row:
        if "" in cells:
            raise _Bad(f"`{cells['']}` stands in no column", "a cell with a separator in it stands in quotes")
        start = _day(cells["start"], "start")
        rotation = _known("rotation", cells["rotation"], self.roster.rotations)
        kinds = self.roster.rotations[rotation].kinds
        seat = _known("seat", cells["seat"], [*(seat.name for seat in self.roster.rotations[rotation].seats), *kinds])
        person = self.people.handle(cells["person"])
        return _Row(line, self.period(rotation, start, cells.get("end", "")), seat, person)

    def period(self, rotation: str, start: date, last: str) -> Period:
        there = self.schedule.crew(rotation, start)
        if last:
            period = Period(start, _end(start, _day(last, "end")), rotation)
            if there and there.period != period:
                raise _Bad(f"this period ends on {period.end - DAY}, in the schedule on {there.period.end - DAY}")
            return period
        if there:
            return there.period
        if start.weekday() != self.roster.handover.weekday:
            message = f"{start} is a {WEEKDAYS[start.weekday()]}, and the handover is on {self.roster.handover}"
            raise _Bad(message, "if this period was an odd one, give its last day in the column `end`")
        return Period(start, start + WEEK * self.roster.rotations[rotation].weeks, rotation)

    def crew(self, rows: list[_Row]) -> list[tuple[Period, dict[str, str | None]]]:
        """The seats of one period as its rows fill them; nothing if the schedule has the period already."""
        first, *others = rows
        for row in others:
            if row.period.end != first.period.end:
                days = f"{row.period.end - DAY}, in line {first.line} on {first.period.end - DAY}"
                self.bad(row.line, f"this period ends on {days}")
        there = self.schedule.crew(first.period.rotation, first.period.start)
        taken = self.seated([row for row in rows if row.period == first.period], there)
        if there:
            self.contradictions(there, taken)
            return []
        self.first_lines[first.period] = first.line
        seats: dict[str, str | None] = {seat.name: None for seat in self.roster.rotations[first.period.rotation].seats}
        return [(first.period, seats | {seat: row.person for seat, row in taken.items()})]

    def seated(self, rows: list[_Row], there: Crew | None) -> dict[str, _Row]:
        """Which row has which seat: first those that name one, then those whose person has one in the schedule."""
        taken: dict[str, _Row] = {}

        def choices(row: _Row) -> list[str]:
            seats = self.roster.rotations[row.period.rotation].seats
            names = [seat.name for seat in seats if row.seat in (seat.name, seat.kind)]
            return sorted(names, key=lambda name: not (there and self.holds(there, name, row.person)))

        def rank(row: _Row) -> tuple[bool, bool, int]:
            names = choices(row)
            return len(names) > 1, not (there and self.holds(there, names[0], row.person)), row.line

        for row in sorted(rows, key=rank):
            names = choices(row)
            again = next((taken[name] for name in names if name in taken and taken[name].person == row.person), None)
            free = [name for name in names if name not in taken]
            if again:
                self.bad(row.line, f"this row says the same as line {again.line}")
            elif not free:
                rivals = listed(f"`{taken[name].person}` (line {taken[name].line})" for name in names)
                self.bad(row.line, f"`{row.seat}` of {row.period.start} is taken already, by {rivals}")
            else:
                taken[free[0]] = row
        return taken

    def contradictions(self, there: Crew, taken: Mapping[str, _Row]) -> None:
        for seat, row in taken.items():
            if not self.holds(there, seat, row.person):
                holder = there.seats.get(self.saved_name(there, seat))
                message = (
                    f"the schedule has {f'`{holder}`' if holder else 'nobody'} as `{seat}` of {there.period.start}"
                )
                self.bad(row.line, message, "an import never overwrites the schedule")

    def holds(self, there: Crew, seat: str, person: str) -> bool:
        """Whether somebody had a seat, by plan or, after changes, for all of the period."""
        name = self.saved_name(there, seat)
        holders = {duty.person for duty in there.duties() if duty.seat == name}
        return there.seats.get(name) == person or holders == {person}

    def saved_name(self, there: Crew, seat: str) -> str:
        """What a crew calls a seat: a lone `engineer` is today's `engineer-1` since it got company."""
        rotation = there.period.rotation
        slot = self.roster.seat_of(rotation, seat).slot
        return next((name for name in there.seats if self.roster.seat_of(rotation, name).slot == slot), seat)

    def overlaps(self) -> None:
        """Report imported periods that reach into another one of their rotation."""
        lines = self.first_lines
        periods = {*lines, *(crew.period for crew in self.schedule.crews)}
        previous: Period | None = None
        for period in sorted(periods, key=lambda period: (period.rotation, period.start)):
            if previous is None or previous.rotation != period.rotation or previous.end <= period.start:
                previous = period
                continue
            if period in lines or previous in lines:
                late, other = (period, previous) if period in lines else (previous, period)
                place = f"that of line {lines[other]}" if other in lines else "one in the schedule"
                self.bad(lines[late], f"this period overlaps {place}, {other.start} to {other.end - DAY}")
            previous = max(previous, period, key=lambda either: either.end)


# Cells


def _table(text: str, file: str) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that aren't blank, each with the line it begins on; what stands outside the columns is under ""."""
    heading = next((line for line in text.splitlines() if line.strip()), "")
    separator = ";" if heading.count(";") > heading.count(",") else ","
    reader = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=separator, strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            cells = [cell.strip() for cell in cells]
            if any(cells) and header:
                yield line, _cells(header, cells)
            elif any(cells):
                header = _header(cells, Place(file, line))
            line = reader.line_num + 1
    except csv.Error as error:
        raise Refused(Problem(f"this is not CSV: {error}", Place(file, line))) from None
    if not header:
        raise Refused(Problem("this file is empty", Place(file), f"the first line reads `{','.join(COLUMNS)}`"))


def _header(cells: Sequence[str], where: Place) -> list[str]:
    header = [cell.lower() for cell in cells]
    known = listed(f"`{column}`" for column in REQUIRED)
    problems = [
        Problem(f"`{cell}` is not a column", where, did_you_mean(cell, COLUMNS) or f"columns are {known}, or `end`")
        for cell in cells
        if cell and cell.lower() not in COLUMNS
    ]
    problems += [Problem(f"`{name}` is a column twice", where) for name in COLUMNS if header.count(name) > 1]
    missing = [f"`{column}`" for column in REQUIRED if column not in header]
    if missing and not problems:
        hint = f"the first line names {known}, and `end` if wanted"
        problems.append(Problem(f"there is no column {listed(missing)}", where, hint))
    if problems:
        raise Refused(problems)
    return header


def _cells(header: Sequence[str], cells: Sequence[str]) -> dict[str, str]:
    named = dict.fromkeys(COLUMNS, "")
    for position, cell in enumerate(cells):
        if cell:
            named[header[position] if position < len(header) else ""] = cell
    return named


def _day(text: str, column: str) -> date:
    hint = "write dates as year-month-day, such as `2027-02-08`"
    if not text:
        raise _Bad(f"`{column}` is empty", hint)
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        raise _Bad(f"`{text}` is not a date", hint)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise _Bad(f"`{text}` is not a date: there is no such day", hint) from None
    if not 1900 <= day.year < 3000:
        raise _Bad(f"`{text}` can't be meant: look at the year", hint)
    return day


def _end(start: date, last: date) -> date:
    """The first day after a period, from what a spreadsheet says of its end."""
    if last < start:
        raise _Bad(f"this period ends on {last}, before it starts")
    end = last if last > start and (last - start) % WEEK == 0 * DAY else last + DAY
    if end - start > LONGEST:
        raise _Bad(f"this period lasts until {last}, more than a year", "is the year right?")
    return end


def _known(column: str, text: str, known: Iterable[str]) -> str:
    """The known word that a cell means, ignoring case."""
    by_lower = {word.lower(): word for word in known}
    if not text:
        raise _Bad(f"`{column}` is empty")
    if text.lower() not in by_lower:
        hint = did_you_mean(text, by_lower.values()) or f"known are {listed(f'`{word}`' for word in by_lower.values())}"
        raise _Bad(f"`{text}` is not a {column} of the roster", hint)
    return by_lower[text.lower()]


class _People:
    """Who a cell can mean: somebody of the roster by handle or name, or a former member by handle."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        handles = [*roster.people, *sorted({handle for crew in schedule.crews for handle in crew.people})]
        self.roster = roster
        self.spelled = {handle.lower(): handle for handle in reversed(handles)}
        self.named: dict[str, list[str]] = {}
        for person in roster.people.values():
            if person.name:
                self.named.setdefault(_folded(person.name), []).append(person.handle)

    def handle(self, cell: str) -> str:
        word = " ".join(cell.split())
        spelled = self.spelled.get(word.lower())
        if spelled == word:
            return word
        if namesakes := self.named.get(_folded(word)):
            if len(namesakes) > 1:
                raise _Bad(f"{len(namesakes)} people are called `{word}`", f"write {_either(namesakes)}")
            return namesakes[0]
        if word.lower().strip(" ?.!()") in PLACEHOLDERS:
            message = f"`{word}` is not a person" if word else "`person` is empty"
            raise _Bad(message, "leave the row out if nobody served")
        if spelled:
            raise _Bad(f"`{word}` is spelled `{spelled}` elsewhere", f"write `{spelled}`")
        return self.former(cell, word)

    def former(self, cell: str, word: str) -> str:
        parts = [part for part in SEVERAL.split(cell) if part]
        if len(parts) > 1 or all(part.lower() in self.spelled for part in word.split()):
            raise _Bad(f"`{word}` names more than one person", "a row is about one person in one seat")
        if not HANDLE.fullmatch(word):
            names = [*self.roster.people, *(person.name for person in self.roster.people.values() if person.name)]
            hint = did_you_mean(word, names) or "write a former member's handle: letters, digits, `.`, `_` and `-`"
            raise _Bad(f"`{word}` is neither a handle nor a name in the roster", hint)
        self.spelled[word.lower()] = word
        return word


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", " ".join(name.split())).casefold()


def _either(handles: Iterable[str]) -> str:
    return listed((f"`{handle}`" for handle in handles), "or")


# What comes of it


def _tenures(rows: Sequence[_Row], roster: Roster) -> dict[str, dict[str, tuple[date, date]]]:
    """The starts of the first and last periods of those who served in a rotation and aren't in its pool today."""
    tenures: dict[str, dict[str, tuple[date, date]]] = {}
    for _line, period, _seat, person in rows:
        if person not in roster.members_of(period.rotation):
            known = tenures.setdefault(period.rotation, {})
            first, last = known.get(person, (period.start, period.start))
            known[person] = min(first, period.start), max(last, period.start)
    return tenures


def _pool(period: Period, roster: Roster, tenures: Mapping[str, Mapping[str, tuple[date, date]]]) -> Pool:
    today = pool_of(roster, period)
    former = {
        person: 1.0
        for person, (first, last) in tenures.get(period.rotation, {}).items()
        if first <= period.start <= last
    }
    return Pool({**today.shares, **former}, today.not_ready)


def _notes(file: str, rows: Sequence[_Row], crews: Sequence[Crew], roster: Roster) -> Iterator[Problem]:
    former = list(dict.fromkeys(row.person for row in rows if row.person not in roster.people))
    if former:
        near = [f"`{handle}`: {hint}" for handle in former if (hint := did_you_mean(handle, roster.people))]
        are = (
            "is not in the roster, and taken as a former member"
            if len(former) == 1
            else ("are not in the roster, and taken as former members")
        )
        names = listed(f"`{handle}`" for handle in former)
        yield Problem(f"{names} {are}", Place(file), "; ".join(near) or None, "note")
    served = {crew.period.rotation for crew in crews}
    members = {handle for rotation in served for handle in roster.members_of(rotation)}
    if any(roster.people[handle].start is None for handle in members):
        first = min(crew.period.start for crew in crews)
        message = f"people without `start` are taken as members since the first imported period, {first}"
        hint = "did somebody join later? then undo this import, give them a `start` in the roster, and import again"
        yield Problem(message, Place(file), hint, "note")
