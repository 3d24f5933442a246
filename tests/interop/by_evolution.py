"""What Evolution Data Server shows of calendars that it subscribes to: a line of JSON for every event.

Files with the same name are what one subscription finds at its address, one after the other; after each of them its
events are printed. Needs PyGObject, the type libraries of Evolution Data Server, and a session bus: by_evolution.sh.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import gi

for library, version in (("EDataServer", "1.2"), ("ECal", "2.0"), ("ICalGLib", "3.0")):
    gi.require_version(library, version)
from gi.repository import ECal, EDataServer, ICalGLib  # noqa: E402

PATIENCE = 30
"""How many seconds a refresh may take."""

NO_WAITING = 2**32 - 1
"""Tells the client not to wait for a connection, which a subscription closes as soon as it has read its calendar."""

SOURCE = """
[Data Source]
DisplayName={uid}
Enabled=true
Parent=webcal-stub

[Calendar]
BackendName=webcal

[Authentication]
Host=127.0.0.1
Port={port}

[Security]
Method=none

[WebDAV Backend]
ResourcePath={path}
"""


class Site(ThreadingHTTPServer):
    """Serves what each address has now; the ETag says which of its contents that is."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), SitePage)
        self.pages: dict[str, tuple[str, bytes]] = {}


class SitePage(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        etag, content = self.server.pages[self.path]
        self.send_response(200)
        self.send_header("Content-Type", "text/calendar; charset=utf-8")
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *args: object) -> None:
        pass


class Subscription:
    """One address, and the calendar in Evolution Data Server that subscribes to it."""

    def __init__(self, site: Site, number: int) -> None:
        self.site, self.uid, self.path, self.contents = site, f"subscription-{number}", f"/{number}.ics", 0
        self.client: Any = None

    def write_source(self, folder: Path) -> None:
        """Describe the subscription in the way that the registry finds when it starts."""
        port = self.site.server_port
        Path(folder, f"{self.uid}.source").write_text(SOURCE.format(uid=self.uid, path=self.path, port=port))

    def show(self, content: bytes, registry: Any) -> Iterator[dict[str, object]]:
        """Put content at the address; return the events that are shown then."""
        self.contents += 1
        etag = f'"{self.contents}"'
        self.site.pages[self.path] = etag, content
        if self.client is None:
            source = registry.ref_source(self.uid)
            self.client = ECal.Client.connect_sync(source, ECal.ClientSourceType.EVENTS, NO_WAITING, None)
        else:
            self.client.refresh_sync(None)
        self.wait_for(etag)
        _, events = self.client.get_object_list_sync("#t", None)
        return map(self.read_event, events)

    def wait_for(self, etag: str) -> None:
        """Wait until the cache has what came with this ETag: that is noted after all events are."""
        end = time.monotonic() + PATIENCE
        while self.cached_etag() != etag:
            if time.monotonic() > end:
                sys.exit(f"{self.path}: no refresh within {PATIENCE} s")
            time.sleep(0.01)

    def cached_etag(self) -> str | None:
        cache = Path(os.environ["XDG_CACHE_HOME"], "evolution", "calendar", self.uid, "cache.db")
        try:
            with closing(sqlite3.connect(f"{cache.as_uri()}?mode=ro", uri=True)) as database:
                found = database.execute("SELECT value FROM ECacheKeys WHERE key LIKE '%sync-tag'").fetchone()
        except sqlite3.OperationalError:  # the cache isn't there yet, or has no tables
            return None
        return str(found[0]) if found else None

    def read_event(self, event: Any) -> dict[str, object]:
        status = event.get_first_property(ICalGLib.PropertyKind.STATUS_PROPERTY)
        component = ECal.Component.new_from_icalcomponent(event.clone())
        return {
            "uid": component.get_uid(),
            "start": self.moment(component.get_dtstart()),
            "end": self.moment(component.get_dtend()),
            "summary": event.get_summary() or "",
            "description": event.get_description() or "",
            "categories": component.get_categories_list(),
            "status": status.get_value_as_string() if status else "",
        }

    def moment(self, value: Any) -> str:
        moment = value.get_value().clone()
        if value.get_tzid():
            _, zone = self.client.get_timezone_sync(value.get_tzid(), None)
            moment.set_timezone(zone)
            moment = moment.convert_to_zone(ICalGLib.Timezone.get_utc_timezone())
        return str(moment.as_ical_string())


def main(files: list[str]) -> None:
    site = Site()
    Thread(target=site.serve_forever, daemon=True).start()
    names = sorted({Path(file).name for file in files})
    subscriptions = {name: Subscription(site, number) for number, name in enumerate(names)}
    sources = Path(os.environ["XDG_CONFIG_HOME"], "evolution", "sources")
    sources.mkdir(parents=True)
    for subscription in subscriptions.values():
        subscription.write_source(sources)
    registry = EDataServer.SourceRegistry.new_sync(None)
    for file in files:
        for event in subscriptions[Path(file).name].show(Path(file).read_bytes(), registry):
            print(json.dumps({"file": file} | event))


if __name__ == "__main__":
    main(sys.argv[1:])
