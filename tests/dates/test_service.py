"""What is served, held against an oracle that looks at the clocks every five minutes.

The oracle knows two things only: what a zone's clocks show at each moment, and that a span runs from the first moment
at which they show its start, or later, to the first at which they show its end, or later.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from copy import copy
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

import pytest
import random_grids
import samples
from seeds import seeds

from setrota.dates.cuts import Cut
from setrota.dates.grid import is_own, period_at, periods_from
from setrota.dates.periods import Period, each_day, handover_on, instant, instant_of, point_at
from setrota.dates.service import (
    begins,
    ends,
    hours,
    is_served,
    next_service,
    part_of,
    regular_hours,
    served_at,
    served_days,
    service_until,
    spans,
    stretches,
    touches,
    worth,
)
from setrota.roster import ALWAYS, NEVER_CLOSED, WORKING_DAYS, Closed, Handover, Length, Roster, Span

DAY, STEP = timedelta(days=1), timedelta(minutes=5)
MONDAY = Handover(0, time(9))
NOON = time(12)


class Clock:
    """What the clocks of a rotation's zone show in some days, every five minutes."""

    def __init__(self, roster: Roster, first: date, days: int) -> None:
        self.zone = roster.zone
        self.start = datetime.combine(first, time(), tzinfo=UTC)
        shown = [self._shows(self.start + STEP * number) for number in range(days * (DAY // STEP))]
        # Never going back: what clocks show a second time doesn't count.
        self.latest: list[datetime] = []
        for each in shown:
            self.latest.append(max(each, self.latest[-1]) if self.latest else each)

    def _shows(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)

    def first(self, day: date, at: time) -> datetime:
        """The first moment at which clocks show a time of a day, or a later one."""
        return self.start + STEP * bisect_left(self.latest, datetime.combine(day, at))


class Stretch:
    """A span that begins on a day, whole, and the days that it lies on."""

    def __init__(self, roster: Roster, clock: Clock, span: Span, day: date, handover: time) -> None:
        def on(after: int, at: time | None) -> datetime:
            """When clocks show a time, but no later hour than the handover's comes before the handover."""
            one = day + DAY * after
            handed_over = instant(handover_on(roster, "engineer", one))
            if at is None:
                return handed_over
            return max(clock.first(one, at), handed_over) if at >= handover else clock.first(one, at)

        self.start, self.end = on(0, span.start), on(span.nights, span.end)
        later = [day + DAY * number for number in range(1, span.nights + 1) if span.start is not None]
        self.days = [day, *(each for each in later if clock.first(each, NOON) < self.end)]
        self.borders = [self.start, *(on(number + 1, time()) for number in range(len(self.days) - 1)), self.end]

    def open_parts(self, closed: Closed) -> list[Stretch]:
        """The stretch itself, or its days one by one without those that are closed."""
        shut = [any(start <= day < end for start, end in closed.stretches) for day in self.days]
        if not any(shut):
            return [self]
        parts = []
        for number in (number for number, each in enumerate(shut) if not each):
            part = copy(self)
            part.borders, part.days = self.borders[number : number + 2], [self.days[number]]
            part.start, part.end = part.borders
            parts.append(part)
        return parts

    def days_in(self, start: datetime, end: datetime) -> dict[date, bool]:
        """The days with a part in [start, end), and whether they go on after its end."""
        parts = zip(self.borders, self.borders[1:], self.days, strict=False)
        return {day: end < last for first, last, day in parts if max(first, start) < min(last, end)}


def all_stretches(roster: Roster, around: Period, serves: Iterable[Span], *, closed: Closed) -> list[Stretch]:
    """Every span that begins in a period, or near enough to reach it, in parts where some of its days are closed."""
    days = each_day(around.start - 8 * DAY, around.end + 3 * DAY)
    clock = Clock(roster, days[0] - 2 * DAY, len(days) + 12)
    at = roster.handover_of("engineer").time
    wholes = [Stretch(roster, clock, span, day, at) for span in serves for day in days if _begins(span, day)]
    return [part for whole in wholes for part in whole.open_parts(closed)]


def _begins(span: Span, day: date) -> bool:
    which = {(day.day + 6) // 7} | ({-1} if (day + 7 * DAY).month != day.month else set())
    return day.weekday() in span.weekdays and (not span.nth or bool(which & span.nth))


def moments(found: Iterable[tuple[datetime, datetime]], start: datetime, end: datetime) -> set[datetime]:
    """Every fifth minute of some stretches that lies in [start, end)."""
    return {
        moment
        for first, last in found
        for moment in _moments_of(max(first, start), min(last, end))
    }  # fmt: skip


def _moments_of(start: datetime, end: datetime) -> list[datetime]:
    return [start + STEP * number for number in range(max((end - start) // STEP, 0))]


def question(seed: int) -> tuple[Roster, Period]:
    """A roster with one rotation, and a fortnight of it at most, if possible near a change of the clocks."""
    rng = Random(f"served {seed}")
    roster = random_grids.random_grid(rng.randrange(100_000))
    rotation = next(iter(roster.rotations.values()))
    closed = roster.closed._replace(holidays=False)
    roster = replace(roster, rotations={"engineer": replace(rotation, name="engineer")}, closed=closed)
    near = rotation.starts[0] if rotation.starts else _change(rng, roster.zone)
    period = period_at(roster, "engineer", near - DAY * rng.randrange(3))
    return roster, Period(period.start, min(period.end, period.start + 14 * DAY), "engineer")


def _change(rng: Random, zone: ZoneInfo) -> date:
    """A day after which the clocks of a zone change, or any day if they never do."""
    first = date(rng.randint(2024, 2037), 1, 1)
    offsets = [
        datetime.combine(day, time(), tzinfo=UTC).astimezone(zone).utcoffset()
        for day in each_day(first, first + 365 * DAY)
    ]
    changes = [number for number, (one, other) in enumerate(pairwise(offsets)) if one != other]
    return first + DAY * rng.choice(changes or [rng.randrange(365)])


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(600, every=15))
def test_service_is_what_clocks_say(seed: int) -> None:
    roster, period = question(seed)
    start, end = (instant_of(roster, "engineer", day) for day in (period.start, period.end))
    serves = roster.rotations["engineer"].serves
    oracle = all_stretches(roster, period, serves, closed=roster.closed)
    expected = moments([(each.start, each.end) for each in oracle], start, end)

    found = stretches(roster, period)
    assert moments(found, start, end) == expected
    assert all(start <= first < last <= end for first, last in found)
    assert all(last < first for (_, last), (first, _) in pairwise(found))
    assert is_served(roster, period) == bool(expected)
    days = {day for each in oracle for day in each.days_in(start, end)}
    assert set(served_days(roster, period)) == days
    assert list(served_days(roster, period)) == sorted(days)
    if expected:
        assert (begins(roster, period), ends(roster, period)) == (min(expected), max(expected) + STEP)
    else:
        assert (begins(roster, period), ends(roster, period)) == (start, end)

    rng = Random(seed)
    for _ in range(20):
        moment = start + STEP * rng.randrange((end - start) // STEP)
        moment = rng.choice([moment, *(border for stretch in found for border in stretch if start <= border < end)])
        assert served_at(roster, "engineer", moment) == (moment in expected)
        served = moment
        while served in expected:
            served += STEP
        assert service_until(roster, period, moment) == served


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(600, every=15))
def test_two_parts_of_a_period_are_the_whole(seed: int) -> None:
    """Wherever it is cut: their time, their credit and their days; a day that is cut is the second one's."""
    roster, period = question(seed)
    start, end = (instant_of(roster, "engineer", day) for day in (period.start, period.end))
    rng = Random(seed)
    oracle = all_stretches(roster, period, roster.rotations["engineer"].serves, closed=roster.closed)
    whole = moments(stretches(roster, period), start, end)
    for _ in range(5):
        at = start + STEP * rng.randrange(1, (end - start) // STEP)
        cut = point_at(roster, "engineer", at)
        parts = replace(period, end=cut), replace(period, start=cut)
        first, second = (moments(stretches(roster, part), start, end) for part in parts)
        assert first == {moment for moment in whole if moment < at}
        assert second == {moment for moment in whole if moment >= at}
        assert sum(part_of(roster, part, period) for part in parts) == pytest.approx(1)
        assert 0 <= part_of(roster, parts[0], period) <= 1

        before = [each.days_in(start, at) for each in oracle]
        begun = {day for days in before for day in days}
        cut_short = {day for days in before for day, goes_on in days.items() if goes_on}
        is_cut = isinstance(cut, Cut)
        assert set(served_days(roster, parts[0])) == ((begun - cut_short if is_cut else begun) or begun)
        assert set(served_days(roster, parts[1])) == {day for each in oracle for day in each.days_in(at, end)}


@pytest.mark.parametrize("seed", seeds(300, every=15))
def test_a_count_is_touched_if_a_served_minute_lies_in_it(seed: int) -> None:
    roster, period = question(seed)
    asked = random_grids.some_spans(Random(seed))
    start, end = (instant_of(roster, "engineer", day) for day in (period.start, period.end))
    served = moments(stretches(roster, period), start, end)
    counted = all_stretches(roster, period, asked, closed=NEVER_CLOSED)
    expected = moments([(each.start, each.end) for each in counted], start, end) & served
    assert touches(roster, period, asked) == bool(expected)


@pytest.mark.parametrize("seed", seeds(200, every=15))
def test_periods_share_out_all_that_is_served(seed: int) -> None:
    """No minute is lost between two periods, none is served twice, and service begins again where the next one says."""
    roster, period = question(seed)
    following = periods_from(roster, "engineer", period.start, period.start + 40 * DAY)
    if not following:
        return
    whole = Period(following[0].start, following[-1].end, "engineer")
    apart = [stretch for each in following for stretch in stretches(roster, each)]
    assert all(last <= first for (_, last), (first, _) in pairwise(apart))
    start, end = (instant_of(roster, "engineer", day) for day in (whole.start, whole.end))
    assert moments(apart, start, end) == moments(stretches(roster, whole), start, end)
    together = stretches(roster, whole)
    for (_, last), (first, _) in pairwise(together):
        assert next_service(roster, "engineer", last - STEP) == first
        assert next_service(roster, "engineer", last + (first - last) / 2) == first


# By hand


def serving(*serves: Span, handover: Handover = MONDAY, **facts: object) -> Roster:
    rotation = samples.rotation("engineer", serves=serves, handover=handover, **facts)
    return samples.roster("ana bo", rotation, zone=ZoneInfo("Europe/Berlin"))


def week(monday: date) -> Period:
    return Period(monday, monday + 7 * DAY, "engineer")


def shown(roster: Roster, period: Period) -> list[str]:
    """The stretches of a period, as clocks show them."""
    texts = [[f"{each.astimezone(roster.zone):%a %H:%M}" for each in stretch] for stretch in stretches(roster, period)]
    return [" - ".join(text) for text in texts]


NIGHTS = Span(frozenset(range(4)), frozenset(), time(17, 30), time(9, 30), 1)
WEEKEND = Span(frozenset({4}), frozenset(), time(17, 30), time(9, 30), 3)
OUT_OF_HOURS = serving(NIGHTS, WEEKEND, handover=Handover(0, time(9, 30)))


def test_monday_to_friday_ends_on_saturday_at_the_handover_s_hour() -> None:
    roster = serving(*WORKING_DAYS)
    assert shown(roster, week(date(2027, 1, 11))) == ["Mon 09:00 - Sat 09:00"]
    assert [day.day for day in served_days(roster, week(date(2027, 1, 11)))] == [11, 12, 13, 14, 15]


def test_nights_and_the_weekend() -> None:
    period = week(date(2027, 1, 11))
    assert shown(OUT_OF_HOURS, period) == [
        "Mon 17:30 - Tue 09:30",
        "Tue 17:30 - Wed 09:30",
        "Wed 17:30 - Thu 09:30",
        "Thu 17:30 - Fri 09:30",
        "Fri 17:30 - Mon 09:30",
    ]
    # The weekend runs at noon on Saturday and Sunday; on Monday it is over by then.
    assert [day.day for day in served_days(OUT_OF_HOURS, period)] == [11, 12, 13, 14, 15, 16, 17]
    # Four nights of 16 hours, and 64 from Friday to Monday.
    assert hours(OUT_OF_HOURS, period) == regular_hours(OUT_OF_HOURS, "engineer") == 128


@pytest.mark.parametrize(
    ("cut", "first", "second"),
    [
        # The night of Thursday is cut: it is the second one's.
        ("2027-01-15T02:00", [11, 12, 13], [14, 15, 16, 17]),
        # Between two spans nobody is cut short.
        ("2027-01-15T12:00", [11, 12, 13, 14], [15, 16, 17]),
        # Saturday ends at midnight.
        ("2027-01-16T23:00", [11, 12, 13, 14, 15], [16, 17]),
        ("2027-01-17T00:00", [11, 12, 13, 14, 15, 16], [17]),
        ("2027-01-17T14:00", [11, 12, 13, 14, 15, 16], [17]),
        ("2027-01-18T02:00", [11, 12, 13, 14, 15, 16], [17]),
        # Who has served nothing but a part of Monday's night has served on Monday.
        ("2027-01-11T20:00", [11], [11, 12, 13, 14, 15, 16, 17]),
    ],
)
def test_a_day_that_is_handed_over_is_the_day_of_whoever_ends_it(cut: str, first: list[int], second: list[int]) -> None:
    at = point_at(OUT_OF_HOURS, "engineer", datetime.fromisoformat(cut).replace(tzinfo=OUT_OF_HOURS.zone))
    period = week(date(2027, 1, 11))
    parts = replace(period, end=at), replace(period, start=at)
    assert [[day.day for day in served_days(OUT_OF_HOURS, part)] for part in parts] == [first, second]


def test_office_hours_that_are_over_are_not_cut() -> None:
    """At two in the afternoon the morning's hours are over: the day was served to its end."""
    morning = Span(frozenset(range(5)), frozenset(), time(9), time(12), 0)
    roster = serving(morning)
    at = point_at(roster, "engineer", datetime(2027, 1, 13, 14, tzinfo=roster.zone))
    part = Period(date(2027, 1, 11), at, "engineer")
    assert [day.day for day in served_days(roster, part)] == [11, 12, 13]


@pytest.mark.parametrize(
    ("start", "end", "served"),
    [
        # In Berlin 02:00 becomes 03:00 on 28 March 2027.
        (time(2, 15), time(2, 45), []),
        (time(2), time(3), []),
        (time(2, 30), time(4), ["Sun 03:00 - Sun 04:00"]),
        (time(2, 30), time(3, 15), ["Sun 03:00 - Sun 03:15"]),
        (time(1), time(2, 30), ["Sun 01:00 - Sun 03:00"]),
    ],
)
def test_an_hour_that_clocks_skip_is_when_they_go_on(start: time, end: time, served: list[str]) -> None:
    roster = serving(Span(frozenset({6}), frozenset(), start, end, 0))
    assert shown(roster, week(date(2027, 3, 22))) == served
    assert is_served(roster, week(date(2027, 3, 22))) == bool(served)
    # A week later the hour is there again.
    assert len(shown(roster, week(date(2027, 3, 29)))) == 1


def test_a_handover_in_a_skipped_hour_doesn_t_cut_what_begins_with_it() -> None:
    """02:30 is skipped, and the handover takes place at 03:30: so does the start of a span at 02:30."""
    roster = serving(Span(frozenset({6}), frozenset(), time(2, 30), time(8), 0), handover=Handover(6, time(2, 30)))
    sunday = date(2027, 3, 28)
    assert shown(roster, Period(sunday, sunday + 7 * DAY, "engineer")) == ["Sun 03:30 - Sun 08:00"]
    assert shown(roster, Period(sunday - 7 * DAY, sunday, "engineer")) == ["Sun 02:30 - Sun 08:00"]


def test_a_repeated_hour_counts_the_first_time() -> None:
    """In Berlin 03:00 becomes 02:00 on 31 October 2027: 02:30 to 03:30 are two hours on a watch."""
    roster = serving(Span(frozenset({6}), frozenset(), time(2, 30), time(3, 30), 0))
    [(start, end)] = stretches(roster, week(date(2027, 10, 25)))
    assert (start, end - start) == (datetime(2027, 10, 31, 0, 30, tzinfo=UTC), timedelta(hours=2))
    # On the clock it is an hour, as on any Sunday.
    assert hours(roster, week(date(2027, 10, 25))) == hours(roster, week(date(2027, 10, 18))) == 1


def test_a_week_across_a_change_of_the_clocks_is_a_week() -> None:
    roster = serving(*ALWAYS)
    weeks = [week(date(2027, 3, 22)), week(date(2027, 3, 29)), week(date(2027, 10, 25))]
    assert [hours(roster, each) for each in weeks] == [168, 168, 168]
    [(start, end)] = stretches(roster, weeks[0])
    assert end - start == timedelta(hours=167)


def test_spans_that_overlap_are_one_stretch() -> None:
    """A list is the union: the day's hours within an on-call day add nothing."""
    by_day = Span(frozenset(range(5)), frozenset(), time(10), time(16), 0)
    roster = serving(*WORKING_DAYS, by_day)
    assert shown(roster, week(date(2027, 1, 11))) == ["Mon 09:00 - Sat 09:00"]
    assert hours(roster, week(date(2027, 1, 11))) == regular_hours(roster, "engineer") == 120


def test_closed_days_are_not_served() -> None:
    roster = replace(OUT_OF_HOURS, closed=Closed(((date(2027, 1, 12), date(2027, 1, 16)),)))
    # Monday's night runs into Tuesday, which is closed; the weekend, from Friday on, begins with its Saturday.
    assert shown(roster, week(date(2027, 1, 11))) == ["Mon 17:30 - Tue 09:30", "Sat 00:00 - Mon 09:30"]
    saturday = replace(OUT_OF_HOURS, closed=Closed(((date(2027, 1, 16), date(2027, 1, 17)),)))
    assert shown(saturday, week(date(2027, 1, 11)))[-2:] == ["Fri 17:30 - Sat 00:00", "Sun 00:00 - Mon 09:30"]
    sunday = replace(OUT_OF_HOURS, closed=Closed(((date(2027, 1, 17), date(2027, 1, 18)),)))
    assert shown(sunday, week(date(2027, 1, 11)))[-1] == "Fri 17:30 - Sun 00:00"


def test_a_rotation_that_stops_is_never_served_again() -> None:
    roster = replace(serving(*ALWAYS), closed=Closed(((date(2027, 2, 1), date.max),)))
    assert next_service(roster, "engineer", datetime(2027, 2, 1, 8, tzinfo=UTC)) is None
    assert next_service(roster, "engineer", datetime(2027, 3, 1, tzinfo=UTC)) is None
    assert not is_served(roster, week(date(2027, 2, 1)))


def test_what_is_always_served_begins_nowhere_again() -> None:
    """Only gaps have an end: the start of whatever stretch of days is looked at isn't one."""
    assert next_service(serving(*ALWAYS), "engineer", datetime(2027, 1, 12, tzinfo=UTC)) is None


# Worth


def test_a_planned_period_is_one_duty_however_short() -> None:
    """Closed days in it change nothing; a period that is closed altogether is none."""
    roster = replace(serving(*WORKING_DAYS), closed=Closed(((date(2027, 1, 12), date(2027, 1, 18)),)))
    assert worth(roster, week(date(2027, 1, 11))) == 1
    assert (
        worth(replace(roster, closed=Closed(((date(2027, 1, 11), date(2027, 1, 18)),))), week(date(2027, 1, 11))) == 0
    )


def test_five_days_of_a_weekly_rotation() -> None:
    """They are five sevenths of a duty, and all of one if nobody serves on weekends."""
    days = [Period(day, day + DAY, "engineer") for day in each_day(date(2027, 1, 11), date(2027, 1, 16))]
    assert sum(worth(serving(*ALWAYS), day) for day in days) == pytest.approx(5 / 7)
    assert sum(worth(serving(*WORKING_DAYS), day) for day in days) == pytest.approx(1)


def test_duties_of_an_earlier_cadence_count_by_today_s() -> None:
    """Twelve weekly duties before a change to four-weekly ones are three; a month is 13/3 weeks, so thirteen are three
    months."""
    weeks = [week(date(2027, 1, 4) + 7 * DAY * number) for number in range(13)]
    four_weekly = serving(*WORKING_DAYS, every=Length(4))
    assert not is_own(four_weekly, weeks[0])
    assert sum(worth(four_weekly, each) for each in weeks[:12]) == pytest.approx(3)
    monthly = serving(*ALWAYS, every=Length(1, "months"), handover=Handover(None, time(9), day=1))
    assert sum(worth(monthly, each) for each in weeks) == pytest.approx(3)


@pytest.mark.parametrize(
    ("serves", "every", "regular"),
    [
        (ALWAYS, Length(1), 168),
        (WORKING_DAYS, Length(2), 240),
        ((Span(frozenset(range(5)), frozenset(), time(9), time(17), 0),), Length(1, "days"), 8),
        # Two spans on each of the days that are counted.
        (
            (
                Span(frozenset(range(5)), frozenset(), time(9), time(12), 0),
                Span(frozenset(range(5)), frozenset(), time(13), time(17), 0),
            ),
            Length(2, "days"),
            14,
        ),
        ((Span(frozenset({6}), frozenset({1, 3})),), Length(1, "days"), 24),
        # From Friday to Monday, across the end of the week.
        ((WEEKEND,), Length(1), 64),
        # Nights that overlap the days between handovers by an hour on either side.
        ((Span(), Span(frozenset(range(7)), frozenset(), time(22), time(10), 1)), Length(1), 168),
        ((Span(frozenset({0}), frozenset({-1}), time(9), time(17), 0),), Length(1, "months"), 8),
    ],
)
def test_the_hours_of_a_regular_period(serves: tuple[Span, ...], every: Length, regular: float) -> None:
    handover = {
        "weeks": Handover(0, time(9)),
        "days": Handover(None, time(9)),
        "months": Handover(None, time(9), day=1),
    }
    roster = serving(*serves, every=every, handover=handover[every.unit])
    assert regular_hours(roster, "engineer") == pytest.approx(regular)


@pytest.mark.no_cover  # quicker tests run the same lines
def test_regular_hours_are_those_of_an_average_period() -> None:
    """Over twelve years, without closed days, the model year is right to within a hundredth."""
    for seed in range(12):
        roster = replace(random_grids.random_grid(seed), closed=NEVER_CLOSED)
        for name, rotation in roster.rotations.items():
            if rotation.starts or any(span.nth for span in rotation.serves):
                continue
            periods = periods_from(roster, name, date(2024, 1, 1), date(2036, 1, 1))
            found = sum(hours(roster, period) for period in periods) / len(periods)
            assert found == pytest.approx(regular_hours(roster, name), rel=0.01)


def test_a_part_without_service_is_a_part_by_its_length() -> None:
    roster = replace(serving(*ALWAYS), closed=Closed(((date(2027, 1, 1), date(2027, 3, 1)),)))
    period = week(date(2027, 1, 11))
    assert part_of(roster, replace(period, end=date(2027, 1, 13)), period) == pytest.approx(2 / 7)
    assert spans(roster, period) == ()
