"""Tests of the second opinion itself, against every schedule of the smallest questions, each checked with `broken`."""

from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import islice, permutations
from math import prod

import exhaustive
import pytest
from exhaustive import NoWayError, Value
from exhaustive_days import pool_members
from exhaustive_rules import Break, broken, followers
from samples import WEEK, crew, week
from seeds import least, seeds
from tiny_rules import LIFTED, RuledQuestion, tiny_joint_question, tiny_ruled_question

from setrota.roster import Rotation, kind_of
from setrota.schedule import Crew, Schedule

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

QUESTIONS = 204
"""Every rule comes first in twelve of them."""

SMALLEST = [
    *(10, 23, 36, 46, 47, 53, 57, 62, 63, 83, 87, 88, 90, 101, 109, 115),
    *(123, 124, 126, 131, 133, 148, 152, 167, 168, 173, 174, 183, 195, 196, 199),
]
"""Those of which every schedule can be tried."""

JOINT_SMALLEST = [14, 21, 33, 91, 115, 148]
"""The same of the questions with a mix of several rotations."""

OF_ONE_PERSON = {"one-duty", "rest", "membership", "leave", "team-away", "not-seats", "seat-teams", "max-duties"}


@cache
def question(seed: int) -> RuledQuestion:
    return tiny_ruled_question(seed)


@cache
def best(seed: int, without: str | None = None) -> Value:
    given = question(seed).without(without) if without else question(seed)
    return exhaustive.best(given.roster, given.before, *range_of(given), fill=given.fill)


def range_of(given: RuledQuestion) -> tuple[date, date]:
    return week(given.first), week(given.first + given.weeks)


# Every schedule


def periods(given: RuledQuestion) -> list[tuple[Rotation, int]]:
    """Rotations and numbers of the weeks in which their open periods start, in time order."""
    found = [
        (each, number)
        for each in given.roster.rotations.values()
        for number in range(0, given.weeks, each.every.number)
        if given.before.crew(each.name, week(number)) is None
    ]
    return sorted(found, key=lambda pair: pair[1])


def possible_crews(given: RuledQuestion, each: Rotation, number: int) -> Iterator[Crew]:
    """Every possible crew; seats of one kind are distinguished only if a pin does so."""
    names = [seat.name for seat in each.seats]
    members: list[str | None] = [*sorted(pool_members(given.roster, each)), *[None] * len(names)]
    seen = set()
    for people in permutations(members, len(names)):
        if people not in seen:
            seen.add(people)
            yield crew(week(number), dict(zip(names, people, strict=True)), of=each)


def possible_schedules(given: RuledQuestion, least: int) -> Iterator[Schedule]:
    """Every schedule that breaks nothing new and leaves no more than `least` required seats empty."""
    old = broken(given.roster, given.before)
    reached = [(given.before, 0)]
    for each, number in periods(given):
        choices = list(possible_crews(given, each, number))
        found = []
        for schedule, empty in reached:
            for choice in choices:
                nobody = [seat for seat, who in choice.seats.items() if who is None]
                more = empty + sum(kind_of(seat) not in each.optional for seat in nobody)
                after = schedule.updated([choice])
                if more <= least and goes_on(each, after, choice) and not broken(given.roster, after) - old:
                    found.append((after, more))
        reached = found
    return (schedule for schedule, _ in reached if not begun_in_vain(given, schedule) - old)


def goes_on(each: Rotation, schedule: Schedule, choice: Crew) -> bool:
    """Whether nobody begins in the middle of a pattern."""
    earlier = schedule.crew(each.name, choice.period.start - WEEK)
    for seat, who in choice.seats.items() if each.pattern else ():
        if who is not None and kind_of(seat) != each.pattern[0]:
            was = [kind_of(place) for place, other in earlier.seats.items() if other == who] if earlier else []
            if not any(kind_of(seat) in followers(each, kind) for kind in was):
                return False
    return True


