"""What can be proposed: moves, what they mean for everyone, and the schedule after them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from setrota.changes.cover.request import CoverRequest
from setrota.changes.force import forced_rules
from setrota.dates.periods import Period
from setrota.fairness.prices import ALL_KINDS, BalanceChange, Prices
from setrota.fairness.shares import is_voluntary
from setrota.rules import Violation
from setrota.rules.eligibility import Obstacle
from setrota.schedule import Duty, Schedule
from setrota.schedule.moves import Move, give_duty


class Outlook(NamedTuple):
    """What a move means for the person who takes a seat: their balance after it, and their duties before and after."""

    move: Move
    balance: float
    previous: Duty | None
    following: Duty | None


@dataclass(frozen=True)
class Proposal:
    """Consecutive moves that give a duty to another person, with their `price` in unfairness and the violations that
    they would add (`broken`). `steps_up` says that the next person in line steps up."""

    moves: tuple[Move, ...]
    price: float
    outlooks: tuple[Outlook, ...]
    broken: tuple[Violation, ...] = ()
    steps_up: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """The people who take a duty, in the order of the moves."""
        return tuple(dict.fromkeys(move.person for move in self.moves if move.person is not None))

    @property
    def left(self) -> tuple[Duty, ...]:
        """The duties that stay empty."""
        return tuple(move.duty for move in self.moves if move.person is None)


class Excluded(NamedTuple):
    """A person from the pool who can't take the seat, and every obstacle."""

    person: str
    obstacles: tuple[Obstacle, ...]


@dataclass(frozen=True, kw_only=True)
class Candidates:
    """Who could take what is wanted. `unfinished` says that a search for longer chains was cut short.

    Without any proposal, `forcible` are proposals that break only rules that may be broken. If chains were searched for
    as well, `left_by_step_up` is the seat that would stay empty if the next person in line stepped up.
    """

    request: CoverRequest
    proposals: tuple[Proposal, ...]
    excluded: tuple[Excluded, ...]
    unfinished: bool = False
    forcible: tuple[Proposal, ...] = ()
    left_by_step_up: Duty | None = None


def apply_proposal(request: CoverRequest, proposal: Proposal, at: datetime, reason: str | None = None) -> Schedule:
    """The schedule after a proposal's moves; each records the rules that it is known to break."""
    after = request.schedule
    for number, (person, duty) in enumerate(proposal.moves):
        after = give_duty(after, duty, person, at, reason=reason, forced=_forced(proposal, number))
    return after


def _forced(proposal: Proposal, number: int) -> tuple[str, ...]:
    """The rules that a move breaks: those about its taker; the first move also gets those that are about no taker."""
    person, takers = proposal.moves[number].person, set(proposal.people)
    return forced_rules(
        each for each in proposal.broken if person in each.people or (number == 0 and takers.isdisjoint(each.people))
    )


def balance_changes(request: CoverRequest, proposal: Proposal, after: Schedule) -> list[BalanceChange]:
    """How a proposal changes the balances of everyone who takes or gives up a duty, at the end of its period; if there
    are several periods of a rotation, at the end of the last one. Volunteers have no balance."""
    last: dict[tuple[str, str], Period] = {}
    for taker, duty in proposal.moves:
        period = request.schedule.period_of(duty)
        for person in (duty.person, taker):
            if person is not None and not is_voluntary(request.roster, duty.rotation):
                last[person, duty.rotation] = max(last.get((person, duty.rotation), period), period)
    old, new = Prices(request.roster, request.schedule), Prices(request.roster, after)
    return [
        BalanceChange(person, rotation, ALL_KINDS, old.balance(person, period), new.balance(person, period))
        for (person, rotation), period in last.items()
    ]
