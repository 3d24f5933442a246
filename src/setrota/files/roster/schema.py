"""Makes the JSON Schema of a roster's files, for editors and other programs, from the tables that read a roster.

Knows how the shapes of keys make up a file, and which schema a roster names. Doesn't know what a shape is made of.

A file may be one part of a roster, and sections may be split over files. So sections and their keys are required only
in a file that has `[rota]` and no `include`. The items of a list are always whole.
"""

from __future__ import annotations

import json
import os.path
import re
from collections.abc import Mapping
from pathlib import Path

from setrota import __version__
from setrota.files.roster.handles import read_handles
from setrota.files.roster.includes import INCLUDE
from setrota.files.roster.keys import CHANNEL, PERSON, ROTA, ROTATION, TEAM, TOP, tables_of
from setrota.files.roster.notes import BRIEF, CALENDAR, MEETING, SEAT, SOURCE
from setrota.files.roster.publish import PUBLISH
from setrota.files.roster.rules import HOLIDAYS, PIN, RULES
from setrota.files.roster.shapes import Key, Shape, part_of_table, required
from setrota.files.toml.documents import BARE_KEY, Document
from setrota.problems import Place, Problem, command_line
from setrota.roster import HANDLE

FILE = "rotations.schema.json"
"""The name of the schema's file, next to the roster."""

_MAKER = "setrota"


def roster_schema() -> Shape:
    """The schema of `rotations.toml` and of the files it includes."""
    shapes = _sections()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": f"{_MAKER} {__version__} wrote this file; `setrota schema --output {FILE}` renews it",
        "title": "A roster for setrota",
        "type": "object",
        "properties": {name: {"description": meaning, **shapes[name]} for name, meaning in TOP.items()},
        "additionalProperties": False,
        "if": {"required": ["rota"], "not": {"required": ["include"]}, "additionalProperties": True},
        "then": _whole(),
    }


def _sections() -> dict[str, Shape]:
    pool = {"description": "The people that the team lends to this pool, by their handles.", **read_handles.shape}
    return {
        "include": INCLUDE,
        "rota": part_of_table(ROTA),
        "rotations": _named(BARE_KEY, part_of_table(ROTATION)),
        "teams": _named(HANDLE, {**part_of_table(TEAM), "additionalProperties": pool}),
        "people": _named(HANDLE, part_of_table(PERSON)),
        "holidays": part_of_table(HOLIDAYS),
        "rules": part_of_table(RULES),
        "pins": tables_of(PIN).shape,
        "channel": part_of_table(CHANNEL),
        "seats": {"type": "object", "additionalProperties": part_of_table(SEAT)},
        "meetings": tables_of(MEETING).shape,
        "sources": tables_of(SOURCE).shape,
        "brief": part_of_table(BRIEF),
        "calendar": part_of_table(CALENDAR),
        "publish": {
            "type": "object",
            "properties": {target: part_of_table(keys) for target, keys in PUBLISH.items()},
            "additionalProperties": False,
        },
    }


def _named(pattern: str, section: Shape) -> Shape:
    """A table of sections that have names of the roster's own."""
    return {
        "type": "object",
        "propertyNames": {"pattern": f"^{pattern}$"},
        "additionalProperties": section,
    }


def _whole() -> Shape:
    """What must be in a roster of one file. Some editors refuse every key here that isn't let through."""
    return {
        "required": ["rota", "rotations", "teams"],
        "properties": {
            "rota": _needs(ROTA),
            "rotations": {"additionalProperties": _needs(ROTATION)},
            "publish": {"properties": {target: _needs(keys) for target, keys in PUBLISH.items()}},
        },
        "additionalProperties": True,
    }


def _needs(keys: Mapping[str, Key]) -> Shape:
    return {"required": required(keys), "additionalProperties": True}


def old_schema(roster: Document) -> Problem | None:
    """A note if the schema that a roster's first line names is an older setrota's, or is no longer JSON."""
    line = re.match(r"#:schema[ \t]+(.*\S)", roster.text)
    path = Path(roster.file).parent / line[1] if line else None
    if line is None or path is None or not os.path.isfile(path):
        return None
    try:
        found = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        found = {"$comment": _MAKER}
    if found == roster_schema() or not _is_ours_and_no_newer(found):
        return None
    return Problem(
        f"`{line[1]}` differs from the schema of setrota {__version__}, so editors may check this roster by old rules",
        Place(roster.file, 1),
        f"`{command_line('setrota', 'schema', '--output', str(path))}` renews it",
        severity="note",
        code="old-schema",
    )


def _is_ours_and_no_newer(schema: object) -> bool:
    comment = schema.get("$comment") if isinstance(schema, dict) else None
    maker = re.match(rf"{_MAKER}(?: ([\d.]+))?", f"{comment}")
    return maker is not None and _numbers(maker[1] or "") <= _numbers(__version__)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", version)]
