"""Things with ranges of days, kept so that those that overlap a range are found without a look at all of them.

Ranges are half-open; one that begins or ends within a day counts as having all of it.
Knows nothing of rosters and schedules.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import Generic, NamedTuple, TypeVar

from setrota.dates.cuts import day_after

T = TypeVar("T")


class _Alike(NamedTuple, Generic[T]):
    """Ranges of similar lengths, less than `below` days, in order of their starts. Days are ordinals."""

    below: int
    starts: list[int]
    ends: list[int]
    things: list[T]

    def starting(self, start: int, end: int) -> tuple[int, int]:
        """Return the positions of the ranges that start in [start, end)."""
        return bisect_left(self.starts, start), bisect_left(self.starts, end)

    def crossing(self, day: int) -> list[int]:
        """Return the positions of the ranges that start before a day and end after it begins."""
        first, last = self.starting(day - self.below, day)
        return [position for position in range(first, last) if self.ends[position] > day]


class Spans(Generic[T]):
    """Things with ranges of days, each given as `(start, end, thing)`.

    They are kept by the order of magnitude of their lengths: of those that start before a range, only so many have to
    be looked at as are in progress, plus about as many again.
    """

    def __init__(self, spans: Iterable[tuple[date, date, T]]) -> None:
        self._given = list(spans)

    @cached_property
    def _alike(self) -> list[_Alike[T]]:
        found: dict[int, _Alike[T]] = {}
        for start, end, thing in sorted(self._given, key=lambda span: span[0]):
            first, last = start.toordinal(), day_after(end).toordinal()
            below = 1 << max(last - first, 0).bit_length()
            alike = found.setdefault(below, _Alike(below, [], [], []))
            alike.starts.append(first)
            alike.ends.append(last)
            alike.things.append(thing)
        return list(found.values())

    def overlapping(self, start: date, end: date) -> list[T]:
        """Return the things whose range overlaps [start, end); those of similar lengths in order of their starts."""
        first, last = start.toordinal(), day_after(end).toordinal()
        found = []
        for alike in self._alike:
            inside = range(*alike.starting(first, last))
            found += [alike.things[position] for position in (*alike.crossing(first), *inside)]
        return found


class MomentSpans(Spans[datetime]):
    """MomentSpans with ranges of days: finds the latest of those that overlap a range."""

    def __init__(self, spans: Iterable[tuple[date, date, datetime]]) -> None:
        super().__init__(spans)
        self._crossing: dict[int, list[datetime]] = {}

    @cached_property
    def _maxima(self) -> list[list[list[datetime]]]:
        """For each order of magnitude, the latest of 1, 2, 4, 8 … moments from each position on."""
        return [_maxima(alike.things) for alike in self._alike]

    def latest(self, start: date, end: date) -> list[datetime]:
        """Return the latest moment whose range overlaps [start, end); empty if none does."""
        first, last = start.toordinal(), day_after(end).toordinal()
        found = [*self._latest_crossing(first)]
        for alike, maxima in zip(self._alike, self._maxima, strict=True):
            low, high = alike.starting(first, last)
            if low < high:
                level = (high - low).bit_length() - 1
                found += [maxima[level][low], maxima[level][high - (1 << level)]]
        return [max(found)] if found else []

    def _latest_crossing(self, day: int) -> list[datetime]:
        if day not in self._crossing:
            found = [alike.things[position] for alike in self._alike for position in alike.crossing(day)]
            self._crossing[day] = [max(found)] if found else []
        return self._crossing[day]


def _maxima(moments: list[datetime]) -> list[list[datetime]]:
    levels, width = [moments], 1
    while 2 * width <= len(moments):
        below = levels[-1]
        levels.append([max(pair) for pair in zip(below, below[width:], strict=False)])
        width *= 2
    return levels
