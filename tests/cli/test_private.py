"""Why somebody is away, or was replaced, is for whoever may read the files: no command shows it, in whatever format."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Desk

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

SECRET = "Xyzzyitis"
WEDNESDAY = "2027-01-20T10:00"
LEAVE = '[people.kai]\nname = "Kai Tidewell"\nleave = [{ from = 2027-01-25, to = 2027-01-29, note = "Xyzzyitis" }]\n'
WEBHOOK = '\n[publish.webhook]\nurl-env = "SETROTA_HOOK"\n'

COMMANDS = (
    "check",
    "now",
    *(f"now --format {form}" for form in ("json", "table")),
    *(f"show --format {form}" for form in ("table", "json", "csv", "markdown")),
    "fairness",
    "fairness --format json",
    "explain 2027-01-18 primary",
    "explain 2027-01-25 primary --person kai",
    "explain --person ula",
    "cover aiko today --all",
    "swap dov 2027-01-25",
    "replan --dry-run",
    *(f"diff old.toml --format {form}" for form in ("table", "json", "markdown")),
    "diff old.toml --person ula",
    "log",
    "log --format json",
    "leave list",
    "brief",
    "export --tombstones",
    "export --person ula --tombstones",
    "export --output rota/ --tombstones",
    *(f"export header --style {style}" for style in ("full", "short", "links", "slack")),
    "publish webhook --dry-run",
)


@pytest.fixture(scope="module")
def covered_quarter(tmp_path_factory: pytest.TempPathFactory, first_quarter: str) -> Desk:
    """The example's quarter, in which Ula was covered and Kai will be away, both for a reason of their own."""
    desk = Desk(tmp_path_factory.mktemp("private"))
    text = Path(__file__).parents[2].joinpath("rotations.toml").read_text(encoding="utf-8")
    known = 'kai = { name = "Kai Tidewell" }\n'
    assert known in text
    desk.write("rotations.toml", text.replace(known, "") + LEAVE + WEBHOOK)
    desk.write("schedule.toml", first_quarter)
    desk.write("old.toml", first_quarter)
    arguments = ("cover", "ula", "today", "--with", "aiko", "--with", "abel", "--reason", SECRET)
    desk.run(*arguments, now=WEDNESDAY).at(0)
    assert SECRET.encode() in desk.schedule
    return desk


@pytest.mark.parametrize("command", COMMANDS)
def test_no_command_says_why(covered_quarter: Desk, command: str) -> None:
    result = covered_quarter.run(
        *command.split(), now=WEDNESDAY, SETROTA_HOOK="http://127.0.0.1:9/hooks/k3y0f-the-webhook"
    )
    assert result.status in (0, 1), result.talk
    assert result.out or result.talk
    assert SECRET not in result.out + result.talk


def test_no_file_says_why(covered_quarter: Desk) -> None:
    covered_quarter.run("export", "--output", "all/", "--tombstones", now=WEDNESDAY).at(0)
    files = [path for path in (covered_quarter.folder / "all").rglob("*") if path.is_file()]
    assert len(files) > 60
    assert [path for path in files if SECRET in path.read_text(encoding="utf-8")] == []
