"""Which roster a command reads: that of the folder, or the nearest one above, up to the repository's root or home."""

from __future__ import annotations

import os
import pwd
import re
import shlex
from pathlib import Path

import pytest
from command_line import Desk, small
from repository import Repository

from setrota.cli.nearby import nearest_roster

PLAN = """\
format = 3
rota = "FD"

[desk.2026-11-23]
primary = "ana"
backup = "dee"
"""
UNKNOWN = 54321
"""So much later than one's own number, no user has one."""

NOTE = "this roster is used, because there is none in the current folder [roster-above]\n"


@pytest.fixture
def rota(empty: Desk) -> Desk:
    """A small rota in a repository."""
    empty.write("rotations.toml", small())
    empty.write("schedule.toml", PLAN)
    (empty.folder / ".git").mkdir()
    return empty


def inside(desk: Desk, name: str) -> Desk:
    folder = desk.folder / name
    folder.mkdir(parents=True)
    return Desk(folder)


@pytest.mark.parametrize("name", ["docs", "docs/rota/2027"])
def test_the_roster_of_a_folder_above_is_used_and_named(rota: Desk, name: str) -> None:
    sub = inside(rota, name)
    steps = "/".join([".."] * len(Path(name).parts))
    done = sub.run("now").at(0)
    assert "primary  ana" in done.out
    assert done.talk.startswith(f"note: {steps}/rotations.toml: {NOTE}")
    document = sub.run("now", "--format", "json").at(0).document
    [note] = [each for each in document["problems"] if each["code"] == "roster-above"]
    assert (note["file"], note["severity"]) == (f"{steps}/rotations.toml", "note")
    assert "primary ana" in sub.run().at(0).out


def test_the_nearest_roster_counts(rota: Desk) -> None:
    sub = inside(rota, "docs")
    sub.write("rotations.toml", small().replace("Front", "Other"))
    assert "OD on Monday" in inside(sub, "a").run().out
    assert "roster-above" not in sub.run().talk
    assert "OD on Monday" in sub.run().out


def test_what_is_broken_counts_as_well(rota: Desk) -> None:
    """Nobody is sent to another roster because the one that they mean can't be read."""
    sub = inside(rota, "docs")
    (sub.folder / "rotations.toml").symlink_to("none.toml")
    assert "rotations.toml: " in sub.run("now").at(2).talk
    assert "roster-above" not in sub.run("now").talk


