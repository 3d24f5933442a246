"""Meetings as events: when they are, for whom, and that each is one event for ever."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import samples
from calendar_events import by_uid, of_category

from setrota.export.calendars.feeds import calendar, resources
from setrota.roster import Handover, Roster
from setrota.roster.notes import Meeting, Notes
from setrota.schedule import Change, Schedule

CALL = Meeting(
    name="Escalations call",
    weekday=2,
    time=time(14),
    duration=timedelta(minutes=45),
    seats=frozenset({"lead"}),
    description="Ask the lead before you for the invitation.",
    location="Room 4",
    link="https://example.com/call",
)
DECIDED = datetime(2027, 1, 5, 15, 30, tzinfo=UTC)


def with_meetings(*meetings: Meeting, **others: object) -> Roster:
    return replace(samples.always_served(notes=Notes(meetings=meetings)), **others)


def occurrences(roster: Roster, plan: Schedule = samples.SCHEDULE, **filters: str) -> list[icalendar.Event]:
    return of_category(calendar(roster, plan, **filters), "meeting")


def starts(roster: Roster, plan: Schedule = samples.SCHEDULE, **filters: str) -> list[str]:
    return [f"{event.start:%m-%d %H:%M}" for event in occurrences(roster, plan, **filters)]


def test_the_lead_s_call_on_wednesdays() -> None:
    roster = with_meetings(CALL)
    # Ana leads the fortnight from the 4th of January, Jo that from the 18th.
    assert starts(roster) == ["01-06 14:00", "01-13 14:00", "01-20 14:00", "01-27 14:00"]
    assert starts(roster, person="ana") == ["01-06 14:00", "01-13 14:00"]
    assert starts(roster, person="jo") == starts(roster, team="platform") == ["01-20 14:00", "01-27 14:00"]
    assert starts(roster, rotation="lead") == starts(roster)
    assert starts(roster, rotation="engineer") == starts(roster, person="bo") == []


def test_what_it_tells_everybody_and_the_lead() -> None:
    roster = with_meetings(CALL)
    shared, own = occurrences(roster)[2], occurrences(roster, person="jo")[0]
    assert shared["UID"] == own["UID"] == "SET_meeting_Escalations%20call_2027-01-20@setrota"
    assert shared["SUMMARY"] == own["SUMMARY"] == "SET: Escalations call"
    assert (own["LOCATION"], own["URL"]) == ("Room 4", "https://example.com/call")
    assert own.end - own.start == timedelta(minutes=45)
    note = "Ask the lead before you for the invitation.\n\nhttps://example.com/call"
    assert str(shared["DESCRIPTION"]) == f"lead: Jo Jung (Platform) @jo\n\n{note}"
    assert str(own["DESCRIPTION"]) == f"You are SET lead\nBefore you: Ana Silva (Channels) @ana\n\n{note}"


def test_whoever_has_the_seat_at_that_moment_is_there() -> None:
    cover = Change(DECIDED, "lead", "ana", "fay", start=date(2027, 1, 13), end=date(2027, 1, 14))
    plan = samples.SCHEDULE.updated(
        [replace(samples.computed(date(2027, 1, 4), "ana", of=samples.LEAD), changes=(cover,))]
    )
    assert starts(with_meetings(CALL), plan, person="ana") == ["01-06 14:00"]
    assert starts(with_meetings(CALL), plan, person="fay") == ["01-13 14:00"]


@pytest.mark.parametrize(
    ("clock", "person"),
    [(time(8, 59), "ana"), (time(9), "jo")],
)
def test_on_the_day_of_the_handover_its_hour_decides(clock: time, person: str) -> None:
    monday = CALL._replace(weekday=0, time=clock)
    at = f"01-18 {clock:%H:%M}"
    assert at in starts(with_meetings(monday), person=person)
    assert starts(with_meetings(monday)).count(at) == 1


def test_a_meeting_of_another_zone_than_its_rotation_s() -> None:
    """The lead hands over on Mondays at 09:00 in Berlin, which is 03:00 in Toronto: at 04:00 it is the new one."""
    berlin = ZoneInfo("Europe/Berlin")
    rotations = {
        "engineer": samples.ENGINEER,
        "lead": replace(samples.LEAD, zone=berlin, handover=Handover(0, time(9))),
    }
    for clock, person in ((time(2, 59), "ana"), (time(3), "jo")):
        roster = with_meetings(CALL._replace(weekday=0, time=clock), rotations=rotations)
        assert f"01-18 {clock:%H:%M}" in starts(roster, person=person)
    text = calendar(
        with_meetings(CALL, rotations={"lead": rotations["lead"]}), samples.schedule(samples.SCHEDULE.crews[1:2])
    )
    assert text.count("BEGIN:VTIMEZONE") == 2


@pytest.mark.parametrize(
    ("zone", "theirs", "weekday", "clock", "expected"),
    [
        # A week from Monday the 4th, 09:00 in Auckland, is from Sunday 12:00 in Los Angeles; one from 09:00 in Los
        # Angeles lasts until Tuesday the 12th, 06:00, in Auckland.
        ("America/Los_Angeles", "Pacific/Auckland", 6, time(14), "01-03 14:00"),
        ("Pacific/Auckland", "America/Los_Angeles", 1, time(2), "01-12 02:00"),
    ],
)
def test_on_days_that_are_others_where_the_rotation_is(
    zone: str, theirs: str, weekday: int, clock: time, expected: str
) -> None:
    lead = replace(samples.LEAD, zone=ZoneInfo(theirs))
    roster = with_meetings(CALL._replace(weekday=weekday, time=clock), zone=ZoneInfo(zone), rotations={"lead": lead})
    plan = samples.schedule(samples.computed(date(2027, 1, 4), "ana", of=samples.LEAD, weeks=1))
    assert starts(roster, plan) == [expected]


def test_without_seats_it_is_everybody_s() -> None:
    standup = CALL._replace(seats=frozenset(), weekday=1)
    roster = with_meetings(standup)
    assert starts(roster, person="bo") == ["01-05 14:00", "01-19 14:00"]
    event = occurrences(roster, rotation="engineer")[0]
    assert "primary: Bo Lindqvist (Channels) @bo.lindqvist\nbackup: Cy Young" in str(event["DESCRIPTION"])
    # Who was there before is told in a meeting of some seats only.
    assert "Before you" not in str(occurrences(roster, person="cy")[-1]["DESCRIPTION"])


def test_every_second_week() -> None:
    fortnightly = CALL._replace(weeks=2)
    # From ISO week 2 of 2024 on: 2027-01-06 is 156 weeks after 2024-01-10.
    assert starts(with_meetings(fortnightly)) == ["01-06 14:00", "01-20 14:00"]
    # An anchor is any day of one of its weeks.
    for day in (date(2027, 1, 11), date(2027, 1, 13), date(2027, 1, 17), date(2031, 1, 12)):
        assert starts(with_meetings(fortnightly._replace(anchor=day))) == ["01-13 14:00", "01-27 14:00"], day


def test_nobody_is_there_for_an_empty_seat() -> None:
    plan = samples.SCHEDULE.updated([samples.computed(date(2027, 1, 18), "-", of=samples.LEAD)])
    assert starts(with_meetings(CALL), plan) == ["01-06 14:00", "01-13 14:00"]


def test_clocks_that_go_forward_and_back() -> None:
    # Toronto: 2027-03-14 02:30 EST doesn't exist, 2027-11-07 01:30 EDT occurs twice and the first is meant.
    sunday = CALL._replace(weekday=6, time=time(2, 30), duration=timedelta(hours=1))
    spring = samples.schedule(samples.computed(date(2027, 3, 1), "ana", of=samples.LEAD))
    (event,) = (each for each in occurrences(with_meetings(sunday), spring) if each.start.date() == date(2027, 3, 14))
    assert event["DTSTART"].to_ical() == b"20270314T033000"
    assert event.start.astimezone(UTC) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
    assert event.end.astimezone(UTC) == datetime(2027, 3, 14, 8, 30, tzinfo=UTC)
    autumn = samples.schedule(samples.computed(date(2027, 11, 1), "ana", of=samples.LEAD))
    (event, _) = occurrences(with_meetings(sunday._replace(time=time(1, 30), duration=timedelta(hours=2))), autumn)
    assert event.start.astimezone(UTC) == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)
    assert event.end.astimezone(UTC) == datetime(2027, 11, 7, 7, 30, tzinfo=UTC)


def test_two_of_one_name_on_one_day_are_two_events() -> None:
    late = CALL._replace(time=time(16))
    for meetings in ((CALL, late), (late, CALL)):
        found = by_uid(calendar(with_meetings(*meetings), samples.SCHEDULE, rotation="lead"))
        base = "SET_meeting_Escalations%20call_2027-01-06"
        assert found[f"{base}@setrota"].start.hour == 14
        assert found[f"{base}_2@setrota"].start.hour == 16


def test_a_long_name_has_a_short_identity() -> None:
    one, other = (CALL._replace(name="🦄" * 300 + end) for end in "ab")
    found = by_uid(calendar(with_meetings(one, other), samples.SCHEDULE, person="ana"))
    assert len(found) == 5
    assert max(map(len, found)) < 100


def test_decisions_of_its_seats_raise_its_sequence() -> None:
    cover = Change(DECIDED, "lead", "ana", "fay")
    changed = replace(samples.computed(date(2027, 1, 4), "ana", of=samples.LEAD, revision=2), changes=(cover,))
    before, after = (
        occurrences(with_meetings(CALL), plan)[0] for plan in (samples.SCHEDULE, samples.SCHEDULE.updated([changed]))
    )
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 2)
    assert (before["DTSTAMP"].dt, after["DTSTAMP"].dt) == (samples.PLANNED_AT, DECIDED)
    # A seat that isn't the meeting's is none of its affairs.
    other = samples.computed(date(2027, 1, 4), "bo cy dee eli", changes=[Change(DECIDED, "primary", "bo", "hal")])
    assert occurrences(with_meetings(CALL), samples.SCHEDULE.updated([other]))[0]["SEQUENCE"] == 0


def test_the_zone_is_there_and_single_events_are_those_of_the_whole() -> None:
    roster = with_meetings(CALL)
    whole = by_uid(calendar(roster, samples.SCHEDULE))
    single = resources(roster, samples.SCHEDULE)
    assert single.keys() == whole.keys()
    assert all(by_uid(text)[uid] == whole[uid] for uid, text in single.items())


@pytest.mark.parametrize("digits", [16, 32])
def test_no_name_has_the_identity_of_a_long_name(digits: int) -> None:
    """A long name's identity has a digest; a meeting that is called like the digest, or like what marks it, differs."""
    long = "x" * 200
    digest = hashlib.sha256(long.encode()).hexdigest()[:digits]
    names = (long, f"{long}y", digest, f"_{digest}", "x" * 120)
    events = occurrences(with_meetings(*(CALL._replace(name=name) for name in names)))
    assert len({str(event["UID"]) for event in events}) == len(events) > 0


def test_a_name_of_up_to_120_characters_is_part_of_its_identity() -> None:
    """So it stays the event that calendars have already."""
    for name, written in (("x" * 120, "x" * 120), ("\u00e4" * 20, "%C3%A4" * 20), ("a_b ~c", "a%5Fb%20~c")):
        event = occurrences(with_meetings(CALL._replace(name=name)))[0]
        assert event["UID"] == f"SET_meeting_{written}_{event['DTSTART'].dt.date()}@setrota"
