"""The question asked with one thing changed; prices are compared with planning with that person pinned or away."""

from dataclasses import replace
from datetime import datetime
from random import Random

import pytest
from planning import asked, outdated, planned
from samples import DAY, MONDAY, NOW, PAIR, crew, exempt, leave, roster, rotation, schedule, week, with_rules
from seeds import seeds
from tiny_rosters import tiny_question

from setrota.dates.periods import Period
from setrota.planner import (
    NEVER,
    Inquiry,
    Result,
    best_with,
    best_without,
    inquire,
    inquiry_key,
    instance_of_run,
    plan,
    seat_exchanges,
)
from setrota.planner.deadline import TimeUp
from setrota.planner.program.milp import Milp
from setrota.roster import Leave, Length, Person, Pin, Roster, Team
from setrota.schedule import Change, Crew, Schedule
from setrota.schedule.pools import pool_of

NEARLY = 0.011
"""The tolerance of 0.01, plus the small cost that keeps an answer close to the saved rota."""


def inquired(given: Roster, held: Schedule, of: Crew, unpinned: str | None = None) -> Inquiry:
    found = inquire(given, held, of, NEVER, unpinned=unpinned)
    assert found is not None
    return found


def first_crew(result: Result, name: str = "engineer") -> Crew:
    return next(each for each in result.crews if each.period.rotation == name)


# Prices that can be argued


def two_people() -> tuple[Roster, Schedule]:
    """Two people for one seat; ana served last week, so she starts half a duty ahead and bo half a duty behind."""
    given = roster("ana bo", rotation())
    return given, planned(given, schedule(crew(week(-1), {"engineer": "ana"})), asked(0, 3)).schedule


def test_who_is_behind_has_it_and_the_price_of_the_other_is_known() -> None:
    given, held = two_people()
    [first] = [each for each in held.crews if each.period.start == MONDAY]
    assert first.seats == {"engineer": "bo"}

    found = best_with(inquired(given, held, first), "ana", first.period, "engineer")

    # With bo both are at par after the week. With ana she is 1 ahead and bo 1 behind, 2 in squares; she takes one of
    # bo's later duties back, and from the second week on all is as before.
    assert found is not None
    assert found.price == pytest.approx(2.0, abs=1e-6)
    assert found.decided is None
    by_person = {each.person: each for each in found.effects}
    assert by_person["ana"].price == pytest.approx(1.0)
    assert by_person["ana"].deviation == pytest.approx(1.0)
    assert by_person["bo"].deviation == pytest.approx(-1.0)
    assert {each.day for each in found.effects} == {MONDAY}
    assert MONDAY in by_person["ana"].gained
    assert MONDAY in by_person["bo"].lost


def test_without_the_holder_the_price_is_the_same_where_there_is_but_one_other() -> None:
    given, held = two_people()
    [first] = [each for each in held.crews if each.period.start == MONDAY]
    asked_again = inquired(given, held, first)

    assert best_without(asked_again, "bo", first.period).price == pytest.approx(2.0, abs=1e-6)
    # Half a duty behind, and a further half accrues in the week.
    assert asked_again.ahead_without("bo", first.period) == pytest.approx(-1.0)


def test_among_equals_it_costs_nothing_and_something_small_decided() -> None:
    given = roster("ana bo cy", rotation())
    result = planned(given, schedule(), asked(0, 3))
    first = first_crew(result)
    [holder] = first.people

    for other in given.people.keys() - {holder}:
        found = best_with(inquired(given, result.schedule, first), other, first.period, "engineer")
        assert found is not None
        assert found.price == pytest.approx(0.0, abs=NEARLY)
        assert found.decided in ("spacing", "tie-break")


def test_a_wish_is_named_where_it_decided() -> None:
    people = [Person("ana", avoid=(leave(week(0), week(1) - DAY),)), Person("bo")]
    result = planned(roster(people, rotation()), schedule(), asked(0, 2))
    first = first_crew(result)
    assert first.people == {"bo"}

    found = best_with(inquired(roster(people, rotation()), result.schedule, first), "ana", first.period, "engineer")

    assert found is not None
    assert found.decided == "wishes"


def test_where_nobody_else_can_a_seat_would_stay_empty() -> None:
    given = roster(["ana", Person("bo", not_seats=frozenset({"primary"}))], rotation(seats="primary backup"))
    result = planned(given, schedule(), asked(0, 1))
    first = first_crew(result)

    found = best_without(inquired(given, result.schedule, first), "ana", first.period)

    assert found.price is None
    assert found.empty == ((first.period, "primary"),)


