"""`setrota leave`: what it writes into rosters, what it shows, and that it never shows reasons."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tomllib
from typing import Any

import pytest
from command_line import EXAMPLE, Desk

TITLE = "Zyzzyva treatment"
NOTE = "Quokka sitting"


def _roster(desk: Desk, name: str = "rotations.toml") -> str:
    return (desk.folder / name).read_bytes().decode()


def _leave(desk: Desk, person: str, name: str = "rotations.toml") -> list[tuple[str, str]]:
    """First and last days, both included."""
    people: dict[str, Any] = tomllib.loads(_roster(desk, name).removeprefix("\ufeff")).get("people", {})
    entries = people.get(person, {}).get("leave", [])
    return [(f"{each['from']}", f"{each.get('to', each['from'])}") for each in entries]


def _changed(before: str, after: str) -> tuple[list[str], list[str]]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    return [line for line in old if line not in new], [line for line in new if line not in old]


def _event(uid: str, *lines: str, title: str) -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT", ""])


def _days(uid: str, first: str, after: str, title: str = TITLE) -> str:
    dates = [f"DTSTART;VALUE=DATE:{first.replace('-', '')}", f"DTEND;VALUE=DATE:{after.replace('-', '')}"]
    return _event(uid, *dates, f"DESCRIPTION:{TITLE}", title=title)


def _calendar(desk: Desk, *events: str, name: str = "team.ics", head: str = "") -> None:
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//test\n{head}{''.join(events)}END:VCALENDAR\n"
    (desk.folder / name).write_bytes(text.replace("\n", "\r\n").encode())


@pytest.fixture(autouse=True)
def _nothing_private_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Check every run in this file: no event's title and no note is in the output."""
    run = Desk.run

    def watched(desk: Desk, *arguments: str, **settings: Any) -> Any:
        outcome = run(desk, *arguments, **settings)
        said = (outcome.out + outcome.talk).lower()
        for word in f"{TITLE} {NOTE}".lower().split():
            assert word not in said
        for file in desk.folder.rglob("*.toml"):
            assert not any(word in file.read_text(encoding="utf-8-sig") for word in TITLE.split())
        return outcome

    monkeypatch.setattr(Desk, "run", watched)


# add


def test_one_line_of_the_example_changes_per_person(desk: Desk) -> None:
    before = EXAMPLE.read_text(encoding="utf-8")
    # An inline table, a section without leave, a list on one line, a list over several lines with comments.
    expected = {
        "eli": 'eli = { name = "Eli Marrowby", leave = [{ from = 2027-04-05, to = 2027-04-09 }] }\n',
        "esra": "leave = [{ from = 2027-04-05, to = 2027-04-09 }]\n",
        "sven": 'leave = [{ from = 2027-02-15, to = 2027-02-19, note = "a note is for the readers of this file; it is'
        ' shown nowhere" }, { from = 2027-04-05, to = 2027-04-09 }]\n',
        "bram": "  { from = 2027-04-05, to = 2027-04-09 },\n",
    }
    for person, line in expected.items():
        if person == "sven":
            continue  # his line would get longer than 120 columns
        desk.write("rotations.toml", before)
        desk.run("leave", "add", person, "2027-04-05", "2027-04-09").at(0)
        gone, came = _changed(before, _roster(desk))
        assert came == [line]
        assert gone == (['eli = { name = "Eli Marrowby" }\n'] if person == "eli" else [])
    desk.write("rotations.toml", before)
    desk.run("leave", "add", "sven", "2027-04-05", "2027-04-09").at(0)
    _, came = _changed(before, _roster(desk))
    assert [line.strip()[:20] for line in came] == ["{ from = 2027-02-15,", "{ from = 2027-04-05,"]


