"""The rota by date, as the team's page has it: whoever is on duty is in the running row, of any cadence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import cadences
import pytest
import random_grids
import samples
from cadences import ROTATIONS, at, hours
from samples import changed, crew, week
from seeds import seeds

from setrota.dates.periods import Period, instant_of, point_at
from setrota.reports.page.by_date import DateCell, DateTable, date_tables
from setrota.roster import ALWAYS, Closed, Holidays, Length, Roster, Span
from setrota.schedule import Crew, Schedule
from setrota.schedule.standings import standings_at

START, END = date(2027, 1, 4), date(2027, 3, 29)


def tables(roster: Roster, schedule: Schedule, end: date = END) -> list[DateTable]:
    return list(date_tables(roster, schedule, START, end))


def drawn(table: DateTable) -> list[str]:
    """A line a row: its first day, then each cell; `ana+` got it later, `ana 2/2` is in the second of two rows."""
    return [f"{row.start:%m-%d}: {' | '.join(map(cell_text, row.cells))}" for row in table.rows]


def cell_text(cell: DateCell) -> str:
    found = []
    for entry in cell.entries:
        text = (entry.person or "NOBODY") + ("+" if entry.covered else "") + (" closed" if entry.idle else "")
        text += f" {entry.nth}/{entry.rows}" if entry.rows > 1 else ""
        text += f" from {entry.start}" if entry.start else ""
        found.append(text + (f" to {entry.end}" if entry.end else ""))
    return ", ".join(found) + ("GAP" if cell.gap else "")


# Whoever is on duty is in the running row


def insist_on_running_rows(roster: Roster, schedule: Schedule, moments: list[datetime]) -> int:
    """Insist that at some moments the running row of each table has those on duty; return how many people it had."""
    last = max(crew.period.end for crew in schedule.crews)
    found = list(date_tables(roster, schedule, schedule.crews[0].period.start, last + samples.DAY))
    people = 0
    for moment in moments:
        for standing in standings_at(roster, schedule, moment):
            for duty in standing.on_duty:
                table = next(each for each in found if duty.rotation in each.rotations)
                column = [(each.rotation, each.seat) for each in table.columns].index((duty.rotation, duty.seat))
                row = next(each for each in table.rows if each.until is None or moment < each.until)
                assert row.since <= moment, (duty, moment, row)
                if duty.person:
                    people += 1
                    assert duty.person in [entry.person for entry in row.cells[column].entries], (duty, moment, row)
    return people


def some_moments(rng: Random, roster: Roster, schedule: Schedule) -> list[datetime]:
    first = min(instant_of(roster, crew.period.rotation, crew.period.start) for crew in schedule.crews)
    last = max(instant_of(roster, crew.period.rotation, crew.period.end) for crew in schedule.crews)
    return [first + (last - first) * rng.random() for _ in range(40)]


@pytest.mark.parametrize("name", ROTATIONS)
def test_every_cadence(name: str) -> None:
    roster = samples.roster("ana bo cy dee", [ROTATIONS[name]])
    schedule = cadences.schedule(roster, START, date(2027, 12, 6))
    assert insist_on_running_rows(roster, schedule, some_moments(Random(name), roster, schedule)) > 3


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(150))
def test_random_grids(seed: int) -> None:
    rng = Random(f"dates {seed}")
    roster = random_grids.random_grid(seed)
    alone = next(iter(roster.rotations))
    roster = replace(roster, rotations={alone: roster.rotations[alone]})
    schedule = random_grids.random_schedule(rng, roster)
    if schedule.crews:
        insist_on_running_rows(roster, schedule, some_moments(rng, roster, schedule))


# What a table looks like


def test_a_longer_duty_is_in_every_row_that_it_covers() -> None:
    roster = samples.roster()
    [table] = tables(roster, samples.SCHEDULE, week(4))
    assert [column.name for column in table.columns] == ["primary", "backup", "engineer-1", "engineer-2", "lead"]
    assert drawn(table) == [
        "01-04: bo | cy | dee | eli | ana 1/2",
        "01-11: fay | gus | hal | ivy | ana 2/2",
        "01-18: cy | bo | eli | NOBODY | jo 1/2",
        "01-25: GAP | GAP | GAP | GAP | jo 2/2",
    ]


def test_rotations_that_change_on_other_weekdays_share_a_table_if_their_service_lies_in_its_weeks() -> None:
    names = ("workweek", "weekend")
    roster = samples.roster("ana bo cy dee", [replace(ROTATIONS[name], every=Length(1)) for name in names])
    schedule = cadences.schedule(roster, START, date(2027, 1, 24))
    [table] = tables(roster, schedule)
    assert drawn(table) == ["01-04: ana | ana", "01-11: bo | bo", "01-18: cy | cy"]


def test_rotations_that_serve_across_the_weeks_have_a_table_of_their_own() -> None:
    friday = {"serves": ALWAYS, "handover": at(15, weekday=4)}
    every = [ROTATIONS["weekly"], *(samples.rotation(name, "primary", **friday) for name in ("watch", "spare"))]
    roster = samples.roster("ana bo cy dee", every)
    schedule = cadences.schedule(roster, START, date(2027, 1, 18))
    mondays, fridays = tables(roster, schedule)
    assert (mondays.rotations, fridays.rotations) == (("weekly",), ("watch", "spare"))
    assert drawn(fridays) == ["01-08: ana | ana", "01-15: bo | bo"]
    assert (fridays.rows[0].since, fridays.rows[0].until) == (
        datetime(2027, 1, 8, 15, tzinfo=ZoneInfo("America/Toronto")),
        datetime(2027, 1, 15, 15, tzinfo=ZoneInfo("America/Toronto")),
    )


def test_days_have_a_row_each() -> None:
    roster = samples.roster("ana bo cy dee", [ROTATIONS["daily"], ROTATIONS["triage"]])
    [table] = tables(roster, cadences.schedule(roster, START, date(2027, 1, 12)))
    assert table.unit == "day"
    assert drawn(table) == [
        "01-04: ana | ana 1/2",
        "01-05: bo | ana 2/2",
        "01-06: cy | bo 1/2",
        "01-07: dee | bo 2/2",
        "01-08: ana | cy 1/2",
        "01-09: bo | ",
        "01-10: cy | ",
        "01-11: dee | cy 2/2",
    ]
    assert table.rows[-1].end == date(2027, 1, 12)


def test_seven_days_have_a_table_of_their_own() -> None:
    every = [ROTATIONS["daily"], replace(ROTATIONS["daily"], name="seven", every=Length(7, "days"))]
    roster = samples.roster("ana bo cy dee", every)
    daily, seven = tables(roster, cadences.schedule(roster, START, date(2027, 1, 18)))
    assert (daily.unit, daily.rotations, seven.unit, seven.rotations) == ("day", ("daily",), "period", ("seven",))
    assert drawn(seven) == ["01-04: ana", "01-11: bo"]


def test_a_turn_that_is_open_has_no_end() -> None:
    roster = samples.roster("ana bo cy dee", [ROTATIONS["release"]])
    [table] = tables(roster, cadences.schedule(roster, START, date(2027, 5, 1)), date(2027, 7, 1))
    assert [row.end for row in table.rows] == [date(2027, 2, 2), date(2027, 3, 9), date(2027, 4, 27), None]
    assert table.rows[-1].until is None


def test_covers_are_marked_with_when_they_begin_and_end() -> None:
    roster = samples.always_served()
    start, end = (point_at(roster, "lead", datetime(2027, 1, day, 14, 30, tzinfo=roster.zone)) for day in (9, 13))
    lead = changed(crew(week(0), "ana", of=samples.LEAD), "lead", "jo", start, end)
    engineers = [crew(week(0), "bo cy dee eli"), changed(crew(week(1), "fay gus hal ivy"), "primary", "bo")]
    [table] = tables(roster, samples.schedule(lead, engineers))
    assert [row.rpartition(" | ")[2] for row in drawn(table)] == [
        "ana 1/2 to 2027-01-09T14:30, jo+ 1/2 from 2027-01-09T14:30",
        "jo+ 2/2 to 2027-01-13T14:30, ana 2/2 from 2027-01-13T14:30",
    ]
    assert drawn(table)[1].startswith("01-11: bo+ | gus")


def test_a_cover_from_one_row_on_is_only_there() -> None:
    lead = changed(crew(week(0), "ana", of=samples.LEAD), "lead", "jo", week(1))
    engineers = [crew(week(0), "bo cy dee eli"), crew(week(1), "fay gus hal ivy")]
    [table] = tables(samples.roster(), samples.schedule(lead, engineers))
    assert [row.rpartition(" | ")[2] for row in drawn(table)] == ["ana 1/2", "jo+ 2/2"]


def test_crews_that_share_a_day_are_in_its_row() -> None:
    daily = replace(ROTATIONS["daily"], every=Length(1, "days"))
    roster = samples.roster("ana bo cy dee", [daily])
    noon = point_at(roster, "daily", datetime(2027, 1, 5, 12, tzinfo=roster.zone))
    days = [date(2027, 1, 4), date(2027, 1, 5), noon, date(2027, 1, 6)]
    crews = [
        Crew(Period(start, end, "daily"), {"primary": person})
        for (start, end), person in zip(pairwise(days), ("ana", "bo", "cy"), strict=True)
    ]
    assert drawn(tables(roster, samples.schedule(crews))[0]) == ["01-04: ana", "01-05: bo, cy"]


def test_weeks_begin_on_the_weekday_of_the_rota() -> None:
    friday = samples.rotation("watch", "primary", serves=ALWAYS)
    monday = samples.rotation("office", "primary", serves=(Span(frozenset(range(3))),), handover=at(9, weekday=0))
    roster = samples.roster("ana bo cy dee", [friday, monday], handover=at(9, weekday=4))
    [table] = tables(roster, cadences.schedule(roster, START, date(2027, 1, 26)))
    assert drawn(table) == ["01-01:  | ana", "01-08: ana | bo", "01-15: bo | cy", "01-22: cy | dee"]


def test_a_crew_that_starts_on_another_day_than_usual_has_a_row_of_its_own() -> None:
    roster = samples.roster("ana bo cy dee", [samples.rotation("watch"), samples.rotation("office")])
    wednesday, noon = date(2027, 1, 6), point_at(roster, "watch", datetime(2027, 1, 11, 12, tzinfo=samples.ZONE))
    crews = [
        Crew(Period(start, end, "watch"), {"watch": person})
        for start, end, person in ((week(0), wednesday, "ana"), (wednesday, week(1), "bo"), (noon, week(2), "cy"))
    ]
    office = [crew(week(number), "dee", of=samples.rotation("office")) for number in range(2)]
    [table] = tables(roster, samples.schedule(crews, office))
    assert [(str(row.start), cell_text(row.cells[0])) for row in table.rows] == [
        ("2027-01-04", "ana"), ("2027-01-06", "bo"), ("2027-01-11", "GAP"), ("2027-01-11T12:00", "cy"),
    ]  # fmt: skip


def test_closed_days_and_holidays_are_those_of_the_row() -> None:
    closed = Closed(((date(2027, 1, 11), date(2027, 1, 18)), (date(2027, 1, 20), date(2027, 1, 21))))
    roster = samples.roster(closed=closed, holidays=Holidays(None, frozenset({date(2027, 1, 6)})))
    schedule = samples.schedule(crew(week(0), "bo cy dee eli"), crew(week(2), "fay gus hal ivy"))
    [table] = tables(roster, schedule)
    assert drawn(table) == ["01-04: bo | cy | dee | eli", "01-11:  |  |  | ", "01-18: fay | gus | hal | ivy"]
    assert [row.holidays for row in table.rows] == [(date(2027, 1, 6),), (), ()]
    assert [len(row.closed) for row in table.rows] == [0, 7, 1]


def test_a_crew_that_was_planned_for_closed_days_serves_nothing() -> None:
    closed = Closed(((date(2027, 1, 11), date(2027, 1, 18)),))
    roster = samples.roster(closed=closed)
    schedule = samples.schedule(crew(week(0), "bo cy dee eli"), crew(week(1), "fay gus hal ivy"))
    assert drawn(tables(roster, schedule)[0])[1] == "01-11: fay closed | gus closed | hal closed | ivy closed"


def test_what_is_no_longer_in_the_roster_stays() -> None:
    schedule = samples.schedule(crew(week(0), "bo cy dee eli"), crew(week(0), "gone", of=samples.rotation("old")))
    [table] = tables(samples.roster(), schedule)
    assert drawn(table) == ["01-04: bo | cy | dee | eli | gone"]
    [alone] = tables(samples.roster(), samples.schedule(schedule.of("old")))
    assert [(row.end, row.closed) for row in alone.rows] == [(week(1), ())]
    lead = crew(week(0), "ana", of=samples.LEAD)
    [both] = tables(samples.roster(), samples.schedule(schedule.of("old"), lead))
    assert [row.end for row in both.rows] == [week(2)]


def test_volunteers_leave_no_gap() -> None:
    help_ = samples.rotation("help", "cake", optional=frozenset({"cake"}))
    roster = samples.roster("ana bo", [help_])
    schedule = samples.schedule(crew(week(0), {"cake": "ana"}, of=help_), crew(week(2), {"cake": None}, of=help_))
    assert drawn(tables(roster, schedule)[0]) == ["01-04: ana", "01-11: ", "01-18: NOBODY"]


def test_what_volunteers_leave_open_hides_nobody_else_s_weeks() -> None:
    cake = samples.rotation("help", "cake", optional=frozenset({"cake"}))
    roster = samples.roster("ana bo", [cake, samples.LEAD])
    crews = [crew(week(0), {"cake": "ana"}, of=cake), crew(week(0), "bo", of=samples.LEAD)]
    assert drawn(tables(roster, samples.schedule(crews))[0]) == ["01-04: ana | bo 1/2", "01-11:  | bo 2/2"]


def test_hours_do_not_divide_the_rows() -> None:
    night = samples.rotation(
        "night", "primary", serves=(hours(range(7), time(22), time(6)),), handover=at(12, weekday=0)
    )
    roster = samples.roster("ana bo cy dee", [night])
    schedule = cadences.schedule(roster, START, date(2027, 1, 18))
    [table] = tables(roster, schedule)
    assert drawn(table) == ["01-04: ana", "01-11: bo"]
    assert table.rows[0].until == datetime(2027, 1, 11, 12, tzinfo=roster.zone)
    assert table.rows[0].until - table.rows[0].since == timedelta(weeks=1)
