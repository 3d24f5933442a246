"""Repairing a plan after the roster changed: what stays, what is filled, and how many changes that takes."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from planning import asked, planned
from samples import DAY, NOW, crew, leave, roster, rotation, schedule, week

from setrota.export.calendars.identity import sequence
from setrota.files.schedule import parse_schedule, schedule_text
from setrota.planner import NEVER, Range, Repair, TooFewError, build_instance, plan, repaired
from setrota.planner.arrays import Numbers
from setrota.planner.program.highs import SolveResult
from setrota.planner.program.milp import Milp
from setrota.planner.repair.budget import Budget
from setrota.planner.stages.clock import Clock
from setrota.planner.stages.fairness import find_fairest
from setrota.planner.stages.known import known_rotas
from setrota.roster import Length, Person, Pin, Roster, Rules, Team
from setrota.rules import violations
from setrota.schedule import Change, Crew, Duty, Schedule
from setrota.schedule.diff import differences
from setrota.schedule.moves import give_duty

pytestmark = pytest.mark.quick

PEOPLE = ("ana", "bo", "cy", "dee", "eli", "fay", "gus", "hal")
WEEKS = 8
LATER = NOW + timedelta(days=7)
TODAY = week(0) - DAY


def small(*people: Person | str, rest: int = 1, **facts: object) -> Roster:
    return roster(people or PEOPLE, rotation("engineer", "primary backup", rest=Length(rest)), **facts)


def leaving(handle: str, end: date, **others: object) -> Roster:
    return small(*(Person(who, end=end) if who == handle else who for who in PEOPLE), **others)


@pytest.fixture
def first() -> Schedule:
    """Eight weeks of eight people, two a week: each serves twice."""
    return planned(small(), schedule(), asked(0, WEEKS)).schedule


def mend(question: Roster, before: Schedule, *, today: date = TODAY, changes: int | None = None) -> Repair:
    found = repaired(question, before, Range(start=week(0), end=week(WEEKS), today=today), LATER, changes=changes)
    assert found is not None
    return found


def duties_held(handle: str, held: Schedule) -> list[Duty]:
    return [duty for duty in held.duties() if duty.person == handle]


def crew_of(held: Schedule, number: int) -> Crew:
    found = held.crew("engineer", week(number))
    assert found is not None
    return found


def moved(before: Schedule, after: Schedule) -> list[tuple[date, str, str | None, str | None]]:
    return [(each.start, each.seat, each.was, each.now) for each in differences(before, after)]


@pytest.mark.parametrize("handle", PEOPLE)
def test_only_the_duties_of_who_leaves_change_hands(first: Schedule, handle: str) -> None:
    """Whoever leaves, someone can step in directly, because rest is one week among eight people for two seats."""
    found = mend(leaving(handle, week(0)), first)

    assert set(found.lost) == set(duties_held(handle, first))
    assert found.fewest == found.changes == len(found.lost) == 2
    assert {each.was for each in differences(first, found.schedule)} == {handle}
    assert len(differences(first, found.schedule)) == 2
    assert not found.result.unfilled
    assert violations(leaving(handle, week(0)), found.schedule) == []


def test_who_takes_over_stands_beside_what_was_planned(first: Schedule) -> None:
    found = mend(leaving("ana", week(0)), first)

    for duty in found.lost:
        crew, old = (held.crew("engineer", duty.start) for held in (found.schedule, first))
        assert crew is not None
        assert old is not None
        assert (crew.seats, crew.planned, crew.by_hand) == (old.seats, old.planned, False)
        [change] = crew.changes
        assert (change.at, change.seat, change.was, change.replanned) == (LATER, duty.seat, "ana", True)
        assert change.now not in (None, "ana")


def test_nothing_changed_is_nothing_to_mend(first: Schedule) -> None:
    found = mend(small(), first)

    assert (found.fewest, found.changes, found.lost) == (0, 0, ())
    assert found.schedule == first
    assert found.frontier[0].unfairness == pytest.approx(found.frontier[-1].unfairness, abs=0.02)


def test_it_is_mended_once(first: Schedule) -> None:
    """After saving and reading it back, nothing is left to do, and the bytes stay the same."""
    question = leaving("ana", week(0))
    text = schedule_text(mend(question, first).schedule, question)

    again = mend(question, parse_schedule(text.encode(), "schedule.toml", question))

    assert again.changes == 0
    assert schedule_text(again.schedule, question) == text


def test_the_past_and_the_running_week_stay(first: Schedule) -> None:
    """On Wednesday of week 2 `ana` leaves: weeks 0 to 2 stay, and a duty in week 2 is left to people."""
    today = week(2) + 2 * DAY
    for handle in PEOPLE:
        found = mend(leaving(handle, today), first, today=today)
        begun = [duty for duty in duties_held(handle, first) if duty.start <= today]
        coming = [duty for duty in duties_held(handle, first) if duty.start > today]

        assert all(crew_of(found.schedule, number) == crew_of(first, number) for number in range(3))
        assert found.left == tuple(duty for duty in begun if duty.end > today)
        assert found.changes == len(coming)


def test_frozen_weeks_lose_nobody_but_who_has_gone(first: Schedule) -> None:
    """Weeks 0 and 1 are frozen. `--changes 6` may move anyone in the other weeks."""
    frozen = Rules(freeze=Length(2))
    gone = crew_of(first, 1).seats["backup"]
    assert gone is not None
    found = mend(leaving(gone, week(0), rules=frozen), first, changes=6)

    assert crew_of(found.schedule, 0).duties() == crew_of(first, 0).duties()
    [primary, backup] = crew_of(found.schedule, 1).duties()
    assert primary.person == crew_of(first, 1).seats["primary"]
    assert backup.person not in (None, gone)


@pytest.mark.parametrize(("freeze_weeks", "moves"), [(2, True), (3, False)])
def test_what_people_made_may_move_from_the_first_week_that_is_not_frozen(freeze_weeks: int, moves: bool) -> None:
    """Today is Monday of week 0. `ana` and `bo`, who were put together in week 2 by hand, must not serve together."""
    question = small(
        "ana", "bo", "cy", rules=Rules(freeze=Length(freeze_weeks), never_together=(frozenset({"ana", "bo"}),)), rest=0
    )
    made = crew(week(2), {"primary": "ana", "backup": "bo"})

    found = repaired(question, schedule(made), Range(start=week(0), end=week(WEEKS), today=week(0)), LATER)

    assert (found is not None and crew_of(found.schedule, 2).people != {"ana", "bo"}) == moves


@pytest.mark.parametrize(("today", "missing"), [(week(1) - DAY, 1), (week(1), 0)])
def test_a_seat_that_was_empty_in_the_past_is_not_missing(first: Schedule, today: date, missing: int) -> None:
    """Week 0, in which `backup` is empty, runs until Sunday."""
    half = crew(week(0), {"primary": "ana", "backup": None})

    assert mend(small(rest=0), first.updated([half]), today=today).before.unfilled == missing


def test_what_people_made_stays_but_for_who_has_gone(first: Schedule) -> None:
    """One person covers a whole week by agreement; the repair after another person left doesn't touch that."""
    duty = crew_of(first, 5).duties()[0]
    free = [who for who in PEOPLE if not any(each.person == who and _near(each, 5) for each in first.duties())]
    before = give_duty(first, duty, free[0], NOW)
    leaver = next(who for who in PEOPLE if who not in (free[0], duty.person) and _serves_beside(first, who, 5))

    found = mend(leaving(leaver, week(0)), before, changes=8)
    assert crew_of(found.schedule, 5).duties()[0].person == free[0]

    gone = mend(leaving(free[0], week(0)), before)
    [*_, last] = crew_of(gone.schedule, 5).changes
    assert (last.was, last.replanned) == (free[0], True)
    assert last.now is not None


