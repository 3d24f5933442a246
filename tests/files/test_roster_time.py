"""What a roster's keys about time mean: cadences, handovers, spans of service, closed days, lengths.

The words for those that can't be read or don't fit are in tests/errors, what is meant by them in test_guesses.
"""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from roster_text import read_text
from seeds import ALL

from setrota.dates import service
from setrota.dates.grid import periods_from
from setrota.dates.periods import Period, instant_of
from setrota.problems import Refused
from setrota.roster import (
    ALWAYS,
    NEVER_CLOSED,
    NO_TIME,
    WORKING_DAYS,
    Closed,
    Coverage,
    Handover,
    Length,
    Limit,
    Roster,
    Rotation,
    Span,
)

ROSTER = """\
[rota]
name = "Front Desk"
timezone = "Europe/Berlin"
handover = "Wednesday 14:30"
{rota}

[rotations.desk]
pool = "staff"
seats = ["primary", "backup"]
{desk}

[teams.red]
staff = ["ana", "bo", "cy", "dee"]

[holidays]
calendar = "CA-ON"

[rules]
{rules}
"""
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
EVERY = 'every = "1 week"\n'


def _roster(folder: Path, desk: str = EVERY, rota: str = "", rules: str = "") -> Roster:
    return read_text(folder, ROSTER.format(desk=desk, rota=rota, rules=rules)).roster


def _desk(folder: Path, keys: str) -> Rotation:
    return _roster(folder, keys).rotations["desk"]


def _codes(folder: Path, desk: str = EVERY, **sections: str) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as caught:
        _roster(folder, desk, **sections)
    return [(problem.code, problem.hint) for problem in caught.value.problems]


# Cadences


@pytest.mark.parametrize(
    ("text", "every"),
    [
        ("1 week", Length(1)), ("2 weeks", Length(2)), ("1 day", Length(1, "days")), ("3 days", Length(3, "days")),
        ("1 month", Length(1, "months")), ("3 months", Length(3, "months")), ("104 weeks", Length(104)),
        ("730 days", Length(730, "days")), ("24 months", Length(24, "months")),
    ],
)  # fmt: skip
def test_the_length_of_a_period(tmp_path: Path, text: str, every: Length) -> None:
    assert _desk(tmp_path, f'every = "{text}"').every == every


def test_periods_may_begin_on_listed_days(tmp_path: Path) -> None:
    desk = _desk(tmp_path, "starts = [2027-01-12, 2027-02-23, 2027-04-06]")
    assert desk.starts == (date(2027, 1, 12), date(2027, 2, 23), date(2027, 4, 6))


def test_some_listed_period_is_served(tmp_path: Path) -> None:
    # From Monday, 4 January, to Thursday, the 7th, as the last period counts as long as the one before; then to Friday.
    assert _codes(tmp_path, 'starts = [2027-01-04, 2027-01-06]\nserves = "Fri"') == [
        ("never-served", "change it, or correct `starts`")
    ]
    assert _desk(tmp_path, 'starts = [2027-01-04, 2027-01-06, 2027-01-08]\nserves = "Fri"').starts


# Handovers


@pytest.mark.parametrize(
    ("every", "text", "handover"),
    [
        ("1 week", "Monday 9:00", Handover(MON, time(9))),
        ("2 weeks", "workday 09:00", Handover(None, time(9), workday=True)),
        ("1 day", "08:00", Handover(None, time(8))),
        ("1 month", "1st 09:00", Handover(None, time(9), day=1)),
        ("1 month", "28th 09:00", Handover(None, time(9), day=28)),
        ("1 month", "22nd 09:00", Handover(None, time(9), day=22)),
        ("1 month", "last 17:00", Handover(None, time(17), day=-1)),
        ("1 month", "first Wednesday 10:00", Handover(WED, time(10), nth=1)),
        ("3 months", "FOURTH fri 10:00", Handover(FRI, time(10), nth=4)),
        ("1 month", "2nd Mon 10:00", Handover(MON, time(10), nth=2)),
        ("1 month", "last Friday 17:00", Handover(FRI, time(17), nth=-1)),
        ("1 month", "first workday 09:00", Handover(None, time(9), workday=True)),
    ],
)
def test_a_handover_that_fits_the_cadence(tmp_path: Path, every: str, text: str, handover: Handover) -> None:
    assert _desk(tmp_path, f'every = "{every}"\nhandover = "{text}"').handover == handover


