"""The rota as a table when rotations hand over on other weekdays than the rota: every crew once, in its week."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, MONDAY, crew, crews, roster, rotation, schedule, week

from setrota.dates.grid import periods_from
from setrota.dates.periods import Period, point_at
from setrota.reports.now import now_text
from setrota.reports.show import Look, duties_table, rota_table
from setrota.roster import ALWAYS, WORKING_DAYS, Closed, Handover, Length, Roster, Rotation
from setrota.schedule import Change, Crew
from setrota.schedule.standings import standings_at

DESK = rotation("desk", "primary", rest=Length(1))
TRIAGE = rotation("triage", "caller", handover=Handover(4, time(15)))
LEAD = rotation("lead", every=Length(2), handover=TRIAGE.handover)


@pytest.fixture(autouse=True)
def _wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")


def rows(place: Roster, crews: Iterable[Crew], start: date, end: date) -> list[list[str]]:
    """The lines of the table, cut where its headings begin."""
    heading, _, *lines = rota_table(place, schedule(crews), (start, end)).splitlines()
    borders = [
        position for position, each in enumerate(heading) if each != " " and heading[:position][-2:] in ("  ", "")
    ]
    cuts = list(zip(borders, [*borders[1:], None], strict=True))
    return [[line[first:last].strip() for first, last in cuts] for line in (heading, *lines) if line.strip()]


PLAN = [
    *crews("ana | bo | cy", of=DESK),
    crew(date(2027, 1, 1), "dee", of=TRIAGE),
    crew(date(2027, 1, 8), "eli", of=TRIAGE),
    crew(date(2027, 1, 15), "fay", of=TRIAGE),
    crew(date(2027, 1, 8), "gus", of=LEAD),
]


def test_a_friday_crew_stands_in_the_week_in_which_it_starts() -> None:
    assert rows(roster((), [DESK, TRIAGE, LEAD]), PLAN, date(2027, 1, 1), date(2027, 1, 25)) == [
        ["week of", "primary", "caller (Fri)", "lead (Fri)"],
        ["Mon 2026-12-28", "", "dee", ""],
        ["Mon 2027-01-04", "ana", "eli", "gus"],
        ["Mon 2027-01-11", "bo", "fay", "gus"],
        # Until Friday the week has the crews that are still there.
        ["Mon 2027-01-18", "cy", "fay until 01-22", "gus until 01-22"],
    ]


def test_a_range_shows_the_weeks_that_it_touches() -> None:
    assert rows(roster((), [DESK, TRIAGE, LEAD]), PLAN, date(2027, 1, 11), date(2027, 1, 18)) == [
        ["week of", "primary", "caller (Fri)", "lead (Fri)"],
        ["Mon 2027-01-11", "bo", "fay", "gus"],
    ]


def test_the_row_of_now_is_marked_and_who_serves_then_in_another_row() -> None:
    """On Wednesday 13 January the caller and the lead are still those of the Friday before."""
    place = roster((), [DESK, TRIAGE, LEAD])
    now = datetime(2027, 1, 13, 12, tzinfo=place.zone)
    since = {"desk": date(2027, 1, 13), "triage": date(2027, 1, 13), "lead": date(2027, 1, 13)}
    look = Look(now=now, since=since)
    text = rota_table(place, schedule(PLAN), (date(2027, 1, 13), date(2027, 1, 25)), look)
    assert [re.split(r"  +", line.strip()) for line in text.splitlines()[2:]] == [
        ["Mon 2027-01-04", "> eli", "> gus"],
        ["> Mon 2027-01-11", "bo", "fay", "gus"],
        ["Mon 2027-01-18", "cy", "fay until 01-22", "gus until 01-22"],
    ]


def test_a_cover_in_the_second_week_of_a_turn_stands_in_its_row() -> None:
    place = roster((), [DESK, rotation("lead", every=Length(2))])
    lead = replace(
        crew(MONDAY, "gus", of=rotation("lead", every=Length(2))),
        changes=(Change(datetime(2027, 1, 5, tzinfo=place.zone), "lead", "gus", "hal", start=date(2027, 1, 13)),),
    )
    assert rows(place, [*PLAN[:2], lead], MONDAY, week(2)) == [
        ["week of", "primary", "lead"],
        ["Mon 2027-01-04", "ana", "gus"],
        ["Mon 2027-01-11", "bo", "gus, hal from 01-13"],
    ]


def test_a_day_of_now_is_marked_in_its_cell_and_its_row() -> None:
    place = roster((), ALWAYS_ON)
    crews = planned_in(place, "night", MONDAY, MONDAY + 9 * DAY, "ana | bo | cy | dee | eli | fay | gus | hal | ivy")
    look = Look(now=datetime(2027, 1, 12, 12, tzinfo=place.zone))
    lines = rota_table(place, schedule(crews), (MONDAY, week(2)), look).splitlines()[2:]
    assert [re.split(r"  +", line.strip()) for line in lines] == [
        ["Mon 2027-01-04", "ana", "bo", "cy", "dee", "eli", "fay", "gus"],
        ["> Mon 2027-01-11", "hal", "> ivy"],
    ]


def test_two_crews_that_start_in_one_week_are_both_shown() -> None:
    # Three days by hand lead over from Mondays to Fridays; a period on another weekday has its own row.
    monday, thursday, friday = date(2027, 1, 4), date(2027, 1, 7), date(2027, 1, 8)
    bridge = [
        Crew(Period(monday, thursday, "triage"), {"caller": "dee"}),
        Crew(Period(thursday, friday, "triage"), {"caller": "hal"}),
        crew(friday, "eli", of=TRIAGE),
    ]
    assert rows(roster((), [DESK, TRIAGE]), [*PLAN[:1], *bridge], date(2027, 1, 4), date(2027, 1, 15)) == [
        ["week of", "primary", "caller (Fri)"],
        ["Mon 2027-01-04", "ana", "dee, eli from 01-08"],
        ["Thu 2027-01-07", "ana until 01-11", "hal"],
    ]


def test_duties_name_their_zone_once_if_they_share_one() -> None:
    shared = roster((), [DESK, TRIAGE])
    assert [line.split("  ")[0] for line in duties_table(shared, schedule(PLAN[:1]).duties()).splitlines()[2:]] == [
        "Mon 2027-01-04 09:00",
        "Hours are in America/Toronto.",
    ]


def test_duties_of_several_zones_each_name_theirs() -> None:
    place = roster((), [DESK, replace(TRIAGE, zone=ZoneInfo("Europe/Berlin"))])
    lines = duties_table(place, schedule(PLAN).duties()).splitlines()[2:]
    assert {line[: len("Mon 2027-01-04 09:00 EST")][-3:] for line in lines} == {"EST", "CET"}


def test_now_names_the_zone_where_it_is_not_the_rota_s() -> None:
    place = roster((), [DESK, replace(TRIAGE, zone=ZoneInfo("Europe/Berlin"))])
    # 09:30 in Toronto is 15:30 in Berlin, where the caller has just changed.
    at = datetime(2027, 1, 8, 9, 30, tzinfo=place.zone)
    assert now_text(place, at, standings_at(place, schedule(PLAN), at)) == (
        "SET on Friday 2027-01-08 09:30 EST\n"
        "\n"
        "desk, until Mon 2027-01-11 09:00 EST\n"
        "  primary  ana (ana)\n"
        "  off duty from Sat 2027-01-09 09:00 EST to Mon 2027-01-11 09:00 EST\n"
        "  next, from Mon 2027-01-11 09:00 EST: primary bo\n"
        "\n"
        "triage, until Fri 2027-01-15 15:00 CET\n"
        "  caller  eli (eli)\n"
        "  off duty from Sat 2027-01-09 15:00 CET to Mon 2027-01-11 15:00 CET\n"
        "  next, from Fri 2027-01-15 15:00 CET: caller fay"
    )


def test_without_a_terminal_a_table_is_as_wide_as_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two rotations of five seats, which have the same names."""
    monkeypatch.delenv("COLUMNS", raising=False)
    seats = "primary backup engineer shadow lead"
    both = [rotation(name, seats, pool="all") for name in ("inhours", "outhours")]
    given = roster("alexander bartholomew christopher deborah emil", both)
    people = "alexander bartholomew christopher deborah emil"
    text = rota_table(given, schedule(crew(MONDAY, people, of=each) for each in both), (MONDAY, week(1)))
    heading, _, row = text.splitlines()
    names = [f"{each.name}/{seat}" for each in both for seat in seats.split()]
    assert heading.split() == ["week", "of", *names]
    assert row.split() == ["Mon", "2027-01-04", *people.split(), *people.split()]


