"""The mix of tags in a period: a maximum of people with a tag, or seats kept for a minimum of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from setrota.planner.arrays import Mask
from setrota.planner.incumbent.keeper import NOBODY, Keeper
from setrota.planner.incumbent.setting import NewDuty, Setting, Vacancy
from setrota.planner.problem.timeslots import Timeslot
from setrota.roster import Mix, Roster, Seat, kind_of
from setrota.rules.evidence import binding
from setrota.rules.mix import mix_kinds

Day = list[frozenset[str]]
"""The tags of each person who already serves on a day."""


def mix(setting: Setting) -> Iterator[Keeper]:
    for rule in setting.instance.roster.rules.mix:
        most, least = (MixOfMostTags, MixOfLeastTags) if rule.distinct else (MixOfPeople, MixOfPeople)
        for number, lane in enumerate(setting.lanes):
            if lane.rotation.name in rule.rotations and rule.at_most is not None:
                yield most(setting, number, rule, least=False)
            if lane.rotation.name in rule.rotations and rule.at_least:
                yield least(setting, number, rule, least=True)


class _Demand:
    """A demand on a rotation's mix: which of its people it counts, and in which periods of a duty.

    `least` says whether it is a minimum, which keeps seats free, or a maximum.
    """

    def __init__(self, setting: Setting, number: int, rule: Mix, *, least: bool) -> None:
        roster, lane = setting.instance.roster, setting.lanes[number]
        self._setting, self._number, self._rule, self._least = setting, number, rule, least
        self._bound = setting.bound_periods(number, "mix")
        names = mix_kinds(rule, lane.rotation, least=least)
        self._kinds = [kind in names for kind in lane.kinds]
        tags = [roster.people[handle].tags if handle in roster.people else frozenset() for handle in lane.people]
        self._tags = np.array([[tag in mine for tag in sorted(rule.tags)] for mine in tags], dtype=bool)
        self._days = [_days(roster, timeslot, names) for timeslot in lane.timeslots]
        free = [_not_kept(timeslot, rule, names, lane.rotation.seats) for timeslot in lane.timeslots]
        self._most = np.array(free if least else [rule.at_most or 0] * len(free), dtype=np.int64)

    def barred(self, vacancy: Vacancy) -> Mask:
        if vacancy.lane != self._number:
            return NOBODY
        barred = np.zeros(len(self._bound), dtype=bool)
        for u, kind in self._setting.seats(vacancy):
            if self._kinds[kind]:
                barred |= self._one_too_many(u) & self._bound[:, u]
        return barred

    def count(self, duty: NewDuty, by: int) -> None:
        if duty.lane == self._number:
            for u, kind in self._setting.seats(duty.vacancy):
                if self._kinds[kind] and self._bound[duty.p, u]:
                    self._count(duty.p, u, by)

    def _one_too_many(self, u: int) -> Mask:
        raise NotImplementedError

    def _count(self, p: int, u: int, by: int) -> None:
        raise NotImplementedError


class MixOfPeople(_Demand):
    """A limit on people with a tag or, to keep seats free for those, on people without."""

    def __init__(self, setting: Setting, number: int, rule: Mix, *, least: bool) -> None:
        super().__init__(setting, number, rule, least=least)
        self._counted = np.asarray(self._tags.any(axis=1) != least)
        there = [[sum(bool(rule.tags & tags) != least for tags in day) for day in days] for days in self._days]
        self._room = self._most - np.array([max(days, default=0) for days in there], dtype=np.int64)

    def _one_too_many(self, u: int) -> Mask:
        return self._counted if self._room[u] <= 0 else NOBODY

    def _count(self, p: int, u: int, by: int) -> None:
        self._room[u] -= by * int(self._counted[p])


class _Tags(_Demand):
    """What both demands on different tags know: how many people bring each tag, and which tags are there already."""

    def __init__(self, setting: Setting, number: int, rule: Mix, *, least: bool) -> None:
        super().__init__(setting, number, rule, least=least)
        there = [[_has_tag(days, tag, all if least else any) for tag in sorted(rule.tags)] for days in self._days]
        self._brought = np.array(there, dtype=np.int64).reshape(len(self._days), len(rule.tags))
        self._there = self._brought.sum(axis=1)
        self._people = np.zeros(len(self._days), dtype=np.int64)

    def _count(self, p: int, u: int, by: int) -> None:
        self._people[u] += by
        self._brought[u] += by * self._tags[p]


class MixOfMostTags(_Tags):
    """A limit on the different tags of the people who serve."""

    def _one_too_many(self, u: int) -> Mask:
        brought, most = self._brought[u] > 0, self._rule.at_most or 0
        if self._there[u] > most:
            return np.asarray(self._tags.any(axis=1))
        new = (self._tags & ~brought).sum(axis=1)
        return np.asarray((new > 0) & (brought.sum() + new > most))


class MixOfLeastTags(_Tags):
    """No more people than different tags in the seats that are kept free for those."""

    def __init__(self, setting: Setting, number: int, rule: Mix, *, least: bool) -> None:
        super().__init__(setting, number, rule, least=least)
        fixed = np.array([max(map(len, days), default=0) for days in self._days], dtype=np.int64)
        self._closed = self._most - fixed < -self._there
        self._spare = np.maximum(self._most - fixed, -self._there)

    def _one_too_many(self, u: int) -> Mask:
        if self._closed[u]:
            return np.full(len(self._tags), True)
        tags = ((self._brought[u] > 0) | self._tags).sum(axis=1)
        return np.asarray(self._people[u] + 1 - tags > self._spare[u])

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
