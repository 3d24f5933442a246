"""`setrota schema`."""

from __future__ import annotations

from setrota.cli.options import OutputOption
from setrota.cli.workspace import write_output


def schema(output: OutputOption = "-") -> None:
    """Print the JSON Schema of the roster, by which editors complete and check its keys."""
    from setrota.files.roster.schema import schema_text

    write_output(schema_text(), output)
