"""How fair the rota on the team's page is: the figures of `setrota fairness`, and everyone's balance over time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from setrota.fairness.balances import PersonBalance, TeamBalance, balances, team_balances
from setrota.fairness.shares import deviations, is_voluntary, opening, tally_of
from setrota.reports.fairness.distances import Distances
from setrota.roster import Roster
from setrota.schedule import Schedule


class Corner(NamedTuple):
    """A balance after a period, by the number of that period in the rotation's `periods`; -1 is before the first."""

    period: int
    balance: float


@dataclass(frozen=True, kw_only=True)
class FairnessLine:
    """One person's balance in one rotation over time, as the corners of a line.

    It has corners before and after each of their own duties, and at its ends. In between, the balance falls by a share
    of each period's seats, which is the same in most periods; a line that told each of them would tell when people are
    away.
    """

    person: str
    rotation: str
    corners: tuple[Corner, ...]


@dataclass(frozen=True, kw_only=True)
class PageFairness:
    """What the page says about fairness. `verdict` is a sentence, `proof` what is proven about the last plan.

    `periods` has the first days of each rotation's periods, and the end of the last one; without rotations of
    volunteers.
    """

    verdict: str | None
    proof: str | None
    teams: tuple[TeamBalance, ...]
    people: tuple[PersonBalance, ...]
    periods: dict[str, tuple[date, ...]]
    lines: tuple[FairnessLine, ...]


def page_fairness(roster: Roster, schedule: Schedule, start: date, end: date) -> PageFairness:
    """The fairness of the periods that start in [start, end)."""
    people = balances(schedule, roster, start, end)
    periods: dict[str, tuple[date, ...]] = {}
    lines: list[FairnessLine] = []
    for rotation in dict.fromkeys(each.rotation for each in people if not each.is_voluntary):
        crews = [crew for crew in schedule.of(rotation) if start <= crew.period.start < end]
        periods[rotation] = (*(crew.period.start for crew in crews), crews[-1].period.end)
        lines += _lines(roster, schedule, rotation, start, end)
    return PageFairness(
        verdict=_verdict(people),
        proof=None,
        teams=tuple(team_balances(roster, people)),
        people=tuple(people),
        periods=periods,
        lines=tuple(lines),
    )


def _verdict(people: Sequence[PersonBalance]) -> str | None:
    furthest: dict[str, dict[str, float]] = {}
    for each in people:
        if not each.is_voluntary:
            furthest.setdefault(each.rotation, {})[each.person] = abs(each.worst_deviation)
    return Distances(furthest).sentence("after every period") if furthest else None


def _lines(roster: Roster, schedule: Schedule, rotation: str, start: date, end: date) -> list[FairnessLine]:
    if is_voluntary(roster, rotation):
        return []
    tallies = [tally_of(crew, roster) for crew in schedule.of(rotation)]
    before = opening([tally for tally in tallies if tally.period.start < start])
    span = [tally for tally in tallies if start <= tally.period.start < end]
    served = [tally.served_by_person() for tally in span]
    people = sorted({person for tally, each in zip(span, served, strict=True) for person in (*each, *tally.accrued())})
    trails = deviations(span, before, people)
    found = []
    for handle in people:
        trail = [before.get(handle, 0.0), *trails[handle]]
        own = [number for number, each in enumerate(served) if handle in each]
        numbers = sorted({-1, len(span) - 1, *own, *(number - 1 for number in own)})
        corners = tuple(Corner(number, trail[number + 1]) for number in numbers)
        found.append(FairnessLine(person=handle, rotation=rotation, corners=corners))
    return found
