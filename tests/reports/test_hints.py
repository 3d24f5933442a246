"""Hints: what readers can type is in backticks, wherever it stands."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from setrota.cli.schema import WITHOUT_JSON
from setrota.reports.schemas import DOCUMENTS

pytestmark = pytest.mark.no_cover  # these read the source, and run nothing of it

SOURCE = Path(__file__).parents[2] / "src"
COMMANDS = {each.partition(" ")[0] for each in DOCUMENTS} | {*WITHOUT_JSON, "ELSEWHERE"}
COMMAND = re.compile(rf"(?<!\w)(?:setrota (?:{'|'.join(sorted(COMMANDS))})\b|\{{\}} --[a-z])")
"""The beginning of a command: the program with a command's name, or an option after a command that is put in."""

GIVES_A_COMMAND = (
    "by_hand",
    "command",
    "command_for",
    "cover",
    "fill",
    "fill_command",
    "keep_pin",
    "plan_command",
    "unpin",
)
"""Functions whose result is a command without backticks."""


def _texts(node: ast.expr, names: dict[str, list[ast.expr]]) -> Iterator[str]:
    """The texts that a hint may be, with `{}` for each value put in; a function's command is `setrota ELSEWHERE`."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
    elif isinstance(node, ast.Name):
        for value in names.get(node.id, []):
            yield from _texts(value, {})
    elif isinstance(node, ast.IfExp | ast.BoolOp):
        for value in node.values if isinstance(node, ast.BoolOp) else (node.body, node.orelse):
            yield from _texts(value, names)
    elif re.search(rf"(?:^|\.)({'|'.join(GIVES_A_COMMAND)})(?:\(|$)", ast.unparse(node)):
        yield "setrota ELSEWHERE"


def _assigned(tree: ast.AST) -> dict[str, list[ast.expr]]:
    """The values that each name may have."""
    names: dict[str, list[ast.expr]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            pairs = [(target, node.value)]
            if isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple):
                pairs = list(zip(target.elts, node.value.elts, strict=True))
            for name, value in pairs:
                names.setdefault(ast.unparse(name), []).append(value)
    return names


def _hints(code: str) -> Iterator[str]:
    """Every hint in a module's code."""
    tree = ast.parse(code)
    for function in (tree, *(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))):
        names = _assigned(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Call) and any(keyword.arg == "code" for keyword in node.keywords):
                given = [keyword.value for keyword in node.keywords if keyword.arg == "hint"]
                for hint in given or node.args[1:]:
                    yield from _texts(hint, names)


def _bare(hint: str) -> bool:
    """Whether a hint has a command outside backticks that isn't on an indented line of its own."""
    return COMMAND.search(re.sub(r"`[^`]*`|^    .*", "", hint, flags=re.MULTILINE)) is not None


def test_commands_in_hints_are_in_backticks() -> None:
    found = {
        (path.name, hint) for path in sorted(SOURCE.rglob("*.py")) for hint in _hints(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 300
    assert {each for each in found if _bare(each[1])} == set()


def test_commands_after_a_printed_hint_are_in_backticks() -> None:
    printed = [
        each for path in SOURCE.rglob("*.py") for each in re.findall(r"hint: .*command\b", path.read_text("utf-8"))
    ]
    printed = [each for each in printed if each.startswith(("hint: {", "hint: `"))]
    assert printed != []
    assert [each for each in printed if not each.startswith("hint: `")] == []


@pytest.mark.parametrize(
    ("given", "bare"),
    [
        ('"setrota plan"', True),
        ('"`setrota plan`"', False),
        ('"`setrota plan` or setrota check"', True),
        ('f"{typed} --with PERSON"', True),
        ('f"`{typed} --with PERSON` takes it"', False),
        ("fixes.cover(duty)", True),
        ('f"`{fixes.cover(duty)}`"', False),
        ('f"one of{lines}"', False),
        ('"one of\\n    setrota plan"', False),
        ("each.command", True),
        ('"a" if day else "setrota plan"', True),
    ],
)
def test_a_bare_command_is_seen(given: str, bare: bool) -> None:
    code = f"def f():\n    hint = {given}\n    return Problem('message', hint=hint, code='x')"
    assert [each for each in _hints(code) if _bare(each)] != [] if bare else not any(map(_bare, _hints(code)))
