"""`undo` takes back what commands saved, to the byte, and says what it does; `redo` does it again."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from command_line import Desk, Outcome
from repository import Repository
from seeds import seeds
from test_help import CALENDAR

PAST = "start,rotation,seat,person\n2026-10-26,desk,primary,dee\n"

PEOPLE = ("ana", "bo", "cy", "dee", "eli", "fay")
JOINER = '["ana", "bo", "cy"]', '["ana", "bo", "cy", "gil"]'


@pytest.fixture
def planned_little(little: Desk) -> Desk:
    """Six people for two seats, planned before anything is remembered."""
    little.run("plan", "--from", "2026-11-30", "--weeks", "6").at(0)
    forget(little)
    return little


def forget(desk: Desk) -> None:
    for path in sorted((desk.folder / ".setrota").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (desk.folder / ".setrota").rmdir()


def files(desk: Desk) -> dict[str, bytes]:
    """All files of the folder but what is remembered."""
    return {path.name: path.read_bytes() for path in sorted(desk.folder.glob("*.*")) if path.is_file()}


def holder(desk: Desk, day: str, seat: str) -> str:
    shown = desk.run("show", "--from", day, "--to", day, "--format", "json").at(0).json
    return str(next(each["person"] for each in shown["duties"] if each["seat"] == seat))


def undone(desk: Desk, *options: str) -> Outcome:
    return desk.run("undo", "--yes", *options).at(0)


def remembered(desk: Desk) -> list[tuple[str, str]]:
    return [
        (each["typed"], each["state"]) for each in desk.run("undo", "--list", "--format", "json").at(0).json["commands"]
    ]


def _cover(desk: Desk) -> tuple[str, ...]:
    who = holder(desk, "2026-12-07", "primary")
    return "cover", who, "2026-12-07", "--with", "nobody", "--reason", "secretly"


def _fill(desk: Desk) -> tuple[str, ...]:
    who = holder(desk, "2026-12-07", "primary")
    desk.run(*_cover(desk)).at(1)
    return "fill", "2026-12-07", "primary", "--with", who


def _swap(desk: Desk) -> tuple[str, ...]:
    one, other = (holder(desk, day, "primary") for day in ("2026-12-07", "2026-12-14"))
    return "swap", one, "2026-12-07", other, "2026-12-14", "--force"


def _replan(desk: Desk) -> tuple[str, ...]:
    desk.run("leave", "add", holder(desk, "2026-12-14", "backup"), "2026-12-14", "2026-12-20").at(0)
    return "replan", "--yes"


def _unpin(desk: Desk) -> tuple[str, ...]:
    desk.run("pin", "2026-12-07", "primary").at(0)
    return "unpin", "2026-12-07", "primary"


def _plan_again(desk: Desk) -> tuple[str, ...]:
    desk.edit("rotations.toml", *JOINER)
    return "plan", "--again", "--from", "2026-11-30", "--weeks", "5"


def _import(desk: Desk) -> tuple[str, ...]:
    desk.write("past.csv", PAST)
    return "import", "csv", "past.csv", "--former", "dee"


def _leave_import(desk: Desk) -> tuple[str, ...]:
    desk.write("dee.ics", CALENDAR)
    return "leave", "import", "dee.ics", "--person", "dee", "--yes"


COMMANDS: dict[str, Callable[[Desk], tuple[str, ...]]] = {
    "plan": lambda _: ("plan", "--from", "2026-11-30", "--weeks", "8"),
    "plan again": _plan_again,
    "replan": _replan,
    "cover": _cover,
    "fill": _fill,
    "swap": _swap,
    "leave add": lambda _: ("leave", "add", "dee", "2027-02-01", "2027-02-05"),
    "leave import": _leave_import,
    "pin": lambda _: ("pin", "2026-12-07", "primary"),
    "unpin": _unpin,
    "import csv": _import,
}


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("name", COMMANDS)
def test_every_saving_command_is_undone_and_redone_to_the_byte(planned_little: Desk, name: str) -> None:
    desk = planned_little
    command = COMMANDS[name](desk)
    before = files(desk)
    assert desk.run(*command).status in (0, 1)
    after = files(desk)
    assert after != before

    undone(desk)
    assert files(desk) == before
    desk.run("redo", "--yes").at(0)
    assert files(desk) == after
    undone(desk)
    assert files(desk) == before


def test_no_command_but_these_saves_a_roster_or_a_schedule() -> None:
    """A new one has to be in COMMANDS. `init` only writes new files, so there is nothing to bring back."""
    source = Path(__file__).parents[2] / "src" / "setrota" / "cli"
    saving = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if re.search(r"\bwork\.(save|write)\(", path.read_text(encoding="utf-8"))
    }
    assert saving == {"cover.py", "leave.py", "pin.py", "plan.py", "replan.py", "start.py", "swap.py"}
    direct = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if re.search(r"files\.saving import .*\bsave", path.read_text(encoding="utf-8"))
    }
    assert direct == {"start.py", "workspace.py"}  # `init`, and `--output`, which replaces no roster and no schedule


def test_twice_goes_two_steps_back_and_redo_forward_again(little: Desk) -> None:
    states = [files(little)]
    for command in (
        ("plan", "--from", "2026-11-30", "--weeks", "4"),
        ("leave", "add", "dee", "2027-02-01"),
        ("plan", "--from", "2026-11-30", "--weeks", "6"),
    ):
        little.run(*command).at(0)
        states.append(files(little))

    for state in reversed(states[:-1]):
        undone(little)
        assert files(little) == state
    assert "schedule.toml" not in files(little)
    assert "[nothing-to-undo]" in little.run("undo", "--yes").at(2).talk
    for state in states[1:]:
        little.run("redo", "--yes").at(0)
        assert files(little) == state
    assert "[nothing-to-redo]" in little.run("redo", "--yes").at(2).talk


def test_what_is_said(little: Desk) -> None:
    little.run("leave", "add", "dee", "2027-02-01", "2027-02-05", "--note", "secretly").at(0)
    little.run("pin", "2026-12-07", "primary", "dee").at(0)
    little.run("plan", "--from", "2026-11-30", "--weeks", "2", now="2026-11-24T10:00").at(0)

    shown = undone(little)
    assert shown.out == (
        "Undo `setrota plan --from 2026-11-30 --weeks 2` of 2026-11-24 10:00 UTC:\n"
        "\n"
        "2 periods are no longer planned, 2026-11-30 to 2026-12-13.\n"
    )
    assert shown.talk == "undone: `setrota plan --from 2026-11-30 --weeks 2`; removed schedule.toml\n"
    shown = undone(little)
    assert shown.out == (
        "Undo `setrota pin 2026-12-07 primary dee` of 2026-11-23 10:00 UTC:\n"
        "\n"
        "dee is no longer pinned to `primary` on 2026-12-07\n"
    )
    assert shown.talk == "undone: `setrota pin 2026-12-07 primary dee`; saved rotations.toml\n"
    shown = undone(little)
    assert shown.out == (
        "Undo `setrota leave add dee 2027-02-01 2027-02-05 --note ...` of 2026-11-23 10:00 UTC:\n"
        "\n"
        "dee is no longer away 2027-02-01 to 2027-02-05\n"
    )
    assert little.run("redo", "--yes").at(0).out == (
        "Redo `setrota leave add dee 2027-02-01 2027-02-05 --note ...` of 2026-11-23 10:00 UTC:\n"
        "\n"
        "dee is away 2027-02-01 to 2027-02-05\n"
    )
    listing = [re.split(" {2,}", line) for line in little.run("undo", "--list", COLUMNS="120").at(0).out.splitlines()]
    assert [row for row in listing if len(row) > 1] == [
        ["when", "command", "files"],
        ["2026-11-24 10:00 UTC", "setrota plan --from 2026-11-30 --weeks 2", "schedule.toml", "undone"],
        ["2026-11-23 10:00 UTC", "setrota pin 2026-12-07 primary dee", "rotations.toml", "undone"],
        [
            "2026-11-23 10:00 UTC",
            "setrota leave add dee 2027-02-01 2027-02-05 --note ...",
            "rotations.toml",
            "done",
        ],
    ]


@pytest.mark.no_cover  # quicker tests run the same lines
def test_a_dry_run_says_the_same_as_diff_and_changes_nothing(planned_little: Desk) -> None:
    desk = planned_little
    desk.write("old.toml", desk.schedule.decode())
    desk.run(*_swap(desk)).at(0)
    desk.write("new.toml", desk.schedule.decode())
    before = files(desk)

    shown = desk.run("undo", "--dry-run").at(0)

    assert files(desk) == before
    assert shown.talk == "nothing was saved (--dry-run)\n"
    diff = desk.run("diff", "new.toml", "--schedule", "old.toml").at(1).out
    assert shown.out.split("\n\n", 1)[1] == diff.replace("new.toml", "the schedule as it is")
    assert remembered(desk)[-1][1] == "done"


def test_it_asks_before(little: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    before = files(little)
    monkeypatch.setattr("sys.stdin", None)
    answer = little.run("undo").at(1)
    assert "add `--yes` to undo without being asked" in answer.talk
    assert files(little) == before
    assert little.run("undo", "--format", "json").at(1).json["saved"] is False


def test_a_new_command_drops_what_was_undone(little: Desk) -> None:
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    little.run("plan", "--from", "2026-12-14", "--weeks", "2").at(0)
    undone(little)
    little.run("leave", "add", "dee", "2027-02-01").at(0)

    assert "[nothing-to-redo]" in little.run("redo", "--yes").at(2).talk
    assert remembered(little) == [
        ("setrota plan --from 2026-11-30 --weeks 2", "done"),
        ("setrota leave add dee 2027-02-01", "done"),
    ]
    images = {path.read_bytes() for path in (little.folder / ".setrota").rglob("*") if len(path.name) == 64}
    assert len(images) == 3  # the schedule, and the roster before and after: nothing else is kept


@pytest.mark.no_cover  # quicker tests run the same lines
def test_twenty_commands_are_remembered(little: Desk) -> None:
    for day in range(1, 24):
        little.run("leave", "add", "dee", f"2027-03-{day:02}").at(0)

    assert len(remembered(little)) == 20
    for _ in range(20):
        undone(little)
    assert "[nothing-to-undo]" in little.run("undo", "--yes").at(2).talk
    assert little.run("leave", "list").at(0).out.count("dee") == 3
    assert len([*(little.folder / ".setrota").rglob("*")]) == 21 + len(
        [".gitignore", "rotations.toml.d", "journal.json"]
    )


@pytest.mark.parametrize("redo", [False, True])
def test_a_file_that_changed_since_is_named_and_left_alone(little: Desk, redo: bool) -> None:
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    little.run("plan", "--from", "2026-11-30", "--weeks", "4").at(0)
    if redo:
        undone(little)
    little.seat("desk.2026-11-30", "primary", "")
    before = files(little)

    answer = little.run("redo" if redo else "undo", "--yes").at(2)

    assert "error: schedule.toml: this file is not as " in answer.talk
    assert "[changed-since]" in answer.talk
    assert files(little) == before
    # The hint's command compares it with what it was.
    [command] = re.findall(r"`setrota (diff [^`]+)`", answer.talk)
    assert command.startswith("diff .setrota/rotations.toml.d/")
    assert "NOBODY  in 7 days" in little.run(*command.split()).at(1).out


def test_a_roster_edited_by_hand_since(little: Desk) -> None:
    little.run("leave", "add", "dee", "2027-02-01").at(0)
    before = files(little)
    little.edit("rotations.toml", *JOINER)
    answer = little.run("undo", "--yes").at(2)
    assert "error: rotations.toml: this file is not as `setrota leave add dee 2027-02-01` left it" in answer.talk
    [kept] = re.findall(r"`([^`]+)` is what it was", answer.talk)
    assert "gil" not in Path(little.folder, kept).read_text(encoding="utf-8")
    little.write("rotations.toml", before["rotations.toml"].decode())
    undone(little)


@pytest.mark.git
def test_a_checkout_since_and_nothing_for_git_to_see(planned_little: Desk) -> None:
    desk = planned_little
    repository = Repository(desk)
    repository.begin()
    desk.run("plan", "--from", "2026-11-30", "--weeks", "9").at(0)
    assert repository.git("status", "--short").splitlines() == [" M schedule.toml"]
    repository.git("checkout", "--", "schedule.toml")
    assert (
        "error: schedule.toml: this file is not as `setrota plan --from 2026-11-30 --weeks 9` left it"
        in desk.run("undo", "--yes").at(2).talk
    )


@pytest.mark.parametrize("redo", [False, True])
def test_a_file_that_somebody_brought_back_by_hand(little: Desk, redo: bool) -> None:
    """There was none before, so deleting it undid the command; the hint says how to undo earlier ones."""
    little.run("leave", "add", "dee", "2027-02-01").at(0)
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    planned, path = files(little), little.folder / "schedule.toml"
    if redo:
        undone(little)
        path.write_bytes(planned["schedule.toml"])
    else:
        path.unlink()

    answer = little.run("redo" if redo else "undo", "--yes").at(2)

    assert f"there is nothing to {'redo' if redo else 'undo'} in it any more" in answer.talk
    if redo:
        assert "delete it first" in answer.talk
        path.unlink()
    else:
        [kept] = re.findall(r"copy `([^`]+)` to it first", answer.talk)
        path.write_bytes((little.folder / kept).read_bytes())
    little.run("redo" if redo else "undo", "--yes").at(0)
    assert ("schedule.toml" in files(little)) == redo


def test_include_files_are_brought_back_together(little: Desk) -> None:
    roster = (little.folder / "rotations.toml").read_text(encoding="utf-8")
    little.write("rotations.toml", f'include = ["people/*.toml"]\n{roster}')
    for who in ("dee", "eli"):
        little.write(f"people/{who}.toml", f'[people.{who}]\nname = "{who.title()} Doe"\n')
    both = CALENDAR.replace("SUMMARY:away", "SUMMARY:Dee Doe") + CALENDAR.replace("UID:1", "UID:2").replace(
        "away", "Eli Doe"
    )
    little.write("team.ics", both.replace("END:VCALENDAR\nBEGIN:VCALENDAR\nVERSION:2.0\n", ""))
    before = {path: path.read_bytes() for path in little.folder.rglob("*.toml") if path.is_file()}
    saved = little.run("leave", "import", "team.ics", "--yes", "--format", "json").at(0).json["files"]
    assert saved == ["people/dee.toml", "people/eli.toml"]

    answer = undone(little, "--format", "json").json

    assert answer["files"] == saved
    assert [(each["person"], each["what"]) for each in answer["leave_changes"]] == [("dee", "gone"), ("eli", "gone")]
    assert {path: path.read_bytes() for path in before} == before


def test_what_no_longer_fits_the_other_files(little: Desk) -> None:
    """The errors are in what would be brought back, not in what is on disk."""
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    undone(little)
    little.edit("rotations.toml", "[rota]\n", '[rota]\nshort-name = "Other"\n')
    before = files(little)

    answer = little.run("redo", "--yes").at(2)

    assert answer.talk.startswith(
        "error: schedule.toml: `setrota plan --from 2026-11-30 --weeks 2` can't be redone: what it would bring back "
        "has the errors below, since other files have changed [unreadable-then]\n"
        "  hint: take the edits of the other files back first\n"
        "error: schedule.toml:2: "
    )
    assert files(little) == before


def test_a_schedule_in_another_folder(little: Desk) -> None:
    (little.folder / "elsewhere").mkdir()
    little.run("plan", "--weeks", "2", "--schedule", "elsewhere/trial.toml").at(0)
    answer = little.run("undo", "--yes").at(2)
    assert (
        "elsewhere/trial.toml: `setrota plan --weeks 2 --schedule elsewhere/trial.toml` saved this file" in answer.talk
    )
    [command] = re.findall(r"`setrota (undo --schedule [^`]+)`", answer.talk)
    little.run(*command.split(), "--yes").at(0)
    assert not (little.folder / "elsewhere" / "trial.toml").exists()
    assert not (little.folder / "elsewhere" / ".setrota").exists()


def test_two_rosters_in_a_folder_have_a_journal_each(little: Desk) -> None:
    little.write("other.toml", (little.folder / "rotations.toml").read_text(encoding="utf-8"))
    little.run("leave", "add", "dee", "2027-02-01").at(0)
    little.run("leave", "add", "dee", "2027-02-02", "--roster", "other.toml").at(0)
    assert remembered(little) == [("setrota leave add dee 2027-02-01", "done")]
    undone(little, "--roster", "other.toml")
    assert "2027-02-01" in little.run("leave", "list").at(0).out


def test_links_lead_to_the_files_and_stay(little: Desk) -> None:
    (little.folder / "real").mkdir()
    for name in ("rotations.toml", "schedule.toml"):
        little.write(f"real/{name}", "")
    (little.folder / "rotations.toml").rename(little.folder / "real" / "rotations.toml")
    (little.folder / "real" / "schedule.toml").unlink()
    for name in ("rotations.toml", "schedule.toml"):
        (little.folder / name).symlink_to(f"real/{name}")
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    assert (little.folder / "real" / ".setrota").is_dir()
    assert not (little.folder / ".setrota").exists()
    undone(little)
    assert (little.folder / "schedule.toml").is_symlink()
    assert not (little.folder / "real" / "schedule.toml").exists()
    little.run("redo", "--yes").at(0)
    assert (little.folder / "real" / "schedule.toml").exists()


def test_permissions_stay_and_only_the_user_reads_what_is_kept(little: Desk) -> None:
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    (little.folder / "schedule.toml").chmod(0o640)
    little.run("plan", "--from", "2026-11-30", "--weeks", "4").at(0)
    undone(little)
    assert stat.S_IMODE((little.folder / "schedule.toml").stat().st_mode) == 0o640
    kept = little.folder / ".setrota"
    assert (kept / ".gitignore").read_text() == "*\n"
    for path in (kept, *kept.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_secrets_and_reasons_are_not_kept(planned_little: Desk) -> None:
    desk = planned_little
    who = holder(desk, "2026-12-07", "primary")
    words = ("cover", who, "2026-12-07", "--with", "nobody", "--reason=private", "--schedule", "hidden-place.toml")
    (desk.folder / "schedule.toml").rename(desk.folder / "hidden-place.toml")
    desk.run(*words, SETROTA_WEBHOOK_URL="hidden-place.toml").at(1)
    assert remembered(desk) == [(f"setrota cover {who} 2026-12-07 --with nobody --reason=... --schedule '•••'", "done")]
    journal = (desk.folder / ".setrota" / "rotations.toml.d" / "journal.json").read_text(encoding="utf-8")
    assert "private" not in journal


# Where nothing can be remembered


def test_a_link_in_place_of_the_folder_is_not_followed(little: Desk) -> None:
    (little.folder / "mine").mkdir()
    (little.folder / ".setrota").symlink_to("mine")
    _saves_all_the_same(little, "is a symbolic link")
    assert [*(little.folder / "mine").iterdir()] == []


def test_a_folder_that_others_can_write_to_is_not_used(little: Desk) -> None:
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    (little.folder / ".setrota").chmod(0o755)
    _saves_all_the_same(little, "is open to other users")
    (little.folder / ".setrota").chmod(0o700)
    (little.folder / ".setrota" / "rotations.toml.d").chmod(0o750)
    _saves_all_the_same(little, "is open to other users")


def test_a_folder_of_another_user_is_not_used(little: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    user = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: user + 1)
    _saves_all_the_same(little, "belongs to another user")


def test_a_file_in_place_of_the_folder(little: Desk) -> None:
    little.write(".setrota", "")
    _saves_all_the_same(little, "is not a folder")


def test_a_drive_without_permissions(little: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    make = os.mkdir

    def mkdir(path: str | Path, mode: int = 0o777, **options: Any) -> None:
        make(path, mode, **options)
        os.chmod(path, 0o755)

    monkeypatch.setattr("os.mkdir", mkdir)
    answer = little.run("leave", "add", "dee", "2027-03-01").at(0)
    assert "this drive doesn't keep other users from what is written there [not-recorded]" in answer.talk
    assert not (little.folder / ".setrota").exists()


@pytest.mark.parametrize("kind", ["link", "pipe", "folder"])
def test_only_ordinary_files_are_read(little: Desk, kind: str) -> None:
    little.run("leave", "add", "dee", "2027-03-01").at(0)
    journal = little.folder / ".setrota" / "rotations.toml.d" / "journal.json"
    if kind == "link":
        journal.rename(little.folder / "elsewhere.json")
        journal.symlink_to(little.folder / "elsewhere.json")
    else:
        journal.unlink()
        os.mkfifo(journal) if kind == "pipe" else journal.mkdir()
    answer = little.run("undo", "--yes").at(2)
    assert "journal.json` is not an ordinary file [damaged-journal]" in answer.talk


def test_what_somebody_wrote_into_the_journal_cannot_steer_a_terminal(little: Desk) -> None:
    little.run("leave", "add", "dee", "2027-03-01").at(0)
    little.edit(".setrota/rotations.toml.d/journal.json", "leave add dee", "\\u001b[2J")
    answer = little.run("undo", "--list").at(2)
    assert "\x1b" not in answer.out + answer.talk
    assert "[damaged-journal]" in answer.talk


def _saves_all_the_same(desk: Desk, why: str) -> None:
    before = files(desk)
    answer = desk.run("leave", "add", "dee", f"2027-03-{len(before['rotations.toml']) % 28 + 1:02}").at(0)
    assert files(desk) != before
    [note] = re.findall(r"note: (.*) \[not-recorded\]", answer.talk)
    assert why in note
    assert "[untrusted-journal]" in desk.run("undo", "--yes").at(2).talk


@pytest.mark.parametrize("call", ["mkdir", "replace"])
def test_where_nothing_can_be_written_but_the_files_the_command_saves(
    little: Desk, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The disk is full, or the roster's folder is read-only and the schedule is in another one."""
    real = getattr(os, call)

    def refuse(path: str | Path, *more: object, **options: object) -> None:
        if ".setrota" in f"{path}":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        real(path, *more, **options)

    monkeypatch.setattr(f"os.{call}", refuse)
    answer = little.run("leave", "add", "dee", "2027-02-01").at(0)
    assert "saved rotations.toml\n" in answer.talk
    assert (
        "note: .setrota: this can't be undone later, since it couldn't be recorded: no space left on device"
        " [not-recorded]\n"
    ) in answer.talk
    monkeypatch.undo()
    assert "[nothing-to-undo]" in little.run("undo", "--yes").at(2).talk
    little.run("leave", "add", "dee", "2027-02-02").at(0)
    monkeypatch.setattr("os.replace", refuse)
    before = files(little)
    if call == "replace":
        answer = little.run("undo", "--yes").at(2)
        assert "can't use the record of what was saved: no space left on device [journal-unusable]" in answer.talk
        assert files(little) == before


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 1}', '{"format": 1, "journal": {}, "pending": null}'])
def test_a_damaged_journal_costs_no_save(little: Desk, content: str) -> None:
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    little.write(".setrota/rotations.toml.d/journal.json", content)
    assert "[damaged-journal]" in little.run("undo", "--yes").at(2).talk
    assert "note: .setrota/rotations.toml.d: " not in little.run("show").at(0).talk
    answer = little.run("plan", "--from", "2026-11-30", "--weeks", "4").at(0)
    assert "can't be taken back any more" in answer.talk
    undone(little)
    assert "[nothing-to-undo]" in little.run("undo", "--yes").at(2).talk


