"""Comparing two schedules: who has which days, before and after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as some
from samples import DAY, LEAD, MONDAY, NOW, changed, crews, roster, schedule, week

from setrota.dates.periods import Period, point_at
from setrota.schedule import Change, Crew, Duty, Pool, Schedule
from setrota.schedule.diff import Alteration, Difference, compare, differences, kept, person_diffs


def difference(start: date, end: date, seat: str, was: str | None, now: str | None) -> Difference:
    return Difference(start, end, "engineer", seat, was, now)


def test_who_sits_where_is_compared_with_changes_applied() -> None:
    old = schedule(crews("ana bo cy dee | eli fay - -"))
    [first, second] = old.crews
    new = schedule(changed(first, "backup", "gus"), replace(second, seats={**second.seats, "primary": "hal"}))
    assert differences(old, new) == [
        difference(week(0), week(1), "backup", "bo", "gus"),
        difference(week(1), week(2), "primary", "eli", "hal"),
    ]


def test_a_part_of_a_duty_differs_on_its_days_only() -> None:
    [old] = crews("ana bo cy dee")
    new = changed(old, "primary", "eli", MONDAY + 2 * DAY, MONDAY + 4 * DAY)
    assert differences(schedule([old]), schedule([new])) == [
        difference(MONDAY + 2 * DAY, MONDAY + 4 * DAY, "primary", "ana", "eli")
    ]


def test_a_part_that_both_have_does_not_cut_a_difference_in_two() -> None:
    """Bo has Wednesday in both; the days around it, on both sides of an unchanged part, are one difference each."""
    [old] = crews("ana bo cy dee")
    other = replace(old, seats={**old.seats, "primary": "eli"})
    wednesday = MONDAY + 2 * DAY, MONDAY + 3 * DAY
    old, new = changed(old, "primary", "bo", *wednesday), changed(other, "primary", "bo", *wednesday)
    assert differences(schedule([old]), schedule([new])) == [
        difference(MONDAY, wednesday[0], "primary", "ana", "eli"),
        difference(wednesday[1], week(1), "primary", "ana", "eli"),
    ]
    # In one of them a change to the same person splits it: consecutive days with the same difference are still one.
    [plain] = crews("ana bo cy dee")
    assert differences(schedule([plain]), schedule([changed(other, "primary", "eli", *wednesday)])) == [
        difference(MONDAY, week(1), "primary", "ana", "eli")
    ]


def test_what_is_alike_in_two_periods_in_a_row_stays_two_differences() -> None:
    old, new = schedule(crews("ana - - - | ana - - -")), schedule(crews("bo - - - | bo - - -"))
    assert [(each.start, each.end) for each in differences(old, new)] == [(week(0), week(1)), (week(1), week(2))]


def test_an_empty_seat_is_not_a_seat_that_nobody_planned() -> None:
    one, two = crews("ana bo cy dee | eli - gus hal")
    assert differences(schedule([one]), schedule([one, two])) == [
        Difference(week(1), week(2), "engineer", "primary", None, "eli", planned_before=False),
        Difference(week(1), week(2), "engineer", "backup", None, None, planned_before=False),
        Difference(week(1), week(2), "engineer", "engineer-1", None, "gus", planned_before=False),
        Difference(week(1), week(2), "engineer", "engineer-2", None, "hal", planned_before=False),
    ]
    filled = replace(two, seats={**two.seats, "backup": "fay"})
    assert differences(schedule([two]), schedule([filled])) == [difference(week(1), week(2), "backup", None, "fay")]


def test_a_seat_that_only_one_of_them_has_was_not_planned_in_the_other() -> None:
    [old] = crews("ana bo cy dee")
    new = replace(old, seats={"primary": "ana", "backup": "bo", "engineer-1": "cy"})
    assert differences(schedule([old]), schedule([new])) == [
        Difference(week(0), week(1), "engineer", "engineer-2", "dee", None, planned_after=False)
    ]


def test_periods_cut_in_other_ways_are_compared_day_by_day() -> None:
    """Two weeks of ana become a week of ana and one of bo: only the second differs."""
    [old] = crews("ana", of=LEAD)
    short = [
        Crew(Period(week(0), week(1), "lead"), {"lead": "ana"}),
        Crew(Period(week(1), week(2), "lead"), {"lead": "bo"}),
    ]
    assert differences(schedule([old]), schedule(short)) == [Difference(week(1), week(2), "lead", "lead", "ana", "bo")]


def test_order_is_by_time_then_by_rotation_then_as_the_crew_has_its_seats() -> None:
    old, new = (
        schedule(crews("a b c d | a b c d"), crews("x", of=LEAD)),
        schedule(crews("e f g h | e f g h"), crews("y", of=LEAD)),
    )
    seats = ["primary", "backup", "engineer-1", "engineer-2"]
    assert [each.seat for each in differences(old, new)] == [*seats, "lead", *seats]


def test_pools_seals_and_what_is_recorded_beside_the_seats_are_no_differences() -> None:
    held = crews("ana bo cy dee")
    recorded = [replace(crew.sealed(NOW, 2), pool=Pool({"ana": 1.0})) for crew in held]
    assert differences(schedule(held), schedule(recorded)) == []
    # A change that was reverted doesn't change who serves.
    [crew] = held
    twice = changed(changed(crew, "primary", "eli"), "primary", "ana")
    assert differences(schedule(held), schedule([twice])) == []


def test_everyone_who_gains_or_loses_is_listed_in_time_order() -> None:
    old = schedule(crews("ana bo - - | cy dee - -"))
    new = schedule(crews("cy bo - - | ana - - -"))
    found = person_diffs(differences(old, new))
    assert [(each.person, each.lost, each.gained) for each in found] == [
        ("ana", (duty(0, "primary", "ana"),), (duty(1, "primary", "ana"),)),
        ("cy", (duty(1, "primary", "cy"),), (duty(0, "primary", "cy"),)),
        ("dee", (duty(1, "backup", "dee"),), ()),
    ]


def test_a_loss_and_a_gain_of_one_length_are_a_move_those_of_the_same_days_first() -> None:
    """Ana's backup seat of week 0 becomes the primary one, so that her week 2 is what moved to week 1."""
    old = schedule(crews("bo ana - - | cy - - - | ana - - -"))
    new = schedule(crews("ana bo - - | ana - - - | cy - - -"))
    [ana, bo, cy] = person_diffs(differences(old, new))
    assert ana.alterations() == [
        Alteration("ana", duty(0, "backup", "ana"), duty(0, "primary", "ana")),
        Alteration("ana", duty(2, "primary", "ana"), duty(1, "primary", "ana")),
    ]
    assert bo.alterations() == [Alteration("bo", duty(0, "primary", "bo"), duty(0, "backup", "bo"))]
    assert (ana.time, bo.time, cy.time) == (DAY * 0, DAY * 0, DAY * 0)


