"""The files of a folder with all calendars of a rota: which there are, and what each of them holds.

One of them is the page that lists the calendars, with links to subscribe where the roster has an address. It carries
the mark by which the folder is known again as this rota's. A file's name depends on what it is made of and on nothing
else, so that nobody's subscription breaks when others come or go. Knows no disk.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import quote

from setrota.export.calendars.feeds import PRODUCT, Feed, FeedWriter
from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.schedule import Schedule

PAGE = "index.html"
PEOPLE, TEAMS, ROTATIONS = FOLDERS = ("people", "teams", "rotations")

_MARK = '<meta name="generator" content="setrota: {}">'


class FeedFile(NamedTuple):
    """A calendar and where it goes; `label` is what the page calls it, None for one that it doesn't list."""

    path: str
    feed: Feed
    label: str | None


_OURS = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n".encode()


def folder_files(roster: Roster, schedule: Schedule, *, tombstones: bool = False) -> dict[str, str]:
    """What every file of the folder holds, by its path in it, with `/`: the calendars, then the page."""
    feeds = FeedWriter(roster, schedule)
    # The first of a name stays: a former handle never takes the place of a present one.
    calendars = list({file.path: file for file in reversed(list(_calendars(roster, feeds)))}.values())[::-1]
    found = {file.path: feeds.calendar_text(file.feed, tombstones=tombstones) for file in calendars}
    return {**found, PAGE: page(roster, calendars)}


def is_calendar(content: bytes) -> bool:
    """Whether a file's content is a calendar that setrota wrote."""
    return content.startswith(_OURS)


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
        # Whoever has subscribed to the former handle's calendar goes on reading their own.
        yield FeedFile(f"{PEOPLE}/{person_file_name(former)}.ics", Feed(person=handle), None)


# Names of files


_PLAIN = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,78}[a-z0-9_-])?")
_DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\..*)?")
_LONGEST = 48


def file_name(key: str) -> str:
    """What a file is called, without its ending: safe on every system, readable, and the same for ever.

    A key of lower-case letters, digits, `.`, `_` and `-` is its own name. Any other keeps what can be read of it, then
    `~` and a digest of the whole key: no two keys have one name, also where a system ignores case.
    """
    if _PLAIN.fullmatch(key) and not _DEVICES.fullmatch(key):
        return key
    letters = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", letters)[:_LONGEST].strip("-")
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:10]
    return f"{readable or 'x'}~{digest}"


def person_file_name(handle: str) -> str:
    """What a person's file is called; handles in two spellings are one."""
    return file_name(handle.lower())


# The page


def rota_of_page(content: bytes) -> str | None:
    """The short name of the rota whose calendars a page lists; None for a page that is none of ours."""
    before, after = (re.escape(part) for part in _MARK.split("{}"))
    found = re.search(f'{before}([^"<>]*){after}', content.decode("utf-8", "replace"))
    return unescape(found[1]) if found else None


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}"
    "td{overflow-wrap:break-word}"
    # Addresses break anywhere, words only where they must.
    "code{overflow-wrap:anywhere}"
    "th:nth-child(3){width:6rem}th:nth-child(4){width:45%}"
    "@media(max-width:45rem){th:nth-child(4),td:nth-child(4){display:none}th,td{padding:.3rem}}"
)


def page(roster: Roster, calendars: list[FeedFile]) -> str:
    """The page as HTML, without anything that it would have to load."""
    name = escape(plain(roster.name))
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        _MARK.format(escape(plain(roster.short_name))),
        f"<title>{name}: calendars</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{name}: calendars</h1>",
        f"<p>{_SUBSCRIBED if roster.notes.base_url else _COPIED}</p>",
    ]
    for folder, words in _HEADINGS:
        section = [file for file in calendars if file.label is not None and file.path.rpartition("/")[0] == folder]
        lines += _table(roster.notes.base_url, words, section)
    return "\n".join([*lines, "</body>", "</html>", ""])


_COPIED = "A file is a copy of today: a calendar program that imports it won't hear of changes."
_SUBSCRIBED = (
    "Subscribe, and your calendar program goes on reading the calendar and shows every change; where the link does"
    f" nothing, copy its address into the program. {_COPIED}"
)
_HEADINGS = (("", "Everything"), (ROTATIONS, "Rotations"), (TEAMS, "Teams"), (PEOPLE, "People"))


def _table(base: str | None, words: str, section: list[FeedFile]) -> Iterator[str]:
    if not section:
        return
    yield f"<h2>{words}</h2>"
    yield "<table>"
    headings = ["Name", "File", *(["Subscribe", "Address"] if base else [])]
    yield f"<tr>{''.join(f'<th>{heading}</th>' for heading in headings)}</tr>"
    for file in section:
        path = quote(file.path)
        cells = [escape(file.label or ""), f'<a href="{path}">{escape(file.path.rpartition("/")[2])}</a>']
        if base:
            address = escape(f"{base}{path}")
            subscribe = re.sub(r"^https?:", "webcal:", address, flags=re.IGNORECASE)
            cells += [f'<a href="{subscribe}">subscribe</a>', f"<code>{address}</code>"]
        yield f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    yield "</table>"
