"""Importing past duties: what is imported, what is refused, and that importing twice changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
import samples

from setrota.dates.periods import Period
from setrota.files.duties_csv import Imported, import_duties
from setrota.files.schedule import parse_schedule, schedule_text
from setrota.problems import USAGE, Refused
from setrota.reports.duties import as_csv
from setrota.roster import Handover, Person, Team, seats_named
from setrota.schedule import Change, Crew, Pool, Schedule

ROSTER = samples.roster(
    [
        Person("ana", "Ana Ito"),
        Person("bo", "Bo Lindqvist"),
        Person("cy", "Zoë Brun"),
        Person("dee", "Sam Roe", start=date(2026, 1, 1)),
        Person("eli", "Sam Roe"),
    ],
    teams=[Team("channels", "Channels", {"leads": ("ana",), "engineers": ("bo", "cy", "dee", "eli")})],
)
EMPTY = samples.schedule()
EVERYBODY = {"bo": 1.0, "cy": 1.0, "dee": 1.0, "eli": 1.0}


def imported(*rows: str, schedule: Schedule = EMPTY, header: str = "start,rotation,seat,person,end") -> Imported:
    return import_duties("\n".join([header, *rows, ""]), "past.csv", ROSTER, schedule, now=samples.NOW)


def refusals(*rows: str, schedule: Schedule = EMPTY, header: str = "start,rotation,seat,person,end") -> list[str]:
    with pytest.raises(Refused) as caught:
        imported(*rows, schedule=schedule, header=header)
    assert caught.value.exit_status == USAGE
    return [str(problem) for problem in caught.value.problems]


def seats(result: Imported, start: date, rotation: str = "engineer") -> dict[str, str | None]:
    crew = result.schedule.crew(rotation, start)
    assert crew
    return dict(crew.seats)


def test_rows_of_one_period_make_one_crew() -> None:
    result = imported(
        "2026-01-05,engineer,primary,bo",
        "2026-01-05,engineer,engineer-2,dee",
        "2026-01-05,engineer,engineer,cy",
        "2026-01-05,lead,lead,ana",
    )

    # The row that names engineer-2 gets it, wherever it is; the row that names the kind gets the other number.
    engineers = {"primary": "bo", "backup": None, "engineer-1": "cy", "engineer-2": "dee"}
    assert result.schedule.crews == (
        Crew(Period(date(2026, 1, 5), date(2026, 1, 12), "engineer"), engineers, Pool(EVERYBODY)),
        Crew(Period(date(2026, 1, 5), date(2026, 1, 19), "lead"), {"lead": "ana"}, Pool({"ana": 1.0})),
    )
    assert result.added == 4


def test_a_kind_takes_its_numbers_in_the_order_of_the_rows() -> None:
    result = imported("2026-01-05,engineer,engineer,dee", "2026-01-05,engineer,engineer,bo")

    assert seats(result, date(2026, 1, 5)) == {
        "primary": None,
        "backup": None,
        "engineer-1": "dee",
        "engineer-2": "bo",
    }


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffStart,Rotation,Seat,Person\r\n2026-01-05,Engineer,PRIMARY,bo\r\n",
        "person;seat;rotation;end;start\nbo;primary;engineer;;2026-01-05\n",
        '\n"start", rotation ,"seat","person",,\n 2026-01-05 , engineer , primary , bo ,,\n,,,,,\n\n',
        "start,rotation,seat,person\r2026-01-05,engineer,primary,Bo  Lindqvist",
        'start,rotation,seat,person\n2026-01-05,engineer,primary,"bo\nlindqvist"\n',
    ],
)
def test_the_spreadsheets_that_people_have(text: str) -> None:
    result = import_duties(text, "past.csv", ROSTER, EMPTY, now=samples.NOW)

    assert seats(result, date(2026, 1, 5))["primary"] == "bo"
    assert result.added == 1


@pytest.mark.parametrize("name", ["Zoë Brun", "zoë brun", "Zoe\u0308 Brun"])
def test_a_display_name_is_known_however_it_is_composed(name: str) -> None:
    assert seats(imported(f"2026-01-05,engineer,backup,{name}"), date(2026, 1, 5))["backup"] == "cy"


@pytest.mark.parametrize(
    ("start", "last", "end"),
    [
        ("2026-01-05", "", date(2026, 1, 12)),
        ("2026-01-05", "2026-01-11", date(2026, 1, 12)),  # Sunday, the last day
        ("2026-01-05", "2026-01-12", date(2026, 1, 12)),  # Monday a week later: the day of the handover
        ("2026-01-05", "2026-01-19", date(2026, 1, 19)),
        ("2026-01-05", "2026-01-09", date(2026, 1, 10)),  # Friday
        ("2026-01-07", "2026-01-07", date(2026, 1, 8)),  # one day, a Wednesday
    ],
)
def test_where_a_period_ends(start: str, last: str, end: date) -> None:
    (crew,) = imported(f"{start},engineer,primary,bo,{last}").schedule.crews

    assert crew.period.end == end


def test_former_members_count_from_their_first_to_their_last_duty_of_the_rotation() -> None:
    result = imported(
        "2025-12-29,engineer,primary,bo",
        "2026-01-05,engineer,primary,zed",
        "2026-01-12,engineer,primary,cy",
        "2026-01-19,engineer,primary,zed",
        "2026-01-26,engineer,primary,bo",
        "2026-01-26,lead,lead,zed",
    )

    engineers = [crew.pool.shares if crew.pool else {} for crew in result.schedule.of("engineer")]
    served = {**EVERYBODY, "zed": 1.0}
    # Dee starts on 1 January 2026, after the first of these weeks has begun.
    assert engineers == [{"bo": 1.0, "cy": 1.0, "eli": 1.0}, served, served, served, EVERYBODY]
    assert [crew.pool for crew in result.schedule.of("lead")] == [Pool({"ana": 1.0, "zed": 1.0})]


def test_notes_say_what_was_assumed() -> None:
    result = imported("2026-01-05,engineer,primary,zed", "2026-01-12,engineer,primary,max")

    assert [str(note) for note in result.notes] == [
        "note: past.csv: `zed` and `max` are not in the roster and are imported as former members [former-member]",
        "note: past.csv: people without a `start` count as members from the first imported period on, 2026-01-05"
        " [member-without-start]\n"
        "  hint: if someone joined later, remove the new blocks, set their `start` in the roster and import again",
    ]


def test_a_handle_that_looks_like_a_typo_is_refused() -> None:
    row = "2026-01-12,engineer,primary,eliz"
    assert refusals(row) == [
        "error: past.csv:2: `eliz` is not in the roster, but `eli` is [likely-typo]\n"
        "  hint: write `eli`, or give `--former eliz` if this is someone else who has left"
    ]
    text = f"start,rotation,seat,person\n{row}\n"
    told = import_duties(text, "past.csv", ROSTER, Schedule(ROSTER.short_name), former=["eliz"], now=samples.NOW)
    assert told.schedule.crews[0].people == {"eliz"}


PAST = (
    "2026-01-05,engineer,primary,bo",
    "2026-01-05,engineer,engineer,zed",
    "2026-01-05,engineer,engineer,dee",
    "2026-01-12,engineer,primary,zed,2026-01-16",
    "2026-01-05,lead,lead,Ana Ito",
)


def test_importing_twice_leaves_the_same_bytes() -> None:
    first = imported(*PAST)
    text = schedule_text(first.schedule, ROSTER)
    again = imported(*PAST, schedule=parse_schedule(text.encode(), "schedule.toml", ROSTER))

    assert again.added == 0
    assert schedule_text(again.schedule, ROSTER) == text


def test_the_order_of_rows_does_not_matter_for_seats_that_the_schedule_has() -> None:
    schedule = imported(*PAST).schedule

    assert imported(*reversed(PAST), schedule=schedule).schedule == schedule


def test_a_longer_spreadsheet_adds_what_is_new() -> None:
    schedule = imported(*PAST).schedule
    result = imported(*PAST, "2026-01-19,engineer,backup,cy", schedule=schedule)

    assert result.added == 1
    assert result.schedule.crews[:-1] == schedule.crews


def test_a_seat_that_got_company_is_still_the_same() -> None:
    before = replace(ROSTER.rotations["engineer"], seats=seats_named(("primary", "engineer")))
    alone = replace(ROSTER, rotations={**ROSTER.rotations, "engineer": before})
    text = "start,rotation,seat,person\n2026-01-05,engineer,engineer,bo\n"
    schedule = import_duties(text, "past.csv", alone, EMPTY, now=samples.NOW).schedule
    assert schedule.crews[0].seats == {"primary": None, "engineer": "bo"}

    assert import_duties(text, "past.csv", ROSTER, schedule, now=samples.NOW).schedule == schedule


def test_a_row_may_name_the_planned_person_or_the_one_who_covered_the_whole_period() -> None:
    planned = imported("2026-01-05,engineer,primary,bo").schedule
    change = Change(datetime(2026, 1, 4, tzinfo=UTC), "primary", "bo", "cy")
    covered = planned.updated([replace(planned.crews[0], changes=(change,))])

    assert imported("2026-01-05,engineer,primary,bo", schedule=covered).schedule == covered
    assert imported("2026-01-05,engineer,primary,cy", schedule=covered).schedule == covered
    assert "the schedule already has `bo`" in refusals("2026-01-05,engineer,primary,dee", schedule=covered)[0]


def test_every_bad_row_is_named_at_once() -> None:
    said = refusals(
        "2021-11-00,engineer,primary,bo",
        "2021-27-09,engineer,primary,bo",
        "27.09.2021,engineer,primary,bo",
        "0221-09-27,engineer,primary,bo",
        ",engineer,primary,bo",
        "2026-01-05,enginer,primary,bo",
        "2026-01-05,engineer,primery,bo",
        "2026-01-05,engineer,,bo",
        "2026-01-05,engineer,primary,",
        "2026-01-05,engineer,primary,TBC",
        "2026-01-05,engineer,primary,n/a?",
        "2026-01-05,engineer,primary,???",
        "2026-01-05,engineer,primary,BO",
        "2026-01-05,engineer,primary,bo & cy",
        "2026-01-05,engineer,primary,bo zed and cy",
        "2026-01-05,engineer,primary,bo cy",
        "2026-01-05,engineer,primary,@bo",
        "2026-01-05,engineer,primary,Bo Lindqist",
        "2026-01-05,engineer,primary,sam roe",
        "2026-01-07,engineer,primary,bo",
        "2026-01-05,engineer,primary,bo,2026-01-04",
        "2026-01-05,engineer,primary,bo,2027-01-11",
        "2026-01-05,engineer,primary,bo,,late",
        "2026-02-02,engineer,primary,zed",
        "2026-02-09,engineer,primary,Zed",
    )
    assert "\n".join(said) + "\n" == EXPECTED


EXPECTED = """\
error: past.csv:2: there is no such day as `2021-11-00` [no-such-date]
  hint: write dates as year-month-day, such as `2027-02-08`
