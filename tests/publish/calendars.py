"""Calendars on a real server: Radicale, what stands before it and may fail, and a reader of another make."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from urllib.parse import unquote, urlsplit

import caldav
import httpx
import vobject
from command_line import Desk, small
from server import Reply, Request, Server

USER, PASSWORD = "rota", "correct-horse%battery"
PATH = f"/{USER}/duty/"
READING = ("PROPFIND", "REPORT", "GET")
_PASSED_ON = ("authorization", "content-type", "depth", "if-match", "if-none-match")
_PASSED_BACK = ("content-type", "etag", "location", "www-authenticate")


class Radicale:
    """A server in a process of its own, with its store in a folder, that knows one user; ended by `close`."""

    def __init__(self, folder: Path) -> None:
        # Without what TLS would need: reading the certificates takes longer than most tests.
        self._http = httpx.Client(verify=False, trust_env=False, auth=(USER, PASSWORD), timeout=30)
        self.store = folder / "store" / "collection-root"
        (folder / "users").write_text(f"{USER}:{PASSWORD}\n")
        for _ in range(3):
            # Between the look for a free port and its use somebody else may take it.
            with closing(socket.create_server(("127.0.0.1", 0))) as found:
                self.url = f"http://127.0.0.1:{found.getsockname()[1]}"
            self._process = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "radicale",
                    "--config=",
                    f"--hosts={urlsplit(self.url).netloc}",
                    "--auth-type=htpasswd",
                    f"--auth-htpasswd-filename={folder / 'users'}",
                    "--auth-htpasswd-encryption=plain",
                    "--auth-delay=0",
                    f"--storage-filesystem-folder={folder / 'store'}",
                    "--logging-level=critical",
                ],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            if self._answers():
                return
            self._process.wait(timeout=30)
        raise AssertionError("Radicale doesn't start")

    def _answers(self) -> bool:
        for _ in range(600):
            if self._process.poll() is not None:
                return False
            try:
                return self._http.get(f"{self.url}/.web/").status_code < 500
            except httpx.TransportError:
                time.sleep(0.05)
        return False

    def close(self) -> None:
        self._http.close()
        self._process.terminate()
        self._process.wait(timeout=30)

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> httpx.Response:
        """What somebody else's program asks."""
        answer = self._http.request(method, self.url + path, content=body.encode(), headers=headers)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer

    def files(self) -> dict[str, bytes]:
        """Every event and task of the calendar, byte for byte, by its name."""
        return {path.name: path.read_bytes() for path in (self.store / PATH.strip("/")).glob("*.ics")}


@dataclass
class Relay:
    """Stands before a server, counts, and passes everything on; `answer` may do something else first, or instead."""

    origin: str
    answer: Callable[[Request, Callable[[], Reply]], Reply] = lambda request, forward: forward()

    def __call__(self, request: Request) -> Reply:
        return self.answer(request, lambda: self._forwarded(request))

    def _forwarded(self, request: Request) -> Reply:
        with closing(http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=30)) as connection:
            headers = {name: value for name, value in request.headers.items() if name in _PASSED_ON}
            connection.request(request.method, request.path, request.content, headers)
            answer = connection.getresponse()
            back = {name: value for name, value in answer.getheaders() if name.lower() in _PASSED_BACK}
            return Reply(answer.status, answer.read().decode(), back)


@dataclass
class CalendarDesk:
    """A folder to work in, whose roster publishes to a calendar through a relay."""

    desk: Desk
    radicale: Radicale
    relay: Relay
    server: Server

    def publish(self, *options: str, status: int = 0, **settings: str) -> list[str]:
        """Publish, in this process; gives what wrote, `PUT /rota/duty/x.ics`."""
        return self.published(*options, status=status, **settings)[0]

    def published(self, *options: str, status: int = 0, **settings: str) -> tuple[list[str], str]:
        """Publish, in this process; gives what wrote, and what was said.

        Of requests that go together nobody knows which comes first: those of one method in a row are in order of paths.
        """
        before = len(self.server.requests)
        settings = {"SETROTA_CALDAV_PASSWORD": PASSWORD} | settings
        outcome = self.desk.run("publish", "caldav", *options, **settings).at(status)
        writing = [unquote(each.line) for each in self.server.requests[before:] if each.method not in READING]
        stages = groupby(writing, key=lambda line: line.split()[0])
        return [line for _, stage in stages for line in sorted(stage)], outcome.talk

    def reads(self) -> dict[str, tuple[str, ...]]:
        """What another program reads: start, end, title and text by the identity of an event, tasks left out."""
        with caldav.DAVClient(url=self.radicale.url, username=USER, password=PASSWORD) as client:
            return events_in(*(each.data for each in client.calendar(url=self.radicale.url + PATH).events()))

    def exported(self) -> dict[str, tuple[str, ...]]:
        return events_in(self.desk.run("export", "ics").at(0).out)


SCHEDULE = """\
format = 3
rota = "FD"

[desk.2027-01-04]
primary = "ana"
backup = "dee"

[desk.2027-01-11]
primary = "bo"
backup = "eli"
"""


def published_roster(url: str) -> str:
    """Eight people for two seats, and where they are published."""
    text = small().replace('"cy"]', '"cy", "gus"]').replace('"fay"]', '"fay", "hal"]')
    return f'{text}\n[publish.caldav]\nurl = "{url}{PATH}"\nusername = "{USER}"\n'


def events_in(*texts: str) -> dict[str, tuple[str, ...]]:
    found = {}
    for text in texts:
        for event in vobject.readOne(text).contents.get("vevent", ()):
            moments = (f"{event.dtstart.value:%Y-%m-%d %H:%M %z}", f"{event.dtend.value:%Y-%m-%d %H:%M %z}")
            assert event.uid.value not in found
            found[event.uid.value] = (*moments, event.summary.value, getattr(event, "description", event.uid).value)
    return found


def resource(uid: str, *lines: str, kind: str = "VEVENT") -> str:
    """A calendar with one event or task, as some program writes it."""
    times = ("DTSTART:20270111T090000Z", "DTEND:20270111T100000Z") if kind == "VEVENT" else ()
    rows = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//someone//else//EN",
        f"BEGIN:{kind}",
        f"UID:{uid}",
        "DTSTAMP:20260101T000000Z",
        *times,
        *lines,
        f"END:{kind}",
        "END:VCALENDAR",
        "",
    ]
    return "\r\n".join(rows)


def set_up(radicale: Radicale, name: str, text: str, headers: Mapping[str, str] | None = None) -> None:
    """Put somebody's event into the calendar."""
    radicale.ask("PUT", f"{PATH}{name}.ics", text, **{"Content-Type": "text/calendar", **(headers or {})})
