"""What the team's page says, as values: who is on duty when, the rota by date, how fair it is, and who is in it.

The page itself is written in `export`, which makes HTML of this. All of it comes from the roster and the schedule: no
clock is asked, so the same schedule gives the same page. What the reader's clock decides is left to the page, which has
instants for it.

The page shows the last 15 months of the schedule, and more only where its last plan or change was before that: then
from that day on, since everything from then on was ahead. Without a record of any, it shows three years. A period that
runs on the first day is shown as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from setrota.dates.cuts import day_after
from setrota.dates.periods import later, local_date
from setrota.reports.grid import PeopleGrid, people_grid
from setrota.reports.page.by_date import DateTable, date_tables
from setrota.reports.page.fair import PageFairness, page_fairness
from setrota.reports.page.people import PagePerson, PageTeam, page_people, page_teams
from setrota.reports.page.shifts import RotationTimes, rotation_times
from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.roster.lengths import Length
from setrota.schedule import Schedule
from setrota.schedule.ranges import planned_to

SHOWN = Length(-15, "months")
UNRECORDED = Length(-36, "months")


@dataclass(frozen=True, kw_only=True)
class TeamPage:
    """The whole page; [start, end) are the days of the schedule that it shows, both None if nothing is planned."""

    name: str
    short_name: str
    zone: str
    city: str
    start: date | None
    end: date | None
    rotations: tuple[RotationTimes, ...]
    people: tuple[PagePerson, ...]
    teams: tuple[PageTeam, ...]
    tables: tuple[DateTable, ...]
    fairness: PageFairness | None
    grid: PeopleGrid | None


def team_page(roster: Roster, schedule: Schedule) -> TeamPage:
    """What the page of a rota says."""
    span = days_shown(roster, schedule)
    first = span[0] if span else date(2024, 1, 8)
    fairness = page_fairness(roster, schedule, *span) if span else None
    return TeamPage(
        name=plain(roster.name),
        short_name=plain(roster.short_name),
        zone=roster.zone.key,
        city=city_of(roster.zone.key),
        start=span[0] if span else None,
        end=span[1] if span else None,
        rotations=tuple(rotation_times(roster, schedule, rotation, first) for rotation in roster.rotations),
        people=page_people(roster, _named(schedule, span, fairness)),
        teams=page_teams(roster),
        tables=date_tables(roster, schedule, *span) if span else (),
        fairness=fairness,
        grid=_grid(roster, schedule, span) if span else None,
    )


def _named(schedule: Schedule, span: tuple[date, date] | None, fairness: PageFairness | None) -> set[str]:
    """Everyone who is somewhere on the page: those with a duty, and those who owed one and had none."""
    serving = {person for crew in schedule.between(*span) for person in crew.people} if span else set()
    owing = {each.person for found in fairness.summary.rotations for each in found.people} if fairness else set()
    return serving | owing


def _grid(roster: Roster, schedule: Schedule, span: tuple[date, date]) -> PeopleGrid:
    """People x periods; who is away is in it only if the roster has `[page] away = true`."""
    found = people_grid(roster, schedule, *span)
    if roster.notes.page.away:
        return found
    rows = (
        replace(row, cells=tuple(cell._replace(away=False) if cell.away else cell for cell in row.cells))
        for row in found.rows
    )
    return replace(found, rows=tuple(rows))


def days_shown(roster: Roster, schedule: Schedule) -> tuple[date, date] | None:
    """The days [start, end) of the schedule that the page shows; None if it is empty."""
    end = planned_to(schedule)
    if end is None:
        return None
    end = day_after(end)
    decided = max(_decisions(roster, schedule), default=None)
    start = later(end, UNRECORDED) if decided is None else min(later(end, SHOWN), decided)
    return max(start, min(crew.period.start for crew in schedule.crews)), end


def _decisions(roster: Roster, schedule: Schedule) -> Iterator[date]:
    """The days on which something in the schedule was planned or changed."""
    for crew in schedule.crews:
        if crew.planned is not None:
            yield local_date(roster, crew.planned.at)
        yield from (local_date(roster, change.at) for change in crew.changes)


def city_of(zone: str) -> str:
    """`New York`: what people call a time zone."""
    return zone.rpartition("/")[2].replace("_", " ")
