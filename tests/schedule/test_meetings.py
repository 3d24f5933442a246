"""When meetings take place and who attends: weeks and anchors, clock changes, handovers before or after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import LEAD, PAIR, crew, roster, schedule, week

from setrota.dates.periods import handover_on
from setrota.roster import Roster, Team
from setrota.roster.notes import Brief, Meeting, Notes
from setrota.schedule import Change, Schedule
from setrota.schedule.meetings import attendees, handover_meeting, occurrences

TORONTO = ZoneInfo("America/Toronto")
ROSTER = roster(
    (), [PAIR, LEAD], [Team("all", "All", {"engineers": ("bo", "cy", "dee"), "leads": ("ana",)})], zone=TORONTO
)
CALL = Meeting(name="Call", weekday=2, time=time(14), duration=timedelta(minutes=45))


def days(meeting: Meeting, start: date, end: date) -> list[str]:
    return [f"{moment:%Y-%m-%d %H:%M}" for moment in occurrences(ROSTER, meeting, start, end)]


def test_a_weekly_meeting_is_on_every_day_of_the_range_without_its_end() -> None:
    assert days(CALL, date(2027, 1, 6), date(2027, 1, 20)) == ["2027-01-06 14:00", "2027-01-13 14:00"]
    assert days(CALL, date(2027, 1, 7), date(2027, 1, 21)) == ["2027-01-13 14:00", "2027-01-20 14:00"]
    assert days(CALL, date(2027, 1, 7), date(2027, 1, 13)) == []
    assert days(CALL, date(2027, 1, 13), date(2027, 1, 6)) == []


@pytest.mark.parametrize("anchor", [date(2027, 1, 4), date(2027, 1, 6), date(2027, 1, 10), date(2031, 2, 12)])
def test_an_anchor_says_which_weeks(anchor: date) -> None:
    """Any day of the week does, from Monday to Sunday, and in any year: 2031-02-10 is 214 weeks after 2027-01-04."""
    fortnightly = CALL._replace(weeks=2, anchor=anchor)
    assert days(fortnightly, date(2027, 1, 1), date(2027, 2, 1)) == ["2027-01-06 14:00", "2027-01-20 14:00"]


def test_without_an_anchor_the_weeks_are_those_of_rotations() -> None:
    # Of ISO week 2 of 2024, whose Monday is 2024-01-08; 2027-01-04 is 156 weeks later.
    assert days(CALL._replace(weeks=2), date(2027, 1, 1), date(2027, 1, 15)) == ["2027-01-06 14:00"]


def test_a_time_that_daylight_saving_skips_or_repeats_is_one_instant() -> None:
    night = CALL._replace(weekday=6, time=time(2, 30))
    assert days(night, date(2027, 3, 14), date(2027, 3, 15)) == ["2027-03-14 03:30"]
    [twice] = occurrences(ROSTER, night._replace(time=time(1, 30)), date(2027, 11, 7), date(2027, 11, 8))
    assert twice.astimezone(UTC) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


@given(
    st.integers(0, 6), st.integers(1, 8), st.none() | st.dates(date(2020, 1, 1), date(2035, 1, 1)),
    st.dates(date(2024, 1, 1), date(2030, 1, 1)), st.integers(0, 200),
)  # fmt: skip
def test_it_is_what_counting_day_by_day_finds(
    weekday: int, weeks: int, anchor: date | None, start: date, length: int
) -> None:
    meeting = CALL._replace(weekday=weekday, weeks=weeks, anchor=anchor)

    def monday(day: date) -> date:
        return day - timedelta(days=day.weekday())

    origin = monday(anchor or date(2024, 1, 8))
    range_ = [start + timedelta(days=number) for number in range(length)]
    expected = [d for d in range_ if d.weekday() == weekday and (monday(d) - origin).days % (7 * weeks) == 0]
    found = occurrences(ROSTER, meeting, start, start + timedelta(days=length))
    assert [moment.date() for moment in found] == expected


# Who attends


def plan(changes: Iterable[Change] = ()) -> Schedule:
    return schedule(
        crew(week(0), "bo", of=PAIR, changes=changes),
        crew(week(1), "cy dee", of=PAIR),
        crew(week(0), "ana", of=LEAD),
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TORONTO)


def people(meeting: Meeting, moment: str, schedule: Schedule) -> list[str | None]:
    return [duty.person for duty in attendees(ROSTER, schedule, meeting, at(moment))]


def test_a_meeting_is_for_those_who_have_its_seats_then() -> None:
    assert people(CALL, "2027-01-06T14:00", plan()) == ["bo", None, "ana"]
    assert people(CALL._replace(seats=frozenset({"lead"})), "2027-01-13T14:00", plan()) == ["ana"]
    assert people(CALL._replace(seats=frozenset({"engineer/primary"})), "2027-01-13T14:00", plan()) == ["cy"]
    assert people(CALL._replace(seats=frozenset({"lead"})), "2027-01-20T14:00", plan()) == []


def test_on_the_day_of_a_handover_the_time_decides() -> None:
    assert people(CALL, "2027-01-11T08:59", plan())[0] == "bo"
    assert people(CALL, "2027-01-11T09:00", plan())[0] == "cy"


def test_the_person_who_covers_that_day_attends() -> None:
    cover = Change(at("2027-01-05T10:00"), "primary", "bo", "dee", start=date(2027, 1, 6), end=date(2027, 1, 7))
    assert people(CALL, "2027-01-06T14:00", plan([cover]))[0] == "dee"
    assert people(CALL, "2027-01-07T14:00", plan([cover]))[0] == "bo"


# The crews' own meeting


def briefed(weekday: int | None, moment: time | None) -> Roster:
    return replace(ROSTER, notes=Notes(brief=Brief(weekday=weekday, time=moment)))


@pytest.mark.parametrize(
    ("weekday", "moment", "expected"),
    [
        (4, time(15), "2027-01-15 15:00"),
        (0, time(8, 59), "2027-01-18 08:59"),
        # At the handover itself it is too late, so it is a week before.
        (0, time(9), "2027-01-11 09:00"),
        (0, time(9, 1), "2027-01-11 09:01"),
        (1, time(0), "2027-01-12 00:00"),
    ],
)
def test_crews_meet_at_the_last_moment_before_the_handover(weekday: int, moment: time, expected: str) -> None:
    roster = briefed(weekday, moment)
    found = handover_meeting(roster, handover_on(roster, "engineer", date(2027, 1, 18)))
    assert f"{found:%Y-%m-%d %H:%M}" == expected


def test_where_no_meeting_is_kept_there_is_none() -> None:
    assert handover_meeting(ROSTER, at("2027-01-18T09:00")) is None


def test_a_handover_abroad_is_compared_as_an_instant() -> None:
    # 2027-01-18 00:30 in Berlin is Sunday evening in Toronto, so the last meeting before it is a week earlier.
    boundary = datetime(2027, 1, 18, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert f"{handover_meeting(briefed(0, time(0, 10)), boundary):%Y-%m-%d}" == "2027-01-11"
    # The hour that occurs twice: clocks show 01:45 before (EDT) and 01:15 after (EST); the first came first.
    early = datetime(2027, 11, 7, 6, 15, tzinfo=UTC)
    assert f"{handover_meeting(briefed(6, time(1, 45)), early):%Y-%m-%d %H:%M}" == "2027-11-07 01:45"


def test_a_meeting_can_be_before_a_handover_that_clocks_show_a_day_earlier() -> None:
    # In St. John's, until 2010, Sunday 00:01 became Saturday 23:01: 23:30 came again after Sunday's midnight.
    roster = replace(briefed(6, time(0)), zone=ZoneInfo("America/St_Johns"))
    boundary = datetime(2010, 11, 6, 23, 30, fold=1, tzinfo=roster.zone)
    assert f"{handover_meeting(roster, boundary):%Y-%m-%d %H:%M}" == "2010-11-07 00:00"
