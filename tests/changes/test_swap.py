"""Swaps: what they break, mend and cost, and the best partners, compared with brute force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from functools import cache
from random import Random

import pytest
from samples import DAY, LEAD, MONDAY, NOW, PAIR, changed, crews, leave, roster, rotation, schedule, week, with_rules
from seeds import least, seeds

from setrota.changes.swap import Swap, Swaps, apply_swap
from setrota.fairness.balances import balances
from setrota.fairness.shares import opening, settled, tally_of, unfairness
from setrota.roster import Length, Limit, Mix, Person, Roster
from setrota.rules import violations
from setrota.schedule import Crew, Duty, Schedule, runs
from setrota.schedule.turns import Turn

SEEDS = seeds(60)
BEFORE = MONDAY - 7 * DAY


def swaps(given: Roster, *held: Iterable[Crew], day: date = BEFORE) -> Swaps:
    return Swaps(given, schedule(*held), at_handover(day, given))


def at_handover(day: date, given: Roster) -> datetime:
    return datetime.combine(day, time(9), tzinfo=given.zone)


def pairs(weeks: str) -> list[Crew]:
    return crews(weeks, of=PAIR)


def turn(of: Swaps, person: str, day: date, rotation: str = "engineer") -> Turn:
    [found] = [
        turn
        for turn in of.turns[person]
        if any(each.start <= day < each.end and each.rotation == rotation for each in turn)
    ]
    return found


def ahead(of: Swaps) -> list[Turn]:
    """Everyone's turns that haven't begun."""
    return [turn for mine in of.turns.values() for turn in mine if of.is_ahead(turn)]


def swap(of: Swaps, mine: tuple[str, date], theirs: tuple[str, date]) -> Swap:
    return of.swap(turn(of, *mine), turn(of, *theirs))


def breaks_of(found: Swap) -> list[tuple[str, date, tuple[str, ...]]]:
    return [(each.rule, each.period.start, each.people) for each in found.breaks]


# One swap


@pytest.mark.parametrize(("rest", "breaks"), [(1, []), (2, [("rest", week(4), ("ana",))])])
def test_rest_on_both_sides_of_the_boundary(rest: int, breaks: list[object]) -> None:
    """With bo's duty of week 2 ana has one free week before that of week 4."""
    given = roster("ana bo cy", [replace(PAIR, rest=Length(rest))])
    of = swaps(given, pairs("ana | cy | bo | - | ana"))
    assert breaks_of(swap(of, ("ana", week(0)), ("bo", week(2)))) == breaks


def test_rules_that_are_mended() -> None:
    given = roster([Person("ana", leave=(leave(week(0)),)), "bo"], [PAIR])
    found = swap(swaps(given, pairs("ana | bo")), ("ana", week(0)), ("bo", week(1)))
    assert found.breaks == ()
    assert [(each.rule, each.people) for each in found.mends] == [("leave", ("ana",))]


def test_what_was_broken_before_is_no_fault_of_an_exchange() -> None:
    given = roster([Person("cy", not_seats=frozenset({"backup"})), "ana", "bo"], [PAIR])
    found = swap(swaps(given, pairs("ana cy | bo")), ("ana", week(0)), ("bo", week(1)))
    assert (found.breaks, found.mends) == ((), ())


def test_seats_of_one_crew() -> None:
    given = roster([Person("ana", not_seats=frozenset({"backup"})), "bo", "cy"], [PAIR])
    of = swaps(given, pairs("bo ana | cy bo"))
    found = swap(of, ("bo", week(0)), ("ana", week(0)))
    assert [(each.seat, each.person) for each in found.held] == [("primary", "ana"), ("backup", "bo")]
    assert [each.rule for each in found.mends] == ["not-seats"]
    assert found.growth == pytest.approx(0)
    [crew, _] = apply_swap(of.schedule, found, NOW).crews
    assert {duty.seat: duty.person for duty in crew.duties()} == {"primary": "ana", "backup": "bo"}


