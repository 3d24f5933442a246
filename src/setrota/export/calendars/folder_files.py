"""The files of a folder with all calendars of a rota, and the content of each.

One of them is the page that lists the calendars, with links to subscribe if the roster has an address. It carries a
mark that identifies the folder as this rota's. A file's name depends only on its own key, so that nobody's subscription
breaks when others come or go. Knows no disk.
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
PEOPLE, TEAMS, ROTATIONS = "people", "teams", "rotations"
FOLDERS = {PEOPLE: "person", TEAMS: "team", ROTATIONS: "rotation"}
"""The folders of calendars, each with the field of a feed that it is about."""

_MARK = '<meta name="generator" content="setrota: {}">'


class FeedFile(NamedTuple):
    """A calendar and its path; `label` is its name on the page, None for one that the page doesn't list."""

    path: str
    feed: Feed
    label: str | None


_OURS = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n".encode()


def folder_files(roster: Roster, schedule: Schedule, *, tombstones: bool = False) -> dict[str, str]:
    """Return the content of every file by its path in the folder, with `/`: the calendars, then the page."""
    feeds = FeedWriter(roster, schedule)
    # The first file of a name stays: a former handle never takes the place of a current one.
    calendars = list({file.path: file for file in reversed(list(_calendars(roster, feeds)))}.values())[::-1]
    found = {file.path: feeds.calendar_text(file.feed, tombstones=tombstones) for file in calendars}
    return {**found, PAGE: page(roster, calendars)}


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
    """Return the short name of the rota whose calendars a page lists; None if setrota didn't write the page."""
    before, after = (re.escape(part) for part in _MARK.split("{}"))
    found = re.search(f'{before}([^"<>]*){after}', content.decode("utf-8", "replace"))
    return unescape(found[1]) if found else None


_STYLE = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;table-layout:fixed}"
    "th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #8884}"
    "td{overflow-wrap:break-word}"
    # Addresses may break anywhere, words only where they must.
    "code{overflow-wrap:anywhere}"
    "th:nth-child(3){width:6rem}th:nth-child(4){width:45%}"
    "@media(max-width:45rem){th:nth-child(4),td:nth-child(4){display:none}th,td{padding:.3rem}}"
)


def page(roster: Roster, calendars: list[FeedFile]) -> str:
    """Return the page as HTML that loads nothing else."""
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


_COPIED = "A file is a snapshot: a calendar program that imports it won't get later changes."
_SUBSCRIBED = (
    "Subscribe, and your calendar program shows every change; if the link does nothing, copy the address into the"
    f" program. {_COPIED}"
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
