"""What a calendar changes in a roster's leave."""

from __future__ import annotations

from datetime import date

import pytest

from setrota.files.leave.imports import leave_changes
from setrota.files.roster.edits import LeaveEntry

WINDOW = (date(2027, 2, 1), date(2027, 3, 1))


@pytest.mark.parametrize(
    ("start", "end", "gone"),
    [
        (date(2027, 1, 30), date(2027, 2, 1), False),
        (date(2027, 1, 30), date(2027, 2, 2), True),
        (date(2027, 2, 28), date(2027, 3, 2), True),
        (date(2027, 3, 1), date(2027, 3, 2), False),
    ],
)
def test_of_what_the_calendar_no_longer_has_only_days_in_the_window_go(start: date, end: date, gone: bool) -> None:
    entry = LeaveEntry("ana", start, end, "calx1", 0, 0)
    found = leave_changes([entry], [], WINDOW, "calx")
    assert [each.what for each in found] == (["gone"] if gone else [])
