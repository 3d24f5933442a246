"""Who can't serve a period at all, as masks of people x periods that are made from intervals: membership, leave, and
teams that are away.

The same as `setrota.dates.availability.absences` for every person and period at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np

from setrota.dates.availability import WORKING_WEEK, last_working_day, leave_tolerance
from setrota.dates.periods import Period
from setrota.planner.arrays import Index, Mask, positions
from setrota.roster import Away, Leave, Person, Roster

NOBODY = Person("", start=date.max)
"""Never joins."""

ABSENCES = ("membership", "leave", "team-away")
"""The rules that keep people from a whole period."""


def absence_masks(roster: Roster, rotation: str, people: Sequence[str], periods: Sequence[Period]) -> dict[str, Mask]:
    """For each of the rules `ABSENCES`, whom it keeps from serving which periods of a rotation."""
    known = [roster.people.get(handle) for handle in people]
    masks = {
        "membership": _outside(roster, rotation, people, periods),
        "leave": _days_away(known, periods) > leave_tolerance(roster, rotation),
        "team-away": _with_teams_away(roster, people, periods),
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
    """Who isn't in the pool, hasn't joined by a period's first day, or has left by its last working day."""
    members = [roster.people[handle] if roster.is_member(handle, rotation) else NOBODY for handle in people]
    joined = _ordinals(each.start or date.min for each in members)
    left = _ordinals(each.end or date.max for each in members)
    starts = _ordinals(period.start for period in periods)
    last = _ordinals(last_working_day(period) for period in periods)
    return np.asarray((joined[:, None] > starts) | (left[:, None] <= last))


class _Workdays(NamedTuple):
    """The days of periods, [start, end), numbered so that only Mondays to Fridays which are among `works` count."""

    works: frozenset[int]
    start: Index
    end: Index

    @classmethod
    def of(cls, periods: Sequence[Period], works: frozenset[int] = WORKING_WEEK) -> _Workdays:
        starts, ends = (period.start for period in periods), (period.end for period in periods)
        return cls(works, _workdays_before(starts, works), _workdays_before(ends, works))

    @property
    def length(self) -> Index:
        return self.end - self.start

    def shared_with(self, spans: Sequence[Leave | Away]) -> Index:
        """How many days of each period each span has: spans x periods."""
        first = _workdays_before((span.start for span in spans), self.works)
        end = _workdays_before((span.end for span in spans), self.works)
        shared = np.minimum(end[:, None], self.end) - np.maximum(first[:, None], self.start)
        return np.asarray(np.maximum(shared, 0))


def _days_away(people: Sequence[Person | None], periods: Sequence[Period]) -> Index:
    """On how many working days of each period each person is on leave or doesn't work; strangers are never away."""
    away = np.zeros((len(people), len(periods)), dtype=np.int64)
    whole = _Workdays.of(periods).length
    by_works: dict[frozenset[int], list[int]] = {}
    for p, person in enumerate(people):
        if person:
            by_works.setdefault(person.works & WORKING_WEEK, []).append(p)
    for works, mine in by_works.items():
        days = _Workdays.of(periods, works)
        away[mine] = whole - days.length
        spans = [(p, span) for p in mine for span in _merged(people[p])]
        np.add.at(away, [p for p, _ in spans], days.shared_with([span for _, span in spans]))
    return away


def _merged(person: Person | None) -> Iterator[Leave]:
    """A person's leave in time order, entries that overlap as one, so that no day counts twice."""
    entries = sorted(person.leave) if person else []
    for number, entry in enumerate(entries):
        start = max([entry.start, *(earlier.end for earlier in entries[:number])])
        if start < entry.end:
            yield Leave(start, entry.end)


def _with_teams_away(roster: Roster, people: Sequence[str], periods: Sequence[Period]) -> Mask:
    """Who has a team that is away on a working day of a period."""
    index = {handle: p for handle, p in positions(people).items() if handle in roster.people}
    mask, days = np.zeros((len(people), len(periods)), dtype=bool), _Workdays.of(periods)
    for team in roster.teams.values():
        if team.away:
            mine = [index[handle] for handle in team.members if handle in index]
            mask[mine] |= (days.shared_with(team.away) > 0).any(axis=0)
    return mask


def _ordinals(days: Iterable[date]) -> Index:
    return np.array([day.toordinal() for day in days], dtype=np.int64)


def _workdays_before(days: Iterable[date], works: frozenset[int]) -> Index:
    """The number of Mondays to Fridays among `works` before each day, in all of the calendar."""
    weeks, weekday = np.divmod(_ordinals(days) - 1, 7)  # The calendar begins with a Monday.
    counts = np.cumsum([0, *(day in works & WORKING_WEEK for day in range(7))])
    return np.asarray(weeks * counts[7] + counts[weekday])
