"""The first rota of an instance."""

from __future__ import annotations

from setrota.planner.deadline import Deadline
from setrota.planner.incumbent.board import Board
from setrota.planner.incumbent.cover import cover_more, rebuild
from setrota.planner.incumbent.exchanges import make_fairer
from setrota.planner.incumbent.greedy import fill
from setrota.planner.incumbent.rota import Rota
from setrota.planner.incumbent.setting import Setting
from setrota.planner.incumbent.work import Work
from setrota.planner.problem.instance import Instance

MOST_STEPS = 3000
"""The most steps that a search may try."""


def first_rota(instance: Instance, deadline: Deadline) -> Rota:
    """A rota that keeps every rule; when time is up, with more empty seats than there have to be."""
    board = Board(Setting(instance))
    fill(board, deadline, required=True)
    for search in (cover_more, rebuild):
        search(board, Work(MOST_STEPS, deadline))
    fill(board, deadline, required=False)
    make_fairer(board, Work(MOST_STEPS, deadline))
    return board.rota
