"""The README is true: its sessions are what the commands print, its rules and commands are those of the code.

The sessions are played one after the other in one folder. After a change on purpose, `python tests/test_readme.py`
writes them and the table of rules anew.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest
from answers import check_document

from setrota.check.findings import all_findings
from setrota.cli.app import COMMANDS
from setrota.files.roster import read_roster
from setrota.files.roster.keys import PERSON, ROTATION, TEAM
from setrota.files.roster.notes import BRIEF, CALENDAR, MEETING, SEAT, SOURCE
from setrota.files.roster.publish import PUBLISH, read_secret
from setrota.files.roster.rules import HOLIDAYS
from setrota.files.roster.rules import RULES as RULES_KEYS
from setrota.files.roster.shapes import Key
from setrota.rules import RULES
from setrota.schedule import Schedule

pytestmark = pytest.mark.bare

TOP = Path(__file__).parents[1]
README = TOP / "README.md"
RULES_PAGE = TOP / "docs" / "rules.md"
PUBLISHING_PAGE = TOP / "docs" / "publishing.md"
NOW = "2026-11-23T10:00:00-05:00"
TODAY = datetime(2026, 11, 23, 12, tzinfo=UTC)

_SESSION = re.compile(r"(?:<!-- now: (?P<now>\S+) -->\n)?```console\n(?P<text>.*?)```", re.DOTALL)
_RULES = re.compile(r"(?<=\| rule \| \|\n\|---\|---\|\n)(\|.*\n)*")


def test_the_sessions_are_what_the_commands_print() -> None:
    text = README.read_text(encoding="utf-8")
    found = sessions(text)
    assert len(found) == 6
    assert _without_seconds(with_sessions(text, played(found))) == _without_seconds(text)


def test_the_table_of_rules_is_that_of_the_code() -> None:
    table = _RULES.search(README.read_text(encoding="utf-8"))
    assert table
    assert table[0] == rules()


def test_no_page_names_a_registry_that_setrota_is_not_on() -> None:
    pages = [README, TOP / "CHANGELOG.md", *(TOP / "docs").rglob("*.md")]
    assert [page.name for page in pages if re.search(r"install ['\"]?setrota", page.read_text(encoding="utf-8"))] == []


def test_the_json_is_an_answer() -> None:
    [text] = re.findall(r"```json\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    check_document(json.loads(text))


def test_every_command_is_described() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"| `setrota {name}" not in text] == []


def test_the_roster_of_every_rule_is_one(tmp_path: Path) -> None:
    (tmp_path / "rotations.toml").write_text(_roster_of(RULES_PAGE), encoding="utf-8")
    roster = read_roster(tmp_path / "rotations.toml").roster
    assert roster.rules.mix
    assert roster.pins
    findings = all_findings(roster, Schedule(roster.short_name), TODAY)
    assert [finding for finding in findings if finding.severity == "error"] == []


def test_an_example_of_every_key_is_part_of_a_roster(tmp_path: Path) -> None:
    (tmp_path / "publishing.toml").write_text(_roster_of(PUBLISHING_PAGE), encoding="utf-8")
    whole = f'include = ["publishing.toml"]\n{_without_notes((TOP / "rotations.toml").read_text(encoding="utf-8"))}'
    (tmp_path / "rotations.toml").write_text(whole, encoding="utf-8")
    roster = read_roster(tmp_path / "rotations.toml").roster
    assert roster.notes.meetings
    assert set(roster.publish) == set(PUBLISH)


def _without_notes(text: str) -> str:
    """The example roster up to where what it tells people begins."""
    return text[: text.index("[seats.primary]")]


@pytest.mark.parametrize(
    "table",
    [ROTATION, RULES_KEYS, PERSON, TEAM, HOLIDAYS, SEAT, MEETING, SOURCE, BRIEF, CALENDAR, *PUBLISH.values()],
)
def test_every_key_is_described(table: Mapping[str, Key]) -> None:
    text = "".join(page.read_text(encoding="utf-8") for page in (README, RULES_PAGE, PUBLISHING_PAGE))
    keys = [name for name, key in table.items() if key.read is not read_secret]
    assert [key for key in keys if not re.search(rf"(?<![\w-]){key}(?![\w-])", text)] == []


def _roster_of(page: Path) -> str:
    [roster] = re.findall(r"```toml\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    return str(roster)


class Session(NamedTuple):
    """What is typed at a moment."""

    now: str
    lines: list[str]


def sessions(text: str) -> list[Session]:
    return [
        Session(each["now"] or NOW, re.findall(r"^\$ (.*)$", each["text"], re.MULTILINE))
        for each in _SESSION.finditer(text)
    ]


def played(found: list[Session]) -> list[str]:
    """What a terminal shows when the sessions are typed one after the other beside the example roster."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("rotations.toml", "rotations.schema.json"):
            shutil.copy(TOP / name, folder)
        # What a shell finds as `setrota` is this one.
        command = Path(folder, ".bin", "setrota")
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m setrota "$@"\n')
        command.chmod(0o755)
        environment = {**os.environ, "COLUMNS": "100", "PATH": f"{command.parent}:{os.environ['PATH']}"}
        return [
            "\n".join(_shown(line, folder, environment | {"SETROTA_NOW": now}) for line in lines)
            for now, lines in found
        ]


def _shown(line: str, folder: str, environment: dict[str, str]) -> str:
    done = subprocess.run(
        line,
        shell=True,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode in (0, 1), done.stdout
    # On a slow machine the solver says what it's at.
    return f"$ {line}\n" + re.sub(r"^solving: .*\n", "", done.stdout, flags=re.MULTILINE)


def with_sessions(text: str, shown: Iterable[str]) -> str:
    """The README with what is shown in the place of its sessions."""
    following = iter(shown)
    return _SESSION.sub(lambda match: match[0].replace(match["text"], next(following)), text)


def rules() -> str:
    return "".join(f"| `{rule.name}` | {rule.sentence} |\n" for rule in RULES)


def _without_seconds(text: str) -> str:
    return re.sub(r"Solved in [\d.]+ s", "Solved in some seconds", text)


def rewrite() -> None:
    text = README.read_text(encoding="utf-8")
    text = with_sessions(text, played(sessions(text)))
    README.write_text(_RULES.sub(lambda match: rules(), text, count=1), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
