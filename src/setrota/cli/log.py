"""`setrota log`."""

from __future__ import annotations

from typing import Annotated

import typer

from setrota import terminal
from setrota.cli.options import FormatOption, FromOption, OutputOption, PersonOption, ToOption
from setrota.cli.workspace import open_workspace, write_output
from setrota.dates.periods import local_date


def log(
    ctx: typer.Context,
    person: PersonOption = None,
    first: FromOption = None,
    to: ToOption = None,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help="Only what was planned or changed since this day.")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="List every planned duty, not just how many.")] = False,
    form: FormatOption = "table",
    output: OutputOption = "-",
) -> None:
    """List what was planned and changed, and when, newest last.

    Example: setrota log --since 2026-11-01
    """
    from setrota.reports import log as report
    from setrota.schedule.history import history

    work = open_workspace(ctx)
    handle, days, day = work.person(person), work.days(first, to), work.day_meant(since)
    entries = [each.between(*days) for each in history(work.schedule)]
    if handle is not None:
        entries = [each.of(handle) for each in entries]
    entries = [each for each in entries if not each.empty]
    if day is not None:
        if undated := sum(each.at is None for each in entries):
            terminal.report_problems([report.undated_left_out(undated)])
        entries = [each for each in entries if each.at and local_date(work.roster, each.at) >= day]
    if form == "json":
        work.invocation.answer(report.log_document(work.roster, entries), output)
    else:
        write_output(report.log_text(work.roster, entries, everything or handle is not None), output, work.invocation)