def _near(duty: Duty, number: int) -> bool:
    return abs((duty.start - week(number)).days) <= 7


def _serves_beside(held: Schedule, who: str, number: int) -> bool:
    return all(duty.start != week(number) for duty in duties_held(who, held))


def test_a_part_of_a_period_is_left_to_people(first: Schedule) -> None:
    """`zed` covers week 3 from Wednesday on and leaves the company: only people can say who takes those days."""
    duty = crew_of(first, 3).duties()[0]
    before = give_duty(first, replace(duty, start=week(3) + 2 * DAY), "zed", NOW)

    found = mend(small(), before)

    assert [each.person for each in found.left] == ["zed"]
    assert found.schedule == before


def test_what_was_forced_is_not_held_against_anybody(first: Schedule) -> None:
    """The holder of the first seat in week 3 is away then but serves anyway, by a change that says so."""
    duty = crew_of(first, 3).duties()[0]
    away_then = (leave(week(3)),)
    question = small(*(Person(who, leave=away_then) if who == duty.person else who for who in PEOPLE))

    assert mend(question, first).lost == (duty,)
    assert not mend(question, give_duty(first, duty, duty.person, NOW, forced=["leave"])).lost
    assert mend(question, give_duty(first, duty, duty.person, NOW, forced=["rest"])).lost == (duty,)


