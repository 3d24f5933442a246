"""Who can't serve a period at all, as masks of people x periods that are made from intervals: membership, leave, and
teams that are away.

The same as `setrota.dates.availability.absences` for every person and period at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from setrota.dates.availability import first_and_last, tolerated_days
from setrota.dates.periods import Period
from setrota.dates.service import served_days
from setrota.planner.arrays import Index, Mask, positions
from setrota.roster import EVERY_DAY, Away, Leave, Person, Roster

NOBODY = Person("", start=date.max)
"""Never joins."""

ABSENCES = ("membership", "leave", "team-away")
"""The rules that keep people from a whole period."""


def absence_masks(roster: Roster, rotation: str, people: Sequence[str], periods: Sequence[Period]) -> dict[str, Mask]:
    """For each of the rules `ABSENCES`, whom it keeps from serving which periods of a rotation."""
    served = _ServedDays.of(roster, periods)
    known = [roster.people.get(handle) for handle in people]
    masks = {
        "membership": _outside(roster, rotation, people, periods),
        "leave": _days_away(known, served) > np.array([tolerated_days(roster, period) for period in periods]),
        "team-away": _with_teams_away(roster, people, served),
    }
    lift_exempt(roster, masks, people, periods)
    return masks


def lift_exempt(roster: Roster, masks: Mapping[str, Mask], people: Sequence[str], periods: Sequence[Period]) -> None:
    """Clear the masks of rules for the people and periods that the roster exempts from them."""
    for rule, p, t in exempt_positions(roster, people, periods):
        if rule in masks:
            masks[rule][p, t] = False


def exempt_positions(roster: Roster, people: Sequence[str], periods: Sequence[Period]) -> list[tuple[str, int, int]]:
    """The rules that don't bind a person in a period, with the positions of both."""
    index = positions(people) if roster.rules.exemptions else {}
    return [
        (each.rule, index[each.person], t)
        for each in sorted(roster.rules.exemptions)
        if each.person in index
        for t, period in enumerate(periods)
        if period.start <= each.day < period.end
    ]


def _outside(roster: Roster, rotation: str, people: Sequence[str], periods: Sequence[Period]) -> Mask:
    """Who isn't in the pool, hasn't joined by a period's first served day, or has left by its last one."""
    members = [roster.people[handle] if roster.is_member(handle, rotation) else NOBODY for handle in people]
    joined = _ordinals(each.start or date.min for each in members)
    left = _ordinals(each.end or date.max for each in members)
    ends = [first_and_last(roster, period) for period in periods]
    first, last = (_ordinals(each[number] for each in ends) for number in (0, 1))
    return np.asarray((joined[:, None] > first) | (left[:, None] <= last))


class _ServedDays(NamedTuple):
    """The served days of periods in time order, one after the other, as ordinals; those of each are [begin, end)."""

    days: Index
    begin: Index
    end: Index

    @classmethod
    def of(cls, roster: Roster, periods: Sequence[Period]) -> _ServedDays:
        served = [served_days(roster, period) for period in periods]
        sizes = np.array([len(days) for days in served], dtype=np.int64)
        end = np.cumsum(sizes)
        return cls(_ordinals(day for days in served for day in days), end - sizes, end)

    @property
    def number(self) -> Index:
        """How many days each period has."""
        return self.end - self.begin

    def only(self, weekdays: frozenset[int]) -> _ServedDays:
        """Those on some days of the week."""
        wanted = np.isin((self.days - 1) % 7, sorted(weekdays))  # The calendar begins with a Monday.
        before = np.concatenate([[0], np.cumsum(wanted)])
        return _ServedDays(self.days[wanted], before[self.begin], before[self.end])

    def shared_with(self, stretches: Sequence[Leave | Away]) -> Index:
        """How many days of each period each stretch has: stretches x periods."""
        first = np.searchsorted(self.days, _ordinals(each.start for each in stretches))
        end = np.searchsorted(self.days, _ordinals(each.end for each in stretches))
        shared = np.minimum(end[:, None], self.end) - np.maximum(first[:, None], self.begin)
        return np.asarray(np.maximum(shared, 0))


def _days_away(people: Sequence[Person | None], served: _ServedDays) -> Index:
    """On how many served days of each period each person is on leave or doesn't work; strangers are never away."""
    away = np.zeros((len(people), len(served.begin)), dtype=np.int64)
    by_works: dict[frozenset[int], list[int]] = {}
    for p, person in enumerate(people):
        if person:
            by_works.setdefault(person.works & EVERY_DAY, []).append(p)
    for works, mine in by_works.items():
        days = served.only(works) if works < EVERY_DAY else served
        away[mine] = served.number - days.number
        entries = [(p, entry) for p in mine for entry in _merged(people[p])]
        np.add.at(away, [p for p, _ in entries], days.shared_with([entry for _, entry in entries]))
    return away


def _merged(person: Person | None) -> Iterator[Leave]:
    """A person's leave in time order, entries that overlap as one, so that no day counts twice."""
    entries = sorted(person.leave) if person else []
    for number, entry in enumerate(entries):
        start = max([entry.start, *(earlier.end for earlier in entries[:number])])
        if start < entry.end:
            yield Leave(start, entry.end)


def _with_teams_away(roster: Roster, people: Sequence[str], served: _ServedDays) -> Mask:
    """Who has a team that is away on a served day of a period."""
    index = {handle: p for handle, p in positions(people).items() if handle in roster.people}
    mask = np.zeros((len(people), len(served.begin)), dtype=bool)
    for team in roster.teams.values():
        if team.away:
            mine = [index[handle] for handle in team.members if handle in index]
            mask[mine] |= (served.shared_with(team.away) > 0).any(axis=0)
    return mask


def _ordinals(days: Iterable[date]) -> Index:
    return np.array([day.toordinal() for day in days], dtype=np.int64)
