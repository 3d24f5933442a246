"""Compares two schedules: on which days a seat has a different holder, and what that means for each person.

Compares who really serves, with changes applied, regardless of what was planned first. Knows neither the reasons for
changes nor whether they were wise. Date ranges are half-open.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import NamedTuple

from setrota.dates.periods import Period
from setrota.schedule import Duty, Schedule


class Difference(NamedTuple):
    """A seat whose holder `was` one person and is `now` another on the days [start, end); None is nobody.

    `planned_before` and `planned_after` say whether the old and the new schedule have the seat at all on these days; an
    empty seat counts as planned.
    """

    start: date
    end: date
    rotation: str
    seat: str
    was: str | None
    now: str | None
    planned_before: bool = True
    planned_after: bool = True

    def within(self, period: Period) -> bool:
        """Whether all its days are in a period of its rotation."""
        return self.rotation == period.rotation and period.start <= self.start and self.end <= period.end


class _DutyInCrew(NamedTuple):
    """A duty, the period it is in, and the position of its seat in the crew."""

    duty: Duty
    period: Period
    position: int


class _Segment(NamedTuple):
    """A difference within one period of each schedule, and the position of its seat in the crew."""

    difference: Difference
    periods: tuple[Period | None, Period | None]
    position: int

    @property
    def place(self) -> tuple[date, str, int]:
        return self.difference.start, self.difference.rotation, self.position

    def continues(self, other: _Segment) -> bool:
        """Whether this is the same difference as `other`, on the days directly after it."""
        (_, end, *before), (start, _, *now) = other.difference, self.difference
        return (end, before, other.periods) == (start, now, self.periods)


def differences(old: Schedule, new: Schedule) -> list[Difference]:
    """The days on which a seat has another holder in `new` than in `old`, in time order, then in the crews' order.

    Consecutive days of one period with the same difference are one. Seats are the same if rotation and name are equal.
    """
    before, after = _held(old), _held(new)
    found = [
        segment
        for seat in dict.fromkeys([*after, *before])
        for segment in _joined(_compare_seat(*seat, before.get(seat, []), after.get(seat, [])))
    ]
    return [segment.difference for segment in sorted(found, key=lambda segment: segment.place)]


def _held(schedule: Schedule) -> dict[tuple[str, str], list[_DutyInCrew]]:
    """The duties of every seat, by rotation and name, in time order."""
    found: dict[tuple[str, str], list[_DutyInCrew]] = {}
    for crew in schedule.crews:
        positions = {seat: number for number, seat in enumerate(crew.seats)}
        for duty in crew.duties():
            found.setdefault((duty.rotation, duty.seat), []).append(
                _DutyInCrew(duty, crew.period, positions[duty.seat])
            )
    return found


def _compare_seat(rotation: str, seat: str, before: list[_DutyInCrew], after: list[_DutyInCrew]) -> Iterator[_Segment]:
    """The differences of one seat, split wherever a duty begins or ends."""
    cuts = sorted({day for held in (*before, *after) for day in (held.duty.start, held.duty.end)})
    for start, end in pairwise(cuts):
        there, here = _on(before, start), _on(after, start)
        was, now = there and there.duty.person, here and here.duty.person
        if was != now or (there is None) != (here is None):
            difference = Difference(
                start=start,
                end=end,
                rotation=rotation,
                seat=seat,
                was=was,
                now=now,
                planned_before=there is not None,
                planned_after=here is not None,
            )
            position = (here or there or before[0]).position
            yield _Segment(difference, (there and there.period, here and here.period), position)


def _joined(segments: Iterable[_Segment]) -> list[_Segment]:
    """Segments in time order, with those joined that continue each other."""
    joined: list[_Segment] = []
    for segment in segments:
        if joined and segment.continues(joined[-1]):
            joined[-1] = joined[-1]._replace(difference=joined[-1].difference._replace(end=segment.difference.end))
        else:
            joined.append(segment)
    return joined


def _on(duties: list[_DutyInCrew], day: date) -> _DutyInCrew | None:
    """The one of a seat's duties that has `day`, if any."""
    number = bisect_right(duties, day, key=lambda held: held.duty.start) - 1
    return duties[number] if number >= 0 and day < duties[number].duty.end else None


