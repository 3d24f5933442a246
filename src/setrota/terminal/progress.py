"""Shows how far solving is once it takes longer than a second, and lets Ctrl-C end it."""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Generic, TypeVar

from setrota.background import UNSTOPPABLE
from setrota.problems import Problem, counted
from setrota.terminal import report_problems, say

if TYPE_CHECKING:
    from setrota.planner import Progress, Step

T = TypeVar("T")

QUIET_SECONDS = 1.0
"""Seconds of solving after which progress is shown."""

PAUSE_SECONDS = 5.0
"""Without a terminal, at least so many seconds lie between two lines about one stage."""


class _Solver(Thread, Generic[T]):
    """Solves in its own thread, so that the main thread can show progress and react to Ctrl-C.

    `step` is what it is doing, and `result` holds the answer once it ends, unless an `error` ended it.
    """

    def __init__(self, solve: Callable[[Progress], T]) -> None:
        super().__init__(name=UNSTOPPABLE, daemon=True)
        self._solve = solve
        self.step: Step | None = None
        self.result: list[T] = []
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            self.result.append(self._solve(self._enter))
        except BaseException as error:
            self.error = error

    def _enter(self, step: Step) -> None:
        self.step = step


def with_progress(solve: Callable[[Progress], T]) -> T:
    """Solve, and show progress once solving has taken a second; Ctrl-C gives up, and raises KeyboardInterrupt."""
    solver = _Solver(solve)
    solver.start()
    try:
        solver.join(QUIET_SECONDS)
        if solver.is_alive():
            _show_progress(solver)
    except KeyboardInterrupt:
        report_problems([Problem("interrupted, so nothing was saved", severity="note", code="interrupted")])
        raise
    if solver.error is not None:
        raise solver.error
    return solver.result[0]


def _show_progress(solver: _Solver[T]) -> None:
    """Keep one line up to date on a terminal; elsewhere write a line for each stage, and now and then what is new."""
    from rich.console import Console

    console = Console(stderr=True)
    shown, since = None, 0.0
    with console.status("solving") as status:
        while solver.is_alive():
            step = solver.step
            if step is not None and step != shown:
                status.update(progress_line(step))
                is_new = shown is None or step.stage != shown.stage
                if console.is_terminal or is_new or monotonic() >= since + PAUSE_SECONDS:
                    shown, since = step, monotonic()
                    if not console.is_terminal:
                        say(progress_line(step))
            solver.join(0.1)


def progress_line(step: Step) -> str:
    """What the solver is doing, and how good the best rota is."""
    known = []
    if step.empty:
        known.append(counted(step.empty, "empty seat"))
    if step.unfairness is not None:
        known.append(f"unfairness {step.unfairness:.2f}")
        if step.bound is not None and step.bound > 0:
            gap = (step.unfairness - step.bound) / step.unfairness
            known.append(f"at least {step.bound:.2f}, gap {gap:.2%}")
    return f"solving: {'; '.join(filter(None, [step.stage, ', '.join(known)]))}"
