"""What exchanges do to a rota: seats are filled that nobody could have as things stood, and duties change hands."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from planning import asked
from samples import leave, roster, rotation, schedule, week
from some_instances import SOME, first_rota_of

from setrota.planner import build_instance
from setrota.planner.deadline import NEVER, Deadline
from setrota.planner.incumbent.board import Board
from setrota.planner.incumbent.cover import cover_more, rebuild
from setrota.planner.incumbent.exchanges import make_fairer
from setrota.planner.incumbent.first import first_rota
from setrota.planner.incumbent.greedy import fill
from setrota.planner.incumbent.rota import Rota
from setrota.planner.incumbent.setting import Setting, Vacancy
from setrota.planner.incumbent.work import Work
from setrota.planner.problem.instance import Instance
from setrota.roster import Length, Person

SINGLE = rotation("engineer", rest=Length(1))

OVER = Deadline(0.0)


def board_of(people: list[Person | str], weeks: int, *duties: str) -> Board:
    """A board of one seat a week, on which people have the first weeks; `-` is nobody."""
    instance = build_instance(roster(people, SINGLE), schedule(), asked(0, weeks, look_ahead=0))
    board = Board(Setting(instance))
    for t, handle in enumerate(duties):
        if handle != "-":
            board.give(Vacancy(0, t, 0), instance.lanes[0].people.index(handle))
    return board


def turns(rota: Rota) -> str:
    """Who has each week of the first lane."""
    [lane] = rota.instance.lanes
    names = {duty.t: lane.people[duty.p] for duty in rota.duties}
    return " ".join(names.get(t, "-") for t in range(len(lane.timeslots)))


def away(handle: str, number: int) -> Person:
    """Someone who is away in a week."""
    return Person(handle, leave=(leave(week(number), days=5),))


# Coverage


def test_a_seat_is_filled_by_someone_whose_own_seat_others_can_have() -> None:
    """Bo and cy are away in week 1, and ana rests then, because she has week 0, which both could have."""
    board = board_of(["ana", away("bo", 1), away("cy", 1)], 2, "ana", "-")

    cover_more(board, Work(100, NEVER))

    assert turns(board.rota) in ("bo ana", "cy ana")


def test_what_cannot_be_filled_is_left_empty_after_the_range() -> None:
    """Ana rests in one of the two weeks: it had better be the one of the look-ahead."""
    instance = build_instance(roster("ana", SINGLE), schedule(), asked(0, 1, look_ahead=1))
    board = Board(Setting(instance))
    board.give(Vacancy(0, 1, 0), 0)

    cover_more(board, Work(100, NEVER))

    assert turns(board.rota) == "ana -"


@pytest.mark.parametrize("search", [cover_more, rebuild])
@pytest.mark.parametrize("work", [Work(0, NEVER), Work(100, OVER)], ids=["nothing left to try", "time is up"])
def test_a_search_that_may_not_try_anything_changes_nothing(search: Callable[[Board, Work], None], work: Work) -> None:
    board = board_of(["ana", away("bo", 1)], 2, "ana", "-")

    search(board, work)

    assert turns(board.rota) == "ana -"


def test_what_is_given_out_anew_covers_more() -> None:
    board = board_of(["ana", away("bo", 1), away("cy", 1)], 2, "ana", "-")

    rebuild(board, Work(1000, NEVER))

    assert board.rota.unfilled == 0


# Fairness


def test_two_people_exchange_their_duties() -> None:
    """Ana's first two duties and bo's last two: each would rather be the other's every other time."""
    board = board_of(["ana", "bo", "cy"], 6, "ana", "bo", "ana", "bo", "cy", "bo")

    make_fairer(board, Work(1000, NEVER))

    rota = board.rota
    assert rota.unfilled == 0
    assert rota.starts(0).sum(axis=1).tolist() == [2, 2, 2]


def test_someone_else_is_given_a_duty_if_that_is_fairer() -> None:
    board = board_of(["ana", "bo", "cy"], 3, "ana", "bo", "ana")

    make_fairer(board, Work(1000, NEVER))

    assert turns(board.rota) in ("ana bo cy", "cy bo ana")


def test_an_empty_seat_moves_to_where_it_is_fairer() -> None:
    """Only ana is there, and rests every other week: weeks 0 and 2 leave fewer debts behind than weeks 1 and 3."""
    board = board_of(["ana"], 4, "-", "ana", "-", "ana")

    make_fairer(board, Work(1000, NEVER))

    assert turns(board.rota) == "ana - ana -"


# In general


@pytest.mark.parametrize(("made", "seed"), SOME[::2])
def test_no_search_makes_a_rota_worse(made: Callable[[int], Instance], seed: int) -> None:
    board = Board(Setting(made(seed)))
    fill(board, NEVER, required=True)
    rotas = [board.rota]
    for search in (cover_more, rebuild, make_fairer):
        search(board, Work(1000, NEVER))
        rotas.append(board.rota)

    greedy, covering, rebuilt, fair = rotas
    assert greedy.coverage >= covering.coverage >= rebuilt.coverage >= fair.coverage
    assert fair.unfairness <= rebuilt.unfairness + 1e-6


@pytest.mark.parametrize(("made", "seed"), SOME[::4])
def test_the_same_question_has_the_same_rota(made: Callable[[int], Instance], seed: int) -> None:
    assert first_rota(made(seed), NEVER).duties == first_rota_of(made, seed).duties


@pytest.mark.parametrize(("made", "seed"), SOME[::4])
def test_a_board_can_go_back(made: Callable[[int], Instance], seed: int) -> None:
    """After giving and undoing, the same people may have the same seats, at the same prices."""
    board = Board(Setting(made(seed)))
    fill(board, NEVER, required=True)
    before, there = board.now, board.rota
    seats = [duty.vacancy for duty in there.duties]
    known = [(board.may(each).tolist(), board.price(each).round(6).tolist()) for each in seats]

    for duty in there.duties[::2]:
        board.take(duty)
    fill(board, NEVER, required=True)
    board.back_to(before)

    assert board.rota == there
    assert [(board.may(each).tolist(), board.price(each).round(6).tolist()) for each in seats] == known
