"""What would fill an empty seat, and how that reads: entries of the roster's `exceptions`, ready to paste.

Looks for remedies with `setrota.planner.whatif`, and names the command to run with one. Changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable

from setrota.dates.periods import DAY
from setrota.planner import Range, Remedy, Waiver, build_instance, find_remedies, instance_of_run
from setrota.problems import counted, listed
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule

MOST_REMEDIES = 3


def what_would_fill(roster: Roster, schedule: Schedule, seat: Duty, seconds: float) -> tuple[list[Remedy], str | None]:
    """The smallest remedies for an empty seat, best first, and the command to run with one of them.

    Best with nobody else moved, else with the whole run planned again.
    """
    crew = schedule.crew_of(seat)
    start, end = crew.period.start, crew.period.end
    alone = Range(start=start, end=end, today=start - DAY, fill=True, new=False)
    instances = {
        "setrota plan --fill": build_instance(roster, schedule, alone),
        "setrota plan --again": instance_of_run(roster, schedule, crew),
    }
    for command, instance in instances.items():
        found = find_remedies(instance, seat, 2 * MOST_REMEDIES, seconds) if instance.lanes else []
        if found:
            return _distinct(found), command
    return [], None


def _distinct(found: Iterable[Remedy]) -> list[Remedy]:
    """The first remedies that the roster would say differently: an exception has no number of weeks."""
    said: dict[object, Remedy] = {}
    for remedy in found:
        said.setdefault(frozenset((waiver.rule, waiver.person) for waiver in remedy.waivers), remedy)
    return list(said.values())[:MOST_REMEDIES]


def exceptions_line(remedy: Remedy) -> str:
    """The entries, with a comment that says what each means for its person."""
    entry = '{{ rule = "{0.rule}", person = "{0.person}", date = {0.day} }}'
    entries = ", ".join(entry.format(each) for each in remedy.waivers)
    return f"{entries},  # {listed(dict.fromkeys(map(_meaning, remedy.waivers)))}"


def _meaning(waiver: Waiver) -> str:
    """What it means for somebody that a rule doesn't bind them in a period."""
    person = waiver.person
    if waiver.rule == "rest":
        return f"{person} rests {counted(waiver.weeks or 1, 'week')} less"
    return {
        "leave": f"{person} serves all the same",
        "team-away": f"{person} serves while the team is away",
        "not-seats": f"{person} is ready for the seat by then",
        "seat-teams": f"the seat is open to {person}",
        "max-per-team": f"one more of the team of {person}",
        "max-duties": f"one more duty of {person}",
    }.get(waiver.rule, f"`{waiver.rule}` lets {person} serve")
