"""The examples that explain the codes of commands: each gives the code that it explains, and no other."""

from __future__ import annotations

import re
import shlex
import sys
import tomllib
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path

import pytest
from command_line import NOW, Desk
from repository import Repository
from test_help import CALENDAR

from setrota.reports.codes import kinds

EXPLAINED = tomllib.loads(files("setrota.reports.codes").joinpath("commands.toml").read_text(encoding="utf-8"))
FUTURE = "start,rotation,seat,person\n2027-06-07,engineer,primary,bo\n"
PAST = "start,rotation,seat,person\n2026-11-09,engineer,primary,bo\n"


def _commit_nothing(desk: Desk) -> None:
    Repository(desk).begin()
    (desk.folder / "schedule.toml").rename(desk.folder / "later.toml")
    Repository(desk).git("rm", "--cached", "-q", "schedule.toml")
    Repository(desk).git("commit", "-q", "-m", "without")
    (desk.folder / "later.toml").rename(desk.folder / "schedule.toml")


def _pin_two(desk: Desk) -> None:
    for seat, person in (("engineer-1", "bo"), ("engineer-2", "abel")):
        desk.run("pin", "2027-02-08", seat, person).at(0)


def _import_past(desk: Desk) -> None:
    desk.write("past.csv", PAST)
    desk.run("import", "csv", "past.csv").at(0)


def _unknown_calendar(desk: Desk) -> None:
    roster = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    desk.write("rotations.toml", roster + "\n" + EXPLAINED["unknown-holidays"]["example"])


def _adding_leave(desk: Desk) -> None:
    desk.run("leave", "add", "hugo", "2027-02-08").at(0)


def _edited_since(desk: Desk) -> None:
    _adding_leave(desk)
    desk.edit("rotations.toml", "2027-02-08", "2027-02-09")


def _damaged(desk: Desk) -> None:
    _adding_leave(desk)
    desk.write(".setrota/rotations.toml.d/journal.json", "")


def _open_to_others(desk: Desk) -> None:
    _adding_leave(desk)
    (desk.folder / ".setrota").chmod(0o755)


BEFORE: dict[str, Callable[[Desk], object]] = {
    "changed-since": _edited_since,
    "damaged-journal": _damaged,
    "not-in-use": lambda desk: desk.run("plan", "--schedule", "trial.toml").at(0),
    "untrusted-journal": _open_to_others,
    "not-a-terminal": lambda desk: desk.write("hugo.ics", CALENDAR),
    "not-in-revision": _commit_nothing,
    "not-in-the-roster": lambda desk: desk.seat("engineer.2027-01-11", "primary", "gone"),
    "several-pins": _pin_two,
    "output-in-use": lambda desk: (desk.folder / "rotations.toml").rename(desk.folder / "desk.conf"),
    "starts-after-today": lambda desk: desk.write("future.csv", FUTURE),
    "undated-entries": _import_past,
    "unknown-holidays": _unknown_calendar,
}
"""What an example needs besides the example roster and its plan."""

LATER = {"already-begun": "2027-01-19T10:00", "already-over": "2027-01-19T10:00"}

ELSEWHERE = {
    "bug",
    "declined",
    "event-too-short",
    "event-without-person",
    "given-up",
    "interrupted",
    "journal-unusable",
    "more-problems",
    "no-swap",
    "newcomer-without-duty",
    "nobody-free",
    "not-recorded",
    "old-schema",
    "operating-system",
    "published-since",
    "roster-above",
    "roster-of-another",
    "rotation-gone",
    "search-cut-short",
    "search-ended",
    "unreadable-then",
}
"""Codes that other tests make happen: a full disk, a slow search, a joiner, odd calendars, rosters and folders."""


@pytest.mark.parametrize(
    "code",
    [
        pytest.param(code, marks=pytest.mark.git if code == "not-in-revision" else ())
        for code in EXPLAINED
        if code not in ELSEWHERE
    ],
)
def test_an_example_gives_its_code(planned: Desk, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BEFORE.get(code, lambda desk: None)(planned)
    monkeypatch.setattr(sys, "stdin", None)
    [command] = re.findall(r"^setrota (.+)$", EXPLAINED[code]["example"], re.MULTILINE) or ["check"]
    done = planned.run(*shlex.split(command.removesuffix(" < /dev/null")), now=LATER.get(code, NOW))
    found = set(re.findall(r"^(?:error|warning|note): .*\[([a-z-]+)\]$", done.talk, re.MULTILINE))
    # An import of duties also notes when its people are taken to have joined.
    assert found - {"member-without-start"} == {code}


@pytest.mark.parametrize("code", sorted(ELSEWHERE))
def test_a_code_without_such_an_example_is_held_elsewhere(code: str) -> None:
    assert code in kinds()
    others = (path for path in Path(__file__).parents[1].rglob("test_*.py") if path != Path(__file__))
    assert any(f"[{code}]" in text or f'"{code}"' in text for text in (path.read_text("utf-8") for path in others))