def test_growth_is_that_of_the_sum_of_squares() -> None:
    """Three people, one seat a week: everyone accrues a third of a duty a week.

    Backwards `ana, bo, cy` is as fair. When `ana, ana, bo` becomes `ana, bo, ana`, ana's deviations go from 2/3, 4/3, 1
    to 2/3, 1/3, 1 and bo's from -1/3, -2/3, 0 to -1/3, 1/3, 0.
    """
    solo = rotation("engineer", "primary")
    given = roster("ana bo cy", [solo])
    same = swaps(given, crews("ana | bo | cy", of=solo))
    assert swap(same, ("ana", week(0)), ("cy", week(2))).growth == pytest.approx(0)
    other = swaps(given, crews("ana | ana | bo", of=solo))
    found = swap(other, ("ana", week(1)), ("bo", week(2)))
    assert found.growth == pytest.approx((1 / 9 - 16 / 9) + (1 / 9 - 4 / 9))


def test_balances_are_those_of_the_accounts() -> None:
    given = roster("ana bo cy dee", [PAIR, LEAD])
    of = swaps(given, pairs("ana bo | cy dee | bo ana"), crews("dee | ana", of=LEAD))
    found = of.swap(turn(of, "ana", week(0)), turn(of, "dee", week(0), "lead"))
    after = apply_swap(of.schedule, found, NOW)
    for each in found.balances:
        for plan, figure in ((of.schedule, each.before), (after, each.after)):
            [account] = [
                one
                for one in balances(plan, given, week(0), week(9))
                if (one.person, one.rotation) == (each.person, each.rotation)
            ]
            expected = account.by_seat[each.kind].balance if each.kind else account.balance
            assert figure == pytest.approx(expected)
    assert [(each.person, each.rotation, each.kind) for each in found.balances] == [
        ("ana", "engineer", ""),
        ("ana", "engineer", "primary"),
        ("ana", "lead", ""),
        ("ana", "lead", "lead"),
        ("dee", "engineer", ""),
        ("dee", "engineer", "primary"),
        ("dee", "lead", ""),
        ("dee", "lead", "lead"),
    ]


def test_of_a_duty_covered_in_part_the_part_is_exchanged() -> None:
    given = roster("ana bo cy", [PAIR])
    [first, second] = pairs("ana | bo")
    first = changed(first, "primary", "cy", week(0) + 2 * DAY)
    of = swaps(given, [first, second])
    found = swap(of, ("cy", week(0) + 4 * DAY), ("bo", week(1)))
    after = apply_swap(of.schedule, found, NOW)
    assert [(each.start, each.person) for each in after.duties() if each.person] == [
        (week(0), "ana"),
        (week(0) + 2 * DAY, "bo"),
        (week(1), "cy"),
    ]
    # Three of five working days for a whole duty.
    [total] = found.totals("cy")
    assert total.after - total.before == pytest.approx(1 - 3 / 5)


def test_a_duty_that_a_cover_cuts_is_exchanged_with_all_its_pieces() -> None:
    """cy covers ana's Wednesday and Thursday, and on Sunday ana steps down to backup: all but cy's days go to bo."""
    given = roster("ana bo cy dee", [PAIR])
    [first, second] = pairs("ana dee | bo")
    first = changed(first, "primary", "cy", week(0) + 2 * DAY, week(0) + 4 * DAY)
    first = changed(first, "primary", "dee", week(0) + 6 * DAY)
    first = changed(first, "backup", "ana", week(0) + 6 * DAY)
    of = swaps(given, [first, second])
    for day in (0, 4, 6):
        found = swap(of, ("ana", week(0) + day * DAY), ("bo", week(1)))
        after = apply_swap(of.schedule, found, NOW)
        theirs = [(each.start, each.end, each.seat) for each in after.duties() if each.person == "bo"]
        assert theirs == [
            (week(0), week(0) + 2 * DAY, "primary"),
            (week(0) + 4 * DAY, week(0) + 6 * DAY, "primary"),
            (week(0) + 6 * DAY, week(1), "backup"),
        ]
        assert [each.start for each in after.duties() if each.person == "ana"] == [week(1)]


