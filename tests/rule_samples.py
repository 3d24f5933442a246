"""Rosters and schedules for the tests of the rules, said in as few words as possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from setrota.dates.periods import Period
from setrota.roster import Exemption, Handover, Leave, Person, Pin, Roster, Rotation, Rules, Team, seats_named
from setrota.rules import Violation, violations
from setrota.schedule import Change, Crew, Schedule

MONDAY = date(2027, 1, 4)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)

ENGINEER = Rotation(
    "engineer",
    weeks=1,
    pool="engineers",
    seats=seats_named(("primary", "backup", "engineer", "engineer")),
    rest_weeks=0,
)
LEAD = Rotation("lead", weeks=2, pool="leads", seats=seats_named(("lead",)), rest_weeks=0)


def week(number: int) -> date:
    """The Monday so many weeks after the first one."""
    return MONDAY + number * WEEK


def leave(first: date, days: int = 1) -> Leave:
    return Leave(first, first + DAY * days)


def exempt(rule: str, person: str, day: date) -> frozenset[Exemption]:
    return frozenset({Exemption(rule, person, day)})


def roster(
    people: str | Iterable[Person | str],
    rotations: Iterable[Rotation] = (ENGINEER, LEAD),
    teams: dict[str, str] | None = None,
    rules: Rules = Rules(),  # noqa: B008
    pins: Iterable[Pin] = (),
) -> Roster:
    """A roster; every person of a team (`all` without `teams`) feeds every rotation."""
    known = [
        Person(each) if isinstance(each, str) else each
        for each in (people.split() if isinstance(people, str) else people)
    ]
    pools = {each.pool for each in rotations}
    named = teams or {"all": " ".join(person.handle for person in known)}
    return Roster(
        name="Rota",
        short_name="R",
        zone=ZoneInfo("UTC"),
        handover=Handover(0, time(9)),
        rotations={each.name: each for each in rotations},
        teams={key: Team(key, key, {pool: tuple(handles.split()) for pool in pools}) for key, handles in named.items()},
        people={person.handle: person for person in known},
        rules=rules,
        pins=tuple(pins),
    )


def engineers(weeks: str, first: int = 0, of: Rotation = ENGINEER) -> list[Crew]:
    """Crews of consecutive periods, parted by `|`: who has each seat in turn, `-` is nobody; missing ones are empty."""
    found = []
    for number, people in enumerate(weeks.split("|")):
        start = week(first + number * of.weeks)
        handles = [None if handle == "-" else handle for handle in people.split()]
        handles += [None] * (len(of.seats) - len(handles))
        seats = {seat.name: handle for seat, handle in zip(of.seats, handles, strict=True)}
        found.append(Crew(Period(start, start + WEEK * of.weeks, of.name), seats))
    return found


def leads(periods: str, first: int = 0) -> list[Crew]:
    return engineers(periods, first, LEAD)


def schedule(*crews: Iterable[Crew]) -> Schedule:
    return Schedule("R", tuple(crew for some in crews for crew in some))


def changed(crew: Crew, seat: str, now: str | None, start: date | None = None, end: date | None = None) -> Crew:
    change = Change(NOW, seat, crew.seats[seat], now, start=start, end=end)
    return replace(crew, changes=(*crew.changes, change))


def broken(given: Roster, *crews: Iterable[Crew]) -> list[Violation]:
    return violations(given, schedule(*crews))


def told(given: Roster, *crews: Iterable[Crew], rule: str) -> list[tuple[date, tuple[str, ...]]]:
    """When and by whom a rule is broken; no other rule is."""
    found = broken(given, *crews)
    assert {each.rule for each in found} <= {rule}, found
    return [(each.period.start, each.people) for each in found]


def with_rules(given: Roster, **rules: Any) -> Roster:
    return replace(given, rules=given.rules._replace(**rules))
