"""`setrota check`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import typer

from setrota import console, feasibility, horizon, rules
from setrota.cli.options import RosterOption, ScheduleOption, TextFormat
from setrota.cli.workspace import Workspace, open_workspace
from setrota.files.places import line_of
from setrota.horizon import SHORT_OF_PLAN
from setrota.periods import DAY, Period
from setrota.problems import FOUND, Place, Problem, Severity, counted, listed

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
    findings = [*_broken_rules(work), *_empty_seats(work), *_gaps(work), *_obstacles(work)]
    if form == "json":
        console.show(json.dumps([_entry(finding) for finding in findings], indent=2, ensure_ascii=False))
    else:
        shown = [finding for finding in findings if finding.severity != "note"]
        notes = [finding for finding in findings if finding.severity == "note"]
        for finding in [*shown, *notes[:MOST_NOTES]]:
            console.show(str(_problem(work, finding)))
        if len(notes) > MOST_NOTES:
            console.show(f"note: {len(notes) - MOST_NOTES} more about the past; `--format json` has them all")
        console.show(_summary(work, findings))
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FOUND)


@dataclass(frozen=True)
class Finding:
    """One thing `check` has to say; `rule` names what it is about."""

    severity: Severity
    rule: str
    message: str
    period: Period | None = None
    people: tuple[str, ...] = ()


def _broken_rules(work: Workspace) -> Iterator[Finding]:
    """Broken rules; of ended periods as notes, and without those of people who have left the roster since."""
    for violation in rules.violations(work.roster, work.schedule):
        over = violation.period.end <= work.day
        if not (over and violation.rule == "membership" and not set(violation.people) & set(work.roster.people)):
            severity: Severity = "note" if over else "error"
            yield Finding(severity, violation.rule, violation.message, violation.period, violation.people)


def _empty_seats(work: Workspace) -> Iterator[Finding]:
    for seat in rules.unfilled(work.schedule, work.day):
        message = f"nobody for `{seat.seat}`; `setrota plan --fill` tries again"
        yield Finding("error", "unfilled", message, seat.period)


def _gaps(work: Workspace) -> Iterator[Finding]:
    """Periods from today to the end of the plan that were left out, and how long the plan still lasts."""
    end = horizon.planned_to(work.schedule)
    if end is None or end <= work.day:
        yield Finding("note", "plan", "nothing is planned from today on; `setrota plan` plans the next quarter")
        return
    for gap in horizon.gaps(work.roster, work.schedule, work.day, end):
        if any(crew.period.start >= gap.end for crew in work.schedule.of(gap.rotation)):
            message = f"nobody is planned for `{gap.rotation}` from {gap.start} to {gap.end - DAY}"
            yield Finding("warning", "plan", message)
    for rotation in work.roster.rotations:
        until = horizon.planned_until(work.schedule, rotation, work.day)
        if work.day < until < work.day + SHORT_OF_PLAN:
            yield Finding("warning", "plan", f"the plan for `{rotation}` ends on {until}; `setrota plan` continues it")


def _obstacles(work: Workspace) -> Iterator[Finding]:
    return (Finding("warning", "fair-shares", text) for text in feasibility.obstacles(work.roster, work.today))


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
    size = f"{counted(len(roster.teams), 'team')}, {len(roster.people)} people, {listed(roster.rotations)}"
    plan = f"{work.schedule_path}: planned until {end}" if end else f"{work.schedule_path}: nothing planned"
    number = {
        severity: sum(each.severity == severity for each in findings) for severity in ("error", "warning", "note")
    }
    verdict = ", ".join(counted(count, severity) for severity, count in number.items())
    return f"{work.roster_path}: {size}\n{plan}\n{verdict}"
