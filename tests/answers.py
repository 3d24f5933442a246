"""Every JSON that a test gets from `setrota` is checked: against the schema of its command, and for keys beyond it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import best_match

from setrota.cli.invocation import asks_for_json
from setrota.reports import schemas

checked: Counter[str] = Counter()
"""How many answers of each command were checked, with their exit status: `now 0`."""

FORMATS = FormatChecker(formats=())


@FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    return not isinstance(value, str) or date.fromisoformat(value).isoformat() == value


@FORMATS.checks("date-time", raises=ValueError)
def _is_instant(value: object) -> bool:
    return not isinstance(value, str) or datetime.fromisoformat(value).utcoffset() is not None


def check_answer(arguments: Sequence[str], out: str, folder: Path) -> None:
    """Check what a command that was run in `folder` printed or wrote, if it was asked for JSON and gave some."""
    if not asks_for_json(arguments):
        return
    written = [folder / name for option, name in pairwise(arguments) if option in ("--output", "-o")]
    texts = [out, *(file.read_text(encoding="utf-8") for file in written if file.is_file())]
    for text in texts:
        # `--help` prints no JSON, and a file that could not be replaced is another program's.
        if text.startswith("{"):
            check_document(json.loads(text))


def check_document(document: Any) -> None:
    """Insist that an envelope is as its command's schema says, and has no other key."""
    command = document["command"]
    error = best_match(strict_validator(command if command in schemas.DOCUMENTS else None).iter_errors(document))
    assert error is None, f"{command}: {error.json_path}: {error.message}"
    checked[f"{command} {document['exit']}"] += 1


@cache
def strict_validator(command: str | None) -> Draft202012Validator:
    """What checks the answers of a command; without one those of a command line that names none."""
    schema = schemas.answer_schema(command) if command else failure_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(closed(schema), format_checker=FORMATS)


def failure_schema() -> dict[str, Any]:
    """The schema of an envelope without an answer, whose command line names no command that could give one."""
    schema = schemas.answer_schema("now")
    keys = {**schema["properties"], "command": {"type": ["string", "null"]}, "data": {"type": "null"}}
    return {**schema, "properties": keys}


def closed(schema: Any) -> Any:
    """A schema in which no object may have a key that isn't described."""
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {key: closed(each) for key, each in schema.items()}
    # `properties` may have a property of that name: what has a type is a schema.
    is_object = schema.get("type") == "object" and "properties" in schema
    return {**inner, "additionalProperties": False} if is_object else inner
