"""What a server's answers mean, and why there is none, in sentences.

Knows HTTP, and no service: what an error means there, its room says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from setrota.problems import Problem, Refused
from setrota.publish.secrets import without_secrets


@dataclass(frozen=True)
class Response:
    """What a server said: its status, headers, and body as decoded JSON, or as text where it is none."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300


A_DAY = 86_400.0
LONGEST_WORDS = 300
"""How many characters of a server's message are shown."""

Explain = Callable[[Response, str], Problem | None]
"""What a service means by an answer to `METHOD path`; None where the general words do."""


class Failed(Refused):
    """A request that failed; where the command can't go on without its answer, it ends with this.

    `status` is that of HTTP, and None where there was no answer.
    """

    def __init__(self, problem: Problem, status: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.status = status


def refusal(service: str, response: Response, what: str, wait: float | None) -> Problem:
    """What an answer to `METHOD path` means that is an error; `wait` is how many seconds the server asks us to wait."""
    words = quoted(response)
    if response.status == 429 and wait is not None:
        hint = f"try again in {wait:.0f} seconds" if wait <= A_DAY else "try again another day"
        return problem(service, f"too many requests{words}", hint)
    if response.status >= 500:
        message = f"the server has a fault of its own, status {response.status}{words}"
        return problem(service, message, "try again later")
    if 300 <= response.status < 400:
        return problem(service, f"the server sends us on, status {response.status}", "give the address it has today")
    return problem(service, f"{what} was refused, status {response.status}{words}", None)


def unreachable(service: str, error: httpx.HTTPError, repeatable: bool) -> Problem:
    """Why there was no answer; what isn't repeatable may have arrived all the same."""
    host = error.request.url.host
    hint = "is `url` right? is a proxy needed (HTTPS_PROXY)?"
    proxy = proxy_to(error.request.url)
    if proxy and isinstance(error, httpx.ConnectError | httpx.ConnectTimeout) and "SSL" not in str(error):
        host, hint = f"the proxy {proxy}", "it is the one that the environment names"
    if isinstance(error, httpx.ConnectTimeout):
        return problem(service, f"{host} can't be reached in time", hint)
    unknown = None if repeatable else "nobody knows whether it arrived: look before you run it again"
    if isinstance(error, httpx.TimeoutException):
        return problem(service, f"{host} didn't answer in time", unknown)
    if untrusted(error):
        authority = "set SSL_CERT_FILE to your own authority"
        return problem(service, f"the certificate of {host} can't be trusted", authority)
    if isinstance(error, httpx.ProxyError):
        return problem(service, f"the proxy refuses: {error}", "it is the one that the environment names")
    if isinstance(error, httpx.ConnectError):
        return problem(service, f"can't reach {host}: {error}", hint)
    return problem(service, f"the connection to {host} broke off: {str(error) or type(error).__name__}", unknown)


def proxy_to(url: httpx.URL) -> str | None:
    """The host of the proxy that the environment has for an address, without what may be secret in it."""
    named = getproxies()
    proxy = named.get(url.scheme) or named.get("all")
    if not proxy or proxy_bypass(url.host):
        return None
    return urlsplit(proxy if "://" in proxy else f"//{proxy}").hostname


def problem(service: str, message: str, hint: str | None = None) -> Problem:
    """A problem with a service."""
    return Problem(f"{service}: {message}", hint=hint)


def quoted(response: Response) -> str:
    """What an error says for people, to follow other words: ` (it says: There is no such channel.)`, or nothing."""
    words = message_in(response.body)
    return f" (it says: {words})" if words else ""


def message_in(body: Any) -> str:
    """The sentences in an error's body, on one line, short, and without secrets; none in a page."""
    text = body if isinstance(body, str) else "; ".join(_sentences(body, 3))
    if text.lstrip().startswith("<"):
        return ""
    # Cleaned before it is cut: half a secret would not be found.
    line = " ".join(without_secrets(text).split())
    return line if len(line) <= LONGEST_WORDS else f"{line[:LONGEST_WORDS]}…"


def _sentences(body: Any, depth: int) -> Iterator[str]:
    """What is meant for people, in the shapes that services give their errors; not deeper than they do."""
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
