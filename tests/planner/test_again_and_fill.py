"""Planning what is already planned: `again` replans, `fill` retries empty seats, and nothing else moves."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from planning import asked, planned
from samples import DAY, NOW, crew, leave, roster, rotation, schedule, week, with_rules

from setrota.export.calendars.identity import sequence
from setrota.planner import build_instance, plan
from setrota.planner.problem.settled import settle
from setrota.planner.problem.timeslots import kept_schedule
from setrota.roster import Length, Person, Pin, Roster
from setrota.rules import violations
from setrota.schedule import Change, Crew, Schedule
from setrota.schedule.moves import give_duty

pytestmark = pytest.mark.quick

PEOPLE = ("ana", "bo", "cy", "dee", "eli", "fay")
LATER = NOW + timedelta(days=7)
WEEKS = 8


def small(*people: Person | str) -> Roster:
    return roster(people or PEOPLE, rotation("engineer", "primary backup", rest=Length(1)))


@pytest.fixture
def first() -> Schedule:
    """Eight weeks of six people, two a week, planned once: no seat has to stay empty."""
    return planned(small(), schedule(), asked(0, WEEKS)).schedule


def without(handle: str) -> Roster:
    return small(*(person for person in PEOPLE if person != handle))


def test_planning_the_same_again_changes_nothing(first: Schedule) -> None:
    result = plan(small(), first, asked(0, WEEKS, again=True), LATER)

    assert result is not None
    assert len(result.crews) == WEEKS
    assert result.schedule == first
    assert {each.planned for each in result.crews} == {each.planned for each in first.crews}


def test_without_again_nothing_is_left_to_plan(first: Schedule) -> None:
    assert plan(without("ana"), first, asked(0, WEEKS), LATER) is None


def test_again_leaves_what_has_begun(first: Schedule) -> None:
    """On Wednesday of week 2, weeks 0 to 2 have begun; in the others `ana`, who has left, is replaced."""
    result = planned(without("ana"), first, asked(0, WEEKS, again=True, today=week(2) + 2 * DAY))

    assert [each.period.start for each in result.crews] == [week(number) for number in range(3, WEEKS)]
    for number in range(3):
        assert result.schedule.crew("engineer", week(number)) == first.crew("engineer", week(number))
    assert not any("ana" in each.people for each in result.crews)
    assert not result.unfilled


def test_again_begins_with_the_first_week_that_is_not_frozen(first: Schedule) -> None:
    """On Monday of week 0, two weeks are frozen: week 0, which has begun anyway, and week 1."""
    frozen = with_rules(small(), freeze=Length(2))

    kept = kept_schedule(frozen, first, asked(0, WEEKS, again=True, today=week(0)))

    assert [each.period.start for each in kept.crews] == [week(0), week(1)]


@pytest.mark.parametrize(("today", "weeks"), [(week(1) - DAY, [0, 1]), (week(1), [1])])
def test_nobody_is_planned_for_a_week_that_is_over(today: date, weeks: list[int]) -> None:
    result = planned(small(), schedule(), asked(0, 2, today=today))

    assert [each.period.start for each in result.crews] == [week(number) for number in weeks]


def test_again_stays_within_the_range(first: Schedule) -> None:
    result = planned(without("ana"), first, asked(2, 3, again=True))

    assert [each.period.start for each in result.crews] == [week(2), week(3), week(4)]
    for number in (0, 1, 5, 6, 7):
        assert result.schedule.crew("engineer", week(number)) == first.crew("engineer", week(number))


def test_again_leaves_what_people_made(first: Schedule) -> None:
    """Week 1 was edited in the file, week 3 has a change, week 5 was written by hand: only these stay."""
    edited = crew_of(first, 1)
    edited = replace(edited, seats={"primary": edited.seats["backup"], "backup": edited.seats["primary"]})
    covered = crew_of(first, 3)
    change = Change(NOW, "primary", covered.seats["primary"], None, start=week(3) + 3 * DAY)
    covered = replace(covered, changes=(change,))
    written = replace(crew_of(first, 5), planned=None)
    before = first.updated([edited, covered, written])

    result = planned(without("ana"), before, asked(0, WEEKS, again=True))

    assert [each.period.start for each in result.crews] == [week(number) for number in (0, 2, 4, 6, 7)]
    for each in (edited, covered, written):
        assert result.schedule.crew("engineer", each.period.start) == each


def crew_of(held: Schedule, number: int) -> Crew:
    found = held.crew("engineer", week(number))
    assert found is not None
    return found


def test_the_revision_rises_with_other_people_only(first: Schedule) -> None:
    """`cy` goes on leave in a week they serve: crews with the same people keep the time at which they were computed."""
    number = next(number for number in range(WEEKS) if "cy" in crew_of(first, number).people)
    ill = small(*(Person(who, leave=(leave(week(number)),) if who == "cy" else ()) for who in PEOPLE))

    result = plan(ill, first, asked(0, WEEKS, again=True), LATER)

    assert result is not None
    assert "cy" not in crew_of(result.schedule, number).people
    for each in result.crews:
        old = crew_of(first, (each.period.start - week(0)) // timedelta(weeks=1))
        assert each.planned is not None
        if each.seats == old.seats:
            assert each.planned == old.planned
        else:
            assert (each.planned.revision, each.planned.at) == (2, LATER)
            assert not each.edited


def test_who_keeps_a_kind_of_seat_keeps_its_number(first: Schedule) -> None:
    """`dee` replaces `cy` in one of two seats of a kind: the person who stays keeps the number of their seat."""
    question = roster("ana bo cy", rotation("engineer", "engineer engineer"))
    before = planned(question, schedule(), asked(0, 6)).schedule
    fewer = roster("ana bo dee", rotation("engineer", "engineer engineer"))

    result = planned(fewer, before, asked(0, 6, again=True))

    for each in result.crews:
        old = crew_of(before, (each.period.start - week(0)) // timedelta(weeks=1))
        for seat, person in each.seats.items():
            assert person not in old.seats.values() or old.seats[seat] == person


def test_a_seat_stays_empty_for_lack_of_people_and_the_others_are_filled() -> None:
    """Two people, two seats a week, rest 1, four weeks: four duties are possible in eight seats.

    The more important seats are filled first, so `backup` stays empty; and no week is left without anyone.
    """
    question = roster("ana bo", rotation("engineer", "primary backup", rest=Length(1)))

    result = planned(question, schedule(), asked(0, 4, look_ahead=0))

    assert [(duty.start, duty.seat) for duty in result.unfilled] == [(week(number), "backup") for number in range(4)]
    assert all(each.seats["primary"] for each in result.crews)
    assert result.proof.proven


def short(*people: str) -> Roster:
    return roster(people, rotation("engineer", "engineer engineer"))


def test_an_empty_seat_counts_as_planned() -> None:
    before = planned(short("ana"), schedule(), asked(0, 3)).schedule

    assert plan(short("ana", "bo"), before, asked(0, 3), LATER) is None


def test_fill_seats_a_newcomer_and_touches_nobody() -> None:
    """`ana` alone holds one of two seats for three weeks; `bo` joins and fills the other."""
    before = planned(short("ana"), schedule(), asked(0, 3)).schedule
    assert sum(duty.person is None for duty in before.duties()) == 3

    result = plan(short("ana", "bo"), before, asked(0, 3, fill=True), LATER)

    assert result is not None
    assert not result.unfilled
    for number in range(3):
        old, new = crew_of(before, number), crew_of(result.schedule, number)
        assert {seat: who for seat, who in new.seats.items() if old.seats[seat]} == {
            seat: who for seat, who in old.seats.items() if who
        }
        assert new.people == {"ana", "bo"}
        # The week is planned once more, today, and `bo` is there today: each owes one of its two duties.
        assert new.pool is not None
        assert new.pool.shares == {"ana": 1.0, "bo": 1.0}
        assert new.planned is not None
        assert (new.planned.revision, new.edited) == (2, False)


def test_filling_a_crew_that_people_changed_is_no_edit_by_hand() -> None:
    """`ana` gave her seat to `cy`; `bo` fills the other: the seal is new, and the calendar's sequence keeps rising."""
    before = planned(short("ana"), schedule(), asked(0, 1)).schedule
    [taken] = [duty for duty in before.duties() if duty.person]
    changed = give_duty(before, taken, "cy", NOW)

    result = planned(short("ana", "bo", "cy"), changed, asked(0, 1, fill=True))

    old, new = crew_of(changed, 0), crew_of(result.schedule, 0)
    assert not result.unfilled
    assert (new.edited, new.by_hand, new.changes) == (False, True, old.changes)
    assert all(sequence(new, seat) > sequence(old, seat) for seat in new.seats)


