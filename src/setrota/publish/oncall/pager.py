"""What the on-call services have in common: their overrides, and requests that change them.

Knows no service's format; `setrota.publish.oncall.services` does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from setrota.dates.periods import instant
from setrota.export.oncall.overrides import Override, account_of, service_name
from setrota.export.oncall.requests import REQUESTS
from setrota.publish.calls import Call, CallResult
from setrota.publish.client import Client
from setrota.publish.responses import Failed, problem
from setrota.publish.secrets import Secret
from setrota.reports.wording import NOBODY, moment_stamp, name_of, plain
from setrota.roster import Roster


@dataclass(frozen=True)
class RemoteOverride:
    """An override that a service has; times in UTC. `key` is its name there, `user` the account ("" for nobody)."""

    key: str
    user: str
    start: datetime
    end: datetime

    @property
    def span(self) -> tuple[datetime, datetime]:
        return self.start, self.end

    def matches(self, override: Override, now: datetime) -> bool:
        """Whether from now on it is exactly what an override should be, whatever it was before."""
        return self.same_from(RemoteOverride(self.key, override.user, *override.span), now)

    def same_from(self, other: RemoteOverride, now: datetime) -> bool:
        """Whether from now on it is the same as another."""
        starts = {max(each.start, now) for each in (self, other)}
        return self.user.lower() == other.user.lower() and self.end == other.end and len(starts) == 1


EARLIEST, LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
"""Every time zone can express the instants between these."""


def parse_instant(text: str) -> datetime:
    """Read an instant in UTC, moved to between `EARLIEST` and `LATEST` if it is outside. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("no time zone")
    try:
        return min(max(instant(moment), EARLIEST), LATEST)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


class Pager(ABC):
    """An on-call service. `values` is its section of the roster."""

    service: ClassVar[str]
    key_path: ClassVar[tuple[str | int, ...]]
    """The path to a new override's name in an answer."""
    creation_repeatable: ClassVar[bool] = False
    """Whether creating an override twice creates only one."""
    marks_own: ClassVar[bool] = False
    """Whether the names of overrides show which are setrota's."""
    later_wins: ClassVar[bool] = False
    """Whether, of two overrides at one time, the later one is known to count."""

    def __init__(self, roster: Roster, client: Client) -> None:
        self.roster, self.client = roster, client
        self.values = roster.publish[self.service]
        self.requests = REQUESTS[self.service](self.values)
        self.url = self.requests.url
        self.name = service_name(self.service)

    @staticmethod
    @abstractmethod
    def credentials(values: Mapping[str, Any], token: Secret) -> tuple[dict[str, str], tuple[str, str] | None]:
        """Return the credentials: headers, or a name and a password."""

    def seat(self, schedule: str) -> str:
        """Return the kind of seat that has a schedule, or the schedule itself if none has it any more."""
        kinds = (str(kind) for kind, name in self.values["schedules"].items() if name == schedule)
        return next(kinds, f"`{plain(schedule)}`")

    def overrides(self, schedule: str, start: datetime, end: datetime) -> list[RemoteOverride]:
        """Return the overrides that a schedule has between two instants. Raises Failed."""
        try:
            found = {each.key: each for each in self.fetch(schedule, start, end)}
        except (KeyError, TypeError, ValueError, AttributeError):
            message = "its list of overrides has an unknown format"
            raise Failed(problem(self.name, message, code="unexpected-answer"), 200) from None
        return sorted((each for each in found.values() if each.end > start), key=lambda each: (each.start, each.key))

    @abstractmethod
    def fetch(self, schedule: str, start: datetime, end: datetime) -> Iterator[RemoteOverride]:
        """Yield everything that the service lists, which may include older overrides, or one of them twice."""

    def is_in_place(self, override: Override, existing: RemoteOverride, now: datetime) -> bool:
        """Whether an existing override is what the needed one should be."""
        return existing.matches(override, now)

    @abstractmethod
    def replaceable(self, override: Override, own: Sequence[RemoteOverride]) -> RemoteOverride | None:
        """Return the surplus override of setrota's to turn into a new one; None creates another."""

    def create(self, override: Override) -> Call:
        method, url, body = self.requests.creation(override)
        repeatable = self.creation_repeatable
        return Call(description=override.description, method=method, url=url, body=body, repeatable=repeatable)

    def change(self, override: Override, existing: RemoteOverride, now: datetime) -> Call:
        """Return the call that turns an override into another; if it runs already, it keeps a start in this duty."""
        start = override.start
        if existing.start <= now:
            start = max(existing.start, instant(override.since)).astimezone(override.since.tzinfo)
        url, body = self.url(override.schedule, existing.key), self.requests.body(override, start)
        return Call(description=override.description, method="PUT", url=url, body=body)

    def delete(self, schedule: str, existing: RemoteOverride) -> Call:
        description = f"delete {self.described(schedule, existing)}"
        return Call(description=description, method="DELETE", url=self.url(schedule, existing.key))

    def described(self, schedule: str, existing: RemoteOverride) -> str:
        """Return an override in words: `primary 2027-01-11 09:00 CET to 2027-01-18 09:00 CET: Bo Lindquarry`."""
        start, end = (moment_stamp(each.astimezone(self.roster.zone)) for each in existing.span)
        return f"{self.seat(schedule)} {start} to {end}: {self._person(existing.user)}"

    def _person(self, user: str) -> str:
        accounts = ((each, account_of(self.roster, each, self.service) or "") for each in self.roster.people)
        handle = next((each for each, account in accounts if account.lower() == user.lower()), None)
        return name_of(self.roster, handle) if handle else f"`{plain(user)}`" if user else NOBODY

    def send(self, call: Call) -> CallResult:
        """Send a call. Deleting a missing override succeeds; an answer that reports an error is a failure."""
        result = self.client.send(call)
        if call.method == "DELETE" and result.status == 404:
            return replace(result, problem=None, already_done=True)
        if result.problem and result.unsure:
            hint = "it may have arrived anyway; the next run checks before it sends"
            return replace(result, problem=replace(result.problem, hint=hint))
        if result.problem is None and (error := self.error_in(result.answer)):
            found = problem(self.name, f"the request was refused (it says: {error})", code="request-refused")
            return replace(result, problem=found)
        return result

    def error_in(self, answer: Any) -> str | None:
        """Return the error that a successful answer reports all the same, if any."""
        return None

    def new_key(self, answer: Any) -> str | None:
        """Return the name that the service gave a new override; None if the answer doesn't have it."""
        try:
            for step in self.key_path:
                answer = answer[step]
        except (LookupError, TypeError):
            return None
        return answer if isinstance(answer, str) else None