def test_a_pin_is_kept(first: Schedule) -> None:
    """`bo` is pinned to week 4, and the previous holder makes room, with no more changes than needed."""
    seat = next(name for name, who in crew_of(first, 4).seats.items() if who != "bo")
    question = small(pins=(Pin(week(4), "engineer", seat, "bo"),))

    found = mend(question, first, changes=10)

    assert crew_of(found.schedule, 4).people >= {"bo"}
    assert next(duty.person for duty in crew_of(found.schedule, 4).duties() if duty.seat == seat) == "bo"


def test_a_pin_that_displaces_somebody_is_a_change(first: Schedule) -> None:
    """The pin gives one seat away, and other changes it needs are added: as many changes as there are differences."""
    seat, holder = next(iter(crew_of(first, 5).seats.items()))
    stranger = next(who for who in PEOPLE if who not in crew_of(first, 4).people | crew_of(first, 5).people)
    question = small(pins=(Pin(week(5), "engineer", seat, stranger),))

    found = mend(question, first)

    assert (week(5), seat, holder, stranger) in moved(first, found.schedule)
    assert found.fewest == found.changes == len(differences(first, found.schedule))


def test_a_pin_to_a_kind_of_seat_leaves_who_has_one_in_it() -> None:
    """The pin says `engineer`, and its person already is `engineer-2`: nothing has to move, not even within the crew.

    If it is another person's and `engineer-2` has left, the pin takes the empty seat: one change.
    """
    kinds = rotation("engineer", "engineer engineer", rest=Length(1))
    before = planned(roster(PEOPLE, kinds), schedule(), asked(0, WEEKS)).schedule
    second = str(crew_of(before, 3).seats["engineer-2"])
    near = {who for number in (2, 3, 4) for who in crew_of(before, number).people}
    free = next(who for who in PEOPLE if who not in near)
    without = [Person(who, end=week(3)) if who == second else who for who in PEOPLE]

    there = mend(roster(PEOPLE, kinds, pins=(Pin(week(3), "engineer", "engineer", second),)), before)
    gone = mend(roster(without, kinds, pins=(Pin(week(3), "engineer", "engineer", free),)), before)

    assert (there.fewest, moved(before, there.schedule)) == (0, [])
    assert [each for each in moved(before, gone.schedule) if each[0] == week(3)] == [
        (week(3), "engineer-2", second, free)
    ]


def test_periods_of_another_length_take_the_place_of_those_planned(first: Schedule) -> None:
    """Weeks become fortnights: none of the old weeks that haven't begun stays next to the new periods, and the week
    after the running one, which is the rest of a fortnight, is filled as a part."""
    question = roster(PEOPLE, rotation("engineer", "primary backup", every=Length(2), rest=Length(2)))

    found = mend(question, first, today=week(0))

    periods = [crew.period for crew in found.schedule.crews]
    assert [period.start for period in periods] == [week(0), week(1), week(2), week(4), week(6)]
    assert not any(one.overlaps(other) for one, other in pairwise(periods))
    assert all(all(crew.seats.values()) for crew in found.schedule.crews)


