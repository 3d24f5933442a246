"""Who can never serve: each rule that rules people out, alone or with others, and all rosters of a kind tried out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product
from random import Random
from typing import Any

import pytest
from samples import MONDAY, crew, exempt, leave, roster, rotation, schedule, week, with_rules

from setrota.check.feasibility.never import OF_A_CREW, NeverServes, who_never_serves
from setrota.check.feasibility.overlooked import overlooked
from setrota.dates.grid import period_at, periods_from
from setrota.dates.periods import Period
from setrota.roster import RELAXABLE, Away, Exemption, Length, Limit, Mix, Person, Roster, Team
from setrota.rules import violations
from setrota.schedule import Crew, Schedule, empty_crew

PAIR = rotation("desk", "primary backup", pool="staff")
END = week(26)


def never(given: Roster, *held: Crew, end: date = END) -> list[tuple[str, str, tuple[str, ...]]]:
    found = who_never_serves(given, schedule(held), MONDAY, end)
    return [(each.person, each.rotation.name, each.rules) for each in found]


def mix(**terms: Any) -> Mix:
    return Mix(tags=frozenset({"junior"}), rotations=frozenset({"desk"}))._replace(**terms)


def with_ana(**facts: Any) -> Roster:
    """A desk of two for ana and four others in two teams; both teams are in the pool."""
    people = [Person("ana", **facts), *["bo", "cy", "dee", "eli"]]
    return roster(people, PAIR, {"red": "ana bo cy", "blue": "dee eli"})


def of_desk(given: Roster, **facts: Any) -> Roster:
    return replace(given, rotations={"desk": replace(given.rotations["desk"], **facts)})


def test_nobody() -> None:
    assert never(with_ana()) == []


@pytest.mark.parametrize(
    ("given", "rules"),
    [
        (with_ana(works=frozenset({0, 1})), ("leave",)),
        (with_ana(not_seats=frozenset({"primary", "desk/backup"})), ("not-seats",)),
        (of_desk(with_ana(), seat_teams=dict.fromkeys(("primary", "backup"), frozenset({"blue"}))), ("seat-teams",)),
        # Primary is for others, and she isn't ready for the other seat.
        (
            of_desk(with_ana(not_seats=frozenset({"backup"})), seat_teams={"primary": frozenset({"blue"})}),
            ("not-seats", "seat-teams"),
        ),
        (with_rules(with_ana(tags=frozenset({"junior"})), mix=(mix(at_most=0),)), ("mix",)),
        (with_rules(with_ana(tags=frozenset({"junior"})), mix=(mix(at_most=0, kinds=frozenset({"backup"})),)), None),
        # The only seat that is not kept for juniors is the one she isn't ready for.
        (
            with_rules(with_ana(not_seats=frozenset({"primary"})), mix=(mix(at_least=1, kinds=frozenset({"backup"})),)),
            ("not-seats", "mix"),
        ),
    ],
)
def test_ruled_out_alone(given: Roster, rules: tuple[str, ...] | None) -> None:
    assert [each for each in never(given) if each[0] == "ana"] == ([("ana", "desk", rules)] if rules else [])


def test_limits_that_allow_nothing() -> None:
    """A limit of 0 binds everybody, or those who are ready for no other seat."""
    none = (Limit(0, Length(26), frozenset({"desk/primary"})),)
    assert never(with_rules(with_ana(), limits=none)) == []
    ready = with_ana(not_seats=frozenset({"backup"}))
    assert never(with_rules(ready, limits=none)) == [("ana", "desk", ("not-seats", "max-duties"))]


def test_a_rest_longer_than_the_range() -> None:
    """ana served in the week before, with rest 30; nobody who serves now and then is named."""
    given = of_desk(with_ana(), rest=Length(30))
    assert never(given, crew(week(-1), "ana -", of=PAIR)) == [("ana", "desk", ("rest",))]
    assert never(of_desk(with_ana(), rest=Length(3)), crew(week(-1), "ana -", of=PAIR)) == []
    # In the first two weeks alone she can't serve.
    assert never(of_desk(with_ana(), rest=Length(3)), crew(week(-1), "ana -", of=PAIR), end=week(2)) == [
        ("ana", "desk", ("rest",))
    ]


def test_a_duty_that_lasts() -> None:
    """Two weeks, backup then primary: she works every second week and can't finish what she begins."""
    pattern = rotation("desk", "backup primary", pool="staff", pattern=("backup", "primary"))
    away = tuple(leave(week(number), days=5) for number in range(0, 28, 2))
    given = roster([Person("ana", leave=away), *["bo", "cy", "dee"]], pattern)
    assert never(given) == [("ana", "desk", ("leave",))]
    assert never(roster([Person("ana", leave=away[1:]), *["bo", "cy", "dee"]], pattern), end=week(1)) == []


