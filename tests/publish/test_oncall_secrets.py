"""A pager's token goes into the request, and nowhere else; the real command runs in a process of its own."""

from __future__ import annotations

import json
from base64 import b64encode

import pytest
from chat_server import TOKEN
from command_line import Outcome
from pager_desk import BEFORE, TOKENS, Paged
from server import Reply, Request
from test_secrets import BUG, FAULTS, insist_on_silence, run

BASIC = b64encode(f"rota@example.com:{TOKEN}".encode()).decode()
PROOFS = {"pagerduty": f"Token token={TOKEN}", "opsgenie": f"GenieKey {TOKEN}", "jira": f"Basic {BASIC}"}


def published(paged: Paged, *options: str, more: str = "") -> Outcome:
    settings = {"SETROTA_NOW": BEFORE} | dict.fromkeys(TOKENS, TOKEN)
    done = run(paged.desk, "publish", "oncall", *options, more=more, **settings)
    insist_on_silence(paged.desk, done, TOKEN)
    insist_on_silence(paged.desk, done, BASIC)
    return done


@pytest.mark.parametrize("fault", ["401", "404", "no connection", "teapot"])
def test_no_failure_to_read_shows_the_token(paged: Paged, fault: str) -> None:
    paged.memory.served = lambda request: FAULTS[fault]  # type: ignore[method-assign]
    done = published(paged)
    assert paged.server.requests[-1].headers["authorization"] == PROOFS[paged.service]
    assert "error: " in done.at(2).talk
    paged.server.faults.clear()  # none of these answers is in the description


def echo(request: Request) -> Reply:
    """A server that says what it was told, in every way a service may say something."""
    said = json.dumps(dict(request.headers))
    words = {"message": said, "errors": [said, {"title": said, "detail": said}]}
    return Reply(422, {**words, "error": words}, {"X-Echo": said}, described=False)


def test_what_goes_well_and_what_is_refused_show_no_token(paged: Paged) -> None:
    paged.memory.authorised = lambda request: True  # type: ignore[method-assign]
    published(paged, "--dry-run").at(0)
    paged.memory.trouble = echo
    done = published(paged).at(2)
    assert "the request was refused with status 422 (it says: " in done.talk
    assert done.talk.count(" [request-refused]\n") == 10
    assert "•••" in done.talk
    paged.memory.trouble = lambda request: None
    assert published(paged).at(0).talk.count("done: ") == 10


def test_the_details_of_a_bug_hold_no_token(paged: Paged) -> None:
    assert published(paged, more=BUG.format(secret=TOKEN).replace("ValueError", "RuntimeError")).status == 3
    [report] = paged.desk.folder.glob("setrota-bug-*")
    assert "RuntimeError: a bug with •••" in report.read_text(encoding="utf-8")
