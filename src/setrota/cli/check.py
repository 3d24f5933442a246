"""`setrota check`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import typer

from setrota import terminal
from setrota.check.findings import Finding, all_findings, repair_hints
from setrota.cli.options import FormatOption
from setrota.cli.workspace import Workspace, check_calendars, open_workspace
from setrota.files.toml.places import line_of
from setrota.problems import FOUND, Place, Problem, counted, listed
from setrota.reports.duties import entries
from setrota.schedule import ranges

MOST_NOTES = 10
"""Notes about the past beyond this many are only counted."""


def check(
    ctx: typer.Context,
    form: FormatOption = "table",
) -> None:
    """Judge roster and schedule: every broken rule, every empty seat, and what puts fair shares out of reach."""
    work = open_workspace(ctx)
    check_calendars(work)
    findings = all_findings(work.roster, work.schedule, work.day)
    if form == "json":
        terminal.show(json.dumps([_entry(work, finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        past = [finding for finding in findings if finding.severity == "note" and _is_over(work, finding)]
        shown = sorted((each for each in findings if each not in past), key=lambda each: each.severity == "note")
        for finding in [*shown, *past[:MOST_NOTES]]:
            terminal.show_problem(str(_problem(work, finding)))
        if len(past) > MOST_NOTES:
            terminal.show(f"note: {len(past) - MOST_NOTES} more about the past; `--format json` has them all")
        for sentence in repair_hints(work.roster, findings):
            terminal.show_problem(sentence)
        terminal.show(_summary(work, findings))
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FOUND)


def _is_over(work: Workspace, finding: Finding) -> bool:
    return finding.period is not None and finding.period.end <= work.day


def _problem(work: Workspace, finding: Finding) -> Problem:
    period = finding.period
    joint = " " if finding.message.endswith("?") else "; "
    said = finding.message + (f"{joint}`{finding.command}`" if finding.command else "")
    if period is None:
        return Problem(f"{said} [{finding.rule}]", severity=finding.severity)
    text = (work.content or b"").decode("utf-8-sig")
    where = Place(str(work.schedule_path), line_of(text, (period.rotation, f"{period.start}")))
    message = f"{period.rotation} {period.start}: {said} [{finding.rule}]"
    return Problem(message, where, severity=finding.severity)


def _entry(work: Workspace, finding: Finding) -> dict[str, Any]:
    period = finding.period
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "rotation": period.rotation if period else None,
        "start": f"{period.start}" if period else None,
        "people": list(finding.people),
        "message": finding.message,
        "duties": entries(work.roster, finding.duties),
        "command": finding.command,
    }


def _summary(work: Workspace, findings: Sequence[Finding]) -> str:
    roster, end = work.roster, ranges.planned_to(work.schedule)
    people = counted(len(roster.people), "person", "people")
    size = f"{counted(len(roster.teams), 'team')}, {people}, {listed(roster.rotations)}"
    plan = f"{work.schedule_path}: planned until {end}" if end else f"{work.schedule_path}: nothing planned"
    number = {
        severity: sum(each.severity == severity for each in findings) for severity in ("error", "warning", "note")
    }
    verdict = ", ".join(counted(count, severity) for severity, count in number.items())
    return f"{work.roster_path}: {size}\n{plan}\n{verdict}"
