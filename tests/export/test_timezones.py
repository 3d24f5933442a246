"""What a calendar that knows no time zones makes of ours must be what `zoneinfo` says."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical
from icalendar import Timezone
from random_rotas import ZONES
from seeds import seeds

from setrota.export.calendars.timezones import Yearly, vtimezone

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

HOUR = timedelta(hours=1)
FIRST, LAST = date(2024, 1, 1), date(2030, 12, 31)


def text(zone: str, first: date = FIRST, last: date = LAST) -> str:
    return vtimezone(ZoneInfo(zone), first, last).to_ical(sorted=False).decode()


def instants() -> Iterator[datetime]:
    """Every fifth day of seven years, at hours that wander round the clock: 511 instants, 6 a month."""
    for number in range((LAST - FIRST).days // 5 + 1):
        yield datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=5 * number, hours=7 * number % 24)


def around_changes(zone: ZoneInfo) -> Iterator[datetime]:
    """The instants three hours on both sides of every change of offset, where a wrong day or hour shows."""
    days = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=number) for number in range(7 * 365)]
    for day in days:
        if day.astimezone(zone).utcoffset() != (day + timedelta(days=1)).astimezone(zone).utcoffset():
            hours = [day + HOUR * hour for hour in range(25)]
            change = next(h for h in hours if (h + HOUR).astimezone(zone).utcoffset() != h.astimezone(zone).utcoffset())
            yield from (change - 3 * HOUR, change + 4 * HOUR)


def local(instant: datetime, zone: ZoneInfo) -> datetime:
    return instant.astimezone(zone).replace(tzinfo=None)


def test_every_zone_reads_back_as_what_it_is() -> None:
    """Zones with the same observances are read back once; each is compared with `zoneinfo` for itself."""
    wrong, read, moments = [], {}, list(instants())
    for key in sorted({*ZONES, *seeds(sorted(available_timezones()))}):
        zone = ZoneInfo(key)
        component = text(key).replace(f"TZID:{key}\r\n", "TZID:zone\r\n")
        checked = [*moments, *around_changes(zone)]
        walls = [local(instant, zone) for instant in checked]
        if component not in read:
            read[component] = (tzical(StringIO(component)).get("zone"), {})
        reader, known = read[component]
        for instant, wall in zip(checked, walls, strict=True):
            if wall not in known:
                known[wall] = reader.utcoffset(wall)
            if known[wall] != instant.astimezone(zone).utcoffset():
                wrong.append((key, wall, known[wall]))
    assert not wrong
    assert len(read) > 50


@pytest.mark.parametrize(
    "key", ["America/Toronto", "Europe/Dublin", "Australia/Lord_Howe", "America/Nuuk", "Africa/Casablanca", "Asia/Gaza"]
)
def test_a_second_reader_agrees(key: str) -> None:
    zone = ZoneInfo(key)
    reader = Timezone.from_ical(text(key)).to_tz(lookup_tzid=False)
    for instant in [*instants(), *around_changes(zone)]:
        wall = local(instant, zone)
        assert wall.replace(tzinfo=reader).utcoffset() == instant.astimezone(zone).utcoffset(), wall


def test_a_yearly_rule_is_said_as_one() -> None:
    # Canada: from the second Sunday of March to the first of November, both at 02:00 of the clock that ends,
    # since 2007.
    assert (
        text("America/Toronto", date(2027, 1, 4), date(2027, 4, 5)).replace("\r\n", "\n")
        == """\
BEGIN:VTIMEZONE
TZID:America/Toronto
BEGIN:DAYLIGHT
DTSTART:20070311T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
TZNAME:EDT
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
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
        text("Asia/Kolkata", date(2027, 1, 4), date(2027, 4, 5)).replace("\r\n", "\n")
        == """\
BEGIN:VTIMEZONE
TZID:Asia/Kolkata
BEGIN:STANDARD
DTSTART:20260101T000000
TZOFFSETFROM:+0530
TZOFFSETTO:+0530
TZNAME:IST
END:STANDARD
END:VTIMEZONE
"""
    )


def test_a_rule_outside_the_day_lands_on_the_right_day() -> None:
    # Nuuk's rule says one hour before the last Sunday of March: a Saturday from the 24th to the 30th, 23:00.
    assert "RRULE:FREQ=YEARLY;BYDAY=SA;BYMONTHDAY=24,25,26,27,28,29,30;BYMONTH=3\r\n" in text(
        "America/Nuuk", date(2027, 1, 4), date(2027, 4, 5)
    )
    rule = Yearly(month=3, week=5, weekday=0, time=-HOUR, before=-2 * HOUR, after=-HOUR).recurrence()
    assert rule is not None
    assert rule.to_ical() == b"FREQ=YEARLY;BYDAY=SA;BYMONTHDAY=24,25,26,27,28,29,30;BYMONTH=3"


@pytest.mark.parametrize("rule", [(10, 5, 24), (2, 5, -1), (2, 4, 24), (3, 1, -1)])
def test_a_day_that_may_leave_its_month_is_no_rule(rule: tuple[int, int, int]) -> None:
    month, week, hours = rule
    rule = Yearly(month=month, week=week, weekday=4, time=hours * HOUR, before=2 * HOUR, after=3 * HOUR)
    assert rule.recurrence() is None


def test_what_no_rule_says_is_listed() -> None:
    # Morocco's clock went back for Ramadan, which follows the moon: 2 changes in each of 3 years, and one before.
    morocco = text("Africa/Casablanca", date(2024, 1, 1), date(2024, 4, 1))
    assert "RRULE" not in morocco
    assert morocco.count("DTSTART") == 7
    # Egypt goes back at the end of the last Thursday of October, which may be the 1st of November: no simple rule.
    assert "RRULE" not in text("Africa/Cairo")


def test_years_under_an_older_rule_are_listed() -> None:
    # Canada's present rule began in 2007; before, summer time ended on the last Sunday of October.
    old = text("America/Toronto", date(2006, 10, 1), date(2006, 12, 1))
    assert "RRULE" not in old
    assert "DTSTART:20061029T020000\r\n" in old


def test_daylight_is_where_clocks_are_ahead() -> None:
    # tzdata has Irish winter time as the exception to the standard.
    component = vtimezone(ZoneInfo("Europe/Dublin"), FIRST, LAST)
    assert [part["TZNAME"] for part in component.daylight] == ["IST"]
    assert [part["TZNAME"] for part in component.standard] == ["GMT"]


def test_the_edges_of_the_calendar_are_no_error() -> None:
    assert "DTSTART:99980101T000000\r\n" in text("Asia/Kolkata", date(9999, 12, 27), date(9999, 12, 31))
    assert "DTSTART" in text("Europe/Berlin", date(1, 1, 1), date(2, 1, 1))
