"""HTTP as publishing needs it: time-outs, retries with back-off, respect for rate limits, and safety from any answer.

`httpx` always verifies TLS and takes proxies from the environment. Knows no service; each service's own module explains
its errors.

Tried: `httpx-retries` 0.6 can't repeat a POST after a 429 without repeating it after a 503 or a lost answer too, when
it may have created something; if a server asks for an hour's wait, it tries again after its own longest pause; and its
budget is for a single request.
"""

from __future__ import annotations

import email.utils
import json
import logging
import os
import re
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from setrota import __version__
from setrota.publish.calls import Call, CallResult
from setrota.publish.responses import Explain, Failed, Response, problem, refusal, unreachable, untrusted
from setrota.publish.secrets import hide, may_travel

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
TRIES = 4
LONGEST_WAIT = 60.0
"""In seconds. If a server asks for a longer wait, the request fails, and a later run tries again."""
WAITED_ENOUGH = 120.0
"""The seconds that a client waits for a failing server, over all requests."""

LONGEST_ANSWER = 120.0
"""In seconds. An answer that takes longer is given up: a server could send a byte now and then for ever."""
LARGEST_ANSWER = 20_000_000
"""In bytes. A calendar of several years has a few million."""

_TRANSIENT = {429, 500, 502, 503, 504}

