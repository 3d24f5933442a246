"""What `check` says of leave that breaks no rule: days away on duty, and mornings of leave."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time

import pytest
from samples import DAY, PAIR, ZONE, changed, crew, exempt, leave, noon, roster, rotation, schedule, week, with_rules

from setrota.check.absences import days_away
from setrota.check.findings import Finding, all_findings
from setrota.dates.periods import point_at
from setrota.roster import ALWAYS, Length, Person, Roster, Span, Team
from setrota.schedule import Crew

WEEKLY = replace(PAIR, serves=ALWAYS, leave_tolerance=2)


def _found(given: Roster, held: Crew, code: str, now: datetime | None = None) -> list[Finding]:
    return [each for each in all_findings(given, schedule(held), now or noon(week(0) - DAY)) if each.code == code]


def _away(*days: int, leave_of: Iterable[tuple[int, int]] = ()) -> Person:
    entries = [(day, 1) for day in days] + list(leave_of)
    return Person("ana", leave=tuple(leave(week(0) + start * DAY, days=length) for start, length in entries))


def test_somebody_on_duty_who_is_away_is_named_with_the_command_that_fills_it() -> None:
    given = roster([_away(2), "bo"], WEEKLY)
    [finding] = _found(given, crew(week(0), "ana bo", of=WEEKLY), "away-on-duty")
    assert (finding.severity, finding.people, finding.message, finding.command) == (
        "note",
        ("ana",),
        "ana (primary) is on duty on 2027-01-06, but away",
        "setrota cover ana 2027-01-04 --from 2027-01-06 --to 2027-01-06",
    )


def test_days_next_to_each_other_are_one_stretch() -> None:
    """Also a Friday and a Monday between which nobody serves."""
    two_weeks = rotation("desk", every=Length(2), leave_tolerance=5)
    given = roster([_away(1, 4, leave_of=[(7, 2)]), "bo"], two_weeks)
    found = _found(given, crew(week(0), "ana", of=two_weeks), "away-on-duty")
    assert [each.command for each in found] == [
        "setrota cover ana 2027-01-04 --from 2027-01-05 --to 2027-01-05",
        "setrota cover ana 2027-01-04 --from 2027-01-08 --to 2027-01-12",
    ]


def test_weekdays_on_which_they_never_work_count_too() -> None:
    given = roster([Person("ana", works=frozenset(range(6))), "bo"], WEEKLY)
    [finding] = _found(given, crew(week(0), "ana bo", of=WEEKLY), "away-on-duty")
    assert finding.message == "ana (primary) is on duty on 2027-01-10, but away"


def test_too_many_days_are_an_error_and_no_note() -> None:
    given = roster([_away(0, 1, 2), "bo"], WEEKLY)
    held = crew(week(0), "ana bo", of=WEEKLY)
    assert _found(given, held, "away-on-duty") == []
    assert len(_found(given, held, "leave")) == 1
    allowed = with_rules(given, exemptions=exempt("leave", "ana", week(0)))
    assert [each.message for each in _found(allowed, held, "away-on-duty")] == [
        "ana (primary) is on duty from 2027-01-04 to 2027-01-06, but away"
    ]


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (datetime(2027, 1, 5, 12), "2027-01-05 --from 2027-01-06 --to 2027-01-07"),
        (datetime(2027, 1, 6, 8, 59), "2027-01-06 --from 2027-01-06 --to 2027-01-07"),
        (datetime(2027, 1, 6, 9), "2027-01-06 --from 2027-01-06 --to 2027-01-07"),
        (datetime(2027, 1, 6, 10), "2027-01-06 --from now --to 2027-01-07"),
        (datetime(2027, 1, 7, 8, 59), "2027-01-07 --from now --to 2027-01-07"),
        (datetime(2027, 1, 8, 8, 59), "2027-01-08 --from now --to 2027-01-07"),
        (datetime(2027, 1, 8, 9), None),
    ],
)
def test_days_that_are_over_need_nobody(now: datetime, told: str | None) -> None:
    """Wednesday and Thursday, of which each ends at 09:00 of the next day."""
    given = roster([_away(2, 3), "bo"], WEEKLY)
    found = _found(given, crew(week(0), "ana bo", of=WEEKLY), "away-on-duty", now.replace(tzinfo=ZONE))
    assert [each.command for each in found] == ([f"setrota cover ana {told}"] if told else [])


def test_who_covers_the_days_is_not_away() -> None:
    given = roster([_away(2), "bo", "cy"], WEEKLY)
    covered = changed(crew(week(0), "ana bo", of=WEEKLY), "primary", "cy", week(0) + 2 * DAY, week(0) + 3 * DAY)
    assert _found(given, covered, "away-on-duty") == []


def test_who_is_away_on_days_of_a_duty() -> None:
    given = roster([_away(2), "bo"], WEEKLY)
    ana, bo = crew(week(0), "ana bo", of=WEEKLY).duties()
    [found] = days_away(given, ana)
    assert (found.duty, found.days) == (ana, (week(0) + 2 * DAY,))
    assert days_away(given, bo) == []
    assert days_away(given, replace(ana, person=None)) == days_away(given, replace(ana, person="gone")) == []


@pytest.mark.parametrize(("last", "to"), [(3, "2027-01-06"), (2, "2027-01-06T18:00")])
def test_a_part_that_begins_and_ends_within_a_day(last: int, to: str) -> None:
    """ana has Wednesday from 14:00 until 18:00 of a day, and is away on Wednesday and Thursday. A day that she hands
    over before it ends isn't hers, unless it is the only one."""
    given = roster([_away(2, 3), "bo"], WEEKLY)
    given = with_rules(given, exemptions=exempt("leave", "ana", week(0) + 2 * DAY))
    start, end = (
        point_at(given, "engineer", datetime.combine(week(0) + days * DAY, time(hour), ZONE))
        for days, hour in ((2, 14), (last, 18))
    )
    held = changed(crew(week(0), "bo -", of=WEEKLY), "primary", "ana", start, end)
    found = _found(given, held, "away-on-duty")
    assert [each.command for each in found] == [f"setrota cover ana 2027-01-06T14:00 --from 2027-01-06T14:00 --to {to}"]


