"""What a calendar changes in a roster's leave."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from time import process_time

import pytest

from setrota.files.leave.calendar import EventLeave
from setrota.files.leave.imports import leave_changes
from setrota.files.roster.edits import LeaveEntry, RosterTexts
from setrota.problems import Refused

WINDOW = (date(2027, 2, 1), date(2027, 3, 1))


@pytest.mark.parametrize(
    ("start", "end", "gone"),
    [
        (date(2027, 1, 30), date(2027, 2, 1), False),
        (date(2027, 1, 30), date(2027, 2, 2), True),
        (date(2027, 2, 28), date(2027, 3, 2), True),
        (date(2027, 3, 1), date(2027, 3, 2), False),
    ],
)
def test_of_what_the_calendar_no_longer_has_only_days_in_the_window_go(start: date, end: date, gone: bool) -> None:
    entry = LeaveEntry("ana", start, end, "calx1", 0, 0)
    found = leave_changes([entry], [], WINDOW, "calx")
    assert [each.what for each in found] == (["gone"] if gone else [])


LAYOUTS = {
    "sections": "[people.bo]\nshare = 0.5\n\n# Cy.\n[people.cy]\nleave = [{from=2027-01-04}]\n",
    "lines": '[people]\nbo = { share = 0.5 }\ncy = { leave = [{ from = 2027-01-04 }] }\n\n[rules]\nfreeze = "1 week"\n',
    "lists over lines": "[people.bo]\n[people.cy]\nleave = [\n  { from = 2027-01-04 },\n]\n",
    "tables of their own": "[people.bo.share]\ndesk = 0.5\n\n[[people.cy.leave]]\nfrom = 2027-01-04\n",
    "dotted keys": "[people]\nbo.share = 0.5\ncy.leave = [{ from = 2027-01-04 }]\n",
    "nothing": "",
}


def edited(folder: Path, text: str) -> str:
    path = folder / "rotations.toml"
    path.write_text(text, encoding="utf-8")
    texts = RosterTexts(path)
    for person in ("bo", "cy", "dee", "bo"):
        texts.add_leave(person, [{"from": date(2027, 2, 1)}, {"from": date(2027, 2, 3), "event": "0123456789ab"}])
    texts.move_leave(texts.leave(["cy"])[-1], date(2027, 2, 4), date(2027, 2, 6))
    texts.remove_leave(texts.leave(["bo"])[1:])
    texts.checked()
    return texts.documents[0].text


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_edits_of_a_part_are_those_of_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, layout: str, ending: str
) -> None:
    rota = '[rota]\nname = "Desk"\ntimezone = "Europe/Berlin"\nhandover = "Monday 09:00"\n\n'
    desk = '[rotations.desk]\nevery = "1 week"\npool = "staff"\nseats = ["first"]\n\n'
    teams = '[teams.red]\nstaff = ["bo", "cy", "dee"]\n\n'
    text = f"{rota}{desk}{teams}{LAYOUTS[layout]}".replace("\n", ending)
    parts = edited(tmp_path, text)
    monkeypatch.setattr("setrota.files.roster.edits.part_about", lambda _document, _person: None)
    assert parts == edited(tmp_path, text)


def test_a_section_in_a_text_is_not_taken_for_one(tmp_path: Path) -> None:
    description = 'description = """\n[people.bo]\nshare = 0.5\n\n[x]\n"""\n'
    rota = '[rota]\nname = "Desk"\ntimezone = "Europe/Berlin"\nhandover = "Monday 09:00"\n\n'
    desk = '[rotations.desk]\nevery = "1 week"\npool = "staff"\nseats = ["first"]\n\n'
    notes = f'[seats.first]\n{description}\n[teams.red]\nstaff = ["bo"]\n\n[people]\nbo.share = 0.5\n'
    path = tmp_path / "rotations.toml"
    path.write_text(rota + desk + notes, encoding="utf-8")
    texts = RosterTexts(path)
    texts.add_leave("bo", [{"from": date(2027, 2, 1)}])
    with pytest.raises(Refused) as caught:
        texts.checked()
    assert [problem.code for problem in caught.value.problems] == ["not-editable"]


def test_thousands_of_absences_are_compared_at_once() -> None:
    def leave(number: int) -> tuple[date, date]:
        return date(2020, 1, 1) + timedelta(number), date(2020, 1, 2) + timedelta(number)

    entries = [LeaveEntry("ana", *leave(number), f"calx{number}", 0, number) for number in range(2000)]
    wanted = [EventLeave("ana", *leave(number + 1), f"calx{number}") for number in range(1000, 9000)]
    began = process_time()
    found = leave_changes(entries, wanted, (date(2020, 1, 1), date(2060, 1, 1)), "calx")
    assert process_time() - began < 5
    assert Counter(each.what for each in found) == {"gone": 1000, "moved": 1000, "new": 7000}
