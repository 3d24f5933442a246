"""The schema of the roster lets every valid file through, and refuses wrong shapes where they stand."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from roster_schema import LINE, faulty_lines, taplo, tombi

from setrota.cli.schema import roster_schema_text
from setrota.files.roster import (
    days,
    handles,
    handovers,
    keys,
    lengths,
    lists,
    notes,
    publish,
    rules,
    spans,
    values,
)
from setrota.files.roster.keys import TOP
from setrota.files.roster.reading import RosterReading, Spot, Unreadable
from setrota.files.roster.schema import FILE, roster_schema
from setrota.files.roster.shapes import NOTHING, Key, ValueReader, as_json
from setrota.files.roster.template import starting_roster
from setrota.files.toml.documents import parse_document

pytestmark = pytest.mark.quick

TOP_FOLDER = Path(__file__).parents[2]
TABLES = [
    table
    for module in (days, keys, rules, notes)
    for table in vars(module).values()
    if isinstance(table, dict) and table and all(isinstance(key, Key) for key in table.values())
] + list(publish.PUBLISH.values())
READERS = {
    reader: name
    for name, reader in [
        *((name, key.read) for table in TABLES for name, key in table.items()),
        *(
            each
            for module in (days, handles, handovers, keys, lengths, lists, notes, publish, rules, spans, values)
            for each in vars(module).items()
        ),
    ]
    if isinstance(reader, ValueReader)
}

OTHER_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

EDITORS_KNOW = {
    "type", "properties", "additionalProperties", "propertyNames", "required", "items", "minItems", "uniqueItems",
    "enum", "pattern", "format", "minimum", "exclusiveMinimum", "maximum", "anyOf", "not", "if", "then",
    "title", "description", "examples", "$schema", "$comment",
}  # fmt: skip
"""Keywords that `jsonschema`, `tombi` and `taplo` all heed, or that only inform."""


# The schema itself


def test_it_is_a_schema_and_always_the_same() -> None:
    Draft202012Validator.check_schema(roster_schema())
    assert roster_schema_text() == roster_schema_text()
    assert json.loads(roster_schema_text()) == roster_schema()
    assert list(roster_schema()["properties"]) == list(TOP)


def test_it_keeps_to_keywords_that_editors_know() -> None:
    schemas = list(_schemas(roster_schema()))
    assert {keyword for schema in schemas for keyword in schema} <= EDITORS_KNOW
    # What a key means shows when the pointer is over it: a whole sentence, on one line.
    named = [each for schema in schemas for each in schema.get("properties", {}).values() if "type" in each]
    meanings = [each.get("description", "") for each in named if each["type"] != "object"]
    assert len(meanings) > 100
    assert [meaning for meaning in meanings if not re.fullmatch(r"[A-Z`].{8,110}\.", meaning)] == []
    # Engines differ in look-around and flags, and in the digits and letters of other scripts.
    patterns = [schema["pattern"] for schema in schemas if "pattern" in schema]
    assert [pattern for pattern in patterns if re.search(r"\(\?|\\[dw]", pattern)] == []


def _schemas(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A schema and all that are in it."""
    yield schema
    inner = [schema.get(keyword) for keyword in ("additionalProperties", "propertyNames", "items", "not", "if", "then")]
    for each in [*inner, *schema.get("properties", {}).values(), *schema.get("anyOf", ())]:
        if isinstance(each, dict):
            yield from _schemas(each)


def test_the_file_next_to_the_example_is_up_to_date() -> None:
    """`setrota schema --output rotations.schema.json` renews it."""
    assert (TOP_FOLDER / FILE).read_text(encoding="utf-8") == roster_schema_text()


# Shapes and readers


def test_there_are_readers_and_tables() -> None:
    assert len(TABLES) == 29
    assert len(READERS) >= 50


