"""WebDAV's questions and answers as XML (RFC 4918, RFC 4791), as far as a calendar needs them.

Knows elements, not their use. Answers come from outside, so anything that could blow up a parser is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from xml.etree import ElementTree  # nosec B405  # `members` refuses document types, so nothing can swell
from xml.etree.ElementTree import Element  # nosec B405  # only the type

DAV = "{DAV:}"
CALDAV = "{urn:ietf:params:xml:ns:caldav}"

CALENDAR_QUESTION = """\
<?xml version="1.0" encoding="utf-8"?>
<D:propfind xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>
<D:resourcetype/><D:current-user-principal/><C:calendar-home-set/>
</D:prop></D:propfind>
"""
"""Asks what a resource is, and where the user's calendars are."""

EVENTS_QUESTION = """\
<?xml version="1.0" encoding="utf-8"?>
<C:calendar-query xmlns:D="DAV:" xmlns:C="urn:ietf:params:xml:ns:caldav"><D:prop>
<D:getetag/><C:calendar-data/>
</D:prop><C:filter><C:comp-filter name="VCALENDAR"><C:comp-filter name="VEVENT"/></C:comp-filter></C:filter>
</C:calendar-query>
"""
"""Asks for every event of a calendar, whole."""

# A document type is only possible before the first element; text that looks like one further on does no harm.
_DOCUMENT_TYPE = re.compile(r"\ufeff?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!", re.DOTALL)

# Events may have characters that XML can't contain, and some servers send them all the same.
_IMPOSSIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    "|&#0*(?:[0-8]|1[124-9]|2[0-9]|3[01]);|&#[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]);"
)


@dataclass(frozen=True)
class Member:
    """One resource in an answer: its address as the server writes it, its status, and its properties."""

    href: str
    status: int
    properties: Mapping[str, Element]

    def text(self, name: str) -> str | None:
        found = self.properties.get(name)
        return None if found is None else found.text or ""

    def link(self, name: str) -> str | None:
        """Return the address in a property, None without one."""
        found = self.properties.get(name)
        return None if found is None else found.findtext(f"{DAV}href")

    @property
    def is_calendar(self) -> bool:
        kind = self.properties.get(f"{DAV}resourcetype")
        return kind is not None and kind.find(f"{CALDAV}calendar") is not None


def members(body: object) -> list[Member]:
    """Return the resources in an answer. Raises ValueError if it isn't a multistatus."""
    if isinstance(body, str) and not _DOCUMENT_TYPE.match(body):
        with suppress(ElementTree.ParseError):
            root = ElementTree.fromstring(_IMPOSSIBLE.sub("\ufffd", body))  # nosec B314  # no document type
            if root.tag == f"{DAV}multistatus":
                return [_member(each) for each in root.iterfind(f"{DAV}response")]
    raise ValueError("not a multistatus")


def _member(response: Element) -> Member:
    href = (response.findtext(f"{DAV}href") or "").strip()
    return Member(href, _status(response), {each.tag: each for each in _found(response)})


def _found(response: Element) -> Iterator[Element]:
    for part in response.iterfind(f"{DAV}propstat"):
        if _status(part) == 200:
            yield from part.iterfind(f"{DAV}prop/*")


def _status(element: Element) -> int:
    """Return the number in `HTTP/1.1 404 Not Found`; 200 without a status."""
    words = (element.findtext(f"{DAV}status") or "").split()
    return int(words[1]) if len(words) > 1 and words[1].isdecimal() else 200
