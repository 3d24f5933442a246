"""Which people in a crew could have traded seats, and how evenly the kinds of seat would be shared then.

Plain numbers from the schedule, without the solver.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import NamedTuple

from setrota.dates.availability import seat_obstacles
from setrota.fairness.prices import repaid_in, usual_repay
from setrota.fairness.shares import opening_by_kind, settled, tally_of
from setrota.planner.whatif.inquiry import run_span
from setrota.planner.whatif.question import as_answered
from setrota.roster import Roster, kind_of
from setrota.schedule import Crew, Duty, Schedule


class SeatExchange(NamedTuple):
    """A person in a crew who could have had a kind of seat.

    `balance` is how many duties in it they were ahead of their share before the period (behind, if negative), and
    `price` how much less evenly the seats would be shared if they traded seats with its holder.
    """

    person: str
    balance: float
    price: float


def seat_exchanges(roster: Roster, schedule: Schedule, crew: Crew, duty: Duty) -> list[SeatExchange]:
    """The holder of a seat first, then the people in the crew they could trade seats with, the cheapest first.

    The crew is the one that was planned, without what was changed since.
    """
    record = schedule.plan_of(crew)
    crew = as_answered(crew, record) if record else crew
    holder, kind = str(duty.person), kind_of(duty.seat)
    trails, position = _trails(roster, schedule, crew)
    found = [SeatExchange(holder, trails[holder, kind][position], 0.0)]
    for other in crew.duties():
        person, theirs = str(other.person), kind_of(other.seat)
        moves = (person, kind), (holder, theirs)
        free = not any(seat_obstacles(roster, handle, crew.period, seat) for handle, seat in moves)
        if other.person not in (None, holder) and free and theirs != kind:
            price = 0.0
            for who, loses, gains in ((holder, kind, theirs), (person, theirs, kind)):
                price += sum(1 - 2 * balance for balance in trails[who, loses][position + 1 :])
                price += sum(1 + 2 * balance for balance in trails[who, gains][position + 1 :])
            found.append(SeatExchange(person, trails[person, kind][position], price))
    return sorted(found, key=lambda each: (each.person != holder, each.price, each.person))


def _trails(roster: Roster, schedule: Schedule, crew: Crew) -> tuple[Mapping[tuple[str, str], list[float]], int]:
    """By handle and kind, how far people in a crew are ahead of their share when its planning run begins, as far as
    the plan settles that, and after each period of it; and how many periods of the run come before the crew's."""
    record = schedule.plan_of(crew)
    start, end = (record.start, record.end) if record else run_span(roster, schedule, crew)
    repay = usual_repay(start, end) if record is None or record.repay is None else record.repay
    limit = repaid_in(roster, crew.period.rotation, repay)
    tallies = [tally_of(each, roster) for each in schedule.of(crew.period.rotation)]
    balance = opening_by_kind(tally for tally in tallies if tally.period.start < start)
    run = [tally for tally in tallies if start <= tally.period.start < end]
    dues = [tally.accrued_by_kind() for tally in run]
    found = {}
    kinds = dict.fromkeys([*roster.rotations[crew.period.rotation].kinds, *map(kind_of, crew.seats)])
    for key in product(crew.people, kinds):
        trail = found[key] = [settled(balance.get(key, 0.0), limit)]
        for tally, due in zip(run, dues, strict=True):
            trail.append(trail[-1] + tally.served.get(key, 0.0) - due.get(key, 0.0))
    return found, sum(tally.period.start < crew.period.start for tally in run)
