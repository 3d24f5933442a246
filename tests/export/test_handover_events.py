"""The meeting of the crew that goes with the one that comes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import icalendar
import pytest
import samples
from calendar_events import of_category

from setrota.export.calendars.feeds import calendar
from setrota.roster import Handover, Roster
from setrota.roster.notes import Brief, Notes
from setrota.schedule import Change, Schedule

FRIDAY = Brief(weekday=4, time=time(15), checklist=("Everything has an owner", "The pager rings"))


def with_brief(brief: Brief = FRIDAY, **others: object) -> Roster:
    return replace(samples.roster(notes=Notes(brief=brief)), **others)


def handovers(roster: Roster, plan: Schedule = samples.SCHEDULE, **filters: str) -> list[icalendar.Event]:
    return of_category(calendar(roster, plan, **filters), "handover")


def test_on_the_friday_before_crews_change() -> None:
    found = handovers(with_brief())
    # The plan begins on the 4th of January and ends with January: nobody to take over from, nobody to hand over to.
    assert [str(event["UID"]) for event in found] == [
        "SET_handover_2027-01-11@setrota",
        "SET_handover_2027-01-18@setrota",
    ]
    assert [f"{event.start:%a %m-%d %H:%M}" for event in found] == ["Fri 01-08 15:00", "Fri 01-15 15:00"]
    assert {event.end - event.start for event in found} == {timedelta(minutes=30)}
    assert {str(event["SUMMARY"]) for event in found} == {"SET handover"}
    assert handovers(samples.roster()) == []


def test_who_goes_and_who_comes() -> None:
    assert (
        str(handovers(with_brief())[1]["DESCRIPTION"])
        == """\
On Mon 18 Jan 2027 09:00 EST:
primary: Fay Wray (Platform) @fay → Cy Young (Channels) @cy
backup: Gus Grau (Platform) @gus → Bo Lindqvist (Channels) @bo.lindqvist
engineer: Hal Hund (Platform) @hal → Eli Eld (Channels, Platform) @eli
engineer: Ivy Iversen (Platform) @ivy → nobody
lead: Ana Silva (Channels) @ana → Jo Jung (Platform) @jo

- Everything has an owner
- The pager rings"""
    )


def test_each_finds_their_own_side_first() -> None:
    assert [str(event["DESCRIPTION"]).split("\n")[0] for event in handovers(with_brief(), person="bo")] == [
        "You hand SET primary over to Fay Wray (Platform) @fay on Mon 11 Jan 2027 09:00 EST",
        "You take SET backup over from Gus Grau (Platform) @gus on Mon 18 Jan 2027 09:00 EST",
    ]
    # The lead stays for two weeks: the first handover is the engineers' alone.
    assert [str(event["UID"]) for event in handovers(with_brief(), rotation="lead")] == [
        "SET_handover_2027-01-18@setrota"
    ]
    assert len(handovers(with_brief(), person="jo")) == 1
    assert len(handovers(with_brief(), team="channels")) == 2


def test_where_nobody_changes_nobody_meets() -> None:
    same = [samples.computed(date(2027, 1, day), "bo cy dee eli") for day in (4, 11)]
    assert handovers(with_brief(), samples.schedule(same)) == []
    # Two who change places change: each has to tell the other.
    swapped = samples.computed(date(2027, 1, 11), "cy bo dee eli")
    (event,) = handovers(with_brief(), samples.schedule(same[0], swapped))
    assert str(event["DESCRIPTION"]).count("→") == 2
    assert handovers(with_brief(), samples.schedule(same[0], swapped), person="dee") == []


def test_a_hole_in_the_plan_is_no_handover() -> None:
    far = [samples.computed(date(2027, 1, 4), "bo cy dee eli"),
           samples.computed(date(2027, 1, 18), "fay gus hal ivy")]  # fmt: skip
    assert handovers(with_brief(), samples.schedule(far)) == []


@pytest.mark.parametrize(
    ("weekday", "clock", "expected"),
    [
        (0, time(8, 59), "2027-01-11 08:59"),
        (0, time(9), "2027-01-04 09:00"),
        (1, time(9), "2027-01-05 09:00"),
        (6, time(23), "2027-01-10 23:00"),
    ],
)
def test_the_last_such_moment_before_the_period_ends(weekday: int, clock: time, expected: str) -> None:
    event = handovers(with_brief(Brief(weekday=weekday, time=clock)))[0]
    assert f"{event.start:%Y-%m-%d %H:%M}" == expected


def test_of_two_handovers_on_one_day_it_is_before_the_first() -> None:
    rotations = {"engineer": samples.ENGINEER, "lead": replace(samples.LEAD, handover=Handover(0, time(12)))}
    (_, event) = handovers(with_brief(Brief(weekday=0, time=time(10)), rotations=rotations))
    assert f"{event.start:%Y-%m-%d}" == "2027-01-11"
    # Each with its hour.
    engineers, leads = str(event["DESCRIPTION"]).split("On Mon 18 Jan 2027 12:00 EST:\n")
    assert engineers.startswith("On Mon 18 Jan 2027 09:00 EST:\nprimary: ")
    assert leads == "lead: Ana Silva (Channels) @ana → Jo Jung (Platform) @jo"


def test_the_last_holder_of_a_shared_week_hands_over() -> None:
    at = datetime(2027, 1, 6, tzinfo=UTC)
    cover = Change(at, "primary", "bo", "jo", start=date(2027, 1, 7))
    crew = samples.computed(date(2027, 1, 4), "bo cy dee eli", changes=[cover])
    plan = samples.SCHEDULE.updated([crew])
    (event,) = (each for each in handovers(with_brief(), plan, person="jo") if each.start.day == 8)
    assert (event["SEQUENCE"], event["DTSTAMP"].dt) == (1, at)
    assert [each.start.day for each in handovers(with_brief(), plan, person="bo")] == [15]


def test_in_the_week_in_which_the_clocks_change() -> None:
    plan = samples.schedule(
        samples.computed(date(2027, 3, day), who, of=samples.LEAD) for day, who in ((1, "ana"), (15, "jo"))
    )
    (event,) = handovers(with_brief(Brief(weekday=6, time=time(2, 30))), plan)
    assert event.start.astimezone(UTC) == datetime(2027, 3, 14, 7, 30, tzinfo=UTC)
