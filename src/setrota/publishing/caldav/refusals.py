"""What a CalDAV server's refusals mean, in words.

Knows status codes and keys of the roster; asks nobody anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

from setrota.problems import Problem
from setrota.publishing.client import Answer, Explain

NO_SERVER = Problem(
    "CalDAV: whoever answers at `url` is no calendar server",
    hint="`url` is the calendar's CalDAV address; the page that shows it has another",
)

_NOT_THERE = ("there is no calendar at `url`", "create it on the server, or give the right address")
_READING = {
    403: ("this user may not see the calendar", "whoever it belongs to can share it, for reading and writing"),
    404: _NOT_THERE,
    410: _NOT_THERE,
}
_AGAIN = "run it again: it compares anew"
_WRITING = {
    403: ("this user may not change this, says the server", "whoever the calendar belongs to can let others write"),
    404: ("it isn't there any more, or the whole calendar isn't", _AGAIN),
    405: ("the calendar can't be written to", "is `url` the calendar itself?"),
    409: ("the server has an event of this identity that it doesn't show, or no calendar", _AGAIN),
    410: ("it isn't there any more", _AGAIN),
    412: ("somebody has changed it meanwhile", _AGAIN),
    413: ("it is larger than the server takes", None),
    423: ("somebody has locked it", "try again later"),
    507: ("the server has no room left", "make room in the calendar, then run it again"),
}


def explained(url: str, values: Mapping[str, Any]) -> Explain:
    """What a server's refusals mean, for a calendar at `url` and the keys of `publish.caldav`."""

    def explain(answer: Answer, what: str) -> Problem | None:
        method = what.split(" ", 1)[0]
        if answer.status == 401:
            return _problem(*_unknown(answer, values))
        if 300 <= answer.status < 400 and (onward := _onward(url, answer)):
            return _problem(f"the server sends us on to `{onward}`", "if that is the calendar, give it as `url`")
        if method in ("PUT", "DELETE"):
            meaning = _WRITING.get(answer.status)
            return _problem(*meaning) if meaning else None
        if answer.status in (405, 501):
            return NO_SERVER
        return _problem(*_READING[answer.status]) if answer.status in _READING else None

    return explain


def _unknown(answer: Answer, values: Mapping[str, Any]) -> tuple[str, str]:
    username = values.get("username")
    if username is None:
        return "the server wants to know who we are", "give a `username` in the roster, and a password"
    if "basic" not in answer.headers.get("www-authenticate", "basic").lower():
        return "the server doesn't take passwords the simple way (Basic)", "let it take them, over https"
    if "password-file" in values:
        source = f"the file `{values['password-file']}`"
    else:
        source = f"the variable `{values.get('password-env', 'SETROTA_CALDAV_PASSWORD')}`"
    return f"the server doesn't know `{username}` with this password", f"the password is in {source}"


def _onward(url: str, answer: Answer) -> str | None:
    """Where a redirection leads, without what may be secret in it."""
    try:
        parts = urlsplit(urljoin(url, answer.headers.get("location", "")))
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else None
    except ValueError:
        return None


def _problem(message: str, hint: str | None) -> Problem:
    return Problem(f"CalDAV: {message}", hint=hint)
