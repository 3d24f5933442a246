"""What is explained of rules, findings and plans: each example gives its code, and of the other rules none."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from command_line import Desk

from setrota.reports.codes import kinds
from setrota.rules import RULES

BASE = """
[rota]
name = "Example"
timezone = "UTC"
handover = "Monday 09:00"

[rotations.engineer]
every = "1 week"
pool = "engineers"
seats = ["primary", "backup"]

[teams.red]
engineers = ["ana", "bo", "cy"]

[teams.blue]
engineers = ["dee", "eli", "fay"]
"""
NAMES = [rule.name for rule in RULES]
EXPLAINED = tomllib.loads(files("setrota.reports.codes").joinpath("rules.toml").read_text(encoding="utf-8"))


def test_every_rule_is_explained() -> None:
    assert list(EXPLAINED)[: len(RULES)] == NAMES


@pytest.mark.parametrize("code", EXPLAINED)
def test_an_example_gives_its_code(tmp_path: Path, code: str) -> None:
    roster, schedule, commands = _parts(kinds()[code].example)
    desk = Desk(tmp_path)
    desk.write("rotations.toml", _toml(_merged(tomllib.loads(BASE), tomllib.loads(roster))))
    if schedule:
        number = 2 if "`format = 2`" in schedule else 3
        desk.write("schedule.toml", f'format = {number}\nrota = "Example"\n' + _whole(schedule))
    *before, last = commands
    for command in before:
        desk.run(*command).at(0)
    result = desk.run(*last)
    found = set(re.findall(r"\[([a-z-]+)\]$", result.out + result.talk, re.MULTILINE))
    assert code in found, result.out + result.talk
    assert found & {*NAMES} <= {code}


def _parts(example: str) -> tuple[str, str, list[list[str]]]:
    """The piece of the roster, that of the schedule, and the commands without their first word."""
    commands = re.findall(r"^setrota (.+)$", example, re.MULTILINE) or ["check"]
    roster, _, schedule = re.sub(r"(?m)^setrota .+$", "", example).partition("# schedule.toml\n")
    return roster, schedule, [command.split() for command in commands]


def _whole(schedule: str) -> str:
    """A piece of a schedule in which the seats that it doesn't name are empty."""
    blocks = []
    for block in re.split(r"(?m)^(?=\[engineer)", schedule)[1:]:
        missing = [seat for seat in ("primary", "backup") if f"\n{seat} = " not in block]
        heading, _, rest = block.partition("\n")
        blocks.append(f"{heading}\n" + "".join(f'{seat} = ""\n' for seat in missing) + rest)
    return "\n".join(blocks)


def _merged(base: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    both = base.keys() & more.keys()
    inner = {key: _merged(base[key], more[key]) for key in both if isinstance(base[key], dict)}
    return base | more | inner


def _toml(table: dict[str, Any]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in table.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {_value(each)}" for key, each in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return f'"{value}"' if isinstance(value, str) else str(value)
