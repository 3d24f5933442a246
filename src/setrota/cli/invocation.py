"""One run of `setrota`: the files it was given, its command, and the answer, kept until the exit status is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from setrota.problems import Problem


@dataclass(kw_only=True)
class Invocation:
    """What one run of `setrota` was given and what it answers as JSON.

    `files` are the paths of `--roster` and `--schedule` by the names `roster` and `schedule`. `command` is None until
    it is known. `findings` are problems that the command was asked for, and `output` is where the answer goes.
    """

    files: dict[str, Path] = field(default_factory=dict)
    command: str | None = None
    answered: bool = False
    data: Any = None
    findings: Sequence[Problem] = ()
    output: str = "-"

    def answer(self, data: Any, output: str = "-", findings: Sequence[Problem] = ()) -> None:
        """Answer with JSON: the envelope is written when the command ends, with its exit status and problems."""
        self.answered, self.data, self.output, self.findings = True, data, output, findings


def invocation_of(ctx: typer.Context) -> Invocation:
    """The run to which a context belongs."""
    invocation: Invocation = ctx.find_root().ensure_object(Invocation)
    return invocation


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command line asks for JSON, also one that can't be parsed."""
    return "--format=json" in arguments or ("--format", "json") in pairwise(arguments)


class CommandGroup(TyperGroup):
    """A group of commands that notes which of them was called: `now`, `publish caldav`."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name, command, rest = super().resolve_command(ctx, args)
        invocation_of(ctx).command = f"{ctx.command_path} {name}".removeprefix("setrota ")
        return name, command, rest
