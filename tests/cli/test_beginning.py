"""`setrota init` and `setrota import csv`: how a rota begins, from nothing and in the middle of a year."""

from __future__ import annotations

import pytest
from command_line import Desk

pytestmark = pytest.mark.quick

PAST = """\
start,rotation,seat,person
2026-10-05,desk,primary,ana
2026-10-05,desk,backup,bo
2026-10-12,desk,primary,cy
2026-10-12,desk,backup,dee
2026-10-19,desk,primary,ana
2026-10-19,desk,backup,eli
2026-10-26,desk,primary,cy
2026-10-26,desk,backup,bo
2026-11-02,desk,primary,ana
2026-11-02,desk,backup,dee
"""


def test_init_writes_a_roster_that_plans_without_edits(empty: Desk) -> None:
    assert "wrote rotations.toml" in empty.run("init").at(0).talk
    plan = empty.run("plan").at(0)
    assert "Proven" in plan.out
    assert "NOBODY" not in plan.out
    assert "0 errors" in empty.run("check").at(0).out
    text = (empty.folder / "rotations.toml").read_text(encoding="utf-8")
    assert sum(line.lstrip().startswith("#") for line in text.splitlines()) >= 10


def test_init_refuses_to_overwrite(desk: Desk) -> None:
    before = (desk.folder / "rotations.toml").read_bytes()
    talk = desk.run("init").at(2).talk
    assert "rotations.toml" in talk
    assert "there is already a roster here [roster-exists]" in talk
    assert (desk.folder / "rotations.toml").read_bytes() == before


def test_init_elsewhere(empty: Desk) -> None:
    (empty.folder / "sub").mkdir()
    empty.run("init", "--roster", "sub/my.toml").at(0)
    empty.run("plan", "-r", "sub/my.toml").at(0)
    # The schedule and the schema stand beside their roster, and so does what `undo` needs.
    found = sorted(path.name for path in (empty.folder / "sub").iterdir())
    assert found == [".setrota", "my.toml", "rotations.schema.json", "schedule.toml"]
    assert "there is no folder" in empty.run("init", "-r", "missing/my.toml").at(2).talk


def test_import_twice_changes_nothing(little: Desk) -> None:
    little.write("past.csv", PAST)
    first = little.run("import", "csv", "past.csv").at(0)
    assert "imported 10 rows; saved schedule.toml" in first.talk
    before = little.schedule
    assert "nothing changed" in little.run("import", "csv", "past.csv").at(0).talk
    assert little.schedule == before


def test_import_as_json(little: Desk) -> None:
    little.write("past.csv", PAST)
    would = little.run("import", "csv", "past.csv", "--dry-run", "--format", "json").at(0).json
    assert (would["saved"], would["row_count"], len(would["duties"])) == (False, 10, 10)
    assert would["duties"][0] == {
        "rotation": "desk",
        "start": "2026-10-05T09:00:00+00:00",
        "end": "2026-10-12T09:00:00+00:00",
        "seat": "primary",
        "person": "ana",
        "name": "ana",
        "teams": ["red"],
    }
    assert little.run("import", "csv", "past.csv", "--format", "json").at(0).json == would | {"saved": True}
    again = little.run("import", "csv", "past.csv", "--format", "json").at(0).json
    assert again == {"saved": False, "row_count": 0, "duties": []}


def test_import_dry_run(little: Desk) -> None:
    little.write("past.csv", PAST)
    assert (
        "would import 10 rows; nothing was saved (--dry-run)"
        in little.run("import", "csv", "past.csv", "--dry-run").at(0).talk
    )
    assert not (little.folder / "schedule.toml").exists()


