"""A server on the loopback that stands for a service, and holds every conversation against the service's API.

A test says what it answers. What the API's description doesn't allow, in a request or in an answer (its path, method,
parameters, body, status, or shape of an error), is a fault, and the test fails when the server closes.
"""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

from descriptions import HOST
from openapi_core import OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.testing import MockRequest, MockResponse


@dataclass(frozen=True)
class Request:
    """What a server was asked; names of headers in lower case, the body as JSON, decoded, or as text."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        try:
            return json.loads(self.content) if self.content else None
        except ValueError:
            return self.content.decode()

    @property
    def line(self) -> str:
        """`GET /api/v4/users/me`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True)
class Reply:
    """What a server answers: `body` is sent as JSON, or as it is if it is text.

    `described` is False for what no API describes, though servers and what stands before them say it.
    """

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    described: bool = True

    @property
    def content(self) -> bytes:
        if self.body is None:
            return b""
        return self.body.encode() if isinstance(self.body, str) else json.dumps(self.body).encode()

    @property
    def kind(self) -> str:
        given = {name.lower(): value for name, value in self.headers.items()}
        return given.get("content-type", "text/plain" if isinstance(self.body, str) else "application/json")


SILENCE = Reply(status=0)
"""No answer at all, until the server closes."""
HANG_UP = Reply(status=-1)
"""The connection is closed without an answer."""


class Server:
    """Answers on 127.0.0.1 while it is open, each request with what `answer` says.

    `requests` are all it was asked, in order. Without an API nothing is held against anything.
    """

    def __init__(
        self, answer: Callable[[Request], Reply], api: OpenAPI | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.requests: list[Request] = []
        self.faults: list[str] = []
        self.closing = Event()
        self._answer, self._api = answer, api
        self._http = _Listener(("127.0.0.1", 0), _handler(self))
        if tls:
            self._http.socket = tls.wrap_socket(self._http.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"http{'s' if tls else ''}://127.0.0.1:{self._http.server_port}"
        self._thread = Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> Server:
        self._thread.start()
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._http.server_close()
        if kind is None:
            assert self.faults == []

    @property
    def lines(self) -> list[str]:
        """What was asked: `GET /api/v4/users/me`."""
        return [request.line for request in self.requests]

    def reply(self, request: Request) -> Reply:
        self.requests.append(request)
        try:
            reply = self._answer(request)
        except Exception as error:
            self.faults.append(f"{request.line}: {error!r}")
            return Reply(500, "the test's server failed", described=False)
        if self._api:
            self._judge(self._api, request, reply)
        return reply

    def _judge(self, api: OpenAPI, request: Request, reply: Reply) -> None:
        """Note what the API's description doesn't allow."""
        asked = MockRequest(
            HOST,
            request.method.lower(),
            request.path,
            args=dict(request.query),
            headers=dict(request.headers),
            data=request.content or None,
            content_type=request.headers.get("content-type", ""),
        )
        try:
            api.validate_request(asked)
        except OpenAPIError as error:
            # A request that is refused may be a bad one: that is what is tested.
            if reply.status not in (400, 401, 404, 405, 422):
                self.faults.append(f"{request.line}: {_reason(error)}")
            return
        if reply.described and reply.status > 0:
            said = MockResponse(reply.content, reply.status, dict(reply.headers), reply.kind)
            try:
                api.validate_response(asked, said)
            except OpenAPIError as error:
                self.faults.append(f"the answer {reply.status} to {request.line}: {_reason(error)}")


def _reason(error: BaseException | None) -> str:
    """What an error says, and those that it came from."""
    words = []
    while error is not None:
        words.append(str(error) or type(error).__name__)
        words += [f"{each.json_path}: {each.message}" for each in getattr(error, "schema_errors", ())]
        error = error.__cause__
    return ": ".join(words)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """Whoever hangs up, or trusts no certificate, is the test's concern."""


def _handler(server: Server) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 30
        disable_nagle_algorithm = True  # or each answer's body waits until its head is acknowledged, 40 ms later

        def handle_any(self) -> None:
            parts = urlsplit(self.path)
            length = int(self.headers.get("content-length") or 0)
            request = Request(
                self.command,
                parts.path,
                {name: values[-1] for name, values in parse_qs(parts.query).items()},
                {name.lower(): value for name, value in self.headers.items()},
                self.rfile.read(length),
            )
            self.answer(server.reply(request))

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_CONNECT = handle_any  # noqa: N815
        do_PROPFIND = do_REPORT = handle_any  # noqa: N815

        def answer(self, reply: Reply) -> None:
            if reply.status <= 0:
                if reply is SILENCE:
                    server.closing.wait()
                self.close_connection = True
                return
            content = reply.content
            self.send_response(reply.status)
            for name, value in ({"Content-Type": reply.kind} | dict(reply.headers)).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler
