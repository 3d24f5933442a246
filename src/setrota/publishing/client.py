"""HTTP as publishing needs it: time-outs, retries with back-off, limits kept.

TLS is verified always, and proxies are taken from the environment, as `httpx` does both. Knows no service: what an
error means there, its room says. No message holds a secret.
"""

from __future__ import annotations

import email.utils
import logging
import os
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from setrota import __version__
from setrota.publishing.answers import Answer, Explain, Failed, clean, problem, refusal, unreachable, untrusted
from setrota.publishing.calls import Call, Outcome
from setrota.publishing.secrets import hide

__all__ = ["Answer", "Client", "Explain", "Failed"]

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
TRIES = 4
LONGEST_WAIT = 60.0
"""A server that wants to be left alone for longer, in seconds, is: the command ends and says when to come back."""

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
        explain: Explain = lambda answer, what: None,
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
        agent = {"User-Agent": f"setrota/{__version__}"}
        try:
            self._http = httpx.Client(headers={**agent, **headers}, auth=auth, timeout=TIMEOUT, follow_redirects=False)
        except OSError as error:
            where = os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR") or "there is none"
            message = f"can't read the certificates to trust ({where}): {error.strerror or type(error).__name__}"
            raise Failed(problem(service, message, "is SSL_CERT_FILE right?")) from None
        except (httpx.InvalidURL, ValueError, ImportError):
            # Without a word of it: a proxy's address may hold a password.
            message = "the environment names a proxy that can't be used"
            raise Failed(
                problem(service, message, "`http://host:port` is meant, in HTTPS_PROXY or ALL_PROXY")
            ) from None

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Any:
        """What the server has there, decoded. Raises Failed."""
        return self._answered("GET", url, repeatable=True, params=params).body

    def ask(self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """The answer to a question that needs a body, and changes nothing. Raises Failed."""
        return self._answered(method, url, repeatable=True, headers=headers, content=_content(body)).body

    def send(self, call: Call) -> Outcome:
        """Send what changes something; a failure is an outcome, too."""
        content = _content(call.body)
        try:
            answer = self._answered(call.method, call.url, call.repeatable, headers=call.headers, content=content)
        except Failed as failed:
            return Outcome(call, problem=failed.problem, status=failed.status)
        return Outcome(call, answer.body, status=answer.status)

    def _answered(
        self,
        method: str,
        url: str,
        repeatable: bool,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        content: Mapping[str, Any] | None = None,
    ) -> Answer:
        """The answer to a request, tried again while it may help. Raises Failed if it stays an error."""
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            try:
                response = self._http.request(method, url, params=params, headers=headers, **(content or {}))
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
                hint = "see `url` in the roster"
                raise Failed(problem(self._service, "the address can't be one", hint)) from None
            except httpx.HTTPError as error:
                sent = not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
                if last or untrusted(error) or (sent and not repeatable):
                    raise Failed(unreachable(self._service, error, repeatable)) from None
                self._sleep(_pause(attempt))
                continue
            answer = _answer_of(response)
            wait = self._wait(answer, attempt) if answer.status in _TRANSIENT else None
            # Who is told to wait was not served: then even what must not be done twice may be tried again.
            if wait is None or last or wait > LONGEST_WAIT or not (repeatable or answer.status == 429):
                if not answer.ok:
                    what = f"{method} {httpx.URL(url).path}"
                    found = self._explain(answer, what) or refusal(self._service, answer, what, wait)
                    raise Failed(clean(found), answer.status)
                return answer
            self._sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _wait(self, answer: Answer, attempt: int) -> float:
        """How many seconds the server wants to be left alone, or what is usual if it doesn't say."""
        for name in ("retry-after", "x-ratelimit-reset", "ratelimit-reset"):
            said = answer.headers.get(name, "")
            if said.isascii() and said.replace(".", "", 1).isdigit():
                seconds = float(said)
                # Some count the seconds to wait, others name the second since 1970.
                return max(seconds - self._clock(), 0.0) if seconds > 10**9 else seconds
            if said and (moment := email.utils.parsedate_tz(said)):
                return max(email.utils.mktime_tz(moment) - self._clock(), 0.0)
        return _pause(attempt)


def _pause(attempt: int) -> float:
    """Seconds to wait before the next try: one, two, four."""
    return float(2 ** (attempt - 1))


def _content(body: Any) -> dict[str, Any]:
    """A body as `httpx` is told of it: text as it is, anything else as JSON."""
    if isinstance(body, str):
        return {"content": body.encode()}
    return {} if body is None else {"json": body}


def _answer_of(response: httpx.Response) -> Answer:
    try:
        body: Any = response.json() if response.content else None
    except ValueError:
        body = response.text
    return Answer(response.status_code, response.headers, body)
