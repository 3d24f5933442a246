"""WebDAV's questions and answers as XML (RFC 4918, RFC 4791), as far as a calendar needs them.

Knows elements, not what is done with them. Answers come from outside: what could make a parser swell is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"

CALENDAR_QUESTION = """\
<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>
<D:resourcetype/><D:current-user-principal/><C:calendar-home-set/>
</D:prop></D:propfind>
"""
"""What a resource is, and where the user's calendars are."""

EVENTS_QUESTION = """\
<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>
<D:getetag/><C:calendar-data/>
</D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter>
</C:calendar-query>
"""
"""Every event of a calendar, whole."""

# A document type may only stand before the first element; nothing that looks like one matters further on.
_DOCUMENT_TYPE = re.compile(r"\ufeff?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!", re.DOTALL)

# Events may have characters that XML can't hold, and there are servers that send them all the same.
_IMPOSSIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    "|&#0*(?:[0-8]|1[124-9]|2[0-9]|3[01]);|&#[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]);"
)


@dataclass(frozen=True)
class Member:
    """What an answer tells about one resource: its address as the server writes it, the status of the whole, and the
    properties that it has."""

    href: str
    status: int
    properties: Mapping[str, Element]

    def text(self, name: str) -> str | None:
        found = self.properties.get(name)
        return None if found is None else found.text or ""

    def link(self, name: str) -> str | None:
        """The address in a property that holds one."""
        found = self.properties.get(name)
        return None if found is None else found.findtext(f"{DAV}href")

    @property
    def is_calendar(self) -> bool:
        kind = self.properties.get(f"{DAV}resourcetype")
        return kind is not None and kind.find(f"{CALDAV}calendar") is not None


def members(body: object) -> list[Member]:
    """The resources that an answer tells of. Raises ValueError if it is no such answer."""
    if isinstance(body, str) and not _DOCUMENT_TYPE.match(body):
        with suppress(ElementTree.ParseError):
            root = ElementTree.fromstring(_IMPOSSIBLE.sub("\ufffd", body))
            if root.tag == f"{DAV}multistatus":
                return [_member(each) for each in root.iterfind(f"{DAV}response")]
    raise ValueError("no multistatus")


def _member(response: Element) -> Member:
    href = (response.findtext(f"{DAV}href") or "").strip()
    return Member(href, _status(response), {each.tag: each for each in _found(response)})


def _found(response: Element) -> Iterator[Element]:
    for part in response.iterfind(f"{DAV}propstat"):
        if _status(part) == 200:
            yield from part.iterfind(f"{DAV}prop/*")


def _status(element: Element) -> int:
    """The number in `HTTP/1.1 404 Not Found`; nothing said is well."""
    words = (element.findtext(f"{DAV}status") or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 200
