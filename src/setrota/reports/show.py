"""Schedules as tables: week by week with a column for each seat, or duty by duty.

What changes every few days has a table of its own with a column for each weekday; of what lasts for months, or from one
listed day to the next, each period has a row. A turn of several weeks has its name in each. Where a moment is given,
`>` stands at the row that runs then, and in rows of days at who serves then; not at a duty whose service is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from itertools import pairwise
from typing import NamedTuple

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from setrota.dates.cuts import Cut, day_after, day_of
from setrota.dates.grid import is_open, regular_weeks
from setrota.dates.periods import DAY, WEEK, Period, each_day, point_at
from setrota.reports.tables import NOW, drawn, table
from setrota.reports.wording import end_of_service, label_of, weekday_moment, weekday_stamp
from setrota.roster import WEEKDAYS, Roster
from setrota.schedule import Crew, Duty, Schedule, by_time, is_idle, is_missing, without_empty_optional

Days = tuple[date, date]


class Look(NamedTuple):
    """How a table looks: with display names instead of handles, marked at a moment, and in each rotation from a point
    on."""

    names: bool = False
    now: datetime | None = None
    since: Mapping[str, date] = {}


PLAIN = Look()


def rota_table(roster: Roster, schedule: Schedule, span: Days, look: Look = PLAIN) -> str:
    """The days [start, end) of a schedule as tables with a row for each week or each period.

    A period's people are in the row of the week in which it starts, and in as many after it as it lasts; weeks outside
    `span` are not shown. If there are several tables, a line above names what each is about.
    """
    crews = schedule.between(*span)
    names = list(dict.fromkeys([*roster.rotations, *(crew.period.rotation for crew in crews)]))
    seats = [(rotation, seat) for rotation in names for seat in _seats(roster, rotation, crews)]
    found = []
    if weekly := [each for each in seats if _is_weekly(roster, each[0])]:
        found.append((_rotations(weekly), _weekly_table(roster, schedule, span, weekly, look)))
    for name in names:
        mine = [each for each in seats if each[0] == name]
        if _is_daily(roster, name):
            found += [
                (f"{rotation}/{seat}", _daily_table(roster, schedule, span, (rotation, seat), look))
                for rotation, seat in mine
            ]
        elif mine and not _is_weekly(roster, name):
            found.append((name, _period_table(roster, schedule, span, mine, look)))
    if len(found) == 1:
        return drawn(found[0][1])
    parts: list[RenderableType] = []
    for number, (title, each) in enumerate(found):
        parts += [*([""] if number else []), Text(title), each]
    return drawn(*parts)


def _rotations(seats: Sequence[tuple[str, str]]) -> str:
    return ", ".join(dict.fromkeys(rotation for rotation, _ in seats))


def _is_weekly(roster: Roster, rotation: str) -> bool:
    known = roster.rotations.get(rotation)
    return known is None or (known.every.unit == "weeks" and not known.starts)


def _is_daily(roster: Roster, rotation: str) -> bool:
    """Whether a rotation changes within each week."""
    known = roster.rotations.get(rotation)
    in_days = known is not None and known.every.unit == "days" and not known.starts
    return in_days and regular_weeks(roster, rotation) < 1


def duties_table(roster: Roster, found: Sequence[Duty], look: Look = PLAIN) -> str:
    """Duties as a table, a row for each, until its service ends. If all are in one time zone, a line below names it."""
    rows = table("from", "until", "rotation", "seat", "person", "team")
    marked = [_serves(roster, duty.days, look) for duty in by_time(roster, found)]
    zones = {roster.zone_of(duty.rotation).key for duty in found}
    zoned = len(zones) > 1
    for runs, duty in zip(marked, by_time(roster, found), strict=True):
        start = weekday_stamp(roster, duty.rotation, duty.start, zoned=zoned)
        end = weekday_moment(end_of_service(roster, duty), zoned=zoned)
        teams = ", ".join(roster.teams_of(duty.person)) if duty.person else ""
        first = _at_row(start, runs, any(marked))
        rows.add_row(first, end, duty.rotation, duty.seat, Text(holder(roster, duty, look)), teams)
    return drawn(rows) + (f"Hours are in {zones.pop()}.\n" if len(zones) == 1 else "")


def holder(roster: Roster, duty: Duty, look: Look = PLAIN) -> str:
    """Who has a duty; `ana (closed)` where nobody serves it after all."""
    if duty.person is None:
        return vacancy(roster, duty)
    person = label_of(roster, duty.person) if look.names else duty.person
    return f"{person} (closed)" if is_idle(roster, duty) else person


def vacancy(roster: Roster, duty: Duty) -> str:
    """What stands in place of a person: `NOBODY`, or `open` where people come forward."""
    rotation = roster.rotations.get(duty.rotation)
    return "open" if rotation is not None and rotation.is_voluntary else "NOBODY"


def _seats(roster: Roster, rotation: str, crews: Sequence[Crew]) -> list[str]:
    """Seats that any crew of a rotation has: those of the roster in its order, then those no longer in it."""
    held = dict.fromkeys(seat for crew in crews if crew.period.rotation == rotation for seat in crew.seats)
    known = [seat.name for seat in roster.rotations[rotation].seats] if rotation in roster.rotations else []
    return [*(seat for seat in known if seat in held), *(seat for seat in held if seat not in known)]


# Turns in rows


class _CrewCell(NamedTuple):
    """What a crew has in a row or a cell: a stretch of its period; `begins` in the first one."""

    crew: Crew
    stretch: Period
    begins: bool


def _runs(roster: Roster, stretch: Period, look: Look) -> bool:
    """Whether a stretch of a rotation is running now; the last of its `starts` runs until another is added."""
    if look.now is None or stretch.rotation not in roster.rotations:
        return False
    point = point_at(roster, stretch.rotation, look.now)
    return stretch.start <= point and (point < stretch.end or is_open(roster, stretch))


def _serves(roster: Roster, stretch: Period, look: Look) -> bool:
    """Whether a stretch of a rotation is running now and its service isn't over yet."""
    if look.now is None or not _runs(roster, stretch, look):
        return False
    return is_open(roster, stretch) or look.now < end_of_service(roster, stretch)