def test_leave_and_rest_together() -> None:
    """Resting for four weeks, then away for four: of the eight weeks none is left to serve in."""
    away = Person("ana", leave=(leave(week(4), days=28),))
    given = roster([away, *["bo", "cy", "dee"]], replace(PAIR, rest=Length(4)))
    held = crew(week(-1), "ana -", of=PAIR)
    assert never(given, held, end=week(8)) == [("ana", "desk", ("rest", "leave"))]
    assert never(given, held, end=week(9)) == []
    assert never(given, end=week(8)) == []


def test_an_exception_lets_someone_serve_once() -> None:
    given = with_ana(works=frozenset({0, 1}))
    assert never(with_rules(given, exemptions=exempt("leave", "ana", week(5)))) == []
    assert never(with_rules(given, exemptions=exempt("leave", "ana", week(30)))) != []


def test_who_owes_nothing_is_not_named() -> None:
    """Not in the pool yet, no longer, on long leave throughout, or with a share of 0."""
    for facts in (
        {"start": week(40)},
        {"end": week(-1)},
        {"leave": (leave(week(-2), days=300),)},
        {"shares": {"desk": 0.0}, "works": frozenset({0})},
    ):
        assert never(with_ana(**facts)) == [], facts


def test_who_has_a_duty_is_not_named() -> None:
    given = with_ana(works=frozenset({0, 1}))
    assert never(given, crew(week(3), "ana bo", of=PAIR)) == []


# With others


def test_two_teams_under_a_cap() -> None:
    """Each crew is one of each team, and ana counts for both."""
    teams = {"red": "ana bo cy", "blue": "ana dee eli"}
    given = roster("ana bo cy dee eli", replace(PAIR, max_per_team=1), teams)
    assert never(given) == [("ana", "desk", ("max-per-team",))]
    assert never(with_rules(roster("ana bo cy dee eli", PAIR, teams), max_per_team=1)) == [
        ("ana", "desk", ("max-per-team",))
    ]
    # A third team has somebody to serve with ana.
    assert never(roster("ana bo cy dee eli fay", replace(PAIR, max_per_team=1), {**teams, "green": "fay"})) == []


def test_who_would_leave_a_seat_empty_is_named_with_or_without_a_duty() -> None:
    """Where a seat stays empty anyway planning gives ana a duty; what is said before and after it is the same."""
    given = roster("ana bo cy dee eli", replace(PAIR, max_per_team=1), {"red": "ana bo cy", "blue": "ana dee eli"})
    assert never(given, crew(week(3), "ana -", of=PAIR)) == never(given) == [("ana", "desk", ("max-per-team",))]


def test_a_cap_and_a_seat_of_the_own_team() -> None:
    """The primary is always of the red team, and ana, of that team too, isn't ready for it."""
    given = of_desk(with_ana(not_seats=frozenset({"primary"})), seat_teams={"primary": frozenset({"red"})})
    assert never(given) == []
    assert never(of_desk(given, max_per_team=1)) == [("ana", "desk", ("max-per-team", "not-seats", "seat-teams"))]


