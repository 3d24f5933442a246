"""Whatever happened to a schedule, what `show --format csv` writes imports again: the same duties and rows."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest
import samples
from samples import MONDAY, roster, rotation

from setrota.dates.cuts import Cut
from setrota.dates.grid import periods_from
from setrota.dates.periods import DAY, moment_of, point_at
from setrota.files.duties_csv import import_duties
from setrota.problems import Refused
from setrota.reports.duties import as_csv
from setrota.roster import ALWAYS, WORKING_DAYS, Handover, Length, Roster
from setrota.schedule import Crew, Duty, Schedule, empty_crew, without_empty_optional
from setrota.schedule.moves import give_duty

PEOPLE = "ana bo cy dee eli"
GRIDS = {
    "weeks": rotation("weeks", "primary backup", serves=ALWAYS),
    "days": rotation("days", "triage triage", every=Length(2, "days"), serves=WORKING_DAYS),
    "months": rotation(
        "months", "captain mate", every=Length(1, "months"), serves=ALWAYS, optional=frozenset({"mate"})
    ),
    "starts": rotation("starts", "shepherd", starts=(MONDAY, MONDAY + 40 * DAY, MONDAY + 75 * DAY)),
}
PLACE = roster(PEOPLE, GRIDS.values())


def planned(random: Random, place: Roster) -> Schedule:
    """Ten weeks of every rotation, in which some seats stayed empty and one period ends early."""
    crews = []
    for name in place.rotations:
        for period in periods_from(place, name, MONDAY, MONDAY + 70 * DAY):
            crew = empty_crew(place, period)
            seats = {seat: random.choice([None, *PEOPLE.split()]) for seat in crew.seats}
            crews.append(Crew(period, seats))
    return Schedule(place.short_name, tuple(crews))


def part_of(random: Random, place: Roster, duty: Duty) -> Duty:
    """Some of a duty, from one minute to another."""
    start, end = (moment_of(place, duty.rotation, point) for point in (duty.start, duty.end))
    minutes = int((end - start) / timedelta(minutes=1))
    cuts = sorted(random.choice([0, minutes, random.randrange(minutes), random.randrange(minutes)]) for _ in "ab")
    first, last = (point_at(place, duty.rotation, start + timedelta(minutes=cut)) for cut in cuts)
    return duty if first == last else Duty(first, last, duty.rotation, duty.seat, duty.person)


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", range(30))
def test_what_show_writes_imports_again_whatever_happened(seed: int) -> None:
    random = Random(seed)
    schedule = planned(random, PLACE)
    for _ in range(40):
        duty = part_of(random, PLACE, random.choice(schedule.duties()))
        schedule = give_duty(schedule, duty, random.choice([None, *PEOPLE.split()]), samples.NOW)
    text = as_csv(PLACE, schedule.duties(), schedule.period_of)

    back = import_duties(text, "show.csv", PLACE, samples.schedule(), now=samples.NOW).schedule

    assert shown(back) == shown(schedule)
    assert as_csv(PLACE, back.duties(), back.period_of) == text
    assert import_duties(text, "show.csv", PLACE, back, now=samples.NOW).schedule == back
    assert import_duties(text, "show.csv", PLACE, schedule, now=samples.NOW).schedule == schedule
    assert {each.period: served(each) for each in back.crews if served(each)} == {
        each.period: served(each) for each in schedule.crews if served(each)
    }


def shown(schedule: Schedule) -> set[Duty]:
    return set(without_empty_optional(PLACE, schedule.duties()))


def served(crew: Crew) -> dict[str, dict[str, float]]:
    """Each person's part of each seat, which balances count."""
    held = crew.credits(PLACE)
    return {seat: {who: round(part, 9) for who, part in held[seat].items()} for seat in held if held[seat]}


def test_the_random_schedules_have_cuts_and_empty_seats() -> None:
    random = Random(0)
    duties = [part_of(random, PLACE, duty) for duty in planned(random, PLACE).duties()]
    assert sum(isinstance(duty.start, Cut) for duty in duties) > 10
    assert sum(duty.person is None for duty in duties) > 5


# Rows that people write


def imported(*rows: str, place: Roster = PLACE) -> Schedule:
    text = "\n".join(["start,end,rotation,seat,person,period", *rows, ""])
    return import_duties(text, "past.csv", place, samples.schedule(), now=samples.NOW).schedule


