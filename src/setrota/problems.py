"""Problems with what users gave us, as values that can be collected, sorted and shown.

Knows places in files, hints and exit statuses. Knows nothing about rotas and never prints.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

DONE, FOUND, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses: done; done, and problems were found; unusable input; a bug in setrota; interrupted."""

LONGEST_QUOTE = 80

NEGATIONS = frozenset({"never", "no", "non", "not", "without"})
NEGATING_PREFIXES = ("dis", "non", "not", "un")
OPPOSITES = (
    ("add", "remove"),
    ("after", "before"),
    ("allow", "deny"),
    ("allow", "forbid"),
    ("always", "never"),
    ("apart", "together"),
    ("avoid", "prefer"),
    ("begin", "end"),
    ("disable", "enable"),
    ("end", "start"),
    ("exclude", "include"),
    ("export", "import"),
    ("first", "last"),
    ("from", "to"),
    ("least", "most"),
    ("longest", "shortest"),
    ("max", "min"),
    ("maximum", "minimum"),
    ("more", "less"),
    ("off", "on"),
    ("optional", "required"),
    ("with", "without"),
)
"""Pairs of words that mean the opposite: a key with the one is no suggestion for a key with the other."""

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

    `code` names the kind of mistake, such as `unknown-key`; `setrota explain CODE` explains it. `lines` are shown below
    the hint, for copying.
    """

    message: str
    where: Place | None = None
    hint: str | None = None
    severity: Severity = "error"
    lines: tuple[str, ...] = field(default=(), kw_only=True)
    code: str = field(kw_only=True)

    def __str__(self) -> str:
        """Lines for people. Each part is in one line, so that what it quotes can't look like a line of our own."""
        place = f"{self.where}: " if self.where else ""
        message = re.sub(r"`([^`]*)`", _recognisable, self.message)
        hint = [f"  hint: {self.hint}"] if self.hint else []
        lines = [f"{self.severity}: {place}{message} [{self.code}]", *hint, *(f"    {line}" for line in self.lines)]
        return "\n".join(map(printable, lines))

    @property
    def whole_hint(self) -> str | None:
        """The hint with the lines below it."""
        return self.hint and "\n    ".join([self.hint, *self.lines])


def _recognisable(quote: re.Match[str]) -> str:
    """Shorten a very long quote, but keep enough for users to recognise what they wrote."""
    return quote[0] if len(quote[1]) <= LONGEST_QUOTE else f"`{quote[1][:LONGEST_QUOTE]}…`"


def printable(text: str, kept: str = "") -> str:
    """Text with its control characters spelled out, except for `kept`: a terminal would obey them."""
    return "".join(each if each.isprintable() or each in kept else _spelled(each) for each in text)


def _spelled(character: str) -> str:
    return character.encode("unicode_escape").decode()


def command_line(*words: str) -> str:
    """A command to paste into a shell, in one line and without backticks, whatever its words contain."""
    return " ".join(map(_shell_word, words))


def _shell_word(word: str) -> str:
    import shlex  # only where a command is named

    if word.isprintable() and "`" not in word:
        return shlex.quote(word)
    plain = (each if each.isprintable() and each not in "`'\\" else _octal(each) for each in word)
    return f"$'{''.join(plain)}'"


def _octal(character: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in character.encode("utf-8", "surrogateescape"))


class Refused(Exception):
    """The input can't be used. Carries every problem found, not just the first."""

    def __init__(self, problems: Problem | Sequence[Problem], exit_status: int = USAGE) -> None:
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        self.exit_status = exit_status
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the known word nearest to `word`, or None if none is near.

    A word that means the opposite is no suggestion: `never-together` looks like `always-together`.
    """
    from difflib import get_close_matches  # only where there is something wrong

    by_lower = {candidate.lower(): candidate for candidate in known}
    near = get_close_matches(word.lower(), by_lower, n=10, cutoff=0.6)
    meant = next((each for each in near if not _are_opposites(word.lower(), each)), None)
    return f"did you mean `{by_lower[meant]}`?" if meant else None


def _are_opposites(word: str, other: str) -> bool:
    """Whether two similar words, typing mistakes aside, differ in a part that turns the meaning round."""
    parts, others = _parts(word), _parts(other)
    if (parts & NEGATIONS) != (others & NEGATIONS) and _letters(word) != _letters(other):
        return True
    if any((one in parts and two in others) or (two in parts and one in others) for one, two in OPPOSITES):
        return True
    short, long = sorted((_letters(word), _letters(other)), key=len)
    return any(long == f"{prefix}{short}" for prefix in NEGATING_PREFIXES)


def _parts(word: str) -> set[str]:
    """The parts of a word such as `max-per-team`; a misspelt `never` or `least` counts as that."""
    from difflib import get_close_matches

    turning = [each for each in (*NEGATIONS, *chain(*OPPOSITES)) if len(each) > 3]
    return {(get_close_matches(part, turning, n=1, cutoff=0.8) or [part])[0] for part in re.split(r"[\W_]+", word)}


def _letters(word: str) -> str:
    return re.sub(r"[\W_]+", "", word)


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
