"""What the commands that solve share: progress is shown, and a time limit may end the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from setrota.problems import USAGE, Problem, Refused
from setrota.terminal.progress import with_progress

if TYPE_CHECKING:
    from setrota.planner import Progress

T = TypeVar("T")


def solved(solve: Callable[[Progress], T], sought: str = "any rota was found") -> T:
    """The solver's answer, with progress shown. Raises Refused if its time is up before there is one."""
    from setrota.planner import NoAnswerError

    try:
        return with_progress(solve)
    except NoAnswerError:
        problem = Problem(f"the time limit ended the search before {sought}", hint="raise `--time-limit`")
        raise Refused(problem, USAGE) from None
