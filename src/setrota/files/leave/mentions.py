"""Finds the people of a roster in the titles and addresses of a calendar's events, and forgets those texts at once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from setrota.files.roster.handles import folded
from setrota.roster import Roster


class Mentions:
    """Finds people by their handles, whole names and e-mail addresses; a name that several share is nobody's."""

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
        """Whom an event is about: whom its title names, or else who attends it, or else who organizes it."""
        for texts in ([str(event.get("SUMMARY", ""))], _addresses(event, "ATTENDEE"), _addresses(event, "ORGANIZER")):
            if found := list(dict.fromkeys(handle for text in texts for handle in self.within(text))):
                return found
        return []

    def within(self, text: str) -> Iterator[str]:
        """Everybody whom a text names; of names that begin at one place, the longest."""
        if self.pattern is not None:
            yield from (self.owner[match[0]] for match in self.pattern.finditer(folded(text)))


def _addresses(event: Any, key: str) -> list[str]:
    """The addresses and names of those who take part, and haven't declined."""
    value = event.get(key, [])
    people = [
        each
        for each in (value if isinstance(value, list) else [value])
        if str(each.params.get("PARTSTAT", "")).upper() != "DECLINED"
    ]
    return [re.sub(r"(?i)^mailto:", "", str(each)) + f" {each.params.get('CN', '')}" for each in people]
