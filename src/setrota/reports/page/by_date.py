"""The rota by date: tables with a row for each period and a column for each seat.

Rotations that change by weeks share a table, and so do those that change within weeks; what lasts for months, or from
one listed day to the next, has one of its own. A row begins whenever a period of the table's rotations does, also one
without a crew. A duty is in each row that it covers. Of a rotation that hands over on another weekday than the rota, it
is in the row in which its period starts, and in as many after it as it lasts; if somebody serves beyond the end of
these, the rotations of that weekday have a table of their own. Knows no HTML.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise, takewhile
from typing import Literal, NamedTuple

from setrota.dates.cuts import Cut, day_after, day_of
from setrota.dates.grid import is_closed, is_open, periods_from, regular_weeks
from setrota.dates.holidays import holidays_in, uses_holidays
from setrota.dates.periods import DAY, WEEK, Period, each_day, instant_of
from setrota.dates.service import ends, is_served
from setrota.reports.wording import seat_text, seat_title
from setrota.roster import NEVER_CLOSED, Roster
from setrota.schedule import Crew, Schedule, is_idle, without_empty_optional
from setrota.schedule.ranges import crewless

Unit = Literal["week", "day", "period"]


@dataclass(frozen=True, kw_only=True)
class DateEntry:
    """Who has a seat in a row, or nobody: in the `nth` of the `rows` that the period covers.

    Attributes
    ----------
    start, end
        When they take over and hand over, unless that is with the row.
    covered
        Whether they got it after it was planned, for someone else.
    idle
        Whether it is closed, so that nobody serves after all.
    """

    person: str | None
    nth: int = 1
    rows: int = 1
    start: date | None = None
    end: date | None = None
    covered: bool = False
    idle: bool = False


class DateCell(NamedTuple):
    """Who has a seat in a row, one after another.

    `gap`: the rotation is served then, and nobody is planned; `ended`: because it is after its last crew.
    """

    entries: tuple[DateEntry, ...] = ()
    gap: bool = False
    ended: bool = False


@dataclass(frozen=True, kw_only=True)
class DateRow:
    """The days [start, end), with a cell for each column; `end` is None in a turn that is open, whose end isn't known.

    `since` and `until` are the instants at which the row is the running one. `closed` are days on which none of the
    table's rotations is served, `holidays` those of the rota.
    """

    start: date
    end: date | None
    since: datetime
    until: datetime | None
    holidays: tuple[date, ...]
    closed: tuple[date, ...]
    cells: tuple[DateCell, ...]


class DateColumn(NamedTuple):
    """A seat: its name, with the rotation's if two rotations have a seat of the same name, and what people call it."""

    rotation: str
    seat: str
    name: str
    title: str


@dataclass(frozen=True, kw_only=True)
class DateTable:
    """Rotations of one cadence, by date."""

    rotations: tuple[str, ...]
    unit: Unit
    columns: tuple[DateColumn, ...]
    rows: tuple[DateRow, ...]


def date_tables(roster: Roster, schedule: Schedule, start: date, end: date) -> tuple[DateTable, ...]:
    """The tables of all rotations that have a crew in [start, end), in the roster's order of rotations."""
    crews: dict[str, list[Crew]] = {name: [] for name in roster.rotations}
    for crew in schedule.between(start, end):
        crews.setdefault(crew.period.rotation, []).append(crew)
    groups: dict[_Group, dict[str, list[Crew]]] = {}
    for name, found in crews.items():
        if found:
            groups.setdefault(_group(roster, name, found), {})[name] = found
    return tuple(_Table(roster, schedule, group, names).table() for group, names in groups.items())


class _Group(NamedTuple):
    """What rotations of one table have in common; `weekday` is the one on which its weeks begin."""

    unit: Unit
    weekday: int = 0
    name: str = ""