def test_many_edits_of_the_example_keep_every_comment_and_blank_line(desk: Desk) -> None:
    before = _roster(desk)
    for person in ("eli", "esra", "ana", "bram", "uma", "jae", "hugo", "yuki"):
        desk.run("leave", "add", person, "2027-05-03", "2027-05-07").at(0)
        assert _leave(desk, person)[-1] == ("2027-05-03", "2027-05-07") or person == "uma"
    after = _roster(desk).splitlines()
    quiet = [line for line in before.splitlines() if not line.strip() or line.startswith("#")]
    assert [line for line in after if not line.strip() or line.startswith("#")] == quiet
    assert [line for line in before.splitlines() if "#" in line and line not in after] == []


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_line_ends_and_byte_order_marks_stay(little: Desk, ending: str, mark: str, last: str) -> None:
    text = mark + (_roster(little).rstrip("\n") + last).replace("\n", ending)
    (little.folder / "rotations.toml").write_bytes(text.encode())
    little.run("leave", "add", "bo", "2027-02-01", "2027-02-05").at(0)
    added = f"\n\n[people.bo]\nleave = [{{ from = 2027-02-01, to = 2027-02-05 }}]{last}".replace("\n", ending)
    stem = text.removesuffix(ending) if last else text
    assert _roster(little) == stem + added


def test_leave_goes_where_the_person_stands(little: Desk) -> None:
    main = f'include = ["teams/*.toml", "private.toml"]\n{_roster(little)}'
    little.write("rotations.toml", main)
    blue = '[teams.blue]\nstaff = ["gus", "hana"]\n'
    green = '# ours\n[people.bo]\nname = "Bo"\n\n# end\n'
    private = "[people.cy]\nleave = [{ from = 2027-01-04 }]\n"
    little.write("teams/blue.toml", blue)
    little.write("teams/green.toml", green)
    little.write("private.toml", private)
    for person in ("bo", "cy", "gus", "ana"):
        little.run("leave", "add", person, "2027-02-01").at(0)
    # A section in one file, leave in another; no section: the team's file; a team in the main file.
    assert _roster(little, "teams/green.toml") == green.replace('"Bo"\n', '"Bo"\nleave = [{ from = 2027-02-01 }]\n')
    assert _roster(little, "private.toml") == private.replace(" }]", " }, { from = 2027-02-01 }]")
    assert _roster(little, "teams/blue.toml") == f"{blue}\n[people.gus]\nleave = [{{ from = 2027-02-01 }}]\n"
    assert _roster(little) == f"{main}\n[people.ana]\nleave = [{{ from = 2027-02-01 }}]\n"


def test_leave_goes_into_a_file_outside_the_rosters_folder(little: Desk) -> None:
    text = f'include-outside = ["../private/leave.toml"]\n{_roster(little)}'
    little.write("desk/rotations.toml", text)
    little.write("private/leave.toml", "[people.cy]\nleave = [{ from = 2027-01-04 }]\n")
    little.run("leave", "add", "cy", "2027-02-01", "-r", "desk/rotations.toml").at(0)
    little.run("show", "-r", "desk/rotations.toml", "-o", "private/leave.toml").at(2)
    after = "[people.cy]\nleave = [{ from = 2027-01-04 }, { from = 2027-02-01 }]\n"
    assert _roster(little, "private/leave.toml") == after
    assert _roster(little, "desk/rotations.toml") == text


def test_days_that_are_covered_already_are_not_added(little: Desk) -> None:
    little.run("leave", "add", "bo", "2027-02-01", "2027-02-05").at(0)
    little.run("leave", "add", "bo", "2027-02-06", "2027-02-08").at(0)
    before = _roster(little)
    assert "already" in little.run("leave", "add", "Bo", "2027-02-02", "2027-02-08").at(0).talk
    assert _roster(little) == before
    little.run("leave", "add", "bo", "2027-02-02", "2027-02-09").at(0)
    assert len(_leave(little, "bo")) == 3


def test_a_note_stays_in_the_roster(little: Desk) -> None:
    little.run("leave", "add", "bo", "2027-02-01", "--note", f'{NOTE} "#\\').at(0)
    assert tomllib.loads(_roster(little))["people"]["bo"]["leave"][0]["note"] == f'{NOTE} "#\\'
    little.run("leave", "list").at(0)
    little.run("check").at(0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["zed", "2027-02-01"], "nobody is called `zed`"),
        (["bo", "2027-02-30"], "there is no such day"),
        (["bo", "2027-02-05", "2027-02-01"], "the leave ends on 2027-02-01, before it starts on 2027-02-05"),
    ],
)
def test_leave_that_cannot_be_added(little: Desk, words: list[str], said: str) -> None:
    before = _roster(little)
    assert said in little.run("leave", "add", *words).at(2).talk
    assert _roster(little) == before


