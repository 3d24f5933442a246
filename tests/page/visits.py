"""Visits to a team's page in a browser: with a clock, a time zone, and a colour scheme of the reader's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Page

HOUR = timedelta(hours=1)
PHONE, TABLET, DESK = (360, 740), (768, 1024), (1440, 900)

WATCH = """addEventListener('securitypolicyviolation', event =>
  console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"""


class Visitor:
    """Opens pages, and takes note of everything that they complain of or ask for."""

    def __init__(self, browser: Browser, folder: Path) -> None:
        self._browser, self._folder = browser, folder
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []
        self.requests: list[str] = []

    def visit(
        self,
        html: str,
        at: datetime | None = None,
        *,
        zone: str = "America/Toronto",
        scheme: str = "light",
        size: tuple[int, int] = DESK,
        fragment: str = "",
        scripts: bool = True,
    ) -> Page:
        """A page from a file, as somebody in a zone sees it at an instant at which the clock stands still."""
        file = self._folder / "rota.html"
        file.write_text(html, encoding="utf-8")
        return self.go(file.as_uri() + fragment, at, zone=zone, scheme=scheme, size=size, scripts=scripts)

    def go(
        self,
        address: str,
        at: datetime | None = None,
        *,
        zone: str = "America/Toronto",
        scheme: str = "light",
        size: tuple[int, int] = DESK,
        scripts: bool = True,
    ) -> Page:
        """The same with the page at an address."""
        settings: Mapping[str, Any] = {"color_scheme": scheme, "viewport": {"width": size[0], "height": size[1]}}
        context = self._browser.new_context(timezone_id=zone, locale="en-GB", java_script_enabled=scripts, **settings)
        self._contexts.append(context)
        context.set_default_timeout(5000)
        page = context.new_page()
        if at is not None:
            still(page, at)
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.add_init_script(WATCH)
        page.goto(address)
        return page

    def leave(self) -> int:
        """Close all pages; return how many there were."""
        visits = len(self._contexts)
        for context in self._contexts:
            context.close()
        self._contexts.clear()
        return visits


def still(page: Page, at: datetime) -> None:
    """Set a page's clock, which stands still until it is moved on."""
    page.clock.install(time=at.astimezone(UTC) - HOUR)  # It runs until it is stopped, and can't be set back.
    page.clock.pause_at(at.astimezone(UTC))