def _is_over(piece: _CrewCell, look: Look) -> bool:
    since = look.since.get(piece.stretch.rotation)
    return since is not None and piece.stretch.end <= since


def _at_row(text: str, runs: bool, marked: bool) -> Text:
    """The first cell of a row, with a mark if it runs now; others leave room for the mark if some row has it."""
    return Text((NOW if runs else " " * len(NOW) if marked else "") + text, style="bold" if runs else "")


# Weeks


def _weekly_table(
    roster: Roster, schedule: Schedule, span: Days, seats: Sequence[tuple[str, str]], look: Look
) -> Table:
    """A row for each week, a column for each seat."""
    names = list(dict.fromkeys(rotation for rotation, _ in seats))
    pieces: dict[date, dict[str, list[_CrewCell]]] = {}
    running: dict[str, date] = {}
    for crew in schedule.between(*span):
        for day, piece in _weeks_of(roster, crew) if crew.period.rotation in names else ():
            if not _is_over(piece, look):
                pieces.setdefault(day, {}).setdefault(crew.period.rotation, []).append(piece)
            if _runs(roster, piece.stretch, look):
                running[crew.period.rotation] = day
    # A row that runs begins before the range where a rotation hands over in the middle of the week.
    begun = {*running.values(), *(day for day in pieces if span[0] < day + WEEK)}
    shown = [day for day in sorted(pieces) if day < span[1] and day in begun]
    current = max(running.values(), default=None)
    rows = table("week of", *_headings(roster, seats))
    for day in shown:
        cells = []
        for name, seat in seats:
            own = pieces[day].get(name, [])
            cell = _cell(roster, own, seat, _date, look) if own else _rest(roster, schedule, name, seat, day, look)
            cells.append(_marked(cell, running.get(name) == day != current))
        rows.add_row(_at_row(_label(day), day == current, current in shown), *cells)
    return rows


def _marked(cell: Text, runs: bool) -> Text:
    return Text(NOW, style="bold").append_text(cell) if runs and cell.plain else cell


def _headings(roster: Roster, seats: Sequence[tuple[str, str]]) -> list[str]:
    """Seat names, with the rotation if two share a name, and with the weekday if its weeks begin on another day."""
    common = [seat for _, seat in seats]
    headings = []
    for rotation, seat in seats:
        name = seat if common.count(seat) == 1 else f"{rotation}/{seat}"
        weekday = roster.handover_of(rotation).weekday
        own = weekday is not None and weekday != roster.handover.weekday
        headings.append(f"{name} ({WEEKDAYS[weekday][:3]})" if own and weekday is not None else name)
    return headings


def _row(roster: Roster, period: Period) -> date:
    """The first day of the week, from handover to handover of the rota, in which a period starts.

    A period that starts on another weekday, because the roster has changed since, or within a day, has a row of its
    own.
    """
    handover = roster.handover_of(period.rotation)
    usual = period.start.weekday() < 5 if handover.workday else period.start.weekday() == handover.weekday
    if isinstance(period.start, Cut) or not usual:
        return period.start
    return period.start - DAY * ((period.start.weekday() - (roster.handover.weekday or 0)) % 7)


