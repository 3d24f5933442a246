"""The question's arrays, made from intervals, against the same made cell by cell."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cache
from random import Random

import numpy as np
import pytest
from cell_by_cell import may_be_there, missing_rest, relaxed_choices, rules_in_the_way
from planning import asked
from random_rosters import question
from samples import DAY, NOW, leave, roster, rotation, schedule, week, with_rules
from seeds import least, seeds
from tiny_rules import ADDED, tiny_ruled_question

from setrota.dates.service import has_holiday
from setrota.planner import build_instance
from setrota.planner.deadline import Deadline, TimeUp
from setrota.planner.problem.instance import Instance
from setrota.planner.program import variables
from setrota.planner.program.build import build_model
from setrota.planner.program.variables import Relaxation
from setrota.roster import RELAXABLE, Exemption, Holidays, Length, Person, Roster
from setrota.schedule import Change, Schedule

ROSTERS = 120


@cache
def instance_of(seed: int) -> Instance:
    """A random question, large, large with rules, or tiny; with exceptions, holidays, reserved and vacated seats."""
    random = Random(f"arrays {seed}")
    given, before, weeks, fill = some_question(seed)
    days = frozenset(week(0) + DAY * random.randrange(7 * weeks) for _ in range(3))
    people = {
        handle: replace(person, holidays=random.choice(["DE-BE", "US"])) if random.random() < 0.2 else person
        for handle, person in given.people.items()
    }
    given = replace(given, people=people, holidays=Holidays("CA-ON", days))
    first = next(iter(given.rotations.values()))
    if random.random() < 0.3:
        kept = {random.choice(list(first.kinds)): frozenset(random.sample(list(given.teams), 1))}
        first = replace(first, seat_teams=kept, team_rest=Length(random.choice([0, 2])))
        given = replace(given, rotations={**given.rotations, first.name: first})
    given = with_rules(given, exemptions=given.rules.exemptions | some_exemptions(random, given, weeks))
    wanted = asked(-4, weeks + 4, fill=True) if random.random() < 0.5 else asked(0, weeks, fill=fill)
    return build_instance(given, given_up(random, before), wanted)


def some_question(seed: int) -> tuple[Roster, Schedule, int, bool]:
    """A roster, its schedule, the weeks to plan, and whether empty seats are to be filled."""
    if seed % 3 == 2:
        tiny = tiny_ruled_question(seed // 3)
        return tiny.roster, tiny.before, tiny.weeks, tiny.fill
    large, random = question(seed // 3), Random(f"rules {seed}")
    given = large.roster
    for name, add in ADDED.items():
        if seed % 3 == 1 and name not in ("pins", "pattern") and random.random() < 0.4:
            given = add(random, given, large.weeks)
    return given, large.before, large.weeks, False


def some_exemptions(random: Random, given: Roster, weeks: int) -> frozenset[Exemption]:
    def some_exemption() -> Exemption:
        day = week(0) + DAY * random.randrange(7 * weeks)
        return Exemption(random.choice(RELAXABLE), random.choice(list(given.people)), day)

    return frozenset(some_exemption() for _ in range(random.choice([0, 4, 12])))


def given_up(random: Random, before: Schedule) -> Schedule:
    """The schedule after a third of the duties in it were given up, for days or for good."""
    crews = []
    for crew in before.crews:
        held = [(seat, who) for seat, who in crew.seats.items() if who is not None and random.random() < 0.3]
        start = random.choice([None, crew.period.start + DAY])
        crews.append(replace(crew, changes=tuple(Change(NOW, seat, who, None, start=start) for seat, who in held)))
    return Schedule(before.rota, tuple(crews))


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_who_may_start_a_duty_and_which_rules_are_in_the_way(seed: int) -> None:
    instance = instance_of(seed)
    for lane in instance.lanes:
        rules = rules_in_the_way(instance, lane)
        assert {(p, t) for p, t in np.argwhere(lane.allowed).tolist()} == {cell for cell in rules if not rules[cell]}
        yielding = {cell: against for cell, against in rules.items() if against and against <= set(RELAXABLE)}
        assert lane.blocked_by == yielding
        missing = {cell: missing_rest(instance, lane, cell) for cell, against in rules.items() if "rest" in against}
        for cell in rules:
            assert lane.obstacles.missing_rest[cell] == missing.get(cell, 0)


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_shares_presence_and_holidays(seed: int) -> None:
    instance = instance_of(seed)
    for lane in instance.lanes:
        for p, handle in enumerate(lane.people):
            assert lane.accrual[p].tolist() == [each.tally.accrued().get(handle, 0.0) for each in lane.timeslots]
            assert lane.present[p] == (lane.accrual[p].any() or may_be_there(instance.roster, lane, handle))
        holidays = [
            [has_holiday(instance.roster, handle, each.period) for each in lane.timeslots] for handle in lane.people
        ]
        some_but_not_all = {holiday for row in holidays for holiday in row} == {True, False}
        assert [count.has.tolist() for count in lane.counts] == [holidays] * some_but_not_all


@pytest.mark.parametrize("seed", seeds(ROSTERS))
def test_choices_that_disregard_rules(seed: int) -> None:
    instance, random = instance_of(seed), Random(f"relaxed {seed}")
    rules = tuple(random.sample(RELAXABLE, 4))
    start = week(random.randrange(4)).toordinal()
    end = start + random.choice([7, 70])
    relaxation = Relaxation(rules, random.choice([1, 2, 4]), random.choice([0, 1, 5]), start, end)
    model = build_model(instance, relaxation, numbered=False)
    for duties in model.duties:
        relaxed = duties.w > 0
        found = zip(duties.t[relaxed].tolist(), duties.p[relaxed].tolist(), duties.w[relaxed].tolist(), strict=True)
        assert list(found) == list(relaxed_choices(instance, duties.lane, relaxation, model.waivers))
        covers = [duties.lane.covers[t] for t in duties.t]
        covered = [(choice, u, step) for choice, each in enumerate(covers) for step, u in enumerate(each)]
        assert list(zip(duties.choice, duties.u, duties.step, strict=True)) == covered


def test_every_obstacle_occurs_often_enough() -> None:
    found: Counter[str] = Counter()
    for seed in seeds(ROSTERS):
        masks = [lane.obstacles for lane in instance_of(seed).lanes]
        found.update({rule for each in masks for rule, mask in each.against.items() if mask.any()})
        found["released"] += any((each.offered.any(axis=0) & ~each.offered.all(axis=0)).any() for each in masks)
    rules = ("membership", "leave", "team-away", "not-seats", "seat-teams", "one-duty", "rest", "team-rest")
    assert all(found[rule] >= least(5) for rule in (*rules, "released")), found


def test_a_question_or_program_that_is_late_is_given_up() -> None:
    given, before, weeks, _ = some_question(0)
    past = Deadline.within(-1)
    with pytest.raises(TimeUp):
        build_instance(given, before, asked(0, weeks), deadline=past)
    with pytest.raises(TimeUp):
        build_model(instance_of(0), deadline=past)


def test_a_program_that_would_be_too_large_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without numbers a duty has one entry for each row it is in; numbered, at least two more for each number."""
    instance = build_instance(roster("ana bo cy", rotation()), schedule(), asked(0, 20))
    without = build_model(instance, numbered=False).milp.entries
    monkeypatch.setattr(variables, "MOST_ENTRIES", without)
    assert build_model(instance, numbered=False).milp.entries == without
    with pytest.raises(variables.TooLarge):
        build_model(instance)


def test_people_of_a_team_that_rests_are_too_many_to_be_paired(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten people over three weeks: each of two pairs of neighbouring weeks, both ways round, pairs 100 people."""
    given = roster([f"p{number}" for number in range(10)], rotation(team_rest=Length(1)))
    instance = build_instance(given, schedule(), asked(0, 3, look_ahead=0))
    monkeypatch.setattr(variables, "MOST_ENTRIES", 399)
    with pytest.raises(variables.TooLarge):
        build_model(instance, numbered=False)


@pytest.mark.parametrize(("tolerated", "allowed"), [(3, True), (2, False)])
def test_a_day_in_two_entries_of_leave_counts_once(tolerated: int, allowed: bool) -> None:
    """Monday and Tuesday, and Tuesday and Wednesday: three days."""
    person = Person("ana", leave=(leave(week(0), days=2), leave(week(0) + DAY, days=2)))
    given = roster([person, "bo"], rotation(leave_tolerance=tolerated))
    [lane] = build_instance(given, schedule(), asked(0, 1)).lanes
    assert lane.allowed[lane.position["ana"], 0] == allowed
