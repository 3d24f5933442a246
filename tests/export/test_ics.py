"""The calendar as text, as identities over time, and as other programs read it."""

import os
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import samples
from calendar_events import by_uid, events
from hostile_names import HOSTILE_NAMES, as_printed
from hypothesis import given
from hypothesis import strategies as st
from readers import READERS, Read
from samples import schedule

from setrota.export.calendars.feeds import calendar, resources
from setrota.export.calendars.identity import sequence, uid
from setrota.roster import Handover, Length, Roster, Rotation, seats_named
from setrota.schedule import Change, Crew, Schedule

FIRST = date(2027, 1, 4)
DECIDED = datetime(2027, 1, 5, 15, 30, tzinfo=UTC)
COVER = Change(DECIDED, "primary", "bo", "ana", start=date(2027, 1, 6), end=date(2027, 1, 8), reason="flu")


def first_week(*changes: Change, revision: int = 1) -> Crew:
    return samples.computed(FIRST, "bo cy dee eli", changes=changes, revision=revision)


def test_a_small_calendar_verbatim() -> None:
    plan = schedule(first_week(), samples.computed(FIRST, "ana", of=samples.LEAD))
    text = calendar(samples.always_served(), plan, person="bo")
    assert "\n" not in text.replace("\r\n", "")
    assert (
        text.replace("\r\n", "\n")
        == """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//setrota//setrota//EN
CALSCALE:GREGORIAN
NAME:Sustained Engineering: Bo Lindqvist
X-WR-CALNAME:Sustained Engineering: Bo Lindqvist
REFRESH-INTERVAL;VALUE=DURATION:PT1H
X-PUBLISHED-TTL:PT1H
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
BEGIN:VEVENT
UID:SET_engineer_2027-01-04_primary_1@setrota
DTSTAMP:20261201T100000Z
LAST-MODIFIED:20261202T055451Z
SEQUENCE:0
DTSTART;TZID=America/Toronto:20270104T090000
DTEND;TZID=America/Toronto:20270111T090000
SUMMARY:You are SET primary
DESCRIPTION:primary: Bo Lindqvist (Channels) @bo.lindqvist\\nbackup: Cy You
 ng (Channels) @cy\\nengineer: Dee Dee (Channels) @dee\\nengineer: Eli Eld (C
 hannels\\, Platform) @eli\\nlead: Ana Silva (Channels) @ana\\nEscalation: pri
 mary → backup → lead
CATEGORIES:primary
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
"""
    )


# Which duties


def summaries(**filters: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in events(calendar(samples.always_served(), samples.SCHEDULE, **filters))]


def test_the_whole_rota_has_an_event_for_each_seat_also_an_empty_one() -> None:
    # 3 weeks of 4 seats and 2 leads.
    assert len(summaries()) == 14
    assert "SET engineer: nobody" in summaries()
    assert "SET engineer: nobody" in summaries(rotation="engineer")


def test_filters_combine_and_leave_empty_seats_out() -> None:
    assert summaries(person="eli") == ["You are SET engineer", "You are SET engineer"]
    assert summaries(team="platform", rotation="lead") == ["SET lead: Jo Jung (Platform)"]
    # Platform: 4 in the second week, Eli twice, Jo once.
    assert len(summaries(team="platform")) == 7
    assert summaries(team="channels", person="fay") == ["No duties planned"]


def test_resources_are_the_whole_rota_s_events_one_by_one() -> None:
    whole = by_uid(calendar(samples.always_served(), samples.SCHEDULE))
    single = resources(samples.always_served(), samples.SCHEDULE)
    assert single.keys() == whole.keys()
    for name, text in single.items():
        (event,) = events(text)
        assert event.to_ical() == whole[name].to_ical()
        assert text.count("BEGIN:VTIMEZONE") == 1
        assert "METHOD" not in text
    assert resources(samples.always_served(), schedule()) == {}


