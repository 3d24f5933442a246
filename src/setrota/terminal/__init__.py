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

from setrota.problems import USAGE, Problem, bounded, printable

_BOUND = "\x00"
"""Stands for a space at which lines are not folded."""

_COLOURS = {"error": "31", "warning": "33", "note": "36"}


_filters: list[Callable[[str], str]] = []

_records: list[list[Problem]] = []

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
    return "\n".join(folded(line, "    " if line.startswith(" ") else "  ") for line in text.split("\n"))


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


def only_ascii() -> bool:
    """Whether lines and bars on stdout have to be drawn in ASCII: its encoding has no others, or it is a terminal in
    the C locale, where Python writes UTF-8 that the terminal may not understand."""
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
    """A long line folded to the terminal's width, with further lines indented; control characters are spelled out."""
    width = shutil.get_terminal_size((100, 24)).columns
    # Text in backticks is not folded, so that commands can be copied whole.
    bound = re.sub(r"`[^`]*`", lambda quote: quote[0].replace(" ", _BOUND), printable(text, whitespace))
    lines = textwrap.fill(
        bound, max(width, 40), subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return lines.replace(_BOUND, " ")


def folded_command(command: str, indent: str) -> str:
    """A command for copying: on a terminal too narrow for it in several lines, each but the last with a backslash."""
    is_known = "COLUMNS" in os.environ or (sys.stdout is not None and sys.stdout.isatty())
    width = shutil.get_terminal_size().columns - len(" \\") if is_known else len(indent + command)
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
