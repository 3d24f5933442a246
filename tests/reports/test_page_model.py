"""The team's page as values: which part of a schedule it shows, what it never says about people, and how fair it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from random import Random
from typing import Any

import cadences
import pytest
import random_grids
import samples
from cadences import ROTATIONS
from samples import changed, computed, crew, week
from seeds import seeds

import setrota.reports.page
from setrota.fairness.balances import balances
from setrota.reports.fairness.verdict import fairness_summary
from setrota.reports.page import TeamPage, days_shown, team_page
from setrota.reports.page.shifts import rotation_times
from setrota.roster import Away, Closed, Leave, Length, Person, Roster, Team
from setrota.roster.notes import Notes, Page
from setrota.schedule import Schedule

EVERYTHING = Notes(page=Page(contact="email", away=True))


# Which part of a long schedule it shows


def weeks(number: int, *, decided: datetime | None = None, of: Any = samples.ENGINEER) -> Schedule:
    """So many weeks in a row from 4 January 2027 on, planned at a moment or written by hand."""
    crews = [crew(week(turn), "bo cy dee eli", of=of) for turn in range(number)]
    return samples.schedule(each.sealed(decided, 1) if decided else each for each in crews)


def test_a_short_schedule_is_shown_as_a_whole() -> None:
    assert days_shown(samples.roster(), weeks(26, decided=samples.PLANNED_AT)) == (week(0), week(26))
    assert days_shown(samples.roster(), weeks(26)) == (week(0), week(26))


def test_of_a_long_one_the_last_15_months_are_shown() -> None:
    late = weeks(130, decided=datetime(2029, 5, 1, 10, tzinfo=UTC))
    assert days_shown(samples.roster(), late) == (date(2028, 4, 2), week(130))
    assert week(130) == date(2029, 7, 2)


def test_everything_is_shown_that_was_ahead_at_the_last_decision() -> None:
    early = weeks(130, decided=datetime(2027, 9, 1, 3, tzinfo=UTC))  # in Toronto it is still August
    assert days_shown(samples.roster(), early) == (date(2027, 8, 31), week(130))
    covered = changed(early.crews[0], "primary", "fay")
    later = replace(covered, changes=(replace(covered.changes[0], at=datetime(2028, 2, 1, 12, tzinfo=UTC)),))
    assert days_shown(samples.roster(), early.updated([later])) == (date(2028, 2, 1), week(130))


def test_without_a_record_of_any_decision_three_years_are_shown() -> None:
    assert days_shown(samples.roster(), weeks(200)) == (date(2027, 11, 4), week(200))
    assert week(200) == date(2030, 11, 4)


def test_a_period_that_runs_on_the_first_day_is_shown_as_a_whole() -> None:
    page = team_page(samples.roster(), weeks(130, decided=datetime(2029, 5, 1, 10, tzinfo=UTC)))
    assert page.start == date(2028, 4, 2)
    assert page.tables[0].rows[0].start == date(2028, 3, 27)
    assert page.rotations[0].shifts[0].start.date() == date(2028, 3, 27)
    # What was before isn't known to the page, but for the weekend before it, which nobody serves.
    weekend, first = page.rotations[0].phases[:2]
    assert (weekend.state, weekend.since.date()) == ("off", date(2028, 3, 25))
    assert (first.state, first.since.date()) == ("on", date(2028, 3, 27))
    assert page.grid is not None
    assert page.grid.columns[0].start == date(2028, 3, 27)


def test_a_period_that_ends_on_the_first_day_is_not_shown() -> None:
    found = rotation_times(samples.roster(), samples.SCHEDULE, "engineer", week(1))
    assert [shift.person for shift in found.shifts[:4]] == ["fay", "gus", "hal", "ivy"]


def test_a_rotation_that_ended_before_the_first_day_still_has_ended() -> None:
    schedule = weeks(130, decided=datetime(2029, 5, 1, 10, tzinfo=UTC))
    _, leads = team_page(samples.roster(), schedule.updated([crew(week(0), "ana", of=samples.LEAD)])).rotations
    assert [phase.state for phase in leads.phases] == ["ended"]
    assert [(hole.start, hole.end) for hole in leads.holes] == [(datetime(2027, 1, 18, 14, tzinfo=UTC), None)]


def test_an_empty_schedule_has_a_page() -> None:
    page = team_page(samples.roster(), Schedule("SET"))
    assert (page.start, page.end, page.tables, page.fairness, page.grid) == (None, None, (), None, None)
    assert [[phase.state for phase in each.phases] for each in page.rotations] == [["unplanned"], ["unplanned"]]
    assert [each.holes for each in page.rotations] == [(), ()]


# It doesn't depend on the clock


def test_nothing_asks_the_clock() -> None:
    """The same schedule gives the same page: there is no call of a function that says what time it is."""
    for path in Path(setrota.reports.page.__file__).parent.glob("*.py"):
        called = {node.attr for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Attribute)}
        assert called.isdisjoint({"now", "today", "utcnow", "time", "monotonic", "environ", "getenv"}), path


def test_the_same_schedule_gives_the_same_page() -> None:
    roster, schedule = samples.roster(), samples.SCHEDULE
    assert team_page(roster, schedule) == team_page(replace(roster, known_times={}), schedule)


# Warnings of the end of a plan


@pytest.mark.parametrize(
    ("warn", "warned"),
    [
        (Length(2), datetime(2027, 3, 8, 14, tzinfo=UTC)),  # before the clocks change: 9 o'clock is 14:00 UTC
        (Length(3, "days"), datetime(2027, 3, 19, 13, tzinfo=UTC)),
        (Length(1, "months"), datetime(2027, 2, 22, 14, tzinfo=UTC)),
        (Length(0, "days"), datetime(2027, 3, 22, 13, tzinfo=UTC)),
    ],
)
def test_it_warns_so_long_before_the_plan_ends(warn: Length, warned: datetime) -> None:
    roster = samples.roster(notes=Notes(page=Page(warn=warn)))
    [engineers, _] = team_page(roster, weeks(11)).rotations
    [hole] = engineers.holes
    assert (hole.start, hole.end, hole.warned) == (datetime(2027, 3, 22, 13, tzinfo=UTC), None, warned)


def test_of_a_rotation_that_is_closed_for_good_no_plan_ends() -> None:
    roster = samples.roster(closed=Closed(((week(2), date.max),)))
    times, _ = team_page(roster, weeks(2)).rotations
    assert times.holes == ()
    assert (times.phases[-1].state, times.phases[-1].again) == ("off", None)


def test_each_rotation_has_its_own_end_and_its_own_gaps() -> None:
    roster = samples.roster()
    schedule = samples.schedule(
        crew(week(0), "bo cy dee eli"), crew(week(2), "bo cy dee eli"), crew(week(0), "ana", of=samples.LEAD)
    )
    engineers, leads = team_page(roster, schedule).rotations
    at = [datetime.combine(week(number), samples.noon(week(0)).time(), UTC).replace(hour=14) for number in range(4)]
    assert [(hole.start, hole.end) for hole in engineers.holes] == [(at[1], at[2]), (at[3], None)]
    assert [(hole.start, hole.end) for hole in leads.holes] == [(at[2], None)]


# What it never says


SECRETS = ("lindqvist@example.com", "PABC123", "flu", "novice")


def told(value: Any) -> Iterator[str]:
    """Every text that is somewhere in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in (*value, *value.values()):
            yield from told(each)
    elif isinstance(value, tuple | list | frozenset):
        for each in value:
            yield from told(each)
    elif hasattr(value, "__dict__"):
        yield from told(vars(value))


