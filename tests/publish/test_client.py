"""Requests as they go over the wire: certificates, proxies, pauses, and what is tried again."""

from __future__ import annotations

import socket
import ssl
import subprocess
import sys
import time
import tracemalloc
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from email.utils import formatdate
from itertools import repeat
from pathlib import Path
from threading import Thread

import httpx
import pytest
import trustme
from chat_server import CHANNEL, FIRST, HEADER, TOKEN, Chat, desk_at
from command_line import Desk
from server import HANG_UP, SILENCE, Reply, Server

from setrota.cli.extras import command_for
from setrota.publish.calls import Call, CallResult
from setrota.publish.client import Client
from setrota.publish.limit import TimeLimit

pytestmark = pytest.mark.quick

NOW = 1_800_000_000.0


def sent(replies: list[Reply], repeatable: bool = True) -> tuple[str | None, str | None, list[float], int]:
    """What came of a call, with its hint, the pauses made, and how often it was sent."""
    pauses: list[float] = []
    left = list(replies)
    with (
        Server(lambda _: left.pop(0) if left else Reply(body="ok")) as server,
        Client(
            "Service", {}, limit=TimeLimit(clock=lambda: sum(pauses)), sleep=pauses.append, clock=lambda: NOW
        ) as client,
    ):
        problem = client.send(
            Call(description="x", method="POST", url=f"{server.url}/x", body={}, repeatable=repeatable)
        ).problem
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
        ({"Retry-After": "Mon, 01 Jan 99999 00:00:00 GMT"}, 1),
        ({"Retry-After": "9" * 400}, 1),
        ({"Retry-After": "\u0665"}, 1),
        ({}, 1),
    ],
)
def test_the_server_says_how_long_to_wait(headers: dict[str, str], seconds: float) -> None:
    assert sent([Reply(429, "x", headers)]) == (None, None, [seconds] if seconds else [], 2)


def test_who_is_sent_away_for_long_comes_back_another_time() -> None:
    expected = ("Service: too many requests (it says: x)", "try again in 61 seconds", [], 1)
    assert sent([Reply(429, "x", {"Retry-After": "61"})]) == expected


def test_a_server_that_always_wants_to_be_left_alone_is_given_up() -> None:
    pauses: list[float] = []
    busy = Reply(429, "x", {"Retry-After": "50"})
    limit = TimeLimit(120, clock=lambda: sum(pauses))
    with Server(lambda _: busy) as server, Client("Service", {}, limit=limit, sleep=pauses.append) as client:
        outcomes = [client.send(Call(description="x", method="POST", url=f"{server.url}/x", body={})) for _ in range(3)]
    assert pauses == [50, 50]
    assert [outcome.problem and outcome.problem.hint for outcome in outcomes] == ["try again in 50 seconds"] * 3


def test_nobody_is_told_to_wait_for_thousands_of_years() -> None:
    assert sent([Reply(429, "x", {"Retry-After": "9" * 12})])[1] == "try again another day"


def test_a_limit_is_of_no_concern_where_it_isn_t_reached() -> None:
    """Some servers say on every answer when the next requests are granted."""
    assert sent([Reply(502, "x", {"X-RateLimit-Reset": "3600"})]) == (None, None, [1], 2)
    assert sent([Reply(503, "x", {"Retry-After": "3"})]) == (None, None, [3], 2)


@pytest.mark.parametrize(
    ("content", "kind", "body"),
    [
        (b"[" * 200_000, "application/json", "[" * 200_000),
        (b"1" * 5_000, "application/json", "1" * 5_000),
        (b"caf\xe9", "text/plain; charset=latin-1", "caf\ufffd"),
        (b"caf\xc3\xa9", "text/plain; charset=undefined", "caf\u00e9"),
        (b"caf\xc3\xa9", "text/plain; charset=idna", "caf\u00e9"),
        (b'{"a": 1}', "text/html; charset=rot13", {"a": 1}),
        (b"", "application/json", None),
    ],
)
def test_an_answer_may_be_anything(content: bytes, kind: str, body: object) -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n\r\n"
    with raw(head.encode(), [content]) as url, Client("Service", {}) as client:
        assert client.get(url) == body


