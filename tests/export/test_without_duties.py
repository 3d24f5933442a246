"""No calendar is without an event: one that has no duties cancels those that it had, or says that there are none."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import samples
from calendar_events import by_uid, marked_events
from readers import READERS, Read

from setrota.export.calendars.feeds import Feed, FeedWriter, calendar, calendar_without_duties, resources
from setrota.export.calendars.folder_files import folder_files, name_of_calendar
from setrota.export.calendars.identity import is_ours
from setrota.roster import Length
from setrota.roster.notes import Brief, Meeting, Notes
from setrota.schedule import Change, Schedule
from setrota.schedule.moves import give_duty

CALL = Meeting(name="Call", weekday=2, time=time(14), duration=timedelta(minutes=45), seats=frozenset({"lead"}))
NOTES = Notes(meetings=(CALL,), brief=Brief(weekday=4, time=time(15)), alarm=timedelta(days=1))
ROSTER = samples.always_served(notes=NOTES)
WEEK = samples.schedule(samples.computed(samples.MONDAY, "bo cy dee eli"))
NOTHING = samples.schedule()
AT = datetime(2027, 1, 1, tzinfo=UTC)
FEEDS = [
    Feed(), Feed(person="bo"), Feed(person="fay"), Feed(team="channels"), Feed(team="platform"), Feed(rotation="lead"),
    Feed(person="eli", team="platform", rotation="lead"),
]  # fmt: skip


def only(text: str) -> icalendar.Event:
    (event,) = icalendar.Calendar.from_ical(text).walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def test_it_has_one_event_on_the_last_planned_day() -> None:
    text = calendar(ROSTER, WEEK, person="fay")
    assert (
        text[text.index("BEGIN:VEVENT") :].replace("\r\n", "\n")
        == """\
BEGIN:VEVENT
UID:SET_no-duties_person_fay@setrota
DTSTAMP:20261201T100000Z
LAST-MODIFIED:20261202T073413Z
SEQUENCE:9871
DTSTART;VALUE=DATE:20270110
DTEND;VALUE=DATE:20270111
SUMMARY:No duties planned
DESCRIPTION:SET is planned up to this day\\, and no duty belongs in this ca
 lendar.
CATEGORIES:no-duties
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""
    )
    assert icalendar.Calendar.from_ical(text)["NAME"] == "Sustained Engineering: Fay Wray"


def test_the_name_of_a_calendar_is_whose_it_is() -> None:
    named = icalendar.Calendar.from_ical(calendar(ROSTER, WEEK, team="platform", rotation="lead"))["NAME"]
    assert named == "Sustained Engineering: lead: Platform"


def test_without_any_plan_it_is_on_a_fixed_day() -> None:
    event = only(calendar(ROSTER, NOTHING))
    assert (str(event["UID"]), event["SEQUENCE"]) == ("SET_no-duties@setrota", 0)
    assert (event.start, event.end) == (date(2000, 1, 1), date(2000, 1, 2))
    assert event["DTSTAMP"].dt == datetime(2000, 1, 1, tzinfo=UTC)
    assert str(event["DESCRIPTION"]) == "Nothing is planned in SET."


def test_each_calendar_s_event_is_its_own_and_the_same_for_ever() -> None:
    longer = samples.schedule(*WEEK.crews, samples.computed(samples.week(1), "bo cy dee eli"))
    longer = longer.updated([replace(longer.crews[1], planned=None).sealed(AT, 1)])
    found = {}
    for plan in (NOTHING, WEEK, longer):
        for feed in FEEDS:
            if plan is NOTHING or feed.person == "fay":
                event = only(FeedWriter(ROSTER, plan).calendar_text(feed))
                before = found.setdefault(feed, event)
                assert event["UID"] == before["UID"]
                assert is_ours(ROSTER, str(event["UID"]))
                # A plan that reaches further is newer.
                if before is not event:
                    assert all(event[name].to_ical() > before[name].to_ical() for name in ("DTSTAMP", "DTSTART"))
                    assert event["SEQUENCE"] > before["SEQUENCE"]
    assert len({event["UID"] for event in found.values()}) == len(FEEDS)


def test_it_is_no_duty_of_a_rotation_of_that_name() -> None:
    rotation = samples.rotation("no-duties", "person")
    roster = samples.always_served(rotations=rotation)
    plan = samples.schedule(samples.computed(samples.MONDAY, "bo", of=rotation))
    (duty,) = by_uid(calendar(roster, plan))
    assert duty != str(only(calendar(roster, plan, person="fay"))["UID"])
    assert not re.search("No duties", calendar(roster, plan))


def test_a_calendar_server_gets_none() -> None:
    assert resources(ROSTER, NOTHING) == {}
    assert not any("No duties" in text for text in resources(ROSTER, WEEK).values())


def test_a_plan_of_the_last_century_gives_a_valid_event() -> None:
    plan = samples.schedule(samples.computed(date(1990, 1, 1), "bo cy dee eli"))
    event = only(calendar(ROSTER, plan, person="fay"))
    assert (event.start, event["SEQUENCE"]) == (date(1990, 1, 7), 0)


# Events that are known are cancelled


def given_away(plan: Schedule, person: str, to: str) -> Schedule:
    for number, duty in enumerate(plan.duties()):
        if duty.person == person:
            plan = give_duty(plan, duty, to, AT + timedelta(hours=number))
    return plan


