"""Points in a rotation's time that are finer than its days: instants at which one person takes over from another.

A rotation's days run from the hour of its handover to the same hour of the next day, and are called by the date on
which they begin. Duties, and parts of them, begin and end with a day (a plain `date`) or within one (a `Cut`), so
whatever only compares days works for both.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any


class Cut(date):
    """An instant within a day of a rotation, later than the day's handover.

    As a date it is that day. It compares with days as what comes after their handover and before the next day, and
    with other cuts by time. `setrota.dates.periods.point_at` makes them: an instant of handover is always a plain date.

    Attributes
    ----------
    on
        The day that it is in, as a plain date.
    at
        The instant, in the rotation's zone.
    after
        The time since the handover of the day.
    """

    on: date
    at: datetime
    after: timedelta

    def __new__(cls, on: date, at: datetime, after: timedelta) -> Cut:
        made = super().__new__(cls, on.year, on.month, on.day)
        made.on, made.at, made.after = on, at, after
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        return Cut, (self.on, self.at, self.after)

    def __str__(self) -> str:
        return self.at.strftime("%Y-%m-%dT%H:%M" + (":%S" if self.at.second else ""))

    isoformat = __str__

    def __repr__(self) -> str:
        return f"Cut({self.on!r}, {self.at!r}, {self.after!r})"

    def __hash__(self) -> int:
        return hash((self.toordinal(), self.after))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Cut) and _key(self) == _key(other)

    def __lt__(self, other: date) -> bool:
        return _key(self) < _key(other)

    def __le__(self, other: date) -> bool:
        return _key(self) <= _key(other)

    def __gt__(self, other: date) -> bool:
        return _key(self) > _key(other)

    def __ge__(self, other: date) -> bool:
        return _key(self) >= _key(other)

    def __add__(self, other: timedelta) -> date:  # type: ignore[override]
        """A plain date: so many days after the day that it is in."""
        return self.on + other

    def __sub__(self, other: Any) -> Any:
        """The time since another point; less some days, a plain date."""
        if isinstance(other, timedelta):
            return self.on - other
        return self.on - day_of(other) + self.after - getattr(other, "after", timedelta())

    def __rsub__(self, other: date) -> timedelta:
        return other - self.on - self.after


def _key(point: date) -> tuple[int, timedelta]:
    return point.toordinal(), point.after if isinstance(point, Cut) else NO_LATER


NO_LATER = timedelta()


def day_of(point: date) -> date:
    """The day that a point is in, as a plain date."""
    return point.on if isinstance(point, Cut) else point


def day_after(point: date) -> date:
    """The first day that begins at a point or later."""
    return point.on + timedelta(days=1) if isinstance(point, Cut) else point


def last_day(end: date) -> date:
    """The last day of a stretch that ends at a point."""
    return end.on if isinstance(end, Cut) else end - timedelta(days=1)