def test_who_is_away_or_not_ready_is_in_no_rota() -> None:
    people = ["ana", Person("bo", not_seats=frozenset({"primary"})), Person("cy", leave=(leave(week(0)),))]
    given = roster(people, rotation(seats="primary backup"))
    result = planned(given, schedule(), asked(0, 1, look_ahead=0))
    first = first_crew(result)
    asked_again = inquired(given, result.schedule, first)

    assert best_with(asked_again, "bo", first.period, "primary") is None
    assert best_with(asked_again, "bo", first.period, "backup") is not None
    assert best_with(asked_again, "cy", first.period, "backup") is None


def test_team_mates_can_take_each_others_place() -> None:
    """The cap allows only one of ana and bo, so with bo in the crew ana has to leave it."""
    teams = [Team("red", "Red", {"engineers": ("ana", "bo")}), Team("green", "Green", {"engineers": ("cy", "dee")})]
    given = roster("ana bo cy dee", rotation(seats="primary backup", max_per_team=1), teams)
    result = planned(given, schedule(), asked(0, 2))
    first = first_crew(result)
    [there] = first.people & {"ana", "bo"}
    [mate] = {"ana", "bo"} - {there}

    found = best_with(inquired(given, result.schedule, first), mate, first.period, "primary")

    assert found is not None
    assert found.price == pytest.approx(0.0, abs=NEARLY)
    assert first.period.start in next(each.lost for each in found.effects if each.person == there)


# The question itself


def test_what_people_decided_is_asked_anew_as_if_it_were_open() -> None:
    """A change gave ana the week that bo was planned for, and so did a pin. Planning would give it to bo."""
    given, held = two_people()
    [first] = [each for each in held.crews if each.period.start == MONDAY]
    change = Change(first.planned.at, "engineer", "bo", "ana")  # type: ignore[union-attr]
    by_change = held.updated([replace(first, changes=(change,))])
    pinned = replace(given, pins=(Pin(MONDAY, "engineer", "engineer", "ana"),))
    by_pin = held.updated([replace(first, seats={"engineer": "ana"}).sealed(change.at, 1)])

    for rota, there in ((given, by_change), (pinned, by_pin)):
        asked_again = inquired(rota, there, there.crew("engineer", MONDAY), "ana")  # type: ignore[arg-type]
        assert asked_again.people(first.period) == {"bo"}
        # The change is not the plan's; a plan that was made for the pin isn't the one without it.
        assert outdated(asked_again) == (there is by_pin)
        found = best_with(asked_again, "ana", first.period, "engineer")
        assert found is not None
        assert found.price == pytest.approx(2.0, abs=1e-6)


@pytest.mark.parametrize(
    "given",
    [
        roster("ana bo cy", rotation(seats="backup primary", pattern=("backup", "primary"))),
        roster("ana bo cy", PAIR, pins=(Pin(MONDAY, "engineer", "primary", "ana"),)),
    ],
)
def test_a_plan_that_filled_seats_next_to_settled_ones_is_known(given: Roster) -> None:
    """A pinned person, or the rest of a longer duty, has a seat before the others are planned."""
    before = schedule(crew(week(-1), {"backup": "bo", "primary": "ana"}))
    held = planned(given, before, asked(0, 3)).schedule
    for each in held.crews[1:]:
        assert inquired(given, held, each).is_exact


def test_the_saved_rota_is_the_one_that_planning_takes() -> None:
    given, held = two_people()
    for each in held.crews[1:]:
        asked_again = inquired(given, held, each)
        assert not outdated(asked_again)
        assert asked_again.people(each.period) == each.people


def test_a_roster_that_has_changed_since_is_noticed() -> None:
    given, held = two_people()
    [first] = [each for each in held.crews if each.period.start == MONDAY]
    gone = replace(given, people={**given.people, "bo": Person("bo", leave=(leave(MONDAY),))})

    asked_again = inquired(gone, held, first)

    assert outdated(asked_again)
    assert asked_again.people(first.period) == {"ana"}


def test_a_period_that_the_roster_no_longer_has_cannot_be_asked_again() -> None:
    given, held = two_people()
    moved = replace(held.crews[1], period=Period(MONDAY + DAY, MONDAY + 8 * DAY, "engineer"))
    assert inquire(given, Schedule("SET", (held.crews[0], moved)), moved, NEVER) is None


