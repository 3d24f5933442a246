"""Random rotas for what reads the exports: small ones, in zones of every sort, of people with names to fear."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from itertools import islice
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

import samples
from hostile_names import HOSTILE_NAMES

from setrota.dates.periods import handover_on
from setrota.export.calendars.feeds import calendar
from setrota.export.calendars.identity import uid
from setrota.roster import Handover, Person, Roster, Team
from setrota.schedule import Change, Crew, Duty, Schedule, is_missing

DAY = timedelta(days=1)

ZONES = (
    # Summer time in the north, at usual and unusual hours and days.
    "America/Toronto", "America/Los_Angeles", "America/St_Johns", "America/Havana", "America/Mexico_City",
    "America/Nuuk", "America/Scoresbysund", "Atlantic/Azores", "Europe/Berlin", "Europe/London", "Europe/Dublin",
    "Asia/Jerusalem", "Asia/Beirut", "Asia/Gaza", "Africa/Cairo",
    # In the south, by half an hour, by two hours; Morocco's, which stops for Ramadan.
    "Australia/Sydney", "Australia/Adelaide", "Australia/Lord_Howe", "Pacific/Auckland", "Pacific/Chatham",
    "Pacific/Norfolk", "Pacific/Apia", "America/Santiago", "America/Asuncion", "Antarctica/Troll",
    "Africa/Casablanca", "Africa/El_Aaiun",
    # None, or no longer, some of them by halves and quarters of an hour.
    "UTC", "Etc/GMT+5", "Africa/Accra", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran",
    "Pacific/Kiritimati", "Pacific/Marquesas",
)  # fmt: skip

# Readers look a zone up in databases of their own, which may be of another year: the past is the same in all of them.
PAST = (date(2018, 1, 1), date(2024, 9, 1))

HANDOVERS = (time(0), time(0, 30), time(1, 30), time(2), time(2, 30), time(9), time(13, 45), time(23, 59))
NAMES = (*HOSTILE_NAMES, *(person.name for person in samples.PEOPLE))


def rota(zone: str, number: int) -> tuple[Roster, Schedule]:
    """The random rota of a zone that has this number; those with odd ones begin about when the zone's clock changes."""
    random = Random(f"{zone} {number}")
    roster = _roster(random, ZoneInfo(zone))
    first = PAST[0] + DAY * random.randrange((PAST[1] - PAST[0]).days)
    if number % 2:
        first = _change_of_clock(roster.zone, first) - DAY * random.choice((0, 0, 1, 7, 10))
    schedule = Schedule(roster.short_name, tuple(_crews(random, roster, first)))
    return roster, schedule


def moments(roster: Roster, duty: Duty) -> tuple[datetime, datetime]:
    """The handovers at which a duty begins and ends, as UTC: a time that occurs twice equals none of another zone."""
    first, last = (handover_on(roster, duty.rotation, day) for day in (duty.start, duty.end))
    return first.astimezone(UTC), last.astimezone(UTC)


def _roster(random: Random, zone: ZoneInfo) -> Roster:
    lead = replace(samples.LEAD, handover=_handover(random), zone=ZoneInfo(random.choice(ZONES)))
    engineer = replace(samples.ENGINEER, optional=frozenset(random.sample(("primary", "backup"), random.randrange(2))))
    members = {"leads": "lm", "engineers": "abc"}
    people = [Person(handle, random.choice(NAMES)) for handles in members.values() for handle in handles]
    teams = [
        Team(key, random.choice(NAMES), {pool: tuple(random.sample(who, 2)) for pool, who in members.items()})
        for key in ("east", "west")
    ]
    return samples.always_served(
        name=random.choice(NAMES),
        short_name=random.choice(("SET", "Sü T_1/2", "a,b;c\\d")),
        zone=zone,
        handover=_handover(random),
        rotations=(engineer, random.choice((samples.LEAD, lead))),
        teams=teams,
        people=people,
    )


def _handover(random: Random) -> Handover:
    return Handover(random.randrange(7), random.choice(HANDOVERS))


def _change_of_clock(zone: ZoneInfo, day: date) -> date:
    """The first day from `day` on that ends with another offset than it began with; `day` if none comes soon."""
    for each in (day + DAY * number for number in range(220)):
        begin, end = (datetime.combine(when, time(), tzinfo=zone).utcoffset() for when in (each, each + DAY))
        if begin != end:
            return each
    return day


def _crews(random: Random, roster: Roster, first: date) -> Iterator[Crew]:
    """A week or two of engineers, of which some are covered for some days, and a fortnight of a lead."""
    for start in (first, first + 7 * DAY)[: random.choice((1, 1, 2))]:
        seats = {
            seat: random.choice([*"abc", None])
            for seat in random.sample([seat.name for seat in samples.ENGINEER.seats], 2)
        }
        made = random.choice((samples.crew, partial(samples.computed, revision=2)))
        yield made(start, seats, changes=_changes(random, start, seats))
    yield samples.computed(first, {"lead": random.choice([*"lm", None])}, of=samples.LEAD)


def _changes(random: Random, start: date, seats: Mapping[str, str | None]) -> Iterator[Change]:
    if random.random() < 0.4:
        begin, end = sorted(random.sample(range(8), 2))
        seat, decided = random.choice(list(seats)), datetime.combine(start, time(8), tzinfo=UTC)
        now = random.choice([*"abc", None])
        yield Change(decided, seat, seats[seat], now, start=start + begin * DAY, end=start + end * DAY)


# What is written of a rota


class Variant(NamedTuple):
    """One calendar of a rota, and the duties that must be in it, by the identity of their events.

    `reader` is whose own it is, None for one that is everybody's.
    """

    name: str
    text: str
    roster: Roster
    duties: Mapping[str, Duty]
    reader: str | None = None


ROTAS = range(6)  # the numbers of each zone's rotas


def calendars(zone: str) -> Iterator[Variant]:
    """What there is to read of a zone: of each rota the calendar of all duties; of every third zone's first, of all."""
    for number in ROTAS:
        every = number == 0 and ZONES.index(zone) % 3 == 0
        for variant in islice(variants(*rota(zone, number)), None if every else 1):
            yield variant._replace(name=f"{zone} {number} {variant.name}")


def variants(roster: Roster, schedule: Schedule) -> Iterator[Variant]:
    """Every calendar that is written of a rota: the whole rota's, then each rotation's, team's and person's."""
    duties = dict(_identified(roster, schedule))

    def variant(name: str, wanted: Set[Duty], **filters: str) -> Variant:
        text = calendar(roster, schedule, **filters)
        held = {key: duty for key, duty in duties.items() if duty in wanted}
        return Variant(name, text, roster, held, filters.get("person"))

    told = {duty for duty in duties.values() if duty.person is not None or is_missing(roster, duty)}
    yield variant("rota", told)
    for name in roster.rotations:
        yield variant(name, {duty for duty in told if duty.rotation == name}, rotation=name)
    for key, team in roster.teams.items():
        yield variant(key, {duty for duty in told if duty.person in team.members}, team=key)
    for handle in roster.people:
        yield variant(handle, {duty for duty in told if duty.person == handle}, person=handle)


def _identified(roster: Roster, schedule: Schedule) -> Iterator[tuple[str, Duty]]:
    for crew in schedule.crews:
        for seat in crew.seats:
            held = [duty for duty in crew.duties() if duty.seat == seat]
            yield from ((uid(roster, crew, seat, segment), duty) for segment, duty in enumerate(held, 1))
