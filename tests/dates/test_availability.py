"""Who is available: both sides of each boundary. The week of Monday 2027-02-08 ends on Sunday 2027-02-14."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from random import Random

import pytest
from samples import DAY, exempt, leave, roster, rotation, week, with_rules
from seeds import seeds

from setrota.dates.availability import absence, absences, absentees, long_leave, present, seat_obstacles
from setrota.dates.periods import Period
from setrota.roster import Away, Exemption, Leave, Length, Person, Roster, Team
from setrota.schedule.pools import pool_of

WEEK = Period(date(2027, 2, 8), date(2027, 2, 15), "engineer")
ROTATION = rotation("engineer", "primary backup", rest=Length(1))


@pytest.mark.parametrize(
    ("person", "reason"),
    [
        (Person("bo", start=date(2027, 2, 8)), None),
        (Person("bo", start=date(2027, 2, 9)), "not joined yet"),
        # `end` is the first day after: there on Friday the 12th, the last working day.
        (Person("bo", end=date(2027, 2, 13)), None),
        (Person("bo", end=date(2027, 2, 12)), "left"),
        (Person("bo", leave=(Leave(date(2027, 2, 13), date(2027, 2, 15)),)), None),
        (Person("bo", leave=(Leave(date(2027, 2, 12), date(2027, 2, 13)),)), "away"),
        (Person("bo", leave=(Leave(date(2027, 2, 1), date(2027, 2, 8)),)), None),
    ],
)
def test_who_can_serve(person: Person, reason: str | None) -> None:
    assert absence(roster([person], ROTATION), "bo", WEEK) == reason


def test_who_is_not_in_the_pool_is_never_there() -> None:
    assert absence(roster("bo", ROTATION), "cy", WEEK) == "not in the pool"
    assert not present(roster("bo", ROTATION), "cy", WEEK)


@pytest.mark.parametrize(
    ("leave", "accrues"),
    [
        # 28 days, four weeks: ordinary leave, shares keep accruing.
        ((Leave(date(2027, 2, 1), date(2027, 3, 1)),), True),
        # 29 days: long leave.
        ((Leave(date(2027, 2, 1), date(2027, 3, 2)),), False),
        # Two entries with only a weekend between them are one stretch of 31 days.
        ((Leave(date(2027, 2, 1), date(2027, 2, 13)), Leave(date(2027, 2, 15), date(2027, 3, 4))), False),
        # A working day between them: two stretches, each too short.
        ((Leave(date(2027, 2, 1), date(2027, 2, 12)), Leave(date(2027, 2, 15), date(2027, 3, 4))), True),
        # A long leave that touches only the week's Sunday.
        ((Leave(date(2027, 2, 14), date(2027, 4, 1)),), True),
    ],
)
def test_only_long_leave_stops_the_clock(leave: tuple[Leave, ...], accrues: bool) -> None:
    assert present(roster([Person("bo", leave=leave)], ROTATION), "bo", WEEK) is accrues


def test_entries_inside_another_do_not_cut_it_short() -> None:
    whole, inside = Leave(date(2027, 1, 4), date(2027, 6, 1)), Leave(date(2027, 2, 1), date(2027, 2, 6))
    assert long_leave(roster([Person("bo", leave=(inside, whole))], ROTATION), "bo") == (whole,)


def test_a_pool_has_shares_and_who_is_not_ready() -> None:
    half = Person("cy", shares={"engineer": 0.5}, not_seats=frozenset({"primary"}))
    pool = pool_of(roster([half, Person("bo"), Person("dee", start=date(2028, 1, 3))], ROTATION), WEEK)
    assert pool.shares == {"bo": 1.0, "cy": 0.5}
    assert pool.barred == {"primary": frozenset({"cy"})}


def tolerating(days: int, person: Person) -> Roster:
    return roster([person], replace(ROTATION, leave_tolerance=days))


def with_team_away(away: Away, *people: Person) -> Roster:
    given = roster(people, ROTATION)
    return replace(given, teams={**given.teams, "other": Team("other", "Other", {"leads": ("bo",)}, (away,))})


@pytest.mark.parametrize(
    ("person", "days"),
    [
        (Person("bo", leave=(Leave(date(2027, 2, 8), date(2027, 2, 10)),)), 2),
        # Friday to Monday: one working day of this week.
        (Person("bo", leave=(Leave(date(2027, 2, 12), date(2027, 2, 16)),)), 1),
        # Monday to Wednesday at work: two days away; one of them on leave as well counts once.
        (Person("bo", works=frozenset({0, 1, 2})), 2),
        (Person("bo", works=frozenset({0, 1, 2}), leave=(Leave(date(2027, 2, 10), date(2027, 2, 12)),)), 3),
        # Two entries for one day.
        (Person("bo", leave=(Leave(date(2027, 2, 8), date(2027, 2, 9)), Leave(date(2027, 2, 8), date(2027, 2, 9)))), 1),
        (Person("bo", works=frozenset({0, 1, 2, 3, 4})), 0),
    ],
)
def test_so_many_days_away_are_tolerated(person: Person, days: int) -> None:
    assert absence(tolerating(days, person), "bo", WEEK) is None
    if days:
        assert absence(tolerating(days - 1, person), "bo", WEEK) == "away"


def test_days_off_every_week_are_no_long_leave() -> None:
    assert present(roster([Person("bo", works=frozenset({0}))], ROTATION), "bo", WEEK)


@pytest.mark.parametrize(
    ("weeks", "accrues"),
    # Nine weeks of leave.
    [(8, False), (9, True)],
)
def test_the_roster_says_how_long_leave_must_be(weeks: int, accrues: bool) -> None:
    given = roster([Person("bo", leave=(Leave(date(2027, 1, 4), date(2027, 3, 8)),))], ROTATION)
    given = replace(given, rules=given.rules._replace(long_leave=Length(weeks)))
    assert present(given, "bo", WEEK) is accrues


@pytest.mark.parametrize(
    ("first", "end", "away"),
    [
        (date(2027, 2, 12), date(2027, 2, 13), True),
        (date(2027, 2, 13), date(2027, 2, 16), False),
        (date(2027, 2, 1), date(2027, 2, 8), False),
        (date(2027, 2, 1), date(2027, 2, 9), True),
    ],
)
def test_a_team_that_is_away_lends_nobody(first: date, end: date, away: bool) -> None:
    given = with_team_away(Away(first, end), Person("bo"), Person("cy"))
    assert absence(given, "bo", WEEK) == ("team away" if away else None)
    assert present(given, "bo", WEEK) is not away
    assert absence(given, "cy", WEEK) is None
    assert list(pool_of(given, WEEK).shares) == (["cy"] if away else ["bo", "cy"])


def test_a_team_that_owes_goes_on_accruing() -> None:
    given = with_team_away(Away(WEEK.start, WEEK.end, owes=True), Person("bo"))
    assert absence(given, "bo", WEEK) == "team away"
    assert present(given, "bo", WEEK)


def test_every_reason_is_found() -> None:
    person = Person("bo", end=date(2027, 2, 10), leave=(Leave(date(2027, 2, 8), date(2027, 2, 9)),))
    given = with_team_away(Away(WEEK.start, WEEK.end), person)
    assert list(absences(given, "bo", WEEK)) == ["left", "away", "team away"]
    assert list(absences(given, "nobody", WEEK)) == ["not in the pool"]


@pytest.mark.parametrize(
    ("day", "reasons"), [(date(2027, 2, 14), ["team away"]), (date(2027, 2, 15), ["away", "team away"])]
)
def test_what_a_person_is_exempt_from_is_no_reason(day: date, reasons: list[str]) -> None:
    given = with_team_away(Away(WEEK.start, WEEK.end), Person("bo", leave=(Leave(date(2027, 2, 8), date(2027, 2, 9)),)))
    given = replace(given, rules=given.rules._replace(exemptions=frozenset({Exemption("leave", "bo", day)})))
    assert list(absences(given, "bo", WEEK)) == reasons


def test_a_kind_of_seat_that_is_kept_for_other_teams_is_one_they_are_not_ready_for() -> None:
    given = roster("bo cy", ROTATION)
    teams = {**given.teams, "red": Team("red", "Red", {"engineers": ("bo",)})}
    given = replace(
        given, teams=teams, rotations={"engineer": replace(ROTATION, seat_teams={"primary": frozenset({"red"})})}
    )
    assert pool_of(given, WEEK).barred == {"primary": frozenset({"cy"})}


@pytest.mark.parametrize(
    ("rule", "day", "obstacles"),
    [
        ("not-seats", WEEK.start, ("seat-teams",)),
        ("not-seats", date(2027, 2, 14), ("seat-teams",)),
        ("not-seats", WEEK.end, ("not-seats", "seat-teams")),
        ("seat-teams", WEEK.start, ("not-seats",)),
        ("leave", WEEK.start, ("not-seats", "seat-teams")),
    ],
)
def test_an_exception_opens_a_kind_of_seat_in_its_own_period_only(
    rule: str, day: date, obstacles: tuple[str, ...]
) -> None:
    kept = replace(ROTATION, seat_teams={"primary": frozenset({"red"})})
    given = roster(["ana", Person("bo", not_seats=frozenset({"primary"}))], kept, {"red": "ana", "blue": "bo"})
    given = with_rules(given, exemptions=exempt(rule, "bo", day))
    assert seat_obstacles(given, "bo", WEEK, "primary") == obstacles
    assert seat_obstacles(given, "bo", WEEK, "backup") == ()
    assert seat_obstacles(given, "ana", WEEK, "primary") == ()
    assert seat_obstacles(given, "a stranger", WEEK, "primary") == ()
    # The usual shares accrue, whatever the exceptions for a single period.
    assert pool_of(given, WEEK).barred == {"primary": frozenset({"bo"})}


@pytest.mark.parametrize("seed", seeds(100))
def test_the_absentees_of_many_periods_are_those_who_are_not_present_in_each(seed: int) -> None:
    random = Random(f"absentees {seed}")

    def day() -> date:
        return week(random.randrange(10)) + DAY * random.randrange(7)

    def some_leave() -> Leave:
        return leave(day(), days=random.choice([1, 2, 7, 14, 40]))

    def some_person(handle: str) -> Person:
        start, end = (day() if random.random() < 0.3 else None for _ in range(2))
        return Person(handle, start=start, end=end, leave=tuple(some_leave() for _ in range(random.randrange(4))))

    people = [some_person(f"p{number}") for number in range(8)]
    away = tuple(Away(*some_leave(), owes=random.random() < 0.5) for _ in range(2))
    teams = [
        Team("red", "Red", {"engineers": ("p0", "p1", "p2", "p3")}, away),
        Team("blue", "Blue", {"engineers": ("p3", "p4", "p5", "p6")}),
    ]
    given = with_rules(roster(people, ROTATION, teams), long_leave=Length(random.choice([1, 4])))
    # Periods as they are in files: of any length, some without a working day, some with a gap between them.
    borders = sorted({day() for _ in range(12)} | {week(5) + 5 * DAY, week(6)})
    periods = [Period(*days, "engineer") for days in pairwise(borders) if random.random() < 0.8]
    assert absentees(given, "engineer", periods) == [
        {handle for handle in given.members_of("engineer") if not present(given, handle, period)} for period in periods
    ]
