"""The roster's schema as three programs check files by it: `jsonschema`, `tombi` and `taplo`.

`jsonschema` sees a document whose dates are text. The other two are what editors run: they read the TOML itself, find
the schema by the file's first line, and need no network.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, ValidationError

from setrota.cli.schema import roster_schema_text
from setrota.files.roster.schema import FILE, roster_schema
from setrota.files.roster.shapes import as_json
from setrota.files.toml.places import line_of

LINE = f"#:schema ./{FILE}\n"

_VALIDATOR = Draft202012Validator(roster_schema(), format_checker=FormatChecker())


def faulty_lines(text: str) -> set[int]:
    """The lines of a roster's file that `jsonschema` complains about."""
    errors = _VALIDATOR.iter_errors(as_json(tomllib.loads(text)))
    return {line_of(text, path) for error in errors for path in _paths(error)}


def _paths(error: ValidationError) -> Iterator[list[Any]]:
    """The key paths that an error is about; of `anyOf`, those of the choices that fit the value from outside."""
    if error.context:
        within = [inner for inner in error.context if inner.path]
        for inner in within or error.context:
            yield from _paths(inner)
        return
    path = list(error.absolute_path)
    if error.validator == "additionalProperties":
        yield from ([*path, key] for key in error.instance if key not in error.schema.get("properties", {}))
    elif "propertyNames" in error.absolute_schema_path:
        yield [*path, error.instance]
    else:
        yield path


def tombi(folder: Path, *files: str) -> str:
    """What `tombi lint` prints about files in a folder; nothing if they are all right."""
    said = _run(folder, "tombi", "lint", "--offline", "--error-on-warnings", *files)
    return "" if re.fullmatch(r"\d+ files? linted successfully\n", said) else said


def taplo(folder: Path, *files: str) -> str:
    """What `taplo check` prints about files in a folder; nothing if they are all right."""
    return _run(folder, "taplo", "check", "--no-auto-config", "--colors", "never", *files)


def _run(folder: Path, program: str, *arguments: str) -> str:
    """Write the schema into the folder and run an installed checker; its exit status must agree with what it prints."""
    (folder / FILE).write_text(roster_schema_text(), encoding="utf-8")
    home = folder / "home"
    settings = {"HOME": str(home), "XDG_CACHE_HOME": str(home), "XDG_CONFIG_HOME": str(home), "NO_COLOR": "1"}
    done = subprocess.run(
        [Path(sys.executable).with_name(program), *arguments],
        cwd=folder,
        env={**os.environ, **settings, "RUST_LOG": "error"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    said = done.stdout
    assert (done.returncode == 0) == ("rror" not in said), f"exit status {done.returncode}\n{said}"
    return said
