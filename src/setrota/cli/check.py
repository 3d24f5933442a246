"""`setrota check`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any

import typer

from setrota import console, horizon
from setrota.cli.options import RosterOption, ScheduleOption, TextFormat
from setrota.cli.workspace import Workspace, insist_on_calendars, open_workspace
from setrota.files.places import line_of
from setrota.judgement import Finding, judged
from setrota.problems import FOUND, Place, Problem, counted, listed

MOST_NOTES = 10
"""Notes about the past beyond this many are only counted."""


def check(
    ctx: typer.Context,
    form: Annotated[TextFormat, typer.Option("--format", help="How to print it.")] = "table",
    roster: RosterOption = None,
    schedule: ScheduleOption = None,
) -> None:
    """Judge roster and schedule: every broken rule, every empty seat, and what puts fair shares out of reach."""
    work = open_workspace(ctx, roster, schedule)
    insist_on_calendars(work)
    findings = judged(work.roster, work.schedule, work.day)
    if form == "json":
        console.show(json.dumps([_entry(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        shown = [finding for finding in findings if finding.severity != "note"]
        notes = [finding for finding in findings if finding.severity == "note"]
        for finding in [*shown, *notes[:MOST_NOTES]]:
            console.judge(str(_problem(work, finding)))
        if len(notes) > MOST_NOTES:
            console.show(f"note: {len(notes) - MOST_NOTES} more about the past; `--format json` has them all")
        console.show(_summary(work, findings))
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FOUND)


def _problem(work: Workspace, finding: Finding) -> Problem:
    period = finding.period
    if period is None:
        return Problem(f"{finding.message} [{finding.rule}]", severity=finding.severity)
    text = (work.content or b"").decode("utf-8-sig")
    where = Place(str(work.schedule_path), line_of(text, (period.rotation, f"{period.start}")))
    message = f"{period.rotation} {period.start}: {finding.message} [{finding.rule}]"
    return Problem(message, where, severity=finding.severity)


def _entry(finding: Finding) -> dict[str, Any]:
    period = finding.period
    return {
        "severity": finding.severity,
        "rule": finding.rule,
        "rotation": period.rotation if period else None,
        "start": f"{period.start}" if period else None,
        "people": list(finding.people),
        "message": finding.message,
    }


def _summary(work: Workspace, findings: Sequence[Finding]) -> str:
    roster, end = work.roster, horizon.planned_to(work.schedule)
    people = counted(len(roster.people), "person", "people")
    size = f"{counted(len(roster.teams), 'team')}, {people}, {listed(roster.rotations)}"
    plan = f"{work.schedule_path}: planned until {end}" if end else f"{work.schedule_path}: nothing planned"
    number = {
        severity: sum(each.severity == severity for each in findings) for severity in ("error", "warning", "note")
    }
    verdict = ", ".join(counted(count, severity) for severity, count in number.items())
    return f"{work.roster_path}: {size}\n{plan}\n{verdict}"
