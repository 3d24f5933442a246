"""Fairness beyond one quarter: newcomers, volunteers, leave, edited rosters and seats, quarter after quarter."""

from collections.abc import Iterable
from dataclasses import replace
from math import ceil
from random import Random

import pytest
from planning import asked, duties_of, planned
from samples import DAY, MONDAY, leave, roster, rotation, schedule, week

from setrota.fairness.shares import opening, tally_of
from setrota.files.schedule import parse_schedule, schedule_text
from setrota.planner import Result
from setrota.roster import Leave, Length, Person, Roster, Team
from setrota.schedule import Crew, Schedule

QUARTER = 13
EIGHT = ("ana", "bo", "cy", "dee", "eli", "fay", "gus", "hal")
SHARE = QUARTER * 2 / 8
"""Duties a quarter for each of eight people, two seats a week."""


def pair_of(people: Iterable[Person | str]) -> Roster:
    return roster(people, rotation("engineer", "primary backup", rest=Length(1)))


def quarters(question: Roster, before: Schedule, count: int, first: int = 0) -> list[Result]:
    """Plan one quarter after the other, each on what was saved before."""
    found: list[Result] = []
    for number in range(first, first + count):
        found.append(planned(question, found[-1].schedule if found else before, asked(QUARTER * number, QUARTER)))
    return found


def balances(question: Roster, held: Schedule) -> dict[str, float]:
    return opening(tally_of(crew, question) for crew in held.of("engineer"))


# Newcomers


def test_who_joins_amid_the_quarter_serves_their_share_from_then_on() -> None:
    """`ivy` starts in week 6: seven weeks of two seats among nine people are 14/9 duties each, so one or two."""
    question = pair_of([*EIGHT, Person("ivy", start=week(6))])

    result = planned(question, schedule(), asked(0, QUARTER))

    served = [each.period.start for each in result.crews if "ivy" in each.people]
    assert len(served) in (1, 2)
    assert min(served) >= week(6)
    for number in range(6, QUARTER):
        assert abs(sum(start <= week(number) for start in served) - (number - 5) * 2 / 9) < 1


def test_who_joins_between_quarters_owes_nothing_for_the_past() -> None:
    """Without a `start`, the first quarter planned with `ivy` is the first that counts: 26/9, so two or three duties.

    The others served 3.25 each before; being that far "behind" must not give `ivy` an extra duty.
    """
    before = planned(pair_of(EIGHT), schedule(), asked(0, QUARTER)).schedule

    result = planned(pair_of([*EIGHT, "ivy"]), before, asked(QUARTER, QUARTER))

    assert "ivy" not in balances(pair_of([*EIGHT, "ivy"]), before)
    assert duties_of("ivy", result.crews) in (2, 3)
    served = [each.period.start for each in result.crews if "ivy" in each.people]
    for number in range(QUARTER):
        assert abs(sum(start <= week(QUARTER + number) for start in served) - (number + 1) * 2 / 9) < 1


def test_who_joins_while_the_quarter_runs_serves_their_share_of_the_rest() -> None:
    """Added before week 6 without a `start`, with the rest planned `again`: a share of seven weeks is 14/9 duties."""
    before = planned(pair_of(EIGHT), schedule(), asked(0, QUARTER)).schedule
    today = week(6) - DAY

    result = planned(pair_of([*EIGHT, "ivy"]), before, asked(0, QUARTER, again=True, today=today))

    assert len(result.crews) == 7
    assert duties_of("ivy", result.crews) in (1, 2)


# Volunteers


def volunteered() -> Schedule:
    """A fair quarter before the range, in which `ana` then took over two duties of others."""
    held = planned(pair_of(EIGHT), schedule(), asked(-QUARTER, QUARTER, today=week(-QUARTER))).schedule
    without = [crew for crew in held.crews if "ana" not in crew.people][:2]
    return held.updated(replace(crew, seats={**crew.seats, "backup": "ana"}) for crew in without)


