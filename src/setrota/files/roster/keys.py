"""The keys of a roster: which there are, which are required, how each is read, and an example of it.

Knows what one section may contain. Whether sections agree with each other is for the modules above.
"""

from __future__ import annotations

import re

from setrota.files.roster.days import read_away, read_closed, read_leave, read_starts, read_stretch
from setrota.files.roster.handles import read_handle
from setrota.files.roster.handovers import read_handover, read_weekday_and_time
from setrota.files.roster.lengths import read_every, read_rest, read_while
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
    read_tags,
    read_works,
    table_of,
)
from setrota.files.roster.reading import Spot
from setrota.files.roster.shapes import Key, array, either, line, shaped, table
from setrota.files.roster.spans import read_coverage, read_spans
from setrota.files.roster.tables import report_unknown, tables_of
from setrota.files.roster.values import (
    read_calendar,
    read_chat,
    read_count,
    read_count_or_none,
    read_date,
    read_email,
    read_file_name,
    read_month,
    read_share,
    read_tag,
    read_template,
    read_text,
    read_tolerance,
    read_zone,
)
from setrota.files.toml.documents import BARE_KEY

_CLOSED = '[{ from = 2026-12-24, to = 2027-01-03 }, "holidays"]'
_DAYS = "[{ from = 2026-12-21, to = 2027-01-03 }]"

SERVICES = ("opsgenie", "jira", "pagerduty")
"""The on-call services with their own identities for people."""


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
    "page": "What the team's page warns of, and what it says about people.",
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
        read_weekday_and_time,
        "When one crew hands over to the next: a weekday and a time. Rotations may have their own.",
        '"Monday 09:00"',
        required=True,
    ),
    "schedule": Key(
        read_file_name, "The file for the plan, in the roster's folder; by default `schedule.toml`.", '"schedule.toml"'
    ),
    "quarters-start": Key(read_month, "The month in which the first quarter of the year begins.", '"January"'),
    "closed": Key(
        read_closed,
        'Days on which nobody serves in any rotation; `"holidays"` are those of the rota\'s calendar.',
        _CLOSED,
    ),
    "coverage": Key(
        read_coverage,
        "Spans of time in which one of the rotations named must be on duty; `setrota check` says when none is.",
        '{ "24/7" = ["apac", "emea", "amer"] }',
    ),
}


MIX_OF_ONE = {
    "seats": Key(read_names, "The kinds of seat that count; by default all.", '["primary", "backup"]'),
    "tag": Key(read_tag, "Counts the people who have this tag.", '"senior"'),
    "tags": Key(read_tags, "Counts how many of these tags the people have.", '["emea", "apac", "amer"]'),
    "at-least": Key(read_count, "The smallest number allowed at once.", "1"),
    "at-most": Key(read_count_or_none, "The largest number allowed at once.", "2"),
}
ROTATION = {
    "every": Key(
        read_every, "How long a period of duty is, in days, weeks or months; or list its days in `starts`.", '"2 weeks"'
    ),
    "starts": Key(
        read_starts,
        "Instead of `every`: the days on which periods begin. The last one is open until another is added.",
        "[2027-01-12, 2027-02-23, 2027-04-06]",
    ),
    "serves": Key(
        read_spans,
        "When somebody is on duty: days, hours or both, or a list of such spans; by default always.",
        '"Mon-Fri 09:00-17:00"',
    ),
    "closed": Key(read_closed, "Days on which nobody serves, instead of the rota's.", _CLOSED),
    "pool": Key(
        read_pool, "The pool that people are drawn from: the name of a list in the teams.", '"engineers"', required=True
    ),
    "seats": Key(
        read_kinds,
        "The kinds of seat to fill, most important first; a kind named twice has two seats.",
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
    "rest": Key(read_rest, "The free time between two duties of one person; by default one whole period.", '"3 weeks"'),
    "max-per-team": Key(
        read_count, "The most people of one team on duty in the same period; by default any number.", "1"
    ),
    "team-rest": Key(
        read_while, "The free time between duties of two people of one team; by default none.", '"1 week"'
    ),
    "mix": Key(
        tables_of(MIX_OF_ONE),
        "How many people with a tag, or how many different tags, a crew of this rotation must or may have.",
        '[{ tag = "senior", at-least = 1 }]',
    ),
    "leave-tolerance": Key(
        read_tolerance,
        'Served days of a period that a person may be away and still serve: a number, or a part such as `"1/4"`.',
        "1",
    ),
    "anchor": Key(
        read_date,
        "A day on which a period begins; by default weeks and days are counted from ISO week 2 of 2024.",
        "2027-01-04",
    ),
    "handover": Key(
        read_handover,
        "This rotation's own handover: `Friday 15:00`, in days `09:00`, in months `1st 09:00`.",
        '"Friday 15:00"',
    ),
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
    "works": Key(
        read_works, "The weekdays on which the person may be on duty; by default all.", '["mon", "tue", "wed"]'
    ),
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
