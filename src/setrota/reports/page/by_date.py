"""The rota by date: tables with a row for each period and a column for each seat.

Rotations that change by weeks share a table, and so do those that change within weeks; what lasts for months, or from
one listed day to the next, has one of its own. Rows begin when a period of the table's rotations does. A duty is in
each row that it covers: of a rotation that hands over on another weekday, in the row in which its period starts and in
as many after it as it lasts. It has a table of its own if somebody serves beyond the end of that row. Knows no HTML.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal, NamedTuple

from setrota.dates.cuts import Cut, day_after, day_of
from setrota.dates.grid import is_closed, is_open, regular_weeks
from setrota.dates.holidays import holidays_in, uses_holidays
from setrota.dates.periods import DAY, WEEK, Period, each_day, instant_of
from setrota.dates.service import ends
from setrota.reports.wording import seat_text, seat_title
from setrota.roster import NEVER_CLOSED, Roster
from setrota.schedule import Crew, Schedule, is_idle, without_empty_optional
from setrota.schedule.ranges import unplanned

Unit = Literal["week", "day", "period"]


@dataclass(frozen=True, kw_only=True)
class DateEntry:
    """Who has a seat in a row, or nobody: in the `nth` row of as many as the period covers.

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
    """Who has a seat in a row, one after another. `gap`: the rotation is served then, and nobody is planned."""

    entries: tuple[DateEntry, ...] = ()
    gap: bool = False


@dataclass(frozen=True, kw_only=True)
class DateRow:
    """The days [start, end), with a cell for each column; `end` is None in a turn that is open.

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
    groups: dict[tuple[Unit, str], list[str]] = {}
    for name, found in crews.items():
        if found:
            groups.setdefault(_group(roster, name, found), []).append(name)
    return tuple(
        _Table(roster, schedule, {name: crews[name] for name in names}, unit, end).table()
        for (unit, _), names in groups.items()
    )


def _group(roster: Roster, rotation: str, crews: Sequence[Crew]) -> tuple[Unit, str]:
    """The table that a rotation belongs in: those of the same unit and name share one."""
    known = roster.rotations.get(rotation)
    if known is None or (known.every.unit == "weeks" and not known.starts):
        return "week", "" if all(_lies_in_its_weeks(roster, crew.period) for crew in crews[:2]) else rotation
    if known.every.unit == "days" and not known.starts and regular_weeks(roster, rotation) < 1:
        return "day", ""
    return "period", rotation


def _lies_in_its_weeks(roster: Roster, period: Period) -> bool:
    """Whether nobody serves beyond the end of the rota's week in which a period ends, if it lasted whole weeks."""
    first = _week_of(roster, period)
    weeks = max(1, round((period.end - period.start) / WEEK))
    until = instant_of(roster, period.rotation, day_of(first) + WEEK * weeks)
    return first == period.start or ends(roster, period) <= until


def _week_of(roster: Roster, period: Period) -> date:
    """The first day of the rota's week in which a period starts; of one that doesn't start with a handover, itself."""
    handover = roster.handover_of(period.rotation)
    usual = period.start.weekday() < 5 if handover.workday else period.start.weekday() == handover.weekday
    if isinstance(period.start, Cut) or not usual:
        return period.start
    return period.start - DAY * ((period.start.weekday() - (roster.handover.weekday or 0)) % 7)


