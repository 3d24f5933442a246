"""Chains of moves: found if nobody is free, as short as possible, and the cheapest of these."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from crowded_roster import CROWD, crowded_roster
from samples import DAY, NOW, crews, leave, roster, rotation, schedule, week
from seeds import least, seeds

from setrota.changes.cover.proposals import apply_proposal
from setrota.changes.cover.request import CoverRequest
from setrota.changes.cover.search import find_candidates, propose
from setrota.roster import Length, Person, Roster, Rotation
from setrota.rules import violations
from setrota.schedule import Crew, Duty, Schedule
from setrota.schedule.moves import Move, give_duty
from setrota.schedule.turns import turns, within

SEEDS = seeds(80)
BEFORE = week(-1)
DESK = rotation("desk", "primary backup", rest=Length(1))
SOLO = rotation("desk", "primary", rest=Length(1))


def duty_of(held: Schedule, number: int, seat: str = "primary") -> Duty:
    return next(duty for duty in held.duties() if duty.start == week(number) and duty.seat == seat)


def people_of(request: CoverRequest, most_moves: int) -> list[tuple[str, ...]]:
    return [each.people for each in find_candidates(request, most_moves).proposals]


# Chains with an argument


def test_who_rests_passes_their_duty_on() -> None:
    """ana gives up week 1: bo rests before week 2, and dee after week 0; eli is away in week 1. When bo takes it, eli
    or dee can have week 2: eli serves in week 4, two free weeks later, dee in week 0. dee's week 0 could go to eli, or
    to bo, for whom that would leave no rest before week 2 once he rests for it: one free week is enough."""
    given_roster = roster([Person("ana"), Person("bo"), Person("dee"), Person("eli", leave=(leave(week(1)),))], [SOLO])
    held = schedule(crews("dee | ana | bo | - | eli", of=SOLO))
    request = CoverRequest(given_roster, held, (duty_of(held, 1),), BEFORE)

    assert people_of(request, 1) == []
    assert sorted(people_of(request, 2)) == [("bo", "dee"), ("bo", "eli"), ("dee", "bo"), ("dee", "eli")]
    for each in find_candidates(request, 2).proposals:
        assert len(each.moves) == 2
        assert violations(given_roster, apply_proposal(request, each, NOW)) == []


def test_a_seat_of_the_same_crew_is_passed_on() -> None:
    """Only bo is ready to be primary, and he is backup that week: cy takes his seat."""
    not_ready = frozenset({"primary"})
    people = [Person("ana"), Person("bo"), Person("cy", not_seats=not_ready), Person("dee", not_seats=not_ready)]
    given_roster = roster(people, [DESK])
    held = schedule(crews("ana bo | - - | - dee", of=DESK))
    request = CoverRequest(given_roster, held, (duty_of(held, 0),), BEFORE)

    assert people_of(request, 1) == []
    [first, second] = find_candidates(request, 2).proposals
    assert first.people == ("bo", "cy")
    assert second.people == ("bo", "dee")
    assert first.moves == (Move("bo", duty_of(held, 0)), Move("cy", duty_of(held, 0, "backup")))


def test_no_longer_chain_is_looked_for_than_needed() -> None:
    given_roster = roster("ana bo cy", [SOLO])
    held = schedule(crews("ana | - | bo", of=SOLO))
    request = CoverRequest(given_roster, held, (duty_of(held, 0),), BEFORE)
    assert people_of(request, 4) == [("cy",), ("bo",)] or people_of(request, 4) == [("bo",), ("cy",)]


def test_a_duty_that_is_over_is_not_passed_on() -> None:
    """dee's week 0 is over in week 1: only bo can pass something on, and only those who are free take it."""
    given_roster = roster([Person("ana"), Person("bo"), Person("dee"), Person("eli", leave=(leave(week(1)),))], [SOLO])
    held = schedule(crews("dee | ana | bo | - | eli", of=SOLO))
    request = CoverRequest(given_roster, held, (duty_of(held, 1),), week(1))
    assert sorted(people_of(request, 2)) == [("bo", "dee"), ("bo", "eli")]


def test_what_the_people_named_take() -> None:
    """`--with bo --with eli` means the same chain; ana herself is in no chain."""
    given_roster = roster([Person("ana"), Person("bo"), Person("dee"), Person("eli", leave=(leave(week(1)),))], [SOLO])
    held = schedule(crews("dee | ana | bo | - | eli", of=SOLO))
    request = CoverRequest(given_roster, held, (duty_of(held, 1),), BEFORE)

    proposal = propose(request, ["bo", "eli"])
    assert proposal is not None
    assert proposal.moves == (Move("bo", duty_of(held, 1)), Move("eli", duty_of(held, 2)))
    assert proposal.broken == ()
    # eli has nothing that would help bo, but week 4 is what he would give up; he is away all the same.
    forced = propose(request, ["eli"])
    assert forced is not None
    assert [each.rule for each in forced.broken] == ["leave"]


# Against trying everything


