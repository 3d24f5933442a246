"""Imports past duties from a spreadsheet, so that a team that adopts setrota mid-year keeps its balances.

Refuses to guess: a row that makes no sense stops the import, and all these rows are reported together. Never
overwrites the schedule: a row fills a seat only if nobody holds it and it wasn't planned to be empty.

Columns, in any order: `start`, `rotation`, `seat`, `person` and, optionally, `end`. `end` is the last day of the
period; if it is a whole number of weeks after `start`, it is read as the day of the handover, the first day after. So
Monday 4 to Sunday 10 January and Monday 4 to Monday 11 January are the same week. A date with a time is an instant: of
a handover, as `setrota show --format csv` writes it, or of a cover. A row with a `period` is a part of that period; the
person with most of it counts as planned, and the others as covers. The columns `name` and `teams` are ignored.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import NamedTuple

from setrota.dates.cuts import Cut
from setrota.dates.grid import period_at
from setrota.dates.periods import Period, instant, moment_of
from setrota.dates.text import days_text, last_text
from setrota.files.pieces import SeatPiece, holders, joined, planned_for
from setrota.files.pieces import changes as changes_of
from setrota.files.schedule import MOST_PERIODS
from setrota.files.schedule.starts import usual_end
from setrota.files.spreadsheet import (
    BadRow,
    People,
    is_empty_seat,
    read_day,
    read_end,
    read_period,
    read_table,
    read_word,
)
from setrota.problems import Place, Problem, ProblemList, Refused, listed, listed_quotes
from setrota.roster import WEEKDAYS, Roster
from setrota.schedule import Crew, Pool, Schedule
from setrota.schedule.pools import pool_of

MOST_ROWS = 50_000
"""The longest spreadsheet: ten years of weeks in 20 rotations of four seats."""


@dataclass(frozen=True)
class Imported:
    """A schedule with past duties added: how many, and what the user should know about them."""

    schedule: Schedule
    added: int
    notes: tuple[Problem, ...]


def import_duties(
    text: str, file: str, roster: Roster, schedule: Schedule, former: Collection[str] = (), *, now: datetime
) -> Imported:
    """Add the duties of a CSV text to a schedule. Importing the same duties again changes nothing.

    If a kind has several seats, rows take them in order. Seats without a row stay empty. People who are not in a
    rotation's pool today count as members of it from the first to the last of their duties in the text.

    Parameters
    ----------
    former
        Handles of people who have left, even if they look like a handle of the roster.
    now
        The time. What rows for parts of a period say counts as changed when it took effect, or now if that is ahead.

    Raises
    ------
    Refused
        With a problem for every row that can't be used.
    """
    reading = _Reading(file, roster, schedule, former, now)
    rows = sorted(reading.rows(text), key=lambda row: (row.period.rotation, row.period.start, row.line))
    groups = groupby(rows, key=lambda row: (row.period.rotation, row.period.start))
    crews = [crew for _key, group in groups if (crew := reading.crew(list(group)))]
    reading.overlaps()
    reading.problems.refuse_errors()
    tenures = _tenures(rows, roster)
    pooled = [replace(crew, pool=_pool(crew, roster, tenures)) for crew in crews]
    new = [crew for crew in crews if crew.pool is None]
    if len(schedule.crews) + len(new) > MOST_PERIODS:
        message = f"with these duties, the schedule would have more than {MOST_PERIODS:,} periods"
        hint = "import fewer years, or check that this is the right file"
        raise Refused(Problem(message, Place(file), hint, code="schedule-too-large"))
    return Imported(schedule.updated(pooled), reading.added, tuple(_notes(file, rows, new, roster)))


class _Row(NamedTuple):
    """A row that makes sense by itself; `seat` is a seat's name, or a kind with several seats.

    `part` is what it says of its period; it has no person if nobody had the seat.
    """

    line: int
    period: Period
    seat: str
    person: str | None
    part: Period

    @property
    def is_part(self) -> bool:
        return self.part != self.period


class _Reading:
    """Goes through the rows and collects the problems."""

    def __init__(self, file: str, roster: Roster, schedule: Schedule, former: Collection[str], now: datetime) -> None:
        self.file, self.roster, self.schedule, self.now = file, roster, schedule, now
        self.people = People(roster, schedule, former)
        self.first_lines: dict[Period, int] = {}
        self.added = 0
        self.problems = ProblemList(lambda problem: (problem.where or Place(file),))

    def bad(self, line: int, message: str, hint: str | None = None, *, code: str) -> None:
        self.problems.add(Problem(message, Place(self.file, line), hint, code=code))

    def rows(self, text: str) -> Iterator[_Row]:
        """The rows that make sense by themselves."""
        try:
            for number, (line, cells) in enumerate(read_table(text, self.file)):
                if number >= MOST_ROWS:
                    hint = "import fewer years, or check that this is the right file"
                    self.bad(line, f"this file has more than {MOST_ROWS:,} rows", hint, code="too-many-rows")
                    break
                try:
                    yield self.row(line, cells)
                except BadRow as error:
                    self.bad(line, str(error), error.hint, code=error.code)
        except Refused as refused:
            for problem in refused.problems:
                self.problems.add(problem)

    def row(self, line: int, cells: Mapping[str, str]) -> _Row:
        if "" in cells:
            message = "this row has more cells than there are columns"
            raise BadRow(message, "put quotes around a cell that contains a separator", code="too-many-cells")
        rotation = self.roster.rotations[read_word("rotation", cells["rotation"], self.roster.rotations)]
        start = read_day(cells["start"], "start", self.roster, rotation.name)
        seat = read_word("seat", cells["seat"], [*(seat.name for seat in rotation.seats), *rotation.kinds])
        person = None if is_empty_seat(cells) else self.people.handle(cells["person"])
        whole = read_period(cells["period"], self.roster, rotation.name)
        if whole is None:
            period = self.period(rotation.name, start, cells["end"])
            return _Row(line, period, seat, person, period)
        return _Row(line, self.known(whole), seat, person, self.part(rotation.name, start, cells["end"], whole, seat))

    def period(self, rotation: str, start: date, last: str) -> Period:
        """The period of a row that says no more than when it starts and, perhaps, ends."""
        if last:
            return self.known(Period(start, read_end(start, last, self.roster, rotation), rotation))
        if there := self.schedule.crew(rotation, start):
            return there.period
        if not begins_period(self.roster, rotation, start):
            raise BadRow(*_between(self.roster, rotation, start), code="wrong-weekday")
        return Period(start, usual_end(self.roster, rotation, start), rotation)

    def known(self, period: Period) -> Period:
        """A period, if the schedule has none that starts there and ends at another time."""
        there = self.schedule.crew(period.rotation, period.start)
        if there and there.period != period:
            ends = f"{last_text(period.end)} here but on {last_text(there.period.end)} in the schedule"
            raise BadRow(f"this period ends on {ends}", _as_part(there.period), code="different-ends")
        return period

    def part(self, rotation: str, start: date, last: str, whole: Period, seat: str) -> Period:
        """The part of a period that a row is about."""
        part = Period(start, read_end(start, last, self.roster, rotation) if last else whole.end, rotation)
        if part.start < whole.start or part.end > whole.end:
            message = f"{days_text(part.start, part.end)} is outside the period, {days_text(whole.start, whole.end)}"
            raise BadRow(message, "correct `start`, `end` or `period`", code="outside-its-period")
        if part != whole and seat not in [each.name for each in self.roster.rotations[rotation].seats]:
            names = [each.name for each in self.roster.rotations[rotation].seats if each.kind == seat]
            message = f"this row is a part of a period, and `{seat}` could be several seats"
            raise BadRow(message, f"write {listed_quotes(names, 'or')}", code="ambiguous-seat")
        return part

    def crew(self, rows: list[_Row]) -> Crew | None:
        """The crew that one period's rows create or complete; None if the schedule already has all of it."""
        first, *others = rows
        for row in others:
            if row.period.end != first.period.end:
                days = f"{last_text(row.period.end)} here but on {last_text(first.period.end)} in line {first.line}"
                self.bad(row.line, f"this period ends on {days}", _as_part(first.period), code="different-ends")
        there = self.schedule.crew(first.period.rotation, first.period.start)
        fitting = [row for row in rows if row.period == first.period and row.person is not None]
        parts = self.parts([row for row in fitting if row.is_part])
        taken = self.seated([row for row in fitting if not row.is_part], there)
        for seat in parts.keys() & taken.keys():
            message = f"`{seat}` from {first.period.start} is already taken in part (line {parts[seat][0].line})"
            self.bad(taken.pop(seat).line, message, code="seat-taken")
        seats = {**{seat: [row] for seat, row in taken.items()}, **parts}
        if there:
            return self.completed(there, seats)
        self.first_lines[first.period] = first.line
        empty = Crew(first.period, {seat.name: None for seat in self.roster.rotations[first.period.rotation].seats})
        return self.given(empty, seats)

    def parts(self, rows: list[_Row]) -> dict[str, list[_Row]]:
        """The rows that are parts of their period, by seat; those that overlap are reported."""
        found: dict[str, list[_Row]] = {}
        for row in sorted(rows, key=lambda row: (row.part, row.line)):
            others = found.setdefault(row.seat, [])
            if others and row.part.start < others[-1].part.end:
                rival = f"`{others[-1].person}` (line {others[-1].line})"
                message = f"`{row.seat}` from {row.part.start} is already taken by {rival}"
                self.bad(row.line, message, code="seat-taken")
            else:
                others.append(row)
        return found

    def given(self, crew: Crew, seats: Mapping[str, list[_Row]]) -> Crew:
        """A crew with these rows in its seats."""
        planned, changes = dict(crew.seats), list(crew.changes)
        for seat, rows in seats.items():
            pieces = self.pieces(rows)
            planned[seat] = planned_for(pieces)
            changes += changes_of(seat, pieces, crew.period, self.made)
            self.added += len(rows)
        return replace(crew, seats=planned, changes=tuple(changes))

    def made(self, period: Period) -> datetime:
        """When a change of a part counts as made."""
        start = moment_of(self.roster, period.rotation, period.start)
        return min(start, self.now.astimezone(start.tzinfo), key=instant)

    def pieces(self, rows: list[_Row]) -> list[SeatPiece]:
        return joined((SeatPiece(row.part.start, row.part.end, row.person) for row in rows), rows[0].period)

    def completed(self, there: Crew, seats: Mapping[str, list[_Row]]) -> Crew | None:
        """A crew from the schedule with its vacant seats filled; None if nothing is new."""
        new = {}
        for seat, rows in seats.items():
            name = self.saved_name(there, seat)
            if self.pieces(rows) == holders(there, name) or (
                not rows[0].is_part and self.holds(there, seat, str(rows[0].person))
            ):
                continue
            if self.vacant(there, seat):
                new[name] = rows
                continue
            holder = f"`{there.seats[name]}`" if there.seats.get(name) else "nobody"
            message = f"the schedule already has {holder} as `{seat}` from {there.period.start}"
            hint = "importing never overwrites the schedule; edit it by hand"
            self.bad(rows[0].line, message, hint, code="seat-already-planned")
        return self.given(there, new) if new else None

    def seated(self, rows: list[_Row], there: Crew | None) -> dict[str, _Row]:
        """Decide which row takes which seat: rows that name a seat first, then people who have one in the schedule.

        The other rows take the seats that are left open in the schedule.
        """
        taken: dict[str, _Row] = {}

        def distance(row: _Row, name: str) -> int:
            return (
                0 if there is None or self.holds(there, name, str(row.person)) else 1 if self.vacant(there, name) else 2
            )

        def choices(row: _Row) -> list[str]:
            seats = self.roster.rotations[row.period.rotation].seats
            names = [seat.name for seat in seats if row.seat in (seat.name, seat.kind)]
            return sorted(names, key=lambda name: distance(row, name))

        def rank(row: _Row) -> tuple[bool, int, int]:
            names = choices(row)
            return len(names) > 1, distance(row, names[0]), row.line

        for row in sorted(rows, key=rank):
            names = choices(row)
            again = next((taken[name] for name in names if name in taken and taken[name].person == row.person), None)
            free = [name for name in names if name not in taken]
            if again:
                self.bad(row.line, f"this row repeats line {again.line}", "delete one of them", code="row-twice")
            elif not free:
                rivals = listed(f"`{taken[name].person}` (line {taken[name].line})" for name in names)
                message = f"`{row.seat}` from {row.period.start} is already taken by {rivals}"
                self.bad(row.line, message, code="seat-taken")
            else:
                taken[free[0]] = row
        return taken

    def holds(self, there: Crew, seat: str, person: str) -> bool:
        """Whether a person was planned for a seat, or held it for the whole period after changes."""
        name = self.saved_name(there, seat)
        holders = {duty.person for duty in there.duties() if duty.seat == name}
        return there.seats.get(name) == person or holders == {person}

    def vacant(self, there: Crew, seat: str) -> bool:
        """Whether a seat is open. One that was planned or changed to be empty is not: its emptiness is on record."""
        name = self.saved_name(there, seat)
        changed = any(change.seat == name for change in there.changes)
        return there.planned is None and there.seats.get(name) is None and not changed

    def saved_name(self, there: Crew, seat: str) -> str:
        """What a crew calls a seat: what is `engineer-1` today was `engineer` when there was only one."""
        rotation = there.period.rotation
        slot = self.roster.seat_of(rotation, seat).slot
        return next((name for name in there.seats if self.roster.seat_of(rotation, name).slot == slot), seat)

    def overlaps(self) -> None:
        """Report imported periods that overlap another period of their rotation."""
        lines = self.first_lines
        periods = {*lines, *(crew.period for crew in self.schedule.crews)}
        previous: Period | None = None
        for period in sorted(periods, key=lambda period: (period.rotation, period.start)):
            if previous is None or previous.rotation != period.rotation or previous.end <= period.start:
                previous = period
                continue
            if period in lines or previous in lines:
                late, other = (period, previous) if period in lines else (previous, period)
                place = f"the one in line {lines[other]}" if other in lines else "one in the schedule"
                message = f"this period overlaps {place}, {other.start} to {last_text(other.end)}"
                self.bad(lines[late], message, _as_part(other), code="overlapping-periods")
            previous = max(previous, period, key=lambda either: either.end)


