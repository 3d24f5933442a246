"""Who could take a duty: rule by rule, what it costs, and who steps up while a period is running."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

import pytest
from samples import (
    DAY,
    ENGINEER,
    LEAD,
    NOW,
    PATTERN,
    always_served,
    changed,
    crew,
    crews,
    leave,
    roster,
    rotation,
    schedule,
    week,
    with_rules,
)

from setrota.changes.cover.proposals import Proposal, apply_proposal, balance_changes
from setrota.changes.cover.request import CoverRequest, cover_request
from setrota.changes.cover.search import find_candidates, propose
from setrota.dates.periods import instant_of
from setrota.dates.text import When
from setrota.fairness.prices import Prices
from setrota.fairness.shares import tally_of, unfairness
from setrota.problems import Refused
from setrota.roster import Handover, Length, Limit, Person, Pin, Roster, seats_named
from setrota.schedule import Duty, Schedule
from setrota.schedule.moves import Move, give_duty
from setrota.schedule.turns import turns, within

SOLO = rotation("desk", "primary", rest=Length(1))
DESK = replace(SOLO, seats=seats_named(("primary", "backup")), rest=Length(0))
BEFORE = week(-1)


def duty(held: Schedule, number: int, seat: str = "primary") -> Duty:
    return next(each for each in held.duties() if each.start == week(number) and each.seat == seat)


def request(given_roster: Roster, held: Schedule, wanted: Duty, today: int = -1, days: int = 0) -> CoverRequest:
    return CoverRequest(given_roster, held, (wanted,), week(today) + days * DAY)


def free(asked: CoverRequest) -> set[str]:
    return {each.people[0] for each in find_candidates(asked).proposals}


def reasons(asked: CoverRequest) -> dict[str, list[str]]:
    return {person: [each.phrase for each in found] for person, found in find_candidates(asked).excluded}


# Who may


@pytest.mark.parametrize(("rest", "allowed"), [(1, {"bo"}), (2, set())])
def test_rest_before_it(rest: int, allowed: set[str]) -> None:
    """bo served in week 0, and there is one free week between that and week 2."""
    given_roster = roster("ana bo", [replace(SOLO, rest=Length(rest))])
    held = schedule(crews("bo | - | ana", of=SOLO))
    assert free(request(given_roster, held, duty(held, 2))) == allowed


@pytest.mark.parametrize(("rest", "allowed"), [(1, {"bo"}), (2, set())])
def test_rest_after_it(rest: int, allowed: set[str]) -> None:
    given_roster = roster("ana bo", [replace(SOLO, rest=Length(rest))])
    held = schedule(crews("ana | - | bo", of=SOLO))
    assert free(request(given_roster, held, duty(held, 0))) == allowed


def test_leave_on_the_days_that_are_covered_counts() -> None:
    """bo is away on Tuesday: he can have the duty from Wednesday on, not the whole of it."""
    given_roster = roster(["ana", Person("bo", leave=(leave(week(0) + DAY),))], [SOLO])
    held = schedule(crews("ana", of=SOLO))
    whole = duty(held, 0)
    [rest] = within((whole,), week(0) + 2 * DAY, week(1))
    assert reasons(request(given_roster, held, whole)) == {"bo": ["away"]}
    assert free(request(given_roster, held, rest)) == {"bo"}
    [too_much] = within((whole,), week(0) + DAY, week(1))
    assert reasons(request(given_roster, held, too_much)) == {"bo": ["away"]}


def test_the_reasons_of_everyone_else_are_all_named() -> None:
    people = ["ana", Person("bo", not_seats=frozenset({"primary"}), start=week(0) + DAY), "cy", "dee"]
    given_roster = roster(people, [replace(DESK, rest=Length(1))])
    held = schedule(crews("ana cy | - dee", of=DESK))
    assert reasons(request(given_roster, held, duty(held, 0))) == {
        "bo": ["not joined yet", "not ready for primary"],
        "cy": ["already on duty"],
        "dee": ["resting"],
    }


def test_the_rules_of_the_team_count() -> None:
    given_roster = roster("ana bo cy dee", [replace(DESK, max_per_team=1)], {"red": "ana bo", "blue": "cy dee"})
    held = schedule(crews("ana cy", of=DESK))
    assert free(request(given_roster, held, duty(held, 0))) == {"bo"}


def test_who_is_pinned_can_not_be_covered() -> None:
    given_roster = roster("ana bo", [SOLO], pins=(Pin(week(0), "desk", "primary", "ana"),))
    held = schedule(crews("ana", of=SOLO))
    assert reasons(request(given_roster, held, duty(held, 0))) == {"bo": ["pinned for ana"]}
    # On Tuesday the pin of Monday is kept.
    [later] = within((duty(held, 0),), week(0) + DAY, week(1))
    assert free(request(given_roster, held, later)) == {"bo"}


def test_a_limit_that_the_holder_would_break_counts() -> None:
    """With Monday of week 0 covered ana's duty begins a day later: within four weeks of the one in week 4."""
    given_roster = with_rules(roster("ana bo", [SOLO]), limits=(Limit(1, Length(4)),))
    held = schedule(crews("ana | - | - | - | ana", of=SOLO))
    [monday] = within((duty(held, 0),), week(0), week(0) + DAY)
    assert free(request(given_roster, held, monday)) == set()
    [friday] = within((duty(held, 0),), week(0) + 4 * DAY, week(1))
    assert free(request(given_roster, held, friday)) == {"bo"}


