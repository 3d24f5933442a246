"""Repairs against trying everything: no rota needs fewer changes, and none with as many changes is fairer."""

from dataclasses import replace
from functools import cache
from itertools import accumulate
from random import Random

import pytest
from exhaustive_days import can_serve, is_ready, rest_of
from exhaustive_repairs import Published, repairs
from planning import FAIRNESS_ALONE, asked, planned
from samples import DAY, NOW, WEEK, leave, week
from seeds import least, seeds
from tiny_rosters import tiny_question

from setrota.planner import Range, Repair, repaired
from setrota.roster import Length, Person, Roster, Team, kind_of
from setrota.schedule import Schedule

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

SEEDS = seeds([seed for seed in range(123) if seed not in (4, 69, 75)])
"""Trying everything for the three that are left out takes as long as for all others together."""

TINIEST = [9, 10, 11, 17, 32, 41, 42, 52, 55, 67, 68, 82, 92, 94, 95, 98, 110, 118]
"""Questions small enough to try even the rotas that leave more seats empty than needed."""


@cache
def plan_of(seed: int) -> tuple[Roster, Schedule, Range]:
    """A tiny roster, its schedule with a plan in it, and the range of that plan, with nothing planned after it."""
    given = tiny_question(seed)
    past = [crew for crew in given.before.crews if crew.period.end <= week(0)]
    wanted = asked(0, given.weeks, look_ahead=0)
    before = Schedule("SET", tuple(past))
    return given.roster, planned(given.roster, before, wanted, FAIRNESS_ALONE).schedule, wanted


def edited(seed: int) -> Roster:
    """The roster after one or two typical edits once a plan is published."""
    roster, _, wanted = plan_of(seed)
    random = Random(f"edit {seed}")
    weeks = (wanted.end - wanted.start) // WEEK
    for kind in random.sample(["leaves", "away", "gone", "unready", "rest", "cap", "joins"], random.choice([1, 1, 2])):
        who = random.choice(sorted(roster.people))
        person, day = roster.people[who], week(random.randrange(weeks))
        people = dict(roster.people)
        if kind == "leaves":
            people[who] = replace(person, end=day)
        elif kind == "away":
            people[who] = replace(person, leave=(*person.leave, leave(day, day + 4 * DAY)))
        elif kind == "unready":
            seat = random.choice([seat.kind for each in roster.rotations.values() for seat in each.seats])
            people[who] = replace(person, not_seats=person.not_seats | {seat})
        elif kind == "gone" and len(people) > 3:
            people.pop(who)
            roster = replace(roster, teams={key: _without(team, who) for key, team in roster.teams.items()})
        elif kind == "joins":
            people["gus"] = Person("gus")
            key, team = next(iter(roster.teams.items()))
            pools = {pool: (*handles, "gus") for pool, handles in team.pools.items()}
            roster = replace(roster, teams={**roster.teams, key: replace(team, pools=pools)})
        elif kind == "rest":
            changed = {name: replace(each, rest=Length(rest_of(each) + 1)) for name, each in roster.rotations.items()}
            roster = replace(roster, rotations=changed)
        elif kind == "cap":
            changed = {name: replace(each, max_per_team=1) for name, each in roster.rotations.items()}
            roster = replace(roster, rotations=changed)
        roster = replace(roster, people=people)
    return roster


def _without(team: Team, who: str) -> Team:
    pools = {pool: tuple(handle for handle in handles if handle != who) for pool, handles in team.pools.items()}
    return replace(team, pools=pools)


def is_tiniest(seed: int) -> bool:
    given = tiny_question(seed)
    return len(given.roster.people) <= 4 and given.weeks <= 4 and len(given.roster.rotations) == 1


@cache
def mended(seed: int) -> Repair:
    """The repair if only fairness decides among rotas with equally many changes."""
    _, schedule, wanted = plan_of(seed)
    found = repaired(edited(seed), schedule, wanted, NOW, weights=FAIRNESS_ALONE)
    assert found is not None
    return found


def published(roster: Roster, schedule: Schedule, wanted: Range) -> Published:
    """Who has which seat, without people who can't serve there according to the roster."""
    return {
        (crew.period.rotation, crew.period.start): {
            seat: who if who and _fit(roster, crew.period.rotation, who, seat, crew.period.start) else None
            for seat, who in crew.seats.items()
        }
        for crew in schedule.crews
        if crew.period.start >= wanted.start
    }


def _fit(roster: Roster, name: str, who: str, seat: str, start: object) -> bool:
    rotation = roster.rotations[name]
    end = start + WEEK * rotation.every.number
    return (
        who in roster.people
        and can_serve(roster, rotation, who, start, end)
        and is_ready(roster, name, who, kind_of(seat), start, end)
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_no_repair_is_better(seed: int) -> None:
    """The fewest changes, and for each number of them the fewest empty seats and the least unfairness."""
    roster, (_, schedule, wanted) = edited(seed), plan_of(seed)
    kept = Schedule("SET", tuple(crew for crew in schedule.crews if crew.period.start < wanted.start))
    before = published(roster, schedule, wanted)
    best = repairs(roster, kept, wanted.start, wanted.end, before, covered=True)

    found = mended(seed)

    assert found.fewest == min(best)
    assert found.changes == found.fewest
    for step in found.frontier:
        assert step.proven
        if step.changes >= found.fewest:
            empty, unfairness = min(best[number] for number in best if number <= step.changes)
            assert (step.unfilled, step.unfairness) == (empty, pytest.approx(unfairness, abs=0.01))
    assert made(before, found.schedule) == found.fewest
    least = min(unfairness for _, unfairness in best.values())
    assert found.frontier[-1].unfairness == pytest.approx(least, abs=0.02)


@pytest.mark.parametrize("seed", seeds(TINIEST, every=2))
def test_fewer_changes_than_needed_leave_the_fewest_seats_empty(seed: int) -> None:
    roster, (_, schedule, wanted) = edited(seed), plan_of(seed)
    kept = Schedule("SET", tuple(crew for crew in schedule.crews if crew.period.start < wanted.start))
    found = mended(seed)
    short = [step for step in found.frontier if step.changes < found.fewest and step.unfairness is not None]
    if short:
        worth = repairs(roster, kept, wanted.start, wanted.end, published(roster, schedule, wanted), covered=False)
        reached = dict(accumulate(sorted(worth.items()), lambda one, other: (other[0], min(one[1], other[1]))))
        for step in short:
            empty, unfairness = reached[max(number for number in reached if number <= step.changes)]
            assert (step.unfilled, step.unfairness) == (empty, pytest.approx(unfairness, abs=0.01))


def test_the_tiniest_are_all_there() -> None:
    assert [seed for seed in SEEDS if is_tiniest(seed)] == [seed for seed in TINIEST if seed in SEEDS]


def made(before: Published, after: Schedule) -> int:
    """How many seats change hands, counted in the schedule itself."""
    return sum(
        duty.person != before[duty.rotation, duty.start][duty.seat]
        for duty in after.duties()
        if (duty.rotation, duty.start) in before
    )


def test_the_questions_are_worth_asking() -> None:
    found = [mended(seed) for seed in SEEDS]
    assert sum(each.fewest == 0 for each in found) >= least(10)
    assert sum(each.fewest >= 2 for each in found) >= least(20)
    assert sum(each.fewest > len(each.lost) for each in found) >= least(10)
    assert sum(len(each.result.unfilled) > 0 for each in found) >= least(5)
    assert sum(len(each.frontier) > 3 for each in found) >= least(20)
