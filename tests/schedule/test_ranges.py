"""Which days a request for a plan means if rotations have their own handover days and zones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import samples

from setrota.dates.grid import periods_from
from setrota.dates.periods import Period
from setrota.dates.quarters import Quarter
from setrota.roster import Handover, Length, Roster, Rotation
from setrota.schedule import Crew, Schedule
from setrota.schedule.ranges import AskedRange, asked_span, gaps, gaps_before, holes, quarter_span
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
        return [(gap.start, gap.end) for gap in gaps(schedule, "desk", start, end)]

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

    found = gaps_before(handing_over(DESK, night, TRIAGE), EMPTY, TODAY, start)

    assert found == {(TODAY, start): ["desk", "night"], (TODAY, start + 4 * DAY): ["triage"]}
    planned = samples.schedule(Crew(Period(TODAY, start, each), {"primary": "bo"}) for each in ("desk", "night"))
    assert gaps_before(handing_over(DESK, night), planned, TODAY, start) == {}


@pytest.mark.parametrize(("today", "first"), [(samples.week(1) - DAY, 0), (samples.week(1), 1)])
def test_what_is_planned_begins_with_the_period_that_runs(today: date, first: int) -> None:
    """Until its Sunday that is week 0; on the Monday it is over."""
    schedule = samples.schedule(samples.crews("ana | bo | cy", of=DESK))
    span = asked_span(handing_over(DESK), schedule, today, planned=True)
    assert (span.start, span.end) == (samples.week(first), samples.week(3))
