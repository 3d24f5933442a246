"""What `setrota check` says: every finding, what to type first, and a summary; and the same as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from setrota.check.findings import Finding
from setrota.dates.periods import Period
from setrota.problems import Place, Problem, Severity, counted, listed
from setrota.reports.duties import entries
from setrota.roster import Pin, Roster
from setrota.rules import Violation
from setrota.schedule import Schedule
from setrota.schedule.ranges import planned_to

MOST_NOTES = 10
"""Notes about the past beyond this many are only counted."""


def check_lines(
    findings: Sequence[Finding],
    day: date,
    place_of: Callable[[Period], Place],
    place_of_pin: Callable[[Pin], Place | None],
) -> list[str]:
    """The findings, notes last, and of the notes about what is over by `day` the first ones only."""
    past = [each for each in findings if each.severity == "note" and each.period and each.period.end <= day]
    shown = sorted((each for each in findings if each not in past), key=lambda each: each.severity == "note")
    lines = [str(_problem(each, place_of, place_of_pin)) for each in [*shown, *past[:MOST_NOTES]]]
    if len(past) > MOST_NOTES:
        lines.append(f"note: {len(past) - MOST_NOTES} more about the past; `--format json` has them all")
    return lines


def _problem(
    finding: Finding, place_of: Callable[[Period], Place], place_of_pin: Callable[[Pin], Place | None]
) -> Problem:
    period, message = finding.period, finding.message
    if finding.command:
        message += f"{' ' if message.endswith('?') else '; '}`{finding.command}`"
    if period is None:
        return Problem(f"{message} [{finding.rule}]", severity=finding.severity)
    message = f"{period.rotation} {period.start}: {message} [{finding.rule}]"
    place = place_of_pin(finding.pin) if finding.pin else place_of(period)
    return Problem(message, place, severity=finding.severity)


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


def check_document(roster: Roster, findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Every finding, those about the past too."""
    return [
        {
            "severity": finding.severity,
            "rule": finding.rule,
            "rotation": finding.period.rotation if finding.period else None,
            "start": f"{finding.period.start}" if finding.period else None,
            "people": list(finding.people),
            "message": finding.message,
            "duties": entries(roster, finding.duties),
            "command": finding.command,
        }
        for finding in findings
    ]


def violation_text(violation: Violation, verb: str = "") -> str:
    """A broken rule with its period; `verb`, if any, stands between the rule and the period."""
    return f"`{violation.rule}`{verb} in {violation.period.rotation} {violation.period.start}: {violation.message}"


def violation_entry(violation: Violation) -> dict[str, Any]:
    """A broken rule, the first day of the period in which it is broken, and whom it is about."""
    return {
        "rule": violation.rule,
        "rotation": violation.period.rotation,
        "start": f"{violation.period.start}",
        "people": list(violation.people),
        "message": violation.message,
    }
