"""What the commands of `publish` share: the target's section of the roster, `--dry-run`, and what came of each call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from typing import Any

import typer

from setrota import console
from setrota.cli.workspace import Workspace
from setrota.problems import DONE, USAGE, Problem, Refused, counted
from setrota.publishing.calls import Call, Outcome


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
        raise Refused(Problem(message, hint="pip install 'setrota[publish]'"))


def show_calls(calls: Iterable[Call]) -> None:
    """What would be sent, on stdout, as it would be."""
    found = list(calls)
    for call in found:
        console.say(f"# {call.says}")
        console.write(f"{call.shown()}\n\n")
    console.say(f"nothing was sent; {counted(len(found), 'request')} would be" if found else "nothing to send")


PATIENCE = 3
"""After so many calls in a row that a server didn't answer, or only with a fault of its own, the rest isn't tried."""


def deliver(calls: Iterable[Call], send: Callable[[Call], Outcome]) -> list[Outcome]:
    """Send every call, also after one that was refused, and say what came of each."""
    outcomes = []
    in_vain = 0
    for call in calls:
        outcome = (
            send(call) if in_vain < PATIENCE else Outcome(call, problem=Problem("not tried: the server is failing"))
        )
        in_vain = in_vain + 1 if _server_failed(outcome) else 0
        outcomes.append(outcome)
        if outcome.problem is None:
            console.say(f"done: {call.says}")
        else:
            console.tell([Problem(f"{call.says}: {outcome.problem.message}", hint=outcome.problem.hint)])
    return outcomes


def _server_failed(outcome: Outcome) -> bool:
    return outcome.problem is not None and (outcome.status is None or outcome.status == 429 or outcome.status >= 500)


def end(outcomes: Iterable[Outcome]) -> None:
    """End the command with the status that its outcomes ask for."""
    found = list(outcomes)
    failed = sum(outcome.problem is not None for outcome in found)
    if not found:
        console.say("nothing to send: all is as it should be")
    if failed:
        console.say(f"{failed} of {counted(len(found), 'request')} failed; run it again to complete the rest")
    raise typer.Exit(USAGE if failed else DONE)
