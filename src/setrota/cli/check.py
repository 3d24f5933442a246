"""`setrota check`."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import typer

from setrota import terminal
from setrota.check.findings import all_findings, repair_hints
from setrota.cli.options import CheckFormatOption
from setrota.cli.workspace import Workspace, check_calendars, open_workspace
from setrota.files.roster.mixes import counted_together
from setrota.files.roster.schema import schema_note
from setrota.problems import FOUND, Place, Problem, Refused
from setrota.reports import check as report
from setrota.reports.github import workflow_commands


def check(ctx: typer.Context, form: CheckFormatOption = "table") -> None:
    """Check roster and schedule for mistakes, broken rules, empty seats.

    Example: setrota check --format json
    """
    work = _opened(ctx, form)
    complete = work.invocation.complete
    findings = [
        replace(each, command=each.command and complete(each.command))
        for each in all_findings(work.roster, work.schedule, work.now)
    ]
    lookup = report.Lookup(period=work.place_of, pin=work.place_of_pin)
    if form == "json":
        problems = report.check_problems(findings, lookup)
        work.invocation.answer(report.check_document(work.roster, findings), findings=problems)
    elif form == "github":
        shown, _ = report.shown_findings(findings)
        for line in workflow_commands(_from_repository(report.check_problems(shown, lookup))):
            terminal.show(line)
    else:
        for line in [*report.check_lines(findings, lookup), *repair_hints(work.roster, findings)]:
            terminal.show_problem(line)
        terminal.show(report.check_summary(work.roster_path, work.roster, work.schedule_path, work.schedule, findings))
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FOUND)


def _opened(ctx: typer.Context, form: str) -> Workspace:
    """Read roster and schedule; with `--format github` the problems with these files are annotations as well."""
    with terminal.recorded_problems() as problems:
        try:
            work = open_workspace(ctx)
            check_calendars(work)
            if note := schema_note(work.places.documents[0]):
                terminal.report_problems([note])
            terminal.report_problems([*counted_together(work.roster, work.places), *work.days_not_said()])
        except Refused as refused:
            problems += map(terminal.completed_problem, refused.problems)
            raise
        finally:
            for line in workflow_commands(_from_repository(problems)) if form == "github" else ():
                terminal.show(line)
    return work


def _from_repository(problems: Iterable[Problem]) -> Iterator[Problem]:
    """The problems with paths from the repository's root, where GitHub looks for files, if they are in it."""
    workspace = os.environ.get("GITHUB_WORKSPACE")
    root = Path(workspace).resolve() if workspace else None
    for problem in problems:
        where = problem.where
        path = Path(where.file).resolve() if where else None
        if root and where and path and path.is_relative_to(root):
            where = Place(path.relative_to(root).as_posix(), where.line)
        yield replace(problem, where=where)