# Tables of other cadences, in a terminal of 80 columns

ALWAYS_ON = rotation("night", "primary", every=Length(1, "days"), serves=ALWAYS)
MONTHLY = rotation("month", "captain mate", every=Length(1, "months"), handover=Handover(2, time(10), nth=1))
RELEASES = rotation("release", "shepherd", starts=(date(2027, 1, 7), date(2027, 2, 18), date(2027, 4, 1)))


def drawn_table(place: Roster, crews: Iterable[Crew], start: date, end: date) -> str:
    return rota_table(place, schedule(crews), (start, end))


def planned_in(place: Roster, rotation: str, start: date, end: date, text: str) -> list[Crew]:
    periods = periods_from(place, rotation, start, end)
    seats = [seat.name for seat in place.rotations[rotation].seats]
    return [
        Crew(period, dict(zip(seats, [None if who == "-" else who for who in line.split()], strict=True)))
        for period, line in zip(periods, text.split("|"), strict=True)
    ]


@pytest.fixture
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("_terminal")
def test_days_have_a_row_for_each_week() -> None:
    """On Wednesday bo takes over at 14:00; on the second Thursday nobody serves."""
    place = roster((), ALWAYS_ON)
    names = "katharina | bo | cy | dee | eli | fay | gus | hal | ivy | jo | - | ana"
    crews = planned_in(place, "night", MONDAY, MONDAY + 12 * DAY, names)
    cut = point_at(place, "night", datetime(2027, 1, 6, 14, tzinfo=place.zone))
    at = datetime(2027, 1, 6, 14, tzinfo=place.zone)
    crews[2] = replace(crews[2], changes=(Change(at, "primary", "cy", "bo", start=cut),))
    assert drawn_table(place, crews, MONDAY, MONDAY + 14 * DAY) == (
        "week of         Mon        Tue  Wed                Thu     Fri  Sat  Sun\n"
        "────────────────────────────────────────────────────────────────────────\n"
        "Mon 2027-01-04  katharina  bo   cy, bo from 14:00  dee     eli  fay  gus\n"
        "Mon 2027-01-11  hal        ivy  jo                 NOBODY  ana\n"
    )


