"""One calendar on one server: reads our events in it and sends calls to it.

Knows what CalDAV servers mean by their answers. Refuses to know what should be in the calendar.

Tried: `caldav` 3.6 brings a second HTTP client (`niquests`), silently skips events that it can't read, and its search
by date fails if one event is damaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from setrota.problems import Problem, listed
from setrota.publish.caldav.events import RemoteEvent, own_uid, says_same
from setrota.publish.caldav.multistatus import CALDAV, CALENDAR_QUESTION, DAV, EVENTS_QUESTION, Member, members
from setrota.publish.calls import Call, CallResult
from setrota.publish.client import Client
from setrota.publish.limit import TimeLimit
from setrota.publish.responses import Explain, Failed, Response, in_time, problem, quoted, shortened
from setrota.publish.secrets import Secret, secret_of
from setrota.roster import Roster

SERVICE = "CalDAV"
AT_ONCE = 6
"""How many events to send at a time: as many connections as browsers open to a server."""

_WRONG_PAGE = "use the calendar's CalDAV address, which differs from that of the page that shows it"
NO_SERVER = problem(SERVICE, "the server at `url` is not a calendar server", _WRONG_PAGE, code="wrong-server")

XML = {"Content-Type": "application/xml; charset=utf-8"}
MOST_NAMED = 5


class CalendarServer:
    """Talks to the calendar that a roster's `publish.caldav` describes, read from the file `roster`.

    Raises Refused if the password is missing.
    """

    def __init__(self, values: Mapping[str, Any], roster: Path, limit: TimeLimit) -> None:
        self.url = f"{values['url'].rstrip('/')}/"
        username = values.get("username")
        password = secret_of("caldav", values, roster, key="password") if username else None
        auth = (username, password.reveal()) if username and password else None
        explain = explain_refusals(self.url, username, password)
        self._limit = limit
        self.client = Client(SERVICE, {}, explain=explain, auth=auth, limit=limit)

    def events(self, roster: Roster) -> list[RemoteEvent]:
        """Return the rota's events in the calendar. Raises Failed if it isn't a calendar, or if events are hidden."""
        self._check_calendar()
        found = self._asked("REPORT", self.url, EVENTS_QUESTION, "1")
        return in_time(self._limit, partial(self._own, roster, found))

    def _own(self, roster: Roster, found: list[Member]) -> list[RemoteEvent]:
        existing: dict[str, RemoteEvent] = {}
        for member in found:
            text = member.text(f"{CALDAV}calendar-data")
            if member.status == 507 or (text is None and member.status == 200 and not self._is_itself(member)):
                message = "the server doesn't show all events of the calendar"
                hint = "raise the server's limit on the number of results"
                raise Failed(problem(SERVICE, message, hint, code="events-hidden"))
            if text and (uid := own_uid(roster, text)):
                address = self._inside(member)
                existing[address] = RemoteEvent(uid, address, _version(member), text)
        return list(existing.values())

    def send(self, call: Call) -> CallResult:
        """Send a call. If it is refused because the first try arrived after all, it counts as done."""
        result = self.client.send(call)
        if result.status in (404, 412) and self._is_done(call):
            return CallResult(call=call)
        return result

    def _is_done(self, call: Call) -> bool:
        try:
            there = self.client.get(call.url)
            same = partial(says_same, call.body, there)
            return call.method == "PUT" and isinstance(there, str) and in_time(self._limit, same)
        except Failed as failed:
            return call.method == "DELETE" and failed.status in (404, 410)

    def _check_calendar(self) -> None:
        # A server may turn a file that is written outside its calendars into a new calendar, so ask before writing.
        found = self._asked("PROPFIND", self.url, CALENDAR_QUESTION, "0")
        if any(member.is_calendar for member in found):
            return
        calendars = self._calendars(found)
        hint = "create the calendar on the server, and set `url` to its address"
        if calendars:
            more = [f"{len(calendars) - MOST_NAMED} more"] if len(calendars) > MOST_NAMED else []
            named = [f"`{shortened(url)}`" for url in calendars[:MOST_NAMED]]
            hint = f"the server has these calendars: {listed([*named, *more])}"
        raise Failed(problem(SERVICE, f"`{self.url}` exists but is not a calendar", hint, code="not-a-calendar"))

    def _calendars(self, found: list[Member]) -> list[str]:
        """Return the addresses of the user's calendars that the server shows."""
        try:
            home = _link(found, f"{CALDAV}calendar-home-set")
            principal = _link(found, f"{DAV}current-user-principal")
            if not home and principal:
                found = self._asked("PROPFIND", self._address(principal), CALENDAR_QUESTION, "0")
                home = _link(found, f"{CALDAV}calendar-home-set")
            where = self._address(home) if home else self.url
            around = self._asked("PROPFIND", where, CALENDAR_QUESTION, "1")
        except Failed:
            return []
        return [self._address(member.href) for member in around if member.is_calendar]

    def _asked(self, method: str, url: str, question: str, depth: str) -> list[Member]:
        answer = self.client.ask(method, url, question, headers={**XML, "Depth": depth})
        try:
            return members(answer)
        except ValueError:
            raise Failed(NO_SERVER) from None

    def _inside(self, member: Member) -> str:
        """Return the address of one of our events. Raises Failed if it isn't inside the calendar."""
        address = self._address(member.href)
        path, home = (unquote(urlsplit(url).path) for url in (address, self.url))
        within = path.removeprefix(home).split("/") if path.startswith(home) else [".."]
        if {"", ".", ".."} & set(within):
            # Deleting it would delete the calendar, or more.
            message = f"the server has an event of the rota outside the calendar, at `{shortened(address)}`"
            hint = "set `url` to the calendar's own address"
            raise Failed(problem(SERVICE, message, hint, code="event-outside-calendar"))
        return address

    def _is_itself(self, member: Member) -> bool:
        return self._address(member.href).rstrip("/") == self.url.rstrip("/")

    def _address(self, href: str) -> str:
        """Return a resource's address. The host is always the roster's, so that no other gets the password."""
        try:
            path = urlsplit(href).path
        except ValueError:
            raise Failed(NO_SERVER) from None
        home = urlsplit(self.url)
        # Put together from its parts: joined, a path that is an address itself would lead to its host.
        whole = f"/{path.lstrip('/')}" if path.startswith("/") else home.path + path
        return home._replace(path=whole, query="", fragment="").geturl()


