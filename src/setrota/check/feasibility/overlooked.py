"""The people who can never serve, or only where a seat stays empty anyway, in sentences.

Each names the people, the rules that together rule them out, and what to change.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import NamedTuple

from setrota.check.feasibility.averages import days_free, few_named, weekdays_worked, works_too_little
from setrota.check.feasibility.never import NeverServes, who_never_serves
from setrota.problems import Severity, counted, listed, listed_quotes
from setrota.roster import Roster
from setrota.schedule import Schedule

WORKING_WEEK = frozenset(range(5))
"""Monday to Friday."""

LEAST_DUE = 1.0
"""People who are kept out only for a while are named if they owe at least so many duties of it."""

WHY = {
    "leave": "they are away in every period",
    "team-away": "their team is away in every period",
    "not-seats": "they are not ready for any seat",
    "seat-teams": "all seats are for other teams",
    "rest": "they are resting after earlier duties",
    "one-duty": "they are on duty elsewhere all the time",
    "max-per-team": "`max-per-team` is 0",
}
"""Why one rule leaves no seat; of the other rules only the name is given."""

CHANGES = {
    "leave": "raise `leave-tolerance`",
    "team-away": "shorten the team's `away`",
    "not-seats": "shorten their `not-seats`",
    "seat-teams": "add their team to `seat-teams`",
    "rest": "shorten `rest`",
    "one-duty": "give their other duties to someone else",
    "max-per-team": "raise `max-per-team`",
    "max-duties": "raise `max-duties`",
}
"""What makes room; the other rules are to be changed."""


class Overlooked(NamedTuple):
    """People who can't serve, or not in a full crew, for the same reason: a sentence, and a hint what to do.

    It is a note if they can serve again later.
    """

    people: tuple[str, ...]
    sentence: str
    hint: str
    severity: Severity


def overlooked(
    roster: Roster, schedule: Schedule, start: date, end: date, person: str | None = None
) -> Iterator[Overlooked]:
    """Who owes a share but can't serve from `start` on: for half a year, or until `end` if they owe a duty by then.

    Of one person alone, if `person` is given.
    """
    groups: dict[tuple[object, ...], list[NeverServes]] = {}
    for each in who_never_serves(roster, schedule, start, end):
        if person not in (None, each.person) or (not each.lasting and each.due < LEAST_DUE):
            continue
        key = each.rotation.name, each.rules, each.lasting, each.crowded, each.end, _detail(roster, each, start)
        groups.setdefault(key, []).append(each)
    for group in groups.values():
        first, people = group[0], tuple(each.person for each in group)
        yield Overlooked(
            people=people,
            sentence=_sentence(roster, first, people, _detail(roster, first, start)),
            hint=_hint(roster, first, start),
            severity="warning" if first.lasting else "note",
        )


def _detail(roster: Roster, found: NeverServes, start: date) -> str:
    """What tells a person from others whom the same rules keep out: their teams, or the days on which they work."""
    teams, person = roster.teams_of(found.person), roster.people[found.person]
    if "max-per-team" in found.rules and len(teams) > 1:
        return f"which counts them in {listed_quotes(teams)}"
    if found.rules == ("leave",) and works_too_little(roster, found.rotation, person, start):
        works, served = weekdays_worked(roster, found.rotation, person, start)
        if not works:
            return "they work on none of the days that it serves"
        days = f"on {len(works)} of the {len(served)} days a week that it serves"
        if served <= WORKING_WEEK:
            days = f"{counted(len(works), 'weekday')} a week"
        return f"they work only {days}, and {_tolerance(found)}"
    return ""


def _tolerance(found: NeverServes) -> str:
    tolerance = found.rotation.leave_tolerance
    if tolerance is None:
        return "`leave-tolerance` isn't set"
    return f"`leave-tolerance` is {tolerance}"


def _sentence(roster: Roster, found: NeverServes, people: Sequence[str], detail: str) -> str:
    until = "" if found.lasting else f" before {found.end}"
    can = "can never serve" if found.lasting else f"can't serve{until}"
    if found.crowded:
        can = f"can serve{until} only where a seat stays empty anyway"
    yielding = [rule for rule in found.rules if rule in roster.rules.relax]
    unless = f" unless {listed_quotes(yielding, 'or')} gives way" if yielding else ""
    return f"`{found.rotation.name}`: {few_named(people)} {can}{unless}: {_why(found, detail)}"


def _why(found: NeverServes, detail: str) -> str:
    rules = listed_quotes(found.rules)
    if found.crowded and not found.rules:
        return "they are needed in other rotations at the same time"
    if found.crowded:
        return f"any crew with them leaves a seat empty because of {', '.join(filter(None, [rules, detail]))}"
    if len(found.rules) > 1:
        return f"{rules} together leave no seat for them"
    return (
        detail if found.rules == ("leave",) and detail else WHY.get(found.rules[0], f"{rules} leaves no seat for them")
    )


def _hint(roster: Roster, found: NeverServes, start: date) -> str:
    changes = [CHANGES.get(rule, f"change `{rule}`") for rule in found.rules]
    detail = _detail(roster, found, start)
    if found.rules == ("leave",) and detail:
        free = days_free(roster, found.rotation, roster.people[found.person], start)
        changes = [f"{CHANGES['leave']} to {free}"]
    if found.crowded and detail:
        changes.append("let them belong to one team")
    elif found.crowded and not found.rules:
        changes.append("add people to the pools of the other rotations")
    leave_out = [f"take them out of the pool `{found.rotation.pool}`"] if found.lasting else []
    return listed([*changes, *leave_out], "or")