def test_a_rotation_takes_the_hour_of_the_rota(tmp_path: Path) -> None:
    at = time(14, 30)
    for keys, handover in (
        (EVERY, Handover(WED, at)),
        ('every = "2 days"', Handover(None, at)),
        ("starts = [2027-01-12, 2027-02-23]", Handover(None, at)),
        ('every = "1 month"', Handover(None, at, day=1)),
    ):
        assert _desk(tmp_path, keys).handover is None
        assert _roster(tmp_path, keys).handover_of("desk") == handover


def test_an_anchor_is_a_day_on_which_a_period_begins(tmp_path: Path) -> None:
    # 2027-01-06 is a Wednesday; of months and of weeks that begin on a working day, any day says which one.
    for keys in (EVERY, 'every = "1 day"', 'every = "1 month"', 'every = "1 week"\nhandover = "workday 09:00"\n'):
        assert _desk(tmp_path, f"{keys}\nanchor = 2027-01-06").anchor == date(2027, 1, 6)
    assert _codes(tmp_path, 'every = "2 days"\nserves = "Mon-Fri"\nanchor = 2027-01-02') == [
        ("wrong-weekday", "did you mean `2027-01-04`?")
    ]
    # The first Sunday of 2027 is the 3rd, the third one the 17th.
    sundays = 'every = "1 day"\nserves = ["1st Sun", "3rd Sun"]\nanchor = 2027-01-'
    assert _desk(tmp_path, f"{sundays}03").anchor == date(2027, 1, 3)
    assert _codes(tmp_path, f"{sundays}10") == [("wrong-weekday", "did you mean `2027-01-17`?")]


# Spans


def _on(*days: int, nth: int | None = None) -> Span:
    return Span(frozenset(days), frozenset({nth} if nth else ()))


def _timed(days: set[int], start: time, end: time, nights: int = 0, nth: int | None = None) -> Span:
    return Span(frozenset(days), frozenset({nth} if nth else ()), start, end, nights)


WEEK = {*range(7)}
WORKWEEK = {*range(5)}


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("24/7", ALWAYS), ("Always", ALWAYS), ("Mon-Sun", ALWAYS), ("Mon-Fri", WORKING_DAYS),
        ("monday - FRI", WORKING_DAYS), ("Sat", (_on(SAT),)), ("Sat-Sun", (_on(SAT, SUN),)),
        ("Fri-Mon", (_on(FRI, SAT, SUN, MON),)), ("Mon, Wed, Fri", (_on(MON, WED, FRI),)),
        ("Mon-Tue,Thu", (_on(MON, TUE, THU),)), ("1st Sun", (_on(SUN, nth=1),)), ("last fri", (_on(FRI, nth=-1),)),
        ("third Sun", (_on(SUN, nth=3),)), ("1st Sun, 3rd Sun", (_on(SUN, nth=1), _on(SUN, nth=3))),
        ("Mon-Fri 09:00-17:00", (_timed(WORKWEEK, time(9), time(17)),)),
        ("Mon, Wed 9:00 - 17:30", (_timed({MON, WED}, time(9), time(17, 30)),)),
        ("last Fri 09:00-17:00", (_timed({FRI}, time(9), time(17), nth=-1),)),
        ("20:00-08:00", (_timed(WEEK, time(20), time(8), 1),)), ("09:00-09:00", (_timed(WEEK, time(9), time(9), 1),)),
        ("16:00-24:00", (_timed(WEEK, time(16), time(0), 1),)), ("00:00-24:00", (_timed(WEEK, time(0), time(0), 1),)),
        ("Mon-Fri 20:00-08:00", (_timed(WORKWEEK, time(20), time(8), 1),)),
        ("Fri 17:30 - Mon 09:30", (_timed({FRI}, time(17, 30), time(9, 30), 3),)),
        ("Sun 22:00-Mon 6:00", (_timed({SUN}, time(22), time(6), 1),)),
        ("Mon 09:00 - Mon 17:00", (_timed({MON}, time(9), time(17)),)),
        ("Mon 09:00 - Mon 09:00", (_timed({MON}, time(9), time(9), 7),)),
        ("Mon 17:00 - Mon 09:00", (_timed({MON}, time(17), time(9), 7),)),
        ("Sat 00:00 - Sun 24:00", (_timed({SAT}, time(0), time(0), 2),)),
        ("1st Fri 17:30 - Mon 09:30", (_timed({FRI}, time(17, 30), time(9, 30), 3, nth=1),)),
    ],
)  # fmt: skip
def test_one_grammar_for_spans(tmp_path: Path, text: str, spans: tuple[Span, ...]) -> None:
    roster = _roster(tmp_path, EVERY, f'coverage = {{ "{text}" = "desk" }}', f'counts = {{ hard = "{text}" }}')
    assert roster.coverage == (Coverage(text, spans, ("desk",)),)
    assert roster.rules.counts == {"hard": spans}
    assert _desk(tmp_path, f'{EVERY}handover = "{_fitting(spans)}"\nserves = "{text}"').serves == spans


