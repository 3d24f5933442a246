"""Who can never serve in a rotation, or only where a seat stays empty, and which rules together rule them out.

They owe a share of it all the same.

Asks two questions about each person and each period of a range. Is there a seat for them if nobody else serves? And
does a crew that fills every required seat include them? Only what people served before the range counts as fixed. The
checkers of the rules answer, so that no rule is missed; pins are left out, because they are about single periods.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cached_property

from setrota.check.feasibility.averages import HALF_YEAR, works_too_little
from setrota.check.feasibility.cycles import served_periods
from setrota.check.feasibility.full_crews import OF_CREWS, Effort, FullCrews, Openings
from setrota.dates.availability import absences, outsider, present, seat_obstacles
from setrota.dates.periods import Period
from setrota.dates.service import next_served
from setrota.roster import Person, Roster, Rotation
from setrota.rules import RULES
from setrota.rules.eligibility import newly_broken
from setrota.rules.spacing import too_near
from setrota.schedule import Change, Crew, Duty, Run, Schedule, runs
from setrota.schedule.moves import Move
from setrota.schedule.pools import pool_of

Way = tuple[tuple[Period, str], ...]
"""A duty that somebody may have: its periods, each with its kind of seat."""

MOST_JUDGED = 100_000
"""At most so many seats of crews are judged for a rotation; people about whom that decides nothing aren't named."""

PASSING = ("rest", "one-duty", "leave", "team-away", "max-duties")
"""Rules that may keep people out only for a while. The others are named first where either explains it."""

LONG_AGO = datetime.min.replace(tzinfo=UTC)

OF_ABSENCE = {"away": "leave", "team away": "team-away"}

ONE_BY_ONE = ("membership", "leave", "team-away", "not-seats", "seat-teams")
"""Rules whose answers for a person and a period are cheap, so nobody shares them with others."""

OF_A_CREW = (*(rule.name for rule in OF_CREWS), "not-seats", "seat-teams")
"""The rules that decide who can be in a full crew, whoever is there."""


@dataclass(frozen=True, kw_only=True)
class NeverServes:
    """A person who can't serve in a rotation before `end`, because of `rules` together: without any one of them there
    would be a seat for them or, if they are `crowded`, a full crew.

    `crowded` means that there is a seat for them, but any crew with them in it leaves another empty; `rules` is then
    empty if they are needed in another rotation. `lasting` if that does not change by itself. `due` is their fair share
    until then.
    """

    person: str
    rotation: Rotation
    end: date
    rules: tuple[str, ...]
    lasting: bool
    crowded: bool
    due: float


def who_never_serves(roster: Roster, schedule: Schedule, start: date, end: date) -> list[NeverServes]:
    """The people of each rotation who owe a share of its periods, but can't serve in any of them, or in no full crew.

    Who can't serve in the half year from `start` is named first, then who can't in the periods of [start, end). People
    with a duty there in the schedule are named only if they are `crowded`: planning gives those a duty where a seat
    stays empty anyway. What starts before `start` is fixed, and nothing else.
    """
    far = max(end, start + HALF_YEAR)
    found = list(_never_before(roster, schedule, start, far))
    known = {(each.person, each.rotation.name) for each in found}
    near = _never_before(roster, schedule, start, end) if start < end < far else ()
    return found + [replace(each, lasting=False) for each in near if (each.person, each.rotation.name) not in known]


def _never_before(roster: Roster, schedule: Schedule, start: date, end: date) -> Iterator[NeverServes]:
    free, past = replace(roster, pins=()), [crew for crew in schedule.crews if crew.period.start < start]
    held, openings = runs(roster, past), Openings(free)
    for rotation in roster.rotations.values():
        periods = [] if rotation.is_voluntary else served_periods(roster, rotation.name, start, end)
        outlook = _Prospect(
            free, rotation, periods[::-1], start, end, Schedule(schedule.rota, tuple(past)), held, openings
        )
        ahead = (crew for crew in schedule.of(rotation.name) if start <= crew.period.start < end)
        yield from outlook.never({person for crew in ahead for person in crew.people})


