"""What can be proposed: moves, what they come to for everybody, and the schedule once they are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from setrota.changes.cover.request import CoverRequest
from setrota.changes.force import forced_rules
from setrota.dates.periods import Period
from setrota.fairness.prices import ALL_KINDS, BalanceChange, Prices
from setrota.rules import Violation
from setrota.rules.eligibility import Obstacle
from setrota.schedule import Duty, Schedule
from setrota.schedule.moves import Move, give_duty


class Outlook(NamedTuple):
    """What a move comes to for whoever takes a seat by it: their balance after it, and the duties next to it."""

    move: Move
    balance: float
    previous: Duty | None
    following: Duty | None


@dataclass(frozen=True)
class Proposal:
    """Moves that give a duty to somebody else, one after the other, and what they cost: `price` in unfairness, and
    `broken` the rules that they would newly break. `steps_up` says that the next in line does."""

    moves: tuple[Move, ...]
    price: float
    outlooks: tuple[Outlook, ...]
    broken: tuple[Violation, ...] = ()
    steps_up: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """Who takes something, in the order of the moves."""
        return tuple(dict.fromkeys(move.person for move in self.moves if move.person is not None))

    @property
    def left(self) -> tuple[Duty, ...]:
        """What stays empty."""
        return tuple(move.duty for move in self.moves if move.person is None)


class Excluded(NamedTuple):
    """Somebody of the pool who can't have the seat, and every rule in the way."""

    person: str
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Who could take what is asked for. `unfinished` says that a search for longer chains was given up.

    Where there is no proposal, `forcible` are those that break rules which may be broken, and `left_by_step_up`, once
    chains were looked for, is the seat that stays empty if the next in line steps up.
    """

    request: CoverRequest
    proposals: tuple[Proposal, ...]
    excluded: tuple[Excluded, ...]
    unfinished: bool = False
    forcible: tuple[Proposal, ...] = ()
    left_by_step_up: Duty | None = None


def apply_proposal(request: CoverRequest, proposal: Proposal, at: datetime, reason: str | None = None) -> Schedule:
    """The schedule with a proposal's moves made; each records the rules that it is known to break."""
    after = request.schedule
    for number, (person, duty) in enumerate(proposal.moves):
        after = give_duty(after, duty, person, at, reason=reason, forced=_forced(proposal, number))
    return after


def _forced(proposal: Proposal, number: int) -> tuple[str, ...]:
    """The rules that a move breaks: those about who takes a seat by it; what is about nobody who does goes first."""
    person, takers = proposal.moves[number].person, set(proposal.people)
    return forced_rules(
        each for each in proposal.broken if person in each.people or (number == 0 and takers.isdisjoint(each.people))
    )


def balance_changes(request: CoverRequest, proposal: Proposal, after: Schedule) -> list[BalanceChange]:
    """What a proposal changes in the balances of those who take or give up a duty, as of the end of its period; of
    several periods of a rotation the last one counts."""
    last: dict[tuple[str, str], Period] = {}
    for taker, duty in proposal.moves:
        period = request.schedule.period_of(duty)
        for person in (duty.person, taker):
            if person is not None:
                last[person, duty.rotation] = max(last.get((person, duty.rotation), period), period)
    old, new = Prices(request.roster, request.schedule), Prices(request.roster, after)
    return [
        BalanceChange(person, rotation, ALL_KINDS, old.balance(person, period), new.balance(person, period))
        for (person, rotation), period in last.items()
    ]
