"""`setrota diff`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from setrota import terminal
from setrota.cli.options import FromOption, OutputOption, ToOption
from setrota.cli.workspace import Workspace, open_workspace, read_given, write_output
from setrota.files.schedule import LIMIT_BYTES, parse_schedule
from setrota.problems import FOUND, Place, Problem, Refused
from setrota.schedule import Schedule


def diff(
    ctx: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A schedule file to compare with, instead of a git revision.")
    ] = None,
    against: Annotated[
        str | None, typer.Option("--against", metavar="REV", help="A git revision to compare with (default: HEAD).")
    ] = None,
    first: FromOption = None,
    to: ToOption = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="PERSON", help="Only this person's changes, as a letter to send to them."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="List also the duties of newly planned periods, not just how many.")
    ] = False,
    form: Annotated[Literal["table", "json", "markdown"], typer.Option("--format", help="Output format.")] = "table",
    output: OutputOption = "-",
) -> None:
    """Show what changed since an earlier schedule, and for whom.

    Example: setrota diff old.toml --person hugo
    """
    from setrota.reports import diff as report
    from setrota.schedule.diff import compare

    work = open_workspace(ctx)
    name, old = earlier_schedule(work, file, against)
    handle = person_of_either(work, old, person)
    found = compare(old, work.schedule).between(*work.days(first, to))
    if handle is not None:
        found = found.of(handle)
    shown = report.DiffReport(work.roster, found, name, work.today, handle)
    if form == "json":
        work.invocation.answer(report.diff_document(shown), output)
    elif form == "markdown":
        write_output(report.diff_markdown(shown, everything), output, work.invocation)
    elif handle is not None:
        write_output(report.letter(shown, work.schedule, handle), output, work.invocation)
    else:
        write_output(report.diff_text(shown, everything), output, work.invocation)
    if found.differences:
        raise typer.Exit(FOUND)


def person_of_either(work: Workspace, old: Schedule, person: str | None) -> str | None:
    """The handle of a PERSON in the roster or either schedule; the old schedule may be the only one to know them."""
    either = Schedule(work.roster.short_name, (*old.crews, *work.schedule.crews))
    return replace(work, schedule=either).person(person)


def earlier_schedule(
    work: Workspace, file: Path | None, against: str | None, instead: str | None = None
) -> tuple[str, Schedule]:
    """The schedule to compare with, and its name.

    `instead` is the hint if git can't provide it, for commands that can't compare with a file.
    """
    if file is not None and against is not None:
        message = "FILE and `--against` both name a schedule to compare with"
        raise Refused(Problem(message, hint="leave one of them out", code="conflicting-options"))
    if file is not None:
        given = read_given(file, LIMIT_BYTES, "to compare with a git revision, use `--against REV`")
        return str(file), parse_schedule(given, str(file), work.roster)

    revision = against or "HEAD"
    content = _committed(work.schedule_path, revision, instead)
    if content is None:
        message = f"this file was not in `{revision}`, so everything counts as newly planned"
        place = Place(str(work.schedule_path))
        terminal.report_problems([Problem(message, place, severity="note", code="not-in-revision")])
        return revision, Schedule(work.roster.short_name)
    return revision, parse_schedule(content, f"{work.schedule_path} in {revision}", work.roster)


def _committed(path: Path, revision: str, instead: str | None) -> bytes | None:
    from setrota.files.revisions import NAME_A_FILE, content_at

    try:
        return content_at(path, revision, LIMIT_BYTES)
    except Refused as refused:
        if instead is None:
            raise
        raise Refused(
            [replace(each, hint=each.hint and each.hint.replace(NAME_A_FILE, instead)) for each in refused.problems]
        ) from None