for _name in ("httpx", "httpcore"):
    # They log addresses, and the address of a webhook is a secret.
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Client:
    """Talks to one server, with `headers` on every request.

    Parameters
    ----------
    service
        The server's name in messages (`Mattermost`).
    explain
        Explains the service's own errors.
    sleep, clock
        For tests: waits some seconds; gives the time in seconds since 1970.
    """

    def __init__(
        self,
        service: str,
        headers: Mapping[str, str],
        *,
        explain: Explain = lambda response, what: None,
        auth: tuple[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        if auth:
            # A server may repeat our header, in which both are one word.
            hide([b64encode(":".join(auth).encode()).decode()])
        self._explain = explain
        self._sleep, self._clock = sleep, clock
        self._patience = WAITED_ENOUGH
        headers = {"User-Agent": f"setrota/{__version__}", **headers}
        hooks = {"response": [_set_location_aside]}
        try:
            # What isn't encrypted stays on this machine, and goes to no proxy either.
            direct: dict[str, httpx.BaseTransport | None] = {"http://": None}
            self._http = httpx.Client(headers=headers, auth=auth, timeout=TIMEOUT, event_hooks=hooks, mounts=direct)
        except OSError as error:
            where = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR") or "there is none"
            message = f"can't read the trusted certificates ({where}): {error.strerror or type(error).__name__}"
            raise Failed(problem(service, message, "check SSL_CERT_FILE", code="unreadable-certificates")) from None
        except (httpx.InvalidURL, ValueError, ImportError):
            # Not shown: a proxy's address may contain a password.
            message = "the proxy in HTTPS_PROXY or ALL_PROXY can't be used"
            raise Failed(problem(service, message, "it should be like `http://host:port`", code="bad-proxy")) from None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Any:
        """Return what the server has at an address, decoded. Raises Failed."""
        return self._answered("GET", url, repeatable=True, params=params).body

    def ask(self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """Return the answer to a request that needs a body but changes nothing. Raises Failed."""
        return self._answered(method, url, repeatable=True, headers=headers, **_content(body)).body

    def send(self, call: Call) -> CallResult:
        """Send a call that changes something; a failure is a result, not an exception."""
        request = {"headers": call.headers, **_content(call.body)}
        try:
            response = self._answered(call.method, call.url, call.repeatable, **request)
        except Failed as failed:
            return CallResult(call=call, problem=failed.problem, status=failed.status)
        return CallResult(call=call, answer=response.body, status=response.status)

    def _answered(self, method: str, url: str, repeatable: bool, **request: Any) -> Response:
        """Return the answer to a request, repeated while that may help. Raises Failed if it stays an error."""
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            try:
                response = self._answer(method, url, **request)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
                hint = "check `url` in the roster"
                found = problem(self._service, "the address can't be used", hint, code="not-an-address")
                raise Failed(found) from None
            except httpx.HTTPError as error:
                sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if last or self._patience <= 0 or untrusted(error) or (sent and not repeatable):
                    raise Failed(unreachable(self._service, error, repeatable)) from None
                self._pause(_pause(attempt))
                continue
            wait = self._wait(response, attempt) if response.status in _TRANSIENT else None
            # A 429 means that the request was not served, so even one that must not be repeated may be tried again.
            too_long = wait is not None and wait > min(LONGEST_WAIT, self._patience)
            if wait is None or last or too_long or not (repeatable or response.status == 429):
                if not response.ok:
                    what = f"{method} {httpx.URL(url).path}"
                    found = self._explain(response, what) or refusal(self._service, response, what, wait)
                    raise Failed(found, response.status)
                return response
            self._pause(wait)
        raise AssertionError("the last try returns or raises")

    def _pause(self, seconds: float) -> None:
        self._patience -= seconds
        self._sleep(seconds)

    def _answer(self, method: str, url: str, **request: Any) -> Response:
        """Return the whole answer to one request. Raises Failed if it is too large or too slow, or may not be asked."""
        address = httpx.URL(url)
        if not may_travel(address.scheme, address.host):
            message, hint = "the address begins with `http://`, so others could read what is sent", "use `https://`"
            raise Failed(problem(self._service, message, hint, code="not-encrypted"))
        begun, content = time.monotonic(), bytearray()
        with self._http.stream(method, url, **request) as response:
            for piece in response.iter_bytes():
                content += piece
                if len(content) > LARGEST_ANSWER:
                    message = f"the answer of {response.url.host} is larger than {LARGEST_ANSWER // 1_000_000} MB"
                    raise Failed(problem(self._service, message, code="endless-answer"), response.status_code)
                if time.monotonic() - begun > LONGEST_ANSWER:
                    message = f"the answer of {response.url.host} takes longer than {LONGEST_ANSWER:g} seconds"
                    raise Failed(problem(self._service, message, code="endless-answer"))
        headers = response.headers
        if location := response.extensions.get(_LOCATION):
            headers["location"] = location
        return Response(response.status_code, headers, _body(bytes(content)))

    def _wait(self, response: Response, attempt: int) -> float:
        """Return how many seconds the server asks us to wait, or the usual pause if it doesn't say."""
        # Outside a 429 these headers say when the quota renews, not that it is used up.
        limits = ("x-ratelimit-reset", "ratelimit-reset") if response.status == 429 else ()
        for name in ("retry-after", *limits):
            value = response.headers.get(name, "")
            if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{0,9})?", value):
                seconds = float(value)
                # Some servers send the seconds to wait, others the seconds since 1970.
                return max(seconds - self._clock(), 0.0) if seconds > 10**9 else seconds
            if (moment := _moment(value)) is not None:
                return max(moment - self._clock(), 0.0)
        return _pause(attempt)


def _pause(attempt: int) -> float:
    """Return the seconds to wait before the next try: one, two, four."""
    return float(2 ** (attempt - 1))


def _content(body: Any) -> dict[str, Any]:
    """Return a body as arguments for `httpx`: text as it is, anything else as JSON."""
    if isinstance(body, str):
        return {"content": body.encode()}
    return {} if body is None else {"json": body}


def _body(content: bytes) -> Any:
    """Return a body as decoded JSON, or as text if it isn't JSON, whatever its headers claim."""
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")


def _moment(quoted: str) -> float | None:
    """Return a header's date as seconds since 1970; None if it isn't a date."""
    try:
        parts = email.utils.parsedate_tz(quoted)
        return email.utils.mktime_tz(parts) if parts else None
    except (ValueError, OverflowError):
        return None


_LOCATION = "setrota.location"


def _set_location_aside(response: httpx.Response) -> None:
    # httpx reads the header even if it doesn't follow it, and a malformed address would look like a lost answer.
    if location := response.headers.pop("location", None):
        response.extensions[_LOCATION] = location
