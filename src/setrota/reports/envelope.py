"""The envelope in which every command answers with `--format json`, and how JSON is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from setrota import __version__
from setrota.problems import Problem

if TYPE_CHECKING:
    from setrota.reports.documents import EnvelopeDocument, ProblemEntry

FORMAT = 1
"""Changes when a program that reads today's answers would break; new keys don't change it."""

FIXED = frozenset({"code", "method", "outcome", "severity", "status"})
"""Keys whose values are names of ours, never anybody's text."""


def envelope(
    command: str | None, exit_status: int, data: Mapping[str, object] | None, problems: Sequence[Problem]
) -> EnvelopeDocument:
    """A command's answer with its exit status and everything it reported; `data` is None where it gave no answer."""
    return {
        "setrota": {"format": FORMAT, "version": __version__},
        "command": command,
        "exit": exit_status,
        "data": data,
        "problems": [problem_entry(each) for each in problems],
    }


def problem_entry(problem: Problem) -> ProblemEntry:
    """A problem with its place; the line is None where it is about a file as a whole."""
    where = problem.where
    return {
        "code": problem.code,
        "severity": problem.severity,
        "file": where.file if where else None,
        "line": where.line or None if where else None,
        "message": problem.message,
        "hint": problem.whole_hint,
    }


def json_text(document: object) -> str:
    """A JSON document as setrota writes it, without a line end."""
    import json  # only where it was asked for

    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    # A name that isn't UTF-8 has surrogates, which no JSON may have.
    return re.sub("[\ud800-\udfff]", lambda found: f"\\\\u{ord(found[0]):x}", text)
