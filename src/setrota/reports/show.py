"""Schedules as tables: week by week with a column for each seat, or duty by duty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial

from rich.text import Text

from setrota.dates.periods import DAY, WEEK, Period
from setrota.reports.tables import drawn, table
from setrota.reports.wording import weekday_stamp
from setrota.roster import WEEKDAYS, Roster
from setrota.schedule import Crew, Duty, Schedule, by_time, is_missing, without_empty_optional


def rota_table(roster: Roster, schedule: Schedule, span: tuple[date, date]) -> str:
    """The days [start, end) of a schedule as a table with a row for each week and a column for each seat.

    A period's people are in the row of the week in which it starts; weeks outside `span` are not shown.
    """
    crews = schedule.between(*span)
    names = list(dict.fromkeys([*roster.rotations, *(crew.period.rotation for crew in crews)]))
    seats = [(rotation, seat) for rotation in names for seat in _seats(roster, rotation, crews)]
    rows = table("week of", *_headings(roster, seats))
    starting: dict[tuple[str, date], list[Crew]] = {}
    for crew in crews:
        starting.setdefault((crew.period.rotation, _row(roster, crew.period)), []).append(crew)
    for day in _weeks(roster, crews):
        if day < span[1] and span[0] < day + WEEK:
            began = {name: starting.get((name, day), []) for name in names}
            cells = (_cell(roster, began[name], schedule.crew_on(name, day), seat) for name, seat in seats)
            rows.add_row(Text(f"{day:%a %Y-%m-%d}"), *cells)
    return drawn(rows)


def duties_table(roster: Roster, found: Sequence[Duty]) -> str:
    """Duties as a table, a row for each. If all are in one time zone, a line below the table names it."""
    rows = table("from", "until", "rotation", "seat", "person", "team")
    zones = {roster.zone_of(duty.rotation).key for duty in found}
    stamp = partial(weekday_stamp, roster, zoned=len(zones) > 1)
    for duty in by_time(roster, found):
        start, end = (stamp(duty.rotation, day) for day in (duty.start, duty.end))
        teams = ", ".join(roster.teams_of(duty.person)) if duty.person else ""
        rows.add_row(start, end, duty.rotation, duty.seat, duty.person or "NOBODY", teams)
    return drawn(rows) + (f"Hours are in {zones.pop()}.\n" if len(zones) == 1 else "")


def _seats(roster: Roster, rotation: str, crews: Sequence[Crew]) -> list[str]:
    """Seats that any crew of a rotation has: those of the roster in its order, then those no longer in it."""
    held = dict.fromkeys(seat for crew in crews if crew.period.rotation == rotation for seat in crew.seats)
    known = [seat.name for seat in roster.rotations[rotation].seats] if rotation in roster.rotations else []
    return [*(seat for seat in known if seat in held), *(seat for seat in held if seat not in known)]


def _headings(roster: Roster, seats: Sequence[tuple[str, str]]) -> list[str]:
    """Seat names, with the rotation if two share a name, and with the weekday if its weeks begin on another day."""
    common = [seat for _, seat in seats]
    headings = []
    for rotation, seat in seats:
        name = seat if common.count(seat) == 1 else f"{rotation}/{seat}"
        weekday = roster.handover_of(rotation).weekday
        headings.append(name if weekday == roster.handover.weekday else f"{name} ({WEEKDAYS[weekday or 0][:3]})")
    return headings


def _row(roster: Roster, period: Period) -> date:
    """The first day of the week, from handover to handover of the rota, in which a period starts.

    A period that starts on another weekday, because the roster has changed since, has a row of its own.
    """
    if period.start.weekday() != roster.handover_of(period.rotation).weekday:
        return period.start
    return period.start - DAY * ((period.start.weekday() - (roster.handover.weekday or 0)) % 7)


def _weeks(roster: Roster, crews: Sequence[Crew]) -> list[date]:
    weeks = ((crew, max(1, -((crew.period.start - crew.period.end) // WEEK))) for crew in crews)
    return sorted({_row(roster, crew.period) + WEEK * week for crew, number in weeks for week in range(number)})


def _cell(roster: Roster, starting: Sequence[Crew], running: Crew | None, seat: str) -> Text:
    """Who gets a seat in a week; `|` if a period just continues, nothing for an empty optional seat."""
    crews = [crew for crew in starting if seat in crew.seats]
    if not crews:
        return Text("|" if running and seat in running.seats else "", style="dim")
    duties = [duty for crew in crews for duty in crew.duties() if duty.seat == seat]
    if not without_empty_optional(roster, duties):
        return Text("")
    first = crews[0].period.start
    parts = [(duty.person or "NOBODY") + (f" from {duty.start:%m-%d}" if duty.start > first else "") for duty in duties]
    return Text(", ".join(parts), style="bold red" if any(is_missing(roster, duty) for duty in duties) else "")
