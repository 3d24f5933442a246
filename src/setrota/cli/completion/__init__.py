"""Completes command lines in a shell: `setrota __complete SHELL WORD...` prints what the last word may become.

Its modules: `grammar` (what stands where on a command line, from `words.tsv`), `listing` (makes that file),
`surroundings` (the roster and the schedule), `values` and `days` (what words may become), `command`
(`setrota completion`, which prints a script for a shell).

Tried: Typer's own completion imports each command, which takes twice as long before a roster is read; and its script
for zsh evaluates what it gets, so that a name in a stranger's roster could be a command.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress


def answer(arguments: Sequence[str]) -> None:
    """Print a line for each completion, with its description after a tab; nothing if anything is wrong."""
    found: list[str] = []
    with suppress(Exception):
        found = _lines(*arguments)
    with suppress(OSError):
        sys.stdout.buffer.write("".join(f"{line}\n" for line in found).encode(errors="ignore"))
        sys.stdout.flush()


def _lines(shell: str, *words: str) -> list[str]:
    from setrota.cli.completion.grammar import read, unquoted
    from setrota.cli.completion.values import completions
    from setrota.cli.overruns import bounded
    from setrota.problems import printable

    # Shells hand over words as they are typed; only fish has unquoted all but the last one.
    *before, last = words
    with bounded():
        typed = read(before if shell == "fish" else [*map(unquoted, before)], unquoted(last))
        found = [(f"{typed.prefix}{value}", printable(text)) for value, text in completions(typed)]
        quoted = _behind_quote(last[:1]) if shell == "bash" else str
        return [f"{quoted(value)}\t{text}" for value, text in found if value.isprintable()]


def _behind_quote(quote: str) -> Callable[[str], str]:
    """How a value is written behind an open quote; bash puts it there as it is, so that a name could be a command."""
    if quote == "'":
        return lambda value: value.replace("'", "'\\''")
    if quote == '"':
        return lambda value: re.sub(r'([\\"$`])', r"\\\1", value).replace("!", "\"'!'\"")
    return str