def test_a_longer_rest_moves_as_few_as_it_takes(first: Schedule) -> None:
    """Week 1 was edited to have the crew of week 0 again: each of its two people must lose one of the weeks."""
    question = small(rest=3)
    close = first.updated([replace(crew_of(first, 1), seats={**crew_of(first, 0).seats}).sealed(NOW, 1)])
    assert violations(question, close)

    found = mend(question, close)

    assert violations(question, found.schedule) == []
    assert found.changes == len(differences(close, found.schedule)) == 2
    assert not found.lost
    assert found.frontier[0].unfairness is None


def test_who_is_not_ready_any_more_changes_seats_within_the_crew(first: Schedule) -> None:
    """`ana` is no longer ready for primary. Where she has it, she and her colleague may change places (two changes), or
    another person replaces her (one change)."""
    question = small(*(Person(who, not_seats=frozenset({"primary"})) if who == "ana" else who for who in PEOPLE))
    lost = [duty for duty in duties_held("ana", first) if duty.seat == "primary"]

    found = mend(question, first)

    assert list(found.lost) == lost
    assert found.changes == len(lost)


def test_seats_of_one_kind_keep_their_numbers() -> None:
    """Two engineers a week; one leaves: the other keeps the number, and the newcomer gets the free one."""
    question = roster(PEOPLE, rotation("engineer", "engineer engineer", rest=Length(1)))
    before = planned(question, schedule(), asked(0, WEEKS)).schedule
    gone = roster(
        [Person(who, end=week(0)) if who == "bo" else who for who in PEOPLE],
        rotation("engineer", "engineer engineer", rest=Length(1)),
    )

    found = mend(gone, before)

    assert {each.was for each in differences(before, found.schedule)} == {"bo"}


def test_too_few_changes_are_refused(first: Schedule) -> None:
    with pytest.raises(TooFewError) as refused:
        mend(leaving("ana", week(0)), first, changes=1)
    assert refused.value.fewest == 2


def test_more_changes_buy_fairness_and_none_that_buys_nothing_is_made(first: Schedule) -> None:
    """`ana` has left, `ivy` joins. With the fewest changes, the unfairness is that of two duties given away; each step
    of the frontier is at least as fair as the one before, and the last is as fair as planning again."""
    question = small(*(who for who in PEOPLE if who != "ana"), "ivy")
    found = mend(question, first)
    steps = [step for step in found.frontier if step.changes >= found.fewest]

    unfairness = [step.unfairness for step in steps if step.unfairness is not None]
    assert unfairness == sorted(unfairness, reverse=True)
    again = plan(question, first, asked(0, WEEKS, again=True), LATER)
    assert again is not None
    assert again.proof.fairest == pytest.approx(unfairness[-1], abs=0.02)

    for step in steps:
        bought = mend(question, first, changes=step.changes)
        assert bought.changes <= step.changes
        assert len(differences(first, bought.schedule)) == bought.changes
        assert step.unfairness is not None
        assert bought.result.proof.fairest == pytest.approx(step.unfairness, abs=0.02)
        if bought.changes > found.fewest:
            fewer = mend(question, first, changes=bought.changes - 1)
            assert fewer.result.proof.unfairness > step.unfairness + 0.005


def by_hand(*weeks: tuple[str | None, str | None]) -> Schedule:
    """Weeks with a primary and a backup each, planned like any other."""
    crews = (
        crew(week(number), dict(zip(("primary", "backup"), each, strict=True))) for number, each in enumerate(weeks)
    )
    return schedule(*(each.sealed(NOW, 1) for each in crews))


def test_a_seat_that_stays_empty_is_no_change_that_was_made() -> None:
    """Only `zed` is ready for backup and leaves in week 2, so his last week stays empty, like the one after it. Half of
    `ana`'s duties go to `bo`: of the three duties that differ, two are changes."""
    only_primary = frozenset({"backup"})
    people = (Person("ana", not_seats=only_primary), Person("bo", not_seats=only_primary), Person("zed", end=week(2)))
    before = by_hand(("ana", "zed"), ("ana", "zed"), ("ana", "zed"), ("ana", None))
    question = roster(people, rotation("engineer", "primary backup"))

    found = repaired(
        question, before, Range(start=week(0), end=week(4), today=TODAY, look_ahead_weeks=0), LATER, changes=3
    )

    assert found is not None
    assert (found.fewest, found.changes) == (0, 2)
    differ = [(each.was, each.now) for each in differences(before, found.schedule)]
    assert sorted(differ, key=str) == [("ana", "bo"), ("ana", "bo"), ("zed", None)]
    assert [step.changes for step in found.frontier if step.changes == found.changes] == [2]


