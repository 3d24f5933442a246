"""Calendar arithmetic, with the days on which it usually goes wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import samples

from setrota.dates.grid import earliest_handover, first_handover, period_at, periods_from
from setrota.dates.periods import (
    Period,
    day_of_duty,
    day_of_handover,
    first_day_ahead,
    handover_on,
    latest_day_of_duty,
    local_date,
)
from setrota.dates.quarters import Quarter, parse_quarter, quarter_after
from setrota.dates.text import parse_date, parse_moment
from setrota.problems import Refused
from setrota.roster import Handover, Length, Roster

pytestmark = pytest.mark.quick

MONDAY = Handover(0, time(9))
FRIDAY = Handover(4, time(15))
TODAY = date(2026, 11, 23)  # a Monday


GRID = samples.roster((), [samples.ENGINEER, samples.LEAD, samples.rotation("slow", every=Length(3))])


def own(rotation: str, **known: object) -> Roster:
    """The roster, with different settings for one rotation."""
    return replace(GRID, rotations={**GRID.rotations, rotation: replace(GRID.rotations[rotation], **known)})


def test_the_grid_stays_on_the_handover_day_of_week_2_of_2024() -> None:
    # 2027-01-04 is 156 weeks later: a multiple of 1, 2 and 3.
    for rotation in ("engineer", "lead", "slow"):
        assert period_at(GRID, rotation, date(2027, 1, 4)).start == date(2027, 1, 4)
    # One day earlier the periods that end there are running.
    assert period_at(GRID, "lead", date(2027, 1, 3)) == Period(date(2026, 12, 21), date(2027, 1, 4), "lead")
    # The grid also runs backwards, before its anchor.
    assert period_at(GRID, "slow", date(2024, 1, 7)).start == date(2023, 12, 18)


def test_a_quarter_s_periods_are_those_that_start_in_it() -> None:
    starts = [period.start for period in periods_from(GRID, "engineer", date(2027, 1, 1), date(2027, 4, 1))]
    assert (starts[0], starts[-1], len(starts)) == (date(2027, 1, 4), date(2027, 3, 29), 13)
    leads = [period.start for period in periods_from(GRID, "lead", date(2027, 4, 1), date(2027, 7, 1))]
    # The fortnight of 03-29 began in the quarter before.
    assert leads[0] == date(2027, 4, 12)


def test_a_handover_keeps_its_time_of_day_over_daylight_saving() -> None:
    before, after = (handover_on(GRID, "engineer", day) for day in (date(2027, 3, 8), date(2027, 3, 15)))
    assert (before.isoformat(), after.isoformat()) == ("2027-03-08T09:00:00-05:00", "2027-03-15T09:00:00-04:00")


@pytest.mark.parametrize(
    ("day", "handover", "instant"),
    [
        # 02:30 does not exist on 2027-03-14: the same instant is called 03:30.
        (date(2027, 3, 14), "02:30", "2027-03-14T03:30:00-04:00"),
        # 01:30 occurs twice on 2027-11-07: the first one counts.
        (date(2027, 11, 7), "01:30", "2027-11-07T01:30:00-04:00"),
    ],
)
def test_a_handover_that_the_clocks_skip_or_repeat(day: date, handover: str, instant: str) -> None:
    assert (
        handover_on(replace(GRID, handover=Handover(6, time.fromisoformat(handover))), "engineer", day).isoformat()
        == instant
    )


@pytest.mark.parametrize(
    ("zone", "handover"),
    [
        ("America/Toronto", "02:15"),
        ("Australia/Lord_Howe", "02:15"),
        ("Africa/Casablanca", "02:15"),
        ("Asia/Kathmandu", "02:15"),
        # Saturday 23:00 is Sunday 00:00 in these two: the handover of 2027-03-27 is on the 28th.
        ("America/Nuuk", "23:30"),
        ("America/Scoresbysund", "23:00"),
    ],
)
def test_the_crew_changes_once_a_day_at_most_and_only_at_the_handover(zone: str, handover: str) -> None:
    place = replace(GRID, handover=Handover(6, time.fromisoformat(handover)), zone=ZoneInfo(zone))
    moment = datetime(2027, 3, 12, tzinfo=UTC)
    days = []
    while moment < datetime(2027, 4, 12, tzinfo=UTC):
        days.append(day_of_duty(place, "engineer", moment))
        moment += timedelta(minutes=7)
    # As time goes on, so do the days: no former crew comes back for an hour.
    assert days == sorted(days)
    for day in set(days[1:]):
        instant = handover_on(place, "engineer", day)
        assert day_of_duty(place, "engineer", instant) == day
        assert day_of_duty(place, "engineer", instant.astimezone(UTC) - timedelta(seconds=1)) == day - timedelta(days=1)


@pytest.mark.parametrize(
    ("moment", "handed_over"),
    [
        # 01:30 on daylight saving time is the handover; an hour later the same clock shows 01:30 on standard time.
        ("2027-11-07T01:29-04:00", False),
        ("2027-11-07T01:30-04:00", True),
        ("2027-11-07T01:00-05:00", True),
        ("2027-11-07T01:29-05:00", True),
        ("2027-11-07T01:31-05:00", True),
    ],
)
def test_in_the_hour_that_occurs_twice_the_crew_changes_once(moment: str, handed_over: bool) -> None:
    place = replace(GRID, handover=Handover(6, time(1, 30)))
    # As a clock in the rota's zone shows it: two such moments compare by what they show.
    shown = datetime.fromisoformat(moment).astimezone(place.zone)
    assert day_of_duty(place, "engineer", shown) == (date(2027, 11, 7) if handed_over else date(2027, 11, 6))


NUUK = ZoneInfo("America/Nuuk")


@pytest.mark.parametrize(
    ("handover", "moment", "on_duty", "handed_over", "ahead"),
    [
        # Saturday 2027-03-27 23:00 is Sunday 00:00. That day's handover at 23:30 is at 00:30, and until then its duty
        # is still to come.
        ("23:30", "2027-03-28T00:00", 26, 28, 27),
        ("23:30", "2027-03-28T00:29:59", 26, 28, 27),
        ("23:30", "2027-03-28T00:30", 27, 27, 28),
        ("23:30", "2027-03-28T23:30", 28, 28, 28),
        ("23:30", "2027-03-26T23:29", 25, 26, 26),
        # Saturday 22:59:59 is the last second of that day.
        ("22:59:59", "2027-03-27T22:59:59", 27, 27, 27),
        ("22:59:59", "2027-03-28T00:00", 27, 28, 28),
        # Midnight there is.
        ("00:00", "2027-03-27T22:59:59", 27, 27, 27),
        ("00:00", "2027-03-28T00:00", 28, 28, 28),
    ],
)
def test_a_handover_that_the_clocks_move_past_midnight(
    handover: str, moment: str, on_duty: int, handed_over: int, ahead: int
) -> None:
    place, at = replace(GRID, zone=NUUK, handover=Handover(5, time.fromisoformat(handover))), parse_moment(moment, NUUK)
    found = [each(place, "engineer", at).day for each in (day_of_duty, day_of_handover, first_day_ahead)]
    assert found == [on_duty, handed_over, ahead]


def test_clocks_that_go_back_past_midnight_don_t_bring_a_crew_back() -> None:
    """In St. John's, until 2010, Sunday 00:01 became Saturday 23:01: Sunday's handover at 00:00 was over by then."""
    place = replace(GRID, zone=ZoneInfo("America/St_Johns"), handover=Handover(6, time(0)))
    sunday = handover_on(place, "engineer", date(2010, 11, 7))
    assert day_of_duty(place, "engineer", sunday.astimezone(UTC) - timedelta(seconds=1)) == date(2010, 11, 6)
    for minutes in range(62):
        assert day_of_duty(place, "engineer", sunday.astimezone(UTC) + timedelta(minutes=minutes)) == date(2010, 11, 7)


def test_the_day_of_several_rotations_is_the_latest() -> None:
    place = own("lead", zone=ZoneInfo("Asia/Tokyo"))
    # Monday 09:00 in Tokyo is Sunday 19:00 in Toronto.
    assert latest_day_of_duty(place, datetime.fromisoformat("2027-01-10T18:59-05:00")) == date(2027, 1, 10)
    assert latest_day_of_duty(place, datetime.fromisoformat("2027-01-10T19:00-05:00")) == date(2027, 1, 11)


@pytest.mark.parametrize(("moment", "day"), [("2027-01-11T04:59Z", 10), ("2027-01-11T05:00Z", 11)])
def test_a_date_is_that_of_the_rota_s_zone(moment: str, day: int) -> None:
    assert local_date(GRID, datetime.fromisoformat(moment)) == date(2027, 1, day)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2027-02-08", date(2027, 2, 8)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2027-W06", date(2027, 2, 8)),
        ("2026-W53", date(2026, 12, 28)),
        ("2027W06", date(2027, 2, 8)),
        ("today", TODAY),
        ("Tomorrow", date(2026, 11, 24)),
        ("next-monday", date(2026, 11, 30)),
        ("next-tue", date(2026, 11, 24)),
    ],
)
def test_a_date_as_users_write_it(text: str, meant: date) -> None:
    assert parse_date(text, MONDAY, TODAY) == meant


def test_a_week_means_its_handover_day() -> None:
    # Friday of ISO week 6 of 2027.
    assert parse_date("2027-W06", Handover(4, time(17)), TODAY) == date(2027, 2, 12)


WRITE_A_DATE = "write `2027-02-08`, `2027-W06`, `today` or `next-monday`"


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("2027-02-30", "there is no such day as `2027-02-30` [no-such-date]", None),
        ("2027-W53", "there is no such week as `2027-W53` [no-such-date]", None),
        ("2025-02-29", "there is no such day as `2025-02-29` [no-such-date]", None),
        ("8.2.2027", "`8.2.2027` is not a date [not-a-date]", WRITE_A_DATE),
        ("٢١٢٧-02-08", "`٢١٢٧-02-08` is not a date [not-a-date]", WRITE_A_DATE),
        ("2027-W\u0661\u0666", "`2027-W\u0661\u0666` is not a date [not-a-date]", WRITE_A_DATE),
        ("soon", "`soon` is not a date [not-a-date]", WRITE_A_DATE),
        ("", "`` is not a date [not-a-date]", WRITE_A_DATE),
        (
            "next-week",
            "`week` is not a weekday [unknown-weekday]",
            "write a weekday in English, such as `next-monday`",
        ),
        ("next-wensday", "`wensday` is not a weekday [unknown-weekday]", "did you mean `Wednesday`?"),
        ("1969-12-31", "`1969-12-31` is not in the years 1970 to 2199 [year-out-of-range]", "check the year"),
        ("2200-W02", "`2200-W02` is not in the years 1970 to 2199 [year-out-of-range]", "check the year"),
    ],
)
def test_what_is_no_date(text: str, message: str, hint: str | None) -> None:
    with pytest.raises(Refused) as caught:
        parse_date(text, MONDAY, TODAY)
    assert str(caught.value) == f"error: {message}" + (f"\n  hint: {hint}" if hint else "")


@pytest.mark.parametrize("text", ["1970-01-01", "2199-12-31"])
def test_the_first_and_the_last_day_that_users_can_name(text: str) -> None:
    assert parse_date(text, MONDAY, TODAY) == date.fromisoformat(text)


def test_a_moment_without_an_offset_is_in_the_rota_s_zone() -> None:
    zone = ZoneInfo("America/Toronto")
    assert parse_moment("2027-02-08T10:00", zone).isoformat() == "2027-02-08T10:00:00-05:00"
    assert parse_moment("2027-02-08T10:00+00:00", zone).isoformat() == "2027-02-08T05:00:00-05:00"
    # 01:30 occurs twice on 2027-11-07: without an offset the first is meant, with one whichever it says.
    twice = {
        text: parse_moment(f"2027-11-07T01:30{text}", zone).astimezone(UTC).hour for text in ("", "-04:00", "-05:00")
    }
    assert twice == {"": 5, "-04:00": 5, "-05:00": 6}
    with pytest.raises(Refused) as caught:
        parse_moment("10 o'clock", zone)
    assert str(caught.value) == (
        "error: `10 o'clock` is not a date and time [not-a-date-time]\n  hint: write `2027-02-08T10:00`"
    )
    with pytest.raises(Refused, match=r"`1969-12-31T10:00` is not in the years 1970 to 2199 \[year-out-of-range\]"):
        parse_moment("1969-12-31T10:00", zone)


def test_quarters_of_a_year_that_begins_in_april() -> None:
    first = Quarter(2027, 1, 4)
    assert (first.start, first.end) == (date(2027, 4, 1), date(2027, 7, 1))
    assert (Quarter(2027, 4, 4).start, Quarter(2027, 4, 4).end) == (date(2028, 1, 1), date(2028, 4, 1))
    assert str(quarter_after(date(2027, 12, 31), 4)) == "2027-Q4"
    # A quarter that starts today has begun already.
    assert str(quarter_after(date(2028, 1, 1), 4)) == "2028-Q1"
    assert parse_quarter("2027-q4", 4).start == date(2028, 1, 1)
    with pytest.raises(Refused) as caught:
        parse_quarter("2027-Q5", 1)
    assert str(caught.value) == "error: `2027-Q5` is not a quarter [not-a-quarter]\n  hint: write it as `2027-Q1`"


def test_the_first_handover_on_or_after_a_day() -> None:
    assert first_handover(GRID, "engineer", date(2027, 1, 1)) == date(2027, 1, 4)
    assert first_handover(GRID, "engineer", date(2027, 1, 4)) == date(2027, 1, 4)


# A rotation with a handover, a zone or an anchor of its own


def test_a_rotation_s_own_handover_moves_its_grid_alone() -> None:
    place = own("lead", handover=FRIDAY)
    # The Friday of ISO week 2 of 2024; 2027-01-08 is 156 weeks later.
    friday = date(2027, 1, 8)
    assert period_at(place, "lead", friday) == Period(friday, date(2027, 1, 22), "lead")
    assert period_at(place, "lead", friday - timedelta(days=1)).end == friday
    assert period_at(place, "engineer", friday).start == date(2027, 1, 4)
    assert [each.start for each in periods_from(place, "lead", date(2027, 1, 1), date(2027, 1, 23))] == [
        friday,
        date(2027, 1, 22),
    ]


@pytest.mark.parametrize(
    ("rotation", "given", "start", "before"),
    [
        # Without an anchor a fortnight starts on 2027-01-04; a week later is between two of them.
        ("lead", date(2027, 1, 11), date(2027, 1, 11), date(2026, 12, 28)),
        # An even number of weeks away it changes nothing, however far.
        ("lead", date(2031, 1, 13), date(2027, 1, 4), date(2026, 12, 21)),
        # Three weeks have three grids: 2027-01-11 and 2027-01-18 are each on one that isn't the usual.
        ("slow", date(2027, 1, 11), date(2027, 1, 11), date(2026, 12, 21)),
        ("slow", date(2027, 1, 18), date(2027, 1, 18), date(2026, 12, 28)),
        ("slow", date(2027, 1, 25), date(2027, 1, 4), date(2026, 12, 14)),
        # Every week is a period's first: nothing to shift.
        ("engineer", date(2027, 1, 11), date(2027, 1, 4), date(2026, 12, 28)),
    ],
)
def test_an_anchor_says_which_weeks(rotation: str, given: date, start: date, before: date) -> None:
    place = own(rotation, anchor=given)
    assert period_at(place, rotation, given).start == given
    assert period_at(place, rotation, start).start == start
    assert period_at(place, rotation, start - timedelta(days=1)).start == before


def test_clocks_change_in_each_zone_on_its_own_sunday() -> None:
    # Toronto changes on 2027-03-14, Berlin on 2027-03-28; in between Berlin is five hours ahead, otherwise six.
    place = own("lead", zone=ZoneInfo("Europe/Berlin"))

    def both(day: date) -> list[str]:
        return [handover_on(place, rotation, day).isoformat() for rotation in ("engineer", "lead")]

    assert both(date(2027, 3, 8)) == ["2027-03-08T09:00:00-05:00", "2027-03-08T09:00:00+01:00"]
    assert both(date(2027, 3, 15)) == ["2027-03-15T09:00:00-04:00", "2027-03-15T09:00:00+01:00"]
    assert both(date(2027, 3, 29)) == ["2027-03-29T09:00:00-04:00", "2027-03-29T09:00:00+02:00"]


@pytest.mark.parametrize(
    ("moment", "engineer", "lead"),
    [
        # Monday 09:00 in Tokyo is Sunday 19:00 in Toronto, where nothing changes for fourteen hours.
        # A minute earlier it is still Sunday's crew in both.
        ("2027-01-10T18:59-05:00", date(2027, 1, 10), date(2027, 1, 10)),
        ("2027-01-10T19:00-05:00", date(2027, 1, 10), date(2027, 1, 11)),
        ("2027-01-11T08:59-05:00", date(2027, 1, 10), date(2027, 1, 11)),
        ("2027-01-11T09:00-05:00", date(2027, 1, 11), date(2027, 1, 11)),
    ],
)
def test_a_rotation_in_the_east_has_handed_over_while_it_is_yesterday_here(
    moment: str, engineer: date, lead: date
) -> None:
    place = own("lead", zone=ZoneInfo("Asia/Tokyo"))
    at = datetime.fromisoformat(moment)
    assert (day_of_duty(place, "engineer", at), day_of_duty(place, "lead", at)) == (engineer, lead)


@pytest.mark.parametrize(
    ("moment", "day"),
    [("2027-01-08T14:59", date(2027, 1, 7)), ("2027-01-08T15:00", date(2027, 1, 8))],
)
def test_a_rotation_hands_over_at_its_own_time(moment: str, day: date) -> None:
    place = own("lead", handover=FRIDAY)
    at = parse_moment(moment, place.zone)
    assert day_of_duty(place, "lead", at) == day
    # The engineers' day begins at 09:00.
    assert day_of_duty(place, "engineer", at) == date(2027, 1, 8)


def test_the_earliest_handover_is_that_of_any_rotation() -> None:
    place = own("lead", handover=FRIDAY)
    assert earliest_handover(place, date(2027, 1, 5)) == date(2027, 1, 8)
    assert earliest_handover(place, date(2027, 1, 8)) == date(2027, 1, 8)
    assert earliest_handover(place, date(2027, 1, 9)) == date(2027, 1, 11)
    # Only what some rotation does counts, not the rota's handover by itself.
    alone = replace(place, rotations={"lead": place.rotations["lead"]})
    assert earliest_handover(alone, date(2027, 1, 9)) == date(2027, 1, 15)
