"""Which part of a period a person serves who has only some of its days."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from samples import DAY, ENGINEER, MONDAY, crew, roster, rotation

from setrota.dates.cuts import Cut
from setrota.dates.periods import handover_on, point_at
from setrota.dates.service import part_of
from setrota.roster import ALWAYS
from setrota.schedule import Change, Duty

SATURDAY = MONDAY + 5 * DAY
OFFICE = roster(rotations=ENGINEER)
CLOCK = rotation("clock", "primary", serves=ALWAYS)


@pytest.mark.parametrize(
    ("start", "days", "part"), [(MONDAY, 2, 0.4), (MONDAY + 4 * DAY, 3, 0.2), (SATURDAY, 2, 0.0), (MONDAY, 7, 1.0)]
)
def test_of_a_week_from_monday_to_friday_its_working_days_count(start: date, days: int, part: float) -> None:
    assert part_of(OFFICE, duty(start, days).days, crew(MONDAY, "ana").period) == part


@pytest.mark.parametrize(("start", "days", "part"), [(SATURDAY, 2, 2 / 7), (MONDAY, 1, 1 / 7), (MONDAY, 7, 1.0)])
def test_of_a_week_that_is_served_all_the_time_all_days_count(start: date, days: int, part: float) -> None:
    whole = crew(MONDAY, "ana", of=CLOCK).period
    assert part_of(roster(rotations=CLOCK), duty(start, days, "clock").days, whole) == pytest.approx(part)


def test_a_cover_at_the_minute_is_credited_to_the_minute() -> None:
    """Bo takes over at 15:00 on Wednesday: ana has two days and six of 24 hours of five served days."""
    zone = OFFICE.zone
    cut = point_at(OFFICE, "engineer", datetime(2027, 1, 6, 15, tzinfo=zone))
    assert isinstance(cut, Cut)
    change = Change(handover_on(OFFICE, "engineer", MONDAY), "primary", "ana", "bo", start=cut)
    covered = crew(MONDAY, "ana", changes=[change])

    assert [(each.start, each.end, each.person) for each in covered.duties() if each.seat == "primary"] == [
        (MONDAY, cut, "ana"),
        (cut, MONDAY + 7 * DAY, "bo"),
    ]
    assert covered.credits(OFFICE)["primary"] == pytest.approx({"ana": 2.25 / 5, "bo": 2.75 / 5})


def duty(start: date, days: int, rotation: str = ENGINEER.name) -> Duty:
    return Duty(start, start + days * DAY, rotation, "primary", "ana")
