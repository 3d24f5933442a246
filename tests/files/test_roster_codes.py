"""Each example in the explanations of the codes of rosters has just the mistake that its code names."""

from __future__ import annotations

import copy
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from roster_text import read_text

from setrota.problems import Refused
from setrota.reports.codes import Kind, kinds

CODES = Path(__file__).parents[2] / "src" / "setrota" / "reports" / "codes" / "roster.toml"

BASE = """\
[rota]
name = "Front Desk"
timezone = "Europe/Berlin"
handover = "Monday 09:00"

[rotations.engineer]
every = "1 week"
pool = "engineers"
seats = ["primary", "backup"]

[teams.channels]
engineers = ["ana", "bo", "cy", "dee"]

[teams.search]
engineers = ["eli", "fay"]
"""


def _explained() -> list[Kind]:
    here = tomllib.loads(CODES.read_text(encoding="utf-8"))
    return [kind for code, kind in kinds().items() if code in here]


def _is_command(kind: Kind) -> bool:
    return "setrota " in kind.example


def _codes(folder: Path, text: str) -> set[str]:
    """The codes of all problems of a roster."""
    try:
        return {problem.code for problem in read_text(folder, text).warnings}
    except Refused as refused:
        return {problem.code for problem in refused.problems}


def _together(base: Any, example: Any) -> Any:
    """The base with the keys of an example added, or in place of its own."""
    if not (isinstance(base, dict) and isinstance(example, dict)):
        return example
    found = copy.deepcopy(base)
    for key, value in example.items():
        found[key] = _together(found.get(key), value)
    return found


def test_the_base_is_a_roster(tmp_path: Path) -> None:
    assert _codes(tmp_path, BASE) == set()


@pytest.mark.parametrize("kind", [each for each in _explained() if not _is_command(each)], ids=lambda each: each.code)
def test_an_example_of_a_roster_has_just_this_mistake(kind: Kind, tmp_path: Path) -> None:
    try:
        example = tomllib.loads(kind.example)
    except tomllib.TOMLDecodeError:
        found = [_codes(tmp_path, f"{BASE}\n{kind.example}\n")]
    else:
        found = [
            _codes(tmp_path, tomli_w.dumps(_together(tomllib.loads(BASE), example))),
            _codes(tmp_path, kind.example),
        ]
    assert {kind.code} in found


@pytest.mark.parametrize("kind", [each for each in _explained() if _is_command(each)], ids=lambda each: each.code)
def test_an_example_of_commands_has_just_this_mistake(kind: Kind, tmp_path: Path) -> None:
    (tmp_path / "rotations.toml").write_text(BASE, encoding="utf-8")
    programs = {"setrota": f"{sys.executable} -m setrota", "python3": sys.executable}
    commands = re.sub(r"\b(setrota|python3)(?= )", lambda found: programs[found[1]], kind.example)
    done = subprocess.run(["sh", "-c", commands], cwd=tmp_path, env=os.environ, capture_output=True, text=True)
    assert set(re.findall(r"^(?:error|warning): .*\[([a-z0-9-]+)\]$", done.stderr, re.MULTILINE)) == {kind.code}
