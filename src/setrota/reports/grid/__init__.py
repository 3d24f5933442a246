"""The rota as people x periods: who has which kind of seat in which period, as values that each format draws.

The columns are the periods of the rotation that changes most often among those shown; of several, one that hands over
on the rota's own weekday, then the first. Where that rotation rests after a turn of less than a week, such as on a
weekend, each day on which another one is served has a column of its own. A duty stands in each column that it covers:
in the one in which its period starts, and in those after it up to the column in which the next period starts. Time that
nobody serves isn't marked.
Knows no clock and no output format.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from setrota.dates.availability import days_concerned
from setrota.dates.cuts import day_after, day_of
from setrota.dates.grid import period_at, regular_weeks
from setrota.dates.holidays import holidays_in
from setrota.dates.periods import DAY, WEEK, Period
from setrota.dates.service import is_served, part_of, served_dates, worth
from setrota.reports.marks import KindMark, marks
from setrota.roster import EVERY_DAY, Roster
from setrota.schedule import Crew, Duty, Schedule, is_missing


class GridColumn(NamedTuple):
    """The days [start, end), the rota's holidays among them, and whether none of the rotations shown is served then."""

    start: date
    end: date
    holidays: tuple[date, ...]
    closed: bool


class GridCell(NamedTuple):
    """What somebody has in a column.

    Attributes
    ----------
    marks
        The kinds of seat, in the roster's order.
    covered
        Whether they got one of them by a change after planning.
    part
        Whether they have one of them for only a part of its time in the column.
    away
        Whether they are on leave, or don't work, on all its served days.
    """

    marks: tuple[KindMark, ...] = ()
    covered: bool = False
    part: bool = False
    away: bool = False


@dataclass(frozen=True, kw_only=True)
class GridRow:
    """One person in one team, with a cell for each column; the team is None for people who are in none.

    `duties` is how many duties they have in each of the grid's rotations, by what periods are worth; a duty counts
    whole where only some of its columns are shown.
    """

    person: str
    team: str | None
    cells: tuple[GridCell, ...]
    duties: tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class PeopleGrid:
    """People x periods. `kinds` are the marks of the `rotations` shown, in the roster's order.

    Rows are in the roster's order of teams and people; people in no team, and former ones, come last and only if they
    have a duty. Whoever is in two teams has a row in each. `missing` are, for each column, the kinds of seat that
    somebody should have and nobody has.
    """

    columns: tuple[GridColumn, ...]
    rows: tuple[GridRow, ...]
    kinds: tuple[KindMark, ...]
    rotations: tuple[str, ...]
    missing: tuple[tuple[KindMark, ...], ...]


def people_grid(
    roster: Roster,
    schedule: Schedule,
    start: date,
    end: date,
    *,
    rotation: str | None = None,
    team: str | None = None,
    person: str | None = None,
) -> PeopleGrid:
    """People x periods of the days [start, end), of all rotations and people or only of those named."""
    crews = [crew for crew in schedule.between(start, end) if rotation in (None, crew.period.rotation)]
    names = {crew.period.rotation for crew in crews}
    shown = [
        each for each in roster.rotations if each == rotation or (rotation is None and (each in names or not names))
    ]
    known = {key: mark for key, mark in marks(roster, schedule).items() if mark.rotation in {*shown, *names}}
    columns = _columns(roster, shown, crews, (start, end))
    held = _held(roster, crews, columns, known)
    kept = {number: each for number, each in enumerate(columns) if start < each.end and each.start < end}
    served = _served(roster, crews)
    rotations = tuple(dict.fromkeys(mark.rotation for mark in known.values()))
    return PeopleGrid(
        columns=tuple(kept.values()),
        rows=tuple(
            GridRow(
                person=who,
                team=of,
                cells=tuple(_cell(roster, who, column, held.get((who, number), ())) for number, column in kept.items()),
                duties=tuple(served.get((who, name), 0.0) for name in rotations),
            )
            for of, who in _people(roster, shown, held, kept)
            if team in (None, of) and person in (None, who)
        ),
        kinds=tuple(known.values()),
        rotations=rotations,
        missing=tuple(tuple(each.mark for each in held.get((None, number), ())) for number in kept),
    )


# Columns


def _columns(roster: Roster, shown: Sequence[str], crews: Sequence[Crew], span: tuple[date, date]) -> list[GridColumn]:
    """The columns of some days, and of all days that crews who serve on them have."""
    first = min([span[0], *(day_of(crew.period.start) for crew in crews)])
    last = max([span[1], *(day_after(crew.period.end) for crew in crews)])
    found, borders = [], _borders(roster, shown, first, last)
    for start, end in pairwise(borders):
        closed = bool(shown) and not any(served_dates(roster, each, start, end) for each in shown)
        found.append(GridColumn(start, end, holidays_in(roster, None, start, end), closed))
    return found


