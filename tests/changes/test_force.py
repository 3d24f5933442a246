"""What `--force` records about a change."""

from __future__ import annotations

from samples import MONDAY, WEEK

from setrota.changes.force import forced_rules
from setrota.dates.periods import Period
from setrota.rules import Violation


def test_each_rule_is_recorded_once() -> None:
    """Both people of a swap can break the same rule."""
    period = Period(MONDAY, MONDAY + WEEK, "engineer")
    broken = [Violation(rule, period, (who,), "") for rule, who in (("rest", "ana"), ("leave", "bo"), ("rest", "bo"))]
    assert forced_rules(broken) == ("rest", "leave")
