"""A roster and a schedule as events look things up in them: who sits where on a day, who comes before and after.

Built once for all calendars of a rota, since many events ask the same. Knows no calendar format and no text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property

from setrota.periods import DAY, Period
from setrota.roster import Roster
from setrota.schedule import Change, Crew, Duty, Schedule, by_place


class Diary:
    """What is asked of a roster and a schedule. Days are those of the rotations; ranges are half-open."""

    def __init__(self, roster: Roster, schedule: Schedule) -> None:
        self.roster = roster
        self.schedule = schedule
        self._starts = [crew.period.start for crew in schedule.crews]
        lengths = (crew.period.end - crew.period.start for crew in schedule.crews)
        self._longest = max(lengths, default=timedelta())
        self._duties: dict[Period, list[Duty]] = {}
        self._former: dict[Period, list[list[Duty]]] = {}

    @property
    def span(self) -> tuple[date, date]:
        """The days that are planned; raises ValueError where nothing is."""
        crews = self.schedule.crews
        return min(self._starts), max(crew.period.end for crew in crews)

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

    def crew_on(self, rotation: str, day: date) -> Crew | None:
        found = (crew for crew in self.crews(day, day + DAY) if crew.period.rotation == rotation)
        return next(found, None)

    def duties(self, crew: Crew) -> list[Duty]:
        """A crew's duties in the roster's order, each seat's in time order."""
        if crew.period not in self._duties:
            self._duties[crew.period] = by_place(self.roster, crew.duties())
        return self._duties[crew.period]

    def placed(self, duties: Iterable[Duty]) -> list[Duty]:
        """Duties of several crews in the roster's order."""
        return by_place(self.roster, duties)

    def former(self, crew: Crew) -> list[list[Duty]]:
        """What a crew's duties were before each of its changes, the oldest first."""
        if crew.period not in self._former:
            counts = range(len(crew.changes))
            self._former[crew.period] = [replace(crew, changes=crew.changes[:count]).duties() for count in counts]
        return self._former[crew.period]

    def once(self, crew: Crew, day: date) -> list[Duty]:
        """The duties that `day` had before any of the crew's changes."""
        return [duty for duties in self.former(crew) for duty in duties if duty.start <= day < duty.end]

    def held(self, crew: Crew, day: date) -> list[Duty]:
        """A crew's duties on a day of its period, in the roster's order."""
        return [duty for duty in self.duties(crew) if duty.start <= day < duty.end]

    def previous(self, duty: Duty) -> Duty | None:
        """Who has the seat until a duty begins: an earlier part of the period, or the period before."""
        return self._in_seat(duty, duty.start - DAY)

    def following(self, duty: Duty) -> Duty | None:
        """Who has the seat when a duty ends."""
        return self._in_seat(duty, duty.end)

    def _in_seat(self, duty: Duty, day: date) -> Duty | None:
        crew = self.crew_on(duty.rotation, day)
        slot = self.roster.seat_of(duty.rotation, duty.seat).slot
        held = self.held(crew, day) if crew else []
        return next((each for each in held if self.roster.seat_of(each.rotation, each.seat).slot == slot), None)

    @cached_property
    def _own(self) -> dict[str, list[Duty]]:
        found: dict[str, list[Duty]] = {}
        for crew in self.schedule.crews:
            for duty in self.duties(crew):
                if duty.person is not None:
                    found.setdefault(duty.person, []).append(duty)
        return {person: sorted(duties) for person, duties in found.items()}

    @property
    def people(self) -> Iterable[str]:
        """Everybody who has a duty."""
        return self._own

    def own_before(self, duty: Duty) -> Duty | None:
        """The last duty of the same person that is over when this one begins."""
        own = self._own.get(duty.person or "", [])
        return max((each for each in own if each.end <= duty.start), key=lambda each: each.end, default=None)

    def own_after(self, duty: Duty) -> Duty | None:
        """The next duty of the same person that begins when this one is over, or later."""
        own = self._own.get(duty.person or "", [])
        return next((each for each in own if each.start >= duty.end), None)

    # When what an event tells was decided

    def decided(self, duty: Duty, period: Period) -> list[datetime]:
        """When everything was decided that a duty's event tells about: its crew, its neighbours in the seat and the
        person's own duties before and after.

        These only grow: whatever takes a neighbour away is a later decision about days that are still looked at.
        """
        moments = moments_of(self.crews(period.start, period.end))
        beside = {each.period: each for each in self._seat_crews(duty)}
        slot = self.roster.seat_of(duty.rotation, duty.seat).slot
        moments += moments_of(beside.values(), lambda change: self._slot(duty.rotation, change) == slot)
        if duty.person is not None:
            moments += self._decided_of(duty.person, duty)
        return moments

    def _slot(self, rotation: str, change: Change) -> tuple[str, int]:
        return self.roster.seat_of(rotation, change.seat).slot

    def _seat_crews(self, duty: Duty) -> Iterator[Crew]:
        for day in (duty.start - DAY, duty.end):
            if crew := self.crew_on(duty.rotation, day):
                yield crew

    def _decided_of(self, person: str, duty: Duty) -> list[datetime]:
        before, after = self.own_before(duty), self.own_after(duty)
        start, end = before.start if before else date.min, after.end if after else date.max
        return moments_of(self.crews(start, end), lambda change: person in (change.was, change.now))


def moments_of(crews: Iterable[Crew], concerned: Callable[[Change], bool] = lambda _: True) -> list[datetime]:
    """When crews were planned and, of their changes, those that are concerned were made."""
    moments = []
    for crew in crews:
        moments += [change.at for change in crew.changes if concerned(change)]
        moments += [crew.planned.at] if crew.planned else []
    return moments
