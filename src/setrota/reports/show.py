"""Schedules as tables: week by week with a column for each seat, or duty by duty.

What changes every few days has a table of its own with a column for each weekday; of what lasts for months, or from one
listed day to the next, each period has a row.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from setrota.dates.cuts import Cut, day_of
from setrota.dates.grid import is_open, regular_weeks
from setrota.dates.periods import DAY, WEEK, Period, each_day
from setrota.reports.tables import drawn, table
from setrota.reports.wording import weekday_stamp
from setrota.roster import WEEKDAYS, Roster
from setrota.schedule import Crew, Duty, Schedule, by_time, is_idle, is_missing, without_empty_optional

Days = tuple[date, date]


def rota_table(roster: Roster, schedule: Schedule, span: Days) -> str:
    """The days [start, end) of a schedule as tables with a row for each week or each period.

    A period's people are in the row of the week in which it starts; weeks outside `span` are not shown. If there are
    several tables, a line above names what each is about.
    """
    crews = schedule.between(*span)
    names = list(dict.fromkeys([*roster.rotations, *(crew.period.rotation for crew in crews)]))
    seats = [(rotation, seat) for rotation in names for seat in _seats(roster, rotation, crews)]
    found = []
    if weekly := [each for each in seats if _is_weekly(roster, each[0])]:
        found.append((_rotations(weekly), _weekly_table(roster, schedule, span, weekly)))
    for name in names:
        mine = [each for each in seats if each[0] == name]
        if _is_daily(roster, name):
            found += [
                (f"{rotation}/{seat}", _daily_table(roster, schedule, span, rotation, seat)) for rotation, seat in mine
            ]
        elif mine and not _is_weekly(roster, name):
            found.append((name, _period_table(roster, schedule, span, mine)))
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


def duties_table(roster: Roster, found: Sequence[Duty]) -> str:
    """Duties as a table, a row for each. If all are in one time zone, a line below the table names it."""
    rows = table("from", "until", "rotation", "seat", "person", "team")
    zones = {roster.zone_of(duty.rotation).key for duty in found}
    stamp = partial(weekday_stamp, roster, zoned=len(zones) > 1)
    for duty in by_time(roster, found):
        start, end = (stamp(duty.rotation, day) for day in (duty.start, duty.end))
        teams = ", ".join(roster.teams_of(duty.person)) if duty.person else ""
        rows.add_row(start, end, duty.rotation, duty.seat, holder(roster, duty), teams)
    return drawn(rows) + (f"Hours are in {zones.pop()}.\n" if len(zones) == 1 else "")


def holder(roster: Roster, duty: Duty) -> str:
    """Who has a duty; `ana (closed)` where nobody serves it after all."""
    if duty.person is None:
        return vacancy(roster, duty)
    return f"{duty.person} (closed)" if is_idle(roster, duty) else duty.person


def vacancy(roster: Roster, duty: Duty) -> str:
    """What stands in place of a person: `NOBODY`, or `open` where people come forward."""
    rotation = roster.rotations.get(duty.rotation)
    return "open" if rotation is not None and rotation.is_voluntary else "NOBODY"


def _seats(roster: Roster, rotation: str, crews: Sequence[Crew]) -> list[str]:
    """Seats that any crew of a rotation has: those of the roster in its order, then those no longer in it."""
    held = dict.fromkeys(seat for crew in crews if crew.period.rotation == rotation for seat in crew.seats)
    known = [seat.name for seat in roster.rotations[rotation].seats] if rotation in roster.rotations else []
    return [*(seat for seat in known if seat in held), *(seat for seat in held if seat not in known)]


# Weeks


def _weekly_table(roster: Roster, schedule: Schedule, span: Days, seats: Sequence[tuple[str, str]]) -> Table:
    """A row for each week, a column for each seat."""
    names = list(dict.fromkeys(rotation for rotation, _ in seats))
    crews = [crew for crew in schedule.between(*span) if crew.period.rotation in names]
    rows = table("week of", *_headings(roster, seats))
    starting: dict[tuple[str, date], list[Crew]] = {}
    for crew in crews:
        starting.setdefault((crew.period.rotation, _row(roster, crew.period)), []).append(crew)
    for day in _weeks(roster, crews):
        if day < span[1] and span[0] < day + WEEK:
            began = {name: starting.get((name, day), []) for name in names}
            cells = (_cell(roster, began[name], schedule.crew_on(name, day), seat, _date) for name, seat in seats)
            rows.add_row(Text(_label(day)), *cells)
    return rows


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


def _weeks(roster: Roster, crews: Sequence[Crew]) -> list[date]:
    found = set()
    for crew in crews:
        row = _row(roster, crew.period)
        number = max(1, -((crew.period.start - crew.period.end) // WEEK))
        found |= {row, *(day_of(row) + WEEK * week for week in range(1, number))}
    return sorted(found)


# Days


def _daily_table(roster: Roster, schedule: Schedule, span: Days, rotation: str, seat: str) -> Table:
    """A row for each week, a column for each weekday on which somebody may serve."""
    crews = [crew for crew in schedule.between(*span) if crew.period.rotation == rotation]
    served = frozenset().union(*(each.weekdays for each in roster.serves_of(rotation)))
    weekdays = sorted(served | {crew.period.start.weekday() for crew in crews})
    starting: dict[date, list[Crew]] = {}
    for crew in crews:
        starting.setdefault(day_of(crew.period.start), []).append(crew)
    first = min(day_of(crew.period.start) for crew in crews)
    last = max(crew.period.end for crew in crews)
    rows = table("week of", *(WEEKDAYS[weekday][:3] for weekday in weekdays))
    for monday in each_day(first - DAY * first.weekday(), day_of(last) + DAY)[::7]:
        days = [monday + DAY * weekday for weekday in weekdays]
        cells = (
            _cell(roster, starting.get(day, []), schedule.crew_on(rotation, day), seat, partial(_hour, day))
            for day in days
        )
        if any(crew.period.start < monday + WEEK and monday < crew.period.end for crew in crews):
            rows.add_row(Text(_label(monday)), *cells)
    return rows


# Periods


def _period_table(roster: Roster, schedule: Schedule, span: Days, seats: Sequence[tuple[str, str]]) -> Table:
    """A row for each period, from its handover to the next; the end of a turn that is open isn't known yet."""
    rotation = seats[0][0]
    rows = table("from", "until", *(seat for _, seat in seats), days=("from", "until"))
    for crew in schedule.between(*span):
        if crew.period.rotation == rotation:
            until = "open" if is_open(roster, crew.period) else _label(crew.period.end)
            cells = (_cell(roster, [crew], None, seat, _date) for _, seat in seats)
            rows.add_row(Text(_label(crew.period.start)), Text(until), *cells)
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


def _cell(
    roster: Roster, starting: Sequence[Crew], running: Crew | None, seat: str, time: Callable[[date], str]
) -> Text:
    """Who gets a seat in a week; `|` if a period just continues, nothing for an empty optional seat."""
    crews = [crew for crew in starting if seat in crew.seats]
    if not crews:
        return Text("|" if running and seat in running.seats else "", style="dim")
    held = [duty for crew in crews for duty in crew.duties() if duty.seat == seat]
    duties = [duty for duty in held if duty.person or not is_idle(roster, duty)]
    if not without_empty_optional(roster, duties):
        return Text("")
    first = crews[0].period.start
    parts = [holder(roster, duty) + (f" from {time(duty.start)}" if duty.start > first else "") for duty in duties]
    return Text(", ".join(parts), style="bold red" if any(is_missing(roster, duty) for duty in duties) else "")
