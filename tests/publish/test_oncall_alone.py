"""Several runs at once, a run that is interrupted, and notes that can't be written: nothing is made twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pager_desk import BEFORE, TOKENS, Paged, opened
from server import SILENCE, Reply, Request

from setrota.problems import Problem, Refused
from setrota.publish.oncall import ledger


def test_two_at_once_make_nothing_twice(paged: Paged) -> None:
    def publish(_: int) -> str:
        return paged.desk.spawn("publish", "oncall", SETROTA_NOW=BEFORE, **TOKENS).at(0).talk

    paged.wrote()
    with ThreadPoolExecutor(2) as both:
        talks = list(both.map(publish, range(2)))
    assert sum("nothing to send" in talk for talk in talks) == 1
    assert paged.wrote() == ["POST"] * 10
    paged.is_as_planned()
    assert [path.name for path in paged.desk.folder.iterdir() if path.name.endswith(".lock")] == []


def test_whoever_waits_too_long_is_told_for_whom(paged: Paged, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "PATIENCE", 0.0)
    with ledger.lock_ledger(paged.desk.folder / "schedule.oncall.json"):
        talk = paged.publish().at(2).talk
        assert f"process {os.getpid()} (`setrota" in talk
        assert "has been publishing from here since " in talk
        assert paged.wrote() == []
        # Looking is always possible.
        paged.publish("--dry-run").at(0)
    paged.publish().at(0)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_an_interrupted_run_has_noted_what_it_made(paged: Paged) -> None:
    """The third answer never comes; but what was asked is done, and found by the next run."""
    running: list[subprocess.Popen[bytes]] = []
    asked: list[Request] = []

    def interrupt(request: Request) -> Reply | None:
        asked.append(request)
        if len(asked) < 3:
            return None
        running[0].send_signal(signal.SIGINT)
        return SILENCE

    paged.memory.lost = interrupt
    running.append(
        subprocess.Popen(
            [sys.executable, "-m", "setrota", "publish", "oncall"],
            cwd=paged.desk.folder,
            env=paged.desk.environment(SETROTA_NOW=BEFORE, **TOKENS),
            stderr=subprocess.PIPE,
        )
    )
    _, talk = running[0].communicate(timeout=60)
    assert running[0].returncode == 130, talk
    assert b"Traceback" not in talk
    if paged.service != "opsgenie":
        assert (paged.desk.folder / "schedule.oncall.json").read_text().count('"key"') == 2
    paged.memory.lost = lambda request: None
    paged.wrote()
    paged.publish().at(0)
    assert paged.wrote() == ["POST"] * 7
    paged.is_as_planned()


def unwritable(monkeypatch: pytest.MonkeyPatch, after: int) -> None:
    """The disk is full after so many saves of the notes."""
    saves = [0]
    save = ledger.save

    def full(*arguments: Any) -> None:
        saves[0] += 1
        if saves[0] > after:
            raise Refused(Problem("can't save: no space left on device", code="cannot-save"))
        save(*arguments)

    monkeypatch.setattr(ledger, "save", full)


def test_what_could_not_be_noted_is_not_sent(tmp_path: Path, four_weeks: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with ExitStack() as stack:
        opsgenie = opened("opsgenie", tmp_path / "one", four_weeks, stack)
        paged = opened("pagerduty", tmp_path / "two", four_weeks, stack)
        text = (tmp_path / "one" / "rotations.toml").read_text()
        roster = (tmp_path / "two" / "rotations.toml").read_text()
        paged.desk.write("rotations.toml", roster + text[text.index("[publish.opsgenie]") :])
        paged.wrote()
        unwritable(monkeypatch, after=0)
        talk = paged.publish().at(2).talk
        assert "can't save: no space left on device" in talk
        assert talk.endswith("10 of 20 requests failed; run it again to send the rest\n")
        assert paged.wrote() == []
        opsgenie.is_as_planned()
        unsent = paged.publish("--format", "json").at(2).json["calls"]
        assert [(call["outcome"], call["code"]) for call in unsent] == [("failed", "not-noted")] * 10


def test_notes_that_fail_at_the_end_hold_up_no_other_service(
    tmp_path: Path, four_weeks: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ExitStack() as stack:
        opsgenie = opened("opsgenie", tmp_path / "one", four_weeks, stack)
        paged = opened("pagerduty", tmp_path / "two", four_weeks, stack)
        text = (tmp_path / "one" / "rotations.toml").read_text()
        roster = (tmp_path / "two" / "rotations.toml").read_text()
        paged.desk.write("rotations.toml", roster + text[text.index("[publish.opsgenie]") :])
        unwritable(monkeypatch, after=1)
        talk = paged.publish().at(2).talk
        assert "can't save: no space left on device" in talk
        paged.is_as_planned()
        opsgenie.is_as_planned()
        # The next run takes over what stands there as planned.
        monkeypatch.undo()
        paged.wrote()
        assert "nothing to send" in paged.publish().at(0).talk


def test_a_service_that_is_refused_leaves_no_connection_open(tmp_path: Path, four_weeks: str) -> None:
    with ExitStack() as stack:
        paged = opened("pagerduty", tmp_path, four_weeks, stack)
        section = '[publish.jira]\ncloud-id = "c"\nusername = "u"\nschedules = { primary = "s" }\n'
        roster = (tmp_path / "rotations.toml").read_text()
        for handle in ("ana", "bo", "cy", "dee", "eli", "fay", "gil", "hal"):
            roster = roster.replace(f'"P{handle.upper()}"', f'"P{handle.upper()}", jira = "1:{handle}"')
        paged.desk.write("rotations.toml", roster + section)
        closed: list[object] = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("setrota.publish.client.Client.__exit__", lambda client, *_: closed.append(client))
            settings = {"SETROTA_PAGERDUTY_TOKEN": "s3cret"}
            assert "SETROTA_JIRA_TOKEN" in paged.desk.run("publish", "oncall", now=BEFORE, **settings).at(2).talk
        assert len(closed) == 1
