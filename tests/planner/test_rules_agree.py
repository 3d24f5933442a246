"""The checkers, the solver and the second opinion agree on what each rule forbids."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from random import Random

import pytest
from exhaustive_rules import Break, broken
from planning import TODAY, asked, planned
from ruled_rosters import Mutation, Ruled, mutated, ruled, some_mutations
from samples import NOW, week
from seeds import least, seeds

from setrota.planner import NEVER, plan
from setrota.roster import Roster
from setrota.rules import RULES, violations
from setrota.rules.pins import clashes
from setrota.schedule import Schedule

pytestmark = pytest.mark.no_cover  # what these compare is run by quicker tests, too

ROSTERS = 40

OF_ONE_PERSON = {"rest", "membership", "leave", "team-away", "not-seats", "seat-teams", "pattern", "max-duties", "pins"}
"""Rules that one person breaks in one period, which can be reported in only one way."""

Told = tuple[object, ...]


def checked(roster: Roster, schedule: Schedule) -> set[Told]:
    found = violations(roster, schedule)
    return _alike({(each.rule, each.period.rotation, each.period.start, frozenset(each.people)) for each in found})


def judged(roster: Roster, schedule: Schedule) -> set[Told]:
    return _alike(broken(roster, schedule))


def _alike(found: Iterable[tuple[str, str, date, frozenset[str]]]) -> set[Told]:
    """The part of the findings that must agree: for a rule about several people, at least that it is broken.

    Someone in two places at once counts twice or not at all, so nothing else is compared then.
    """
    twice = {(rule, people) for rule, _, _, people in found if rule == "one-duty"}
    alone = {each for each in found if each[0] in OF_ONE_PERSON}
    return twice or alone | {(rule,) for rule, _, _, _ in found}


@pytest.mark.parametrize("seed", seeds(ROSTERS, every=3))
def test_the_checkers_say_what_the_definitions_say(seed: int) -> None:
    given, random = ruled(seed), Random(f"mutations {seed}")

    assert checked(given.roster, given.schedule) == judged(given.roster, given.schedule)
    for change in some_mutations(random, given, 60):
        after = mutated(given.schedule, *change)
        assert checked(given.roster, after) == judged(given.roster, after), change


def test_every_rule_is_broken_often_enough() -> None:
    """Otherwise the comparison above would show nothing."""
    breaks = [each.rule for seed in seeds(ROSTERS, every=3) for each in newly_broken(seed)]
    for rule in RULES:
        if rule.name != "grid":
            assert breaks.count(rule.name) >= least(5, every=3), rule.name


def newly_broken(seed: int) -> list[Break]:
    given, random = ruled(seed), Random(f"mutations {seed}")
    old = broken(given.roster, given.schedule)
    changes = some_mutations(random, given, 20)
    return [each for change in changes for each in broken(given.roster, mutated(given.schedule, *change)) - old]


# The engine


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_no_plan_breaks_a_rule(seed: int) -> None:
    given = ruled(seed)
    # Pins that contradict each other or the rules are found beforehand; in a pattern they mean a whole duty.
    clashing = {clash.pin for clash in clashes(given.roster, given.before, TODAY)}
    pins = [pin for pin in given.roster.pins if pin not in clashing]
    roster = replace(given.roster, pins=tuple(pin for pin in pins if not given.roster.rotations[pin.rotation].pattern))
    old = violations(roster, given.before)

    # Some take half a minute, or several on a busy machine: they have to finish, not to be fast.
    result = plan(roster, given.before, asked(0, given.weeks), NOW, deadline=NEVER)

    assert result is not None
    assert [each for each in violations(roster, result.schedule) if each not in old] == []
    assert broken(roster, result.schedule) - broken(roster, given.before) == set()
    assert result.proof.proven


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_the_engine_allows_what_the_checkers_allow(seed: int) -> None:
    """A person breaks nothing in a seat if and only if the solver, with nobody else left, gives it to them."""
    given, random = ruled(seed), Random(f"engine {seed}")
    changes = [change for (change, *more) in some_mutations(random, given, 60) if not more and is_clear(given, change)]

    for change in changes[:12]:
        emptied = mutated(given.schedule, change._replace(person=None))
        old, after = violations(given.roster, emptied), mutated(emptied, change)
        allowed = all(each in old for each in violations(given.roster, after))
        assert engine_allows(given.roster, emptied, change) == allowed, change


def is_clear(given: Ruled, change: Mutation) -> bool:
    """Whether the solver has just one seat to fill, and no pattern or pin says more about it."""
    rotation = given.roster.rotations[change.rotation]
    start, end = week(change.week), week(change.week + rotation.every.number)
    there = given.schedule.between(start, end)
    others = [(crew.period.rotation, seat) for crew in there for seat, who in crew.seats.items() if who is None]
    return (
        change.person in given.roster.people
        and not rotation.pattern
        and not given.roster.pins
        and set(others) <= {(change.rotation, change.seat)}
    )


def engine_allows(roster: Roster, schedule: Schedule, change: Mutation) -> bool:
    """Whether the solver gives an empty seat to a person when everyone else has left before the range."""
    gone = {
        handle: person if handle == change.person else replace(person, end=TODAY)
        for handle, person in roster.people.items()
    }
    result = planned(replace(roster, people=gone), schedule, asked(change.week, 1, look_ahead=0, fill=True))
    crew = result.schedule.crew(change.rotation, week(change.week))
    assert crew is not None
    return [duty.person for duty in crew.duties() if duty.seat == change.seat] == [change.person]
