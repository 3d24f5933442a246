"""The question behind a plan is rebuilt from its record: its figures are the plan's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from random import Random

import pytest
from planning import asked, outdated, planned
from random_rosters import some_future, some_history, some_person, some_teams
from samples import DAY, NOW, crews, leave, roster, rotation, week
from seeds import seeds

from setrota.files.schedule import parse_schedule, schedule_text
from setrota.planner import NEVER, Inquiry, inquire, plan
from setrota.roster import Length, Person, Roster
from setrota.schedule import Schedule
from setrota.schedule.moves import give_duty
from setrota.schedule.plans import PlanRecord
from setrota.schedule.pools import pool_of

EXACT = 1e-4
"""How exactly recorded figures agree: they are rounded to six places, and balances to nine."""


@cache
def planned_rosters(seed: int) -> tuple[Roster, tuple[Schedule, ...], tuple[float, ...]]:
    """A roster with rotations of 1 to 15 weeks, its schedule after each of up to three plans (the first, its extension
    and one made again), and the unfairness that each plan gave.

    A plan that changes nothing is left out: nothing is recorded of it.
    """
    random = Random(f"recorded {seed}")
    handles = [f"p{number:02}" for number in range(random.randint(8, 20))]
    first = rotation(
        "engineer", "primary backup", every=Length(random.choice([1, 1, 2, 6])), rest=Length(random.randint(0, 3))
    )
    others = [
        rotation(name, every=Length(random.randint(1, 15))) for name in ("lead", "scribe") if random.random() < 0.6
    ]
    rotations = [first, *others]
    weeks = random.randint(6, 26)
    people = [some_person(random, handle, weeks) for handle in handles]
    given = roster(people, rotations, some_teams(random, handles, rotations))
    crews = [each for number in rotations for each in some_history(random, given, number)]
    if random.random() < 0.3:
        crews += [each for number in rotations for each in some_future(random, given, number, weeks)]
    schedule = read(schedule_text(Schedule("SET", tuple(crews)), given), given)
    found, figures, now = [], [], NOW
    for wanted in (asked(0, weeks), asked(weeks, 8), asked(0, weeks, again=True)):
        result = plan(given, schedule, wanted, now)
        if result is not None:
            assert result.schedule.plans
            schedule = read(schedule_text(result.schedule, given), given)
            if any(each.at == now for each in schedule.plans):
                found.append(schedule)
                figures.append(result.proof.unfairness)
        now += timedelta(days=1)
    return given, tuple(found), tuple(figures)


def read(text: str, given: Roster) -> Schedule:
    return parse_schedule(text.encode(), "schedule.toml", given)


def test_what_is_recorded_is_rounded_as_it_is_written() -> None:
    """`ana` and `bo` have served one duty each of two that three people share: they are a third ahead."""
    engineer = rotation("engineer")
    given = roster("ana bo cy", engineer)
    past = [replace(each, pool=pool_of(given, each.period)) for each in crews("bo | ana", of=engineer)]
    result = planned(given, Schedule("SET", tuple(past)), asked(2, 4))

    [record] = result.schedule.plans
    assert record.settled == {"engineer": {"ana": 0.333333333, "bo": 0.333333333, "cy": -0.666666667}}
    assert record.unfairness == round(result.proof.unfairness, 6) != result.proof.unfairness


def test_what_a_plan_settles_is_recorded_where_its_days_do_not_show_it() -> None:
    """A duty per quarter of half a year is settled; of a fill in it only the days from its first seat are recorded."""
    given = roster("ana bo cy", rotation("engineer"))
    before = planned(given, Schedule("SET"), asked(0, 26)).schedule
    [emptied] = crews("-", 20, of=rotation("engineer"))

    after = planned(given, before.updated([emptied.sealed(NOW, 1)]), asked(0, 26, fill=True)).schedule

    assert [(each.start, each.repay) for each in after.plans] == [(week(0), None), (week(20), 2.0)]
    assert read(schedule_text(after, given), given).plans == after.plans


@pytest.mark.parametrize("seed", seeds(12))
def test_the_saved_rota_has_the_unfairness_that_the_plan_gave(seed: int) -> None:
    given, schedules, figures = planned_rosters(seed)
    for schedule, figure in zip(schedules, figures, strict=True):
        [record] = [each for each in schedule.plans if each.at == max(one.at for one in schedule.plans)]
        assert record.unfairness == pytest.approx(figure, abs=EXACT)
        crew = next(each for each in schedule.crews if schedule.plan_of(each) == record)
        inquiry = inquire(given, schedule, crew, NEVER)
        assert inquiry is not None
        assert inquiry.unfairness == pytest.approx(figure, abs=EXACT)
        assert inquiry.is_exact
        assert not inquiry.changed
        assert not outdated(inquiry)


@pytest.mark.parametrize("seed", seeds(12))
def test_what_happens_later_does_not_change_the_figures(seed: int) -> None:
    """Duties change hands, and some holders can no longer serve: the plan is what it was, and it is said what broke."""
    given, schedules, figures = planned_rosters(seed)
    random = Random(f"later {seed}")
    [record] = schedules[0].plans
    held = [duty for crew in schedules[0].crews if schedules[0].plan_of(crew) for duty in crew.duties() if duty.person]
    later = schedules[0]
    for duty in random.sample(held, min(4, len(held))):
        taker = random.choice([None, *given.members_of(duty.rotation)])
        later = give_duty(later, duty, taker, record.at + timedelta(days=3))
    hit = random.choice([duty for duty in held if duty.start >= record.start])
    away = replace(
        given.people[str(hit.person)], leave=(*given.people[str(hit.person)].leave, leave(hit.start, hit.end - DAY))
    )

    for roster_then in (given, replace(given, people={**given.people, away.handle: away})):
        crew = later.crew_of(hit)
        inquiry = inquire(roster_then, later, crew, NEVER)
        assert inquiry is not None
        assert inquiry.unfairness == pytest.approx(figures[0], abs=EXACT)
        assert inquiry.is_exact
        found = {(each.duty, each.violation.rule) for each in inquiry.changed}
        assert ((hit, "leave") in found) == (roster_then is not given)
        assert {duty.person for duty, _ in found} <= {hit.person}


def test_a_plan_that_filled_empty_seats_is_asked_with_these_seats_only() -> None:
    """With three weeks of rest, two people leave seats empty; with one week, most of them can be filled."""
    strict, loose = (roster("ana bo cy", rotation(seats="primary backup", rest=Length(weeks))) for weeks in (3, 1))
    first = planned(strict, Schedule("SET"), asked(0, 8)).schedule
    empty = {duty for duty in first.duties() if duty.person is None}
    result = plan(loose, first, replace(asked(0, 8, fill=True), new=False), NOW + timedelta(days=1))
    assert result is not None
    second = read(schedule_text(result.schedule, loose), loose)
    *_, record = sorted(second.plans, key=lambda each: each.at)
    assert record.filled is not None
    filled = {(start, seat) for start, seats in record.filled["engineer"].items() for seat in seats}
    assert filled == {(each.start, each.seat) for each in empty if each not in second.duties()}
    assert filled

    crew = next(each for each in second.crews if second.plan_of(each) == record)
    inquiry = inquire(loose, second, crew, NEVER)

    assert inquiry is not None
    assert inquiry.unfairness == pytest.approx(result.proof.unfairness, abs=EXACT)
    assert not inquiry.changed
    assert not outdated(inquiry)


def test_leave_that_was_given_back_makes_a_fairer_rota_possible() -> None:
    """While bo is away, ana serves three weeks in a row; without that they would take turns."""
    here = roster("ana bo", rotation())
    away = Person("bo", leave=(leave(week(0), week(3) - DAY),))
    made = planned(roster(["ana", away], rotation()), Schedule("SET"), asked(0, 6)).schedule
    crew = made.crews[1]

    inquiry = inquire(here, made, crew, NEVER)

    assert inquiry is not None
    assert inquiry.is_exact
    assert not inquiry.changed
    assert outdated(inquiry)


DAMAGES: dict[str, Callable[[PlanRecord], PlanRecord]] = {
    "look-ahead": lambda record: replace(record, look_ahead_weeks=52),
    "no unfairness": lambda record: replace(record, unfairness=0.0, fairest=0.0),
    "balance": lambda record: replace(record, settled={"engineer": {"ana": 500_000.0}}),
    "day": lambda record: reassumed(record, lambda start, seats: (start + DAY, seats)),
    "seat": lambda record: reassumed(record, lambda start, seats: (start, {"lead": "ana"})),
}


Assumed = tuple[date, Mapping[str, str | None]]


def reassumed(record: PlanRecord, change: Callable[[date, Mapping[str, str | None]], Assumed]) -> PlanRecord:
    crews = record.assumed["engineer"].items()
    return replace(record, assumed={"engineer": dict(change(start, seats) for start, seats in crews)})


def inquired(given: Roster, schedule: Schedule) -> Inquiry:
    found = inquire(given, schedule, schedule.crews[0], NEVER)
    assert found is not None
    assert found.record is not None
    return found


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_record_that_does_not_fit_is_not_taken_for_exact(damage: str) -> None:
    given = roster("ana bo cy", rotation())
    schedule = planned(given, Schedule("SET"), asked(0, 4)).schedule
    damaged = read(schedule_text(schedule.recorded(map(DAMAGES[damage], schedule.plans)), given), given)

    assert inquired(given, schedule).is_exact
    assert not inquired(given, damaged).is_exact


def test_a_look_ahead_of_people_who_are_gone_is_searched_for_again() -> None:
    given = roster("ana bo cy", rotation())
    schedule = planned(given, Schedule("SET"), asked(0, 4)).schedule
    gone = schedule.recorded(
        reassumed(each, lambda start, seats: (start, dict.fromkeys(seats, "eva"))) for each in schedule.plans
    )

    found = inquired(given, read(schedule_text(gone, given), given))

    assert found.found.result.proven
    assert found.unfairness == pytest.approx(inquired(given, schedule).unfairness, abs=EXACT)
