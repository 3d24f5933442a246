"""The exchange of two people's duties: which rules it breaks and mends, what it costs in fairness, and with whom it
is best done.

Puts each into the other's seats and asks the checkers and the accounts what comes of it. Knows no solver and no
terminal; whether a broken rule is worth it is for people to say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import NamedTuple

from setrota.fairness.prices import Course, Gain, course, credit
from setrota.fairness.shares import opening, opening_by_kind, turn_of
from setrota.problems import listed
from setrota.roster import Roster, kind_of
from setrota.rules import Violation, violations
from setrota.rules.eligibility import PHRASES, crews_near
from setrota.schedule import Duty, Schedule
from setrota.schedule.moves import Move, given
from setrota.schedule.turns import Turn, turns

ALL = ""
"""All kinds of seat together, among the names of kinds."""


class Balance(NamedTuple):
    """Served minus fair share when the plan ends, before an exchange and after it; `kind` may be `ALL`."""

    person: str
    rotation: str
    kind: str
    before: float
    after: float


@dataclass(frozen=True)
class Exchange:
    """`given` changes hands for `taken`.

    `breaks` are the rules that it newly breaks, `mends` those that are broken without it only; `growth` is by how much
    the unfairness of the periods that aren't over grows.
    """

    given: Turn
    taken: Turn
    breaks: tuple[Violation, ...]
    mends: tuple[Violation, ...]
    growth: float
    balances: tuple[Balance, ...]

    @property
    def people(self) -> tuple[str, str]:
        """Who gives `given`, and who gives `taken`."""
        return str(self.given[0].person), str(self.taken[0].person)

    @property
    def held(self) -> Turn:
        """All these duties as they are held afterwards."""
        return tuple(replace(duty, person=taker) for taker, duty in _moves(self.given, self.taken))

    @property
    def command(self) -> str:
        """What to type for it."""
        first, second = self.people
        return f"setrota swap {first} {self.given[0].start} {second} {self.taken[0].start}"

    def totals(self, person: str) -> list[Balance]:
        """Somebody's balances over all seats, of each rotation concerned."""
        return [each for each in self.balances if each.person == person and each.kind == ALL]


class Partners(NamedTuple):
    """With whom a turn can be exchanged, best first; `impossible` counts the other turns by what is in the way."""

    exchanges: tuple[Exchange, ...]
    impossible: Mapping[str, int]


def exchanged(
    schedule: Schedule, mine: Turn, theirs: Turn, at: datetime, reason: str | None = None, forced: Iterable[str] = ()
) -> Schedule:
    """The schedule with the holders of two turns in each other's seats; `forced` names rules known to be broken."""
    known = tuple(forced)
    for taker, duty in _moves(mine, theirs):
        schedule = given(schedule, duty, taker, at, reason=reason, forced=known)
    return schedule


def _moves(mine: Turn, theirs: Turn) -> list[Move]:
    first, second = mine[0].person, theirs[0].person
    return [*(Move(second, duty) for duty in mine), *(Move(first, duty) for duty in theirs)]


