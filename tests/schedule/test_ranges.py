"""Which days a request for a plan means if rotations have their own handover days and zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import samples

from setrota.dates.grid import periods_from
from setrota.dates.periods import Period
from setrota.dates.quarters import Quarter
from setrota.problems import Refused
from setrota.roster import ALWAYS, Closed, Handover, Length, Roster, Rotation, Span
from setrota.schedule import Crew, Schedule
from setrota.schedule.ranges import AskedRange, asked_span, gaps, gaps_around, holes, quarter_span, unplanned
from setrota.schedule.standings import standings_at

FRIDAY = Handover(4, time(15))
TODAY = date(2026, 11, 23)
EMPTY = samples.schedule()
DAY = timedelta(days=1)

DESK = samples.rotation("desk", "primary", rest=Length(1))
TRIAGE = replace(DESK, name="triage", handover=FRIDAY)
# Fortnights that start on 2027-01-01 and 2027-01-15; without the anchor one would start between, on 2027-01-08.
LEAD = replace(DESK, name="lead", every=Length(2), handover=FRIDAY, anchor=date(2027, 1, 15))


def handing_over(*rotations: Rotation) -> Roster:
    return samples.roster((), rotations)


def fully_planned(place: Roster, span: AskedRange, before: Schedule = EMPTY) -> Schedule:
    """The schedule with every period that starts in the span, by hand."""
    return before.updated(Crew(period, {"primary": "bo"}) for period in holes(place, before, span.start, span.end))


def test_a_quarter_begins_with_the_first_handover_of_any_rotation() -> None:
    # 2027-01-01 is a Friday.
    quarter = Quarter(2027, 1)
    assert quarter_span(handing_over(DESK), quarter) == AskedRange(
        date(2027, 1, 4), date(2027, 4, 1), "2027-Q1 (2027-01-04 to 2027-03-31)"
    )
    assert quarter_span(handing_over(DESK, TRIAGE), quarter) == AskedRange(
        date(2027, 1, 1), date(2027, 4, 1), "2027-Q1 (2027-01-01 to 2027-03-31)"
    )


def test_quarter_after_quarter_nothing_is_lost_or_doubled() -> None:
    place, schedule = handing_over(DESK, TRIAGE, LEAD), EMPTY
    for expected in ("2027-Q1", "2027-Q2", "2027-Q3"):
        span = asked_span(place, schedule, TODAY)
        assert span.name.startswith(expected)
        schedule = fully_planned(place, span, schedule)
    for name in place.rotations:
        periods = [crew.period for crew in schedule.of(name)]
        assert periods == periods_from(place, name, date(2027, 1, 1), date(2027, 10, 1))
        assert [period.start for period in periods[1:]] == [period.end for period in periods[:-1]]
    starts = {name: (schedule.of(name)[0].period.start, schedule.of(name)[-1].period.start) for name in place.rotations}
    assert starts == {
        "desk": (date(2027, 1, 4), date(2027, 9, 27)),
        "triage": (date(2027, 1, 1), date(2027, 9, 24)),
        "lead": (date(2027, 1, 1), date(2027, 9, 24)),
    }


def test_a_quarter_is_not_planned_while_one_rotation_lacks_a_period() -> None:
    place = handing_over(DESK, TRIAGE)
    span = quarter_span(place, Quarter(2027, 1))
    schedule = fully_planned(place, span)
    assert asked_span(place, schedule, TODAY).name.startswith("2027-Q2")
    for start in (date(2027, 1, 1), date(2027, 3, 26)):
        without = replace(schedule, crews=tuple(each for each in schedule.crews if each.period.start != start))
        assert asked_span(place, without, TODAY) == span


@pytest.mark.parametrize(
    ("start", "first"),
    [
        # A date means the period it is in, in every rotation: Friday's begins before Monday's.
        (date(2027, 1, 13), date(2027, 1, 8)),
        (date(2027, 1, 14), date(2027, 1, 8)),
        # From Friday on, Monday's period began earlier.
        (date(2027, 1, 15), date(2027, 1, 11)),
        (date(2027, 1, 18), date(2027, 1, 15)),
    ],
)
def test_a_start_means_the_period_it_lies_in(start: date, first: date) -> None:
    place = handing_over(DESK, TRIAGE)
    span = asked_span(place, EMPTY, TODAY, start=start, weeks=1)
    assert (span.start, span.end) == (first, first + 7 * DAY)
    # A week has one period of each.
    assert [len(periods_from(place, name, span.start, span.end)) for name in place.rotations] == [1, 1]


def test_what_is_planned_ends_before_any_period_that_is_not() -> None:
    place = handing_over(DESK, TRIAGE)
    schedule = fully_planned(place, quarter_span(place, Quarter(2027, 1)))
    span = asked_span(place, schedule, TODAY, planned=True)
    # The last Monday is 2027-03-29; Friday's next period, which isn't planned, starts four days later.
    assert (span.start, span.end) == (date(2027, 1, 1), date(2027, 4, 2))
    for name in place.rotations:
        assert periods_from(place, name, span.start, span.end) == [crew.period for crew in schedule.of(name)]


def test_what_is_planned_ends_a_week_after_the_last_start_where_all_hand_over_together() -> None:
    place = handing_over(DESK, replace(DESK, name="lead", every=Length(2)))
    schedule = fully_planned(place, quarter_span(place, Quarter(2027, 1)))
    # Mondays 2027-03-29; the fortnight of that day ends a week later still.
    assert asked_span(place, schedule, TODAY, planned=True).end == date(2027, 4, 5)


def test_each_rotation_is_on_the_day_of_its_own_handover() -> None:
    """Sunday 20:00 in Toronto is Monday 10:00 in Tokyo."""
    place = handing_over(DESK, replace(DESK, name="east", zone=ZoneInfo("Asia/Tokyo")))
    plan = samples.schedule(*(samples.crews("ana | bo", of=each) for each in place.rotations.values()))
    at = datetime(2027, 1, 11, 1, tzinfo=UTC)
    found = standings_at(place, plan, at)
    assert [(each.rotation, each.day, each.duties[0].person) for each in found] == [
        ("desk", date(2027, 1, 10), "ana"),
        ("east", date(2027, 1, 11), "bo"),
    ]


def test_a_gap_is_one_of_the_days_asked_about() -> None:
    """Weeks 0, 2 and 5 are planned; from week 3 on, weeks 3 and 4 are missing, but not week 1, which is over."""
    weeks = [samples.week(number) for number in range(8)]
    schedule = samples.schedule(samples.crew(weeks[number], "ana", of=DESK) for number in (0, 2, 5))

    def missing(start: date, end: date) -> list[tuple[date, date]]:
        return [(gap.start, gap.end) for gap in gaps(handing_over(DESK), schedule, "desk", start, end)]

    assert missing(weeks[3], weeks[6]) == [(weeks[3], weeks[5])]
    assert missing(weeks[4] + 2 * DAY, weeks[7]) == [(weeks[4] + 2 * DAY, weeks[5]), (weeks[6], weeks[7])]
    # On the last day of week 2 its crew is still there.
    assert missing(weeks[3] - DAY, weeks[4]) == [(weeks[3], weeks[4])]
    assert missing(weeks[2], weeks[3]) == []
    assert missing(weeks[0], weeks[1]) == []
    assert missing(weeks[0], weeks[3]) == [(weeks[1], weeks[2])]


def test_each_rotation_is_missing_until_its_own_first_handover_of_a_range() -> None:
    # A range from Monday 2026-12-07: triage hands over on Friday; its days until then are before it.
    start = date(2026, 12, 7)
    night = replace(DESK, name="night")

    found = gaps_around(handing_over(DESK, night, TRIAGE), EMPTY, TODAY, start)

    assert found == {(TODAY, start): ["desk", "night"], (TODAY, start + 4 * DAY): ["triage"]}
    planned = samples.schedule(Crew(Period(TODAY, start, each), {"primary": "bo"}) for each in ("desk", "night"))
    assert gaps_around(handing_over(DESK, night), planned, TODAY, start) == {}


@pytest.mark.parametrize(("today", "first"), [(samples.week(1) - DAY, 0), (samples.week(1), 1)])
def test_what_is_planned_begins_with_the_period_that_runs(today: date, first: int) -> None:
    """Until its Sunday that is week 0; on the Monday it is over."""
    schedule = samples.schedule(samples.crews("ana | bo | cy", of=DESK))
    span = asked_span(handing_over(DESK), schedule, today, planned=True)
    assert (span.start, span.end) == (samples.week(first), samples.week(3))


# What is not planned


def missing_in(place: Roster, schedule: Schedule, start: date, end: date, **facts: Any) -> list[tuple[date, date]]:
    [rotation] = place.rotations
    return [(each.start, each.end) for each in unplanned(place, schedule, rotation, start, end, **facts)]


def test_days_between_two_grids_are_a_part_to_plan() -> None:
    """Weeks from Monday are planned until the 18th; now a week begins on Wednesday, and the 20th is the next one."""
    place = handing_over(replace(DESK, handover=Handover(2, time(10))))
    schedule = samples.schedule(samples.crews("ana | bo", of=DESK))
    monday, wednesday = samples.week(2), samples.week(2) + 2 * DAY
    found = [(monday, wednesday), (wednesday, wednesday + 7 * DAY)]

    assert missing_in(place, schedule, samples.week(0), samples.week(3)) == found
    # A range that begins with the first Wednesday does not have the days before it, unless they are asked for.
    assert missing_in(place, schedule, wednesday, samples.week(3)) == found[1:]
    assert missing_in(place, schedule, monday + DAY, monday + 2 * DAY, since=monday + DAY) == found[:1]


def test_of_a_period_without_a_crew_instants_choose_a_part() -> None:
    place = handing_over(replace(DESK, serves=ALWAYS))
    begin, stop = (datetime(2027, 1, day, 14, tzinfo=place.zone) for day in (6, 8))
    days = date(2027, 1, 6), date(2027, 1, 9)

    assert missing_in(place, EMPTY, *days, since=days[0]) == [(samples.week(0), samples.week(1))]
    [(start, end)] = missing_in(place, EMPTY, *days, moments=(begin, stop))
    assert (str(start), str(end)) == ("2027-01-06T14:00", "2027-01-08T14:00")
    [(start, end)] = missing_in(place, EMPTY, *days, since=days[0], moments=(None, stop))
    assert (start, str(end)) == (samples.week(0), "2027-01-08T14:00")


def test_an_instant_outside_the_hours_of_service_cuts_nothing() -> None:
    """From noon to noon: the night from 20:00 to 08:00 lies whole between 14:00 and 09:30."""
    night = Span(start=time(20), end=time(8))
    place = handing_over(replace(DESK, every=Length(1, "days"), handover=Handover(None, time(12)), serves=(night,)))
    moments = tuple(datetime(2027, 1, *each, tzinfo=place.zone) for each in ((6, 14), (8, 9, 30)))
    wednesday = date(2027, 1, 6)
    found = missing_in(place, EMPTY, wednesday, wednesday + 3 * DAY, moments=moments)
    assert found == [(wednesday, wednesday + DAY), (wednesday + DAY, wednesday + 2 * DAY)]
    late = datetime(2027, 1, 6, 21, tzinfo=place.zone)
    [(start, end)] = missing_in(place, EMPTY, wednesday, wednesday + DAY, moments=(late, None))
    assert (str(start), end) == ("2027-01-06T21:00", wednesday + DAY)


def test_a_day_in_every_rotation_means_what_runs_then() -> None:
    """From Wednesday on: the week of that day, but no day before it of a rotation that changes daily."""
    daily = replace(DESK, name="daily", every=Length(1, "days"), handover=None, serves=ALWAYS)
    place, wednesday = handing_over(DESK, daily), samples.week(0) + 2 * DAY
    span = asked_span(place, EMPTY, TODAY, start=wednesday, to=wednesday + 4 * DAY)

    assert (span.start, span.since, span.end) == (samples.week(0), wednesday, samples.week(1))
    found = {
        name: [each.start for each in unplanned(place, EMPTY, name, span.start, span.end, since=span.since)]
        for name in place.rotations
    }
    assert found == {"desk": [samples.week(0)], "daily": [wednesday + each * DAY for each in range(5)]}


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"closed": Closed(((samples.week(1), samples.week(2)),))}, [0, 2]),
        # Closed until Thursday: of a week from Monday to Friday, two days are left.
        ({"closed": Closed(((samples.week(1), samples.week(1) + 3 * DAY),))}, [0, 1, 2]),
        ({"optional": frozenset({"primary"})}, []),
        ({"every": Length(1, "weeks"), "starts": (samples.week(1), samples.week(2))}, [1, 2]),
    ],
    ids=["closed", "partly closed", "voluntary", "starts"],
)
def test_nothing_is_missing_where_nobody_has_to_serve(facts: dict[str, Any], found: list[int]) -> None:
    place = handing_over(replace(DESK, **facts))
    there = missing_in(place, EMPTY, samples.week(0), samples.week(3))
    assert there == [(samples.week(number), samples.week(number + 1)) for number in found]


def test_a_gap_is_one_across_days_that_are_closed() -> None:
    place = handing_over(replace(DESK, closed=Closed(((samples.week(1), samples.week(2)),))))
    found = gaps(place, EMPTY, "desk", samples.week(0), samples.week(3))
    assert found == [Period(samples.week(0), samples.week(3), "desk")]
    assert gaps(place, EMPTY, "desk", samples.week(1), samples.week(2)) == []


@pytest.mark.parametrize(
    ("facts", "start", "name"),
    [
        ({"every": Length(1, "days"), "serves": ALWAYS}, date(2027, 1, 1), "2027-Q1 (2027-01-01 to 2027-03-31)"),
        # 1 to 3 January 2027 are a Friday and a weekend.
        ({"every": Length(2, "days")}, date(2027, 1, 1), "2027-Q1 (2027-01-01 to 2027-03-31)"),
        ({"every": Length(1, "months")}, date(2027, 1, 1), "2027-Q1 (2027-01-01 to 2027-03-31)"),
        (
            {"every": Length(1, "months"), "handover": Handover(2, time(10), nth=1)},
            date(2027, 1, 6),
            "2027-Q1 (2027-01-06 to 2027-03-31)",
        ),
        ({"starts": (date(2027, 5, 4), date(2027, 6, 4))}, date(2027, 4, 1), "2027-Q2 (2027-04-01 to 2027-06-30)"),
    ],
    ids=["days", "working days", "months", "first Wednesdays", "starts"],
)
def test_any_cadence_plans_the_next_quarter(facts: dict[str, Any], start: date, name: str) -> None:
    place = handing_over(replace(DESK, **facts))
    span = asked_span(place, EMPTY, TODAY)
    assert (span.start, span.name) == (start, name)
    # What begins in the quarter is its own, and the next quarter begins where that ends.
    after = fully_planned(place, span)
    assert all(span.start <= crew.period.start < span.end for crew in after.crews)
    if not facts.get("starts"):
        assert asked_span(place, after, TODAY).start >= span.end


def test_where_all_listed_turns_are_planned_the_next_quarter_has_nothing_to_plan() -> None:
    place = handing_over(replace(DESK, starts=(date(2027, 1, 12), date(2027, 2, 23))))
    planned = fully_planned(place, asked_span(place, EMPTY, TODAY))
    span = asked_span(place, planned, TODAY)
    assert span.name.startswith("2027-Q1")
    assert holes(place, planned, span.start, span.end) == []


def test_a_range_may_not_end_before_the_instant_at_which_it_starts() -> None:
    place = handing_over(DESK)
    moments = (datetime(2027, 1, 6, 14, tzinfo=place.zone), datetime(2027, 1, 6, 12, tzinfo=place.zone))
    with pytest.raises(Refused, match="the range ends at 2027-01-06T12:00, before it starts at 2027-01-06T14:00"):
        asked_span(place, EMPTY, TODAY, start=date(2027, 1, 6), to=date(2027, 1, 6), moments=moments)
    span = asked_span(place, EMPTY, TODAY, start=date(2027, 1, 6), to=date(2027, 1, 6), moments=moments[::-1])
    assert span.name == "2027-01-06T12:00 to 2027-01-06T14:00"


@pytest.mark.parametrize(("days", "first"), [(0, 0), (2, 0), (3, 7)])
def test_a_period_whose_service_is_over_is_no_hole(days: int, first: int) -> None:
    """The weekend's period runs from Friday to Friday, but nobody serves after Monday, 09:00."""
    served = Span(frozenset({4}), start=time(18), end=time(9), nights=3)
    place = handing_over(replace(DESK, handover=Handover(4, time(18)), serves=(served,)))
    friday = date(2027, 1, 8)
    since, end = friday + days * DAY, friday + 8 * DAY
    found = unplanned(place, EMPTY, "desk", since, end, since=since)
    assert found[0].start == friday + first * DAY
