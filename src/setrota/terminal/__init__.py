"""Writes to the terminal: what was asked for goes to stdout, everything else to stderr.

Lines are folded, harmless to a terminal and free of secrets; problems are in colour. Knows how lines look, not what
they mean. `progress` shows the stages of solving.
"""

from __future__ import annotations

import codecs
import os
import re
import shutil
import sys
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from string import whitespace
from typing import Any
from unicodedata import east_asian_width

from setrota.problems import USAGE, Problem, bounded, printable

UNKNOWN_WIDTH = 100
"""Where paragraphs are folded if nothing says how wide the terminal is."""

_BOUND = "\x00"
"""Stands for a space at which lines are not folded."""

_SECOND_HALF = "\x01"
"""Stands for the second column of a character that is two columns wide."""

_COLOURS = {"error": "31", "warning": "33", "note": "36"}


_filters: list[Callable[[str], str]] = []

_records: list[list[Problem]] = []

_into_file = False
"""Whether the answer goes into a file, however wide and colourful the terminal is."""

_complete: Callable[[str], str] = str
"""Completes the commands in hints."""


def filter_output(hide: Callable[[str], str]) -> None:
    """Pass everything written from now on through `hide`, which replaces secrets."""
    if hide not in _filters:
        _filters.append(hide)


def _filtered(text: str) -> str:
    for each in _filters:
        text = each(text)
    return text


def say(text: str) -> None:
    """Write a line to stderr, after flushing stdout; its line breaks are spelled out."""
    _say(printable(text))


def ask(question: str) -> None:
    """Write a question to stderr, and leave the cursor behind it."""
    flush()
    if sys.stderr is not None:
        print(_printable(_filtered(printable(question)), sys.stderr), end="", file=sys.stderr, flush=True)


def _say(lines: str) -> None:
    flush()
    if sys.stderr is not None:
        print(_printable(_fitted(_filtered(lines), sys.stderr), sys.stderr), file=sys.stderr)


def complete_commands(complete: Callable[[str], str]) -> None:
    """Pass hints from now on through a function that completes the commands in them."""
    global _complete
    _complete = complete


def completed_problem(problem: Problem) -> Problem:
    """A problem with complete commands in its hint. Its message stays: it may quote what only looks like a command."""
    hint = problem.hint and _complete(problem.hint)
    return replace(problem, hint=hint, lines=tuple(map(_complete, problem.lines)))


@contextmanager
def recorded_problems() -> Iterator[list[Problem]]:
    """Collect the problems reported inside the `with` block."""
    found: list[Problem] = []
    _records.append(found)
    try:
        yield found
    finally:
        _records.pop()


def report_problems(problems: Iterable[Problem]) -> None:
    """Write problems to stderr."""
    found = [completed_problem(each) for each in bounded(list(problems))]
    for record in _records:
        record += found
    for problem in found:
        _say(str(problem))


def show_problem(text: str) -> None:
    """Write a problem to stdout, as part of the answer."""
    _print(_fitted(_filtered(text), sys.stdout))


def _fitted(text: str, stream: Any) -> str:
    """Text folded between words for a terminal, which would break words in two."""
    if stream is None or not stream.isatty():
        return text
    lines = text.split("\n")
    return "\n".join(_folded(line, "    " if line.startswith(" ") else "  ", _terminal_width()) for line in lines)


def show(text: str) -> None:
    """Write lines to stdout. Raises OSError if it is closed."""
    _print(_filtered(text))


def _print(text: str) -> None:
    if sys.stdout is None:
        raise OSError("standard output is closed")
    print(_printable(text, sys.stdout))


def paragraph(text: str) -> None:
    """Write a paragraph to stdout, folded to the terminal's width."""
    show(folded(text, ""))


@contextmanager
def into_file() -> Iterator[None]:
    """Let the answer be drawn for a file inside the `with` block: without colour, and as wide as without a terminal."""
    global _into_file
    _into_file = True
    try:
        yield
    finally:
        _into_file = False


def goes_into_file() -> bool:
    """Whether the answer is drawn for a file."""
    return _into_file


def _known_width() -> int | None:
    """How many columns the terminal has that the answer goes to; None without one, unless `COLUMNS` says it."""
    on_terminal = not _into_file and sys.stdout is not None and sys.stdout.isatty()
    return shutil.get_terminal_size().columns if on_terminal or "COLUMNS" in os.environ else None


