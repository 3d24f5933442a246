"""People and the teams that lend them. Date ranges are half-open: `end` is the first day after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

HANDLE = r"[A-Za-z0-9._-]+"
"""What a handle is made of, as a pattern."""

EVERY_DAY = frozenset(range(7))


class Leave(NamedTuple):
    """Days on which somebody is away: [start, end)."""

    start: date
    end: date


class Away(NamedTuple):
    """Days [start, end) on which a team lends nobody; with `owes` its people's shares go on accruing."""

    start: date
    end: date
    owes: bool = False


@dataclass(frozen=True)
class Team:
    """Who lends people; `pools` names the members that feed each pool."""

    key: str
    name: str
    pools: Mapping[str, tuple[str, ...]]
    away: tuple[Away, ...] = ()

    @cached_property
    def members(self) -> frozenset[str]:
        return frozenset(handle for handles in self.pools.values() for handle in handles)


@dataclass(frozen=True)
class Person:
    """One human. `shares` gives the share per rotation (1 where it says nothing); `not_seats` names seat kinds
    (`primary` or `engineer/primary`) they aren't ready for; [start, end) is their time in the rotation; `works` are the
    days of the week on which they work (0 is Monday); `avoid` and `prefer` are the days they would rather not serve, or
    would like to; `holidays` is the calendar of public holidays they keep, where it isn't the rota's; `formerly` are
    handles they had before; `accounts` is how on-call services (`pagerduty`) know them."""

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
