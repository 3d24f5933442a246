"""Reads a TOML file; says at which line a key stands, and what is wrong with a text that is not TOML.

A light scanner only follows keys and brackets: `tomllib` decides what the text means. Knows no key of ours.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from setrota.problems import Place, Problem, Refused

KeyPath = Sequence[str | int]

LARGEST_MEGABYTES = 5


@dataclass(frozen=True)
class Document:
    """A TOML file: its path, its name in messages, its text and what the text says."""

    path: Path
    file: str
    text: str
    data: dict[str, Any]

    def place(self, path: KeyPath) -> Place:
        return Place(self.file, line_of(self.text, path))

    def holding(self, path: KeyPath) -> Any:
        """The value at a key path, or None."""
        return self._walk(path)[1] if self.depth_of(path) == len(path) else None

    def depth_of(self, path: KeyPath) -> int:
        """How many keys of a path, from its beginning, are in this document."""
        return self._walk(path)[0]

    def _walk(self, path: KeyPath) -> tuple[int, Any]:
        value: Any = self.data
        for depth, part in enumerate(path):
            known = range(len(value)) if isinstance(value, list) else value if isinstance(value, dict) else ()
            if part not in known:
                return depth, value
            value = value[part]
        return len(path), value


def read_document(path: Path, file: str, if_missing: str | None = None) -> Document:
    """Read a TOML file that messages call `file`; raises Refused if it can't be.

    `if_missing` is the hint for somebody who has no such file.
    """
    text = _text(path, file, if_missing)
    try:
        return Document(path, file, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise Refused(syntax_problem(error, text, file)) from None
    except RecursionError:
        raise Refused(Problem("has brackets in brackets too deep to follow", Place(file))) from None
    except ValueError as error:
        raise Refused(Problem(f"has a value that can't be read: {error}", Place(file))) from None


def _text(path: Path, file: str, if_missing: str | None) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(LARGEST_MEGABYTES * 1_000_000 + 1)
    except FileNotFoundError:
        raise Refused(Problem("there is no such file", Place(file), if_missing)) from None
    except (OSError, ValueError) as error:
        reason = "is a folder, not a file" if path.is_dir() else f"can't be read: {_reason(error)}"
        raise Refused(Problem(reason, Place(file))) from None
    if len(content) > LARGEST_MEGABYTES * 1_000_000:
        raise Refused(Problem(f"is larger than {LARGEST_MEGABYTES} MB: surely not the file that is meant", Place(file)))
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(file, content.count(b"\n", 0, error.start) + 1)
        raise Refused(Problem("is not UTF-8 text", place, "save it again with the encoding UTF-8")) from None


def _reason(error: OSError | ValueError) -> str:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return reason[:1].lower() + reason[1:]


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


# A text that is not TOML

_CONFLICT = r"^(<{7}|>{7}) "
_PLACED = r"(?s)(.*?)\s*\(at (?:line (\d+), column \d+|end of document)\)"
_STRING_OR_COMMENT = r""""(?:\\.|[^"\\])*"|'[^']*'|#.*"""
_DATE = r"(?<![\w.:/-])(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?![\w./-])"
_KEY = r"\s*(?:([^=\[\]{}#]+?)\s*=|\[+([^\[\]]+)\])"

_REASONS = {
    "Expected '=' after a key": ("an `=` is missing after the key", "a line reads `key = value`"),
    "Expected ']' at the end of a table": ("a heading isn't closed", "a heading reads `[teams.channels]`"),
    "Invalid initial character for a key part": (
        "a name is missing or needs quotes here",
        "a name with other than a-z, 0-9, `_` and `-` stands in quotes, and what is in `{ }` on one line",
    ),
    "Unclosed inline table": (
        "a comma or a `}` is missing",
        "what is in `{ }` stands on one line, with commas: `{ from = 2026-12-21, to = 2027-01-03 }`",
    ),
    "Unclosed array": ("a comma or a closing `]` is missing", "in a list, commas stand between the items"),
    "Illegal character '\\n'": ("a text isn't closed at the end of its line", "add the closing quote"),
    "Unterminated string": ("a text isn't closed", "add the closing quote"),
    "Expected newline": ("something stands after the value", "a line is one `key = value`; text stands in quotes"),
    "Invalid value": ("the value is missing or isn't TOML", 'write text as `"text"`, dates as `2026-12-21`'),
}


