"""Asks who is on duty at random instants, and a second before, at and after each border, in rotations of every cadence:
`now`, `show`, a calendar and a pager have to say the same, and be right about when a rotation is served.

    python tests/benchmarks/instants.py [INSTANTS] [ZONES] [SEED]
"""

from __future__ import annotations

import sys
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import cycle, islice
from pathlib import Path
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import icalendar
import samples
from cadences import PEOPLE, ROTATIONS, schedule

from setrota.dates.periods import point_at
from setrota.export.calendars.feeds import calendar
from setrota.export.oncall.overrides import needed_overrides
from setrota.reports.duties import entries
from setrota.reports.now import now_document
from setrota.roster import Closed, Person, Roster, Span
from setrota.roster.notes import Notes
from setrota.schedule import Change, Crew, Schedule
from setrota.schedule.standings import standings_at

DAY, SECOND = timedelta(days=1), timedelta(seconds=1)

ZONES = (
    "America/Toronto", "America/Los_Angeles", "America/St_Johns", "America/Havana", "America/Mexico_City",
    "America/Nuuk", "America/Scoresbysund", "America/Santiago", "America/Asuncion", "America/Sao_Paulo",
    "Atlantic/Azores", "Europe/Berlin", "Europe/London", "Europe/Dublin", "Europe/Lisbon", "Europe/Chisinau",
    "Asia/Jerusalem", "Asia/Beirut", "Asia/Gaza", "Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Tehran",
    "Asia/Dubai", "Africa/Cairo", "Africa/Casablanca", "Africa/El_Aaiun", "Africa/Accra", "Africa/Johannesburg",
    "Australia/Sydney", "Australia/Adelaide", "Australia/Lord_Howe", "Australia/Eucla", "Pacific/Auckland",
    "Pacific/Chatham", "Pacific/Norfolk", "Pacific/Kiritimati", "Pacific/Marquesas", "Antarctica/Troll", "UTC",
)  # fmt: skip


class Stretch(NamedTuple):
    """Who has a seat, from when until when, in UTC."""

    start: datetime
    end: datetime
    person: str | None


class Rota(NamedTuple):
    """A rota of one rotation with one seat, and what `show`, a calendar and a pager say of it."""

    roster: Roster
    schedule: Schedule
    shown: list[Stretch]
    told: dict[str, list[Stretch]]

    @property
    def rotation(self) -> str:
        return next(iter(self.roster.rotations))

    @property
    def zone(self) -> ZoneInfo:
        return self.roster.zone_of(self.rotation)


def rota(random: Random, zone: str, name: str, since: date = date(2027, 1, 1)) -> Rota:
    """A random rota of some weeks or months, with closed days and with covers to the minute."""
    rotation = replace(ROTATIONS[name], seats=ROTATIONS[name].seats[:1])
    first = since + DAY * random.randrange(700)
    if rotation.starts:
        shift = first - rotation.starts[0]
        rotation = replace(rotation, starts=tuple(day + shift for day in rotation.starts))
    # Half of the rotations are those of a region: their zone is another one than the rota's.
    home = zone
    if random.random() < 0.5:
        rotation, home = replace(rotation, zone=ZoneInfo(zone)), "America/Toronto"
    people = [Person(handle, chat=handle, accounts={"pagerduty": f"P{handle}"}) for handle in PEOPLE]
    roster = samples.roster(
        people, rotation, zone=ZoneInfo(home), closed=_closed(random, first), notes=Notes(events="spans"),
        publish={"pagerduty": {"schedules": {"primary": "S1"}}},
    )  # fmt: skip
    length = DAY * (400 if rotation.every.unit == "months" or rotation.starts else 60)
    plan = schedule(roster, first, first + length)
    plan = Schedule(plan.rota, tuple(_covered(random, roster, crew) for crew in plan.crews))
    return Rota(
        roster, plan, _shown(roster, plan), {"calendar": _exported(roster, plan), "pager": _paged(roster, plan)}
    )


def _closed(random: Random, first: date) -> Closed:
    stretches = []
    for _ in range(random.choice((0, 0, 1, 3))):
        start = first + DAY * random.randrange(50)
        stretches.append((start, start + DAY * random.choice((1, 1, 3, 9))))
    return Closed(tuple(sorted(stretches)))


def _covered(random: Random, roster: Roster, crew: Crew) -> Crew:
    """A crew of which someone may take a part, from one minute to another."""
    if random.random() < 0.6:
        return crew
    points = sorted(
        point_at(
            roster,
            crew.period.rotation,
            _moment(random, crew.period.start, crew.period.end, roster.zone_of(crew.period.rotation)),
        )
        for _ in range(2)
    )
    [(seat, was)] = crew.seats.items()
    now = random.choice([handle for handle in PEOPLE if handle != was])
    at = datetime(2026, 12, 1, tzinfo=UTC)
    start, end = (max(point, crew.period.start) for point in points)
    if not start < end <= crew.period.end:
        return crew
    return replace(crew, changes=(Change(at, seat, was, now, start=start, end=end),))


