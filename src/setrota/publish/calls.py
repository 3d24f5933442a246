"""Requests to servers before they are sent, and their results.

Knows HTTP's terms but not how to send, and no service.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from setrota.background import in_background
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
    False if setrota didn't even ask the server. `unsure` means that the server may have done it in spite of the
    problem, and must not do it twice.
    """

    call: Call
    answer: Any = None
    problem: Problem | None = None
    status: int | None = None
    already_done: bool = False
    sent: bool = True
    unsure: bool = False

    @property
    def refused(self) -> bool:
        """Whether the server would refuse the call again."""
        return self.problem is not None and self.status in range(400, 500) and self.status not in _FOR_NOW

    @property
    def server_failing(self) -> bool:
        """Whether the server itself is failing, so that it would fail at any call."""
        if self.problem is None or not self.sent or self.problem.code == _OUT_OF_TIME:
            return False
        return self.status is None or self.status >= 500 or self.status in _FOR_NOW

    @property
    def unwelcome(self) -> bool:
        """Whether the server refused not only this call, but probably anything from whoever sends it, or sent there."""
        if self.problem is None or self.status is None:
            return False
        return self.status in _UNWELCOME or 300 <= self.status < 400

    @property
    def silent(self) -> bool:
        """Whether the server took all the time that a call may take, with its tries, and still gave no answer."""
        return self.problem is not None and self.problem.code in _SILENT

    @property
    def given_up(self) -> bool:
        """Whether the call wasn't sent because of what had happened to others."""
        return self.problem is not None and not self.sent and self.problem.code in _GIVEN_UP


_FOR_NOW = (408, 425, 429)
"""Client errors after which the same request may succeed another time."""

_UNWELCOME = (401, 402, 403, 405, 407, 451)
"""Client errors that are rarely about a single request: no login, no permission, nothing that can be written to."""

_SILENT = ("server-silent", "slow-answer")
_OUT_OF_TIME = "out-of-time"
_GIVEN_UP = ("not-tried", _OUT_OF_TIME)

Sending = tuple[Call, Callable[[], CallResult]]
"""A call, and the function that sends it."""

MOST_IN_VAIN = 3
"""After this many calls without success at which the server failed or refused everything, the rest isn't tried.

A server that is silent is left alone at once: a call to it takes a minute.
"""


class Patience:
    """Remembers the calls since the last success that failed for a reason that the next one would meet too.

    A server that refuses a call for its own sake isn't failing, but it may refuse all others too.
    """

    def __init__(self) -> None:
        self._asked = False
        self._failing: list[CallResult] = []
        self._unwelcome: list[CallResult] = []

    def note(self, result: CallResult) -> CallResult:
        """Take account of the result of a call, if it was sent, and return it."""
        if result.sent:
            self._asked = True
            if result.server_failing:
                self._failing.append(result)
            elif result.unwelcome:
                self._unwelcome.append(result)
            else:
                self._failing.clear()
            if result.problem is None:
                self._unwelcome.clear()
        return result

    @property
    def justified(self) -> bool:
        """Whether the latest calls show that the server serves us."""
        return self._asked and not self._failing and not self._unwelcome

    @property
    def end(self) -> Problem | None:
        """Why no more calls should be sent, None as long as they should."""
        if any(each.silent for each in self._failing):
            return Problem("not tried, since the server doesn't answer", code="not-tried")
        if len(self._failing) >= MOST_IN_VAIN:
            return Problem("not tried, since the server is failing", code="not-tried")
        if len(self._unwelcome) < MOST_IN_VAIN:
            return None
        if all(each.status == 401 for each in self._unwelcome):
            return Problem("not tried, since the server refuses the login", code="not-tried")
        return Problem(f"not tried, since the server refused {len(self._unwelcome)} in a row", code="not-tried")


def delivered(sendings: Iterable[Sending], patience: Patience | None = None, at_once: int = 1) -> Iterator[CallResult]:
    """Send the calls, even if some are refused, and yield the results in the order of the calls.

    Parameters
    ----------
    patience
        What is known of the server from earlier calls; it ends the sending.
    at_once
        How many to send at a time, in threads, as long as the server serves us. After a call that was in vain they are
        sent one after the other, as at first.
    """
    patience = patience or Patience()
    under_way: deque[Callable[[], CallResult]] = deque()
    for call, send in sendings:
        while under_way and len(under_way) >= (at_once if patience.justified else 1):
            yield patience.note(under_way.popleft()())
        if problem := patience.end:
            yield CallResult(call=call, problem=problem, sent=False)
        elif at_once == 1:
            yield patience.note(send())
        else:
            under_way.append(in_background(send).result)
    for result in under_way:
        yield patience.note(result())
