"""Secrets travel over TLS alone, to a server that proves who it is, and no further than there."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import trustme
from command_line import Desk
from server import Reply, Server
from targets import TARGETS, TOKEN

from setrota.publish.calls import Call
from setrota.publish.client import Client
from setrota.publish.secrets import may_travel

EACH_TARGET = pytest.mark.parametrize("target", TARGETS)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever asks the network fails the test, not only what gets an answer."""

    def asked(*arguments: object, **_: object) -> None:
        raise AssertionError(f"asked for {arguments}")

    for name in ("getaddrinfo", "create_connection"):
        monkeypatch.setattr(f"socket.{name}", asked)


# Without TLS

THIS_MACHINE = (
    "http://localhost", "HTTP://LocalHost:8065/x", "http://127.0.0.1:8065", "http://127.1.2.3/", "http://[::1]:1/",
    "http://[0:0:0:0:0:0:0:1]",
)  # fmt: skip
OTHERS = (
    "http://chat.example.com", "HTTP://chat.example.com", "http://localhost.evil.example", "http://localhost.",
    "http://127.0.0.1.nip.io", "http://127.evil.example", "http://localhost@evil.example",
    "http://localhost:80@evil.example", "http://127.0.0.1\\@evil.example", "http://localhost%2eevil.example",
    "http://127.0.0.1%00.evil.example", "http://10.0.0.1", "http://0.0.0.0", "http://[::]", "http://[::ffff:8.8.8.8]",
    "http://2130706433", "http://0x7f.1", "http://127.1", "http://127.0.0.1.", "http://localhosts",
    "http://l\u00f6calhost", "http://\uff4cocalhost", "http://\u24dbocalhost", "http://\uff11\uff12\uff17.0.0.1",
    "http://xn--localhost-1", "http://128.0.0.1", "http://[::2]", "http://evil.example#localhost",
    "http://evil.example?@localhost", "ftp://localhost", "ws://127.0.0.1",
)  # fmt: skip


@pytest.mark.parametrize("url", THIS_MACHINE)
def test_this_machine_may_be_asked_without_tls(url: str) -> None:
    found = httpx.URL(url)
    assert may_travel(found.scheme, found.host)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client("Chat", {"Authorization": TOKEN}) as client:
        yield client


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize("url", OTHERS)
def test_no_client_asks_another_machine_without_tls(client: Client, url: str) -> None:
    """The client decides from what it would send to, not from the text: no trick of writing goes around it."""
    done = client.send(Call(description="x", method="POST", url=url, body={}))
    assert done.problem is not None
    assert done.problem.code in ("not-encrypted", "not-an-address")
    assert TOKEN not in str(done.problem)


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    ("url", "options"), [("http://dav.example.com", ()), ("http://127.0.0.1.nip.io", ("--dry-run",))]
)
@EACH_TARGET
def test_no_target_is_asked_without_tls(tmp_path: Path, target: str, options: tuple[str, ...], url: str) -> None:
    desk = TARGETS[target].desk(Desk(tmp_path), url)
    talk = TARGETS[target].publish(desk, url, *options).at(2).talk
    [line] = [line for line in talk.splitlines() if line.startswith("error: ")]
    if target == "webhook":
        beginning = "error: the environment variable `SETROTA_WEBHOOK_URL` has an address that"
    else:
        number = (tmp_path / "rotations.toml").read_text(encoding="utf-8").split("\n").index(_line(tmp_path, url)) + 1
        beginning = f"error: rotations.toml:{number}: `publish.{target}.url`"
    assert line.startswith(f"{beginning} begins with `http://`, so others on the network could read ")
    assert line.endswith(" [not-encrypted]")
    assert "\n  hint: use `https://`" in talk
    assert TOKEN not in talk


def _line(folder: Path, url: str) -> str:
    lines = (folder / "rotations.toml").read_text(encoding="utf-8").splitlines()
    return next(line for line in lines if line.startswith("url") and url in line)


@EACH_TARGET
def test_what_is_not_encrypted_goes_to_no_proxy(tmp_path: Path, target: str) -> None:
    """A proxy for `http` would read it: a server on this machine is asked directly."""
    with Server(lambda _: Reply(404)) as server, Server(lambda _: Reply(200, {})) as proxy:
        desk = TARGETS[target].desk(Desk(tmp_path), server.url)
        TARGETS[target].publish(desk, server.url, HTTP_PROXY=proxy.url, ALL_PROXY=proxy.url).at(2)
    assert server.requests
    assert proxy.requests == []


# Redirects


