"""Finds proposals: people who break no rule, and chains of moves after which everyone keeps all rules.

In a chain each person takes what the one before gives up: a seat in the same crew, or a duty that is in the way. A
chain continues only if, with what was given up, the people in it so far keep all rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import islice
from typing import NamedTuple

from setrota.changes.cover.proposals import Candidates, Excluded, Outlook, Proposal
from setrota.changes.cover.request import CoverRequest, same_crew
from setrota.dates.availability import absence, seat_obstacles
from setrota.dates.periods import Period, instant_of
from setrota.roster import RELAXABLE, kind_of
from setrota.rules.eligibility import Obstacle, as_obstacles, newly_broken, obstacles_of
from setrota.rules.spacing import too_near
from setrota.schedule import Duty
from setrota.schedule.moves import Move
from setrota.schedule.turns import Turn

Moves = tuple[Move, ...]
"""Consecutive moves."""

MOST_TRIES = 1200
"""How often a search for chains asks the checkers, at most."""

MOST_PRICED = 8000
"""How many chains of one length are priced, at most, beginning with the cheapest ones so far."""


def find_candidates(request: CoverRequest, most_moves: int = 1, most: int = 8) -> Candidates:
    """Who could take what is wanted, best first; if nobody can, the `most` best chains with the fewest moves."""
    search = _Search(request)
    in_the_way = {person: tuple(search.obstacles(person)) for person in search.members(request.wanted)}
    free = [search.proposal(_taking(person, request.wanted)) for person, found in in_the_way.items() if not found]
    excluded = [Excluded(person, found) for person, found in in_the_way.items() if found]
    proposals = sorted(free, key=search.rank)
    if stepping := search.step_up():
        proposals.insert(0, stepping)
    if not proposals and most_moves > 1:
        proposals = search.chains(most_moves, most)
    first = {proposal.people[0] for proposal in proposals if proposal.steps_up}
    others = tuple(each for each in excluded if each.person not in first)
    forcible = () if proposals else tuple(search.forcible(others)[:most])
    return Candidates(
        request=request,
        proposals=tuple(proposals),
        excluded=others,
        unfinished=search.unfinished,
        forcible=forcible,
        left_by_step_up=search.left_by_step_up() if not proposals and most_moves > 1 else None,
    )


def propose(request: CoverRequest, people: Sequence[str | None]) -> Proposal | None:
    """The moves with which these people take what is wanted, each taking what the one before gives up.

    Of several ways, the one that breaks the fewest rules, then the cheapest. If the last person gives up a seat in the
    same crew, it stays empty, and so does everything that `None` takes. Returns None if someone has nothing to take.
    """
    return _Search(request).propose(people)


class _Chain(NamedTuple):
    """The moves so far, and the turn to be taken next."""

    moves: Moves
    turn: Turn


class _Search:
    """The moves that one request can lead to."""

    def __init__(self, request: CoverRequest) -> None:
        self.request, self.tries, self.cut_short = request, 0, False
        self._fit = dict[tuple[str, Duty], bool]()

    @property
    def unfinished(self) -> bool:
        return self.cut_short or self.tries >= MOST_TRIES

    def members(self, taken: Turn) -> list[str]:
        """Everyone who feeds the rotation, except the holder of the wanted duty."""
        members = sorted(self.request.roster.members_of(taken[0].rotation))
        return [handle for handle in members if handle != self.request.holder]

    def candidates(self, taken: Turn, without: Iterable[str] = ()) -> list[str]:
        """Those of them who may be asked, except the people in `without`."""
        out = {*self.released(taken), *without}
        return [handle for handle in self.members(taken) if handle not in out]

    def released(self, taken: Turn) -> frozenset[str]:
        """Who gave up a duty on these days: people who are ill or have swapped aren't asked again."""
        days = Period(taken[0].start, taken[-1].end, taken[0].rotation)
        crews = self.request.schedule.between(days.start, days.end)
        return frozenset[str]().union(*(crew.released(days) for crew in crews))

    def obstacles(self, person: str) -> list[Obstacle]:
        """Everything that keeps a person from taking what is wanted."""
        if person in self.released(self.request.wanted):
            return [Obstacle("given-up", "gave up a duty", f"{person} gave up a duty on these days")]
        roster, schedule, wanted = self.request.roster, self.request.schedule, self.request.wanted
        if len(wanted) == 1:
            mine = obstacles_of(roster, schedule, person, wanted[0])
            if mine:
                return mine
        return as_obstacles(roster, person, newly_broken(roster, schedule, _taking(person, wanted)))

    def forcible(self, excluded: Iterable[Excluded]) -> list[Proposal]:
        """People who could take it by breaking only rules that may be broken; those with the fewest first."""
        people = [each.person for each in excluded if {one.rule for one in each.obstacles} <= set(RELAXABLE)]
        found = [self.proposal(_taking(person, self.request.wanted), check=True) for person in people]
        return sorted(found, key=lambda each: (len(each.broken), *self.rank(each)))

    # Chains

    def step_up(self) -> Proposal | None:
        """While a period is running: the next person in line steps up, and the best free person takes their seat."""
        seat = self.request.next_seat() if self.request.is_running else None
        if seat is None or seat.person is None:
            return None
        stepping = _taking(seat.person, self.request.wanted)
        ways = [(*stepping, Move(person, seat)) for person in self.candidates((seat,), [seat.person])]
        found = [self.proposal(moves, steps_up=True) for moves in ways if self._clean(moves)]
        return min(found, key=self.rank, default=None)

    def left_by_step_up(self) -> Duty | None:
        """While a period is running: the seat of the next person in line, if they can step up and leave it empty."""
        seat = self.request.next_seat() if self.request.is_running else None
        proposal = self.propose([seat.person]) if seat and seat.person else None
        return seat if proposal and not proposal.broken else None

    def chains(self, most_moves: int, most: int) -> list[Proposal]:
        """The cheapest chains with the fewest moves, at least two."""
        chains = [_Chain((), self.request.wanted)]
        for _ in range(2, most_moves + 1):
            chains = [longer for chain in chains for longer in self._longer(chain)]
            found = self._completed(chains, most)
            if found or self.unfinished:
                return found
        return []

    def _longer(self, chain: _Chain) -> Iterator[_Chain]:
        """Every way to give the chain's turn to a person who gives up another one for it and so keeps all rules."""
        for person in self.candidates(chain.turn, _people(chain.moves)):
            if not self._is_fit(person, chain.turn):
                continue
            longer = (*chain.moves, *_taking(person, chain.turn))
            for turn in self.request.ways_out(person, chain.turn):
                rested = self._is_rested(person, chain.turn, turn)
                if rested and not self.unfinished and self._clean((*longer, *_taking(None, turn))):
                    yield _Chain(longer, turn)

    def _completed(self, chains: Iterable[_Chain], most: int) -> list[Proposal]:
        """The best chains that end with a free person; expensive ones aren't tried."""
        ends = (
            (*chain.moves, *_taking(person, chain.turn))
            for chain in sorted(chains, key=lambda chain: round(self.request.prices.price(chain.moves), 6))
            for person in self.candidates(chain.turn, _people(chain.moves))
            if self._is_fit(person, chain.turn) and self._is_rested(person, chain.turn)
        )
        ended = list(islice(ends, MOST_PRICED + 1))
        self.cut_short = len(ended) > MOST_PRICED
        found: dict[tuple[str, ...], Proposal] = {}
        for moves in sorted(ended, key=lambda moves: (round(self.request.prices.price(moves), 6), _people(moves))):
            if len(found) == most or self.tries >= MOST_TRIES:
                break
            if (people := tuple(_people(moves))) not in found and self._clean(moves):
                found[people] = self.proposal(moves)
        return sorted(found.values(), key=self.rank)

    def propose(self, people: Sequence[str | None]) -> Proposal | None:
        ended = [self.proposal(moves, check=True) for moves in self._followed((), self.request.wanted, people)]
        return min(ended, key=lambda each: (len(each.broken), *self.rank(each)), default=None)

    def _followed(self, moves: Moves, taken: Turn, people: Sequence[str | None]) -> Iterator[Moves]:
        person, *others = people
        longer = (*moves, *_taking(person, taken))
        if person is None:
            yield longer
        elif not others:
            left = self.request.seat_left(person, taken)
            yield (*longer, *_taking(None, tuple(each for each in left if not _is_taken(each, moves))))
        else:
            ways = self.request.ways_out(person, taken)
            helping = [turn for turn in ways if self._clean((*longer, *_taking(None, turn)))]
            for turn in helping or ways[:1]:
                yield from self._followed(longer, turn, others)

    # The price of moves

    def proposal(self, moves: Moves, steps_up: bool = False, check: bool = False) -> Proposal:
        broken = newly_broken(self.request.roster, self.request.schedule, moves) if check else ()
        price = self.request.prices.price(moves)
        outlooks = tuple(self._outlook(move, moves) for move in moves if move.person is not None)
        return Proposal(moves, price, outlooks, tuple(broken), steps_up)

    def rank(self, proposal: Proposal) -> tuple[float, float, date, tuple[str, ...]]:
        """By price, then by who held that kind of seat least, who served longest ago, and by handle."""
        last = proposal.outlooks[-1] if proposal.outlooks else None
        if last is None or last.move.person is None:
            return proposal.price, 0.0, date.min, ()
        duty = last.move.duty
        period = self.request.schedule.period_of(duty)
        of_kind = self.request.prices.balance(last.move.person, period, kind_of(duty.seat))
        served = last.previous.end if last.previous else date.min
        return round(proposal.price, 6), round(of_kind, 6), served, proposal.people

    def _outlook(self, move: Move, moves: Sequence[Move]) -> Outlook:
        person = move.person or ""
        period = self.request.schedule.period_of(move.duty)
        mine = self._kept(person, [each.duty for each in moves if each.duty.person == person])
        start = self._at(move.duty, move.duty.start)
        held = [duty for turn in self.request.turns.get(person, ()) for duty in turn]
        before = [duty for duty in held if self._at(duty, duty.start) < start]
        after = [duty for duty in mine if self._at(duty, duty.start) >= start]
        return Outlook(
            move,
            self.request.prices.balance_after(person, period, moves),
            max(before, key=lambda duty: self._at(duty, duty.start), default=None),
            min(after, key=lambda duty: self._at(duty, duty.start), default=None),
        )

    def _at(self, duty: Duty, point: date) -> datetime:
        """The instant of a point in a duty's time: those of two rotations compare only as instants."""
        return instant_of(self.request.roster, duty.rotation, point)

    def _clean(self, moves: Sequence[Move]) -> bool:
        self.tries += 1
        return not newly_broken(self.request.roster, self.request.schedule, moves)

    def _is_fit(self, person: str, taken: Turn) -> bool:
        """Whether a person can take a turn, apart from their other duties. Checked first, because it is the same in
        every chain."""
        return all(self._fit_for(person, duty) for duty in taken)

    def _fit_for(self, person: str, duty: Duty) -> bool:
        if self.request.roster.rules.exemptions:
            return True  # exemptions apply to whole periods: leave it to the checkers
        if (person, duty) not in self._fit:
            roster, days = self.request.roster, duty.days
            there = absence(roster, person, days) is None
            self._fit[person, duty] = there and not seat_obstacles(roster, person, days, kind_of(duty.seat))
        return self._fit[person, duty]

    def _is_rested(self, person: str, taken: Turn, given_up: Turn = ()) -> bool:
        """Whether a person's other duties leave enough rest: a quick test before the checkers, which also know patterns
        and exemptions."""
        roster, schedule = self.request.roster, self.request.schedule
        if roster.rules.exemptions or any(rotation.pattern for rotation in roster.rotations.values()):
            return True
        return not any(
            too_near(roster, duty, each.days) and not same_crew(schedule, duty, each)
            for duty in self._kept(person, given_up)
            for each in taken
        )

    def _kept(self, person: str, given_up: Sequence[Duty]) -> list[Duty]:
        """A person's duties, except those that they give up completely or in part."""
        return [
            duty
            for turn in self.request.turns.get(person, ())
            for duty in turn
            if not any(each.seat == duty.seat and each.days.overlaps(duty.days) for each in given_up)
        ]


def _taking(person: str | None, turn: Turn) -> Moves:
    return tuple(Move(person, duty) for duty in turn)


def _is_taken(left: Duty, moves: Iterable[Move]) -> bool:
    """Whether one of the moves takes a duty that was left."""
    return any(duty.seat == left.seat and duty.days.overlaps(left.days) for _, duty in moves)


def _people(moves: Iterable[Move]) -> list[str]:
    return [move.person for move in moves if move.person is not None]