def test_who_is_not_in_the_roster_any_more_is_covered_like_others() -> None:
    given_roster = roster("bo cy", [SOLO])
    held = schedule(crews("gone", of=SOLO))
    assert free(request(given_roster, held, duty(held, 0))) == {"bo", "cy"}


# Their order


def test_who_is_furthest_behind_comes_first() -> None:
    """ana served twice and bo once; cy and dee never served, and dee owes half as much."""
    people = ["ana", "bo", "cy", Person("dee", shares={"desk": 0.5})]
    given_roster = roster(people, [replace(SOLO, rest=Length(0))])
    held = schedule(crews("ana | bo | ana | ana", of=SOLO))
    found = find_candidates(request(given_roster, held, duty(held, 3)))
    assert [each.people for each in found.proposals] == [("cy",), ("dee",), ("bo",)]
    # Four duties among 3.5 shares: 8/7 for a whole one. With week 3 ana's are 2, cy's and bo's 1 each.
    assert [round(each.outlooks[0].balance, 6) for each in found.proposals] == [
        round(1 - 8 / 7, 6),
        round(1 - 4 / 7, 6),
        round(2 - 8 / 7, 6),
    ]


def test_among_equals_who_served_longest_ago() -> None:
    """bo and cy have served once each, and what they owe is the same by week 3."""
    given_roster = roster("ana bo cy", [replace(SOLO, rest=Length(0))])
    held = schedule(crews("cy | bo | - | ana", of=SOLO))
    found = find_candidates(request(given_roster, held, duty(held, 3))).proposals
    assert [each.people for each in found] == [("cy",), ("bo",)]
    assert found[0].price == pytest.approx(found[1].price)


def test_among_equals_who_had_that_seat_less_often() -> None:
    """bo was primary and cy backup in week 0."""
    given_roster = roster("ana bo cy dee", [DESK])
    held = schedule(crews("bo cy | ana dee", of=DESK))
    assert [each.people for each in find_candidates(request(given_roster, held, duty(held, 1))).proposals] == [
        ("cy",),
        ("bo",),
    ]
    assert [
        each.people for each in find_candidates(request(given_roster, held, duty(held, 1, "backup"))).proposals
    ] == [
        ("bo",),
        ("cy",),
    ]


