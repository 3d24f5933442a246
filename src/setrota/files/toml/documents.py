"""A TOML file, read whole: its text, what the text says, and how TOML spells keys and texts.

`tomllib` decides what a text means. Knows no key of ours.
"""

from __future__ import annotations

import os.path
import re
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

from setrota.files.saving import reason
from setrota.files.toml import KeyPath
from setrota.problems import Place, Problem, Refused

BARE_KEY = r"[A-Za-z0-9_-]+"
"""Names that TOML lets stand without quotes."""

LARGEST_MEGABYTES = 5
DEEPEST = 50

TOO_DEEP = "has brackets in brackets too deep to follow: this is not TOML that anybody means"
TOO_LONG = "has a value that can't be read, hundreds of digits long: this is not TOML that anybody means"


class Document(NamedTuple):
    """A TOML file: its name in messages, its text and what the text says."""

    file: str
    text: str
    data: dict[str, Any]

    def place(self, path: KeyPath) -> Place:
        """The line of a key path; where it isn't in the text, that of what encloses it."""
        from setrota.files.toml.places import line_of  # only where something is wrong: most commands find nothing wrong

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
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise Refused(Problem("is not an ordinary file", Place(file)))
        with path.open("rb") as stream:
            content = stream.read(LARGEST_MEGABYTES * 1_000_000 + 1)
    except FileNotFoundError:
        raise Refused(Problem("there is no such file", Place(file), if_missing)) from None
    except OSError as error:
        message = "is a folder, not a file" if os.path.isdir(path) else f"can't be read: {reason(error)}"
        raise Refused(Problem(message, Place(file))) from None
    if len(content) > LARGEST_MEGABYTES * 1_000_000:
        raise Refused(Problem(f"is larger than {LARGEST_MEGABYTES} MB: surely not the file that is meant", Place(file)))
    return parse_document(content, file)


def parse_document(content: bytes, file: str) -> Document:
    """Read what a TOML file holds; raises Refused, with the line, if it isn't TOML."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = Place(file, content.count(b"\n", 0, error.start) + 1)
        raise Refused(Problem("is not UTF-8 text", place, "save it again with the encoding UTF-8")) from None
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        from setrota.files.toml.syntax import syntax_problem

        raise Refused(syntax_problem(error, text, file)) from None
    except RecursionError:
        raise Refused(Problem(TOO_DEEP, Place(file))) from None
    except ValueError:
        raise Refused(Problem(TOO_LONG, Place(file))) from None
    _check_size(data, file)
    if "\n<<<<<<<" in text or "\n>>>>>>>" in text:
        from setrota.files.toml.syntax import conflict_problem

        # In a text of several lines a conflict is TOML.
        if conflict := conflict_problem(text, file):
            raise Refused(conflict)
    return Document(file, text, data)


def _check_size(data: dict[str, Any], file: str) -> None:
    """Refuse what `tomllib` can read and Python can't follow or print: whoever uses the data need not think of it."""
    level: list[Any] = [data]
    for _ in range(DEEPEST):
        items = [item for outer in level for item in (outer.values() if isinstance(outer, dict) else outer)]
        if any(isinstance(item, int) and item.bit_length() > 1000 for item in items):
            raise Refused(Problem(TOO_LONG, Place(file)))
        level = [item for item in items if isinstance(item, dict | list)]
        if not level:
            return
    raise Refused(Problem(TOO_DEEP, Place(file)))


def dotted(path: KeyPath) -> str:
    """A key path as the file writes it; items of a list are told apart by their line."""
    return ".".join(key_text(part) for part in path if isinstance(part, str))


def key_text(key: str) -> str:
    """A key as TOML spells it."""
    return key if re.fullmatch(BARE_KEY, key) else quoted(key)


def quoted(text: str) -> str:
    """A text as TOML spells it, on one line."""
    import tomli_w  # reading needs none of it

    text = text.encode(errors="replace").decode()  # a lone surrogate, out of a terminal, has no place in UTF-8
    return tomli_w.dumps({"key": text}).removeprefix("key = ").rstrip("\n")