def _version(member: Member) -> str:
    """Return the version of an event on the server, to send back to it. Raises Failed if no request can carry it."""
    found = (member.text(f"{DAV}getetag") or "").strip()
    if not found.isascii() or not found.isprintable():
        message = f"the server names the version of an event `{shortened(found)}`, which no request can carry"
        raise Failed(problem(SERVICE, message, code="unexpected-answer"))
    return found


def _link(found: list[Member], name: str) -> str | None:
    return next((link for member in found if (link := member.link(name))), None)


# What refusals mean


_NOT_THERE = problem(
    SERVICE,
    "there is no calendar at `url`",
    "create it on the server, or correct the address",
    code="no-such-calendar",
)
_READING = {
    403: problem(
        SERVICE,
        "this user may not see the calendar",
        "ask the calendar's owner to share it for reading and writing",
        code="not-allowed",
    ),
    404: _NOT_THERE,
    410: _NOT_THERE,
}
_AGAIN = "run it again: it compares again"
_WRITING = {
    403: problem(
        SERVICE,
        "this user may not change it",
        "ask the calendar's owner to share it for writing",
        code="not-allowed",
    ),
    404: problem(SERVICE, "it no longer exists, or the whole calendar doesn't", _AGAIN, code="changed-meanwhile"),
    405: problem(
        SERVICE, "the calendar can't be written to", "set `url` to the calendar's own address", code="not-a-calendar"
    ),
    409: problem(
        SERVICE,
        "the server has an event with this identity that it doesn't show, or no calendar",
        _AGAIN,
        code="changed-meanwhile",
    ),
    410: problem(SERVICE, "it no longer exists", _AGAIN, code="changed-meanwhile"),
    412: problem(SERVICE, "it was changed meanwhile", _AGAIN, code="changed-meanwhile"),
    413: problem(SERVICE, "it is larger than the server allows", code="request-refused"),
    423: problem(SERVICE, "it is locked on the server", "try again later", code="locked"),
    507: problem(
        SERVICE, "the server has no space left", "free some space there, then run it again", code="server-full"
    ),
}
_UNCLEAR = (403, 409, 413)
"""With these the server's own message may say more than the status."""


def explain_refusals(url: str, username: str | None, password: Secret | None) -> Explain:
    """Return what explains a server's refusals, for a calendar at `url` and the given credentials."""

    def explain(response: Response, what: str) -> Problem | None:
        method = what.split(" ", 1)[0]
        if response.status == 401:
            return _login_refused(response, username, password)
        if 300 <= response.status < 400 and (onward := _onward(url, response)):
            message = f"the server redirects to `{shortened(onward)}`"
            return problem(SERVICE, message, "if that is the calendar, set `url` to it", code="redirected")
        writes = method in ("PUT", "DELETE")
        if response.status in (405, 501) and not writes:
            return NO_SERVER
        meaning = (_WRITING if writes else _READING).get(response.status)
        if meaning is None:
            return None
        words = quoted(response) if response.status in _UNCLEAR else ""
        return replace(meaning, message=f"{meaning.message}{words}")

    return explain


def _login_refused(response: Response, username: str | None, password: Secret | None) -> Problem:
    if username is None or password is None:
        hint = "add `username` to `[publish.caldav]`, and set its password"
        return problem(SERVICE, "the server asks for a login", hint, code="login-needed")
    if "basic" not in response.headers.get("www-authenticate", "basic").lower():
        message, hint = "the server doesn't accept Basic authentication", "allow it on the server, over https"
        return problem(SERVICE, message, hint, code="basic-login-refused")
    message = f"the server doesn't accept `{username}` with this password"
    return problem(SERVICE, message, f"the password comes from {password.source}", code="login-refused")


def _onward(url: str, response: Response) -> str | None:
    """Return where a redirect leads, without its secrets."""
    try:
        parts = urlsplit(urljoin(url, response.headers.get("location", "")))
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}" if parts.netloc else None
    except ValueError:
        return None
