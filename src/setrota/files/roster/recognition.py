"""Decides whether a file is a roster, or a part of one: messages about any other file say nothing of what is in it.

Others' files end up here by a wrong name, or because somebody wants to see them: a roster from a stranger is checked,
and the answer is public.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import NamedTuple

from setrota.files.roster.keys import CHANNEL, PERSON, TEAM, TOP
from setrota.files.roster.notes import BRIEF, CALENDAR, MEETING, PAGE, SEAT, SOURCE
from setrota.files.roster.places import NOTED
from setrota.files.roster.publish import PUBLISH
from setrota.files.roster.rules import HOLIDAYS, PIN, RULES
from setrota.files.toml.documents import Document, parse_ours
from setrota.problems import Place, Problem, Refused

INCLUDES = {key for key in TOP if key.startswith("include")}
"""Keys whose values are lists; all others of a roster's first keys are sections."""

UNMISTAKABLE = {"rota", "rotations"}
"""Sections that files of other programs don't have."""

KEYS: Mapping[str, Collection[str]] = {
    "teams": TEAM,
    "people": PERSON,
    "holidays": HOLIDAYS,
    "rules": RULES,
    "pins": PIN,
    "channel": CHANNEL,
    "seats": SEAT,
    "meetings": MEETING,
    "sources": SOURCE,
    "brief": BRIEF,
    "calendar": CALENDAR,
    "page": PAGE,
    "publish": [key for keys in PUBLISH.values() for key in keys],
}
"""The keys in all other sections, or in the tables in them."""

_HEADING = r"[ \t]*\[{1,2}[ \t]*([A-Za-z0-9_-]+)[ \t]*(?=[.\]\r]|$)"
_KEY = r"[ \t]*([A-Za-z0-9_-]+)[ \t]*(?:(\.|=[ \t]*[\[{])|=)"
_ASSIGNMENT = r"([^=#]*)=[ \t]*(\[?)"


def parse_roster(content: bytes, file: str) -> Document:
    """Read the content of a roster's file, which may be empty. Raises Refused if it isn't TOML, or no roster."""
    document = parse_ours(content, file, NOTED, lambda text: _is_a_roster(_seen_in_text(text)), _not_a_roster(file))
    if document.data and not _is_a_roster(_seen_in_data(document.data)):
        raise Refused(_not_a_roster(file))
    return document


class _Seen(NamedTuple):
    """A file's first keys, those that are sections and others, and how many keys in its sections are a roster's."""

    sections: set[str]
    others: set[str]
    known: int
    unknown: int


def _is_a_roster(seen: _Seen) -> bool:
    """Whether a file has a section that only rosters have, or no more sections and keys of others than of a roster."""
    if not UNMISTAKABLE.isdisjoint(seen.sections):
        return True
    ours = seen.sections & TOP.keys()
    foreign = (seen.sections | seen.others) - ours
    return bool(ours) and len(foreign) <= len(ours) and seen.unknown <= seen.known


def _is_known(section: str, key: str, is_list: bool) -> bool:
    """Whether a roster may have a key in a section; in a team, any list may be a pool."""
    return key in KEYS.get(section, ()) or (section == "teams" and is_list)


def _seen_in_data(data: Mapping[str, object]) -> _Seen:
    sections = {key for key, value in data.items() if isinstance(value, list if key in INCLUDES else (dict, list))}
    counts = [_known_and_unknown(section, data[section]) for section in sections & KEYS.keys()]
    return _Seen(sections, data.keys() - sections, sum(known for known, _ in counts), sum(other for _, other in counts))


def _known_and_unknown(section: str, value: object) -> tuple[int, int]:
    """How many keys of a section are a roster's and how many are others, not counting names of people and the like."""
    known = unknown = 0
    for table in value if isinstance(value, list) else [value]:
        for key, inner in table.items() if isinstance(table, dict) else ():
            if _is_known(section, key, isinstance(inner, list)):
                known += 1
                continue
            below = _known_and_unknown(section, inner)
            known += below[0]
            unknown += below[1] if isinstance(inner, dict | list) else 1
    return known, unknown


def _seen_in_text(text: str) -> _Seen:
    """The same for a text that isn't TOML, by what messages may quote: rows with a `=`, and a heading's repetition."""
    sections: set[str] = set()
    others: set[str] = set()
    headings: set[str] = set()
    section = ""
    known = unknown = 0
    for row in filter(None, text.split("\n")):
        if match := re.match(_HEADING, row):
            section = match[1]
            sections |= {section} - INCLUDES
            unknown += (heading := row.partition("]")[0].strip(" \t\r[")) in headings
            headings.add(heading)
            continue
        if not section and (match := re.match(_KEY, row)):
            (sections if match[2] else others).add(match[1])
        if given := re.match(_ASSIGNMENT, row):
            where = section or (match[1] if match else "")
            is_known = _is_known(where, given[1].rpartition(".")[2].strip(" \t\"'"), bool(given[2]))
            known, unknown = known + is_known, unknown + (where in KEYS and not is_known)
    return _Seen(sections, others, known, unknown)


def _not_a_roster(file: str) -> Problem:
    hint = "the files of a roster have sections such as `[rota]`, `[teams.channels]` and `[people.bo]`"
    return Problem("this is not a roster, so nothing of it is shown", Place(file), hint, code="not-a-roster")
