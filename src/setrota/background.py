"""Work in a thread of its own, which can be left behind where nothing can stop it.

Knows what such threads are called: the command line ends the process at once if one is still running.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

UNSTOPPABLE = "unstoppable"
"""The name of threads that may still be running when the process is to end."""

Result = TypeVar("Result")


class TooLate(Exception):
    """Work that wasn't done in time and was left behind in its thread."""


def within(seconds: float, work: Callable[[], Result], clock: Callable[[], float] = monotonic) -> Result:
    """Return what `work` returns. Raises TooLate if that takes longer than so many seconds, and leaves it behind.

    With `process_time` as the clock, a busy machine makes nothing late.
    """
    from concurrent.futures import wait  # needs some milliseconds, and most commands do without

    future, end = in_background(work), clock() + seconds
    while not future.done() and (left := end - clock()) > 0:
        wait([future], left)
    if not future.done():
        raise TooLate
    return future.result()


def in_background(work: Callable[[], Result]) -> Future[Result]:
    """Begin work in a thread, and return what will have its result or its exception."""
    from concurrent.futures import Future

    future: Future[Result] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    Thread(target=run, name=UNSTOPPABLE, daemon=True).start()
    return future
