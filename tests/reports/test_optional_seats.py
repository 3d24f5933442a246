"""Optional seats: empty ones are neither shown nor reported; filled ones are treated like any other seat."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from samples import MONDAY, crews, roster, rotation, schedule, week

from setrota.export.calendars.feeds import calendar
from setrota.export.channel.header import header
from setrota.reports.duties import as_csv, as_markdown, entries
from setrota.reports.now import now_text
from setrota.reports.show import rota_table
from setrota.reports.wording import escalation
from setrota.roster import seats_named
from setrota.schedule import Change, is_missing, without_empty_optional
from setrota.schedule.standings import standing, standings_at

ZONE = ZoneInfo("America/Toronto")
DESK = rotation("desk", "primary backup shadow", optional=frozenset({"shadow"}))
ROSTER = roster("ana bo cy dee", DESK, {"red": "ana bo cy dee"}, zone=ZONE)
AT = datetime(2027, 1, 5, 12, tzinfo=ZONE)


EMPTY_SHADOW = schedule(crews("ana bo - | cy dee -", of=DESK))
FULL = schedule(crews("ana bo cy | cy dee ana", of=DESK))
LACKING = schedule(crews("ana - - | cy dee -", of=DESK))


def test_only_a_seat_that_is_not_optional_lacks_somebody() -> None:
    primary, backup, shadow = LACKING.crews[0].duties()
    assert [is_missing(ROSTER, duty) for duty in (primary, backup, shadow)] == [False, True, False]
    assert without_empty_optional(ROSTER, [primary, backup, shadow]) == [primary, backup]
    # A seat that the roster no longer has is treated like any other.
    assert is_missing(ROSTER, replace(shadow, rotation="gone"))
    assert is_missing(ROSTER, replace(shadow, seat="second"))


def test_a_kind_of_several_seats_is_optional_as_a_whole() -> None:
    pair = replace(DESK, seats=seats_named(("primary", "shadow", "shadow")))
    place = replace(ROSTER, rotations={"desk": pair})
    assert [place.is_optional("desk", seat.name) for seat in pair.seats] == [False, True, True]


def test_a_standing_as_people_are_told_of_it() -> None:
    found = standing(ROSTER, EMPTY_SHADOW, "desk", MONDAY).without_empty_optional(ROSTER)
    assert [duty.seat for duty in found.duties] == ["primary", "backup"]
    assert [successor.seat for successor in found.successors if successor] == ["primary", "backup"]
    # Someone who only shadows next week is mentioned.
    soon = schedule(crews("ana bo - | cy dee ana", of=DESK))
    coming = standing(ROSTER, soon, "desk", MONDAY).without_empty_optional(ROSTER)
    assert [successor.person for successor in coming.successors if successor] == [
        "cy",
        "dee",
        "ana",
    ]


def test_the_table_leaves_the_cell_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    first, second = rota_table(ROSTER, LACKING, (MONDAY, week(2))).splitlines()[2:4]
    assert first.split() == ["Mon", "2027-01-04", "ana", "NOBODY"]
    assert second.split() == ["Mon", "2027-01-11", "cy", "dee"]


def test_the_table_tells_who_shadows_for_some_days(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    [crew] = crews("ana bo cy", of=DESK)
    gone = replace(crew, changes=(Change(AT, "shadow", "cy", None, start=date(2027, 1, 7)),))
    line = rota_table(ROSTER, schedule(gone), (MONDAY, week(1))).splitlines()[2]
    assert line.split()[-4:] == ["cy,", "NOBODY", "from", "01-07"]


def test_now_leaves_it_out() -> None:
    assert now_text(ROSTER, AT, standings_at(ROSTER, EMPTY_SHADOW, AT)) == (
        "SET on Tuesday 2027-01-05 12:00 EST\n"
        "\n"
        "desk, until Mon 2027-01-11 09:00 EST\n"
        "  primary  ana (ana), Red\n"
        "  backup   bo (bo), Red\n"
        "  off duty from Sat 2027-01-09 09:00 EST to Mon 2027-01-11 09:00 EST\n"
        "  next, from Mon 2027-01-11 09:00 EST: primary cy, backup dee"
    )


def test_the_header_leaves_it_out() -> None:
    assert header(ROSTER, EMPTY_SHADOW, AT) == (
        "SET: primary @ana · backup @bo until Mon 11 Jan 09:00 EST. Next: primary @cy · backup @dee"
    )
    whole = header(ROSTER, FULL, AT)
    assert whole.startswith("SET: primary @ana · backup @bo · shadow @cy until")
    # Among single seats, the optional one is left out first.
    without_next = whole.partition(". Next")[0]
    assert "shadow" not in header(ROSTER, FULL, AT, limit=len(without_next) - 1)


def test_rows_leave_it_out_but_json_keeps_it() -> None:
    duties = LACKING.crews[0].duties()
    assert [(entry["seat"], entry["person"]) for entry in entries(ROSTER, duties)] == [
        ("primary", "ana"),
        ("backup", None),
        ("shadow", None),
    ]
    for text in (as_csv(ROSTER, duties), as_markdown(ROSTER, duties)):
        assert "backup" in text
        assert "shadow" not in text


def test_a_calendar_has_no_event_for_it() -> None:
    text = calendar(ROSTER, LACKING).replace("\r\n ", "")
    # Two events of the first week, one of them for the empty backup, and two of the second.
    assert text.count("BEGIN:VEVENT") == 4
    assert text.count("SET backup: nobody") == 1
    assert "shadow" not in text
    assert calendar(ROSTER, FULL).count("BEGIN:VEVENT") == 6


def test_no_call_goes_through_it() -> None:
    assert escalation(ROSTER) == ["primary", "backup"]
