"""Asks whether to go on, and says what was saved: the same words for every command."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import typer

from setrota import terminal
from setrota.cli.workspace import Workspace
from setrota.problems import FOUND, INTERRUPTED, Problem, listed


def confirm(question: str, yes: bool, *, verb: str = "save", done: str = "saved") -> None:
    """Ask on a terminal whether to do it; elsewhere `--yes` must have said so. Otherwise the command ends here."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        terminal.say(f"{question} There is no terminal to ask on, so nothing {done}; `--yes` {verb}s")
        raise typer.Exit(FOUND)
    try:
        agreed = typer.confirm(question, err=True)
    except typer.Abort as abort:
        terminal.say(f"\nnothing {done}")
        interrupted = isinstance(abort.__context__, KeyboardInterrupt)
        raise typer.Exit(INTERRUPTED if interrupted else FOUND) from None
    if not agreed:
        terminal.say(f"nothing {done}")
        raise typer.Exit(FOUND)


def say_saved(work: Workspace, dry_run: bool, forced: Iterable[str] = ()) -> None:
    """Say whether a schedule was saved; `forced` names the rules that it breaks knowingly from now on."""
    if rules := listed(f"`{rule}`" for rule in forced):
        terminal.report_problems([Problem(f"forced: {rules}; `setrota check` notes it from now on", severity="note")])
    terminal.say("nothing saved (--dry-run)" if dry_run else f"saved {work.schedule_path}")