def known(**facts: Any) -> Roster:
    """The usual roster, of which much is known about Bo."""
    secrets = {"email": SECRETS[0], "accounts": {"pagerduty": SECRETS[1]}, **facts}
    people = [replace(person, **secrets) if person.handle == "bo" else person for person in samples.PEOPLE]
    return samples.roster(people, teams=samples.TEAMS)


@pytest.mark.parametrize(("contact", "shown"), [("chat", None), ("email", SECRETS[0])])
def test_addresses_are_there_only_if_the_roster_asks_for_them(contact: Any, shown: str | None) -> None:
    page = team_page(replace(known(), notes=Notes(page=Page(contact=contact))), samples.SCHEDULE)
    bo = next(each for each in page.people if each.handle == "bo")
    assert (bo.name, bo.chat, bo.email, bo.teams) == ("Bo Lindqvist", "@bo.lindqvist", shown, ("channels",))
    assert (SECRETS[0] in set(told(page))) is (shown is not None)
    assert not {*SECRETS[1:]} & set(told(page))


def test_people_without_a_chat_handle_have_their_own_and_those_who_call_everyone_none() -> None:
    people = [Person("ana"), Person("all", "Al L"), Person("bo", chat="@here")]
    page = team_page(samples.roster(people, samples.PAIR), samples.schedule(crew(week(0), "ana gone", of=samples.PAIR)))
    assert [(each.handle, each.name, each.chat) for each in page.people] == [
        ("ana", "ana", "@ana"),
        ("all", "Al L", None),
        ("bo", "bo", None),
        ("gone", "gone", None),
    ]