def said(*rows: str) -> list[str]:
    with pytest.raises(Refused) as refused:
        imported(*rows)
    return [str(problem) for problem in refused.value.problems]


def test_single_days_of_a_weekly_rotation_are_history_of_their_own() -> None:
    """An end is a last day, or the instant of the handover after it."""
    found = imported("2027-01-04,2027-01-04,weeks,primary,ana", "2027-01-05,2027-01-06T09:00,weeks,primary,bo")
    assert [(each.period.start, each.period.end, each.seats["primary"]) for each in found.crews] == [
        (MONDAY, MONDAY + DAY, "ana"),
        (MONDAY + DAY, MONDAY + 2 * DAY, "bo"),
    ]


def test_rows_without_an_end_are_periods_of_their_rotation() -> None:
    found = imported(
        "2027-01-04,,weeks,primary,ana",
        "2026-12-31,,days,triage,ana",
        "2027-02-01,,months,captain,ana",
        "2027-02-13,,starts,shepherd,ana",
    )
    assert {each.period.rotation: (each.period.start, each.period.end) for each in found.crews} == {
        "weeks": (MONDAY, MONDAY + 7 * DAY),
        # Two working days: Thursday and Friday.
        "days": (date(2026, 12, 31), MONDAY),
        "months": (date(2027, 2, 1), date(2027, 3, 1)),
        "starts": (date(2027, 2, 13), date(2027, 3, 20)),
    }


def test_a_part_at_the_minute_is_a_cover_of_the_period() -> None:
    [crew] = imported(
        "2027-01-04,2027-01-10,weeks,backup,cy",
        "2027-01-04,2027-01-06T14:00,weeks,primary,ana,2027-01-04/2027-01-10",
        "2027-01-06T14:00,2027-01-10,weeks,primary,bo,2027-01-04/2027-01-10",
    ).crews
    assert crew.seats == {"primary": "bo", "backup": "cy"}
    [change] = crew.changes
    assert (change.was, change.now, change.start, str(change.end)) == ("bo", "ana", None, "2027-01-06T14:00")


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (
            "2027-01-04,2027-01-06,weeks,primary,ana,2027-01-04",
            "error: past.csv:2: `2027-01-04` is not a period [not-a-period]\n"
            "  hint: write its start and end: `2027-02-08/2027-02-14`, or leave the cell empty",
        ),
        (
            "2027-01-03,2027-01-06,weeks,primary,ana,2027-01-04/2027-01-10",
            "error: past.csv:2: 2027-01-03 to 2027-01-06 is outside the period, 2027-01-04 to 2027-01-10 "
            "[outside-its-period]\n  hint: correct `start`, `end` or `period`",
        ),
        (
            "2027-01-01,2027-01-01,days,triage,ana,2027-01-01/2027-01-04",
            "error: past.csv:2: this row is a part of a period, and `triage` could be several seats [ambiguous-seat]\n"
            "  hint: write `triage-1` or `triage-2`",
        ),
        (
            "2027-02-03,,months,captain,ana",
            "error: past.csv:2: no period of `months` begins on 2027-02-03: the one then begins on 2027-02-01 "
            "[wrong-weekday]\n  hint: if this period was irregular, give its last day in the column `end`",
        ),
    ],
)
def test_rows_that_say_too_little(row: str, expected: str) -> None:
    assert said(row) == [expected]


def test_parts_that_overlap_are_reported() -> None:
    week = "2027-01-04/2027-01-10"
    assert said(
        f"2027-01-04,2027-01-06,weeks,primary,ana,{week}",
        f"2027-01-06,2027-01-07,weeks,primary,bo,{week}",
        "2027-01-04,2027-01-10,weeks,primary,cy",
    ) == [
        "error: past.csv:3: `primary` from 2027-01-06 is already taken by `ana` (line 2) [seat-taken]",
        "error: past.csv:4: `primary` from 2027-01-04 is already taken in part (line 2) [seat-taken]",
    ]


def test_the_hour_of_a_handover_is_that_of_its_rotation() -> None:
    place = roster(PEOPLE, rotation("desk", handover=Handover(2, samples.roster().handover.time)))
    [crew] = imported("2027-01-06T09:00:00-05:00,2027-01-13T09:00,desk,desk,ana", place=place).crews
    assert (crew.period.start, crew.period.end) == (date(2027, 1, 6), date(2027, 1, 13))
