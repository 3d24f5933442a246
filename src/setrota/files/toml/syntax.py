"""Says what is wrong with a text that is not TOML, and in which line, in words for who typed it.

`tomllib` has found that something is wrong; this only explains. Knows no key of ours.
"""

from __future__ import annotations

import re
import tomllib
from datetime import date

from setrota.problems import Place, Problem

_MARKER = r"^(?:<{7}|>{7}|\|{7})(?= |\r?$)"
_DIVIDER = r"={7}\r?"
"""Of a merge conflict's lines this one alone may be meant in a text of several lines."""
_PLACED = r"(?s)(.*?)\s*\(at (?:line (\d+), column \d+|end of document)\)"
_STRING_OR_COMMENT = r""""(?:\\.|[^"\\])*"|'[^']*'|#.*"""
_DATE = r"(?<![\w.:/-])(\d{1,4})([-./])(\d{1,2})\2(\d{1,4})(?![\w./-])"
_KEY = r"\s*(?:([^=\[\]{}#]+?)\s*=|\[+([^\[\]]+)\])"

_REASONS = {
    "Expected '=' after a key": ("an `=` is missing after the key", "a line reads `key = value`"),
    "Expected ']' at the end of a table": ("a heading isn't closed", "a heading reads `[teams.channels]`"),
    "Invalid initial character for a key part": (
        "a name is missing or needs quotes here",
        "a name with other than a-z, 0-9, `_` and `-` stands in quotes, and what is in `{ }` on one line",
    ),
    "Unclosed inline table": (
        "a comma or a `}` is missing",
        "what is in `{ }` stands on one line, with commas: `{ from = 2026-12-21, to = 2027-01-03 }`",
    ),
    "Unclosed array": ("a comma or a closing `]` is missing", "in a list, commas stand between the items"),
    "Illegal character '\\n'": ("a text isn't closed at the end of its line", "add the closing quote"),
    "Unterminated string": ("a text isn't closed", "add the closing quote"),
    "Expected newline": ("something stands after the value", "a line is one `key = value`; text stands in quotes"),
    "Invalid value": ("the value is missing or isn't TOML", 'write text as `"text"`, dates as `2026-12-21`'),
}


LONGEST_ROW = 2000
"""In a longer row nobody wrote a date by hand, and looking for one would take long."""


def syntax_problem(error: tomllib.TOMLDecodeError, text: str, file: str) -> Problem:
    """Say why a text is not TOML, and in which line."""
    if conflict := conflict_problem(text, file):
        return conflict
    match = re.fullmatch(_PLACED, str(error))
    reason = match[1] if match else str(error)
    rows = text.rstrip().split("\n")
    line = min(int(match[2]) if match and match[2] else len(rows), len(rows))
    where = Place(file, line)
    if match and match[2] and re.fullmatch(_DIVIDER, rows[line - 1]):
        return _conflict(where)
    return _bad_date(rows[line - 1], where) or _set_twice(reason, rows, where) or _plain(reason, where)


def conflict_problem(text: str, file: str) -> Problem | None:
    """The problem with a text that has lines of a merge conflict in it, whether or not it is TOML in spite of them."""
    marker = re.search(_MARKER, text, re.MULTILINE)
    return _conflict(Place(file, text.count("\n", 0, marker.start()) + 1)) if marker else None


def _conflict(where: Place) -> Problem:
    hint = "keep what you want of both sides, and delete the lines with `<<<<<<<`, `=======` and `>>>>>>>`"
    return Problem("a merge conflict is not resolved yet", where, hint)


def _plain(reason: str, where: Place) -> Problem:
    for start, (message, hint) in _REASONS.items():
        if reason.startswith(start):
            return Problem(f"this is not TOML: {message}", where, hint)
    return Problem(f"this is not TOML: {reason[:1].lower()}{reason[1:]}", where)


def _set_twice(reason: str, rows: list[str], where: Place) -> Problem | None:
    if not reason.startswith(("Cannot declare", "Cannot overwrite")):
        return None
    keys = (match for row in reversed(rows[: where.line]) if (match := re.match(_KEY, row)))
    match = next(keys, None)
    if match is None:
        return None
    if match[1]:
        return Problem(f"`{match[1]}` is set here for the second time", where, "keep one of the two")
    return Problem(f"`[{match[2]}]` stands here for the second time", where, "put all its keys under the first one")


def _bad_date(row: str, where: Place) -> Problem | None:
    """The problem with the first thing in a row that looks like a date and is none."""
    if len(row) > LONGEST_ROW:
        return None
    for match in re.finditer(_DATE, re.sub(_STRING_OR_COMMENT, '""', row)):
        if not _is_date(match.group()):
            return Problem(f"`{match.group()}` is not a date: {_fault(match)}", where, _date_hint(match))
    return None


def _fault(match: re.Match[str]) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", match.group()):
        return "there is no such day"
    return "dates are written year-month-day, in full"


def _date_hint(match: re.Match[str]) -> str:
    if meant := _meant(match):
        return f"did you mean `{meant}`?"
    year, month = match[1], match[3]
    if len(year) == 4 and 1 <= int(month) <= 12 and int(year):
        import calendar

        return f"the last day of that month is `{year}-{month:0>2}-{calendar.monthrange(int(year), int(month))[1]}`"
    return "an example: `2026-12-21`"


def date_meant(text: str) -> str | None:
    """The ISO date that a text like `21.12.2026` or `26-12-21` stands for; None if that is not plain."""
    match = re.fullmatch(_DATE, text.strip())
    return _meant(match) if match else None


def _meant(match: re.Match[str]) -> str | None:
    """The date that three numbers mean; with the year last, only if no other reading is possible."""
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
