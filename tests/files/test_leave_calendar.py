"""Reading calendars: which days of which people are leave, and that no file can make reading fail or run forever."""

from __future__ import annotations

import sys
from datetime import date, datetime, time, timedelta
from threading import Event
from types import FrameType
from zoneinfo import ZoneInfo

import pytest
import samples
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.prop import vDDDTypes, vRecur

from setrota.files.leave.calendar import CalendarLeave, EventLeave, read_leave_calendar
from setrota.files.leave.lines import MOST_EVENTS, EventLines, read_lines
from setrota.files.leave.mentions import Mentions
from setrota.files.leave.repeats import spell_out
from setrota.problems import Place, Refused
from setrota.roster import Person, Roster, Team

pytestmark = pytest.mark.quick

WINDOW = (date(2027, 1, 1), date(2028, 1, 1))
PEOPLE = [
    Person("ana", "Ana Ferrowick", email="ana@example.com"),
    Person("bo", "Bo Lindqvist"),
    Person("bo.lind", "Bo Lind", email="Bo.Lind@example.com"),
    Person("max", "Alex Kim", formerly=("alex",)),
    Person("sam", "Sam Rae"),
    Person("samuel", "Sam Rae"),
]
PATIENCE = 60.0
"""Seconds for reading, since a busy machine must not fail a test that isn't about them."""

TITLE = "Zyzzyva treatment"
"""No word of it may come out anywhere."""


def _roster(zone: str = "UTC") -> Roster:
    team = Team("red", "Red", {"staff": tuple(person.handle for person in PEOPLE)})
    return samples.roster(PEOPLE, (), [team], zone=ZoneInfo(zone))


def event(*lines: str, uid: str = "e1", title: str = TITLE) -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT", ""])


def calendar(*events: str, head: str = "") -> bytes:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test\n{head}{''.join(events)}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def _read(
    content: bytes, zone: str = "UTC", person: str | None = "ana", window: tuple[date, date] = WINDOW
) -> CalendarLeave:
    found = read_leave_calendar(content, "team.ics", _roster(zone), window, person, seconds=PATIENCE)
    said = repr(found).lower()
    assert all(word not in said for word in TITLE.lower().split())
    return found


def _spans(found: CalendarLeave) -> list[tuple[str, str]]:
    """First and last days, inclusive."""
    return [(f"{stay.start:%m-%d}", f"{date.fromordinal(stay.end.toordinal() - 1):%m-%d}") for stay in found.leave]


# All-day events


@pytest.mark.parametrize(
    ("lines", "span"),
    [
        # The end of an all-day event is the first day after it.
        (["DTSTART;VALUE=DATE:20270201", "DTEND;VALUE=DATE:20270206"], ("02-01", "02-05")),
        (["DTSTART;VALUE=DATE:20270201", "DTEND;VALUE=DATE:20270202"], ("02-01", "02-01")),
        # Some programs write the same day twice, or no end at all: it is that one day.
        (["DTSTART;VALUE=DATE:20270201", "DTEND;VALUE=DATE:20270201"], ("02-01", "02-01")),
        (["DTSTART;VALUE=DATE:20270201"], ("02-01", "02-01")),
        (["DTSTART;VALUE=DATE:20270201", "DURATION:P1W"], ("02-01", "02-07")),
        # Saturday and Sunday alone are kept too; they do no harm.
        (["DTSTART;VALUE=DATE:20270206", "DTEND;VALUE=DATE:20270208"], ("02-06", "02-07")),
        # Without VALUE=DATE, as some write it.
        (["DTSTART:20270201", "DTEND:20270203"], ("02-01", "02-02")),
        # The last days of February in a leap year are outside of this window; over New Year an event is whole.
        (["DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270102"], ("12-30", "01-01")),
    ],
)
@pytest.mark.parametrize("zone", ["UTC", "America/Toronto", "Pacific/Kiritimati"])
def test_days_are_days_wherever_the_rota_is(lines: list[str], span: tuple[str, str], zone: str) -> None:
    assert _spans(_read(calendar(event(*lines)), zone)) == [span]


def test_an_event_that_touches_the_window_only_from_outside_is_not_in_it() -> None:
    events = [
        event("DTSTART;VALUE=DATE:20261230", "DTEND;VALUE=DATE:20270101", uid="before"),
        event("DTSTART;VALUE=DATE:20280101", uid="after"),
        event("DTSTART;VALUE=DATE:20271231", uid="last"),
    ]
    assert _spans(_read(calendar(*events))) == [("12-31", "12-31")]


# Events with times: half of 09:00 to 17:00, in the rota's zone, makes a day of leave