def _moment(random: Random, start: date, end: date, zone: ZoneInfo) -> datetime:
    minutes = random.randrange((end - start) // timedelta(minutes=1))
    return (datetime.combine(start, time(), UTC) + timedelta(minutes=minutes)).astimezone(zone)


def _shown(roster: Roster, plan: Schedule) -> list[Stretch]:
    found = entries(roster, plan.duties())
    return sorted(Stretch(_instant(each["start"]), _instant(each["end"]), each["person"]) for each in found)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _exported(roster: Roster, plan: Schedule) -> list[Stretch]:
    found = []
    identities = set()
    for event in icalendar.Calendar.from_ical(calendar(roster, plan)).walk("VEVENT"):
        identities.add(str(event["UID"]))
        person = next(handle for handle in PEOPLE if f": {handle} " in f"{event['SUMMARY']} ")
        found.append(Stretch(*(event[name].dt.astimezone(UTC) for name in ("DTSTART", "DTEND")), person))
    assert len(identities) == len(found), "two events have one identity"
    return sorted(found)


def _paged(roster: Roster, plan: Schedule) -> list[Stretch]:
    needed = needed_overrides(roster, plan, "pagerduty", datetime(2026, 1, 1, tzinfo=UTC))
    assert not needed.faults, needed.faults
    assert len({each.alias for each in needed.overrides}) == len(needed.overrides), "two overrides have one alias"
    return sorted(Stretch(*each.span, each.user.removeprefix("P")) for each in needed.overrides)


# What is right


def is_served(given: Rota, at: datetime) -> bool:
    """Whether a rotation is served at an instant, found out by the clock, a day of its spans at a time."""
    return any(start <= at < end for start, end in _near(given, at))


def _near(given: Rota, at: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The spans of service that begin some days before or after an instant."""
    roster, rotation = given.roster, given.roster.rotations[given.rotation]
    today = at.astimezone(given.zone).date()
    for day in (today + DAY * number for number in range(-5, 3)):
        for span in rotation.serves:
            if _begins(span, day) and not any(start <= day < end for start, end in roster.closed.stretches):
                handover = roster.handover_of(rotation.name).time
                last = day + DAY * (span.nights if span.start else 1)
                yield (
                    _clock(given.zone, day, span.start or handover, handover),
                    _clock(given.zone, last, span.end or handover, handover),
                )


def _begins(span: Span, day: date) -> bool:
    number = (day.day + 6) // 7
    is_last = (day + 7 * DAY).month != day.month
    return day.weekday() in span.weekdays and (not span.nth or number in span.nth or (is_last and -1 in span.nth))


def _clock(zone: ZoneInfo, day: date, at: time, handover: time) -> datetime:
    """The instant at which clocks show a time. If they skip it, a handover is as much later, and a span as late as the
    first instant after the skipped hours, unless it is the handover's hour."""
    wanted = datetime.combine(day, at)
    shown = wanted.replace(tzinfo=zone).astimezone(UTC)
    if at == handover or shown.astimezone(zone).replace(tzinfo=None) == wanted:
        return shown
    low, high = shown - DAY, shown
    while high - low > SECOND:
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).replace(tzinfo=None) < wanted:
            low = middle
        else:
            high = middle
    return high


# The comparison


def instants(random: Random, given: Rota, number: int) -> Iterator[datetime]:
    """Some borders, each with the seconds around it, and as many random instants."""
    stretches = [each for told in (given.shown, *given.told.values()) for each in told]
    borders = sorted({moment for each in stretches for moment in each[:2]})
    first, last = borders[0] - 3 * DAY, borders[-1] + 3 * DAY
    around = [border + SECOND * shift for border in borders for shift in (-1, 0, 1)]
    random.shuffle(around)
    yield from islice(around, number // 2)
    for _ in range(number - min(number // 2, len(around))):
        yield first + SECOND * random.randrange((last - first) // SECOND)


def differences(given: Rota, at: datetime) -> Iterator[str]:
    """What is said otherwise by one than by another at an instant."""
    served, planned = is_served(given, at), _holder(given.shown, at)
    right = planned if served else None
    if given.roster.rotations[given.rotation].starts and at >= given.shown[-1].end:
        # The last turn stays on duty; calendars and pagers take it to last as long as the one before.
        right = given.shown[-1].person if served else None
        said = {"now": _now(given, at)}
    else:
        said = {"now": _now(given, at), **{name: _holder(told, at) for name, told in given.told.items()}}
    for name, person in said.items():
        if person != right:
            yield f"{given.zone} {given.rotation} {at}: {name} says {person}, not {right}"


def _now(given: Rota, at: datetime) -> str | None:
    found = now_document(given.roster, at, standings_at(given.roster, given.schedule, at))
    assert bool(found["duties"]) != bool(found["idle"])
    people = [each["person"] for each in found["duties"]]
    assert all(each["off_duty"] != is_served(given, at) for each in found["idle"])
    return people[0] if people else None


def _holder(stretches: list[Stretch], at: datetime) -> str | None:
    begun = bisect_right(stretches, at, key=lambda each: each.start)
    last = stretches[begun - 1] if begun else None
    return last.person if last and at < last.end else None


def compared(zones: Iterable[str], number: int, seed: int, each: int = 200) -> Iterator[tuple[int, list[str]]]:
    """Compare so many instants in each zone; gives the number asked and the differences, rota by rota."""
    for zone in zones:
        random, left = Random(f"{seed} {zone}"), number
        for name in cycle(random.sample(sorted(ROTATIONS), len(ROTATIONS))):
            given = rota(random, zone, name)
            asked = list(instants(random, given, min(each, left)))
            yield len(asked), [text for at in asked for text in differences(given, at)]
            left -= len(asked)
            if left <= 0:
                break


def main(number: int = 10_000, zones: int = len(ZONES), seed: int = 1) -> int:
    asked, wrong = 0, 0
    for count, found in compared(ZONES[:zones], number, seed):
        asked += count
        wrong += len(found)
        print("\n".join(found[:3]), end="\n" if found else "")
    print(f"{asked} instants in {zones} zones, seed {seed}: {wrong} answers differ")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
