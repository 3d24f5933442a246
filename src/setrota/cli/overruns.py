"""Ends a command that computes for very long or fills the memory: the last resort against input that nobody foresaw.

The limits of files and of counts refuse what is known to be too much, with the place. Processor time counts, not the
clock's, so that a busy machine refuses nothing.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from time import process_time
from types import FrameType

from setrota.problems import Problem, Refused

SECONDS = 8.0
MEGABYTES = 400
"""The most processor time and memory of a command, or of reading its files."""

TICK = 0.05
"""After how many seconds of processor time to look again."""

UNLIMITED = "SETROTA_LIMITS"
"""The environment variable that lifts both limits if it is `off`."""

HINT = f"check that they are the right files, or split the rota; on a slow machine, set `{UNLIMITED}=off`"


class _Overrun(BaseException):
    """Raised wherever the command is; no `except Exception` may take it for a problem of its own."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@contextmanager
def bounded() -> Iterator[None]:
    """Refuse what takes too much time or memory until the end of this block, in the main thread of a Unix system.

    Within another such block it has no effect.
    """
    if (
        not hasattr(signal, "setitimer")
        or os.environ.get(UNLIMITED) == "off"
        or signal.getitimer(signal.ITIMER_VIRTUAL)[1]
    ):
        yield
        return
    watch = _Watch()
    try:
        before = signal.signal(signal.SIGVTALRM, watch.look)
    except ValueError:  # in another thread
        yield
        return
    signal.setitimer(signal.ITIMER_VIRTUAL, TICK, TICK)
    try:
        yield
    except _Overrun as overrun:
        raise Refused(overrun.problem) from None
    finally:
        watch.over = True
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def lift() -> None:
    """Let a command finish that has begun to save."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)


class _Watch:
    """Looks at the processor time and the memory since it began."""

    def __init__(self) -> None:
        self.over = False
        self.seconds, self.megabytes = process_time(), _megabytes()

    def look(self, _number: int, _frame: FrameType | None) -> None:
        if self.over:
            return
        if process_time() - self.seconds > SECONDS:
            message = (
                f"this takes more than {SECONDS:g} seconds of computing, so the files are no rota's, or a huge one's"
            )
            raise _Overrun(Problem(message, hint=HINT, code="takes-too-long"))
        if _megabytes() - self.megabytes > MEGABYTES:
            message = f"this takes more than {MEGABYTES} MB of memory, so the files are no rota's, or a huge one's"
            raise _Overrun(Problem(message, hint=HINT, code="takes-too-much-memory"))


def _megabytes() -> float:
    """The most memory that this process has had."""
    from resource import RUSAGE_SELF, getrusage  # Unix has it

    return getrusage(RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
