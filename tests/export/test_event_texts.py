"""What the event of a duty tells: in the whole rota's calendar, and in the calendar of whoever has the duty."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import samples
from calendar_events import by_uid, events, of_category
from hypothesis import given, settings
from hypothesis import strategies as st

from setrota.export.calendars.duty_texts import span_of
from setrota.export.calendars.feeds import calendar
from setrota.roster import Roster
from setrota.roster.notes import Brief, Meeting, Notes, SeatText, Source
from setrota.schedule import Change, Schedule

NOTES = Notes(
    seats={
        "primary": SeatText("Primary", "Takes every escalation first.\nHand over what you can't take."),
        "lead": SeatText("Team lead"),
    },
    sources=(
        Source("Ticket board", "https://tickets.example.com/", "twice a day"),
        Source("The corridor", None, "on the way"),
        Source("Pager", "https://pager.example.com/"),
    ),
    reminder="You still attend your own team's sprint planning.",
)
ROSTER = samples.always_served(notes=NOTES)

# Cy has a week off between two duties; Bo is backup when Cy is primary.
PLAN = samples.SCHEDULE


def text_of(roster: Roster, plan: Schedule, uid: str, **filters: str) -> str:
    return str(by_uid(calendar(roster, plan, **filters))[uid]["DESCRIPTION"])


def test_what_the_whole_rota_s_calendar_tells_of_a_duty() -> None:
    event = by_uid(calendar(ROSTER, PLAN))["SET_engineer_2027-01-11_primary_1@setrota"]
    assert str(event["SUMMARY"]) == "SET primary: Fay Wray (Platform)"
    assert (
        str(event["DESCRIPTION"])
        == """\
Takes every escalation first.
Hand over what you can't take.

Primary: Fay Wray (Platform) @fay
backup: Gus Grau (Platform) @gus
engineer: Hal Hund (Platform) @hal
engineer: Ivy Iversen (Platform) @ivy
Team lead: Ana Silva (Channels) @ana
Escalation: primary → backup → Team lead

Takes over from Bo Lindqvist (Channels) @bo.lindqvist on Mon 11 Jan 2027 09:00 EST
Hands over to Cy Young (Channels) @cy on Mon 18 Jan 2027 09:00 EST

Ticket board (twice a day): https://tickets.example.com/
Pager: https://pager.example.com/

You still attend your own team's sprint planning."""
    )


def test_one_s_own_calendar_speaks_to_its_owner() -> None:
    event = by_uid(calendar(ROSTER, PLAN, person="cy"))["SET_engineer_2027-01-18_primary_1@setrota"]
    assert str(event["SUMMARY"]) == "You are SET primary"
    assert (
        str(event["DESCRIPTION"])
        == """\
Takes every escalation first.
Hand over what you can't take.

Primary: Cy Young (Channels) @cy
backup: Bo Lindqvist (Channels) @bo.lindqvist
engineer: Eli Eld (Channels, Platform) @eli
engineer: nobody
Team lead: Jo Jung (Platform) @jo
Escalation: primary → backup → Team lead

You take over from Fay Wray (Platform) @fay on Mon 18 Jan 2027 09:00 EST

Your duty before: backup, Mon 4 to Sun 10 Jan 2027

Ticket board (twice a day): https://tickets.example.com/
Pager: https://pager.example.com/

You still attend your own team's sprint planning."""
    )


