"""Chromium for all tests of this folder: one browser for a session, and a fresh visit to a page for each test.

Without Chromium these tests are skipped; with CHROMIUM=required in the environment they fail instead.

Tried: `pytest-playwright` 0.10 brings fixtures for the same, but looks for browsers that Playwright downloads, and
brings `requests` and two more plugins along; `selenium` 4 needs a driver beside the browser, and has no clock to set.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, sync_playwright
from visits import Visitor

PROGRAMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--font-render-hinting=none"]
"""As root, Chromium starts only without its sandbox: what it shows here is our own."""


@pytest.fixture(autouse=True)
def _not_covered(no_cover: None) -> None:
    """What these tests show runs in the browser; quicker tests write the same pages."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        reason = "Chromium is not installed"
        pytest.fail(reason) if os.environ.get("CHROMIUM") == "required" else pytest.skip(reason)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield found
        found.close()


@pytest.fixture(scope="session")
def _visitor(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Visitor:
    return Visitor(browser, tmp_path_factory.mktemp("page"))


@pytest.fixture
def visitor(_visitor: Visitor) -> Iterator[Visitor]:
    """Visits pages, and insists in the end that none of them complained or asked for anything."""
    _visitor.begin()
    yield _visitor
    assert _visitor.complaints == []
    assert len([each for each in _visitor.requests if each != "about:blank"]) == _visitor.visits, _visitor.requests


@pytest.fixture
def served(tmp_path: Path) -> Iterator[str]:
    """The address at which the files of this test's folder are served."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Silent, directory=str(tmp_path)))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


class _Silent(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""