def test_what_a_calendar_had_is_cancelled_unasked() -> None:
    plan = given_away(WEEK, "bo", "jo")
    text = calendar(ROSTER, plan, person="bo")
    event = only(text)
    assert (str(event["UID"]), event["STATUS"]) == ("SET_engineer_2027-01-04_primary_1@setrota", "CANCELLED")
    assert event["SEQUENCE"] == 1
    assert text == calendar(ROSTER, plan, person="bo", tombstones=True)
    # Others never had it, and a calendar with duties cancels only if it is asked to.
    assert str(only(calendar(ROSTER, plan, person="fay"))["SUMMARY"]) == "No duties planned"
    assert "CANCELLED" not in calendar(ROSTER, plan, team="channels")


def test_who_gets_duties_loses_the_event_that_said_there_were_none() -> None:
    plan = given_away(WEEK, "bo", "jo")
    before, after = only(calendar(ROSTER, WEEK, person="jo")), by_uid(calendar(ROSTER, plan, person="jo"))
    assert set(after) == {"SET_engineer_2027-01-04_primary_1@setrota"}
    cancelled = by_uid(calendar(ROSTER, plan, person="jo", tombstones=True))["SET_no-duties_person_jo@setrota"]
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["SEQUENCE"] > before["SEQUENCE"]
    assert (cancelled.start, cancelled.end) == (before.start, before.end)
    assert cancelled["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt
    # Cy always had duties, and so had who was planned by hand.
    for again in (plan, samples.schedule(replace(crew, planned=None) for crew in WEEK.crews)):
        assert "no-duties" not in calendar(ROSTER, again, person="cy", tombstones=True)


def test_who_gets_duties_in_a_later_plan_loses_it_too() -> None:
    later = replace(samples.computed(samples.week(1), "fay gus hal ivy"), planned=None).sealed(AT, 1)
    plan = samples.schedule(*WEEK.crews, later)
    found = by_uid(calendar(ROSTER, plan, person="fay", tombstones=True))
    assert [uid for uid, event in found.items() if "STATUS" in event] == ["SET_no-duties_person_fay@setrota"]


def test_of_what_was_planned_again_nobody_knows_whether_it_had_such_an_event() -> None:
    """Neither in a week planned later than the first one, nor if all that there is was planned again."""
    again = replace(samples.computed(samples.week(1), "bo dee eli fay"), planned=None).sealed(AT, 2)
    for plan in (samples.schedule(samples.computed(samples.MONDAY, "cy dee eli fay"), again), samples.schedule(again)):
        assert "no-duties" not in calendar(ROSTER, plan, person="bo", tombstones=True)


def test_an_optional_seat_that_nobody_ever_had_makes_no_event() -> None:
    optional = samples.rotation("lead", "lead shadow", every=Length(2), optional=frozenset({"shadow"}))
    roster = samples.always_served(rotations=optional)
    crew = samples.computed(samples.MONDAY, {"shadow": None}, of=optional)
    assert str(only(calendar(roster, samples.schedule(crew)))["SUMMARY"]) == "No duties planned"
    left = samples.computed(samples.MONDAY, {"shadow": "ana"}, of=optional, changes=[Change(AT, "shadow", "ana", None)])
    assert only(calendar(roster, samples.schedule(left)))["STATUS"] == "CANCELLED"


def test_a_seat_that_waits_for_a_volunteer_is_open() -> None:
    voluntary = samples.rotation("lead", every=Length(2), optional=frozenset({"lead"}))
    roster = samples.always_served(rotations=voluntary)
    plan = samples.schedule(samples.computed(samples.MONDAY, "-", of=voluntary))
    assert str(only(calendar(roster, plan))["SUMMARY"]) == "SET lead: open"


@pytest.mark.parametrize("read", READERS)
def test_readers_agree_on_them(read: Read) -> None:
    (event,) = read(calendar(ROSTER, WEEK, person="fay"))
    assert (event.summary, event.status) == ("No duties planned", "")
    assert (event.start, event.end) == (datetime(2027, 1, 10, tzinfo=UTC), datetime(2027, 1, 11, tzinfo=UTC))
    assert event.categories == ("no-duties",)
    (event,) = read(calendar(ROSTER, given_away(WEEK, "bo", "jo"), person="bo"))
    assert (event.summary, event.status) == ("You are SET primary", "CANCELLED")


@pytest.mark.parametrize("plan", [NOTHING, WEEK, given_away(WEEK, "bo", "jo"), samples.SCHEDULE])
@pytest.mark.parametrize("tombstones", [False, True])
def test_every_file_of_a_folder_has_an_event(plan: Schedule, tombstones: bool) -> None:
    files = folder_files(ROSTER, plan, tombstones=tombstones)
    assert files == folder_files(ROSTER, plan, tombstones=tombstones)
    calendars = [text for name, text in files.items() if name.endswith(".ics")]
    assert len(calendars) == 1 + 2 + 2 + 10
    assert all(marked_events(text) for text in calendars)


# Calendars that belong to nothing any more


@pytest.mark.parametrize("plan", [NOTHING, WEEK])
@pytest.mark.parametrize("name", [None, "Ünicode; with, marks: a line that is folded" * 3])
def test_its_event_says_that_there_are_no_duties(plan: Schedule, name: str | None) -> None:
    text = calendar_without_duties(ROSTER, plan, "person", "zed", name=name)
    event = only(text)
    assert (str(event["SUMMARY"]), str(event["UID"])) == ("No duties planned", "SET_no-duties_person_zed@setrota")
    assert "VTIMEZONE" not in text
    assert name_of_calendar(text.encode()) == (name or ROSTER.name)
