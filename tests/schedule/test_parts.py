"""Which part of a period a person serves who has only some of its days."""

from __future__ import annotations

from datetime import date

import pytest
from samples import DAY, ENGINEER, MONDAY

from setrota.dates.periods import Period
from setrota.schedule import Duty, part_of

SATURDAY = MONDAY + 5 * DAY


@pytest.mark.parametrize(
    ("start", "days", "part"), [(MONDAY, 2, 0.4), (MONDAY + 4 * DAY, 3, 0.2), (SATURDAY, 2, 0.0), (MONDAY, 7, 1.0)]
)
def test_of_a_week_working_days_count(start: date, days: int, part: float) -> None:
    assert part_of(duty(start, days), Period(MONDAY, MONDAY + 7 * DAY, ENGINEER.name)) == part


@pytest.mark.parametrize(("days", "part"), [(1, 0.5), (2, 1.0)])
def test_of_a_weekend_all_days_count(days: int, part: float) -> None:
    assert part_of(duty(SATURDAY, days), Period(SATURDAY, SATURDAY + 2 * DAY, ENGINEER.name)) == part


def duty(start: date, days: int) -> Duty:
    return Duty(start, start + days * DAY, ENGINEER.name, "primary", "ana")
