"""A TOML file: its text, its data, and how TOML spells keys and texts.

`tomllib` reads the data. Knows no keys of rosters or schedules.
"""

from __future__ import annotations

import os.path
import re
import tomllib
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any, NamedTuple

from setrota.files.saving import reason
from setrota.files.toml import KeyPath
from setrota.problems import Place, Problem, Refused

BARE_KEY = r"[A-Za-z0-9_-]+"
"""Names that TOML accepts without quotes."""

LARGEST_MEGABYTES = 5
MOST_SIGNS = 500_000
"""How often `=`, `,`, `[` and `{` may be in a file: there is at least one for each key and value. As often, a `.`."""

DEEPEST = 50

ENDLESS = 10_000
"""The digits of a number for which `tomllib` takes a hundred bytes each."""

TOO_DEEP = f"nests tables or lists more than {DEEPEST} deep"
TOO_LONG = "has a number with hundreds of digits"


class Document(NamedTuple):
    """A TOML file: its name in messages, its text and its data."""

    file: str
    text: str
    data: dict[str, Any]

    def place(self, path: KeyPath) -> Place:
        """The line of a key path, or of the nearest enclosing key if the path is not in the text."""
        from setrota.files.toml.places import line_of  # only where something is wrong, which is rare

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


def read_content(path: Path, file: str, missing: Problem | None = None) -> bytes:
    """Read a file, which messages call `file`; `missing` is the problem to report if there is no such file.

    Raises
    ------
    Refused
        The file can't be read, or is too large.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise Refused(Problem("is not an ordinary file", Place(file), code="not-a-file"))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_MEGABYTES * 1_000_000 + 1)
    except FileNotFoundError:
        raise Refused(missing or Problem("there is no such file", Place(file), code="no-such-file")) from None
    except OSError as error:
        if os.path.isdir(path):
            raise Refused(Problem("is a folder, not a file", Place(file), code="not-a-file")) from None
        raise Refused(Problem(f"can't be read: {reason(error)}", Place(file), code="unreadable-file")) from None
    if len(content) > LARGEST_MEGABYTES * 1_000_000:
        message = f"is larger than {LARGEST_MEGABYTES} MB, so it is probably the wrong file"
        raise Refused(Problem(message, Place(file), code="file-too-large"))
    return content


def parse_ours(
    content: bytes, file: str, private: Collection[str], looks_like_ours: Callable[[str], bool], foreign: Problem
) -> Document:
    """Read the content of a TOML file that may be another program's, or a secret.

    If it isn't TOML, messages about it may quote it, so they are only for a text that looks like ours.

    Raises
    ------
    Refused
        With `foreign` if it isn't TOML and its text doesn't look like ours; otherwise as `parse_document` does.
    """
    try:
        return parse_document(content, file, private)
    except Refused:
        if not looks_like_ours(content.decode("utf-8-sig", "replace")):
            raise Refused(foreign) from None
        raise


def before_tables(content: bytes) -> dict[str, Any]:
    """The values of a TOML file before its first table, however long the rest is; none if they can't be read alone."""
    try:
        return tomllib.loads(content.partition(b"\n[")[0].decode())
    except ValueError:
        return {}


def parse_document(content: bytes, file: str, private: Collection[str] = ()) -> Document:
    """Read the content of a TOML file. Raises Refused, with the line, if it isn't TOML.

    Messages name no key in the value of a `private` key, since it may be a note that has lost its quotes.
    """
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(file, content.count(b"\n", 0, error.start) + 1)
        raise Refused(Problem("is not UTF-8 text", place, "save it again as UTF-8", code="not-utf-8")) from None
    if max(sum(map(text.count, "=,[{")), text.count(".")) > MOST_SIGNS:
        message = f"has more than {MOST_SIGNS:,} keys and values, so it is probably the wrong file"
        raise Refused(Problem(message, Place(file), code="too-many-values"))
    _check_keys(text, file)
    if len(text) > ENDLESS and re.search(rf"[=\[,]\s*[+-]?[0-9_]{{{ENDLESS}}}", text):
        raise Refused(Problem(TOO_LONG, Place(file), code="number-too-long"))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        from setrota.files.toml.syntax import syntax_problem

        raise Refused(syntax_problem(error, text, file, private)) from None
    except RecursionError:
        raise Refused(Problem(TOO_DEEP, Place(file), code="nested-too-deep")) from None
    except ValueError:
        raise Refused(Problem(TOO_LONG, Place(file), code="number-too-long")) from None
    _check_size(data, file)
    if "\n<<<<<<<" in text or "\n>>>>>>>" in text:
        from setrota.files.toml.syntax import conflict_problem

        # Inside a multi-line string, the lines of a conflict are valid TOML.
        if conflict := conflict_problem(text, file):
            raise Refused(conflict)
    return Document(file, text, data)


def _check_keys(text: str, file: str) -> None:
    """Refuse a key of very many parts, for which `tomllib` takes time that grows with their square."""
    if text.count(".") >= DEEPEST and any(_dots(row) >= DEEPEST for row in text.split("\n")):
        from setrota.files.toml.places import long_key_line  # only where a row has that many dots

        if line := long_key_line(text, DEEPEST):
            raise Refused(Problem(TOO_DEEP, Place(file, line), code="nested-too-deep"))


def _dots(row: str) -> int:
    """The dots of a row that may be between parts of a key; those in a schedule's shares (`= 1.0`) never are."""
    dots = row.count(".")
    return dots - len(re.findall(r"=\s*[0-9]+\.[0-9]+", row)) if dots >= DEEPEST else dots


def _check_size(data: dict[str, Any], file: str) -> None:
    """Refuse data that `tomllib` can read but Python can't traverse or print, so that no other code has to check."""
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        items = [item for outer in level for item in (outer.values() if isinstance(outer, dict) else outer)]
        if any(isinstance(item, int) and item.bit_length() > 1000 for item in items):
            raise Refused(Problem(TOO_LONG, Place(file), code="number-too-long"))
        level = [item for item in items if isinstance(item, dict | list)]
        if not level:
            return
    raise Refused(Problem(TOO_DEEP, Place(file), code="nested-too-deep"))


def dotted(path: KeyPath) -> str:
    """A key path as the file has it, without the numbers of items."""
    return ".".join(key_text(part) for part in path if isinstance(part, str))


def key_text(key: str) -> str:
    """A key as TOML spells it."""
    return key if re.fullmatch(BARE_KEY, key) else quoted(key)


def quoted(text: str) -> str:
    """A text as TOML spells it, on one line."""
    import tomli_w  # only for writing

    text = text.encode(errors="replace").decode()  # a lone surrogate, from a terminal, is not valid UTF-8
    return tomli_w.dumps({"key": text}).removeprefix("key = ").rstrip("\n")