@dataclass(frozen=True)
class Swaps:
    """The exchanges that a schedule allows of, as of the day whose crew is on duty."""

    roster: Roster
    schedule: Schedule
    day: date
    _courses: dict[str, Course] = field(default_factory=dict, init=False, compare=False)
    _accounts: dict[str, dict[tuple[str, str], float]] = field(default_factory=dict, init=False, compare=False)

    def is_ahead(self, turn: Turn) -> bool:
        """Whether none of a turn's periods has begun."""
        return all(self.schedule.period_of(duty).start > self.day for duty in turn)

    def exchange(self, mine: Turn, theirs: Turn) -> Exchange:
        """What comes of it when the holders of two turns take each other's."""
        before = crews_near(self.roster, self.schedule, _moves(mine, theirs))
        after = exchanged(before, mine, theirs, datetime.min.replace(tzinfo=UTC))
        old, new = violations(self.roster, before), violations(self.roster, after)
        gains = list(self._gains(mine, theirs))
        return Exchange(
            mine,
            theirs,
            tuple(each for each in new if each not in old),
            tuple(each for each in old if each not in new),
            self._growth([gain for _, gain in gains]),
            tuple(self._balances(gains)),
        )

    def partners(self, mine: Turn) -> Partners:
        """With whom a turn can be exchanged so that no rule is newly broken.

        All turns of others are looked at that haven't begun and share no day with it, whole ones for a whole one; of
        other rotations those where both people are in both pools. Those that make the rota least unfair come first,
        then the nearest.
        """
        found, impossible = [], Counter[str]()
        for theirs in self._others(mine):
            exchange = self.exchange(mine, theirs)
            if exchange.breaks:
                impossible[_in_the_way(self.roster, exchange.breaks)] += 1
            else:
                found.append(exchange)
        found.sort(key=lambda each: (round(each.growth, 6), abs(each.taken[0].start - mine[0].start), each.taken))
        return Partners(tuple(found), dict(impossible.most_common()))

    def _others(self, mine: Turn) -> Iterator[Turn]:
        for person, others in turns(self.roster, self.schedule).items():
            for theirs in others if person != mine[0].person else ():
                apart = not any(one.days.overlaps(other.days) for one in mine for other in theirs)
                if (
                    apart
                    and self._is_whole(mine) == self._is_whole(theirs)
                    and self.is_ahead(theirs)
                    and self._in_both_pools(mine[0], theirs[0])
                ):
                    yield theirs

    def _is_whole(self, turn: Turn) -> bool:
        """Whether nothing of a turn is a part of a period: such a part is nothing to offer for a whole duty."""
        return all(duty.days == self.schedule.period_of(duty) for duty in turn)

    def _in_both_pools(self, mine: Duty, theirs: Duty) -> bool:
        pools = [self.roster.members_of(name) for name in (mine.rotation, theirs.rotation)]
        return mine.rotation == theirs.rotation or all({mine.person, theirs.person} <= {*pool} for pool in pools)

    # What it comes to

    def _gains(self, mine: Turn, theirs: Turn) -> Iterator[tuple[str, Gain]]:
        """Who serves how much more or less in which kind of seat."""
        for taker, duty in _moves(mine, theirs):
            period = self.schedule.period_of(duty)
            amount = credit(self.roster, duty, period)
            yield kind_of(duty.seat), Gain(str(duty.person), period, -amount)
            yield kind_of(duty.seat), Gain(str(taker), period, amount)

    def _balances(self, gains: list[tuple[str, Gain]]) -> Iterator[Balance]:
        """Of each person and rotation concerned, over all seats and then for the kinds in which something moves."""
        moved: dict[tuple[str, str, str], float] = {}
        for kind, gain in gains:
            for each in (ALL, kind):
                key = gain.person, gain.period.rotation, each
                moved[key] = moved.get(key, 0.0) + gain.credit
        people = [gain.person for _, gain in gains]
        for person, rotation, kind in sorted(moved, key=lambda each: (people.index(each[0]), each)):
            before = self._account(rotation).get((person, kind), 0.0)
            yield Balance(person, rotation, kind, before, before + moved[person, rotation, kind])

    def _growth(self, gains: list[Gain]) -> float:
        rotations = dict.fromkeys(gain.period.rotation for gain in gains)
        return sum(
            self._course(name).price(gain for gain in gains if gain.period.rotation == name) for name in rotations
        )

    def _course(self, rotation: str) -> Course:
        if rotation not in self._courses:
            self._courses[rotation] = course(self.roster, self.schedule, rotation, self.day)
        return self._courses[rotation]

    def _account(self, rotation: str) -> Mapping[tuple[str, str], float]:
        """Everybody's balance when the plan ends, over all seats and by kind."""
        if rotation not in self._accounts:
            turns = [turn_of(crew, self.roster) for crew in self.schedule.of(rotation)]
            totals = {(person, ALL): balance for person, balance in opening(turns).items()}
            self._accounts[rotation] = {**totals, **opening_by_kind(turns)}
        return self._accounts[rotation]


def _in_the_way(roster: Roster, broken: Iterable[Violation]) -> str:
    """The first thing in the way of an exchange, in a few words."""
    order = sorted(PHRASES, key=lambda rule: rule in roster.rules.relax)
    first = min(broken, key=lambda each: order.index(each.rule))
    if first.rule == "never-together":
        return f"{listed(first.people)} not together"
    return first.short or PHRASES[first.rule]