def test_a_layout_that_cannot_be_edited_is_told(little: Desk) -> None:
    text = 'people = { cy = { name = "Cy" } }\n' + _roster(little)
    little.write("rotations.toml", text)
    result = little.run("leave", "add", "bo", "2027-02-01", "2027-02-05").at(2)
    assert "`people.bo.leave` is laid out in a way that setrota can't edit" in result.talk
    assert "{ from = 2027-02-01, to = 2027-02-05 }" in result.talk
    assert _roster(little) == text


def test_duties_that_new_leave_hits_are_named_with_what_repairs_them(planned: Desk) -> None:
    crew = tomllib.loads(planned.schedule.decode())["engineer"]["2027-02-08"]
    holder, backup = crew["primary"], crew["backup"]
    talk = planned.run("leave", "add", holder, "2027-02-10", "2027-02-12").at(0).talk
    assert f"{holder} (primary) is away in the engineer period of 2027-02-08" in talk
    assert "setrota replan" in talk
    # On Tuesday the period is running, and the leave begins on Wednesday.
    talk = planned.run("leave", "add", backup, "2027-02-10", "2027-02-12", now="2027-02-09T10:00").at(0).talk
    assert f"setrota cover {backup} 2027-02-10" in talk
    assert holder not in talk


def test_a_roster_that_somebody_changes_meanwhile_is_left_alone(little: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from setrota.files.roster.edits import RosterTexts

    checked = RosterTexts.checked

    def changed_meanwhile(texts: RosterTexts) -> Any:
        little.write("rotations.toml", _roster(little) + "# by somebody else\n")
        return checked(texts)

    monkeypatch.setattr(RosterTexts, "checked", changed_meanwhile)
    assert "changed since it was read; nothing was written" in little.run("leave", "add", "bo", "2027-02-01").at(2).talk
    assert _roster(little).endswith("# by somebody else\n")
    assert _leave(little, "bo") == []


# list


def test_who_is_away(little: Desk) -> None:
    little.write(
        "rotations.toml", _roster(little).replace("[teams.green]", "[teams.green]\naway = [{ from = 2027-01-04 }]")
    )
    little.run("leave", "add", "bo", "2026-11-23", "2026-11-24", "--note", NOTE).at(0)
    little.run("leave", "add", "ana", "2027-02-01", "2027-03-05").at(0)
    found = little.run("leave", "list", "--format", "json").at(0).json["leave"]
    assert [(each["person"], each["team"], each["from"], each["to"]) for each in found] == [
        ("bo", None, "2026-11-23", "2026-11-24"),
        (None, "green", "2027-01-04", "2027-01-04"),
        ("ana", None, "2027-02-01", "2027-03-05"),
    ]
    # 28 days of February and 5 of March, on all of which a rotation is served: longer than four weeks.
    assert (found[2]["served_days"], found[2]["long"]) == (33, True)
    text = little.run("leave", "list").at(0).out
    assert "long leave" in text
    assert "team green" in text
    assert [
        each["person"] for each in little.run("leave", "list", "--person", "bo", "--format", "json").json["leave"]
    ] == ["bo"]
    # His team is not away, dee's is.
    assert len(little.run("leave", "list", "--person", "dee", "--format", "json").json["leave"]) == 1
    later = little.run("leave", "list", "--from", "2026-11-25", "--to", "2027-01-31", "--format", "json").json["leave"]
    assert [each["team"] for each in later] == ["green"]
    assert little.run("leave", "list", "--from", "2028-01-01").at(0).out == "nobody is away from 2028-01-01 on\n"
    listed = ("leave", "list", "--person", "ana", "--from", "2028-01-01")
    assert little.run(*listed).at(0).out == "ana has no leave from 2028-01-01 on\n"
    assert little.run(*listed, "--to", "2028-02-01").at(0).out == "ana has no leave from 2028-01-01 to 2028-02-01\n"
    little.run("leave", "list", "--from", "2028-01-01", "--to", "2027-01-01").at(2)


def test_leave_on_days_that_nobody_serves_is_told_once(little: Desk) -> None:
    """2027-02-06 and 2027-02-07 are a weekend."""
    little.write("rotations.toml", _roster(little).replace('pool = "staff"', 'serves = "Mon-Fri"\npool = "staff"'))
    note = "note: no rotation of theirs is served on any day of this leave: bo {} [leave-without-effect]"
    talk = little.run("leave", "add", "bo", "2027-02-06", "2027-02-07").at(0).talk
    assert note.format("2027-02-06 to 2027-02-07") in talk
    assert "leave-without-effect" not in little.run("leave", "add", "bo", "2027-02-05").at(0).talk
    _calendar(little, _days("1", "2027-02-13", "2027-02-15"), _days("2", "2027-02-15", "2027-02-17"))
    imported = little.run("leave", "import", "team.ics", "--person", "bo", "--yes").at(0)
    assert note.format("2027-02-13 to 2027-02-14") in imported.talk
    rows = [line.split() for line in imported.out.splitlines() if line.startswith("bo ")]
    assert [row[5] for row in rows] == ["0", "2"]


def test_added_leave_as_json(little: Desk) -> None:
    days = {"person": "bo", "from": "2027-02-01", "to": "2027-02-03", "moved_from": None}
    add = ("leave", "add", "Bo", "2027-02-01", "2027-02-03", "--note", NOTE, "--format", "json")
    assert little.run(*add).at(0).json == {
        "saved": True,
        "files": ["rotations.toml"],
        "leave_changes": [days | {"what": "new"}],
    }
    assert little.run(*add).at(0).json == {
        "saved": False,
        "files": [],
        "leave_changes": [days | {"what": "there-already"}],
    }


# import


def test_an_import_as_json(little: Desk) -> None:
    def imported(*options: str, status: int = 0) -> tuple[bool, list[str], list[tuple[str, ...]]]:
        done = little.run("leave", "import", "team.ics", "--format", "json", *options).at(status).json
        changes = [(each["what"], each["person"], each["from"], each["to"]) for each in done["leave_changes"]]
        return done["saved"], done["files"], changes

    _calendar(
        little, _days("1", "2027-02-01", "2027-02-06", f"Bo {TITLE}"), _days("2", "2027-03-01", "2027-03-02", "ana")
    )
    new = [("new", "bo", "2027-02-01", "2027-02-05"), ("new", "ana", "2027-03-01", "2027-03-01")]
    assert imported("--dry-run") == (False, [], new)
    # There is no terminal to ask on.
    assert imported(status=1) == (False, [], new)
    assert imported("--yes") == (True, ["rotations.toml"], new)
    assert imported("--yes") == (False, [], [("there-already", *each[1:]) for each in new])
    _calendar(little, _days("1", "2027-02-08", "2027-02-11", f"Bo {TITLE}"))
    done = little.run("leave", "import", "team.ics", "--format", "json", "--yes").at(0)
    assert [
        (each["what"], each["person"], each["from"], each["moved_from"]) for each in done.json["leave_changes"]
    ] == [
        ("moved", "bo", "2027-02-08", {"from": "2027-02-01", "to": "2027-02-05"}),
        ("gone", "ana", "2027-03-01", None),
    ]


def test_an_import_adds_leave_and_a_second_one_changes_nothing(little: Desk) -> None:
    _calendar(
        little,
        _days("1", "2027-02-01", "2027-02-06", f"Bo: {TITLE}"),
        _days("2", "2027-03-01", "2027-03-02", f"{TITLE} ana and CY"),
        _days("3", "2027-04-01", "2027-04-02"),
        _event("4", "DTSTART:20270405T090000Z", "DURATION:PT2H", title=f"dee {TITLE}"),
    )
    result = little.run("leave", "import", "team.ics", "--yes").at(0)
    assert _leave(little, "bo") == [("2027-02-01", "2027-02-05")]
    assert _leave(little, "ana") == _leave(little, "cy") == [("2027-03-01", "2027-03-01")]
    assert "1 event names nobody in the roster, skipped: 2027-04-01 [event-without-person]" in result.talk
    assert "1 event is shorter than half a working day and skipped: 2027-04-05 [event-too-short]" in result.talk
    before = _roster(little)
    assert "nothing changed" in little.run("leave", "import", "team.ics", "--yes").at(0).talk
    assert _roster(little) == before


def test_the_example_imported_twice_is_the_same_to_the_byte(planned: Desk) -> None:
    people = ("eli", "esra", "ana", "bram", "sven", "Gita Meghavarna", "jae@example.com")
    events = [
        _event(
            f"{person}",
            "DTSTART;VALUE=DATE:20270405",
            "DTEND;VALUE=DATE:20270408",
            "RRULE:FREQ=MONTHLY;COUNT=4",
            title=f"{person} {TITLE}",
        )
        for person in people
    ]
    _calendar(planned, *events)
    original = _roster(planned)
    planned.run("leave", "import", "team.ics", "--yes").at(0)
    before = _roster(planned)
    assert len(_leave(planned, "gita")) == len(_leave(planned, "jae")) == 4
    planned.run("leave", "import", "team.ics", "--yes").at(0)
    assert _roster(planned) == before
    quiet = [line for line in original.splitlines() if not line.strip() or line.startswith("#")]
    assert [line for line in before.splitlines() if not line.strip() or line.startswith("#")] == quiet
    planned.run("check").at(0)


def test_events_that_moved_or_went_away(little: Desk) -> None:
    _calendar(little, _days("1", "2027-02-01", "2027-02-06"), _days("2", "2027-03-01", "2027-03-02"))
    little.run("leave", "import", "team.ics", "--person", "bo", "--yes").at(0)
    # Someone adds a note, a comment and a day by hand.
    text = _roster(little)
    text = text.replace("to = 2027-02-05,", f'to = 2027-02-05, note = "{NOTE}",')
    little.write("rotations.toml", text)
    little.run("leave", "add", "bo", "2027-05-03").at(0)
    _calendar(little, _days("1", "2027-02-08", "2027-02-10"))
    shown = little.run("leave", "import", "team.ics", "--person", "bo", "--dry-run").at(0)
    assert "moved, was 2027-02-01 to 2027-02-05" in shown.out
    assert "no longer in the calendar" in shown.out
    assert "would move 1 absence, remove 1 (--dry-run)" in shown.talk
    little.run("leave", "import", "team.ics", "--person", "bo", "--yes", "--keep-removed").at(0)
    assert _leave(little, "bo") == [
        ("2027-02-08", "2027-02-09"),
        ("2027-03-01", "2027-03-01"),
        ("2027-05-03", "2027-05-03"),
    ]
    little.run("leave", "import", "team.ics", "--person", "bo", "--yes").at(0)
    assert _leave(little, "bo") == [("2027-02-08", "2027-02-09"), ("2027-05-03", "2027-05-03")]
    assert NOTE in _roster(little)


def test_only_what_the_same_calendar_said_of_the_days_looked_at_is_gone(little: Desk) -> None:
    _calendar(little, _days("1", "2027-02-01", "2027-02-02"), _days("2", "2028-03-01", "2028-03-02"))
    little.run("leave", "import", "team.ics", "--person", "bo", "--yes").at(0)
    _calendar(little, _days("9", "2027-06-01", "2027-06-02", "bo"), name="all.ics", head="X-WR-CALNAME:All\n")
    little.run("leave", "import", "all.ics", "--yes").at(0)
    assert len(_leave(little, "bo")) == 3
    # Another calendar without these events; days before the range; and the rest, which is really gone.
    _calendar(little, name="all.ics", head="X-WR-CALNAME:Some\n")
    assert "nothing changed" in little.run("leave", "import", "all.ics", "--yes").at(0).talk
    _calendar(little)
    little.run("leave", "import", "team.ics", "--person", "ana", "--yes").at(0)
    little.run("leave", "import", "team.ics", "--person", "bo", "--yes", "--to", "2027-12-31").at(0)
    assert _leave(little, "bo") == [("2028-03-01", "2028-03-01"), ("2027-06-01", "2027-06-01")]
    little.run("leave", "import", "team.ics", "--person", "bo", "--yes", now="2028-03-02T10:00").at(0)
    assert len(_leave(little, "bo")) == 2
    little.run("leave", "import", "team.ics", "--person", "bo", "--yes", now="2028-03-01T10:00").at(0)
    assert _leave(little, "bo") == [("2027-06-01", "2027-06-01")]


def test_an_event_that_got_another_identity_is_known_by_its_days(little: Desk) -> None:
    _calendar(little, _days("1", "2027-02-01", "2027-02-06"))
    little.run("leave", "import", "team.ics", "--person", "bo", "--yes").at(0)
    before = _roster(little)
    _calendar(little, _days("other", "2027-02-01", "2027-02-06"))
    for _ in range(2):
        assert "nothing changed" in little.run("leave", "import", "team.ics", "--person", "bo", "--yes").at(0).talk
    assert _roster(little) == before


def test_without_consent_nothing_is_saved(little: Desk) -> None:
    _calendar(little, _days("1", "2027-02-01", "2027-02-06"))
    before = _roster(little)
    assert (
        "add `--yes` to save without being asked"
        in little.run("leave", "import", "team.ics", "--person", "bo").at(1).talk
    )
    little.run("leave", "import", "team.ics", "--person", "bo", "--dry-run").at(0)
    assert _roster(little) == before


@pytest.mark.parametrize(("answer", "status", "entries"), [("y", 0, 1), ("n", 1, 0), ("", 1, 0)])
def test_on_a_terminal_it_asks(little: Desk, answer: str, status: int, entries: int) -> None:
    _calendar(little, _days("1", "2027-02-01", "2027-02-06"))
    terminal, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "setrota", "leave", "import", "team.ics", "--person", "bo"],
        cwd=little.folder,
        env=little.environment(),
        stdin=side,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    os.write(terminal, f"{answer}\n".encode())
    _, talk = process.communicate(timeout=60)
    os.close(terminal)
    os.close(side)
    assert "Add 1 absence? [y/N]" in talk.decode()
    assert process.returncode == status
    assert len(_leave(little, "bo")) == entries


