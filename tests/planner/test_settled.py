"""Who is settled before the solver runs, when a duty of several periods has already begun."""

from __future__ import annotations

import pytest
from samples import PATTERN, crew, leave, roster, schedule, week

from setrota.dates.periods import Period
from setrota.planner.problem.settled import settle
from setrota.roster import Person

AWAY = Person("ana", leave=(leave(week(2), days=5),))


@pytest.mark.parametrize(("served", "owed"), [("bo", "cy"), ("cy", "bo")])
def test_the_rest_of_a_broken_off_duty_goes_to_who_is_owed_most(served: str, owed: str) -> None:
    """`ana` was backup in week 1 and is away in week 2; one of the others was primary before."""
    kept = schedule(crew(week(0), f"- {served}", of=PATTERN), crew(week(1), "ana -", of=PATTERN))
    found = settle(roster([AWAY, "bo", "cy"], [PATTERN]), kept, [Period(week(2), week(3), PATTERN.name)])
    assert [dict(each.seats) for each in found] == [{"backup": None, "primary": owed}]
