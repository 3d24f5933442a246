"""Everything there is to say against a roster and its schedule on a given day: the findings of `setrota check`.

Brings rules, empty seats, gaps and feasibility together, and decides how grave each is. Knows no file and no terminal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from setrota import feasibility, horizon, rules
from setrota.periods import DAY, Period
from setrota.pins import clashes
from setrota.problems import Severity
from setrota.roster import Roster
from setrota.rules import Violation
from setrota.schedule import Schedule

MENDED_BY_PLANNING = ("membership", "leave", "team-away", "pins")
"""Rules that a plan breaks once the roster has changed."""


@dataclass(frozen=True)
class Finding:
    """One thing to say; `rule` names what it is about."""

    severity: Severity
    rule: str
    message: str
    period: Period | None = None
    people: tuple[str, ...] = ()


def judged(roster: Roster, schedule: Schedule, day: date) -> list[Finding]:
    """All findings, as of the day whose crew is on duty."""
    return [
        *_broken_rules(roster, schedule, day),
        *impossible_pins(roster, schedule, day),
        *_empty_seats(roster, schedule, day),
        *_gaps(roster, schedule, day),
        *_end_of_plan(roster, schedule, day),
        *(Finding("warning", "fair-shares", sentence) for sentence in feasibility.obstacles(roster, day)),
    ]


def _broken_rules(roster: Roster, schedule: Schedule, day: date) -> Iterator[Finding]:
    """Broken rules; of ended periods as notes, and not that somebody has left the roster since."""
    standing = {crew.period for crew in _standing(schedule, day).crews}
    for violation in rules.violations(roster, schedule):
        over = violation.period.end <= day
        if not (over and violation.rule == "membership" and not set(violation.people) & set(roster.people)):
            relaxed = violation.rule in roster.rules.relax
            severity: Severity = "note" if over else "warning" if relaxed else "error"
            message = violation.message
            if relaxed:
                message += f"; the roster lets `{violation.rule}` give way"
            elif violation.rule in MENDED_BY_PLANNING and violation.period not in standing:
                message += "; `setrota plan --again` plans anew"
            yield Finding(severity, violation.rule, message, violation.period, violation.people)


def newly_away(before: Roster, after: Roster, schedule: Schedule, day: date) -> list[Violation]:
    """The duties, running or to come, that leave hits in a changed roster and didn't hit before, in time order."""
    old = set(rules.violations(before, schedule))
    new = [each for each in rules.violations(after, schedule) if each.rule == "leave" and each.period.end > day]
    return sorted((each for each in new if each not in old), key=lambda each: (each.period, each.people))


def contradictions(roster: Roster, kept: Schedule, day: date) -> list[Finding]:
    """What no plan can keep, as counting alone finds out: pins that break rules beside the crews that stay."""
    return [
        Finding("error", "pins", f"pin of {pin.person} to `{pin.seat}` on {pin.day}: {message}", period, (pin.person,))
        for pin, period, message in clashes(roster, kept, day)
    ]


def impossible_pins(roster: Roster, schedule: Schedule, day: date) -> list[Finding]:
    """The pins that no plan can keep beside what planning again would leave as it is."""
    return contradictions(roster, _standing(schedule, day), day)


def _standing(schedule: Schedule, day: date) -> Schedule:
    """The crews that `plan --again` would leave as they are."""
    return replace(schedule, crews=tuple(crew for crew in schedule.crews if crew.period.start <= day or crew.by_hand))


def _empty_seats(roster: Roster, schedule: Schedule, day: date) -> Iterator[Finding]:
    for crew, duty in rules.unfilled(roster, schedule, day):
        if duty.days == crew.period:
            message = f"nobody for `{duty.seat}`; `setrota plan --fill` tries again"
        else:
            message = f"nobody for `{duty.seat}` from {duty.start} to {duty.end - DAY}"
        yield Finding("error", "unfilled", message, crew.period)


def _gaps(roster: Roster, schedule: Schedule, day: date) -> Iterator[Finding]:
    """Days without a crew, from today to the last that is planned for the rotation."""
    for rotation in roster.rotations:
        end = max((crew.period.end for crew in schedule.of(rotation)), default=day)
        for gap in horizon.gaps(schedule, rotation, day, end):
            message = f"nobody is planned for `{rotation}` from {gap.start} to {gap.end - DAY}"
            yield Finding("warning", "plan", message)


def _end_of_plan(roster: Roster, schedule: Schedule, day: date) -> Iterator[Finding]:
    end = horizon.planned_to(schedule)
    if end is None or end <= day:
        yield Finding("note", "plan", "nothing is planned from today on; `setrota plan` plans the next quarter")
        return
    for rotation in roster.rotations:
        last = max((crew.period.end for crew in schedule.of(rotation)), default=day)
        if last <= day:
            yield Finding("warning", "plan", f"nothing is planned for `{rotation}` from today on")
        elif last < day + horizon.SHORT_OF_PLAN:
            yield Finding("warning", "plan", f"the plan for `{rotation}` ends on {last}; `setrota plan` continues it")