class ScheduleDiff(NamedTuple):
    """All `differences`, also of periods that only the new schedule has (`planned`) or only the old one (`dropped`)."""

    differences: tuple[Difference, ...]
    planned: tuple[Period, ...]
    dropped: tuple[Period, ...]

    @property
    def changed(self) -> tuple[Difference, ...]:
        """The differences in periods that both schedules have."""
        return tuple(each for each in self.differences if not any(map(each.within, (*self.planned, *self.dropped))))

    def of(self, person: str) -> ScheduleDiff:
        """The differences that concern one person."""
        return self._only(lambda each: person in (each.was, each.now))

    def between(self, start: date, end: date) -> ScheduleDiff:
        """The differences that have a day in [start, end)."""
        return self._only(lambda each: each.start < end and start < each.end)

    def _only(self, wanted: Callable[[Difference], bool]) -> ScheduleDiff:
        kept = tuple(filter(wanted, self.differences))
        planned, dropped = (
            tuple(period for period in periods if any(each.within(period) for each in kept))
            for periods in (self.planned, self.dropped)
        )
        return ScheduleDiff(kept, planned, dropped)


def compare(old: Schedule, new: Schedule) -> ScheduleDiff:
    """All differences between two schedules."""
    return ScheduleDiff(tuple(differences(old, new)), _only_in(new, old), _only_in(old, new))


def _only_in(one: Schedule, other: Schedule) -> tuple[Period, ...]:
    """The periods of one schedule that share no day with the other."""
    taken: dict[str, list[Period]] = {}
    for crew in other.crews:
        taken.setdefault(crew.period.rotation, []).append(crew.period)
    periods = (crew.period for crew in one.crews)
    return tuple(each for each in periods if not any(map(each.overlaps, taken.get(each.rotation, ()))))


class Alteration(NamedTuple):
    """A duty that one person lost or gained, or both if it moved to other days or another seat."""

    person: str
    lost: Duty | None
    gained: Duty | None

    @property
    def start(self) -> date:
        """The first day that changed."""
        return min(each.start for each in (self.lost, self.gained) if each)

    @property
    def end(self) -> date:
        return max(each.end for each in (self.lost, self.gained) if each)


class PersonDiff(NamedTuple):
    """What one person has lost and gained, in time order."""

    person: str
    lost: tuple[Duty, ...]
    gained: tuple[Duty, ...]

    @property
    def time(self) -> timedelta:
        """How much more time they have than before; negative for less."""
        lost, gained = (sum((each.end - each.start for each in duties), timedelta()) for duties in self[1:])
        return gained - lost

    def alterations(self) -> list[Alteration]:
        """Losses and gains in time order; a loss and a gain of equal length in one rotation count as a move.

        Pairs those on the same days first, since only their seat changed; then the others in time order.
        """
        lost, gained, found = list(self.lost), list(self.gained), []
        for alike in (_same_days, _same_length):
            for there in list(lost):
                here = next((each for each in gained if alike(there, each)), None)
                if here is not None:
                    found.append(Alteration(self.person, there, here))
                    lost.remove(there)
                    gained.remove(here)
        found += [Alteration(self.person, there, None) for there in lost]
        found += [Alteration(self.person, None, here) for here in gained]
        return sorted(found, key=lambda each: (each.start, each.end))


def _same_days(one: Duty, other: Duty) -> bool:
    return one.days == other.days


def _same_length(one: Duty, other: Duty) -> bool:
    return one.rotation == other.rotation and one.end - one.start == other.end - other.start


def person_diffs(found: Iterable[Difference]) -> list[PersonDiff]:
    """Everyone who gains or loses days by these differences, in order of handle."""
    lost: dict[str, list[Duty]] = {}
    gained: dict[str, list[Duty]] = {}
    for each in found:
        if each.was is not None:
            lost.setdefault(each.was, []).append(Duty(each.start, each.end, each.rotation, each.seat, each.was))
        if each.now is not None:
            gained.setdefault(each.now, []).append(Duty(each.start, each.end, each.rotation, each.seat, each.now))
    return [
        PersonDiff(person, tuple(sorted(lost.get(person, []))), tuple(sorted(gained.get(person, []))))
        for person in sorted({*lost, *gained})
    ]


def kept(schedule: Schedule, person_diff: PersonDiff) -> list[Duty]:
    """What a person has in the new schedule and already had: their duties without the days that they gained."""
    found = []
    for duty in schedule.duties():
        if duty.person == person_diff.person:
            start = duty.start
            for gain in person_diff.gained:
                if (gain.rotation, gain.seat) == (duty.rotation, duty.seat) and duty.start <= gain.start < duty.end:
                    found.append(replace(duty, start=start, end=gain.start))
                    start = gain.end
            found.append(replace(duty, start=start))
    return [duty for duty in found if duty.start < duty.end]
