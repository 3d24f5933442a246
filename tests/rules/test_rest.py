"""Rest between duties, from the end of service to the next start: in hours, days, weeks, months, or a whole period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, NOW, changed, roster, rotation, schedule, week, with_rules
from seeds import seeds

from setrota.dates.grid import period_at, periods_from
from setrota.dates.periods import Period, instant_of, point_at
from setrota.dates.service import begins, ends, is_served, stretches
from setrota.roster import ALWAYS, Closed, Handover, Length, Limit, Roster, Rotation, Span
from setrota.rules import violations
from setrota.rules.onduty import time_on_duty
from setrota.rules.spacing import rest_broken, too_near
from setrota.schedule import Change, Crew, Duty

TORONTO = ZoneInfo("America/Toronto")
A_DAY = Length(1, "days")


def hours(first: int, last: int) -> tuple[Span, ...]:
    return (Span(start=time(first), end=time(last), nights=int(last <= first)),)


def daily(name: str, first: int, last: int, **facts: object) -> Rotation:
    """A rotation of one duty a day, which begins when the service does."""
    known = {"every": A_DAY, "serves": hours(first, last), "handover": Handover(None, time(first)), "pool": "all"}
    return rotation(name, **known | facts)


def crew_of(given: Roster, name: str, day: date, who: str) -> Crew:
    [period] = periods_from(given, name, day, day + DAY)
    return Crew(period, {given.rotations[name].seats[0].name: who})


def rests(given: Roster, *crews: Crew | Iterable[Crew]) -> list[str]:
    return [each.message for each in violations(given, schedule(*crews)) if each.rule == "rest"]


@pytest.mark.parametrize(("rest", "kept"), [(11, False), (8, True), (9, False)])
def test_rest_in_hours_is_from_the_end_of_service_to_the_next_start(rest: int, kept: bool) -> None:
    """The night ends at 08:00, the day begins at 16:00: eight hours."""
    given = roster("ana", [daily("day", 16, 20), daily("night", 20, 8, rest=Length(rest, "hours"))])
    found = rests(given, crew_of(given, "night", week(0), "ana"), crew_of(given, "day", week(0) + DAY, "ana"))
    message = f"ana has 8 free hours after the night duty of 2027-01-04, but needs {rest}"
    assert found == ([] if kept else [message])


def test_both_rests_must_hold_whichever_duty_comes_first() -> None:
    given = roster("ana", [daily("day", 8, 16, rest=Length(20, "hours")), daily("night", 20, 8)])
    day, night = crew_of(given, "day", week(0), "ana"), crew_of(given, "night", week(0), "ana")
    assert rests(given, day, night) == ["ana has 4 free hours after the day duty of 2027-01-04, but needs 20"]
    later = crew_of(given, "day", week(0) + 2 * DAY, "ana")
    assert rests(given, night, later) == []
    assert rests(given, night, crew_of(given, "day", week(0) + DAY, "ana")) == [
        "ana has 0 free hours after the night duty of 2027-01-04, but needs 20"
    ]


@pytest.mark.parametrize(
    ("rest", "kept"),
    # From Friday 09:00 to Friday 09:00 three weeks later, over the change of clocks on 14 March, are 503 hours.
    [(Length(3), True), (Length(21, "days"), True), (Length(503, "hours"), True), (Length(504, "hours"), False)],
)
def test_weeks_and_days_are_counted_on_the_calendar(rest: Length, kept: bool) -> None:
    given = roster("ana", rotation(every=A_DAY, serves=ALWAYS, rest=rest))
    first, second = date(2027, 3, 4), date(2027, 3, 26)
    found = rests(given, crew_of(given, "engineer", first, "ana"), crew_of(given, "engineer", second, "ana"))
    assert (found == []) is kept


@pytest.mark.parametrize(("second", "kept"), [(date(2027, 2, 27), False), (date(2027, 2, 28), True)])
def test_a_month_after_the_31st_ends_with_february(second: date, kept: bool) -> None:
    given = roster("ana", rotation(every=A_DAY, serves=ALWAYS, rest=Length(1, "months")))
    first = crew_of(given, "engineer", date(2027, 1, 30), "ana")
    found = rests(given, first, crew_of(given, "engineer", second, "ana"))
    assert found == ([] if kept else ["ana has 27 free days after the engineer duty of 2027-01-30, but needs 1 month"])


def test_without_rest_one_whole_period_lies_between() -> None:
    given = roster("ana", rotation(serves=ALWAYS, rest=None))
    week_0, week_1, week_2 = (crew_of(given, "engineer", week(number), "ana") for number in range(3))
    assert rests(given, week_0, week_2) == []
    assert rests(given, week_0, week_1) == [
        "ana has 0 free weeks after the engineer duty of 2027-01-04, but needs a whole period of `engineer`"
    ]


def test_a_closed_period_is_none_that_lies_between() -> None:
    given = roster("ana", rotation(serves=ALWAYS, rest=None, closed=Closed(((week(1), week(2)),))))
    first, second = crew_of(given, "engineer", week(0), "ana"), crew_of(given, "engineer", week(2), "ana")
    assert rests(given, first, second) == [
        "ana has 1 free week after the engineer duty of 2027-01-04, but needs a whole period of `engineer`"
    ]
    assert rests(given, first, crew_of(given, "engineer", week(3), "ana")) == []


def test_the_default_rest_of_either_rotation_holds() -> None:
    """A daily and a monthly rotation: before a month, the last day's duty must be over when the month before begins."""
    given = roster("ana", [rotation("day", every=A_DAY, serves=ALWAYS, pool="all", rest=None), MONTHLY])
    march = crew_of(given, "month", date(2027, 3, 1), "ana")
    assert rests(given, crew_of(given, "day", date(2027, 1, 31), "ana"), march) == []
    assert rests(given, crew_of(given, "day", date(2027, 2, 1), "ana"), march) == [
        "ana has 27 free days after the day duty of 2027-02-01, but needs a whole period of `month`"
    ]
    assert len(rests(given, march, crew_of(given, "day", date(2027, 4, 30), "ana"))) == 1
    assert rests(given, march, crew_of(given, "day", date(2027, 5, 1), "ana")) == []


