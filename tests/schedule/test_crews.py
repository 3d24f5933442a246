"""A crew's past: what it was before a decision, and who was released from a duty."""

from __future__ import annotations

import pytest
from samples import DAY, ENGINEER, NOW, changed, computed, week

from setrota.dates.periods import Period

CREW = changed(computed(week(0), "ana bo"), "primary", "cy", week(0) + 2 * DAY)


def test_before_a_change_it_is_not_there_yet() -> None:
    """Also at the moment of the change itself: that crew is the one it changed."""
    assert CREW.before(NOW).changes == ()
    assert CREW.before(NOW + DAY).changes == CREW.changes


@pytest.mark.parametrize(("first", "last", "released"), [(0, 2, set()), (2, 7, {"ana"}), (1, 3, set())])
def test_who_serves_for_some_of_the_days_was_not_let_off(first: int, last: int, released: set[str]) -> None:
    """`ana` has Monday and Tuesday, and gave the other days away."""
    days = Period(week(0) + first * DAY, week(0) + last * DAY, ENGINEER.name)
    assert CREW.released(days) == released