def test_the_duties_before_and_after_are_listed() -> None:
    """Of all rotations: bo leads in weeks -2 and -1, and is engineer in week 3."""
    given_roster = roster("ana bo")
    held = schedule(crews("bo", -2, of=LEAD), crews("ana | - | - | bo"))
    [found] = find_candidates(request(given_roster, held, duty(held, 0), -3)).proposals
    [outlook] = found.outlooks
    assert outlook.previous is not None
    assert outlook.following is not None
    assert (outlook.previous.rotation, outlook.previous.start) == ("lead", week(-2))
    assert (outlook.following.rotation, outlook.following.start) == ("engineer", week(3))


# What it costs


def total(given_roster: Roster, held: Schedule) -> float:
    return unfairness([tally_of(crew, given_roster) for crew in held.of("desk")], {}, 1)


@pytest.mark.parametrize("days", [0, 2, 6])
def test_the_price_is_what_unfairness_grows_by(days: int) -> None:
    """Of the whole duty, of three working days, and of a Sunday, which has none."""
    given_roster = roster("ana bo cy", [replace(SOLO, rest=Length(0))])
    held = schedule(crews("ana | cy | ana | bo", of=SOLO))
    wanted = within((duty(held, 0),), week(0) + days * DAY, week(1))
    asked = CoverRequest(given_roster, held, wanted, BEFORE)
    for each in find_candidates(asked).proposals:
        grown = total(given_roster, apply_proposal(asked, each, NOW)) - total(given_roster, held)
        assert each.price == pytest.approx(grown)


def test_some_days_are_credited_by_working_days() -> None:
    """Wednesday to Friday are three of five: bo has 0.6 of a duty, ana keeps 0.4 of it, less 0.5 that is fair."""
    given_roster = roster("ana bo", [SOLO])
    held = schedule(crews("ana", of=SOLO))
    asked = CoverRequest(given_roster, held, within((duty(held, 0),), week(0) + 2 * DAY, week(1)), BEFORE)
    [found] = find_candidates(asked).proposals
    after = apply_proposal(asked, found, NOW, "flu")
    assert [
        (each.person, round(each.before, 6), round(each.after, 6)) for each in balance_changes(asked, found, after)
    ] == [("ana", 0.5, -0.1), ("bo", -0.5, 0.1)]
    assert found.outlooks[0].balance == pytest.approx(0.1)
    assert [(each.person, each.start, each.end) for each in after.duties()] == [
        ("ana", week(0), week(0) + 2 * DAY),
        ("bo", week(0) + 2 * DAY, week(1)),
    ]


def test_an_empty_seat_counts_as_one_to_share_out() -> None:
    """One duty between two people: half a duty is fair, and bo is half a duty ahead once he has it."""
    given_roster = roster("ana bo", [SOLO])
    held = schedule(crews("-", of=SOLO))
    found = find_candidates(request(given_roster, held, duty(held, 0))).proposals
    assert [each.outlooks[0].balance for each in found] == pytest.approx([0.5, 0.5])
    assert len({round(each.price, 6) for each in found}) == 1


def test_no_move_costs_nothing() -> None:
    given_roster = roster("ana bo", [SOLO])
    held = schedule(crews("ana", of=SOLO))
    assert Prices(given_roster, held).price([Move("ana", duty(held, 0))]) == 0


# While it is running


CREW = "ana bo cy dee"


def stepping(given_roster: Roster, held: Schedule, wanted: Duty, today: int = 0, days: int = 2) -> list[Proposal]:
    found = find_candidates(request(given_roster, held, wanted, today, days)).proposals
    assert not any(each.steps_up for each in found[1:])
    return [each for each in found if each.steps_up]


def test_the_backup_steps_up_and_their_seat_is_filled() -> None:
    given_roster = roster("ana bo cy dee eli fay")
    held = schedule(crews(f"{CREW} | fay eli"))
    [wanted] = within((duty(held, 0),), week(0) + 2 * DAY, week(1))
    [found] = stepping(given_roster, held, wanted)
    [left] = within((duty(held, 0, "backup"),), wanted.start, wanted.end)
    assert found.moves in ((Move("bo", wanted), Move("eli", left)), (Move("bo", wanted), Move("fay", left)))
    # That is the cheapest of those who could have the seat.
    assert found.people[1] == find_candidates(request(given_roster, held, left, 0, 2)).proposals[0].people[0]
    assert find_candidates(request(given_roster, held, wanted, 0, 2)).proposals[0] == found


