"""Requests as they go over the wire: certificates, proxies, pauses, and what is tried again."""

from __future__ import annotations

import ssl
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from email.utils import formatdate
from pathlib import Path

import httpx
import pytest
import trustme
from chat_server import CHANNEL, FIRST, HEADER, TOKEN, Chat, desk_at
from command_line import Desk
from server import HANG_UP, SILENCE, Reply, Server

from setrota.publishing.calls import Call
from setrota.publishing.client import Client

NOW = 1_800_000_000.0


def sent(replies: list[Reply], repeatable: bool = True) -> tuple[str | None, str | None, list[float], int]:
    """What came of a call, with its hint, the pauses made, and how often it was sent."""
    pauses: list[float] = []
    left = list(replies)
    with (
        Server(lambda _: left.pop(0) if left else Reply(body="ok")) as server,
        Client("Service", {}, sleep=pauses.append, clock=lambda: NOW) as client,
    ):
        problem = client.send(Call("x", "POST", f"{server.url}/x", {}, repeatable=repeatable)).problem
        return problem and problem.message, problem and problem.hint, pauses, len(server.requests)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"Retry-After": "5"}, 5),
        ({"Retry-After": "2.5"}, 2.5),
        ({"Retry-After": formatdate(NOW + 9)}, 9),
        ({"Retry-After": formatdate(NOW - 9)}, 0),
        ({"X-RateLimit-Reset": "7"}, 7),
        ({"X-RateLimit-Reset": f"{NOW + 8:.0f}"}, 8),
        ({"RateLimit-Reset": "6"}, 6),
        ({"Retry-After": "soon"}, 1),
        ({}, 1),
    ],
)
def test_the_server_says_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert sent([Reply(429, "x", headers)]) == (None, None, [seconds], 2)


def test_who_is_sent_away_for_long_comes_back_another_time() -> None:
    expected = ("Service: too many requests (it says: x)", "try again in 61 seconds", [], 1)
    assert sent([Reply(429, "x", {"Retry-After": "61"})]) == expected


def test_what_always_fails_is_given_up() -> None:
    message, _, pauses, number = sent([Reply(503, "<html>")] * 9)
    assert message == "Service: the server has a fault of its own, status 503"
    assert (pauses, number) == ([1, 2, 4], 4)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501])
def test_what_is_refused_is_not_asked_again(status: int) -> None:
    assert sent([Reply(status, "x")])[2:] == ([], 1)