def begun_in_vain(given: RuledQuestion, schedule: Schedule) -> set[Break]:
    """The rules that one person breaks in the steps of a pattern beyond the range."""
    each = given.roster.rotations["engineer"]
    for number in range(given.weeks, given.weeks + each.steps - 1):
        earlier = schedule.crew(each.name, week(number - 1))
        assert earlier is not None
        seats: dict[str, str | None] = dict.fromkeys(earlier.seats)
        for seat, who in earlier.seats.items():
            for kind in followers(each, kind_of(seat)):
                free = next(place for place, other in seats.items() if other is None and kind_of(place) == kind)
                seats[free] = who
        schedule = schedule.updated([crew(week(number), seats, of=each)])
    return {each for each in broken(given.roster, schedule) if each.rule in OF_ONE_PERSON}


def is_smallest(seed: int) -> bool:
    given = question(seed)
    pattern = given.roster.rotations["engineer"].pattern
    if given.fill or len(set(pattern)) < len(pattern):
        return False
    choices = (len(list(possible_crews(given, each, number))) for each, number in periods(given))
    return prod(choices) < 150_000


@pytest.mark.parametrize("seed", seeds(SMALLEST))
def test_no_schedule_is_better(seed: int) -> None:
    assert_best(question(seed), best(seed))


@pytest.mark.parametrize("seed", seeds(JOINT_SMALLEST))
def test_no_schedule_with_a_mix_of_several_rotations_is_better(seed: int) -> None:
    given = tiny_joint_question(seed)
    assert_best(given, exhaustive.best(given.roster, given.before, *range_of(given)))


def assert_best(given: RuledQuestion, best: Value) -> None:
    """Whether a value is the least of all schedules."""
    start, end = range_of(given)

    values = [
        exhaustive.value_of(given.roster, given.before, each, start, end)
        for each in possible_schedules(given, best.empty)
    ]

    least = min(values, key=lambda value: (value.coverage, value.unfairness))
    assert least.coverage == best.coverage
    assert least.unfairness == pytest.approx(best.unfairness)


def test_the_smallest_are_all_there() -> None:
    asked = seeds(QUESTIONS)
    assert [seed for seed in asked if is_smallest(seed)] == [seed for seed in SMALLEST if seed in asked]


def test_every_rule_is_among_the_smallest() -> None:
    assert set(LIFTED) == {rule for seed in SMALLEST for rule in question(seed).rules}


# The questions


def judged(seed: int, without: str | None = None) -> tuple[int, int, float] | None:
    """What distinguishes two best rotas; None if there is no rota, as when only an exception allows a pin."""
    try:
        value = best(seed, without)
    except NoWayError:
        return None
    return value.empty, value.optional, round(value.unfairness, 6)


def test_the_questions_are_worth_asking() -> None:
    """Every rule occurs often enough, and often enough the best rota would differ without it."""
    for rule in LIFTED:
        having = [seed for seed in seeds(QUESTIONS) if rule in question(seed).rules]
        binding = (seed for seed in having if judged(seed) != judged(seed, without=rule))
        assert len(having) >= least(12), rule
        assert len(list(islice(binding, least(5)))) == least(5), rule


def test_the_questions_differ() -> None:
    """Seats that must stay empty and others, history, two rotations, planned crews within the range and after."""
    given = [question(seed) for seed in seeds(QUESTIONS)]
    assert sum(best(seed).empty > 0 for seed in seeds(QUESTIONS)) >= least(60)
    assert sum(best(seed).empty == 0 for seed in seeds(QUESTIONS)) >= least(60)
    assert sum(any(crew.period.start < week(0) for crew in each.before.crews) for each in given) >= least(60)
    assert sum(any(crew.period.start >= week(each.weeks) for crew in each.before.crews) for each in given) >= least(20)
    assert sum(len(each.roster.rotations) == 2 for each in given) >= least(60)
    assert sum(len(each.rules) > 2 for each in given) >= least(60)
