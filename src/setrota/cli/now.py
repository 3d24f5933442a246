"""`setrota now`."""

from __future__ import annotations

import typer

from setrota import terminal
from setrota.cli.options import AtOption, FormatOption
from setrota.cli.workspace import open_workspace
from setrota.problems import FOUND
from setrota.schedule.standings import standings_at


def now(ctx: typer.Context, at: AtOption = None, form: FormatOption = "table") -> None:
    """Show who is on duty now, until when, and who is next.

    Example: setrota now --at next-monday
    """
    from setrota.reports import now as report

    work = open_workspace(ctx)
    moment = work.moment(at)
    standings = standings_at(work.roster, work.schedule, moment)
    if form == "json":
        work.invocation.answer(report.now_document(work.roster, moment, standings))
    else:
        terminal.show(report.now_text(work.roster, moment, standings))
    missing = report.missing(work.roster, moment, standings, work.today if at is None else None)
    terminal.report_problems([*report.short_of_plan(standings, work.date_of(moment)), *missing])
    if missing or any(each.is_hole for each in standings):
        raise typer.Exit(FOUND)
