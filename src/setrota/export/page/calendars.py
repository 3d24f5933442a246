"""The part of the page that lists the calendars: a link to each file, and to subscribe if the rota has an address."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple
from urllib.parse import quote

from setrota.export.page.words import text


class CalendarLink(NamedTuple):
    """A calendar beside the page: its path, what it is called, the heading it is listed under, and whose it is."""

    path: str
    label: str
    heading: str
    person: str | None = None


_COPIED = "A file is a snapshot: a calendar program that imports it won't get later changes."
_SUBSCRIBED = (
    "Subscribe, and your calendar program shows every change; if the link does nothing, copy the address into the"
    f" program. {_COPIED}"
)


def subscribed(base: str, path: str) -> str:
    """The address that calendar programs take as one to subscribe to."""
    return re.sub(r"^https?:", "webcal:", f"{base}{quote(path)}", flags=re.IGNORECASE)


def calendars_section(calendars: Sequence[CalendarLink], base: str | None) -> Iterator[str]:
    if not calendars:
        return
    yield '<section class="calendars"><h2>Calendars</h2>'
    yield f"<p>{_SUBSCRIBED if base else _COPIED}</p>"
    yield "<details><summary>All calendars</summary>"
    for heading in dict.fromkeys(each.heading for each in calendars):
        yield from _table(base, heading, [each for each in calendars if each.heading == heading])
    yield "</details></section>"


def _table(base: str | None, heading: str, section: Sequence[CalendarLink]) -> Iterator[str]:
    yield f"<h3>{heading}</h3><table>"
    headings = ["File", *(["Subscribe", "Address"] if base else [])]
    yield f"<tr>{''.join(f'<th>{each}' for each in headings)}"
    times = Counter(link.label for link in section)
    for link in section:
        path = quote(link.path)
        file = f" ({link.path.rpartition('/')[2]})" if times[link.label] > 1 else ""
        cells = [f'<a href="{path}">{text(link.label + file)}</a>']
        if base:
            cells += [
                f'<a href="{escape(subscribed(base, link.path))}">subscribe</a>',
                f"<code>{escape(f'{base}{path}')}</code>",
            ]
        yield f"<tr>{''.join(f'<td>{cell}' for cell in cells)}"
    yield "</table>"
