"""When somebody is on duty within the periods of a rotation: spans of days and hours, and the days that are closed.

Plain facts; `setrota.dates.service` says which instants they are.
"""

from __future__ import annotations

from datetime import date, time
from typing import NamedTuple

from setrota.roster.people import EVERY_DAY


class Span(NamedTuple):
    """A stretch of time that recurs on some days, in a rotation's zone.

    Attributes
    ----------
    weekdays
        The days of the week on which it begins; 0 is Monday.
    nth
        If not empty, only the first (1) to fifth of these weekdays in a month, or the last one (-1).
    start, end
        The wall-clock times at which it starts and ends. None: all day, from the hour of the handover on the day to the
        same hour of the next day.
    nights
        How many days after the day on which it begins it ends: 0 for the same day.
    """

    weekdays: frozenset[int] = EVERY_DAY
    nth: frozenset[int] = frozenset()
    start: time | None = None
    end: time | None = None
    nights: int = 1


ALWAYS = (Span(),)
"""All the time."""

WORKING_DAYS = (Span(frozenset(range(5))),)
"""Monday to Friday, all day."""


class Closed(NamedTuple):
    """Days on which nobody serves: stretches [start, end), and the public holidays of the rota's calendar.

    A stretch that is open ends at `date.max`.
    """

    stretches: tuple[tuple[date, date], ...] = ()
    holidays: bool = False


NEVER_CLOSED = Closed()


class Coverage(NamedTuple):
    """Spans in which one of some rotations must be served at every instant; `text` is how the roster says it."""

    text: str
    spans: tuple[Span, ...]
    rotations: tuple[str, ...]
