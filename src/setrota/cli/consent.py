"""What has to be so before something is saved: nobody is asked for less, and all are told alike what came of it."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import typer

from setrota import terminal
from setrota.cli.workspace import Workspace
from setrota.problems import FOUND, INTERRUPTED, Problem, Refused, listed

if TYPE_CHECKING:
    from setrota.rules import Violation
    from setrota.schedule import Schedule


def insist_on_consent(question: str, yes: bool, *, deed: str = "save", done: str = "saved") -> None:
    """Ask on a terminal whether to do it; elsewhere `--yes` must have said so. Otherwise the command ends here."""
    if yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        terminal.say(f"{question} There is no terminal to ask on, so nothing {done}; `--yes` {deed}s")
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


def insist_on_rules(breaks: Sequence[Violation], force: bool, otherwise: str | None = None) -> None:
    """Refuse what would break rules, each by its sentence, unless it is forced; `otherwise` hints at another way."""
    if not breaks or force:
        return
    found = [
        Problem(f"this breaks `{each.rule}` in {each.period.rotation} {each.period.start}: {each.message}")
        for each in breaks
    ]
    hint = "; ".join([*([otherwise] if otherwise else []), "`--force` does it all the same"])
    raise Refused([*found[:-1], Problem(found[-1].message, hint=hint)])


def keep(work: Workspace, schedule: Schedule, dry_run: bool) -> None:
    """Save a schedule, and say so; with `dry_run` say that it isn't."""
    if not dry_run:
        work.save(schedule)
    say_kept(work, dry_run)


def say_kept(work: Workspace, dry_run: bool, forced: Iterable[str] = ()) -> None:
    """Say what became of a schedule; `forced` names the rules that it breaks knowingly from now on."""
    if rules := listed(f"`{rule}`" for rule in forced):
        terminal.report_problems([Problem(f"forced: {rules}; `setrota check` notes it from now on", severity="note")])
    terminal.say("nothing saved (--dry-run)" if dry_run else f"saved {work.schedule_path}")
