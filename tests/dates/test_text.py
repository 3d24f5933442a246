"""The times that users name, and what they mean in each rotation before and after its handover."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, MONDAY, roster, rotation

from setrota.dates.periods import point_at
from setrota.dates.text import days_text, on_days, parse_when, typed_point
from setrota.problems import Refused
from setrota.roster import Handover

TORONTO, TOKYO = ZoneInfo("America/Toronto"), ZoneInfo("Asia/Tokyo")
ROTA = roster(rotations=[rotation("desk"), rotation("east", zone=TOKYO)])
TUESDAY = MONDAY + DAY


@pytest.mark.parametrize(
    ("hour", "text", "point", "after"),
    [
        # Before nine the day of Monday's handover still runs; only words mean it.
        (8, "today", MONDAY, TUESDAY),
        (8, "2027-01-05", TUESDAY, TUESDAY + DAY),
        (8, "tomorrow", TUESDAY + DAY, TUESDAY + 2 * DAY),
        (9, "today", TUESDAY, TUESDAY + DAY),
        (9, "now", TUESDAY, TUESDAY),
        (8, "2027-01-06T09:00", TUESDAY + DAY, TUESDAY + DAY),
        (8, "next-monday", MONDAY + 7 * DAY, MONDAY + 8 * DAY),
    ],
)
def test_only_words_mean_what_runs_before_the_hour_of_handover(hour: int, text: str, point: date, after: date) -> None:
    when = parse_when(text, ROTA, datetime(2027, 1, 5, hour, tzinfo=TORONTO))
    assert (when.point(ROTA, "desk"), when.after(ROTA, "desk")) == (point, after)


def test_an_instant_is_a_cut_in_each_rotation_on_its_own_clock() -> None:
    """Without an offset it is 14:00 in Toronto and in Tokyo; with Toronto's it is 04:00 on Wednesday in Tokyo, where
    Tuesday's duty still runs. What a point is called is read as the same point."""
    now = datetime(2027, 1, 4, 10, tzinfo=TORONTO)
    local, fixed = (parse_when(f"2027-01-05T14:00{offset}", ROTA, now) for offset in ("", "-05:00"))
    points = [[str(when.point(ROTA, each)) for each in ("desk", "east")] for when in (local, fixed)]
    assert points == [["2027-01-05T14:00", "2027-01-05T14:00"], ["2027-01-05T14:00", "2027-01-06T04:00"]]
    for when in (local, fixed):
        for each in ("desk", "east"):
            point = when.point(ROTA, each)
            assert TUESDAY < point < TUESDAY + DAY
            assert parse_when(typed_point(point), ROTA, now).point(ROTA, each) == point


def test_the_hour_that_clocks_show_twice_is_read_as_it_is_called() -> None:
    now = datetime(2027, 11, 7, 1, tzinfo=TORONTO)
    first, second = (datetime(2027, 11, 7, 1, 30, tzinfo=TORONTO, fold=fold) for fold in (0, 1))
    assert [typed_point(point_at(ROTA, "desk", each)) for each in (first, second)] == [
        "2027-11-07T01:30",
        "2027-11-07T01:30-05:00",
    ]
    for each in (first, second):
        point = point_at(ROTA, "desk", each)
        assert parse_when(typed_point(point), ROTA, now).point(ROTA, "desk") == point


def test_now_is_an_instant() -> None:
    now = datetime(2027, 1, 5, 8, 30, tzinfo=TORONTO)
    when = parse_when("now", ROTA, now)
    assert str(when) == "2027-01-05T08:30"
    assert when.point(ROTA, "desk") == point_at(ROTA, "desk", now)


@pytest.mark.parametrize(("hour", "typed"), [(8, "today"), (9, "2027-01-05")])
def test_what_is_typed_again_means_the_same_day(hour: int, typed: str) -> None:
    when = parse_when("today", ROTA, datetime(2027, 1, 5, hour, tzinfo=TORONTO))
    assert when.typed(ROTA, "desk") == typed


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("2027-01-05T25:00", "not-a-date-time", "write `2027-02-08T10:00`"),
        ("tomorow", "not-a-date", "did you mean `tomorrow`?"),
        ("2027-02-30", "no-such-date", None),
    ],
)
def test_what_is_no_time_is_refused(text: str, code: str, hint: str | None) -> None:
    with pytest.raises(Refused) as refused:
        parse_when(text, ROTA, datetime(2027, 1, 5, 9, tzinfo=TORONTO))
    [problem] = refused.value.problems
    assert (problem.code, problem.hint) == (code, hint)


def test_stretches_that_begin_or_end_within_a_day_name_the_instant() -> None:
    clock = roster(rotations=rotation("desk"), handover=Handover(0, datetime(2027, 1, 4, 9).time()))
    cut = point_at(clock, "desk", datetime(2027, 1, 5, 14, tzinfo=TORONTO))
    assert days_text(MONDAY, TUESDAY) == "2027-01-04"
    assert on_days(MONDAY, TUESDAY) == "on 2027-01-04"
    assert days_text(MONDAY, cut) == "2027-01-04 to 2027-01-05T14:00"
    assert on_days(cut, cut.on + timedelta(days=2)) == "from 2027-01-05T14:00 to 2027-01-06"  # type: ignore[attr-defined]
