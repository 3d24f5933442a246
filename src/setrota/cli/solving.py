"""Runs the solver for a command: shows progress, and reports when the time limit ended the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from setrota.problems import USAGE, Problem, Refused
from setrota.terminal.progress import with_progress

if TYPE_CHECKING:
    from setrota.planner import Progress

T = TypeVar("T")


def solved(solve: Callable[[Progress], T], sought: str = "it found a rota") -> T:
    """The solver's answer. Shows progress meanwhile; raises Refused if time runs out before there is an answer."""
    from setrota.planner import NoAnswerError, TimeUp

    try:
        return with_progress(solve)
    except (NoAnswerError, TimeUp):
        message = f"the search ran out of time before {sought}"
        problem = Problem(message, hint="allow more time with `--time-limit SECONDS`", code="time-limit")
        raise Refused(problem, USAGE) from None
