"""Rows by which one choice needs another."""

from __future__ import annotations

import numpy as np

from setrota.planner.arrays import Index
from setrota.planner.program.milp import Milp


def imply_each(milp: Milp, columns: Index, others: Index, weight: float = 1.0) -> None:
    """No column without the other: column <= weight * other."""
    rows = np.arange(len(columns))
    milp.add_difference(rows, columns, rows, others, -np.inf, 0.0, weight)


def imply_together(milp: Milp, columns: Index, others: Index, cell: Index, most: float) -> None:
    """All columns of a cell, of which at most so many can be taken, need the other one of that cell."""
    cells = np.unique(cell)
    milp.add_difference(cell, columns, cells, others[cells], -np.inf, 0.0, most)