@pytest.mark.parametrize(
    ("zone", "start", "end", "spans"),
    [
        # Four hours are half of eight; a minute less is not.
        ("UTC", "20270201T090000Z", "20270201T130000Z", [("02-01", "02-01")]),
        ("UTC", "20270201T090000Z", "20270201T125900Z", []),
        # Time before 09:00 or after 17:00 doesn't count.
        ("UTC", "20270201T000000Z", "20270201T125900Z", []),
        ("UTC", "20270201T130000Z", "20270201T235900Z", [("02-01", "02-01")]),
        ("UTC", "20270201T130100Z", "20270201T235900Z", []),
        # From Friday noon to Monday noon: Friday has five hours, Monday three; the weekend between them is included.
        ("UTC", "20270205T120000Z", "20270208T120000Z", [("02-05", "02-07")]),
        # 09:00 to 17:00 in Berlin is 03:00 to 11:00 in Toronto: two hours of the day there.
        ("America/Toronto", "TZID=Europe/Berlin:20270201T090000", "TZID=Europe/Berlin:20270201T170000", []),
        # The same in Toronto itself, and without a zone, which is the rota's.
        (
            "America/Toronto",
            "TZID=America/Toronto:20270201T090000",
            "TZID=America/Toronto:20270201T170000",
            [("02-01", "02-01")],
        ),
        ("America/Toronto", "20270201T090000", "20270201T170000", [("02-01", "02-01")]),
        # Monday 09:00 to 17:00 in Los Angeles is 17:00 to 01:00 UTC, in Auckland (UTC+13) Tuesday 06:00 to 14:00.
        (
            "Pacific/Auckland",
            "TZID=America/Los_Angeles:20270201T090000",
            "TZID=America/Los_Angeles:20270201T170000",
            [("02-02", "02-02")],
        ),
        # The nights when clocks change: 00:00 to 24:00 is one day, whether it has 23 hours or 25.
        (
            "Europe/Berlin",
            "TZID=Europe/Berlin:20270328T000000",
            "TZID=Europe/Berlin:20270329T000000",
            [("03-28", "03-28")],
        ),
        (
            "Europe/Berlin",
            "TZID=Europe/Berlin:20271031T000000",
            "TZID=Europe/Berlin:20271101T000000",
            [("10-31", "10-31")],
        ),
        # On 29 March, in summer time, 07:00Z is 09:00 in Berlin; four hours from then on, and a minute less.
        ("Europe/Berlin", "20270329T070000Z", "20270329T110000Z", [("03-29", "03-29")]),
        ("Europe/Berlin", "20270329T060000Z", "20270329T105900Z", []),
        # On 26 March, still in winter time, 07:00Z is 08:00: only three of these hours count.
        ("Europe/Berlin", "20270326T070000Z", "20270326T110000Z", []),
        ("UTC", "20270201T090000Z", "20270201T090000Z", []),
    ],
)
def test_half_a_working_day_is_a_day(zone: str, start: str, end: str, spans: list[tuple[str, str]]) -> None:
    def spelled(key: str, value: str) -> str:
        return f"{key};{value}" if value.startswith("TZID") else f"{key}:{value}"

    found = _read(calendar(event(spelled("DTSTART", start), spelled("DTEND", end))), zone)
    assert _spans(found) == spans
    assert len(found.too_short) == (not spans)


def test_the_zone_of_a_calendar_applies_to_its_times_without_one() -> None:
    # 09:00 to 17:00 in Tokyo is midnight to 08:00 UTC.
    floating = event("DTSTART:20270201T090000", "DTEND:20270201T170000")
    assert _spans(_read(calendar(floating, head="X-WR-TIMEZONE:Asia/Tokyo\n"))) == []
    assert _spans(_read(calendar(floating, head="X-WR-TIMEZONE:Mars/Olympus\n"))) == [("02-01", "02-01")]


def test_a_zone_that_the_file_defines_itself() -> None:
    zone = (
        "BEGIN:VTIMEZONE\nTZID:Office\nBEGIN:STANDARD\nDTSTART:19700101T000000\n"
        "TZOFFSETFROM:+0900\nTZOFFSETTO:+0900\nEND:STANDARD\nEND:VTIMEZONE\n"
    )
    # 14:00 to 22:00 at UTC+9 is 05:00 to 13:00: four hours of the day; an hour earlier, three.
    late = event("DTSTART;TZID=Office:20270201T140000", "DTEND;TZID=Office:20270201T220000")
    assert _spans(_read(calendar(late, head=zone))) == [("02-01", "02-01")]
    early = event("DTSTART;TZID=Office:20270201T130000", "DTEND;TZID=Office:20270201T210000")
    assert _spans(_read(calendar(early, head=zone))) == []


def test_an_unknown_zone_is_warned_of_and_taken_for_the_rotas() -> None:
    found = _read(calendar(event("DTSTART;TZID=Mars/Olympus:20270201T090000", "DURATION:PT8H")), "America/Toronto")
    assert _spans(found) == [("02-01", "02-01")]
    [warning] = found.warnings
    # The name is the event's own text, which no message quotes.
    assert warning.message == "this event's time zone is unknown, so its times are read in the rota's zone"
    assert warning.where is not None
    assert warning.where.line == 4


# Recurring events


def test_recurring_events_with_exceptions() -> None:
    # Every Friday from 5 February, four times; the second one is left out, the third moved to Thursday, one more added.
    series = event(
        "DTSTART;VALUE=DATE:20270205",
        "RRULE:FREQ=WEEKLY;COUNT=4",
        "EXDATE;VALUE=DATE:20270212",
        "RDATE;VALUE=DATE:20270310",
    )
    moved = event("RECURRENCE-ID;VALUE=DATE:20270219", "DTSTART;VALUE=DATE:20270218")
    spans = _spans(_read(calendar(series, moved)))
    assert spans == [("02-05", "02-05"), ("02-18", "02-18"), ("02-26", "02-26"), ("03-10", "03-10")]


