"""Finds the people of a roster in the titles and addresses of a calendar's events, and keeps none of these texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from setrota.files.roster.handles import folded
from setrota.roster import Roster


class Mentions:
    """Finds people by handle, full name and e-mail address; a name that several people share finds nobody."""

    def __init__(self, roster: Roster) -> None:
        owners: dict[str, set[str]] = {}
        for person in roster.people.values():
            for word in (person.handle, person.name, person.email or ""):
                if word:
                    owners.setdefault(folded(word), set()).add(person.handle)
        for former, handle in roster.renamed.items():
            owners.setdefault(folded(former), {handle})
        self.owner = {word: next(iter(handles)) for word, handles in owners.items() if len(handles) == 1}
        words = "|".join(re.escape(word) for word in sorted(self.owner, key=len, reverse=True))
        self.pattern = re.compile(rf"(?<![\w@])(?<!\w[.-])(?:{words})(?![\w@])(?![.-]\w)") if words else None

    def of(self, event: Any) -> list[str]:
        """The people an event is about: those its title names, or else its attendees, or else its organizer."""
        for texts in ([str(event.get("SUMMARY", ""))], _addresses(event, "ATTENDEE"), _addresses(event, "ORGANIZER")):
            if found := list(dict.fromkeys(handle for text in texts for handle in self.within(text))):
                return found
        return []

    def within(self, text: str) -> Iterator[str]:
        """Everyone a text names; of several names that begin at one place, the longest."""
        if self.pattern is not None:
            yield from (self.owner[match[0]] for match in self.pattern.finditer(folded(text)))


def _addresses(event: Any, key: str) -> list[str]:
    """The addresses and names of participants who haven't declined."""
    value = event.get(key, [])
    people = [
        each
        for each in (value if isinstance(value, list) else [value])
        if str(each.params.get("PARTSTAT", "")).upper() != "DECLINED"
    ]
    return [re.sub(r"(?i)^mailto:", "", str(each)) + f" {each.params.get('CN', '')}" for each in people]