def test_nobody_steps_up_before_it_begins_or_when_it_is_over() -> None:
    given_roster = roster("ana bo cy dee eli fay")
    held = schedule(crews(CREW))
    wanted = duty(held, 0)
    assert stepping(given_roster, held, wanted, -1, 6) == []
    assert len(stepping(given_roster, held, wanted, 0, 0)) == 1
    assert len(stepping(given_roster, held, wanted, 0, 6)) == 1
    assert stepping(given_roster, held, wanted, 1, 0) == []


@pytest.mark.parametrize("seat", ["backup", "engineer-1"])
def test_nobody_steps_up_into_a_seat_that_no_call_goes_through_next(seat: str) -> None:
    """After the backup there are two equal seats; nobody steps up from them, or from one into the other."""
    given_roster = roster("ana bo cy dee eli fay")
    held = schedule(crews(CREW))
    assert stepping(given_roster, held, duty(held, 0, seat)) == []


def test_nobody_steps_up_from_or_into_an_optional_seat() -> None:
    three = replace(ENGINEER, seats=seats_named(("primary", "backup", "third")), optional=frozenset({"backup"}))
    given_roster = roster("ana bo cy dee eli", [three])
    held = schedule(crews("ana bo cy", of=three))
    [found] = stepping(given_roster, held, duty(held, 0))
    assert found.people[0] == "cy"
    assert stepping(given_roster, held, duty(held, 0, "backup")) == []


def test_the_next_of_three_steps_up() -> None:
    three = replace(ENGINEER, seats=seats_named(("primary", "secondary", "tertiary")))
    given_roster = roster("ana bo cy dee eli", [three])
    held = schedule(crews("ana bo cy", of=three))
    assert [each.people[0] for each in stepping(given_roster, held, duty(held, 0))] == ["bo"]
    assert [each.people[0] for each in stepping(given_roster, held, duty(held, 0, "secondary"))] == ["cy"]
    assert stepping(given_roster, held, duty(held, 0, "tertiary")) == []


def test_who_is_not_ready_does_not_step_up() -> None:
    given_roster = roster(["ana", Person("bo", not_seats=frozenset({"primary"})), "cy", "dee", "eli"])
    held = schedule(crews(CREW))
    assert stepping(given_roster, held, duty(held, 0)) == []


def test_nobody_steps_up_whose_seat_nobody_can_have() -> None:
    given_roster = roster("ana bo", [DESK])
    held = schedule(crews("ana bo", of=DESK))
    assert find_candidates(request(given_roster, held, duty(held, 0), 0, 2)).proposals == ()


def test_a_backup_who_has_only_some_of_the_days_does_not_step_up() -> None:
    given_roster = roster("ana bo cy dee eli fay")
    [crew] = crews(CREW)
    held = schedule([changed(crew, "backup", "eli", week(0) + 4 * DAY)])
    wanted = duty(held, 0)
    assert stepping(given_roster, held, wanted) == []
    [rest] = within((wanted,), week(0) + 4 * DAY, week(1))
    assert [each.people[0] for each in stepping(given_roster, held, rest, 0, 4)] == ["eli"]


def test_an_empty_primary_seat_is_filled_like_one_that_is_given_up() -> None:
    given_roster = roster("ana bo cy dee eli")
    held = schedule(crews("- bo cy dee"))
    [found] = stepping(given_roster, held, duty(held, 0))
    assert found.people[0] == "bo"


# People named with --with


def test_a_seat_that_is_given_up_in_the_same_crew_stays_empty() -> None:
    given_roster = roster("ana bo cy", [DESK])
    held = schedule(crews("ana bo", of=DESK))
    found = propose(request(given_roster, held, duty(held, 0)), ["bo"])
    assert found is not None
    assert found.moves == (Move("bo", duty(held, 0)), Move(None, duty(held, 0, "backup")))
    assert found.left == (duty(held, 0, "backup"),)
    assert found.broken == ()


