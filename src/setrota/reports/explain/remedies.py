"""What would fill an empty seat, as entries of the roster's `exceptions`, ready to paste.

Finds remedies with `setrota.planner.whatif` and names the command to run afterwards. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import date

from setrota.dates.periods import DAY
from setrota.planner import (
    Deadline,
    Range,
    Remedy,
    TimeUp,
    Waiver,
    build_instance,
    find_remedies,
    instance_of_run,
)
from setrota.problems import counted, listed
from setrota.reports.explain.subject import is_planned_again
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule

MOST_REMEDIES = 3


def what_would_fill(
    roster: Roster, schedule: Schedule, seat: Duty, today: date, deadline: Deadline
) -> tuple[list[Remedy], str | None]:
    """The smallest remedies for an empty seat, best first, and the command to run after adding one.

    Remedies that move nobody else come first; only if there are none is the whole run planned again, unless
    its crew is frozen by then. Empty if none is found in time.
    """
    crew = schedule.crew_of(seat)
    start, end = crew.period.start, crew.period.end
    alone = Range(start=start, end=end, today=start - DAY, fill=True, new=False)
    with suppress(TimeUp):
        instance = build_instance(roster, schedule, alone, deadline=deadline)
        if found := find_remedies(instance, seat, 2 * MOST_REMEDIES, deadline):
            return _distinct(found), "setrota plan --fill"
        if not is_planned_again(roster, crew, today):
            return [], None
        instance = instance_of_run(roster, schedule, crew, deadline)
        if found := find_remedies(instance, seat, 2 * MOST_REMEDIES, deadline):
            return _distinct(found), "setrota plan --again"
    return [], None


def _distinct(found: Iterable[Remedy]) -> list[Remedy]:
    """The first remedies that differ as exceptions in the roster, which have no number of weeks."""
    said: dict[object, Remedy] = {}
    for remedy in found:
        said.setdefault(frozenset((waiver.rule, waiver.person) for waiver in remedy.waivers), remedy)
    return list(said.values())[:MOST_REMEDIES]


def exceptions_line(remedy: Remedy) -> str:
    """The entries, with a comment on what each means for its person."""
    entry = '{{ rule = "{0.rule}", person = "{0.person}", date = {0.day} }}'
    entries = ", ".join(entry.format(each) for each in remedy.waivers)
    return f"{entries},  # {listed(dict.fromkeys(map(_meaning, remedy.waivers)))}"


def _meaning(waiver: Waiver) -> str:
    """What waiving a rule in a period means for the person."""
    person = waiver.person
    if waiver.rule == "rest":
        return f"{person} rests {counted(waiver.weeks, 'week')} less" if waiver.weeks else f"{person} rests less"
    return {
        "leave": f"{person} serves despite being away",
        "team-away": f"{person} serves while their team is away",
        "not-seats": f"{person} is ready for the seat by then",
        "seat-teams": f"the seat is open to {person}",
        "max-per-team": f"one more person from {person}'s team serves",
        "max-duties": f"{person} serves one duty more than their limit",
    }.get(waiver.rule, f"`{waiver.rule}` doesn't bind {person}")