error: past.csv:3: there is no such day as `2021-27-09` [no-such-date]
  hint: write dates as year-month-day, such as `2027-02-08`
error: past.csv:4: `27.09.2021` is not a date [not-a-date]
  hint: write dates as year-month-day, such as `2027-02-08`
error: past.csv:5: `0221-09-27` has an unlikely year [year-out-of-range]
  hint: check the year
error: past.csv:6: `start` is empty [empty-cell]
  hint: write dates as year-month-day, such as `2027-02-08`
error: past.csv:7: there is no rotation `enginer` [unknown-rotation]
  hint: did you mean `engineer`?
error: past.csv:8: there is no seat `primery` [unknown-seat]
  hint: did you mean `primary`?
error: past.csv:9: `seat` is empty [empty-cell]
error: past.csv:10: `person` is empty [empty-cell]
  hint: leave the row out if nobody served
error: past.csv:11: `TBC` is not a person [nobody-yet]
  hint: leave the row out if nobody served
error: past.csv:12: `n/a?` is not a person [nobody-yet]
  hint: leave the row out if nobody served
error: past.csv:13: `???` is not a person [nobody-yet]
  hint: leave the row out if nobody served
error: past.csv:14: `BO` is spelled `bo` elsewhere [two-spellings]
  hint: write `bo`
