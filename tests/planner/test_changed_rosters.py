"""Planning again, or filling, after the roster has changed: no weeks get lost, and no history is rewritten."""

from __future__ import annotations

from dataclasses import replace

from planning import asked, planned
from samples import crew, roster, rotation, schedule, week

from setrota.dates.periods import WEEK
from setrota.planner import Range
from setrota.roster import Length
from setrota.schedule.ranges import gaps

PEOPLE = [f"p{number}" for number in range(8)]


def again(weeks: int) -> Range:
    return replace(asked(0, weeks, again=True, look_ahead=0), new=False)


def test_again_with_another_cadence_leaves_no_week_to_nobody() -> None:
    """Six fortnights, then every three weeks: the same twelve weeks, and what reaches beyond, are covered."""
    before = planned(roster(PEOPLE, rotation(every=Length(2))), schedule(), asked(0, 12, look_ahead=0)).schedule
    slower = roster(PEOPLE, rotation(every=Length(3)))

    after = planned(slower, before, again(12)).schedule

    assert [each.period.start for each in after.crews] == [week(0), week(3), week(6), week(9)]
    assert gaps(slower, after, "engineer", week(0), week(12)) == []


def test_again_with_a_faster_cadence_plans_every_week() -> None:
    before = planned(roster(PEOPLE, rotation(every=Length(2))), schedule(), asked(0, 12, look_ahead=0)).schedule

    after = planned(roster(PEOPLE, rotation()), before, again(12)).schedule

    assert [each.period.start for each in after.crews] == [week(number) for number in range(12)]


def test_again_keeps_the_crews_of_a_rotation_that_is_gone() -> None:
    both = roster(PEOPLE, [rotation(), rotation("lead")])
    before = planned(both, schedule(), asked(0, 4, look_ahead=0)).schedule

    after = planned(roster(PEOPLE, rotation()), before, again(4)).schedule

    assert [each.period.start for each in after.of("lead")] == [week(number) for number in range(4)]


def test_fill_leaves_what_was_recorded_and_adds_who_came_since() -> None:
    """`zed` has left the roster but serves the week and was counted in it; `bo` has joined since."""
    running = crew(week(0), {"engineer-1": "zed", "engineer-2": None}, shares={"ana": 1.0, "zed": 0.5})
    question = roster("ana bo", rotation(seats="engineer engineer"))

    result = planned(question, schedule(running), asked(0, 1, fill=True, look_ahead=0))

    assert result.crews[0].pool is not None
    assert result.crews[0].pool.shares == {"ana": 1.0, "bo": 1.0, "zed": 0.5}


def test_fill_passes_over_seats_that_are_gone_and_weeks_that_are_over() -> None:
    gone = crew(week(1), {"primary": None, "backup": None}, shares={"ana": 1.0})
    over = crew(week(-8), {"primary": None}, shares={"ana": 1.0})
    question = roster("ana bo", rotation(seats="primary"))

    span = replace(asked(-8, 10, fill=True, look_ahead=0), new=False, today=week(0))
    result = planned(question, schedule(gone, over), span)

    assert [each.period.start for each in result.crews] == [week(1)]
    held = {duty.seat: duty.person for duty in result.crews[0].duties()}
    assert held["primary"] is not None
    assert held["backup"] is None


def test_gaps_are_days_without_a_crew_however_they_arise() -> None:
    late = crew(week(2) + WEEK / 7 * 2, {"engineer": "p0"})
    held = schedule(crew(week(1), {"engineer": "p1"}), late)
    found = [
        (gap.start, gap.end)
        for gap in gaps(roster(PEOPLE, rotation()), held, "engineer", week(0) + WEEK / 7 * 3, week(5))
    ]
    # The rest of a week that is under way, two days between two grids, and what follows.
    assert found == [
        (week(0) + WEEK / 7 * 3, week(1)),
        (week(2), week(2) + WEEK / 7 * 2),
        (week(3) + WEEK / 7 * 2, week(5)),
    ]
