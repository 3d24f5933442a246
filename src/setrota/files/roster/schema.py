"""Makes the JSON Schema of a roster's files, for editors and other programs, from the tables that read a roster.

Knows how the shapes of keys make up a file, and which schema a roster names. Doesn't know what a shape is made of.

A file may be one part of a roster, and sections may be split over files. So sections and their keys are required only
in a file that has `[rota]` and includes no other. The items of a list are always whole.
"""

from __future__ import annotations

import json
import os.path
import re
from collections.abc import Mapping
from pathlib import Path

from setrota import __version__
from setrota.files.roster.folder import LONGEST_NAME, RosterFolder
from setrota.files.roster.handles import read_handles
from setrota.files.roster.includes import INCLUDE, INSIDE, OUTSIDE
from setrota.files.roster.keys import CHANNEL, PERSON, ROTA, ROTATION, TEAM, TOP
from setrota.files.roster.notes import BRIEF, CALENDAR, MEETING, PAGE, SEAT, SOURCE
from setrota.files.roster.publish import PUBLISH
from setrota.files.roster.rules import HOLIDAYS, PIN, RULES
from setrota.files.roster.shapes import Key, Shape, either, part_of_table, required
from setrota.files.roster.tables import tables_of
from setrota.files.saving import read_bytes
from setrota.files.toml.documents import BARE_KEY, Document
from setrota.problems import Place, Problem, Refused, command_line
from setrota.roster import HANDLE

FILE = "rotations.schema.json"
"""The name of the schema's file, next to the roster."""

_COMMENT = f"setrota VERSION wrote this file; `setrota schema --output {FILE}` renews it"

_LIMIT_BYTES = 1_000_000

_NUMBER = "[0-9]{1,9}"


def roster_schema() -> Shape:
    """The schema of `rotations.toml` and of the files it includes."""
    shapes = _sections()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$comment": _COMMENT.replace("VERSION", __version__),
        "title": "A roster for setrota",
        "type": "object",
        "properties": {name: {"description": meaning, **shapes[name]} for name, meaning in TOP.items()},
        "additionalProperties": False,
        "if": {
            "required": ["rota"],
            "not": either({"required": [INSIDE]}, {"required": [OUTSIDE]}),
            "additionalProperties": True,
        },
        "then": _whole(),
    }


def _sections() -> dict[str, Shape]:
    pool = {"description": "The people that the team lends to this pool, by their handles.", **read_handles.shape}
    return {
        INSIDE: INCLUDE,
        OUTSIDE: INCLUDE,
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
        "page": part_of_table(PAGE),
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
            "rotations": {"additionalProperties": {**_needs(ROTATION), **either(_has("every"), _has("starts"))}},
            "publish": {"properties": {target: _needs(keys) for target, keys in PUBLISH.items()}},
        },
        "additionalProperties": True,
    }


def _needs(keys: Mapping[str, Key]) -> Shape:
    return _has(*required(keys))


def _has(*keys: str) -> Shape:
    """A table that has some keys, whatever others it has."""
    return {"required": list(keys), "additionalProperties": True}


def schema_note(roster: Document) -> Problem | None:
    """A note if the schema that a roster's first line names is missing, an older setrota's, or broken."""
    line = re.match(r"#:schema[ \t]+(.*\S)", roster.text)
    if line is None or "://" in line[1] or len(line[1]) > LONGEST_NAME:
        return None
    folder = Path(roster.file).parent
    if not RosterFolder(Path(roster.file)).keeps(folder, Path(line[1])):
        return None
    path = folder / line[1]
    if not os.path.lexists(path):
        return Problem(
            f"`{line[1]}` does not exist, so editors can't check this roster",
            Place(roster.file, 1),
            f"`{command_line('setrota', 'schema', '--output', str(path))}` writes it",
            severity="note",
            code="no-schema",
        )
    return _old_schema(roster, line[1], path) if os.path.isfile(path) else None


def _old_schema(roster: Document, name: str, path: Path) -> Problem | None:
    try:
        found = json.loads(read_bytes(path, _LIMIT_BYTES) or b"")
    except Refused:
        return None
    except (ValueError, RecursionError):
        is_old = path.name == FILE  # broken, as by a merge
    else:
        is_old = found != roster_schema() and _is_ours_and_no_newer(found)
    if not is_old:
        return None
    return Problem(
        f"`{name}` differs from the schema of setrota {__version__}, so editors may check this roster by old rules",
        Place(roster.file, 1),
        f"`{command_line('setrota', 'schema', '--output', str(path))}` renews it",
        severity="note",
        code="old-schema",
    )


def _is_ours_and_no_newer(schema: object) -> bool:
    """Whether setrota wrote a schema, this version or an older one. Only then may a hint propose to overwrite it."""
    comment = schema.get("$comment") if isinstance(schema, dict) else None
    version = rf"({_NUMBER}(?:\.{_NUMBER})*)"
    written = re.fullmatch(re.escape(_COMMENT).replace("VERSION", version), f"{comment}")
    return written is not None and _numbers(written[1]) <= _numbers(__version__)


def _numbers(version: str) -> list[int]:
    return [int(part) for part in re.findall(_NUMBER, version)]
