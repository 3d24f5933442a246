"""Random rosters whose rotations have any cadence: days, weeks, months and listed starts, with spans, closed days, rest
and counts of all kinds.

Every handover is legal: it lies inside no span. What a seed makes never changes with the number of questions asked.
Knows no file and no planner.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from setrota.dates.grid import periods_from
from setrota.dates.periods import Period, instant_of, point_at
from setrota.roster import (
    ALWAYS,
    EVERY_DAY,
    NEVER_CLOSED,
    WORKING_DAYS,
    Closed,
    Handover,
    Holidays,
    Leave,
    Length,
    Person,
    Roster,
    Rotation,
    Rules,
    Span,
    Team,
    seats_named,
)
from setrota.schedule import Change, Crew, Schedule

DAY = timedelta(days=1)
BEGINNING = date(2027, 1, 1)
DECIDED = datetime(2026, 12, 1, 10, tzinfo=UTC)
HANDLES = ("ana", "bo", "cy", "dee", "eli", "fay")

ZONES = (
    "America/Toronto", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe", "America/Nuuk", "America/Scoresbysund",
    "Africa/Casablanca", "Asia/Kathmandu", "Pacific/Apia", "Pacific/Chatham", "America/Santiago", "Africa/Cairo",
    "Asia/Beirut", "America/Havana", "Antarctica/Troll", "UTC",
)  # fmt: skip
"""Zones whose clocks change by an hour, half an hour, two hours or never, at night, at midnight and before it."""


class Service(NamedTuple):
    """Spans, and the times of day between which no handover cuts them, in minutes; `weekdays` are days on which they
    may be handed over at all. All times are multiples of five minutes."""

    spans: tuple[Span, ...]
    first: int = 0
    last: int = 24 * 60 - 5
    weekdays: frozenset[int] = EVERY_DAY


def _at(minutes: int) -> time:
    return time(minutes // 60, minutes % 60)


def _weekdays(rng: Random) -> frozenset[int]:
    several = frozenset(rng.sample(range(7), rng.randint(1, 7)))
    return rng.choice([EVERY_DAY, frozenset(range(5)), frozenset({5, 6}), several])


def _days(rng: Random) -> Service:
    if rng.random() < 0.4:
        return Service(rng.choice([ALWAYS, WORKING_DAYS]))
    if rng.random() < 0.4:
        nth = frozenset(rng.sample([1, 2, 3, 4, 5, -1], rng.randint(1, 3)))
        return Service((Span(frozenset({rng.randrange(7)}), nth),))
    return Service((Span(_weekdays(rng)),))


def _hours(rng: Random) -> Service:
    """One or two spans of hours on the same days, and perhaps other days as a whole."""
    start, middle, until, end = sorted(rng.sample(range(24 * 12), 4))
    on = _weekdays(rng)
    spans = [Span(on, frozenset(), _at(5 * start), _at(5 * end), 0)]
    if rng.random() < 0.3:
        spans = [
            Span(on, frozenset(), _at(5 * start), _at(5 * middle), 0),
            Span(on, frozenset(), _at(5 * until), _at(5 * end), 0),
        ]
    if rng.random() < 0.2 and on != EVERY_DAY:
        spans.append(Span(EVERY_DAY - on))
        return Service(tuple(spans), 0, 5 * start)
    return Service(tuple(spans), *rng.choice([(0, 5 * start), (5 * end, 24 * 60 - 5)]))


def _nights(rng: Random) -> Service:
    end, start = sorted(rng.sample(range(24 * 12), 2))
    return Service((Span(_weekdays(rng), frozenset(), _at(5 * start), _at(5 * end), 1),), 5 * end, 5 * start)


def _nights_and_weekend(rng: Random) -> Service:
    """On call by night from Monday to Thursday, and from Friday evening to Monday morning."""
    end, start = 5 * rng.randrange(6 * 12, 11 * 12), 5 * rng.randrange(15 * 12, 19 * 12)
    nights = Span(frozenset(range(4)), frozenset(), _at(start), _at(end), 1)
    weekend = Span(frozenset({4}), frozenset(), _at(start), _at(end), 3)
    return Service(rng.choice([(nights, weekend), (weekend,)]), end, start, frozenset(range(5)))


def some_spans(rng: Random) -> tuple[Span, ...]:
    """Spans of any kind, such as counts have."""
    return rng.choice([_days, _hours, _nights, _nights_and_weekend])(rng).spans


def some_rotation(rng: Random, name: str = "engineer", **facts: Any) -> Rotation:
    """A rotation with a cadence, spans and a handover of its own; its pool is `people`, and it has one seat or two."""
    service = rng.choice([_days, _hours, _nights, _nights_and_weekend])(rng)
    at = _at(rng.choice([service.first, service.last, rng.randrange(service.first, service.last + 1, 5)]))
    anywhere = service.weekdays == EVERY_DAY
    cadence = rng.choice([_in_days, _in_weeks, _in_months, _on_dates] if anywhere else [_in_days, _in_weeks])
    own = {"serves": service.spans, **cadence(rng, at, service)}
    usual = {"pool": "people", "seats": seats_named(rng.choice([("first",), ("first", "second"), ("first", "first")]))}
    return Rotation(name, **usual | own | facts)


def _in_days(rng: Random, at: time, service: Service) -> dict[str, Any]:
    return {"every": Length(rng.choice([1, 1, 2, 3, 5, 7, 10]), "days"), "handover": Handover(None, at)}


def _in_weeks(rng: Random, at: time, service: Service) -> dict[str, Any]:
    every = Length(rng.choice([1, 1, 2, 3, 4, 6]))
    if rng.random() < 0.25 and service.weekdays >= frozenset(range(5)):
        return {"every": every, "handover": Handover(None, at, workday=True)}
    weekday = rng.choice(sorted(service.weekdays))
    found: dict[str, Any] = {"every": every, "handover": Handover(weekday, at)}
    if rng.random() < 0.3:
        anchor = date(2027, 3, 1) + DAY * rng.randrange(-900, 900)
        found["anchor"] = anchor + DAY * ((weekday - anchor.weekday()) % 7)
    return found


def _in_months(rng: Random, at: time, service: Service) -> dict[str, Any]:
    forms = [
        Handover(None, at, day=rng.choice([1, 15, 28, -1])),
        Handover(rng.randrange(7), at, nth=rng.choice([1, 2, 3, 4, -1])),
        Handover(None, at, workday=True),
    ]
    found: dict[str, Any] = {"every": Length(rng.choice([1, 1, 2, 3, 5]), "months"), "handover": rng.choice(forms)}
    if rng.random() < 0.3:
        found["anchor"] = date(2027, 3, 1) + DAY * rng.randrange(-900, 900)
    return found


def _on_dates(rng: Random, at: time, service: Service) -> dict[str, Any]:
    starts = [BEGINNING - DAY * rng.randrange(200)]
    for _ in range(rng.randint(1, 12)):
        starts.append(starts[-1] + DAY * rng.randint(1, 70))
    return {"starts": tuple(starts), "handover": Handover(None, at)}


def some_closed(rng: Random) -> Closed:
    """No closed days, some stretches of them around the beginning, or the holidays."""
    if rng.random() < 0.5:
        return NEVER_CLOSED
    firsts = sorted(rng.sample(range(0, 400, 20), rng.randint(1, 4)))
    stretches = tuple((BEGINNING + DAY * first, BEGINNING + DAY * (first + rng.randint(1, 19))) for first in firsts)
    return Closed(stretches, holidays=rng.random() < 0.4)


def some_rest(rng: Random) -> Length | None:
    """Rest in any unit, short enough for a small pool to bear it more often than not; None for a period."""
    hours, days = Length(rng.choice([8, 11, 24, 48]), "hours"), Length(rng.randint(1, 9), "days")
    return rng.choice([None, Length(0), hours, days, Length(1), Length(1, "months")])


def random_grid(seed: int) -> Roster:
    """A roster with one rotation or two, and three to six people of one pool, some of whom are away for some days."""
    rng = Random(f"grids {seed}")
    names = ("engineer", "lead")[: rng.choice([1, 1, 2])]
    rotations = {name: some_rotation(rng, name, rest=some_rest(rng)) for name in names}
    people = {handle: _person(rng, handle) for handle in HANDLES[: rng.randint(3, 6)]}
    counts = {name: some_spans(rng) for name in ("nights", "weekends")[: rng.choice([0, 0, 1, 2])]}
    return Roster(
        name="Grids",
        short_name="G",
        zone=ZoneInfo(rng.choice(ZONES)),
        handover=Handover(0, time(9)),
        rotations=rotations,
        teams={"all": Team("all", "All", {"people": tuple(people)})},
        people=people,
        quarters_start=rng.choice([1, 4, 10]),
        rules=Rules(freeze=Length(0), counts=counts),
        holidays=Holidays(rng.choice([None, "CA-ON", "DE-BY"]), frozenset({BEGINNING + 6 * DAY})),
        closed=some_closed(rng),
    )


def _person(rng: Random, handle: str) -> Person:
    if rng.random() < 0.5:
        return Person(handle)
    first = BEGINNING + DAY * rng.randrange(90)
    works = EVERY_DAY if rng.random() < 0.8 else EVERY_DAY - {rng.randrange(7)}
    return Person(handle, leave=(Leave(first, first + DAY * rng.randint(1, 20)),), works=works)


def first_periods(roster: Roster, number: int) -> dict[str, list[Period]]:
    """The first periods of each rotation from the beginning on, so many at most."""
    found = {}
    for name in roster.rotations:
        years = periods_from(roster, name, BEGINNING, BEGINNING + 800 * DAY)
        found[name] = years[:number]
    return found


def random_schedule(rng: Random, roster: Roster) -> Schedule:
    """Crews of the first periods, some of which are missing, with empty seats, and covers at any minute."""
    crews = []
    for periods in first_periods(roster, rng.randint(1, 24)).values():
        for period in periods:
            if rng.random() < 0.15:
                continue
            seats = [seat.name for seat in roster.rotations[period.rotation].seats]
            people = [*roster.people, None]
            crew = Crew(period, {seat: rng.choice(people) for seat in seats})
            for _ in range(rng.choice([0, 0, 1, 2])):
                start, end = sorted(rng.uniform(-0.2, 1.2) for _ in range(2))
                points = [_within(roster, crew, part) for part in (start, end)]
                change = Change(DECIDED, rng.choice(seats), None, rng.choice(people), start=points[0], end=points[1])
                crew = replace(crew, changes=(*crew.changes, change))
            crews.append(crew)
    return Schedule(roster.short_name, tuple(crews))


def _within(roster: Roster, crew: Crew, part: float) -> date | None:
    """A point in a crew's period, to the minute; None before or after it."""
    first, last = (instant_of(roster, crew.period.rotation, point) for point in (crew.period.start, crew.period.end))
    if not 0 < part < 1:
        return None
    at = (first + (last - first) * part).replace(second=0, microsecond=0)
    return point_at(roster, crew.period.rotation, max(at, first))