def test_an_optional_seat_that_is_given_up_for_another_is_a_change() -> None:
    """`zed` leaves; in week 0 only `ana` is there, and her own seat next to his becomes empty: two changes. Two more
    give `cy` half of her later duties."""
    gone = (leave(week(0), week(1) - DAY),)
    people = (
        "ana",
        Person("cy", not_seats=frozenset({"backup"}), leave=gone),
        Person("dee", not_seats=frozenset({"primary"}), leave=gone),
        Person("zed", end=week(0)),
    )
    before = by_hand(("zed", "ana"), ("ana", "dee"), ("ana", "dee"), ("ana", "dee"))
    shadowed = rotation("engineer", "primary backup", optional=frozenset({"backup"}))

    found = repaired(
        roster(people, shadowed),
        before,
        Range(start=week(0), end=week(4), today=TODAY, look_ahead_weeks=0),
        LATER,
        changes=4,
    )

    assert found is not None
    assert moved(before, found.schedule)[:2] == [(week(0), "primary", "zed", "ana"), (week(0), "backup", "ana", None)]
    assert (found.fewest, found.changes) == (2, 4)


def test_a_duty_of_several_periods_is_mended_whole() -> None:
    """Backup one week, primary the next: both steps of a leaver's duty are taken over."""
    paired = rotation("engineer", "backup primary", rest=Length(1), pattern=("backup", "primary"))
    question = roster(PEOPLE, paired)
    before = planned(question, schedule(), asked(0, WEEKS)).schedule
    gone = roster([Person(who, end=week(0)) if who == "bo" else who for who in PEOPLE], paired)
    steps = duties_held("bo", before)

    found = mend(gone, before)

    assert found.changes == len(steps)
    assert {each.was for each in differences(before, found.schedule)} <= {"bo"}
    assert violations(gone, found.schedule) == []


def test_two_rotations_are_mended_together() -> None:
    """Leads come from the same people: someone who takes over a lead's period can't be in the engineers' crew then."""
    both = (rotation("engineer", "primary backup", rest=Length(1)), rotation("lead", every=Length(2), rest=Length(1)))
    handles = (*PEOPLE, "ivy", "jo")
    question = roster(handles, both)
    before = planned(question, schedule(), asked(0, WEEKS)).schedule
    gone = roster([Person(who, end=week(0)) if who == "cy" else who for who in handles], both)

    found = repaired(gone, before, Range(start=week(0), end=week(WEEKS), today=TODAY), LATER)

    assert found is not None
    assert violations(gone, found.schedule) == []
    assert found.changes == len(found.lost)


def test_a_roster_that_may_break_a_rule_breaks_it_rather_than_leave_a_seat_empty() -> None:
    """Three people for two seats with rest 1 leave seats empty; with `relax` rest gives way, also in a repair."""
    teams = [Team("all", "All", {"engineers": ("ana", "bo", "cy", "dee")})]
    desk = rotation("engineer", "primary backup", rest=Length(1))
    question = roster(("ana", "bo", "cy", "dee"), desk, teams)
    before = planned(question, schedule(), asked(0, 4, look_ahead=0)).schedule
    people = [Person("ana", end=week(0)), "bo", "cy", "dee"]
    relaxed = roster(people, desk, teams, rules=Rules(freeze=Length(0), relax=("rest",)))
    strict = roster(people, desk, teams)

    def mended(question: Roster) -> Repair:
        found = repaired(question, before, Range(start=week(0), end=week(4), today=TODAY, look_ahead_weeks=0), LATER)
        assert found is not None
        return found

    assert mended(strict).result.unfilled
    found = mended(relaxed)
    assert not found.result.unfilled
    assert {each.rule for each in found.result.broken} == {"rest"}