def _fitting(spans: tuple[Span, ...]) -> str:
    """A weekly handover at the start of one of some spans."""
    day = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][min(spans[0].weekdays)]
    return f"{day} {spans[0].start or time(9):%H:%M}"


def test_a_list_of_spans_is_their_union(tmp_path: Path) -> None:
    texts = ["Mon-Thu 17:30-09:30", "Fri 17:30 - Mon 09:30", "Mon 10:00-12:00", "Mon 10:00-12:00"]
    night, weekend, monday = (
        _timed({MON, TUE, WED, THU}, time(17, 30), time(9, 30), 1),
        _timed({FRI}, time(17, 30), time(9, 30), 3),
        _timed({MON}, time(10), time(12)),
    )
    assert _desk(tmp_path, f'every = "1 day"\nhandover = "17:30"\nserves = {texts}').serves == (
        night,
        weekend,
        monday,
    )


def test_without_these_keys(tmp_path: Path) -> None:
    roster = _roster(tmp_path)
    desk = roster.rotations["desk"]
    assert (desk.serves, desk.closed, desk.rest, desk.team_rest, desk.leave_tolerance) == (
        ALWAYS, None, None, NO_TIME, None,
    )  # fmt: skip
    assert (roster.closed, roster.coverage, roster.rules.counts) == (NEVER_CLOSED, (), {})


# Handovers inside spans


