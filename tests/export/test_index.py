"""What calendars look up for themselves, for many events at once, is what everybody else finds."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta
from random import Random

import pytest
import samples
from random_rotas import DAY, ZONES, rota

from setrota.export.calendars.duties import seat_holders
from setrota.export.calendars.index import ScheduleIndex
from setrota.export.calendars.meetings import meetings
from setrota.roster.notes import Meeting, Notes
from setrota.schedule.meetings import attendees, occurrences
from setrota.schedule.standings import held_on


@pytest.mark.parametrize("zone", ZONES[::4])
def test_who_is_on_duty_and_who_attends(zone: str) -> None:
    random = Random(zone)
    roster, schedule = rota(zone, 0)
    choices = (frozenset[str](), frozenset({"lead"}), frozenset({"engineer/primary", "backup"}))
    kept = [
        Meeting(
            name=str(number),
            weekday=random.randrange(7),
            time=time(random.randrange(24)),
            duration=timedelta(hours=1),
            seats=seats,
        )
        for number, seats in enumerate(choices)
    ]
    roster = replace(roster, notes=Notes(meetings=tuple(kept)))
    index = ScheduleIndex(roster, schedule)
    first, end = index.span
    for rotation in roster.rotations:
        for day in (first + DAY * number for number in range(-2, (end - first).days + 2)):
            crew = index.crew_on(rotation, day)
            held = tuple(index.duties_on(crew, day)) if crew else ()
            assert held == held_on(roster, schedule, rotation, day)
    expected = {
        (moment, audience)
        for meeting in kept
        for moment in occurrences(roster, meeting, first - 4 * DAY, end + 4 * DAY)
        if (
            audience := seat_holders(
                roster, [duty for duty in attendees(roster, schedule, meeting, moment) if duty.person]
            )
        )
    }
    assert {(event.start, event.audience) for event in meetings(index) if event.audience} == expected


def test_own_duties_may_follow_each_other_without_a_day_between() -> None:
    index = ScheduleIndex(samples.roster(), samples.schedule(samples.crews("ana | ana | ana")))
    first, second, third = (duty for duty in index.schedule.duties() if duty.person == "ana")
    assert (index.own_before(second), index.own_after(second)) == (first, third)


def test_boundaries_of_one_day_come_in_the_rosters_order() -> None:
    rotations = [samples.LEAD, samples.ENGINEER]
    held = samples.schedule(samples.crews("bo | cy | dee"), samples.crews("ana | jo", of=samples.LEAD))
    for order in (rotations, rotations[::-1]):
        found = ScheduleIndex(samples.roster(rotations=order), held).boundaries[samples.week(2)]
        assert [each.going.period.rotation for each in found] == [rotation.name for rotation in order]
