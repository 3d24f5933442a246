"""What `setrota plan` says is proven: of which rotas none is fairer."""

from __future__ import annotations

from datetime import timedelta

from planning import asked, planned
from samples import NOW, changed, crews, roster, rotation, schedule, with_rules

from setrota.planner import Range
from setrota.reports.plan import table
from setrota.roster import Length, Person, Roster
from setrota.schedule import Crew

WHOLE = asked(0, 6, look_ahead=0)


def verdict(given: Roster, *before: Crew, wanted: Range = WHOLE) -> str:
    text = table(given, wanted, planned(given, schedule(before), wanted), verbose=False)
    return " ".join(text.split()).partition("Proven: ")[2].partition(" Solved in")[0]


def test_every_seat_is_filled() -> None:
    assert verdict(roster("ana bo cy", rotation())) == "no rota that keeps these rules is fairer."


def test_optional_seats_are_filled_before_fairness_counts() -> None:
    """Only ana may be backup: with that seat empty now and then the rota would be fairer."""
    backup = frozenset({"backup"})
    people = [Person("ana"), Person("bo", not_seats=backup), Person("cy", not_seats=backup)]
    given = roster(people, rotation("engineer", "primary backup", optional=backup))
    assert verdict(given) == "no rota that keeps these rules and fills as many seats is fairer."


def test_rules_that_gave_way() -> None:
    """Two people take turns with one free week, but the rest is two."""
    given = with_rules(roster("ana bo", rotation("engineer", rest=Length(2))), relax=("rest",))
    assert verdict(given) == "no rota that fills as many seats with as few exceptions is fairer."


def test_seats_stay_empty() -> None:
    given = roster("ana bo", rotation("engineer", rest=Length(2)))
    assert verdict(given) == (
        "no rota that keeps these rules leaves fewer or less important seats empty, and none that leaves the same "
        "seats empty is fairer."
    )


def test_fairness_counts_the_empty_seats_and_says_so() -> None:
    given = roster("ana bo", rotation("engineer", rest=Length(2)))
    text = table(given, WHOLE, planned(given, schedule(), WHOLE), verbose=True)
    assert "(of all 6 seats, including the empty ones)" in " ".join(text.split())
    assert "\n  Unfairness from 2027-01-04 on " in text


def test_a_fill_compares_rotas_with_the_same_other_duties() -> None:
    """ana gave her seat up, so bo or cy has it, though ana has served least."""
    first, second, *more = crews("ana | bo | cy | bo", of=rotation())
    given_up = changed(first, "engineer", None)
    assert verdict(
        roster("ana bo cy", rotation()), given_up, second, *more, wanted=asked(0, 4, look_ahead=0, fill=True)
    ) == (
        "with all other duties as they are, no rota that keeps these rules is fairer. Left out, because they gave "
        "their seat up: ana on 2027-01-04."
    )


def test_planning_again_leaves_crews_that_people_made() -> None:
    given = roster("ana bo cy", rotation())
    before = planned(given, schedule(), WHOLE).schedule.crews
    by_hand = [changed(before[2], "engineer", "ana"), changed(before[3], "engineer", "ana")]
    others = [each for each in before if each.period not in {one.period for one in by_hand}]
    again = asked(0, 6, look_ahead=0, again=True)
    assert verdict(given, *before, wanted=again) == "no rota that keeps these rules is fairer."
    assert verdict(given, *others, *by_hand, wanted=again) == (
        "with all other duties as they are, no rota that keeps these rules is fairer."
    )


def test_a_fill_in_the_second_of_the_plan_keeps_the_record_of_the_plan() -> None:
    given = roster("ana bo cy", rotation())
    before = planned(given, schedule(), WHOLE).schedule
    [record] = before.plans
    emptied = changed(before.crews[2], "engineer", None)

    after = planned(given, before.updated([emptied]), asked(0, 6, look_ahead=0, fill=True)).schedule

    assert [each.at for each in after.plans if each == record] == [NOW]
    assert {each.at for each in after.plans} <= {NOW, NOW + timedelta(seconds=1)}
    assert all(each.planned and each.planned.at == NOW for each in after.crews if each.period != emptied.period)
