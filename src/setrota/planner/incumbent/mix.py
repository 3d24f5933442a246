"""The mix of tags in a period, or on a day: a maximum of people with a tag, or seats kept for a minimum of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC
from typing import NamedTuple

import numpy as np

from setrota.planner.arrays import Mask
from setrota.planner.incumbent.keeper import NOBODY, Keeper
from setrota.planner.incumbent.setting import NewDuty, Setting, Vacancy
from setrota.planner.problem.instants import moment_of
from setrota.planner.problem.timeslots import Timeslot
from setrota.roster import Mix, Roster, Seat, kind_of
from setrota.rules.evidence import Evidence, binding, served_at
from setrota.rules.mix import counted_duties, mix_kinds, seats_at

Day = list[frozenset[str]]
"""The tags of each person who already serves on a day."""


class Slots(NamedTuple):
    """What a mix holds in: the periods of a rotation or, if it is about several, the stretches of `Instance.moments`.

    For each, `days` has who is there already, day by day, and `free` the number of seats that aren't kept. `of` gives
    the slots of a lane's period.
    """

    days: list[list[Day]]
    free: list[int]
    of: Callable[[int, int], list[int]]


def mix(setting: Setting) -> Iterator[Keeper]:
    for rule in setting.instance.roster.rules.mix:
        most, least = (MixOfMostTags, MixOfLeastTags) if rule.distinct else (MixOfPeople, MixOfPeople)
        numbers = [number for number, lane in enumerate(setting.lanes) if lane.rotation.name in rule.rotations]
        if numbers and rule.at_most is not None:
            yield most(setting, numbers, rule, least=False)
        if numbers and rule.at_least:
            yield least(setting, numbers, rule, least=True)


def _slots(setting: Setting, numbers: Sequence[int], rule: Mix, *, least: bool) -> Slots:
    if len(rule.rotations) > 1:
        return _stretches(setting, rule, least=least)
    roster, lane = setting.instance.roster, setting.lanes[numbers[0]]
    kinds = mix_kinds(rule, lane.rotation, least=least)
    return Slots(
        days=[_days(roster, timeslot, kinds) for timeslot in lane.timeslots],
        free=[_not_kept(timeslot, rule, kinds, lane.rotation.seats) for timeslot in lane.timeslots],
        of=lambda _, u: [u],
    )


def _stretches(setting: Setting, rule: Mix, *, least: bool) -> Slots:
    roster, standing = setting.instance.roster, setting.instance.standing
    moments = [moment_of(instant, UTC) for instant in setting.instance.moments.begin.tolist()]
    held = counted_duties(Evidence(roster, standing), rule, least=least)
    seats = [seats_at(roster, standing, rule, moment) if least else 0 for moment in moments]

    def stretches_of(lane: int, u: int) -> list[int]:
        found: list[int] = setting.stretches[lane][u].tolist()
        return found

    return Slots(
        days=[[[roster.people[each.person].tags for each in there]] for _, there in served_at(roster, moments, held)],
        free=[number - min(rule.at_least, number) for number in seats],
        of=stretches_of,
    )


class _Demand:
    """A demand on the mix of a rotation, or of several together: which people it counts, and in which slots of a duty.

    `least` says whether it is a minimum, which keeps seats free, or a maximum.
    """

    def __init__(self, setting: Setting, numbers: Sequence[int], rule: Mix, *, least: bool) -> None:
        lanes = {number: setting.lanes[number] for number in numbers}
        self._setting, self._rule, self._least = setting, rule, least
        self._slots = _slots(setting, numbers, rule, least=least)
        self._bound = {number: setting.bound_periods(number, "mix") for number in numbers}
        self._kinds = {
            number: [kind in mix_kinds(rule, lane.rotation, least=least) for kind in lane.kinds]
            for number, lane in lanes.items()
        }
        self._tags = {number: _tags_of(setting.instance.roster, rule, lane.people) for number, lane in lanes.items()}
        free = self._slots.free
        self._most = np.array(free if least else [rule.at_most or 0] * len(free), dtype=np.int64)

    def barred(self, vacancy: Vacancy) -> Mask:
        bound = self._bound.get(vacancy.lane)
        if bound is None:
            return NOBODY
        barred = np.zeros(len(bound), dtype=bool)
        for u, kind in self._setting.seats(vacancy):
            if self._kinds[vacancy.lane][kind]:
                for slot in self._slots.of(vacancy.lane, u):
                    barred |= self._one_too_many(vacancy.lane, slot) & bound[:, u]
        return barred

    def count(self, duty: NewDuty, by: int) -> None:
        for u, kind in self._setting.seats(duty.vacancy) if duty.lane in self._bound else ():
            if self._kinds[duty.lane][kind] and self._bound[duty.lane][duty.p, u]:
                for slot in self._slots.of(duty.lane, u):
                    self._count(duty.lane, duty.p, slot, by)

    def _one_too_many(self, lane: int, slot: int) -> Mask:
        raise NotImplementedError

    def _count(self, lane: int, p: int, slot: int, by: int) -> None:
        raise NotImplementedError


def _tags_of(roster: Roster, rule: Mix, people: Iterable[str]) -> Mask:
    """`[p, tag]`: whether p has one of the rule's tags."""
    tags = [roster.people[handle].tags if handle in roster.people else frozenset() for handle in people]
    return np.array([[tag in mine for tag in sorted(rule.tags)] for mine in tags], dtype=bool)


