"""Everything there is to say against a roster and its schedule on a given day: the findings of `setrota check`.

Brings rules, empty seats, gaps and feasibility together, and decides how grave each is. Knows no file and no terminal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date

from setrota import rules
from setrota.check import feasibility, fixes
from setrota.dates.periods import Period
from setrota.dates.text import on_days
from setrota.problems import Severity
from setrota.roster import Pin, Roster
from setrota.rules import Violation
from setrota.rules.overridden import forced_violations
from setrota.rules.pins import clashes
from setrota.schedule import Duty, Schedule, ranges


@dataclass(frozen=True)
class Finding:
    """One thing to say; `rule` names what it is about, and `pin` the line of the roster, if it is one.

    `duties` are those that have to be repaired, by `command` (None where only editing the files helps).
    """

    severity: Severity
    rule: str
    message: str
    _: KW_ONLY
    period: Period | None = None
    people: tuple[str, ...] = ()
    duties: tuple[Duty, ...] = ()
    command: str | None = None
    pin: Pin | None = None


def all_findings(roster: Roster, schedule: Schedule, day: date) -> list[Finding]:
    """All findings, as of the day whose crew is on duty."""
    return [
        *_broken_rules(roster, schedule, day),
        *impossible_pins(roster, schedule, day),
        *_empty_seats(roster, schedule, day),
        *_conflicting_changes(schedule, day),
        *_gaps(roster, schedule, day),
        *_end_of_plan(roster, schedule, day),
        *(Finding("warning", "fair-shares", sentence) for sentence in feasibility.shortages(roster, day)),
    ]


def repair_hints(roster: Roster, findings: Iterable[Finding]) -> list[str]:
    """What is left to say at the end: all duties that have to be repaired, and who may only have been renamed."""
    errors = [finding for finding in findings if finding.severity == "error"]
    summary = fixes.summary((duty, finding.command) for finding in errors for duty in finding.duties if finding.command)
    unknown = dict.fromkeys(
        person
        for finding in errors
        for person in finding.people
        if finding.rule == "membership" and person not in roster.people
    )
    renamed = [
        f'{person} is not in the roster: whoever was only renamed keeps these duties with `formerly = "{person}"`'
        for person in unknown
    ]
    return [*renamed, *([summary] if summary else [])]


def _broken_rules(roster: Roster, schedule: Schedule, day: date) -> Iterator[Finding]:
    """Broken rules; as notes what is over (not that somebody has left the roster since) and what was forced."""
    found = rules.violations(roster, schedule)
    forced = forced_violations(roster, schedule, found)
    for violation in found:
        over = _is_over(schedule, violation, day)
        if violation in forced:
            message = f"{violation.message}; forced on {forced[violation]:%Y-%m-%d}"
            yield _about(violation, "note", message)
        elif violation.rule in roster.rules.relax:
            message = f"{violation.message}; the roster lets `{violation.rule}` give way"
            yield _about(violation, "note" if over else "warning", message)
        elif not over:
            duties = fixes.duties_hit(roster, schedule, violation, day)
            command = fixes.command(roster, schedule, violation, day)
            yield replace(_about(violation, "error", violation.message), duties=duties, command=command)
        elif violation.rule != "membership" or set(violation.people) & set(roster.people):
            yield _about(violation, "note", violation.message)


def _about(violation: Violation, severity: Severity, message: str) -> Finding:
    return Finding(severity, violation.rule, message, period=violation.period, people=violation.people)


def _is_over(schedule: Schedule, violation: Violation, day: date) -> bool:
    """Whether a broken rule is about the past only: an ended period, or what was served of one until it was covered.

    A pin is about its own day, whoever had other seats until then.
    """
    if violation.period.end <= day or violation.rule == "pins":
        return violation.period.end <= day
    crew = schedule.crew(violation.period.rotation, violation.period.start)
    theirs = [duty for duty in crew.duties() if duty.person in violation.people] if crew else []
    return bool(theirs) and all(duty.end <= day for duty in theirs)


def newly_away(before: Roster, after: Roster, schedule: Schedule, day: date) -> list[Violation]:
    """The duties, running or to come, that leave hits in a changed roster and didn't hit before, in time order."""
    old = set(rules.violations(before, schedule))
    new = [each for each in rules.violations(after, schedule) if each.rule == "leave" and each.period.end > day]
    return sorted((each for each in new if each not in old), key=lambda each: (each.period, each.people))