def test_crews_of_one_run_share_a_question_but_not_those_that_people_decided() -> None:
    given, held = two_people()
    first, second = held.crews[1:3]
    by_hand = replace(second, planned=None)

    assert inquiry_key(given, held, first) == inquiry_key(given, held, second)
    assert inquiry_key(given, held, first) != inquiry_key(given, held.updated([by_hand]), by_hand)


@pytest.mark.parametrize(("hour", "first"), [("08:59", 0), ("09:00", 1)])
def test_a_crew_is_replanned_together_with_one_that_begins_later_that_day(hour: str, first: int) -> None:
    """Before the handover, that day's crew hasn't begun: planning again includes it."""
    given = roster("ana bo", rotation())
    monday = datetime.fromisoformat(f"{MONDAY}T{hour}").replace(tzinfo=given.zone)
    crews = [
        crew(week(number), {"engineer": "ana"}).sealed(at, revision)
        for number, (at, revision) in enumerate([(NOW, 1), (monday, 2), (monday, 2)])
    ]
    assert inquiry_key(given, schedule(crews), crews[2]) == (week(first), week(3), None)


# Seats


def test_an_exchange_of_seats_has_its_price() -> None:
    """Ana was primary last week and bo backup, each half a seat ahead in theirs and half behind in the other's. Now bo
    is primary and all are at par; with seats traded, each would be one off in both kinds: 4 in squares a week."""
    given = roster("ana bo", rotation(seats="primary backup"))
    before = schedule(crew(week(-1), {"primary": "ana", "backup": "bo"}))
    result = planned(given, before, asked(0, 1))
    first = first_crew(result)
    assert first.seats == {"primary": "bo", "backup": "ana"}

    [holder, other] = seat_exchanges(given, result.schedule, first, first.duties()[0])

    assert (holder.person, other.person) == ("bo", "ana")
    assert (holder.balance, other.balance) == (pytest.approx(-0.5), pytest.approx(0.5))
    assert other.price == pytest.approx(4.0)


def test_an_exchange_counts_as_much_of_a_balance_as_the_plan_settled() -> None:
    """Ana was primary for four weeks, so she is 2 ahead; a plan of a quarter settles 1 of it, one of two quarters 2."""
    given = roster("ana bo", PAIR)
    before = schedule(crew(week(number), "ana bo", of=PAIR) for number in range(-4, 0))
    for weeks, ahead in ((13, 1.0), (26, 2.0)):
        held = planned(given, before, asked(0, weeks)).schedule
        [first] = [each for each in held.crews if each.period.start == MONDAY]
        [duty] = [each for each in first.duties() if each.person == "bo"]
        assert duty.seat == "primary"
        balances = {each.person: each.balance for each in seat_exchanges(given, held, first, duty)}
        assert balances == {"ana": pytest.approx(ahead), "bo": pytest.approx(-ahead)}

        # The days that were planned may be fewer than those asked for: then what was settled is recorded.
        [record] = held.plans
        recorded = replace(held, plans=(replace(record, repay=1.5),))
        balances = {each.person: each.balance for each in seat_exchanges(given, recorded, first, duty)}
        assert balances == {"ana": pytest.approx(1.5), "bo": pytest.approx(-1.5)}


def test_nobody_exchanges_seats_with_who_is_not_ready() -> None:
    given = roster(["ana", Person("bo", not_seats=frozenset({"primary"}))], rotation(seats="primary backup"))
    result = planned(given, schedule(), asked(0, 1))
    first = first_crew(result)
    assert [each.person for each in seat_exchanges(given, result.schedule, first, first.duties()[0])] == ["ana"]


@pytest.mark.parametrize(("holder", "other"), [("ana", "bo"), ("bo", "ana")])
def test_an_exception_lets_people_exchange_seats_in_its_period(holder: str, other: str) -> None:
    given = roster(["ana", Person("bo", not_seats=frozenset({"primary"}))], PAIR)
    freed = with_rules(given, exemptions=exempt("not-seats", "bo", MONDAY))
    held = schedule(crew(MONDAY, "ana bo", of=PAIR), crew(week(1), "ana bo", of=PAIR))
    for of, people in zip(held.crews, ([holder, other], [holder]), strict=True):
        [duty] = [each for each in of.duties() if each.person == holder]
        assert [each.person for each in seat_exchanges(freed, held, of, duty)] == people


# Prices against the planner's own


