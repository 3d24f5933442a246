"""Problems with what users gave us, as values that can be collected, sorted and shown.

Knows places in files, hints and exit statuses. Knows nothing about rotas and never prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, takewhile
from operator import eq
from typing import Literal

DONE, FOUND, USAGE, BUG, INTERRUPTED = 0, 1, 2, 3, 130
"""Exit statuses: done; done, and problems were found; unusable input; a bug in setrota; interrupted."""

LONGEST_QUOTE = 80

MOST_PROBLEMS = 100
"""More than this would scroll away, and nobody corrects more at once."""

MOST_LISTED = 100
"""Nobody looks for a word in a longer list."""

NEGATIONS = ("dis", "never", "non", "not", "no", "un", "without")
"""Words and prefixes that turn round the meaning of what follows; `non` and `not` before the shorter `no`."""

OPPOSITES = tuple(
    tuple(side.split() for side in pair.split("|"))
    for pair in (
        "add | remove",
        "after | before",
        "allow | deny forbid",
        "always | never",
        "apart | together",
        "avoid | prefer",
        "begin start | end",
        "disable | enable",
        "exclude | include",
        "export | import",
        "first | last",
        "from | to",
        "least min minimum | most max maximum",
        "longest | shortest",
        "more | less",
        "off | on",
        "optional | required",
        "with | without",
    )
)
"""Words and their opposites: a key with the one is no suggestion for a key with the other."""

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
    if text.translate(dict.fromkeys(map(ord, kept), " ")).isprintable():
        return text
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


def bounded(problems: Sequence[Problem]) -> Sequence[Problem]:
    """The first problems, and one that says how many are left out; all of them if that would be one."""
    more = len(problems) - MOST_PROBLEMS
    return problems if more <= 1 else [*problems[:MOST_PROBLEMS], left_out(f"{more:,} more problems are not shown")]


def left_out(message: str) -> Problem:
    """The last entry of a list of problems that is longer than what is shown."""
    return Problem(message, hint="correct these first", severity="note", code="more-problems")


class Refused(Exception):
    """The input can't be used. Carries every problem found, not just the first, but never thousands."""

    def __init__(self, problems: Problem | Sequence[Problem], exit_status: int = USAGE) -> None:
        found = [problems] if isinstance(problems, Problem) else list(problems)
        self.problems: tuple[Problem, ...] = tuple(bounded(found))
        self.exit_status = exit_status
        super().__init__("\n".join(map(str, self.problems)))


class ProblemList:
    """Problems that a reader of a file collects, so that they are reported together, sorted by `place`.

    The reader ends with the error after the hundredth: nobody corrects more at once, and each costs time to explain.
    """

    def __init__(self, place: Callable[[Problem], tuple[object, ...]]) -> None:
        self._place = place
        self._found: list[Problem] = []
        self._errors = 0

    def add(self, problem: Problem) -> None:
        """Collect a problem. Raises Refused, with the errors so far, if there are too many."""
        if problem.severity == "error" and self._errors == MOST_PROBLEMS:
            errors = [each for each in self.in_order() if each.severity == "error"]
            raise Refused([*errors, left_out(f"there are more than {MOST_PROBLEMS} errors; the others are not shown")])
        self._found.append(problem)
        self._errors += problem.severity == "error"

    def in_order(self) -> list[Problem]:
        """The problems by their places, each once."""
        return list(dict.fromkeys(sorted(self._found, key=self._place)))

    def refuse_errors(self) -> None:
        """Raise Refused, with warnings as well, if there are errors."""
        if self._errors:
            raise Refused(self.in_order())

    def __len__(self) -> int:
        return len(self._found)


def did_you_mean(word: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the known word nearest to `word`, or None if none is near."""
    meant = nearest(word, known)
    return f"did you mean `{meant}`?" if meant else None


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known word nearest to `word`, or None if none has this likeness, from 0 to 1.

    A word with one typing mistake is near. Otherwise, a word that means the opposite is not: `never-together` looks
    like `always-together`.
    """
    from difflib import get_close_matches  # only where there is something wrong

    by_lower = {candidate.lower(): candidate for candidate in known}
    near = get_close_matches(word.lower(), by_lower, n=10, cutoff=likeness)
    typed = _letters(word.lower())
    meant = next((each for each in near if _is_one_slip(typed, _letters(each))), None)
    meant = meant or next((each for each in near if not _means_the_opposite(typed, each)), None)
    return by_lower[meant] if meant else None


def _is_one_slip(word: str, other: str) -> bool:
    """Whether at most one letter is wrong, missing or too many, or two neighbours have changed places."""
    same = len(list(takewhile(bool, map(eq, word, other))))
    one, two = word[same:], other[same:]
    swapped = f"{one[1:2]}{one[:1]}{one[2:]}"
    return two in (swapped, one[1:]) or one == two[1:] or one[1:] == two[1:]


def _means_the_opposite(typed: str, known: str) -> bool:
    """Whether letters that someone typed are more like an opposite of a known word than like the word itself."""
    from difflib import SequenceMatcher

    def likeness(word: str) -> float:
        return SequenceMatcher(None, typed, word).ratio()

    itself = max(map(likeness, _with_other_parts(known, _same_meaning)))
    return any(likeness(opposite) > itself for opposite in _with_other_parts(known, _opposite_meaning))


def _with_other_parts(word: str, others: Callable[[str], Iterable[str]]) -> Iterator[str]:
    """The letters of a word such as `max-per-team`, each time with something else for one of its parts."""
    parts = re.split(r"[\W_]+", word)
    for number, part in enumerate(parts):
        before, after = "".join(parts[:number]), "".join(parts[number + 1 :])
        for other in others(part):
            yield f"{before}{other}{after}"


def _same_meaning(part: str) -> list[str]:
    return [part, *chain(*(side for pair in OPPOSITES for side in pair if part in side))]


def _opposite_meaning(part: str) -> list[str]:
    """The opposites of a part, and the part negated or, if it is negated already, no longer so."""
    exchanged = chain(*(two for pair in OPPOSITES for one, two in (pair, pair[::-1]) if part in one))
    negation = next((each for each in NEGATIONS if part.startswith(each)), None)
    negated = [part.removeprefix(negation)] if negation else [f"{each}{part}" for each in NEGATIONS]
    return [*exchanged, *negated]


def _letters(word: str) -> str:
    return re.sub(r"[\W_]+", "", word)


def listed(words: Iterable[str], conjunction: str = "and") -> str:
    """Join words as in a sentence: `a`, `a and b`, `a, b and c`."""
    *head, last = list(words) or [""]
    return f"{', '.join(head)} {conjunction} {last}" if head else last


def listed_quotes(words: Iterable[str], conjunction: str = "and") -> str:
    """Join literals as in a sentence, each in backticks: `a`, `b` and `c`; of very many, the first ones."""
    quotes = [f"`{word}`" for word in words]
    others = len(quotes) - MOST_LISTED
    return listed([*quotes[:MOST_LISTED], f"{others:,} others"] if others > 1 else quotes, conjunction)


def counted(number: float, noun: str, plural: str | None = None) -> str:
    """`1 seat`, `2 seats`, `1.5 weeks`; `2 people` if `plural` is given."""
    return f"{number:g} {noun if number == 1 else plural or f'{noun}s'}"
