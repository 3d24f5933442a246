"""What is explained of exporting and publishing: examples that need no server give their code, and no other."""

from __future__ import annotations

import re
import shlex
from importlib.resources import files
from pathlib import Path
from tomllib import loads

import pytest
from chat_server import FIRST, SCHEDULE
from command_line import Desk, small

CODES = loads(files("setrota.reports.codes").joinpath("publishing.toml").read_text(encoding="utf-8"))

ELSEWHERE = {
    "export-too-large", "symbolic-link", "file-of-others", "folder-of-another-rota",  # test_export_folder.py
    "header-too-long", "header-refused", "header-altered", "no-such-team", "no-such-channel",  # test_mattermost.py
    "missing-library", "untrusted-certificate", "endless-answer", "server-failing",  # test_client.py
    "slow-answer", "server-silent", "out-of-time",  # test_client.py, test_limit.py
    "no-chat-name", "unknown-chat-name", "left-the-roster",  # test_notices.py
    "no-answer", "wrong-server", "redirected", "too-many-requests", "not-allowed",  # test_mattermost.py
    "login-refused", "no-webhook", "request-refused",  # test_mattermost.py, test_webhook.py
    "no-such-calendar", "not-a-calendar", "login-needed", "basic-login-refused", "events-hidden", "changed-meanwhile",
    "event-outside-calendar", "server-full",  # test_caldav_failures.py
    "another-server",  # test_encrypted.py
    "would-empty-calendar",  # test_caldav.py
    "unexpected-answer", "no-such-schedule", "damaged-record",  # test_oncall_refusals.py
    "conflicting-override", "duplicate-override", "overrides-left-behind",  # test_oncall.py, test_oncall_sense.py
    "left-as-it-is", "not-tried", "not-noted",  # test_oncall_order.py, test_oncall_alone.py
}  # fmt: skip
"""Codes whose examples need a server, or more than a roster and a schedule: other tests assert them."""


COMPANY = {"no-account", "service-ending"}
"""Codes that may come with the others: nobody has an account in these examples."""


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("code", sorted(CODES.keys() - ELSEWHERE))
def test_an_example_gives_its_code(tmp_path: Path, code: str) -> None:
    desk = Desk(tmp_path)
    example = CODES[code]["example"]
    [command] = re.findall(r"^(?:[A-Z_]+=.+ )?setrota .+$", example, re.MULTILINE) or ["setrota export header"]
    roster, _, schedule = example.replace(command, "").partition("# schedule.toml\n")
    desk.write("rotations.toml", f"{small()}\n{roster}")
    desk.write("schedule.toml", SCHEDULE + schedule)
    settings, arguments = {}, shlex.split(command, comments=True)
    while arguments[0] != "setrota":
        name, _, settings[name] = arguments.pop(0).partition("=")
    talk = desk.run(*arguments[1:], now=FIRST, **settings).talk
    found = re.findall(r"^(?:error|warning|note): .* \[([a-z-]+)\]$", talk, re.MULTILINE)
    assert code in found, talk
    assert {*found} <= {code, *COMPANY}, talk


@pytest.mark.parametrize("code", CODES)
def test_a_code_is_explained_in_full_sentences(code: str) -> None:
    texts = CODES[code]
    assert texts.keys() == {"meaning", "example", "fix"}
    assert all(re.fullmatch(r"(?:[A-Z]|setrota ).*[.]", texts[key]) for key in ("meaning", "fix")), texts


def test_only_examples_that_need_more_are_tested_elsewhere() -> None:
    assert CODES.keys() >= ELSEWHERE
