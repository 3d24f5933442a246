"""What the checkers read and what they return. The schedule's duties are worked out once for all checkers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

from setrota.dates.availability import is_exempt
from setrota.dates.periods import Period
from setrota.dates.service import stretches
from setrota.roster import Roster, kind_of
from setrota.schedule import Crew, Run, Schedule, runs


@dataclass(frozen=True)
class Violation:
    """One broken rule: the period (the later one where two are involved), the people, and a sentence.

    `short` gives a person who would be added the reason in a few words, where the rule's name alone doesn't.
    """

    rule: str
    period: Period
    people: tuple[str, ...]
    message: str
    short: str = ""


def without_seat(message: str, person: str) -> str:
    """A violation's message without the seat that may follow the person, for places that name the seat themselves."""
    return re.sub(rf"^({re.escape(person)}) \([^()]*\)", r"\1", message)


class HeldDuty(NamedTuple):
    """A duty that a person holds: the days [start, end) in the crew of `period`."""

    start: date
    end: date
    person: str
    seat: str
    period: Period

    @property
    def kind(self) -> str:
        return kind_of(self.seat)

    @property
    def days(self) -> Period:
        return Period(self.start, self.end, self.period.rotation)


@dataclass(frozen=True)
class Evidence:
    """A roster and a schedule, with all the duties that people hold."""

    roster: Roster
    schedule: Schedule

    @cached_property
    def crews(self) -> list[tuple[Crew, list[HeldDuty]]]:
        """Every crew with the duties that people hold in it, in time order."""
        return [(crew, list(_held(crew))) for crew in self.schedule.crews]

    @cached_property
    def held(self) -> list[HeldDuty]:
        return [each for _, held in self.crews for each in held]

    @cached_property
    def runs(self) -> dict[str, list[Run]]:
        return runs(self.roster, self.schedule.crews)

    def bound(self, rule: str, held: Iterable[HeldDuty]) -> list[HeldDuty]:
        """The duties that the roster doesn't exempt from a rule."""
        if not self.roster.rules.exemptions:
            return list(held)
        return [each for each in held if not is_exempt(self.roster, rule, each.person, each.period)]


def _held(crew: Crew) -> Iterator[HeldDuty]:
    for duty in crew.duties():
        if duty.person is not None:
            yield HeldDuty(duty.start, duty.end, duty.person, duty.seat, crew.period)


Checker = Callable[[Evidence], Iterator[Violation]]


def exempt_run(roster: Roster, rule: str, handle: str, run: Run) -> bool:
    """Whether a person is exempt from a rule in any period of a run."""
    return bool(roster.rules.exemptions) and any(is_exempt(roster, rule, handle, period) for period in run.periods)


def binding(roster: Roster, rule: str, handles: Iterable[str], period: Period) -> frozenset[str]:
    """The people whom a rule binds in a period."""
    return frozenset(handle for handle in handles if not is_exempt(roster, rule, handle, period))


def held_at_once(held: Iterable[HeldDuty]) -> Iterator[list[HeldDuty]]:
    """For each day on which a duty begins, all duties on that day; people who replace each other don't meet."""
    there: list[HeldDuty] = []
    for start, beginning in groupby(sorted(held), key=attrgetter("start")):
        there = [each for each in there if each.end > start] + list(beginning)
        yield there


def served_at_once(roster: Roster, held: Iterable[HeldDuty]) -> Iterator[list[HeldDuty]]:
    """For each instant at which service in a duty begins, all duties served then, in whichever rotations.

    Within one rotation that is `held_at_once`: its duties are served at the same hours.
    """
    mine = list(held)
    if len({each.period.rotation for each in mine}) < 2:
        yield from held_at_once(mine)
        return
    there: list[ServedStretch] = []
    for start, beginning in groupby(_stretches(roster, mine), key=attrgetter("start")):
        there = [each for each in there if each.end > start] + list(beginning)
        yield [each.held for each in there]


def served_at(
    roster: Roster, instants: Iterable[datetime], held: Iterable[HeldDuty]
) -> Iterator[tuple[datetime, list[HeldDuty]]]:
    """Each of these instants, which are in time order, with all duties that are served then."""
    coming = _stretches(roster, held)[::-1]
    there: list[ServedStretch] = []
    for moment in instants:
        while coming and coming[-1].start <= moment:
            there.append(coming.pop())
        there = [each for each in there if each.end > moment]
        yield moment, [each.held for each in there]


class ServedStretch(NamedTuple):
    """A stretch of time, [start, end), in which a duty is served."""

    start: datetime
    end: datetime
    held: HeldDuty


def _stretches(roster: Roster, held: Iterable[HeldDuty]) -> list[ServedStretch]:
    return sorted(ServedStretch(*stretch, each) for each in held for stretch in stretches(roster, each.days))


def latest(held: Iterable[HeldDuty]) -> Period:
    """The period of these duties that begins last."""
    return max(each.period for each in held)


def people_of(held: Iterable[HeldDuty]) -> tuple[str, ...]:
    """The people who hold these duties, each once, sorted by handle."""
    return tuple(sorted({each.person for each in held}))
