"""Rosters, crews and schedules for tests, each built from what a test is about; the rest is the same everywhere.

Weeks count from `MONDAY`, and people stand in one line: `"ana bo | cy -"` is two periods, the last seat is empty. What
only one folder needs (random rosters, oracles, calendars) stands there. Knows no file and no planner.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from setrota.dates.periods import Period
from setrota.roster import (
    ALWAYS,
    WORKING_DAYS,
    Exemption,
    Handover,
    Leave,
    Length,
    Person,
    Roster,
    Rotation,
    Rules,
    Team,
    seats_named,
)
from setrota.schedule import Change, Crew, Pool, Schedule

MONDAY = date(2027, 1, 4)
"""A handover on which two-week periods start as well: 156 weeks after the grid's anchor, 2024-01-08."""

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
PLANNED_AT = datetime(2026, 12, 1, 10, tzinfo=UTC)
ZONE = ZoneInfo("America/Toronto")
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


def week(number: int) -> date:
    """The Monday so many weeks after the first one; negative numbers lie before it."""
    return MONDAY + number * WEEK


def noon(day: date) -> datetime:
    """Noon of a day where the rota is, when its crew is on duty."""
    return datetime.combine(day, time(12), ZONE)


def leave(first: date, last: date | None = None, *, days: int = 1) -> Leave:
    """Leave up to and including the last day, or of so many days."""
    return Leave(first, last + DAY if last else first + days * DAY)


def exempt(rule: str, person: str, day: date) -> frozenset[Exemption]:
    return frozenset({Exemption(rule, person, day)})


def rotation(name: str = "engineer", seats: str | None = None, **facts: Any) -> Rotation:
    """A rotation with seats of these kinds (`"primary backup"`), by default one of its own name.

    A period is a week, the pool is called `NAMEs`, and nobody rests, unless `facts` say otherwise.
    """
    usual = {"every": Length(1), "serves": WORKING_DAYS, "leave_tolerance": 0, "pool": f"{name}s", "rest": Length(0)}
    return Rotation(name, seats=seats_named(tuple((seats or name).split())), **usual | facts)


ENGINEER = rotation("engineer", "primary backup engineer engineer")
LEAD = rotation("lead", every=Length(2))
PAIR = rotation("engineer", "primary backup")
PATTERN = rotation("pair", "backup primary", pattern=("backup", "primary"))

PEOPLE = (
    Person("ana", "Ana Silva", chat="ana"),
    Person("bo", "Bo Lindqvist", chat="bo.lindqvist"),
    Person("cy", "Cy Young", chat="cy"),
    Person("dee", "Dee Dee", chat="dee"),
    Person("eli", "Eli Eld", chat="eli"),
    Person("fay", "Fay Wray", chat="fay"),
    Person("gus", "Gus Grau", chat="gus"),
    Person("hal", "Hal Hund", chat="hal"),
    Person("ivy", "Ivy Iversen", chat="ivy"),
    Person("jo", "Jo Jung", chat="jo"),
)
TEAMS = (
    Team("channels", "Channels", {"leads": ("ana",), "engineers": ("bo", "cy", "dee", "eli")}),
    Team("platform", "Platform", {"leads": ("jo",), "engineers": ("fay", "gus", "hal", "ivy", "eli")}),
)


def roster(
    people: str | Iterable[Person | str] = PEOPLE,
    rotations: Rotation | Iterable[Rotation] = (ENGINEER, LEAD),
    teams: Mapping[str, str] | Iterable[Team] | None = None,
    **facts: Any,
) -> Roster:
    """A roster of which nothing is frozen.

    Teams given as text (`{"red": "ana bo"}`) feed every rotation. Without `teams`, `PEOPLE` are in `TEAMS`, and other
    people are all in one team.
    """
    handles = people.split() if isinstance(people, str) else people
    known = [Person(each) if isinstance(each, str) else each for each in handles]
    every = [rotations] if isinstance(rotations, Rotation) else list(rotations)
    if teams is None:
        teams = TEAMS if people is PEOPLE else {"all": " ".join(person.handle for person in known)}
    if isinstance(teams, Mapping):
        fed = {key: {each.pool: tuple(text.split()) for each in every} for key, text in teams.items()}
        teams = [Team(key, key.capitalize(), pools) for key, pools in fed.items()]
    usual = {
        "name": "Sustained Engineering",
        "short_name": "SET",
        "zone": ZONE,
        "handover": Handover(0, time(9)),
        "rules": Rules(freeze=Length(0)),
    }
    return Roster(
        rotations={each.name: each for each in every},
        teams={team.key: team for team in teams},
        people={person.handle: person for person in known},
        **usual | facts,
    )


def always_served(*of: Any, **facts: Any) -> Roster:
    """A roster like `roster`, in which somebody is on duty at all times."""
    return served_always(roster(*of, **facts))


def served_always(given: Roster) -> Roster:
    """A roster with nobody off duty at any time."""
    return replace(given, rotations={name: replace(each, serves=ALWAYS) for name, each in given.rotations.items()})


def renamed(name: str, handle: str = "bo", **facts: Any) -> Roster:
    """The roster of `PEOPLE`, of whom one is called otherwise."""
    people = [replace(person, name=name) if person.handle == handle else person for person in PEOPLE]
    return roster(people, teams=TEAMS, **facts)


def with_rules(given: Roster, **rules: Any) -> Roster:
    return replace(given, rules=given.rules._replace(**rules))


def crew(
    start: date,
    seats: str | Mapping[str, str | None],
    *,
    of: Rotation = ENGINEER,
    weeks: int | None = None,
    shares: Mapping[str, float] | None = None,
    changes: Iterable[Change] = (),
) -> Crew:
    """A crew that people wrote. Text names who has each seat in turn (`-`: nobody), and leaves further ones empty."""
    if isinstance(seats, str):
        handles = [None if handle == "-" else handle for handle in seats.split()]
        handles += [None] * (len(of.seats) - len(handles))
        seats = dict(zip((seat.name for seat in of.seats), handles, strict=True))
    period = Period(start, start + (weeks or of.every.number) * WEEK, of.name)
    return Crew(period, dict(seats), None if shares is None else Pool(dict(shares)), tuple(changes))


def computed(start: date, seats: str | Mapping[str, str | None], *, revision: int = 1, **facts: Any) -> Crew:
    """A crew that setrota planned on 1 December 2026; otherwise like `crew`."""
    return crew(start, seats, **facts).sealed(PLANNED_AT, revision)


def crews(periods: str, first: int = 0, of: Rotation = ENGINEER) -> list[Crew]:
    """Crews of consecutive periods, parted by `|`; the first starts in week `first`."""
    return [crew(week(first + number * of.every.number), text, of=of) for number, text in enumerate(periods.split("|"))]


def changed(given: Crew, seat: str, now: str | None, start: date | None = None, end: date | None = None) -> Crew:
    """The crew after somebody else took a seat, on some of its days or on all."""
    change = Change(NOW, seat, given.seats[seat], now, start=start, end=end)
    return replace(given, changes=(*given.changes, change))


def schedule(*found: Crew | Iterable[Crew]) -> Schedule:
    """A schedule of crews, given one by one or in lists."""
    return Schedule("SET", tuple(one for each in found for one in ([each] if isinstance(each, Crew) else each)))


SCHEDULE = schedule(
    computed(week(0), "bo cy dee eli"),
    computed(week(1), "fay gus hal ivy"),
    computed(week(2), "cy bo eli -"),
    computed(week(0), "ana", of=LEAD),
    computed(week(2), "jo", of=LEAD),
)