def test_a_week_lost_and_some_days_gained_are_no_move() -> None:
    [one, two] = crews("ana bo - - | cy - - -")
    after = replace(one, seats={**one.seats, "primary": "dee"}), changed(two, "primary", "ana", week(1) + 4 * DAY)
    [ana] = [each for each in person_diffs(differences(schedule([one, two]), schedule(after))) if each.person == "ana"]
    gained = Duty(week(1) + 4 * DAY, week(2), "engineer", "primary", "ana")
    assert ana.alterations() == [Alteration("ana", duty(0, "primary", "ana"), None), Alteration("ana", None, gained)]
    assert ana.time == DAY * (3 - 7)


def test_periods_that_only_one_of_them_has_are_listed_apart_from_what_changed_hands() -> None:
    one, two, three = crews("ana - - - | bo - - - | cy - - -")
    found = compare(schedule([one, two]), schedule([replace(two, seats={**two.seats, "primary": "eli"}), three]))
    assert (found.planned, found.dropped) == ((three.period,), (one.period,))
    assert found.changed == (difference(week(1), week(2), "primary", "bo", "eli"),)
    assert len(found.differences) == 4 + 1 + 4
    # Of one person, and of some days.
    assert (found.of("cy").planned, found.of("cy").dropped, found.of("cy").changed) == ((three.period,), (), ())
    assert found.of("eli").changed == found.changed
    early = found.between(week(0), week(1) + DAY)
    assert (early.planned, early.dropped, early.changed) == ((), (one.period,), found.changed)
    assert found.between(week(0), week(1)).changed == ()


def test_what_stays_is_what_a_person_has_without_the_days_they_gained() -> None:
    """Bo had Wednesday of ana's week, and has Tuesday to Friday now; his own week is as it was."""
    [one, two] = crews("ana - - - | bo - - -")
    tuesday, wednesday, thursday, saturday = (week(0) + number * DAY for number in (1, 2, 3, 5))
    old = schedule([changed(one, "primary", "bo", wednesday, thursday), two])
    new = schedule([changed(one, "primary", "bo", tuesday, saturday), two])
    [bo] = [each for each in person_diffs(differences(old, new)) if each.person == "bo"]
    assert kept(new, bo) == [Duty(wednesday, thursday, "engineer", "primary", "bo"), duty(1, "primary", "bo")]


def duty(number: int, seat: str, person: str) -> Duty:
    return Duty(week(number), week(number + 1), "engineer", seat, person)


# On random schedules

PEOPLE = some.sampled_from([None, "ana", "bo", "cy"])
ABSENT = "-"


class Draft(NamedTuple):
    """A crew as drawn: its length in days, the gap before it, and the person in each seat."""

    days: int
    pause: int
    seats: dict[str, str | None]
    changes: list[tuple[str, str | None, int, int]]


DRAFTS = some.builds(
    Draft,
    some.sampled_from([7, 7, 7, 14, 3]),
    some.sampled_from([0, 0, 0, 7]),
    some.dictionaries(some.sampled_from(["primary", "backup", "third"]), PEOPLE, min_size=1),
    some.lists(
        some.tuples(
            some.sampled_from(["primary", "backup", "third"]), PEOPLE, some.integers(0, 14), some.integers(0, 14)
        ),
        max_size=3,
    ),
)


