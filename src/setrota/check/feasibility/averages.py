"""A rotation's half year as one average period: who is available, what they should serve, and how much they can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from setrota.dates.availability import absentees
from setrota.dates.grid import periods_from
from setrota.dates.periods import WEEK, Period
from setrota.problems import counted, listed
from setrota.roster import Person, Roster, Rotation
from setrota.schedule.pools import pools_of

HALF_YEAR = 26 * WEEK
SLACK = 1e-6

MOST_NAMED = 3
"""Beyond this number, people are counted instead of named."""


@dataclass(frozen=True)
class Averages:
    """`there` is the part of the periods in which each person can serve, ignoring leave; `due` is each person's fair
    share in seats a period. Only required seats count."""

    roster: Roster
    rotation: Rotation
    there: Mapping[str, float]
    due: Mapping[str, float]

    @property
    def people(self) -> float:
        """How many people can serve, on average."""
        return sum(self.there.values())

    @property
    def kinds(self) -> dict[str, int]:
        """Required seats, by kind."""
        return {kind: seats for kind, seats in self.rotation.kinds.items() if kind not in self.rotation.optional}

    @property
    def seats(self) -> int:
        return sum(self.kinds.values())

    @property
    def busy(self) -> float:
        """The largest part of the time that one person can serve, given the rest in between."""
        return self.rotation.run_weeks / (self.rotation.run_weeks + self.rotation.rest_weeks)

    @property
    def cap(self) -> int | None:
        """How many of one team can serve at once, by the rotation's rule or the rota's; None without limit."""
        caps = [self.rotation.max_per_team, self.roster.rules.max_per_team]
        return min((cap for cap in caps if cap is not None), default=None)

    def fill(self, people: Collection[str]) -> float:
        """How many seats these people can fill at most, on average."""
        return sum(self.there.get(handle, 0.0) for handle in people) * self.busy

    def may_usually_sit(self, kinds: Collection[str]) -> list[str]:
        """People who may take a seat of one of the kinds; `exceptions`, which are for single periods, don't count."""
        return [
            handle
            for handle in self.there
            if not all(self.roster.usual_seat_obstacles(handle, self.rotation.name, kind) for kind in kinds)
        ]


def averages_of(roster: Roster, rotation: Rotation, start: date) -> Averages:
    """The averages of the periods that start in the half year from `start`; at least one period."""
    periods = periods_from(roster, rotation.name, start, start + max(HALF_YEAR, WEEK * rotation.weeks))
    if not periods:
        return Averages(roster, rotation, {}, {})
    members = roster.members_of(rotation.name)
    able = [handle for handle in members if not works_too_little(rotation, roster.people[handle])]
    missed = Counter(handle for absent in absentees(roster, rotation.name, periods) for handle in absent)
    there = {handle: (len(periods) - missed[handle]) / len(periods) for handle in able}
    averages = Averages(roster, rotation, {handle: part for handle, part in there.items() if part}, {})
    seats, due = averages.seats, dict[str, float]()
    for pool in pools_of(roster, rotation.name, periods):
        total = sum(pool.shares.values())
        for handle, share in pool.shares.items():
            due[handle] = due.get(handle, 0.0) + seats * share / total / len(periods)
    return Averages(roster, rotation, averages.there, due)


def works_too_little(rotation: Rotation, person: Person) -> bool:
    """Whether a person's free weekdays alone exceed what the rotation tolerates in any period."""
    return weekdays_free(rotation, person) > (rotation.leave_tolerance or 0)


def weekdays_free(rotation: Rotation, person: Person) -> int:
    """How many of a period's days from Monday to Friday a person never works on."""
    start = date(2024, 1, 8)
    period = Period(start, start + WEEK * rotation.weeks, rotation.name)
    return sum(day.weekday() not in person.works for day in period.working_days())


def consequence(roster: Roster, rule: str) -> str:
    """What happens if a rule can't be kept with every seat filled."""
    return f"`{rule}` will give way" if rule in roster.rules.relax else "seats will stay empty"


def scarcity(people: Iterable[tuple[Averages, Collection[str]]], seats: int) -> str | None:
    """What happens if only these people of some rotations can fill so many seats at once, if that is certain."""
    pairs = list(people)
    due = sum(averages.due.get(handle, 0.0) for averages, handles in pairs for handle in handles)
    fill = sum(averages.fill(handles) for averages, handles in pairs)
    if not pairs or min(due, fill) + SLACK >= seats:
        return None
    share = f"with a fair share of {due:.2f}"
    if fill + SLACK < seats:
        return f"{share}; they can fill {fill:.2f}, so {consequence(pairs[0][0].roster, 'rest')}"
    return f"{share}; they will serve more than the others"


def many(people: Collection[str], word: str = "") -> str:
    """`1 person`, `3 other people`."""
    return counted(len(people), f"{word} person".strip(), f"{word} people".strip())


def few_named(people: Sequence[str]) -> str:
    """People in a sentence; of many only the first few."""
    more = len(people) - MOST_NAMED
    return listed([*people[:MOST_NAMED], counted(more, "other")] if more > 1 else people)


def cadence(rotation: Rotation) -> str:
    return "a week" if rotation.weeks == 1 else f"every {rotation.weeks} weeks"