def test_in_one_s_own_calendar_it_says_when_the_crews_meet() -> None:
    meeting = samples.always_served(notes=NOTES._replace(brief=Brief(weekday=4, time=time(15))))
    uid = "SET_engineer_2027-01-11_primary_1@setrota"
    mine = text_of(meeting, PLAN, uid, person="fay").split("\n\n")
    assert mine[2] == (
        "You take over from Bo Lindqvist (Channels) @bo.lindqvist on Mon 11 Jan 2027 09:00 EST;"
        " handover meeting on Fri 8 Jan 15:00 EST\n"
        "You hand over to Cy Young (Channels) @cy on Mon 18 Jan 2027 09:00 EST;"
        " handover meeting on Fri 15 Jan 15:00 EST"
    )
    assert "meeting" not in text_of(meeting, PLAN, uid)
    # No crew meets another in the middle of a week.
    cover = Change(datetime(2027, 1, 5, tzinfo=UTC), "primary", "bo", "ana", start=date(2027, 1, 6))
    shared = PLAN.updated([samples.computed(date(2027, 1, 4), "bo cy dee eli", changes=[cover])])
    bo = text_of(meeting, shared, "SET_engineer_2027-01-04_primary_1@setrota", person="bo")
    assert "You hand over to Ana Silva (Channels) @ana on Wed 6 Jan 2027 09:00 EST\n" in bo
    ana = text_of(meeting, shared, "SET_engineer_2027-01-04_primary_1_2@setrota", person="ana")
    assert "on Mon 11 Jan 2027 09:00 EST; handover meeting on Fri 8 Jan 15:00 EST" in ana


def test_crews_that_change_meanwhile_stand_in_blocks() -> None:
    # The first week's primary is covered on its Thursday; the engineers' second week begins on a Wednesday of its own.
    cover = Change(
        datetime(2027, 1, 5, tzinfo=UTC), "primary", "bo", "ana", start=date(2027, 1, 7), end=date(2027, 1, 8)
    )
    first = samples.computed(date(2026, 12, 30), "bo cy dee eli", changes=[cover])
    second = samples.computed(date(2027, 1, 6), "bo cy dee eli", changes=[cover])
    plan = samples.schedule(first, second, samples.computed(date(2027, 1, 4), "jo", of=samples.LEAD))
    text = text_of(ROSTER, plan, "SET_lead_2027-01-04_lead_1@setrota").split("\n\n")
    assert text[0].splitlines()[0] == "Team lead: Jo Jung (Platform) @jo"
    assert text[1].splitlines()[:2] == [
        "Mon 4 to Tue 5 Jan 2027:",
        "Primary: Bo Lindqvist (Channels) @bo.lindqvist",
    ]
    assert text[2].splitlines()[:4] == [
        "Wed 6 to Tue 12 Jan 2027:",
        "Primary: Bo Lindqvist (Channels) @bo.lindqvist until Thu 7 Jan 2027",
        "Primary: Ana Silva (Channels) @ana from Thu 7 Jan 2027 until Fri 8 Jan 2027",
        "Primary: Bo Lindqvist (Channels) @bo.lindqvist from Fri 8 Jan 2027",
    ]


def test_duties_before_and_after() -> None:
    first = text_of(ROSTER, PLAN, "SET_engineer_2027-01-04_primary_1@setrota", person="bo")
    assert "Your next duty: backup, Mon 18 to Sun 24 Jan 2027" in first
    assert "duty before" not in first
    shared = text_of(ROSTER, PLAN, "SET_engineer_2027-01-04_primary_1@setrota")
    assert "\nNext duty: backup, Mon 18 to Sun 24 Jan 2027" in shared
    # Over the turn of a month, and of a year.
    long = samples.schedule(
        samples.computed(date(2026, 12, 28), "ana", of=samples.LEAD),
        samples.computed(date(2027, 1, 11), "jo", of=samples.LEAD),
        samples.computed(date(2027, 1, 25), "ana", of=samples.LEAD),
    )
    assert "Your next duty: Team lead, Mon 25 Jan to Sun 7 Feb 2027" in text_of(
        ROSTER, long, "SET_lead_2026-12-28_lead_1@setrota", person="ana"
    )
    assert "Your duty before: Team lead, Mon 28 Dec 2026 to Sun 10 Jan 2027" in text_of(
        ROSTER, long, "SET_lead_2027-01-25_lead_1@setrota", person="ana"
    )


