"""Who is on duty when, as the team's page has it: at any instant what `setrota now` says, of any cadence.

`answer` looks a moment up as a browser does, from the instants alone; `said` is what `setrota now` would say.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import cadences
import pytest
import random_grids
import samples
from cadences import ROTATIONS
from seeds import least, seeds

from setrota.dates.grid import is_open
from setrota.dates.periods import instant, instant_of
from setrota.dates.service import stretches
from setrota.files.roster import read_roster
from setrota.reports.page import team_page
from setrota.reports.page.shifts import Phase, RotationTimes
from setrota.reports.wording import end_of_service
from setrota.roster import Roster
from setrota.roster.notes import Notes, Page
from setrota.schedule import Duty, Schedule
from setrota.schedule.standings import Standing, is_away, standings_at

ROTAS = sorted((Path(__file__).parents[2] / "docs" / "rotas").glob("*.toml"))
SECOND = timedelta(seconds=1)
SHOWS_ABSENCES = Notes(page=Page(away=True))


class Seated(NamedTuple):
    """A seat with its holder, since and until when (None: not known yet), and whether they are away."""

    seat: str
    person: str | None
    start: datetime
    until: datetime | None
    away: bool


class Said(NamedTuple):
    """What is said of a rotation at a moment; of those who follow the seat, the person, and from when on."""

    state: str
    seated: tuple[Seated, ...] = ()
    following: tuple[tuple[str, str | None, datetime], ...] = ()
    pause: datetime | None = None
    again: datetime | None = None


def phase_at(times: RotationTimes, at: datetime) -> Phase:
    return times.phases[max(bisect_right([each.since for each in times.phases], at) - 1, 0)]


def answer(times: RotationTimes, at: datetime) -> Said:
    """What the page says at a moment."""
    phase = phase_at(times, at)

    def seated(numbers: tuple[int, ...], moment: datetime | None = None) -> tuple[Seated, ...]:
        found = (times.shifts[number] for number in numbers)
        return tuple(
            Seated(
                seat=each.seat,
                person=each.person,
                start=each.start,
                until=each.until,
                away=moment is not None and any(start <= moment < end for start, end in each.away),
            )
            for each in found
        )

    following = tuple((each.seat, each.person, each.start) for each in map(times.shifts.__getitem__, phase.following))
    on_duty = seated(phase.shifts, at if phase.state == "on" else None)
    return Said(phase.state, on_duty, following, phase.pause, phase.again)


def said(roster: Roster, schedule: Schedule, standing: Standing, at: datetime) -> Said:
    """What `setrota now` says at a moment, in the same terms."""
    found, rotation = standing.without_empty_optional(roster), standing.rotation

    def stays(duty: Duty) -> bool:
        period = schedule.period_of(duty)
        return is_open(roster, period) and duty.end == period.end

    def seated(duties: tuple[Duty, ...], moment: datetime | None = None) -> tuple[Seated, ...]:
        return tuple(
            Seated(
                seat=each.seat,
                person=each.person,
                start=instant_of(roster, rotation, each.start),
                until=None if stays(each) else instant(end_of_service(roster, each)),
                away=moment is not None and is_away(roster, each, moment),
            )
            for each in duties
        )

    following = tuple(
        (each.seat, each.person, instant_of(roster, rotation, each.start)) for each in found.successors if each
    )
    if not found.served:
        return Said("off", seated(found.following), again=found.again)
    if found.duties:
        again = found.again if found.pause else None
        return Said("on", seated(found.duties, at), following, found.pause, again)
    starts = None if found.starts is None else instant_of(roster, rotation, found.starts)
    state = "open" if found.is_voluntary else "nobody" if starts else "ended" if found.ended else "unplanned"
    return Said(state, (), following, again=starts)


def insist(roster: Roster, schedule: Schedule, moments: list[datetime]) -> dict[str, int]:
    """Insist that the page says at some moments what `setrota now` says; return how often each state was said."""
    page, states = team_page(roster, schedule), dict[str, int]()
    for at in moments:
        for times, standing in zip(page.rotations, standings_at(roster, schedule, at), strict=True):
            if at < times.phases[0].since or at >= times.phases[-1].since:
                continue  # before the page, or long after it
            found, wanted = answer(times, at), said(roster, schedule, standing, at)
            if wanted.pause is None and found.pause and found.pause - at > timedelta(days=32):
                found = found._replace(pause=None, again=None)  # too far away to be worth a line
            assert found == wanted, (times.rotation, at, phase_at(times, at), standing)
            states[found.state] = states.get(found.state, 0) + 1
            insist_on_holes(roster, times, standing, at)
    return states


def insist_on_holes(roster: Roster, times: RotationTimes, standing: Standing, at: datetime) -> None:
    """Insist that the plan ends, or has its next gap, where `setrota now` says so."""
    ahead = next((hole for hole in times.holes if hole.end is None or hole.end > at), None)
    if times.is_voluntary:
        assert not times.holes
    elif ahead is None:
        assert standing.is_complete, (times.rotation, at, standing)
    elif standing.is_hole:
        assert ahead.start <= at
    elif standing.served:
        until = instant_of(roster, standing.rotation, standing.until)
        assert max(ahead.start, at) == until, (times.rotation, at, ahead, standing)


def some_moments(rng: Random, roster: Roster, schedule: Schedule, number: int) -> list[datetime]:
    """Random moments around a schedule, and those at which something changes, and a second before and after them."""
    first = min(instant_of(roster, crew.period.rotation, crew.period.start) for crew in schedule.crews)
    last = max(instant_of(roster, crew.period.rotation, crew.period.end) for crew in schedule.crews)
    anywhere = [first + (last + 15 * samples.DAY - first) * rng.random() for _ in range(number)]
    return anywhere + [
        edge + shift for edge in rng.sample(edges(roster, schedule), number) for shift in (-SECOND, 0 * SECOND, SECOND)
    ]


def edges(roster: Roster, schedule: Schedule) -> list[datetime]:
    """The instants at which a duty or a stretch of service begins or ends, some more than once."""
    found = []
    for duty in schedule.duties():
        points = duty.start, duty.end
        found += [instant_of(roster, duty.rotation, point) for point in points]
        found += [edge for stretch in stretches(roster, duty.days) for edge in stretch]
    return found * 2 if len(found) > 40 else found * 40


# Every cadence


@pytest.mark.parametrize("name", ROTATIONS)
def test_every_cadence_over_both_changes_of_the_clocks(name: str) -> None:
    roster = samples.roster("ana bo cy dee", [ROTATIONS[name]])
    schedule = cadences.schedule(roster, date(2027, 1, 4), date(2027, 12, 6))
    assert insist(roster, schedule, some_moments(Random(name), roster, schedule, 40))["on"] > 10


@pytest.mark.parametrize("name", [path.stem for path in ROTAS])
def test_the_rotas_of_the_documentation(name: str) -> None:
    roster = replace(read_roster(next(path for path in ROTAS if path.stem == name)).roster, notes=SHOWS_ABSENCES)
    crews = [
        crew
        for rotation in roster.rotations
        for crew in cadences.schedule(
            roster, date(2027, 1, 1), date(2027, 5, 1), roster.members_of(rotation), [rotation]
        ).crews
    ]
    schedule = Schedule(roster.short_name, tuple(crews))
    assert insist(roster, schedule, some_moments(Random(name), roster, schedule, 30))["on"] > 10


@pytest.mark.parametrize("seed", seeds(150))
def test_random_grids_with_gaps_covers_and_closed_days(seed: int) -> None:
    rng = Random(f"page {seed}")
    roster = replace(random_grids.random_grid(seed), notes=SHOWS_ABSENCES)
    schedule = random_grids.random_schedule(rng, roster)
    if not schedule.crews:
        return
    states = insist(roster, schedule, some_moments(rng, roster, schedule, 10))
    for state, number in states.items():
        STATES[state] = STATES.get(state, 0) + number


STATES: dict[str, int] = {}


def test_the_random_grids_had_all_states() -> None:
    assert all(STATES[state] >= least(50) for state in ("on", "off", "nobody", "ended"))