def test_fill_leaves_the_lines_that_people_wrote() -> None:
    """`ana`'s seat was emptied by an edit of the file. Filled with her again, it isn't what was computed once, because
    calendars have counted the edit."""
    before = planned(short("ana"), schedule(), asked(0, 1)).schedule
    computed = crew_of(before, 0)
    edited = replace(computed, seats=dict.fromkeys(computed.seats))
    written = replace(edited, planned=None)
    for old in (edited, written):
        result = plan(short("ana"), schedule(old), asked(0, 1, fill=True), LATER)

        assert result is not None
        new = crew_of(result.schedule, 0)
        assert (new.seats, new.planned, new.people) == (old.seats, old.planned, {"ana"})
        [change] = new.changes
        assert (change.at, change.was, change.now, change.replanned) == (LATER, None, "ana", False)
        assert sequence(new, change.seat) == sequence(old, change.seat) + 1


def test_fill_seats_a_newcomer_where_nobody_accrues_with_them() -> None:
    """The same without look-ahead: in the pools recorded with these weeks the newcomer has no share at all."""
    before = planned(short("ana"), schedule(), asked(0, 3, look_ahead=0)).schedule

    result = planned(short("ana", "bo"), before, asked(0, 3, look_ahead=0, fill=True))

    assert not result.unfilled
    assert result.proof.proven