@pytest.mark.parametrize(
    ("keys", "works"),
    [
        ('every = "1 week"\nserves = "Fri 17:30 - Mon 09:30"\nhandover = "Monday 09:30"', None),
        ('every = "1 week"\nserves = "Fri 17:30 - Mon 09:30"\nhandover = "Friday 17:30"', None),
        ('every = "1 week"\nserves = "Fri 17:30 - Mon 09:30"\nhandover = "Monday 09:29"', "Monday 09:30"),
        ('every = "1 week"\nserves = "Fri 17:30 - Mon 09:30"\nhandover = "Friday 17:31"', "Friday 17:30"),
        ('every = "1 week"\nserves = "Fri 17:30 - Mon 09:30"\nhandover = "Sunday 12:00"', "Monday 09:30"),
        # The nearest hour that is inside none: 07:00 is inside the first of the spans, 08:00 inside the second.
        ('every = "1 week"\nserves = ["06:00-08:00", "07:00-09:00"]\nhandover = "Monday 07:30"', "Monday 06:00"),
        # Nights of Sundays only are not met on Wednesdays.
        ('every = "1 week"\nserves = "Sun 20:00-08:00"\nhandover = "Wednesday 23:00"', None),
        ('every = "1 week"\nserves = "Sun 20:00-08:00"\nhandover = "workday 07:00"', "workday 08:00"),
        # Days hand over only when a span begins on them.
        ('every = "1 day"\nserves = "Fri 17:30 - Mon 09:30"\nhandover = "09:00"', None),
        ('every = "1 day"\nserves = "20:00-08:00"\nhandover = "07:00"', "08:00"),
        # The 15th is any day of the week sooner or later.
        ('every = "1 month"\nserves = "Mon-Fri 09:00-17:00"\nhandover = "15th 12:00"', "15th 09:00"),
        ('every = "1 month"\nserves = "Mon 09:00-17:00"\nhandover = "first Tuesday 12:00"', None),
        ('every = "1 month"\nserves = "Fri 17:30 - Mon 09:30"\nhandover = "last 09:00"', "first Monday 09:30"),
        # The first and the third Sunday never meet; a last Sunday can be the fourth.
        ('every = "1 month"\nserves = "3rd Sun 09:00-12:00"\nhandover = "first Sunday 10:00"', None),
        ('every = "1 month"\nserves = "4th Sun 09:00-12:00"\nhandover = "last Sunday 10:00"', "last Sunday 09:00"),
        ('every = "1 month"\nserves = "4th Sun 09:00-12:00"\nhandover = "28th 10:00"', "28th 09:00"),
        ('every = "1 month"\nserves = "4th Sun 09:00-12:00"\nhandover = "21st 10:00"', None),
        # On Sunday, 28 February 2027, among few others.
        ('every = "1 month"\nserves = "4th Sat 09:00-09:00"\nhandover = "last 06:00"', "last 09:00"),
        ('every = "1 month"\nserves = "1st Sat 20:00-08:00"\nhandover = "first workday 07:00"', None),
        ('every = "1 month"\nserves = "1st Sun 20:00-08:00"\nhandover = "first workday 07:00"', "first workday 08:00"),
        # 12 January 2027 is a Tuesday, 23 February too.
        ('starts = [2027-01-12, 2027-02-23]\nserves = "Tue 09:00-17:00"\nhandover = "12:00"', "09:00"),
        ('starts = [2027-01-12, 2027-02-23]\nserves = "Wed 09:00-17:00"\nhandover = "12:00"', None),
    ],
)  # fmt: skip
def test_no_handover_is_inside_a_span(tmp_path: Path, keys: str, works: str | None) -> None:
    if works is None:
        assert _desk(tmp_path, keys).serves
        return
    assert _codes(tmp_path, keys) == [("handover-inside-span", f'write `handover = "{works}"`')]
    first, _, _ = keys.rpartition("handover")
    assert _desk(tmp_path, f'{first}handover = "{works}"').serves


# Closed days


@pytest.mark.parametrize(
    ("value", "closed"),
    [
        ("[]", NEVER_CLOSED),
        ('"holidays"', Closed(holidays=True)),
        ("2026-12-24", Closed(((date(2026, 12, 24), date(2026, 12, 25)),))),
        ("{ from = 2026-12-24 }", Closed(((date(2026, 12, 24), date(2026, 12, 25)),))),
        ("{ from = 2026-12-24, to = 2027-01-03 }", Closed(((date(2026, 12, 24), date(2027, 1, 4)),))),
        ('{ from = 2027-06-30, to = "open", note = "the end" }', Closed(((date(2027, 6, 30), date.max),))),
        (
            '["holidays", { from = 2027-06-30, to = "open" }, { from = 2026-12-28, to = 2027-01-03 }, 2026-12-27]',
            Closed(((date(2026, 12, 27), date(2027, 1, 4)), (date(2027, 6, 30), date.max)), holidays=True),
        ),
    ],
)
def test_closed_days(tmp_path: Path, value: str, closed: Closed) -> None:
    assert _desk(tmp_path, f"{EVERY}closed = {value}").closed == closed
    roster = _roster(tmp_path, EVERY, f"closed = {value}")
    assert (roster.closed, roster.rotations["desk"].closed, roster.closed_of("desk")) == (closed, None, closed)


def test_a_rotation_replaces_the_closed_days_of_the_rota(tmp_path: Path) -> None:
    roster = _roster(tmp_path, f"{EVERY}closed = []", 'closed = "holidays"')
    assert roster.closed == Closed(holidays=True)
    assert roster.closed_of("desk") == NEVER_CLOSED


