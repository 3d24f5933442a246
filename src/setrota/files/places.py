"""Says at which line of a TOML text a key stands.

A light scanner that only follows keys and brackets. Knows no key of ours, and not whether the text is TOML at all.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

KeyPath = Sequence[str | int]

_TOKEN = (
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)"""
    r"""|(?P<newline>\n)"""
    r"""|(?P<text>\"{3}(?:\\.|[^\\])*?\"{3}(?!\")|'{3}.*?'{3}(?!')|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""|(?P<word>[^\s\[\]{}=,.#"']+)"""
    r"""|(?P<mark>.)"""
)
"""Patterns are compiled when something is wrong, not on import: `setrota now` mostly finds nothing wrong."""


def line_of(text: str, path: KeyPath) -> int:
    """The line, from 1, on which a key (or an item of a list) begins; that of the nearest enclosing key otherwise.

    0 if not even the first key of the path is in the text.
    """
    lines = _lines(text)
    for length in range(len(path), 0, -1):
        if line := lines.get(tuple(path[:length])):
            return line
    return 0


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


_END = _Token("end", "", 0)


@lru_cache(maxsize=64)
def _lines(text: str) -> dict[tuple[str | int, ...], int]:
    scanner = _Scanner(_tokens(text))
    scanner.document()
    return scanner.lines


def _tokens(text: str) -> list[_Token]:
    tokens, line = [], 1
    for match in re.finditer(_TOKEN, text, re.DOTALL):
        kind, found = match.lastgroup or "mark", match.group()
        if kind != "skip":
            tokens.append(_Token(kind, found, line))
        line += found.count("\n")
    return tokens


class _Scanner:
    """Walks over the tokens once and notes the line of every key and list item."""

    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens = tokens
        self.position = 0
        self.lines: dict[tuple[str | int, ...], int] = {}
        self.items: dict[tuple[str | int, ...], int] = {}

    def document(self) -> None:
        table: tuple[str | int, ...] = ()
        while (token := self.peek()) is not _END:
            if token.kind == "newline":
                self.position += 1
            elif token.text == "[":
                table = self.header()
                self.rest_of_line()
            else:
                self.pair(table)
                self.rest_of_line()

    def header(self) -> tuple[str | int, ...]:
        """Read `[a.b]` or `[[a.b]]`; a table in an array is named by the array and its number."""
        token = self.take()
        several = self.peek().text == "["
        self.position += several
        parts = self.key()
        path: tuple[str | int, ...] = ()
        for depth, part in enumerate(parts, start=1):
            path = (*path, part)
            self.lines.setdefault(path, token.line)
            if several and depth == len(parts):
                self.items[path] = self.items.get(path, 0) + 1
            if path in self.items:
                path = (*path, self.items[path] - 1)
                self.lines.setdefault(path, token.line)
        return path

    def pair(self, table: tuple[str | int, ...]) -> None:
        """Read `a.b = value`."""
        line = self.peek().line
        path = table
        for part in self.key():
            path = (*path, part)
            self.lines.setdefault(path, line)
        if self.peek().text == "=":
            self.position += 1
            self.value(path)

    def key(self) -> list[str]:
        parts = []
        while (token := self.peek()).kind in ("word", "text") or token.text == ".":
            if token.text != ".":
                parts.append(_unquoted(token))
            self.position += 1
        return parts

    def value(self, path: tuple[str | int, ...]) -> None:
        token = self.take()
        if token.text == "[":
            self.list_items(path)
        elif token.text == "{":
            self.inline_table(path)
        else:
            while self.peek().kind not in ("newline", "end") and self.peek().text not in (",", "]", "}"):
                self.position += 1

    def list_items(self, path: tuple[str | int, ...]) -> None:
        number = 0
        while (token := self.peek()) is not _END and token.text != "]":
            if token.kind == "newline" or token.text == ",":
                self.position += 1
                continue
            item = (*path, number)
            self.lines.setdefault(item, token.line)
            self.value(item)
            number += 1
        self.position += 1

    def inline_table(self, path: tuple[str | int, ...]) -> None:
        while (token := self.peek()) is not _END and token.text != "}":
            if token.kind in ("word", "text"):
                self.pair(path)
            else:
                self.position += 1
        self.position += 1

    def rest_of_line(self) -> None:
        while self.peek().kind not in ("newline", "end"):
            self.position += 1

    def peek(self) -> _Token:
        return self.tokens[self.position] if self.position < len(self.tokens) else _END

    def take(self) -> _Token:
        token = self.peek()
        self.position += 1
        return token


def _unquoted(token: _Token) -> str:
    if token.kind != "text":
        return token.text
    if "\\" not in token.text or token.text.startswith("'"):
        return token.text[1:-1]
    try:
        return str(tomllib.loads(f"key = {token.text}")["key"])
    except tomllib.TOMLDecodeError:
        return token.text[1:-1]
