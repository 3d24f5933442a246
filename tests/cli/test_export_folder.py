"""`setrota export --output rota/`: what is written into a folder, what is left alone, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import icalendar
import pytest
from command_line import Desk, Outcome, small

from setrota.files.saving import save
from setrota.problems import Place, Problem, Refused

NOW = "2027-01-05T10:00"
WEEKS = {
    "2027-01-04": ("ana", "dee"),
    "2027-01-11": ("bo", "eli"),
    "2027-01-18": ("cy", "fay"),
    "2027-01-25": ("dee", "ana"),
}
FILES = {
    "index.html",
    "rota.ics",
    "rotations/desk.ics",
    "teams/red.ics",
    "teams/green.ics",
    *(f"people/{handle}.ics" for handle in ("ana", "bo", "cy", "dee", "eli", "fay")),
}


UNCHANGED = "rota/: none of 10 calendars has changed; the team's page is rota/index.html\n"


@pytest.fixture
def front(little: Desk) -> Desk:
    blocks = [f'[desk.{day}]\nprimary = "{first}"\nbackup = "{second}"\n' for day, (first, second) in WEEKS.items()]
    little.write("schedule.toml", "\n".join(['format = 3\nrota = "FD"\n', *blocks]))
    return little


def export(desk: Desk, *options: str, folder: str = "rota/") -> Outcome:
    return desk.run("export", "--output", folder, *options, now=NOW)


def held(desk: Desk, folder: str = "rota") -> dict[str, bytes]:
    root = desk.folder / folder
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def stamps(desk: Desk) -> dict[str, int]:
    return {path.name: path.stat().st_mtime_ns for path in (desk.folder / "rota").rglob("*") if path.is_file()}


def test_all_calendars_and_their_page(front: Desk) -> None:
    result = export(front).at(0)
    assert (result.out, result.talk) == ("", "rota/: wrote 10 calendars; the team's page is rota/index.html\n")
    found = held(front)
    assert set(found) == FILES
    assert found["rota.ics"] == front.run("export").at(0).out.encode()
    assert found["people/bo.ics"] == front.run("export", "--person", "bo").at(0).out.encode()
    assert b'<a href="people/bo.ics">' in found["index.html"]


def test_again_nothing_is_written(front: Desk) -> None:
    export(front).at(0)
    before = held(front), stamps(front)
    assert export(front, folder="rota").at(0).talk == UNCHANGED
    assert (held(front), stamps(front)) == before


def test_only_what_changed_is_written(front: Desk) -> None:
    export(front).at(0)
    before = stamps(front)
    front.run("cover", "bo", "2027-01-12", "--with", "cy", "--force", "--reason", "measles", now=NOW).at(0)
    talk = export(front).at(0).talk
    assert "calendars; the others have not changed" in talk
    changed = {name for name, at in stamps(front).items() if at != before[name]}
    assert {"rota.ics", "bo.ics", "cy.ics", "eli.ics"} <= changed
    assert "index.html" in changed
    assert "measles" not in (front.folder / "rota" / "index.html").read_text("utf-8")
    assert f"wrote {len(changed - {'index.html'})} of 10" in talk
    assert b"measles" not in b"".join(held(front).values())


def test_into_a_folder_that_is_there_and_into_a_new_one_below(front: Desk) -> None:
    (front.folder / "site").mkdir()
    front.write("site/style.css", "mine")
    export(front, folder="site").at(0)
    assert set(held(front, "site")) == FILES | {"style.css"}
    export(front, folder="a/b/").at(0)
    assert set(held(front, "a/b")) == FILES
    assert "FD.ics" not in os.listdir(front.folder)


def test_the_calendar_of_whoever_is_gone_says_once_that_there_are_no_duties(front: Desk) -> None:
    export(front).at(0)
    front.edit("rotations.toml", 'staff = ["dee", "eli", "fay"]', 'staff = ["dee", "eli"]')
    front.edit("schedule.toml", 'backup = "fay"', 'backup = ""')
    talk = export(front).at(0).talk
    assert talk.endswith(
        "; people/fay.ics says that there are no duties, and no longer belongs to anything in the roster"
        "; the team's page is rota/index.html\n"
    )
    calendar = icalendar.Calendar.from_ical(held(front)["people/fay.ics"])
    (event,) = calendar.walk("VEVENT")
    assert (calendar["NAME"], event["SUMMARY"]) == ("Front Desk: fay", "No duties planned")
    assert "fay" not in export(front).at(0).talk
    # Nor under another name of the rota, which stands in every calendar.
    empty = held(front)["people/fay.ics"]
    front.edit("rotations.toml", "Front Desk", "Former Desk")
    assert "fay" not in export(front).at(0).talk
    assert held(front)["people/fay.ics"] == empty
    front.edit("rotations.toml", "Former Desk", "Front Desk")
    front.edit("rotations.toml", 'staff = ["dee", "eli"]', 'staff = ["dee", "eli", "fay"]')
    assert "wrote" in export(front).at(0).talk


def test_a_calendar_that_comes_back_has_its_events_as_before(front: Desk) -> None:
    """What takes place was cancelled nowhere, so nobody's calendar program takes the events for older ones."""
    export(front).at(0)
    before = held(front)
    front.edit("rotations.toml", "[teams.red]", "[teams.crimson]")
    export(front).at(0)
    assert not [name for name, content in held(front).items() if b"CANCELLED" in content]
    front.edit("rotations.toml", "[teams.crimson]", "[teams.red]")
    export(front).at(0)
    assert {name: held(front)[name] for name in before} == before


