"""What is to be sent to a server, before it is; and what came of it.

Knows nothing of HTTP beyond its words, and of no service.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from setrota.problems import Problem


@dataclass(frozen=True, kw_only=True)
class Call:
    """One request that changes something on a server.

    `description` is what it does, for people (`header of eng/sustained-engineering`). `body` is sent as JSON, or as it
    is if it is text. `repeatable` says that doing it twice is doing it once, so that it may be tried again when nobody
    knows whether it arrived. The headers are those that belong to the call; the client adds what proves who we are.
    """

    description: str
    method: str
    url: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True

    def shown(self) -> str:
        """What would be sent, as it would be."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.method} {self.url}"
        for name, value in self.headers.items():
            yield f"{name}: {value}"
        if self.body is not None:
            yield ""
            text = self.body if isinstance(self.body, str) else json.dumps(self.body, indent=2, ensure_ascii=False)
            yield from text.splitlines()


@dataclass(frozen=True, kw_only=True)
class CallResult:
    """What came of a call: `answer` is what the server said (decoded JSON, or text), or `problem` why it failed.

    `status` is that of HTTP, and None where there was no answer. What an earlier run did is `already_done`. `sent`
    says whether the server was asked at all: setrota may know by itself that a call can't be made.
    """

    call: Call
    answer: Any = None
    problem: Problem | None = None
    status: int | None = None
    already_done: bool = False
    sent: bool = True

    @property
    def refused(self) -> bool:
        """Whether the server won't do it, however often it is asked."""
        return self.problem is not None and self.status in range(400, 500) and self.status not in _FOR_NOW

    @property
    def server_failing(self) -> bool:
        """Whether the server could do nothing for us, whatever it was asked."""
        if self.problem is None or not self.sent:
            return False
        return self.status is None or self.status >= 500 or self.status in _FOR_NOW


_FOR_NOW = (408, 425, 429)
"""Errors like the server's own: another time the same request may be served."""

Sending = tuple[Call, Callable[[], CallResult]]
"""A call, and what sends it."""

PATIENCE = 3
"""After so many calls in a row that the server could do nothing about, the rest isn't tried."""

_UNTRIED = Problem("not tried: the server is failing")


def delivered(sendings: Iterable[Sending]) -> Iterator[CallResult]:
    """Send one call after the other, also after one that was refused, and give each result."""
    in_vain = 0
    for call, send in sendings:
        result = send() if in_vain < PATIENCE else CallResult(call=call, problem=_UNTRIED, sent=False)
        if result.sent:
            in_vain = in_vain + 1 if result.server_failing else 0
        yield result
