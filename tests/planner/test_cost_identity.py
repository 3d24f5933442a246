"""The identity the solver relies on: fixed costs of numbered duties add up to the sum of squared deviations."""

from datetime import date
from random import Random

import numpy as np
import pytest
from exhaustive_days import rest_of
from numpy.typing import NDArray
from planning import asked
from samples import LEAD, MONDAY, crew, roster, rotation, schedule, week
from seeds import seeds

from setrota.planner import build_instance
from setrota.planner.program.build import build_model
from setrota.planner.program.costs import numbers_in_order, unfairness_costs
from setrota.planner.program.variables import DutyVariables, NthDutyVariables
from setrota.roster import Leave, Length, Person, Roster
from setrota.schedule import Crew, Schedule

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

HANDLES = ("ana", "bo", "cy", "dee", "eli")
LONG_LEAVE = Leave(week(1), week(7))
WEEKS = 8


def squared_deviations(serves: list[bool], accrual: list[float], opening: float) -> float:
    """Served minus entitled, squared, after every period: counted up from the definition."""
    deviation, total = opening, 0.0
    for served, due in zip(serves, accrual, strict=True):
        deviation += served - due
        total += deviation**2
    return total


@pytest.mark.parametrize("seed", seeds(200))
def test_numbered_costs_add_up_to_the_squared_deviations(seed: int) -> None:
    random = Random(f"identity {seed}")
    periods = random.randint(1, 12)
    accrual = [random.choice([0.0, random.random() * 2]) for _ in range(periods)]
    opening = random.uniform(-3, 3)
    serves = [random.random() < 0.4 for _ in range(periods)]

    entitled = [sum(accrual[: t + 1]) - opening for t in range(periods)]
    total, number = sum(each**2 for each in entitled), 0
    for t in range(periods):
        if serves[t]:
            number += 1
            total += (2 * number - 1) * (periods - t) - 2 * sum(entitled[t:])

    assert total == pytest.approx(squared_deviations(serves, accrual, opening), abs=1e-9)


@pytest.mark.parametrize("seed", seeds(60))
def test_the_model_prices_a_rota_at_its_unfairness(seed: int) -> None:
    random = Random(f"prices {seed}")
    question, before = random_roster(random), random_schedule(random)
    instance = build_instance(question, before, asked(0, WEEKS, look_ahead=random.choice([0, 4])))
    model = build_model(instance)

    costs, constant = unfairness_costs(model)

    values, expected = np.zeros(len(costs)), 0.0
    for duties, numbered in zip(model.duties, model.nth_duties, strict=True):
        chosen = some_duties(random, duties)
        values[duties.column] = chosen[duties.p, duties.t]
        values[numbered_in_time(numbered, chosen)] = 1.0
        serves = {handle: list(row) for handle, row in zip(duties.lane.people, chosen, strict=True)}
        expected += unfairness(question, before, duties.lane.rotation.name, serves)
    assert constant + float(costs @ values) == pytest.approx(expected, abs=1e-6)
    assert constant + float(costs @ numbers_in_order(model, values)) == pytest.approx(expected, abs=1e-6)


def random_roster(random: Random) -> Roster:
    """Five people in a one-week and a two-week rotation: shares differ, `bo` has long leave, `cy` may join later."""
    people = {handle: Person(handle, shares={"engineer": random.choice([0.3, 0.5, 1.0])}) for handle in HANDLES}
    people["bo"] = Person("bo", leave=(LONG_LEAVE,))
    people["cy"] = Person("cy", start=week(random.randint(0, 4)))
    rotations = [
        rotation("engineer", "primary backup", rest=Length(random.randint(0, 1))),
        rotation("lead", every=Length(2), rest=Length(random.randint(0, 1))),
    ]
    return roster(people.values(), rotations)


