"""What a server's answers mean, or why there was no answer, in sentences.

Knows HTTP but no service; each service's own module explains its errors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from setrota.background import Result, TooLate
from setrota.problems import Problem, Refused
from setrota.publish.calls import Call, CallResult
from setrota.publish.limit import TimeLimit
from setrota.publish.secrets import without_secrets


@dataclass(frozen=True)
class Response:
    """A server's answer: status, headers, and the body as decoded JSON, or as text if it isn't JSON."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


A_DAY = 86_400.0
LONGEST_WORDS = 300
"""The most characters of a server's message to show."""

Explain = Callable[[Response, str], Problem | None]
"""Explains a service's answer to `METHOD path`; None if the general explanation is good enough."""


class Failed(Refused):
    """A request that failed, which ends a command that can't go on without the answer.

    `status` is HTTP's, None if there was no answer. `sent` is False if setrota didn't even ask the server. `unsure`
    means that the server may have done what it was asked all the same.
    """

    def __init__(self, problem: Problem, status: int | None = None, *, sent: bool = True, unsure: bool = False) -> None:
        super().__init__(problem)
        self.problem = problem
        self.status = status
        self.sent = sent
        self.unsure = unsure

    def result_of(self, call: Call) -> CallResult:
        """Return the failure as the result of a call."""
        return CallResult(call=call, problem=self.problem, status=self.status, sent=self.sent)


def refusal(service: str, response: Response, what: str, wait: float | None) -> Problem:
    """Return what an error in answer to `METHOD path` means; `wait` is the seconds to wait, if the server says."""
    words = quoted(response)
    if response.status == 429:
        hint = "try again later"
        if wait is not None:
            hint = f"try again in {wait:.0f} seconds" if wait <= A_DAY else "try again another day"
        return problem(service, f"too many requests{words}", hint, code="too-many-requests")
    if response.status >= 500:
        message = f"the server failed with status {response.status}{words}"
        return problem(service, message, "try again later", code="server-failing")
    if 300 <= response.status < 400:
        message = f"the server redirects with status {response.status}"
        return problem(service, message, "use its current address", code="redirected")
    return problem(service, f"{what} was refused with status {response.status}{words}", code="request-refused")


def unreachable(service: str, error: httpx.HTTPError) -> Problem:
    """Return why there was no answer."""
    host = error.request.url.host
    if untrusted(error):
        hint = "if it is your own authority's, set SSL_CERT_FILE to that authority's certificate"
        return problem(service, f"the certificate of {host} can't be trusted", hint, code="untrusted-certificate")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
        return _not_reached(service, error)
    if isinstance(error, httpx.ProxyError):
        return problem(
            service, f"the proxy refused the request: {shortened(str(error))}", _PROXY_HINT, code="proxy-failing"
        )
    if isinstance(error, httpx.TimeoutException):
        return problem(service, f"{host} didn't answer in time", code="no-answer")
    reason = shortened(str(error)) or type(error).__name__
    return problem(service, f"the connection to {host} was lost: {reason}", code="no-answer")


def _seconds(number: float) -> str:
    shown = f"{round(number, 1):g}"
    return f"{shown} second" if shown == "1" else f"{shown} seconds"


def too_slow(service: str, host: str, seconds: float, begun: bool = False) -> Problem:
    """Return what it means that a call had no whole answer after so many seconds; `begun` if it had a part."""
    if begun:
        message = f"the answer of {host} takes longer than {_seconds(seconds)}"
        return problem(service, message, code="slow-answer")
    message = f"{host} didn't answer within {_seconds(seconds)}"
    return problem(service, message, "try again later", code="server-silent")


def out_of_time(seconds: float) -> Problem:
    """Return why nothing is sent any more: the time limit of the run is over."""
    message = f"not sent, since the time limit of {_seconds(seconds)} is over"
    return Problem(message, hint=_MORE_TIME, code="out-of-time")


def in_time(limit: TimeLimit, work: Callable[[], Result]) -> Result:
    """Return what `work` makes of answers. Raises Failed if that takes longer than there is time."""
    try:
        return limit.within(work)
    except TooLate:
        raise Failed(out_of_time(limit.seconds), sent=False) from None


