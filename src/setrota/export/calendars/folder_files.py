"""The files of a folder with all calendars of a rota, and the content of each.

One of them is the team's page, which also lists the calendars, with links to subscribe if the roster has an address. It
carries a mark that identifies the folder as this rota's. A file's name depends only on its own key, so that nobody's
subscription breaks when others come or go. Knows no disk.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from html import unescape
from typing import NamedTuple

from setrota.export.calendars.feeds import PRODUCT, Feed, FeedWriter
from setrota.export.page import CalendarLink, team_page_html
from setrota.export.page.words import GENERATOR_PARTS
from setrota.reports.page import team_page
from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.schedule import Schedule

PAGE = "index.html"
PEOPLE, TEAMS, ROTATIONS = "people", "teams", "rotations"
FOLDERS = {PEOPLE: "person", TEAMS: "team", ROTATIONS: "rotation"}
"""The folders of calendars, each with the field of a feed that it is about."""


class FeedFile(NamedTuple):
    """A calendar and its path; `label` is its name on the page, None for one that the page doesn't list."""

    path: str
    feed: Feed
    label: str | None


_OURS = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n".encode()


class FolderFiles(Mapping[str, str]):
    """The content of every file by its path in the folder, with `/`: the calendars, then the page.

    Content is written when it is asked for, since that of all files may be too much for the memory.
    """

    def __init__(self, roster: Roster, schedule: Schedule, *, tombstones: bool = False) -> None:
        self._roster, self._schedule, self._tombstones = roster, schedule, tombstones
        self._feeds = FeedWriter(roster, schedule)
        # The first file of a name stays: a former handle never takes the place of a current one.
        calendars = reversed(list(_calendars(roster, self._feeds)))
        self._calendars = dict(reversed({file.path: file for file in calendars}.items()))

    def __getitem__(self, path: str) -> str:
        if path == PAGE:
            links = _links(self._calendars.values())
            return team_page_html(team_page(self._roster, self._schedule), links, self._roster.notes.base_url)
        return self._feeds.calendar_text(self._calendars[path].feed, tombstones=self._tombstones)

    def __iter__(self) -> Iterator[str]:
        yield from (*self._calendars, PAGE)

    def __len__(self) -> int:
        return len(self._calendars) + 1


def folder_files(roster: Roster, schedule: Schedule, *, tombstones: bool = False) -> Mapping[str, str]:
    """Return the content of every file by its path in the folder, with `/`: the calendars, then the page."""
    return FolderFiles(roster, schedule, tombstones=tombstones)


def is_calendar(content: bytes) -> bool:
    """Whether a file's content is a calendar that setrota wrote."""
    return content.startswith(_OURS)


def name_of_calendar(content: bytes) -> str | None:
    """Return the name of a calendar that setrota wrote; None if it has none."""
    properties = content.partition(b"\r\nBEGIN:")[0].decode("utf-8", "replace").replace("\r\n ", "")
    found = re.search(r"\r\nNAME:([^\r\n]*)", properties)
    return plain(re.sub(r"\\(.)", r"\1", found[1])) if found else None


def _calendars(roster: Roster, feeds: FeedWriter) -> Iterator[FeedFile]:
    yield FeedFile("rota.ics", Feed(), plain(roster.name))
    for name in roster.rotations:
        yield FeedFile(f"{ROTATIONS}/{file_name(name)}.ics", Feed(rotation=name), plain(name))
    for team in roster.teams.values():
        label = plain(team.name) or plain(team.key)
        yield FeedFile(f"{TEAMS}/{file_name(team.key)}.ics", Feed(team=team.key), label)
    for handle in dict.fromkeys([*sorted(roster.people, key=str.lower), *sorted(feeds.index.duties_of)]):
        label = plain(roster.display_name(handle)) or plain(handle)
        yield FeedFile(f"{PEOPLE}/{person_file_name(handle)}.ics", Feed(person=handle), label)
    for former, handle in roster.renamed.items():
        # Subscribers to a former handle's calendar still get that person's events.
        yield FeedFile(f"{PEOPLE}/{person_file_name(former)}.ics", Feed(person=handle), None)


# Names of files


_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9_-])?")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_LONGEST = 48


def file_name(key: str) -> str:
    """Return a file's name without its ending: safe on every system, readable, and always the same.

    A key of lower-case letters, digits, `.`, `_` and `-` is its own name. Any other becomes its readable part, `~` and
    a digest of the whole key, so that no two keys share a name, even on systems that ignore case.
    """
    if _PLAIN.fullmatch(key) and not _DEVICES.fullmatch(key):
        return key
    letters = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", letters)[:_LONGEST].strip("-")
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{readable or 'x'}~{digest}"


def person_file_name(handle: str) -> str:
    """Return the name of a person's file; two spellings of a handle have the same."""
    return file_name(handle.lower())


# The page


def rota_of_page(content: bytes) -> str | None:
    """Return the short name of the rota that a page is of; None if setrota didn't write the page."""
    before, after = map(re.escape, GENERATOR_PARTS)
    found = re.search(f'{before}([^"<>]*){after}', content.decode("utf-8", "replace"))
    return unescape(found[1]) if found else None


_HEADINGS = {"": "Everything", ROTATIONS: "Rotations", TEAMS: "Teams", PEOPLE: "People"}


def _links(calendars: Iterable[FeedFile]) -> list[CalendarLink]:
    """The calendars that the page lists, by heading."""
    listed = [file for file in calendars if file.label is not None]
    return [
        CalendarLink(file.path, file.label or "", words, file.feed.person)
        for folder, words in _HEADINGS.items()
        for file in listed
        if file.path.rpartition("/")[0] == folder
    ]
