"""The keys of what a roster tells people: `seats`, `meetings`, `sources`, `brief`, `calendar`.

Knows what stands inside these sections. Whether the seats they name exist is for the rooms above.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import NamedTuple

from setrota.files.roster.findings import Spot
from setrota.files.roster.keys import Key, Section
from setrota.files.roster.lists import Item, read_items, read_names, values_of
from setrota.files.roster.values import read_date, read_handover, read_period_weeks, read_text
from setrota.roster.notes import Brief, Meeting, Notes, SeatText, Source

_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(7)}
_LONGEST = timedelta(days=28)


def read_duration(spot: Spot, value: object) -> timedelta | None:
    text = read_text(spot, value)
    if text is None:
        return None
    match = re.fullmatch(r"(\d{1,5})\s+(minute|hour|day|week)s?", text)
    if not match:
        spot.error(f"is `{text}`; a number of minutes, hours, days or weeks is meant", spot.hint)
        return None
    amount = int(match[1]) * _UNITS[match[2]]
    if not timedelta() < amount <= _LONGEST:
        spot.error(f"is `{text}`; more than nothing and at most {_LONGEST.days} days are possible", spot.hint)
        return None
    return amount


def read_meeting_duration(spot: Spot, value: object) -> timedelta | None:
    amount = read_duration(spot, value)
    if amount and amount > timedelta(days=1):
        spot.error("is longer than a day", spot.hint)
        return None
    return amount


def read_prose(spot: Spot, value: object) -> str | None:
    """Read text of one line or several; the white space around it and at the ends of its lines goes."""
    if not isinstance(value, str):
        spot.expects("text", value)
    elif not value.strip():
        spot.error("is blank", spot.hint)
    elif re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", value.replace("\r\n", "\n")):
        spot.error("has control characters in it", spot.hint)
    else:
        return "\n".join(line.rstrip() for line in value.strip().splitlines())
    return None


def read_link(spot: Spot, value: object) -> str | None:
    text = read_text(spot, value)
    if text and not re.fullmatch(r"https?://[^\s/?#<>\"]+[^\s<>\"]*", text, re.IGNORECASE):
        spot.error(f"is `{text}`, which is no link", "a link begins with `https://`")
        return None
    if text and "@" in text.split("/")[2]:
        # Whatever stands before the host is a secret: it isn't repeated.
        spot.error("has a name or password in it", "a link goes without")
        return None
    return text


def read_base(spot: Spot, value: object) -> str | None:
    text = read_link(spot, value)
    if text and ("?" in text or "#" in text):
        # What follows may be a secret: it isn't repeated.
        spot.error("has a query or a fragment", "the address of the folder is meant")
        return None
    return text and f"{text.rstrip('/')}/"


def read_lines(spot: Spot, value: object) -> tuple[str, ...] | None:
    return values_of(read_items(spot, value, read_text))


SEAT = {
    "title": Key(read_text, '"Primary"'),
    "description": Key(read_prose, '"Takes every escalation first."'),
}
MEETING = {
    "name": Key(read_text, '"Escalations call"', required=True),
    "on": Key(read_handover, '"Wednesday 14:00"', required=True),
    "duration": Key(read_meeting_duration, '"30 minutes"'),
    "seats": Key(read_names, '["lead"]'),
    "every": Key(read_period_weeks, '"2 weeks"'),
    "anchor": Key(read_date, "2027-01-06"),
    "description": Key(read_prose, '"Ask Sana for the invitation."'),
    "location": Key(read_text, '"Room 4"'),
    "link": Key(read_link, '"https://example.com/call"'),
}
SOURCE = {
    "name": Key(read_text, '"Ticket board"', required=True),
    "link": Key(read_link, '"https://example.com/board"'),
    "look": Key(read_text, '"twice a day"'),
    "description": Key(read_prose, '"New tickets without an owner."'),
}
BRIEF = {
    "on": Key(read_handover, '"Friday 15:00"'),
    "duration": Key(read_meeting_duration, '"30 minutes"'),
    "checklist": Key(read_lines, '["Open escalations have a next step"]'),
    "priorities": Key(read_lines, '["Outages", "Escalations"]'),
    "triage": Key(read_lines, '["Every new ticket gets an owner or a question"]'),
}
CALENDAR = {
    "base-url": Key(read_base, '"https://example.com/rota/"'),
    "alarm": Key(read_duration, '"1 day"'),
    "reminder": Key(read_prose, '"You still attend your team\'s planning."'),
}


class NotesValues(NamedTuple):
    """What could be read of each of these sections."""

    seats: dict[str, Section]
    meetings: tuple[Item[Section], ...]
    sources: tuple[Item[Section], ...]
    brief: Section
    calendar: Section


def notes_of(values: NotesValues) -> Notes:
    """The notes that the sections make."""
    brief, calendar = values.brief, values.calendar
    on = brief.get("on")
    return Notes(
        seats={name: SeatText(seat.get("title"), seat.get("description")) for name, seat in values.seats.items()},
        meetings=tuple(_meeting(each.value) for each in values.meetings),
        sources=tuple(_source(each.value) for each in values.sources),
        brief=Brief(
            weekday=on.weekday if on else None,
            time=on.time if on else None,
            duration=brief.get("duration", Brief().duration),
            checklist=brief.get("checklist", ()),
            priorities=brief.get("priorities", ()),
            triage=brief.get("triage", ()),
        ),
        reminder=calendar.get("reminder"),
        alarm=calendar.get("alarm"),
        base_url=calendar.get("base-url"),
    )


def _meeting(values: Section) -> Meeting:
    return Meeting(
        name=values["name"],
        weekday=values["on"].weekday,
        time=values["on"].time,
        duration=values.get("duration", timedelta(minutes=30)),
        seats=frozenset(seat.value for seat in values.get("seats", ())),
        weeks=values.get("every", 1),
        anchor=values.get("anchor"),
        description=values.get("description"),
        location=values.get("location"),
        link=values.get("link"),
    )


def _source(values: Section) -> Source:
    return Source(values["name"], values.get("link"), values.get("look"), values.get("description"))