error: past.csv:15: `bo & cy` names more than one person [several-people]
  hint: write one row for each person
error: past.csv:16: `bo zed and cy` names more than one person [several-people]
  hint: write one row for each person
error: past.csv:17: `bo cy` names more than one person [several-people]
  hint: write one row for each person
error: past.csv:18: nobody in the roster is called `@bo` [unknown-person]
  hint: did you mean `bo`?
error: past.csv:19: nobody in the roster is called `Bo Lindqist` [unknown-person]
  hint: did you mean `Bo Lindqvist`?
error: past.csv:20: 2 people are called `sam roe` [ambiguous-name]
  hint: write `dee` or `eli`
error: past.csv:21: 2026-01-07 is a Wednesday, but the handover is on Monday [wrong-weekday]
  hint: if this period was irregular, give its last day in the column `end`
error: past.csv:22: this period ends on 2026-01-04, before it starts on 2026-01-05 [ends-before-it-starts]
error: past.csv:23: this period lasts until 2027-01-11, more than a year [period-too-long]
  hint: check the year
error: past.csv:24: this row has more cells than there are columns [too-many-cells]
  hint: put quotes around a cell that contains a separator
error: past.csv:26: `Zed` is spelled `zed` elsewhere [two-spellings]
  hint: write `zed`