def test_who_has_nothing_to_give_up_leaves_nothing_to_take() -> None:
    given_roster = roster("ana bo cy", [DESK])
    held = schedule(crews("ana bo", of=DESK))
    assert propose(request(given_roster, held, duty(held, 0)), ["cy", "bo"]) is None


def test_a_broken_rule_is_recorded_with_the_move_that_breaks_it() -> None:
    """bo steps up, which breaks nothing; dee, who has the week after, takes his seat without her rest."""
    given_roster = roster("ana bo dee", [replace(DESK, rest=Length(1))])
    held = schedule(crews("ana bo | dee -", of=DESK))
    asked = request(given_roster, held, duty(held, 0))
    found = propose(asked, ["bo", "dee"])
    assert found is not None
    assert [each.rule for each in found.broken] == ["rest"]
    crew = apply_proposal(asked, found, NOW, "flu").crews[0]
    assert [(each.seat, each.now, each.forced, each.reason) for each in crew.changes] == [
        ("primary", "bo", (), "flu"),
        ("backup", "dee", ("rest",), "flu"),
    ]


# Duties that last several periods


def test_a_turn_of_a_pattern_is_taken_as_a_whole() -> None:
    """ana is backup in week 0 and primary in week 1: bo or dee can take both; cy, who is backup in week 1, neither."""
    given_roster = roster("ana bo cy dee", [PATTERN])
    held = schedule(crews("ana - | cy ana | - cy", of=PATTERN))
    [turn] = turns(given_roster, held)["ana"]
    assert [each.start for each in turn] == [week(0), week(1)]
    asked = CoverRequest(given_roster, held, turn, BEFORE)
    found = find_candidates(asked).proposals
    assert {each.people for each in found} == {("bo",), ("dee",)}
    assert [each.now for crew in apply_proposal(asked, found[0], NOW).crews for each in crew.changes] == [
        found[0].people[0]
    ] * 2
    # A single step would have to continue, or belongs to a person who continues in it.
    assert reasons(CoverRequest(given_roster, held, turn[:1], BEFORE))["bo"] == ["bound by the pattern"]
    assert reasons(CoverRequest(given_roster, held, turn[1:], BEFORE))["bo"] == ["ana continues in it"]


def test_a_turn_of_any_other_rotation_is_one_seat_of_a_period_in_all_its_pieces() -> None:
    given_roster = roster("ana bo")
    held = schedule(crews("ana | ana"))
    changed_held = give_duty(held, within((duty(held, 0),), week(0) + DAY, week(0) + 2 * DAY)[0], "bo", NOW)
    assert [len(each) for each in turns(given_roster, changed_held)["ana"]] == [2, 1]


def test_who_gave_a_duty_up_is_not_asked_again_for_these_days() -> None:
    """ana is released from week 0 and nobody has it: only people who rest enough may take it; ana isn't proposed, for
    the seat that she gave up or any other, and for the week after she is."""
    given_roster = roster("ana bo cy dee")
    plan = schedule(crews("- bo | -"))
    plan = give_duty(plan, Duty(week(0), week(1), "engineer", "primary", "ana"), None, NOW)
    empty = Duty(week(0), week(1), "engineer", "primary", None)
    found = find_candidates(CoverRequest(given_roster, plan, (empty,), BEFORE))
    assert [each.people for each in found.proposals] == [("cy",), ("dee",)]
    assert {each.person: each.obstacles[0].phrase for each in found.excluded}["ana"] == "gave up a duty"
    after = find_candidates(
        CoverRequest(given_roster, plan, (Duty(week(1), week(2), "engineer", "primary", None),), BEFORE)
    )
    assert ("ana",) in [each.people for each in after.proposals]


