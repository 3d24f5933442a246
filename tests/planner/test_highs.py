"""How runs of the solver end: by themselves, interrupted, or left behind with what they had found."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf
from threading import Event
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from highspy import cb

from setrota.planner import NEVER, Deadline
from setrota.planner.program import highs
from setrota.planner.program.milp import Milp

COSTS = np.array([-3.0, -2.0, -2.0])
SECOND = np.array([0.0, 1.0, 0.0])
THIRD = np.array([0.0, 0.0, 1.0])


def triangle() -> Milp:
    """Three columns of which no two fit together, though half of each would: the best is the first one alone."""
    milp = Milp()
    columns = milp.add_columns(3)
    for pair in ([0, 1], [0, 2], [1, 2]):
        milp.add_rows(np.array([0, 0]), columns[pair], 1.0, -inf, 1.0)
    return milp


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Callable[..., None]]]:
    """Let branch and bound find the second column, and then go on until the test is over; what it calls meanwhile."""
    over, relaxed = Event(), highs.QuietHighs.run
    hearing: list[Callable[..., None]] = []

    def call(_: highs.QuietHighs, hear: Callable[..., None]) -> None:
        hearing.append(hear)

    def run(solver: highs.QuietHighs) -> None:
        if solver.getOptionValue("solve_relaxation")[1]:
            relaxed(solver)
        else:
            found = SimpleNamespace(mip_solution=SECOND, objective_function_value=-2.0)
            hearing[-1](cb.kCallbackMipImprovingSolution, "", found, None, None)
            over.wait(60)

    monkeypatch.setattr(highs, "LATE_SECONDS", 0.01)
    monkeypatch.setattr(highs.QuietHighs, "call", call)
    monkeypatch.setattr(highs.QuietHighs, "run", run)
    yield hearing
    over.set()


def test_a_run_with_time_proves_the_optimum() -> None:
    found = triangle().solve(COSTS, NEVER)
    assert found.values is not None
    assert found.values.tolist() == [1.0, 0.0, 0.0]
    assert (found.objective, found.proven) == (-3.0, True)


def test_a_run_that_is_left_behind_gives_what_it_had_found(stuck: list[Callable[..., None]]) -> None:
    """Its bound is that of the relaxation: half of each column, 3.5 in all."""
    heard: list[tuple[float, float]] = []

    found = triangle().solve(COSTS, Deadline.within(0.2), watch=lambda cost, bound: heard.append((cost, bound)))

    assert found.values is not None
    assert found.values.tolist() == SECOND.tolist()
    assert (found.objective, found.bound, found.proven) == (-2.0, -3.5, False)
    assert heard == [(-2.0, -3.5)]


def test_nobody_listens_to_a_run_that_was_left_behind(stuck: list[Callable[..., None]]) -> None:
    """Progress is about a later stage by then."""
    heard: list[float] = []
    triangle().solve(COSTS, Deadline.within(0.2), watch=lambda cost, _: heard.append(cost))

    better = SimpleNamespace(mip_solution=np.array([1.0, 0.0, 0.0]), objective_function_value=-3.0)
    stuck[-1](cb.kCallbackMipImprovingSolution, "", better, None, None)

    assert heard == [-2.0]


def test_a_program_that_was_left_behind_is_left_alone(stuck: list[Callable[..., None]]) -> None:
    milp = triangle()
    milp.solve(COSTS, Deadline.within(0.2))
    assert milp.loaded.lost

    milp.loaded.set_bounds(np.array([0]), 0.0, 0.0)
    milp.loaded.move_limit(milp.loaded.limit(np.array([1]), 1.0, 0.0), 1.0)

    assert milp.solve(COSTS, NEVER).values is None
    assert milp.relaxed_objective(COSTS, NEVER) is None


def test_without_time_a_start_is_the_answer() -> None:
    found = triangle().solve(COSTS, Deadline.within(0.0), THIRD)
    assert found.values is THIRD
    assert (found.objective, found.proven) == (-2.0, False)


def test_without_time_or_start_there_is_none() -> None:
    found = triangle().solve(COSTS, Deadline.within(0.0))
    assert found.values is None
    assert not found.infeasible


def test_a_start_that_is_good_enough_needs_no_search() -> None:
    """No solution is below -3.5, so with a tolerance of 1.5 a start of -2 is good enough."""
    found = triangle().solve(COSTS, NEVER, THIRD, tolerance=1.5)
    assert found.values is THIRD
    assert (found.bound, found.proven) == (-3.5, True)


@pytest.mark.parametrize(("deadline", "interrupted"), [(NEVER, False), (Deadline(0.0), True)])
def test_branch_and_bound_is_interrupted_when_time_is_up(
    deadline: Deadline, interrupted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers: list[Any] = []

    def run(solver: highs.QuietHighs, hear: Callable[..., None]) -> None:
        answers.append(SimpleNamespace(user_interrupt=None))
        hear(cb.kCallbackMipInterrupt, "", None, answers[0], None)

    monkeypatch.setattr(highs.QuietHighs, "call", run)
    # The deadline of the run itself is not over yet, or there would be no run.
    soon = iter([False])
    monkeypatch.setattr(Deadline, "over", property(lambda self: next(soon, self.end == 0.0)))

    triangle().loaded.branch(deadline, None, 0.01)

    assert answers[0].user_interrupt is interrupted
