"""Who is on duty in each rotation at a moment, who takes over from them, and how long there is a crew.

A rotation has a crew at a moment whose period has it; whether that crew is on duty then is up to the rotation's hours.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from setrota.dates.cuts import day_of
from setrota.dates.grid import is_open
from setrota.dates.periods import DAY, Period, instant, instant_of, point_at
from setrota.dates.service import is_served, next_service, served_at, spans, stretches
from setrota.roster import ALWAYS, NEVER_CLOSED, Roster
from setrota.schedule import Crew, Duty, Schedule, by_place, slot_of, without_empty_optional
from setrota.schedule.ranges import gaps


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A rotation at a moment, which is on `day`.

    Attributes
    ----------
    until
        The first point at which the rotation is served and has no crew; `date.max` if none is known.
    gap
        The time without a crew that begins then, if a crew that is planned ends it.
    duties
        Those of the crew whose period has the moment; empty without a crew.
    successors
        Who takes over each of `duties`, at its own end; None if nobody is planned. Without a crew, the duties of the
        next one.
    starts
        Without a crew, when the next crew begins.
    ended
        Without a crew now or later, when the last crew ended.
    served
        Whether the rotation is served at the moment; if not, nobody is on duty, and that is no mistake.
    pause
        Without an end of service before the handover, None. Otherwise when service ends.
    again
        When service begins again: after `pause`, or while the rotation isn't served. None if it doesn't within a year.
    following
        While the rotation isn't served, the duties at `again`.
    is_open
        Whether the crew stays until a rotation's next start, which isn't listed yet.
    is_voluntary
        Whether people volunteer, so that nobody is planned.
    """

    rotation: str
    day: date
    until: date
    gap: Period | None = None
    duties: tuple[Duty, ...] = ()
    successors: tuple[Duty | None, ...] = ()
    starts: date | None = None
    ended: date | None = None
    served: bool = True
    pause: datetime | None = None
    again: datetime | None = None
    following: tuple[Duty, ...] = ()
    is_open: bool = False
    is_voluntary: bool = False

    @property
    def on_duty(self) -> tuple[Duty, ...]:
        """The duties of those who are on duty at the moment."""
        return self.duties if self.served else ()

    @property
    def is_hole(self) -> bool:
        """Whether there should be a crew, and is none."""
        return self.served and not self.duties and not self.is_voluntary

    @property
    def lacks_plan(self) -> bool:
        """Whether nobody is planned for the rotation now or, while it isn't served, when service begins again."""
        is_awaited = not self.served and self.again is not None
        return self.is_hole or (is_awaited and not self.following and not self.is_voluntary)

    @property
    def is_complete(self) -> bool:
        """Whether nothing is left to plan: the crew stays, or the rotation is closed for good."""
        return self.until == date.max

    def without_empty_optional(self, roster: Roster) -> Standing:
        """This standing without optional seats that are empty, now or next: as people read it."""
        return replace(
            self,
            duties=tuple(without_empty_optional(roster, self.duties)),
            successors=tuple(without_empty_optional(roster, filter(None, self.successors))),
            following=tuple(without_empty_optional(roster, self.following)),
        )


def standings_at(roster: Roster, schedule: Schedule, moment: datetime) -> list[Standing]:
    """The standing of every rotation at a moment, which can be before the handover of one and after another's."""
    return [standing(roster, schedule, rotation, point_at(roster, rotation, moment)) for rotation in roster.rotations]


def all_staffed(roster: Roster, schedule: Schedule, moment: datetime) -> bool:
    """Whether every rotation that is served at a moment has a crew then."""
    return not any(each.is_hole for each in standings_at(roster, schedule, moment))


def standing(roster: Roster, schedule: Schedule, rotation: str, point: date) -> Standing:
    """Who serves in a rotation at a point: the handover of a day, or an instant within one; and who is next."""
    crew, at = crew_at(roster, schedule, rotation, point), instant_of(roster, rotation, point)
    served, pause, again = _service(roster, rotation, at)
    found = Standing(
        rotation=rotation,
        day=day_of(point),
        until=planned_until(roster, schedule, rotation, point),
        gap=_gap(roster, schedule, rotation, point),
        served=served,
        again=again,
        following=() if served or again is None else _held_from(roster, schedule, rotation, again),
        is_voluntary=roster.rotations[rotation].is_voluntary,
    )
    if crew:
        return _with_crew(roster, schedule, found, crew, point, pause)
    if coming := next_crew(roster, schedule, rotation, point):
        starts = coming.period.start
        return replace(found, successors=held_on(roster, schedule, rotation, starts), starts=starts)
    return replace(found, ended=max((each.period.end for each in schedule.of(rotation)), default=None))


def _with_crew(
    roster: Roster, schedule: Schedule, found: Standing, crew: Crew, point: date, pause: datetime | None
) -> Standing:
    duties = held_on(roster, schedule, found.rotation, point)
    handover = instant_of(roster, found.rotation, crew.period.end)
    is_last = is_open(roster, crew.period)
    return replace(
        found,
        duties=duties,
        successors=tuple(successor(roster, schedule, duty) for duty in duties),
        pause=pause if pause and (is_last or pause <= handover) else None,
        is_open=is_last,
    )