def test_where_nobody_is_free_those_who_break_least_are_named() -> None:
    """Rest 1: bo and cy serve in the week before; besides, cy is not ready for primary."""
    rested = replace(ENGINEER, rest=Length(1))
    given_roster = roster([Person("ana"), Person("bo"), Person("cy", not_seats=frozenset({"primary"}))], [rested])
    plan = schedule(crews("bo cy | ana"))
    found = find_candidates(
        CoverRequest(given_roster, plan, (Duty(week(1), week(2), "engineer", "primary", "ana"),), BEFORE)
    )
    assert found.proposals == ()
    assert [(each.people, [one.rule for one in each.broken]) for each in found.forcible] == [
        (("bo",), ["rest"]),
        (("cy",), ["rest", "not-seats"]),
    ]


# The request


def test_days_on_which_others_have_the_turn_are_refused() -> None:
    """bo has ana's backup seat from Tuesday to Wednesday of week 0; the rest of the turn is still hers."""
    given_roster = roster("ana bo cy dee", [PATTERN])
    [first, *others] = crews("ana - | cy ana | - cy", of=PATTERN)
    held = schedule([changed(first, "backup", "bo", week(0) + DAY, week(0) + 3 * DAY), *others])
    [turn] = turns(given_roster, held)["ana"]
    asked = partial(cover_request, given_roster, held, turn, takers=(), now=NOW)
    with pytest.raises(Refused) as refused:
        asked(first=When(week(0) + DAY), last=When(week(0) + 2 * DAY))
    [problem] = refused.value.problems
    assert problem.message == "ana doesn't have the duty on these days"
    assert problem.code == "outside-the-duty"
    assert problem.hint == (
        "name days that they have it: on 2027-01-04, from 2027-01-07 to 2027-01-10 and from 2027-01-11 to 2027-01-17"
    )
    [thursday] = asked(first=When(week(0) + DAY), last=When(week(0) + 3 * DAY)).wanted
    assert (thursday.start, thursday.end) == (week(0) + 3 * DAY, week(0) + 4 * DAY)


@pytest.mark.parametrize(
    ("zone", "point"), [("America/Toronto", "2027-01-05T20:00"), ("Pacific/Auckland", "2027-01-06T14:00")]
)
def test_what_is_left_of_a_turn_begins_now_on_the_clock_of_the_rotation(zone: str, point: str) -> None:
    """Tuesday 20:00 in Toronto, the rota's zone, is Wednesday in Auckland. Seconds don't count."""
    given = roster(rotations=replace(ENGINEER, zone=ZoneInfo(zone)))
    held = schedule(crews("ana bo"))
    now = datetime.combine(week(0) + DAY, time(20, 0, 59), tzinfo=ZoneInfo("America/Toronto"))
    [turn] = turns(given, held)["ana"]
    [left] = cover_request(given, held, turn, first=None, last=None, takers=(), now=now).wanted
    assert (str(left.start), left.end) == (point, week(1))
    assert instant_of(given, "engineer", left.start) == now.replace(second=0)


@pytest.mark.parametrize(
    ("moment", "start"), [("2027-03-28T00:29:59", "2027-03-27"), ("2027-03-28T00:31", "2027-03-28T00:31")]
)
def test_a_duty_whose_handover_the_clocks_move_past_midnight_can_be_given_away_whole_until_then(
    moment: str, start: str
) -> None:
    """In Nuuk, Saturday 2027-03-27 23:00 is Sunday 00:00: the handover at 23:30 is on Sunday."""
    given = roster(zone=ZoneInfo("America/Nuuk"), handover=Handover(5, time(23, 30)))
    saturday = date(2027, 3, 27)
    held = schedule(crew(saturday, "ana bo"))
    [turn] = turns(given, held)["ana"]
    now = datetime.fromisoformat(moment).replace(tzinfo=given.zone)
    [left] = cover_request(given, held, turn, first=None, last=None, takers=(), now=now).wanted
    assert (str(left.start), left.end) == (start, saturday + 7 * DAY)


def at(day: int, hour: int, minute: int = 0) -> When:
    """An instant in January 2027, in Toronto."""
    moment = datetime(2027, 1, day, hour, minute, tzinfo=ZoneInfo("America/Toronto"))
    return When(moment.date(), moment)