def test_where_a_seat_stays_empty_anyway() -> None:
    """One person of each team would fill both seats, but the blue team has nobody left: ana may be the one."""
    teams = {"red": "ana bo", "blue": "ana"}
    assert never(roster("ana bo", replace(PAIR, max_per_team=1), teams)) == []


def test_who_is_needed_elsewhere() -> None:
    """ana alone can lead, and somebody always leads."""
    rotations = [PAIR, rotation("lead", pool="leads")]
    teams = [Team("all", "All", {"staff": ("ana", "bo", "cy"), "leads": ("ana",)})]
    assert never(roster("ana bo cy", rotations, teams)) == [("ana", "desk", ())]
    assert (
        never(roster("ana bo cy", rotations, [replace(teams[0], pools={**teams[0].pools, "leads": ("ana", "bo")})]))
        == []
    )


def test_teams_and_people_who_stay_apart() -> None:
    apart = with_rules(
        roster("ana bo cy dee", PAIR, {"red": "ana", "blue": "bo cy dee"}), teams_apart=(frozenset({"red", "blue"}),)
    )
    assert never(apart) == [("ana", "desk", ("teams-apart",))]
    given = roster("ana bo cy", PAIR)
    pairs = (frozenset({"ana", "bo"}), frozenset({"ana", "cy"}))
    assert never(with_rules(given, never_together=pairs)) == [("ana", "desk", ("never-together",))]
    assert never(with_rules(given, never_together=pairs[:1])) == []


# In words


def told(given: Roster, *held: Crew, end: date = END) -> list[tuple[str, str, str]]:
    return [(each.severity, each.sentence, each.hint) for each in overlooked(given, schedule(held), MONDAY, end)]


def test_people_kept_out_for_one_reason_are_told_together() -> None:
    people = [
        Person(handle, not_seats=frozenset({"primary", "backup"})) for handle in ("ana", "bo", "cy", "dee", "eli")
    ]
    given = roster([*people, "fay", "gus", "hal"], PAIR)
    assert told(given) == [
        (
            "warning",
            "`desk`: ana, bo, cy and 2 others can never serve: they are not ready for any seat",
            "shorten their `not-seats` or take them out of the pool `staff`",
        )
    ]
    [found] = overlooked(given, schedule(), MONDAY, END)
    assert found.people == ("ana", "bo", "cy", "dee", "eli")


def test_who_works_few_days_is_told_with_how_many() -> None:
    people = [Person("ana", works=frozenset({0, 1, 5})), Person("bo", works=frozenset({0, 1, 2})), "cy", "dee", "eli"]
    start = "can never serve unless `leave` gives way: they work only"
    given = with_rules(roster(people, PAIR), relax=("leave",))
    assert [hint.partition(" or ")[0] for _, _, hint in told(given)] == [
        "raise `leave-tolerance` to 3",
        "raise `leave-tolerance` to 2",
    ]
    assert [sentence for _, sentence, _ in told(given)] == [
        f"`desk`: ana {start} 2 weekdays a week, and `leave-tolerance` is 0",
        f"`desk`: bo {start} 3 weekdays a week, and `leave-tolerance` is 0",
    ]


def test_what_a_cap_does_to_somebody_of_two_teams() -> None:
    teams = {"red": "ana bo cy", "blue": "ana dee eli"}
    assert told(roster("ana bo cy dee eli", replace(PAIR, max_per_team=1), teams)) == [
        (
            "warning",
            "`desk`: ana can serve only where a seat stays empty anyway: any crew with them leaves a seat empty "
            "because of `max-per-team`, which counts them in `red` and `blue`",
            "raise `max-per-team`, let them belong to one team or take them out of the pool `staff`",
        )
    ]


def test_who_is_needed_elsewhere_is_told_so() -> None:
    rotations = [PAIR, rotation("lead", pool="leads")]
    teams = [Team("all", "All", {"staff": ("ana", "bo", "cy"), "leads": ("ana",)})]
    assert told(roster("ana bo cy", rotations, teams)) == [
        (
            "warning",
            "`desk`: ana can serve only where a seat stays empty anyway: they are needed in other rotations at the "
            "same time",
            "add people to the pools of the other rotations or take them out of the pool `staff`",
        )
    ]