def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
    monkeypatch.setattr("setrota.publish.client.LONGEST_CALL", 0.2)
    with raw(head, repeat(b"x"), pause=0.02) as url, Client("Service", {}, limit=TimeLimit(0.4)) as client:
        outcome = client.send(Call(description="x", method="GET", url=url))
    assert outcome.problem is not None
    assert outcome.problem.message == "Service: the answer of 127.0.0.1 takes longer than 0.2 seconds"
    assert outcome.problem.code == "slow-answer"
    assert outcome.server_failing
    monkeypatch.setattr("setrota.publish.client.LONGEST_CALL", 60.0)
    monkeypatch.setattr("setrota.publish.client.LARGEST_ANSWER", 2_000_000)
    with raw(head, repeat(b"x" * 100_000)) as url, Client("Service", {}) as client:
        outcome = client.send(Call(description="x", method="GET", url=url))
    assert outcome.problem is not None
    assert outcome.problem.message == "Service: the answer of 127.0.0.1 is larger than 2 MB"
    assert outcome.problem.code == "endless-answer"


def squeezed(content: Iterable[bytes], times: int = 1) -> bytes:
    """Content compressed once, or again and again."""
    for _ in range(times):
        packer = zlib.compressobj(wbits=31)
        content = [b"".join([*map(packer.compress, content), packer.flush()])]
    return b"".join(content)


def compressed(body: bytes, encoding: str) -> CallResult:
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {encoding}\r\nContent-Length: {len(body)}\r\n\r\n"
    with raw(head.encode(), [body]) as url, Client("Service", {}) as client:
        return client.send(Call(description="x", method="GET", url=url))


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "deflate"])
def test_a_compressed_answer_is_read(encoding: str) -> None:
    content = b'{"a": "\xc3\xa4"}'
    body = zlib.compress(content) if encoding == "deflate" else squeezed([content])
    assert compressed(body, encoding).answer == {"a": "ä"}
    assert compressed(content, "identity").answer == {"a": "ä"}


