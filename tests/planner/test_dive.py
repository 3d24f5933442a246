"""The dive on programs small enough to try every solution."""

from __future__ import annotations

from itertools import product

import numpy as np

from setrota.planner.deadline import NEVER
from setrota.planner.program.dive import dive
from setrota.planner.program.milp import Milp


def test_a_dive_finds_a_whole_solution_and_leaves_the_program_as_it_was() -> None:
    """Pairs of three columns of which at most one is taken: the relaxation takes half of each."""
    for seed in range(20):
        chance = np.random.default_rng(seed)
        costs, program = -chance.uniform(1, 2, 9), Milp()
        columns = program.add_columns(9)
        pairs = np.array([(3 * group + i, 3 * group + j) for group in range(3) for i, j in ((0, 1), (1, 2), (0, 2))])
        program.add_rows(np.repeat(np.arange(9), 2), columns[pairs.ravel()], 1.0, -np.inf, 1.0)
        program.dive_on(columns, columns % 3)
        values = program.loaded.relax(costs, NEVER)
        floor = program.loaded.objective
        best = min(
            float(costs @ np.array(each))
            for each in product((0, 1), repeat=9)
            if all(each[i] + each[j] <= 1 for i, j in pairs)
        )

        found = dive(program.loaded, program.free, values, best + 1e-6, NEVER)
        assert found is not None
        assert costs @ np.round(found) <= best + 1e-6
        assert dive(program.loaded, program.free, values, floor - 1.0, NEVER) is None
        program.loaded.resume(NEVER)
        assert abs(program.loaded.objective - floor) < 1e-9
