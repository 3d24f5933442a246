"""What calendars have of duties in which service pauses: an event a stretch, or one for all; identities, reminders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from time import process_time
from typing import Any

import cadences
import pytest
import samples
from cadences import ROTATIONS, hours
from calendar_events import by_uid, events, of_category
from readers import READERS, Read

from setrota.dates.periods import point_at
from setrota.export.calendars.feeds import calendar
from setrota.roster import ALWAYS, Closed, Handover, Length, Roster, Rotation
from setrota.roster.notes import Brief, Meeting, Notes
from setrota.schedule import Change, Crew, Schedule

FIRST, WEEK, DAY = date(2027, 1, 4), timedelta(weeks=1), timedelta(days=1)
NIGHTS_OF_FIRST_WEEK = [
    ("", "Mon 4 17:30", "Tue 5 09:30"),
    ("_2027-01-05", "Tue 5 17:30", "Wed 6 09:30"),
    ("_2027-01-06", "Wed 6 17:30", "Thu 7 09:30"),
    ("_2027-01-07", "Thu 7 17:30", "Fri 8 09:30"),
    ("_2027-01-08", "Fri 8 17:30", "Mon 11 09:30"),
]


def rota(*rotations: str | Rotation, weeks: int = 1, **facts: Any) -> tuple[Roster, Schedule]:
    known = [ROTATIONS[each] if isinstance(each, str) else each for each in rotations]
    roster = samples.roster("ana bo cy dee", known, **facts)
    return roster, cadences.schedule(roster, FIRST, FIRST + weeks * WEEK)


def told(text: str, base: str) -> list[tuple[str, str, str]]:
    """The events whose identities begin like this: the rest of it, and when they start and end."""
    return [
        (uid.removeprefix(base).removesuffix("@setrota"), *(_clock(event[name].dt) for name in ("DTSTART", "DTEND")))
        for uid, event in by_uid(text).items()
        if uid.startswith(base)
    ]


def _clock(moment: datetime) -> str:
    return f"{moment:%a} {moment.day} {moment:%H:%M}"


def covered(roster: Roster, schedule: Schedule, start: str, end: str, now: str = "dee") -> Schedule:
    """Someone takes a seat over, to the minute."""
    name = next(iter(roster.rotations))
    points = [point_at(roster, name, datetime.fromisoformat(at).replace(tzinfo=roster.zone)) for at in (start, end)]
    crew = schedule.crew_on(name, points[0])
    assert crew is not None
    change = Change(samples.PLANNED_AT, "primary", crew.seats["primary"], now, start=points[0], end=points[1])
    return schedule.updated([replace(crew, changes=(*crew.changes, change))])


def test_a_working_week_is_one_event() -> None:
    workweek = replace(ROTATIONS["workweek"], every=Length(1))
    text = calendar(*rota(workweek, weeks=2))
    assert told(text, "SET_workweek_2027-01-04_primary_1") == [("", "Mon 4 09:00", "Sat 9 09:00")]
    assert told(text, "SET_workweek_2027-01-11_primary_1") == [("", "Mon 11 09:00", "Sat 16 09:00")]


def test_a_week_that_is_served_throughout_is_one_from_handover_to_handover() -> None:
    assert told(calendar(*rota("weekly")), "SET_weekly_2027-01-04_primary_1") == [("", "Mon 4 09:00", "Mon 11 09:00")]


def test_nights_are_an_event_each() -> None:
    assert told(calendar(*rota("night")), "SET_night_2027-01-04_primary_1") == NIGHTS_OF_FIRST_WEEK


@pytest.mark.parametrize("read", READERS)
def test_readers_see_the_same_instants(read: Read) -> None:
    roster, schedule = rota("night")
    expected = [
        (datetime(2027, 1, day, 22, 30, tzinfo=UTC), datetime(2027, 1, until, 14, 30, tzinfo=UTC))
        for day, until in ((4, 5), (5, 6), (6, 7), (7, 8), (8, 11))
    ]
    assert [(event.start, event.end) for event in read(calendar(roster, schedule))] == expected


def test_a_closed_day_shortens_or_parts_an_event_and_leaves_the_others_as_they_are() -> None:
    workweek = replace(ROTATIONS["workweek"], every=Length(1))
    closed = Closed(((date(2027, 1, 6), date(2027, 1, 7)),))
    assert told(calendar(*rota(workweek, closed=closed)), "SET_workweek_2027-01-04_primary_1") == [
        ("", "Mon 4 09:00", "Wed 6 09:00"),
        ("_2027-01-07", "Thu 7 09:00", "Sat 9 09:00"),
    ]
    nights = told(calendar(*rota("night", closed=closed)), "SET_night_2027-01-04_primary_1")
    assert nights == [each for each in NIGHTS_OF_FIRST_WEEK if "Wed 6 17:30" not in each]
    monday = Closed(((date(2027, 1, 4), date(2027, 1, 5)),))
    assert told(calendar(*rota("night", closed=monday)), "SET_night_2027-01-04_primary_1") == NIGHTS_OF_FIRST_WEEK[1:]


def test_a_period_in_which_nothing_is_served_has_no_event_and_loses_the_one_it_had() -> None:
    closed = Closed(((date(2027, 1, 4), date(2027, 1, 11)),))
    roster, schedule = rota("weekly", weeks=2, closed=closed)
    assert told(calendar(roster, schedule), "SET_weekly_2027-01-04") == []
    gone = by_uid(calendar(roster, schedule, tombstones=True))
    cancelled = [uid for uid, event in gone.items() if event.get("STATUS") == "CANCELLED"]
    assert cancelled == [f"SET_weekly_2027-01-04_{seat}_1@setrota" for seat in ("primary", "backup")]


def test_a_cover_of_one_night_changes_that_event_alone() -> None:
    roster, schedule = rota("night")
    after = calendar(roster, covered(roster, schedule, "2027-01-06T17:30", "2027-01-07T17:30"))
    assert told(after, "SET_night_2027-01-04_primary_1") == NIGHTS_OF_FIRST_WEEK
    people = {uid: str(event["SUMMARY"]) for uid, event in by_uid(after).items()}
    assert [uid for uid, summary in people.items() if "dee" in summary] == [
        "SET_night_2027-01-04_primary_1_2027-01-06@setrota"
    ]


def test_a_cover_within_a_night_parts_it_at_the_minute() -> None:
    roster, schedule = rota("night")
    after = calendar(roster, covered(roster, schedule, "2027-01-06T20:15", "2027-01-06T22:45"))
    assert told(after, "SET_night_2027-01-04_primary_1_2027-01-06") == [
        ("", "Wed 6 17:30", "Wed 6 20:15"),
        ("_2", "Wed 6 20:15", "Wed 6 22:45"),
        ("_3", "Wed 6 22:45", "Thu 7 09:30"),
    ]
    evening = by_uid(after)["SET_night_2027-01-04_primary_1_2027-01-06_2@setrota"]
    assert "Takes over from ana (All) @ana on Wed 6 Jan 2027 20:15 EST" in str(evening["DESCRIPTION"])
    assert "Hands over to ana (All) @ana on Wed 6 Jan 2027 22:45 EST" in str(evening["DESCRIPTION"])
    week = covered(*rota("weekly"), "2027-01-06T14:00", "2027-01-08T10:30")
    found = by_uid(calendar(rota("weekly")[0], week))["SET_weekly_2027-01-04_primary_1_2@setrota"]
    assert (_clock(found["DTSTART"].dt), _clock(found["DTEND"].dt)) == ("Wed 6 14:00", "Fri 8 10:30")


def test_weekend_days_of_a_working_week_that_someone_covers_are_no_event() -> None:
    roster, schedule = rota(replace(ROTATIONS["workweek"], every=Length(1)))
    after = calendar(roster, covered(roster, schedule, "2027-01-09T09:00", "2027-01-11T09:00"))
    assert told(after, "SET_workweek_2027-01-04") == [("_primary_1", "Mon 4 09:00", "Sat 9 09:00")]


OFFICE = replace(ROTATIONS["office"], every=Length(3))


@pytest.mark.parametrize(
    ("rotation", "choice", "number"),
    [("night", None, 5), ("night", "periods", 1), (OFFICE, None, 1), (OFFICE, "spans", 15), ("weekly", "spans", 1)],
)
def test_many_spans_are_one_event_unless_the_roster_says_otherwise(
    rotation: str | Rotation, choice: Any, number: int
) -> None:
    roster, schedule = rota(rotation, notes=Notes(events=choice))
    found = [event for event in events(calendar(roster, schedule)) if "primary" in event["SUMMARY"]]
    assert len(found) == number
    if number == 1 and rotation != "weekly":
        hours_of = "Mon-Thu 17:30-09:30, Fri 17:30 - Mon 09:30" if rotation == "night" else "Mon-Fri 09:30-17:30"
        assert str(found[0]["DESCRIPTION"]).startswith(f"On duty: {hours_of}\n")
        end = "Mon 11 09:30" if rotation == "night" else "Fri 22 17:30"
        assert _clock(found[0]["DTEND"].dt) == end


def alarms(text: str) -> list[bool]:
    return [bool(event.walk("VALARM")) for event in events(text)]


@pytest.mark.parametrize(
    ("alarm", "reminded"),
    [
        # Between two nights there are eight hours.
        (timedelta(hours=7), [True] * 5),
        (timedelta(days=1), [True, False, False, False, False]),
    ],
)
def test_people_are_reminded_before_what_they_are_not_on_duty_before(alarm: timedelta, reminded: list[bool]) -> None:
    roster, schedule = rota("night", notes=Notes(alarm=alarm))
    assert alarms(calendar(roster, schedule, person="ana")) == reminded


def test_the_last_start_s_end_is_not_known() -> None:
    roster = samples.roster("ana bo", [ROTATIONS["release"]])
    found = events(calendar(roster, cadences.schedule(roster, FIRST, date(2027, 12, 31))))
    said = "Lasts until the next start of the rotation, which isn't known yet"
    assert [said in str(event["DESCRIPTION"]) for event in found] == [False, False, False, True]


def test_a_moved_turn_keeps_its_identity() -> None:
    roster, schedule = rota("weekly")
    crew = replace(schedule.crews[0], first_planned=date(2027, 1, 2))
    assert set(by_uid(calendar(roster, Schedule("SET", (crew,))))) == {
        f"SET_weekly_2027-01-02_{seat}_1@setrota" for seat in ("primary", "backup")
    }


def test_crews_that_change_daily_meet_once_a_week() -> None:
    notes = Notes(brief=Brief(weekday=4, time=time(15)))
    roster, schedule = rota("daily", "weekly", weeks=3, notes=notes)
    found = of_category(calendar(roster, schedule), "handover")
    assert [_clock(event["DTSTART"].dt) for event in found] == [
        "Fri 1 15:00",
        "Fri 8 15:00",
        "Fri 15 15:00",
        "Fri 22 15:00",
    ]
    # From Saturday to Friday there are seven handovers of `daily`, and one of `weekly`.
    second = str(found[1]["DESCRIPTION"])
    assert [line for line in second.splitlines() if line.startswith("On ")] == [
        "On Sat 9 Jan 2027 09:00 EST:", "On Sun 10 Jan 2027 09:00 EST:", "On Mon 11 Jan 2027 09:00 EST:",
        "On Tue 12 Jan 2027 09:00 EST:", "On Wed 13 Jan 2027 09:00 EST:", "On Thu 14 Jan 2027 09:00 EST:",
        "On Fri 15 Jan 2027 09:00 EST:",
    ]  # fmt: skip
    assert len({str(event["UID"]) for event in found}) == len(found)


def test_who_attends_a_meeting_is_decided_at_its_moment() -> None:
    stand_up = Meeting(name="Stand-up", weekday=2, time=time(14), duration=timedelta(minutes=15))
    roster, schedule = rota("weekly", notes=Notes(meetings=(stand_up,)))
    for start, there in (("13:59", "dee"), ("14:00", "dee"), ("14:01", "ana")):
        after = covered(roster, schedule, f"2027-01-06T{start}", "2027-01-06T15:00")
        [event] = of_category(calendar(roster, after), "meeting")
        assert f"primary: {there} (All)" in str(event["DESCRIPTION"])


def long_plan(rotation: Rotation, number: int) -> tuple[Roster, Schedule]:
    roster = samples.roster("ana bo cy dee", [rotation])
    crews: Iterable[Crew] = cadences.schedule(roster, date(2000, 1, 3), date(2000, 1, 3) + number * DAY).crews
    return roster, Schedule("SET", tuple(crews))


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(
    "rotation",
    [
        samples.rotation("daily", "primary", every=Length(1, "days"), serves=ALWAYS, handover=Handover(None, time(9))),
        samples.rotation("day", "primary", serves=(hours(range(7), time(9), time(17)),)),
    ],
    ids=lambda rotation: rotation.name,
)
def test_thousands_of_days_are_written_in_seconds(rotation: Rotation) -> None:
    roster, schedule = long_plan(rotation, 2100)
    began = process_time()
    text = calendar(roster, schedule)
    assert process_time() - began < 3
    assert text.count("BEGIN:VEVENT") == 2100