@pytest.mark.no_cover  # quicker tests run the same lines
@EACH_TARGET
@pytest.mark.parametrize(("status", "onward"), [(301, "{other}/there"), (308, "{other}/there"), (307, "/there")])
def test_no_redirect_is_followed(tmp_path: Path, target: str, status: int, onward: str) -> None:
    """Neither to another server nor to another address of the same."""
    with Server(lambda _: Reply(200, {})) as other:
        reply = Reply(status, None, {"Location": onward.format(other=other.url)})
        with Server(lambda _: reply) as server:
            desk = TARGETS[target].desk(Desk(tmp_path), server.url)
            assert "redirects" in TARGETS[target].publish(desk, server.url).at(2).talk
    assert server.requests
    assert [request.path for request in server.requests if request.path == "/there"] == []
    assert other.requests == []


# Other servers


@pytest.mark.parametrize("url", ["http://127.0.0.1:{other}/x", "http://localhost:{own}/x", "https://127.0.0.1:{own}/x"])
def test_no_client_asks_a_second_server(url: str) -> None:
    """Another port, host or scheme is another server, whatever address an answer gave."""
    with (
        Server(lambda _: Reply(200, {})) as other,
        Server(lambda _: Reply(200, {})) as server,
        Client("Chat", {"Authorization": TOKEN}) as client,
    ):
        client.get(f"{server.url}/first")
        own, others = (each.url.rpartition(":")[2] for each in (server, other))
        address = url.format(own=own, other=others)
        done = client.send(Call(description="x", method="POST", url=address, body={}))
        assert client.get(f"{server.url}/second") == {}
    assert done.problem is not None
    assert done.problem.code == "another-server"
    assert server.lines == ["GET /first", "GET /second"]
    assert other.requests == []


# Certificates


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


Certificate = Callable[[trustme.CA], trustme.LeafCert | trustme.CA]
FALSE: dict[str, Certificate] = {
    "of another authority": lambda _: trustme.CA().issue_cert("127.0.0.1"),
    "that vouches for itself": lambda _: trustme.CA(),
    "for another host": lambda authority: authority.issue_cert("chat.example.com", "localhost"),
    "that has expired": lambda authority: authority.issue_cert("127.0.0.1", not_after=YESTERDAY),
}
YESTERDAY = datetime.now(UTC) - timedelta(days=1)


def _serving(certificate: trustme.LeafCert | trustme.CA) -> Server:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if isinstance(certificate, trustme.CA):
        pem = certificate.private_key_pem.bytes() + certificate.cert_pem.bytes()
        with trustme.Blob(pem).tempfile() as path:
            context.load_cert_chain(path)
    else:
        certificate.configure_cert(context)
    return Server(lambda _: Reply(418, {"message": "reached"}), tls=context)


@pytest.mark.no_cover  # quicker tests run the same lines
@EACH_TARGET
@pytest.mark.parametrize("false", FALSE)
def test_a_false_certificate_is_refused(tmp_path: Path, authority: trustme.CA, target: str, false: str) -> None:
    """Nothing is said to a server that has it."""
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    with _serving(FALSE[false](authority)) as server:
        desk = TARGETS[target].desk(Desk(tmp_path), server.url)
        done = TARGETS[target].publish(desk, server.url, SSL_CERT_FILE="authority.pem").at(2)
    assert "the certificate of 127.0.0.1 can't be trusted" in done.talk
    assert server.requests == []


@EACH_TARGET
def test_a_certificate_of_the_authority_in_ssl_cert_file_is_trusted(
    tmp_path: Path, authority: trustme.CA, target: str
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    with _serving(authority.issue_cert("127.0.0.1")) as server:
        desk = TARGETS[target].desk(Desk(tmp_path), server.url)
        done = TARGETS[target].publish(desk, server.url, SSL_CERT_FILE="authority.pem").at(2)
        assert "can't be trusted" in TARGETS[target].publish(desk, server.url).at(2).talk
    assert "can't be trusted" not in done.talk
    assert server.requests


@pytest.mark.parametrize("content", [None, "", "not a certificate\n", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
def test_certificates_that_can_t_be_read_trust_nobody(tmp_path: Path, content: str | None) -> None:
    """Nothing is sent: no other authorities take their place."""
    target = TARGETS["caldav"]
    desk = target.desk(Desk(tmp_path), "https://127.0.0.1:9")
    path = desk.folder / "authority.pem"
    path.mkdir() if content is None else desk.write("authority.pem", content)
    talk = target.publish(desk, "https://127.0.0.1:9", SSL_CERT_FILE="authority.pem").at(2).talk
    assert "can't read the trusted certificates (authority.pem): " in talk
    assert talk.endswith("[unreadable-certificates]\n  hint: check SSL_CERT_FILE\n")