def _as_part(period: Period) -> str:
    return f"if this row is a part of that one, write `{period.start}/{last_text(period.end)}` in a column `period`"


def begins_period(roster: Roster, rotation: str, day: date) -> bool:
    """Whether a period of the grid can begin on a day: in weeks, on any of the weekday of the handover."""
    known = roster.rotations[rotation]
    if known.every.unit == "weeks" and not known.starts and not roster.handover_of(rotation).workday:
        return not isinstance(day, Cut) and day.weekday() == roster.handover_of(rotation).weekday
    return period_at(roster, rotation, day).start == day


def _between(roster: Roster, rotation: str, start: date) -> tuple[str, str]:
    """What is wrong with a start on which no period begins, and what helps."""
    handover, hint = roster.handover_of(rotation), "if this period was irregular, give its last day in the column `end`"
    if handover.weekday is not None and handover.nth is None and not isinstance(start, Cut):
        weekday = WEEKDAYS[handover.weekday]
        return f"{start} is a {WEEKDAYS[start.weekday()]}, but the handover is on {weekday}", hint
    period = period_at(roster, rotation, start)
    return f"no period of `{rotation}` begins on {start}: the one then begins on {period.start}", hint


def _tenures(rows: Sequence[_Row], roster: Roster) -> dict[str, dict[str, tuple[date, date]]]:
    """When the first and last periods start of people who served in a rotation but aren't in its pool today."""
    tenures: dict[str, dict[str, tuple[date, date]]] = {}
    for row in rows:
        period, person = row.period, row.person
        if person is not None and person not in roster.members_of(period.rotation):
            known = tenures.setdefault(period.rotation, {})
            first, last = known.get(person, (period.start, period.start))
            known[person] = min(first, period.start), max(last, period.start)
    return tenures


