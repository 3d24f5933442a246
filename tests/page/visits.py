"""Visits to a team's page in a browser: with a clock, a time zone, and a colour scheme of the reader's own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, BrowserContext, Page

HOUR = timedelta(hours=1)
PHONE, TABLET, DESK = (360, 740), (768, 1024), (1440, 900)
MIDDLE = datetime(2027, 2, 17, 15, tzinfo=UTC)
"""A Wednesday morning in Toronto, in the middle of the quarter."""

PATIENCE = 15_000
"""For how many milliseconds the browser may keep a test waiting: machines are slow at times."""

WATCH = """addEventListener('securitypolicyviolation', event =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"""


class Visitor:
    """Opens pages, and takes note of everything that they complain of or ask for.

    All visits but those that say otherwise are made in one tab, since a new one costs five times as much.
    """

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser, self._folder = browser, folder
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.visits = 0
        self.page = self._tab(locale="en-GB")
        self._protocol = self.page.context.new_cdp_session(self.page)

    def write(self, html: str) -> str:
        """Write a page into a file; return its address."""
        file = self._folder / "rota.html"
        file.write_text(html, encoding="utf-8")
        return file.as_uri()

    def visit(
        self,
        html: str,
        at: datetime = MIDDLE,
        *,
        zone: str = "America/Toronto",
        scheme: Literal["light", "dark"] = "light",
        size: tuple[int, int] = DESK,
        fragment: str = "",
    ) -> Page:
        """A page from a file, as somebody in a zone sees it at an instant, at which the clock stands still."""
        return self.go(self.write(html) + fragment, at, zone=zone, scheme=scheme, size=size)

    def go(
        self,
        address: str,
        at: datetime = MIDDLE,
        *,
        zone: str = "America/Toronto",
        scheme: Literal["light", "dark"] = "light",
        size: tuple[int, int] = DESK,
    ) -> Page:
        """The same with the page at an address."""
        page = self.page
        page.goto("about:blank")
        page.set_viewport_size({"width": size[0], "height": size[1]})
        page.emulate_media(color_scheme=scheme, media="screen")
        page.clock.set_fixed_time(at.astimezone(UTC))
        self._protocol.send("Emulation.setTimezoneOverride", {"timezoneId": zone})
        self._open(page, address)
        return page

    def wait_for(self, html: str, at: datetime, *, zone: str = "America/Toronto", fragment: str = "") -> Page:
        """A page in a tab of its own, whose clock and timers stand still until a test moves them on."""
        page = self._tab(timezone_id=zone, locale="en-GB")
        page.clock.install(time=at.astimezone(UTC) - HOUR)  # It runs until it is stopped, and can't be set back.
        page.clock.pause_at(at.astimezone(UTC))
        self._open(page, self.write(html) + fragment)
        return page

    def without_scripts(self, html: str, **settings: Any) -> Page:
        page = self._tab(java_script_enabled=False, **settings)
        self._open(page, self.write(html))
        return page

    def begin(self) -> None:
        """Forget what was seen; close all tabs but the first."""
        for context in self._contexts[1:]:
            context.close()
        del self._contexts[1:]
        self.complaints.clear()
        self.requests.clear()
        self.visits = 0

    def _tab(self, **settings: Any) -> Page:
        context = self._browser.new_context(**settings)
        self._contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.add_init_script(WATCH)
        return page

    def _open(self, page: Page, address: str) -> None:
        self.visits += 1
        page.goto(address)


def in_view(page: Page, selector: str) -> bool:
    """Whether all of an element is where one sees it without scrolling."""
    found: bool = page.locator(selector).evaluate(
        "element => { const box = element.getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight }"
    )
    return found
