"""`setrota init` and `setrota import`: start a rota."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, get_args

import typer

from setrota import terminal
from setrota.cli.commands import CommandGroup
from setrota.cli.invocation import invocation_of
from setrota.cli.options import DryRunOption, FormatOption
from setrota.cli.workspace import Workspace, new_roster_path, open_workspace, read_given
from setrota.problems import Place, Problem, Refused, counted

if TYPE_CHECKING:
    from setrota.files.duties_csv import Imported

imports = typer.Typer(
    cls=CommandGroup,
    add_completion=False,
    no_args_is_help=True,
    help="Import past duties.\n\nExample: setrota import csv past.csv",
)


Template = Literal[
    "set", "primary-backup", "daily-triage", "week-and-weekend", "office-and-on-call", "day-and-night",
    "follow-the-sun", "releases", "first-wednesday", "volunteers",
]  # fmt: skip
"""The rosters in `docs/rotas`."""

TEMPLATES = get_args(Template)


def init(
    ctx: typer.Context,
    template: Annotated[
        Template | None,
        typer.Option(
            "--template", metavar="NAME", help=f"Start from the roster of another kind of rota: {', '.join(TEMPLATES)}."
        ),
    ] = None,
) -> None:
    """Write a commented roster to start from, with its schema.

    Never overwrites a file.

    Example: setrota init --template daily-triage --roster desk.toml
    """
    from setrota.cli.schema import roster_schema_text
    from setrota.files.roster.schema import FILE
    from setrota.files.roster.template import starting_roster
    from setrota.files.saving import save

    path = new_roster_path(ctx)
    schema = path.with_name(FILE)
    _check_new(path, schema)
    save(path, starting_roster(template), None)
    if os.path.lexists(schema):
        terminal.say(_left_alone(schema))
    else:
        save(schema, roster_schema_text(), None)
        terminal.say(f"wrote {schema}, which editors use to check the roster")
    terminal.say(invocation_of(ctx).complete(f"wrote {path}; edit it, then run `setrota check` and `setrota plan`"))


def _check_new(path: Path, schema: Path) -> None:
    """Raise Refused if no roster can be started at a path."""
    another = "name a new file with `--roster FILE`"
    if path == schema:
        message = "this name is for the roster's schema, which editors read"
        raise Refused(Problem(message, Place(str(path)), another, code="roster-is-schema"))
    if os.path.isdir(path):
        raise Refused(Problem("is a folder, not a file", Place(str(path)), another, code="not-a-file"))
    if os.path.lexists(path):
        is_file = os.path.exists(path)
        message = "there is already a roster here" if is_file else "this is a link to a file that does not exist"
        hint = f"{'edit' if is_file else 'delete'} it, or {another}"
        raise Refused(Problem(message, Place(str(path)), hint, code="roster-exists"))


def _left_alone(schema: Path) -> str:
    if os.path.isdir(schema):
        return f"{schema} is a folder, so no schema was written for editors"
    if not os.path.exists(schema):
        return f"{schema} is a link to a file that does not exist, so no schema was written for editors"
    return f"{schema} already exists; it was left as it is"


@imports.callback()
def _only_sub_commands() -> None:
    """Without a callback, Typer would take the only sub-command for the command itself."""


@imports.command("csv")
def import_csv(
    ctx: typer.Context,
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="A CSV file with the columns start, rotation, seat, person and, if you like, end."
        ),
    ],
    dry_run: DryRunOption = False,
    former: Annotated[
        list[str] | None,
        typer.Option(
            "--former", metavar="HANDLE", help="Treat HANDLE as someone who has left, even if it looks like a typo."
        ),
    ] = None,
    form: FormatOption = "table",
) -> None:
    """Import past duties from a spreadsheet, so that fairness counts them.

    Example: setrota import csv past.csv --dry-run
    """
    from setrota.files.duties_csv import import_duties
    from setrota.files.schedule import LIMIT_BYTES
    from setrota.reports.duties import import_document

    work = open_workspace(ctx)
    try:
        text = read_given(file, LIMIT_BYTES).decode("utf-8-sig")
    except UnicodeDecodeError:
        hint = "save it again as CSV in UTF-8"
        raise Refused(Problem("this file is not UTF-8 text", Place(str(file)), hint, code="not-utf-8")) from None
    imported = import_duties(text, str(file), work.roster, work.schedule, former or (), now=work.now)
    terminal.report_problems(imported.notes)
    new = imported.schedule != work.schedule
    if new:
        _bring_in(work, imported, file, dry_run)
    else:
        terminal.say(f"every row of {file} is already in the schedule; nothing changed")
    if form == "json":
        saved = new and not dry_run
        work.invocation.answer(import_document(work.roster, work.schedule, imported, saved=saved))


def _bring_in(work: Workspace, imported: Imported, file: Path, dry_run: bool) -> None:
    """Save a schedule with the duties of a file, and say how many came in."""
    new = [crew for crew in imported.schedule.crews if crew not in work.schedule.crews]
    if ahead := [crew for crew in new if crew.period.start > work.day]:
        starts = "starts" if len(ahead) == 1 else "start"
        message = (
            f"{counted(len(ahead), 'period')} of {file} {starts} after today, the last on {ahead[-1].period.start}"
        )
        hint = "check the dates: an import is for duties that were served"
        terminal.report_problems([Problem(message, hint=hint, severity="warning", code="starts-after-today")])
    if not dry_run:
        work.save(imported.schedule)
    rows = counted(imported.added, "row")
    if dry_run:
        terminal.say(f"would import {rows}; nothing was saved (--dry-run)")
    else:
        terminal.say(f"imported {rows}; saved {work.schedule_path}")
