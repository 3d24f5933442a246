"""What a calendar that knows no time zones makes of ours must be what `zoneinfo` says."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from importlib import resources
from io import StringIO
from itertools import pairwise
from pathlib import Path
from zoneinfo import TZPATH, ZoneInfo, available_timezones

import pytest
import samples
from dateutil.tz import tzical
from icalendar import Timezone

from setrota.export.calendars.feeds import calendar
from setrota.export.calendars.timezones import SINCE, is_clear, vtimezone
from setrota.roster import Handover

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FIRST, LAST = datetime(2024, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)

WITHOUT_RULE = (
    "Africa/Casablanca",  # Ramadan, which follows the moon
    "Asia/Gaza",  # Ramadan
    "America/Nuuk",  # the eve of the last Sunday
    "America/Santiago",  # the end of the first Saturday, a Sunday from the 2nd to the 8th
    "Asia/Jerusalem",  # the Friday before the last Sunday
    "Africa/Cairo",  # the end of the last Thursday, which may be in the next month
    "Pacific/Apia",  # no summer time since 2021
    "America/Mexico_City",  # none since 2022
    "Asia/Almaty",  # another offset since 2024
    "Pacific/Norfolk",  # summer time since 2019
    "Australia/Lord_Howe",  # half an hour
    "Antarctica/Troll",  # two hours
    "Europe/Dublin",  # winter is the exception
)


def written(zone: str) -> str:
    text = vtimezone(zone)
    assert text is not None
    return text


def distinct_zones() -> Iterator[str]:
    """The zones of the database, those with the same file once."""
    seen = set()
    for key in sorted(available_timezones()):
        files = [path for folder in TZPATH if (path := Path(folder, key)).is_file()]
        file = files[0] if files else resources.files("tzdata").joinpath("zoneinfo", *key.split("/"))
        if (content := file.read_bytes()) not in seen:
            seen.add(content)
            yield key


def moments(zone: ZoneInfo) -> Iterator[datetime]:
    """Local times: of 168 instants, a month apart at hours that wander, and of those around every change of offset."""
    yield from ((FIRST + 30 * DAY * number + 7 * HOUR * number).astimezone(zone) for number in range(168))
    days = [FIRST + DAY * number for number in range((LAST - FIRST).days + 1)]
    offsets = [day.astimezone(zone).utcoffset() for day in days]
    for day, (before, after) in zip(days, pairwise(offsets), strict=False):
        if before != after:
            hours = [day + HOUR * hour for hour in range(25)]
            change = next(h for h in hours if (h + HOUR).astimezone(zone).utcoffset() != before)
            yield from ((change + HOUR * hour).astimezone(zone) for hour in (-3, 0, 1, 4))


def test_every_zone_is_read_as_what_it_is() -> None:
    """What is written with a zone's name means the same instant for those who believe the VTIMEZONE."""
    wrong, readers, compared = [], {}, 0
    for key in distinct_zones():
        text = vtimezone(key)
        if text is None:
            continue
        component = text.replace(f"TZID:{key}\r\n", "TZID:zone\r\n")
        if component not in readers:
            readers[component] = tzical(StringIO(component)).get("zone"), {}
        reader, known = readers[component]
        for moment in moments(ZoneInfo(key)):
            if is_clear(key, moment):
                wall = moment.replace(tzinfo=None)
                if wall not in known:
                    known[wall] = reader.utcoffset(wall)
                compared += 1
                if known[wall] != moment.utcoffset():
                    wrong.append((key, wall, known[wall]))
    assert not wrong
    assert len(readers) > 50
    assert compared > 50_000


@pytest.mark.parametrize(
    "key",
    ["America/Toronto", "America/Havana", "Europe/Berlin", "Atlantic/Azores", "Asia/Beirut", "Pacific/Chatham"],
)
def test_a_second_reader_agrees(key: str) -> None:
    reader = Timezone.from_ical(written(key)).to_tz(lookup_tzid=False)
    for moment in moments(ZoneInfo(key)):
        if is_clear(key, moment):
            assert moment.replace(tzinfo=reader).utcoffset() == moment.utcoffset(), moment


def test_a_yearly_rule_is_said_as_one() -> None:
    # Canada: from the second Sunday of March to the first of November, both at 02:00 of the clock that ends.
    assert (
        written("America/Toronto").replace("\r\n", "\n")
        == """\
BEGIN:VTIMEZONE
TZID:America/Toronto
BEGIN:DAYLIGHT
DTSTART:20150308T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20151101T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
TZNAME:EST
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
END:VTIMEZONE
"""
    )


def test_a_zone_without_daylight_saving_has_one_standard() -> None:
    assert (
        written("Asia/Kolkata").replace("\r\n", "\n")
        == """\
BEGIN:VTIMEZONE
TZID:Asia/Kolkata
BEGIN:STANDARD
DTSTART:20150101T000000
TZOFFSETFROM:+0530
TZOFFSETTO:+0530
TZNAME:IST
END:STANDARD
END:VTIMEZONE
"""
    )


@pytest.mark.parametrize(
    ("key", "days"),
    [
        ("Europe/Berlin", ["-1SU;BYMONTH=3", "-1SU;BYMONTH=10"]),
        ("Australia/Sydney", ["1SU;BYMONTH=4", "1SU;BYMONTH=10"]),
        ("Pacific/Auckland", ["1SU;BYMONTH=4", "-1SU;BYMONTH=9"]),
        ("Europe/Moscow", []),  # one offset since October 2014
    ],
)
def test_the_same_weekday_of_a_month_is_a_rule(key: str, days: list[str]) -> None:
    assert re.findall("RRULE:FREQ=YEARLY;BYDAY=(.*)\r\n", written(key)) == days


@pytest.mark.parametrize("key", WITHOUT_RULE)
def test_a_zone_without_such_rules_is_in_utc(key: str) -> None:
    assert vtimezone(key) is None
    roster = samples.roster(zone=ZoneInfo(key), handover=Handover(0, time(9)))
    text = calendar(roster, samples.schedule(samples.computed(date(2027, 1, 4), "ana", of=samples.LEAD)))
    start = datetime(2027, 1, 4, 9, tzinfo=roster.zone).astimezone(UTC)
    assert f"\r\nDTSTART:{start:%Y%m%dT%H%M%SZ}\r\n" in text
    assert "TZID" not in text
    assert "VTIMEZONE" not in text


def test_years_before_the_rules_are_in_utc() -> None:
    toronto = ZoneInfo("America/Toronto")
    assert not is_clear("America/Toronto", datetime(SINCE, 12, 31, 9, tzinfo=toronto))
    assert is_clear("America/Toronto", datetime(SINCE + 1, 1, 1, 9, tzinfo=toronto))
    assert not is_clear("America/Toronto", datetime(1, 1, 1, 9, tzinfo=toronto))


def test_an_hour_that_clocks_show_twice_is_in_utc() -> None:
    # On 7 November 2027 Toronto's clocks go from 02:00 back to 01:00.
    half_hours = [datetime(2027, 11, 7, hour, 30, tzinfo=ZoneInfo("America/Toronto")) for hour in (0, 1, 2)]
    assert [is_clear("America/Toronto", moment) for moment in half_hours] == [True, False, True]
