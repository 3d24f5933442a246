"""What the services that page have in common: overrides that they hold, requests that change them, refusals.

Knows no service's words; `setrota.publish.oncall.services` does.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar

from setrota.export.oncall.overrides import Override, account_of
from setrota.export.oncall.requests import WORDS
from setrota.publish.answers import problem
from setrota.publish.calls import Call, Outcome
from setrota.publish.client import Client, Failed
from setrota.publish.secrets import Secret
from setrota.reports.wording import NOBODY, name_of, plain
from setrota.roster import Roster


@dataclass(frozen=True)
class Held:
    """An override that a service has; times in UTC. `key` is its name there, `user` whom it pages ("" for nobody)."""

    key: str
    user: str
    start: datetime
    end: datetime

    @property
    def span(self) -> tuple[datetime, datetime]:
        return self.start, self.end

    def does(self, override: Override, now: datetime) -> bool:
        """Whether from now on it does exactly what an override is to do; what ran so far is over."""
        return self.equals(Held(self.key, override.user, *override.span), now)

    def equals(self, other: Held, now: datetime) -> bool:
        """Whether from now on it is the same as another."""
        starts = {max(each.start, now) for each in (self, other)}
        return self.user.lower() == other.user.lower() and self.end == other.end and len(starts) == 1


EARLIEST, LATEST = datetime(2, 1, 1, tzinfo=UTC), datetime(9998, 1, 1, tzinfo=UTC)
"""Between these every zone has a date."""


def instant(text: str) -> datetime:
    """An instant in UTC; what is for ever, or since ever, ends and begins where dates do. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    try:
        return min(max(moment.astimezone(UTC), EARLIEST), LATEST)
    except OverflowError:
        return EARLIEST if moment.year == 1 else LATEST


class Pager(ABC):
    """A service that pages. `values` are its section of the roster."""

    service: ClassVar[str]
    creates_once: ClassVar[bool] = False
    """Whether making an override twice is making it once."""
    marks_own: ClassVar[bool] = False
    """Whether overrides tell by themselves that they are setrota's."""
    later_wins: ClassVar[bool] = False
    """Whether of two overrides at one time the one that was made later is known to count."""

    def __init__(self, roster: Roster, client: Client) -> None:
        self.roster, self.client = roster, client
        self.values = roster.publish[self.service]
        self.words = WORDS[self.service](self.values)
        self.name = self.words.name

    @staticmethod
    @abstractmethod
    def proof(values: Mapping[str, Any], token: Secret) -> tuple[dict[str, str], tuple[str, str] | None]:
        """What proves who we are: headers, or a name and a password."""

    def seat(self, schedule: str) -> str:
        """The kind of seat that has a schedule; the schedule itself where none has it any more."""
        kinds = (str(kind) for kind, name in self.values["schedules"].items() if name == schedule)
        return next(kinds, f"`{plain(schedule)}`")

    def url(self, schedule: str, key: str | None = None) -> str:
        return self.words.url(schedule, key)

    def held(self, schedule: str, start: datetime, end: datetime) -> list[Held]:
        """The overrides that a schedule has between two instants. Raises Failed."""
        try:
            found = {each.key: each for each in self.listed(schedule, start, end)}
        except (KeyError, TypeError, ValueError, AttributeError):
            message = "it lists overrides in a way that setrota doesn't know"
            raise Failed(problem(self.name, message), 200) from None
        return sorted((each for each in found.values() if each.end > start), key=lambda each: (each.start, each.key))

    @abstractmethod
    def listed(self, schedule: str, start: datetime, end: datetime) -> Iterator[Held]:
        """All that the service lists; it may name one twice, and older ones."""

    def same(self, override: Override, held: Held, now: datetime) -> bool:
        """Whether an override stands there already."""
        return held.does(override, now)

    @abstractmethod
    def replaced(self, override: Override, own: Sequence[Held]) -> Held | None:
        """Which of setrota's overrides, no longer wanted, is to become a new one; None makes another."""

    def create(self, override: Override) -> Call:
        method, url, body = self.words.creation(override)
        return Call(override.says, method, url, body, repeatable=self.creates_once)

    def change(self, override: Override, held: Held, now: datetime) -> Call:
        """Turn an override into another; one that runs keeps its start, unless that is another duty's."""
        start = override.start
        if held.start <= now:
            start = max(held.start, override.since.astimezone(UTC)).astimezone(override.since.tzinfo)
        body = self.words.body(override, start)
        return Call(override.says, "PUT", self.url(override.schedule, held.key), body)

    def delete(self, schedule: str, held: Held) -> Call:
        return Call(f"{self.told(schedule, held)} no longer", "DELETE", self.url(schedule, held.key))

    def told(self, schedule: str, held: Held) -> str:
        """`primary 2027-01-11 09:00 to 2027-01-18 09:00: Bo Lindquarry`: an override as people know it."""
        start, end = (f"{each.astimezone(self.roster.zone):%Y-%m-%d %H:%M}" for each in (held.start, held.end))
        return f"{self.seat(schedule)} {start} to {end}: {self._person(held.user)}"

    def _person(self, user: str) -> str:
        people = (
            each
            for each in self.roster.people
            if (account_of(self.roster, each, self.service) or "").lower() == user.lower()
        )
        handle = next(people, None)
        return name_of(self.roster, handle) if handle else f"`{plain(user)}`" if user else NOBODY

    def send(self, call: Call) -> Outcome:
        """Send a call. What is no longer there is deleted; an answer that says that it failed is a failure."""
        outcome = self.client.send(call)
        if call.method == "DELETE" and outcome.status == 404:
            return replace(outcome, problem=None, needless=True)
        if outcome.problem and outcome.status is None and not call.repeatable:
            hint = "it may have arrived all the same; the next run looks before it sends"
            return replace(outcome, problem=replace(outcome.problem, hint=hint))
        if outcome.problem is None and (refusal := self.refusal(outcome.answer)):
            return replace(outcome, problem=problem(self.name, f"refused (it says: {refusal})"))
        return outcome

    def refusal(self, answer: Any) -> str | None:
        """Why an answer to a request that was served says that it failed all the same."""
        return None

    @abstractmethod
    def key_of(self, answer: Any) -> str | None:
        """What the service calls the override that it has just made."""
