"""HTTP as publishing needs it: time-outs, retries with back-off, respect for rate limits, and safety from any answer.

`httpx` always verifies TLS and takes proxies from the environment. Knows no service; each service's own module explains
its errors.

Tried: `httpx-retries` 0.6 can't repeat a POST after a 429 without repeating it after a 503 or a lost answer too, when
it may have created something; if a server asks for an hour's wait, it tries again after its own longest pause; and its
budget is for a single request.
"""

from __future__ import annotations

import email.utils
import logging
import os
import re
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Event, RLock
from typing import Any

import httpx

from setrota import __version__
from setrota.background import TooLate
from setrota.publish.calls import Call, CallResult
from setrota.publish.content import ENCODING, Swollen, decoded, read_content
from setrota.publish.limit import TimeLimit
from setrota.publish.responses import (
    Explain,
    Failed,
    Response,
    cut_off,
    may_have_arrived,
    out_of_time,
    problem,
    refusal,
    too_slow,
    unreachable,
    untrusted,
)
from setrota.publish.secrets import hide, may_travel

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
TRIES = 4
LONGEST_WAIT = 60.0
"""In seconds. If a server asks for a longer wait, the request fails, and a later run tries again."""

LONGEST_CALL = 60.0
"""In seconds, for a request with its tries until it has an answer; half of the run's time if that is more."""
LARGEST_ANSWER = 20_000_000
"""In bytes. A calendar of several years has a few million."""

_TRANSIENT = {429, 500, 502, 503, 504}
_NOT_SENT = httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError
"""Errors that come before the request is sent: a proxy refuses the tunnel for it."""

for _name in ("httpx", "httpcore"):
    # They log addresses, and the address of a webhook is a secret.
    logging.getLogger(_name).setLevel(logging.CRITICAL + 1)


