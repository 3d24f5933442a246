"""Fills empty seats for which people have to move: by chains, and by giving out anew what is near an empty seat.

The work is counted, not timed, so that the same question has the same answer; a deadline only cuts it short.
"""

from __future__ import annotations

from random import Random

import numpy as np

from setrota.planner.incumbent.board import Board
from setrota.planner.incumbent.rota import is_required
from setrota.planner.incumbent.setting import NewDuty, Setting, Vacancy
from setrota.planner.incumbent.work import Work, cheapest, cheapest_first
from setrota.planner.problem.timeslots import weeks_of_rest

DEEPEST = 2
"""How many people move, one into the next one's seat, so that an empty seat can be filled."""

WIDEST = 4
"""How many people are tried in a seat because someone gave up another one."""

LARGEST = 24
"""How many duties near an empty seat may be given out anew."""

PATIENCE = 30
"""How many times in a row they are given out anew without covering more."""

WHIM = 4.0
"""How much unfairness chance may prefer to fairness, when duties are given out anew."""


def cover_more(board: Board, work: Work) -> None:
    """Fill empty required seats by chains of people who move, or leave others empty where that hurts less."""
    for may_leave_gaps in (False, True):
        improved = True
        while improved and work.more:
            improved = False
            for vacancy in _vacancies(board):
                while board.is_open(vacancy) and _fill(board, vacancy, work, DEEPEST, board.coverage, may_leave_gaps):
                    improved = True


def _vacancies(board: Board) -> list[Vacancy]:
    """The empty required seats: in requested periods first, then by importance and time."""
    lanes, found = board.setting.lanes, list[tuple[bool, float, Vacancy]]()
    for number, lane in enumerate(lanes):
        required = [True] if lane.rotation.pattern else is_required(lane)
        for each in board.vacancies(number):
            if required[each.kind]:
                found.append((not lane.timeslots[each.t].asked, -lane.weeks, each))
    return [vacancy for _, _, vacancy in sorted(found, key=lambda each: (*each[:2], each[2].kind, each[2].t))]


def _fill(
    board: Board, vacancy: Vacancy, work: Work, depth: int, coverage: tuple[int, ...], may_leave_gaps: bool
) -> bool:
    """Fill a seat; if nobody may have it, someone gives up another seat for it, which is filled in the same way.

    With `may_leave_gaps`, that seat may also stay empty if the rota then covers more than `coverage`.
    """
    able = board.may(vacancy)
    if able.any():
        board.give(vacancy, cheapest(board.price(vacancy), able))
        return True
    for duty in _near(board, vacancy) if depth else []:
        if not work.spend(board.setting.lanes[vacancy.lane]):
            return False
        before = board.now
        board.take(duty)
        able, price = board.may(vacancy), board.price(vacancy)
        for p in cheapest_first(price, able)[:WIDEST]:
            given = board.now
            board.give(vacancy, p)
            filled = _fill(board, duty.vacancy, work, depth - 1, coverage, may_leave_gaps)
            if (filled or (may_leave_gaps and board.coverage < coverage)) and not board.is_broken:
                return True
            board.back_to(given)
        board.back_to(before)
    return False


def rebuild(board: Board, work: Work) -> None:
    """Give out anew some of the duties near an empty seat, the hardest first; keep the result unless it covers less."""
    chance, tries = Random("rebuild"), 0  # nosec B311  # the same rota each time is the point
    while tries < PATIENCE and work.more and (vacancies := _vacancies(board)):
        before, coverage = board.now, board.coverage
        vacancy = chance.choice(vacancies)
        given_up = [duty for duty in _near(board, vacancy)[:LARGEST] if chance.random() < 0.5]
        for duty in given_up:
            board.take(duty)
        seats = [each for each in vacancies if _days_between(board.setting, vacancy, each) <= _reach(board.setting)]
        _give_out(seats + [duty.vacancy for duty in given_up], board, chance, work)
        if board.coverage > coverage or board.is_broken:
            board.back_to(before)
        tries = 0 if board.coverage < coverage else tries + 1


def _give_out(vacancies: list[Vacancy], board: Board, chance: Random, work: Work) -> None:
    """Fill seats, those first for which the fewest people are left, though chance has a say in which and with whom."""
    while vacancies and work.spend(board.setting.lanes[vacancies[0].lane], len(vacancies)):
        able = [board.may(each) & board.is_open(each) for each in vacancies]
        left = [may.sum() + chance.random() if may.any() else np.inf for may in able]
        hardest = int(np.argmin(left))
        if left[hardest] == np.inf:
            return
        vacancy, may = vacancies.pop(hardest), able[hardest]
        whims = np.array([chance.random() for _ in range(len(may))])
        board.give(vacancy, cheapest(board.price(vacancy) + WHIM * whims, may))


def _near(board: Board, vacancy: Vacancy) -> list[NewDuty]:
    """The duties that may keep people from a seat, the nearest in time first."""
    found = [(_days_between(board.setting, vacancy, duty.vacancy), duty) for duty in board.given]
    return [duty for days, duty in sorted(found) if days <= _reach(board.setting)]


def _days_between(setting: Setting, one: Vacancy, other: Vacancy) -> int:
    starts = [int(setting.lanes[each.lane].days[each.t, 0]) for each in (one, other)]
    return abs(starts[0] - starts[1])


def _reach(setting: Setting) -> int:
    """The most days between the starts of two duties of which one can keep someone from the other."""
    roster = setting.instance.roster
    longest = max(
        lane.weeks * lane.rotation.steps + max(weeks_of_rest(roster, lane.rotation), lane.rotation.team_rest.weeks)
        for lane in setting.lanes
    )
    return round(7 * max([longest, *(limit.within.weeks for limit in roster.rules.limits)]))