def _service(roster: Roster, rotation: str, at: datetime) -> tuple[bool, datetime | None, datetime | None]:
    """Whether a rotation is served at an instant, when that ends, and when service begins next after its end.

    Service that goes on for days has no end.
    """
    if roster.serves_of(rotation) == ALWAYS and roster.closed_of(rotation) == NEVER_CLOSED:
        return True, None, None
    day = at.date()
    near = stretches(roster, Period(day - 9 * DAY, day + 40 * DAY, rotation))
    ends = next((end for start, end in near if start <= at < end), None)
    if ends is None:
        return False, None, next_service(roster, rotation, at)
    if ends - at > 32 * DAY:
        return True, None, None
    return True, ends, next_service(roster, rotation, ends)


def _held_from(roster: Roster, schedule: Schedule, rotation: str, at: datetime) -> tuple[Duty, ...]:
    return held_on(roster, schedule, rotation, point_at(roster, rotation, at))


def crew_at(roster: Roster, schedule: Schedule, rotation: str, point: date) -> Crew | None:
    """The crew whose period has a point; none if that is closed altogether.

    The last of a rotation's `starts` lasts until another start is added.
    """
    crew = schedule.crew_on(rotation, point)
    if crew is None and (crews := schedule.of(rotation)):
        last = crews[-1]
        return last if is_open(roster, last.period) and last.period.start <= point else None
    return crew if crew is None or is_served(roster, crew.period) else None


def held_on(roster: Roster, schedule: Schedule, rotation: str, point: date) -> tuple[Duty, ...]:
    """The duties of a rotation at a point, in the roster's order of seats; none in a gap or after the plan's end."""
    crew = crew_at(roster, schedule, rotation, point)
    return tuple(by_place(roster, held_at(crew, point))) if crew else ()


def held_at(crew: Crew, point: date) -> list[Duty]:
    """The duties of a crew at a point; after the end of its period, those that it ended with."""
    end = crew.period.end
    return [duty for duty in crew.duties() if duty.start <= point and (point < duty.end or duty.end == end <= point)]


def is_away(roster: Roster, duty: Duty, moment: datetime) -> bool:
    """Whether the person who has a duty is away on the served day at a moment, or their team is."""
    person = roster.people.get(duty.person or "")
    day = _served_day(roster, duty, moment) if person else None
    if person is None or day is None:
        return False
    spells = [(entry.start, entry.end) for entry in person.leave]
    spells += [(away.start, away.end) for key in roster.teams_of(person.handle) for away in roster.teams[key].away]
    return any(start <= day < end for start, end in spells) or day.weekday() not in person.works


def _served_day(roster: Roster, duty: Duty, moment: datetime) -> date | None:
    """The served day of a duty at a moment; of a span that runs over several, the last one that has begun."""
    at, today = instant(moment), moment.astimezone(roster.zone_of(duty.rotation)).date()
    days = next((days for start, end, days, _ in spans(roster, duty.days) if start <= at < end), ())
    return next((day for day in reversed(days) if day <= today), next(iter(days), None))


def successor(roster: Roster, schedule: Schedule, duty: Duty) -> Duty | None:
    """The duty that follows in the same seat; a partly covered week can change hands before the period ends."""
    slot = slot_of(roster, duty)
    crew = schedule.crew_on(duty.rotation, duty.end)
    if crew is None or not is_served(roster, crew.period):
        crew = _after_a_pause(roster, schedule, duty)
    held = held_at(crew, max(duty.end, crew.period.start)) if crew else []
    return next((successor for successor in held if slot_of(roster, successor) == slot), None)


def _after_a_pause(roster: Roster, schedule: Schedule, duty: Duty) -> Crew | None:
    """The next crew, if nothing is served until it begins."""
    coming = next_crew(roster, schedule, duty.rotation, duty.end)
    if coming is None or is_served(roster, Period(duty.end, coming.period.start, duty.rotation)):
        return None
    return coming


def next_crew(roster: Roster, schedule: Schedule, rotation: str, point: date) -> Crew | None:
    """The first crew of a rotation that begins at a point or later, in a period that isn't closed altogether."""
    coming = (crew for crew in schedule.of(rotation) if crew.period.start >= point)
    return next((crew for crew in coming if is_served(roster, crew.period)), None)


def planned_until(roster: Roster, schedule: Schedule, rotation: str, point: date) -> date:
    """The first point, from a point on, at which the rotation is served but has no crew: a gap, or the plan's end.

    `date.max` if there is nothing more to plan: the plan reaches the last of the rotation's `starts`, which has no end
    yet, or the rotation is closed for good.
    """
    if gap := _gap(roster, schedule, rotation, point):
        return gap.start
    last = max(schedule.of(rotation), key=lambda crew: crew.period.end, default=None)
    if last is not None and is_open(roster, last.period):
        return date.max
    end = max(point, last.period.end) if last else point
    return end if is_served_after(roster, rotation, end) else date.max


def _gap(roster: Roster, schedule: Schedule, rotation: str, point: date) -> Period | None:
    """The first time, from a point on, at which the rotation is served without a crew, and a later crew begins."""
    last = max((crew.period.start for crew in schedule.of(rotation)), default=point)
    return next(iter(gaps(roster, schedule, rotation, point, last)), None)


def is_served_after(roster: Roster, rotation: str, point: date) -> bool:
    """Whether there is anything to plan in a rotation from a point on: service, and in a turn that the roster has."""
    starts = roster.rotations[rotation].starts
    if starts and not any(start >= point for start in starts):
        return False
    moment = instant_of(roster, rotation, point)
    return served_at(roster, rotation, moment) or next_service(roster, rotation, moment) is not None
