"""What the `publish` commands share: opening a target, `--dry-run`, and reporting the result of each call."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
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

# Everything shown passes this filter, wherever it comes from: a problem, a title that a server sent, a request.
terminal.filter_output(without_secrets)

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Show what would be sent; send nothing.")]


def open_target(ctx: typer.Context, target: str) -> tuple[Workspace, Mapping[str, Any]]:
    """Return what a command works on, and the roster's section for its target. Raises Refused if it can't publish."""
    work = open_workspace(ctx)
    section = target_section(work.roster, target)
    check_extra()
    return work, section


def check_extra() -> None:
    """Refuse to publish if the library for it isn't installed."""
    if find_spec("httpx") is None:
        message = "publishing needs the library `httpx`, which isn't installed"
        raise Refused(Problem(message, hint=command_for("publish", ("httpx",)), code="missing-library"))


def warn_insecure(key: str, url: str) -> None:
    terminal.report_problems(unencrypted_warnings(key, url))


def show_calls(calls: Iterable[Call]) -> None:
    """Show on stdout exactly what would be sent."""
    found = list(calls)
    for call in found:
        terminal.say(f"# {call.description}")
        terminal.write(f"{call.shown()}\n\n")
    terminal.say(f"nothing was sent; {counted(len(found), 'request')} would be" if found else "nothing to send")


def deliver(sendings: Iterable[Sending]) -> list[CallResult]:
    """Send every call, and report the result of each."""
    results = []
    for result in delivered(sendings):
        results.append(result)
        if result.problem is None:
            terminal.say(f"{'done before' if result.already_done else 'done'}: {result.call.description}")
        else:
            message = f"{result.call.description}: {result.problem.message}"
            terminal.report_problems([replace(result.problem, message=message)])
    return results


def crew_status(work: Workspace, moment: datetime) -> int:
    """Return the exit status if nothing failed: FOUND if a rotation has no crew."""
    return DONE if all_staffed(work.roster, work.schedule, moment) else FOUND


def end(results: Iterable[CallResult], done: int = DONE) -> None:
    """End the command with USAGE if a call failed, else with `done`."""
    found = list(results)
    failed = sum(result.problem is not None for result in found)
    if not found:
        terminal.say("nothing to send: everything is up to date")
    if failed:
        terminal.say(f"{failed} of {counted(len(found), 'request')} failed; run it again to send the rest")
    raise typer.Exit(USAGE if failed else done)


# setrota isn't on a package registry, and a package of that name there would be another one. So the command that
# installs an extra names its libraries.


def command_for(extra: str, libraries: tuple[str, ...]) -> str:
    """Return a shell command that installs what an extra needs into the environment that runs setrota.

    Its versions come from setrota's own metadata; `libraries` is used if setrota isn't installed.
    """
    try:
        installed = metadata.distribution("setrota")
    except metadata.PackageNotFoundError:
        return shlex.join([*_installer(""), *libraries])
    installer = (installed.read_text("INSTALLER") or "").strip()
    return shlex.join([*_installer(installer), *(_needed(installed.requires or [], extra) or libraries)])


def _needed(requirements: list[str], extra: str) -> list[str]:
    """Return the requirements of this extra alone, such as `httpx>=0.28; extra == "publish"`."""
    marked = re.compile(rf"(.+?)\s*;\s*extra == ['\"]{re.escape(extra)}['\"]")
    return [found[1] for found in map(marked.fullmatch, requirements) if found]


def _installer(name: str) -> list[str]:
    """Return the command that installs packages: uv makes environments without pip."""
    if name == "uv" and find_spec("pip") is None:
        return ["uv", "pip", "install", "--python", sys.executable]
    return [sys.executable, "-m", "pip", "install"]