def test_who_is_kept_out_for_a_while_is_told_in_a_note_if_they_owe_a_duty() -> None:
    """Of the two seats of eight weeks each of four people owes four duties, in the last four weeks two."""
    away = Person("ana", leave=(leave(week(4), days=28),))
    given = roster([away, "bo", "cy", "dee"], replace(PAIR, rest=Length(4)))
    assert told(given, crew(week(-1), "ana -", of=PAIR), end=week(8)) == [
        (
            "note",
            "`desk`: ana can't serve before 2027-03-01: `rest` and `leave` together leave no seat for them",
            "shorten `rest` or raise `leave-tolerance`",
        )
    ]
    assert told(given, crew(week(-1), "ana -", of=PAIR), end=week(1)) == []


# Every roster of a kind


def some_roster(seed: int) -> tuple[Roster, Schedule]:
    """Three to five people, two periods in half a year, two seats, perhaps a second rotation, and a few rules."""
    random = Random(f"never {seed}")
    handles = ["ana", "bo", "cy", "dee", "eli"][: random.randint(3, 5)]
    rotations = [
        rotation(
            "desk",
            random.choice(["primary backup", "primary", "primary backup backup"]),
            pool="staff",
            every=Length(13),
            rest=Length(random.choice([0, 0, 13, 40])),
            max_per_team=random.choice([None, 1, 1, 2]),
            leave_tolerance=random.choice([0, 0, 40]),
            seat_teams=random.choice([{}, {}, {"primary": frozenset({"red"})}]),
            optional=frozenset(random.choice([(), (), ("backup",)])),
        )
    ]
    if random.random() < 0.4:
        rotations.append(rotation("lead", pool="leads", every=Length(random.choice([13, 26]))))
    people = [
        Person(
            handle,
            works=frozenset(range(random.choice([5, 5, 5, 4]))),
            leave=tuple(leave(week(number), days=5) for number in (2, 15) if random.random() < 0.2),
            not_seats=frozenset(kind for kind in ("primary", "backup") if random.random() < 0.15),
            tags=frozenset({"junior"} if random.random() < 0.4 else ()),
        )
        for handle in handles
    ]
    pools = [{each.pool: tuple(h for h in handles if random.random() < 0.6) for each in rotations} for _ in range(2)]
    teams = [Team(key, key, of) for key, of in zip(("red", "blue"), pools, strict=True)]
    if random.random() < 0.1:
        teams[0] = replace(teams[0], away=(Away(week(0), week(1), owes=True),))
    given = with_rules(
        roster(people, rotations, teams),
        max_per_team=random.choice([None, None, 1, 2]),
        never_together=random.choice([(), (), (frozenset(handles[:2]),)]),
        teams_apart=random.choice([(), (), (frozenset({"red", "blue"}),)]),
        mix=random.choice([(), (), (mix(at_most=1),), (mix(at_most=0),), (mix(at_least=1),)]),
        limits=random.choice([(), (), (Limit(1, Length(52)),), (Limit(0, Length(4), frozenset({"primary"})),)]),
    )
    names = [seat.name for seat in rotations[0].seats]
    past = [crew(week(-13), dict.fromkeys(names) | {names[0]: random.choice([None, *handles])}, of=rotations[0])]
    return given, schedule(past)


def broken(given: Roster, held: Schedule, crews: list[Crew]) -> set[Any]:
    return set(violations(given, held.updated(crews))) - set(violations(given, held))


def fillings(given: Roster, period: Period, others: list[Period]) -> Iterator[list[Crew]]:
    """Every way to fill all required seats of some periods, with the optional ones or without."""
    empty = [empty_crew(given, each) for each in (period, *others)]
    choices = [
        [*given.members_of(each.period.rotation), *([None] if given.is_optional(each.period.rotation, seat) else [])]
        for each in empty
        for seat in each.seats
    ]
    for chosen in product(*choices):
        held = [each for each in chosen if each]
        if len(held) == len(set(held)):
            seats = iter(chosen)
            yield [replace(each, seats={seat: next(seats) for seat in each.seats}) for each in empty]


