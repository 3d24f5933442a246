"""What a CalDAV server's refusals mean, in words.

Knows status codes and keys of the roster; asks nobody anything.
"""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from setrota.problems import Problem
from setrota.publish.responses import Explain, Response, problem, quoted
from setrota.publish.secrets import Secret

SERVICE = "CalDAV"

NO_SERVER = problem(
    SERVICE,
    "whoever answers at `url` is no calendar server",
    "`url` is the calendar's CalDAV address; the page that shows it has another",
)

_NOT_THERE = ("there is no calendar at `url`", "create it on the server, or give the right address")
_READING = {
    403: ("this user may not see the calendar", "whoever it belongs to can share it, for reading and writing"),
    404: _NOT_THERE,
    410: _NOT_THERE,
}
_AGAIN = "run it again: it compares anew"
_WRITING = {
    403: ("this user may not change it", "whoever the calendar belongs to can let others write"),
    404: ("it isn't there any more, or the whole calendar isn't", _AGAIN),
    405: ("the calendar can't be written to", "is `url` the calendar itself?"),
    409: ("the server has an event of this identity that it doesn't show, or no calendar", _AGAIN),
    410: ("it isn't there any more", _AGAIN),
    412: ("somebody has changed it meanwhile", _AGAIN),
    413: ("it is larger than the server takes", None),
    423: ("somebody has locked it", "try again later"),
    507: ("the server has no room left", "make room in the calendar, then run it again"),
}
_UNCLEAR = (403, 409, 413)
"""What the server says of these may be more than the words for the number."""


def explain_refusals(url: str, username: str | None, password: Secret | None) -> Explain:
    """What a server's refusals mean, for a calendar at `url` and who we say we are."""

    def explain(response: Response, what: str) -> Problem | None:
        method = what.split(" ", 1)[0]
        if response.status == 401:
            return problem(SERVICE, *_not_accepted(response, username, password))
        if 300 <= response.status < 400 and (onward := _onward(url, response)):
            message = f"the server sends us on to `{onward}`"
            return problem(SERVICE, message, "if that is the calendar, give it as `url`")
        writes = method in ("PUT", "DELETE")
        if response.status in (405, 501) and not writes:
            return NO_SERVER
        meaning = (_WRITING if writes else _READING).get(response.status)
        if meaning is None:
            return None
        words = quoted(response) if response.status in _UNCLEAR else ""
        return problem(SERVICE, f"{meaning[0]}{words}", meaning[1])

    return explain


def _not_accepted(response: Response, username: str | None, password: Secret | None) -> tuple[str, str]:
    if username is None or password is None:
        return "the server wants to know who we are", "give a `username` in the roster, and a password"
    if "basic" not in response.headers.get("www-authenticate", "basic").lower():
        return "the server doesn't take passwords the simple way (Basic)", "let it take them, over https"
    return f"the server doesn't know `{username}` with this password", f"the password comes from {password.source}"


def _onward(url: str, response: Response) -> str | None:
    """Where a redirection leads, without what may be secret in it."""
    try:
        parts = urlsplit(urljoin(url, response.headers.get("location", "")))
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else None
    except ValueError:
        return None
