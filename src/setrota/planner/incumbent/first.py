"""The first rota of an instance."""

from __future__ import annotations

from setrota.planner.deadline import Deadline
from setrota.planner.incumbent.board import Board
from setrota.planner.incumbent.greedy import fill
from setrota.planner.incumbent.rota import Rota
from setrota.planner.incumbent.setting import Setting
from setrota.planner.problem.instance import Instance


def first_rota(instance: Instance, deadline: Deadline) -> Rota:
    """A rota that keeps every rule; when time is up, with more empty seats than there have to be."""
    board = Board(Setting(instance))
    fill(board, deadline)
    return board.rota
