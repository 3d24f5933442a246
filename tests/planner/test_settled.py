"""Who is settled before the solver runs, when a duty of several periods has already begun."""

from __future__ import annotations

import pytest
from planning import asked, planned
from samples import PATTERN, crew, leave, roster, schedule, week

from setrota.dates.periods import Period
from setrota.planner.problem.settled import settle
from setrota.roster import Closed, Person, Pin

AWAY = Person("ana", leave=(leave(week(2), days=5),))


@pytest.mark.parametrize(("served", "owed"), [("bo", "cy"), ("cy", "bo")])
def test_the_rest_of_a_broken_off_duty_goes_to_who_is_owed_most(served: str, owed: str) -> None:
    """`ana` was backup in week 1 and is away in week 2; one of the others was primary before."""
    kept = schedule(crew(week(0), f"- {served}", of=PATTERN), crew(week(1), "ana -", of=PATTERN))
    found = settle(roster([AWAY, "bo", "cy"], [PATTERN]), kept, [Period(week(2), week(3), PATTERN.name)])
    assert [dict(each.seats) for each in found] == [{"backup": None, "primary": owed}]


@pytest.mark.parametrize("pins", [(), (Pin(week(4), PATTERN.name, "primary", "ana"),)])
def test_duties_step_over_weeks_that_are_closed(pins: tuple[Pin, ...]) -> None:
    """The rest of the duty that began before two closed weeks is its own, not that of whoever is owed most."""
    question = roster("ana bo cy dee eli fay", [PATTERN], closed=Closed(((week(2), week(4)),)), pins=pins)
    result = planned(question, schedule(), asked(0, 7))
    seats = [{duty.seat: duty.person for duty in each.duties()} for each in result.schedule.crews]
    assert [each.period.start for each in result.schedule.crews] == [week(number) for number in (0, 1, 4, 5, 6)]
    assert all(None not in each.values() for each in seats)
    assert [each["primary"] for each in seats[1:]] == [each["backup"] for each in seats[:-1]]
    assert not pins or seats[1]["backup"] == "ana"
