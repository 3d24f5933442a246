"""The keys of `publish` and its targets: where a rota is published.

Knows what these sections may contain. A roster never contains a secret, only the name of a variable or file with one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

from setrota.files.roster.keys import Key, Section, read_section, report_unknown
from setrota.files.roster.lists import read_each
from setrota.files.roster.notes import read_link
from setrota.files.roster.reading import Spot
from setrota.files.roster.values import read_text
from setrota.problems import did_you_mean, listed_quotes

WEBHOOK_SERVICES = ("mattermost", "slack")


def read_variable(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", text):
        # The value may be the secret itself, so the message doesn't repeat it.
        raise spot.unreadable("is not the name of an environment variable", code="not-a-variable")
    return text


def read_collection(spot: Spot, value: object) -> str:
    """Read the address of a calendar on a server, which names are appended to."""
    text = read_link(spot, value)
    if re.search(r"[?#]", text):
        # The rest may be a secret, so the message doesn't repeat it.
        hint = "remove it and everything after it, so that the address of the calendar is left"
        raise spot.unreadable("contains a `?` or `#`", hint, code="link-with-query")
    return text


read_schedules = partial(read_each, read=read_text, example='"PABC123"')


def read_webhook_service(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    if text not in WEBHOOK_SERVICES:
        hint = did_you_mean(text, WEBHOOK_SERVICES) or f"the services are {listed_quotes(WEBHOOK_SERVICES)}"
        raise spot.unreadable(f"is `{text}`, a service that setrota doesn't know", hint, code="unknown-service")
    return text


def read_secret(spot: Spot, _secret: object) -> None:
    """Report a secret in the roster, without repeating it. Always raises Unreadable."""
    key = spot.key
    hint = f'name the environment variable that has it, `{key}-env = "…"`, or a file, `{key}-file = "…"`'
    raise spot.unreadable("must not be in a roster, which others can read", hint, code="secret-in-roster")


_TOKEN = {
    "token": Key(read_secret),
    "token-env": Key(read_variable, '"SETROTA_TOKEN"'),
    "token-file": Key(read_text, '"/run/secrets/token"'),
}
_ON_CALL = {
    "url": Key(read_link, '"https://api.example.com"'),
    "schedules": Key(read_schedules, '{ primary = "PABC123", lead = "PDEF456" }', required=True),
    **_TOKEN,
}
PUBLISH: Mapping[str, Mapping[str, Key]] = {
    "mattermost": {
        "url": Key(read_link, '"https://chat.example.com"', required=True),
        "team": Key(read_text, '"engineering"', required=True),
        "channel": Key(read_text, '"sustained-engineering"', required=True),
        **_TOKEN,
    },
    "webhook": {
        "url": Key(read_secret),
        "url-env": Key(read_variable, '"SETROTA_WEBHOOK_URL"'),
        "url-file": Key(read_text, '"/run/secrets/webhook"'),
        "service": Key(read_webhook_service, '"slack"'),
    },
    "caldav": {
        "url": Key(read_collection, '"https://dav.example.com/rota/calendar/"', required=True),
        "username": Key(read_text, '"rota"'),
        "password": Key(read_secret),
        "password-env": Key(read_variable, '"SETROTA_CALDAV_PASSWORD"'),
        "password-file": Key(read_text, '"/run/secrets/caldav"'),
    },
    "opsgenie": _ON_CALL,
    "jira": {
        **_ON_CALL,
        "cloud-id": Key(read_text, '"11111111-2222-3333-4444-555555555555"', required=True),
        "username": Key(read_text, '"rota@example.com"', required=True),
    },
    "pagerduty": _ON_CALL,
}
"""The keys of each target, which is a section of `publish`."""


def read_publish(spot: Spot, table: Mapping[str, object]) -> dict[str, Section]:
    found = {}
    for name, value in table.items():
        here = spot.at(name)
        if name not in PUBLISH:
            report_unknown(here, PUBLISH, ())
        elif isinstance(value, dict):
            found[name] = read_section(here, value, PUBLISH[name])
        else:
            here.error(here.should_be("a table", value), f"start it with `[publish.{name}]`", code="wrong-type")
    return found
