"""The commands that repair a duty, as they are proposed: each must mean that duty and no other."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from samples import DAY, ENGINEER, LEAD, PEOPLE, TEAMS, changed, crews, leave, roster, schedule, week

from setrota.check.fixes import command, cover, fill
from setrota.dates.periods import point_at
from setrota.rules import violations
from setrota.schedule import Duty


def test_of_several_duties_on_a_day_the_command_names_the_seat() -> None:
    """`ana` is backup and lead in week 0, and is lead alone in week 1."""
    there = schedule(crews("bo ana|cy dee"), crews("ana", of=LEAD))
    lead, backup = (next(each for each in there.duties() if each.seat == seat) for seat in ("lead", "backup"))
    assert cover(there, backup, week(0) - DAY) == "setrota cover ana 2027-01-04 --seat engineer/backup"
    assert cover(there, lead, week(0)) == "setrota cover ana 2027-01-04 --seat lead/lead"
    assert cover(there, lead, week(1) + DAY) == "setrota cover ana 2027-01-12"


def test_a_command_names_a_day_of_the_duty() -> None:
    there = schedule(crews("bo ana"))
    duty = replace(there.duties()[0], start=week(0) + DAY, end=week(0) + 3 * DAY)
    days = [cover(there, duty, day).rpartition(" ")[2] for day in (week(0), week(0) + 2 * DAY, week(1))]
    assert days == ["2027-01-05", "2027-01-06", "2027-01-06"]


def test_an_empty_seat_is_named_with_its_rotation() -> None:
    """`primary` may be a seat of another rotation too."""
    [crew] = crews("bo ana")
    there = schedule([changed(crew, "primary", None, week(0) + 2 * DAY)])
    [empty] = [duty for duty in there.duties() if duty.seat == "primary" and duty.person is None]
    assert fill(empty, week(0)) == "setrota fill 2027-01-06 engineer/primary"
    assert fill(empty, week(0) + 4 * DAY) == "setrota fill 2027-01-08 engineer/primary"


def test_a_part_that_begins_within_a_day_is_named_by_an_instant_on_its_own_clock() -> None:
    """Handovers are at 09:00 in Tokyo; the rota is in Toronto, 14 hours behind it, and that changes nothing."""
    given = roster(PEOPLE, replace(ENGINEER, zone=ZoneInfo("Asia/Tokyo")))
    zone = given.zone_of("engineer")
    times = (datetime(2027, 1, *each, tzinfo=zone) for each in ((6, 14), (6, 20), (8, 14)))
    start, end, later = (point_at(given, "engineer", each) for each in times)
    part, today = Duty(start, end, "engineer", "primary", None), date(2027, 1, 6)
    words = {fill(part), fill(part, week(0)), fill(part, week(1)), fill(part, start, today)}
    assert words == {"setrota fill 2027-01-06T14:00 engineer/primary"}
    longer = replace(part, end=later)
    assert fill(longer, start, today) == fill(part)
    assert fill(longer, today + DAY, today + DAY) == "setrota fill 2027-01-07 engineer/primary"


@pytest.mark.parametrize(
    ("first", "wanted"), [(week(1), "setrota replan"), (week(1) + 2 * DAY, "setrota cover cy 2027-01-13")]
)
def test_a_part_of_a_duty_is_for_people_to_cover(first: date, wanted: str) -> None:
    """`cy`, who took `ana`'s seat of week 1, is away in that week: planning again moves whole duties only."""
    [crew] = crews("ana bo", first=1)
    there = schedule([changed(crew, "primary", "cy", first)])
    away = [replace(each, leave=(leave(week(1), days=7),)) if each.handle == "cy" else each for each in PEOPLE]
    given = roster(away, teams=TEAMS)
    [violation] = [each for each in violations(given, there) if each.rule == "leave"]
    assert command(given, there, violation, week(0)) == wanted