class _Table:
    """A table that is being made of the crews of some rotations."""

    def __init__(self, roster: Roster, schedule: Schedule, crews: dict[str, list[Crew]], unit: Unit, end: date) -> None:
        self.roster, self.schedule, self.crews, self.unit = roster, schedule, crews, unit
        self.is_alone = len(crews) == 1
        self.gaps = [part for name in crews if name in roster.rotations for part in self._gaps(name, end)]
        periods = [*(crew.period for found in crews.values() for crew in found), *self.gaps]
        self.starts = sorted({self._row_of(period) for period in periods})
        self.columns = [
            DateColumn(
                name, seat, seat_text(roster, name, seat), seat_title(roster, name, roster.seat_of(name, seat).kind)
            )
            for name, found in crews.items()
            for seat in _seats(roster, name, found)
        ]
        self.ends = [*self.starts[1:], self._last_end()]
        self.entries: dict[tuple[int, str, str], list[DateEntry]] = {}
        for found in crews.values():
            for crew in found:
                self._enter(crew)

    def _gaps(self, rotation: str, end: date) -> list[Period]:
        first, last = self.crews[rotation][0].period.start, self.crews[rotation][-1].period.end
        return [
            part
            for part in unplanned(self.roster, self.schedule, rotation, first, last, since=first)
            if part.start < end
        ]

    def _row_of(self, period: Period) -> date:
        """The first day of the row in which a period starts."""
        if self.unit == "week" and not self.is_alone:
            return _week_of(self.roster, period)
        return day_of(period.start) if self.unit == "day" else period.start

    def _last_end(self) -> date:
        """The end of the last row: where its periods end, if they lasted no longer than the row before."""
        starting = [crew.period for found in self.crews.values() for crew in found[-1:]]
        last = self.starts[-1]
        return (
            max((day_after(period.end) for period in starting), default=last)
            if self.unit == "period"
            else last + (min(day_after(period.end) - day_of(self._row_of(period)) for period in starting))
        )

    def _enter(self, crew: Crew) -> None:
        """Put the duties of a crew into the rows that its period covers."""
        period = crew.period
        first = bisect_right(self.starts, self._row_of(period)) - 1
        shift = period.start - self.starts[first] if self.unit == "week" else timedelta()
        rows = [first]
        while rows[-1] + 1 < len(self.starts) and self.starts[rows[-1] + 1] + shift < period.end:
            rows.append(rows[-1] + 1)
        for duty in without_empty_optional(self.roster, crew.duties()):
            for nth, row in enumerate(rows, start=1):
                begin = period.start if nth == 1 else self.starts[row] + shift
                stop = period.end if nth == len(rows) else self.starts[row + 1] + shift
                if duty.start < stop and begin < duty.end:
                    entry = DateEntry(
                        person=duty.person,
                        nth=nth,
                        rows=len(rows),
                        start=duty.start if duty.start > begin else None,
                        end=duty.end if duty.end < stop else None,
                        covered=duty.person != crew.seats[duty.seat],
                        idle=is_idle(self.roster, duty),
                    )
                    self.entries.setdefault((row, period.rotation, duty.seat), []).append(entry)

    def table(self) -> DateTable:
        return DateTable(
            rotations=tuple(self.crews), unit=self.unit, columns=tuple(self.columns), rows=tuple(self._rows())
        )

    def _rows(self) -> Iterator[DateRow]:
        roster, leading = self.roster, next(iter(self.crews))
        missing = self._rows_without_crew()
        for number, (start, end) in enumerate(zip(self.starts, self.ends, strict=True)):
            stays = self.unit == "period" and number == len(self.starts) - 1
            stays = stays and is_open(roster, self.crews[leading][-1].period)
            yield DateRow(
                start=start,
                end=None if stays else end,
                since=instant_of(roster, leading, start),
                until=None if stays else instant_of(roster, leading, end),
                holidays=holidays_in(roster, None, day_of(start), day_after(end)) if uses_holidays(roster) else (),
                closed=tuple(self._closed(start, end)),
                cells=tuple(
                    DateCell(
                        tuple(self.entries.get((number, column.rotation, column.seat), ())),
                        (number, column.rotation) in missing,
                    )
                    for column in self.columns
                ),
            )

    def _closed(self, start: date, end: date) -> list[date]:
        names = [name for name in self.crews if name in self.roster.rotations]
        if not names or any(self.roster.closed_of(name) == NEVER_CLOSED for name in names):
            return []
        days = each_day(day_of(start), day_after(end))
        return [day for day in days if all(is_closed(self.roster, name, day) for name in names)]

    def _rows_without_crew(self) -> set[tuple[int, str]]:
        """The rows, with the rotation, in which a rotation is served for some time without a crew."""
        found = set()
        for gap in self.gaps:
            first = max(bisect_right(self.starts, self._row_of(gap)) - 1, 0)
            for row in range(first, len(self.starts)):
                if row > first and self.starts[row] >= gap.end:
                    break
                found.add((row, gap.rotation))
        return found


def _seats(roster: Roster, rotation: str, crews: Sequence[Crew]) -> list[str]:
    """The seats that any of some crews has: those of the roster in its order, then those no longer in it."""
    held = dict.fromkeys(seat for crew in crews for seat in crew.seats)
    known = [seat.name for seat in roster.rotations[rotation].seats] if rotation in roster.rotations else []
    return [*(seat for seat in known if seat in held), *(seat for seat in held if seat not in known)]
