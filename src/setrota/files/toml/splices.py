"""Pieces of a text cut out and put in, by whole lines or within one; everything else stays as it is to the byte.

Knows lines and what ends them, not what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Splice(NamedTuple):
    """`new` in the place of [start, end) of a text."""

    start: int
    end: int
    new: str


def with_lines(text: str, position: int, *lines: str) -> str:
    """The text with lines put after the one that has a position in it."""
    return spliced(text, [put_after(text, position, lines)])


def put_after(text: str, position: int, lines: Iterable[str]) -> Splice:
    """Lines put after the one that has a position in it."""
    stop = end_of_line(text, position)
    return Splice(stop, stop, "".join(line_end(text) + line for line in lines))


def lines_of(text: str, start: int, end: int) -> Splice:
    """The cut that takes out the whole lines of a part of a text."""
    return Splice(text.rfind("\n", 0, start) + 1, next_line(text, end_of_line(text, end)), "")


def without(text: str, cuts: Sequence[Splice]) -> str:
    """The text without whole lines. A text whose last line nothing ends stays such a text if it loses that line."""
    new = spliced(text, cuts)
    if cuts[-1].end == len(text) and not text.endswith("\n"):
        return new.removesuffix("\n").removesuffix("\r")
    return new


def end_of_line(text: str, position: int) -> int:
    """Where the line that has a position in it ends, before what ends it."""
    stop = text.find("\n", position)
    stop = len(text) if stop < 0 else stop
    return stop - 1 if stop > position and text[stop - 1] == "\r" else stop


def next_line(text: str, stop: int) -> int:
    """Where the next line begins, from where one ends."""
    return stop + 2 if text.startswith("\r\n", stop) else min(stop + 1, len(text))


def indent_of(text: str, position: int) -> str:
    """The white space that the line of a position begins with."""
    line = text[text.rfind("\n", 0, position) + 1 :]
    return line[: len(line) - len(line.lstrip(" \t"))]


def line_end(text: str) -> str:
    """What ends most lines of a text."""
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def spliced(text: str, splices: Iterable[Splice]) -> str:
    """The text with all pieces in their places; those for one place in the order in which they come."""
    ordered = sorted(splices, key=lambda splice: splice.start)
    for start, end, new in ordered[::-1]:
        text = text[:start] + new + text[end:]
    return text
