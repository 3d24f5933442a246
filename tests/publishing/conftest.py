"""Waiting without time going by, and a folder and a chat server to publish from and to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_server import Chat, Office, desk_at
from command_line import Desk

from setrota.publishing.client import Client


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds that clients would have waited."""
    found: list[float] = []
    monkeypatch.setitem(Client.__init__.__kwdefaults__, "sleep", found.append)
    return found


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy and no certificates of the machine's environment."""
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    chat = Chat()
    with chat.open() as server:
        yield Office(desk_at(Desk(tmp_path), server.url), chat, server)
