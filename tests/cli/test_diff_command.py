"""`setrota diff`: against git and files, for people, programs and reviews."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from command_line import Desk, small
from repository import Repository, cover

pytestmark = pytest.mark.git

WEEK = timedelta(weeks=1)
SCHEDULE = """\
format = 3
rota = "FD"

[desk.2027-01-04]
primary = "ana"
backup = "dee"

[desk.2027-01-11]
primary = "bo"
backup = "eli"

[desk.2027-01-18]
primary = "cy"
backup = "fay"

[desk.2027-01-25]
primary = "ana"
backup = ""
"""
FIRST = date(2027, 1, 4)
NOW = "2026-12-24T10:00"
"""18 days before 2027-01-11."""


@pytest.fixture
def kept(empty: Desk) -> Desk:
    """A small rota of four weeks in a repository; its last backup seat is empty."""
    empty.write("rotations.toml", small())
    empty.write("schedule.toml", SCHEDULE)
    Repository(empty).begin()
    return empty


@pytest.fixture
def revised(kept: Desk) -> Desk:
    """Ana and cy traded weeks, bo is ill from Wednesday, fay left, a seat was filled, a week was added."""
    cover(kept, FIRST, "primary", "cy", rotation="desk")
    cover(kept, FIRST + 2 * WEEK, "primary", "ana", rotation="desk")
    cover(kept, FIRST + WEEK, "primary", "fay", date(2027, 1, 13), date(2027, 1, 18), rotation="desk")
    cover(kept, FIRST + 2 * WEEK, "backup", None, rotation="desk")
    cover(kept, FIRST + 3 * WEEK, "backup", "dee", rotation="desk")
    text = (kept.folder / "schedule.toml").read_text()
    kept.write("schedule.toml", f'{text}\n[desk.2027-02-01]\nprimary = "eli"\nbackup = ""\n')
    return kept


DIFF = """\
5 duties differ from HEAD: 1 person gains days, 2 people lose days, 2 people
change days or seats, 1 seat is emptied and 1 empty seat is filled. 1 period
with 1 empty seat is newly planned, 2027-02-01 to 2027-02-07. `--all` lists
their duties.

from        to          seat     was     now     notice
───────────────────────────────────────────────────────────
2027-01-04  2027-01-10  primary  ana     cy      in 11 days
2027-01-13  2027-01-17  primary  bo      fay     in 20 days
2027-01-18  2027-01-24  primary  cy      ana     in 25 days
2027-01-18  2027-01-24  backup   fay     NOBODY  in 25 days
2027-01-25  2027-01-31  backup   NOBODY  dee     in 32 days

ana  moves from 2027-01-04 to 2027-01-18 (primary), in 11 days
bo   loses primary, 2027-01-13 to 2027-01-17, in 20 days
cy   moves from 2027-01-18 to 2027-01-04 (primary), in 11 days
dee  gains backup, 2027-01-25 to 2027-01-31, in 32 days
fay  gains primary, 2027-01-13 to 2027-01-17, in 20 days
     loses backup, 2027-01-18 to 2027-01-24, in 25 days
"""


def test_the_whole_at_80_columns(revised: Desk) -> None:
    # fay gains five days and loses seven.
    assert revised.run("diff", now=NOW, COLUMNS="80").at(1).out == DIFF


def test_nothing_differs_from_itself(kept: Desk) -> None:
    done = kept.run("diff").at(0)
    assert done.out == "No differences: everyone has the same duties as in HEAD.\n"
    assert kept.run("diff", "schedule.toml", "--format", "markdown").at(0).out.startswith("No differences")
    found = kept.run("diff", "schedule.toml", "--format", "json").at(0).json
    assert (found["changes"], found["person_diffs"]) == ([], [])


def test_what_is_written_in_another_way_is_no_difference(kept: Desk) -> None:
    """A change that gives a seat to its holder, and another order of lines."""
    cover(kept, FIRST, "primary", "ana", rotation="desk")
    kept.edit("schedule.toml", 'primary = "bo"\nbackup = "eli"\n', 'backup = "eli"\nprimary = "bo"\n')
    kept.run("diff").at(0)


def test_all_lists_newly_planned_duties_too(revised: Desk) -> None:
    lines = revised.run("diff", "--all", now=NOW).at(1).out.splitlines()
    assert [[*line.split()[:3], line.split("  ")[-1].strip()] for line in lines if line.startswith("2027-02")] == [
        ["2027-02-01", "2027-02-07", "primary", "in 39 days"],
        ["2027-02-01", "2027-02-07", "backup", "in 39 days"],
    ]
    assert "not planned" in "".join(lines)
    assert "`--all`" not in "".join(lines)


@pytest.mark.parametrize(
    ("now", "notices"),
    [
        ("2027-01-03T10:00", ["in 1 day", "in 10 days"]),
        ("2027-01-04T08:00", ["today", "in 9 days"]),
        ("2027-01-10T23:00", ["running", "in 3 days"]),
        ("2027-01-11T10:00", ["past", "in 2 days"]),
        ("2027-01-13T10:00", ["past", "today"]),
        ("2027-01-17T10:00", ["past", "running"]),
    ],
)
def test_notice(revised: Desk, now: str, notices: list[str]) -> None:
    lines = revised.run("diff", "--to", "2027-01-17", now=now).at(1).out.splitlines()
    assert [line.split("  ")[-1].strip() for line in lines if line.startswith("2027-01")] == notices


@pytest.mark.parametrize(
    ("options", "starts"),
    [
        (("--from", "2027-01-25"), ["2027-01-25", "2027-02-01", "2027-02-01"]),
        (("--from", "2027-01-24", "--to", "2027-01-24"), ["2027-01-18", "2027-01-18"]),
        (("--from", "2027-01-11", "--to", "2027-01-12"), []),
        (("--from", "2027-01-11", "--to", "2027-01-13"), ["2027-01-13"]),
        (("--person", "bo"), ["2027-01-13"]),
        (("--person", "Eli"), ["2027-02-01"]),
        (("--person", "fay", "--to", "2027-01-17"), ["2027-01-13"]),
    ],
)
def test_ranges_and_people(revised: Desk, options: tuple[str, ...], starts: list[str]) -> None:
    found = revised.run("diff", "--format", "json", *options).at(1 if starts else 0).json
    assert [each["start"][:10] for each in found["changes"]] == starts


LETTER = """\
fay, your duties in Front Desk have changed.