class MixOfPeople(_Demand):
    """A limit on people with a tag or, to keep seats free for those, on people without."""

    def __init__(self, setting: Setting, numbers: Sequence[int], rule: Mix, *, least: bool) -> None:
        super().__init__(setting, numbers, rule, least=least)
        self._counted = {number: np.asarray(tags.any(axis=1) != least) for number, tags in self._tags.items()}
        there = [[sum(bool(rule.tags & tags) != least for tags in day) for day in days] for days in self._slots.days]
        self._room = self._most - np.array([max(days, default=0) for days in there], dtype=np.int64)

    def _one_too_many(self, lane: int, slot: int) -> Mask:
        return self._counted[lane] if self._room[slot] <= 0 else NOBODY

    def _count(self, lane: int, p: int, slot: int, by: int) -> None:
        self._room[slot] -= by * int(self._counted[lane][p])


class _Tags(_Demand):
    """What both demands on different tags know: how many people bring each tag, and which tags are there already."""

    def __init__(self, setting: Setting, numbers: Sequence[int], rule: Mix, *, least: bool) -> None:
        super().__init__(setting, numbers, rule, least=least)
        days = self._slots.days
        there = [[_has_tag(each, tag, all if least else any) for tag in sorted(rule.tags)] for each in days]
        self._brought = np.array(there, dtype=np.int64).reshape(len(days), len(rule.tags))
        self._there = self._brought.sum(axis=1)
        self._people = np.zeros(len(days), dtype=np.int64)

    def _count(self, lane: int, p: int, slot: int, by: int) -> None:
        self._people[slot] += by
        self._brought[slot] += by * self._tags[lane][p]


class MixOfMostTags(_Tags):
    """A limit on the different tags of the people who serve."""

    def _one_too_many(self, lane: int, slot: int) -> Mask:
        tags, brought, most = self._tags[lane], self._brought[slot] > 0, self._rule.at_most or 0
        if self._there[slot] > most:
            return np.asarray(tags.any(axis=1))
        new = (tags & ~brought).sum(axis=1)
        return np.asarray((new > 0) & (brought.sum() + new > most))


class MixOfLeastTags(_Tags):
    """No more people than different tags in the seats that are kept free for those."""

    def __init__(self, setting: Setting, numbers: Sequence[int], rule: Mix, *, least: bool) -> None:
        super().__init__(setting, numbers, rule, least=least)
        fixed = np.array([max(map(len, days), default=0) for days in self._slots.days], dtype=np.int64)
        self._closed = self._most - fixed < -self._there
        self._spare = np.maximum(self._most - fixed, -self._there)

    def _one_too_many(self, lane: int, slot: int) -> Mask:
        if self._closed[slot]:
            return np.full(len(self._tags[lane]), True)
        tags = ((self._brought[slot] > 0) | self._tags[lane]).sum(axis=1)
        return np.asarray(self._people[slot] + 1 - tags > self._spare[slot])

    @property
    def broken(self) -> bool:
        """Whether someone was taken away without whose tags the others are too many."""
        return bool((self._people - (self._brought > 0).sum(axis=1) > self._spare).any())


def _days(roster: Roster, timeslot: Timeslot, kinds: frozenset[str]) -> list[Day]:
    """Day by day, the tags of people who already have these kinds of seat, if rules about tags bind them."""
    if timeslot.crew is None:
        return []
    held = [duty for duty in timeslot.crew.duties() if duty.person in roster.people and kind_of(duty.seat) in kinds]
    bound = binding(roster, "mix", {str(duty.person) for duty in held}, timeslot.period)
    mine = [duty for duty in held if duty.person in bound]
    return [
        [roster.people[str(duty.person)].tags for duty in mine if duty.start <= first.start < duty.end]
        for first in held
    ]


def _has_tag(days: list[Day], tag: str, when: Callable[[Iterable[bool]], bool]) -> bool:
    """Whether a tag is already there: on all days if it is needed, on any day if it counts against a limit."""
    return bool(days) and when(any(tag in tags for tags in day) for day in days)


def _not_kept(timeslot: Timeslot, rule: Mix, kinds: frozenset[str], seats: Iterable[Seat]) -> int:
    """How many seats are not kept for people with the tag."""
    names = timeslot.crew.seats if timeslot.crew else [seat.name for seat in seats]
    number = sum(kind_of(name) in kinds for name in names)
    return number - min(rule.at_least, number)
