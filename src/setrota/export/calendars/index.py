"""A roster and a schedule, indexed for events: who sits where on a day, who comes before and after, decided when.

Built once for all calendars of a rota, since many events ask the same. Knows no calendar format and no text.
"""

from __future__ import annotations

from bisect import bisect_left
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
    """One crew of a rotation, and the one that follows it without a gap."""

    going: Crew
    coming: Crew


class ScheduleIndex:
    """Answers what events ask of a roster and a schedule. Days are those of the rotations; ranges are half-open."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        self.roster = roster
        self.schedule = schedule
        self._starts = [crew.period.start for crew in schedule.crews]
        self._longest = max((crew.period.end - crew.period.start for crew in schedule.crews), default=timedelta())
        self._duties: dict[Period, list[Duty]] = {}
        self._former: dict[Period, list[list[Duty]]] = {}

    @property
    def span(self) -> tuple[date, date]:
        """The days that are planned; raises ValueError where nothing is."""
        return min(self._starts), max(crew.period.end for crew in self.schedule.crews)

    @property
    def rotations(self) -> list[str]:
        """The rotations that have crews, also those that the roster no longer has."""
        return sorted({crew.period.rotation for crew in self.schedule.crews})

    def crews(self, start: date, end: date) -> Iterator[Crew]:
        """The crews of all rotations that have a day in [start, end), in time order."""
        crews = self.schedule.crews
        first = bisect_left(self._starts, start - self._longest) if start - date.min > self._longest else 0
        for crew in crews[first : bisect_left(self._starts, end)]:
            if crew.period.end > start:
                yield crew

    @cached_property
    def boundaries(self) -> dict[date, list[Boundary]]:
        """The days on which one crew follows another, in time order, with those of each rotation in the roster's."""
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
        """When crews that end on a day meet those that begin; None where the roster keeps no such meeting."""
        handovers = [handover_on(self.roster, each.going.period.rotation, day) for each in self.boundaries.get(day, ())]
        first = min(handovers, key=instant, default=None)
        return handover_meeting(self.roster, first) if first else None

    def meeting_of(self, rotation: str, day: date) -> datetime | None:
        """When the crews meet of which one of this rotation ends on a day; None where none follows it."""
        ending = (each.going.period.rotation for each in self.boundaries.get(day, ()))
        return self.crews_meet(day) if rotation in ending else None

    def crew_on(self, rotation: str, day: date) -> Crew | None:
        return next((crew for crew in self.crews(day, day + DAY) if crew.period.rotation == rotation), None)

    def duties(self, crew: Crew) -> list[Duty]:
        """A crew's duties in the roster's order, each seat's in time order."""
        if crew.period not in self._duties:
            self._duties[crew.period] = by_place(self.roster, crew.duties())
        return self._duties[crew.period]

    def former_states(self, crew: Crew) -> list[list[Duty]]:
        """What a crew's duties were before each time that it was changed, the oldest first."""
        if crew.period not in self._former:
            moments = sorted({change.at for change in crew.changes})
            self._former[crew.period] = [then.duties() for at in moments if (then := state_before(crew, at))]
        return self._former[crew.period]

    def duties_on(self, crew: Crew, day: date) -> list[Duty]:
        """A crew's duties on a day of its period, in the roster's order."""
        return on_day(self.duties(crew), day)

    def predecessor(self, duty: Duty) -> Duty | None:
        """Who has the seat until a duty begins: an earlier part of the period, or the period before."""
        return self._in_seat(duty, duty.start - DAY)

    def successor(self, duty: Duty) -> Duty | None:
        """Who has the seat when a duty ends."""
        return self._in_seat(duty, duty.end)

    def _in_seat(self, duty: Duty, day: date) -> Duty | None:
        crew = self.crew_on(duty.rotation, day)
        slot = slot_of(self.roster, duty)
        held = self.duties_on(crew, day) if crew else []
        return next((each for each in held if slot_of(self.roster, each) == slot), None)

    @cached_property
    def duties_of(self) -> dict[str, list[Duty]]:
        """The duties of everybody who has any, in time order."""
        found: dict[str, list[Duty]] = {}
        for crew in self.schedule.crews:
            for duty in self.duties(crew):
                if duty.person is not None:
                    found.setdefault(duty.person, []).append(duty)
        return {person: sorted(duties) for person, duties in found.items()}

    def own_before(self, duty: Duty) -> Duty | None:
        """The last duty of the same person that is over when this one begins."""
        own = self.duties_of.get(duty.person or "", [])
        return max((each for each in own if each.end <= duty.start), key=lambda each: each.end, default=None)

    def own_after(self, duty: Duty) -> Duty | None:
        """The next duty of the same person that begins when this one is over, or later."""
        own = self.duties_of.get(duty.person or "", [])
        return next((each for each in own if each.start >= duty.end), None)

    # When what an event tells was decided

    def last_decision(self, crew: Crew, duty: Duty) -> datetime:
        """When the last of all was decided that a duty's event tells: how long it is, who is on duty meanwhile, the
        neighbours in the seat and the person's own duties before and after.

        It never falls: whatever makes a change none of these is a later change that is one.
        """
        moments = [*self.decisions_until(crew, duty), *self._holder_decided(duty, duty.end)]
        for each in self.crews(duty.start, duty.end):
            moments += decision_times(each, partial(touches, each, duty.start, duty.end))
        if duty.person is not None:
            moments += self._decided_of(duty.person, duty)
        return max(moments, default=UNDATED)

    def decisions_until(self, crew: Crew, duty: Duty) -> list[datetime]:
        """When everything was decided about a duty itself, and who has the seat until it begins."""
        slot = slot_of(self.roster, duty)
        own = decision_times(crew, lambda change: self._slot(crew, change) == slot)
        return own + self._holder_decided(duty, duty.start - DAY)

    def _holder_decided(self, duty: Duty, day: date) -> list[datetime]:
        """When everything was decided about who has a duty's seat on a day."""
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