# Lengths and parts


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("11 hours", Length(11, "hours")), ("2 days", Length(2, "days")), ("0 weeks", NO_TIME),
        ("3 weeks", Length(3)), ("1 month", Length(1, "months")),
    ],
)  # fmt: skip
def test_rest(tmp_path: Path, text: str, length: Length) -> None:
    assert _desk(tmp_path, f'{EVERY}rest = "{text}"').rest == length
    if length.unit == "hours":
        assert [code for code, _ in _codes(tmp_path, f'{EVERY}team-rest = "{text}"')] == ["not-a-length"]
        return
    assert _desk(tmp_path, f'{EVERY}team-rest = "{text}"').team_rest == length
    rules = _roster(tmp_path, rules=f'long-leave = "{text}"\nfreeze = "{text}"').rules
    assert (rules.long_leave, rules.freeze) == (length, length)


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("3 per 26 weeks", Limit(3, Length(26))), ("1 per week", Limit(1, Length(1))),
        ("2 per 1 month", Limit(2, Length(1, "months"))), ("2 per month", Limit(2, Length(1, "months"))),
        ("1 per 5 days", Limit(1, Length(5, "days"))),
    ],
)  # fmt: skip
def test_a_limit_on_duties(tmp_path: Path, text: str, limit: Limit) -> None:
    assert _roster(tmp_path, rules=f'max-duties = "{text}"').rules.limits == (limit,)


@pytest.mark.parametrize(("value", "tolerance"), [("0", 0), ("2", 2), ('"1/4"', 0.25), ('" 2/3 "', 2 / 3)])
def test_tolerated_days(tmp_path: Path, value: str, tolerance: float) -> None:
    assert _desk(tmp_path, f"{EVERY}leave-tolerance = {value}").leave_tolerance == tolerance


# One mistake, one problem


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('every = "2 days"', 'every = "2 dogs"'),
        ('handover = "09:30"', 'handover = "nine"'),
        ('handover = "09:30"', 'handover = "Monday 09:30"'),
        ('"Fri 17:30 - Mon 09:30"', '"Fry 17:30 - Mon 09:30"'),
        ('"Fri 17:30 - Mon 09:30"', '"Fri 17:30 - Mon 09:31"'),
        ("anchor = 2027-01-04", 'anchor = "soon"'),
        ("closed = 2027-01-05", "closed = 2027"),
        ('"24/7" = ["desk"]', '"24/8" = ["desk"]'),
        ('"24/7" = ["desk"]', '"24/7" = ["disk"]'),
        ('weekend = "Sat-Sun"', 'weekend = "Sat-Son"'),
    ],
)
def test_one_mistake_is_one_problem(tmp_path: Path, right: str, wrong: str) -> None:
    desk = (
        'every = "2 days"\nhandover = "09:30"\nserves = ["Mon-Thu 17:30-09:30", "Fri 17:30 - Mon 09:30"]\n'
        "anchor = 2027-01-04\nclosed = 2027-01-05\n"
    )
    text = ROSTER.format(desk=desk, rota='coverage = { "24/7" = ["desk"] }', rules='counts = { weekend = "Sat-Sun" }')
    assert read_text(tmp_path, text).roster
    assert text.count(right) == 1
    with pytest.raises(Refused) as caught:
        read_text(tmp_path, text.replace(right, wrong))
    assert len(caught.value.problems) == 1


# Volunteers and coverage


def test_a_rotation_of_volunteers_has_only_optional_seats(tmp_path: Path) -> None:
    text = ROSTER.format(desk=EVERY, rota="", rules="").replace('["primary", "backup"]', "[]")
    desk = read_text(tmp_path, text.replace(EVERY, f'{EVERY}optional-seats = ["host", "host"]\n')).roster.rotations[
        "desk"
    ]
    assert desk.is_voluntary
    assert [seat.name for seat in desk.seats] == ["host-1", "host-2"]
    with pytest.raises(Refused, match="so nobody would serve"):
        read_text(tmp_path, text)


