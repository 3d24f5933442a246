"""A rotation's half year as one average period: who is available, what they should serve, and how much they can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from setrota.check.feasibility.cycles import busy, busy_team, served_periods
from setrota.dates.availability import absentees, rotation_is_barred
from setrota.dates.grid import periods_from, regular_weeks
from setrota.dates.periods import WEEK
from setrota.dates.service import HOUR, begins, ends, served_days
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
    share in seats a period. Only required seats and periods that are served count: `rate` is how many of these there
    are a week, and `hours` lie between the first start of service in one and the last end."""

    roster: Roster
    rotation: Rotation
    start: date
    rate: float
    hours: float
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

    @cached_property
    def busy(self) -> float:
        """The largest part of the time that one person can serve, given the rest in between."""
        return busy(self.roster, self.rotation, self.start)

    @cached_property
    def busy_team(self) -> float:
        """The largest part of the time that one team can, given `team-rest`."""
        return busy_team(self.roster, self.rotation, self.start)

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


def averages_of(roster: Roster, rotation: Rotation, start: date) -> Averages | None:
    """The averages of the periods that start in the half year from `start`, or longer if a period lasts longer.

    None if nobody has to serve: where people volunteer, and where nothing is served in all that time.
    """
    regular = regular_weeks(roster, rotation.name)
    end = start + max(HALF_YEAR, 2 * WEEK * regular)
    periods = served_periods(roster, rotation.name, start, end)
    if rotation.is_voluntary or not periods:
        return None
    rate = len(periods) / len(periods_from(roster, rotation.name, start, end)) / regular
    able = [
        handle
        for handle in roster.members_of(rotation.name)
        if not works_too_little(roster, rotation, roster.people[handle], start)
    ]
    missed = Counter(handle for absent in absentees(roster, rotation.name, periods) for handle in absent)
    there = {handle: (len(periods) - missed[handle]) / len(periods) for handle in able}
    seats = sum(seat.kind not in rotation.optional for seat in rotation.seats)
    due = dict[str, float]()
    for pool in pools_of(roster, rotation.name, periods):
        total = sum(pool.shares.values())
        for handle, share in pool.shares.items():
            due[handle] = due.get(handle, 0.0) + seats * share / total / len(periods)
    there = {handle: part for handle, part in there.items() if part}
    hours = sum((ends(roster, each) - begins(roster, each)) / HOUR for each in periods) / len(periods)
    return Averages(roster=roster, rotation=rotation, start=start, rate=rate, hours=hours, there=there, due=due)


def works_too_little(roster: Roster, rotation: Rotation, person: Person, start: date) -> bool:
    """Whether the days on which a person never works alone exceed what the rotation tolerates in any period."""
    return rotation_is_barred(roster, rotation.name, person.works, start)


def days_free(roster: Roster, rotation: Rotation, person: Person, start: date) -> int:
    """On how many served days a person never works in the period in which that is the fewest."""
    end = start + max(HALF_YEAR, 2 * WEEK * regular_weeks(roster, rotation.name))
    periods = served_periods(roster, rotation.name, start, end)
    free = (sum(day.weekday() not in person.works for day in served_days(roster, each)) for each in periods)
    return min(free, default=0)


def weekdays_worked(
    roster: Roster, rotation: Rotation, person: Person, start: date
) -> tuple[frozenset[int], frozenset[int]]:
    """The weekdays of those that a rotation serves on which a person works, and all that it serves."""
    end = start + max(HALF_YEAR, 2 * WEEK * regular_weeks(roster, rotation.name))
    periods = served_periods(roster, rotation.name, start, end)
    served = frozenset(day.weekday() for period in periods for day in served_days(roster, period))
    return served & person.works, served


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
    """`a week`, `every 2 weeks`; `a period` where the roster lists the starts."""
    if rotation.starts:
        return "a period"
    return f"a {rotation.every.unit[:-1]}" if rotation.every.number == 1 else f"every {rotation.every}"