def test_hours_before_that_of_the_handover_are_the_day_before() -> None:
    """02:00 to 06:00 of Wednesday is between the handovers of Tuesday and Wednesday at 09:00."""
    early = replace(WEEKLY, serves=(Span(start=time(2), end=time(6), nights=0),))
    given = roster([_away(2), "bo"], early)
    [finding] = _found(given, crew(week(0), "ana bo", of=early), "away-on-duty")
    assert finding.message == "ana (primary) is on duty on 2027-01-06, but away"
    assert finding.command == "setrota cover ana 2027-01-04 --from 2027-01-05 --to 2027-01-05"


# The morning of the first day of leave


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (_away(leave_of=[(7, 5)]), True),
        (_away(leave_of=[(6, 5)]), False),  # Sunday is served, so this one is tolerated
        (_away(leave_of=[(8, 5)]), False),
        (_away(leave_of=[(5, 2), (7, 5)]), False),  # the leave began before
    ],
)
def test_a_duty_that_lasts_into_the_first_morning_of_leave(person: Person, told: bool) -> None:
    given = roster([person, "bo"], WEEKLY)
    found = _found(given, crew(week(0), "ana bo", of=WEEKLY), "morning-of-leave")
    assert [(each.severity, each.message, each.command) for each in found] == (
        [
            (
                "note",
                "ana (primary) is on duty until 09:00 on 2027-01-11, the first day of their leave",
                "setrota cover ana 2027-01-04 --from 2027-01-11T00:00",
            )
        ]
        if told
        else []
    )


def test_a_morning_on_a_day_that_is_served_in_another_piece_is_none() -> None:
    """bo has 09:00 to noon of Thursday, ana the days before it and the rest."""
    noon_of_thursday = point_at(roster("ana bo", WEEKLY), WEEKLY.name, noon(week(0) + 3 * DAY))
    held = crew(week(0), "ana cy", of=WEEKLY)
    for end, told in ((week(1), True), (noon_of_thursday, False)):
        part = changed(held, "primary", "bo", start=week(0) + 3 * DAY, end=end)
        found = _found(roster([_away(3), "bo", "cy"], WEEKLY), part, "morning-of-leave")
        assert ["until 09:00 on 2027-01-07" in each.message for each in found] == [True] * told


def test_the_morning_after_the_last_served_day_counts_not_the_handover() -> None:
    """Monday to Friday ends on Saturday at 09:00."""
    held = crew(week(0), "ana bo", of=PAIR)
    [finding] = _found(roster([_away(leave_of=[(5, 7)]), "bo"], PAIR), held, "morning-of-leave")
    assert "until 09:00 on 2027-01-09" in finding.message
    assert _found(roster([_away(leave_of=[(7, 7)]), "bo"], PAIR), held, "morning-of-leave") == []
    by_day = replace(PAIR, serves=(Span(frozenset(range(5)), start=time(9), end=time(17), nights=0),))
    assert _found(roster([_away(leave_of=[(5, 7)]), "bo"], by_day), held, "morning-of-leave") == []


def test_a_morning_that_is_over_is_not_told() -> None:
    given = roster([_away(leave_of=[(7, 5)]), "bo"], WEEKLY)
    held = crew(week(0), "ana bo", of=WEEKLY)
    [finding] = _found(given, held, "morning-of-leave", datetime(2027, 1, 11, 8, 59, tzinfo=ZONE))
    assert finding.command == "setrota cover ana today"
    assert _found(given, held, "morning-of-leave", datetime(2027, 1, 11, 9, tzinfo=ZONE)) == []
    assert date(2027, 1, 11) == week(1)


# Leave that touches no served day


def test_leave_on_days_that_no_rotation_of_theirs_serves() -> None:
    """Saturdays and Sundays, where ana serves Monday to Friday; bo serves at weekends as well."""
    weekend = rotation("weekend", serves=(Span(frozenset({5, 6})),))
    entries = tuple(leave(week(number) + 5 * DAY, days=2) for number in range(8))
    given = roster(
        [Person("ana", leave=entries), Person("bo", leave=entries)],
        [PAIR, weekend],
        [Team("a", "A", {"engineers": ("ana", "bo"), "weekends": ("bo",)})],
    )
    found = [each for each in all_findings(given, schedule(), noon(week(1))) if each.code == "leave-without-effect"]
    assert [(each.severity, each.people, each.message) for each in found] == [
        (
            "note",
            ("ana",),
            "no rotation of ana's is served on any day of this leave: 2027-01-16 to 2027-01-17, 2027-01-23 to "
            "2027-01-24, 2027-01-30 to 2027-01-31, 2027-02-06 to 2027-02-07, 2027-02-13 to 2027-02-14 and 2 more",
        )
    ]
    longer = replace(given.people["ana"], leave=(leave(week(1) + 5 * DAY, days=3),))
    changed_roster = replace(given, people=dict(given.people) | {"ana": longer})
    assert not [
        each for each in all_findings(changed_roster, schedule(), noon(week(1))) if each.code == "leave-without-effect"
    ]