def test_a_single_occurrence_that_was_cancelled() -> None:
    series = event("DTSTART;VALUE=DATE:20270205", "RRULE:FREQ=WEEKLY;COUNT=3")
    cancelled = event("RECURRENCE-ID;VALUE=DATE:20270212", "DTSTART;VALUE=DATE:20270212", "STATUS:CANCELLED")
    assert _spans(_read(calendar(series, cancelled))) == [("02-05", "02-05"), ("02-19", "02-19")]
    assert _spans(_read(calendar(event("DTSTART;VALUE=DATE:20270205", "STATUS:CANCELLED")))) == []


def test_a_series_keeps_its_hour_when_clocks_change() -> None:
    # Mondays 09:00 to 13:00 in Berlin, before and after 28 March: half a day each, though UTC moves by an hour.
    series = event(
        "DTSTART;TZID=Europe/Berlin:20270322T090000",
        "DTEND;TZID=Europe/Berlin:20270322T130000",
        "RRULE:FREQ=WEEKLY;COUNT=2",
    )
    assert _spans(_read(calendar(series), "Europe/Berlin")) == [("03-22", "03-22"), ("03-29", "03-29")]


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("FREQ=WEEKLY;UNTIL=20270219", "02-19"),
        ("FREQ=WEEKLY;UNTIL=20270218", "02-12"),
        ("FREQ=DAILY;INTERVAL=7;COUNT=3", "02-19"),
        ("FREQ=WEEKLY;COUNT=1000000", "12-31"),  # a Friday; the window ends after it
        ("FREQ=MONTHLY;BYDAY=-1FR;COUNT=2", "03-26"),  # the rule's own, after the first day, 26 February and 26 March
        ("FREQ=YEARLY", "02-05"),
    ],
)
def test_where_a_series_ends(rule: str, last: str) -> None:
    assert _spans(_read(calendar(event("DTSTART;VALUE=DATE:20270205", f"RRULE:{rule}"))))[-1] == (last, last)


@pytest.mark.parametrize(
    ("until", "last"),
    [("20270219T080000Z", "02-19"), ("20270219T075959Z", "02-12"), ("20270219", "02-19"), ("20270218", "02-12")],
)
def test_where_a_series_with_times_ends(until: str, last: str) -> None:
    # 09:00 in Berlin is 08:00 UTC in winter.
    series = event("DTSTART;TZID=Europe/Berlin:20270205T090000", "DURATION:PT8H", f"RRULE:FREQ=WEEKLY;UNTIL={until}")
    assert _spans(_read(calendar(series), "Europe/Berlin"))[-1] == (last, last)


# Which person an event is about


@pytest.mark.parametrize("zone", ["", ";TZID=Europe/Berlin"])
def test_single_dates_of_a_series_that_ends_before_it_starts(zone: str) -> None:
    """As after "delete this and all that follow", with a date that was added: it has nothing but that date."""
    series = [
        f"DTSTART{zone}:20270201T090000",
        f"DTEND{zone}:20270201T170000",
        "RRULE:FREQ=DAILY;UNTIL=20260801T000000Z",
    ]
    assert _spans(_read(calendar(event(*series)))) == []
    assert _spans(_read(calendar(event(*series, f"RDATE{zone}:20270823T090000")))) == [("08-23", "08-23")]
    days = ["DTSTART;VALUE=DATE:20270201", "RRULE:FREQ=MONTHLY;BYDAY=6MO;UNTIL=20260810", "RDATE;VALUE=DATE:20270823"]
    assert _spans(_read(calendar(event(*days)))) == [("08-23", "08-23")]


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("Ana", ["ana"]),
        ("ANA away", ["ana"]),
        ("ana's holiday", ["ana"]),
        ("PTO: ana.", ["ana"]),
        ("(ana)", ["ana"]),
        ("Ana Ferrowick", ["ana"]),
        ("vacation ANA@example.com", ["ana"]),
        ("Anabel", []),
        ("banana", []),
        ("ana-maria", []),
        ("xana@example.com", []),
        ("ana@elsewhere.org", []),
        ("Bo Lindqvist", ["bo"]),
        ("Bo Lind", ["bo.lind"]),
        ("bo.lind", ["bo.lind"]),
        ("bo", ["bo"]),
        ("Bo and Ana", ["bo", "ana"]),
        ("Bo, Bo Lind", ["bo", "bo.lind"]),
        ("Alex Kim", ["max"]),
        ("alex", ["max"]),
        # A name that two people share finds nobody.
        ("Sam Rae", ["sam"]),
        ("samuel", ["samuel"]),
        ("Company day", []),
    ],
)
def test_whom_a_title_names(title: str, people: list[str]) -> None:
    found = read_leave_calendar(calendar(event("DTSTART:20270201", title=title)), "x.ics", _roster(), WINDOW)
    assert [stay.person for stay in found.leave] == sorted(people)
    assert len(found.nameless) == (not people)


def test_a_name_of_two_people_is_nobodys() -> None:
    assert "sam rae" not in Mentions(_roster()).owner


