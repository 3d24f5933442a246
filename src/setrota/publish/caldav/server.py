"""One calendar on one server: what it holds of ours, and sending it what it should.

Knows what CalDAV servers mean by their answers. Refuses to know what should be in the calendar.

Tried: `caldav` 3.6 brings a second HTTP client (`niquests`), passes over events that it can't read without a word, and
its search by date fails if one event is damaged.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from setrota.problems import Problem, listed
from setrota.publish.caldav.events import RemoteEvent, own_uid, says_same
from setrota.publish.caldav.multistatus import CALDAV, CALENDAR_QUESTION, DAV, EVENTS_QUESTION, Member, members
from setrota.publish.calls import Call, CallResult
from setrota.publish.client import Client
from setrota.publish.responses import Explain, Failed, Response, problem, quoted
from setrota.publish.secrets import Secret, secret_of
from setrota.roster import Roster

SERVICE = "CalDAV"

_WRONG_PAGE = "`url` is the calendar's CalDAV address; the page that shows it has another"
NO_SERVER = problem(SERVICE, "whoever answers at `url` is no calendar server", _WRONG_PAGE)

XML = {"Content-Type": "application/xml; charset=utf-8"}
MOST_NAMED = 5


class CalendarServer:
    """Talks to the calendar that a roster's `publish.caldav` describes; `folder` is the roster's.

    Raises Refused if the password is missing.
    """

    def __init__(self, values: Mapping[str, Any], folder: Path) -> None:
        self.url = f"{values['url'].rstrip('/')}/"
        username = values.get("username")
        password = secret_of("caldav", values, folder, key="password") if username else None
        auth = (username, password.reveal()) if username and password else None
        self.client = Client(SERVICE, {}, explain=explain_refusals(self.url, username, password), auth=auth)

    def events(self, roster: Roster) -> list[RemoteEvent]:
        """The rota's events in the calendar; raises Failed if it isn't one, or doesn't show all it has."""
        self._check_calendar()
        existing: dict[str, RemoteEvent] = {}
        for member in self._asked("REPORT", self.url, EVENTS_QUESTION, "1"):
            text = member.text(f"{CALDAV}calendar-data")
            if member.status == 507 or (text is None and member.status == 200 and not self._is_itself(member)):
                hint = "does it limit how much it tells at once?"
                raise Failed(problem(SERVICE, "the server doesn't show all events of the calendar", hint))
            if text and (uid := own_uid(roster, text)):
                address = self._inside(member)
                existing[address] = RemoteEvent(uid, address, _version(member), text)
        return list(existing.values())

    def send(self, call: Call) -> CallResult:
        """Send a call. What was refused because it is so already is done: the first try may have arrived unanswered."""
        result = self.client.send(call)
        if result.status in (404, 412) and self._is_done(call):
            return CallResult(call=call)
        return result

    def _is_done(self, call: Call) -> bool:
        try:
            there = self.client.get(call.url)
        except Failed as failed:
            return call.method == "DELETE" and failed.status in (404, 410)
        return call.method == "PUT" and isinstance(there, str) and says_same(call.body, there)

    def _check_calendar(self) -> None:
        # A server may take what is written beside its calendars for a calendar of its own: nothing is sent unasked.
        found = self._asked("PROPFIND", self.url, CALENDAR_QUESTION, "0")
        if any(member.is_calendar for member in found):
            return
        calendars = self._calendars(found)
        hint = "create the calendar on the server, and give its address as `url`"
        if calendars:
            more = [f"{len(calendars) - MOST_NAMED} more"] if len(calendars) > MOST_NAMED else []
            hint = f"there are calendars: {listed([*(f'`{url}`' for url in calendars[:MOST_NAMED]), *more])}"
        raise Failed(problem(SERVICE, f"there is something at `{self.url}`, but no calendar", hint))

    def _calendars(self, found: list[Member]) -> list[str]:
        """The addresses of the user's calendars, as far as the server tells."""
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
        """Where one of our events is. Raises Failed if that is the calendar itself, or anywhere outside."""
        address = self._address(member.href)
        path, home = (unquote(urlsplit(url).path) for url in (address, self.url))
        within = path.removeprefix(home).split("/") if path.startswith(home) else [".."]
        if {"", ".", ".."} & set(within):
            # Deleting it would delete the calendar, or more.
            message = f"the server says that an event of the rota is outside the calendar, at `{address}`"
            raise Failed(problem(SERVICE, message, "is `url` the calendar's own address?"))
        return address

    def _is_itself(self, member: Member) -> bool:
        return self._address(member.href).rstrip("/") == self.url.rstrip("/")

    def _address(self, href: str) -> str:
        """Where a resource is. Whatever host a server writes, the password goes to the one in the roster only."""
        try:
            path = urlsplit(href).path
        except ValueError:
            raise Failed(NO_SERVER) from None
        return urljoin(self.url, f"/{path.lstrip('/')}" if path.startswith("/") else path)


def _version(member: Member) -> str:
    """Which version of an event the server has, to be repeated to it. Raises Failed if that can't be."""
    found = (member.text(f"{DAV}getetag") or "").strip()
    if not found.isascii() or not found.isprintable():
        raise Failed(problem(SERVICE, f"the server calls a version of an event `{found}`, which no request can say"))
    return found


def _link(found: list[Member], name: str) -> str | None:
    return next((link for member in found if (link := member.link(name))), None)


# What refusals mean


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