def _weeks_of(roster: Roster, crew: Crew) -> list[tuple[date, _CrewCell]]:
    """The rows that a crew stands in, each with its week of the period."""
    period, row = crew.period, _row(roster, crew.period)
    number = max(1, -((period.start - period.end) // WEEK))
    borders = [period.start, *(day_of(period.start) + WEEK * week for week in range(1, number)), period.end]
    days = [row, *(day_of(row) + WEEK * week for week in range(1, number))]
    pieces = (_CrewCell(crew, Period(*each, period.rotation), each[0] == period.start) for each in pairwise(borders))
    return list(zip(days, pieces, strict=True))


def _rest(roster: Roster, schedule: Schedule, rotation: str, seat: str, day: date, look: Look) -> Text:
    """Who still has a seat in a week in which no period of the rotation starts, and until when."""
    crew = schedule.crew_on(rotation, day)
    if crew is None:
        return Text("")
    rest = _CrewCell(crew, Period(day, crew.period.end, rotation), begins=False)
    if _is_over(rest, look):
        return Text("")
    cell = _cell(roster, [rest], seat, _date, look)
    return cell.append(f" until {_date(rest.stretch.end)}") if cell.plain else cell


# Days


def _daily_table(roster: Roster, schedule: Schedule, span: Days, seat: tuple[str, str], look: Look) -> Table:
    """A row for each week, a column for each weekday on which somebody may serve."""
    crews = [crew for crew in schedule.between(*span) if crew.period.rotation == seat[0]]
    served = frozenset().union(*(each.weekdays for each in roster.serves_of(seat[0])))
    weekdays = sorted(served | {crew.period.start.weekday() for crew in crews})
    pieces: dict[date, list[_CrewCell]] = {}
    for crew in crews:
        for piece in _days_of(crew, weekdays):
            pieces.setdefault(day_of(piece.stretch.start), []).append(piece)
    running = {day for day, each in pieces.items() if any(_serves(roster, piece.stretch, look) for piece in each)}
    mondays = sorted({day - DAY * day.weekday() for day in pieces})
    begun = {day for day, each in pieces.items() if any(_runs(roster, piece.stretch, look) for piece in each)}
    current = {day - DAY * day.weekday() for day in begun}
    rows = table("week of", *(WEEKDAYS[weekday][:3] for weekday in weekdays))
    for monday in mondays:
        days = [monday + DAY * weekday for weekday in weekdays]
        cells = (
            _marked(_cell(roster, pieces.get(day, []), seat[1], partial(_hour, day), look), day in running)
            for day in days
        )
        rows.add_row(_at_row(_label(monday), monday in current, bool(current)), *cells)
    return rows


def _days_of(crew: Crew, weekdays: Sequence[int]) -> list[_CrewCell]:
    """What a crew has on each day with a column."""
    period = crew.period
    later = each_day(day_of(period.start) + DAY, day_after(period.end))
    borders = [period.start, *(day for day in later if day.weekday() in weekdays), period.end]
    return [_CrewCell(crew, Period(*each, period.rotation), each[0] == period.start) for each in pairwise(borders)]


# Periods


def _period_table(
    roster: Roster, schedule: Schedule, span: Days, seats: Sequence[tuple[str, str]], look: Look
) -> Table:
    """A row for each period, from its handover to the next; the end of a turn that is open isn't known yet."""
    crews = [crew for crew in schedule.between(*span) if crew.period.rotation == seats[0][0]]
    marked = [_runs(roster, crew.period, look) for crew in crews]
    rows = table("from", "until", *(seat for _, seat in seats), days=("from", "until"))
    for runs, crew in zip(marked, crews, strict=True):
        until = "open" if is_open(roster, crew.period) else _label(crew.period.end)
        cells = (_cell(roster, [_CrewCell(crew, crew.period, begins=True)], seat, _date, look) for _, seat in seats)
        rows.add_row(_at_row(_label(crew.period.start), runs, any(marked)), Text(until), *cells)
    return rows


# Cells


def _label(point: date) -> str:
    return f"{point.at:%a %Y-%m-%d %H:%M}" if isinstance(point, Cut) else f"{point:%a %Y-%m-%d}"


def _date(point: date) -> str:
    """When somebody takes over, in a row of a week or longer."""
    return f"{point.at:%m-%d %H:%M}" if isinstance(point, Cut) else f"{point:%m-%d}"


def _hour(day: date, point: date) -> str:
    """The same in the cell of a day."""
    return f"{point.at:%H:%M}" if isinstance(point, Cut) and point.on == day else _date(point)


def _cell(roster: Roster, pieces: Iterable[_CrewCell], seat: str, time: Callable[[date], str], look: Look) -> Text:
    """Who has a seat in some stretches, dim where a turn just goes on; nothing for an empty optional seat."""
    own = [piece for piece in pieces if seat in piece.crew.seats]
    held = [duty for piece in own for duty in _held(piece, seat)]
    duties = [duty for duty in held if duty.person or not is_idle(roster, duty)]
    if not without_empty_optional(roster, duties):
        return Text("")
    first = own[0].stretch.start
    parts = [
        holder(roster, duty, look) + (f" from {time(duty.start)}" if duty.start > first else "") for duty in duties
    ]
    missing = any(is_missing(roster, duty) for duty in duties)
    return Text(", ".join(parts), style="bold red" if missing else "" if any(piece.begins for piece in own) else "dim")


def _held(piece: _CrewCell, seat: str) -> list[Duty]:
    """The duties of a seat in a piece of its crew's period."""
    start, end = piece.stretch.start, piece.stretch.end
    return [
        replace(duty, start=max(duty.start, start), end=min(duty.end, end))
        for duty in piece.crew.duties()
        if duty.seat == seat and duty.start < end and start < duty.end
    ]