def test_attendees_and_organizers_stand_in_where_the_title_names_nobody() -> None:
    when = "DTSTART:20270201"
    ana, bo = "ATTENDEE;CN=A:mailto:Ana@Example.com", "ATTENDEE;CN=Bo Lindqvist:mailto:b@example.com"
    organizer = "ORGANIZER:MAILTO:bo.lind@example.com"

    def people(*lines: str, title: str = "Away") -> list[str]:
        return [stay.person for stay in _read(calendar(event(when, *lines, title=title)), person=None).leave]

    assert people(ana, bo) == ["ana", "bo"]
    assert people(ana, bo, title="Bo") == ["bo"]
    assert people(ana, organizer) == ["ana"]
    assert people(organizer) == ["bo.lind"]
    assert people(ana, bo.replace("ATTENDEE;", "ATTENDEE;PARTSTAT=DECLINED;")) == ["ana"]


# Marks


def _marks(content: bytes, person: str | None = "ana") -> list[str]:
    return [stay.event for stay in _read(content, person=person).leave]


def test_marks_last_and_differ() -> None:
    series = event("DTSTART;VALUE=DATE:20270205", "RRULE:FREQ=WEEKLY;COUNT=3", uid="s")
    first = _marks(calendar(series, event("DTSTART:20270401", uid="x")))
    assert len(set(first)) == 4
    assert all(len(mark) == 12 for mark in first)
    # Neither other days, nor another title, nor the order of the events matter.
    moved = event("RECURRENCE-ID;VALUE=DATE:20270212", "DTSTART;VALUE=DATE:20270211", uid="s", title="other")
    assert _marks(calendar(event("DTSTART:20270402", uid="x", title="other"), moved, series)) == first
    # Another calendar's marks begin differently, but end the same.
    other = _marks(calendar(series, head="X-WR-CALNAME:Other\n"))
    assert [mark[4:] for mark in other] == [mark[4:] for mark in first[:3]]
    assert other[0][:4] != first[0][:4]


def test_two_events_with_one_identity_both_count_and_copies_are_one() -> None:
    one, two = event("DTSTART:20270201"), event("DTSTART:20270301")
    assert _spans(_read(calendar(one, two))) == [("02-01", "02-01"), ("03-01", "03-01")]
    assert len(set(_marks(calendar(one, two)))) == 2
    assert _spans(_read(calendar(one, one))) == [("02-01", "02-01")]
    # A newer one replaces the older.
    newer = event("DTSTART:20270302", "SEQUENCE:1")
    assert _spans(_read(calendar(one, newer))) == [("03-02", "03-02")]


def test_events_without_an_identity() -> None:
    text = calendar(event("DTSTART:20270201"), event("DTSTART:20270301")).replace(b"UID:e1\r\n", b"")
    assert len(set(_marks(text))) == 2
    assert _marks(text) == _marks(text)


# Broken calendars


@pytest.mark.parametrize(
    ("content", "said", "code", "line"),
    [
        (b"", "is empty", "empty-file", 0),
        (b" \r\n", "is empty", "empty-file", 0),
        (b"<html>Zyzzyva</html>", "is not a calendar", "not-icalendar", 1),
        (b"BEGIN:VEVENT\r\nEND:VEVENT\r\n", "is not a calendar", "not-icalendar", 1),
        ("BEGIN:VCALENDAR\r\n".encode("utf-16"), "is not UTF-8 text", "not-utf-8", 1),
        (
            calendar(event("DTSTART:20270201", title="treatment ü")).decode().encode("latin-1"),
            "is not UTF-8 text",
            "not-utf-8",
            6,
        ),
        (calendar(event("DTSTART:20270201"))[:-60], "this calendar is incomplete", "broken-calendar", 0),
        (
            b"BEGIN:VCALENDAR\r\nZyzzyva treatment\r\nEND:VCALENDAR\r\n",
            "can't be read as a calendar",
            "broken-calendar",
            2,
        ),
    ],
)
def test_what_is_no_calendar(content: bytes, said: str, code: str, line: int) -> None:
    with pytest.raises(Refused) as caught:
        _read(content)
    [problem] = caught.value.problems
    assert said in problem.message
    assert problem.code == code
    assert problem.where is not None
    assert (problem.where.file, problem.where.line) == ("team.ics", line)
    assert "zyzzyva" not in str(problem).lower()


