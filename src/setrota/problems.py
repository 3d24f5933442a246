"""Problems with what users gave us, as values that can be collected, sorted and shown.

Knows places in files, hints and exit statuses. Knows nothing about rotas and never prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

DONE, FOUND, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses: done; done, and problems were found; unusable input; a bug in setrota; interrupted."""

LONGEST_QUOTE = 80

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file; `line` counts from 1, and 0 means the file as a whole."""

    file: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True)
class Problem:
    """One thing the user should know: a lower-case sentence, with the single most helpful hint.

    `code` names the kind of mistake, such as `unknown-key`; `setrota explain CODE` explains it.
    """

    message: str
    where: Place | None = None
    hint: str | None = None
    severity: Severity = "error"
    code: str = field(default="", kw_only=True)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        code = f" [{self.code}]" if self.code else ""
        hint = f"\n  hint: {self.hint}" if self.hint else ""
        message = re.sub(r"`([^`]*)`", _recognisable, self.message)
        return f"{self.severity}: {place}{message}{code}{hint}"


def _recognisable(quote: re.Match[str]) -> str:
    """Shorten a very long quote, but keep enough for users to recognise what they wrote."""
    return quote[0] if len(quote[1]) <= LONGEST_QUOTE else f"`{quote[1][:LONGEST_QUOTE]}…`"


class Refused(Exception):
    """The input can't be used. Carries every problem found, not just the first."""

    def __init__(self, problems: Problem | Sequence[Problem], exit_status: int = USAGE) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.exit_status = exit_status
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the known word most like `word`, or None if none is similar."""
    from difflib import get_close_matches  # imported late: most commands find no mistake

    by_lower = {candidate.lower(): candidate for candidate in known}
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=0.6)
    return f"did you mean `{by_lower[near[0]]}`?" if near else None


def listed(words: Iterable[str], conjunction: str = "and") -> str:
    """Join words as in a sentence: `a`, `a and b`, `a, b and c`."""
    *head, last = list(words) or [""]
    return f"{', '.join(head)} {conjunction} {last}" if head else last


def listed_quotes(words: Iterable[str], conjunction: str = "and") -> str:
    """Join literals as in a sentence, each in backticks: `a`, `b` and `c`."""
    return listed((f"`{word}`" for word in words), conjunction)


def counted(number: float, noun: str, plural: str | None = None) -> str:
    """`1 seat`, `2 seats`, `1.5 weeks`; `2 people` if `plural` is given."""
    return f"{number:g} {noun if number == 1 else plural or f'{noun}s'}"
