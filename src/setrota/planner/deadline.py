"""The time limit of a command: one moment, passed down to everything that could take long."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from time import monotonic


class TimeUp(Exception):
    """Work that has nothing to show before it is done was given up, because time is up."""


@dataclass(frozen=True)
class Deadline:
    """A moment on the monotonic clock, in seconds, at which work has to end with the best answer in hand."""

    end: float

    @classmethod
    def within(cls, seconds: float) -> Deadline:
        """The moment that many seconds from now."""
        return cls(monotonic() + seconds)

    def sooner(self, seconds: float) -> Deadline:
        """The moment that many seconds from now, but no later than this one."""
        return Deadline(min(self.end, monotonic() + seconds))

    def left(self) -> float:
        """Seconds left; 0 once time is up."""
        return max(self.end - monotonic(), 0.0)

    @property
    def over(self) -> bool:
        """Whether time is up."""
        return monotonic() >= self.end

    def check(self) -> None:
        """Raise `TimeUp` once time is up."""
        if self.over:
            raise TimeUp


NEVER = Deadline(inf)
"""No time limit."""