@pytest.mark.parametrize("seed", seeds(60))
def test_the_price_is_what_planning_with_a_pin_costs(seed: int) -> None:
    random, given = Random(seed), tiny_question(seed)
    result = plan(given.roster, given.before, asked(given.first, given.weeks), NOW, deadline=NEVER)
    crews = [each for each in result.crews if not each.by_hand] if result else []
    if not result or not crews:
        pytest.skip("nothing was planned")
    of = random.choice(crews)
    asked_again, instance = (
        inquired(given.roster, result.schedule, of),
        instance_of_run(given.roster, result.schedule, of),
    )
    members = sorted(given.roster.members_of(of.period.rotation))
    for person in random.sample(members, min(2, len(members))):
        kind = random.choice(list(given.roster.rotations[of.period.rotation].kinds))
        pinned = replace(instance.roster, pins=(Pin(of.period.start, of.period.rotation, kind, person),))

        found = best_with(asked_again, person, of.period, kind)

        if found is None:
            assert planned(pinned, result.schedule, instance.asked).broken
        elif found.price is None:
            assert found.empty
        else:
            again = planned(pinned, result.schedule, instance.asked)
            assert again.proof.fairest == pytest.approx(asked_again.found.unfairness + found.price, abs=NEARLY)


@pytest.mark.parametrize("seed", seeds(100))
def test_the_price_of_doing_without_somebody_is_that_of_their_leave(seed: int) -> None:
    given = tiny_question(seed)
    if len(given.roster.rotations) > 1:
        pytest.skip("leave would keep from duties in the other rotation as well")
    result = plan(given.roster, given.before, asked(given.first, given.weeks), NOW, deadline=NEVER)
    crews = [each for each in result.crews if not each.by_hand and each.people] if result else []
    if not result or not crews:
        pytest.skip("nobody was planned")
    of = Random(seed).choice(crews)
    asked_again, instance = (
        inquired(given.roster, result.schedule, of),
        instance_of_run(given.roster, result.schedule, of),
    )
    person = min(of.people)
    known = given.roster.people[person]
    gone = replace(known, leave=(*known.leave, Leave(of.period.start, of.period.end)))
    without = replace(instance.roster, people={**given.roster.people, person: gone})
    if any(pool_of(without, each.period) != pool_of(given.roster, each.period) for each in result.crews):
        pytest.skip("it makes a long leave, which stops the share as well")

    found = best_without(asked_again, person, of.period)
    again = planned(without, result.schedule, instance.asked)

    if found.price is None:
        assert found.empty
    else:
        assert again.proof.fairest == pytest.approx(asked_again.found.unfairness + found.price, abs=NEARLY)


def test_a_person_may_reach_a_seat_by_any_step_of_a_pattern() -> None:
    """Backup comes twice in the pattern; the duty that began a week earlier may be the cheaper way there."""
    given = roster("ana bo cy dee eli fay gus hal", rotation(seats="backup backup primary", rest=Length(0)))
    given = replace(
        given,
        rotations={"engineer": replace(given.rotations["engineer"], pattern=("backup", "backup", "primary"))},
    )
    held = planned(given, schedule(), asked(0, 9)).schedule
    compared = 0
    for of in held.crews[2:7]:
        for person in given.people.keys() - of.people:
            found = best_with(inquired(given, held, of), person, of.period, "backup")
            assert found is not None
            assert found.price is not None, (of.period.start, person)
            [own] = [each for each in found.effects if each.person == person]
            compared += bool(min(own.gained) < of.period.start)
    assert compared


def test_a_question_is_taken_back_even_if_time_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    given, held = two_people()
    [first] = [each for each in held.crews if each.period.start == MONDAY]
    asked_again = inquired(given, held, first)
    with monkeypatch.context() as during:
        during.setattr(Milp, "solve", _too_late)
        with pytest.raises(TimeUp):
            best_without(asked_again, "bo", first.period)
    found = best_with(asked_again, "bo", first.period, "engineer")
    assert found is not None
    assert found.price == pytest.approx(0.0, abs=1e-6)


def _too_late(*_: object) -> None:
    raise TimeUp


def test_what_may_be_fairer_has_a_bound_below_zero() -> None:
    """Nothing is known of a plan that time cut short, so nothing says that no rota without ana is fairer."""
    given, held = two_people()
    held = replace(held, plans=tuple(replace(each, fairest=None, bound=0.0) for each in held.plans))
    [first] = [each for each in held.crews if each.period.start == MONDAY]
    asked_again = inquired(given, held, first)
    [later] = [each for each in held.crews if each.period.start == week(1)]

    found = best_with(asked_again, next(iter(later.people)), later.period, "engineer")

    assert found is not None
    assert found.at_least < -0.5
