"""Who is on duty in each rotation at a moment, who takes over from them, and how long there is a crew."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from setrota.dates.periods import day_of_duty
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, by_place, slot_of, without_empty_optional


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A rotation on `day`. `successors` take over each of `duties`, at its own end; None if nobody is planned.

    Without a crew, `duties` is empty; then `starts` is when the next crew begins, `successors` are its duties, and
    `ended`, if there is no next one, is when the last crew ended. `until` is the first day without a crew.
    """

    rotation: str
    day: date
    until: date
    duties: tuple[Duty, ...] = ()
    successors: tuple[Duty | None, ...] = ()
    starts: date | None = None
    ended: date | None = None

    def without_empty_optional(self, roster: Roster) -> Standing:
        """This standing without optional seats that are empty, now or next: as people read it."""
        successors = without_empty_optional(roster, filter(None, self.successors))
        duties = without_empty_optional(roster, self.duties)
        return replace(self, duties=tuple(duties), successors=tuple(successors))


def standings_at(roster: Roster, schedule: Schedule, moment: datetime) -> list[Standing]:
    """The standing of every rotation at a moment, which can be before the handover of one and after another's."""
    return [
        standing(roster, schedule, rotation, day_of_duty(roster, rotation, moment)) for rotation in roster.rotations
    ]


def all_staffed(roster: Roster, schedule: Schedule, moment: datetime) -> bool:
    """Whether every rotation has a crew at a moment."""
    return all(each.duties for each in standings_at(roster, schedule, moment))


def standing(roster: Roster, schedule: Schedule, rotation: str, day: date) -> Standing:
    """Who serves in a rotation on `day`, and who is next."""
    until = planned_until(schedule, rotation, day)
    duties = held_on(roster, schedule, rotation, day)
    if duties:
        successors = tuple(_successor(roster, schedule, duty) for duty in duties)
        return Standing(rotation=rotation, day=day, until=until, duties=duties, successors=successors)
    periods = [crew.period for crew in schedule.of(rotation)]
    starts = min((period.start for period in periods if period.start > day), default=None)
    if starts is not None:
        successors = held_on(roster, schedule, rotation, starts)
        return Standing(rotation=rotation, day=day, until=until, successors=successors, starts=starts)
    ended = max((period.end for period in periods), default=None)
    return Standing(rotation=rotation, day=day, until=until, ended=ended)


def held_on(roster: Roster, schedule: Schedule, rotation: str, day: date) -> tuple[Duty, ...]:
    """The duties of a rotation on `day`, in the roster's order of seats; none in a gap or after the plan's end."""
    crew = schedule.crew_on(rotation, day)
    held = [duty for duty in crew.duties() if duty.start <= day < duty.end] if crew else []
    return tuple(by_place(roster, held))


def _successor(roster: Roster, schedule: Schedule, duty: Duty) -> Duty | None:
    """The duty that follows in the same seat; a partly covered week can change hands before the period ends."""
    slot, successors = slot_of(roster, duty), held_on(roster, schedule, duty.rotation, duty.end)
    return next((successor for successor in successors if slot_of(roster, successor) == slot), None)


def planned_until(schedule: Schedule, rotation: str, day: date) -> date:
    """The first day from `day` on for which the rotation has no crew: a gap, or the plan's end."""
    until = day
    for crew in schedule.of(rotation):
        if crew.period.start <= until < crew.period.end:
            until = crew.period.end
    return until
