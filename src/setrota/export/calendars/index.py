"""A roster and a schedule, indexed for events: who sits where on a day, who came before, who is next, decided when.

Built once for all calendars of a rota, since many events ask the same. Knows no calendar format and no text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cached_property, partial
from typing import NamedTuple

from setrota.dates.periods import DAY, Period, handover_on, instant
from setrota.export.calendars.identity import UNDATED, decision_times, may_have_served, on_day, state_before, touches
from setrota.roster import Roster
from setrota.schedule import Change, Crew, Duty, Schedule, by_place, slot_of
from setrota.schedule.meetings import handover_meeting


class Boundary(NamedTuple):
    """One crew of a rotation, and the crew that follows it without a gap."""

    going: Crew
    coming: Crew


class ScheduleIndex:
    """Answers what events ask of a roster and a schedule. Days are in the rotations' zones; ranges are half-open."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        self.roster = roster
        self.schedule = schedule
        self._starts = [crew.period.start for crew in schedule.crews]
        self._longest = max((crew.period.end - crew.period.start for crew in schedule.crews), default=timedelta())
        self._duties: dict[Period, list[Duty]] = {}
        self._former: dict[Period, list[list[Duty]]] = {}

    @property
    def span(self) -> tuple[date, date]:
        """The range of planned days. Raises ValueError if nothing is planned."""
        return min(self._starts), max(crew.period.end for crew in self.schedule.crews)

    @property
    def rotations(self) -> list[str]:
        """The rotations that have crews, including those that the roster no longer has."""
        return sorted({crew.period.rotation for crew in self.schedule.crews})

    def crews(self, start: date, end: date) -> Iterator[Crew]:
        """Yield the crews of all rotations that have a day in [start, end), in time order."""
        crews = self.schedule.crews
        first = bisect_left(self._starts, start - self._longest) if start - date.min > self._longest else 0
        for crew in crews[first : bisect_left(self._starts, end)]:
            if crew.period.end > start:
                yield crew

    @cached_property
    def boundaries(self) -> dict[date, list[Boundary]]:
        """The days on which one crew follows another, in time order; each day's boundaries in the roster's order."""
        found: dict[date, list[Boundary]] = {}
        for crew in self.schedule.crews:
            day = crew.period.end
            if coming := self.crew_on(crew.period.rotation, day):
                found.setdefault(day, []).append(Boundary(crew, coming))
        order = [*self.roster.rotations, *self.rotations]
        return {
            day: sorted(found[day], key=lambda each: order.index(each.going.period.rotation)) for day in sorted(found)
        }

    def crews_meet(self, day: date) -> datetime | None:
        """Return when crews that end on a day meet those that begin; None if the roster has no handover meeting."""
        handovers = [handover_on(self.roster, each.going.period.rotation, day) for each in self.boundaries.get(day, ())]
        first = min(handovers, key=instant, default=None)
        return handover_meeting(self.roster, first) if first else None

    def meeting_of(self, rotation: str, day: date) -> datetime | None:
        """Return when the rotation's crew that ends on a day meets the next one; None if none follows it."""
        ending = (each.going.period.rotation for each in self.boundaries.get(day, ()))
        return self.crews_meet(day) if rotation in ending else None

    def crew_on(self, rotation: str, day: date) -> Crew | None:
        return next((crew for crew in self.crews(day, day + DAY) if crew.period.rotation == rotation), None)

    def duties(self, crew: Crew) -> list[Duty]:
        """Return a crew's duties in the roster's order, each seat's in time order."""
        if crew.period not in self._duties:
            self._duties[crew.period] = by_place(self.roster, crew.duties())
        return self._duties[crew.period]

    def former_states(self, crew: Crew) -> list[list[Duty]]:
        """Return a crew's duties as they were before each change of it, oldest first."""
        if crew.period not in self._former:
            moments = sorted({change.at for change in crew.changes})
            self._former[crew.period] = [then.duties() for at in moments if (then := state_before(crew, at))]
        return self._former[crew.period]

    @cached_property
    def first_planned(self) -> list[list[Duty]]:
        """The duties of each crew that may be of the first plan, as they were before any change that is known."""
        first = min((crew.planned.at for crew in self.schedule.crews if crew.planned), default=None)
        # What `plan --again` renewed was planned before that, nobody knows when or for whom.
        crews = [
            crew
            for crew in self.schedule.crews
            if crew.planned is None or crew.planned.at == first or crew.planned.revision > 1
        ]
        return [next(iter(self.former_states(crew)), crew.duties()) for crew in crews]

    def duties_on(self, crew: Crew, day: date) -> list[Duty]:
        """Return a crew's duties on a day of its period, in the roster's order."""
        return on_day(self.duties(crew), day)

    def predecessor(self, duty: Duty) -> Duty | None:
        """Return the duty that ends in the same seat when this one begins, in its period or the one before."""
        return self._in_seat(duty, duty.start - DAY)

    def successor(self, duty: Duty) -> Duty | None:
        """Return the duty that begins in the same seat when this one ends."""
        return self._in_seat(duty, duty.end)

    def _in_seat(self, duty: Duty, day: date) -> Duty | None:
        crew = self.crew_on(duty.rotation, day)
        slot = slot_of(self.roster, duty)
        held = self.duties_on(crew, day) if crew else []
        return next((each for each in held if slot_of(self.roster, each) == slot), None)

    @cached_property
    def duties_of(self) -> dict[str, list[Duty]]:
        """Each person's duties, in time order."""
        found: dict[str, list[Duty]] = {}
        for crew in self.schedule.crews:
            for duty in self.duties(crew):
                if duty.person is not None:
                    found.setdefault(duty.person, []).append(duty)
        return {person: sorted(duties) for person, duties in found.items()}

    @cached_property
    def _by_end(self) -> dict[str, list[Duty]]:
        return {person: sorted(duties, key=_end) for person, duties in self.duties_of.items()}

    def own_before(self, duty: Duty) -> Duty | None:
        """Return the same person's last duty that is over when this one begins."""
        own = self._by_end.get(duty.person or "", [])
        over = bisect_right(own, duty.start, key=_end)
        # Of several that end last, the one that begins first.
        return own[bisect_left(own, own[over - 1].end, key=_end)] if over else None

    def own_after(self, duty: Duty) -> Duty | None:
        """Return the same person's next duty, which begins when this one is over or later."""
        own = self.duties_of.get(duty.person or "", [])
        later = bisect_left(own, duty.end, key=lambda each: each.start)
        return own[later] if later < len(own) else None

    # When an event's content was decided

    def last_decision(self, crew: Crew, duty: Duty) -> datetime:
        """Return the time of the last decision about anything in a duty's event.

        The event has the duty's days, everyone on duty during it, its neighbours in the seat, and the person's own
        duties before and after. The time never goes back: if a decision no longer matters to the event, the reason is a
        later one that does.
        """
        moments = [*self.decisions_until(crew, duty), *self._holder_decided(duty, duty.end)]
        for each in self.crews(duty.start, duty.end):
            moments += decision_times(each, partial(touches, each, duty.start, duty.end))
        if duty.person is not None:
            moments += self._decided_of(duty.person, duty)
        return max(moments, default=UNDATED)

    def decisions_until(self, crew: Crew, duty: Duty) -> list[datetime]:
        """Return the times of all decisions about a duty itself, and about who has the seat until it begins."""
        slot = slot_of(self.roster, duty)
        own = decision_times(crew, lambda change: self._slot(crew, change) == slot)
        return own + self._holder_decided(duty, duty.start - DAY)

    def _holder_decided(self, duty: Duty, day: date) -> list[datetime]:
        """Return the times of all decisions about who has a duty's seat on a day."""
        crew, slot = self.crew_on(duty.rotation, day), slot_of(self.roster, duty)
        if crew is None:
            return []
        deciding = partial(touches, crew, day, day + DAY)
        return decision_times(crew, lambda change: self._slot(crew, change) == slot and deciding(change))

    def _slot(self, crew: Crew, change: Change) -> tuple[str, int]:
        return self.roster.seat_of(crew.period.rotation, change.seat).slot

    def _decided_of(self, person: str, duty: Duty) -> list[datetime]:
        before, after = self.own_before(duty), self.own_after(duty)
        start, end = before.start if before else date.min, after.end if after else date.max
        crews = (crew for crew in self.crews(start, end) if may_have_served(crew, person))
        return [at for crew in crews for at in decision_times(crew, lambda change: person in (change.was, change.now))]


def _end(duty: Duty) -> date:
    return duty.end