def test_in_a_week_shared_by_a_cover_the_seat_goes_back_and_forth() -> None:
    cover = Change(
        datetime(2027, 1, 5, tzinfo=UTC), "primary", "bo", "ana", start=date(2027, 1, 6), end=date(2027, 1, 8)
    )
    plan = samples.schedule(samples.computed(date(2027, 1, 4), "bo cy dee eli", changes=[cover]))
    uid = "SET_engineer_2027-01-04_primary_1"
    mine = {part: text_of(ROSTER, plan, f"{uid}{part}@setrota", person="bo") for part in ("", "_3")}
    assert "You hand over to Ana Silva (Channels) @ana on Wed 6 Jan 2027 09:00 EST" in mine[""]
    assert "Your next duty: primary, Fri 8 to Sun 10 Jan 2027" in mine[""]
    assert "You take over from Ana Silva (Channels) @ana on Fri 8 Jan 2027 09:00 EST" in mine["_3"]
    hers = text_of(ROSTER, plan, f"{uid}_2@setrota", person="ana")
    assert "You take over from Bo Lindqvist (Channels) @bo.lindqvist on Wed 6 Jan 2027 09:00 EST" in hers
    assert "You hand over to Bo Lindqvist (Channels) @bo.lindqvist on Fri 8 Jan 2027 09:00 EST" in hers


def test_an_empty_seat_tells_its_crew_and_no_more_of_nobody() -> None:
    text = text_of(ROSTER, PLAN, "SET_engineer_2027-01-18_engineer_2@setrota")
    assert "Primary: Cy Young (Channels) @cy" in text
    assert "ver to" not in text
    assert "sprint planning" not in text
    before = text_of(ROSTER, PLAN, "SET_engineer_2027-01-11_engineer_2@setrota", person="ivy")
    assert "You hand over to nobody on Mon 18 Jan 2027 09:00 EST" in before


def test_whoever_keeps_a_seat_hands_nothing_over() -> None:
    plan = samples.schedule(
        samples.computed(date(2027, 1, 4), "ana", of=samples.LEAD),
        samples.computed(date(2027, 1, 18), "ana", of=samples.LEAD),
    )
    text = calendar(ROSTER, plan, person="ana")
    assert "over" not in "".join(str(event["DESCRIPTION"]) for event in events(text))


def test_the_title_of_a_rotation_s_own_kind_of_seat() -> None:
    notes = Notes(
        seats={"primary": SeatText("Primary"), "engineer/primary": SeatText("First responder", "You answer.")}
    )
    text = text_of(samples.always_served(notes=notes), PLAN, "SET_engineer_2027-01-11_primary_1@setrota")
    assert text.startswith("You answer.\n\nFirst responder: Fay Wray")
    assert "Escalation: First responder → backup → lead" in text


def test_what_a_rotation_s_own_kind_does_not_say_is_that_of_the_kind() -> None:
    texts = {"primary": SeatText("Primary", "Takes every call."), "engineer/primary": SeatText("First responder")}
    text = text_of(samples.always_served(notes=Notes(seats=texts)), PLAN, "SET_engineer_2027-01-11_primary_1@setrota")
    assert text.startswith("Takes every call.\n\nFirst responder: Fay Wray")
    texts = {"primary": SeatText("Primary", "Takes every call."), "engineer/primary": SeatText(None, "Answers.")}
    text = text_of(samples.always_served(notes=Notes(seats=texts)), PLAN, "SET_engineer_2027-01-11_primary_1@setrota")
    assert text.startswith("Answers.\n\nPrimary: Fay Wray")


# Alarms


def alarms(text: str) -> list[tuple[str, timedelta]]:
    return [
        (str(event["UID"]), alarm["TRIGGER"].dt)
        for event in events(text)
        for alarm in event.subcomponents
        if alarm.name == "VALARM" and alarm["ACTION"] == "DISPLAY"
    ]