def cut_off(service: str, host: str, seconds: float) -> Problem:
    """Return what it means that the time limit of the run was over before an answer came."""
    message = f"{host} didn't answer before the time limit of {_seconds(seconds)} was over"
    return problem(service, message, _MORE_TIME, code="out-of-time")


_MORE_TIME = "`--time-limit SECONDS` allows more time"


def may_have_arrived(result: CallResult) -> CallResult:
    """Return the failed result of a call that must not be repeated, though the server may have done what it asks."""
    assert result.problem  # nosec B101  # for mypy
    hint = "it may have arrived: look before you run it again"
    return replace(result, problem=replace(result.problem, hint=hint), unsure=True)


_PROXY_HINT = "check HTTPS_PROXY, ALL_PROXY and NO_PROXY"


def _not_reached(service: str, error: httpx.HTTPError) -> Problem:
    """Return why a server, or the proxy to it, couldn't be reached."""
    url = error.request.url
    reason = "timed out" if isinstance(error, httpx.ConnectTimeout) else shortened(_ERRNO.sub("", str(error)))
    proxy = proxy_to(url)
    if proxy and "SSL" not in str(error):
        return problem(service, f"can't reach the proxy {proxy}: {reason}", _PROXY_HINT, code="proxy-failing")
    where = f"{url.host}, port {url.port}" if url.port else url.host
    if "WRONG_VERSION_NUMBER" in str(error):
        return problem(service, f"can't reach {where}: no TLS is spoken there", "check `url`", code="unreachable")
    hint = "check `url`, and whether a proxy is needed (HTTPS_PROXY)"
    if url.scheme == "http":
        hint = "check `url`, and whether the server runs"
    return problem(service, f"can't reach {where}: {reason}", hint, code="unreachable")


_ERRNO = re.compile(r"\[Errno -?[0-9]+\] ")


def proxy_to(url: httpx.URL) -> str | None:
    """Return the host of the proxy that the environment names for an address, without its secrets."""
    named = getproxies()
    proxy = named.get("https") or named.get("all")
    if url.scheme == "http" or not proxy or proxy_bypass(url.host):
        return None
    return urlsplit(proxy if "://" in proxy else f"//{proxy}").hostname


def problem(service: str, message: str, hint: str | None = None, *, code: str) -> Problem:
    """Return a problem with a service."""
    return Problem(f"{service}: {message}", hint=hint, code=code)


def quoted(response: Response) -> str:
    """Return an error's own message, to follow other words: ` (it says: There is no such channel.)`, or nothing."""
    words = message_in(response.body)
    return f" (it says: {words})" if words else ""


def message_in(body: Any) -> str:
    """Return the sentences in an error's body on one short line, without secrets; nothing if it is an HTML page."""
    text = body if isinstance(body, str) else "; ".join(_sentences(body, 3))
    if text.lstrip().startswith("<"):
        return ""
    return shortened(text)


def shortened(text: str) -> str:
    """Return what a server said on one short line, without secrets."""
    # Secrets are hidden before the text is cut: half a secret would not be found.
    line = " ".join(without_secrets(text).split())
    return line if len(line) <= LONGEST_WORDS else f"{line[:LONGEST_WORDS]}…"


def _sentences(body: Any, depth: int) -> Iterator[str]:
    """Yield the sentences for people in the shapes that services give their errors, down to a depth."""
    if isinstance(body, str):
        yield body
    if not isinstance(body, dict) or not depth:
        return
    yield from (body[word] for word in ("message", "title", "detail") if isinstance(body.get(word), str))
    errors = body.get("errors")
    if isinstance(errors, dict):
        errors = [f"{word}: {each}" for word, each in errors.items()]
    for each in (body.get("error"), *(errors if isinstance(errors, list) else [])):
        yield from _sentences(each, depth - 1)


def untrusted(error: httpx.HTTPError) -> bool:
    return "CERTIFICATE_VERIFY_FAILED" in str(error)
