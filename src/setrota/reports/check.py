"""What `setrota check` reports: every finding, a summary, and the same as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from setrota.check.findings import Finding
from setrota.dates.cuts import day_of
from setrota.dates.periods import Period
from setrota.problems import MOST_PROBLEMS, Place, Problem, Severity, counted, left_out, listed, printable
from setrota.reports.duties import entries
from setrota.roster import Pin, Roster
from setrota.rules import Violation
from setrota.rules.eligibility import Obstacle
from setrota.schedule import Schedule
from setrota.schedule.ranges import planned_to

if TYPE_CHECKING:
    from setrota.reports.documents import CheckDocument, FindingEntry, ObstacleEntry, ViolationEntry

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "note")

MOST_NOTES = 10
"""Any further notes about the past are only counted."""


@dataclass(frozen=True)
class Lookup:
    """Where the files have what findings are about: periods in the schedule, pins in the roster."""

    period: Callable[[Period], Place]
    pin: Callable[[Pin], Place | None]

    def place(self, finding: Finding) -> Place | None:
        if finding.pin is not None:
            return self.pin(finding.pin)
        return None if finding.period is None else self.period(finding.period)


def check_lines(findings: Sequence[Finding], lookup: Lookup) -> list[str]:
    """The findings, notes last; of the notes about periods that are over, only the first few."""
    shown, more = shown_findings(findings)
    lines = [str(each) for each in check_problems(shown, lookup)]
    if more:
        lines.append(f"{counted(more, 'more note')} about the past; `--format json` lists them all")
    return lines


def shown_findings(findings: Sequence[Finding]) -> tuple[list[Finding], int]:
    """The findings that people are shown, notes last, and how many notes about the past are left out."""
    past: list[Finding] = []
    shown: list[Finding] = []
    for each in sorted(findings, key=lambda each: each.severity == "note"):
        (past if each.severity == "note" and each.is_over else shown).append(each)
    return [*shown, *past[:MOST_NOTES]], max(0, len(past) - MOST_NOTES)


def check_problems(findings: Sequence[Finding], lookup: Lookup) -> list[Problem]:
    """Each finding as a problem: at its place, with its period, and with the command that mends it.

    If there are too many, only the most severe ones, and how many are left out.
    """
    first = list(findings)
    if len(first) > MOST_PROBLEMS + 1:
        first = sorted(first, key=lambda each: SEVERITIES.index(each.severity))[:MOST_PROBLEMS]
    problems = [
        Problem(finding_text(each), lookup.place(each), _hint(each), severity=each.severity, code=each.code)
        for each in first
    ]
    more = len(findings) - len(first)
    return [*problems, left_out(f"{more:,} more findings are not shown")] if more else problems


def _hint(finding: Finding) -> str | None:
    return f"`{finding.command}`" if finding.command else finding.hint


def finding_text(finding: Finding) -> str:
    """What is wrong, after the period that it is about."""
    period = finding.period
    return finding.message if period is None or finding.pin else f"{period.rotation} {period.start}: {finding.message}"


def check_summary(
    roster_path: Path, roster: Roster, schedule_path: Path, schedule: Schedule, findings: Sequence[Finding]
) -> str:
    """How large the rota is, how far it is planned, and how many findings there are of each severity."""
    people, end = counted(len(roster.people), "person", "people"), planned_to(schedule)
    counts = Counter(each.severity for each in findings)
    return (
        f"{printable(str(roster_path))}: {counted(len(roster.teams), 'team')}, {people}, {listed(roster.rotations)}\n"
        f"{printable(str(schedule_path))}: {f'planned until {end}' if end else 'nothing planned'}\n"
        + ", ".join(counted(counts[severity], severity) for severity in SEVERITIES)
    )


def check_document(roster: Roster, findings: Sequence[Finding]) -> CheckDocument:
    """Every finding, including those about the past."""
    counts = Counter(each.severity for each in findings)
    return {
        "findings": [_finding_entry(roster, each) for each in findings],
        "severity_counts": {"error": counts["error"], "warning": counts["warning"], "note": counts["note"]},
    }


def _finding_entry(roster: Roster, finding: Finding) -> FindingEntry:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "rotation": finding.period.rotation if finding.period else None,
        "period": f"{day_of(finding.period.start)}" if finding.period else None,
        "people": list(finding.people),
        "message": finding.message,
        "duties": entries(roster, finding.duties),
        "command": finding.command,
    }


def violation_text(violation: Violation, verb: str = "") -> str:
    """A broken rule with its period; `verb` goes between the two."""
    return f"`{violation.rule}`{verb} in {violation.period.rotation} {violation.period.start}: {violation.message}"


def violation_entry(violation: Violation) -> ViolationEntry:
    """A broken rule, the period in which it is broken, and the people involved."""
    return {
        "rule": violation.rule,
        "rotation": violation.period.rotation,
        "period": f"{day_of(violation.period.start)}",
        "people": list(violation.people),
        "message": violation.message,
    }


def obstacle_entry(obstacle: Obstacle) -> ObstacleEntry:
    """A rule that keeps a person from a seat."""
    return {
        "rule": obstacle.rule,
        "people": list(obstacle.people),
        "phrase": obstacle.phrase,
        "message": obstacle.message,
    }
