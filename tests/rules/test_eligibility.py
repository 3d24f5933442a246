"""Why not them: every rule in the way of somebody, found by putting them there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from random import Random

import pytest
from crowded_roster import CROWD, crowded_roster
from samples import DAY, ENGINEER, LEAD, PATTERN, changed, crews, exempt, leave, roster, schedule, week, with_rules
from seeds import seeds

from setrota.dates.periods import Period
from setrota.roster import Away, Length, Limit, Mix, Person, Pin, Roster, Rules
from setrota.rules import violations
from setrota.rules.eligibility import Obstacle, headcount, newly_broken, obstacles_of
from setrota.schedule import Crew, Duty
from setrota.schedule.moves import Move

PRIMARY = Duty(week(2), week(3), "engineer", "primary", None)


def against(given: Roster, *held: Iterable[Crew], handle: str = "ana", seat: Duty = PRIMARY) -> list[tuple[str, str]]:
    return [(each.rule, each.phrase) for each in obstacles_of(given, schedule(*held), handle, seat)]


def ana(**facts: object) -> Roster:
    return roster([replace(Person("ana"), **facts), "bo", "cy"])  # type: ignore[arg-type]


def test_nothing_in_the_way() -> None:
    given = ana()
    assert against(given, crews("ana | - | - bo | - | ana")) == []
    # Also where no crew is planned.
    assert against(given) == []


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (ana(start=week(2) + DAY), [("membership", "not joined yet")]),
        (ana(end=week(2)), [("membership", "left")]),
        (ana(leave=(leave(week(2)),)), [("leave", "away")]),
        (ana(works=frozenset({1, 2, 3, 4})), [("leave", "away")]),
        (ana(not_seats=frozenset({"primary"})), [("not-seats", "not ready for primary")]),
        (roster("bo", [ENGINEER]), [("membership", "not in the roster")]),
        (
            roster("ana bo", [replace(ENGINEER, seat_teams={"primary": frozenset({"b"})})], {"a": "ana", "b": "bo"}),
            [("seat-teams", "not in the seat's teams")],
        ),
    ],
)
def test_what_is_theirs_alone(given: Roster, found: list[tuple[str, str]]) -> None:
    assert against(given, crews("-", 2)) == found


def test_what_was_broken_before_is_nothing_new_for_those_who_are_left() -> None:
    """Three of a team serve where one is allowed; once `ana` gives her seat up, `bo` and `cy` are still too many."""
    given = roster("ana bo cy", [replace(ENGINEER, max_per_team=1)])
    crowded = schedule(crews("ana bo cy", 2))
    assert newly_broken(given, crowded, [Move(None, replace(PRIMARY, person="ana"))]) == []


def test_a_team_that_is_away() -> None:
    given = roster("ana bo")
    team = replace(given.teams["all"], away=(Away(week(2), week(3)),))
    assert against(replace(given, teams={"all": team}), crews("-", 2)) == [("team-away", "team away")]


def test_every_rule_in_the_way_is_named() -> None:
    """ana is away, rests from week 1 and isn't ready; `bo`, with whom she may not serve, is there."""
    person = Person("ana", leave=(leave(week(2)),), not_seats=frozenset({"primary"}))
    rules = Rules(never_together=(frozenset({"ana", "bo"}),), limits=(Limit(1, Length(8)),))
    given = roster([person, "bo", "cy"], [replace(ENGINEER, rest=Length(1), max_per_team=1)], rules=rules)
    assert against(given, crews("- | ana | - bo")) == [
        ("leave", "away"),
        ("rest", "resting"),
        ("max-duties", "at their limit of duties"),
        ("not-seats", "not ready for primary"),
        ("max-per-team", "capped by team"),
        ("never-together", "not together with bo"),
    ]


def test_rules_that_may_give_way_come_last() -> None:
    """Who rests and is at their limit could serve if it were for rest alone, once that may give way."""
    given = roster("ana bo", [replace(ENGINEER, rest=Length(1))], rules=Rules(limits=(Limit(1, Length(8)),)))
    held = crews("- | ana | - bo")
    assert [rule for rule, _phrase in against(given, held)] == ["rest", "max-duties"]
    assert [rule for rule, _phrase in against(with_rules(given, relax=("rest",)), held)] == ["max-duties", "rest"]
    assert [rule for rule, _phrase in against(with_rules(given, relax=("rest", "max-duties")), held)] == [
        "rest",
        "max-duties",
    ]


def test_a_duty_after_it_is_in_the_way_too() -> None:
    given = with_rules(roster("ana", [replace(ENGINEER, rest=Length(2))]), limits=(Limit(1, Length(8)),))
    assert against(given, crews("- | - | - | - | ana")) == [
        ("rest", "resting"),
        ("max-duties", "at their limit of duties"),
    ]


def test_who_is_on_duty_already() -> None:
    given = ana()
    assert against(given, crews("- ana", 2)) == [("one-duty", "already on duty")]
    # The lead's two weeks begin with week 2.
    assert against(given, crews("- | ana", of=LEAD), crews("-", 2)) == [("one-duty", "already on duty")]