def test_alarms_are_off_and_only_for_one_s_own_duties() -> None:
    meeting = Meeting(name="Call", weekday=2, time=datetime.min.time(), duration=timedelta(hours=1))
    notes = Notes(alarm=timedelta(days=1), meetings=(meeting,), brief=Brief(weekday=4, time=datetime.min.time()))
    remind = samples.always_served(notes=notes)
    assert "VALARM" not in calendar(ROSTER, PLAN, person="bo")
    own = alarms(calendar(remind, PLAN, person="bo"))
    assert [trigger for _, trigger in own] == [timedelta(days=-1)] * 2
    assert {uid.split("_")[1] for uid, _ in own} == {"engineer"}
    assert "TRIGGER:-P1D\r\n" in calendar(remind, PLAN, person="bo")
    for filters in ({}, {"team": "channels"}, {"rotation": "engineer"}):
        assert "VALARM" not in calendar(remind, PLAN, **filters)


# Text that tries to be more

HOSTILE = (
    "x\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "@channel",
    "@here: <!everyone>",
    "[click](https://evil.example.com)",
    "=cmd|'/C calc'!A0",
    "<script>alert(1)</script>",
    "../../etc/passwd",
    "\\n\\, \\;",
)


def hostile(word: str) -> Roster:
    """A roster in which everything that people write is this."""
    notes = Notes(
        seats={"primary": SeatText(word, f"{word}\n{word}")},
        meetings=(
            Meeting(
                name=word,
                weekday=2,
                time=datetime.min.time(),
                duration=timedelta(hours=1),
                description=word,
                location=word,
                link=word,
            ),
        ),
        sources=(Source(word, f"https://example.com/{word}", word, word),),
        brief=Brief(weekday=4, time=datetime.min.time(), checklist=(word,), priorities=(word,), triage=(word,)),
        reminder=word,
        alarm=timedelta(days=1),
    )
    roster = samples.renamed(word, short_name=word, notes=notes)
    teams = {key: replace(team, name=word) for key, team in roster.teams.items()}
    return replace(roster, name=word, teams=teams)


KNOWN = {"UID", "DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "LOCATION", "URL",
         "CATEGORIES", "TRANSP", "STATUS"}  # fmt: skip


def insist_on_plain(word: str) -> None:
    roster = hostile(word)
    for person in (None, "bo"):
        text = calendar(roster, PLAN, person=person, tombstones=True)
        assert "\n" not in text.replace("\r\n", "")
        assert max(len(line) for line in text.encode().split(b"\r\n")) <= 75
        assert len(events(text)) == len(events(calendar(ROSTER_OF_EVENTS, PLAN, person=person)))
        assert all(set(event) <= KNOWN for event in events(text))
        shown = "".join(str(event.get(key, "")) for event in events(text) for key in ("SUMMARY", "DESCRIPTION"))
        assert "@channel" not in shown
        assert "@here" not in shown


ROSTER_OF_EVENTS = hostile("plain")


@pytest.mark.parametrize("word", HOSTILE)
def test_what_people_write_is_only_text(word: str) -> None:
    insist_on_plain(word)


@pytest.mark.no_cover  # quicker tests run the same lines
@settings(max_examples=20, deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=()), min_size=1, max_size=30))
def test_whatever_people_write_is_only_text(word: str) -> None:
    insist_on_plain(word)


def test_an_address_stays_an_address() -> None:
    meeting = Meeting(
        name="Call",
        weekday=2,
        time=datetime.min.time(),
        duration=timedelta(hours=1),
        description="Ask sana@here.example.com, @here.",
    )
    text = calendar(samples.always_served(notes=Notes(meetings=(meeting,))), PLAN)
    (event, *_) = of_category(text, "meeting")
    assert "Ask sana@here.example.com, \uff20here." in str(event["DESCRIPTION"])


@pytest.mark.parametrize(
    ("end", "text"),
    [
        (date(2027, 1, 12), "Mon 11 Jan 2027"),
        (date(2027, 1, 18), "Mon 11 to Sun 17 Jan 2027"),
        (date(2027, 2, 2), "Mon 11 Jan to Mon 1 Feb 2027"),
        (date(2028, 1, 10), "Mon 11 Jan 2027 to Sun 9 Jan 2028"),
    ],
)
def test_days_are_as_short_as_they_can_be(end: date, text: str) -> None:
    assert span_of(date(2027, 1, 11), end) == text