def test_all_calendars_of_a_rota_tell_the_same_of_its_zone() -> None:
    roster = samples.always_served(zone=ZoneInfo("Africa/Casablanca"))
    plan = schedule(first_week(), samples.computed(date(2029, 1, 1), "fay gus hal ivy"))
    zones = {
        calendar(roster, plan, person=person).split("BEGIN:VEVENT")[0].partition("VTIMEZONE")[2]
        for person in ("bo", "fay")
    }
    assert len(zones) == 1


def test_feeds_have_no_method_and_block_nobodys_time() -> None:
    text = calendar(samples.always_served(), samples.SCHEDULE)
    assert "METHOD" not in text
    assert {str(event["TRANSP"]) for event in events(text)} == {"TRANSPARENT"}
    assert text.count("BEGIN:VTIMEZONE") == 1


def test_a_lead_sees_who_serves_in_which_part_of_the_fortnight() -> None:
    (event,) = events(calendar(samples.always_served(), samples.SCHEDULE, person="ana"))
    assert (
        str(event["DESCRIPTION"])
        == """\
lead: Ana Silva (Channels) @ana
Escalation: primary → backup → lead

Mon 4 to Sun 10 Jan 2027:
primary: Bo Lindqvist (Channels) @bo.lindqvist
backup: Cy Young (Channels) @cy
engineer: Dee Dee (Channels) @dee
engineer: Eli Eld (Channels, Platform) @eli

Mon 11 to Sun 17 Jan 2027:
primary: Fay Wray (Platform) @fay
backup: Gus Grau (Platform) @gus
engineer: Hal Hund (Platform) @hal
engineer: Ivy Iversen (Platform) @ivy

You hand over to Jo Jung (Platform) @jo on Mon 18 Jan 2027 09:00 EST"""
    )


def test_who_has_left_the_roster_keeps_the_handle_and_loses_the_mention() -> None:
    people = [person for person in samples.PEOPLE if person.handle != "bo"]
    roster = samples.always_served(people, teams=())
    event = events(calendar(roster, schedule(first_week())))[0]
    assert str(event["SUMMARY"]) == "SET primary: bo"
    assert "@bo" not in str(event["DESCRIPTION"])
    (own,) = events(calendar(roster, schedule(first_week()), person="bo"))
    assert str(own["SUMMARY"]) == "You are SET primary"
    assert "primary: bo\n" in str(own["DESCRIPTION"])


# Identity and revision


def test_another_person_or_another_hour_is_the_same_event() -> None:
    before = by_uid(calendar(samples.always_served(), schedule(first_week())))
    other = samples.computed(FIRST, "fay - hal ivy")
    after = by_uid(
        calendar(samples.always_served(zone=ZoneInfo("Asia/Tokyo"), handover=Handover(0, time(7, 30))), schedule(other))
    )
    assert before.keys() == after.keys()


def test_a_second_seat_of_a_kind_leaves_the_first_its_identity() -> None:
    lone = Rotation(
        "engineer", every=Length(1), pool="engineers", seats=seats_named(("primary", "engineer")), rest=Length(3)
    )
    before = calendar(
        samples.always_served(rotations=[lone]),
        schedule(samples.computed(FIRST, {"primary": "bo", "engineer": "cy"})),
    )
    # The roster has two engineers now; the past week still says `engineer`.
    for seats in ({"primary": "bo", "engineer": "cy"}, {"primary": "bo", "engineer-1": "cy", "engineer-2": "dee"}):
        after = calendar(samples.always_served(), schedule(samples.computed(FIRST, seats)))
        assert by_uid(before).keys() <= by_uid(after).keys()
    assert "SET_engineer_2027-01-04_engineer_1@setrota" in by_uid(before)


def test_a_kind_that_ends_in_a_number_is_no_numbered_seat() -> None:
    tiers = Rotation("support", pool="engineers", seats=seats_named(("tier-1", "tier-2", "tier-2")), rest=Length(3))
    roster = samples.always_served(rotations=[tiers])
    crew = samples.computed(
        FIRST, {"tier-1": "bo", "tier-2-1": "cy", "tier-2-2": "dee"}, of=samples.rotation("support")
    )
    assert uid(roster, crew, "tier-1") == "SET_support_2027-01-04_tier-1_1@setrota"
    assert uid(roster, crew, "tier-2-2") == "SET_support_2027-01-04_tier-2_2@setrota"
    assert uid(roster, crew, "tier-2") == uid(roster, crew, "tier-2-1")