"""


def a_part_of(period: str) -> str:
    return f"\n  hint: if this row is a part of that one, write `{period}` in a column `period`"


def test_rows_that_contradict_each_other() -> None:
    assert refusals(
        "2026-01-05,engineer,primary,bo",
        "2026-01-05,engineer,primary,cy",
        "2026-01-05,engineer,primary,bo",
        "2026-01-05,engineer,engineer,cy",
        "2026-01-05,engineer,engineer-2,dee",
        "2026-01-05,engineer,engineer,eli",
        "2026-01-05,engineer,engineer,cy",
        "2026-01-05,engineer,backup,eli,2026-01-09",
        "2026-01-10,engineer,primary,cy,2026-01-16",
        "2026-01-12,engineer,primary,cy",
    ) == [
        "error: past.csv:3: `primary` from 2026-01-05 is already taken by `bo` (line 2) [seat-taken]",
        "error: past.csv:4: this row repeats line 2 [row-twice]\n  hint: delete one of them",
        "error: past.csv:7: `engineer` from 2026-01-05 is already taken by `cy` (line 5) and `dee` (line 6)"
        " [seat-taken]",
        "error: past.csv:8: this row repeats line 5 [row-twice]\n  hint: delete one of them",
        "error: past.csv:9: this period ends on 2026-01-09 here but on 2026-01-11 in line 2 [different-ends]"
        + a_part_of("2026-01-05/2026-01-11"),
        "error: past.csv:10: this period overlaps the one in line 2, 2026-01-05 to 2026-01-11 [overlapping-periods]"
        + a_part_of("2026-01-05/2026-01-11"),
        "error: past.csv:11: this period overlaps the one in line 10, 2026-01-10 to 2026-01-16 [overlapping-periods]"
        + a_part_of("2026-01-10/2026-01-16"),
    ]


def test_a_long_period_overlaps_every_short_one_within_it() -> None:
    assert refusals(
        "2026-01-05,engineer,primary,bo,2026-01-25",
        "2026-01-12,engineer,primary,cy,2026-01-18",
        "2026-01-19,engineer,primary,dee,2026-01-25",
    ) == [
        "error: past.csv:3: this period overlaps the one in line 2, 2026-01-05 to 2026-01-25 [overlapping-periods]"
        + a_part_of("2026-01-05/2026-01-25"),
        "error: past.csv:4: this period overlaps the one in line 2, 2026-01-05 to 2026-01-25 [overlapping-periods]"
        + a_part_of("2026-01-05/2026-01-25"),
    ]


def as_planned(schedule: Schedule) -> Schedule:
    """The same schedule as if setrota had planned it."""
    return schedule.updated([crew.sealed(datetime(2025, 12, 1, tzinfo=UTC), 1) for crew in schedule.crews])


def test_rows_that_contradict_the_schedule() -> None:
    schedule = as_planned(imported(*PAST).schedule)

    assert refusals(
        "2026-01-05,engineer,primary,cy",
        "2026-01-05,engineer,backup,cy",
        "2026-01-05,engineer,engineer,cy",
        "2026-01-12,engineer,primary,zed,2026-01-18",
        "2026-01-10,engineer,primary,bo,2026-01-11",
        "2025-12-29,engineer,primary,bo,2026-01-08",
        "2026-01-12,lead,lead,ana",
        schedule=schedule,
    ) == [
        "error: past.csv:2: the schedule already has `bo` as `primary` from 2026-01-05 [seat-already-planned]\n"
        "  hint: importing never overwrites the schedule; edit it by hand",
        "error: past.csv:3: the schedule already has nobody as `backup` from 2026-01-05 [seat-already-planned]\n"
        "  hint: importing never overwrites the schedule; edit it by hand",
        "error: past.csv:4: the schedule already has `zed` as `engineer-1` from 2026-01-05 [seat-already-planned]\n"
        "  hint: importing never overwrites the schedule; edit it by hand",
        "error: past.csv:5: this period ends on 2026-01-18 here but on 2026-01-16 in the schedule [different-ends]"
        + a_part_of("2026-01-12/2026-01-16"),
        "error: past.csv:6: this period overlaps one in the schedule, 2026-01-05 to 2026-01-11 [overlapping-periods]"
        + a_part_of("2026-01-05/2026-01-11"),
        "error: past.csv:7: this period overlaps one in the schedule, 2026-01-05 to 2026-01-11 [overlapping-periods]"
        + a_part_of("2026-01-05/2026-01-11"),
        "error: past.csv:8: this period overlaps one in the schedule, 2026-01-05 to 2026-01-18 [overlapping-periods]"
        + a_part_of("2026-01-05/2026-01-18"),
    ]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (
            "start,rotation,seat,persn",
            ["error: past.csv:1: there is no column `persn` [unknown-column]\n  hint: did you mean `person`?"],
        ),
        (
            "start,rotation,seat,person,Start,xyz",
            [
                "error: past.csv:1: there is no column `xyz` [unknown-column]\n"
                "  hint: the columns are `start`, `rotation`, `seat` and `person`, and optionally `end` and `period`",
                "error: past.csv:1: the column `start` appears twice [named-twice]\n  hint: remove one of them",
            ],
        ),
        (
            "name,HUNTER2SECRET,startt",
            [
                "error: past.csv:1: column 2 is none of a list of duties [unknown-column]\n"
                "  hint: the columns are `start`, `rotation`, `seat` and `person`, and optionally `end` and `period`",
                "error: past.csv:1: there is no column `startt` [unknown-column]\n  hint: did you mean `start`?",
            ],
        ),
        (
            "start,person",
            [
                "error: past.csv:1: the columns `rotation` and `seat` are missing [missing-column]\n"
                "  hint: the first line should name `start`, `rotation`, `seat` and `person`, "
                "and optionally `end` and `period`"
            ],
        ),
    ],
)
def test_a_header_that_cannot_be_used(header: str, said: list[str]) -> None:
    assert refusals("2026-01-05,engineer,primary,bo", header=header) == said


@pytest.mark.parametrize("text", ["", "\ufeff", "\n\n  \n,,\n"])
def test_an_empty_file(text: str) -> None:
    with pytest.raises(Refused, match=r"past\.csv: this file is empty"):
        import_duties(text, "past.csv", ROSTER, EMPTY, now=samples.NOW)


def test_a_quote_that_is_not_closed() -> None:
    assert refusals("2026-01-05,engineer,primary,bo", '2026-01-12,engineer,"primary,cy') == [
        "error: past.csv:3: this is not CSV: unexpected end of data [not-csv]"
    ]


def test_bad_rows_before_a_broken_quote_are_named_too() -> None:
    assert refusals(
        "2026-01-05,engineer,primary,TBC",
        "2026-01-05,engineer,backup,bo",
        "2026-01-05,engineer,backup,cy",
        '2026-01-12,engineer,"primary,cy',
        "2026-01-12,engineer,primary,cy",
    ) == [
        "error: past.csv:2: `TBC` is not a person [nobody-yet]\n  hint: leave the row out if nobody served",
        "error: past.csv:4: `backup` from 2026-01-05 is already taken by `bo` (line 3) [seat-taken]",
        "error: past.csv:5: this is not CSV: unexpected end of data [not-csv]",
    ]


# Empty seats

PRIMARIES = ("2026-01-05,engineer,primary,bo", "2026-01-12,engineer,primary,cy", "2026-01-19,engineer,primary,dee")
BACKUPS = ("2026-01-05,engineer,backup,zed", "2026-01-12,engineer,backup,eli", "2026-01-19,engineer,backup,zed")


def test_one_file_per_seat_gives_what_all_in_one_gives() -> None:
    first = imported(*PRIMARIES)
    both = imported(*BACKUPS, schedule=first.schedule)

    # Zed is in no pool today: he counts from his first to his last duty, as if all rows had been imported at once.
    assert both.schedule == imported(*PRIMARIES, *BACKUPS).schedule
    assert (first.added, both.added) == (3, 3)
    assert imported(*BACKUPS, *PRIMARIES, schedule=both.schedule).added == 0


def test_filling_seats_assumes_nothing_new_about_the_members() -> None:
    notes = imported(*BACKUPS, schedule=imported(*PRIMARIES).schedule).notes

    assert [str(note) for note in notes] == [
        "note: past.csv: `zed` is not in the roster and is imported as a former member [former-member]",
    ]


def test_a_recorded_pool_stays_as_it_is() -> None:
    # When this was planned, Eli wasn't there and Bo worked half time, unlike in today's roster.
    (crew,) = imported(PRIMARIES[0]).schedule.crews
    schedule = Schedule("SET", (replace(crew, pool=Pool({"bo": 0.5, "cy": 1.0})),))

    (filled,) = imported(BACKUPS[0], schedule=schedule).schedule.crews

    assert filled.pool == Pool({"bo": 0.5, "cy": 1.0, "zed": 1.0})


def test_a_kind_takes_the_seats_that_are_left() -> None:
    schedule = imported("2026-01-05,engineer,engineer,bo").schedule
    result = imported("2026-01-05,engineer,engineer,cy", schedule=schedule)

    assert seats(result, date(2026, 1, 5)) == {"primary": None, "backup": None, "engineer-1": "bo", "engineer-2": "cy"}
    assert refusals("2026-01-05,engineer,engineer,dee", schedule=result.schedule) == [
        "error: past.csv:2: the schedule already has `bo` as `engineer-1` from 2026-01-05 [seat-already-planned]\n"
        "  hint: importing never overwrites the schedule; edit it by hand"
    ]


def test_a_seat_that_a_block_by_hand_does_not_name_is_filled() -> None:
    text = 'format = 3\nrota = "SET"\n[engineer.2026-01-05]\nengineer = "bo"\n'
    schedule = parse_schedule(text.encode(), "schedule.toml", ROSTER)
    result = imported("2026-01-05,engineer,engineer,cy", "2026-01-05,engineer,primary,dee", schedule=schedule)

    # The lone `engineer` is number 1 of two.
    assert seats(result, date(2026, 1, 5)) == {"engineer": "bo", "engineer-2": "cy", "primary": "dee"}


def test_a_seat_that_was_planned_to_be_empty_stays_empty() -> None:
    schedule = as_planned(imported(*PRIMARIES).schedule)

    assert refusals(BACKUPS[0], schedule=schedule) == [
        "error: past.csv:2: the schedule already has nobody as `backup` from 2026-01-05 [seat-already-planned]\n"
        "  hint: importing never overwrites the schedule; edit it by hand"
    ]


def test_a_seat_whose_emptiness_was_changed_is_not_filled() -> None:
    (crew, *_others) = imported(*PRIMARIES).schedule.crews
    change = Change(datetime(2026, 1, 4, tzinfo=UTC), "backup", None, "cy", start=date(2026, 1, 7))
    schedule = Schedule("SET", (replace(crew, changes=(change,)),))

    assert "importing never overwrites" in refusals(BACKUPS[0], schedule=schedule)[0]


# What `setrota show --format csv` writes


@pytest.mark.parametrize(
    ("start", "end", "period"),
    [
        ("2027-01-04T09:00:00-05:00", "2027-01-11T09:00:00-05:00", (date(2027, 1, 4), date(2027, 1, 11))),
        # 09:00 in Toronto, written in UTC; Sunday evening there is Monday in Sydney.
        ("2027-01-04T14:00:00Z", "2027-01-11T14:00:00+00:00", (date(2027, 1, 4), date(2027, 1, 11))),
        ("2027-01-04T01:00:00+11:00", "", (date(2027, 1, 3), None)),
        ("2027-01-04 09:00", "2027-01-10", (date(2027, 1, 4), date(2027, 1, 11))),
        # A handover after eight days, not the last of seven: a time makes it exclusive.
        ("2027-01-04T09:00", "2027-01-12T09:00", (date(2027, 1, 4), date(2027, 1, 12))),
    ],
)
def test_a_date_with_a_time_is_a_handover(start: str, end: str, period: tuple[date, date | None]) -> None:
    if period[1] is None:
        assert "2027-01-03 is a Sunday" in refusals(f"{start},engineer,primary,bo,{end}")[0]
        return
    (crew,) = imported(f"{start},engineer,primary,bo,{end}").schedule.crews
    assert crew.period == Period(period[0], period[1], "engineer")


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2027-01-04T25:00", "", "`2027-01-04T25:00` is not a date and time [not-a-date-time]"),
        ("2027-01-04 or so", "", "`2027-01-04 or so` is not a date and time [not-a-date-time]"),
        ("0001-01-01T00:00:00+05:00", "", "`0001-01-01T00:00:00+05:00` has an unlikely year [year-out-of-range]"),
        (
            "2027-01-04",
            "2027-01-04T09:00",
            "this period ends on 2027-01-03, before it starts on 2027-01-04 [ends-before-it-starts]",
        ),
    ],
)
def test_a_date_with_a_time_that_cannot_be(start: str, end: str, said: str) -> None:
    assert f"error: past.csv:2: {said}" in refusals(f"{start},engineer,primary,bo,{end}")[0]


@pytest.mark.parametrize("zone", ["America/Nuuk", "America/Scoresbysund"])
def test_a_handover_that_the_clocks_move_past_midnight_reads_back(zone: str) -> None:
    """Saturday 2027-03-27 23:00 is Sunday 00:00 there, so that day's handover at 23:30 is written as Sunday 00:30."""
    roster = replace(ROSTER, zone=ZoneInfo(zone), handover=Handover(5, time(23, 30)))
    held = samples.schedule(
        samples.crew(date(2027, 3, 20) + number * samples.WEEK, "bo cy dee eli") for number in (0, 1)
    )
    text = as_csv(roster, held.duties())
    assert ",2027-03-28T00:30:00-01:00,engineer,primary,bo," in text
    assert "2027-03-28T00:30:00-01:00,2027-04-03T23:30:00-01:00,engineer,primary,bo," in text

    back = import_duties(text, "show.csv", roster, EMPTY, now=samples.NOW)

    assert [crew.period for crew in back.schedule.crews] == [crew.period for crew in held.crews]


