"""HTTP as publishing needs it: time-outs, retries with back-off, limits kept, and every failure said in a sentence.

TLS is verified always, and proxies are taken from the environment, as `httpx` does both. Knows no service: what an
error means there, its room says. No message holds a secret.
"""

from __future__ import annotations

import email.utils
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from setrota import __version__
from setrota.problems import Problem, Refused
from setrota.publishing.calls import Call, Outcome
from setrota.publishing.secrets import Secret

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
TRIES = 4
LONGEST_WAIT = 60.0
"""A server that wants to be left alone for longer, in seconds, is: the command ends and says when to come back."""

_TRANSIENT = {429, 500, 502, 503, 504}


@dataclass(frozen=True)
class Answer:
    """What a server said: its status, headers, and body as decoded JSON, or as text where it is none."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


Explain = Callable[[Answer, str], Problem | None]
"""What a service means by an answer to `METHOD path`; None where the general words do."""


class Failed(Refused):
    """A request that failed; where the command can't go on without its answer, it ends with this.

    `status` is what the server answered, None where it didn't.
    """

    def __init__(self, problem: Problem, status: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.status = status


class Client:
    """Talks to one server, with `headers` on every request.

    Parameters
    ----------
    service
        What messages call the server (`Mattermost`).
    secrets
        Texts that no message may show.
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
        secrets: Iterable[Secret] = (),
        explain: Explain = lambda answer, what: None,
        auth: tuple[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._service = service
        self._secrets = tuple(secrets)
        self._explain = explain
        self._sleep, self._clock = sleep, clock
        agent = {"User-Agent": f"setrota/{__version__}"}
        self._http = httpx.Client(headers={**agent, **headers}, auth=auth, timeout=TIMEOUT, follow_redirects=False)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, url: str, params: Mapping[str, str] | None = None) -> Any:
        """What the server has there, decoded. Raises Failed."""
        return self._answered("GET", url, repeatable=True, params=params).body

    def ask(self, method: str, url: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Any:
        """The answer to a question that needs a body, and changes nothing. Raises Failed."""
        return self._answered(method, url, repeatable=True, body=body, headers=headers).body

    def send(self, call: Call) -> Outcome:
        """Send what changes something; a failure is an outcome, too."""
        try:
            answer = self._answered(call.method, call.url, call.repeatable, body=call.body, headers=call.headers)
        except Failed as failed:
            return Outcome(call, problem=failed.problem, status=failed.status)
        return Outcome(call, answer.body)

    def _answered(
        self,
        method: str,
        url: str,
        repeatable: bool,
        *,
        params: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """The answer to a request, tried again while it may help. Raises Failed if it stays an error."""
        content: dict[str, Any] = {}
        if isinstance(body, str):
            content["content"] = body.encode()
        elif body is not None:
            content["json"] = body
        for attempt in range(1, TRIES + 1):
            last = attempt == TRIES
            try:
                response = self._http.request(method, url, params=params, headers=headers, **content)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol, UnicodeError):
                raise Failed(self._problem("the address can't be one", "see `url` in the roster")) from None
            except httpx.HTTPError as error:
                if last or not (repeatable or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)):
                    raise Failed(self._unreachable(error, repeatable)) from None
                self._sleep(_pause(attempt))
                continue
            answer = _answer_of(response)
            wait = self._wait(answer, attempt) if answer.status in _TRANSIENT else None
            # Who is told to wait was not served: then even what must not be done twice may be tried again.
            if wait is None or last or wait > LONGEST_WAIT or not (repeatable or answer.status == 429):
                if not answer.ok:
                    raise Failed(self._refusal(answer, f"{method} {httpx.URL(url).path}", wait), answer.status)
                return answer
            self._sleep(wait)
        raise AssertionError("the last try returns or raises")

    def _wait(self, answer: Answer, attempt: int) -> float:
        """How many seconds the server wants to be left alone, or what is usual if it doesn't say."""
        for name in ("retry-after", "x-ratelimit-reset", "ratelimit-reset"):
            said = answer.headers.get(name, "")
            if said.replace(".", "", 1).isdigit():
                seconds = float(said)
                # Some count the seconds to wait, others name the second since 1970.
                return max(seconds - self._clock(), 0.0) if seconds > 10**9 else seconds
            if said and (moment := email.utils.parsedate_tz(said)):
                return max(email.utils.mktime_tz(moment) - self._clock(), 0.0)
        return _pause(attempt)

    def _refusal(self, answer: Answer, what: str, wait: float | None) -> Problem:
        if found := self._explain(answer, what):
            return Problem(self._clean(found.message), found.where, found.hint and self._clean(found.hint))
        said = f" (it says: {words})" if (words := _words(answer.body)) else ""
        if answer.status == 429 and wait is not None:
            return self._problem(f"too many requests{said}", f"try again in {wait:.0f} seconds")
        if answer.status >= 500:
            return self._problem(f"the server has a fault of its own, status {answer.status}{said}", "try again later")
        if 300 <= answer.status < 400:
            return self._problem(f"the server sends us on, status {answer.status}", "give the address it has today")
        return self._problem(f"{what} was refused, status {answer.status}{said}", None)

    def _unreachable(self, error: httpx.HTTPError, repeatable: bool) -> Problem:
        host = error.request.url.host
        if isinstance(error, httpx.TimeoutException):
            hint = None if repeatable else "nobody knows whether it arrived: look before you run it again"
            return self._problem(f"{host} didn't answer in time", hint)
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return self._problem(
                f"the certificate of {host} can't be trusted", "set SSL_CERT_FILE to your own authority"
            )
        return self._problem(f"can't reach {host}: {error}", "is `url` right? is a proxy needed (HTTPS_PROXY)?")

    def _problem(self, message: str, hint: str | None) -> Problem:
        return Problem(self._clean(f"{self._service}: {message}"), hint=hint and self._clean(hint))

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = secret.hidden_in(text)
        return text


def _pause(attempt: int) -> float:
    """Seconds to wait before the next try: one, two, four."""
    return float(2 ** (attempt - 1))


def _answer_of(response: httpx.Response) -> Answer:
    try:
        body: Any = response.json() if response.content else None
    except ValueError:
        body = response.text
    return Answer(response.status_code, response.headers, body)


def _words(body: Any) -> str:
    """The sentence in an error's body, on one line and short."""
    if isinstance(body, dict):
        error = body.get("error")
        found = body.get("message") or (error.get("message") if isinstance(error, dict) else error)
        body = found if isinstance(found, str) else None
    if not isinstance(body, str) or body.lstrip().startswith("<"):
        return ""
    line = " ".join(body.split())
    return line if len(line) <= 200 else f"{line[:199]}…"