def test_a_rota_with_an_odd_name_has_identities_of_safe_characters() -> None:
    assert uid(samples.always_served(short_name="Sü T_1/\n"), first_week(), "primary") == (
        "S%C3%BC%20T%5F1%2F%0A_engineer_2027-01-04_primary_1@setrota"
    )


def test_a_cover_of_some_days_shortens_the_event_and_adds_segments() -> None:
    found = by_uid(calendar(samples.always_served(), schedule(first_week(COVER)), rotation="engineer"))
    base = "SET_engineer_2027-01-04_primary_1"
    told = {
        key: (str(found[key]["SUMMARY"]), found[key]["DTSTART"].dt.day, found[key]["DTEND"].dt.day)
        for key in found
        if key.startswith(base)
    }
    assert told == {
        f"{base}@setrota": ("SET primary: Bo Lindqvist (Channels)", 4, 6),
        f"{base}_2@setrota": ("SET primary: Ana Silva (Channels)", 6, 8),
        f"{base}_3@setrota": ("SET primary: Bo Lindqvist (Channels)", 8, 11),
    }


def test_sequence_rises_with_every_kind_of_revision() -> None:
    assert sequence(first_week(), "primary") == 0
    assert sequence(first_week(COVER), "primary") == 1
    # A change of one seat revises no other.
    assert sequence(first_week(COVER), "backup") == 0
    # Planned a third time: two revisions.
    assert sequence(first_week(COVER, revision=3), "primary") == 3
    edited = replace(first_week(revision=2), seats={**first_week().seats, "primary": "fay"})
    assert sequence(edited, "primary") == 2
    # Written by hand: nothing was planned that could have been revised.
    assert sequence(samples.crew(FIRST, "bo cy dee eli"), "primary") == 0


def stamps(plan: Schedule) -> set[str]:
    found = by_uid(calendar(samples.always_served(), plan, rotation="engineer")).values()
    return {event["DTSTAMP"].to_ical().decode() for event in found}


def test_stamps_are_those_of_the_last_decision() -> None:
    assert stamps(schedule(first_week())) == {"20261201T100000Z"}
    assert stamps(schedule(first_week(COVER))) == {"20270105T153000Z"}
    # By hand, nothing recorded: before whatever is recorded later.
    assert stamps(schedule(samples.crew(FIRST, "bo cy dee eli"))) == {"20000101T000000Z"}


def test_stamps_move_when_only_the_description_does() -> None:
    changed = replace(samples.computed(FIRST, "ana", of=samples.LEAD), changes=(Change(DECIDED, "lead", "ana", "jo"),))
    assert stamps(schedule(first_week(), changed)) == {"20270105T153000Z"}


def test_the_reason_of_a_cover_is_nowhere() -> None:
    assert "flu" not in calendar(samples.always_served(), schedule(first_week(COVER)))