def test_teams_and_tags() -> None:
    people = [Person("ana", tags=frozenset({"emea"})), Person("bo", tags=frozenset({"emea"})), "cy", "dee"]
    given = roster(people, teams={"red": "ana", "blue": "bo", "green": "cy dee"})
    held = crews("- bo cy dee", 2)
    apart = with_rules(given, teams_apart=(frozenset({"red", "blue"}),))
    assert obstacles_of(apart, schedule(held), "ana", PRIMARY) == [
        Obstacle(
            "teams-apart",
            "kept apart by team",
            "ana and bo serve together, but their teams `red` and `blue` must stay apart",
            ("bo",),
        )
    ]
    most = with_rules(given, mix=(Mix(tags=frozenset({"emea"}), rotations=frozenset({"engineer"}), at_most=1),))
    assert against(most, held) == [("mix", "too many of emea")]
    least = with_rules(given, mix=(Mix(tags=frozenset({"apac"}), rotations=frozenset({"engineer"}), at_least=1),))
    assert against(least, held) == [("mix", "leaving no seat for apac")]
    assert against(with_rules(least, exemptions=exempt("mix", "ana", week(2))), held) == []


def test_a_team_that_rests() -> None:
    given = roster("ana bo", [replace(ENGINEER, team_rest=Length(2)), LEAD])
    assert against(given, crews("- | - | - | - | bo")) == [("team-rest", "team resting")]
    assert against(given, crews("- | - | - | - | - | bo")) == []


def test_over_all_rotations() -> None:
    given = with_rules(roster("ana bo"), max_per_team=1)
    found = obstacles_of(given, schedule(crews("- | bo", of=LEAD)), "ana", PRIMARY)
    assert [(each.rule, each.phrase, each.people) for each in found] == [("max-per-team", "capped by team", ("bo",))]


def test_a_seat_that_is_somebody_elses() -> None:
    """Who has the seat gives it up: they are not in the way, unless they are pinned to it or bound to go on."""
    given = with_rules(roster("ana bo"), max_per_team=1)
    assert against(given, crews("bo", 2)) == []
    pinned = replace(given, pins=(Pin(week(2), "engineer", "primary", "bo"),))
    assert against(pinned, crews("bo", 2)) == [("pins", "pinned for bo")]
    [pin] = obstacles_of(pinned, schedule(crews("bo", 2)), "ana", crews("bo", 2)[0].duties()[0])
    assert pin.clause == f"bo is pinned to `primary` on {week(2)} but would not have it"
    pair = roster("ana bo cy", [PATTERN])
    seat = Duty(week(1), week(2), "pair", "primary", "bo")
    assert against(pair, crews("bo - | - bo", of=PATTERN), seat=seat) == [("pattern", "bo continues in it")]


def test_some_days_of_a_seat() -> None:
    """bo is away from Wednesday on; ana is away on Monday, which does not matter."""
    given = ana(leave=(leave(week(2)),))
    [crew] = crews("bo", 2)
    some = Duty(week(2) + 2 * DAY, week(3), "engineer", "primary", None)
    assert against(given, [changed(crew, "primary", None, some.start)], seat=some) == []
    assert some.days == Period(some.start, some.end, "engineer")


def test_what_was_broken_before_is_nobodys_fault() -> None:
    given = roster("ana bo cy", [replace(ENGINEER, rest=Length(1))])
    assert against(given, crews("- | bo | - bo")) == []


def test_moves_are_judged_together() -> None:
    """bo steps up and ana takes his seat; only if he kept it he would have two."""
    given = roster("ana bo cy")
    held = schedule(crews("cy bo", 2))
    primary, backup = held.duties()[:2]
    up, instead = Move("bo", primary), Move("ana", backup)
    assert [each.rule for each in newly_broken(given, held, [up])] == ["one-duty"]
    assert newly_broken(given, held, [up, instead]) == []
    assert newly_broken(given, held, [up, Move(None, backup)]) == []


def test_giving_some_days_up_breaks_nothing_anew() -> None:
    """bo had no rest before and has a little more now, which is said in other words; ana, who comes, has hers."""
    given = roster("ana bo", [replace(ENGINEER, rest=Length(1))])
    held = schedule(crews("bo | bo"))
    monday = Duty(week(1), week(1) + DAY, "engineer", "primary", "bo")
    assert newly_broken(given, held, [Move("ana", monday)]) == []


def test_heads_are_counted_by_the_first_reason() -> None:
    people = [Person("ana", leave=(leave(week(2)),)), "bo", "cy", "dee"]
    given = roster(people, [replace(ENGINEER, rest=Length(1))])
    found = headcount(given, schedule(crews("- | ana bo | - cy")), PRIMARY)
    assert found == {"away": 1, "resting": 1, "already on duty": 1}


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(30))
def test_the_crews_that_are_looked_at_are_enough(seed: int) -> None:
    """The same is found as in the whole schedule, for whoever is put anywhere."""
    random = Random(f"near {seed}")
    given = crowded_roster(random)
    held = [
        crew
        for each in given.rotations.values()
        for crew in crews(" | ".join(" ".join(random.sample([*CROWD, *"------"], 2)) for _ in range(16)), of=each)
    ]
    whole = schedule(held)
    for handle, crew in [(random.choice(CROWD), random.choice(held)) for _ in range(12)]:
        seat = random.choice(crew.duties())
        after = whole.updated([replace(crew, seats={**crew.seats, seat.seat: handle})])
        old = set(violations(given, whole))
        new = {
            (each.rule, each.message)
            for each in violations(given, after)
            if each not in old and (handle in each.people or each.rule == "pattern")
        }
        assert {(each.rule, each.message) for each in obstacles_of(given, whole, handle, seat)} == new