def absences(roster: Roster) -> Roster:
    """The roster without all that says when people are away, what they would like, and what they are tagged as."""
    people = {
        handle: Person(person.handle, person.name, chat=person.chat, start=person.start, end=person.end)
        for handle, person in roster.people.items()
    }
    teams = {key: replace(team, away=()) for key, team in roster.teams.items()}
    return replace(roster, people=people, teams=teams)


def with_pools(schedule: Schedule, roster: Roster) -> Schedule:
    """The schedule with everyone in each recorded pool, as if nobody had been away for long."""
    shares = dict.fromkeys(roster.people, 1.0)
    return replace(schedule, crews=tuple(replace(crew, pool=samples.Pool(shares)) for crew in schedule.crews))


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(60))
def test_that_people_are_away_changes_nothing_on_the_page_unless_the_roster_asks_for_it(seed: int) -> None:
    rng = Random(f"away {seed}")
    roster = random_grids.random_grid(seed)
    away = Away(random_grids.BEGINNING, random_grids.BEGINNING + 20 * samples.DAY)
    roster = replace(roster, teams={key: replace(team, away=(away,)) for key, team in roster.teams.items()})
    schedule = with_pools(random_grids.random_schedule(rng, roster), roster)
    page = team_page(roster, schedule)
    assert page == team_page(absences(roster), schedule)
    assert not any(shift.away for times in page.rotations for shift in times.shifts)
    if page.grid is not None:
        assert not any(cell.away for row in page.grid.rows for cell in row.cells)


def absent(**facts: Any) -> TeamPage:
    """The page of a roster in which Bo is away on the Tuesday and Wednesday of their week, and all of the next."""
    roster = replace(known(**facts), notes=EVERYTHING)
    return team_page(roster, samples.SCHEDULE)


def test_it_says_when_people_are_away_and_never_why() -> None:
    days = [(week(0) + samples.DAY, week(0) + 3 * samples.DAY), (week(1), week(2))]
    page = absent(leave=tuple(Leave(*each) for each in days))
    bo = next(shift for shift in page.rotations[0].shifts if shift.person == "bo")
    zone = samples.ZONE
    served = [(date(2027, 1, day), date(2027, 1, day + 1)) for day in (5, 6)]
    assert [(start.astimezone(zone).date(), end.astimezone(zone).date()) for start, end in bo.away] == served
    assert page.grid is not None
    row = next(row for row in page.grid.rows if row.person == "bo")
    assert [cell.away for cell in row.cells] == [False, True, False, False]


def test_leave_and_days_off_look_the_same() -> None:
    tuesdays = tuple(Leave(day, day + samples.DAY) for day in (week(number) + samples.DAY for number in range(-60, 60)))
    assert absent(leave=tuesdays) == absent(works=frozenset(range(7)) - {1})


def test_what_is_private_in_a_schedule_stays_there() -> None:
    given = changed(computed(week(0), "bo cy dee eli"), "primary", "fay")
    change = replace(given.changes[0], reason="flu", forced=("rest",))
    schedule = samples.schedule(replace(given, changes=(change,)))
    texts = set(told(team_page(replace(known(tags=frozenset({"novice"})), notes=EVERYTHING), schedule)))
    assert not {*SECRETS[1:], "rest"} & texts


# Fairness