SCRIPT = """
import sys
import samples
from setrota.export.calendars.feeds import calendar
sys.stdout.buffer.write(calendar(samples.always_served(), samples.SCHEDULE).encode())
"""


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_every_process_writes_the_same_bytes(seed: str) -> None:
    paths = os.pathsep.join([str(Path(__file__).parents[1]), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths, "TZ": "Asia/Tokyo"}
    written = subprocess.run([sys.executable, "-c", SCRIPT], env=environment, capture_output=True, check=True).stdout
    assert written == calendar(samples.always_served(), samples.SCHEDULE).encode()


# Other programs

Seen = tuple[datetime, datetime, str]


def seen(read: Read, text: str) -> list[Seen]:
    return sorted((told.start, told.end, told.summary) for told in read(text))


def expected(roster: Roster, plan: Schedule, name: Callable[[str], str] = str) -> list[Seen]:
    """What a reader must see, told without the export: a summary a duty and the handovers as instants."""

    def instant(day: date) -> datetime:
        return datetime.combine(day, roster.handover.time, tzinfo=roster.zone).astimezone(UTC)

    found = []
    for duty in plan.duties():
        kind = duty.seat.partition("-")[0]
        who = "nobody"
        if duty.person:
            teams = ", ".join(roster.teams[key].name for key in roster.teams_of(duty.person))
            who = f"{name(roster.people[duty.person].name)} ({teams})"
        found.append((instant(duty.start), instant(duty.end), f"SET {kind}: {who}"))
    return sorted(found)


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_readers_see_nasty_names_as_text(read: Read, name: str) -> None:
    roster = samples.served_always(samples.renamed(name))
    text = calendar(roster, samples.SCHEDULE)
    assert seen(read, text) == expected(roster, samples.SCHEDULE, as_printed)


def test_lines_are_folded_on_characters_within_75_octets() -> None:
    roster = samples.served_always(samples.renamed("🦄" * 300))
    lines = calendar(roster, samples.SCHEDULE).encode().split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert all(line.decode() for line in lines[:-1])


@pytest.mark.no_cover  # quicker tests run the same lines
@given(st.text(max_size=40), st.text(max_size=10))
def test_no_name_adds_a_line_or_a_property(name: str, short_name: str) -> None:
    roster = samples.served_always(samples.renamed(name, short_name=short_name))
    text = calendar(roster, schedule(first_week()))
    assert len(events(text)) == 4
    known = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION"}
    assert all(set(event) == known | {"CATEGORIES", "TRANSP"} for event in events(text))
    assert not any(unicodedata.category(c) == "Cc" for c in text.replace("\r\n", ""))


# A reader looks a zone up in a database of its own, which may be of another year: the past is the same in all of them.
PAST = date(2024, 1, 1)
ZONES = (
    "America/Toronto", "Europe/Berlin", "Europe/Dublin", "Australia/Sydney", "Australia/Lord_Howe", "America/Santiago",
    "America/Nuuk", "Africa/Casablanca", "Africa/Cairo", "Asia/Gaza", "Asia/Kolkata", "Asia/Kathmandu", "Africa/Accra",
    "Pacific/Chatham", "Antarctica/Troll", "UTC", "Etc/GMT+5",
)  # fmt: skip


def year_of(person: str, of: Rotation, zone: ZoneInfo) -> Schedule:
    """The weeks of a year around the changes of a zone's clock, and one of each quarter."""
    days = [PAST + timedelta(weeks=number) for number in range(55)]
    offsets = [datetime.combine(day, time(9), zone).utcoffset() for day in days]
    telling = [number for number in range(1, 53) if number % 13 == 0 or len({*offsets[number - 1 : number + 3]}) > 1]
    return schedule(samples.computed(days[number], person, of=of) for number in telling)


@pytest.mark.no_cover  # what this compares is run by quicker tests, too
@pytest.mark.parametrize("zone", ZONES)
def test_readers_agree_on_instants_around_changes_of_the_clock(zone: str) -> None:
    one_seat = samples.rotation("engineer")  # whatever the seat, the instants are those of the handovers
    roster = samples.always_served(rotations=one_seat, zone=ZoneInfo(zone))
    plan = year_of("bo", one_seat, roster.zone)
    text = calendar(roster, plan)
    wanted = expected(roster, plan)
    for read in READERS:
        assert seen(read, text) == wanted, read.__name__


def test_a_handover_in_a_skipped_hour_is_the_instant_on_the_new_clock() -> None:
    # Sunday 2027-03-14 02:30 EST doesn't exist in Toronto: the handover is 03:30 summer time, 07:30 UTC.
    sunday = date(2027, 3, 14)
    roster = samples.always_served(handover=Handover(0, time(2, 30)))
    text = calendar(roster, schedule(samples.computed(sunday, "bo cy dee eli")))
    assert "DTSTART;TZID=America/Toronto:20270314T033000" in text
    for read in READERS:
        assert {told.start for told in read(text)} == {datetime(2027, 3, 14, 7, 30, tzinfo=UTC)}, read.__name__
