"""People and the teams that lend them. Date ranges are half-open: `end` is the first day after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

HANDLE = r"[A-Za-z0-9._-]+"
"""The characters of a handle, as a regular expression."""

EVERY_DAY = frozenset(range(7))


class Leave(NamedTuple):
    """Days on which a person is away: [start, end)."""

    start: date
    end: date


class Away(NamedTuple):
    """Days [start, end) on which a team lends nobody; with `owes` its people's shares keep accruing."""

    start: date
    end: date
    owes: bool = False


@dataclass(frozen=True)
class Team:
    """A team that lends people; `pools` lists the members who feed each pool."""

    key: str
    name: str
    pools: Mapping[str, tuple[str, ...]]
    away: tuple[Away, ...] = ()

    @cached_property
    def members(self) -> frozenset[str]:
        return frozenset(handle for handles in self.pools.values() for handle in handles)


@dataclass(frozen=True)
class Person:
    """One person.

    Attributes
    ----------
    shares
        The share per rotation; 1 for a rotation that is not listed.
    not_seats
        Kinds of seat (`primary` or `engineer/primary`) that they aren't ready for.
    start, end
        Their time in the rotation: [start, end).
    works
        The days of the week on which they work; 0 is Monday.
    avoid, prefer
        Days on which they would rather not serve, or would like to.
    holidays
        The calendar of public holidays that they keep, if it isn't the rota's.
    formerly
        Handles they had before.
    accounts
        Their account in each on-call service, such as `pagerduty`.
    """

    handle: str
    name: str = ""
    _: KW_ONLY
    email: str | None = None
    chat: str = ""
    shares: Mapping[str, float] = field(default_factory=dict)
    not_seats: frozenset[str] = frozenset()
    start: date | None = None
    end: date | None = None
    leave: tuple[Leave, ...] = ()
    works: frozenset[int] = EVERY_DAY
    tags: frozenset[str] = frozenset()
    avoid: tuple[Leave, ...] = ()
    prefer: tuple[Leave, ...] = ()
    holidays: str | None = None
    formerly: tuple[str, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)

    def share(self, rotation: str) -> float:
        return self.shares.get(rotation, 1.0)

    def ready_for(self, rotation: str, kind: str) -> bool:
        return kind not in self.not_seats and f"{rotation}/{kind}" not in self.not_seats
