"""Finds the lines and positions of keys and values in a TOML text.

A light scanner that only follows keys and brackets. Knows no keys of rosters or schedules, and doesn't check whether
the text is TOML.

Tried: `tomllib`, `tomlkit` 0.15 and `tomlrt` 2.3 don't keep positions. `tree-sitter-toml` 0.7 does, in two compiled
packages, but not the paths of keys, which take up most of this module.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from setrota.files.toml import KeyPath

_PIECES = (
    r"""(?P<skip>[ \t\r]+|\#[^\n]*)"""
    r"""|(?P<newline>\n+)"""
    r"""|(?P<text>\"{3}(?:\\.|[^\\])*?\"{3}(?!\")|'{3}.*?'{3}(?!')|"(?:\\.|[^"\\\n])*"|'[^'\n]*')"""
    r"""|(?P<word>[^\s\[\]{}=,.#"']+)"""
    r"""|(?P<mark>.)"""
)
"""Compiled when first used, not on import: `setrota now` rarely needs it."""


def line_of(text: str, path: KeyPath) -> int:
    """The line, from 1, where a key or an item of a list begins, or else that of the nearest enclosing key.

    0 if not even the first key of the path is in the text.
    """
    return _lines(text).of(tuple(path))


def long_key_line(text: str, most: int) -> int | None:
    """The line, from 1, of the first key with more than `most` parts, or None. The text needn't be TOML."""
    dots, before = 0, _END
    for token in _tokens(text):
        dots = dots + 1 if token.text == "." else dots if before.text == "." and token.kind != "newline" else 0
        if dots >= most:
            return token.line
        before = token
    return None


class Stretch(NamedTuple):
    """A part of a text: [start, end), counted in characters."""

    start: int
    end: int


class Heading(NamedTuple):
    """A heading `[a.b]` or `[[a.b]]`, without the rest of its line; the path of the latter ends with its number."""

    path: tuple[str | int, ...]
    start: int
    end: int


class Pair(NamedTuple):
    """A pair `key = value`, from the key to the end of the value, and the heading it is under, if any."""

    path: tuple[str | int, ...]
    start: int
    end: int
    heading: Heading | None


class Layout(NamedTuple):
    """The positions of everything in a text.

    `values` has the stretch of every value (also in inline tables) and of every item of a list, `commas` the positions
    of the commas of each list, and `pairs` those that are not in brackets.
    """

    values: dict[tuple[str | int, ...], Stretch]
    commas: dict[tuple[str | int, ...], list[int]]
    headings: list[Heading]
    pairs: list[Pair]


@lru_cache(maxsize=64)
def layout(text: str) -> Layout:
    """The positions of keys and values in a text."""
    return _Positions(_tokens(text)).layout()


@lru_cache(maxsize=64)
def _lines(text: str) -> _Lines:
    return _Lines(_tokens(text))


class _Token(NamedTuple):
    kind: str
    text: str
    line: int
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


_END = _Token("end", "", 0, 0)


def _tokens(text: str) -> Iterator[_Token]:
    """The tokens of a text, without white space and comments, blank lines as one; the last one is `_END`."""
    line = 1
    for match in re.finditer(_PIECES, text, re.DOTALL):
        kind = match.lastgroup or "mark"
        if kind == "skip":
            continue
        token = match.group()
        yield _Token(kind, token, line, match.start())
        if kind in ("newline", "text"):
            line += token.count("\n")
    yield _END


