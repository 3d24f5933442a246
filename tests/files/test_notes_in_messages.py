"""No message quotes a note of leave or the reason of a change, wherever it stands and whatever is wrong around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from roster_text import read_text
from samples import ENGINEER, PEOPLE, roster

from setrota.files.roster.edits import RosterTexts
from setrota.files.schedule import parse_schedule
from setrota.problems import Problem, Refused

NOTE = "Xyzzyitis"

ROSTER = """\
[rota]
name = "Desk"
timezone = "UTC"
handover = "Monday 09:00"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary"]

[teams.red]
staff = ["ana", "bo"]
"""

VALUES = (
    f'"{NOTE}"', f'"{NOTE} until 12.3.2027, see 2027-13-40"', f"'{NOTE}'", NOTE, f"{NOTE} on Monday", f'["{NOTE}"]',
    f'["{NOTE}", "{NOTE}"]', f'[["{NOTE}"]]', f'{{ {NOTE} = 1 }}', f'{{ note = "{NOTE}" }}', f'{{ "{NOTE} x" = 1 }}',
    f'"""\n{NOTE} = 1\n[{NOTE}]\n12.13.2027 {NOTE}"""', f'"{NOTE}', f'{NOTE}"', f'"{NOTE}\\q"', f'"{NOTE}\x01"',
    f'2027-01-04 # {NOTE}', f'2027-01-04 "{NOTE}"', f"2027-01-04 {NOTE}", f"2027-01-04T10:00:00 {NOTE}", f"0x{NOTE}",
)  # fmt: skip

PLACES = (
    "leave = %", "leave = [%]", "leave = [%, %]", "leave = [{ from = % }]", "leave = [{ from = 2027-01-04, to = % }]",
    "leave = [{ from = 2027-01-04, note = % }]", "leave = [{ from = 2027-01-04, nota = % }]",
    "leave = [{ from = 2027-01-04, note = %, note = % }]", "leave = [{ from = 2027-01-04, event = % }]",
    "leave = [{ from = 2027-01-04, reason = % }]", "leave = [{ from.note = % }]", "leave.note = %",
    "leave = [{ from = 2027-01-04 }], note = %", "leave = [{ from = 2027-01-04 } %]", "note = %", "notes = [%]",
    "avoid = [{ from = % }]", "prefer = [%]", "leave = [{ note = % }]", "leave = { from = % }",
    "share = 1\nleave = [{ from = 2027-01-04 }]\nleave = %", "leave = [\n  { from = 2027-01-04 },\n  %\n]",
)  # fmt: skip

KEYS = (NOTE, f'"{NOTE} on Monday"', f"'{NOTE}'", f"note.{NOTE}", f"{NOTE}.{NOTE}", f'"{NOTE}', f"{NOTE} on Monday")

KEY_PLACES = (
    "leave = [{ % = 1 }]", "leave = [{ from = 2027-01-04, % = 1 }]", "leave = [{ % = 2027-01-04, % = 2027-01-04 }]",
    "leave = { % = 1 }", "leave.% = 1", "leave.% = 1\nleave.% = 1", "[people.bo.leave.%]\nx = 1",
    "[people.bo.leave.%]\n[people.bo.leave.%]", "[[people.bo.leave]]\n% = 1", "[[people.bo.leave]]\n% = 1\n% = 1",
    "[[people.bo.leave.%]]", "leave = [{ from = 2027-01-04 }]\n[people.bo.leave.%]\nname = 1",
    "leave = [{ from = 2027-01-04, % }]", "[people.bo.leave.%.%]\nname = 1", "leave = [%]",
    "[people.bo.leave.%\n", "[teams.red.away.%]\n[teams.red.away.%]", "[[teams.red.away]]\n% = 1\n% = 1",
)  # fmt: skip


def _entries() -> Iterator[str]:
    for place in PLACES:
        yield from (place.replace("%", value) for value in VALUES)
    for place in KEY_PLACES:
        yield from (place.replace("%", key) for key in KEYS)


def _quotes(problems: tuple[Problem, ...]) -> bool:
    return any(re.search(NOTE, f"{each} {each.lines}", re.IGNORECASE) for each in problems)


def _roster_problems(folder: Path, text: str, **included: str) -> tuple[Problem, ...]:
    try:
        return read_text(folder, text, **included).warnings
    except Refused as refused:
        return refused.problems


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("section", ["[people.bo]\n%\n", "[teams.blue]\n%\n"])
def test_no_place_in_a_roster_shows_a_note(tmp_path: Path, section: str) -> None:
    entries = dict.fromkeys([*_entries(), *(re.sub("leave|avoid|prefer", "away", each) for each in _entries())])
    texts = [ROSTER + section.replace("%", entry) for entry in entries]
    found = [_roster_problems(tmp_path, text) for text in texts]
    assert sum(map(bool, found)) > 600
    assert [text.removeprefix(ROSTER) for text, problems in zip(texts, found, strict=True) if _quotes(problems)] == []


@pytest.mark.parametrize("entry", PLACES)
def test_no_two_files_of_a_roster_show_a_note(tmp_path: Path, entry: str) -> None:
    """What two files have in common is a mistake of its own, and names its place."""
    for value in VALUES:
        part = "[people.bo]\n" + entry.replace("%", value)
        problems = _roster_problems(tmp_path, f"include = ['part.toml']\n{ROSTER}\n{part}", part=part)
        assert not _quotes(problems), part


NOTED = f"""\
[people.bo]
share = 1
leave = [
  {{ from = 2027-01-04, to = 2027-01-08, note = "{NOTE}" }},
  {{ from = 2027-02-01, note = '{NOTE} = 5, 1.2.27' }},
]
avoid = [{{ from = 2027-03-01, note = \"\"\"
[{NOTE}]
{NOTE} = 1
\"\"\" }}]

[[people.ana.leave]]
from = 2027-01-04
note = "{NOTE}"

[[people.ana.leave]]
note = "{NOTE}"
from = 2027-02-01
"""

INSERTED = ('"', "'", "]", "}", "[", "{", "=", "\n", "#", '"""')


def _damaged(text: str) -> Iterator[str]:
    """A text with one character or line less, or with something between two characters."""
    lines = text.splitlines(keepends=True)
    for number in range(len(lines)):
        yield "".join(lines[:number] + lines[number + 1 :])
        yield "".join(lines[: number + 1] + lines[number:])
    # Where words meet: what is between two letters of a word or a date is all the same.
    for match in re.finditer(r"\b|(?<=\W)(?=\W)", text):
        here = match.start()
        yield text[:here]
        yield text[:here] + text[here + 1 :]
        for inserted in INSERTED:
            yield text[:here] + inserted + text[here:]


@pytest.mark.no_cover  # quicker tests run the same lines
def test_no_damage_to_a_roster_shows_a_note(tmp_path: Path) -> None:
    damaged = list(dict.fromkeys(_damaged(NOTED)))
    assert _roster_problems(tmp_path, ROSTER + NOTED) == ()
    assert len(damaged) > 1000
    assert [text for text in damaged if _quotes(_roster_problems(tmp_path, ROSTER + text))] == []


def test_an_edit_that_cannot_be_made_shows_no_note(tmp_path: Path) -> None:
    text = f"{ROSTER}[people]\nbo = {{ leave = [{{ from = 2027-01-04, note = '{NOTE}' }}] }}\n"
    read_text(tmp_path, text)
    texts = RosterTexts(tmp_path / "rotations.toml")
    texts.remove_leave(texts.leave())
    assert NOTE not in texts.documents[0].text


# Schedules

SCHEDULE = f"""\
format = 3
rota = "SET"

[engineer.2027-01-04]
primary = "ana"
backup = "bo"
changes = [
  {{ at = 2027-01-05T11:40:00-05:00, seat = "backup", was = "bo", now = "cy", reason = "{NOTE}" }},
  {{ at = 2027-01-06T11:40:00-05:00, seat = "backup", was = "cy", now = "", from = 2027-01-07, reason = '{NOTE} = 1' }},
]

[engineer.2027-01-11]
primary = "cy"

[[engineer.2027-01-11.changes]]
at = 2027-01-05T11:40:00-05:00
seat = "primary"
was = "cy"
now = "ana"
reason = \"\"\"
{NOTE} = 5
\"\"\"
"""

CHANGE = '{ at = 2027-01-05T11:40:00-05:00, seat = "backup", was = "bo", now = "cy" }'
CHANGES = (
    *(re.sub(f"{key} = [^,}}]+", f"{key} = %", CHANGE) for key in ("at", "seat", "was", "now")),
    *(CHANGE.replace("seat", f"{key} = %, seat") for key in ("from", "to", "reason", "forced", "by", "reasn", "note")),
    *(CHANGE.replace("seat", f"{key} = 1, seat") for key in KEYS),
    *(CHANGE.replace("seat", f"{key} = 1, {key} = 1, seat") for key in KEYS),
    "%",
)

ENGINEERS = roster(PEOPLE, ENGINEER)


def _schedule_problems(text: str) -> tuple[Problem, ...]:
    try:
        parse_schedule(text.encode(), "schedule.toml", ENGINEERS)
    except Refused as refused:
        return refused.problems
    return ()


@pytest.mark.parametrize(
    "block",
    ["changes = [%]", "changes = %", "changes.x = %", 'reason = "%"', "changes = [%]\nchanges = [%]", "note = '%'",
     "[[engineer.2027-01-04.changes]]\n[engineer.2027-01-04.changes.%]", "primary = 'on % leave'"],
)  # fmt: skip
def test_no_place_in_a_schedule_shows_a_reason(block: str) -> None:
    heading = 'format = 3\nrota = "SET"\n[engineer.2027-01-04]\nbackup = "bo"\n'
    changes = [change.replace("%", value) for change in CHANGES for value in VALUES]
    for each in dict.fromkeys([*changes, *KEYS]):
        # A reason that has the form of a handle, in the place of one, is a person.
        text = heading + block.replace("%", each)
        assert not _quotes(_schedule_problems(text)), text


@pytest.mark.no_cover  # quicker tests run the same lines
def test_no_damage_to_a_schedule_shows_a_reason() -> None:
    assert _schedule_problems(SCHEDULE) == ()
    damaged = list(dict.fromkeys(_damaged(SCHEDULE)))
    assert len(damaged) > 1000
    assert [text for text in damaged if _quotes(_schedule_problems(text))] == []
