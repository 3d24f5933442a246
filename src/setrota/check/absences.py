"""What `setrota check` says of leave that breaks no rule: days on which somebody on duty is away, duties that last into
the first morning of leave, and leave on days on which nobody serves anyway."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from setrota.check import fixes
from setrota.check.finding import Finding
from setrota.dates.availability import dates_away
from setrota.dates.clock import RotaClock
from setrota.dates.cuts import Cut, day_of
from setrota.dates.periods import DAY, Period, wall_clock
from setrota.dates.service import served_days, stretches
from setrota.dates.spells import is_without_effect
from setrota.dates.text import days_text, on_days, typed_point
from setrota.roster import Roster
from setrota.rules import Violation
from setrota.schedule import Crew, Duty, Schedule

MOST_DATES = 5
"""So many stretches of one person's leave are named."""


class DaysAway(NamedTuple):
    """Served days of a duty, one after another, on which its holder is away."""

    duty: Duty
    days: tuple[date, ...]


def days_away(roster: Roster, duty: Duty) -> list[DaysAway]:
    """The served days of a duty on which its holder is away, in stretches without a served day between them."""
    if duty.person is None:
        return []
    away = set(dates_away(roster, duty.person, duty.days))
    found: list[list[date]] = []
    after_one = False
    for day in served_days(roster, duty.days) if away else ():
        if day in away:
            found = [*found[:-1], [*found[-1], day]] if after_one else [*found, [day]]
        after_one = day in away
    return [DaysAway(duty, tuple(days)) for days in found]


def findings(clock: RotaClock, schedule: Schedule, broken: Iterable[Violation]) -> Iterator[Finding]:
    """The notes on leave at a moment. Where a rule is broken, its finding says so already."""
    yield from away_on_duty(clock, schedule, schedule.crews, broken)
    for crew, duty in _ahead(clock, schedule.crews):
        yield from _morning_of_leave(clock, schedule, crew, duty)
    yield from _without_effect(clock)


def away_on_duty(
    clock: RotaClock, schedule: Schedule, crews: Iterable[Crew], broken: Iterable[Violation]
) -> Iterator[Finding]:
    """Who is tolerated to be away on served days of their duty in some crews of a schedule, from a moment on."""
    known = {(each.period, person) for each in broken if each.rule == "leave" for person in each.people}
    for crew, duty in _ahead(clock, crews):
        if (crew.period, duty.person) not in known:
            yield from _away_on_duty(clock, schedule, crew.period, duty)


def _ahead(clock: RotaClock, crews: Iterable[Crew]) -> Iterator[tuple[Crew, Duty]]:
    """The duties that people have in some crews and that aren't over."""
    for crew in crews:
        point = clock.point(crew.period.rotation)
        for duty in crew.duties() if crew.period.end > point else ():
            if duty.person is not None and duty.end > point:
                yield crew, duty


def _away_on_duty(clock: RotaClock, schedule: Schedule, period: Period, duty: Duty) -> Iterator[Finding]:
    point = clock.point(duty.rotation)
    for each in days_away(clock.roster, duty):
        days = [day for day in each.days if day >= day_of(point)]
        if days:
            when = on_days(days[0], days[-1] + DAY)
            yield Finding(
                "note",
                f"{duty.person} ({duty.seat}) is on duty {when}, but away",
                code="away-on-duty",
                period=period,
                people=(str(duty.person),),
                duties=(duty,),
                command=_cover_of(clock, schedule, duty, days),
            )


def _cover_of(clock: RotaClock, schedule: Schedule, duty: Duty, days: list[date]) -> str:
    """The command that finds someone for some days of a duty."""
    point = clock.point(duty.rotation)
    first, last = (_day_served(clock.roster, duty, day) for day in (days[0], days[-1]))
    begin = max(first, duty.start)
    since = "now" if begin < point else typed_point(begin)
    until = typed_point(duty.end if isinstance(duty.end, Cut) and duty.end < last + DAY else last)
    return f"{fixes.cover(schedule, duty, point, clock.today)} --from {since} --to {until}"


def _day_served(roster: Roster, duty: Duty, day: date) -> date:
    """The day, from one handover's hour to the next, in which a day is served: hours before that of the handover belong
    to the day before."""
    whole = Period(max(day, duty.start), min(day + DAY, duty.end), duty.rotation)
    return day if whole.start < whole.end and day in served_days(roster, whole) else day - DAY


def _morning_of_leave(clock: RotaClock, schedule: Schedule, crew: Crew, duty: Duty) -> Iterator[Finding]:
    """Service that lasts into a day which isn't served itself, and is the first of the holder's leave."""
    person = clock.roster.people.get(str(duty.person))
    first_days = {entry.start for entry in person.leave} if person else set()
    if person is None or not first_days:
        return
    pieces = [each for each in crew.duties() if each.person == duty.person]
    served = {day for each in pieces for day in served_days(clock.roster, each.days)}
    for end in _mornings(clock.roster, duty, served):
        day = end.date()
        before = any(entry.start < day <= entry.end for entry in person.leave)
        if day in first_days and not before and end > clock.now:
            begin = wall_clock(day, datetime.min.time(), clock.roster.zone_of(duty.rotation))
            typed = f"{begin.astimezone(clock.roster.zone):%Y-%m-%dT%H:%M}"
            since = f" --from {typed}" if begin > clock.now else ""
            yield Finding(
                "note",
                f"{duty.person} ({duty.seat}) is on duty until {end:%H:%M} on {day}, the first day of their leave",
                code="morning-of-leave",
                period=crew.period,
                people=(person.handle,),
                duties=(duty,),
                command=f"{fixes.cover(schedule, duty, clock.point(duty.rotation), clock.today)}{since}",
            )


def _mornings(roster: Roster, duty: Duty, served: Collection[date]) -> Iterator[datetime]:
    """When a duty's stretches of service end on a day that isn't one of those `served`, in the rotation's zone."""
    for _, end in stretches(roster, duty.days):
        local = end.astimezone(roster.zone_of(duty.rotation))
        if local.date() not in served and (local - timedelta(microseconds=1)).date() == local.date():
            yield local


def _without_effect(clock: RotaClock) -> Iterator[Finding]:
    """Leave that isn't over and touches no day on which a rotation of theirs is served; one finding a person."""
    for handle, person in clock.roster.people.items():
        idle = [
            days_text(entry.start, entry.end)
            for entry in sorted(person.leave)
            if entry.end > clock.today and is_without_effect(clock.roster, handle, entry.start, entry.end)
        ]
        if idle:
            more = f" and {len(idle) - MOST_DATES} more" if len(idle) > MOST_DATES else ""
            yield Finding(
                "note",
                f"no rotation of {handle}'s is served on any day of this leave: {', '.join(idle[:MOST_DATES])}{more}",
                code="leave-without-effect",
                people=(handle,),
                hint="nothing is wrong; if they can be on duty then, correct `serves` or `closed` of their rotations",
            )
