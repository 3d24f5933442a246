"""What the commands of `publish` share: the target's section of the roster, `--dry-run`, and what came of each call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from typing import Annotated, Any
from urllib.parse import urlsplit

import typer

from setrota import terminal
from setrota.cli.publish.extra import command_for
from setrota.cli.workspace import Workspace
from setrota.problems import DONE, USAGE, Problem, Refused, counted
from setrota.publish.calls import Call, Outcome, Sending
from setrota.publish.secrets import without_secrets

# Secrets are hidden here, at the exit, whoever shows what: a problem, a title that comes from a server, a request.
terminal.filter_output(without_secrets)

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, send nothing.")]


def section_of(work: Workspace, target: str) -> Mapping[str, Any]:
    """What the roster says of a target. Raises Refused if it says nothing."""
    if target not in work.roster.publish:
        hint = f"it begins with `[publish.{target}]`; docs/publishing.md shows its keys"
        raise Refused(Problem(f"the roster says nothing about publishing to {target}", hint=hint))
    return work.roster.publish[target]


def insist_on_extra() -> None:
    """Refuse to publish without the library that does."""
    if find_spec("httpx") is None:
        message = "publishing needs a library that isn't installed, `httpx`"
        raise Refused(Problem(message, hint=command_for("publish", ("httpx",))))


def warn_in_the_clear(key: str, url: str) -> None:
    """Say that a secret goes over the net for all to read, where it does."""
    parts = urlsplit(url)
    if parts.scheme.lower() == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        message = f"`{key}` begins with `http://`: whoever is on the way can read what proves who you are"
        terminal.report_problems([Problem(message, hint="use `https://`", severity="warning")])


def show_calls(calls: Iterable[Call]) -> None:
    """What would be sent, on stdout, as it would be."""
    found = list(calls)
    for call in found:
        terminal.say(f"# {call.says}")
        terminal.write(f"{call.shown()}\n\n")
    terminal.say(f"nothing was sent; {counted(len(found), 'request')} would be" if found else "nothing to send")


PATIENCE = 3
"""After so many calls in a row that an unwell server didn't serve, the rest isn't tried."""

_UNTRIED = Problem("not tried: the server is failing")


def deliver(sendings: Iterable[Sending]) -> list[Outcome]:
    """Send every call, also after one that was refused, and say what came of each."""
    outcomes = []
    in_vain = 0
    for call, send in sendings:
        outcome = send() if in_vain < PATIENCE else Outcome(call, problem=_UNTRIED, sent=False)
        if outcome.sent:
            in_vain = in_vain + 1 if outcome.unwell else 0
        outcomes.append(outcome)
        if outcome.problem is None:
            terminal.say(f"{'done before' if outcome.needless else 'done'}: {call.says}")
        else:
            terminal.report_problems([Problem(f"{call.says}: {outcome.problem.message}", hint=outcome.problem.hint)])
    return outcomes


def end(outcomes: Iterable[Outcome], done: int = DONE) -> None:
    """End the command with the status that its outcomes ask for: `done` if none failed."""
    found = list(outcomes)
    failed = sum(outcome.problem is not None for outcome in found)
    if not found:
        terminal.say("nothing to send: all is as it should be")
    if failed:
        terminal.say(f"{failed} of {counted(len(found), 'request')} failed; run it again to complete the rest")
    raise typer.Exit(USAGE if failed else done)
