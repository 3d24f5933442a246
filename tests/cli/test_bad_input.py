"""Bad input: a clear message with file, line and hint, exit status 2 (1 for broken rules), an untouched schedule."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import Desk, small

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

ERRORS = Path(__file__).parent.parent / "errors"

COMMANDS = (("plan",), ("now",), ("show",), ("check",), ("fairness",), ("export",), ("import", "csv", "past.csv"))

SCHEDULE = """\
format = 3
rota = "FD"

[desk.2027-01-04]
primary = "ana"
backup = "dee"

[desk.2027-01-11]
primary = "bo"
backup = "eli"
"""


@pytest.fixture
def front_desk(little: Desk) -> Desk:
    """A small roster with two weeks written by hand, and a past."""
    little.write("schedule.toml", SCHEDULE)
    little.write("past.csv", "start,rotation,seat,person\n2026-11-02,desk,primary,ana\n")
    return little


def test_what_is_sound_passes(front_desk: Desk) -> None:
    for command in COMMANDS:
        front_desk.run(*command, now="2027-01-05T10:00").at(0)


# Rosters. The words of each message have transcripts of their own; here it matters what the commands make of them.


def _transcripts() -> list[str]:
    return sorted(path.parent.name for path in ERRORS.glob("*/expected.txt"))


@pytest.mark.parametrize("name", _transcripts())
def test_a_broken_roster_is_told_and_nothing_is_written(tmp_path: Path, name: str) -> None:
    shutil.copytree(ERRORS / name, tmp_path, dirs_exist_ok=True)
    desk = Desk(tmp_path)
    desk.write("schedule.toml", SCHEDULE)
    expected = (ERRORS / name / "expected.txt").read_text(encoding="utf-8")
    before = sorted(path for path in tmp_path.rglob("*"))
    if "error: " not in expected:
        assert "warning: " in desk.run("show", "-s", "other.toml").at(0).talk
        return
    for command in (("plan",), ("check",)):
        result = desk.run(*command).at(2)
        assert [line for line in result.talk.splitlines() if line] == [line for line in expected.splitlines() if line]
        assert result.out == ""
    assert desk.schedule == SCHEDULE.encode()
    assert sorted(path for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        # Broken TOML; each line is counted in the roster above.
        ('name = "Front Desk"', 'name = "Front Desk', "rotations.toml:2:"),
        # Wrong types.
        ('pool = "staff"', "pool = 7", "rotations.toml:8: `rotations.desk.pool` should be text"),
        ('every = "1 week"', "every = 1", "rotations.toml:7: `rotations.desk.every` should be text"),
        ('staff = ["ana", "bo", "cy"]', 'staff = "ana"', "rotations.toml:13: `teams.red.staff` should be a list"),
        # Unknown keys, and keys of later versions.
        ('rest = "1 weeks"', 'rests = "1 weeks"', "did you mean `rest`?"),
        ("[teams.green]", "[teams.green]\ncommitment = 1", "not supported yet"),
        ("[teams.green]\nstaff", "[teams.green]\nstuff", "did you mean `staff`?"),
        # Dates.
        ("[teams.red]", "[people.ana]\nend = 2027-02-30\n\n[teams.red]", "rotations.toml:13:"),
        ("[teams.red]", "[people.ana]\nstart = 2027-03-01\nend = 2027-02-01\n\n[teams.red]", "2027-02-01"),
        ("[teams.red]", "[people.ana]\nleave = [{ from = 2027-03-05, to = 2027-03-01 }]\n\n[teams.red]", "2027-03-01"),
        # Handles.
        ('"bo", "cy"', '"bo", "bo"', "rotations.toml:13: `teams.red.staff` names `bo` twice"),
        ('"bo", "cy"', '"Dee", "cy"', "`Dee`"),
        ('"bo", "cy"', '"", "cy"', "rotations.toml:13:"),
        ('"bo", "cy"', '"TBC", "cy"', "TBC"),
        ("[teams.red]", "[people.ana.b]\nshare = 0.5\n\n[teams.red]", '[people."ana.b"]'),
        ("[teams.red]", "[people.zoe]\nshare = 0.5\n\n[teams.red]", "`people.zoe` is not in any team"),
        # Pools, seats, zones.
        ('pool = "staff"', 'pool = "staf"', "rotations.toml"),
        ('"primary", "backup"', '"primary", "backup", "a", "b", "c", "d", "e"', "7 seats, but only 6 people"),
        ('"primary", "backup"', "", "`rotations.desk.seats` is empty"),
        (
            'timezone = "UTC"',
            'timezone = "Amerika/Toronto"',
            "rotations.toml:3: `rota.timezone` should be a time zone, not `Amerika/Toronto`",
        ),
        ('handover = "Monday 09:00"', 'handover = "Monday 25:00"', "rotations.toml:4:"),
    ],
)
def test_a_slip_of_the_pen(front_desk: Desk, old: str, new: str, told: str) -> None:
    front_desk.write("rotations.toml", small().replace(old, new, 1))
    assert new in (front_desk.folder / "rotations.toml").read_text(encoding="utf-8")
    for command in COMMANDS:
        result = front_desk.run(*command).at(2)
        assert told in result.talk
        assert "error: rotations.toml:" in result.talk
        assert result.out == ""
    assert front_desk.schedule == SCHEDULE.encode()


def test_every_problem_at_once_in_the_order_of_the_file(front_desk: Desk) -> None:
    text = small().replace('every = "1 week"', 'every = "1 wek"').replace('"cy"]', '"cy", "bo"]')
    front_desk.write("rotations.toml", text.replace('timezone = "UTC"', 'timezone = "UTB"'))
    talk = front_desk.run("plan").at(2).talk
    places = [line.split(": ")[1] for line in talk.splitlines() if line.startswith("error: ")]
    assert places == ["rotations.toml:3", "rotations.toml:7", "rotations.toml:13"]


@pytest.mark.parametrize(
    "content",
    [
        b"x = [1,\n" * 1_300_000,
        bytes(range(256)) * 40_000,
        b'a = "' + b"x" * 10_000_000 + b'"',
        b"\n" * 1_000_000,
        b"[a]\n" * 250_000,
        b"\xff" * 1000,
        b"\x00" * 1000,
        b"[" * 100_000,
        b"a = " + b"9" * 100_000,
        b"a." * 5_000 + b"a = 1",
    ],
    ids=["lists", "bytes", "text", "newlines", "sections", "0xff", "0x00", "brackets", "digits", "dots"],
)
def test_nonsense_of_any_size(front_desk: Desk, content: bytes) -> None:
    (front_desk.folder / "nonsense").write_bytes(content)
    for options in (("plan", "-r", "nonsense"), ("plan", "-s", "nonsense"), ("import", "csv", "nonsense")):
        talk = front_desk.run(*options).at(2).talk
        assert "error: nonsense" in talk
    assert (front_desk.folder / "nonsense").read_bytes() == content
    assert front_desk.schedule == SCHEDULE.encode()


def test_a_message_quotes_no_more_than_people_read(front_desk: Desk) -> None:
    front_desk.write("nonsense", "9" * 100_000)
    assert len(front_desk.run("import", "csv", "nonsense").at(2).talk) < 1000
    front_desk.write("rotations.toml", small().replace("UTC", "U" * 100_000))
    assert len(front_desk.run("plan").at(2).talk) < 1000
    front_desk.write("rotations.toml", small())
    front_desk.write("schedule.toml", SCHEDULE.replace("ana", "a b" * 30_000, 1))
    assert len(front_desk.run("plan").at(2).talk) < 1000


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("plan", "-r", "missing.toml"), "missing.toml: there is no such file"),
        (("plan", "-r", "."), "error: .: is a folder, not a file [not-a-file]"),
        (("plan", "-s", "."), "error: .: is a folder, not a file [not-a-file]"),
        (("import", "csv", "."), "error: .: is a folder, not a file [not-a-file]"),
        (("leave", "import", "."), "error: .: is a folder, not a file [not-a-file]"),
        (("diff", "."), "error: .: is a folder, not a file [not-a-file]"),
        (("plan", "-s", "missing/schedule.toml"), "there is no folder"),
        (("import", "csv", "rotations.toml"), "rotations.toml:1: "),
        (("show", "-r", "past.csv"), "past.csv: this is not a roster"),
        (("show", "-s", "past.csv"), "past.csv: this is not a schedule"),
        (("plan", "-s", "rotations.toml"), "rotations.toml: this is not a schedule"),
    ],
)
def test_files_that_are_something_else(front_desk: Desk, arguments: tuple[str, ...], told: str) -> None:
    assert told in front_desk.run(*arguments).at(2).talk
    assert front_desk.schedule == SCHEDULE.encode()
    assert (front_desk.folder / "rotations.toml").read_text(encoding="utf-8") == small()


# Schedules


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('rota = "FD"', 'rota = "OPS"', "schedule.toml:2: this schedule belongs to `OPS`, but the roster is `FD`"),
        ("format = 3", "format = 4", "schedule.toml:1: `format = 4` is unknown"),
        ("format = 3\n", "", "schedule.toml: this is not a schedule: it has no `format`"),
        (
            'primary = "ana"',
            'primary = "Ana"',
            "schedule.toml:5: `desk.2027-01-04.primary` has `Ana`, but the roster spells it",
        ),
        ('primary = "ana"', 'primary = "ana, bo"', "schedule.toml:5:"),
        ('primary = "ana"', "primary = ana", "schedule.toml:5:"),
        ('primary = "ana"', "primary = 3", "schedule.toml:5:"),
        ('primary = "ana"', 'primry = "ana"', "schedule.toml:5: `desk.2027-01-04.primry` is not a seat"),
        ("[desk.2027-01-04]", "[dsk.2027-01-04]", "schedule.toml:4: the roster has no rotation `dsk`"),
        ("[desk.2027-01-04]", "[desk.2027-02-30]", "schedule.toml:4: `2027-02-30`"),
        ("[desk.2027-01-04]", "[desk.2027-01-04", "schedule.toml:4:"),
        ("[desk.2027-01-11]", "[desk.2027-01-04]", "schedule.toml:8:"),
        ("[desk.2027-01-11]", "<<<<<<< HEAD\n[desk.2027-01-11]", "schedule.toml:8:"),
    ],
)
def test_a_schedule_with_a_typing_error(front_desk: Desk, old: str, new: str, told: str) -> None:
    text = SCHEDULE.replace(old, new, 1)
    front_desk.write("schedule.toml", text)
    for command in COMMANDS:
        result = front_desk.run(*command).at(2)
        assert told in result.talk
        assert result.out == ""
    assert front_desk.schedule == text.encode()


def test_a_schedule_by_hand_that_breaks_rules_is_judged_not_refused(front_desk: Desk) -> None:
    front_desk.edit("schedule.toml", 'primary = "bo"', 'primary = "ana"')
    front_desk.edit("schedule.toml", 'backup = "eli"', 'backup = "elli"')
    text = front_desk.run("check").at(1).out
    rest = "ana has 0 free weeks after the desk duty of 2027-01-04, but needs 1 [rest]\n  hint: `setrota replan`"
    assert f"error: schedule.toml:8: desk 2027-01-11: {rest}\n" in text
    assert "elli (backup) is not in the roster; did you mean `eli`?" in text
    front_desk.run("show").at(0)
    before = front_desk.schedule.decode()
    front_desk.run("plan", "--from", "2027-01-18", "--weeks", "2").at(0)
    for line in before.splitlines():
        assert line in front_desk.schedule.decode()


# All of it: what is said, and what isn't written


@pytest.mark.parametrize(
    ("roster", "schedule", "told"),
    [
        (None, SCHEDULE, "error: rotations.toml: there is no such file [no-roster]\n  hint: `setrota init`"),
        ("[rota\n", SCHEDULE, "error: rotations.toml:1: this is not TOML"),
        (
            small().replace('"UTC"', '"Mars/Olympus"'),
            SCHEDULE,
            "error: rotations.toml:3: `rota.timezone` should be a time zone",
        ),
        (small().replace("rest", "rst"), SCHEDULE, "  hint: did you mean `rest`?"),
        (small().replace('"cy"', '"ana"'), SCHEDULE, "error: rotations.toml:13: `teams.red.staff` names `ana` twice"),
        ('include = ["rotations.toml"]\n' + small(), SCHEDULE, "includes itself: rotations.toml → rotations.toml"),
        (small() + "[people.ana.b]\nshare = 1\n", SCHEDULE, 'hint: write `[people."ana.b"]`'),
        (small() + "[people.ana]\nend = 2027-02-30\n", SCHEDULE, "error: rotations.toml:18:"),
        (small(), SCHEDULE.replace('"FD"', '"SET"'), "error: schedule.toml:2: this schedule belongs to `SET`"),
        (small(), SCHEDULE.replace("format = 3", "format = 9"), "error: schedule.toml:1: `format = 9` is unknown"),
        (small(), SCHEDULE.replace("primary", "primry", 1), "error: schedule.toml:5: `desk.2027-01-04.primry`"),
        (small(), SCHEDULE[:60], "error: schedule.toml:"),
    ],
)
def test_it_is_said_and_nothing_else_is_done(empty: Desk, roster: str | None, schedule: str, told: str) -> None:
    if roster is not None:
        empty.write("rotations.toml", roster)
    empty.write("schedule.toml", schedule)
    result = empty.run("plan").at(2)
    assert told in result.talk
    assert result.out == ""
    assert empty.schedule == schedule.encode()
    assert not list(empty.folder.glob("setrota-bug-*"))


def test_from_outside_it_is_the_same(front_desk: Desk) -> None:
    """What the shell gets: with no roster, with a broken one, and with a broken schedule."""
    for name in ("schedule.toml", "rotations.toml"):
        (front_desk.folder / name).write_text("[rota\n")
        assert front_desk.spawn("plan") == front_desk.run("plan").at(2)
    (front_desk.folder / "rotations.toml").unlink()
    assert front_desk.spawn("plan") == front_desk.run("plan").at(2)
