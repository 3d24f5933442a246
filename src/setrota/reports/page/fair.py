"""How fair the rota on the team's page is: what `setrota fairness` says of the same days, and people's own lines.

Whoever was away for long has a smaller fair share, and so has whoever works part time; the figures don't say which.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from setrota.fairness.balances import PersonBalance
from setrota.reports.fairness.verdict import FairnessSummary, RotationFairness, fairness_summary
from setrota.roster import Roster
from setrota.schedule import Schedule


class Corner(NamedTuple):
    """A balance after a period, by the number of that period in its rotation; -1 is before the first."""

    period: int
    balance: float


@dataclass(frozen=True, kw_only=True)
class FairnessLine:
    """One person's balance in one rotation over time, as the corners of a line.

    It has corners before and after each of their own duties, and at its ends. In between, the balance falls by the fair
    share of each period; corners there would only tell in which periods someone owes none, because they are away.
    """

    person: str
    rotation: str
    corners: tuple[Corner, ...]


@dataclass(frozen=True, kw_only=True)
class PageFairness:
    """What the page says about fairness: the verdict, the proof, the bars of teams and the numbers are the summary's.

    The summary's people have no `trail`; their `lines` stand for it. `periods` has the first days of the periods of
    each rotation that is owed, and the end of the last one.
    """

    summary: FairnessSummary
    periods: dict[str, tuple[date, ...]]
    lines: tuple[FairnessLine, ...]


def page_fairness(roster: Roster, schedule: Schedule, start: date, end: date) -> PageFairness:
    """The fairness of the periods that start in [start, end)."""
    summary = fairness_summary(roster, schedule, start, end)
    owed = [each for each in summary.rotations if not each.is_voluntary]
    periods = {each.rotation: [after.period for after in each.people[0].trail] for each in owed}
    served = {each.rotation: _numbers_served(schedule, each.rotation, start, end) for each in owed}
    return PageFairness(
        summary=replace(summary, rotations=tuple(map(_without_trails, summary.rotations))),
        periods={name: (*(period.start for period in found), found[-1].end) for name, found in periods.items()},
        lines=tuple(
            _line(person, served[each.rotation].get(person.person, [])) for each in owed for person in each.people
        ),
    )


def _without_trails(found: RotationFairness) -> RotationFairness:
    return replace(found, people=tuple(replace(person, trail=()) for person in found.people))


def _numbers_served(schedule: Schedule, rotation: str, start: date, end: date) -> dict[str, list[int]]:
    """By person, the numbers of the periods in which they have a duty."""
    found: dict[str, list[int]] = {}
    crews = (crew for crew in schedule.of(rotation) if start <= crew.period.start < end)
    for number, crew in enumerate(crews):
        for person in crew.people:
            found.setdefault(person, []).append(number)
    return found


def _line(person: PersonBalance, served: list[int]) -> FairnessLine:
    last = len(person.trail) - 1
    numbers = sorted({-1, last, *served, *(number - 1 for number in served)})
    balances = (person.opening if number < 0 else person.trail[number].balance for number in numbers)
    corners = tuple(Corner(number, balance) for number, balance in zip(numbers, balances, strict=True))
    return FairnessLine(person=person.person, rotation=person.rotation, corners=corners)