def test_what_show_writes_reads_back() -> None:
    schedule = imported(*PAST, "2026-01-05,engineer,backup,cy", "2026-03-02,engineer,primary,cy").schedule
    text = as_csv(ROSTER, schedule.duties())
    assert text.startswith(
        "start,end,rotation,seat,person,name,teams,period\n"
        "2026-01-05T09:00:00-05:00,2026-01-12T09:00:00-05:00,engineer,primary,bo,Bo Lindqvist,channels,\n"
    )

    back = import_duties(text, "show.csv", ROSTER, EMPTY, now=samples.NOW)

    # Empty seats are rows without a person; a week of five days has its handover on Saturday.
    assert [(crew.period, crew.seats) for crew in back.schedule.crews] == [
        (crew.period, crew.seats) for crew in schedule.crews
    ]
    assert import_duties(text, "show.csv", ROSTER, back.schedule, now=samples.NOW).added == 0


def test_a_handle_that_looks_like_a_formula_reads_back() -> None:
    schedule = imported("2026-01-05,engineer,primary,-zed").schedule
    text = as_csv(ROSTER, schedule.duties())
    assert ",'-zed," in text

    assert import_duties(text, "show.csv", ROSTER, EMPTY, now=samples.NOW).schedule.crews[0].seats["primary"] == "-zed"


