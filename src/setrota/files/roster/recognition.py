"""Decides whether a file is a roster, or a part of one: messages about any other file say nothing of what is in it.

Others' files end up here by a wrong name, or because somebody wants to see them: a roster from a stranger is checked,
and the answer is public.
"""

from __future__ import annotations

import re

from setrota.files.roster.keys import TOP
from setrota.files.roster.places import NOTED
from setrota.files.toml.documents import Document, parse_ours
from setrota.problems import Place, Problem, Refused

INCLUDES = {key for key in TOP if key.startswith("include")}
"""Keys whose values are lists; all others of a roster's first keys are sections."""

UNMISTAKABLE = {"rota", "rotations"}
"""Sections that files of other programs don't have."""

_HEADING = r"[ \t]*\[{1,2}[ \t]*([A-Za-z0-9_-]+)[ \t]*(?=[.\]\r]|$)"
_KEY = r"[ \t]*([A-Za-z0-9_-]+)[ \t]*(?:(\.|=[ \t]*[\[{])|=)"


def parse_roster(content: bytes, file: str) -> Document:
    """Read the content of a roster's file, which may be empty. Raises Refused if it isn't TOML, or no roster."""
    document = parse_ours(content, file, NOTED, _reads_like_a_roster, _not_a_roster(file))
    sections = {
        key for key, value in document.data.items() if isinstance(value, list if key in INCLUDES else (dict, list))
    }
    if document.data and not _is_a_roster(sections, document.data.keys() - sections):
        raise Refused(_not_a_roster(file))
    return document


def _is_a_roster(sections: set[str], keys: set[str]) -> bool:
    """Whether a file has a section that only rosters have, or at least as many of a roster's as others."""
    if not UNMISTAKABLE.isdisjoint(sections):
        return True
    ours = sections & TOP.keys()
    return bool(ours) and len((sections | keys) - ours) <= len(ours)


def _reads_like_a_roster(text: str) -> bool:
    """Whether a text that isn't TOML has the headings of a roster, or keys of one before the first heading."""
    rows = text.split("\n")
    headings = [(number, match[1]) for number, row in enumerate(rows) if (match := re.match(_HEADING, row))]
    above = rows[: headings[0][0]] if headings else rows
    keys = [match for row in above if (match := re.match(_KEY, row))]
    sections = {match[1] for match in keys if match[2]} | {name for _, name in headings} - INCLUDES
    return _is_a_roster(sections, {match[1] for match in keys if not match[2]})


def _not_a_roster(file: str) -> Problem:
    hint = "the files of a roster have sections such as `[rota]`, `[teams.channels]` and `[people.bo]`"
    return Problem("this is not a roster, so nothing of it is shown", Place(file), hint, code="not-a-roster")