STEPS = replace(PAIR, pattern=("backup", "primary"))


def test_a_duty_of_several_periods_is_exchanged_whole() -> None:
    given = roster("ana bo cy dee", [STEPS])
    of = swaps(given, pairs("- ana | ana bo | bo cy | cy dee | dee"))
    found = swap(of, ("ana", week(1)), ("cy", week(2)))
    assert [(each.start, each.seat, each.person) for each in found.held] == [
        (week(0), "backup", "cy"),
        (week(1), "primary", "cy"),
        (week(2), "backup", "ana"),
        (week(3), "primary", "ana"),
    ]
    assert found.breaks == ()
    # Half a duty each.
    [total] = found.totals("ana")
    assert total.after == pytest.approx(total.before)
    # One that has begun is not ahead, even though a part of it is.
    running = replace(of, now=at_handover(week(0), given))
    assert not running.is_ahead(turn(running, "ana", week(1)))
    assert running.is_ahead(turn(running, "bo", week(1)))


# Partners


def test_no_partner_for_anybody_but_oneself() -> None:
    of = swaps(roster("ana bo", [PAIR]), pairs("ana bo | ana"))
    assert of.partners(turn(of, "ana", week(0))) == ((), {})


def test_duties_begun_or_of_the_same_week_are_no_partners() -> None:
    given = roster("ana bo cy dee", [PAIR])
    of = swaps(given, pairs("bo | bo cy | ana cy | dee"), day=week(1))
    found = of.partners(turn(of, "ana", week(2)))
    assert [each.people for each in found.swaps] == [("ana", "dee")]
    assert found.impossible == {}


def test_other_rotations_for_people_of_both_pools() -> None:
    given = roster("ana bo cy", [PAIR, LEAD])
    of = swaps(given, pairs("ana"), crews("- | bo | cy", of=LEAD))
    assert [each.people[1] for each in of.partners(turn(of, "ana", week(0))).swaps] == ["bo", "cy"]
    team = given.teams["all"]
    only_lead = replace(team, pools={"engineers": ("ana", "bo"), "leads": ("ana", "bo", "cy")})
    of = replace(of, roster=replace(given, teams={"all": only_lead}))
    found = of.partners(turn(of, "ana", week(0)))
    assert [each.people[1] for each in found.swaps] == ["bo"]
    # People in only one of the pools are no partners, not partners with an obstacle.
    assert found.impossible == {}


def test_of_equally_fair_exchanges_the_nearest_comes_first() -> None:
    """Everyone serves once: in a swap each takes over the other's balances, so the sum stays the same."""
    of = swaps(roster("ana bo cy dee", [PAIR]), pairs("bo | - | ana | cy | dee"))
    found = of.partners(turn(of, "ana", week(2))).swaps
    assert [each.growth for each in found] == pytest.approx([0, 0, 0])
    # Weeks 0 and 4 are equally near: the earlier one first.
    assert [each.people[1] for each in found] == ["cy", "bo", "dee"]


def test_the_fairest_exchange_comes_first() -> None:
    """ana serves in weeks 0 and 1 and should wait: the later, the better."""
    of = swaps(roster("ana bo cy", [PAIR]), pairs("ana | ana | bo | cy"))
    found = of.partners(turn(of, "ana", week(1))).swaps
    growth = [each.growth for each in found]
    assert growth == sorted(growth)
    assert growth[0] < 0


def test_what_is_in_the_way_is_counted() -> None:
    given = roster(
        ["ana", Person("bo", leave=(leave(week(0)),)), "cy", Person("dee", not_seats=frozenset({"primary"}))],
        [replace(PAIR, rest=Length(1))],
    )
    # bo is away in week 0, cy would rest too little before week 1, dee is not ready for ana's seat.
    of = swaps(given, pairs("ana | cy | bo | - | - dee | cy"))
    found = of.partners(turn(of, "ana", week(0)))
    assert found.impossible == {"away": 1, "resting": 1, "not ready for primary": 1}
    # cy's other duty in week 1 is swapped for the one in week 0.
    assert [each.theirs[0].start for each in found.swaps] == [week(1)]