class Client:
    """Talks to one server, that of its first request, with `headers` on every request.

    Parameters
    ----------
    service
        The server's name in messages (`Mattermost`).
    explain
        Explains the service's own errors.
    limit
        The time limit of the run, over all requests.
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
        limit: TimeLimit | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        if auth:
            # A server may repeat our header, in which both are one word.
            hide([b64encode(":".join(auth).encode()).decode()])
        self._explain = explain
        self._server: tuple[str, str, int | None] | None = None
        self._sleep, self._clock = sleep, clock
        self._limit = limit or TimeLimit()
        self._longest_call = max(LONGEST_CALL, self._limit.seconds / 2)
        # A server that asks to wait would ask each of several threads, which would use up their tries.
        self._pauses: list[TimeLimit] = []
        self._one_at_a_time = RLock()
        headers = {"User-Agent": f"setrota/{__version__}", "Accept-Encoding": ENCODING, **headers}
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
            result = failed.result_of(call)
            return may_have_arrived(result) if failed.unsure and not call.repeatable else result
        return CallResult(call=call, answer=response.body, status=response.status)

    def _answered(self, method: str, url: str, repeatable: bool, **request: Any) -> Response:
        """Return the answer to a request, repeated while that may help. Raises Failed if it stays an error."""
        failed, tries = Failed(out_of_time(self._limit.seconds), sent=False), _Tries()
        with ExitStack() as turn:
            while self._may_ask(turn):
                response = self._reached(tries, method, url, repeatable, **request)
                if response.ok:
                    return response
                asked = self._pause_asked_for(response)
                failed = self._failure(response, f"{method} {httpx.URL(url).path}", asked)
                wait = tries.pause if asked is None else asked
                # A 429 means that the request was not served, so even one that must not be repeated may be tried again.
                again = not tries.last and (repeatable or response.status == 429)
                if response.status not in _TRANSIENT or not again or wait > min(LONGEST_WAIT, self._limit.left()):
                    break
                self._pauses.append(self._limit.sooner(wait))
        raise failed

    def _may_ask(self, turn: ExitStack) -> bool:
        """Whether there is time for a request, after the pauses that the server asked for.

        From the first of them on, calls go one at a time: each is in `turn` until it ends.
        """
        if self._pauses:
            if not self._one_at_a_time.acquire(timeout=self._limit.left()):
                return False
            turn.callback(self._one_at_a_time.release)
            if left := max(pause.left() for pause in self._pauses):
                self._sleep(left)
        return not self._limit.over

    def _reached(self, tries: _Tries, method: str, url: str, repeatable: bool, **request: Any) -> Response:
        """Return the server's answer, whatever it says. Raises Failed if there is none after the tries."""
        limit = self._limit.sooner(self._longest_call)
        while True:
            tries.made += 1
            try:
                return self._answer(limit, method, url, **request)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
                hint = "check `url` in the roster"
                found = problem(self._service, "the address can't be used", hint, code="not-an-address")
                raise Failed(found) from None
            except httpx.HTTPError as error:
                arrived, late = not isinstance(error, _NOT_SENT), tries.pause >= limit.left()
                if tries.last or late or untrusted(error) or (arrived and not repeatable):
                    if late and arrived and isinstance(error, httpx.TimeoutException):
                        raise self._late(limit, error.request.url) from None
                    raise Failed(unreachable(self._service, error), unsure=arrived) from None
                self._sleep(tries.pause)

    def _failure(self, response: Response, what: str, wait: float | None) -> Failed:
        """Return what an error in answer to `METHOD path` means; `wait` is how long the server asks us to wait."""
        found = self._explain(response, what) or refusal(self._service, response, what, wait)
        return Failed(found, response.status, unsure=_may_have_served(response.status))

    def _answer(self, limit: TimeLimit, method: str, url: str, **request: Any) -> Response:
        """Return the whole answer to one request. Raises Failed if it is too large or too slow, or may not be asked."""
        address = httpx.URL(url)
        if not may_travel(address.scheme, address.host):
            message, hint = "the address begins with `http://`, so others could read what is sent", "use `https://`"
            raise Failed(problem(self._service, message, hint, code="not-encrypted"))
        # The first address is the roster's; a later one may come from an answer, and would get the secret.
        server = address.scheme, address.host, address.port
        self._server = self._server or server
        if server != self._server:
            message = f"the server at `{self._server[1]}` gives an address of another server, which is asked nothing"
            raise Failed(problem(self._service, message, code="another-server"))
        left, begun = limit.left(), Event()
        timeout = httpx.Timeout(min(TIMEOUT.read or left, left), connect=min(TIMEOUT.connect or left, left))

        def ask() -> Response:
            with self._http.stream(method, url, timeout=timeout, **request) as response:
                begun.set()
                return self._read(response)

        try:
            return limit.within(ask)
        except TooLate:
            raise self._late(limit, address, begun=begun.is_set()) from None

    def _late(self, limit: TimeLimit, address: httpx.URL, *, begun: bool = False) -> Failed:
        """Return what it means that a call took all its time: what is left of the run's, or all that one may take."""
        if limit.seconds < self._longest_call:
            return Failed(cut_off(self._service, address.host, self._limit.seconds), unsure=True)
        return Failed(too_slow(self._service, address.host, limit.seconds, begun), unsure=True)

    def _read(self, response: httpx.Response) -> Response:
        """Return an answer with its content. Raises Failed if there is too much of it, or it can't be decompressed."""
        host, headers, status = response.url.host, response.headers, response.status_code
        try:
            content = read_content(response, LARGEST_ANSWER)
        except Swollen:
            message = f"the answer of {host} is larger than {LARGEST_ANSWER // 1_000_000} MB"
            found = problem(self._service, message, code="endless-answer")
            raise Failed(found, status, unsure=_may_have_served(status)) from None
        except ValueError:
            message = f"the answer of {host} is compressed in an unknown way, or damaged"
            found = problem(self._service, message, code="unexpected-answer")
            raise Failed(found, status, unsure=_may_have_served(status)) from None
        if location := response.extensions.get(_LOCATION):
            headers["location"] = location
        return Response(status, headers, decoded(content))

    def _pause_asked_for(self, response: Response) -> float | None:
        """Return how many seconds the server asks us to wait, None if it doesn't say."""
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
        return None


@dataclass
class _Tries:
    """How often a request was made."""

    made: int = 0

    @property
    def last(self) -> bool:
        """Whether there is no other try."""
        return self.made >= TRIES

    @property
    def pause(self) -> float:
        """The seconds before the next try, if the server names none: one, two, four."""
        return 2.0 ** (self.made - 1)


def _may_have_served(status: int) -> bool:
    """Whether a request may have been served that was answered with a failure, or with what can't be read."""
    return not 300 <= status < 500


def _content(body: Any) -> dict[str, Any]:
    """Return a body as arguments for `httpx`: text as it is, anything else as JSON."""
    if isinstance(body, str):
        return {"content": body.encode()}
    return {} if body is None else {"json": body}


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
