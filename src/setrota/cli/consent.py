"""Asks before saving, and reports what was saved, in the same words for every command."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import typer

from setrota import terminal
from setrota.cli.workspace import Workspace
from setrota.problems import FOUND, INTERRUPTED, Problem, listed


def confirm(question: str, yes: bool, *, verb: str = "save", done: str = "saved") -> None:
    """Ask before going on; without a terminal, `--yes` is needed. Ends the command unless the answer is yes."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        message = f'not a terminal, so nothing was {done}; the question was "{question}"'
        hint = f"add `--yes` to {verb} without being asked"
        terminal.report_problems([Problem(message, hint=hint, code="not-a-terminal")])
        raise typer.Exit(FOUND)
    try:
        agreed = _agreed(question)
    except KeyboardInterrupt:
        terminal.say("")  # ends the line of the question
        message = f"interrupted, so nothing was {done}"
        terminal.report_problems([Problem(message, severity="note", code="interrupted")])
        raise typer.Exit(INTERRUPTED) from None
    if not agreed:
        message = f"the answer wasn't yes, so nothing was {done}"
        terminal.report_problems([Problem(message, severity="note", code="declined")])
        raise typer.Exit(FOUND)


def _agreed(question: str) -> bool:
    """Ask until the answer is yes or no; just Enter is no, and so is the end of the input."""
    while True:
        terminal.ask(f"{question} [y/N] ")
        line = sys.stdin.readline()
        if not line:
            terminal.say("")  # ends the line of the question
        answer = line.strip().lower()
        if answer in ("y", "yes", "n", "no", ""):
            return answer in ("y", "yes")
        terminal.say("please answer `y` or `n`")


def say_saved(work: Workspace, dry_run: bool, forced: Iterable[str] = ()) -> None:
    """Report whether the schedule was saved; `forced` are the rules that it breaks from now on, by choice."""
    if rules := listed(f"`{rule}`" for rule in forced):
        message = f"this breaks {rules} by choice; from now on `setrota check` only notes it"
        terminal.report_problems([Problem(message, severity="note", code="forced")])
    terminal.say("nothing was saved (--dry-run)" if dry_run else f"saved {work.schedule_path}")
