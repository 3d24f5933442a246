"""`setrota brief`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from setrota import terminal
from setrota.cli.options import AtOption, OutputOption
from setrota.cli.workspace import check_calendars, open_workspace, write_output
from setrota.problems import FOUND
from setrota.reports.now import short_of_plan
from setrota.schedule.standings import standings_at

BriefFormatOption = Annotated[Literal["markdown", "json"], typer.Option("--format", help="Output format.")]


def brief(
    ctx: typer.Context, at: AtOption = None, form: BriefFormatOption = "markdown", output: OutputOption = "-"
) -> None:
    """Write the Friday note: who goes and who comes at the next handover, and what they need to know.

    Example: setrota brief --at 2027-01-15T14:00
    """
    from setrota.export.brief import brief as note
    from setrota.export.brief import missing_warnings, notes_after_crews
    from setrota.schedule.handovers import next_handover

    work = open_workspace(ctx)
    check_calendars(work)
    moment = work.moment(at)
    change = next_handover(work.roster, work.schedule, moment)
    text = note(work.roster, work.schedule, moment, change)
    if form == "json":
        from setrota.reports.brief import brief_document

        notes = notes_after_crews(work.roster, work.schedule, change)
        work.invocation.answer(brief_document(work.roster, change, text, notes), output)
    else:
        write_output(text, output, work.invocation)
    missing = change.missing(work.roster)
    # The note will be read on other days as well, so both have the date rather than `today`.
    since = str(moment.date()) if work.date_of(moment) else None
    terminal.report_problems(short_of_plan(standings_at(work.roster, work.schedule, moment), since))
    terminal.report_problems(missing_warnings(missing))
    if missing or not all(crew.planned for crew in change.on_duty):
        raise typer.Exit(FOUND)
