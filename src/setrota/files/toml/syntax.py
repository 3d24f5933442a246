"""Explains to the author of a text why it is not TOML, and in which line.

`tomllib` finds the error; this module only explains it. It quotes dates and names of keys, never what is in a text or a
comment, and nothing of `tomllib`'s own words, which may. Knows no keys of rosters or schedules.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from setrota.problems import Place, Problem

_MARKER = r"^(?:<{7}|>{7}|\|{7})(?= |\r?$)"
_DIVIDER = r"={7}\r?"
"""The one line of a merge conflict that may also occur in an ordinary multi-line string."""
_PLACED = r"(?s)(.*?)\s*\(at (?:line ([0-9]+), column [0-9]+|end of document)\)"
_STRING_OR_COMMENT = r""""(?:\\.|[^"\\])*"|'[^']*'|#.*"""
_DATE = r"(?<![\w.:/-])([0-9]{1,4})([-./])([0-9]{1,2})\2([0-9]{1,4})(?![\w./-])"


class _Reason(NamedTuple):
    """Why a text is not TOML, in words for its author."""

    message: str
    hint: str
    code: str


_BAD_KEY = _Reason(
    "a name is missing or needs quotes here",
    "put names in quotes unless they only have a-z, 0-9, `_` and `-`, and keep a `{ }` on one line",
    code="bad-key",
)
_BAD_BACKSLASH = _Reason("a text has a `\\` that means nothing", "write `\\\\` for a backslash", code="not-toml")
_CONTROL_CHARACTER = _Reason("there is a control character here", "remove it", code="control-character")
_REASONS = {
    "Expected '=' after a key": _Reason(
        "there is no `=` after the key", "write each line as `key = value`", code="missing-equals-sign"
    ),
    "Expected ']' at the end of a table": _Reason(
        "a heading has no closing `]`, or a name in it needs quotes",
        'write headings as `[teams.channels]` or `[people."bo.lindqvist"]`',
        code="heading-not-closed",
    ),
    "Invalid initial character for a key part": _BAD_KEY,
    "Invalid statement": _BAD_KEY,
    "Unclosed inline table": _Reason(
        "a comma or a `}` is missing",
        "keep a `{ }` on one line, with commas: `{ from = 2026-12-21, to = 2027-01-03 }`",
        code="table-not-closed",
    ),
    "Unclosed array": _Reason(
        "a comma or a closing `]` is missing", "put commas between the items of a list", code="list-not-closed"
    ),
    "Illegal character '\\n'": _Reason(
        "a text has no closing quote at the end of its line", "add the closing quote", code="text-not-closed"
    ),
    "Unterminated string": _Reason("a text has no closing quote", "add the closing quote", code="text-not-closed"),
    "Expected newline": _Reason(
        "there is something after the value",
        "write one `key = value` per line, with text in quotes",
        code="text-after-value",
    ),
    "Invalid value": _Reason(
        "the value is missing or not valid",
        'write text as `"text"`, dates as `2026-12-21`',
        code="not-a-value",
    ),
    "Invalid date": _Reason("there is no such date or time", "for example `2026-12-21`", code="no-such-date"),
    "Duplicate inline table key": _Reason(
        "a key is set for the second time in one `{ }`", "keep one of the two", code="set-twice"
    ),
    "Cannot": _Reason(
        "this changes a table that is complete already", "put all its keys in one place", code="section-twice"
    ),
    "Unescaped '\\' in a string": _BAD_BACKSLASH,
    "Invalid hex value": _BAD_BACKSLASH,
    "Escaped character": _BAD_BACKSLASH,
    "Illegal character": _CONTROL_CHARACTER,
    "Found invalid character": _CONTROL_CHARACTER,
}


_OF_VALUES = ("Unclosed array", "Unclosed inline table", "Expected newline", "Invalid value")
"""The reasons that a value without its quotes may have."""

LONGEST_ROW = 2000
"""In a longer row nobody wrote a date by hand, and searching it would take long."""


def syntax_problem(error: tomllib.TOMLDecodeError, text: str, file: str, private: Collection[str] = ()) -> Problem:
    """Explain why a text is not TOML, and in which line; name no key in the value of a `private` one."""
    if conflict := conflict_problem(text, file):
        return conflict
    match = re.fullmatch(_PLACED, str(error))
    reason = match[1] if match else str(error)
    rows = text.rstrip().split("\n")
    line = min(int(match[2]) if match and match[2] else len(rows), len(rows))
    where = Place(file, line)
    if match and match[2] and re.fullmatch(_DIVIDER, rows[line - 1]):
        return _conflict(where)
    if reason.startswith(("Cannot declare", "Cannot overwrite")):
        return _set_twice(text, where, private)
    return (
        _odd_quote(reason, rows[line - 1], where) or _bad_date(reason, rows[line - 1], where) or _plain(reason, where)
    )