@pytest.mark.parametrize(
    ("lines", "said", "code"),
    [
        ([], "has no start", "unreadable-event"),
        (["DTSTART:Zyzzyva"], "this event can't be read, so it is left out", "unreadable-event"),
        (["DTSTART:20270201", "DTSTART:20270202"], "has several starts", "unreadable-event"),
        (["DTSTART:20270201", "RECURRENCE-ID:P1D"], "has no usable dates", "unreadable-event"),
        (["DTSTART;VALUE=DATE:00010101"], "is in the year 1", "year-out-of-range"),
        (["DTSTART;VALUE=DATE:99991231"], "is in the year 9999", "year-out-of-range"),
        (["DTSTART;VALUE=DATE:20270201", "DTEND;VALUE=DATE:99991231"], "is in the year 9999", "year-out-of-range"),
        (
            ["DTSTART;VALUE=DATE:20270201", "DTEND;VALUE=DATE:20270131"],
            "ends before it starts",
            "ends-before-it-starts",
        ),
        (["DTSTART:20270201T090000Z", "DURATION:-PT1H"], "ends before it starts", "ends-before-it-starts"),
        (["DTSTART;VALUE=DATE:20270201", "DTEND;VALUE=DATE:20300201"], "more than two years", "event-too-long"),
        (["DTSTART;VALUE=DATE:20270201", "RRULE:FREQ=SECONDLY"], "more often than daily", "unusable-repeat"),
        (
            ["DTSTART;VALUE=DATE:20270201", "RRULE:FREQ=HOURLY;COUNT=1000000"],
            "more often than daily",
            "unusable-repeat",
        ),
        (
            ["DTSTART;VALUE=DATE:20270201", "RRULE:FREQ=DAILY;BYMINUTE=1,2,3"],
            "more often than daily",
            "unusable-repeat",
        ),
        (
            ["DTSTART;VALUE=DATE:20270201", "RRULE:FREQ=DAILY;INTERVAL=0"],
            "repeats by a rule that can't work",
            "unusable-repeat",
        ),
        (
            ["DTSTART;VALUE=DATE:20270201", "RRULE:FREQ=Zyzzyva"],
            "this event can't be read, so it is left out",
            "unreadable-event",
        ),
        (["DTSTART;VALUE=DATE:20270201", "RRULE:COUNT=3"], "more often than daily", "unusable-repeat"),
    ],
)
def test_an_event_that_makes_no_sense_is_left_out_and_reported(lines: list[str], said: str, code: str) -> None:
    found = _read(calendar(event("DTSTART:20270501", uid="good"), event(*lines, uid="bad")))
    assert _spans(found) == [("05-01", "05-01")]
    [warning] = found.warnings
    assert said in warning.message
    assert warning.code == code
    assert warning.severity == "warning"
    assert warning.where is not None
    assert warning.where.line == 9


def test_a_rule_that_never_comes_true_ends_all_the_same() -> None:
    rules = ["FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;COUNT=5"]
    for rule in rules:
        found = _read(calendar(event("DTSTART;VALUE=DATE:20270201", f"RRULE:{rule}")))
        assert _spans(found) == [("02-01", "02-01")]


_RULES = st.builds(
    lambda parts: ";".join(parts),
    st.tuples(
        st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=MONTHLY", "FREQ=YEARLY"]),
        st.sampled_from(["INTERVAL=1", "INTERVAL=2", "INTERVAL=5"]),
        st.sampled_from(["WKST=MO", "WKST=SU", "BYMONTH=2,6,12", "BYMONTHDAY=-1,13,30", "BYSETPOS=-1;BYDAY=MO,FR"]),
        st.sampled_from(["WKST=MO", "WKST=SU", "BYDAY=TU,WE", "COUNT=9", "UNTIL=20270915"]),
    ),
)


@pytest.mark.no_cover  # quicker tests run the same lines
@settings(max_examples=50, deadline=None)
@given(rule=_RULES, start=st.dates(date(1970, 1, 1), date(2027, 12, 1)))
def test_an_event_repeats_as_dateutil_says(rule: str, start: date) -> None:
    found = _read(calendar(event(f"DTSTART;VALUE=DATE:{start:%Y%m%d}", f"RRULE:{rule}")))

    begin = datetime.combine(start, time())
    says = {moment.date() for moment in rrulestr(rule, dtstart=begin).between(begin, datetime(2027, 12, 31), inc=True)}
    if "UNTIL" not in rule or start <= date(2027, 9, 15):
        says.add(start)  # an event begins with its first day, whatever its rule says
    assert [stay.start for stay in found.leave] == sorted(day for day in says if day >= WINDOW[0])


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=DAILY;BYDAY=MO;BYSETPOS=2;COUNT=5",
    ],
)
def test_a_rule_is_not_searched_until_the_last_year_there_is(rule: str) -> None:
    event_ = {"DTSTART": vDDDTypes(date(2027, 2, 1)), "RRULE": vRecur.from_ical(rule)}
    tries = 0

    def counted(frame: FrameType, what: str, _: object) -> None:
        nonlocal tries
        tries += what == "call" and frame.f_code.co_name == "rebuild"

    sys.setprofile(counted)
    try:
        spell_out(event_, WINDOW)
    finally:
        sys.setprofile(None)
    assert "RRULE" not in event_
    assert 300 < tries < 400 * 366  # from 7600 years later on; until 9999, without that, there are 2.9 million days


def test_more_absences_than_a_team_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("setrota.files.leave.calendar.MOST_ABSENCES", 365)
    daily = event("DTSTART;VALUE=DATE:19700101", "RRULE:FREQ=DAILY")
    assert len(_read(calendar(daily)).leave) == 365
    with pytest.raises(Refused, match="has more than 365 absences"):
        _read(calendar(daily, event("DTSTART;VALUE=DATE:20270105", uid="more")))


# Limits