def test_a_compressed_answer_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousandth of its size is sent."""
    monkeypatch.setattr("setrota.publish.client.LARGEST_ANSWER", 2_000_000)
    bomb = squeezed(repeat(bytes(1_000_000), 64))
    assert len(bomb) < 100_000
    tracemalloc.start()
    try:
        outcome = compressed(bomb, "gzip")
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert outcome.problem is not None
    assert outcome.problem.message == "Service: the answer of 127.0.0.1 is larger than 2 MB"
    assert most < 10_000_000


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        (squeezed([b"x"], times=2), "gzip, gzip"),
        (b"x", "br"),
        (b"x", "zstd"),
        (b"not at all compressed", "gzip"),
        (squeezed([b"x" * 5_000])[:12] + b"damaged", "gzip"),
    ],
)
def test_an_answer_that_cannot_be_decompressed_is_no_answer(body: bytes, encoding: str) -> None:
    outcome = compressed(body, encoding)
    assert outcome.problem is not None
    assert outcome.problem.message == "Service: the answer of 127.0.0.1 is compressed in an unknown way, or damaged"
    assert outcome.problem.code == "unexpected-answer"


@pytest.mark.parametrize("location", ["http://[", "https://exa mple.com:port/", "//\u00ad", "http://\xff"])
def test_a_redirection_to_nowhere_is_not_asked_again(location: str) -> None:
    message, hint, *rest = sent([Reply(302, "", {"Location": location.encode().decode("latin-1")})] * 4)
    assert message == "Service: the server redirects with status 302"
    assert (hint, rest) == ("use its current address", [[], 1])


@contextmanager
def raw(head: bytes, pieces: Iterable[bytes], pause: float = 0.0) -> Iterator[str]:
    """The address of a server that answers one request with these bytes."""

    def answer() -> None:
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.recv(65_536)
            connection.sendall(head)
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = Thread(target=answer, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
        thread.join(timeout=30)
        assert not thread.is_alive()


def test_what_always_fails_is_given_up() -> None:
    message, _, pauses, number = sent([Reply(503, "<html>")] * 9)
    assert message == "Service: the server failed with status 503"
    assert (pauses, number) == ([1, 2, 4], 4)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422, 501])
def test_what_is_refused_is_not_asked_again(status: int) -> None:
    assert sent([Reply(status, "x")])[2:] == ([], 1)


@pytest.mark.parametrize("reply", [HANG_UP, SILENCE, Reply(503, "x"), Reply(500, "x")])
def test_what_must_not_happen_twice_is_sent_once(reply: Reply, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("setrota.publish.client.TIMEOUT", httpx.Timeout(0.2))
    message, hint, pauses, number = sent([reply], repeatable=False)
    assert message
    assert hint == "it may have arrived: look before you run it again"
    assert (pauses, number) == ([], 1)


@pytest.mark.parametrize(("status", "unsure"), [(200, True), (302, False), (403, False), (502, True)])
def test_an_unreadable_answer_may_be_that_to_a_request_that_was_served(status: int, unsure: bool) -> None:
    head = f"HTTP/1.1 {status} X\r\nContent-Encoding: br\r\nContent-Length: 1\r\n\r\n"
    with raw(head.encode(), [b"x"]) as url, Client("Service", {}) as client:
        outcome = client.send(Call(description="x", method="POST", url=url, repeatable=False))
    assert outcome.unsure is unsure
    assert outcome.problem is not None
    assert (outcome.problem.hint == "it may have arrived: look before you run it again") is unsure


@pytest.mark.parametrize("head", ["HTTP/1.1 abc ", "HTTP/1.1 200 OK\r\nbad header "])
def test_a_broken_answer_is_quoted_in_short(head: str) -> None:
    with raw(f"{head}{'y' * 60_000}\r\n\r\n".encode(), []) as url, Client("Service", {}) as client:
        outcome = client.send(Call(description="x", method="POST", url=url, repeatable=False))
    assert outcome.problem is not None
    assert outcome.problem.message.startswith("Service: the connection to 127.0.0.1 was lost: ")
    assert len(outcome.problem.message) < 400


def test_what_can_t_have_arrived_is_said_to_be_nowhere() -> None:
    with socket.socket() as free, Client("Service", {}, sleep=lambda _: None) as client:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        outcome = client.send(Call(description="x", method="POST", url=url, repeatable=False))
    assert not outcome.unsure
    assert outcome.problem is not None
    assert "arrived" not in str(outcome.problem.hint)


def test_what_was_not_served_may_be_sent_again() -> None:
    assert sent([Reply(429, "x")], repeatable=False) == (None, None, [1], 2)


def test_an_outcome_says_whether_it_was_refused_or_the_server_is_failing() -> None:
    with Server(lambda request: Reply(int(request.path[1:]), "x")) as server, Client("Service", {}) as client:
        outcomes = {
            status: client.send(Call(description="x", method="POST", url=f"{server.url}/{status}", repeatable=False))
            for status in (200, 302, 403, 404, 408, 429, 503)
        }
    assert {status for status, outcome in outcomes.items() if outcome.refused} == {403, 404}
    assert {status for status, outcome in outcomes.items() if outcome.server_failing} == {408, 429, 503}
    assert replace(outcomes[503], status=None).server_failing
    assert not replace(outcomes[503], status=None, sent=False).server_failing


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
        "error: Mattermost: the certificate of 127.0.0.1 can't be trusted [untrusted-certificate]\n"
        "  hint: if it is your own authority's, set SSL_CERT_FILE to that authority's certificate\n"
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
        "error: Mattermost: can't read the trusted certificates (missing.pem): No such file or directory"
        " [unreadable-certificates]\n"
        "  hint: check SSL_CERT_FILE\n"
    )


def test_a_proxy_tunnels_what_is_encrypted(secure: tuple[Desk, Chat, Server]) -> None:
    """It is asked for a tunnel and sees no token; this one gives none."""
    desk, *_ = secure
    with Server(lambda _: Reply(407, "who are you?")) as proxy:
        settings = {"HTTPS_PROXY": proxy.url.replace("://", "://me:hush@"), "SETROTA_MATTERMOST_TOKEN": TOKEN}
        done = desk.run("publish", "mattermost", **settings).at(2)
    assert {request.method for request in proxy.requests} == {"CONNECT"}
    assert all("authorization" not in request.headers for request in proxy.requests)
    assert "error: Mattermost: the proxy refused the request: 407" in done.talk
    assert "hush" not in done.talk


@pytest.mark.parametrize(
    ("scheme", "words", "hint"),
    [
        ("http", "Connection refused", ", and whether the server runs"),
        ("https", "Connection refused", ", and whether a proxy is needed (HTTPS_PROXY)"),
        ("plain", "no TLS is spoken there", ""),
        ("name", "Name or service not known", ", and whether a proxy is needed (HTTPS_PROXY)"),
    ],
)
def test_why_a_server_is_not_reached(
    scheme: str, words: str, hint: str, pauses: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Server(lambda _: Reply(200)) as plain, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(plain.url.rpartition(":")[2]) if scheme == "plain" else free.getsockname()[1]
        if scheme == "name":
            monkeypatch.setattr("socket.getaddrinfo", unknown_name)
        with Client("CalDAV", {}) as client:
            call = Call(
                description="", method="GET", url=f"{'http' if scheme == 'http' else 'https'}://127.0.0.1:{port}/"
            )
            found = client.send(call).problem
    assert found
    assert found.message == f"CalDAV: can't reach 127.0.0.1, port {port}: {words}"
    assert found.hint == f"check `url`{hint}"


def unknown_name(*_: object, **__: object) -> None:
    raise socket.gaierror(-2, "Name or service not known")


def test_a_proxy_that_is_not_there_is_named(secure: tuple[Desk, Chat, Server]) -> None:
    desk, *_ = secure
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        proxy = f"http://me:hush@localhost:{free.getsockname()[1]}"
        settings = {"HTTPS_PROXY": proxy, "SETROTA_MATTERMOST_TOKEN": TOKEN}
        done = desk.run("publish", "mattermost", **settings).at(2)
        direct = desk.run("publish", "mattermost", NO_PROXY="127.0.0.1", **settings).at(2)
    assert "error: Mattermost: can't reach the proxy localhost: " in done.talk
    assert "hint: check HTTPS_PROXY, ALL_PROXY and NO_PROXY\n" in done.talk
    assert "hush" not in done.talk
    assert "the certificate of 127.0.0.1 can't be trusted" in direct.talk


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
        message, _, hint = done.stderr.partition("\n  hint: ")
        assert message == "error: publishing needs the library `httpx`, which isn't installed [missing-library]"
        assert hint == f"`{command_for('publish', ('httpx',))}`\n"


def test_a_request_is_what_a_dry_run_shows(tmp_path: Path) -> None:
    chat = Chat()
    with chat.open() as server:
        desk = desk_at(Desk(tmp_path), server.url)
        shown = desk.run("publish", "mattermost", "--dry-run", now=FIRST, SETROTA_MATTERMOST_TOKEN=TOKEN).at(0).out
        desk.run("publish", "mattermost", now=FIRST, SETROTA_MATTERMOST_TOKEN=TOKEN).at(0)
        request = server.requests[-1]
    assert request.line == f"PUT /api/v4/channels/{CHANNEL}/patch"
    assert (
        shown == "# header of eng/set\n"
        f'PUT {server.url}{request.path}\n\n{{\n  "header": "{request.body["header"]}"\n}}\n\n'
    )
