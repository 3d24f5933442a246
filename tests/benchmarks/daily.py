"""Rosters of days, shifts and weekends, planned one after the other: which are full, and which are proven in time.

    python tests/benchmarks/daily.py --families abcdefhi --seeds 20-29 --limit 10

a: a day each, one seat, a quarter. b: the same with two seats, and weekends counted. c: day and night. d: workweek and
weekend. e: three zones that follow the sun. f: c with weekends counted. h: c with opening balances. i: c with much
leave. Each line has the CPU seconds, the empty seats and the gap; the last lines count. Nothing here is a test.
"""

from __future__ import annotations

import time
from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from itertools import groupby
from zoneinfo import ZoneInfo

import numpy as np

from setrota.dates.grid import periods_from
from setrota.planner import Deadline, Range, deadline, plan
from setrota.roster import ALWAYS, Handover, Leave, Length, Person, Roster, Rotation, Rules, Span, Team, seats_named
from setrota.schedule import Crew, Schedule

START = date(2027, 1, 4)
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
DAY = timedelta(days=1)
QUARTER = 91
ONE_DAY = Length(1, "days")
WEEKEND = Span(frozenset({5, 6}))
NEAR_ENOUGH = 0.001
"""The gap up to which a plan counts as proven."""


@dataclass(frozen=True)
class Case:
    """A roster, what was served before, and how many days of it to plan from `START` on."""

    name: str
    roster: Roster
    before: Schedule
    days: int


def made(family: str, seed: int) -> Case:
    """The roster of a family with a number."""
    chance = np.random.default_rng(7919 * seed + ord(family[0]))
    if family in "ab":
        return _daily(family, seed, chance)
    if family in "cfhi":
        return _day_and_night(family, seed, chance)
    return _workweek_and_weekend(seed, chance) if family == "d" else _three_zones(seed, chance)


def _daily(family: str, seed: int, chance: np.random.Generator) -> Case:
    size, rest = (6, 12, 20)[seed % 3], 1 + seed % 3
    seats = 1 if family == "a" else 2
    rest = min(rest, 1) if (family, size) == ("b", 6) else rest
    rotations = [rotation("triage", ONE_DAY, seats, Length(rest, "days"))]
    return _case(f"{family}-{seed}", rotations, _people(chance, size, QUARTER), counts=family == "b")


def _day_and_night(family: str, seed: int, chance: np.random.Generator) -> Case:
    size = (12, 16, 30)[seed % 3]
    rotations = [
        rotation("day", ONE_DAY, 1, Length(11, "hours"), Span(start=clock(8), end=clock(20), nights=0)),
        rotation("night", ONE_DAY, 1, Length(48, "hours"), Span(start=clock(20), end=clock(8), nights=1)),
    ]
    people = _people(chance, size, QUARTER, 0.25 if family == "i" else 0.1)
    case = _case(f"{family}-{seed}", rotations, people, counts=family == "f")
    if family != "h":
        return case
    crews = []
    for name in case.roster.rotations:
        for period in periods_from(case.roster, name, START - 28 * DAY, START - 7 * DAY):
            crews.append(Crew(period, {name: str(chance.choice(list(people)))}))
    return Case(case.name, case.roster, Schedule(case.name, tuple(crews)), case.days)


def _workweek_and_weekend(seed: int, chance: np.random.Generator) -> Case:
    days = 7 * (13, 52)[seed % 2]
    rotations = [
        rotation("workweek", Length(1), 1, Length(7, "days"), Span(frozenset(range(5)))),
        rotation("weekend", Length(1), 1, Length(7, "days"), WEEKEND),
    ]
    return _case(f"d-{seed}", rotations, _people(chance, (10, 30)[seed % 2], days, leave=(5, 15)), days=days)


def _three_zones(seed: int, chance: np.random.Generator) -> Case:
    days = 7 * (13, 26)[seed % 2]
    zones = {"apac": "Asia/Tokyo", "emea": "Europe/Berlin", "amer": "America/New_York"}
    served = Span(start=clock(9), end=clock(17), nights=0)
    rotations = [
        rotation(name, Length(1), 1, Length(14, "days"), served, zone=ZoneInfo(zone)) for name, zone in zones.items()
    ]
    people = _people(chance, 24, days, leave=(5, 15))
    pools = {name: [*list(people)[8 * place : 8 * place + 8]] for place, name in enumerate(zones)}
    for handle in chance.choice(list(people), 7, replace=False).tolist():
        place = next(place for place, pool in enumerate(pools.values()) if handle in pool)
        pools[list(zones)[(place + 1) % 3]].append(handle)
    return _case(f"e-{seed}", rotations, people, days=days, pools=pools)


