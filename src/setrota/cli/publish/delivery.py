"""What the commands of `publish` share: opening a target, `--dry-run`, and reporting the result of each call."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime
from importlib import metadata
from importlib.util import find_spec
from typing import Annotated, Any

import typer

from setrota import terminal
from setrota.cli.workspace import Workspace, open_workspace
from setrota.problems import DONE, FOUND, USAGE, Problem, Refused, counted
from setrota.publish.calls import Call, CallResult, Sending, delivered
from setrota.publish.secrets import target_section, unencrypted_warnings, without_secrets
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


def warn_insecure(key: str, url: str) -> None:
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


def crew_status(work: Workspace, moment: datetime) -> int:
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


# An optional extra is installed next to this setrota. That is on no registry, where a package of its name would be
# another one: so the command names the libraries.


def command_for(extra: str, libraries: tuple[str, ...]) -> str:
    """A line for a shell that installs what an extra needs where this setrota runs.

    The versions are those that setrota was installed with; `libraries` serve where it was not installed.
    """
    try:
        installed = metadata.distribution("setrota")
    except metadata.PackageNotFoundError:
        return shlex.join([*_installer(""), *libraries])
    installer = (installed.read_text("INSTALLER") or "").strip()
    return shlex.join([*_installer(installer), *(_needed(installed.requires or [], extra) or libraries)])


def _needed(requirements: list[str], extra: str) -> list[str]:
    """The requirements that only this extra has, such as `httpx>=0.28; extra == "publish"`."""
    marked = re.compile(rf"(.+?)\s*;\s*extra == ['\"]{re.escape(extra)}['\"]")
    return [found[1] for found in map(marked.fullmatch, requirements) if found]


def _installer(name: str) -> list[str]:
    """uv makes environments without pip."""
    if name == "uv" and find_spec("pip") is None:
        return ["uv", "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]
