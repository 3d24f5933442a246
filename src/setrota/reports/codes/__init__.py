"""The kinds of mistakes and findings: what each code means, an example of it and how to fix it.

The texts are in the TOML files of this room, one table for each code. `setrota explain CODE` prints them, and
`docs/codes.md` lists them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from setrota.problems import did_you_mean
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import CodeDocument

RULE_KEYS = {
    "anchor": "grid",
    "away": "team-away",
    "every": "grid",
    "freeze": "frozen",
    "leave-tolerance": "leave",
    "pool": "membership",
    "starts": "grid",
}
"""Keys of the roster for rules that have another name as a code."""


_INTRODUCTION = """\
Every error, warning and note of setrota ends with a code in brackets, such as `[unknown-key]`. A code names one kind of
mistake, and keeps its meaning from version to version. A broken rule has the name of the rule as its code.
`setrota explain CODE` prints the text below for one code; it needs no roster and no network.

This page is made from the files in `src/setrota/reports/codes`.
"""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of mistake or finding, under its code; `example` is part of a file, or a command line."""

    code: str
    meaning: str
    example: str
    fix: str


@cache
def kinds() -> Mapping[str, Kind]:
    """Every kind by its code, file by file in alphabetical order."""
    found: dict[str, Kind] = {}
    for file in sorted(files(__name__).iterdir(), key=lambda each: each.name):
        if file.name.endswith(".toml"):
            for code, texts in tomllib.loads(file.read_text(encoding="utf-8")).items():
                found[code] = Kind(code=code, **{key: text.strip("\n") for key, text in texts.items()})
    return found


def kind_called(word: str) -> Kind | None:
    """The kind that a word names: a code, a rule, or the roster's key for a rule; None if there is none.

    The word may be a message that ends with its code, such as `error: … [rest]`.
    """
    known, code = kinds(), _code_in(word)
    return known.get(code) or known.get(RULE_KEYS.get(code, ""))


def kind_like(word: str) -> str | None:
    """A hint that names the code or key nearest to a word, or None."""
    return did_you_mean(_code_in(word), [*kinds(), *RULE_KEYS])


def _code_in(text: str) -> str:
    in_brackets = re.search(r"\[([a-zA-Z0-9-]+)\]\W*$", text)
    return (in_brackets[1] if in_brackets else text.strip().strip("`")).lower()


def kind_text(kind: Kind) -> str:
    """What a code means, an example and the fix, folded at the terminal's width."""
    example = "\n".join(f"  {line}".rstrip() for line in kind.example.splitlines())
    fix = folded(f"  {' '.join(kind.fix.split())}", "  ")
    paragraphs = [kind.code, folded(kind.meaning, ""), "For example:", example, "How to fix it:", fix]
    return "\n\n".join(paragraphs) + "\n"


def kind_document(kind: Kind) -> CodeDocument:
    """A code with its texts, each in one line."""
    meaning, fix = (" ".join(text.split()) for text in (kind.meaning, kind.fix))
    return {"code": kind.code, "meaning": meaning, "example": kind.example, "fix": fix}


def codes_page(known: Iterable[Kind]) -> str:
    """The page `docs/codes.md`, with every code in alphabetical order."""
    lines = [
        "# Codes",
        "",
        *_INTRODUCTION.splitlines(),
    ]
    for kind in sorted(known, key=lambda each: each.code):
        language = "console" if kind.example.startswith("setrota ") else "text"
        lines += ["", f"## {kind.code}", "", kind.meaning, "", f"```{language}", kind.example, "```", "", kind.fix]
    return "\n".join(lines) + "\n"
