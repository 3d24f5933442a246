"""A roster and a schedule, indexed for events: who sits where on a day, who came before, who is next, decided when.

Built once for all calendars of a rota, since many events ask the same. Knows no calendar format and no text.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, datetime
from functools import cache, cached_property, partial
from typing import NamedTuple

from setrota.dates.cuts import day_of, last_day
from setrota.dates.periods import DAY, Period, instant_of
from setrota.export.calendars.identity import UNDATED, on_day, state_before
from setrota.export.calendars.spans import MomentSpans, Spans
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, Schedule, place_of
from setrota.schedule.meetings import handover_meeting


class Boundary(NamedTuple):
    """One crew of a rotation, and the crew that follows it without a gap."""

    going: Crew
    coming: Crew

    @property
    def day(self) -> date:
        return self.going.period.end


class ScheduleIndex:
    """Answers what events ask of a roster and a schedule. Days are in the rotations' zones; ranges are half-open."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        self.roster = roster
        self.schedule = schedule
        self.seat_of = cache(roster.seat_of)
        self._place_of = cache(partial(place_of, roster))
        self.crews_meet = cache(self._crews_meet)
        self._positions = Spans((*_days(crew), position) for position, crew in enumerate(schedule.crews))
        self._duties: dict[Period, list[Duty]] = {}
        self._by_slot: dict[Period, dict[tuple[str, int], list[Duty]]] = {}
        self._changed: dict[tuple[Period, tuple[str, int]], MomentSpans] = {}
        self._former: dict[Period, list[list[Duty]]] = {}

    @property
    def span(self) -> tuple[date, date]:
        """The range of planned days. Raises ValueError if nothing is planned."""
        crews = self.schedule.crews
        return min(crew.period.start for crew in crews), max(crew.period.end for crew in crews)

    @cached_property
    def rotations(self) -> list[str]:
        """The rotations that have crews, including those that the roster no longer has."""
        return sorted({crew.period.rotation for crew in self.schedule.crews})

    def crews(self, start: date, end: date) -> list[Crew]:
        """Return the crews of all rotations that have a day in [start, end), in time order."""
        near = (self.schedule.crews[position] for position in sorted(self._positions.overlapping(start, end)))
        return [crew for crew in near if crew.period.start < end and start < crew.period.end]

    @cached_property
    def _of_rotation(self) -> dict[str, tuple[list[date], list[Crew]]]:
        """The crews of each rotation in time order, with their first days."""
        found: dict[str, tuple[list[date], list[Crew]]] = {}
        for crew in self.schedule.crews:
            starts, crews = found.setdefault(crew.period.rotation, ([], []))
            starts.append(crew.period.start)
            crews.append(crew)
        return found

    @cached_property
    def boundaries(self) -> dict[date, list[Boundary]]:
        """The days on which one crew follows another, in time order; each day's boundaries in the roster's order."""
        found: dict[date, list[Boundary]] = {}
        for crew in self.schedule.crews:
            day = crew.period.end
            if coming := self.crew_on(crew.period.rotation, day):
                found.setdefault(day, []).append(Boundary(crew, coming))
        order = {name: place for place, name in enumerate(dict.fromkeys([*self.roster.rotations, *self.rotations]))}
        return {day: sorted(found[day], key=lambda each: order[each.going.period.rotation]) for day in sorted(found)}

    def _crews_meet(self, day: date) -> datetime | None:
        """Return when crews that end on a day meet those that begin; None if the roster has no handover meeting."""
        ending = (each.going.period.rotation for each in self.boundaries.get(day, ()))
        first = min((instant_of(self.roster, rotation, day) for rotation in ending), default=None)
        return handover_meeting(self.roster, first) if first else None

    @cached_property
    def gatherings(self) -> dict[datetime, list[Boundary]]:
        """By the moments at which crews meet, the boundaries that each meeting is about, in time order."""
        found: dict[datetime, list[Boundary]] = {}
        for day, boundaries in self.boundaries.items():
            if meeting := self.crews_meet(day):
                found.setdefault(meeting, []).extend(boundaries)
        return found

    def meeting_of(self, rotation: str, day: date) -> datetime | None:
        """Return when the rotation's crew that ends on a day meets the next one; None if none follows it."""
        ending = (each.going.period.rotation for each in self.boundaries.get(day, ()))
        return self.crews_meet(day) if rotation in ending else None

    def crew_on(self, rotation: str, point: date) -> Crew | None:
        """Return the crew that has a point among its days; the periods of one rotation don't overlap."""
        starts, crews = self._of_rotation.get(rotation, ((), ()))
        begun = bisect_right(starts, point)
        return crews[begun - 1] if begun and point < crews[begun - 1].period.end else None

    def crew_until(self, rotation: str, point: date) -> Crew | None:
        """Return the crew that is on duty until a point, or over it."""
        starts, crews = self._of_rotation.get(rotation, ((), ()))
        begun = bisect_left(starts, point)
        return crews[begun - 1] if begun and point <= crews[begun - 1].period.end else None

    def duties(self, crew: Crew) -> list[Duty]:
        """Return a crew's duties in the roster's order, each seat's in time order."""
        if crew.period not in self._duties:
            self._duties[crew.period] = self.by_place(crew.duties())
        return self._duties[crew.period]

    def by_place(self, duties: Iterable[Duty]) -> list[Duty]:
        """Return duties in the roster's order of rotations and seats, then by time."""
        return sorted(duties, key=lambda duty: (self._place_of(duty.rotation, duty.seat), duty.start, duty.end))

    def slot_of(self, duty: Duty) -> tuple[str, int]:
        return self.seat_of(duty.rotation, duty.seat).slot

    def _of_slot(self, crew: Crew, slot: tuple[str, int]) -> list[Duty]:
        """Return a crew's duties in one seat, whatever its spelling, in time order."""
        if crew.period not in self._by_slot:
            found = self._by_slot[crew.period] = dict[tuple[str, int], list[Duty]]()
            for duty in self.duties(crew):
                found.setdefault(self.slot_of(duty), []).append(duty)
        return self._by_slot[crew.period].get(slot, [])

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
        crew = self.crew_until(duty.rotation, duty.start)
        held = self._of_slot(crew, self.slot_of(duty)) if crew else []
        begun = bisect_left(held, duty.start, key=lambda each: each.start)
        return held[begun - 1] if begun and duty.start <= held[begun - 1].end else None

    def successor(self, duty: Duty) -> Duty | None:
        """Return the duty that begins in the same seat when this one ends."""
        crew = self.crew_on(duty.rotation, duty.end)
        held = self._of_slot(crew, self.slot_of(duty)) if crew else []
        begun = bisect_right(held, duty.end, key=lambda each: each.start)
        return held[begun - 1] if begun and duty.end < held[begun - 1].end else None

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
        coming = self.crew_on(duty.rotation, duty.end)
        moments = [*self.decisions_until(crew, duty), *self._holder_decided(coming, duty, day_of(duty.end))]
        moments += self._decided_on_days.latest(duty.start, duty.end)
        if duty.person is not None:
            moments += self._decided_of(duty.person, duty)
        return max(moments, default=UNDATED)

    def decisions_until(self, crew: Crew, duty: Duty) -> list[datetime]:
        """Return the times of the last decisions about a duty itself, and about who has the seat until it begins."""
        own = self._changes(crew, self.slot_of(duty)).latest(date.min, date.max)
        going = self.crew_until(duty.rotation, duty.start)
        return [*_planned(crew), *own, *self._holder_decided(going, duty, last_day(duty.start))]

    def _holder_decided(self, crew: Crew | None, duty: Duty, day: date) -> list[datetime]:
        """Return the times of the last decisions about who of a crew has a duty's seat on a day."""
        if crew is None:
            return []
        return [*_planned(crew), *self._changes(crew, self.slot_of(duty)).latest(day, day + DAY)]

    def _changes(self, crew: Crew, slot: tuple[str, int]) -> MomentSpans:
        """Return when a seat of a crew was reassigned, with the days that each change affects."""
        if not crew.changes:
            return _NONE
        if (crew.period, slot) not in self._changed:
            of_slot = [each for each in crew.changes if self.seat_of(crew.period.rotation, each.seat).slot == slot]
            self._changed[crew.period, slot] = MomentSpans((*crew.days_of(each), each.at) for each in of_slot)
        return self._changed[crew.period, slot]

    @cached_property
    def _decided_on_days(self) -> MomentSpans:
        """When the crews of all days were planned and changed."""
        crews = self.schedule.crews
        planned = [(*_days(crew), at) for crew in crews for at in _planned(crew)]
        return MomentSpans(planned + [(*crew.days_of(each), each.at) for crew in crews for each in crew.changes])

    def _decided_of(self, person: str, duty: Duty) -> list[datetime]:
        """Return the last decisions about crews between a person's duties before and after that may have had them."""
        before, after = self.own_before(duty), self.own_after(duty)
        days = before.start if before else date.min, after.end if after else date.max
        return [*self._planned_again.latest(*days), *self._decided_about[person].latest(*days)]

    @cached_property
    def _planned_again(self) -> MomentSpans:
        """When crews were planned again: nobody recorded who had their seats before, so anyone may have."""
        again = (crew for crew in self.schedule.crews if crew.planned and crew.planned.revision != 1)
        return MomentSpans((*_days(crew), at) for crew in again for at in _planned(crew))

    @cached_property
    def _decided_about(self) -> dict[str, MomentSpans]:
        """When the crews that a person has, or has had, a seat of were planned, and when that person's were changed."""
        found: dict[str, list[tuple[date, date, datetime]]] = {}
        for crew in self.schedule.crews:
            changed = [(who, change.at) for change in crew.changes for who in (change.was, change.now)]
            known = {*crew.seats.values(), *(who for who, _ in changed)}
            for who, at in [*changed, *((who, at) for who in known for at in _planned(crew))]:
                if who is not None:
                    found.setdefault(who, []).append((*_days(crew), at))
        people = {*found, *self.duties_of}
        return {person: MomentSpans(found.get(person, ())) for person in people}


_NONE = MomentSpans(())


def _planned(crew: Crew) -> list[datetime]:
    return [crew.planned.at] if crew.planned else []


def _days(crew: Crew) -> tuple[date, date]:
    return crew.period.start, crew.period.end


def _end(duty: Duty) -> date:
    return duty.end
