"""The time limit of a run: one moment, by which every request has an answer or is left behind.

A request may hang where no time-out reaches: in the resolver, in a handshake, in headers that arrive byte by byte. So
each runs in a thread of its own, and only the wait for it ends in time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from setrota.background import Result, within

TIME_LIMIT = 110.0
"""In seconds. With the start of the process, and what it says in the end, a run takes less than two minutes."""

LONGEST = 86_400.0


class TimeLimit:
    """Ends so many seconds after it was made, at most a day; `clock` returns seconds, and is for tests."""

    def __init__(self, seconds: float = TIME_LIMIT, *, clock: Callable[[], float] = time.monotonic) -> None:
        # In this order, what isn't a number is a day too.
        self.seconds = min(LONGEST, seconds)
        self._clock = clock
        self._end = clock() + self.seconds

    def left(self) -> float:
        """Return the seconds left, 0 once time is up."""
        return max(self._end - self._clock(), 0.0)

    @property
    def over(self) -> bool:
        return self._clock() >= self._end

    def sooner(self, seconds: float) -> TimeLimit:
        """Return a limit that many seconds from now, but no later than this one."""
        return TimeLimit(min(seconds, self.left()), clock=self._clock)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Don't count the time that passes meanwhile."""
        began = self._clock()
        try:
            yield
        finally:
            self._end += self._clock() - began

    def within(self, work: Callable[[], Result]) -> Result:
        """Return what `work` returns. Raises TooLate if that takes longer than there is time, and leaves it behind."""
        return within(self.left(), work)