@dataclass(frozen=True)
class _Prospect:
    """One rotation's served periods in a range, the last one first, since few people are resting then; `past` is the
    schedule before it, and `held` are the duties in it."""

    roster: Roster
    rotation: Rotation
    periods: Sequence[Period]
    start: date
    end: date
    past: Schedule
    held: Mapping[str, Sequence[Run]]
    openings: Openings
    effort: Effort = field(default_factory=lambda: Effort(MOST_JUDGED))
    broken: dict[tuple[str, Way], frozenset[str]] = field(default_factory=dict)
    alone: dict[object, frozenset[str]] = field(default_factory=dict)
    crews: dict[object, FullCrews | None] = field(default_factory=dict)

    def never(self, serving: Collection[str]) -> Iterator[NeverServes]:
        for handle in self.roster.members_of(self.rotation.name):
            if self._owes(handle):
                barred = None if handle in serving else self._barred(handle)
                found = barred or self._crowded_out(handle)
                if found is not None:
                    yield found

    def _owes(self, handle: str) -> bool:
        """Whether a share of some period accrues to a person."""
        share = self.roster.people[handle].share(self.rotation.name)
        return share > 0 and any(present(self.roster, handle, period) for period in self.periods)

    def _due(self, handle: str) -> float:
        """A person's fair share of the range, in duties."""
        seats = sum(each.kind not in self.rotation.optional for each in self.rotation.seats) / self.rotation.steps
        return sum(seats * shares[handle] / total for shares, total in self._pools if handle in shares)

    @cached_property
    def _pools(self) -> list[tuple[Mapping[str, float], float]]:
        pools = [pool_of(self.roster, period).shares for period in self.periods]
        return [(shares, sum(shares.values())) for shares in pools]

    def _ways(self, handle: str) -> Iterator[Way]:
        """The duties that begin in the range, and whose periods a person is in the pool for."""
        for period in self.periods:
            for way in self._from(period):
                if not any(outsider(self.roster, handle, each) for each, _ in way):
                    yield way

    def _from(self, period: Period) -> Iterator[Way]:
        if not self.rotation.pattern:
            yield from (((period, kind),) for kind in self.rotation.kinds)
            return
        periods = [period]
        while len(periods) < self.rotation.steps:
            periods.append(next_served(self.roster, self.rotation.name, periods[-1].end))
        yield tuple(zip(periods, self.rotation.pattern, strict=True))

    # Alone

    def _barred(self, handle: str) -> NeverServes | None:
        """The rules that leave a person no seat, whoever else serves."""
        obstacles = []
        for way in self._ways(handle):
            found = self._obstacles(handle, way)
            if not found:
                return None
            obstacles.append(found)
        return self._never(handle, _least(obstacles), crowded=False) if obstacles else None

    def _obstacles(self, handle: str, way: Way) -> frozenset[str]:
        """The rules that a person with that duty would break: most people are asked twice, alone and with others."""
        if (handle, way) not in self.broken:
            self.broken[handle, way] = self._broken(handle, way)
        return self.broken[handle, way]

    def _broken(self, handle: str, way: Way) -> frozenset[str]:
        found: set[str] = set()
        for period, kind in way:
            found |= {OF_ABSENCE.get(each, "membership") for each in absences(self.roster, handle, period)}
            found |= set(seat_obstacles(self.roster, handle, period, kind))
        return frozenset(found) | self._checked(handle, way)

    def _checked(self, handle: str, way: Way) -> frozenset[str]:
        """What the checkers of the other rules say; they are slow, so people whom they treat alike share the answer."""
        if self._past_matters(handle, way):
            return self._newly_broken(handle, way, _duties_alone(self.past, handle))
        kinds = tuple(kind for _, kind in way)
        alike: tuple[object, ...] = self.roster.teams_of(handle), self.roster.people[handle].tags, kinds
        if any(each.person == handle for each in self.roster.rules.exemptions):
            alike = handle, way
        if alike not in self.alone:
            found = self._newly_broken(handle, way, replace(self.past, crews=()))
            self.alone[alike] = found.difference(ONE_BY_ONE)
        return self.alone[alike]

    def _past_matters(self, handle: str, way: Way) -> bool:
        """Whether earlier duties can keep a person from a duty: too near, or too many."""
        held = self.held.get(handle, ())
        whole = Period(way[0][0].start, way[-1][0].end, self.rotation.name)
        most = min((limit.duties for limit in self.roster.rules.limits), default=len(held) + 1)
        return len(held) >= most or any(too_near(self.roster, run, whole) for run in held)

    def _newly_broken(self, handle: str, way: Way, past: Schedule) -> frozenset[str]:
        seats = {seat.kind: seat.name for seat in reversed(self.rotation.seats)}
        duties = [Duty(each.start, each.end, self.rotation.name, seats[kind], None) for each, kind in way]
        broken = newly_broken(self.roster, past, [Move(handle, duty) for duty in duties])
        return frozenset(each.rule for each in broken if handle in each.people)

    # With others

    def _crowded_out(self, handle: str) -> NeverServes | None:
        """The rules that leave another seat empty in every crew with a person who has a way to serve."""
        ignored: frozenset[str] = frozenset()
        if not self._is_crowded(handle, ignored):
            return None
        for rule in OF_A_CREW:
            if self._is_crowded(handle, ignored | {rule}):
                ignored |= {rule}
        if self.effort.left < 0:
            return None
        return self._never(handle, tuple(rule for rule in OF_A_CREW if rule not in ignored), crowded=True)

    def _is_crowded(self, handle: str, ignored: frozenset[str]) -> bool:
        """Whether no crew that fills every seat has a person, in any period, if the rules ignored bind nobody.

        Where some seat stays empty whoever serves, the person may be the one who serves.
        """
        others = tuple(name for name in self.roster.rotations if name != self.rotation.name)
        tried = False
        for period, _ in (way[0] for way in self._ways(handle) if not self._obstacles(handle, way)):
            found = self._full_crews(period, others, ignored) or self._full_crews(period, (), ignored)
            if found is None or found.may_include(handle):
                return False
            tried = True
        return tried

    def _full_crews(self, period: Period, others: tuple[str, ...], ignored: frozenset[str]) -> FullCrews | None:
        """The crews that fill every seat; None if there are none."""
        key = period, others, ignored
        if key not in self.crews:
            self.openings.left -= sum(len(self.roster.members_of(name)) for name in (self.rotation.name, *others))
            if self.openings.left < 0:
                self.effort.left = -1
                return None
            found = FullCrews(self.roster, period, others, ignored, self.effort, self.openings)
            alike = found.signature, others, ignored
            if alike not in self.crews:
                self.crews[alike] = found if found.exist() else None
            self.crews[key] = self.crews[alike]
        return self.crews[key]

    def _works_too_little(self, person: Person) -> bool:
        return works_too_little(self.roster, self.rotation, person, self.start)

    def _never(self, handle: str, rules: tuple[str, ...], *, crowded: bool) -> NeverServes:
        person = self.roster.people[handle]
        passing = set(rules) & set(PASSING) - ({"leave"} if self._works_too_little(person) else set())
        return NeverServes(
            person=handle,
            rotation=self.rotation,
            end=self.end,
            rules=rules,
            lasting=not passing,
            crowded=crowded,
            due=self._due(handle),
        )


def _duties_alone(schedule: Schedule, handle: str) -> Schedule:
    """A person's duties in a schedule, without anybody else's."""
    crews = []
    for crew in schedule.crews:
        if handle in crew.people:
            theirs = [duty for duty in crew.duties() if duty.person == handle]
            changes = (Change(LONG_AGO, each.seat, None, handle, start=each.start, end=each.end) for each in theirs)
            crews.append(Crew(crew.period, dict.fromkeys(crew.seats), changes=tuple(changes)))
    return replace(schedule, crews=tuple(crews))


def _least(obstacles: Sequence[frozenset[str]]) -> tuple[str, ...]:
    """A smallest set of rules, by inclusion, of which each way to serve breaks at least one."""
    every = frozenset[str]().union(*obstacles)
    kept = [rule.name for rule in RULES if rule.name in every]
    for rule in [*(each for each in kept if each in PASSING), *(each for each in kept if each not in PASSING)]:
        fewer = frozenset(kept) - {rule}
        if all(fewer & each for each in obstacles):
            kept.remove(rule)
    return tuple(kept)
