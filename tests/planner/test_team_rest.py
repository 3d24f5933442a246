"""The rest of a team as the planner keeps it, on both sides of its boundary."""

from __future__ import annotations

import pytest
from planning import asked, planned
from samples import crew, leave, roster, rotation, schedule, week

from setrota.roster import Length, Person, Roster

REST_WEEKS = 2
ENOUGH = REST_WEEKS + 1
"""Weeks from the start of one duty to the start of the next that leave exactly the team's rest between them."""


def team(ana_weeks: set[int], bo_weeks: set[int]) -> Roster:
    """Two people of one team with one seat, each of them there in some of the first weeks only."""

    def there(handle: str, weeks: set[int]) -> Person:
        gone = [number for number in range(ENOUGH + 1) if number not in weeks]
        return Person(handle, leave=tuple(leave(week(number)) for number in gone))

    resting = rotation(team_rest=Length(REST_WEEKS))
    return roster([there("ana", ana_weeks), there("bo", bo_weeks)], resting)


@pytest.mark.parametrize(("later", "filled"), [(1, 1), (ENOUGH - 1, 1), (ENOUGH, 2)])
def test_two_of_a_team_are_planned_as_soon_as_it_has_rested(later: int, filled: int) -> None:
    result = planned(team({0}, {later}), schedule(), asked(0, ENOUGH + 1, look_ahead=0))
    assert sum(each.seats["engineer"] is not None for each in result.crews) == filled


@pytest.mark.parametrize(("distance", "filled"), [(1, False), (ENOUGH - 1, False), (ENOUGH, True)])
@pytest.mark.parametrize("held_first", [True, False])
def test_the_rest_counts_from_what_stands_already(held_first: bool, distance: int, filled: bool) -> None:
    held, new = (0, distance) if held_first else (distance, 0)
    standing = schedule(crew(week(held), {"engineer": "ana"}))
    result = planned(team(set(), {new}), standing, asked(new, 1, look_ahead=0))
    assert [each.seats["engineer"] for each in result.crews] == ["bo" if filled else None]
