"""Requests to servers before they are sent, and their results.

Knows HTTP's terms but not how to send, and no service.
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

    `description` names it for people (`header of eng/sustained-engineering`). A `body` that is text is sent as it is,
    any other as JSON. A `repeatable` request has the same effect once or twice, so it may be tried again if it is
    unknown whether it arrived. `headers` belong to this call; the client adds the credentials.
    """

    description: str
    method: str
    url: str
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = True

    def shown(self) -> str:
        """Return exactly what would be sent."""
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
    """The result of a call: the server's `answer` (decoded JSON, or text), or the `problem` that made it fail.

    `status` is HTTP's, None if there was no answer. `already_done` means that an earlier run had done it. `sent` is
    False if setrota didn't even ask the server.
    """

    call: Call
    answer: Any = None
    problem: Problem | None = None
    status: int | None = None
    already_done: bool = False
    sent: bool = True

    @property
    def refused(self) -> bool:
        """Whether the server would refuse the call again."""
        return self.problem is not None and self.status in range(400, 500) and self.status not in _FOR_NOW

    @property
    def server_failing(self) -> bool:
        """Whether the server itself is failing, so that it would fail at any call."""
        if self.problem is None or not self.sent:
            return False
        return self.status is None or self.status >= 500 or self.status in _FOR_NOW


_FOR_NOW = (408, 425, 429)
"""Client errors after which the same request may succeed another time."""

Sending = tuple[Call, Callable[[], CallResult]]
"""A call, and the function that sends it."""

PATIENCE = 3
"""After this many calls in a row at which the server failed, the rest isn't tried."""

_UNTRIED = Problem("not tried, since the server is failing", code="not-tried")


def delivered(sendings: Iterable[Sending]) -> Iterator[CallResult]:
    """Send one call after the other, even if one is refused, and yield each result."""
    in_vain = 0
    for call, send in sendings:
        result = send() if in_vain < PATIENCE else CallResult(call=call, problem=_UNTRIED, sent=False)
        if result.sent:
            in_vain = in_vain + 1 if result.server_failing else 0
        yield result