def _drafted(rotation: str, drafts: list[Draft]) -> Iterator[Crew]:
    start = MONDAY
    for draft in drafts:
        start += draft.pause * DAY
        changes = tuple(
            Change(NOW, seat, None, now, start=start + first * DAY, end=start + last * DAY)
            for seat, now, first, last in draft.changes
            if seat in draft.seats and first < min(last, draft.days)
        )
        yield Crew(Period(start, start + draft.days * DAY, rotation), draft.seats, changes=changes)
        start += draft.days * DAY


SCHEDULES = some.builds(
    lambda desk, lead: schedule(_drafted("desk", desk), _drafted("lead", lead)),
    some.lists(DRAFTS, max_size=4),
    some.lists(DRAFTS, max_size=2),
)


def by_day(given: Schedule) -> dict[tuple[str, str, date], str | None]:
    """Who has each seat on each day: according to the last change of that day, or else to the plan."""
    found = {}
    for crew in given.crews:
        for seat, planned in crew.seats.items():
            for number in range((crew.period.end - crew.period.start).days):
                day, holder = crew.period.start + number * DAY, planned
                for change in crew.changes:
                    if change.seat == seat and change.start <= day < change.end:  # type: ignore[operator]
                        holder = change.now
                found[crew.period.rotation, seat, day] = holder
    return found


@given(SCHEDULES, SCHEDULES)
def test_the_old_holders_and_the_differences_give_the_new_holders_day_by_day(old: Schedule, new: Schedule) -> None:
    holders = by_day(old)
    for each in differences(old, new):
        assert each.start < each.end
        for number in range((each.end - each.start).days):
            key = each.rotation, each.seat, each.start + number * DAY
            assert holders.get(key, ABSENT) == (each.was if each.planned_before else ABSENT)
            assert (each.was, each.planned_before) != (each.now, each.planned_after)
            if each.planned_after:
                holders[key] = each.now
            else:
                del holders[key]
    assert holders == by_day(new)


@given(SCHEDULES, SCHEDULES)
def test_the_other_way_round_the_same_days_go_back(old: Schedule, new: Schedule) -> None:
    back = [
        each._replace(was=each.now, now=each.was, planned_before=each.planned_after, planned_after=each.planned_before)
        for each in differences(new, old)
    ]
    assert sorted(back, key=repr) == sorted(differences(old, new), key=repr)


@given(SCHEDULES)
def test_a_schedule_does_not_differ_from_itself(given: Schedule) -> None:
    assert differences(given, given) == []


@given(SCHEDULES, SCHEDULES)
def test_no_two_differences_could_be_one(old: Schedule, new: Schedule) -> None:
    """Two adjacent differences that are alike belong to different periods, at least in one of the schedules."""
    borders = {crew.period.start for each in (old, new) for crew in each.crews}
    found = differences(old, new)
    for one in found:
        for two in found:
            if one.end == two.start and one[2:] == two[2:]:
                assert two.start in borders


@given(SCHEDULES, SCHEDULES)
def test_what_a_person_lost_they_had_and_what_they_gained_they_have(old: Schedule, new: Schedule) -> None:
    before, after = by_day(old), by_day(new)
    for person_diff in person_diffs(differences(old, new)):
        for held, duties in ((before, person_diff.lost), (after, person_diff.gained)):
            for each in duties:
                days = [each.start + number * DAY for number in range((each.end - each.start).days)]
                assert {held[each.rotation, each.seat, day] for day in days} == {person_diff.person} == {each.person}


@given(SCHEDULES, SCHEDULES)
def test_moves_hold_every_loss_and_gain_once_and_what_stays_and_what_is_gained_is_all(
    old: Schedule, new: Schedule
) -> None:
    after = by_day(new)
    for person_diff in person_diffs(differences(old, new)):
        found = person_diff.alterations()
        assert sorted(each.lost for each in found if each.lost) == sorted(person_diff.lost)
        assert sorted(each.gained for each in found if each.gained) == sorted(person_diff.gained)
        days = [
            (each.rotation, each.seat, each.start + number * DAY)
            for each in (*kept(new, person_diff), *person_diff.gained)
            for number in range((each.end - each.start).days)
        ]
        assert sorted(days) == sorted(place for place, person in after.items() if person == person_diff.person)


def test_a_difference_begins_and_ends_at_the_minute() -> None:
    """Bo covers ana from 14:00 on Wednesday to 11:30 on Thursday, less than a day."""
    place = roster()
    cuts = [point_at(place, "engineer", datetime(2027, 1, *each, tzinfo=place.zone)) for each in ((6, 14), (7, 11, 30))]
    [before] = crews("ana cy - -")
    change = Change(NOW, "primary", "ana", "bo", start=cuts[0], end=cuts[1])
    [found] = differences(schedule(before), schedule(replace(before, changes=(change,))))
    assert (str(found.start), str(found.end), found.was, found.now) == (
        "2027-01-06T14:00",
        "2027-01-07T11:30",
        "ana",
        "bo",
    )
    assert {each.person: each.time for each in person_diffs([found])} == {
        "ana": -timedelta(hours=21, minutes=30),
        "bo": timedelta(hours=21, minutes=30),
    }