def test_who_was_ready_when_a_crew_was_planned_still_counts_as_ready() -> None:
    """In an open crew, only the newcomer `cy` counts as in today's roster; `ana` and `bo` count as they were then."""
    half = crew(week(0), {"primary": "ana", "backup": None}, shares={"ana": 1.0, "bo": 1.0})
    question = small(
        "ana", Person("bo", not_seats=frozenset({"backup"})), Person("cy", not_seats=frozenset({"backup"}))
    )

    [lane] = build_instance(question, schedule(half), asked(0, 1, fill=True)).lanes
    pool = lane.timeslots[0].tally.pool

    assert (set(pool.shares), pool.barred) == ({"ana", "bo", "cy"}, {"backup": {"cy"}})


def test_fill_divides_seats_among_two_newcomers() -> None:
    """Six empty seats in which nobody has a share: three each, not six for one of them."""
    before = planned(short("ana"), schedule(), asked(0, 6, look_ahead=0)).schedule

    result = planned(short("ana", "bo", "cy"), before, asked(0, 6, look_ahead=0, fill=True))

    assert not result.unfilled
    given = [sum(who in each.people for each in result.crews) for who in ("bo", "cy")]
    assert given == [3, 3]


def test_fill_takes_a_seat_that_a_change_vacated() -> None:
    """`ana` was taken off the whole week without replacement: once the seat is filled, someone really is on duty."""
    vacated = crew(
        week(0), {"engineer": "ana"}, shares={"ana": 1.0, "bo": 1.0}, changes=[Change(NOW, "engineer", "ana", None)]
    )
    ana = Person("ana", leave=(leave(week(0)),))

    result = planned(roster([ana, "bo"], rotation()), schedule(vacated), asked(0, 1, fill=True))

    assert [duty.person for duty in crew_of(result.schedule, 0).duties()] == ["bo"]
    assert not result.unfilled


def test_a_pin_takes_no_seat_that_was_filled_by_a_change() -> None:
    """The line of `engineer-1` is empty, but `bo` was found for it since: the pinned `ana` gets `engineer-2`."""
    found = crew(week(0), {"engineer-1": None, "engineer-2": None}, changes=[Change(NOW, "engineer-1", None, "bo")])
    question = roster(
        "ana bo", rotation(seats="engineer engineer"), pins=(Pin(week(0), "engineer", "engineer", "ana"),)
    )

    [settled] = settle(question, schedule(found), [found.period])

    assert settled.seats == {"engineer-1": None, "engineer-2": "ana"}


def test_fill_leaves_a_crew_that_has_everybody() -> None:
    full = crew(week(0), {"engineer": "ana"}, shares={"ana": 1.0})

    assert plan(roster("ana bo", rotation()), schedule(full), asked(0, 1, fill=True), LATER) is None


def test_fill_keeps_the_rest_of_what_stands() -> None:
    """Rest 1: `bo` serves week 1, so of the empty seats in weeks 0 to 3 they can take only that of week 3."""
    crews = [
        crew(week(number), {"engineer-1": "bo" if number == 1 else "zed", "engineer-2": None}) for number in range(4)
    ]
    question = roster("bo", rotation("engineer", "engineer engineer", rest=Length(1)))

    result = planned(question, schedule(*crews), asked(0, 4, fill=True))

    assert [duty.start for duty in result.unfilled] == [week(0), week(1), week(2)]
    assert [duty.person for duty in crew_of(result.schedule, 3).duties()] == ["zed", "bo"]


def test_a_week_planned_with_nobody_amid_the_range_is_no_obstacle() -> None:
    """Week 1 was saved empty when `bo` was still there: nobody owes more because of that."""
    shares = {"ana": 1.0, "bo": 1.0}
    before = schedule(
        crew(week(-1), {"engineer": "bo"}, shares=shares), crew(week(1), {"engineer": None}, shares=shares)
    )

    result = planned(roster("ana", rotation()), before, asked(0, 3, look_ahead=0))

    assert [each.period.start for each in result.crews] == [week(0), week(2)]
    assert all(each.people == {"ana"} for each in result.crews)


def test_nobody_is_led_up_to_a_duty_without_their_rest() -> None:
    """`ana` goes from backup to primary in weeks 0 and 1, and has taken over as primary in week 3. With the empty
    backup seat of week 2 that would be a duty from then on, right after the last one."""
    paired = rotation("engineer", "backup primary", rest=Length(1), pattern=("backup", "primary"))
    question = roster("ana bo cy", paired)
    weeks = (("ana", None), ("bo", "ana"), (None, "bo"), (None, "ana"))
    seats = [{"backup": backup, "primary": primary} for backup, primary in weeks]
    before = schedule(*(crew(week(number), each) for number, each in enumerate(seats)))

    result = plan(question, before, asked(0, 4, fill=True, look_ahead=0), LATER)

    filled = before if result is None else result.schedule
    assert [each for each in violations(question, filled) if each.rule == "rest"] == []