@pytest.mark.usefixtures("_terminal")
def test_only_days_that_are_served_have_a_column_and_what_lasts_has_its_name_in_each() -> None:
    place = roster((), replace(ALWAYS_ON, every=Length(2, "days"), serves=WORKING_DAYS))
    crews = planned_in(place, "night", MONDAY, MONDAY + 9 * DAY, "ana | bo | cy | dee")
    assert drawn_table(place, crews, MONDAY, MONDAY + 14 * DAY) == (
        "week of         Mon  Tue  Wed  Thu  Fri\n"
        "───────────────────────────────────────\n"
        "Mon 2027-01-04  ana  ana  bo   bo   cy\n"
        "Mon 2027-01-11  cy   dee  dee\n"
    )


@pytest.mark.usefixtures("_terminal")
def test_months_and_listed_turns_have_a_row_each_below_what_is_in_weeks() -> None:
    place = roster((), [DESK, MONTHLY, RELEASES])
    crews = [
        *crews_of(DESK),
        *planned_in(place, "month", MONDAY, date(2027, 2, 28), "ana - | bo cy"),
        *planned_in(place, "release", MONDAY, date(2027, 6, 1), "dee | eli | fay"),
    ]
    assert drawn_table(place, crews, MONDAY, date(2027, 6, 1)) == (
        "desk\n"
        "week of         primary\n"
        "───────────────────────\n"
        "Mon 2027-01-04  ana\n"
        "Mon 2027-01-11  bo\n"
        "\n"
        "month\n"
        "from            until           captain  mate\n"
        "───────────────────────────────────────────────\n"
        "Wed 2027-01-06  Wed 2027-02-03  ana      NOBODY\n"
        "Wed 2027-02-03  Wed 2027-03-03  bo       cy\n"
        "\n"
        "release\n"
        "from            until           shepherd\n"
        "────────────────────────────────────────\n"
        "Thu 2027-01-07  Thu 2027-02-18  dee\n"
        "Thu 2027-02-18  Thu 2027-04-01  eli\n"
        "Thu 2027-04-01  open            fay\n"
    )


def crews_of(desk: Rotation) -> list[Crew]:
    return crews("ana | bo", of=desk)


@pytest.mark.usefixtures("_terminal")
def test_a_part_of_a_week_has_a_row_with_its_hour() -> None:
    place = roster((), DESK)
    cut = point_at(place, "desk", datetime(2027, 1, 13, 14, tzinfo=place.zone))
    parts = [
        crew(MONDAY, "ana", of=DESK),
        Crew(Period(week(1), cut, "desk"), {"primary": "bo"}),
        Crew(Period(cut, week(2), "desk"), {"primary": "cy"}),
    ]
    assert drawn_table(place, parts, MONDAY, week(3)) == (
        "week of               primary\n"
        "─────────────────────────────\n"
        "Mon 2027-01-04        ana\n"
        "Mon 2027-01-11        bo\n"
        "Wed 2027-01-13 14:00  cy\n"
    )


@pytest.mark.usefixtures("_terminal")
def test_a_week_from_its_first_working_day_stands_in_its_week() -> None:
    """On Monday 4 January 2027 the desk is closed, so the first working day of its week is Tuesday."""
    workdays = replace(DESK, handover=Handover(None, time(9), workday=True), closed=Closed(((MONDAY, MONDAY + DAY),)))
    place = roster((), [workdays, TRIAGE])
    crews = [*planned_in(place, "desk", MONDAY, MONDAY + 14 * DAY, "ana | bo"), *PLAN[3:5]]
    assert rows(place, crews, MONDAY, week(2)) == [
        ["week of", "primary", "caller (Fri)"],
        ["Mon 2027-01-04", "ana", "eli"],
        ["Mon 2027-01-11", "bo", "eli until 01-15"],
    ]