def test_a_calendar_without_an_event_gets_one_and_loses_its_time_zone(front: Desk) -> None:
    """As earlier versions wrote calendars of those who had no duty, and time zones that programs fail at."""
    export(front).at(0)
    head = held(front)["people/bo.ics"].partition(b"BEGIN:VEVENT")[0].decode()
    zone = "BEGIN:VTIMEZONE\r\nTZID:Africa/Casablanca\r\nEND:VTIMEZONE\r\n"
    texts = {
        "people/half.ics": head[: head.index("X-WR-CALNAME")],
        "people/name.ics": head[: head.index("NAME")].removesuffix("\r\n"),
        "people/zed.ics": f"{head}{zone}END:VCALENDAR\r\n",
    }
    for name, text in texts.items():
        (front.folder / "rota" / name).write_bytes(text.encode())
    talk = export(front).at(0).talk
    assert (
        "; people/half.ics, people/name.ics, people/zed.ics say that there are no duties, and no longer belong" in talk
    )
    found = held(front)
    for name in texts:
        calendar = icalendar.Calendar.from_ical(found[name])
        assert [str(each.get("SUMMARY")) for each in calendar.subcomponents] == ["No duties planned"]
        assert calendar["NAME"] == ("Front Desk" if name == "people/name.ics" else "Front Desk: bo")
    before = stamps(front)
    assert export(front).at(0).talk == UNCHANGED
    assert stamps(front) == before


def test_former_handles_keep_their_calendars(front: Desk) -> None:
    export(front).at(0)
    text = (front.folder / "rotations.toml").read_text(encoding="utf-8").replace('"bo"', '"bob"')
    front.write("rotations.toml", text + '\n[people.bob]\nformerly = ["bo"]\n')
    assert "no duties" not in export(front).at(0).talk
    found = held(front)
    assert found["people/bo.ics"] == found["people/bob.ics"]
    assert b"You are FD primary" in found["people/bo.ics"]


def test_files_of_others_are_left_alone(front: Desk) -> None:
    export(front).at(0)
    others = {
        "people/zed.ics": "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//else//EN\r\nEND:VCALENDAR\r\n",
        "people/notes.txt": "mine",
        "holidays.ics": (front.folder / "rota/rota.ics").read_bytes().decode(),
    }
    for name, text in others.items():
        (front.folder / "rota" / name).write_bytes(text.encode())
    export(front).at(0)
    found = held(front)
    assert {name: found[name].decode() for name in others} == others


@pytest.mark.parametrize("name", ["index.html", "rota.ics", "people/bo.ics"])
def test_what_setrota_did_not_write_is_not_replaced(front: Desk, name: str) -> None:
    front.write(f"rota/{name}", "mine")
    talk = export(front).at(2).talk
    assert talk == (
        f"error: rota/{name}: setrota didn't write this file, so it isn't replaced [file-of-others]\n"
        "  hint: name another folder\n"
    )
    assert held(front) == {name: b"mine"}


@pytest.mark.parametrize("name", ["index.html", "rota.ics", "people/bo.ics"])
def test_a_file_that_a_power_cut_emptied_is_written_again(front: Desk, name: str) -> None:
    export(front).at(0)
    before = held(front)
    front.write(f"rota/{name}", "")
    export(front).at(0)
    assert held(front) == before