def syntax_problem(error: tomllib.TOMLDecodeError, text: str, file: str) -> Problem:
    """Say why a text is not TOML, and in which line."""
    if conflict := re.search(_CONFLICT, text, re.MULTILINE):
        hint = "keep what you want of both sides, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`"
        where = Place(file, text.count("\n", 0, conflict.start()) + 1)
        return Problem("a merge conflict is not resolved yet", where, hint)
    match = re.fullmatch(_PLACED, str(error))
    reason = match[1] if match else str(error)
    rows = text.rstrip().split("\n")
    line = min(int(match[2]) if match and match[2] else len(rows), len(rows))
    where = Place(file, line)
    return _bad_date(rows[line - 1], where) or _set_twice(reason, rows, where) or _plain(reason, where)


def _plain(reason: str, where: Place) -> Problem:
    for start, (message, hint) in _REASONS.items():
        if reason.startswith(start):
            return Problem(f"this is not TOML: {message}", where, hint)
    return Problem(f"this is not TOML: {reason[:1].lower()}{reason[1:]}", where)


def _set_twice(reason: str, rows: list[str], where: Place) -> Problem | None:
    if not reason.startswith(("Cannot declare", "Cannot overwrite")):
        return None
    keys = (match for row in reversed(rows[: where.line]) if (match := re.match(_KEY, row)))
    match = next(keys, None)
    if match is None:
        return None
    if match[1]:
        return Problem(f"`{match[1]}` is set here for the second time", where, "keep one of the two")
    return Problem(f"`[{match[2]}]` stands here for the second time", where, "put all its keys under the first one")


def _bad_date(row: str, where: Place) -> Problem | None:
    """The problem with the first thing in a row that looks like a date and is none."""
    for match in re.finditer(_DATE, re.sub(_STRING_OR_COMMENT, '""', row)):
        if not _is_date(match.group()):
            return Problem(f"`{match.group()}` is not a date: {_fault(match)}", where, _date_hint(match))
    return None


def _fault(match: re.Match[str]) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", match.group()):
        return "there is no such day"
    return "dates are written year-month-day, in full"


def _date_hint(match: re.Match[str]) -> str:
    if meant := _meant(match):
        return f"did you mean `{meant}`?"
    year, month = match[1], match[3]
    if len(year) == 4 and 1 <= int(month) <= 12 and int(year):
        import calendar

        return f"the last day of that month is `{year}-{month:0>2}-{calendar.monthrange(int(year), int(month))[1]}`"
    return "an example: `2026-12-21`"


def date_meant(text: str) -> str | None:
    """The ISO date that a text like `21.12.2026` or `26-12-21` stands for; None if that is not plain."""
    match = re.fullmatch(_DATE, text.strip())
    return _meant(match) if match else None


def _meant(match: re.Match[str]) -> str | None:
    """The date that three numbers mean; with the year last, only if no other reading is possible."""
    first, second, third = match[1], match[3], match[4]
    if len(third) == 4:
        readings = {f"{third}-{second:0>2}-{first:0>2}", f"{third}-{first:0>2}-{second:0>2}"}
        possible = list(filter(_is_date, readings))
        return possible[0] if len(possible) == 1 else None
    year = first if len(first) == 4 else f"20{first:0>2}"
    return next(filter(_is_date, (f"{year}-{second:0>2}-{third:0>2}", f"{year}-{third:0>2}-{second:0>2}")), None)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
