"""Every command that a message or a hint of the program names, found in its source.

A template is a command as its module words it, with `{}` where the program puts a value in. Commands are in backticks,
or a string of their own that the report puts into backticks.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import setrota

SOURCE = Path(setrota.__file__).parent

_NAMED = re.compile(r"`(setrota [^`]*|\{\} --[^`]*)`|\A(setrota [^`\n]*[^`\s])\Z")


class Template(NamedTuple):
    """A command in a module's words: `reports/now: setrota plan --from {}`."""

    module: str
    command: str

    def __str__(self) -> str:
        return f"{self.module}: {self.command}"

    def fits(self, typed: str) -> bool:
        """Whether a command that was shown could be this one."""
        pattern = ".*?".join(map(re.escape, " ".join(self.command.split()).split("{}")))
        return re.fullmatch(pattern, typed) is not None


@cache
def templates() -> dict[str, Template]:
    """All templates, by what they are called in tests."""
    found = [each for path in sorted(SOURCE.rglob("*.py")) for each in _of_module(path)]
    return {f"{each}": each for each in found}


def _of_module(path: Path) -> Iterator[Template]:
    module = path.relative_to(SOURCE).with_suffix("").as_posix()
    text = path.read_text(encoding="utf-8")
    if "setrota " not in text and "} --" not in text:
        return
    tree = ast.parse(text)
    apart = {*_prose(tree)}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            apart.update(each for part in node.values for each in ast.walk(part))
        if node not in apart and (words := _text(node)) is not None:
            yield from (Template(module, each[1] or each[2]) for each in _NAMED.finditer(words))


def _prose(tree: ast.Module) -> Iterator[ast.AST]:
    """Docstrings of the source, and of commands, whose help the tests of help run."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(each) or "{}" for each in node.values)
    if isinstance(node, ast.FormattedValue):
        return _words(node.value)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _words(node: ast.expr) -> str:
    """A value in a text: `{}`, or the words of a call of `command_line`."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "command_line":
        return " ".join(_text(each) or "{}" for each in node.args)
    return "{}"
