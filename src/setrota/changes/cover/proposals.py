"""What can be proposed in a case: moves, what they come to for everybody, and the schedule once they are made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from setrota.changes.cover.case import Case
from setrota.rules import Violation
from setrota.rules.eligibility import Obstacle
from setrota.schedule import Duty, Schedule
from setrota.schedule.moves import Move, given


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


@dataclass(frozen=True)
class Answer:
    """What there is to say about a case. `unfinished` says that a search for longer chains was given up; `forcible`,
    where there is no proposal, are those that break rules which may be broken."""

    case: Case
    proposals: tuple[Proposal, ...]
    excluded: tuple[Excluded, ...]
    unfinished: bool = False
    forcible: tuple[Proposal, ...] = ()


def made(case: Case, proposal: Proposal, at: datetime, reason: str | None = None) -> Schedule:
    """The schedule with a proposal's moves made; each records the rules that it is known to break."""
    after = case.schedule
    for number, (person, duty) in enumerate(proposal.moves):
        after = given(after, duty, person, at, reason=reason, forced=_forced(proposal, number))
    return after


def _forced(proposal: Proposal, number: int) -> tuple[str, ...]:
    """The rules that a move breaks: those about who takes a seat by it; what is about nobody who does goes first."""
    person, takers = proposal.moves[number].person, set(proposal.people)
    about = [
        each.rule
        for each in proposal.broken
        if person in each.people or (number == 0 and takers.isdisjoint(each.people))
    ]
    return tuple(dict.fromkeys(about))