def contradictions(roster: Roster, kept: Schedule, day: date) -> list[Finding]:
    """What no plan can keep, as counting alone finds out: pins that break rules beside the crews that stay."""
    return [
        Finding(
            "error",
            "pins",
            f"pin of {pin.person} to `{pin.seat}` on {pin.day}: {message}",
            period=period,
            people=(pin.person,),
            command=fixes.unpin(pin),
            pin=pin,
        )
        for pin, period, message in clashes(roster, kept, day)
    ]


def impossible_pins(roster: Roster, schedule: Schedule, day: date) -> list[Finding]:
    """The pins that no plan can keep beside what `plan --again` would leave as it is."""
    stay = (crew for crew in schedule.crews if crew.period.start <= day or crew.by_hand)
    return contradictions(roster, replace(schedule, crews=tuple(stay)), day)


def newly_impossible_pins(before: Roster, after: Roster, schedule: Schedule, day: date) -> list[Finding]:
    """The pins of a changed roster that no plan can keep, but for what was said of the roster before."""
    known = {each.message for each in impossible_pins(before, schedule, day)}
    return [each for each in impossible_pins(after, schedule, day) if each.message not in known]


def _empty_seats(roster: Roster, schedule: Schedule, day: date) -> Iterator[Finding]:
    for crew, duty in rules.unfilled(roster, schedule, day):
        if duty.days == crew.period:
            message = f"nobody for `{duty.seat}`; `setrota plan --fill` tries again"
        else:
            message = f"nobody for `{duty.seat}` {on_days(duty.start, duty.end)}; `{fixes.fill(duty, day)}`"
        yield Finding("error", "unfilled", message, period=crew.period)


def _conflicting_changes(schedule: Schedule, day: date) -> Iterator[Finding]:
    """Changes that say that somebody had a seat who hadn't: two were made beside each other, and the last one holds."""
    for crew in schedule.crews:
        for number, change in enumerate(crew.changes if crew.period.end > day else ()):
            start, end = change.start or crew.period.start, change.end or crew.period.end
            held = replace(crew, changes=crew.changes[:number]).duties()
            there = [duty.person for duty in held if duty.seat == change.seat and duty.start < end and start < duty.end]
            if change.seat in crew.seats and change.was not in there:
                was, had = (each or "nobody" for each in (change.was, there[0]))
                message = f"a change of {change.at:%Y-%m-%d} takes `{change.seat}` from {was}, but {had} had it by then"
                people = tuple(filter(None, (change.was, there[0])))
                yield Finding("warning", "changes", message, period=crew.period, people=people)


def _gaps(roster: Roster, schedule: Schedule, day: date) -> Iterator[Finding]:
    """Days without a crew, from today to the last that is planned for the rotation."""
    for rotation in roster.rotations:
        end = max((crew.period.end for crew in schedule.of(rotation)), default=day)
        for gap in ranges.gaps(schedule, rotation, day, end):
            message = f"nobody is planned for `{rotation}` {on_days(gap.start, gap.end)}"
            yield Finding("warning", "plan", message)


def _end_of_plan(roster: Roster, schedule: Schedule, day: date) -> Iterator[Finding]:
    end = ranges.planned_to(schedule)
    if end is None or end <= day:
        yield Finding("note", "plan", "nothing is planned from today on; `setrota plan` plans the next quarter")
        return
    for rotation in roster.rotations:
        last = max((crew.period.end for crew in schedule.of(rotation)), default=day)
        if last <= day:
            yield Finding("warning", "plan", f"nothing is planned for `{rotation}` from today on")
        elif last < day + ranges.SHORT_OF_PLAN:
            yield Finding("warning", "plan", f"the plan for `{rotation}` ends on {last}; `setrota plan` continues it")