def random_schedule(random: Random) -> Schedule:
    """History recorded with other shares and with a former member; and two planned crews in the middle of the range."""
    shares = {handle: random.choice([0.25, 1.0]) for handle in (*HANDLES, "zed")}
    crews = [
        crew(
            week(-number), dict(zip(("primary", "backup"), random.sample(list(shares), 2), strict=True)), shares=shares
        )
        for number in range(3, 7)
    ]
    crews += [
        crew(week(-6), {"lead": random.choice(HANDLES)}, of=LEAD, shares=shares),
        crew(week(3), {"primary": random.choice(HANDLES), "backup": None}, shares=shares),
        crew(week(4), {"lead": random.choice(HANDLES)}, of=LEAD, shares=shares),
    ]
    return schedule(*crews)


def some_duties(random: Random, duties: DutyVariables) -> NDArray[np.bool_]:
    """Some duties for everyone, with rest between them, as the model numbers no more; other rules are ignored."""
    lane = duties.lane
    apart = 7 * (lane.rotation.every.number + rest_of(lane.rotation))
    chosen = np.zeros(lane.allowed.shape, dtype=bool)
    for p, allowed in enumerate(lane.allowed):
        for t in random.sample(list(np.flatnonzero(allowed)), int(allowed.sum())):
            rested = all(abs(lane.days[t, 0] - lane.days[other, 0]) >= apart for other in np.flatnonzero(chosen[p]))
            chosen[p, t] = rested and random.random() < 0.8
    return chosen


def numbered_in_time(numbered: NthDutyVariables, chosen: NDArray[np.bool_]) -> list[int]:
    """The columns that number each person's duties in time order."""
    of = zip(numbered.p, numbered.t, numbered.j, numbered.column, strict=True)
    column = {(int(p), int(t), int(j)): int(number) for p, t, j, number in of}
    return [
        column[p, int(t), number]
        for p, row in enumerate(chosen)
        for number, t in enumerate(np.flatnonzero(row), start=1)
    ]


def unfairness(question: Roster, before: Schedule, name: str, serves: dict[str, list[bool]]) -> float:
    """One rotation's unfairness from the definitions; `serves` holds the new duties, period by period."""
    weeks, total = question.rotations[name].every.number, 0.0
    for handle in {*serves, "zed"}:
        counted, accrual = list(serves.get(handle, [False] * len(serves["ana"]))), []
        for t in range(len(counted)):
            there = before.crew(name, week(t * weeks))
            accrual.append(due(question, there, name, t, handle))
            if there is not None:
                counted[t] = handle in there.seats.values()
        if any(accrual):
            total += weeks * squared_deviations(counted, accrual, opening(before, name, handle))
    return total


def opening(before: Schedule, name: str, handle: str) -> float:
    """DutyVariables served before the range minus the recorded share of them; at most one duty of it is settled."""
    past = [each for each in before.of(name) if each.period.start < MONDAY]
    balance = sum((handle in each.seats.values()) - recorded_due(each, handle) for each in past)
    return max(-1.0, min(1.0, balance))


def due(question: Roster, there: Crew | None, name: str, t: int, handle: str) -> float:
    """A person's share in period t: of the filled seats if it is already planned, else of all seats."""
    if there is not None:
        return recorded_due(there, handle)
    each = question.rotations[name]
    start, end = week(t * each.every.number), week((t + 1) * each.every.number)
    shares = {person.handle: person.share(name) for person in question.people.values() if there_for(person, start, end)}
    return len(each.seats) * shares.get(handle, 0.0) / sum(shares.values())


def there_for(person: Person, start: date, end: date) -> bool:
    joined = person.start is None or person.start <= start
    return joined and not any(leave.start < end and start < leave.end for leave in person.leave)


def recorded_due(there: Crew, handle: str) -> float:
    assert there.pool is not None
    filled = sum(held is not None for held in there.seats.values())
    return filled * there.pool.shares.get(handle, 0.0) / sum(there.pool.shares.values())
