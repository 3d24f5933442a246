"""A moment, as the rota's calendar shows it and as each rotation counts its days.

Before the hour of a handover the two differ by a day: whoever is on duty at 08:59 on a Monday has the Sunday.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from setrota.dates.periods import latest_day_of_duty, local_date, point_at
from setrota.roster import Roster


@dataclass(frozen=True)
class RotaClock:
    """A moment of a rota: `now`."""

    roster: Roster
    now: datetime

    @cached_property
    def today(self) -> date:
        """The date in the rota's zone."""
        return local_date(self.roster, self.now)

    @cached_property
    def day(self) -> date:
        """The latest date whose crew is on duty in some rotation, so that every period that has begun is seen as
        begun."""
        return latest_day_of_duty(self.roster, self.now) if self.roster.rotations else self.today

    def point(self, rotation: str) -> date:
        """The moment in a rotation's time: what ends at it or before is over there, what starts later is ahead."""
        if rotation not in self._points:
            self._points[rotation] = point_at(self.roster, rotation, self.now)
        return self._points[rotation]

    @cached_property
    def _points(self) -> dict[str, date]:
        return {}
