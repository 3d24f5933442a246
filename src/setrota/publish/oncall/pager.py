"""What the services that page have in common: overrides that they have, and requests that change them.

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
from setrota.reports.wording import NOBODY, name_of, plain
from setrota.roster import Roster


@dataclass(frozen=True)
class RemoteOverride:
    """An override that a service has; times in UTC. `key` is its name there, `user` whom it pages ("" for nobody)."""

    key: str
    user: str
    start: datetime
    end: datetime

    @property
    def span(self) -> tuple[datetime, datetime]:
        return self.start, self.end

    def matches(self, override: Override, now: datetime) -> bool:
        """Whether from now on it does exactly what an override is to do; what ran so far is over."""
        return self.same_from(RemoteOverride(self.key, override.user, *override.span), now)

    def same_from(self, other: RemoteOverride, now: datetime) -> bool:
        """Whether from now on it is the same as another."""
        starts = {max(each.start, now) for each in (self, other)}
        return self.user.lower() == other.user.lower() and self.end == other.end and len(starts) == 1


EARLIEST, LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
"""Between these every zone has a date."""


def parse_instant(text: str) -> datetime:
    """An instant in UTC; what is for ever, or since ever, ends and begins where dates do. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    try:
        return min(max(instant(moment), EARLIEST), LATEST)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


class Pager(ABC):
    """A service that pages. `values` are its section of the roster."""

    service: ClassVar[str]
    key_path: ClassVar[tuple[str | int, ...]]
    """Where an answer has the name of a new override."""
    creation_repeatable: ClassVar[bool] = False
    """Whether creating an override twice creates one."""
    marks_own: ClassVar[bool] = False
    """Whether the names of overrides show which are setrota's."""
    later_wins: ClassVar[bool] = False
    """Whether of two overrides at one time the one that was made later is known to count."""

    def __init__(self, roster: Roster, client: Client) -> None:
        self.roster, self.client = roster, client
        self.values = roster.publish[self.service]
        self.requests = REQUESTS[self.service](self.values)
        self.url = self.requests.url
        self.name = service_name(self.service)

    @staticmethod
    @abstractmethod
    def credentials(values: Mapping[str, Any], token: Secret) -> tuple[dict[str, str], tuple[str, str] | None]:
        """What proves who we are: headers, or a name and a password."""

    def seat(self, schedule: str) -> str:
        """The kind of seat that has a schedule; the schedule itself where none has it any more."""
        kinds = (str(kind) for kind, name in self.values["schedules"].items() if name == schedule)
        return next(kinds, f"`{plain(schedule)}`")

    def overrides(self, schedule: str, start: datetime, end: datetime) -> list[RemoteOverride]:
        """The overrides that a schedule has between two instants. Raises Failed."""
        try:
            found = {each.key: each for each in self.fetch(schedule, start, end)}
        except (KeyError, TypeError, ValueError, AttributeError):
            message = "it lists overrides in a way that setrota doesn't know"
            raise Failed(problem(self.name, message), 200) from None
        return sorted((each for each in found.values() if each.end > start), key=lambda each: (each.start, each.key))

    @abstractmethod
    def fetch(self, schedule: str, start: datetime, end: datetime) -> Iterator[RemoteOverride]:
        """All that the service lists; it may name one twice, and older ones."""

    def is_in_place(self, override: Override, existing: RemoteOverride, now: datetime) -> bool:
        """Whether an existing override is what another is to be."""
        return existing.matches(override, now)

    @abstractmethod
    def replaceable(self, override: Override, own: Sequence[RemoteOverride]) -> RemoteOverride | None:
        """Which of setrota's surplus overrides is to become a new one; None creates another."""

    def create(self, override: Override) -> Call:
        method, url, body = self.requests.creation(override)
        repeatable = self.creation_repeatable
        return Call(description=override.description, method=method, url=url, body=body, repeatable=repeatable)

    def change(self, override: Override, existing: RemoteOverride, now: datetime) -> Call:
        """Turn an override into another; one that runs keeps its start, unless that is another duty's."""
        start = override.start
        if existing.start <= now:
            start = max(existing.start, instant(override.since)).astimezone(override.since.tzinfo)
        url, body = self.url(override.schedule, existing.key), self.requests.body(override, start)
        return Call(description=override.description, method="PUT", url=url, body=body)

    def delete(self, schedule: str, existing: RemoteOverride) -> Call:
        description = f"{self.described(schedule, existing)} no longer"
        return Call(description=description, method="DELETE", url=self.url(schedule, existing.key))

    def described(self, schedule: str, existing: RemoteOverride) -> str:
        """`primary 2027-01-11 09:00 to 2027-01-18 09:00: Bo Lindquarry`: an override as people know it."""
        start, end = (f"{each.astimezone(self.roster.zone):%Y-%m-%d %H:%M}" for each in existing.span)
        return f"{self.seat(schedule)} {start} to {end}: {self._person(existing.user)}"

    def _person(self, user: str) -> str:
        accounts = ((each, account_of(self.roster, each, self.service) or "") for each in self.roster.people)
        handle = next((each for each, account in accounts if account.lower() == user.lower()), None)
        return name_of(self.roster, handle) if handle else f"`{plain(user)}`" if user else NOBODY

    def send(self, call: Call) -> CallResult:
        """Send a call. What is no longer there is deleted; an answer that says that it failed is a failure."""
        result = self.client.send(call)
        if call.method == "DELETE" and result.status == 404:
            return replace(result, problem=None, already_done=True)
        if result.problem and result.status is None and not call.repeatable:
            hint = "it may have arrived all the same; the next run looks before it sends"
            return replace(result, problem=replace(result.problem, hint=hint))
        if result.problem is None and (error := self.error_in(result.answer)):
            return replace(result, problem=problem(self.name, f"refused (it says: {error})"))
        return result

    def error_in(self, answer: Any) -> str | None:
        """Why an answer to a request that was served says that it failed all the same."""
        return None

    def new_key(self, answer: Any) -> str | None:
        """What the service calls the override that it has just made; None where it doesn't say."""
        try:
            for step in self.key_path:
                answer = answer[step]
        except (LookupError, TypeError):
            return None
        return answer if isinstance(answer, str) else None
