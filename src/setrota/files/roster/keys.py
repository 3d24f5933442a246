"""The keys of a roster: which there are, which are required, how each is read, and an example of it.

Knows what stands inside one section. What sections say of each other is for the rooms above.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple, TypeAlias

from setrota.dates.periods import DAY
from setrota.files.roster.findings import Spot
from setrota.files.roster.handles import is_handle
from setrota.files.roster.lists import (
    Item,
    once_each,
    read_items,
    read_kinds,
    read_names,
    read_pattern,
    read_seats,
    read_tags,
    read_texts,
    read_works,
    values_of,
)
from setrota.files.roster.values import (
    read_calendar,
    read_chat,
    read_count,
    read_count_or_none,
    read_date,
    read_email,
    read_flag,
    read_handover,
    read_month,
    read_period_weeks,
    read_rest_weeks,
    read_share,
    read_template,
    read_text,
    read_zone,
)
from setrota.files.toml.documents import BARE_KEY
from setrota.problems import did_you_mean, listed
from setrota.roster import Away, Leave

Section: TypeAlias = Mapping[str, Any]
"""The values of a section's keys, as far as they could be read: each of the type that its key reads."""


class Key(NamedTuple):
    """How a key's value is read, and a value that would do, as it stands in the file."""

    read: Callable[[Spot, object], Any]
    example: str | None = None
    required: bool = False


def read_pool(spot: Spot, value: object) -> str | None:
    text = read_text(spot, value)
    if text is None:
        return None
    if text in TEAM or text in TEAM_LATER:
        spot.error(f"is `{text}`, a word with a meaning of its own in a team", spot.hint)
    elif not re.fullmatch(BARE_KEY, text):
        spot.error(f"is `{text}`; the name of a pool has only letters, digits, `_` and `-`", spot.hint)
    else:
        return text
    return None


def read_seat_teams(spot: Spot, value: object) -> dict[str, tuple[Item[str], ...]] | None:
    """Read the teams that each kind of seat is open to."""
    if not isinstance(value, dict):
        spot.expects("a table", value)
        return None
    teams = {kind: read_names(spot.at(kind, '["channels", "search"]'), names) for kind, names in value.items()}
    return {kind: names for kind, names in teams.items() if names is not None}


def read_leave(spot: Spot, value: object) -> tuple[Leave, ...] | None:
    """Read a list of `{ from, to }`; the last day is included, notes and marks of events go no further."""
    return values_of(read_items(spot, value, _leave_entry))


def read_wishes(spot: Spot, value: object) -> tuple[Leave, ...] | None:
    """Read a list of `{ from, to }`, as leave is read."""
    return values_of(read_items(spot, value, read_stretch))


def read_away(spot: Spot, value: object) -> tuple[Away, ...] | None:
    """Read a list of `{ from, to, owes }`, as leave is read."""
    return values_of(read_items(spot, value, _away_entry))


def read_stretch(spot: Spot, value: object) -> Leave | None:
    """Read one `{ from, to }`; without `to` it is one day."""
    values = read_table(spot, value, STRETCH)
    return None if values is None else _stretch(spot, values)


def _leave_entry(spot: Spot, value: object) -> Leave | None:
    values = read_table(spot, value, LEAVE)
    return None if values is None else _stretch(spot, values)


def _away_entry(spot: Spot, value: object) -> Away | None:
    values = read_table(spot, value, AWAY)
    days = None if values is None else _stretch(spot, values)
    return Away(days.start, days.end, values.get("owes", False)) if values and days else None


def _stretch(spot: Spot, values: Section) -> Leave | None:
    first, last = values.get("from"), values.get("to", values.get("from"))
    if first is None or last is None:
        return None
    if last < first:
        spot.at("to").error(f"is {last}, before `from`, {first}", "both days are included; without `to` it is one day")
        return None
    return Leave(first, last + DAY)


def read_note(spot: Spot, value: object) -> str | None:
    """A note is for the people who read the file: whatever it says is dropped."""
    if isinstance(value, str):
        return ""
    spot.expects("text", value)
    return None


def read_event(spot: Spot, value: object) -> str | None:
    """Read the mark of a calendar's event, as an import writes it."""
    if isinstance(value, str) and re.fullmatch(EVENT, value):
        return value
    spot.error("is not the mark of an event", "`setrota leave import` writes it; take it out where you write yourself")
    return None


def read_former(spot: Spot, value: object) -> tuple[Item[str], ...] | None:
    """Read one handle or a list of them."""
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list):
        spot.expects("text or a list", value)
        return None
    spots = [spot if isinstance(value, str) else spot.at(number) for number in range(len(items))]
    fitting = [Item(here, item) for here, item in zip(spots, items, strict=True) if is_handle(here, item)]
    return once_each(tuple(fitting))


