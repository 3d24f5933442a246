"""The keys of a roster: which there are, which are required, how each is read, and an example of it.

Knows what one section may contain. Whether sections agree with each other is for the modules above.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from setrota.dates.periods import DAY
from setrota.files.roster.handles import read_handle
from setrota.files.roster.lists import (
    Item,
    list_of,
    once_each,
    read_each,
    read_items,
    read_kinds,
    read_names,
    read_one_or_list,
    read_pattern,
    read_seats,
    read_tags,
    read_works,
)
from setrota.files.roster.reading import Spot, Unreadable
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
from setrota.problems import did_you_mean, listed_quotes
from setrota.roster import Away, Leave

Section: TypeAlias = Mapping[str, Any]
"""The values of a section's keys, as far as they could be read: each of the type that its key reads."""


class Key(NamedTuple):
    """How a key's value is read, and a value that would do, as it stands in the file."""

    read: Callable[[Spot, object], Any]
    example: str | None = None
    required: bool = False


def read_pool(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if text in TEAM or text in TEAM_LATER:
        raise spot.unreadable(f"can't be `{text}`, which is a key of teams", code="reserved-name")
    if not re.fullmatch(BARE_KEY, text):
        raise spot.unreadable(f"is `{text}`; pools may only have letters, digits, `_` and `-`", code="bad-name")
    return text


def read_stretch(spot: Spot, value: object) -> Leave:
    """Read one `{ from, to }`; without `to` it is one day."""
    return _days(spot, read_table(spot, value, STRETCH))


def read_leave(spot: Spot, value: object) -> Leave:
    """Read one `{ from, to }`; its note and the mark of its event are dropped."""
    return _days(spot, read_table(spot, value, LEAVE))


def read_away(spot: Spot, value: object) -> Away:
    """Read one `{ from, to, owes }`; its note is dropped."""
    values = read_table(spot, value, AWAY)
    return Away(*_days(spot, values), values.get("owes", False))


def _days(spot: Spot, values: Section) -> Leave:
    first, last = values.get("from"), values.get("to", values.get("from"))
    if first is None or last is None:
        raise Unreadable
    if last < first:
        hint = "both days are included; for a single day, remove `to`"
        message = f"is {last}, which is before `from` ({first})"
        raise spot.at("to").unreadable(message, hint, code="ends-before-it-starts")
    return Leave(first, last + DAY)


def read_note(spot: Spot, value: object) -> str:
    """Read a note, which is for people who read the file; its text is dropped."""
    spot.expect(str, "text", value)
    return ""


def read_event(spot: Spot, value: object) -> str:
    """Read the mark that an import gives the leave of a calendar's event."""
    if not isinstance(value, str) or not re.fullmatch(EVENT, value):
        hint = "only `setrota leave import` writes this key; remove it from leave that you enter yourself"
        raise spot.unreadable("should be 12 hexadecimal digits", hint, code="not-an-event")
    return value


def read_former(spot: Spot, value: object) -> tuple[Item[str], ...]:
    """Read one handle or a list of them."""
    return once_each(read_one_or_list(spot, value, read_handle))


def read_shares(spot: Spot, value: object) -> float | dict[str, float]:
    """Read one share, or a table with a share for each rotation."""
    if isinstance(value, list):
        raise spot.unreadable("with dates is not supported yet", code="not-supported")
    return read_each(spot, value, read_share) if isinstance(value, dict) else read_share(spot, value)


def read_accounts(spot: Spot, value: object) -> dict[str, str]:
    """Read a person's identity in each service."""
    table = spot.expect(dict, "a table", value)
    for service in [each for each in table if each not in SERVICES]:
        report_unknown(spot.at(service), SERVICES, ())
    return read_each(spot, {service: name for service, name in table.items() if service in SERVICES}, read_text)


EVENT = "[0-9a-f]{12}"
"""The pattern of marks of events."""

SERVICES = ("opsgenie", "jira", "pagerduty")
"""The on-call services with their own identities for people."""

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
    "seat-teams": Key(
        partial(read_each, read=read_names, example='["channels", "search"]'), '{ primary = ["channels", "search"] }'
    ),
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
    "away": Key(list_of(read_away), _DAYS),
}
PERSON = {
    "name": Key(read_text, '"Bo Lindqvist"'),
    "email": Key(read_email, '"bo@example.com"'),
    "chat": Key(read_chat, '"bo.lindqvist"'),
    "share": Key(read_shares, "0.5"),
    "not-seats": Key(partial(read_items, read=read_text), '["primary"]'),
    "start": Key(read_date, "2026-12-21"),
    "end": Key(read_date, "2026-12-21"),
    "leave": Key(list_of(read_leave), _DAYS),
    "works": Key(read_works, '["mon", "tue", "wed"]'),
    "tags": Key(read_tags, '["senior"]'),
    "avoid": Key(list_of(read_stretch), _DAYS),
    "prefer": Key(list_of(read_stretch), _DAYS),
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


def read_table(spot: Spot, value: object, keys: Mapping[str, Key]) -> Section:
    """Read a table that is an item of a list."""
    return read_section(spot, spot.expect(dict, "a table", value), keys)


def tables_of(keys: Mapping[str, Key]) -> Callable[[Spot, object], tuple[Item[Section], ...]]:
    """A reader of lists of tables with these keys."""
    return partial(read_items, read=partial(read_table, keys=keys))


def read_section(
    spot: Spot, table: Mapping[str, object], keys: Mapping[str, Key], later: Iterable[str] = ()
) -> Section:
    """Read the known keys of a table; report the others, and required ones that are missing."""
    values: dict[str, object] = {}
    for name, value in table.items():
        if key := keys.get(name):
            read = spot.at(name, key.example).read(key.read, value)
            values |= {} if read is None else {name: read}
        else:
            report_unknown(spot.at(name), keys, later)
    for name, key in keys.items():
        if key.required and name not in table:
            here = spot.at(name, key.example)
            here.missing(here.hint, code="missing-key")
    return values


def given(values: Section, *keys: str, **renamed: str) -> dict[str, Any]:
    """The values of some keys of a section, by the names of the fields they belong in; missing keys are left out."""
    names = {key.replace("-", "_"): key for key in keys} | renamed
    return {name: values[key] for name, key in names.items() if key in values}


def report_unknown(spot: Spot, known: Iterable[str], later: Iterable[str]) -> None:
    if spot.key in later:
        spot.error("is not supported yet", "remove it for now", code="not-supported")
    else:
        spot.mark_unread()
        words = list(known)
        hint = did_you_mean(spot.key, words) or f"the keys here are {listed_quotes(words)}"
        spot.error("is not a key of the roster", hint, code="unknown-key")
