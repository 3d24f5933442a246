"""Fills empty seats one after the other, each with the person whose turn it is most among those who may."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from setrota.planner.deadline import Deadline
from setrota.planner.incumbent.board import Board
from setrota.planner.incumbent.rota import is_required
from setrota.planner.incumbent.setting import Vacancy


def fill(board: Board, deadline: Deadline, *, required: bool) -> None:
    """Fill the required seats, or the optional ones."""
    for number, t in _in_time_order(board):
        if deadline.over:
            return
        _fill_period(board, number, t, required)


def _in_time_order(board: Board) -> list[tuple[int, int]]:
    """The periods of all lanes by their start; of those that start together, the longest duties first."""
    lanes = board.setting.lanes
    periods = [(number, t) for number, lane in enumerate(lanes) for t in range(len(lane.timeslots))]
    return sorted(periods, key=lambda each: (lanes[each[0]].starts[each[1]], -lanes[each[0]].duration(each[1])))


def _fill_period(board: Board, number: int, t: int, required: bool) -> None:
    """Fill a period's seats, those first for which the fewest people are left."""
    open_kinds = set(_kinds(board, number, required))
    while open_kinds:
        vacancies = [Vacancy(number, t, kind) for kind in sorted(open_kinds)]
        able = {each: board.may(each) for each in vacancies if board.is_open(each)}
        able = {each: may for each, may in able.items() if may.any()}
        open_kinds = {each.kind for each in able}
        if able:
            scarcest = min(able, key=lambda each: (int(able[each].sum()), each.kind))
            board.give(scarcest, int(np.argmin(np.where(able[scarcest], board.ahead(scarcest), np.inf))))


def _kinds(board: Board, number: int, required: bool) -> Iterator[int]:
    lane = board.setting.lanes[number]
    if lane.rotation.pattern:
        yield from [0] if required else []
    else:
        yield from (kind for kind, needed in enumerate(is_required(lane)) if bool(needed) == required)