def only_ascii() -> bool:
    """Whether lines and bars of the answer have to be drawn in ASCII: stdout's encoding has no others, or it is a
    terminal in the C locale, where Python writes UTF-8 that the terminal may not understand."""
    if _into_file:
        return False
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    if not codecs.lookup(encoding).name.startswith("utf"):
        return True
    return sys.stdout is not None and sys.stdout.isatty() and _is_c_locale(os.environ)


def _is_c_locale(environment: Mapping[str, str]) -> bool:
    """Whether the environment asks for the C locale. Python itself sets `LC_CTYPE` where `LANG` does so."""
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    chosen = next(filter(None, names), "")
    coerced = not names[0] and names[1] == "C.UTF-8" and names[2]
    return (coerced or chosen) in {"C", "POSIX"}


def write(text: str) -> None:
    """Write text for programs or files to stdout unchanged, in UTF-8 whatever the locale. Raises OSError if closed."""
    write_answer(_filtered(text))


def write_answer(text: str) -> None:
    """The same for text that is free of secrets already."""
    if sys.stdout is None:
        raise OSError("standard output is closed")
    flush()
    # A name that isn't UTF-8 has surrogates.
    sys.stdout.buffer.write(text.encode(errors="backslashreplace"))
    flush()


def hidden(document: Any, kept: Collection[str] = ()) -> Any:
    """A JSON document without secrets in its texts; keys, numbers and the values of the keys `kept` stay."""
    if isinstance(document, dict):
        return {key: each if key in kept else hidden(each, kept) for key, each in document.items()}
    if isinstance(document, list):
        return [hidden(each, kept) for each in document]
    return _filtered(document) if isinstance(document, str) else document


def flush() -> None:
    if sys.stdout is not None:
        sys.stdout.flush()


def os_problem(error: OSError) -> Problem:
    """An error of the operating system, as a problem."""
    message = f"{error.strerror or error}" + (f": {error.filename}" if error.filename else "")
    return Problem(message, code="operating-system")


def report_os_error(error: OSError) -> int:
    """Write an error of the operating system to stderr, and return the exit status for it."""
    with suppress(OSError):
        report_problems([os_problem(error)])
    # The rest of the buffer can't be written either and would cause the same error again at exit.
    sys.stdout = open(os.devnull, "w")  # noqa: SIM115
    return USAGE


def folded(text: str, indent: str) -> str:
    """A long line of the answer folded to the terminal's width, with further lines indented; control characters are
    spelled out."""
    width = _known_width() or UNKNOWN_WIDTH if _into_file else _terminal_width()
    return _folded(text, indent, width)


def _terminal_width() -> int:
    return shutil.get_terminal_size((UNKNOWN_WIDTH, 24)).columns


def _folded(text: str, indent: str, width: int) -> str:
    # Text in backticks is not folded, so that commands can be copied whole.
    bound = re.sub(r"`[^`]*`", lambda quote: quote[0].replace(" ", _BOUND), printable(text, whitespace))
    bound = "".join(each + _SECOND_HALF if east_asian_width(each) in "WF" else each for each in bound)
    lines = textwrap.fill(
        bound, max(width, 40), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return lines.replace(_BOUND, " ").replace(_SECOND_HALF, "")


def folded_command(command: str, indent: str) -> str:
    """A command for copying: on a terminal too narrow for it in several lines, each but the last with a backslash."""
    width = (_known_width() or len(f"{indent}{command} \\")) - len(" \\")
    lines = [indent]
    for word in re.findall(r"(?:'[^']*'|\"[^\"]*\"|[^\s'\"])+", command):
        if lines[-1].strip() and len(f"{lines[-1]} {word}") > max(width, 40):
            lines.append(indent * 2)
        lines[-1] += f" {word}" if lines[-1].strip() else word
    return " \\\n".join(lines)


def _printable(text: str, stream: Any) -> str:
    """Text ready for a stream: no control characters, in its encoding, a problem's first word in colour."""
    clean = printable(text, "\n")
    encoding = getattr(stream, "encoding", None) or "utf-8"
    clean = clean.encode(encoding, "replace").decode(encoding)
    first = clean.split(":", 1)[0]
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if first in _COLOURS and stream.isatty() and not plain:
        return f"\033[{_COLOURS[first]}m{first}\033[0m{clean.removeprefix(first)}"
    return clean