def _group(roster: Roster, rotation: str, crews: Sequence[Crew]) -> _Group:
    known, usual = roster.rotations.get(rotation), roster.handover.weekday or 0
    if known is None or (known.every.unit == "weeks" and not known.starts):
        own = roster.handover_of(rotation).weekday
        fits = own is None or all(_lies_in_its_weeks(roster, crew.period, usual) for crew in crews)
        return _Group("week", usual if own is None or fits else own)
    if known.every.unit == "days" and not known.starts and regular_weeks(roster, rotation) < 1:
        return _Group("day")
    return _Group("period", name=rotation)


def _lies_in_its_weeks(roster: Roster, period: Period, weekday: int) -> bool:
    """Whether nobody serves beyond the end of the weeks that a period has, from the one in which it starts on."""
    first = _week_of(roster, period, weekday)
    weeks = max(1, round((period.end - period.start) / WEEK))
    end = instant_of(roster, period.rotation, day_of(first) + WEEK * weeks)
    return first == period.start or ends(roster, period) <= end


def _week_of(roster: Roster, period: Period, weekday: int) -> date:
    """The first day of the week in which a period starts; of one that doesn't start with a handover, itself."""
    handover = roster.handover_of(period.rotation)
    usual = period.start.weekday() < 5 if handover.workday else period.start.weekday() == handover.weekday
    if isinstance(period.start, Cut) or not usual:
        return period.start
    return period.start - DAY * ((period.start.weekday() - weekday) % 7)