def test_a_volunteer_is_owed_a_rest_and_no_echo_follows() -> None:
    """`ana` opens about 2 above par, of which one duty a quarter is settled.

    So of a share of 3.25, `ana` has at most 2.25 rounded up in the first quarter, never more than 4 in a later one, and
    about 24 of the 26 duties that everyone has in eight quarters.
    """
    question, before = pair_of(EIGHT), volunteered()
    start = balances(question, before)
    assert 1.5 < start["ana"] < 2.5

    results = quarters(question, before, 8)

    given = [duties_of("ana", each.crews) for each in results]
    assert given[0] <= ceil(SHARE - 1)
    assert sum(given[:2]) <= 2 * SHARE - 1
    assert max(given) <= ceil(SHARE)
    assert 8 * SHARE - start["ana"] - 1 < sum(given) < 8 * SHARE - start["ana"] + 1
    ends = [balances(question, each.schedule) for each in results]
    assert all(abs(balance) <= 1.5 for end in ends for balance in end.values())
    assert all(abs(balance) < 1 for end in ends[1:] for balance in end.values())


def test_more_than_one_duty_a_quarter_is_carried_over() -> None:
    """`ana` opens about 2 above par: one duty of that is settled in this quarter, and the result says so."""
    result = planned(pair_of(EIGHT), volunteered(), asked(0, QUARTER))

    assert result.repay_limit == 1.0
    assert set(result.clipped) >= {("engineer", "ana")}
    assert duties_of("ana", result.crews) >= SHARE - 2


# Leave


