"""Shows the stages of solving once it takes longer than a second, and lets Ctrl-C end it."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable
from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from setrota.problems import INTERRUPTED, Problem
from setrota.terminal import report_problems, say

if TYPE_CHECKING:
    from setrota.planner import Progress

T = TypeVar("T")

QUIET_SECONDS = 1.0
"""Seconds of solving after which progress is shown."""


class _Solver(Thread, Generic[T]):
    """Solves in its own thread, so that the main thread can show progress and react to Ctrl-C.

    `stage` is what the solver is doing; `result` holds the answer once it ends, unless an `error` ended it.
    """

    def __init__(self, solve: Callable[[Progress], T]) -> None:
        super().__init__(daemon=True)
        self._solve = solve
        self.stage = ""
        self.result: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result.append(self._solve(self._enter))
        except BaseException as error:
            self.error = error

    def _enter(self, stage: str) -> None:
        self.stage = stage


def with_progress(solve: Callable[[Progress], T]) -> T:
    """Solve, and show each stage once solving has taken a second; Ctrl-C gives up, and raises KeyboardInterrupt."""
    solver = _Solver(solve)
    solver.start()
    try:
        solver.join(QUIET_SECONDS)
        if solver.is_alive():
            _show_stages(solver)
    except KeyboardInterrupt:
        report_problems([Problem("interrupted, so nothing was saved", severity="note", code="interrupted")])
        # The solver can't be stopped from outside, and mustn't still run while Python shuts down.
        atexit.register(os._exit, INTERRUPTED)
        raise
    if solver.error is not None:
        raise solver.error
    return solver.result[0]


def _show_stages(solver: _Solver[T]) -> None:
    from rich.console import Console

    console = Console(stderr=True)
    with console.status("solving") as status:
        shown = None
        while solver.is_alive():
            if solver.stage != shown:
                shown = solver.stage
                status.update(f"solving: {shown}")
                if not console.is_terminal:
                    say(f"solving: {shown}")
            solver.join(0.1)