You no longer have:
  Mon 2027-01-18 09:00 UTC to Mon 2027-01-25 09:00 UTC, backup, in 25 days
    nobody has it now

You now have:
  Wed 2027-01-13 09:00 UTC to Mon 2027-01-18 09:00 UTC, primary, in 20 days
    instead of bo

Days are counted from 2026-12-24.
"""


def test_a_persons_own_list(revised: Desk) -> None:
    assert revised.run("diff", "--person", "fay", now=NOW).at(1).out == LETTER
    assert (
        revised.run("diff", "--person", "eli", now=NOW).at(1).out
        == """\
eli, your duties in Front Desk have changed.

You now have:
  Mon 2027-02-01 09:00 UTC to Mon 2027-02-08 09:00 UTC, primary, in 39 days
    newly planned

You still have:
  Mon 2027-01-11 09:00 UTC to Mon 2027-01-18 09:00 UTC, backup, in 18 days

Days are counted from 2026-12-24.
"""
    )


def test_what_stays_of_a_duty_that_is_covered_in_part(revised: Desk) -> None:
    out = revised.run("diff", "--person", "bo", now=NOW).at(1).out
    assert "You still have:\n  Mon 2027-01-11 09:00 UTC to Wed 2027-01-13 09:00 UTC, primary, in 18 days\n" in out
    # Over by now: of the duties that stay, only those to come are listed.
    assert "You still have" not in revised.run("diff", "--person", "bo", now="2027-01-14T10:00").at(1).out


def test_somebody_for_whom_nothing_changes(kept: Desk) -> None:
    out = kept.run("diff", "--person", "dee", now=NOW).at(0).out
    assert out.startswith(
        "dee, your duties in Front Desk have not changed.\n\nYou still have:\n  Mon 2027-01-04 09:00 UTC"
    )


def test_somebody_who_is_in_the_old_schedule_only(revised: Desk) -> None:
    revised.edit("rotations.toml", ', "fay"', "")
    revised.edit("schedule.toml", 'now = "fay"', 'now = "eli"')
    revised.edit("schedule.toml", 'backup = "fay"', 'backup = ""')
    revised.edit("schedule.toml", 'was = "fay"', 'was = ""')
    assert "You no longer have" in revised.run("diff", "--person", "fay").at(1).out
    revised.run("diff", "--person", "gus").at(2)


MARKDOWN = """\
1 duty differs from HEAD: 1 person gains days and 1 person loses days.

| From | To | Seat | Was | Now | Notice |
| --- | --- | --- | --- | --- | --- |
| 2027-01-13 | 2027-01-17 | primary | \uff20bo \\[x\\](y) \\| \\<b\\> | fay | in 20 days |