def rotation(
    name: str, every: Length, seats: int, rest: Length, serves: Span | None = None, zone: ZoneInfo | None = None
) -> Rotation:
    return Rotation(
        name,
        every=every,
        serves=(serves,) if serves else ALWAYS,
        pool=name,
        seats=seats_named((name,) * seats),
        rest=rest,
        zone=zone,
    )


def _people(
    chance: np.random.Generator, size: int, days: int, away: float = 0.1, leave: tuple[int, int] = (3, 12)
) -> dict[str, Person]:
    """People of whom three in ten have half a share; each is away on about so large a part of the days."""
    found = {}
    for number in range(size):
        handle, absent = f"p{number:02d}", np.zeros(days + 60, dtype=bool)
        entries = []
        while absent[:days].mean() < away * chance.uniform(0.5, 1.1):
            first, length = int(chance.integers(0, days)), int(chance.integers(*leave))
            absent[first : first + length] = True
            entries.append(Leave(START + first * DAY, START + (first + length) * DAY))
        share = {"*": 0.5} if chance.random() < 0.3 else {}
        found[handle] = Person(handle, shares=share, leave=tuple(entries))
    return found


def _case(
    name: str,
    rotations: list[Rotation],
    people: Mapping[str, Person],
    *,
    days: int = QUARTER,
    counts: bool = False,
    pools: Mapping[str, list[str]] | None = None,
) -> Case:
    fed = {each.pool: tuple(pools[each.pool] if pools else people) for each in rotations}
    everybody = {
        handle: Person(handle, shares=dict.fromkeys(fed, share) if (share := person.shares.get("*")) else {},
                       leave=person.leave)
        for handle, person in people.items()
    }  # fmt: skip
    roster = Roster(
        name="Benchmark",
        short_name="BEN",
        zone=ZoneInfo("Europe/Berlin"),
        handover=Handover(0, clock(8)),
        rotations={each.name: each for each in rotations},
        teams={"all": Team("all", "All", fed)},
        people=everybody,
        rules=Rules(freeze=Length(0), counts={"weekend": (WEEKEND,)} if counts else {}),
    )
    return Case(name, roster, Schedule("BEN", ()), days)


@dataclass(frozen=True)
class Answer:
    """What came of a plan: CPU seconds, how many seats stay empty, whether that is proven, and the gap."""

    name: str
    cpu: float
    empty: int
    covered: bool
    gap: float | None
    unfinished: tuple[str, ...]

    @property
    def proven(self) -> bool:
        return self.covered and self.gap is not None and self.gap <= NEAR_ENOUGH


def answered(case: Case, limit: float) -> Answer:
    asked = Range(start=START, end=START + case.days * DAY, today=date(2026, 11, 23))
    before = time.process_time()
    result = plan(case.roster, case.before, asked, NOW, deadline=Deadline.within(limit))
    spent = time.process_time() - before
    assert result is not None
    proof = result.proof
    empty = sum(duty.person is None for crew in result.crews for duty in crew.duties())
    return Answer(case.name, spent, empty, proof.covered, proof.gap, proof.unfinished)


def _answers(families: str, seeds: range, limit: float) -> Iterator[Answer]:
    for family in families:
        for seed in seeds:
            yield answered(made(family, seed), limit)


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--families", default="abcdefhi")
    parser.add_argument("--seeds", default="20-29")
    parser.add_argument("--limit", type=float, default=10.0)
    given = parser.parse_args()
    deadline.monotonic = time.process_time  # type: ignore[attr-defined]  # so a busy machine changes nothing
    first, last = (int(number) for number in given.seeds.split("-"))
    every = []
    for each in _answers(given.families, range(first, last + 1), given.limit):
        gap = "none" if each.gap is None else f"{100 * each.gap:.3f} %"
        print(
            f"{each.name:6} {each.cpu:6.2f} s  empty {each.empty:3}  gap {gap:9} {' '.join(each.unfinished)}",
            flush=True,
        )
        every.append(each)
    for family, some in groupby(every, key=lambda each: each.name[0]):
        mine = list(some)
        print(f"{family}: {sum(each.proven for each in mine)} of {len(mine)} proven, "
              f"{sum(not each.empty for each in mine)} full, "
              f"{sum(each.empty > 0 and not each.covered for each in mine)} not full without a proof")  # fmt: skip


if __name__ == "__main__":
    main()
