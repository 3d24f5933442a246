"""The rota as people x periods: which columns there are, and what stands in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

import pytest
from samples import DAY, LEAD, MONDAY, PAIR, ZONE, changed, crew, crews, leave, roster, rotation, schedule, week

from setrota.dates.grid import periods_from
from setrota.dates.periods import Period, point_at
from setrota.reports.grid import GridCell, PeopleGrid, people_grid
from setrota.roster import ALWAYS, WORKING_DAYS, Closed, Handover, Holidays, Length, Person, Roster, Span, Team
from setrota.schedule import Crew

DAILY = rotation("desk", "caller", every=Length(1, "days"), serves=ALWAYS)
MONTHLY = rotation("guild", "chair", every=Length(1, "months"))


def grid(
    given: Roster, *found: Crew | Iterable[Crew], start: date = MONDAY, end: date | None = None, **only: Any
) -> PeopleGrid:
    """The grid of some crews, from the first Monday to the end of the last one."""
    held = schedule(*found)
    return people_grid(given, held, start, end or max(crew.period.end for crew in held.crews), **only)


def sign(cell: GridCell) -> str:
    """`P` for a duty, `P+` for a cover, `P/` for a part of one, `-` for leave."""
    letters = "".join(mark.letter for mark in cell.marks) or ("-" if cell.away else ".")
    return letters + "+" * cell.covered + "/" * cell.part


def lines(found: PeopleGrid) -> list[str]:
    return [f"{row.person}: {' '.join(map(sign, row.cells))}" for row in found.rows]


def days(found: PeopleGrid) -> list[str]:
    return [f"{column.start:%m-%d}" for column in found.columns]


def planned(given: Roster, name: str, text: str, start: date = MONDAY) -> list[Crew]:
    """Crews of the periods from a day on, one name each; `-` is nobody."""
    seat = given.rotations[name].seats[0].name
    periods = periods_from(given, name, start, date(2028, 1, 1))
    return [
        Crew(period, {seat: None if who == "-" else who}) for period, who in zip(periods, text.split(), strict=False)
    ]


def test_a_duty_of_two_weeks_stands_in_both() -> None:
    found = grid(roster("ana bo cy", [PAIR, LEAD]), crews("ana bo | bo cy"), crews("cy", of=LEAD), end=week(2))
    assert days(found) == ["01-04", "01-11"]
    assert lines(found) == ["ana: P .", "bo: B P", "cy: L BL"]
    assert [row.duties for row in found.rows] == [(1, 0), (2, 0), (1, 1)]


def test_a_period_of_another_weekday_stands_in_the_column_in_which_it_starts() -> None:
    friday = rotation("triage", handover=Handover(4, time(15)))
    given = roster("ana bo cy", [PAIR, friday])
    found = grid(given, crews("ana bo | bo ana | ana bo"), crew(date(2027, 1, 8), "cy", of=friday), end=week(2))
    assert lines(found) == ["ana: P B", "bo: B P", "cy: T ."]


def test_of_rotations_that_change_as_often_the_one_on_the_rotas_weekday_gives_the_columns() -> None:
    friday = rotation("triage", handover=Handover(4, time(15)))
    given = roster("ana bo", [friday, PAIR])
    assert days(grid(given, crews("ana bo"), crew(date(2027, 1, 8), "bo", of=friday), end=week(1))) == ["01-04"]


def test_a_week_stands_in_each_day_that_it_serves() -> None:
    given = roster("ana bo", [DAILY, rotation("lead")])
    found = grid(given, planned(given, "desk", "ana bo ana bo ana bo ana"), crews("bo", of=rotation("lead")))
    assert lines(found)[1] == "bo: L CL L CL L C ."
    assert [row.duties for row in found.rows] == [(4, 0), (3, 1)]


def test_a_month_stands_in_the_weeks_until_the_next_one_starts() -> None:
    given = roster("ana bo cy", [PAIR, MONTHLY])
    found = grid(given, crews("- -", first=7), planned(given, "guild", "ana bo"), start=date(2027, 2, 22))
    # February and March start on a Monday, and April on a Thursday, whose week it has.
    assert days(found) == ["02-22", "03-01", "03-08", "03-15", "03-22", "03-29"]
    assert lines(found)[:2] == ["ana: C . . . . .", "bo: . C C C C ."]


def test_a_cover_and_who_it_leaves_a_part_to() -> None:
    covered = changed(crew(MONDAY, "ana bo", of=PAIR), "primary", "cy", week(0) + 3 * DAY, week(0) + 5 * DAY)
    found = grid(roster("ana bo cy", PAIR), covered)
    assert lines(found) == ["ana: P/", "bo: B", "cy: P+/"]
    assert [row.duties for row in found.rows] == [pytest.approx((each,)) for each in (0.6, 1, 0.4)]


def test_a_part_without_service_is_no_part() -> None:
    """Cy takes the weekend, on which nobody is on duty."""
    covered = changed(crew(MONDAY, "ana bo", of=PAIR), "primary", "cy", week(0) + 5 * DAY)
    assert lines(grid(roster("ana bo cy", PAIR), covered)) == ["ana: P", "bo: B", "cy: ."]


def test_a_cover_within_a_day_is_a_part_of_it() -> None:
    given = roster("ana bo", DAILY)
    cut = point_at(given, "desk", datetime(2027, 1, 4, 14, tzinfo=ZONE))
    first, *rest = planned(given, "desk", "ana ana")
    assert lines(grid(given, changed(first, "caller", "bo", cut), rest)) == ["ana: C/ C", "bo: C+/ ."]


def test_a_cover_in_the_second_week_of_two_stands_there() -> None:
    given = roster("ana bo cy", [PAIR, LEAD])
    covered = changed(crew(MONDAY, "cy", of=LEAD), "lead", "ana", week(1) + DAY, week(1) + 3 * DAY)
    assert lines(grid(given, crews("- - | - -"), covered)) == ["ana: . L+/", "bo: . .", "cy: L L/"]


def test_leave_of_a_whole_column_is_marked_and_weekends_do_not_matter() -> None:
    people = [Person("ana", leave=(leave(MONDAY, MONDAY + 4 * DAY), leave(week(1), week(1) + 3 * DAY))), Person("bo")]
    assert lines(grid(roster(people, PAIR), crews("bo - | bo -"))) == ["ana: - .", "bo: P P"]


def test_days_on_which_somebody_does_not_work_are_marked_where_columns_are_days() -> None:
    given = roster([Person("ana", works=frozenset({0, 2})), Person("bo")], DAILY)
    assert lines(grid(given, planned(given, "desk", "bo bo bo"))) == ["ana: . - .", "bo: C C C"]


def test_columns_have_holidays_and_say_when_nothing_is_served() -> None:
    closed, holidays = Closed(((MONDAY, week(1)),)), Holidays(days=frozenset({week(1) + 4 * DAY}))
    found = grid(roster("ana", PAIR, closed=closed, holidays=holidays), crews("ana - | ana -"))
    assert [column.closed for column in found.columns] == [True, False]
    assert [column.holidays for column in found.columns] == [(), (date(2027, 1, 15),)]
    # Nobody serves the closed week, whoever is in the schedule.
    assert lines(found) == ["ana: . P"]


def test_seats_that_nobody_has_are_missing_unless_they_are_optional() -> None:
    pair = rotation("engineer", "primary backup shadow", optional=frozenset({"shadow"}))
    found = grid(roster("ana bo", pair), crews("ana - - | - - -", of=pair))
    assert [[mark.kind for mark in each] for each in found.missing] == [["backup"], ["primary", "backup"]]


def test_gaps_have_their_columns() -> None:
    assert days(grid(roster("ana", PAIR), crews("ana -"), crews("ana -", first=3), end=week(4))) == [
        "01-04",
        "01-11",
        "01-18",
        "01-25",
    ]


def test_rows_are_in_the_order_of_the_roster_and_people_of_two_teams_stand_in_both() -> None:
    teams = [
        Team("red", "Red", {"leads": ("cy",), "engineers": ("bo", "ana")}),
        Team("blue", "Blue", {"engineers": ("bo",)}),
    ]
    given = roster("ana bo cy dee", [PAIR, LEAD], teams)
    found = grid(given, crews("ana zoe | dee -"), end=week(2))
    # No rotation of cy's is shown; dee is in no team, zoe in no roster.
    assert [(row.team, row.person) for row in found.rows] == [
        ("red", "bo"),
        ("red", "ana"),
        ("blue", "bo"),
        (None, "dee"),
        (None, "zoe"),
    ]


def test_one_rotation_one_team_or_one_person() -> None:
    teams = {"red": "ana", "blue": "bo cy"}
    given = roster("ana bo cy", [PAIR, LEAD], teams)
    both = [*crews("ana bo | bo cy"), *crews("cy", of=LEAD)]
    assert lines(grid(given, both, rotation="lead")) == ["ana: .", "bo: .", "cy: L"]
    assert lines(grid(given, both, team="blue")) == ["bo: B P", "cy: L BL"]
    assert lines(grid(given, both, person="bo")) == ["bo: B P"]


def test_who_has_left_or_not_yet_joined_has_no_row() -> None:
    people = [Person("ana", end=week(0)), Person("bo", start=week(2)), Person("cy", end=week(1)), "dee"]
    assert lines(grid(roster(people, PAIR), crews("dee - | dee -"), end=week(2))) == ["cy: . .", "dee: P P"]


def test_periods_of_an_earlier_cadence_and_of_no_rotation_are_shown() -> None:
    """A fortnight by hand in a rotation of weeks, and a rotation that the roster no longer has."""
    long = Crew(Period(week(0), week(2), "engineer"), {"primary": "ana", "backup": "bo"})
    other = Crew(Period(week(0), week(1), "night"), {"caller": "bo"})
    found = grid(roster("ana bo", PAIR), long, other)
    assert lines(found) == ["ana: P P", "bo: BC B"]
    assert lines(grid(roster("ana bo", PAIR), other, rotation="night")) == ["bo: C"]


def test_nothing_planned_has_columns_and_people() -> None:
    assert lines(grid(roster("ana", PAIR), start=MONDAY, end=week(2))) == ["ana: . ."]


def test_days_of_working_weeks_have_no_weekend() -> None:
    given = roster("ana bo", rotation("desk", "caller", every=Length(1, "days"), serves=WORKING_DAYS))
    found = grid(given, planned(given, "desk", "ana bo ana bo ana bo"))
    assert days(found) == ["01-04", "01-05", "01-06", "01-07", "01-08", "01-11"]


def test_a_weekend_on_which_another_rotation_is_served_has_its_days() -> None:
    desk = rotation("desk", "caller", every=Length(1, "days"), serves=WORKING_DAYS)
    oncall = rotation("oncall", "pager", serves=ALWAYS)
    given = roster("ana bo", [desk, oncall])
    held = planned(given, "desk", "ana ana ana ana ana ana")
    found = grid(given, held, crews("bo", of=oncall), end=date(2027, 1, 12))
    assert days(found) == ["01-04", "01-05", "01-06", "01-07", "01-08", "01-09", "01-10", "01-11"]
    assert lines(found) == ["ana: C C C C C . . C", "bo: P P P P P P P ."]
    assert not any(column.closed for column in found.columns)


def test_only_the_days_of_a_weekend_on_which_another_rotation_is_served_have_columns() -> None:
    desk = rotation("desk", "caller", every=Length(1, "days"), serves=WORKING_DAYS)
    sundays = rotation("sundays", "host", serves=(Span(frozenset({6})),))
    given = roster("ana bo", [desk, sundays])
    found = grid(given, planned(given, "desk", "ana ana ana ana ana ana"), crews("bo", of=sundays))
    assert days(found) == ["01-04", "01-05", "01-06", "01-07", "01-08", "01-10", "01-11"]
    assert lines(found) == ["ana: C C C C C . C", "bo: . . . . . H ."]
