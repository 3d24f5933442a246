"""The kinds of mistakes and findings: what each code means, an example of it and how to mend it.

The texts stand in the TOML files of this room, a table for each code.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from importlib.resources import files


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of mistake or finding, under its code; `example` is a piece of a file, or a command line."""

    code: str
    meaning: str
    example: str
    fix: str


def kinds() -> dict[str, Kind]:
    """Every kind by its code, file by file in alphabetical order."""
    found: dict[str, Kind] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            for code, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
                found[code] = Kind(code=code, **{key: text.strip("\n") for key, text in texts.items()})
    return found
