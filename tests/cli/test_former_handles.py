"""People whose handle changed: the schedule goes on, nobody's history and nobody's calendar changes."""

from __future__ import annotations

import re

import pytest
from command_line import Desk


@pytest.fixture
def served(planned: Desk) -> Desk:
    """The example's first quarter, with a change made in it that names `mei` and `hugo`."""
    planned.edit(
        "schedule.toml",
        "[engineer.2027-02-08]\n",
        "[engineer.2027-02-08]\nchanges = ["
        '{ at = 2027-02-01T10:00:00Z, seat = "primary", was = "olga", now = "hugo" }]\n',
    )
    planned.run("import", "csv", str(_rows(planned))).at(0)
    return planned


def _rows(desk: Desk) -> str:
    """A past period, so that the next save writes the schedule in its own way."""
    rows = "start,rotation,seat,person\n2026-11-02,engineer,primary,hugo\n2026-11-02,engineer,backup,cy\n"
    return str(desk.write("past.csv", rows))


def _rename(desk: Desk, old: str, new: str) -> None:
    """Give somebody another handle in the roster, where their section is in `[people]` or has a heading."""
    text = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    text = text.replace(f'"{old}"', f'"{new}"')
    text = re.sub(rf"(?m)^{old} = \{{ ", f'{new} = {{ formerly = "{old}", ', text)
    text = text.replace(f"[people.{old}]\n", f'[people.{new}]\nformerly = ["{old}"]\n')
    desk.write("rotations.toml", text)


def _said(desk: Desk, *arguments: str) -> str:
    return desk.run(*arguments).at(0).out


QUESTIONS = (
    ("fairness", "--format", "json"),
    ("show", "--format", "csv"),
    ("export", "--output", "-"),
    ("now", "--at", "2027-02-09T10:00", "--format", "json"),
    ("check",),
)


def _sorted_by_person(text: str) -> list[str]:
    """Lines in an order in which a handle's place in the alphabet makes no difference; an event's mark follows them."""
    return sorted(line.rstrip(",") for line in text.splitlines() if not line.startswith("LAST-MODIFIED:"))


def test_everything_is_as_before_under_the_new_handle(served: Desk) -> None:
    # Of now, when nobody is on duty in `engineer`, `check` exits 1.
    status = {("check",): 1}
    before = {question: served.run(*question).at(status.get(question, 0)).out for question in QUESTIONS}
    schedule = served.schedule
    _rename(served, "hugo", "hugo-valdemint")
    for question, text in before.items():
        after = served.run(*question).at(status.get(question, 0)).out
        if question[0] == "check":
            # What the roster has for a name changes nothing in what is found.
            assert after == text
            continue
        # A calendar's lines may be folded within a handle.
        old, new = (each.replace("\r\n ", "") for each in (text, after))
        assert _sorted_by_person(new) == _sorted_by_person(re.sub(r"\bhugo\b(?!-)", "hugo-valdemint", old))
    assert served.schedule == schedule


def test_the_next_save_writes_the_new_handle_and_then_nothing_changes(served: Desk) -> None:
    before = served.schedule.decode()
    _rename(served, "hugo", "hugo-valdemint")
    more = "start,rotation,seat,person\n2026-11-09,engineer,primary,gus\n"
    served.write("more.csv", more)
    served.run("import", "csv", "more.csv").at(0)
    after = served.schedule.decode()
    assert not re.search(r"\bhugo\b(?!-)", after)
    # Only lines with the handle, seals, and what the import added are others.
    old, new = before.splitlines(), after.splitlines()
    assert all("hugo" in line or "planned" in line for line in old if line not in new)
    # A crew that nobody edited still counts as one: planning again may recompute it.
    # Nobody serves in the weeks between the duties that were imported and the plan; nothing else is wrong.
    findings = served.run("check", "--format", "json").at(1).json["findings"]
    assert [each["code"] for each in findings if each["severity"] == "error"] == ["nobody-on-duty"]
    served.write("again.csv", more.replace("2026-11-09", "2026-11-16"))
    served.run("import", "csv", "again.csv").at(0)
    second = served.schedule.decode().splitlines()
    assert [line for line in new if line not in second] == []


def test_a_crew_that_was_edited_stays_edited(planned: Desk) -> None:
    from pathlib import Path

    from setrota.files.roster import read_roster
    from setrota.files.schedule import read_schedule

    planned.seat("engineer.2027-02-08", "primary", "hugo")
    _rename(planned, "hugo", "hugo-valdemint")
    _rename(planned, "olga", "olga-b")
    roster = read_roster(Path(planned.folder / "rotations.toml")).roster
    crews = read_schedule(planned.folder / "schedule.toml", roster).of("engineer")
    assert [crew.period.start.isoformat() for crew in crews if crew.edited] == ["2027-02-08"]
    assert {"hugo-valdemint"} <= set().union(*(crew.people for crew in crews))
    assert all("hugo" not in crew.people and "olga" not in crew.people for crew in crews)
    assert all("hugo" not in (crew.pool.shares if crew.pool else ()) for crew in crews)


def test_people_are_found_by_what_they_were_called(served: Desk) -> None:
    _rename(served, "hugo", "hugo-valdemint")
    by_old, by_new = (_said(served, "show", "--person", handle) for handle in ("HUGO", "hugo-valdemint"))
    assert by_old == by_new
    assert "hugo-valdemint" in by_new
    # Past duties too, and those of the old handle are there already.
    assert "nothing changed" in served.run("import", "csv", "past.csv").at(0).talk
    served.run("leave", "add", "hugo", "2027-06-01").at(0)
    assert 'hugo-valdemint = { formerly = "hugo"' in (served.folder / "rotations.toml").read_text(encoding="utf-8")


def test_a_handle_spelled_otherwise_is_a_former_one(planned: Desk) -> None:
    _rename(planned, "hugo", "Hugo")
    assert "0 errors" in _said(planned, "check")
    assert '"Hugo"' in _said(planned, "show", "--format", "json")


def test_without_formerly_the_schedule_names_a_stranger(planned: Desk) -> None:
    text = (planned.folder / "rotations.toml").read_text(encoding="utf-8")
    planned.write(
        "rotations.toml", text.replace('"hugo"', '"hugo-valdemint"').replace("hugo = {", "hugo-valdemint = {")
    )
    assert "hugo" in planned.run("check").at(1).out