def test_several_files_are_saved(little: Desk) -> None:
    little.write("rotations.toml", f'include = ["bo.toml"]\n{_roster(little)}')
    little.write("bo.toml", "[people.bo]\n# his\n")
    _calendar(little, _days("1", "2027-02-01", "2027-02-02", "bo, cy"))
    done = little.run("leave", "import", "team.ics", "--yes").at(0)
    assert done.talk.startswith("added 2 absences; saved ")
    assert len(_leave(little, "bo", "bo.toml")) == len(_leave(little, "cy")) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.ics"], "there is no such file"),
        (["rotations.toml"], "is not a calendar"),
        (["team.ics", "--person", "zed"], "nobody is called `zed`"),
        (["team.ics", "--to", "2020-01-01"], "the range ends on 2020-01-01"),
        (["team.ics", "--from", "2027-01-01", "--to", "2032-01-01"], "the range is longer than 5 years"),
        (["large.ics"], "larger than 5 MB"),
    ],
)
def test_what_cannot_be_imported(little: Desk, words: list[str], said: str) -> None:
    _calendar(little, _days("1", "2027-02-01", "2027-02-06"))
    (little.folder / "large.ics").write_bytes(b"BEGIN:VCALENDAR\r\n" * 300_000)
    before = _roster(little)
    assert said in little.run("leave", "import", *words, "--yes").at(2).talk
    assert _roster(little) == before
    little.run("leave", "import", "team.ics", "--from", "2027-01-01", "--to", "2031-12-31", "--dry-run").at(0)


def test_a_calendar_that_names_nobody_asks_whose_it_is(little: Desk) -> None:
    _calendar(little, _days("1", "2027-02-01", "2027-02-06"))
    talk = little.run("leave", "import", "team.ics", "--yes").at(0).talk
    assert "1 event names nobody in the roster, skipped: 2027-02-01 to 2027-02-05 [event-without-person]" in talk
    assert "  hint: if this is one person's calendar, name them with `--person`\n" in talk


def test_a_terminal_of_80_columns(planned: Desk) -> None:
    _calendar(
        planned, *(_days(f"{number}", f"2027-05-{number:02}", f"2027-05-{number + 2:02}") for number in range(1, 9))
    )
    planned.run("leave", "import", "team.ics", "--person", "lea", "--yes").at(0)
    _calendar(
        planned, *(_days(f"{number}", f"2027-06-{number:02}", f"2027-06-{number + 2:02}") for number in range(1, 9))
    )
    for words in (["import", "team.ics", "--person", "lea", "--dry-run"], ["list"]):
        out = planned.run("leave", *words, COLUMNS="80").at(0).out
        assert max(map(len, out.splitlines())) <= 80