def test_a_calendar_larger_than_any_program_reads_is_refused(front: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("setrota.export.calendars.feeds.LARGEST", 1000)
    talk = export(front).at(2).talk
    assert "would be larger than" in talk
    assert "[export-too-large]" in talk
    assert held(front) == {}


def test_the_folder_of_another_rota_is_refused(front: Desk) -> None:
    export(front).at(0)
    before = held(front)
    front.write("rotations.toml", small().replace("Front Desk", "Back Office"))
    front.write("schedule.toml", 'format = 3\nrota = "BO"\n')
    assert "this folder has the calendars of another rota, `FD` [folder-of-another-rota]" in export(front).at(2).talk
    assert held(front) == before


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")
@pytest.mark.parametrize("name", ["people", "people/bo.ics", "rota.ics", "index.html", "people/zed.ics"])
def test_no_symbolic_link_is_followed(front: Desk, tmp_path: Path, name: str) -> None:
    export(front).at(0)
    outside = front.folder / "outside"
    path = front.folder / "rota" / name
    if path.is_dir():
        path.rename(outside)
    else:
        outside.write_bytes((front.folder / "rota/rota.ics").read_bytes())
        path.unlink(missing_ok=True)
    path.symlink_to(outside)
    before = {each: each.read_bytes() for each in (outside, *outside.rglob("*")) if each.is_file()}
    front.run("cover", "bo", "2027-01-12", "--with", "cy", "--force", now=NOW).at(0)
    if name == "people/zed.ics":
        export(front).at(0)
    else:
        assert "aren't written through links [symbolic-link]" in export(front).at(2).talk
    assert {each: each.read_bytes() for each in before} == before


def test_a_folder_that_can_not_be_made(front: Desk) -> None:
    front.write("file", "mine")
    for folder in ("file/", "file/rota/"):
        assert "folder" in export(front, folder=folder).at(2).talk
    front.write("rota/teams", "mine")
    assert "rota/teams: this is not a folder" in export(front).at(2).talk


def test_names_that_are_no_names_of_files(front: Desk) -> None:
    text = small().replace("[teams.red]", '[teams.".."]').replace("[teams.green]", "[teams.CON]")
    front.write("rotations.toml", text.replace('"bo"', '".."').replace('"cy"', '"Cy.Y"'))
    plan = (front.folder / "schedule.toml").read_text(encoding="utf-8")
    front.write("schedule.toml", plan.replace('"bo"', '".."').replace('"cy"', '"Cy.Y"'))
    before = set(os.listdir(front.folder.parent))
    front.run("export", "-o", "a/b/c/", now=NOW).at(0)
    found = set(held(front, "a"))
    assert all(name.startswith("b/c/") for name in found)
    assert len(found) == len(FILES)
    assert not any(".." in name or "CON" in name for name in found)
    assert set(os.listdir(front.folder.parent)) == before


def test_without_a_plan_each_calendar_says_so(little: Desk) -> None:
    assert "nothing is planned, so the only event is `No duties planned`" in export(little).at(0).talk
    found = held(little)
    assert set(found) == FILES
    uids = set()
    for name in FILES - {"index.html"}:
        (event,) = icalendar.Calendar.from_ical(found[name]).walk("VEVENT")
        assert str(event["SUMMARY"]) == "No duties planned"
        uids.add(event["UID"])
    assert len(uids) == len(FILES) - 1
    assert export(little).at(0).talk.endswith(UNCHANGED)


def test_two_at_once_write_the_same(planned: Desk) -> None:
    command = [sys.executable, "-m", "setrota", "export", "--output", "rota/"]
    both = [
        subprocess.Popen(command, cwd=planned.folder, env=planned.environment(), stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60)[1] for process in both]
    assert [process.returncode for process in both] == [0, 0], said


def test_the_page_comes_when_all_that_it_lists_is_there(planned: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(path: Path, text: str, expected: bytes | None, *, durable: bool) -> None:
        if path.name == "zoe.ics":
            raise Refused(Problem("no space left on device", Place(str(path)), code="cannot-save"))
        save(path, text, expected, durable=durable)

    monkeypatch.setattr("setrota.export.calendars.folder.save", full)
    planned.run("export", "--output", "rota/").at(2)
    assert (planned.folder / "rota" / "people" / "ana.ics").exists()
    assert not (planned.folder / "rota" / "index.html").exists()


def test_a_place_that_is_no_folder_is_told_once(planned: Desk) -> None:
    planned.write("rota", "")
    assert planned.run("export", "--output", "rota/").at(2).talk.count("this is not a folder") == 1
