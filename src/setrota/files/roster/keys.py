"""The keys of a roster: which there are, which are required, how each is read, and an example of it.

Knows what one section may contain. Whether sections agree with each other is for the modules above.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from typing import Any, TypeAlias

from setrota.dates.periods import DAY
from setrota.files.roster.handles import read_handle
from setrota.files.roster.lists import (
    Item,
    items_of,
    list_of,
    once_each,
    read_each,
    read_kinds,
    read_names,
    read_one_or_list,
    read_pattern,
    read_seats,
    read_tags,
    read_works,
    table_of,
)
from setrota.files.roster.places import lists_days, without_notes
from setrota.files.roster.reading import Spot, Unreadable
from setrota.files.roster.shapes import Key, ValueReader, array, either, exactly, line, shaped, table
from setrota.files.roster.values import (
    read_calendar,
    read_chat,
    read_count,
    read_count_or_none,
    read_date,
    read_email,
    read_file_name,
    read_flag,
    read_handover,
    read_month,
    read_period_weeks,
    read_rest_weeks,
    read_share,
    read_tag,
    read_template,
    read_text,
    read_zone,
)
from setrota.files.toml.documents import BARE_KEY, dotted
from setrota.problems import did_you_mean, listed_quotes, nearest
from setrota.roster import Away, Leave

Section: TypeAlias = Mapping[str, Any]
"""The values of a section's keys, as far as they could be read: each of the type that its key reads."""


NOT_NOTES = (
    "begin", "comment", "date", "day", "days", "description", "end", "event", "first", "kind", "last", "name",
    "owes", "person", "reason", "since", "start", "summary", "team", "till", "title", "type", "until", "who", "why",
)  # fmt: skip
"""Words that people write for keys of days. Messages name them, but no other unknown key, which may be a note."""

_DAYS = "[{ from = 2026-12-21, to = 2027-01-03 }]"

EVENT = "[0-9a-f]{12}"
"""The pattern of marks of events."""

SERVICES = ("opsgenie", "jira", "pagerduty")
"""The on-call services with their own identities for people."""


@shaped({"type": "string"})
def read_note(spot: Spot, value: object) -> str:
    """Read a note, which is for people who read the file; its text is dropped."""
    spot.expect(str, "text", value)
    return ""


@shaped(exactly(EVENT))
def read_event(spot: Spot, value: object) -> str:
    """Read the mark that an import gives the leave of a calendar's event."""
    if not isinstance(value, str) or not re.fullmatch(EVENT, value):
        hint = "only `setrota leave import` writes this key; remove it from leave that you enter yourself"
        raise spot.unreadable("should be 12 hexadecimal digits", hint, code="not-an-event")
    return value


STRETCH = {
    "from": Key(read_date, "The first day.", "2026-12-21", required=True),
    "to": Key(read_date, "The last day, included; without it, `from` is the only day.", "2026-12-21"),
    "note": Key(read_note, "A note for readers of this file; no command shows it."),
}
LEAVE = {
    **STRETCH,
    "event": Key(read_event, "The mark of an imported event. `setrota leave import` writes it; leave it alone."),
}
AWAY = {
    **STRETCH,
    "owes": Key(read_flag, "Whether the shares of the team's people go on accruing; by default they don't.", "true"),
}


@shaped(table(STRETCH))
def read_stretch(spot: Spot, value: object) -> Leave:
    """Read one `{ from, to }`; without `to` it is one day."""
    return _days(spot, read_table(spot, value, STRETCH))


@shaped(table(LEAVE))
def read_leave(spot: Spot, value: object) -> Leave:
    """Read one `{ from, to }`; its note and the mark of its event are dropped."""
    return _days(spot, read_table(spot, value, LEAVE))


@shaped(table(AWAY))
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