def test_a_team_that_adopts_mid_year_keeps_its_balances(little: Desk) -> None:
    little.write("past.csv", PAST)
    little.run("import", "csv", "past.csv").at(0)
    people = {each["person"]: each for each in little.run("fairness", "--format", "json").at(0).json["balances"]}
    # Ten duties among six people: 1.67 each. ana served three, fay none.
    assert {handle: people[handle]["served"] for handle in sorted(people)} == {
        "ana": 3, "bo": 2, "cy": 2, "dee": 2, "eli": 1, "fay": 0,
    }  # fmt: skip
    assert people["ana"]["balance"] == pytest.approx(3 - 10 / 6, abs=1e-6)
    assert people["fay"]["balance"] == pytest.approx(-10 / 6, abs=1e-6)

    document = little.run("plan", "--from", "today", "--weeks", "3", "--format", "json").at(0).json
    order = [entry["person"] for entry in document["assignments"]]
    opening = {each["person"]: each["opening"] for each in document["fairness"]["balances"]}
    assert opening["fay"] == pytest.approx(-10 / 6, abs=1e-6)
    # Six seats: who is furthest behind comes first, who is ahead does not serve yet.
    assert {"fay", "eli"} == set(order[:2])
    assert "ana" not in order


def test_bad_rows_are_all_reported_and_none_comes_in(little: Desk) -> None:
    little.write(
        "bad.csv",
        "start,rotation,seat,person\n"
        "2026-10-05,desk,primary,ana\n"
        "2021-11-00,desk,primary,ana\n"
        "2021-27-09,desk,primary,ana\n"
        "2026-10-07,desk,primary,ana\n"
        "2026-10-12,dsk,primary,ana\n"
        "2026-10-12,desk,primry,ana\n"
        "2026-10-12,desk,primary,\n"
        "2026-10-12,desk,primary,TBC\n"
        '2026-10-12,desk,primary,"ana, bo"\n'
        "2026-10-12,desk,primary,bo then cy\n",
    )
    talk = little.run("import", "csv", "bad.csv").at(2).talk
    for line, told in (
        (3, "there is no such day as `2021-11-00`"),
        (4, "there is no such day as `2021-27-09`"),
        (5, "2026-10-07 is a Wednesday"),
        (6, "there is no rotation `dsk`"),
        (7, "there is no seat `primry`"),
        (8, "`person` is empty"),
        (9, "`TBC` is not a person"),
        (10, "`ana, bo` names more than one person"),
        (11, "`bo then cy` names more than one person"),
    ):
        assert f"error: bad.csv:{line}: {told}" in talk
    assert "bad.csv:2:" not in talk
    assert not (little.folder / "schedule.toml").exists()


def test_an_import_never_overwrites(little: Desk) -> None:
    little.write("past.csv", PAST)
    little.run("import", "csv", "past.csv").at(0)
    before = little.schedule
    little.write("other.csv", "start,rotation,seat,person\n2026-10-05,desk,primary,fay\n")
    talk = little.run("import", "csv", "other.csv").at(2).talk
    assert "the schedule already has `ana` as `primary` from 2026-10-05" in talk
    assert little.schedule == before


def test_former_members_come_in_and_are_named(little: Desk) -> None:
    little.write("past.csv", PAST + "2026-11-09,desk,primary,long.gone\n")
    assert "`long.gone` is not in the roster" in little.run("import", "csv", "past.csv").at(0).talk
    # Only the plan has run out; that someone has left is no error.
    checked = little.run("check").at(1).out
    assert checked.startswith("error: nobody is on duty in `desk` now [nobody-on-duty]")
    assert "1 error," in checked
    assert "long.gone" not in little.run("plan").at(0).out


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "this file is empty"),
        (b"\xff\xfe\x00", "is not UTF-8"),
        (b"when,who\n2026-10-05,ana\n", "this is not a list of duties: its first line names no column"),
        (b"start,who\n2026-10-05,ana\n", "column 2 is none of a list of duties"),
        (b"start,seat,person\n", "the column `rotation` is missing"),
        (b'start,rotation,seat,person\n2026-10-05,desk,primary,"ana\n', "is not CSV"),
    ],
)
def test_files_that_are_no_list_of_duties(little: Desk, content: bytes, told: str) -> None:
    (little.folder / "past.csv").write_bytes(content)
    assert told in little.run("import", "csv", "past.csv").at(2).talk
    assert not (little.folder / "schedule.toml").exists()


def test_no_such_file(little: Desk) -> None:
    assert "missing.csv: there is no such file" in little.run("import", "csv", "missing.csv").at(2).talk
    assert "is a folder, not a file" in little.run("import", "csv", ".").at(2).talk
    little.run("import").at(2)
    little.run("import", "csv").at(2)