def test_a_calendar_that_takes_too_long_is_left_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Event()

    def endless(*_: object) -> bool:
        while not read.is_set():  # a wait would take no processor time, which is what counts
            pass
        return True

    monkeypatch.setattr("setrota.files.leave.calendar.spell_out", endless)
    text = calendar(event("DTSTART:20270201", uid="a"), event("DTSTART:20270301", uid="b"))
    with pytest.raises(Refused) as caught:
        read_leave_calendar(text, "team.ics", _roster(), WINDOW, "ana", seconds=0.1)
    read.set()

    [problem] = caught.value.problems
    assert problem.code == "calendar-too-slow"
    assert problem.message == "the events up to here take longer than 0.1 seconds to read"
    assert problem.where == Place("team.ics", 4)


def test_an_error_while_reading_is_raised_where_the_answer_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr("setrota.files.leave.calendar.Mentions", fails)
    with pytest.raises(MemoryError):
        _read(calendar(event("DTSTART:20270201")))


_DAYS = "20270201,20270202,20270203,20270204"
_ZONE = "BEGIN:VTIMEZONE\nTZID:Office\n{}END:VTIMEZONE\n"
_CLOCKS = "BEGIN:STANDARD\nDTSTART:19700101T000000\nTZOFFSETFROM:+0900\nTZOFFSETTO:+0900\n{}END:STANDARD\n"
_THERE = event("DTSTART;TZID=Office:20270201T140000", "DURATION:PT8H")


@pytest.mark.parametrize(
    ("limit", "most", "content", "message", "line"),
    [
        (
            "MOST_EVENTS",
            2,
            calendar(*(event("DTSTART:20270201", uid=f"e{number}") for number in range(3))),
            "more than 2 events may be in these days",
            14,
        ),
        ("MOST_LINES", 3, calendar(event("DTSTART:20270201")), None, 0),
        (
            "MOST_LINES",
            3,
            calendar(event("DTSTART:20270201", "DTEND:20270202")),
            "the events up to here have more than 3 lines",
            4,
        ),
        ("MOST_DATES", 4, calendar(event("DTSTART:20270201", f"RDATE:{_DAYS}")), None, 0),
        (
            "MOST_DATES",
            4,
            calendar(event("DTSTART:20270201", f"RDATE:{_DAYS}", "EXDATE:20270201")),
            "the events up to here have more than 4 single dates",
            4,
        ),
        (
            "LONGEST_LINE",
            50,
            calendar(event("DTSTART:20270201", f"EXDATE;VALUE=DATE:{_DAYS[:18]}\n  {_DAYS[18:]}")),
            "this event has a line of more than 50 characters",
            4,
        ),
        # What isn't read may be as long as it likes.
        ("LONGEST_LINE", 50, calendar(event("DTSTART:20270201", f"DESCRIPTION:{'x' * 51}")), None, 0),
        (
            "MOST_CHANGES",
            5,
            calendar(_THERE, head=_ZONE.format(_CLOCKS.format("RDATE:20270101T000000\n") * 2)),
            None,
            0,
        ),
        (
            "MOST_CHANGES",
            5,
            calendar(_THERE, head=_ZONE.format(_CLOCKS.format("RDATE:20270101T000000,20280101T000000\n") * 2)),
            "the time zones up to here change their clocks more than 5 times",
            16,
        ),
        # A zone that no event is in does not matter, nor one that needs no rules.
        ("MOST_CHANGES", 0, calendar(event("DTSTART:20270201"), head=_ZONE.format(_CLOCKS.format("") * 2)), None, 0),
        (
            "MOST_CHANGES",
            0,
            calendar(_THERE, head=_ZONE.format(_CLOCKS.format(""))).replace(b"Office", b"Asia/Tokyo"),
            None,
            0,
        ),
    ],
)
def test_how_much_of_a_calendar_is_read(
    monkeypatch: pytest.MonkeyPatch, limit: str, most: int, content: bytes, message: str | None, line: int
) -> None:
    """Both sides of each limit."""
    monkeypatch.setattr(f"setrota.files.leave.lines.{limit}", most)
    if message is None:
        assert _read(content).leave
        return
    with pytest.raises(Refused) as caught:
        _read(content)
    [problem] = caught.value.problems
    assert (problem.message, problem.code, problem.where) == (message, "calendar-too-large", Place("team.ics", line))


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY", "FREQ=YEARLY;BYHOUR=1,2,3"])
def test_a_zone_whose_clocks_change_as_no_zones_do(rule: str) -> None:
    """It is never built; only the events with times in it are read in another zone, as with one that isn't there."""
    days = event("DTSTART;VALUE=DATE:20270301", uid="days")
    zone = _ZONE.replace("Office", "Odd").format(_CLOCKS.format(f"RRULE:{rule}\n"))
    found = _read(calendar(_THERE.replace("Office", "Odd"), days, head=zone))
    assert [(each.code, each.where) for each in found.warnings] == [("unknown-time-zone", Place("team.ics", 13))]
    assert _spans(found) == [("03-01", "03-01")]  # 14:00 to 22:00 is too short in UTC, as the rota is


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=YEARLY;BYMONTH=10;BYDAY=SU;BYSETPOS=-1"])
@pytest.mark.parametrize("name", ["Asia/Tokyo", "/Asia/Tokyo/", "Tokyo Standard Time"])
def test_a_zone_that_has_a_name_needs_no_rules(name: str, rule: str) -> None:
    zone = _ZONE.replace("Office", name).format(_CLOCKS.format(f"RRULE:{rule}\n"))
    found = _read(calendar(_THERE.replace("Office", name), head=zone))
    assert found.warnings == []
    assert _spans(found) == [("02-01", "02-01")]