@pytest.mark.parametrize("reply", [HANG_UP, SILENCE, Reply(503, "x"), Reply(500, "x")])
def test_what_must_not_happen_twice_is_sent_once(reply: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("setrota.publishing.client.TIMEOUT", httpx.Timeout(0.2))
    message, _, pauses, number = sent([reply], repeatable=False)
    assert message
    assert (pauses, number) == ([], 1)


def test_what_was_not_served_may_be_sent_again() -> None:
    assert sent([Reply(429, "x")], repeatable=False) == (None, None, [1], 2)


def test_an_outcome_says_whether_it_was_refused_or_the_server_is_unwell() -> None:
    with Server(lambda request: Reply(int(request.path[1:]), "x")) as server, Client("Service", {}) as client:
        outcomes = {
            status: client.send(Call("x", "POST", f"{server.url}/{status}", repeatable=False))
            for status in (200, 302, 403, 404, 408, 429, 503)
        }
    assert {status for status, outcome in outcomes.items() if outcome.refused} == {403, 404}
    assert {status for status, outcome in outcomes.items() if outcome.unwell} == {408, 429, 503}
    assert replace(outcomes[503], status=None).unwell
    assert not replace(outcomes[503], status=None, sent=False).unwell


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(tmp_path: Path, authority: trustme.CA) -> Iterator[tuple[Desk, Chat, Server]]:
    """A chat server whose certificate an authority signed that nobody knows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    chat = Chat()
    with Server(chat.answer, tls=context) as server:
        yield desk_at(Desk(tmp_path), server.url), chat, server


def test_a_certificate_of_an_unknown_authority_is_refused(
    secure: tuple[Desk, Chat, Server], pauses: list[float]
) -> None:
    desk, _, server = secure
    done = desk.run("publish", "mattermost", SETROTA_MATTERMOST_TOKEN=TOKEN).at(2)
    assert done.talk == (
        "error: Mattermost: the certificate of 127.0.0.1 can't be trusted\n"
        "  hint: set SSL_CERT_FILE to your own authority\n"
    )
    assert (server.requests, pauses) == ([], [])


def test_an_authority_of_one_s_own_is_trusted(secure: tuple[Desk, Chat, Server]) -> None:
    desk, chat, _ = secure
    trust = {"SSL_CERT_FILE": str(desk.folder / "authority.pem"), "SETROTA_MATTERMOST_TOKEN": TOKEN}
    desk.run("publish", "mattermost", now=FIRST, **trust).at(0)
    assert chat.header == HEADER


def test_a_certificate_for_another_host_is_refused(secure: tuple[Desk, Chat, Server]) -> None:
    desk, _, server = secure
    desk.edit("rotations.toml", "127.0.0.1", "localhost")
    trust = {"SSL_CERT_FILE": str(desk.folder / "authority.pem"), "SETROTA_MATTERMOST_TOKEN": TOKEN}
    assert "the certificate of localhost can't be trusted" in desk.run("publish", "mattermost", **trust).at(2).talk
    assert server.requests == []


def test_an_authority_that_is_not_there_is_said(secure: tuple[Desk, Chat, Server]) -> None:
    desk, *_ = secure
    trust = {"SSL_CERT_FILE": "missing.pem", "SETROTA_MATTERMOST_TOKEN": TOKEN}
    assert desk.run("publish", "mattermost", **trust).at(2).talk == (
        "error: Mattermost: can't read the certificates to trust (missing.pem): No such file or directory\n"
        "  hint: is SSL_CERT_FILE right?\n"
    )


def test_a_proxy_tunnels_what_is_encrypted(secure: tuple[Desk, Chat, Server]) -> None:
    """It is asked for a tunnel and sees no token; this one gives none."""
    desk, *_ = secure
    with Server(lambda _: Reply(407, "who are you?")) as proxy:
        settings = {"HTTPS_PROXY": proxy.url.replace("://", "://me:hush@"), "SETROTA_MATTERMOST_TOKEN": TOKEN}
        done = desk.run("publish", "mattermost", **settings).at(2)
    assert {request.method for request in proxy.requests} == {"CONNECT"}
    assert all("authorization" not in request.headers for request in proxy.requests)
    assert "error: Mattermost: the proxy refuses: 407" in done.talk
    assert "hush" not in done.talk


def test_without_the_extra_it_is_said_how_to_install_it(tmp_path: Path) -> None:
    more = '[publish.webhook]\n[publish.caldav]\nurl = "http://127.0.0.1:9/calendar/"\n'
    desk = desk_at(Desk(tmp_path), "http://127.0.0.1:9", more)
    without = "import sys; sys.modules.update(httpx=None); from setrota.cli import main; main()"
    for target in ("mattermost", "webhook", "caldav"):
        done = subprocess.run(
            [sys.executable, "-c", without, "publish", target],
            cwd=desk.folder,
            env=desk.environment(),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert done.returncode == 2
        assert done.stderr == (
            "error: publishing needs a library that isn't installed, `httpx`\n  hint: pip install 'setrota[publish]'\n"
        )


def test_a_request_is_what_a_dry_run_shows(tmp_path: Path) -> None:
    chat = Chat()
    with chat.open() as server:
        desk = desk_at(Desk(tmp_path), server.url)
        shown = desk.run("publish", "mattermost", "--dry-run", now=FIRST, SETROTA_MATTERMOST_TOKEN=TOKEN).at(0).out
        desk.run("publish", "mattermost", now=FIRST, SETROTA_MATTERMOST_TOKEN=TOKEN).at(0)
        request = server.requests[-1]
    assert request.line == f"PUT /api/v4/channels/{CHANNEL}/patch"
    assert shown == f'PUT {server.url}{request.path}\n\n{{\n  "header": "{request.body["header"]}"\n}}\n\n'