def test_a_name_without_a_person_is_a_mistake() -> None:
    header = "start,rotation,seat,person,name"

    assert refusals("2026-01-05,engineer,primary,,Bo Lindqvist", header=header) == [
        "error: past.csv:2: `person` is empty [empty-cell]\n  hint: leave the row out if nobody served"
    ]


def test_a_start_is_judged_by_its_rotation_s_own_handover() -> None:
    friday = replace(ROSTER.rotations["lead"], handover=Handover(4, time(15)))
    roster = replace(ROSTER, rotations={**ROSTER.rotations, "lead": friday})

    def read(*rows: str) -> Imported:
        return import_duties(
            "\n".join(["start,rotation,seat,person", *rows, ""]), "past.csv", roster, EMPTY, now=samples.NOW
        )

    found = read("2026-01-05,engineer,primary,bo", "2026-01-09,lead,lead,ana").schedule
    assert [crew.period for crew in found.crews] == [
        Period(date(2026, 1, 5), date(2026, 1, 12), "engineer"),
        Period(date(2026, 1, 9), date(2026, 1, 23), "lead"),
    ]
    with pytest.raises(Refused) as caught:
        read("2026-01-09,engineer,primary,bo", "2026-01-05,lead,lead,ana")
    hint = "\n  hint: if this period was irregular, give its last day in the column `end`"
    assert [str(problem) for problem in caught.value.problems] == [
        f"error: past.csv:2: 2026-01-09 is a Friday, but the handover is on Monday [wrong-weekday]{hint}",
        f"error: past.csv:3: 2026-01-05 is a Monday, but the handover is on Friday [wrong-weekday]{hint}",
    ]