@cache
def some_request(seed: int) -> CoverRequest:
    """Five to seven people, rest, absences and seats that not everyone is ready for; a rota that keeps all rules."""
    random = Random(f"chains {seed}")
    handles = ["ana", "bo", "cy", "dee", "eli", "fay", "gus"][: random.randint(5, 7)]
    desk = replace(random.choice([DESK, SOLO]), rest=Length(random.choice([1, 2, 2])))
    people = [
        Person(
            handle,
            not_seats=frozenset({"primary"}) if random.random() < 0.15 else frozenset(),
            leave=tuple(leave(week(random.randint(0, 5))) for _ in range(random.choice([0, 0, 1, 1, 2]))),
        )
        for handle in handles
    ]
    given_roster = roster(people, [desk], {"all": " ".join(handles)})
    held = schedule(_crews(random, given_roster, desk, handles))
    duties = [duty for duty in held.duties() if duty.person is not None]
    requests = [CoverRequest(given_roster, held, (duty,), BEFORE) for duty in duties]
    hard = [request for request in requests if not every_chain(request, 1)]
    return random.choice(hard if hard and random.random() < 0.8 else requests)


def _crews(random: Random, given_roster: Roster, desk: Rotation, handles: Sequence[str]) -> list[Crew]:
    """Six weeks, filled week by week in random order with people who break no rule."""
    held: list[Crew] = []
    for number in range(6):
        [crew] = crews(" ".join("-" for _ in desk.seats), number, of=desk)
        for seat in desk.seats:
            for handle in random.sample(list(handles), len(handles)):
                tried = replace(crew, seats={**crew.seats, seat.name: handle})
                if not violations(given_roster, schedule(held, [tried])):
                    crew = tried
                    break
        held.append(crew)
    return held


def every_chain(request: CoverRequest, most_moves: int) -> list[tuple[Move, ...]]:
    """All chains with the fewest moves, by brute force: each person takes anything from the one before."""
    for length in range(1, most_moves + 1):
        found = [moves for moves in _every(request, (), request.wanted[0], length) if _keeps_all_rules(request, moves)]
        if found:
            return found
    return []


def _every(request: CoverRequest, moves: tuple[Move, ...], duty: Duty, length: int) -> Iterator[tuple[Move, ...]]:
    taken = {request.holder, *(move.person for move in moves)}
    for person in request.roster.people:
        if person not in taken:
            longer = (*moves, Move(person, duty))
            if length == 1:
                yield longer
            else:
                for other in request.schedule.duties():
                    if other.person == person:
                        yield from _every(request, longer, other, length - 1)


def _keeps_all_rules(request: CoverRequest, moves: Sequence[Move]) -> bool:
    after = request.schedule
    for person, duty in moves:
        after = give_duty(after, duty, person, NOW)
    return not violations(request.roster, after)


@cache
def chains_of(seed: int) -> tuple[CoverRequest, list[tuple[Move, ...]]]:
    request = some_request(seed)
    return request, every_chain(request, 3)


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", SEEDS)
def test_all_chains_of_the_fewest_moves_are_found(seed: int) -> None:
    request, tried = chains_of(seed)
    found = find_candidates(request, 3, most=1000).proposals
    direct = [each for each in found if not each.steps_up]

    assert {each.people for each in direct} == {tuple(str(move.person) for move in moves) for moves in tried}
    assert {len(each.moves) for each in direct} == {len(moves) for moves in tried}
    # The cheapest comes first, whatever other chains the same people could make.
    assert [each.price for each in direct] == pytest.approx(sorted(each.price for each in direct))
    if tried:
        assert direct[0].price == pytest.approx(min(request.prices.price(moves) for moves in tried))


def test_the_cases_are_worth_asking() -> None:
    found = [chains_of(seed)[1] for seed in SEEDS]
    lengths = Counter(len(chains[0]) if chains else 0 for chains in found)
    assert lengths[1] >= least(10)
    assert lengths[2] >= least(10)
    assert lengths[3] >= 1
    assert lengths[0] >= 1


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(15))
def test_proposals_keep_every_rule_of_the_whole_schedule(seed: int) -> None:
    """With all rules that reach beyond a crew, including patterns, and rules broken before; and naming the people of a
    proposal comes to as good a one."""
    random = Random(f"proposals {seed}")
    given_roster = crowded_roster(random)
    weeks = [" | ".join(" ".join(random.sample([*CROWD, *"------"], 2)) for _ in range(12)) for _ in range(2)]
    rotations = given_roster.rotations.values()
    held = schedule(*(crews(text, of=each) for text, each in zip(weeks, rotations, strict=True)))
    old = violations(given_roster, held)
    for turn in random.sample([turn for mine in turns(given_roster, held).values() for turn in mine], 4):
        wanted = within(turn, turn[0].start + DAY * random.randint(0, 3), turn[-1].end)
        request = CoverRequest(given_roster, held, wanted, week(random.randint(-1, 4)))
        for each in find_candidates(request, 3).proposals:
            after = violations(given_roster, apply_proposal(request, each, NOW))
            assert [one for one in after if one not in old and set(one.people) & set(each.people)] == []
            again = propose(request, each.people)
            assert again is not None
            assert again.broken == ()
            assert again.price <= each.price + 1e-9


@pytest.mark.no_cover  # quicker tests run the same lines
def test_a_search_ends() -> None:
    """Forty people who all rest: too many chains of four to try, and it says so."""
    handles = [f"p{number:02}" for number in range(40)]
    teams = {"all": " ".join(handles)}
    solo = replace(SOLO, rest=Length(60))
    given_roster = roster([Person(handle) for handle in handles], [solo], teams)
    held = schedule(crews(" | ".join(handles), of=solo))
    found = find_candidates(CoverRequest(given_roster, held, (duty_of(held, 0),), BEFORE), 4)
    assert found.proposals == ()
    assert found.unfinished
