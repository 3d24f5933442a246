"""Time zones in calendars: a VTIMEZONE with the same offsets as `zoneinfo`.

Has a yearly rule if the zone has one, read from the POSIX rule at the end of its tzdata file and checked against the
real transitions. Otherwise, or if no RRULE can express it, lists the observances of the exported years.

Tried: `Timezone.from_tzinfo` of icalendar 7.3 starts summer at 03:00 in winter time, an hour late, and ical.js reads
the whole summer an hour off.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vRecur

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
EPOCH = 1970

_SHORTEST = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_WEEKDAYS = ("SU", "MO", "TU", "WE", "TH", "FR", "SA")


@dataclass(frozen=True, order=True)
class Transition:
    """The instant (UTC) at which a zone's offset changes, and the offsets on both sides."""

    instant: datetime
    before: timedelta
    after: timedelta


@dataclass(frozen=True, kw_only=True)
class Yearly:
    """A yearly transition: `time` after midnight (perhaps days after, or before) on a weekday of a month.

    The `weekday` 0 is Sunday; `week` 1 to 4 counts that weekday from the month's beginning, 5 is the last one.
    """

    month: int
    week: int
    weekday: int
    time: timedelta
    before: timedelta
    after: timedelta

    def of(self, year: int) -> Transition:
        first = date(year, self.month, 1)
        day = first + DAY * ((self.weekday - first.isoweekday()) % 7 + 7 * (self.week - 1))
        if day.month != self.month:
            day -= 7 * DAY
        wall = datetime(day.year, day.month, day.day, tzinfo=UTC) + self.time
        return Transition(wall - self.before, self.before, self.after)

    def recurrence(self) -> vRecur | None:
        """Return the RRULE, or None if the day can fall into a neighbouring month, which takes more than one RRULE."""
        shift = self.time // DAY
        weekday = _WEEKDAYS[(self.weekday + shift) % 7]
        if shift == 0:
            return vRecur(FREQ="YEARLY", BYMONTH=self.month, BYDAY=f"{self.week if self.week < 5 else -1}{weekday}")
        length = _SHORTEST[self.month - 1]
        if self.week == 5 and self.month == 2:
            return None
        first = (7 * self.week - 6 if self.week < 5 else length - 6) + shift
        if first < 1 or first + 6 > length:
            return None
        return vRecur(FREQ="YEARLY", BYMONTH=self.month, BYMONTHDAY=list(range(first, first + 7)), BYDAY=weekday)


def vtimezone(zone: ZoneInfo, first: date, last: date) -> Timezone:
    """Return the VTIMEZONE of a zone, right at least from the year before `first` to the year after `last`.

    A yearly rule starts in the first year in which it holds: calendar programs remember a zone by its name, so two
    calendars should define it alike.
    """
    years = range(max(first.year - 1, MINYEAR + 1), min(last.year + 1, MAXYEAR - 1) + 1)
    component = Timezone()
    component.add("TZID", zone.key)
    rules = _rules(zone)
    if rules and all(_holds(zone, rules, year) for year in years):
        since = years[0]
        while since > EPOCH and _holds(zone, rules, since - 1):
            since -= 1
        for rule in rules:
            component.add_component(_recurring(zone, rule, since))
        return component
    begin, end = _new_year(years[0]), _new_year(years[-1] + 1)
    offset = _offset(zone, begin)
    for transition in [Transition(begin - offset, offset, offset), *_transitions(zone, begin, end)]:
        component.add_component(_explicit(zone, transition))
    return component


def _new_year(year: int) -> datetime:
    return datetime(year, 1, 1, tzinfo=UTC)


def _holds(zone: ZoneInfo, rules: Iterable[Yearly], year: int) -> bool:
    """Whether the zone's transitions in a year are those of the rules."""
    real = list(_transitions(zone, _new_year(year), _new_year(year + 1)))
    return real == sorted(rule.of(year) for rule in rules)


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()


def _transitions(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Transition]:
    """Yield every change of offset in [begin, end), found by bisecting the days on which the offset changes."""
    low, before = begin, _offset(zone, begin - SECOND)
    if _offset(zone, begin) != before:
        yield Transition(begin, before, _offset(zone, begin))
    while low < end:
        high, before = low + DAY, _offset(zone, low)
        if _offset(zone, high) != before:
            same = low
            while high - same > SECOND:
                middle = same + (high - same) // SECOND // 2 * SECOND
                same, high = (middle, high) if _offset(zone, middle) == before else (same, middle)
            if high < end:
                yield Transition(high, before, _offset(zone, high))
        low = high


def _recurring(zone: ZoneInfo, rule: Yearly, year: int) -> TimezoneStandard | TimezoneDaylight:
    # Calendars expect summer under DAYLIGHT, even in Dublin, where tzdata has winter as the exception.
    observance = _observance(zone, rule.of(year), daylight=rule.after > rule.before)
    observance.add("RRULE", rule.recurrence())
    return observance


def _explicit(zone: ZoneInfo, transition: Transition) -> TimezoneStandard | TimezoneDaylight:
    saving = transition.instant.astimezone(zone).dst() or timedelta()
    return _observance(zone, transition, daylight=saving > timedelta())


def _observance(zone: ZoneInfo, transition: Transition, *, daylight: bool) -> TimezoneStandard | TimezoneDaylight:
    observance = TimezoneDaylight() if daylight else TimezoneStandard()
    observance.add("DTSTART", (transition.instant + transition.before).replace(tzinfo=None))
    observance.add("TZOFFSETFROM", transition.before)
    observance.add("TZOFFSETTO", transition.after)
    observance.add("TZNAME", transition.instant.astimezone(zone).tzname())
    return observance


# The POSIX rule


_NAME = r"(?:<[^>]+>|[A-Za-z]+)"
_TIME = r"([+-]?\d+(?::\d+){0,2})"
_ON = rf"M(\d+)\.(\d)\.(\d)(?:/{_TIME})?"
_POSIX = re.compile(rf"{_NAME}{_TIME}{_NAME}{_TIME}?,{_ON},{_ON}")


def _rules(zone: ZoneInfo) -> tuple[Yearly, Yearly] | None:
    """Return both transitions of the zone's yearly rule, or None if it has none that two RRULEs can express."""
    match = _POSIX.fullmatch(_footer(zone.key))
    if match is None:
        return None
    standard = -_time(match[1])
    summer = -_time(match[2]) if match[2] else standard + timedelta(hours=1)
    rules = (_yearly(match.groups()[2:6], standard, summer), _yearly(match.groups()[6:], summer, standard))
    return rules if all(rule.recurrence() for rule in rules) else None


def _yearly(fields: tuple[str | None, ...], before: timedelta, after: timedelta) -> Yearly:
    month, week, weekday = (int(text or 0) for text in fields[:3])
    return Yearly(month=month, week=week, weekday=weekday, time=_time(fields[3] or "2"), before=before, after=after)


def _time(text: str) -> timedelta:
    parts = [int(part) for part in text.lstrip("+-").split(":")]
    hours, minutes, seconds = (*parts, 0, 0)[:3]
    amount = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return -amount if text.startswith("-") else amount


def _footer(key: str) -> str:
    """Return the last line of the zone's file, which `zoneinfo` takes from the system, else from the tzdata package."""
    files = [path for folder in TZPATH if (path := Path(folder, key)).is_file()]
    file = files[0] if files else resources.files("tzdata").joinpath("zoneinfo", *key.split("/"))
    return file.read_bytes().rstrip(b"\n").rpartition(b"\n")[2].decode("ascii", "replace")
