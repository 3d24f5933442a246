"""A machine without git: what can be said there is said, and the rest names what is missing."""

from __future__ import annotations

import pytest
from command_line import Desk, small

pytestmark = pytest.mark.bare

SCHEDULE = """\
format = 3
rota = "FD"

[desk.2027-01-04]
primary = "ana"
backup = "dee"
"""
PUBLISH = """
[publish.mattermost]
url = "http://127.0.0.1:9"
team = "eng"
channel = "set"
"""
REFUSAL = """\
error: git is not installed, or not in PATH [no-git]
  hint: install git, or name a file to compare with: `setrota diff OLD.toml`
"""


@pytest.fixture
def gitless(empty: Desk, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A small rota of one week, and no git in PATH."""
    monkeypatch.setenv("PATH", str(tmp_path_factory.mktemp("no-git")))
    empty.write("rotations.toml", small() + PUBLISH)
    empty.write("schedule.toml", SCHEDULE)
    return empty


def test_a_revision_is_refused(gitless: Desk) -> None:
    assert gitless.run("diff").at(2).talk == REFUSAL
    assert gitless.run("diff", "--against", "main").at(2).talk == REFUSAL
    notify = ("publish", "mattermost", "--notify", "--against", "HEAD")
    assert gitless.run(*notify, SETROTA_MATTERMOST_TOKEN="x").at(2).talk == REFUSAL.replace(
        "name a file to compare with: `setrota diff OLD.toml`",
        "leave out `--notify` and `--against` to update only the channel",
    )


def test_a_file_is_compared(gitless: Desk) -> None:
    gitless.write("old.toml", SCHEDULE)
    gitless.run("diff", "old.toml").at(0)
    gitless.seat("desk.2027-01-04", "primary", "cy")
    assert "ana  loses primary" in gitless.run("diff", "old.toml", now="2026-12-24T10:00").at(1).out
