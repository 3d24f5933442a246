"""`setrota schema`."""

from __future__ import annotations

from typing import Annotated

import typer

from setrota.cli.invocation import invocation_of
from setrota.cli.options import OutputOption
from setrota.cli.usage import WITHOUT_JSON, without_json
from setrota.cli.workspace import new_roster_path, write_output
from setrota.files.roster.schema import roster_schema
from setrota.problems import Problem, Refused, did_you_mean, listed_quotes
from setrota.reports.envelope import json_text


def schema(
    ctx: typer.Context,
    command: Annotated[
        list[str] | None,
        typer.Argument(metavar="COMMAND", help="A command, such as `now` or `leave list`. Default: the roster."),
    ] = None,
    output: OutputOption = "-",
) -> None:
    """Print the JSON Schema of the roster, for editors, or of a command's JSON.

    Example: setrota schema --output rotations.schema.json
    """
    this = invocation_of(ctx)
    this.in_use.add(new_roster_path(ctx))
    write_output(answer_schema_text(" ".join(command)) if command else roster_schema_text(), output, this)


def roster_schema_text() -> str:
    """The roster's schema as its file has it: always the same bytes."""
    return json_text(roster_schema()) + "\n"


def answer_schema_text(command: str) -> str:
    """The schema of what a command answers with `--format json`: always the same bytes. Raises Refused."""
    from setrota.reports.schemas import DOCUMENTS, answer_schema

    if command in DOCUMENTS:
        return json_text(answer_schema(command)) + "\n"
    if command.partition(" ")[0] in WITHOUT_JSON:
        raise Refused(without_json(command, "`setrota schema` alone is for the roster"))
    if members := [each for each in DOCUMENTS if each.startswith(f"{command} ")]:
        message = f"`setrota {command}` needs the name of a command"
        hint = f"name one of {listed_quotes(members, 'or')}"
        raise Refused(Problem(message, hint=hint, code="missing-command"))
    message = f"`setrota` has no command `{command}`"
    hint = did_you_mean(command, DOCUMENTS) or "`setrota --help` lists the commands"
    raise Refused(Problem(message, hint=hint, code="unknown-command"))
