"""Which rules were broken on purpose, with `--force`.

A forced change records its rules (`Change.forced`); undoing it shows whether a violation exists because of it. How
serious a forced violation is, callers decide.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from setrota.roster import Roster
from setrota.rules import Violation, violations
from setrota.schedule import Change, Schedule


def forced_violations(roster: Roster, schedule: Schedule, found: Iterable[Violation]) -> dict[Violation, datetime]:
    """Pick the violations that were forced, each with the time of that decision.

    A violation was forced if it disappears when the changes forced for that rule are undone, that is, if none of the
    same people then breaks the rule in that period. Violations by other people, or of other rules, were not agreed to.
    """
    by_rule: dict[str, list[Violation]] = {}
    for each in found:
        by_rule.setdefault(each.rule, []).append(each)
    decided = {}
    for rule, broken in by_rule.items():
        changes = [change for crew in schedule.crews for change in crew.changes if rule in change.forced]
        if changes:
            instead = [each for each in violations(roster, _without(schedule, rule)) if each.rule == rule]
            gone = [each for each in instead if each not in broken]
            for each in broken:
                if each not in instead and not any(_is_worse(each, other) for other in gone):
                    decided[each] = _when(each, changes)
    return decided


def _without(schedule: Schedule, rule: str) -> Schedule:
    """The schedule without the changes that were forced for a rule."""
    return schedule.updated(
        replace(crew, changes=tuple(change for change in crew.changes if rule not in change.forced))
        for crew in schedule.crews
        if any(rule in change.forced for change in crew.changes)
    )


def _is_worse(violation: Violation, other: Violation) -> bool:
    """Whether a violation would exist anyway, perhaps with fewer people or in other words."""
    return violation.period == other.period and set(violation.people) >= set(other.people)


def _when(violation: Violation, changes: Iterable[Change]) -> datetime:
    """When the latest of these changes was made, of those that gave one of these people a seat if there are any."""
    theirs = [change.at for change in changes if change.now in violation.people]
    return max(theirs or [change.at for change in changes])
