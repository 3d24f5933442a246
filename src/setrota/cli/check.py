"""`setrota check`."""

from __future__ import annotations

import typer

from setrota import terminal
from setrota.check.findings import all_findings, repair_hints
from setrota.cli.options import FormatOption
from setrota.cli.workspace import check_calendars, open_workspace
from setrota.files.roster.schema import old_schema
from setrota.problems import FOUND
from setrota.reports import check as report


def check(ctx: typer.Context, form: FormatOption = "table") -> None:
    """Check the roster and the schedule for mistakes, broken rules and empty seats.

    Example: setrota check --format json
    """
    work = open_workspace(ctx)
    check_calendars(work)
    if note := old_schema(work.places.documents[0]):
        terminal.report_problems([note])
    findings = all_findings(work.roster, work.schedule, work.day)
    if form == "json":
        work.invocation.answer(report.check_document(work.roster, findings))
    else:
        for line in [*report.check_lines(findings, work.day, work.place_of), *repair_hints(work.roster, findings)]:
            terminal.show_problem(line)
        terminal.show(report.check_summary(work.roster_path, work.roster, work.schedule_path, work.schedule, findings))
    if any(finding.severity == "error" for finding in findings):
        raise typer.Exit(FOUND)