def is_full(given: Roster, crews: list[Crew]) -> bool:
    """Whether a crew breaks none of the rules, apart from those that other days decide."""
    later = {"rest", "max-duties"}
    return not any(each.rule not in later for each in violations(given, Schedule("SET", tuple(crews))))


def is_barred(given: Roster, held: Schedule, handle: str) -> bool:
    """Whether a person can't have a duty at the desk even if nobody else serves."""
    return not any(has_seat(given, held, handle, period) for period in periods_from(given, "desk", MONDAY, END))


def has_seat(given: Roster, held: Schedule, handle: str, period: Period) -> bool:
    alone = [
        replace(empty_crew(given, period), seats={**empty_crew(given, period).seats, seat.name: handle})
        for seat in given.rotations["desk"].seats
    ]
    return not all(broken(given, own_of(held, handle), [each]) for each in alone)


def never_in_full_crew(given: Roster, held: Schedule, handle: str) -> bool:
    """Whether each duty that a person could have at the desk leaves another seat empty that could be filled."""
    for period in periods_from(given, "desk", MONDAY, END):
        if has_seat(given, held, handle, period):
            others = [period_at(given, name, period.start) for name in given.rotations if name != "desk"]
            every = ([each for each in fillings(given, period, some) if is_full(given, each)] for some in (others, []))
            full = next(filter(None, every), [])
            if not full or any(handle in crews[0].people for crews in full):
                return False
    return True


def own_of(held: Schedule, handle: str) -> Schedule:
    return replace(held, crews=tuple(each for each in held.crews if handle in each.people))


def only_binding(given: Roster, found: NeverServes, without: str = "") -> Roster:
    """The roster in which of the rules that exceptions can name only those found bind, and `without` doesn't."""
    people = given.people if found.crowded else [found.person]
    rules = {*(OF_A_CREW if found.crowded else RELAXABLE), without} - (set(found.rules) - {without})
    days = [week(0), week(13)]
    free = {Exemption(rule, handle, day) for rule in rules for handle in people for day in days}
    return with_rules(given, exemptions=frozenset(free))


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", range(50))
def test_brute_force(seed: int) -> None:
    """Those are named whom no rota gives a duty, and the rules named are enough for that, and all needed."""
    given, held = some_roster(seed)
    found = [each for each in who_never_serves(given, held, MONDAY, END) if each.rotation.name == "desk"]
    members = given.members_of("desk")
    assert {each.person for each in found} == {each for each in members if never_in_full_crew(given, held, each)}
    assert {each.person for each in found if not each.crowded} == {
        each for each in members if is_barred(given, held, each)
    }
    for each in found:
        test = never_in_full_crew if each.crowded else is_barred
        assert test(only_binding(given, each), held, each.person)
        for rule in each.rules:
            assert not test(only_binding(given, each, rule), held, each.person), (each, rule)


def test_a_search_that_gives_up_names_nobody_for_the_wrong_rules(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only ana is a junior, and she leads: eli can't, or nobody on duty is one. With less effort, nothing is said."""
    feeding = [Team("red", "Red", {"staff": ("bo", "cy", "dee"), "leads": ("ana", "eli")})]
    people = [Person("ana", tags=frozenset({"junior"})), "bo", "cy", "dee", "eli"]
    together = mix(at_least=1, rotations=frozenset({"desk", "lead"}))
    given = roster(people, [PAIR, rotation("lead", pool="leads")], feeding)
    given = with_rules(given, mix=(together,), max_per_team=3)
    found = [("eli", "lead", ("mix",))]
    assert never(given) == found
    for most in range(0, 200, 4):
        monkeypatch.setattr("setrota.check.feasibility.never.MOST_JUDGED", most)
        assert never(given) in ([], found)