@pytest.mark.no_cover  # quicker tests run the readers, too
@pytest.mark.parametrize("read", READERS, ids=READERS.values())
def test_whatever_a_reader_accepts_has_its_shape(read: ValueReader[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    # All zones are only looked through for the hint of one that is refused.
    monkeypatch.setattr("zoneinfo.available_timezones", lambda: {"UTC"})
    accepted = [value for value in _values() if _accepts(read, value)]
    shape = Draft202012Validator(read.shape, format_checker=FormatChecker())
    assert [value for value in accepted if not shape.is_valid(as_json(value))] == []
    assert bool(accepted) == (read.shape != NOTHING)


EMPTY = parse_document(b"", "rotations.toml")


def _accepts(read: ValueReader[Any], value: object) -> bool:
    reading = RosterReading()
    reading.documents.append(EMPTY)
    try:
        read(Spot(reading, ("key",)), value)
    except Unreadable:
        return False
    return not reading.problems


@cache
def _values() -> list[Any]:
    """Values of every type, among them every key's example and what is nearly one."""
    examples = [tomllib.loads(f"it = {key.example}")["it"] for table in TABLES for key in table.values() if key.example]
    texts = [
        "", " ", "x", "bo.lindqvist", "two\nlines", "a\ttab", "emoji 🎉", "Zoë", "0123456789ab", "DE", "de-by",
        "1 week", "104 weeks", "105 weeks", "  3  weeks ", "0 weeks", "7 days", "25 hours", "0 days", "1 month",
        "18 months", "25 months", "1 quarter", "09:00", "9:00", "workday 09:00", "First Workday 9:00", "1st 09:00",
        "22nd  17:00", "22th 17:00", "29th 09:00", "last 0:00", "LAST friday 17:00", "4th Wed 10:00", "fifth Mon 10:00",
        "24/7", "ALWAYS", "Mon-Fri", "sat - SUN", "Fri-Mon", "Mon-Mon", "Mon, Wed,Fri", "Mon,", "1st Sun", "Last sun",
        "1st Sun, third Sat 10:00-12:00", "1st Sat-Sun", "6th Sun", "9:00-17:00", "09:00 - 24:00", "24:00-09:00",
        "Mon-Fri  20:00-8:00", "Fri 17:30 - Mon 09:30", "1st fri 17:30-sunday 24:00", "Mon 09:00-17:00 Tue", "holidays",
        "open", "1/4", " 3/4 ", "4/4", "0/4", "1/100", "3 per month", "3 per 1 month", "3 per months", "2 per 5 days",
        "monday", "TUE", "wEdNeSdAy", "Moonday", "Sun 9:30", "sunday  23:59", "Friday 24:00", "Friday 15:00:00",
        "dec", "MAY", "Sept", "3 per 26 weeks", "0 per 26 weeks", "UTC", "Etc/GMT+5", "America/Argentina/Buenos_Aires",
        "HTTPS://example.com", "http://a?b", "https://a/b?c#d", "https://bo:pw@a/", "ftp://a", "rest", " rest ", "pins",
        "mattermost", " slack", "bo@example.com", "bo at example.com", "A_1", "1A", "2026-12-21",
    ]  # fmt: skip
    texts += [f" {text} " for text in examples if isinstance(text, str)]
    texts += [text.upper() for text in examples if isinstance(text, str)]
    texts = list(dict.fromkeys([*texts, *(text.translate(OTHER_DIGITS) for text in texts)]))
    days = [date(2027, 2, 8), datetime(2027, 2, 8, 9, 0), time(9, 0), date(1, 1, 1)]
    numbers = [True, False, -1, 0, 1, 2, 105, 0.0, 0.25, 1.0, 1.5, -0.5]
    single = [*examples, *texts, *days, *numbers]
    several = [
        [],
        {},
        *([value] for value in single),
        *([value, value] for value in single),
        ["mon", "fri"],
        [date(2027, 2, 8), date(2027, 2, 9)],
        [date(2027, 2, 9), date(2027, 2, 8)],
    ]
    tables = [{"from": days[0]}, {"from": days[0], "to": days[0], "event": "0123456789ab", "note": ""}, {"to": days[0]}]
    tables += [{"from": days[0], "to": "open"}, {"from": days[0], "to": "never"}, {"24/7": ["bo"]}, {"Mon-Fry": ["bo"]}]
    tables += [{"engineer": value} for value in single] + [{"jira": value} for value in single]
    values = [*single, *several, *tables, *([table] for table in tables), [["bo", "cy"], ["ana", "bo"]]]
    return list({repr(value): value for value in values}.values())


# Files


def _fenced(page: str) -> list[str]:
    text = (TOP_FOLDER / page).read_text(encoding="utf-8")
    return re.findall(r"```toml\n(.*?)```", text, re.DOTALL)


GOOD = {
    "example": (TOP_FOLDER / "rotations.toml").read_text(encoding="utf-8"),
    "template": starting_roster(),
    "template, all of it": re.sub(r"^# (?=[a-z-]+ = |\[|  \{|\])", "", starting_roster(), flags=re.MULTILINE),
    **{
        f"{page}, {number}": text
        for page in ("README.md", "docs/rules.md", "docs/publishing.md")
        for number, text in enumerate(_fenced(page), start=1)
    },
    "leave for a file to include": "[people.bo]\nleave = [{ from = 2027-01-04, to = 2027-01-08 }]\n",
    "a team for a file to include": '[teams.search]\nname = "Search"\nengineers = ["dee"]\naway = []\n',
    "a roster in several files": 'include = ["*.toml"]\n[rota]\nname = "Desk"\n[rotations.desk]\nevery = "1 week"\n',
    "nothing": "",
}


@pytest.mark.parametrize("name", GOOD)
def test_a_valid_file_passes(name: str) -> None:
    assert faulty_lines(GOOD[name]) == set()


SMALL = """\
[rota]
name = "Desk"
timezone = "Europe/Berlin"
handover = "Monday 09:00"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary", "backup"]
rest = "1 week"

[teams.red]
staff = ["ana", "bo", "cy"]

[people.bo]
share = 0.5
leave = [{ from = 2027-01-04, to = 2027-01-08 }]

[rules]
relax = ["rest"]
"""

WRONG = {
    "unknown key": ("rest =", "rests ="),
    "missing key": ('every = "1 week"\n', ""),
    "number for text": ('every = "1 week"', "every = 1"),
    "text for a list": ('seats = ["primary", "backup"]', 'seats = "primary, backup"'),
    "text for a table": (
        "[people.bo]\nshare = 0.5\nleave = [{ from = 2027-01-04, to = 2027-01-08 }]",
        '[people]\nbo = "Bo"',
    ),
    "missing key of an item": ("from = 2027-01-04, to", "to"),
    "number out of range": ("share = 0.5", "share = 50"),
    "text of another form": ("Monday 09:00", "Monday 9 am"),
    "date with a time": ("from = 2027-01-04", "from = 2027-01-04T09:00:00"),
    "word that isn't one of a few": ('["rest"]', '["sleep"]'),
    "name twice": ('"ana", "bo", "cy"', '"ana", "bo", "ana"'),
    "name with a space": ("[teams.red]", '[teams."red team"]'),
    "empty list": ('rest = "1 week"', "serves = []"),
}
"""A mistake of each kind: what is written instead of what."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with every good file and every wrong one, each with the line that names the schema."""
    folder = tmp_path_factory.mktemp("schema")
    for name, text in GOOD.items():
        _file(folder, name).write_text(LINE + text.removeprefix(LINE), encoding="utf-8")
    for name, (old, new) in WRONG.items():
        assert SMALL.count(old) == 1
        _file(folder, name).write_text(LINE + SMALL.replace(old, new), encoding="utf-8")
    (folder / "small.toml").write_text(LINE + SMALL, encoding="utf-8")
    return folder


def _file(folder: Path, name: str) -> Path:
    return folder / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.toml"


def test_editors_accept_valid_files(folder: Path) -> None:
    files = ["small.toml", *(_file(folder, name).name for name in GOOD)]
    assert faulty_lines(SMALL) == set()
    assert tombi(folder, *files) == ""
    assert taplo(folder, *files) == ""
    assert {path.suffix for path in folder.iterdir() if path.is_file()} == {".toml", ".json"}


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("name", WRONG)
def test_editors_refuse_a_wrong_shape_where_it_stands(name: str, folder: Path) -> None:
    text = _file(folder, name).read_text(encoding="utf-8")
    [line] = faulty_lines(text)
    assert re.search(rf"{_file(folder, name).name}:{line}:", tombi(folder, _file(folder, name).name))
    assert re.search(rf"{_file(folder, name).name}:{line}:", taplo(folder, _file(folder, name).name))
