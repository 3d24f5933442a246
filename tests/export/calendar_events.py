"""The events of a calendar's text, as icalendar reads them."""

from __future__ import annotations

import icalendar


def events(text: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def by_uid(text: str) -> dict[str, icalendar.Event]:
    """The events of a calendar by their identities, of which each occurs once."""
    found = {str(event["UID"]): event for event in events(text)}
    assert len(found) == len(events(text))
    return found


def of_category(text: str, category: str) -> list[icalendar.Event]:
    return [event for event in events(text) if [str(word) for word in event["CATEGORIES"].cats] == [category]]
