"""Exports of a rota in which the lead changes on Fridays at 15:00 in Berlin, the engineers on Mondays in Toronto."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import samples
from readers import READERS, Read

from setrota.export.calendars.feeds import calendar
from setrota.export.channel.header import header
from setrota.files.duties_csv import import_duties
from setrota.reports.duties import as_csv, as_markdown, entries
from setrota.roster import Handover, Roster

TORONTO, BERLIN = ZoneInfo("America/Toronto"), ZoneInfo("Europe/Berlin")
LEAD = replace(samples.LEAD, handover=Handover(4, time(15)), zone=BERLIN)
ROSTER = samples.always_served(rotations=(samples.ENGINEER, LEAD))

# Toronto's clocks go forward on 2027-03-14, Berlin's two weeks later.
MONDAYS = [date(2027, 3, 8) + timedelta(weeks=number) for number in range(4)]
FRIDAYS = [date(2027, 3, 12), date(2027, 3, 26)]
SCHEDULE = samples.schedule(
    *(samples.computed(day, "bo cy dee eli") for day in MONDAYS),
    *(samples.computed(day, person, of=samples.LEAD) for day, person in zip(FRIDAYS, ("ana", "jo"), strict=True)),
)

LEAD_HANDOVERS = ["2027-03-12T14:00Z", "2027-03-26T14:00Z", "2027-04-09T13:00Z"]
ENGINEER_HANDOVERS = ["2027-03-08T14:00Z", "2027-03-15T13:00Z", "2027-03-22T13:00Z", "2027-03-29T13:00Z"]


def instants(moments: Iterable[datetime]) -> list[str]:
    return [f"{moment.astimezone(UTC):%Y-%m-%dT%H:%MZ}" for moment in moments]


@pytest.mark.parametrize("read", READERS)
def test_a_calendar_has_every_event_in_its_rotation_s_zone(read: Read) -> None:
    found = sorted(read(calendar(ROSTER, SCHEDULE)), key=lambda event: (event.start, event.summary))
    leads = [event for event in found if "lead" in event.summary]
    assert instants(event.start for event in leads) == LEAD_HANDOVERS[:2]
    assert instants(event.end for event in leads) == LEAD_HANDOVERS[1:]
    primaries = [event for event in found if "primary" in event.summary]
    assert instants(event.start for event in primaries) == ENGINEER_HANDOVERS


def test_a_calendar_defines_each_zone_once() -> None:
    def zones(roster: Roster, **filters: str) -> list[str]:
        found = icalendar.Calendar.from_ical(calendar(roster, SCHEDULE, **filters)).walk("VTIMEZONE")
        return [str(zone["TZID"]) for zone in found]

    assert zones(ROSTER) == ["America/Toronto", "Europe/Berlin"]
    assert zones(ROSTER, rotation="lead") == ["America/Toronto", "Europe/Berlin"]
    # A zone of the rota in which no rotation hands over is not a calendar's affair.
    east = {name: replace(rotation, zone=BERLIN) for name, rotation in ROSTER.rotations.items()}
    assert zones(replace(ROSTER, rotations=east)) == ["Europe/Berlin"]
    text = calendar(ROSTER, SCHEDULE, person="ana")
    assert "DTSTART;TZID=Europe/Berlin:20270312T150000" in text


def test_an_event_keeps_its_identity_when_its_rotation_gets_a_zone() -> None:
    def identities(roster: Roster) -> list[str]:
        return [line for line in calendar(roster, SCHEDULE).splitlines() if line.startswith("UID:")]

    assert identities(ROSTER) == identities(samples.always_served())
    assert "UID:SET_lead_2027-03-12_lead_1@setrota" in identities(ROSTER)


def test_entries_are_instants_of_the_rotation_s_zone() -> None:
    found = entries(ROSTER, SCHEDULE.crews[1].duties())
    assert [(entry["seat"], entry["start"], entry["end"]) for entry in found] == [
        ("lead", "2027-03-12T15:00:00+01:00", "2027-03-26T15:00:00+01:00")
    ]
    last = entries(ROSTER, SCHEDULE.of("lead")[1].duties())[0]
    assert last["end"] == "2027-04-09T15:00:00+02:00"


def test_a_page_names_each_hour_s_zone() -> None:
    rows = as_markdown(ROSTER, [*SCHEDULE.of("lead")[1].duties(), *SCHEDULE.of("engineer")[0].duties()[:1]])
    assert rows.splitlines()[2:] == [
        "| 2027-03-08 09:00 EST | 2027-03-15 09:00 EDT | engineer | primary | Bo Lindqvist | Channels |",
        "| 2027-03-26 15:00 CET | 2027-04-09 15:00 CEST | lead | lead | Jo Jung | Platform |",
    ]


def header_at(at: str) -> str:
    return header(ROSTER, SCHEDULE, datetime.fromisoformat(at).replace(tzinfo=TORONTO))


def test_the_header_changes_with_each_rotation_s_own_handover() -> None:
    # Between the two Sundays Berlin is five hours ahead: its 15:00 is 10:00 in Toronto.
    before, after = header_at("2027-03-26T09:59"), header_at("2027-03-26T10:00")
    engineers = "primary @bo.lindqvist · backup @cy · engineer @dee, @eli until Mon 29 Mar 09:00 EDT"
    assert before.startswith(f"SET: {engineers} · lead @ana until Fri 26 Mar 15:00 CET. Next:")
    assert after.startswith(f"SET: {engineers} · lead @jo until Fri 9 Apr 15:00 CEST. Next:")


def test_the_header_s_until_is_the_first_instant_of_any_rotation() -> None:
    roster = replace(ROSTER, header="{until}")
    # On 2027-03-29 both hand over, and 15:00 in Berlin is 09:00 in Toronto again.
    for at, expected in ((time(14, 59), "Mon 29 Mar 14:59 CEST"), (time(15, 1), "Mon 29 Mar 09:00 EDT")):
        lead = replace(LEAD, handover=Handover(0, at))
        plan = samples.schedule(*SCHEDULE.of("engineer"), samples.computed(date(2027, 3, 15), "ana", of=samples.LEAD))
        place = replace(roster, rotations={**ROSTER.rotations, "lead": lead})
        assert header(place, plan, datetime(2027, 3, 23, 12, tzinfo=TORONTO)) == expected


def test_the_header_says_when_the_first_rotation_has_somebody_again() -> None:
    # Nobody yet: the engineers come on Monday 2027-03-08 at 09:00, the lead on the Friday after.
    assert header_at("2027-03-01T12:00").startswith("SET: nobody on duty until Mon 8 Mar 09:00 EST")
    only_lead = samples.schedule(SCHEDULE.of("lead"))
    at = datetime(2027, 3, 1, 12, tzinfo=TORONTO)
    assert header(ROSTER, only_lead, at).startswith("SET: nobody on duty until Fri 12 Mar 15:00 CET")


def test_what_show_writes_of_a_rotation_abroad_is_imported_as_it_was() -> None:
    """At 00:30 in Berlin it is still the day before in Toronto, yet the period begins on Berlin's Friday."""
    night = replace(LEAD, handover=Handover(4, time(0, 30)))
    place = replace(ROSTER, rotations={**ROSTER.rotations, "lead": night})
    text = as_csv(place, SCHEDULE.duties())
    assert "2027-03-12T00:30:00+01:00" in text
    found = import_duties(text, "past.csv", place, samples.schedule(), now=samples.NOW).schedule
    assert entries(place, found.duties()) == entries(place, SCHEDULE.duties())