def test_planning_again_after_a_repair_raises_the_revision(first: Schedule) -> None:
    """A repair changed the seat; the calendar's SEQUENCE must continue from there, not begin again."""
    question = leaving("ana", week(0))
    mended = mend(question, first).schedule

    result = plan(question, mended, asked(0, WEEKS, again=True), LATER)

    assert result is not None
    for new in result.schedule.crews:
        old = mended.crew("engineer", new.period.start)
        assert old is not None
        if new.duties() == old.duties():
            assert (new.seats, new.changes, new.planned) == (old.seats, old.changes, old.planned)
        else:
            assert old.planned is not None
            assert new.planned is not None
            assert new.planned.revision == old.planned.revision + len(old.changes) + 1
            assert new.changes == ()


def test_planning_again_what_a_repair_changed_raises_the_sequence(first: Schedule) -> None:
    """`ana` leaves and comes back: whoever has her seats then, the SEQUENCE of each seat only rises."""
    mended = mend(leaving("ana", week(0)), first).schedule

    result = plan(small(), mended, asked(0, WEEKS, again=True), LATER)

    assert result is not None
    assert moved(mended, result.schedule)
    for new in result.schedule.crews:
        old = mended.crew("engineer", new.period.start)
        assert old is not None
        held = {duty.seat: duty.person for duty in old.duties()}
        for duty in new.duties():
            assert sequence(new, duty.seat) >= sequence(old, duty.seat) + (duty.person != held[duty.seat])


def test_a_covered_whole_week_counts_as_its_new_holder(first: Schedule) -> None:
    """A seat given by a change belongs to its holder: it isn't moved while frozen or by hand, but lost with them."""
    duty = crew_of(first, 6).duties()[1]
    before = give_duty(first, duty, "zed", NOW)

    found = mend(small(), before)

    assert [each.person for each in found.lost] == ["zed"]
    assert moved(before, found.schedule)[0][2] == "zed"
    assert isinstance(crew_of(found.schedule, 6).changes[-1], Change)


class Impatient(Clock):
    """A clock whose time is up at once, so that every search ends with the rota it began with."""

    def solve(self, milp: Milp, costs: Numbers, start: Numbers | None = None, tolerance: float = 0.0) -> SolveResult:
        assert start is not None
        return SolveResult(start, float(costs @ start), 0.0, proven=False, infeasible=False)


def test_a_search_that_is_ended_is_no_worse_with_more_changes_than_with_fewer(first: Schedule) -> None:
    """`ana` leaves; one change more than needed makes the rota fairer, and so must two more, proven or not."""
    question = leaving("ana", week(0))
    vacated = mend(question, first).vacated
    again = Range(start=week(0), end=week(WEEKS), today=TODAY, again=True, fill=True, new=False)
    clock, instance = Clock(NEVER), build_instance(question, vacated, again, published=vacated)
    best, standing = known_rotas(instance, clock)
    budget = Budget(find_fairest(instance, clock, best), standing, clock)
    least, more = (budget.within(budget.fewest + number).unfairness for number in (0, 1))
    assert more < least - 0.1

    budget.clock = Impatient(NEVER)

    assert budget.within(budget.fewest + 2).unfairness == pytest.approx(more)
    assert budget.within(budget.fewest).unfairness == pytest.approx(least)


@pytest.mark.parametrize(("before", "after"), [(1, 2), (2, 1)])
def test_on_another_grid_nothing_of_the_former_one_stays(before: int, after: int) -> None:
    """Replanned periods are replaced by different ones: no old one may remain between them or count as edited."""
    old, new = (
        roster(PEOPLE, rotation("engineer", "primary backup", rest=Length(1), every=Length(each)))
        for each in (before, after)
    )
    held = planned(old, schedule(), asked(0, WEEKS)).schedule

    found = mend(new, held)

    assert [crew.period.start for crew in found.schedule.crews] == [week(each) for each in range(0, WEEKS, after)]
    assert violations(new, found.schedule) == []
    assert not any(crew.by_hand for crew in found.schedule.crews)
    assert mend(new, found.schedule).schedule == found.schedule
