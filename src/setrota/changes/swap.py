"""Swaps of two people's duties: the rules a swap breaks and mends, its cost in fairness, and the best partners.

Puts each person into the other's seats and evaluates the result with the checkers and the prices. Knows no solver and
no terminal; people decide whether a broken rule is worth it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from typing import NamedTuple

from setrota.changes.force import forced_rules
from setrota.dates.periods import instant_of, latest_day_of_duty
from setrota.fairness.prices import ALL_KINDS, BalanceChange, Prices
from setrota.problems import listed
from setrota.roster import Roster, kind_of
from setrota.rules import Violation, violations
from setrota.rules.eligibility import PHRASES, crews_near
from setrota.schedule import Duty, Schedule
from setrota.schedule.moves import Move, give_duty
from setrota.schedule.turns import Turn, turns


@dataclass(frozen=True, kw_only=True)
class Swap:
    """The holders of two turns take each other's.

    `breaks` are the violations that the swap adds, `mends` those that it removes. `growth` is how much unfairness it
    adds in the periods that aren't over. `balances` are those at the end of the plan for each person and rotation
    concerned: over ALL_KINDS first, then for the kinds of seat in which something moves.
    """

    mine: Turn
    theirs: Turn
    breaks: tuple[Violation, ...]
    mends: tuple[Violation, ...]
    growth: float
    balances: tuple[BalanceChange, ...]

    @property
    def people(self) -> tuple[str, str]:
        """Who gives `mine`, and who gives `theirs`."""
        return str(self.mine[0].person), str(self.theirs[0].person)

    @property
    def held(self) -> Turn:
        """All these duties with their holders after the swap."""
        return tuple(replace(duty, person=taker) for taker, duty in _moves(self.mine, self.theirs))

    def totals(self, person: str) -> list[BalanceChange]:
        """A person's balances over all seats, for each rotation concerned."""
        return [each for each in self.balances if each.person == person and each.kind == ALL_KINDS]


class Partners(NamedTuple):
    """The swaps that a turn allows, best first; `impossible` counts all other turns by their obstacle."""

    swaps: tuple[Swap, ...]
    impossible: Mapping[str, int]


def apply_swap(schedule: Schedule, swap: Swap, at: datetime, reason: str | None = None) -> Schedule:
    """The schedule after a swap; each change records the rules that it breaks."""
    for taker, duty in _moves(swap.mine, swap.theirs):
        schedule = give_duty(schedule, duty, taker, at, reason=reason, forced=forced_rules(swap.breaks))
    return schedule


def _moves(mine: Turn, theirs: Turn) -> list[Move]:
    first, second = mine[0].person, theirs[0].person
    return [*(Move(second, duty) for duty in mine), *(Move(first, duty) for duty in theirs)]


@dataclass(frozen=True)
class Swaps:
    """The swaps that a schedule allows."""

    roster: Roster
    schedule: Schedule
    now: datetime

    @cached_property
    def prices(self) -> Prices:
        return Prices(self.roster, self.schedule)

    def is_ahead(self, turn: Turn) -> bool:
        """Whether none of a turn's periods has begun."""
        periods = {self.schedule.period_of(duty) for duty in turn}
        return all(instant_of(self.roster, each.rotation, each.start) > self.now for each in periods)

    @cached_property
    def turns(self) -> dict[str, list[Turn]]:
        """Everyone's turns, with the pieces into which covers cut a duty joined."""
        return {
            person: list(dict.fromkeys(self.with_pieces(turn) for turn in found))
            for person, found in turns(self.roster, self.schedule).items()
        }

    def with_pieces(self, turn: Turn) -> Turn:
        """A turn with all that its holder has in its periods."""
        crews = {crew.period: crew for crew in map(self.schedule.crew_of, turn)}.values()
        held = (duty for crew in crews for duty in crew.duties() if duty.person == turn[0].person)
        return tuple(sorted(held, key=lambda duty: (duty.start, duty.end)))

    def turns_ahead(self, person: str) -> list[Turn]:
        """A person's turns that haven't begun."""
        return [turn for turn in self.turns.get(person, []) if self.is_ahead(turn)]

    def swap(self, mine: Turn, theirs: Turn) -> Swap:
        """The swap of two turns, with its consequences."""
        moves = _moves(mine, theirs)
        before = after = crews_near(self.roster, self.schedule, moves)
        for taker, duty in moves:
            after = give_duty(after, duty, taker, datetime.min.replace(tzinfo=UTC))
        old, new = violations(self.roster, before), violations(self.roster, after)
        return Swap(
            mine=mine,
            theirs=theirs,
            breaks=tuple(each for each in new if each not in old),
            mends=tuple(each for each in old if each not in new),
            growth=self.prices.price(moves, since=latest_day_of_duty(self.roster, self.now)),
            balances=tuple(self._balances(moves)),
        )

    def partners(self, mine: Turn) -> Partners:
        """The swaps of a turn that break no further rule.

        Considers all turns of other people that haven't begun and share no day with it: whole turns for a whole one,
        and turns of another rotation if both people are in both pools. The swaps that keep the rota fairest come
        first, then the nearest in time.
        """
        found, impossible = [], Counter[str]()
        for theirs in self._others(mine):
            swap = self.swap(mine, theirs)
            if swap.breaks:
                impossible[_in_the_way(self.roster, swap.breaks)] += 1
            else:
                found.append(swap)
        found.sort(key=lambda each: (round(each.growth, 6), abs(each.theirs[0].start - mine[0].start), each.theirs))
        return Partners(tuple(found), dict(impossible.most_common()))

    def _others(self, mine: Turn) -> Iterator[Turn]:
        for theirs in (turn for found in self.turns.values() for turn in found):
            if (
                theirs[0].person != mine[0].person
                and not any(one.days.overlaps(other.days) for one in mine for other in theirs)
                and self._is_whole(mine) == self._is_whole(theirs)
                and self.is_ahead(theirs)
                and self._in_both_pools(mine[0], theirs[0])
            ):
                yield theirs

    def _is_whole(self, turn: Turn) -> bool:
        """Whether a turn consists of whole periods; part of a period is no fair exchange for a whole duty."""
        return all(duty.days == self.schedule.period_of(duty) for duty in turn)

    def _in_both_pools(self, mine: Duty, theirs: Duty) -> bool:
        pools = [self.roster.members_of(name) for name in (mine.rotation, theirs.rotation)]
        return mine.rotation == theirs.rotation or all({mine.person, theirs.person} <= {*pool} for pool in pools)

    def _balances(self, moves: list[Move]) -> Iterator[BalanceChange]:
        moved: dict[tuple[str, str, str], float] = {}
        for move in moves:
            for gain in self.prices.gains([move]):
                for kind in (ALL_KINDS, kind_of(move.duty.seat)):
                    key = gain.person, gain.period.rotation, kind
                    moved[key] = moved.get(key, 0.0) + gain.credit
        people = [move.duty.person for move in moves]
        for person, rotation, kind in sorted(moved, key=lambda each: (people.index(each[0]), each)):
            last = max(crew.period for crew in self.schedule.of(rotation))
            before = self.prices.balance(person, last, kind)
            yield BalanceChange(person, rotation, kind, before, before + moved[person, rotation, kind])


def _in_the_way(roster: Roster, broken: Iterable[Violation]) -> str:
    """The first obstacle to a swap, in a few words."""
    order = sorted(PHRASES, key=lambda rule: rule in roster.rules.relax)
    first = min(broken, key=lambda each: order.index(each.rule))
    if first.rule == "never-together":
        return f"{listed(first.people)} not together"
    return first.short or PHRASES[first.rule]