def conflict_problem(text: str, file: str) -> Problem | None:
    """The problem with a text that contains a merge conflict, whether or not it is TOML."""
    marker = re.search(_MARKER, text, re.MULTILINE)
    return _conflict(Place(file, text.count("\n", 0, marker.start()) + 1)) if marker else None


def _conflict(where: Place) -> Problem:
    hint = "keep what you want from both sides, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`"
    return Problem("there is an unresolved merge conflict", where, hint, code="merge-conflict")


def _plain(reason: str, where: Place) -> Problem:
    for start, (message, hint, code) in _REASONS.items():
        if reason.startswith(start):
            return Problem(f"this is not TOML: {message}", where, hint, code=code)
    return Problem("this is not TOML", where, code="not-toml")


def _odd_quote(reason: str, row: str, where: Place) -> Problem | None:
    """The problem with a row that has a quote without a partner, so that its texts end where they should begin."""
    if len(row) > LONGEST_ROW or not reason.startswith(_OF_VALUES) or '"' not in re.sub(_STRING_OR_COMMENT, "", row):
        return None
    hint = 'put each text between two quotes: `["bo", "cy"]`'
    return Problem("this is not TOML: a quote is missing in this line", where, hint, code="text-not-closed")


def _set_twice(text: str, where: Place, private: Collection[str]) -> Problem:
    """The problem with the last key or heading that begins by a line, in a text that is TOML up to there."""
    from setrota.files.toml.places import Heading, Pair, layout

    text = "\n".join(text.split("\n")[: where.line])
    found = layout(text)
    both: list[Pair | Heading] = [*found.pairs, *found.headings]
    last = max(both, key=lambda each: each.start)
    is_hidden = not set(private).isdisjoint(last.path[:-1])
    if isinstance(last, Heading):
        name = "a heading" if is_hidden else f"`[{text[last.start : last.end].strip('[]')}]`"
        message, hint = f"{name} appears here for the second time", "put all its keys under the first one"
        return Problem(message, where, hint, code="section-twice")
    name = "a key" if is_hidden else f"`{text[last.start :].partition('=')[0].rstrip()}`"
    return Problem(f"{name} is set here for the second time", where, "keep one of the two", code="set-twice")


def _bad_date(reason: str, row: str, where: Place) -> Problem | None:
    """The problem with the first word in a row that looks like a date but isn't one."""
    if len(row) > LONGEST_ROW or not reason.startswith(
        (*_OF_VALUES, "Invalid date", "Expected '='", "Invalid statement")
    ):
        return None
    for match in re.finditer(_DATE, re.sub(_STRING_OR_COMMENT, '""', row)):
        if not _is_date(match.group()):
            full = re.fullmatch(r"[0-9]{4}-[0-9][0-9]-[0-9][0-9]", match.group())
            fault = "there is no such day" if full else "write dates as year-month-day, in full"
            message = f"`{match.group()}` is not a date: {fault}"
            return Problem(message, where, _date_hint(match), code="no-such-date" if full else "not-a-date")
    return None


def _date_hint(match: re.Match[str]) -> str:
    if meant := _meant(match):
        return f"did you mean `{meant}`?"
    year, month = match[1], match[3]
    if len(year) == 4 and 1 <= int(month) <= 12 and int(year):
        import calendar

        return f"the last day of that month is `{year}-{month:0>2}-{calendar.monthrange(int(year), int(month))[1]}`"
    return "for example `2026-12-21`"


def date_meant(text: str) -> str | None:
    """The ISO date that a text such as `21.12.2026` or `26-12-21` means; None if that is not clear."""
    match = re.fullmatch(_DATE, text.strip())
    return _meant(match) if match else None


def _meant(match: re.Match[str]) -> str | None:
    """The date that three numbers mean; with the year last, only if there is no other way to read them."""
    first, second, third = match[1], match[3], match[4]
    if len(third) == 4:
        readings = {f"{third}-{second:0>2}-{first:0>2}", f"{third}-{first:0>2}-{second:0>2}"}
        possible = list(filter(_is_date, readings))
        return possible[0] if len(possible) == 1 else None
    year = first if len(first) == 4 else f"20{first:0>2}"
    return next(filter(_is_date, (f"{year}-{second:0>2}-{third:0>2}", f"{year}-{third:0>2}-{second:0>2}")), None)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == 10
