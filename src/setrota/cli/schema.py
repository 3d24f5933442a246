"""`setrota schema`."""

from __future__ import annotations

from setrota.cli.options import OutputOption
from setrota.cli.workspace import write_output
from setrota.files.roster.schema import roster_schema
from setrota.reports.envelope import json_text


def schema(output: OutputOption = "-") -> None:
    """Print the JSON Schema of the roster, for editors.

    Example: setrota schema --output rotations.schema.json
    """
    write_output(roster_schema_text(), output)


def roster_schema_text() -> str:
    """The roster's schema as its file has it: always the same bytes."""
    return json_text(roster_schema()) + "\n"