def test_of_very_many_rows_that_make_no_sense_a_hundred_are_reported() -> None:
    found = refusals(*(f"2026-01-05,engineer,nowhere,bo{number}" for number in range(5000)))
    assert len(found) == 101
    assert found[99].startswith("error: past.csv:101: there is no seat `nowhere` [unknown-seat]")
    assert found[100].startswith("note: there are more than 100 errors; the others are not shown [more-problems]")


def test_so_many_strangers_that_typos_cannot_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handles are compared with the whole roster, one after the other."""
    monkeypatch.setattr("setrota.files.spreadsheet.MOST_COMPARED", 2 * len(ROSTER.people))
    rows = [f"2027-01-{number:02},engineer,primary,former-{number},".replace("-,", ",") for number in (4, 11)]
    assert imported(*rows).added == 2
    [refused] = refusals(*rows, "2027-01-18,engineer,primary,stranger,")
    assert "such as `stranger`" in refused
    assert "[too-many-former]" in refused


def test_how_many_duties_can_be_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"2027-01-{day:02},engineer,primary,bo," for day in (4, 11)]
    monkeypatch.setattr("setrota.files.duties_csv.MOST_ROWS", 2)
    monkeypatch.setattr("setrota.files.duties_csv.MOST_PERIODS", 2)
    assert imported(*rows).added == 2
    monkeypatch.setattr("setrota.files.duties_csv.MOST_PERIODS", 1)
    [periods] = refusals(*rows)
    assert "the schedule would have more than 1 periods [schedule-too-large]" in periods
    monkeypatch.setattr("setrota.files.duties_csv.MOST_ROWS", 1)
    [too_many] = refusals(*rows)
    assert "past.csv:3: this file has more than 1 rows [too-many-rows]" in too_many