class _Scanner:
    """Walks over the tokens once, and says where each key, value and list item is."""

    def __init__(self, tokens: Iterator[_Token]) -> None:
        self.tokens = tokens
        self.next = next(tokens)
        self.passed = 0  # the end of the last token that was read
        self.items: dict[tuple[str | int, ...], int] = {}

    def begins(self, path: tuple[str | int, ...], line: int) -> None:
        """Take note of the line of a key or an item."""

    def is_valued(self, path: tuple[str | int, ...], value: Stretch) -> None:
        """Take note of the value of a key or an item."""

    def has_comma(self, path: tuple[str | int, ...], position: int) -> None:
        """Take note of a comma of a list."""

    def statements(self) -> Iterator[Heading | Pair]:
        """The headings and pairs, each after all that is in it."""
        heading: Heading | None = None
        while (token := self.next) is not _END:
            if token.kind == "newline":
                self.take()
            elif token.text == "[":
                path = self.header()
                yield (heading := Heading(path, token.start, self.passed))
                self.rest_of_line()
            else:
                path = self.pair(heading.path if heading else ())
                yield Pair(path, token.start, self.passed, heading)
                self.rest_of_line()

    def header(self) -> tuple[str | int, ...]:
        """Read `[a.b]` or `[[a.b]]`; the path of a table in an array is that of the array and the table's number."""
        token = self.take()
        several = self.next.text == "["
        if several:
            self.take()
        parts = self.key()
        path: tuple[str | int, ...] = ()
        for depth, part in enumerate(parts, start=1):
            path = (*path, part)
            self.begins(path, token.line)
            if several and depth == len(parts):
                self.items[path] = self.items.get(path, 0) + 1
            if path in self.items:
                path = (*path, self.items[path] - 1)
                self.begins(path, token.line)
        for _ in range(1 + several):
            if self.next.text == "]":
                self.take()
        return path

    def pair(self, table: tuple[str | int, ...]) -> tuple[str | int, ...]:
        """Read `a.b = value` and return its whole path."""
        line = self.next.line
        path = table
        for part in self.key():
            path = (*path, part)
            self.begins(path, line)
        if self.next.text == "=":
            self.take()
            self.value(path)
        return path

    def key(self) -> list[str]:
        parts = []
        while (token := self.next).kind in ("word", "text") or token.text == ".":
            if token.text != ".":
                parts.append(_unquoted(token))
            self.take()
        return parts

    def value(self, path: tuple[str | int, ...]) -> None:
        token = self.take()
        if token.text == "[":
            self.list_items(path)
        elif token.text == "{":
            self.inline_table(path)
        else:
            while self.next.kind not in ("newline", "end") and self.next.text not in (",", "]", "}"):
                self.take()
        self.is_valued(path, Stretch(token.start, self.passed))

    def list_items(self, path: tuple[str | int, ...]) -> None:
        number = 0
        while (token := self.next) is not _END and token.text != "]":
            if token.kind == "newline" or token.text == ",":
                self.take()
                if token.text == ",":
                    self.has_comma(path, token.start)
                continue
            item = (*path, number)
            self.begins(item, token.line)
            self.value(item)
            number += 1
        self.take()

    def inline_table(self, path: tuple[str | int, ...]) -> None:
        while (token := self.next) is not _END and token.text != "}":
            if token.kind in ("word", "text"):
                self.pair(path)
            else:
                self.take()
        self.take()

    def rest_of_line(self) -> None:
        while self.next.kind not in ("newline", "end"):
            self.take()

    def take(self) -> _Token:
        """Read a token; at the end, `_END` again and again."""
        token = self.next
        if token is not _END:
            self.next, self.passed = next(self.tokens), token.end
        return token


class _Positions(_Scanner):
    """Finds where values, commas, headings and pairs are."""

    def layout(self) -> Layout:
        self.found = Layout(values={}, commas={}, headings=[], pairs=[])
        for statement in self.statements():
            if isinstance(statement, Heading):
                self.found.headings.append(statement)
            else:
                self.found.pairs.append(statement)
        return self.found

    def is_valued(self, path: tuple[str | int, ...], value: Stretch) -> None:
        self.found.values.setdefault(path, value)

    def has_comma(self, path: tuple[str | int, ...], position: int) -> None:
        self.found.commas.setdefault(path, []).append(position)


class _Lines(_Scanner):
    """Finds lines, and reads a text only as far as it has to."""

    def __init__(self, tokens: Iterator[_Token]) -> None:
        super().__init__(tokens)
        self.known: dict[tuple[str | int, ...], int] = {}
        self.rest = self.statements()

    def begins(self, path: tuple[str | int, ...], line: int) -> None:
        self.known.setdefault(path, line)

    def of(self, path: tuple[str | int, ...]) -> int:
        """The line of a key path, or of the nearest enclosing key, or 0."""
        while path not in self.known and next(self.rest, None):
            pass
        return next((self.known[path[:length]] for length in range(len(path), 0, -1) if path[:length] in self.known), 0)


def _unquoted(token: _Token) -> str:
    if token.kind != "text":
        return token.text
    if "\\" not in token.text or token.text.startswith("'"):
        return token.text[1:-1]
    try:
        return str(tomllib.loads(f"key = {token.text}")["key"])
    except tomllib.TOMLDecodeError:
        return token.text[1:-1]
