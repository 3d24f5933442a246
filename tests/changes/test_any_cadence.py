"""Covers at random minutes in any cadence: nobody is lost, nothing is credited twice, and undoing restores.

A cover breaks the rules that it says, and no others.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import cycle
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest
from samples import MONDAY, leave, roster, rotation, schedule
from seeds import least, seeds

from setrota.changes.cover.proposals import Proposal, apply_proposal
from setrota.changes.cover.request import CoverRequest, cover_request
from setrota.changes.cover.search import find_candidates, propose
from setrota.changes.swap import Swaps, apply_swap
from setrota.dates.cuts import Cut
from setrota.dates.grid import periods_from
from setrota.dates.periods import DAY, WEEK, instant_of, point_at
from setrota.dates.service import is_served
from setrota.dates.text import When
from setrota.problems import Refused
from setrota.roster import ALWAYS, WORKING_DAYS, Handover, Length, Person, Roster, Rotation, Span
from setrota.rules import Violation, violations
from setrota.schedule import Crew, Duty, Schedule
from setrota.schedule.moves import give_duty
from setrota.schedule.turns import Turn, turns, within

SEEDS = seeds(100)
PEOPLE = ("ana", "bo", "cy", "dee", "eli", "fay", "gus")
ZONES = ("America/Toronto", "Europe/Berlin", "Asia/Kolkata", "Australia/Lord_Howe")
SPRING = MONDAY + 9 * WEEK
"""Clocks change in all zones but one in the weeks after it."""

Where = tuple[str, date]


class Covered(NamedTuple):
    """One cover: what was asked for, the proposal that was taken, and the schedule after it."""

    request: CoverRequest
    proposal: Proposal
    after: Schedule


def _rotation(random: Random, name: str, zone: str) -> Rotation:
    """A rotation of some cadence, with spans that fit its handover at 09:00."""
    unit = random.choice(["days", "days", "weeks", "months", "starts"])
    handover = {"weeks": Handover(random.randrange(7), time(9)), "months": Handover(None, time(9), day=1)}
    overnight = Span(start=time(17, 30), end=time(9))
    office = Span(weekdays=frozenset(range(5)), start=time(9), end=time(17, 30), nights=0)
    starts = tuple(SPRING + days * DAY for days in (0, 9, 16, 30, 41, 55)) if unit == "starts" else ()
    return rotation(
        name,
        random.choice(["primary", "primary backup"]),
        every=Length(1) if unit == "starts" else Length(random.randint(1, 3), unit),  # type: ignore[arg-type]
        starts=starts,
        handover=handover.get(unit, Handover(None, time(9))),
        serves=random.choice([ALWAYS, ALWAYS, WORKING_DAYS, (overnight,), (office,), (overnight, office)]),
        rest=random.choice([None, Length(0), Length(11, "hours"), Length(2, "days"), Length(1)]),
        leave_tolerance=random.choice([None, 0, 1]),
        pool="staff",
        zone=ZoneInfo(zone),
    )


def _question(random: Random) -> tuple[Roster, Schedule]:
    """Seven people, one or two rotations, and six periods of each, in which they serve in turn."""
    names = ["desk", "night"][: random.randint(1, 2)]
    rotations = [_rotation(random, name, random.choice(ZONES)) for name in names]
    people = [
        Person(each, leave=(leave(SPRING + random.randrange(40) * DAY, days=random.randint(1, 4)),)) for each in PEOPLE
    ]
    given = roster(people, rotations, {"all": " ".join(PEOPLE)})
    crews = []
    for each in rotations:
        turn = cycle(random.sample(PEOPLE, len(PEOPLE)))
        periods = [one for one in periods_from(given, each.name, SPRING, SPRING + 60 * WEEK) if is_served(given, one)]
        crews += [Crew(one, {seat.name: next(turn) for seat in each.seats}) for one in periods[:6]]
    return given, schedule(crews)


def _minute(random: Random, given: Roster, duty: Duty) -> datetime:
    start, end = (instant_of(given, duty.rotation, point) for point in (duty.start, duty.end))
    return start + timedelta(minutes=random.randrange(1, (end - start) // timedelta(minutes=1)))


def _point(given: Roster, turn: Turn, when: When) -> date:
    return when.point(given, turn[0].rotation)


@cache
def _covers(seed: int) -> tuple[Roster, Schedule, tuple[Covered, ...]]:
    """A schedule, and three covers of parts of its duties between random minutes."""
    random = Random(f"covers of any cadence {seed}")
    given, plan = _question(random)
    now = datetime.combine(SPRING - WEEK, time(10), tzinfo=given.zone)
    held, done = plan, []
    while len(done) < 3:
        person = random.choice([each for each in PEOPLE if turns(given, held).get(each)])
        turn = random.choice(turns(given, held)[person])
        first, last = sorted(_minute(random, given, random.choice(turn)) for _ in range(2))
        if first == last:
            continue
        when = [When(each.date(), each) for each in (first, last)]
        if not any(is_served(given, each.days) for each in within(turn, *(_point(given, turn, each) for each in when))):
            with pytest.raises(Refused, match="isn't served"):
                cover_request(given, held, turn, first=when[0], last=when[1], takers=(), now=now)
            continue
        request = cover_request(given, held, turn, first=when[0], last=when[1], takers=(), now=now)
        others = [each for each in PEOPLE if each != person]
        free = [each.people[0] for each in find_candidates(request).proposals]
        taker = random.choice(free if free and random.random() < 0.5 else others)
        proposal = propose(request, [taker])
        assert proposal is not None
        held = apply_proposal(request, proposal, now)
        done.append(Covered(request, proposal, held))
    return given, plan, tuple(done)


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_is_lost_and_nothing_is_credited_twice(seed: int) -> None:
    given, _, done = _covers(seed)
    for crew in done[-1].after.crews:
        for seat, held in crew.credits(given).items():
            duties = [duty for duty in crew.duties() if duty.seat == seat]
            assert [crew.period.start, *(each.end for each in duties)] == [
                *(each.start for each in duties),
                crew.period.end,
            ]
            credited = sum(held.values())
            empty = [duty for duty in duties if duty.person is None]
            assert credited == pytest.approx(1.0) if not empty else credited < 1.0 + 1e-9


@pytest.mark.parametrize("seed", SEEDS)
def test_the_taker_has_it_from_the_minute_to_the_minute(seed: int) -> None:
    given, _, done = _covers(seed)
    request, proposal, after = done[-1]
    [taker] = proposal.people
    for duty in request.wanted:
        for moment, inside in (
            (instant_of(given, duty.rotation, duty.start), True),
            (instant_of(given, duty.rotation, duty.end) - timedelta(seconds=1), True),
            (instant_of(given, duty.rotation, duty.end), False),
            (instant_of(given, duty.rotation, duty.start) - timedelta(seconds=1), False),
        ):
            point = point_at(given, duty.rotation, moment)
            crew = after.crew_on(duty.rotation, point)
            holders = [
                each.person
                for each in (crew.duties() if crew else ())
                if each.seat == duty.seat and each.start <= point < each.end
            ]
            if inside:
                assert holders == [taker]
            elif crew == after.crew_of(duty):
                before = request.schedule.crew_of(duty).duties()
                assert holders == [
                    each.person for each in before if each.seat == duty.seat and each.start <= point < each.end
                ]


@pytest.mark.parametrize("seed", SEEDS)
def test_covers_in_reverse_restore_the_schedule(seed: int) -> None:
    _, plan, done = _covers(seed)
    held = done[-1].after
    for request, proposal, _ in reversed(done):
        for move in reversed(proposal.moves):
            taken = Duty(move.duty.start, move.duty.end, move.duty.rotation, move.duty.seat, move.person)
            held = give_duty(held, taken, move.duty.person, datetime.combine(SPRING, time(), tzinfo=ZoneInfo("UTC")))
        assert held.duties() == request.schedule.duties()
    assert held.duties() == plan.duties()


def _told(found: list[Violation]) -> set[tuple[str, Where, tuple[str, ...]]]:
    return {(each.rule, (each.period.rotation, each.period.start), each.people) for each in found}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_cover_breaks_what_it_says(seed: int) -> None:
    given, _, done = _covers(seed)
    for request, proposal, after in done:
        added = _told(violations(given, after)) - _told(violations(given, request.schedule))
        assert added <= _told(list(proposal.broken))
        fixed = [each for each in proposal.broken if each not in violations(given, after)]
        assert fixed == []


@pytest.mark.parametrize("seed", SEEDS)
def test_a_swap_leaves_its_people_no_piece_of_what_they_gave(seed: int) -> None:
    given, _, done = _covers(seed)
    plan = done[-1].after
    swaps = Swaps(given, plan, datetime.combine(SPRING - WEEK, time(10), tzinfo=given.zone))
    person = done[-1].request.holder or "ana"
    for mine in swaps.turns.get(person, [])[:2]:
        for theirs in [turn for each in PEOPLE if each != person for turn in swaps.turns.get(each, [])][:6]:
            if {plan.crew_of(duty).period for duty in mine} & {plan.crew_of(duty).period for duty in theirs}:
                continue
            after = apply_swap(plan, swaps.swap(mine, theirs), swaps.now)
            assert person not in {each.person for duty in mine for each in after.crew_of(duty).duties()}


def test_the_covers_are_worth_trying() -> None:
    """Instants within days, several cadences, and covers with and without broken rules."""
    cut = broken = clean = short = 0
    for seed in SEEDS:
        for request, proposal, _ in _covers(seed)[2]:
            cut += any(isinstance(duty.start, Cut) for duty in request.wanted)
            short += any(duty.end - duty.start < DAY for duty in request.wanted)
            broken += bool(proposal.broken)
            clean += not proposal.broken
    assert min(cut, broken, clean, short) >= least(20)
