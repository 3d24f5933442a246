"""`setrota undo` and `setrota redo`: take back what the last saving commands did, and do it again."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from setrota import terminal
from setrota.cli.consent import confirm
from setrota.cli.options import DryRunOption, FormatOption
from setrota.cli.workspace import Workspace, open_workspace
from setrota.files.roster import read_roster
from setrota.files.schedule import parse_schedule
from setrota.files.undo.recording import Reversal
from setrota.problems import Refused
from setrota.reports import undo as report
from setrota.roster import Roster
from setrota.schedule import Schedule

UndoYesOption = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask.")]


def undo(
    ctx: typer.Context,
    listed: Annotated[
        bool, typer.Option("--list", "-l", help="List the commands that can be undone and redone; change nothing.")
    ] = False,
    yes: UndoYesOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = "table",
) -> None:
    """Take back the last command that changed the roster or the schedule. Again: the one before it, up to 20.

    Example: setrota undo --dry-run
    """
    if listed:
        _list(open_workspace(ctx), form)
    else:
        _reverse(ctx, again=False, yes=yes, dry_run=dry_run, form=form)


def redo(
    ctx: typer.Context,
    yes: UndoYesOption = False,
    dry_run: DryRunOption = False,
    form: FormatOption = "table",
) -> None:
    """Do again what `undo` took back, as long as nothing else was saved since.

    Example: setrota redo --dry-run
    """
    _reverse(ctx, again=True, yes=yes, dry_run=dry_run, form=form)


def _list(work: Workspace, form: str) -> None:
    journal = work.history.journal()
    if form == "json":
        work.invocation.answer(report.list_document(journal))
    else:
        terminal.write(report.list_text(journal, work.now))


def _reverse(ctx: typer.Context, *, again: bool, yes: bool, dry_run: bool, form: str) -> None:
    """Show what is undone or redone, and do it with the user's consent."""
    work = open_workspace(ctx)
    if not dry_run and work.history.recover():
        work = open_workspace(ctx)  # an interrupted save was completed
    reversal = work.history.reversal(again=again)
    shown = _outcome(work, reversal)
    if form == "json":
        work.invocation.answer(report.document(shown, saved=False))
    else:
        terminal.write(work.invocation.complete(report.text(shown)))
    terminal.report_problems(report.still_published(shown))
    if dry_run:
        terminal.say("nothing was saved (--dry-run)")
    else:
        confirm(report.question(shown), yes, verb="redo" if again else "undo")
        work.reverse(reversal)
        terminal.say(report.done(shown))
        if form == "json":
            work.invocation.answer(report.document(shown, saved=True))


def _outcome(work: Workspace, reversal: Reversal) -> report.ShownReversal:
    """What the roster and the schedule are afterwards. Raises Refused if they couldn't be read then."""
    try:
        roster, schedule = _read_afterwards(work, reversal)
    except Refused as refused:
        raise Refused([report.unreadable_then(reversal), *refused.problems]) from None
    return report.ShownReversal(reversal, work.roster, roster, work.schedule, schedule, work.today)


def _read_afterwards(work: Workspace, reversal: Reversal) -> tuple[Roster, Schedule]:
    texts = {os.path.realpath(each.path): each.after for each in reversal.changes}
    schedule = work.schedule
    if (real := os.path.realpath(work.schedule_path)) in texts:
        schedule = parse_schedule(texts.pop(real), str(work.schedule_path), work.roster)
    drafts = {path: content.decode("utf-8-sig") for path, content in texts.items() if content is not None}
    return read_roster(work.roster_path, drafts).roster if drafts else work.roster, schedule
