"""`setrota log`."""

from __future__ import annotations

from typing import Annotated

import typer

from setrota import terminal
from setrota.cli.options import FormatOption, FromOption, OutputOption, PersonOption, ToOption
from setrota.cli.workspace import open_workspace, write_output
from setrota.problems import Problem, counted


def log(
    ctx: typer.Context,
    person: PersonOption = None,
    first: FromOption = None,
    to: ToOption = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only what happened since then.")] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="List every duty that was planned, not just their number.")
    ] = False,
    form: FormatOption = "table",
    output: OutputOption = "-",
) -> None:
    """Tell what was planned and what changed, and when, newest last."""
    from setrota.reports.log import happenings
    from setrota.reports.log_json import as_json
    from setrota.schedule.history import history

    work = open_workspace(ctx)
    handle, days, day = work.person(person), work.days(first, to), work.day_meant(since)
    found = [each.between(*days) for each in history(work.schedule)]
    if handle is not None:
        found = [each.of(handle) for each in found]
    told = [each for each in found if not each.empty]
    if day is not None:
        undated = sum(each.at is None for each in told)
        told = [each for each in told if each.at is not None and each.at.astimezone(work.roster.zone).date() >= day]
        if undated:
            left_out = f"{counted(undated, 'entry', 'entries')} without a date left out"
            terminal.report_problems([Problem(left_out, hint="without `--since` they are told", severity="note")])
    if form == "json":
        write_output(as_json(work.roster, told), output)
    else:
        in_full = everything or handle is not None
        write_output(happenings(work.roster, told, in_full) or "nothing has happened\n", output)
