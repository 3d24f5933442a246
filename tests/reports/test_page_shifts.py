"""Who is on duty when, as the team's page has it: at any instant what `setrota now` says, of any cadence.

`answer` looks a moment up as a browser does, from the instants alone; `said` is what `setrota now` would say.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import NamedTuple

import cadences
import pytest
import random_grids
import samples
from cadences import ROTATIONS
from samples import week
from seeds import least, seeds

from setrota.dates.grid import is_open
from setrota.dates.periods import Period, instant_of, point_at
from setrota.dates.service import ends, stretches
from setrota.files.roster import read_roster
from setrota.reports.page import team_page
from setrota.reports.page.shifts import Phase, RotationTimes
from setrota.roster import ALWAYS, Closed, Roster
from setrota.roster.notes import Notes, Page
from setrota.schedule import Crew, Duty, Schedule
from setrota.schedule.standings import Standing, is_away, standings_at

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

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
                until=None if stays(each) else ends(roster, each.days),
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
            begins = times.phases[:2][-1].since
            if at >= times.phases[-1].since or (at < begins and not standing.served):
                continue  # long after or before all crews, hours of service are left out
            found, wanted = answer(times, at), said(roster, schedule, standing, at)
            if wanted.pause is None and found.pause and found.pause - at > timedelta(days=32):
                found = found._replace(pause=None, again=None)  # too far away to be worth a line
            assert found == wanted, (times.rotation, at, phase_at(times, at), standing)
            states[found.state] = states.get(found.state, 0) + 1
            if at >= begins:
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
    first -= 5 * samples.DAY
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


# Some moments


def page_of(roster: Roster, schedule: Schedule) -> RotationTimes:
    """The times of the only rotation of a roster."""
    [times] = team_page(roster, schedule).rotations
    return times


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def on_duty(times: RotationTimes, at: str) -> list[str | None]:
    found = answer(times, utc(at))
    return [each.person for each in found.seated] if found.state == "on" else []


def test_handovers_keep_their_hour_when_the_clocks_change() -> None:
    roster = samples.roster("ana bo cy dee", [ROTATIONS["daily"]])
    times = page_of(roster, cadences.schedule(roster, date(2027, 3, 12), date(2027, 3, 17)))
    assert on_duty(times, "2027-03-13T13:59:59") == ["ana"]
    assert on_duty(times, "2027-03-13T14:00") == ["bo"]
    assert on_duty(times, "2027-03-14T12:59:59") == ["bo"]  # 08:59:59 in summer time
    assert on_duty(times, "2027-03-14T13:00") == ["cy"]


def test_a_cover_takes_over_at_its_minute() -> None:
    roster = samples.always_served("ana bo cy", samples.rotation())
    given = Crew(Period(week(0), week(1), "engineer"), {"engineer": "ana"})
    start, end = (point_at(roster, "engineer", utc(f"2027-01-06T{hour}")) for hour in ("18:30", "20:15"))
    times = page_of(roster, Schedule("SET", (samples.changed(given, "engineer", "bo", start, end),)))
    instants = ("18:29:59", "18:30", "20:14:59", "20:15")
    assert [on_duty(times, f"2027-01-06T{hour}") for hour in instants] == [["ana"], ["bo"], ["bo"], ["ana"]]
    assert answer(times, utc("2027-01-06T18:00")).following == (("engineer", "bo", utc("2027-01-06T18:30")),)
    assert answer(times, utc("2027-01-06T19:00")).seated[0].until == utc("2027-01-06T20:15")


def test_service_pauses_within_a_duty() -> None:
    roster = samples.roster("ana bo cy dee", [ROTATIONS["night"]])
    times = page_of(roster, cadences.schedule(roster, week(0), week(2)))
    night = answer(times, utc("2027-01-06T02:00"))
    assert (night.state, night.pause, night.again) == ("on", utc("2027-01-06T14:30"), utc("2027-01-06T22:30"))
    noon = answer(times, utc("2027-01-06T17:00"))
    assert (noon.state, noon.again, noon.seated[0].person) == ("off", utc("2027-01-06T22:30"), "ana")
    last = answer(times, utc("2027-01-18T16:00"))
    assert (last.state, last.again, last.seated) == ("off", utc("2027-01-18T22:30"), ())
    assert answer(times, utc("2027-01-18T23:00")).state == "ended"


def test_nobody_is_missing_while_it_is_closed() -> None:
    closed = Closed(((date(2027, 1, 12), date(2027, 1, 14)),))
    roster = samples.roster("ana bo cy dee", [ROTATIONS["weekly"]], closed=closed)
    times = page_of(roster, cadences.schedule(roster, week(0), week(3)))
    found = [answer(times, utc(f"2027-01-{day}T14:00")) for day in (11, 12, 14)]
    assert [each.state for each in found] == ["on", "off", "on"]
    assert (found[0].pause, found[0].again) == (utc("2027-01-12T14:00"), utc("2027-01-14T14:00"))
    assert [each.person for each in found[1].seated] == ["bo", "cy"]


def test_nobody_is_missing_where_people_volunteer() -> None:
    cake = samples.rotation("help", "cake", optional=frozenset({"cake"}), serves=ALWAYS)
    roster = samples.roster("ana bo", [cake])
    people = {0: "ana", 2: None, 3: "bo"}
    crews = [samples.crew(week(number), {"cake": person}, of=cake) for number, person in people.items()]
    times = page_of(roster, samples.schedule(crews))
    found = [answer(times, utc(f"2027-01-{day:02}T17:00")) for day in (3, 4, 11, 18, 25)]
    assert [each.state for each in found] == ["open", "on", "open", "on", "on"]
    assert [[seat.person for seat in each.seated] for each in found] == [[], ["ana"], [], [None], ["bo"]]
    assert answer(times, utc("2027-02-02T17:00")) == Said("open")
    assert (times.is_voluntary, times.holes) == (True, ())


def test_a_turn_that_is_open_has_no_end() -> None:
    roster = samples.roster("ana bo cy dee", [ROTATIONS["release"]])
    times = page_of(roster, cadences.schedule(roster, date(2027, 1, 5), date(2027, 5, 1)))
    found = answer(times, utc("2029-01-01T12:00"))
    assert (found.state, found.seated[0].person, found.seated[0].until, times.holes) == ("on", "dee", None, ())


def test_before_the_first_crew_it_says_who_begins() -> None:
    roster = samples.roster("ana bo cy dee", [ROTATIONS["weekly"]])
    times = page_of(roster, cadences.schedule(roster, week(0), week(2)))
    found = answer(times, utc("2026-12-01T12:00"))
    assert (found.state, found.again) == ("nobody", utc("2027-01-04T14:00"))
    assert [(seat, person) for seat, person, _ in found.following] == [("primary", "ana"), ("backup", "bo")]


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