def test_verdict_proof_and_numbers_are_those_of_setrota_fairness() -> None:
    roster, schedule = samples.roster(), samples.SCHEDULE
    page = team_page(roster, schedule)
    assert page.fairness is not None
    summary = fairness_summary(roster, schedule, week(0), week(4))
    assert page.fairness.summary.sentences == summary.sentences
    assert page.fairness.summary.proofs == summary.proofs
    for found, wanted in zip(page.fairness.summary.rotations, summary.rotations, strict=True):
        assert (found.teams, found.counts) == (wanted.teams, wanted.counts)
        assert found.people == tuple(replace(person, trail=()) for person in wanted.people)


@pytest.mark.parametrize("seed", seeds(40))
def test_a_line_has_the_balances_around_its_person_s_duties(seed: int) -> None:
    """Between them nobody's balance rises, so the line shows how far it gets from 0."""
    roster = random_grids.random_grid(seed)
    schedule = random_grids.random_schedule(Random(f"lines {seed}"), roster)
    page = team_page(roster, schedule)
    if page.fairness is None:
        return
    found = balances(schedule, roster, page.fairness.summary.start, page.fairness.summary.end)
    known_balances = {(each.person, each.rotation): each for each in found}
    lines = {(line.person, line.rotation): line for line in page.fairness.lines}
    assert lines.keys() == known_balances.keys()
    for key, line in lines.items():
        wanted = known_balances[key]
        trail = [wanted.opening, *(each.balance for each in wanted.trail)]
        assert all(corner.balance == trail[corner.period + 1] for corner in line.corners)
        assert (line.corners[0].period, line.corners[-1].period) == (-1, len(trail) - 2)
        assert max(abs(corner.balance) for corner in line.corners) >= abs(wanted.worst_deviation)
        assert len(page.fairness.periods[line.rotation]) == len(trail)


def test_volunteers_have_no_line() -> None:
    help_ = samples.rotation("help", "cake", optional=frozenset({"cake"}))
    roster = samples.roster("ana bo", [help_, ROTATIONS["weekly"]])
    schedule = cadences.schedule(roster, week(0), week(4))
    page = team_page(roster, schedule)
    assert page.fairness is not None
    assert {line.rotation for line in page.fairness.lines} == {"weekly"}
    assert [each.rotation for each in page.fairness.summary.rotations] == ["help", "weekly"]


# Teams and people


@pytest.mark.parametrize("seed", seeds(60))
def test_everyone_who_is_named_is_among_the_people(seed: int) -> None:
    roster = random_grids.random_grid(seed)
    schedule = random_grids.random_schedule(Random(f"named {seed}"), roster)
    gone = dict.fromkeys([*roster.people, "gone"], 1.0)
    crews = [replace(each, pool=samples.Pool(gone)) for each in schedule.crews]
    page = team_page(roster, replace(schedule, crews=tuple(crews)))
    named = {shift.person for times in page.rotations for shift in times.shifts}
    named |= {e.person for table in page.tables for row in table.rows for cell in row.cells for e in cell.entries}
    named |= {row.person for row in page.grid.rows} if page.grid else set()
    named |= {each.person for of in page.fairness.summary.rotations for each in of.people} if page.fairness else set()
    assert named - {None} <= {each.handle for each in page.people}
    assert len({each.handle for each in page.people}) == len(page.people)


def test_people_are_in_the_order_of_teams_then_those_in_none_then_former_ones() -> None:
    people = [Person("zoe"), Person("ana"), Person("bo")]
    teams = [Team("red", "Red Team", {"engineers": ("bo", "ana")}), Team("blue", "Blue", {"engineers": ("ana",)})]
    roster = samples.roster(people, samples.PAIR, teams)
    page = team_page(roster, samples.schedule(crew(week(0), "gone bo", of=samples.PAIR)))
    assert [(each.handle, each.teams) for each in page.people] == [
        ("bo", ("red",)), ("ana", ("red", "blue")), ("zoe", ()), ("gone", ()),
    ]  # fmt: skip
    assert [(team.key, team.name) for team in page.teams] == [("red", "Red Team"), ("blue", "Blue")]
    assert (page.name, page.short_name, page.zone, page.city) == (
        "Sustained Engineering", "SET", "America/Toronto", "Toronto",
    )  # fmt: skip