@pytest.mark.parametrize(
    ("days", "accrues"),
    [
        (21, True),
        (28, True),  # exactly four weeks, so not longer than four weeks
        (29, False),
        (42, False),
    ],
)
def test_long_leave_stops_the_clock_and_shorter_leave_does_not(days: int, accrues: bool) -> None:
    """Four people, one seat. `ana` is away from week 3 on, and has a share of every week except those of long leave."""
    ana = Person("ana", leave=(leave(week(3), week(3) + (days - 1) * DAY),))
    question = roster([ana, "bo", "cy", "dee"], rotation())

    result = planned(question, schedule(), asked(0, QUARTER))

    gone = range(3, 3 + -(-days // 7))
    due = 0.0
    for number, each in enumerate(result.crews):
        there = accrues or number not in gone
        assert each.pool is not None
        assert ("ana" in each.pool.shares) == there
        due += 1 / 4 if there else 0.0
    assert abs(duties_of("ana", result.crews) - due) < 1


def test_leave_in_two_entries_with_a_weekend_between_them_is_one_stretch() -> None:
    """From the Monday of week 3 to the Friday of week 6 are 26 days, to the Wednesday of week 7 they are 31."""
    fortnights = leave(week(3), week(5) - 3 * DAY), leave(week(5), week(7) - 3 * DAY)
    for more, accrues in ((), True), ((leave(week(7), week(7) + 2 * DAY),), False):
        ana = Person("ana", leave=(*fortnights, *more))
        result = planned(roster([ana, "bo", "cy"], rotation()), schedule(), asked(0, QUARTER))
        pool = result.crews[4].pool
        assert pool is not None
        assert ("ana" in pool.shares) == accrues


# The past is what was recorded


def test_editing_the_roster_rewrites_no_balance() -> None:
    """Balances come from the pools in the file, whatever happens to shares, teams, seats, leave or leavers."""
    people = {handle: Person(handle) for handle in EIGHT}
    people["bo"] = Person("bo", shares={"engineer": 0.5})
    people["cy"] = Person("cy", not_seats=frozenset({"primary"}))
    question = pair_of(people.values())
    held = planned(question, schedule(), asked(-QUARTER, QUARTER)).schedule
    text = schedule_text(held, question)
    expected = balances(question, held)

    people["bo"] = Person("bo")
    people["ana"] = Person("ana", shares={"engineer": 0.25}, start=week(2), leave=(leave(week(-9), week(-2)),))
    people["cy"] = Person("cy", end=week(-5))
    for gone in ("dee", "hal"):
        del people[gone]
    edited = pair_of([*people.values(), "zoe"])
    read = parse_schedule(text.encode(), "schedule.toml", edited)

    assert balances(edited, read) == pytest.approx(expected)
    assert {"dee", "hal"} < expected.keys()
    assert schedule_text(read, edited) == text


def test_a_plan_opens_with_the_recorded_balances() -> None:
    """`bo` was half-time in the first quarter and is full-time now: they served half, and owe nothing for it."""
    half = [Person(handle, shares={"engineer": 0.5} if handle == "bo" else {}) for handle in EIGHT]
    before = planned(pair_of(half), schedule(), asked(0, QUARTER)).schedule
    assert duties_of("bo", before.crews) <= 2

    result = planned(pair_of(EIGHT), before, asked(QUARTER, QUARTER))

    # Everyone's share is 3.25 duties now, and less than one is left over from before.
    assert duties_of("bo", result.crews) <= ceil(SHARE)


# Several quarters


@pytest.mark.no_cover  # shorter questions run the same lines
@pytest.mark.parametrize("seed", range(3))
def test_looking_ahead_leaves_no_seat_empty(seed: int) -> None:
    """Twenty people, four seats, rest 3, one of a team at a time, and a week's leave now and then; eight quarters.

    Each person can serve one week in four, so teams of 7, 4, 4, 3 and 2 can serve 17 duties every four weeks, and 16
    are needed: ending a quarter with the wrong people resting leaves a seat empty in the next.
    """
    random = Random(f"ahead {seed}")
    sizes = (7, 4, 4, 3, 2)
    members = [tuple(f"{team}-{number}" for number in range(size)) for team, size in zip("abcde", sizes, strict=True)]
    people = [Person(handle, leave=some_leave(random)) for handles in members for handle in handles]
    teams = [Team(handles[0], handles[0], {"engineers": handles}) for handles in members]
    question = roster(
        people, rotation("engineer", "primary backup engineer engineer", rest=Length(3), max_per_team=1), teams
    )

    results = quarters(question, schedule(), 8)

    assert [len(each.unfilled) for each in results] == [0] * 8


def some_leave(random: Random) -> tuple[Leave, ...]:
    """A week's leave in about every third of eight quarters."""
    weeks = [QUARTER * number + random.randrange(QUARTER) for number in range(8) if random.random() < 0.3]
    return tuple(leave(week(number), week(number) + 4 * DAY) for number in weeks)


def test_kinds_of_seats_even_out_over_the_quarters() -> None:
    """Twelve people, four seats, eight quarters: people who are always there and ready have equally many primaries.

    `gus` isn't ready for `primary` and `hal` works half-time, so they are not compared.
    """
    people = {handle: Person(handle) for handle in (*EIGHT, "ivy", "jo", "kim", "lu")}
    people["gus"] = Person("gus", not_seats=frozenset({"primary"}))
    people["hal"] = Person("hal", shares={"engineer": 0.5})
    question = roster(people.values(), rotation("engineer", "primary backup engineer engineer", rest=Length(1)))

    crews = [crew for each in quarters(question, schedule(), 8) for crew in each.crews]

    equal = [handle for handle in people if handle not in ("gus", "hal")]
    for kind in ("primary", "backup"):
        counts = [sum(crew.seats[kind] == handle for crew in crews) for handle in equal]
        assert max(counts) - min(counts) <= 1, kind
    assert not any(crew.seats["primary"] == "gus" for crew in crews)


def test_counts_stay_level_over_the_quarters() -> None:
    """Eight equals over eight quarters have 26 duties each; at the end of any week they are within one of par."""
    question = pair_of(EIGHT)
    crews: list[Crew] = []
    for each in quarters(question, schedule(), 8):
        crews += each.crews
        assert each.figures.within["engineer"] < 1

    assert [duties_of(handle, crews) for handle in EIGHT] == [26] * 8
    for number in range(1, len(crews) + 1):
        for handle in EIGHT:
            assert abs(duties_of(handle, crews[:number]) - number / 4) < 1
    assert crews[0].period.start == MONDAY
