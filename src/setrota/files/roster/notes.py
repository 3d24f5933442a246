"""The keys of the sections with texts for people: `seats`, `meetings`, `sources`, `brief`, `calendar`, `page`.

Knows what these sections may contain. Whether the seats that they name exist is for the modules above.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, NamedTuple

from setrota.files.roster.handovers import read_weekday_and_time
from setrota.files.roster.lengths import read_weeks, read_while
from setrota.files.roster.lists import Item, list_of, read_names
from setrota.files.roster.reading import Spot
from setrota.files.roster.shapes import PROSE, Key, line, shaped
from setrota.files.roster.tables import Section, given
from setrota.files.roster.values import read_date, read_flag, read_template, read_text
from setrota.problems import did_you_mean, listed_quotes
from setrota.roster.notes import Brief, Meeting, Notes, Page, SeatText, Source

_UNITS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(7)}
_DURATION = r"([0-9]{1,5})\s+(minute|hour|day|week)s?"
_LONGEST = timedelta(days=28)
_HOST = r"[Hh][Tt][Tt][Pp][Ss]?://[^\s/?#<>\"]+"
_LINK = rf"{_HOST}[^\s<>\"]*"
_ADDRESS = rf"{_HOST}[^\s?#<>\"]*"
"""A link without a query or a fragment, as a pattern."""


EVENTS: Mapping[str, Literal["spans", "periods"]] = {"spans": "spans", "periods": "periods"}


@shaped({"type": "string", "enum": list(EVENTS)})
def read_events(spot: Spot, value: object) -> Literal["spans", "periods"]:
    """Read what a calendar has an event for."""
    text = spot.expect(str, "text", value)
    if text not in EVENTS:
        hint = did_you_mean(text, EVENTS) or f"it can be {listed_quotes(EVENTS, 'or')}"
        raise spot.unreadable(f"is `{text}`, for which calendars can't have events", hint, code="unknown-events")
    return EVENTS[text]


CONTACTS: Mapping[str, Literal["chat", "email"]] = {"chat": "chat", "email": "email"}


@shaped({"type": "string", "enum": list(CONTACTS)})
def read_contact(spot: Spot, value: object) -> Literal["chat", "email"]:
    """Read how the team's page says to reach people."""
    text = spot.expect(str, "text", value)
    if text not in CONTACTS:
        hint = did_you_mean(text, CONTACTS) or f"it can be {listed_quotes(CONTACTS, 'or')}"
        raise spot.unreadable(f"is `{text}`, by which the page can't reach people", hint, code="unknown-contact")
    return CONTACTS[text]


@shaped(line(_DURATION))
def read_duration(spot: Spot, value: object) -> timedelta:
    text = read_text(spot, value)
    match = re.fullmatch(_DURATION, text)
    if not match:
        message = f"should be a number of minutes, hours, days or weeks, not `{text}`"
        raise spot.unreadable(message, code="not-a-duration")
    amount = int(match[1]) * _UNITS[match[2]]
    if not timedelta() < amount <= _LONGEST:
        message = f"must be more than 0 and at most {_LONGEST.days} days, not `{text}`"
        raise spot.unreadable(message, code="out-of-range")
    return amount


@shaped(line(_DURATION))
def read_meeting_duration(spot: Spot, value: object) -> timedelta:
    amount = read_duration(spot, value)
    if amount > timedelta(days=1):
        raise spot.unreadable(f"must be at most 1 day, not `{value}`", code="out-of-range")
    return amount


@shaped(PROSE)
def read_prose(spot: Spot, value: object) -> str:
    """Read text of one or more lines, without the white space around it and at the ends of its lines."""
    text = read_template(spot, value)
    if re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]", text.replace("\r\n", "\n")):
        raise spot.unreadable("contains control characters", code="control-character")
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