def _pool(crew: Crew, roster: Roster, tenures: Mapping[str, Mapping[str, tuple[date, date]]]) -> Pool:
    """The pool of a crew's period: the one recorded in the schedule, or else today's, plus former members."""
    recorded = crew.pool or pool_of(roster, crew.period)
    former = {
        person: 1.0
        for person, (first, last) in tenures.get(crew.period.rotation, {}).items()
        if first <= crew.period.start <= last and person not in recorded.shares
    }
    return Pool({**recorded.shares, **former}, recorded.barred)


def _notes(file: str, rows: Sequence[_Row], crews: Sequence[Crew], roster: Roster) -> Iterator[Problem]:
    people = dict.fromkeys(row.person for row in rows if row.person is not None)
    former = [person for person in people if person not in roster.people]
    if former:
        are, member = ("is", "a former member") if len(former) == 1 else ("are", "former members")
        message = f"{listed_quotes(former)} {are} not in the roster and {are} imported as {member}"
        yield Problem(message, Place(file), severity="note", code="former-member")
    served = {crew.period.rotation for crew in crews}
    members = {handle for rotation in served for handle in roster.members_of(rotation)}
    if any(roster.people[handle].start is None for handle in members):
        first = min(crew.period.start for crew in crews)
        message = f"people without a `start` count as members from the first imported period on, {first}"
        hint = "if someone joined later, remove the new blocks, set their `start` in the roster and import again"
        yield Problem(message, Place(file), hint, "note", code="member-without-start")