@cache
def _asked(seed: int) -> tuple[Swaps, list[tuple[Turn, dict[Turn, tuple[float, set[str]]]]]]:
    """A random question about two turns; every swap is tried."""
    random = Random(f"swaps {seed}")
    given, plan, day = _question(random)
    of = Swaps(given, plan, at_handover(day, given))
    possible = ahead(of)
    chosen = random.sample(possible, min(2, len(possible)))
    return of, [(mine, _tried(given, plan, day, mine)) for mine in chosen]


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", SEEDS)
def test_partners_against_trying_every_exchange(seed: int) -> None:
    of, asked = _asked(seed)
    given, plan = of.roster, of.schedule
    for mine, tried in asked:
        found = of.partners(mine)
        clean = {theirs: growth for theirs, (growth, breaks) in tried.items() if not breaks}
        assert {each.theirs for each in found.swaps} == set(clean)
        assert sum(found.impossible.values()) == len(tried) - len(clean)
        for each in found.swaps:
            assert each.growth == pytest.approx(clean[each.theirs], abs=1e-9)
            mends = Counter(violations(given, plan)) - Counter(
                violations(given, _by_hand(plan, each.mine, each.theirs))
            )
            assert Counter(each.mends) == mends
        order = [round(clean[each.theirs], 6) for each in found.swaps]
        assert order == sorted(order)


def test_the_random_questions_have_everything_in_them() -> None:
    """Both answers occur, and every rule that a swap can break; otherwise the test above would show little.

    Not `pattern`: a duty with a pattern changes hands as a whole.
    """
    rules, clean = Counter[str](), 0
    for seed in SEEDS:
        for _, tried in _asked(seed)[1]:
            clean += sum(not breaks for _, breaks in tried.values())
            rules.update(rule for _, breaks in tried.values() for rule in breaks)
    assert clean > least(50)
    assert rules.keys() >= {
        "one-duty", "rest", "leave", "not-seats", "max-per-team", "team-rest", "max-duties", "mix", "never-together",
    }  # fmt: skip


def _question(random: Random) -> tuple[Roster, Schedule, date]:
    """Nine people over nine weeks in one or two rotations, some periods begun, some duties covered in part."""
    handles = ["ana", "bo", "cy", "dee", "eli", "fay", "gus", "hana", "ivo"]
    pattern = ("backup", "primary") if random.random() < 0.3 else ()
    rotation = replace(
        PAIR,
        rest=Length(random.choice([0, 0, 1, 2])),
        max_per_team=random.choice([None, 1]),
        team_rest=Length(random.choice([0, 0, 1])),
        pattern=pattern,
    )
    rotations = [rotation, *([replace(LEAD, rest=Length(random.choice([0, 1])))] if random.random() < 0.5 else [])]
    people = [
        Person(
            handle,
            not_seats=frozenset({"primary"} if random.random() < 0.15 else ()),
            leave=(leave(week(random.randrange(9)), days=random.randint(1, 9)),) if random.random() < 0.4 else (),
            tags=frozenset({"senior"} if random.random() < 0.6 else ()),
        )
        for handle in handles
    ]
    teams = {"red": " ".join(handles[:4]), "green": " ".join(handles[4:])} if random.random() < 0.5 else None
    given = roster(people, rotations, teams)
    if random.random() < 0.7:
        least_seniors = random.random() < 0.5
        given = with_rules(
            given,
            limits=(Limit(random.randint(2, 3), Length(random.randint(4, 7))),) if random.random() < 0.5 else (),
            mix=tuple(
                Mix(tags=frozenset({"senior"}), rotations=frozenset({each.name}), at_least=1)
                for each in rotations
                if least_seniors
            ),
            never_together=(frozenset(random.sample(handles, 2)),) if random.random() < 0.5 else (),
        )
    order = random.sample(handles, 9)
    shifts = " | ".join(f"{order[number]} {order[(number + 1) % 9]}" for number in range(9))
    shuffled = " | ".join(" ".join(random.sample([*handles, "-", "-"], 2)) for _ in range(9))
    held = crews(shifts if pattern else shuffled, of=rotation)
    if random.random() < 0.4:
        number = random.randrange(9)
        start = held[number].period.start
        end = start + 5 * DAY if random.random() < 0.5 else None
        held[number] = changed(held[number], "backup", random.choice(handles), start + 3 * DAY, end)
    if len(rotations) > 1:
        held += crews(" | ".join(random.sample(handles, 5)), of=LEAD)
    return given, schedule(held), week(random.randrange(3))