def _borders(roster: Roster, shown: Sequence[str], first: date, last: date) -> list[date]:
    """The starts of the columns that have the days [first, last), and the end of the last one."""
    if not shown:
        weekday = roster.handover.weekday or 0
        monday = first - DAY * ((first.weekday() - weekday) % 7)
        return [monday + WEEK * number for number in range(-((monday - last) // WEEK) + 1)]
    usual = roster.handover.weekday
    name = min(shown, key=lambda each: (regular_weeks(roster, each), roster.handover_of(each).weekday != usual))
    borders = [day_of(period_at(roster, name, first).start)]
    while borders[-1] < last:
        period = period_at(roster, name, borders[-1])
        borders += [*_rest_days(roster, shown, period), day_of(period.end)]
    return borders


def _rest_days(roster: Roster, shown: Sequence[str], period: Period) -> list[date]:
    """The days at the end of a period of less than a week on which only other rotations are served."""
    if regular_weeks(roster, period.rotation) >= 1:
        return []
    start, end = day_of(period.start), day_of(period.end)
    served = served_dates(roster, period.rotation, start, end)
    resting = served[-1] + DAY if served else start + DAY
    return sorted({day for each in shown for day in served_dates(roster, each, resting, end)})


# Duties


class _Held(NamedTuple):
    """What somebody has in a column."""

    mark: KindMark
    covered: bool
    part: bool


_HeldBy = Mapping[tuple[str | None, int], list[_Held]]
"""By person (None: nobody, although somebody should) and number of the column."""


def _held(
    roster: Roster, crews: Sequence[Crew], columns: Sequence[GridColumn], known: Mapping[tuple[str, str], KindMark]
) -> _HeldBy:
    found: defaultdict[tuple[str | None, int], list[_Held]] = defaultdict(list)
    borders = [columns[0].start, *(column.end for column in columns)]
    for crew in crews:
        stretches = _stretches(borders, crew.period)
        for duty in crew.duties():
            if duty.person is None and not is_missing(roster, duty):
                continue
            mark = known[duty.rotation, roster.seat_of(duty.rotation, duty.seat).kind]
            covered = duty.person is not None and duty.person != crew.seats[duty.seat]
            for number, stretch in stretches:
                share = _share(roster, duty, stretch)
                if share:
                    found[duty.person, number].append(_Held(mark, covered, share < 1))
    return found


def _stretches(borders: Sequence[date], period: Period) -> list[tuple[int, Period]]:
    """A period cut into one stretch for each column that it stands in, with the number of the column."""
    first = bisect_right(borders, day_of(period.start)) - 1
    last = max(first, bisect_right(borders, day_of(period.end)) - 2)
    shift = day_of(period.start) - borders[first]
    days = (borders[number] + shift for number in range(first + 1, last + 1))
    inner = [day for day in days if day < period.end]
    points = pairwise([period.start, *inner, period.end])
    return [(first + number, Period(start, end, period.rotation)) for number, (start, end) in enumerate(points)]


def _share(roster: Roster, duty: Duty, stretch: Period) -> float:
    """Which part of the time served in a stretch of a period is in a duty."""
    start, end = max(duty.start, stretch.start), min(duty.end, stretch.end)
    if start >= end or (duty.rotation in roster.rotations and not is_served(roster, stretch)):
        return 0.0
    return part_of(roster, Period(start, end, duty.rotation), stretch)


def _served(roster: Roster, crews: Sequence[Crew]) -> Mapping[tuple[str, str], float]:
    """How many duties everybody has in each rotation, by what periods are worth."""
    found: defaultdict[tuple[str, str], float] = defaultdict(float)
    for crew in crews:
        for held in crew.credits(roster).values():
            for person, part in held.items():
                found[person, crew.period.rotation] += part * worth(roster, crew.period)
    return found


# People


def _people(
    roster: Roster, shown: Sequence[str], held: _HeldBy, columns: Mapping[int, GridColumn]
) -> list[tuple[str | None, str]]:
    """The rows' teams and people in order: who feeds a rotation shown, and who else has a duty in these columns."""
    serving = {who for who, number in held if who is not None and number in columns}
    pools = {roster.rotations[each].pool for each in shown}
    found: list[tuple[str | None, str]] = []
    for team in roster.teams.values():
        fed = {who for pool in pools for who in team.pools.get(pool, ()) if _is_there(roster, who, columns)}
        members = dict.fromkeys(who for each in team.pools.values() for who in each)
        found += [(team.key, who) for who in members if who in fed or who in serving]
    listed = {who for _, who in found}
    others = [*roster.people, *sorted(serving - roster.people.keys())]
    return [*found, *((None, who) for who in others if who in serving and who not in listed)]


def _is_there(roster: Roster, person: str, columns: Mapping[int, GridColumn]) -> bool:
    """Whether somebody is in the roster on one of the days of some columns."""
    start, end = roster.people[person].start or date.min, roster.people[person].end or date.max
    return any(start < column.end and column.start < end for column in columns.values())


def _cell(roster: Roster, person: str, column: GridColumn, held: Sequence[_Held]) -> GridCell:
    return GridCell(
        marks=tuple(sorted({each.mark for each in held}, key=lambda mark: mark.colour)),
        covered=any(each.covered for each in held),
        part=any(each.part for each in held),
        away=_is_away(roster, person, column),
    )


def _is_away(roster: Roster, person: str, column: GridColumn) -> bool:
    """Whether somebody is away on all days of a column that concern them."""
    known = roster.people.get(person)
    if known is None:
        return False
    leave = [each for each in known.leave if each.start < column.end and column.start < each.end]
    if not leave and known.works >= EVERY_DAY:
        return False
    days = days_concerned(roster, person, column.start, column.end)
    return bool(days) and all(
        day.weekday() not in known.works or any(each.start <= day < each.end for each in leave) for day in days
    )
