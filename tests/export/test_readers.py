"""Independent programs read the same in every calendar, and what they read is what the schedule says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
import samples
from hostile_names import HOSTILE_NAMES, as_printed, guided
from random_rotas import ROTAS, ZONES, Variant, calendars, moments, rota, variants
from readers import READERS, ReadEvent, by_vobject, differences

from setrota.export.calendars.feeds import calendar
from setrota.roster import Handover, Roster
from setrota.schedule import Schedule

pytestmark = [pytest.mark.quick, pytest.mark.no_cover]  # what these compare is run by quicker tests, too


@pytest.mark.parametrize("zone", ZONES)
def test_readers_agree_with_one_another_and_with_the_schedule(zone: str) -> None:
    assert not [f"{variant.name}: {each}" for variant in calendars(zone) for each in wrong(variant)]


def wrong(variant: Variant) -> list[str]:
    said = read_by_all(variant.text)
    return [*differences(said), *contradictions(variant, said["by_icalendar"])]


def read_by_all(text: str) -> dict[str, list[ReadEvent]]:
    return {read.__name__: read(text) for read in READERS}


def contradictions(variant: Variant, told: list[ReadEvent]) -> Iterator[str]:
    """Where what is told is not what the schedule says: other events, moments, seats or people than the duties'.

    Only where there are no duties may an event be cancelled or say so, and there must be one.
    """
    roster, duties = variant.roster, variant.duties
    instead = [event for event in told if "CANCELLED" in event.status or event.summary == "No duties planned"]
    shown = sorted(event.uid for event in told if event not in instead)
    if shown != sorted(duties):
        yield f"events are {shown}, not {sorted(duties)}"
    if bool(instead) == bool(duties):
        yield f"besides {len(duties)} duties there are {instead}"
    for event in told:
        duty = duties.get(event.uid)
        if duty and (event.start, event.end) != moments(roster, duty):
            yield f"{event} is not at the time of {duty}"
        if duty and roster.seat_of(duty.rotation, duty.seat).kind not in event.categories:
            yield f"{event} is not in the category of {duty}"
        if duty and (printed(roster, duty.person) if variant.reader is None else "You are") not in event.summary:
            yield f"{event} does not name who has {duty}"


def printed(roster: Roster, handle: str | None) -> str:
    return as_printed(roster.people[handle].name) if handle else "nobody"


@pytest.mark.parametrize("person", [None, "bo", "ana"])
def test_readers_agree_on_meetings_handovers_reminders_and_what_is_cancelled(person: str | None) -> None:
    roster, schedule = guided()
    said = read_by_all(calendar(roster, schedule, person=person, tombstones=True))
    assert not differences(said)
    told = said["by_icalendar"]
    assert {"meeting", "handover"} <= {category for event in told for category in event.categories}
    assert ("CANCELLED" in {event.status for event in told}) == (person == "bo")


@pytest.mark.parametrize(
    ("zone", "day", "at"),
    [
        ("America/Toronto", date(2023, 11, 5), time(1, 30)),
        ("Europe/Berlin", date(2023, 10, 29), time(2, 30)),
        ("Australia/Lord_Howe", date(2024, 4, 7), time(1, 45)),
    ],
)
def test_readers_agree_on_a_handover_in_an_hour_that_occurs_twice(zone: str, day: date, at: time) -> None:
    text = calendar(
        samples.always_served(zone=ZoneInfo(zone), handover=Handover(0, at)),
        samples.schedule(samples.computed(day, "ana", of=samples.LEAD)),
    )
    assert not differences(read_by_all(text))


# What the comparison is worth


def test_there_are_as_many_rotas_as_promised() -> None:
    assert len(ZONES) >= 30
    assert len(ZONES) * len(ROTAS) >= 200
    assert {*HOSTILE_NAMES} <= {person.name for zone in ZONES for person in rota(zone, 0)[0].people.values()}


def test_a_difference_is_seen() -> None:
    text = calendar(samples.always_served(), samples.SCHEDULE, person="ana")
    # For who believes the VTIMEZONE, as vobject does, 09:00 in January is now 13:00 UTC, and not 14:00.
    spoiled = text.replace("TZOFFSETTO:-0500", "TZOFFSETTO:-0400")
    assert [each.partition(" is ")[0] for each in differences(read_by_all(spoiled))] == [
        "by_vobject vs by_icalendar: start of SET_lead_2027-01-04_lead_1@setrota",
        "by_vobject vs by_icalendar: end of SET_lead_2027-01-04_lead_1@setrota",
    ]
    said = by_vobject(text)
    assert differences({"one": said, "other": []}) == ["other vs one: 0 events, not 1"]
    assert differences({"one": said, "other": [said[0]._replace(status="CANCELLED")]}) == [
        "other vs one: status of SET_lead_2027-01-04_lead_1@setrota is 'CANCELLED', not ''"
    ]


def test_a_calendar_of_other_duties_is_seen() -> None:
    roster, schedule = rota("Europe/Berlin", 0)
    rest = Schedule(schedule.rota, schedule.crews[1:])
    whole, part = next(variants(roster, schedule)), next(variants(roster, rest))
    told = by_vobject(whole.text)
    assert not list(contradictions(whole, told))
    assert [each[:10] for each in contradictions(part, told)] == ["events are"]
    elsewhere = replace(roster, zone=ZoneInfo("Asia/Tokyo"), rotations={})
    assert "is not at the time of" in next(contradictions(whole._replace(roster=elsewhere), told))


def test_a_cancelled_event_is_told_as_one() -> None:
    text = calendar(samples.always_served(), samples.SCHEDULE, person="ana")
    cancelled = text.replace("TRANSP:", "STATUS:CANCELLED\r\nTRANSP:")
    for read in READERS:
        assert [told.status for told in read(cancelled)] == ["CANCELLED"], read.__name__