@shaped(line(_LINK))
def read_link(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if not re.fullmatch(_LINK, text):
        # What looks like a user name may come with a password, so the message doesn't repeat it.
        instead = "" if "@" in text else f", not `{text}`"
        raise spot.unreadable(f"should be a link{instead}", "links start with `https://`", code="not-a-link")
    if "@" in text.split("/")[2]:
        # The part before the host is a secret, so the message doesn't repeat it.
        hint = "remove everything between `//` and `@`, and the `@`"
        raise spot.unreadable("contains a name or password", hint, code="secret-in-link")
    return text


@shaped(line(_ADDRESS))
def read_base(spot: Spot, value: object) -> str:
    text = read_link(spot, value)
    if "?" in text or "#" in text:
        # The rest may be a secret, so the message doesn't repeat it.
        hint = "remove it and everything after it, so that the address of the folder is left"
        raise spot.unreadable("contains a `?` or `#`", hint, code="link-with-query")
    return f"{text.rstrip('/')}/"


SEAT = {
    "title": Key(read_text, "What people call the seat; by default its kind.", '"Primary"'),
    "description": Key(read_prose, "What the person in this seat does.", '"Takes every escalation first."'),
}
MEETING = {
    "name": Key(
        read_text, "The meeting's name. Renaming it makes it a new event.", '"Escalations call"', required=True
    ),
    "on": Key(
        read_weekday_and_time, "The weekday and the time, in the rota's time zone.", '"Wednesday 14:00"', required=True
    ),
    "duration": Key(
        read_meeting_duration, "How long the meeting is, a day at most; by default 30 minutes.", '"30 minutes"'
    ),
    "seats": Key(
        read_names,
        "Who takes part: kinds of seat, rotations or `engineer/primary`; by default everyone on duty.",
        '["lead"]',
    ),
    "every": Key(read_weeks, "How often the meeting is held; by default every week.", '"2 weeks"'),
    "anchor": Key(read_date, "A day in one of the meeting's weeks; needs `every`.", "2027-01-06"),
    "description": Key(read_prose, "What the meeting is about.", '"Ask Sana for the invitation."'),
    "location": Key(read_text, "Where the meeting is held.", '"Room 4"'),
    "link": Key(read_link, "The meeting's address on the web.", '"https://example.com/call"'),
}
SOURCE = {
    "name": Key(read_text, "What people call this source of work.", '"Ticket board"', required=True),
    "link": Key(read_link, "The source's address on the web.", '"https://example.com/board"'),
    "look": Key(read_text, "How often to look there.", '"twice a day"'),
    "description": Key(read_prose, "What to do there.", '"New tickets without an owner."'),
}
BRIEF = {
    "on": Key(
        read_weekday_and_time,
        "When the outgoing crew meets the incoming one; by default they don't meet.",
        '"Friday 15:00"',
    ),
    "duration": Key(
        read_meeting_duration, "How long that meeting is, a day at most; by default 30 minutes.", '"30 minutes"'
    ),
    "checklist": Key(list_of(read_text), "What to check before the handover.", '["Open escalations have a next step"]'),
    "priorities": Key(list_of(read_text), "Which work goes first, most important first.", '["Outages", "Escalations"]'),
    "triage": Key(list_of(read_text), "How to deal with new work.", '["Every new ticket gets an owner or a question"]'),
}
CALENDAR = {
    "base-url": Key(read_base, "Where the folder of calendar files is published.", '"https://example.com/rota/"'),
    "alarm": Key(read_duration, "How long before a duty calendars show a reminder; by default never.", '"1 day"'),
    "events": Key(
        read_events,
        "Whether events are spans of service or whole duties; by default spans, unless a period has over ten.",
        '"periods"',
    ),
    "reminder": Key(read_prose, "A sentence in the event of each duty.", '"You still attend your team\'s planning."'),
}

PAGE = {
    "warn": Key(
        read_while,
        "How long before a rotation's plan ends the team's page warns of it; by default 2 weeks.",
        '"3 weeks"',
    ),
    "contact": Key(
        read_contact, "Whether the page shows chat handles only, which is the default, or e-mail too.", '"email"'
    ),
    "away": Key(
        read_flag, "Whether the page shows that people are away, but never why; by default it doesn't.", "true"
    ),
}


class NotesValues(NamedTuple):
    """The values that could be read in each of these sections."""

    seats: dict[str, Section]
    meetings: tuple[Item[Section], ...]
    sources: tuple[Item[Section], ...]
    brief: Section
    calendar: Section
    page: Section


def notes_of(values: NotesValues) -> Notes:
    """The notes that these sections contain."""
    on = values.brief.get("on")
    return Notes(
        seats={name: SeatText(**given(seat, "title", "description")) for name, seat in values.seats.items()},
        meetings=tuple(_meeting(each.value) for each in values.meetings),
        sources=tuple(Source(**given(each.value, "name", "link", "look", "description")) for each in values.sources),
        brief=Brief(
            weekday=on.weekday if on else None,
            time=on.time if on else None,
            **given(values.brief, "duration", "checklist", "priorities", "triage"),
        ),
        **given(values.calendar, "reminder", "alarm", "events", "base-url"),
        page=Page(**given(values.page, "warn", "contact", "away")),
    )


def _meeting(values: Section) -> Meeting:
    return Meeting(
        weekday=values["on"].weekday,
        time=values["on"].time,
        duration=values.get("duration", timedelta(minutes=30)),
        seats=frozenset(seat.value for seat in values.get("seats", ())),
        **given(values, "name", "anchor", "description", "location", "link", weeks="every"),
    )