@pytest.mark.parametrize(
    ("first", "last", "start", "end"),
    [
        (at(6, 14), None, "2027-01-06T14:00", "2027-01-11"),
        (None, at(6, 14), "2027-01-04", "2027-01-06T14:00"),
        (at(5, 9), at(6, 14), "2027-01-05", "2027-01-06T14:00"),
        (at(6, 14), When(date(2027, 1, 7)), "2027-01-06T14:00", "2027-01-08"),
        (None, at(11, 9), "2027-01-04", "2027-01-11"),
    ],
)
def test_instants_cut_a_duty(first: When | None, last: When | None, start: str, end: str) -> None:
    """The last day is included; a last instant is the end. An instant of handover is just the day."""
    given, held = roster(), schedule(crews("ana bo"))
    [turn] = turns(given, held)["ana"]
    [part] = cover_request(given, held, turn, first=first, last=last, takers=(), now=NOW).wanted
    assert (str(part.start), str(part.end)) == (start, end)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (at(4, 8, 59), None, "outside-the-duty"),
        (at(11, 9), None, "outside-the-duty"),
        (None, at(4, 9), "outside-the-duty"),
        (None, at(11, 9, 1), "outside-the-duty"),
        (at(6, 14), at(6, 14), "ends-before-it-starts"),
        (at(6, 14), When(date(2027, 1, 5)), "ends-before-it-starts"),
    ],
)
def test_instants_outside_of_the_duty(first: When | None, last: When | None, code: str) -> None:
    given, held = roster(), schedule(crews("ana bo"))
    [turn] = turns(given, held)["ana"]
    with pytest.raises(Refused) as refused:
        cover_request(given, held, turn, first=first, last=last, takers=(), now=NOW)
    assert [each.code for each in refused.value.problems] == [code]


def test_before_the_hour_of_the_handover_the_rest_of_the_running_duty_is_wanted() -> None:
    """On the Monday at 08:00, with handover at 09:00, ana's duty is not over."""
    given, held = always_served(), schedule(crews("ana bo | cy dee"))
    [turn] = turns(given, held)["ana"]
    now = datetime.combine(week(1), time(8), tzinfo=given.zone)
    asked = cover_request(given, held, turn, first=None, last=None, takers=(), now=now)
    assert (str(asked.wanted[0].start), asked.wanted[0].end) == ("2027-01-11T08:00", week(1))
    assert asked.is_running


def test_what_nobody_serves_can_not_be_covered() -> None:
    """A weekend, where the days of service are Monday to Friday."""
    given, held = roster(), schedule(crews("ana bo"))
    [turn] = turns(given, held)["ana"]
    with pytest.raises(Refused) as refused:
        cover_request(given, held, turn, first=at(9, 12), last=at(10, 12), takers=("cy",), now=NOW)
    [problem] = refused.value.problems
    assert problem.code == "not-served"
    assert problem.message == "`engineer` isn't served from 2027-01-09T12:00 to 2027-01-10T12:00"
    assert problem.hint == "service begins again at 2027-01-11T09:00"


def test_hours_are_credited_by_time() -> None:
    """Six of the 120 hours of a week that is served from Monday to Friday."""
    given, held = roster(), schedule(crews("ana bo"))
    [turn] = turns(given, held)["ana"]
    asked = cover_request(given, held, turn, first=at(6, 14), last=at(6, 20), takers=("cy",), now=NOW)
    found = propose(asked, ["cy"])
    assert found is not None
    after = apply_proposal(asked, found, NOW)
    assert after.crews[0].credits(given)["primary"] == {"ana": pytest.approx(114 / 120), "cy": pytest.approx(6 / 120)}


@pytest.mark.parametrize(
    ("days", "running", "over"), [(-1, False, False), (0, True, False), (6, True, False), (7, False, True)]
)
def test_a_week_runs_from_its_monday_to_its_sunday(days: int, running: bool, over: bool) -> None:
    held = schedule(crews("ana bo"))
    asked = request(roster(), held, duty(held, 0), today=0, days=days)
    assert (asked.is_running, asked.is_over) == (running, over)