MONTHLY = rotation("month", every=Length(1, "months"), serves=ALWAYS, pool="all", rest=None)


def part(given: Roster, crew: Crew, who: str, first: datetime, last: datetime) -> Crew:
    start, end = (point_at(given, crew.period.rotation, moment) for moment in (first, last))
    [seat] = crew.seats
    return replace(crew, changes=(Change(NOW, seat, crew.seats[seat], who, start=start, end=end),))


@pytest.mark.parametrize(("until", "tires"), [(datetime(2027, 1, 5, 8), False), (datetime(2027, 1, 5, 9), True)])
def test_a_part_needs_and_gives_rest_from_one_served_day_on(until: datetime, tires: bool) -> None:
    given = roster("ana bo", rotation(serves=ALWAYS, rest=Length(1)))
    first = crew_of(given, "engineer", week(0), "bo")
    helped = part(given, first, "ana", datetime(2027, 1, 4, 9, tzinfo=TORONTO), until.replace(tzinfo=TORONTO))
    found = rests(given, helped, crew_of(given, "engineer", week(1), "ana"))
    assert found == (["ana has 6 free days after the engineer duty of 2027-01-04, but needs 1 week"] if tires else [])


@pytest.mark.parametrize(("until", "tires"), [(datetime(2027, 1, 6, 9), False), (datetime(2027, 1, 6, 9, 30), True)])
def test_a_whole_night_tires_although_days_of_the_weekend_are_longer(until: datetime, tires: bool) -> None:
    nights = Span(frozenset(range(4)), start=time(17, 30), end=time(9, 30), nights=1)
    weekend = Span(frozenset({4}), start=time(17, 30), end=time(9, 30), nights=3)
    given = roster("ana bo", rotation(serves=(nights, weekend), handover=Handover(0, time(9, 30)), rest=Length(1)))
    first = crew_of(given, "engineer", week(0), "bo")
    evening = datetime(2027, 1, 5, 17, 30, tzinfo=TORONTO)
    helped = part(given, first, "ana", evening, until.replace(tzinfo=TORONTO))
    assert time_on_duty(given, next(duty for duty in helped.duties() if duty.person == "ana")).tires is tires
    assert len(rests(given, helped, crew_of(given, "engineer", week(1), "ana"))) == tires


def test_two_rotations_served_at_different_hours_of_one_week_are_near_but_not_at_once() -> None:
    day = rotation("day", serves=hours(9, 17), pool="all", rest=Length(0))
    night = rotation("night", serves=hours(20, 8), pool="all", handover=Handover(0, time(8)), rest=Length(0))
    given = roster("ana", [day, night])
    crews = [crew_of(given, name, week(0), "ana") for name in ("day", "night")]
    assert violations(given, schedule(crews)) == []
    rested = roster("ana", [day, replace(night, rest=Length(11, "hours"))])
    assert rests(rested, crews) == ["ana has 0 free hours after the day duty of 2027-01-04, but needs 11"]


def test_a_swap_or_cover_is_too_near_where_a_duty_would_break_the_rule() -> None:
    given = roster("ana", [daily("day", 16, 20), daily("night", 20, 8, rest=Length(9, "hours"))])
    night = Duty(week(0), week(0) + DAY, "night", "night", "ana")
    [tomorrow] = periods_from(given, "day", week(0) + DAY, week(0) + 2 * DAY)
    [day_after] = periods_from(given, "day", week(0) + 2 * DAY, week(0) + 3 * DAY)
    assert too_near(given, night, tomorrow)
    assert not too_near(given, night, day_after)
    missing = rest_broken(given, time_on_duty(given, night), time_on_duty(given, tomorrow))
    assert missing is not None
    assert (missing.rotation, f"{missing.length}") == ("night", "9 hours")
    assert too_near(given, night, Period(week(0), week(0) + DAY, "night"))


