"""One run of `setrota`: its files, its command and its answer, kept until the exit status is known."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import typer

from setrota.problems import Problem, command_line


@dataclass(kw_only=True)
class Invocation:
    """What one run of `setrota` was given, and its answer as JSON.

    `commands` are the names of all commands. `files` are the paths of `--roster` and `--schedule` by the names `roster`
    and `schedule`. `command` is None until it is known, and `form` until the command line is parsed. `in_use` are the
    files that no output replaces. `findings` are the problems that the user asked for, and `output` is where the answer
    goes. `saved` is the schedule's path once the command has saved it.
    """

    commands: Collection[str] = ()
    files: dict[str, Path] = field(default_factory=dict)
    command: str | None = None
    form: str | None = None
    in_use: set[Path] = field(default_factory=set)
    data: Mapping[str, object] | None = None
    findings: Sequence[Problem] = ()
    output: str = "-"
    saved: Path | None = None

    def answer(self, data: Mapping[str, object], output: str = "-", findings: Sequence[Problem] = ()) -> None:
        """Answer with JSON. The envelope is written when the command ends, with its exit status and problems."""
        self.data, self.output, self.findings = data, output, findings

    @property
    def answered(self) -> bool:
        return self.data is not None

    def wants_json(self, arguments: Sequence[str]) -> bool:
        """Whether to answer in JSON; `arguments` are searched for that if they can't be parsed."""
        return asks_for_json(arguments) if self.form is None else self.form == "json"

    def complete(self, text: str) -> str:
        """Text whose `setrota` commands repeat the files that were given, so that they work when they are typed.

        Commands are in backticks, or on a line of their own, possibly after `hint:`.
        """
        if not self.files or "setrota " not in text:
            return text
        command = rf"(`|^ *(?:hint: )?)(setrota (?:{'|'.join(self.commands)})\b[^`\n]*)"
        return re.sub(command, lambda found: found[1] + self._with_files(found[2]), text, flags=re.MULTILINE)

    def _with_files(self, command: str) -> str:
        words = command.split()
        if "--help" in words or words[1] == "schema":
            return command
        given = sorted(self.files.items())
        missing = [(f"--{name}", path) for name, path in given if not {f"--{name}", f"-{name[0]}"} & {*words}]
        return " ".join([command, *(command_line(option, str(path)) for option, path in missing)])

    def complete_all(self, document: Any) -> Any:
        """A JSON document whose values of `command` are complete."""
        if isinstance(document, dict):
            return {
                key: self.complete(value) if key == "command" and isinstance(value, str) else self.complete_all(value)
                for key, value in document.items()
            }
        return [self.complete_all(each) for each in document] if isinstance(document, list) else document


def invocation_of(ctx: typer.Context) -> Invocation:
    """The run that a context belongs to."""
    invocation: Invocation = ctx.find_root().ensure_object(Invocation)
    return invocation


def asks_for_json(arguments: Sequence[str]) -> bool:
    """Whether a command line asks for JSON, even one that can't be parsed; the last `--format` counts."""
    form = None
    for before, word in pairwise(["", *arguments]):
        if before == "--format":
            form = word
        elif word.startswith("--format="):
            form = word.removeprefix("--format=")
    return form == "json"