class _Table:
    """A table that is being made of the crews of some rotations."""

    def __init__(self, roster: Roster, schedule: Schedule, group: _Group, crews: Mapping[str, Sequence[Crew]]) -> None:
        self.roster, self.schedule, self.group, self.crews = roster, schedule, group, crews
        weekdays = {name: roster.handover_of(name).weekday for name in crews}
        self.leading = next((name for name in crews if weekdays[name] == group.weekday), next(iter(crews)))
        planned = [crew.period for found in crews.values() for crew in found]
        end = max(day_of(self._row_of(period)) + (period.end - period.start) for period in planned)
        without_crew = [
            part
            for name in crews
            if name in roster.rotations
            for part in self._without_crew(name)
            if self._row_of(part) < end
        ]
        owed = (part for part in without_crew if not roster.rotations[part.rotation].is_voluntary)
        self.gaps = [part for part in owed if is_served(roster, part)]
        periods = [*planned, *without_crew]
        starts = sorted({self._row_of(period) for period in periods})
        self.starts = [*starts, self._end(starts[-1], periods)]
        self.entries: dict[tuple[int, str, str], list[DateEntry]] = {}
        for found in crews.values():
            for crew in found:
                self._enter(crew)

    def _without_crew(self, rotation: str) -> Iterator[Period]:
        """The periods, and parts of periods, without a crew, from the rotation's first crew to the table's last."""
        last = max(found[-1].period.end for found in self.crews.values())
        for gap in crewless(self.schedule, rotation, self.crews[rotation][0].period.start, last):
            inner = (period.start for period in periods_from(self.roster, rotation, gap.start, gap.end))
            for start, end in pairwise(dict.fromkeys([gap.start, *inner, gap.end])):
                yield Period(start, end, rotation)

    def _row_of(self, period: Period) -> date:
        """The first day of the row in which a period starts."""
        if self.group.unit == "week" and len(self.crews) > 1:
            return _week_of(self.roster, period, self.group.weekday)
        return day_of(period.start) if self.group.unit == "day" else period.start

    def _end(self, last: date, periods: Sequence[Period]) -> date:
        """The end of the last row: where the longest of its periods would end, if it began with the row."""
        longest = max((each for each in periods if self._row_of(each) == last), key=lambda each: each.end - each.start)
        return longest.end if self.group.unit == "period" else day_of(last) + max(longest.end - longest.start, DAY)

    def _rows_of(self, period: Period) -> list[tuple[int, date, date]]:
        """The rows that a period covers, by number, with what of the period is in each: [start, end).

        Rows in which it isn't served are left out, unless it never is.
        """
        first = bisect_right(self.starts, self._row_of(period), hi=len(self.starts) - 1) - 1
        shift = day_of(period.start) - day_of(self.starts[first]) if self.group.unit == "week" else 0 * DAY
        later = (self.starts[number] for number in range(first + 1, len(self.starts) - 1))
        inner = takewhile(lambda start: start < period.end, (each + shift if shift else each for each in later))
        parts = pairwise([period.start, *inner, period.end])
        rows = [(first + number, start, end) for number, (start, end) in enumerate(parts)]
        return [row for row in rows if is_served(self.roster, Period(*row[1:], period.rotation))] or rows

    def _enter(self, crew: Crew) -> None:
        """Put the duties of a crew into the rows that its period covers."""
        rows = self._rows_of(crew.period)
        for duty in without_empty_optional(self.roster, crew.duties()):
            covered, idle = duty.person != crew.seats[duty.seat], is_idle(self.roster, duty)
            for nth, (row, start, end) in enumerate(rows, start=1):
                if duty.start < end and start < duty.end:
                    entry = DateEntry(
                        person=duty.person,
                        nth=nth,
                        rows=len(rows),
                        start=duty.start if duty.start > start else None,
                        end=duty.end if duty.end < end else None,
                        covered=covered,
                        idle=idle,
                    )
                    self.entries.setdefault((row, duty.rotation, duty.seat), []).append(entry)

    def table(self) -> DateTable:
        columns = tuple(self._columns())
        return DateTable(
            rotations=tuple(self.crews), unit=self.group.unit, columns=columns, rows=tuple(self._rows(columns))
        )

    def _columns(self) -> Iterator[DateColumn]:
        roster = self.roster
        for name, crews in self.crews.items():
            for seat in _seats(roster, name, crews):
                title = seat_title(roster, name, roster.seat_of(name, seat).kind)
                yield DateColumn(name, seat, seat_text(roster, name, seat), title)

    def _rows(self, columns: Sequence[DateColumn]) -> Iterator[DateRow]:
        roster, last = self.roster, len(self.starts) - 2
        missing = {(row, gap.rotation) for gap in self.gaps for row, _, _ in self._rows_of(gap)}
        stays = self.group.unit == "period" and is_open(roster, self.crews[self.leading][-1].period)
        for number, (start, end) in enumerate(pairwise(self.starts)):
            is_last = stays and number == last
            cells = (
                DateCell(
                    tuple(self.entries.get((number, column.rotation, column.seat), ())),
                    (number, column.rotation) in missing,
                    start >= self.crews[column.rotation][-1].period.end,
                )
                for column in columns
            )
            yield DateRow(
                start=start,
                end=None if is_last else end,
                since=instant_of(roster, self.leading, start),
                until=None if is_last else instant_of(roster, self.leading, end),
                holidays=holidays_in(roster, None, day_of(start), day_after(end)) if uses_holidays(roster) else (),
                closed=tuple(self._closed(start, end)),
                cells=tuple(cells),
            )

    def _closed(self, start: date, end: date) -> list[date]:
        """The days of a row that are closed for all rotations of the table."""
        names = [name for name in self.crews if name in self.roster.rotations]
        if not names or any(self.roster.closed_of(name) == NEVER_CLOSED for name in names):
            return []
        days = each_day(day_of(start), day_after(end))
        return [day for day in days if all(is_closed(self.roster, name, day) for name in names)]


def _seats(roster: Roster, rotation: str, crews: Sequence[Crew]) -> list[str]:
    """The seats that any of some crews has: those of the roster in its order, then those no longer in it."""
    held = dict.fromkeys(seat for crew in crews for seat in crew.seats)
    known = [seat.name for seat in roster.rotations[rotation].seats] if rotation in roster.rotations else []
    return [*(seat for seat in known if seat in held), *(seat for seat in held if seat not in known)]