def test_nothing_is_looked_for_above_the_repository(rota: Desk) -> None:
    inner = inside(rota, "vendor/tool")
    (inner.folder / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")  # as a submodule and a worktree have it
    sub = inside(inner, "src")
    assert "there is no such file [no-roster]" in sub.run("now").at(2).talk
    assert "There is no roster here." in sub.run().at(0).out


def test_outside_a_repository_the_search_ends_at_home(rota: Desk) -> None:
    (rota.folder / ".git").rmdir()
    sub = inside(rota, "home/ana/notes")
    assert "[no-roster]" in sub.run("now").at(2).talk
    assert "[no-roster]" in sub.run("now", HOME=str(rota.folder / "home")).at(2).talk
    assert "primary  ana" in sub.run("now", HOME=str(rota.folder)).at(0).out
    link = rota.folder.with_name("link")
    link.symlink_to(rota.folder)
    assert "primary  ana" in sub.run("now", HOME=str(link)).at(0).out
    # Whoever is at home sees nothing above it.
    assert "[no-roster]" in sub.run("now", HOME=str(sub.folder)).at(2).talk


def test_what_is_named_wins(rota: Desk) -> None:
    sub = inside(rota, "docs")
    sub.write("mine.toml", small().replace("Front", "My"))
    for arguments, settings in ((("-r", "mine.toml"), {}), ((), {"SETROTA_ROSTER": "mine.toml"})):
        done = sub.run("now", *arguments, **settings)
        assert "MD on Monday" in done.out
        assert "roster-above" not in done.talk
    assert "[no-roster]" in sub.run("now", "--roster", "rotations.toml").at(2).talk


def test_init_never_looks_above(rota: Desk) -> None:
    sub = inside(rota, "docs")
    assert "wrote rotations.toml" in sub.run("init").at(0).talk
    assert (sub.folder / "rotations.toml").exists()


@pytest.mark.parametrize("whose", ["folder", "file"])
def test_a_roster_of_another_user_is_named_not_used(rota: Desk, monkeypatch: pytest.MonkeyPatch, whose: str) -> None:
    sub = inside(rota, "docs")
    real = os.stat if whose == "folder" else os.lstat

    def owned_by_another(path: os.PathLike[str] | str, **how: bool) -> os.stat_result:
        found = real(path, **how)  # type: ignore[arg-type]
        theirs = str(path) == (".." if whose == "folder" else "../rotations.toml")
        return os.stat_result([*found[:4], found.st_uid + UNKNOWN if theirs else found.st_uid, *found[5:]])

    with monkeypatch.context() as patch:
        patch.setattr(
            "setrota.cli.nearby.os.stat" if whose == "folder" else "setrota.cli.nearby.os.lstat", owned_by_another
        )
        for command in (("now",), ()):
            done = sub.run(*command).at(2)
            assert done.out == ""
            assert done.talk.startswith("error: ../rotations.toml: this roster belongs to another user, ")
            assert "[roster-of-another]" in done.talk
            assert f", {os.geteuid() + UNKNOWN}, so it isn't used" in done.talk
            assert "  hint: if you trust it, name it: `--roster ../rotations.toml`\n" in done.talk
        assert "primary  ana" in sub.run("now", "--roster", "../rotations.toml").at(0).out
        # In its own folder, whoever is there has chosen it.
        assert "primary  ana" in rota.run("now").at(0).out


def test_without_owners_nothing_is_looked_for_above(rota: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sub = inside(rota, "docs")
    monkeypatch.delattr(os, "geteuid")
    monkeypatch.chdir(sub.folder)
    assert nearest_roster() == Path("rotations.toml")


def test_the_name_of_another_user(monkeypatch: pytest.MonkeyPatch, rota: Desk) -> None:
    sub = inside(rota, "docs")
    theirs = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: theirs + 1)
    assert f"belongs to another user, {pwd.getpwuid(theirs).pw_name}, so" in sub.run("now").at(2).talk


def test_a_folder_that_is_gone(rota: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    sub = inside(rota, "docs")
    monkeypatch.chdir(sub.folder)
    sub.folder.rmdir()
    assert nearest_roster() == Path("rotations.toml")


def test_paths_that_people_type_start_where_they_are(rota: Desk) -> None:
    sub = inside(rota, "docs")
    sub.run("export", "--person", "ana", "--output", "ana.ics").at(0)
    assert (sub.folder / "ana.ics").exists()
    sub.write("past.csv", "start,rotation,seat,person\n2026-11-16,desk,primary,cy\n2026-11-16,desk,backup,fay\n")
    assert "saved ../schedule.toml" in sub.run("import", "csv", "past.csv").at(0).talk
    assert b"2026-11-16" in rota.schedule


def test_what_saves_saves_in_the_rosters_folder(rota: Desk) -> None:
    sub = inside(rota, "docs")
    assert "saved ../schedule.toml" in sub.run("plan", "--from", "2026-11-30", "--weeks", "2").at(0).talk
    assert "2026-11-30" in rota.schedule.decode()
    sub.run("leave", "add", "cy", "2027-01-04").at(0)
    assert "2027-01-04" in (rota.folder / "rotations.toml").read_text(encoding="utf-8")
    assert list(sub.folder.iterdir()) == []


def test_what_is_saved_below_is_undone_anywhere(rota: Desk) -> None:
    sub = inside(rota, "docs")
    before = (rota.folder / "rotations.toml").read_bytes()
    sub.run("leave", "add", "cy", "2027-01-04").at(0)
    after = (rota.folder / "rotations.toml").read_bytes()
    rota.run("undo", "--yes").at(0)
    assert (rota.folder / "rotations.toml").read_bytes() == before
    talk = sub.run("redo", "--yes").at(0).talk
    assert (rota.folder / "rotations.toml").read_bytes() == after
    # However often the roster was read for that, it is named once.
    assert talk.count("[roster-above]") == 1


@pytest.mark.parametrize("command", ["", "now", "check", "explain 2026-11-23 backup", "brief"])
def test_hinted_commands_work_where_they_are_shown(rota: Desk, command: str) -> None:
    sub = inside(rota, "docs")
    rota.edit("schedule.toml", 'backup = "dee"', 'backup = ""')
    done = sub.run(*command.split())
    hints = re.findall(r"`(setrota [^`A-Z]+)`", done.out + done.talk)
    assert hints
    for each in dict.fromkeys(hints):
        again = sub.run(*shlex.split(each)[1:])
        assert again.status in (0, 1), f"{each}\n{again.talk}"


@pytest.mark.git
def test_a_revision_is_that_of_the_roster_found(rota: Desk) -> None:
    (rota.folder / ".git").rmdir()
    Repository(rota).begin()
    rota.seat("desk.2026-11-23", "primary", "bo")
    done = inside(rota, "docs").run("diff").at(1)
    assert "ana" in done.out
    assert "bo" in done.out
