"""What the commands of `publish` share: opening a target, `--dry-run`, and reporting the result of each call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from setrota import terminal
from setrota.cli.publish.extra import command_for
from setrota.cli.workspace import Workspace, open_workspace
from setrota.problems import DONE, FOUND, USAGE, Problem, Refused, counted
from setrota.publish.calls import Call, CallResult, Sending, delivered
from setrota.publish.secrets import without_secrets
from setrota.publish.targets import target_section, unencrypted_warnings
from setrota.schedule.standings import all_staffed

# Secrets are hidden here, at the exit, whoever shows what: a problem, a title that comes from a server, a request.
terminal.filter_output(without_secrets)

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, send nothing.")]


def open_target(ctx: typer.Context, target: str) -> tuple[Workspace, Mapping[str, Any]]:
    """What a command works on, and what the roster says of its target. Raises Refused if it can't be published to."""
    work = open_workspace(ctx)
    section = target_section(work.roster, target)
    check_extra()
    return work, section


def check_extra() -> None:
    """Refuse to publish without the library that does."""
    if find_spec("httpx") is None:
        message = "publishing needs a library that isn't installed, `httpx`"
        raise Refused(Problem(message, hint=command_for("publish", ("httpx",))))


def warn_unencrypted(key: str, url: str) -> None:
    terminal.report_problems(unencrypted_warnings(key, url))


def show_calls(calls: Iterable[Call]) -> None:
    """What would be sent, on stdout, as it would be."""
    found = list(calls)
    for call in found:
        terminal.say(f"# {call.description}")
        terminal.write(f"{call.shown()}\n\n")
    terminal.say(f"nothing was sent; {counted(len(found), 'request')} would be" if found else "nothing to send")


def deliver(sendings: Iterable[Sending]) -> list[CallResult]:
    """Send every call, and say what came of each."""
    results = []
    for result in delivered(sendings):
        results.append(result)
        if result.problem is None:
            terminal.say(f"{'done before' if result.already_done else 'done'}: {result.call.description}")
        else:
            message = f"{result.call.description}: {result.problem.message}"
            terminal.report_problems([Problem(message, hint=result.problem.hint)])
    return results


def staffed_status(work: Workspace, moment: datetime) -> int:
    """The exit status where all went well: not quite, if some rotation has no crew."""
    return DONE if all_staffed(work.roster, work.schedule, moment) else FOUND


def end(results: Iterable[CallResult], done: int = DONE) -> None:
    """End the command with the status that its results ask for: `done` if none failed."""
    found = list(results)
    failed = sum(result.problem is not None for result in found)
    if not found:
        terminal.say("nothing to send: all is as it should be")
    if failed:
        terminal.say(f"{failed} of {counted(len(found), 'request')} failed; run it again to complete the rest")
    raise typer.Exit(USAGE if failed else done)
