"""Shortages caused by rest, readiness and limits of duties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from setrota.check.feasibility.averages import SLACK, Averages, cadence, consequence, few_named, many, scarcity
from setrota.dates.grid import regular_weeks
from setrota.problems import counted, listed_quotes
from setrota.roster import Limit, Roster, Rotation
from setrota.roster.lengths import IN_WEEKS

NEARLY_ALL = 0.9
"""From this part of a pool on, a shortage is the pool's and not that of the people in it."""


def too_few(averages: Averages) -> Iterator[str]:
    """Everyone together, serving and resting in turn, must cover the seats."""
    rotation, seats = averages.rotation, averages.seats
    if averages.fill(averages.there) + SLACK < seats:
        people = round(averages.people)
        yield (
            f"on average {counted(people, 'available person', 'available people')} for "
            f"{counted(seats, 'seat')} {cadence(rotation)} "
            f"leave{'s' if people == 1 else ''} at most {_free(averages)} between duties, but {_asked(rotation)}; "
            f"{consequence(averages.roster, 'rest')}"
        )


def _free(averages: Averages) -> str:
    """How much time is free between two duties of one person, on average, in the unit of `rest`."""
    rotation, roster = averages.rotation, averages.roster
    periods = (averages.people / averages.seats - 1) * rotation.steps
    if rotation.rest is None:
        return counted(max(int(periods + SLACK), 0), "free period")
    unit, regular = rotation.rest.unit, regular_weeks(roster, rotation.name)
    length = periods * regular / IN_WEEKS[unit]
    if unit == "hours":
        length += regular / IN_WEEKS[unit] - averages.hours
    return counted(max(int(length + SLACK), 0), f"free {unit[:-1]}")


def _asked(rotation: Rotation) -> str:
    if rotation.rest is None:
        return "without `rest` one whole period lies between"
    return f"`rest` asks for {rotation.rest.number}"


def rest_limits_somebody(averages: Averages) -> Iterator[str]:
    """People who owe more than `rest` allows, unless nearly everyone does or the pool as a whole is too small."""
    steps, most = averages.rotation.steps, averages.busy
    over = sorted(handle for handle, due in averages.due.items() if due > most + SLACK)
    if over and len(over) < NEARLY_ALL * len(averages.due) and averages.fill(averages.there) + SLACK >= averages.seats:
        worst = max(averages.due[handle] for handle in over)
        yield (
            f"the fair share of {few_named(over)} is up to {worst / steps:.2f} duties a period, but `rest` allows only "
            f"{most / steps:.2f}; others will serve more"
        )


def few_ready(averages: Averages) -> Iterator[str]:
    """For each smallest set of kinds, compare its seats with the people who may sit in one of them."""
    kinds, reported = averages.kinds, list[frozenset[str]]()
    for some in (some for size in range(1, len(kinds)) for some in combinations(kinds, size)):
        ready, seats = averages.may_usually_sit(some), sum(kinds[kind] for kind in some)
        outcome = scarcity([(averages, ready)], seats) if len(ready) < len(averages.there) else None
        if outcome and not any(earlier <= set(some) for earlier in reported):
            reported.append(frozenset(some))
            where = listed_quotes(some)
            are = "is" if len(ready) == 1 else "are"
            yield f"only {many(ready)} {are} ready for {where} ({counted(seats, 'seat')} a period), {outcome}"


# Limits of duties


def limited(roster: Roster, every: Sequence[Averages]) -> Iterator[str]:
    """For each limit, compare how many duties people can start with how many must start: in each rotation, or else in
    all that the limit counts."""
    for limit in roster.rules.limits:
        single = [sentence for averages in every for sentence in _limited(roster, limit, [averages])]
        yield from single or _limited(roster, limit, every)


def _limited(roster: Roster, limit: Limit, every: Sequence[Averages]) -> Iterator[str]:
    counting = {averages.rotation.name: _counting(limit, averages) for averages in every}
    needed = sum(
        sum(averages.kinds[kind] for kind in counting[averages.rotation.name]) / averages.rotation.steps * averages.rate
        for averages in every
    )
    there: dict[str, float] = {}
    for averages in every:
        for handle in averages.may_usually_sit(counting[averages.rotation.name]):
            there[handle] = max(there.get(handle, 0.0), averages.there[handle])
    most = sum(there.values()) * limit.duties / limit.within.weeks
    if most + SLACK < needed:
        rotations = listed_quotes(name for name, kinds in counting.items() if kinds)
        yield (
            f"{rotations}: with at most {counted(limit.duties, 'duty', 'duties')} in {limit.within}, "
            f"{many(there)} can start {most:.2f} duties a week, but {needed:.2f} are needed; "
            f"{consequence(roster, 'max-duties')}"
        )


def _counting(limit: Limit, averages: Averages) -> list[str]:
    """The required kinds of seat that count; with a pattern all or none, since a duty goes through all of them."""
    kinds = [kind for kind in averages.kinds if limit.counts(averages.rotation.name, kind)]
    return list(averages.kinds) if kinds and averages.rotation.pattern else kinds