@pytest.mark.parametrize(
    "more", ["BYSETPOS=-1", "BYHOUR=3;BYMINUTE=0;BYSECOND=0", "BYYEARDAY=-60", "BYWEEKNO=44", "COUNT=99;INTERVAL=1"]
)
def test_a_zone_of_its_own_may_say_on_which_day_and_at_what_time_clocks_change(more: str) -> None:
    zone = _ZONE.replace("Office", f"Of {more}").format(_CLOCKS.format(f"RRULE:FREQ=YEARLY;BYDAY=SU;{more}\n"))
    found = _read(calendar(_THERE.replace("TZID=Office", f'X-A="a:b";TZID="Of {more}"'), head=zone))
    assert found.warnings == []
    assert _spans(found) == [("02-01", "02-01")]


def test_a_zone_with_yearly_rules_of_its_own() -> None:
    # 14:00 to 22:00 ends at 13:00 UTC in winter (UTC+9), four hours of the day, and at 12:00 in summer, three.
    summer = _CLOCKS.replace("STANDARD", "DAYLIGHT").replace("TZOFFSETTO:+0900", "TZOFFSETTO:+1000")
    rules = [
        summer.format("RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\n").replace("19700101", "19700329"),
        _CLOCKS.format("RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\n")
        .replace("19700101", "19701025")
        .replace("TZOFFSETFROM:+0900", "TZOFFSETFROM:+1000"),
    ]
    late = [event(f"DTSTART;TZID=Works:2027{day}T140000", "DURATION:PT8H", uid=day) for day in ("0201", "0701")]
    assert _spans(_read(calendar(*late, head=_ZONE.replace("Office", "Works").format("".join(rules))))) == [
        ("02-01", "02-01")
    ]


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:20240201",
        "DTSTART:20300201T090000Z",
        "DTSTART:20300201\nRRULE:FREQ=DAILY",
        "DTSTART:20300201\nDTEND:20400101",
        "DTSTART;VALUE=DATE:20240201\nDTEND;VALUE=DATE:20240301",
        'DTSTART;X-A="a:b":20240201',
        "DTSTART:20240201\nDURATION:P5W",
        "DTSTART:20240201T090000Z\nDURATION:PT8H",
        "DTSTART:20240201\nRRULE:FREQ=YEARLY;UNTIL=20261228T235959Z",
        "DTSTART:20240201\nRRULE:until=20260201;freq=monthly",
        "DTSTART:20240201\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU;COUNT=10",
        "DTSTART:20240201\nRRULE:FREQ=DAILY;INTERVAL=2;COUNT=10\nRRULE:FREQ=DAILY;UNTIL=20250101",
        "DTSTART:20240201\nRECURRENCE-ID:20270201",
    ],
)
def test_an_event_of_other_days_is_not_even_read(lines: str) -> None:
    """Nor does any number of them stop an import; only if another of the same identity is near, it is read too."""
    series = event("DTSTART:20270101", "RRULE:FREQ=DAILY")
    anonymous = event(lines).replace("UID:e1\n", "")
    alone, anonymously, among = (
        [each.number for each in _kept(*events)]
        for events in ([event(lines)], [anonymous, anonymous], [event(lines), series])
    )
    assert (alone, anonymously, len(among)) == ([], [], 2)
    assert len(_kept(event(lines), series.replace("UID:e1", "UID:e2"))) == 1
    assert len(_kept(anonymous, series.replace("UID:e1\n", ""))) == 1


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:20270201",
        "DTSTART:20261231",
        "DTSTART:20280102T120000Z",
        "DTSTART:20261201\nDURATION:P5W",
        "DTSTART:20240201\nDURATION:P2000D",
        "DTSTART:20240201\nDTEND:20270101",
        "DTSTART:20240201\nDTEND:20230201",
        "DTSTART:20240201\nDTEND:x",
        "DTSTART:20240201\nDURATION:x",
        "DTSTART:20240201\nDURATION:P99999999999D",
        "DTSTART:x",
        "DTSTART:20240230",
        "DTSTART:20240201\nDTSTART:20240202",
        "DTSTART:20240201\nRRULE:FREQ=DAILY",
        "DTSTART:20240201\nRRULE:FREQ=DAILY;UNTIL=20261231",
        "DTSTART:20240201\nDURATION:P5W\nRRULE:FREQ=DAILY;UNTIL=20261201",
        "DTSTART:20240201\nRRULE:FREQ=DAILY;UNTIL=99991231",
        "DTSTART:20240201\nRRULE:FREQ=WEEKLY;COUNT=x",
        "DTSTART:20240201\nRRULE:FREQ=MONTHLY;BYDAY=5MO;COUNT=10",
        "DTSTART:20240201\nRRULE:FREQ=DAILY;BYMONTH=1;COUNT=90",
        "DTSTART:20240201\nRRULE:FREQ=WEEKLY;INTERVAL=50;COUNT=3",
        "DTSTART:20240201\nRDATE:20270201",
        "DTSTART:20240201\nRECURRENCE-ID;RANGE=THISANDFUTURE:20240102",
    ],
)
def test_an_event_that_may_be_near_is_read(lines: str) -> None:
    assert len(_kept(event(lines))) == 1


