"""What `setrota leave add` says about duties that new leave hits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from samples import DAY, ENGINEER, crews, roster, schedule, week

from setrota.reports.leave import duties_hit_by_leave
from setrota.roster import Leave, Person


@pytest.mark.parametrize(("today", "named"), [(week(0), "2027-01-05"), (week(0) + 2 * DAY, "2027-01-06")])
def test_of_leave_that_has_begun_a_day_to_come_is_named(today: date, named: str) -> None:
    """`ana` is away from Tuesday to Thursday of the running week."""
    ana = Person("ana")
    before = roster([ana, "bo"], ENGINEER)
    after = roster([replace(ana, leave=(Leave(week(0) + DAY, week(0) + 4 * DAY),)), "bo"], ENGINEER)
    [problem] = duties_hit_by_leave(before, after, schedule(crews("ana")), today)
    assert problem.hint == f"`setrota cover ana {named}`"
