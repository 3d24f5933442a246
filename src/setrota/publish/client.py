"""HTTP as publishing needs it: time-outs, retries with back-off, limits kept, answers of any kind survived.

TLS is verified always, and proxies are taken from the environment, as `httpx` does both. Knows no service: what an
error means there, its room says.

Tried: `httpx-retries` 0.6 can't send a POST again after a 429 without doing so after a 503 or a lost answer, which may
have made something; told to wait an hour it tries again after its longest pause; its budget is for one request only.
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
from setrota.publish.secrets import hide

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
TRIES = 4
LONGEST_WAIT = 60.0
"""A server that wants to be left alone for longer, in seconds, is: the request fails, and a later run tries again."""
WAITED_ENOUGH = 120.0
"""How many seconds a client waits for a failing server, all requests together."""

LONGEST_ANSWER = 120.0
"""An answer that isn't complete after so many seconds is none: a server may send a byte now and then for ever."""
LARGEST_ANSWER = 20_000_000
"""In bytes; a calendar of years is a few millions."""

_TRANSIENT = {429, 500, 502, 503, 504}

for _name in ("httpx", "httpcore"):
    # What they log holds addresses, and the address of a webhook is a secret.
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Client:
    """Talks to one server, with `headers` on every request.

    Parameters
    ----------
    service
        What messages call the server (`Mattermost`).
    explain
        What the service means by an error.
    sleep, clock
        For tests: how to wait some seconds, and the time in seconds since 1970.
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
            # A server that repeats our header has both in one word.
            hide([b64encode(":".join(auth).encode()).decode()])
        self._explain = explain
        self._sleep, self._clock = sleep, clock
        self._patience = WAITED_ENOUGH
        headers = {"User-Agent": f"setrota/{__version__}", **headers}
        hooks = {"response": [_set_location_aside]}
        try:
            self._http = httpx.Client(headers=headers, auth=auth, timeout=TIMEOUT, event_hooks=hooks)
        except OSError as error:
            where = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR") or "there is none"
            message = f"can't read the certificates to trust ({where}): {error.strerror or type(error).__name__}"
            raise Failed(problem(service, message, "is SSL_CERT_FILE right?")) from None
        except (httpx.InvalidURL, ValueError, ImportError):
            # Without a word of it: a proxy's address may hold a password.
            message = "the environment names a proxy that can't be used"
            hint = "`http://host:port` is meant, in HTTPS_PROXY or ALL_PROXY"
            raise Failed(problem(service, message, hint)) from None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Any:
        """What the server has there, decoded. Raises Failed."""
        return self._answered("GET", url, repeatable=True, params=params).body

    def ask(self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """The answer to a question that needs a body, and changes nothing. Raises Failed."""
        return self._answered(method, url, repeatable=True, headers=headers, **_content(body)).body

    def send(self, call: Call) -> CallResult:
        """Send what changes something; a failure is a result, too."""
        request = {"headers": call.headers, **_content(call.body)}
        try:
            response = self._answered(call.method, call.url, call.repeatable, **request)
        except Failed as failed:
            return CallResult(call=call, problem=failed.problem, status=failed.status)
        return CallResult(call=call, answer=response.body, status=response.status)

    def _answered(self, method: str, url: str, repeatable: bool, **request: Any) -> Response:
        """The answer to a request, tried again while it may help. Raises Failed if it stays an error."""
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            try:
                response = self._answer(method, url, **request)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
                hint = "see `url` in the roster"
                raise Failed(problem(self._service, "the address can't be one", hint)) from None
            except httpx.HTTPError as error:
                sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if last or self._patience <= 0 or untrusted(error) or (sent and not repeatable):
                    raise Failed(unreachable(self._service, error, repeatable)) from None
                self._pause(_pause(attempt))
                continue
            wait = self._wait(response, attempt) if response.status in _TRANSIENT else None
            # A request that has to wait was not served: so even one that must not be repeated may be tried again.
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
        """The answer to one request, whole. Raises Failed if there is no end to it."""
        begun, content = time.monotonic(), bytearray()
        with self._http.stream(method, url, **request) as response:
            for piece in response.iter_bytes():
                content += piece
                if len(content) > LARGEST_ANSWER:
                    message = f"{response.url.host} answers more than {LARGEST_ANSWER // 1_000_000} MB"
                    raise Failed(problem(self._service, message), response.status_code)
                if time.monotonic() - begun > LONGEST_ANSWER:
                    raise Failed(problem(self._service, f"{response.url.host} doesn't come to the end of its answer"))
        headers = response.headers
        if location := response.extensions.get(_LOCATION):
            headers["location"] = location
        return Response(response.status_code, headers, _body(bytes(content)))

    def _wait(self, response: Response, attempt: int) -> float:
        """How many seconds the server wants to be left alone, or what is usual if it doesn't say."""
        # On other answers than 429 these say when the next requests are granted, not that there are none left.
        limits = ("x-ratelimit-reset", "ratelimit-reset") if response.status == 429 else ()
        for name in ("retry-after", *limits):
            value = response.headers.get(name, "")
            if re.fullmatch(r"[0-9]{1,12}(\.[0-9]{0,9})?", value):
                seconds = float(value)
                # Some count the seconds to wait, others name the second since 1970.
                return max(seconds - self._clock(), 0.0) if seconds > 10**9 else seconds
            if (moment := _moment(value)) is not None:
                return max(moment - self._clock(), 0.0)
        return _pause(attempt)


def _pause(attempt: int) -> float:
    """Seconds to wait before the next try: one, two, four."""
    return float(2 ** (attempt - 1))


def _content(body: Any) -> dict[str, Any]:
    """A body as arguments of `httpx`: text as it is, anything else as JSON."""
    if isinstance(body, str):
        return {"content": body.encode()}
    return {} if body is None else {"json": body}


def _body(content: bytes) -> Any:
    """A body as decoded JSON, or as text where it is none, whatever its headers call it."""
    try:
        return json.loads(content) if content else None
    except (ValueError, RecursionError):
        return content.decode("utf-8", "replace")


def _moment(quoted: str) -> float | None:
    """The second since 1970 that a date in a header means; None if it is none."""
    try:
        parts = email.utils.parsedate_tz(quoted)
        return email.utils.mktime_tz(parts) if parts else None
    except (ValueError, OverflowError):
        return None


_LOCATION = "setrota.location"


def _set_location_aside(response: httpx.Response) -> None:
    # Not followed, it would be read all the same, and one that is no address would look like no answer.
    if location := response.headers.pop("location", None):
        response.extensions[_LOCATION] = location