@pytest.mark.parametrize(("days", "kept"), [(27, False), (28, True)])
def test_duties_are_limited_within_any_length(days: int, kept: bool) -> None:
    given = roster("ana", rotation(every=A_DAY, serves=ALWAYS))
    given = with_rules(given, limits=(Limit(1, Length(1, "months")),))
    first, second = date(2027, 2, 1), date(2027, 2, 1) + days * DAY
    found = violations(given, schedule(crew_of(given, "engineer", day, "ana") for day in (first, second)))
    message = "ana has 2 duties within 1 month (the first on 2027-02-01), but may have at most 1"
    assert [each.message for each in found] == ([] if kept else [message])


def test_a_team_rests_between_its_peoples_duties_in_hours() -> None:
    given = roster("ana bo", daily("day", 9, 17, team_rest=Length(17, "hours")))
    crews = [crew_of(given, "day", week(0), "ana"), crew_of(given, "day", week(0) + DAY, "bo")]
    [found] = violations(given, schedule(crews))
    assert found.message == (
        "bo serves 16 free hours after ana, also of team `all` (day duty of 2027-01-04), but the team needs 17"
    )
    assert violations(roster("ana bo", daily("day", 9, 17, team_rest=Length(16, "hours"))), schedule(crews)) == []


def test_a_cover_within_the_week_leaves_the_rest_of_the_week_to_be_rested_from() -> None:
    given = roster("ana bo", rotation(serves=ALWAYS, rest=Length(1)))
    covered = changed(crew_of(given, "engineer", week(0), "ana"), "engineer", "bo", week(0) + 2 * DAY)
    assert rests(given, covered, crew_of(given, "engineer", week(1), "ana")) == [
        "ana has 5 free days after the engineer duty of 2027-01-04, but needs 1 week"
    ]


# Against an oracle that looks at all pairs of duties

RESTS = (None, None, Length(0), Length(11, "hours"), Length(3, "days"), Length(2), Length(1, "months"))
CADENCES = (Length(1), A_DAY, Length(3, "days"), Length(2), Length(1, "months"))


@pytest.mark.parametrize("seed", seeds(60))
def test_every_pair_of_duties_that_is_too_near_is_found(seed: int) -> None:
    """The oracle counts rest by itself; without a length, it steps through the periods one by one."""
    random = Random(f"rest {seed}")
    closed = Closed(((week(3), week(random.choice([4, 6]))),)) if random.random() < 0.5 else Closed()
    every = [
        rotation(
            name,
            every=random.choice(CADENCES),
            serves=random.choice([ALWAYS, hours(9, 17), hours(20, 9)]),
            closed=closed,
            rest=random.choice(RESTS),
            pool="all",
        )
        for name in ("one", "two")
    ]
    given = roster("ana", every)
    held: list[Crew] = []
    for each in every:
        served = [period for period in periods_from(given, each.name, week(0), week(8)) if is_served(given, period)]
        chosen = random.sample(served, min(len(served), random.choice([2, 4, 8])))
        held += [Crew(period, {each.name: "ana"}) for period in chosen]
    duties = sorted((begins(given, crew.period), ends(given, crew.period), crew.period) for crew in held)
    expected = {
        (earlier[2], later[2])
        for number, later in enumerate(duties)
        for earlier in duties[:number]
        if not _overlap(given, earlier[2], later[2]) and not _rested(given, earlier, later)
    }
    found = [each for each in violations(given, schedule(held)) if each.rule == "rest"]
    assert Counter(each.period for each in found) == Counter(period for _, period in expected)
    assert all(each.people == ("ana",) for each in found)


Timed = tuple[datetime, datetime, Period]


def _overlap(given: Roster, one: Period, other: Period) -> bool:
    return any(a < d and c < b for a, b in stretches(given, one) for c, d in stretches(given, other))


def _rested(given: Roster, earlier: Timed, later: Timed) -> bool:
    own, other = (given.rotations[each[2].rotation].rest for each in (earlier, later))
    enough = [
        earlier[1] + _time(rest, earlier[1]) <= later[0] for rest in (own, other) if rest is not None and rest.number
    ]
    if own is None:
        enough.append(_stepped(given, earlier[2], 1) <= later[0])
    if other is None:
        enough.append(earlier[1] <= _stepped(given, later[2], -1))
    return all(enough)


def _time(rest: Length, since: datetime) -> timedelta:
    """How long a rest from a moment is: no clock changes in these months, and Toronto is at -5 hours."""
    local = since.astimezone(TORONTO)
    if rest.unit == "months":
        first = date(local.year + (local.month + rest.number - 1) // 12, (local.month + rest.number - 1) % 12 + 1, 1)
        length = ((first + 31 * DAY).replace(day=1) - first).days
        return first.replace(day=min(local.day, length)) - local.date()
    return timedelta(**{rest.unit: rest.number})


def _stepped(given: Roster, period: Period, way: int) -> datetime:
    """The far end of the next served period (1), or of the one before (-1)."""
    while True:
        at = period.end if way > 0 else period.start - DAY
        period = period_at(given, period.rotation, at)
        if is_served(given, period):
            return instant_of(given, period.rotation, period.end if way > 0 else period.start)
