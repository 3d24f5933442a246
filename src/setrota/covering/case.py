"""What is asked: which duties somebody else is to take, in which schedule, and on what day that is asked.

A turn is a person's duty as they give it up: one duty of the schedule, or all periods of one that follows a pattern.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from setrota.covering.prices import Prices, period_of
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, runs

Turn = tuple[Duty, ...]
"""The duties, or parts of them, that one person takes or gives up together."""


@dataclass(frozen=True)
class Case:
    """The duties of `wanted` are to be somebody else's; `today` is the first day on which people can still change."""

    roster: Roster
    schedule: Schedule
    wanted: Turn
    today: date

    @property
    def holder(self) -> str | None:
        return self.wanted[0].person

    @property
    def over(self) -> bool:
        """Whether all of it is past, so that only the record can be corrected."""
        return self.wanted[-1].end <= self.today

    @property
    def running(self) -> bool:
        """Whether the period meant has begun and isn't over."""
        period = period_of(self.schedule, self.wanted[0])
        return period.start <= self.today < period.end

    @cached_property
    def prices(self) -> Prices:
        return Prices(self.roster, self.schedule, self.wanted)

    @cached_property
    def turns(self) -> dict[str, list[Turn]]:
        return turns(self.roster, self.schedule)

    def next_seat(self) -> Duty | None:
        """The seat that a call goes to after the wanted one, for the same days, if one person has it on all of them.

        Only kinds with one seat, which has to be filled, are steps that a call goes through.
        """
        wanted, rotation = self.wanted[0], self.roster.rotations.get(self.wanted[0].rotation)
        crew = self.schedule.crew_on(wanted.rotation, wanted.start)
        if rotation is None or crew is None or len(self.wanted) > 1:
            return None
        ladder = [kind for kind, seats in rotation.kinds.items() if seats == 1 and kind not in rotation.optional]
        kind = self.roster.seat_of(rotation.name, wanted.seat).kind
        following = ladder[ladder.index(kind) + 1 :] if kind in ladder else []
        for duty in crew.duties():
            if following and duty.seat == following[0] and duty.start <= wanted.start and wanted.end <= duty.end:
                return replace(duty, start=wanted.start, end=wanted.end) if duty.person != wanted.person else None
        return None

    def ways_out(self, person: str, taken: Turn) -> list[Turn]:
        """What somebody could give up when they take duties: their seat in the same crew for the same days first, then
        whichever of their other turns isn't over, the nearest first."""
        found = [(0, part) for part in [self.seat_left(person, taken)] if part]
        for turn in self.turns.get(person, ()) if not self.over else ():
            rest = remaining(turn, self.today)
            if rest and not any(same_crew(self.schedule, one, other) for one in rest for other in taken):
                found.append((abs((rest[0].start - taken[0].start).days), rest))
        return [turn for _, turn in sorted(found)]

    def seat_left(self, person: str, taken: Turn) -> Turn:
        """The parts of somebody's seats in the same crews on the days of what they take; empty if they have none."""
        return tuple(
            replace(duty, start=max(duty.start, each.start), end=min(duty.end, each.end))
            for each in taken
            for crew in [self.schedule.crew_on(each.rotation, each.start)]
            for duty in (crew.duties() if crew else ())
            if duty.person == person and duty.start < each.end and each.start < duty.end and duty.seat != each.seat
        )


def turns(roster: Roster, schedule: Schedule) -> dict[str, list[Turn]]:
    """Everybody's turns in time order."""
    patterned = {name for name, rotation in roster.rotations.items() if rotation.pattern}
    number = {
        (person, period): (run.start, index)
        for person, found in (runs(roster, schedule.crews) if patterned else {}).items()
        for index, run in enumerate(found)
        for period in run.periods
    }
    found: dict[str, dict[object, list[Duty]]] = {}
    for crew in schedule.crews:
        for duty in crew.duties():
            if duty.person is not None:
                joined = number.get((duty.person, crew.period)) if duty.rotation in patterned else None
                key = (duty.rotation, joined) if joined else duty
                found.setdefault(duty.person, {}).setdefault(key, []).append(duty)
    return {person: sorted(map(_in_order, mine.values())) for person, mine in found.items()}


def _in_order(duties: Iterable[Duty]) -> Turn:
    return tuple(sorted(duties, key=lambda duty: (duty.start, duty.end)))


def within(turn: Turn, start: date, end: date) -> Turn:
    """The parts of a turn that lie in [start, end)."""
    return tuple(_within(turn, start, end))


def _within(turn: Turn, start: date, end: date) -> Iterator[Duty]:
    for duty in turn:
        first, last = max(duty.start, start), min(duty.end, end)
        if first < last:
            yield replace(duty, start=first, end=last)


def remaining(turn: Turn, today: date) -> Turn:
    """What of a turn isn't over."""
    return within(turn, today, date.max)


def same_crew(schedule: Schedule, one: Duty, other: Duty) -> bool:
    """Whether two duties are of one period of one rotation."""
    return one.rotation == other.rotation and period_of(schedule, one) == period_of(schedule, other)
