"""The keys of `publish` and its targets: where a rota is published.

Knows what these sections may contain. A roster never contains a secret, only the name of a variable or file with one.
It can name only variables that are for setrota: a stranger's roster could send any other to a server of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from setrota.files.roster.lists import table_of
from setrota.files.roster.notes import read_link
from setrota.files.roster.reading import Spot
from setrota.files.roster.shapes import NOTHING, Key, line, shaped
from setrota.files.roster.tables import Section, read_section, report_unknown
from setrota.files.roster.values import read_file_name, read_text
from setrota.problems import did_you_mean, listed_quotes

WEBHOOK_SERVICES = ("mattermost", "slack")

OWN_VARIABLES = "SETROTA_"
"""How the names of environment variables begin that a roster may name."""

SETTINGS = ("SETROTA_ROSTER", "SETROTA_SCHEDULE", "SETROTA_NOW", "SETROTA_SECRETS")
"""Variables with such a name that hold no secret."""

_VARIABLE = r"[A-Za-z_][A-Za-z0-9_]*"
_SERVER = (
    r"([Hh][Tt][Tt][Pp][Ss]://[^\s/?#<>\"]+"
    r"|[Hh][Tt][Tt][Pp]://([Ll][Oo][Cc][Aa][Ll][Hh][Oo][Ss][Tt]|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]*)?)"
)
"""The beginning of an address that secrets may be sent to: over TLS, or without leaving this machine."""


@shaped(line(rf"{OWN_VARIABLES}[A-Za-z0-9_]+"))
def read_variable(spot: Spot, value: object) -> str:
    text = read_text(spot, value)
    # The value may be the secret itself, so no message repeats it.
    if not re.fullmatch(_VARIABLE, text):
        raise spot.unreadable("is not the name of an environment variable", code="not-a-variable")
    if not re.fullmatch(f"{OWN_VARIABLES}.+", text):
        hint = f"rename the variable, so that it begins with `{OWN_VARIABLES}`"
        raise spot.unreadable("names an environment variable that is not setrota's", hint, code="foreign-variable")
    return text


@shaped(line(rf"{_SERVER}([/?#][^\s<>\"]*)?"))
def read_server(spot: Spot, value: object) -> str:
    """Read the address of a server, which secrets are sent to."""
    text = read_link(spot, value)
    if not re.match(rf"{_SERVER}([/?#]|$)", text):
        hint = "use `https://`; `http://` only works for `localhost`, `127.0.0.1` and `[::1]`"
        message = "begins with `http://`, so others on the network could read what is sent"
        raise spot.unreadable(message, hint, code="not-encrypted")
    return text


@shaped(line(rf"{_SERVER}(/[^\s?#<>\"]*)?"))
def read_collection(spot: Spot, value: object) -> str:
    """Read the address of a calendar on a server, which names are appended to."""
    text = read_server(spot, value)
    if re.search(r"[?#]", text):
        # The rest may be a secret, so the message doesn't repeat it.
        hint = "remove it and everything after it, so that the address of the calendar is left"
        raise spot.unreadable("contains a `?` or `#`", hint, code="link-with-query")
    return text


read_schedules = table_of(read_text, example='"PABC123"')


@shaped({"type": "string", "enum": list(WEBHOOK_SERVICES)})
def read_webhook_service(spot: Spot, value: object) -> str:
    text = spot.expect(str, "text", value)
    if text not in WEBHOOK_SERVICES:
        hint = did_you_mean(text, WEBHOOK_SERVICES) or f"the services are {listed_quotes(WEBHOOK_SERVICES)}"
        raise spot.unreadable(f"is `{text}`, a service that setrota doesn't know", hint, code="unknown-service")
    return text


@shaped(NOTHING)
def read_secret(spot: Spot, _secret: object) -> None:
    """Report a secret in the roster, without repeating it. Always raises Unreadable."""
    key = spot.key
    hint = f'name the environment variable that has it, `{key}-env = "…"`, or a file, `{key}-file = "…"`'
    raise spot.unreadable("must not be in a roster, which others can read", hint, code="secret-in-roster")


_TOKEN = {
    "token": Key(read_secret, "The token itself must not be in a roster."),
    "token-env": Key(read_variable, "The environment variable that holds the token.", '"SETROTA_TOKEN"'),
    "token-file": Key(
        read_file_name,
        "The file that holds the token, in the roster's folder or one that SETROTA_SECRETS names.",
        '"private/token"',
    ),
}
_ON_CALL = {
    "url": Key(
        read_server,
        "The address of the service's interface, where it isn't the usual one.",
        '"https://api.example.com"',
    ),
    "schedules": Key(
        read_schedules,
        "For each kind of seat, the service's schedule.",
        '{ primary = "PABC123", lead = "PDEF456" }',
        required=True,
    ),
    **_TOKEN,
}
PUBLISH: Mapping[str, Mapping[str, Key]] = {
    "mattermost": {
        "url": Key(read_server, "The server's address.", '"https://chat.example.com"', required=True),
        "team": Key(read_text, "The team, as the channel's address has it.", '"engineering"', required=True),
        "channel": Key(read_text, "The channel, as its address has it.", '"sustained-engineering"', required=True),
        **_TOKEN,
    },
    "webhook": {
        "url": Key(read_secret, "The address itself is a secret, which must not be in a roster."),
        "url-env": Key(read_variable, "The environment variable that holds the address.", '"SETROTA_WEBHOOK_URL"'),
        "url-file": Key(
            read_file_name,
            "The file that holds the address, in the roster's folder or one that SETROTA_SECRETS names.",
            '"private/webhook"',
        ),
        "service": Key(read_webhook_service, "Which service it is; by default `mattermost`.", '"slack"'),
    },
    "caldav": {
        "url": Key(
            read_collection, "The calendar's own address.", '"https://dav.example.com/rota/calendar/"', required=True
        ),
        "username": Key(read_text, "The user who may write to the calendar.", '"rota"'),
        "password": Key(read_secret, "The password itself must not be in a roster."),
        "password-env": Key(
            read_variable, "The environment variable that holds the password.", '"SETROTA_CALDAV_PASSWORD"'
        ),
        "password-file": Key(
            read_file_name,
            "The file that holds the password, in the roster's folder or one that SETROTA_SECRETS names.",
            '"private/caldav"',
        ),
    },
    "opsgenie": _ON_CALL,
    "jira": {
        **_ON_CALL,
        "cloud-id": Key(read_text, "The id of the site.", '"11111111-2222-3333-4444-555555555555"', required=True),
        "username": Key(read_text, "The user whom the token belongs to.", '"rota@example.com"', required=True),
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
            for key in ("token", "url", "password"):
                if f"{key}-env" in value and f"{key}-file" in value:
                    message, hint = f"can't stand beside `{key}-env`", "remove one of the two"
                    here.at(f"{key}-file").error(message, hint, code="conflicting-keys")
        else:
            here.error(here.should_be("a table", value), f"start it with `[publish.{name}]`", code="wrong-type")
    return found
