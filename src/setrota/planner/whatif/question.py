"""The question that a plan was asked, rebuilt from its record, together with its answer.

As planned: changes made since to the plan's crews are undone, its settled balances and pools are the recorded ones, and
what wasn't there yet is left out. Everything else is today's roster and schedule. Rules that the plan's duties break
today don't bind their holders here, so that the answer still fits; `no_longer_allowed` lists them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import NamedTuple

from setrota.dates.periods import DAY
from setrota.planner.deadline import Deadline
from setrota.planner.incumbent.saved import assumed_crews
from setrota.planner.problem.instance import Given, Instance, build_instance
from setrota.planner.problem.timeslots import Range
from setrota.planner.stages.audit import newly_broken
from setrota.roster import NO_TIME, RELAXABLE, Pin, Roster
from setrota.roster.rules import Exemption
from setrota.rules import Violation
from setrota.schedule import Crew, Duty, Schedule
from setrota.schedule.plans import PlanRecord

ROUNDS = 3
"""How often rules are set aside for a plan's duties, at most: without one rule, another one may show."""


class NoLongerAllowed(NamedTuple):
    """A duty as it was planned, and a rule that it breaks today."""

    duty: Duty
    violation: Violation


@dataclass(frozen=True)
class Asked:
    """A plan's question, its answer with the crews of the look-ahead, and the duties that today's rules forbid.

    `today` is the same question with all of today's rules; None if the answer keeps them.
    """

    instance: Instance
    answer: Schedule
    no_longer_allowed: tuple[NoLongerAllowed, ...] = ()
    today: Instance | None = None


def question_of(
    roster: Roster, schedule: Schedule, record: PlanRecord, crew: Crew, unpinned: str | None, deadline: Deadline
) -> Asked:
    """The question behind a plan, as if `unpinned` weren't pinned to a crew of it. Raises TimeUp."""
    as_planned = _AsPlanned(roster, schedule, record)
    pins = tuple(pin for pin in roster.pins if as_planned.keeps(pin) and not is_pinned(pin, crew, unpinned))
    asking = replace(roster, rules=roster.rules._replace(freeze=NO_TIME), pins=pins)
    today = instance = as_planned.instance(asking, deadline)
    found: list[Violation] = []
    for _ in range(ROUNDS):
        broken = [each for each in newly_broken(instance, instance.standing, as_planned.answers) if each not in found]
        found += broken
        more = frozenset(_exemptions(broken)) - asking.rules.exemptions
        if not more:
            break
        asking = replace(asking, rules=asking.rules._replace(exemptions=asking.rules.exemptions | more))
        instance = as_planned.instance(asking, deadline)
    against = [each for each in found if each.rule not in roster.rules.relax]
    return Asked(
        instance=instance,
        answer=instance.kept.updated(as_planned.answers),
        no_longer_allowed=tuple(as_planned.forbidden(against)),
        today=today if against else None,
    )


def is_pinned(pin: Pin, crew: Crew, person: str | None) -> bool:
    """Whether a pin assigns a person to a seat of a crew."""
    there = pin.rotation == crew.period.rotation and crew.period.start <= pin.day < crew.period.end
    return there and pin.person == person


def _exemptions(broken: Iterable[Violation]) -> Iterator[Exemption]:
    for each in broken:
        if each.rule in RELAXABLE:
            yield from (Exemption(each.rule, person, each.period.start) for person in each.people)


class _AsPlanned:
    """A schedule as it was when a plan was made, apart from what the plan replaced: `standing` are the other crews,
    `made` the plan's, and `answers` are those with the look-ahead's."""

    def __init__(self, roster: Roster, schedule: Schedule, record: PlanRecord) -> None:
        self.record, self.rota = record, schedule.rota
        known = [crew for crew in schedule.crews if crew.period.rotation in roster.rotations]
        mine = [crew for crew in known if schedule.plan_of(crew) == record]
        self.made = [as_answered(crew, record) for crew in mine]
        ahead = list(assumed_crews(roster, record))
        own = {crew.period for crew in mine}
        others = [crew for crew in schedule.crews if crew.period not in own]
        later = [crew for crew in others if _overlaps(crew, ahead)]
        self.standing = [_by_hand(_until(crew, record.at)) for crew in others if not _overlaps(crew, ahead)]
        self.answers = [*self.made, *ahead]
        self.pools = {crew.period: crew.pool for crew in [*later, *mine] if crew.pool is not None}

    def instance(self, roster: Roster, deadline: Deadline) -> Instance:
        record = self.record
        asked = Range(
            start=record.start,
            end=record.end,
            today=record.start - DAY,
            look_ahead_weeks=record.look_ahead_weeks,
            again=True,
            fill=record.filled is not None,
            new=False,
        )
        opened = [self.emptied(crew) for crew in self.made]
        found = Schedule(self.rota, (*self.standing, *opened))
        return build_instance(roster, found, asked, given=Given(record.settled, self.pools), deadline=deadline)

    def emptied(self, crew: Crew) -> Crew:
        """A crew as the plan found it: to be made, or with the seats empty that the plan filled."""
        filled = (self.record.filled or {}).get(crew.period.rotation, {}).get(crew.period.start)
        if filled is None:
            return crew.sealed(datetime.min.replace(tzinfo=UTC), 1)
        return _by_hand(replace(crew, seats={**crew.seats, **dict.fromkeys(filled)}))

    def keeps(self, pin: Pin) -> bool:
        """Whether a pin doesn't contradict the plan: a pin made since may."""
        for crew in self.made:
            if pin.rotation == crew.period.rotation and crew.period.start <= pin.day < crew.period.end:
                return any(
                    person == pin.person and pin.seat in (seat, seat.rpartition("-")[0])
                    for seat, person in crew.seats.items()
                )
        return True

    def forbidden(self, broken: Iterable[Violation]) -> Iterator[NoLongerAllowed]:
        duties = {crew.period: crew.duties() for crew in self.made}
        for each in broken:
            for duty in duties.get(each.period, ()):
                if duty.person in each.people:
                    yield NoLongerAllowed(duty, each)


def as_answered(crew: Crew, record: PlanRecord) -> Crew:
    """A crew with the people whom the plan chose, without what was changed since."""
    # The plan itself filled seats next to pinned ones, and next to duties of several periods.
    own = [each for each in crew.changes if each.at < record.at or (each.at == record.at and each.was is None)]
    before = replace(crew, changes=tuple(own))
    return replace(before, seats={duty.seat: duty.person for duty in before.duties()}, changes=())


def _overlaps(crew: Crew, crews: Iterable[Crew]) -> bool:
    """Whether a crew has days in common with others of its rotation."""
    return any(each.period.rotation == crew.period.rotation and each.period.overlaps(crew.period) for each in crews)


def _until(crew: Crew, moment: datetime) -> Crew:
    """A crew without the changes made after a moment."""
    return replace(crew, changes=tuple(change for change in crew.changes if change.at <= moment))


def _by_hand(crew: Crew) -> Crew:
    """A crew that planning leaves as it is."""
    return replace(crew, planned=None)
