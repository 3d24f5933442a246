"""What `setrota check` says: every finding, what to type first, and a summary; and the same as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from setrota.check.findings import Finding
from setrota.dates.periods import Period
from setrota.problems import Place, Problem, Severity, counted, listed
from setrota.reports.duties import entries
from setrota.roster import Roster
from setrota.rules import Violation
from setrota.rules.eligibility import Obstacle
from setrota.schedule import Schedule
from setrota.schedule.ranges import planned_to

if TYPE_CHECKING:
    from setrota.reports.documents import CheckDocument, FindingEntry, ObstacleEntry, ViolationEntry

MOST_NOTES = 10
"""Notes about the past beyond this many are only counted."""


def check_lines(findings: Sequence[Finding], day: date, place_of: Callable[[Period], Place]) -> list[str]:
    """The findings, notes last, and of the notes about what is over by `day` the first ones only."""
    past = [each for each in findings if each.severity == "note" and each.period and each.period.end <= day]
    shown = sorted((each for each in findings if each not in past), key=lambda each: each.severity == "note")
    lines = [str(each) for each in check_problems([*shown, *past[:MOST_NOTES]], place_of)]
    if len(past) > MOST_NOTES:
        lines.append(f"note: {len(past) - MOST_NOTES} more about the past; `--format json` has them all")
    return lines


def check_problems(findings: Iterable[Finding], place_of: Callable[[Period], Place]) -> list[Problem]:
    """Each finding as a problem: at its place, with its period, and with the command that mends it."""
    return [
        Problem(_message(each), place_of(each.period) if each.period else None, severity=each.severity, code=each.rule)
        for each in findings
    ]


def _message(finding: Finding) -> str:
    period, message = finding.period, finding.message
    if finding.command:
        message += f"{' ' if message.endswith('?') else '; '}`{finding.command}`"
    return message if period is None else f"{period.rotation} {period.start}: {message}"


def check_summary(
    roster_path: Path, roster: Roster, schedule_path: Path, schedule: Schedule, findings: Sequence[Finding]
) -> str:
    """How large the rota is, how long there is a plan, and how many findings there are of each kind."""
    people, end = counted(len(roster.people), "person", "people"), planned_to(schedule)
    counts = Counter(each.severity for each in findings)
    severities: tuple[Severity, ...] = "error", "warning", "note"
    return (
        f"{roster_path}: {counted(len(roster.teams), 'team')}, {people}, {listed(roster.rotations)}\n"
        f"{schedule_path}: {f'planned until {end}' if end else 'nothing planned'}\n"
        + ", ".join(counted(counts[severity], severity) for severity in severities)
    )


def check_document(roster: Roster, findings: Sequence[Finding]) -> CheckDocument:
    """Every finding, those about the past too."""
    counts = Counter(each.severity for each in findings)
    return {
        "findings": [_finding_entry(roster, each) for each in findings],
        "counts": {"error": counts["error"], "warning": counts["warning"], "note": counts["note"]},
    }


def _finding_entry(roster: Roster, finding: Finding) -> FindingEntry:
    return {
        "code": finding.rule,
        "severity": finding.severity,
        "rotation": finding.period.rotation if finding.period else None,
        "period": f"{finding.period.start}" if finding.period else None,
        "people": list(finding.people),
        "message": finding.message,
        "duties": entries(roster, finding.duties),
        "command": finding.command,
    }


def violation_text(violation: Violation, verb: str = "") -> str:
    """A broken rule with its period; `verb`, if any, stands between the rule and the period."""
    return f"`{violation.rule}`{verb} in {violation.period.rotation} {violation.period.start}: {violation.message}"


def violation_entry(violation: Violation) -> ViolationEntry:
    """A broken rule, the period in which it is broken, and whom it is about."""
    return {
        "rule": violation.rule,
        "rotation": violation.period.rotation,
        "period": f"{violation.period.start}",
        "people": list(violation.people),
        "message": violation.message,
    }


def obstacle_entry(obstacle: Obstacle) -> ObstacleEntry:
    """A rule that keeps somebody from a seat."""
    return {
        "rule": obstacle.rule,
        "people": list(obstacle.people),
        "phrase": obstacle.phrase,
        "message": obstacle.message,
    }