def test_coverage_names_rotations(tmp_path: Path) -> None:
    roster = _roster(tmp_path, rota='coverage = { "24/7" = ["desk"], "Mon-Fri 09:00-17:00" = "desk" }')
    assert [cover.text for cover in roster.coverage] == ["24/7", "Mon-Fri 09:00-17:00"]
    assert _codes(tmp_path, rota='coverage = { "24/7" = ["disk"] }') == [("unknown-rotation", "did you mean `desk`?")]


# Against the calendar

_HOURS = st.sampled_from(["06:00", "09:00", "12:00", "18:00"])
_DAYS = st.sampled_from(["Mon", "Thu", "Sat", "Sun", "Mon-Fri", "Sat-Sun", "1st Sun", "3rd Thu", "4th Sat", "last Mon"])
_SPAN = st.one_of(
    st.builds("{} {}-{}".format, _DAYS, _HOURS, _HOURS),
    st.builds("Fri {} - Mon {}".format, _HOURS, _HOURS),
    st.builds("{}-{}".format, _HOURS, _HOURS),
    _DAYS,
)
_DAY = {
    "1 day": [""],
    "1 week": ["Monday ", "Saturday ", "workday "],
    "1 month": [
        "1st ",
        "15th ",
        "28th ",
        "last ",
        "first Monday ",
        "third Thursday ",
        "last Saturday ",
        "first workday ",
    ],
}


@pytest.mark.no_cover  # quicker tests run the same lines
@settings(deadline=None, max_examples=120 if ALL else 40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([(every, day) for every in _DAY for day in _DAY[every]]),
    _HOURS,
    st.lists(_SPAN, min_size=1, max_size=2),
)
def test_handovers_inside_spans_are_those_of_the_calendar(
    tmp_path: Path, when: tuple[str, str], hour: str, spans: list[str]
) -> None:
    keys = f'every = "{when[0]}"\nhandover = "{when[1]}{hour}"\nserves = {spans}'
    with pytest.MonkeyPatch.context() as unchecked:
        unchecked.setattr("setrota.files.roster.cadence._check_spans", lambda *_: None)
        roster = _roster(tmp_path, keys)
    start, end = date(2024, 1, 1), date(2028, 1, 1)
    served = service.spans(roster, Period(start, end, "desk"))
    handovers = [instant_of(roster, "desk", each.start) for each in periods_from(roster, "desk", start, end)]
    inside = any(span.start < handover < span.end for handover in handovers for span in served)
    found = _codes_or_none(tmp_path, keys)
    assert found in ([], ["handover-inside-span"])
    # Some meet only in other years, or where the first working day is a later one, since days before it are closed.
    monthly = when[0] == "1 month" and any(word in f"{spans}" for word in ("1st", "3rd", "4th", "last"))
    assert bool(found) == inside or (found and (monthly or "workday" in when[1]))


def _codes_or_none(folder: Path, keys: str) -> list[str]:
    try:
        _roster(folder, keys)
    except Refused as refused:
        return [problem.code for problem in refused.problems]
    return []


@pytest.mark.parametrize(
    ("keys", "problem"),
    [
        ('evry = "1 week"', ("unknown-key", "did you mean `every`?")),
        ("start = [2027-01-04, 2027-02-01]", ("unknown-key", "did you mean `starts`?")),
        ("every = 7", ("wrong-type", 'write `every = "7 days"`')),
        ("every = 2", ("wrong-type", 'write `every = "2 weeks"`')),
        (f'{EVERY}\nrest = "11.5 hours"', ("not-a-length", 'write `rest = "12 hours"`')),
        (
            f'{EVERY}\nserves = "Mon-Fri 09:00-12:00, 13:00-17:00"',
            ("not-a-span", 'write `serves = ["Mon-Fri 09:00-12:00", "Mon-Fri 13:00-17:00"]`'),
        ),
    ],
)
def test_what_a_hint_writes_is_what_was_meant(tmp_path: Path, keys: str, problem: tuple[str, str]) -> None:
    assert _codes(tmp_path, keys) == [problem]
