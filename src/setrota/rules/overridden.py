"""Which broken rules people broke knowingly, with `--force`: a forced change says which rules (`Change.forced`), and
its undoing tells whether a violation exists because of it.

Reads roster and schedule. Whether a forced violation is an error is for those above.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from setrota.roster import Roster
from setrota.rules import Violation, violations
from setrota.schedule import Change, Schedule


def forced_violations(roster: Roster, schedule: Schedule, found: Iterable[Violation]) -> dict[Violation, datetime]:
    """Those of a schedule's violations that were forced, each with when that was decided.

    They are there because of changes that were forced for that very rule: with the seats as they would be without these
    changes, nobody of the same people breaks it in that period. So what somebody else breaks, or what breaks another
    rule, is no part of what was agreed to.
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
    """Whether a violation is one that was there in any case, of more people now or said in other words."""
    return violation.period == other.period and set(violation.people) >= set(other.people)


def _when(violation: Violation, changes: Iterable[Change]) -> datetime:
    """When the latest of these changes was made, of those that gave one of these people a seat if there are any."""
    theirs = [change.at for change in changes if change.now in violation.people]
    return max(theirs or [change.at for change in changes])