@shaped(line(BARE_KEY))
def read_pool(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if text in TEAM or text in TEAM_LATER:
        raise spot.unreadable(f"can't be `{text}`, which is a key of teams", code="reserved-name")
    if not re.fullmatch(BARE_KEY, text):
        raise spot.unreadable(f"is `{text}`; pools may only have letters, digits, `_` and `-`", code="bad-name")
    return text


@shaped(either(read_handle.shape, array(read_handle.shape, uniqueItems=True)))
def read_former(spot: Spot, value: object) -> tuple[Item[str], ...]:
    """Read one handle or a list of them."""
    return once_each(read_one_or_list(spot, value, read_handle))


@shaped(either(read_share.shape, table_of(read_share).shape))
def read_shares(spot: Spot, value: object) -> float | dict[str, float]:
    """Read one share, or a table with a share for each rotation."""
    if isinstance(value, list):
        raise spot.unreadable("with dates is not supported yet", code="not-supported")
    return read_each(spot, value, read_share) if isinstance(value, dict) else read_share(spot, value)


@shaped(table({service: Key(read_text, f"How {service} knows the person.") for service in SERVICES}))
def read_accounts(spot: Spot, value: object) -> dict[str, str]:
    """Read a person's identity in each service."""
    table = spot.expect(dict, "a table", value)
    for service in [each for each in table if each not in SERVICES]:
        report_unknown(spot.at(service), SERVICES, ())
    return read_each(spot, {service: name for service, name in table.items() if service in SERVICES}, read_text)


TOP = {
    "include": "Other files to read as parts of this one, by name or glob, such as one for each team.",
    "include-outside": "Files outside the roster's folder to read, too, each by its name; only in the roster itself.",
    "rota": "What the rota is called, its time zone, and when one crew hands over to the next.",
    "rotations": "The duties, each with its own length, seats and pool of people.",
    "teams": "The teams and the people that each has in the pools.",
    "people": "What setrota should know about people: names, shares, leave, wishes.",
    "holidays": "Public holidays, which are shared out fairly too.",
    "rules": "Rules for everyone: who serves together, limits on duties, and which rules may give way.",
    "pins": "Seats that you give to a person yourself.",
    "channel": "The header of the chat channel.",
    "seats": "What calendars and the handover note say about each kind of seat.",
    "meetings": "Meetings of the people on duty.",
    "sources": "Where work comes from and how often to look.",
    "brief": "The note about the next handover, which `setrota brief` writes.",
    "calendar": "What the exported calendars contain besides the duties.",
    "publish": "Where `setrota publish` sends the rota.",
}
"""The sections of a roster, `include` and `include-outside`, each with what it is for."""

ROTA = {
    "name": Key(
        read_text, "The rota's name, as calendars and messages show it.", '"Sustained Engineering"', required=True
    ),
    "short-name": Key(read_text, "A short name for titles of events; by default the initials of `name`.", '"SET"'),
    "timezone": Key(
        read_zone,
        "The time zone of handovers and dates. Handovers keep their local time when the clocks change.",
        '"America/Toronto"',
        required=True,
    ),
    "handover": Key(
        read_handover, "When one crew hands over to the next: a weekday and a time.", '"Monday 09:00"', required=True
    ),
    "schedule": Key(
        read_file_name, "The file for the plan, in the roster's folder; by default `schedule.toml`.", '"schedule.toml"'
    ),
    "quarters-start": Key(read_month, "The month in which the first quarter of the year begins.", '"January"'),
}


def read_table(spot: Spot, value: object, keys: Mapping[str, Key]) -> Section:
    """Read a table that is an item of a list."""
    single = f"write `{{ from = {value} }}`" if isinstance(value, date) and "from" in keys else None
    return read_section(spot, spot.expect(dict, "a table", value, single), keys)


def tables_of(keys: Mapping[str, Key]) -> ValueReader[tuple[Item[Section], ...]]:
    """A reader of lists of tables with these keys."""
    return items_of(ValueReader(partial(read_table, keys=keys), table(keys)))


MIX_OF_ONE = {
    "seats": Key(read_names, "The kinds of seat that count; by default all.", '["primary", "backup"]'),
    "tag": Key(read_tag, "Counts the people who have this tag.", '"senior"'),
    "tags": Key(read_tags, "Counts how many of these tags the people have.", '["emea", "apac", "amer"]'),
    "at-least": Key(read_count, "The smallest number allowed at once.", "1"),
    "at-most": Key(read_count_or_none, "The largest number allowed at once.", "2"),
}
ROTATION = {
    "every": Key(read_period_weeks, "How long a period of duty is, in whole weeks.", '"2 weeks"', required=True),
    "pool": Key(
        read_pool, "The pool that people are drawn from: the name of a list in the teams.", '"engineers"', required=True
    ),
    "seats": Key(
        read_seats,
        "The kinds of seat to fill, most important first. Name a kind twice for two seats of it.",
        '["primary", "backup"]',
        required=True,
    ),
    "optional-seats": Key(read_kinds, "Kinds of seat that are filled only when possible.", '["shadow"]'),
    "seat-teams": Key(
        table_of(read_names, '["channels", "search"]'),
        "For each kind of seat named here, the only teams whose people may fill it.",
        '{ primary = ["channels", "search"] }',
    ),
    "pattern": Key(
        read_pattern,
        "A duty of several periods: the kind of seat that a person has in each, in order.",
        '["backup", "primary"]',
    ),
    "rest": Key(read_rest_weeks, "Free weeks between two duties of one person; by default one period.", '"3 weeks"'),
    "max-per-team": Key(
        read_count, "The most people of one team on duty in the same period; by default any number.", "1"
    ),
    "team-rest": Key(
        read_rest_weeks, "Free weeks between duties of two people of one team; by default none.", '"1 week"'
    ),
    "mix": Key(
        tables_of(MIX_OF_ONE),
        "How many people with a tag, or how many different tags, a crew of this rotation must or may have.",
        '[{ tag = "senior", at-least = 1 }]',
    ),
    "leave-tolerance": Key(
        read_count_or_none, "Working days of a period that a person may be away and still serve; by default 0.", "1"
    ),
    "anchor": Key(
        read_date,
        "A day on which a period begins; by default periods are counted from ISO week 2 of 2024.",
        "2027-01-04",
    ),
    "handover": Key(read_handover, "This rotation's own weekday and time of handover.", '"Friday 15:00"'),
    "timezone": Key(read_zone, "The time zone of this rotation's handover.", '"Europe/Berlin"'),
}
TEAM = {
    "name": Key(read_text, "The team's name, as people see it; by default its key.", '"Channels"'),
    "away": Key(list_of(read_away), "Days on which nobody in the team serves. Both ends are included.", _DAYS),
}
PERSON = {
    "name": Key(read_text, "The person's name; by default the handle.", '"Bo Lindqvist"'),
    "email": Key(read_email, "The person's e-mail address.", '"bo@example.com"'),
    "chat": Key(read_chat, "The person's name in the chat; by default the handle.", '"bo.lindqvist"'),
    "share": Key(
        read_shares, "The part of a full share that the person owes, or one for each rotation; by default 1.", "0.5"
    ),
    "not-seats": Key(
        items_of(read_text),
        "Kinds of seat that the person isn't ready for, `primary` or `engineer/primary`.",
        '["primary"]',
    ),
    "start": Key(read_date, "The first day on which the person may serve.", "2026-12-21"),
    "end": Key(read_date, "The last day on which the person may serve.", "2026-12-21"),
    "leave": Key(list_of(read_leave), "Days on which the person is away. Both ends are included.", _DAYS),
    "works": Key(read_works, "The weekdays on which the person works; by default all.", '["mon", "tue", "wed"]'),
    "tags": Key(read_tags, "Words that the rules can count, such as skills or regions.", '["senior"]'),
    "avoid": Key(list_of(read_stretch), "Days on which the person would rather not serve.", _DAYS),
    "prefer": Key(list_of(read_stretch), "Days on which the person would like to serve.", _DAYS),
    "holidays": Key(
        read_calendar,
        "The public holidays that the person keeps: a country, or a country and its part; by default the rota's.",
        '"CA-ON"',
    ),
    "formerly": Key(read_former, "The handle or handles that the person had before.", '"bo"'),
    "accounts": Key(read_accounts, "How on-call services know the person.", '{ pagerduty = "PABC123" }'),
}
CHANNEL = {"header": Key(read_template, "The header's text, with placeholders such as `{crew}`.", '"{rota}: {crew}"')}

TEAM_LATER = ("commitment",)
PERSON_LATER = ("team",)


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
        return
    spot.mark_unread()
    words = list(known)
    hint = did_you_mean(spot.key, words) or f"the keys here are {listed_quotes(words)}"
    if spot.key in ("include", "include-outside"):
        hint = f"move `{spot.key}` to the first lines of the roster, before any `[section]`"
    if lists_days(spot.path[:3]) and not (spot.key in NOT_NOTES or nearest(spot.key, words, likeness=0.75)):
        message = f"`{dotted(without_notes(spot.path))}` has a key that is not one of the roster"
        spot.reading.add(spot.path, message, f"the keys here are {listed_quotes(words)}", code="unknown-key")
    else:
        spot.error("is not a key of the roster", hint, code="unknown-key")
