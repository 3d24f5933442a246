"""What is asked: which duties somebody else is to take, in which schedule, and on what day that is asked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from setrota.changes.cover.prices import Prices
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule
from setrota.schedule.turns import Turn, remaining, turns


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
        """Whether the period meant has begun, and neither it nor what is wanted of it is over."""
        period = self.schedule.period_of(self.wanted[0])
        return period.start <= self.today < period.end and not self.over

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


def same_crew(schedule: Schedule, one: Duty, other: Duty) -> bool:
    """Whether two duties are of one period of one rotation."""
    return one.rotation == other.rotation and schedule.period_of(one) == schedule.period_of(other)
