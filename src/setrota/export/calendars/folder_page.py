"""The page that lists the calendars of a folder, with links to subscribe where the roster has an address.

It carries the mark by which the folder is known again as this rota's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape
from typing import NamedTuple
from urllib.parse import quote

from setrota.export.calendars.feeds import Feed
from setrota.reports.wording import plain
from setrota.roster import Roster

PAGE = "index.html"
PEOPLE, TEAMS, ROTATIONS = FOLDERS = ("people", "teams", "rotations")

_MARK = '<meta name="generator" content="setrota: {}">'


class FeedFile(NamedTuple):
    """A calendar and where it goes; `label` is what the page calls it, None for one that it doesn't list."""

    path: str
    feed: Feed
    label: str | None


def rota_of_page(content: bytes) -> str | None:
    """The short name of the rota whose calendars a page lists; None for a page that is none of ours."""
    before, after = (re.escape(part) for part in _MARK.split("{}"))
    found = re.search(f'{before}([^"<>]*){after}', content.decode("utf-8", "replace"))
    return unescape(found[1]) if found else None


def mark(roster: Roster) -> str:
    """How the page names its rota."""
    return plain(roster.short_name)


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
    sections = [
        ("Everything", [file for file in calendars if "/" not in file.path]),
        *((words, [file for file in calendars if file.path.startswith(f"{folder}/")]) for folder, words in _HEADINGS),
    ]
    lines = [
        "<!DOCTYPE html>",
        '<html lang="en">',
        "<head>",
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        _MARK.format(escape(mark(roster))),
        f"<title>{name}: calendars</title>",
        f"<style>{_STYLE}</style>",
        "</head>",
        "<body>",
        f"<h1>{name}: calendars</h1>",
        f"<p>{_SUBSCRIBED if roster.notes.base_url else _COPIED}</p>",
    ]
    for words, section in sections:
        lines += _table(roster.notes.base_url, words, [file for file in section if file.label is not None])
    return "\n".join([*lines, "</body>", "</html>", ""])


_COPIED = "A file is a copy of today: a calendar program that imports it won't hear of changes."
_SUBSCRIBED = (
    "Subscribe, and your calendar program goes on reading the calendar and shows every change; where the link does"
    f" nothing, copy its address into the program. {_COPIED}"
)
_HEADINGS = ((ROTATIONS, "Rotations"), (TEAMS, "Teams"), (PEOPLE, "People"))


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
