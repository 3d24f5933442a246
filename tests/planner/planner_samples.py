"""Small rosters and past weeks for the tests of the planner, said in as few words as possible."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from setrota.dates.periods import Period
from setrota.planner import Range, Result, plan
from setrota.planner.program.costs import Weights
from setrota.roster import Handover, Leave, Person, Pin, Roster, Rotation, Rules, Team, seats_named
from setrota.schedule import Change, Crew, Pool, Schedule

MONDAY = date(2027, 1, 4)
"""A handover on which two-week periods start as well: 156 weeks after the grid's anchor, 2024-01-08."""

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)
DAY = timedelta(days=1)
ZONE = ZoneInfo("America/Toronto")
UNFROZEN = Rules(freeze_weeks=0)

DEFAULT_WEIGHTS = Weights()
FAIRNESS_ALONE = Weights(spacing=0.0, tie=0.0)
"""Without the soft terms, which give up a little fairness for spacing and ties."""


def week(number: int) -> date:
    """The Monday `number` weeks after the first of the range; negative ones lie in the past."""
    return MONDAY + number * WEEK


def rotation(
    name: str = "engineer", seats: str = "engineer", *, weeks: int = 1, rest: int = 0, cap: int | None = None
) -> Rotation:
    return Rotation(
        name, weeks=weeks, pool=f"{name}s", seats=seats_named(tuple(seats.split())), rest_weeks=rest, max_per_team=cap
    )


def away(start: date, end: date) -> Leave:
    """Leave with its last day included, as the roster's author writes it."""
    return Leave(start, end + DAY)


def roster(
    rotations: Rotation | Iterable[Rotation],
    people: Iterable[Person | str],
    teams: Iterable[Team] | None = None,
    rules: Rules = UNFROZEN,
    pins: Iterable[Pin] = (),
) -> Roster:
    """A roster; without `teams` everybody is of one team that feeds every rotation. Nothing is frozen."""
    every = (rotations,) if isinstance(rotations, Rotation) else tuple(rotations)
    known = [Person(person) if isinstance(person, str) else person for person in people]
    handles = tuple(person.handle for person in known)
    if teams is None:
        teams = [Team("all", "All", {each.pool: handles for each in every})]
    return Roster(
        name="Sustained Engineering",
        short_name="SET",
        zone=ZONE,
        handover=Handover(0, time(9)),
        rotations={each.name: each for each in every},
        teams={team.key: team for team in teams},
        people={person.handle: person for person in known},
        rules=rules,
        pins=tuple(pins),
    )


def crew(
    start: date,
    seats: Mapping[str, str | None],
    *,
    of: str = "engineer",
    weeks: int = 1,
    shares: Mapping[str, float] | None = None,
    changes: Iterable[Change] = (),
) -> Crew:
    """A crew that somebody wrote by hand; `shares` are those recorded with it, otherwise the roster's hold."""
    pool = None if shares is None else Pool(dict(shares))
    return Crew(Period(start, start + weeks * WEEK, of), dict(seats), pool, tuple(changes))


def schedule(*crews: Crew) -> Schedule:
    return Schedule("SET", crews)


def asked(
    first: int,
    weeks: int,
    *,
    look_ahead: int | None = None,
    again: bool = False,
    fill: bool = False,
    today: date = TODAY,
) -> Range:
    """The range of so many weeks from week `first` on."""
    return Range(
        start=week(first), end=week(first + weeks), today=today, look_ahead_weeks=look_ahead, again=again, fill=fill
    )


def planned(question: Roster, before: Schedule, wanted: Range, weights: Weights = DEFAULT_WEIGHTS) -> Result:
    """Plan what is known to have something to plan."""
    result = plan(question, before, wanted, NOW, weights=weights)
    assert result is not None
    return result


def duties_of(handle: str, crews: Iterable[Crew], of: str = "engineer") -> int:
    """How many duties of a rotation somebody was given."""
    return sum(handle in each.seats.values() for each in crews if each.period.rotation == of)
