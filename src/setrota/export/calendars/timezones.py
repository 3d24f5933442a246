"""Time zones in calendars: a VTIMEZONE with the same offsets as `zoneinfo`, or none.

Only plain zones have a VTIMEZONE: those with one offset, or with summer time of one hour under the same two yearly
rules, "the second Sunday of March", since `SINCE`. Calendar programs read these rules alike, and programs that look a
zone up by its name know them even if their database is old. All other zones (Ramadan, half an hour, the Friday before a
Sunday, laws of recent years) make some program crash or err; what happens there is written in UTC.

Tried: `Timezone.from_tzinfo` of icalendar 7.3 starts summer at 03:00 in winter time, an hour late, and ical.js reads
the whole summer an hour off.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

WEEK = timedelta(weeks=1)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)

SINCE = 2015
"""The first year in which a plain zone has the rules that it has now. Phones and servers whose database nobody has
updated for ten years are right about such a zone; Samoa, which gave up summer time in 2021, they show an hour off."""

UNTIL = 2050
"""The last year looked at. The database lists single changes up to 2037, of Ramadan up to 2087; after these it has only
yearly rules."""

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class ClockChange:
    """The instant (UTC) at which a zone's offset changes, and the offsets on both sides."""

    instant: datetime
    before: timedelta
    after: timedelta

    @property
    def local(self) -> datetime:
        """What the clock shows at that instant before it is changed."""
        return (self.instant + self.before).replace(tzinfo=None)

    def is_plain(self, zone: ZoneInfo) -> bool:
        """Whether an hour of summer time begins or ends; in Dublin the law calls summer standard, and winter saved."""
        summer = bool(self.instant.astimezone(zone).dst())
        return self.after - self.before == (HOUR if summer else -HOUR)


def is_clear(zone: str, moment: datetime) -> bool:
    """Whether every calendar program finds the right instant for a moment's local time and its zone's name.

    It does not in an hour that clocks show twice, before the years of the VTIMEZONE, and in a zone that has none.
    """
    twice = moment.replace(fold=1 - moment.fold).utcoffset() != moment.utcoffset()
    return not twice and moment.year > SINCE and vtimezone(zone) is not None


@lru_cache(maxsize=1024)
def vtimezone(name: str) -> str | None:
    """Return the VTIMEZONE of a plain zone, right from the year after `SINCE` on; None for any other zone."""
    observances = _observances(ZoneInfo(name))
    if not observances:
        return None
    component = Timezone()
    component.add("TZID", name)
    for observance in observances:
        component.add_component(observance)
    return str(component.to_ical(sorted=False), "utf-8")


def _observances(zone: ZoneInfo) -> list[TimezoneStandard | TimezoneDaylight]:
    """Return one observance of a zone with one offset, both of a zone with summer time, none of a zone not plain."""
    changes = [list(_clock_changes(zone, year)) for year in range(SINCE, UNTIL + 1)]
    if not any(changes):
        offset = _offset(zone, _new_year(SINCE))
        return [_observance(zone, ClockChange(_new_year(SINCE) - offset, offset, offset))]
    if any(len(of_year) != 2 or not all(each.is_plain(zone) for each in of_year) for of_year in changes):
        return []
    sides = list(zip(*changes, strict=True))
    rules = [_yearly_rule(side) for side in sides]
    return [_observance(zone, side[0], rule) for side, rule in zip(sides, rules, strict=True)] if all(rules) else []


def _clock_changes(zone: ZoneInfo, year: int) -> Iterator[ClockChange]:
    """Yield every change of offset in a year, found by bisecting the weeks over which the offset changes."""
    low, end = _new_year(year), _new_year(year + 1)
    while low < end:
        high = min(low + WEEK, end)
        before, after = _offset(zone, low), _offset(zone, high)
        if after != before:
            same, changed = low, high
            while changed - same > SECOND:
                middle = same + (changed - same) // SECOND // 2 * SECOND
                same, changed = (middle, changed) if _offset(zone, middle) == before else (same, middle)
            yield ClockChange(changed, before, after)
        low = high


def _yearly_rule(changes: Sequence[ClockChange]) -> vRecur | None:
    """Return the rule of one change a year, on the same or the last such weekday of a month; None if there is none."""
    days = [change.local for change in changes]
    if len({(day.month, day.weekday(), day.time(), each.after) for day, each in zip(days, changes, strict=True)}) > 1:
        return None
    ordinals = {(day.day - 1) // 7 + 1 for day in days}
    if all((day + WEEK).month != day.month for day in days):
        ordinals = {-1}
    if len(ordinals) > 1:
        return None
    return vRecur(FREQ="YEARLY", BYMONTH=days[0].month, BYDAY=f"{ordinals.pop()}{_WEEKDAYS[days[0].weekday()]}")


def _observance(zone: ZoneInfo, change: ClockChange, rule: vRecur | None = None) -> TimezoneStandard | TimezoneDaylight:
    observance = TimezoneDaylight() if change.after > change.before else TimezoneStandard()
    observance.add("DTSTART", change.local)
    observance.add("TZOFFSETFROM", change.before)
    observance.add("TZOFFSETTO", change.after)
    observance.add("TZNAME", change.instant.astimezone(zone).tzname())
    if rule:
        observance.add("RRULE", rule)
    return observance


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()
