"""The question before something is saved: asked on a terminal only, and no answer is no."""

from __future__ import annotations

import io
import sys

import pytest
from command_line import Desk

CALENDAR = """\
BEGIN:VCALENDAR
VERSION:2.0
BEGIN:VEVENT
UID:1
DTSTART;VALUE=DATE:20270201
DTEND;VALUE=DATE:20270206
SUMMARY:private
END:VEVENT
END:VCALENDAR
"""


class Terminal(io.StringIO):
    """A terminal on which somebody has typed; at the end of it they close it, or interrupt."""

    def __init__(self, typed: str = "", interrupts: bool = False) -> None:
        super().__init__(typed)
        self.interrupts = interrupts

    def isatty(self) -> bool:
        return True

    def readline(self, size: int | None = -1) -> str:
        line = super().readline(size)
        if not line and self.interrupts:
            raise KeyboardInterrupt
        return line


@pytest.mark.parametrize(
    ("typed", "status", "saved"),
    [
        (Terminal("y\n"), 0, True),
        (Terminal("n\n"), 1, False),
        (Terminal("\n"), 1, False),
        (Terminal("perhaps\nn\n"), 1, False),
        (Terminal(""), 1, False),
        (Terminal("", interrupts=True), 130, False),
        (io.StringIO("y\n"), 1, False),
        (None, 1, False),
    ],
    ids=["yes", "no", "enter", "neither", "closed", "interrupted", "no terminal", "no input at all"],
)
def test_only_yes_saves(
    little: Desk, monkeypatch: pytest.MonkeyPatch, typed: io.StringIO | None, status: int, saved: bool
) -> None:
    little.write("ana.ics", CALENDAR)
    before = (little.folder / "rotations.toml").read_bytes()
    monkeypatch.setattr(sys, "stdin", typed)
    done = little.run("leave", "import", "ana.ics", "--person", "ana").at(status)
    assert ("nothing was saved" in done.talk) is not saved
    assert "Aborted" not in done.talk
    assert ("please answer `y` or `n`\n" in done.talk) is (typed is not None and typed.getvalue().startswith("perhaps"))
    assert done.talk.count("so nothing was saved") == (not saved)
    assert ((little.folder / "rotations.toml").read_bytes() != before) is saved


@pytest.mark.parametrize(("answer", "saved"), [("y", True), ("n", False)])
@pytest.mark.parametrize("command", [("leave", "import", "ana.ics", "--person", "ana"), ("replan",)])
def test_json_says_whether_it_was_saved(
    little: Desk, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], answer: str, saved: bool
) -> None:
    little.run("plan", "--weeks", "8").at(0)
    little.run("leave", "add", "bo", "2027-01-04", "2027-02-28").at(0)
    little.write("ana.ics", CALENDAR)
    monkeypatch.setattr(sys, "stdin", Terminal(f"{answer}\n"))
    done = little.run(*command, "--format", "json").at(0 if saved else 1)
    assert done.json["saved"] is saved
    assert [each["code"] for each in done.document["problems"] if each["severity"] == "note"] == (
        [] if saved else ["declined"]
    )
