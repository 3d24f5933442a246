"""The README is true: its example is what the commands print, its rules and commands are those of the code.

After a change on purpose, `python tests/test_readme.py` writes the example and the table of rules anew.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from setrota.cli.app import COMMANDS
from setrota.files.keys import PERSON, ROTATION, TEAM, Key
from setrota.files.roster import read_roster
from setrota.files.rules import HOLIDAYS
from setrota.files.rules import RULES as RULES_KEYS
from setrota.judgement import judged
from setrota.rules import RULES
from setrota.schedule import Schedule

TOP = Path(__file__).parents[1]
README = TOP / "README.md"
RULES_PAGE = TOP / "docs" / "rules.md"
NOW = "2026-11-23T10:00:00-05:00"
TODAY = date(2026, 11, 23)

_SESSION = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)
_RULES = re.compile(r"(?<=\| rule \| \|\n\|---\|---\|\n)(\|.*\n)*")


def test_the_session_is_what_the_commands_print() -> None:
    session = _SESSION.search(README.read_text(encoding="utf-8"))
    assert session
    assert _without_seconds(played(commands(session[0]))) == _without_seconds(session[0])


def test_the_table_of_rules_is_that_of_the_code() -> None:
    table = _RULES.search(README.read_text(encoding="utf-8"))
    assert table
    assert table[0] == rules()


def test_every_command_is_described() -> None:
    text = README.read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"| `setrota {name}" not in text] == []


def test_the_roster_of_every_rule_is_one(tmp_path: Path) -> None:
    (tmp_path / "rotations.toml").write_text(_rules_roster(), encoding="utf-8")
    roster = read_roster(tmp_path / "rotations.toml").roster
    assert roster.rules.mix
    assert roster.pins
    findings = judged(roster, Schedule(roster.short_name), TODAY)
    assert [finding for finding in findings if finding.severity == "error"] == []


@pytest.mark.parametrize("table", [ROTATION, RULES_KEYS, PERSON, TEAM, HOLIDAYS])
def test_every_key_is_described(table: Mapping[str, Key]) -> None:
    text = README.read_text(encoding="utf-8") + RULES_PAGE.read_text(encoding="utf-8")
    assert [key for key in table if not re.search(rf"(?<![\w-]){key}(?![\w-])", text)] == []


def _rules_roster() -> str:
    [roster] = re.findall(r"```toml\n(.*?)```", RULES_PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return str(roster)


def commands(session: str) -> list[str]:
    return re.findall(r"^\$ (.*)$", session, re.MULTILINE)


def played(lines: list[str]) -> str:
    """What a terminal shows when the commands are typed one after the other beside the example roster."""
    shown = []
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(TOP / "rotations.toml", folder)
        environment = {**os.environ, "SETROTA_NOW": NOW, "COLUMNS": "100", "PYTHONUNBUFFERED": "1"}
        for line in lines:
            done = subprocess.run(
                [sys.executable, "-m", *shlex.split(line)],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                encoding="utf-8",
                check=True,
            )
            shown.append(f"$ {line}\n{done.stdout}")
    return "\n".join(shown)


def rules() -> str:
    return "".join(f"| `{rule.name}` | {rule.sentence} |\n" for rule in RULES)


def _without_seconds(text: str) -> str:
    return re.sub(r"Solved in [\d.]+ s", "Solved in some seconds", text)


def rewrite() -> None:
    text = README.read_text(encoding="utf-8")
    text = _SESSION.sub(lambda match: played(commands(match[0])), text, count=1)
    README.write_text(_RULES.sub(lambda match: rules(), text, count=1), encoding="utf-8")


if __name__ == "__main__":
    rewrite()