def _tried(given: Roster, plan: Schedule, day: date, mine: Turn) -> dict[Turn, tuple[float, set[str]]]:
    """For every possible turn of others: how unfairness grows, and which further rules are broken."""
    before, cost = Counter(violations(given, plan)), _unfairness(given, plan, day)
    tried = {}
    for theirs in _turns(given, plan):
        days = {one.start + DAY * number for one in theirs for number in range((one.end - one.start).days)}
        if (
            theirs[0].person != mine[0].person
            and all(_start(plan, duty) > day for duty in theirs)
            and _whole(given, mine) == _whole(given, theirs)
            and not any(duty.start <= each < duty.end for each in days for duty in mine)
        ):
            after = _by_hand(plan, mine, theirs)
            breaks = {each.rule for each in Counter(violations(given, after)) - before}
            tried[theirs] = (_unfairness(given, after, day) - cost, breaks)
    return tried


def _turns(given: Roster, plan: Schedule) -> set[Turn]:
    """All that one person has in a period, and where a pattern makes duties last several periods in all of these."""
    found: set[Turn] = set()
    for duty in plan.duties():
        if duty.person is None:
            continue
        run = next(each for each in runs(given, plan.crews)[duty.person] if _has(each.periods, duty))
        theirs = (each for each in plan.duties() if each.person == duty.person and _has(run.periods, each))
        found.add(tuple(sorted(theirs, key=lambda each: (each.start, each.end))))
    return found


def _whole(given: Roster, turn: Turn) -> bool:
    """Whether a turn lasts whole periods, none of which is covered in part."""
    return all(duty.end - duty.start == 7 * DAY * given.rotations[duty.rotation].every.number for duty in turn)


def _has(periods: Iterable[object], duty: Duty) -> bool:
    return any(each.start <= duty.start < each.end and each.rotation == duty.rotation for each in periods)  # type: ignore[attr-defined]


def _start(plan: Schedule, duty: Duty) -> date:
    crew = plan.crew_on(duty.rotation, duty.start)
    assert crew is not None
    return crew.period.start


def _by_hand(plan: Schedule, mine: Turn, theirs: Turn) -> Schedule:
    """The swap made in another way: seats held for whole periods are overwritten, others changed."""
    for duty, taker in [*((each, theirs[0].person) for each in mine), *((each, mine[0].person) for each in theirs)]:
        crew = plan.crew_on(duty.rotation, duty.start)
        assert crew is not None
        if crew.changes:
            there = changed(crew, duty.seat, taker, duty.start, duty.end)
        else:
            there = replace(crew, seats={**crew.seats, duty.seat: taker})
        plan = plan.updated([there])
    return plan


def _unfairness(given: Roster, plan: Schedule, day: date) -> float:
    total = 0.0
    for each in given.rotations.values():
        turns = [tally_of(crew, given) for crew in plan.of(each.name)]
        ahead = [turn for turn in turns if turn.period.end > day]
        past = opening([turn for turn in turns if turn.period.end <= day])
        start = {person: settled(balance, 1.0) for person, balance in past.items()}
        total += unfairness(ahead, start, each.every.number, given.people)
    return total
