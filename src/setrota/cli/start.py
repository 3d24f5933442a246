"""`setrota init` and `setrota import`: how a rota begins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from setrota import terminal
from setrota.cli.commands import CommandGroup
from setrota.cli.options import DryRunOption
from setrota.cli.workspace import open_workspace, read_given, roster_path
from setrota.problems import Place, Problem, Refused, counted

imports = typer.Typer(cls=CommandGroup, add_completion=False, no_args_is_help=True, help="Bring past duties in.")


def init(ctx: typer.Context) -> None:
    """Write a commented roster to start from, and its schema for editors. Never overwrites a file."""
    from setrota.cli.schema import roster_schema_text
    from setrota.files.roster.schema import FILE
    from setrota.files.roster.template import starting_roster
    from setrota.files.saving import save

    path = roster_path(ctx)
    if os.path.lexists(path):
        raise Refused(Problem("there is a roster already; nothing was written", Place(str(path))))
    save(path, starting_roster(), None)
    schema = path.parent / FILE
    if os.path.lexists(schema):
        terminal.say(f"{schema} already exists; it was left as it is")
    else:
        save(schema, roster_schema_text(), None)
        terminal.say(f"wrote {schema}, which editors use to check the roster")
    terminal.say(f"wrote {path}; edit it, then run `setrota check` and `setrota plan`")


@imports.callback()
def _only_sub_commands() -> None:
    """Without a callback Typer would take a single sub-command for the command itself."""


@imports.command("csv")
def import_csv(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Columns: start, rotation, seat, person, optional end.")],
    dry_run: DryRunOption = False,
    former: Annotated[
        list[str] | None,
        typer.Option("--former", metavar="HANDLE", help="Somebody who left, though a handle is nearly the same."),
    ] = None,
) -> None:
    """Bring duties of the past in from a spreadsheet, so that balances start true; again changes nothing."""
    from setrota.files.duties_csv import import_duties
    from setrota.files.schedule import LIMIT_BYTES

    work = open_workspace(ctx)
    try:
        text = read_given(file, LIMIT_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(Problem("this file is not UTF-8 text", Place(str(file)), "export it as CSV UTF-8")) from None
    imported = import_duties(text, str(file), work.roster, work.schedule, former or ())
    terminal.report_problems(imported.notes)
    if not imported.added:
        terminal.say(f"{file} has nothing that the schedule hasn't; nothing changed")
        return
    new = [crew for crew in imported.schedule.crews if crew not in work.schedule.crews]
    if ahead := [crew for crew in new if crew.period.start > work.day]:
        message = f"{counted(len(ahead), 'period')} of {file} begin after today, the last on {ahead[-1].period.start}"
        terminal.report_problems([Problem(message, severity="warning")])
    if not dry_run:
        work.save(imported.schedule)
    done = "would come in (--dry-run)" if dry_run else f"came in; saved {work.schedule_path}"
    terminal.say(f"{counted(imported.added, 'row')} {done}")
