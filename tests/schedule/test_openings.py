"""The seats that nobody has, in crews and where people volunteer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from samples import MONDAY, changed, crew, roster, rotation, schedule, week

from setrota.dates.periods import DAY
from setrota.reports.show import rota_table
from setrota.roster import Closed, Length, Span
from setrota.rules import unfilled
from setrota.schedule.openings import open_seats

DESK = rotation("desk", "primary backup shadow", optional=frozenset({"shadow"}))
# The first and the third Sunday of each month: 3 and 17 January, 7 and 21 February.
SUNDAYS = rotation(
    "welcome",
    "steward coffee",
    every=Length(1, "days"),
    serves=(Span(frozenset({6}), frozenset({1, 3})),),
    optional=frozenset({"steward", "coffee"}),
)


def found(start: date, end: date, *crews: str, closed: Closed | None = None) -> list[tuple[str, date]]:
    place = roster("ana bo", [replace(SUNDAYS, closed=closed)])
    days = (date(2027, 1, 3), date(2027, 1, 17))
    taken = schedule(
        replace(each, period=replace(each.period, end=last))
        for each, last in zip(
            (crew(day, text, of=SUNDAYS, weeks=1) for day, text in zip(days, crews, strict=False)),
            (date(2027, 1, 17), date(2027, 2, 7)),
            strict=False,
        )
    )
    return [(each.seat, each.start) for each in open_seats(place, taken, start, end)]


def test_volunteers_are_wanted_in_crews_and_where_there_is_none() -> None:
    third, seventh = date(2027, 1, 3), date(2027, 2, 7)
    assert found(third, date(2027, 2, 8), "ana -", "ana bo") == [
        ("coffee", third),
        ("steward", seventh),
        ("coffee", seventh),
    ]


def test_what_is_over_or_closed_wants_nobody() -> None:
    """The service of 3 January ends on the Monday; on 17 January the house is closed."""
    closed = Closed(((date(2027, 1, 16), date(2027, 1, 19)),))
    assert found(MONDAY, date(2027, 1, 30), closed=closed) == []
    assert found(MONDAY - DAY, date(2027, 1, 30), closed=closed) == [
        ("steward", date(2027, 1, 3)),
        ("coffee", date(2027, 1, 3)),
    ]


def test_empty_seats_of_a_planned_week_are_open_but_no_week_that_is_not_planned() -> None:
    place = roster("ana bo", [DESK])
    held = schedule(crew(week(0), "ana - -", of=DESK))
    assert [each.seat for each in open_seats(place, held, week(0), week(4))] == ["backup", "shadow"]


def test_a_seat_is_not_open_where_nobody_serves() -> None:
    """ana gives up a weekend, on which a rotation of Monday to Friday is off duty, and in another week a Friday."""
    place = roster("ana bo", [replace(DESK, optional=frozenset())])
    weekend, friday = week(0) + 5 * DAY, week(1) + 4 * DAY
    held = schedule(
        changed(crew(week(0), "ana bo bo", of=DESK), "primary", None, weekend),
        changed(crew(week(1), "ana bo bo", of=DESK), "primary", None, friday),
    )
    empty = [duty for duty in held.duties() if duty.person is None]
    assert [duty.start for duty in empty] == [weekend, friday]
    assert open_seats(place, held, week(0), week(4)) == empty[1:]
    assert [duty for _, duty in unfilled(place, held, week(0))] == empty[1:]
    assert "NOBODY from 01-15" in (table := rota_table(place, held, (week(0), week(2))))
    assert "01-09" not in table