def read_accounts(spot: Spot, value: object) -> dict[str, str] | None:
    """Read how services know a person."""
    if not isinstance(value, dict):
        spot.expects("a table", value)
        return None
    for service in value:
        if service not in SERVICES:
            report_unknown(spot.at(service), SERVICES, ())
    known = {service: read_text(spot.at(service), name) for service, name in value.items() if service in SERVICES}
    return {service: name for service, name in known.items() if name is not None}


EVENT = "[0-9a-f]{12}"
"""What the mark of an event looks like, as a pattern."""

SERVICES = ("opsgenie", "jira", "pagerduty")
"""The on-call services that know people by identities of their own."""

_DAYS = "[{ from = 2026-12-21, to = 2027-01-03 }]"

ROTA = {
    "name": Key(read_text, '"Sustained Engineering"', required=True),
    "short-name": Key(read_text, '"SET"'),
    "timezone": Key(read_zone, '"America/Toronto"', required=True),
    "handover": Key(read_handover, '"Monday 09:00"', required=True),
    "schedule": Key(read_text, '"schedule.toml"'),
    "quarters-start": Key(read_month, '"January"'),
}
ROTATION = {
    "every": Key(read_period_weeks, '"2 weeks"', required=True),
    "pool": Key(read_pool, '"engineers"', required=True),
    "seats": Key(read_seats, '["primary", "backup"]', required=True),
    "optional-seats": Key(read_kinds, '["shadow"]'),
    "seat-teams": Key(read_seat_teams, '{ primary = ["channels", "search"] }'),
    "pattern": Key(read_pattern, '["backup", "primary"]'),
    "rest": Key(read_rest_weeks, '"3 weeks"'),
    "max-per-team": Key(read_count, "1"),
    "team-rest": Key(read_rest_weeks, '"1 week"'),
    "leave-tolerance": Key(read_count_or_none, "1"),
    "anchor": Key(read_date, "2027-01-04"),
    "handover": Key(read_handover, '"Friday 15:00"'),
    "timezone": Key(read_zone, '"Europe/Berlin"'),
}
TEAM = {
    "name": Key(read_text, '"Channels"'),
    "away": Key(read_away, _DAYS),
}
PERSON = {
    "name": Key(read_text, '"Bo Lindqvist"'),
    "email": Key(read_email, '"bo@example.com"'),
    "chat": Key(read_chat, '"bo.lindqvist"'),
    "share": Key(read_share, "0.5"),
    "not-seats": Key(read_texts, '["primary"]'),
    "start": Key(read_date, "2026-12-21"),
    "end": Key(read_date, "2026-12-21"),
    "leave": Key(read_leave, _DAYS),
    "works": Key(read_works, '["mon", "tue", "wed"]'),
    "tags": Key(read_tags, '["senior"]'),
    "avoid": Key(read_wishes, _DAYS),
    "prefer": Key(read_wishes, _DAYS),
    "holidays": Key(read_calendar, '"CA-ON"'),
    "formerly": Key(read_former, '"bo"'),
    "accounts": Key(read_accounts, '{ pagerduty = "PABC123" }'),
}
STRETCH = {
    "from": Key(read_date, "2026-12-21", required=True),
    "to": Key(read_date, "2026-12-21"),
    "note": Key(read_note),
}
LEAVE = {**STRETCH, "event": Key(read_event)}
AWAY = {**STRETCH, "owes": Key(read_flag, "true")}
CHANNEL = {"header": Key(read_template, '"{rota}: {crew}"')}
TOP = (
    "include", "rota", "rotations", "teams", "people", "holidays", "rules", "pins", "channel",
    "seats", "meetings", "sources", "brief", "calendar", "publish",
)  # fmt: skip

TEAM_LATER = ("commitment",)
PERSON_LATER = ("team",)


def read_table(spot: Spot, value: object, keys: Mapping[str, Key]) -> Section | None:
    """Read a table that is an item of a list."""
    if not isinstance(value, dict):
        spot.expects("a table", value)
        return None
    return read_section(spot, value, keys)


def read_section(
    spot: Spot, table: Mapping[str, object], keys: Mapping[str, Key], later: Iterable[str] = ()
) -> Section:
    """Read the known keys of a table; report the others, and required ones that are missing."""
    values: dict[str, object] = {}
    for name, value in table.items():
        key = keys.get(name)
        if key is None:
            report_unknown(spot.at(name), keys, later)
            continue
        here = spot.at(name, key.example)
        read = key.read(here, value)
        if read is None:
            here.mark_unread()
        else:
            values[name] = read
    for name, key in keys.items():
        if key.required and name not in table:
            here = spot.at(name, key.example)
            here.missing(here.hint)
    return values


def report_unknown(spot: Spot, known: Iterable[str], later: Iterable[str]) -> None:
    if spot.key in later:
        spot.error("is not supported yet", "take it out for now")
    else:
        spot.mark_unread()
        words = list(known)
        hint = did_you_mean(spot.key, words) or f"possible here: {listed(f'`{word}`' for word in words)}"
        spot.error("is not a key of the roster", hint)
