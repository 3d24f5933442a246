"""Finds proposals for a case: people who break no rule, and chains of moves that end with everybody clear of all rules.

In a chain each person takes what the one before them gives up: a seat in the same crew, or a duty that stands in the
way. What is given up is enough for all rules to be kept by then, or the chain goes no further.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import NamedTuple

from setrota.changes.cover.case import Case, same_crew
from setrota.changes.cover.proposals import Answer, Excluded, Outlook, Proposal
from setrota.dates.availability import absence, may_take
from setrota.dates.periods import WEEK, Period
from setrota.roster import Roster, kind_of
from setrota.rules import RELAXABLE, rest_between
from setrota.rules.eligibility import Obstacle, named, newly_broken, obstacles_of
from setrota.schedule import Duty
from setrota.schedule.moves import Move
from setrota.schedule.turns import Turn

MOST_TRIES = 1200
"""So many times a search for chains asks the checkers, at most."""

MOST_PRICED = 8000
"""So many ends of chains of one length are priced, at most: those of the cheapest beginnings."""


def answered(case: Case, most_moves: int = 1, most: int = 8) -> Answer:
    """Who could take what is wanted, best first; where nobody could, the `most` best chains of the fewest moves."""
    search = _Search(case)
    free, excluded = [], []
    for person in search.members(case.wanted):
        obstacles = search.obstacles(person)
        if obstacles:
            excluded.append(Excluded(person, tuple(obstacles)))
        else:
            free.append(search.proposal(_taking(person, case.wanted)))
    proposals = sorted(free, key=search.rank)
    if stepping := search.step_up():
        proposals.insert(0, stepping)
    if not proposals and most_moves > 1:
        proposals = search.chains(most_moves, most)
    first = {proposal.people[0] for proposal in proposals if proposal.steps_up}
    others = tuple(each for each in excluded if each.person not in first)
    forcible = () if proposals else tuple(search.forcible(others)[:most])
    return Answer(case, tuple(proposals), others, search.unfinished, forcible)


def chosen(case: Case, people: Sequence[str | None]) -> Proposal | None:
    """The moves by which these people, each taking what the one before gives up, come to what is wanted.

    Of several ways the one that breaks fewest rules, then the cheapest. A seat of the same crew that the last one gives
    up stays empty, and so does whatever `None` is to take. None where somebody would have nothing to take.
    """
    return _Search(case).chosen(people)


class _Stage(NamedTuple):
    """A chain as far as it goes, and the turn that is to be taken next."""

    moves: tuple[Move, ...]
    turn: Turn


class _Search:
    """The moves of one case."""

    def __init__(self, case: Case) -> None:
        self.case, self.tries, self.cut_short = case, 0, False
        self._fit = dict[tuple[str, Duty], bool]()

    @property
    def unfinished(self) -> bool:
        return self.cut_short or self.tries >= MOST_TRIES

    def members(self, taken: Turn) -> list[str]:
        """Everybody who feeds the rotation, but for its holder."""
        members = sorted(self.case.roster.members_of(taken[0].rotation))
        return [handle for handle in members if handle != self.case.holder]

    def candidates(self, taken: Turn, without: Iterable[str] = ()) -> list[str]:
        """Those of them who may be asked, but for others who are part of the chain."""
        out = {*self.let_off(taken), *without}
        return [handle for handle in self.members(taken) if handle not in out]

    def let_off(self, taken: Turn) -> frozenset[str]:
        """Who gave up a duty on these days: whoever is ill or has exchanged is not asked again."""
        days = Period(taken[0].start, taken[-1].end, taken[0].rotation)
        crews = self.case.schedule.between(days.start, days.end)
        return frozenset[str]().union(*(crew.let_off(days) for crew in crews))

    def obstacles(self, person: str) -> list[Obstacle]:
        """Everything in somebody's way to what is wanted."""
        if person in self.let_off(self.case.wanted):
            return [Obstacle("given-up", "gave a duty up", f"{person} gave a duty up on these days")]
        roster, schedule, wanted = self.case.roster, self.case.schedule, self.case.wanted
        if len(wanted) == 1:
            mine = obstacles_of(roster, schedule, person, wanted[0])
            if mine:
                return mine
        return named(roster, person, newly_broken(roster, schedule, _taking(person, wanted)))

    def forcible(self, excluded: Iterable[Excluded]) -> list[Proposal]:
        """Those who could take it if rules were broken that may be: the fewest of them first."""
        people = [each.person for each in excluded if {one.rule for one in each.obstacles} <= set(RELAXABLE)]
        found = [self.proposal(_taking(person, self.case.wanted), check=True) for person in people]
        return sorted(found, key=lambda each: (len(each.broken), *self.rank(each)))

    # Chains

    def step_up(self) -> Proposal | None:
        """While a period is running: the next in line steps up, and their seat goes to the best who is free."""
        seat = self.case.next_seat() if self.case.running else None
        if seat is None or seat.person is None:
            return None
        stepping = _taking(seat.person, self.case.wanted)
        found = [
            self.proposal((*stepping, Move(person, seat)), steps_up=True)
            for person in self.candidates((seat,), [seat.person])
            if self._clean((*stepping, Move(person, seat)))
        ]
        return min(found, key=self.rank, default=None)

    def chains(self, most_moves: int, most: int) -> list[Proposal]:
        """The cheapest chains of the fewest moves, two at least."""
        stages = [_Stage((), self.case.wanted)]
        for _ in range(2, most_moves + 1):
            stages = [longer for stage in stages for longer in self._stages(stage)]
            found = self._completed(stages, most)
            if found or self.unfinished:
                return found
        return []

    def _stages(self, stage: _Stage) -> Iterator[_Stage]:
        """Every way to pass a turn on to somebody who gives one up for it, and keeps all rules by that."""
        for person in self.candidates(stage.turn, _people(stage.moves)):
            longer = (*stage.moves, *_taking(person, stage.turn))
            for turn in self.case.ways_out(person, stage.turn) if self._is_fit(person, stage.turn) else ():
                rested = self._is_rested(person, stage.turn, turn)
                if rested and not self.unfinished and self._clean((*longer, *_taking(None, turn))):
                    yield _Stage(longer, turn)

    def _completed(self, stages: Iterable[_Stage], most: int) -> list[Proposal]:
        """The best chains that end with somebody who is free; the dear ones aren't even tried."""
        ends = (
            (*stage.moves, *_taking(person, stage.turn))
            for stage in sorted(stages, key=lambda stage: round(self.case.prices.price(stage.moves), 6))
            for person in self.candidates(stage.turn, _people(stage.moves))
            if self._is_fit(person, stage.turn) and self._is_rested(person, stage.turn)
        )
        ended = list(islice(ends, MOST_PRICED + 1))
        self.cut_short = len(ended) > MOST_PRICED
        found: dict[tuple[str, ...], Proposal] = {}
        for moves in sorted(ended, key=lambda moves: (round(self.case.prices.price(moves), 6), _people(moves))):
            if len(found) == most or self.tries >= MOST_TRIES:
                break
            if (people := tuple(_people(moves))) not in found and self._clean(moves):
                found[people] = self.proposal(moves)
        return sorted(found.values(), key=self.rank)

    def chosen(self, people: Sequence[str | None]) -> Proposal | None:
        ended = [self.proposal(moves, check=True) for moves in self._followed((), self.case.wanted, people)]
        return min(ended, key=lambda each: (len(each.broken), *self.rank(each)), default=None)

    def _followed(
        self, moves: tuple[Move, ...], taken: Turn, people: Sequence[str | None]
    ) -> Iterator[tuple[Move, ...]]:
        person, *others = people
        longer = (*moves, *_taking(person, taken))
        if person is None:
            yield longer
        elif not others:
            left = self.case.seat_left(person, taken)
            yield (*longer, *_taking(None, tuple(each for each in left if not _is_taken(each, moves))))
        else:
            ways = self.case.ways_out(person, taken)
            helping = [turn for turn in ways if self._clean((*longer, *_taking(None, turn)))]
            for turn in helping or ways[:1]:
                yield from self._followed(longer, turn, others)

    # What moves come to

    def proposal(self, moves: tuple[Move, ...], steps_up: bool = False, check: bool = False) -> Proposal:
        broken = newly_broken(self.case.roster, self.case.schedule, moves) if check else ()
        price = self.case.prices.price(moves)
        outlooks = tuple(self._outlook(move, moves) for move in moves if move.person is not None)
        return Proposal(moves, price, outlooks, tuple(broken), steps_up)

    def rank(self, proposal: Proposal) -> tuple[float, float, date, tuple[str, ...]]:
        """By price; then who had that kind of seat less than others, who served longest ago, and the handles."""
        last = proposal.outlooks[-1] if proposal.outlooks else None
        if last is None or last.move.person is None:
            return proposal.price, 0.0, date.min, ()
        of_kind = self.case.prices.balance_of_kind(last.move.person, last.move.duty)
        served = last.previous.end if last.previous else date.min
        return round(proposal.price, 6), round(of_kind, 6), served, proposal.people

    def _outlook(self, move: Move, moves: Sequence[Move]) -> Outlook:
        person = move.person or ""
        period = self.case.schedule.period_of(move.duty)
        mine = self._kept(person, [each.duty for each in moves if each.duty.person == person])
        before = [duty for turn in self.case.turns.get(person, ()) for duty in turn if duty.start < move.duty.start]
        after = [duty for duty in mine if duty.start >= move.duty.end]
        return Outlook(
            move,
            self.case.prices.balance(person, period, moves),
            max(before, key=lambda duty: duty.start, default=None),
            min(after, key=lambda duty: duty.start, default=None),
        )

    def _clean(self, moves: Sequence[Move]) -> bool:
        self.tries += 1
        return not newly_broken(self.case.roster, self.case.schedule, moves)

    def _is_fit(self, person: str, taken: Turn) -> bool:
        """Whether nothing of somebody's own, apart from their other duties, keeps them from a turn: looked at first,
        since it is the same in every chain."""
        return all(self._fit_for(person, duty) for duty in taken)

    def _fit_for(self, person: str, duty: Duty) -> bool:
        if self.case.roster.rules.exemptions:
            return True  # They count for whole periods: the checkers know.
        if (person, duty) not in self._fit:
            roster, days = self.case.roster, duty.days
            there = absence(roster, person, days) is None and may_take(roster, person, days, kind_of(duty.seat))
            self._fit[person, duty] = there
        return self._fit[person, duty]

    def _is_rested(self, person: str, taken: Turn, given_up: Turn = ()) -> bool:
        """Whether somebody's other duties leave them the rest they ought to have: looked at before the checkers are
        asked, who know of patterns and exemptions."""
        roster, schedule = self.case.roster, self.case.schedule
        if roster.rules.exemptions or any(rotation.pattern for rotation in roster.rotations.values()):
            return True
        return not any(
            _too_near(roster, duty, each) and not same_crew(schedule, duty, each)
            for duty in self._kept(person, given_up)
            for each in taken
        )

    def _kept(self, person: str, given_up: Sequence[Duty]) -> list[Duty]:
        """Somebody's duties but for those that they give up, if only in part."""
        return [
            duty
            for turn in self.case.turns.get(person, ())
            for duty in turn
            if not any(each.seat == duty.seat and each.days.overlaps(duty.days) for each in given_up)
        ]


def _too_near(roster: Roster, one: Duty, other: Duty) -> bool:
    rest = WEEK * rest_between(roster, one.rotation, other.rotation)
    return one.start - other.end < rest and other.start - one.end < rest


def _taking(person: str | None, turn: Turn) -> tuple[Move, ...]:
    return tuple(Move(person, duty) for duty in turn)


def _is_taken(left: Duty, moves: Iterable[Move]) -> bool:
    """Whether somebody takes by such moves what somebody else leaves."""
    return any(duty.seat == left.seat and duty.days.overlaps(left.days) for _, duty in moves)


def _people(moves: Iterable[Move]) -> list[str]:
    return [move.person for move in moves if move.person is not None]