def _kept(*events: str) -> list[EventLines]:
    [found] = read_lines(calendar(*events), "team.ics", WINDOW, people=True)
    return found.events


def test_no_repetition_of_a_series_that_has_ended_is_near() -> None:
    """Whatever its rhythm and its first day, if it ends by a count."""
    tried = 0
    for rule in (
        *(f"FREQ=DAILY;INTERVAL={n};COUNT={count}" for n in (1, 3, 40) for count in (1, 2, 9)),
        *(
            f"FREQ=WEEKLY;INTERVAL={n};COUNT={count};BYDAY={days};WKST={first}"
            for n in (1, 3)
            for count in (1, 5)
            for days in ("MO", "TH,SU")
            for first in ("MO", "SU")
        ),
    ):
        for number in range(0, 400, 11):
            start = WINDOW[0] - timedelta(number)
            dates = rrulestr(rule, dtstart=datetime.combine(start, time()))
            if not _kept(event(f"DTSTART:{start:%Y%m%d}", f"RRULE:{rule}")):
                tried += 1
                assert all(moment.date() < WINDOW[0] for moment in dates)
    assert tried > 500


def test_a_calendar_of_many_years_is_read() -> None:
    """More events than are read of any days, whatever they look like, if they are of other days."""
    others = ["DTSTART:20150301\nDURATION:P1D", "DTSTART:20150301\nDTEND:20150302", "DTSTART:20310301"]
    events = [event(others[0], uid=f"{number}") for number in range(MOST_EVENTS)]
    events += [event(each).replace("UID:e1\n", "") for each in others * 5]
    assert _spans(_read(calendar(*events, event("DTSTART:20270201", uid="here")))) == [("02-01", "02-01")]


def test_other_things_of_a_calendar_are_passed_over() -> None:
    others = "".join(
        f"BEGIN:{kind}\nUID:{kind}\nDTSTART;VALUE=DATE:20270301\nSUMMARY:{TITLE}\nEND:{kind}\n"
        for kind in ("VTODO", "VJOURNAL")
    )
    alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT15M\nDESCRIPTION:x\nEND:VALARM"
    assert _spans(_read(calendar(others, event("DTSTART:20270201", alarm)))) == [("02-01", "02-01")]
    assert _read(calendar(others)).leave == []
    assert _read(calendar()).leave == []


def test_folded_lines_and_a_byte_order_mark() -> None:
    text = calendar(event("DTSTART:20270201", title="An\n a Ferrowick - ü")).replace("ü".encode(), b"\xc3\r\n \xbc")
    found = _read(b"\xef\xbb\xbf" + text, person=None)
    assert found.leave == [EventLeave("ana", date(2027, 2, 1), date(2027, 2, 2), found.leave[0].event)]


_WORD = st.sampled_from(
    [
        "DTSTART",
        "DTEND",
        "DURATION",
        "RRULE",
        "EXDATE",
        "RDATE",
        "RECURRENCE-ID",
        "UID",
        "STATUS",
        "SEQUENCE",
        "ATTENDEE",
    ]
)
_VALUE = st.sampled_from(
    [
        "20270201", "20270201T090000Z", "20270201T090000", "20270230", "P1D", "-P1D", "PT0S", "x", "", "FREQ=DAILY",
        "FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=-1", "FREQ=WEEKLY;UNTIL=1", "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=MONTHLY;BYMONTHDAY=99",
        "FREQ=YEARLY;BYWEEKNO=53", "FREQ=DAILY;INTERVAL=999999999", "FREQ=WEEKLY;UNTIL=20270301T000000Z", "CANCELLED",
        "20270201/P1D", "20270201T090000Z/PT8H", "20270201,20270202", "99999999999", "mailto:ana@example.com", "1",
    ]
)  # fmt: skip
_PARAMETER = st.sampled_from(
    ["", "", ";VALUE=DATE", ";VALUE=PERIOD", ";TZID=Europe/Berlin", ";TZID=X", ";RANGE=THISANDFUTURE"]
)


@settings(max_examples=300, deadline=None)
@given(
    events=st.lists(st.lists(st.tuples(_WORD, _PARAMETER, _VALUE), max_size=6), max_size=3),
    person=st.sampled_from([None, "ana"]),
)
def test_whatever_a_calendar_says_it_is_read_or_refused(
    events: list[list[tuple[str, str, str]]], person: str | None
) -> None:
    content = calendar(*(event(*(f"{word}{more}:{value}" for word, more, value in each)) for each in events))
    try:
        found = _read(content, person=person)
    except Refused:
        return
    assert all(stay.start < stay.end for stay in found.leave)
    assert all(stay.end > WINDOW[0] and stay.start < WINDOW[1] for stay in found.leave)


@settings(max_examples=200, deadline=None)
@given(content=st.binary(max_size=200))
def test_nonsense_is_refused(content: bytes) -> None:
    with pytest.raises(Refused):
        _read(content)
