"""All duties of one person: their balances, and why they have each duty. Knows no format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from setrota.check.feasibility.overlooked import overlooked
from setrota.dates.periods import DAY
from setrota.fairness.balances import PersonBalance, balances
from setrota.planner import Deadline, Progress
from setrota.reports.explain.explanation import explain_all
from setrota.reports.explain.subject import Explanation
from setrota.roster import Roster
from setrota.schedule import Schedule, by_time


class BalancesOver(NamedTuple):
    """One person's balances over the days [start, end); `name` is `served` (so far) or `planned` (all of it)."""

    name: str
    start: date
    end: date
    balances: list[PersonBalance]


@dataclass(frozen=True, kw_only=True)
class PersonExplanation:
    """Why a person has each of their duties in [start, end), and their balances.

    `is_planned` says whether anything is planned at all, and `never` why they can't serve in a rotation, if so.
    """

    person: str
    start: date
    end: date
    duties: list[Explanation]
    balances: list[BalancesOver]
    is_planned: bool
    never: tuple[str, ...] = ()


def explain_person(
    roster: Roster,
    schedule: Schedule,
    person: str,
    days: tuple[date, date],
    day: date,
    deadline: Deadline,
    progress: Progress | None = None,
) -> PersonExplanation:
    """Explain each duty of a person that has a day in `days`, which is half-open; raises what `explain_all` raises."""
    start, end = days
    theirs = [duty for duty in schedule.duties() if duty.person == person and start < duty.end and duty.start < end]
    found = explain_all(roster, schedule, by_time(roster, theirs), day, deadline, progress)
    return PersonExplanation(
        person=person,
        start=start,
        end=end,
        duties=found,
        balances=list(_balances(roster, schedule, person, day)),
        is_planned=bool(schedule.crews),
        never=tuple(_never(roster, schedule, person, day, end)) if person in roster.people else (),
    )


def _never(roster: Roster, schedule: Schedule, person: str, day: date, end: date) -> Iterator[str]:
    """Why a person without a duty ahead can't have one."""
    if not any(duty.person == person and duty.end > day for duty in schedule.duties()):
        for each in overlooked(roster, schedule, day, end, person):
            yield f"{each.sentence}. To change that, {each.hint}."


def _balances(roster: Roster, schedule: Schedule, person: str, day: date) -> Iterator[BalancesOver]:
    """What a person has served, including duties that have begun, and what they will have served when the plan ends."""
    starts = [crew.period.start for crew in schedule.crews] or [day]
    for name, last in (("served", day), ("planned", max(starts))):
        start, end = min(*starts, last), last + DAY
        theirs = [each for each in balances(schedule, roster, start, end) if each.person == person]
        yield BalancesOver(name, start, end, theirs)
