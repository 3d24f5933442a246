"""Cuts pieces out of a text and puts pieces in, by whole lines or within a line, without changing any other byte.

Knows lines and line endings, not what the lines mean.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Splice(NamedTuple):
    """`new` in place of [start, end) of a text."""

    start: int
    end: int
    new: str


def with_lines(text: str, position: int, *lines: str) -> str:
    """The text with lines added after the line of a position."""
    return spliced(text, [put_after(text, position, lines)])


def put_after(text: str, position: int, lines: Iterable[str]) -> Splice:
    """The splice that adds lines after the line of a position."""
    stop = end_of_line(text, position)
    return Splice(stop, stop, "".join(line_end(text) + line for line in lines))


def lines_of(text: str, start: int, end: int) -> Splice:
    """The splice that removes the whole lines of a part of a text."""
    return Splice(text.rfind("\n", 0, start) + 1, next_line(text, end_of_line(text, end)), "")


def without(text: str, cuts: Sequence[Splice]) -> str:
    """The text without whole lines. A text without a line ending at its end keeps that if it loses its last line."""
    new = spliced(text, cuts)
    if cuts[-1].end == len(text) and not text.endswith("\n"):
        return new.removesuffix("\n").removesuffix("\r")
    return new


def end_of_line(text: str, position: int) -> int:
    """The end of the line of a position, before its line ending."""
    stop = text.find("\n", position)
    stop = len(text) if stop < 0 else stop
    return stop - 1 if stop > position and text[stop - 1] == "\r" else stop


def next_line(text: str, stop: int) -> int:
    """The start of the next line, given the end of a line."""
    return stop + 2 if text.startswith("\r\n", stop) else min(stop + 1, len(text))


def indent_of(text: str, position: int) -> str:
    """The white space at the start of the line of a position."""
    line = text[text.rfind("\n", 0, position) + 1 :]
    return line[: len(line) - len(line.lstrip(" \t"))]


def line_end(text: str) -> str:
    """The line ending of most lines of a text."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all splices applied; those at the same position in the given order."""
    ordered = sorted(splices, key=lambda splice: splice.start)
    for start, end, new in ordered[::-1]:
        text = text[:start] + new + text[end:]
    return text