- **\uff20bo \\[x\\](y) \\| \\<b\\>** loses primary, 2027-01-13 to 2027-01-17, in 20 days
- **fay** gains primary, 2027-01-13 to 2027-01-17, in 20 days
"""


def test_markdown_in_which_a_name_is_only_a_name(revised: Desk) -> None:
    roster = (revised.folder / "rotations.toml").read_text()
    revised.write("rotations.toml", f'{roster}\n[people.bo]\nname = "@bo [x](y) | <b>"\n')
    options = ("--format", "markdown", "--from", "2027-01-13", "--to", "2027-01-14")
    assert revised.run("diff", *options, now=NOW).at(1).out == MARKDOWN


def test_json(revised: Desk) -> None:
    found = revised.run("diff", "--format", "json", now=NOW).at(1).json
    assert (found["against"], found["today"]) == ("HEAD", "2026-12-24")
    assert found["changes"][1] == {
        "rotation": "desk",
        "start": "2027-01-13T09:00:00+00:00",
        "end": "2027-01-18T09:00:00+00:00",
        "seat": "primary",
        "was": "bo",
        "now": "fay",
        "planned_before": True,
        "planned_after": True,
        "notice_days": 20,
    }
    assert [(each["was"], each["planned_before"]) for each in found["changes"][-2:]] == [(None, False)] * 2
    assert [each["person"] for each in found["person_diffs"]] == ["ana", "bo", "cy", "dee", "eli", "fay"]
    assert [duty["seat"] for duty in found["person_diffs"][5]["lost"]] == ["backup"]
    assert [duty["seat"] for duty in found["person_diffs"][5]["gained"]] == ["primary"]


def test_against_a_revision_and_against_a_file_are_one(revised: Desk) -> None:
    before = Repository(revised).git("show", "HEAD:schedule.toml")
    revised.write("old.toml", before)
    by_file = revised.run("diff", "old.toml", "--format", "json").at(1).json
    by_revision = revised.run("diff", "--against", "main", "--format", "json").at(1).json
    assert by_file["changes"] == by_revision["changes"]
    assert (by_file["against"], by_revision["against"]) == ("old.toml", "main")
    # Once committed, HEAD is the same as the file; the commit before it is not.
    Repository(revised).commit()
    revised.run("diff").at(0)
    assert revised.run("diff", "--against", "HEAD~1", "--format", "json").at(1).json["changes"] == by_file["changes"]


def test_periods_that_are_no_longer_planned(kept: Desk) -> None:
    (kept.folder / "schedule.toml").unlink()
    out = kept.run("diff").at(1).out
    assert out.startswith("4 periods with 1 empty seat are no longer planned, 2027-01-04 to 2027-01-31.")
    kept.write("schedule.toml", 'format = 3\nrota = "FD"\n')
    assert kept.run("diff").at(1).out == out


def test_a_schedule_that_was_not_committed_then_is_all_new(kept: Desk) -> None:
    Repository(kept).git("mv", "schedule.toml", "plan.toml")
    done = kept.run("diff", "--schedule", "plan.toml").at(1)
    assert (
        "note: plan.toml: this file was not in `HEAD`, so everything counts as newly planned [not-in-revision]"
        in done.talk
    )
    assert done.out.startswith("4 periods with 1 empty seat are newly planned")


def test_both_or_neither(kept: Desk) -> None:
    both = kept.run("diff", "schedule.toml", "--against", "HEAD").at(2)
    assert "FILE and `--against` both name a schedule to compare with" in both.talk
    assert "there is no such file" in kept.run("diff", "old.toml").at(2).talk
    assert "git knows no revision `nope`" in kept.run("diff", "--against", "nope").at(2).talk
    assert "git knows no revision `--output=x`" in kept.run("diff", "--against=--output=x").at(2).talk
    assert "the range ends on" in kept.run("diff", "--from", "2027-02-01", "--to", "2027-01-01").at(2).talk


def test_no_repository(kept: Desk, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = Desk(tmp_path_factory.mktemp("no-repository"))
    for name in ("rotations.toml", "schedule.toml"):
        elsewhere.write(name, (kept.folder / name).read_text())
    ceiling = str(elsewhere.folder.parent)
    refused = elsewhere.run("diff", GIT_CEILING_DIRECTORIES=ceiling).at(2)
    assert refused.talk == (
        "error: schedule.toml: this file is not in a git repository [not-git]\n"
        "  hint: name a file to compare with: `setrota diff OLD.toml`\n"
    )


def test_an_old_schedule_that_cannot_be_read_is_named_with_its_revision(kept: Desk) -> None:
    kept.edit("schedule.toml", "format = 3", "format = 7")
    Repository(kept).commit()
    kept.write("schedule.toml", SCHEDULE)
    assert "error: schedule.toml in HEAD:1: `format = 7` is unknown" in kept.run("diff").at(2).talk


def test_a_rota_in_a_folder_of_a_repository_from_another_folder(revised: Desk, tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    far = Desk(tmp_path / "far")
    here = ["--roster", "../rotations.toml", "--format", "json"]
    assert far.run("diff", *here).at(1).json["changes"] == revised.run("diff", "--format", "json").json["changes"]


def test_the_reason_of_a_change_is_told_nowhere(revised: Desk) -> None:
    assert b"a secret" in revised.schedule
    for options in ((), ("--person", "bo"), ("--format", "json"), ("--format", "markdown"), ("--all",)):
        done = revised.run("diff", *options).at(1)
        assert "secret" not in done.out + done.talk


def test_what_the_file_says_cannot_steer_a_terminal(kept: Desk) -> None:
    kept.edit("schedule.toml", 'primary = "ana"', '"pri\\u001b[31m@all" = "ana"\nprimary = "bo"')
    for options in ((), ("--person", "bo"), ("--format", "markdown")):
        out = kept.run("diff", *options).at(1).out
        assert "\x1b" not in out
    assert "@all" not in kept.run("diff", "--format", "markdown").at(1).out


def test_output_to_a_file(revised: Desk) -> None:
    revised.run("diff", "--format", "markdown", "--output", "comment.md").at(1)
    assert (revised.folder / "comment.md").read_text().startswith("5 duties differ from HEAD")