def test_a_journal_of_a_later_version_is_left_alone(little: Desk) -> None:
    little.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0)
    path = little.write(".setrota/rotations.toml.d/journal.json", '{"format": 2}')
    assert "[not-recorded]" in little.run("plan", "--from", "2026-11-30", "--weeks", "4").at(0).talk
    assert "[unknown-format]" in little.run("undo", "--yes").at(2).talk
    assert path.read_text(encoding="utf-8") == '{"format": 2}'


def test_what_a_file_held_is_checked(little: Desk) -> None:
    little.run("leave", "add", "dee", "2027-02-01").at(0)
    for path in (little.folder / ".setrota").rglob("*"):
        if len(path.name) == 64:
            path.write_bytes(path.read_bytes() + b"\n")
    before = files(little)
    assert "[damaged-journal]" in little.run("undo", "--yes").at(2).talk
    assert files(little) == before


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(10))
def test_any_sequence_of_commands_undos_and_redos(planned_little: Desk, seed: int) -> None:
    """Real commands, chosen at random; what they leave is held against copies of all files."""
    desk, random = planned_little, Random(seed)
    states, place = [files(desk)], 0
    done = 0
    for _ in range(30):
        action = random.choice(["save"] * 6 + ["undo", "undo", "redo"])
        if action == "save":
            assert desk.run(*_any_command(random)).status in (0, 1, 2)
            if files(desk) != states[place]:
                states, place, done = [*states[: place + 1], files(desk)], place + 1, done + 1
        elif 0 <= (there := place + (1 if action == "redo" else -1)) < len(states):
            desk.run(action, "--yes").at(0)
            place = there
        assert files(desk) == states[place]
    assert done >= 5
    assert desk.run("check").status in (0, 1)


def _any_command(random: Random) -> list[str]:
    who, other = random.choice(PEOPLE), random.choice(PEOPLE)
    day = f"2026-12-{random.choice(['07', '14', '21'])}"
    seat = random.choice(["primary", "backup"])
    commands = [
        f"leave add {who} 2027-0{random.randint(2, 9)}-{random.randint(10, 28)}",
        f"leave add {who} {day}",
        f"pin {day} {seat}",
        f"unpin {day} {seat}",
        f"cover {who} {day} --with {other} --force",
        f"cover {who} {day} --with nobody",
        f"fill {day} {seat} --with {other} --force",
        f"swap {who} 2026-12-07 {other} 2026-12-14 --force",
        "replan --yes",
        f"plan --from 2027-01-11 --weeks {random.randint(1, 9)}",
    ]
    return random.choice(commands).split()
