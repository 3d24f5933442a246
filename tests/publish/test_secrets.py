"""A secret goes into the request, and nowhere else: not into any output, log, traceback or file, whatever goes wrong.

The real command runs in a process of its own, with everything that makes programs talkative.
"""

from __future__ import annotations

import html
import json
import os
import re
import socket
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest
import typer
from chat_server import FIRST, TOKEN, Chat, desk_at
from command_line import Desk, Outcome
from repository import Repository
from server import HANG_UP, SILENCE, Reply, Server
from typer.core import TyperGroup

from setrota.cli.app import app
from setrota.problems import Refused
from setrota.publish.secrets import Secret, secret_of, without_secrets

KEY = "k3y0f-the-webhook"
TALKATIVE = {
    "HTTPX_LOG_LEVEL": "trace",
    "PYTHONDEVMODE": "1",
    "SETROTA_DEBUG": "1",
    "DEBUG": "1",
    "PYTHONASYNCIODEBUG": "1",
}

RUNNER = """
import logging, sys
import httpx
from setrota.publish import client
client.TIMEOUT = httpx.Timeout(0.2)
client.Client.__init__.__kwdefaults__["sleep"] = lambda seconds: None
logging.basicConfig(level=0)
"""
BUG = """
def broken(*_, **__):
    raise ValueError("a bug with " + {secret!r})
client.Client._answered = broken
"""
MAIN = """
from setrota.cli import main
sys.argv[0] = "setrota"
main()
"""


WATCH = """
import os
WATCHED = ("subprocess.Popen", "os.exec", "os.posix_spawn", "os.system", "os.putenv", "open", "os.rename", "os.mkdir",
    "os.link", "os.symlink", "tempfile.mkstemp", "socket.getaddrinfo", "socket.connect", "urllib.Request")
def watch(event, arguments):
    if event in WATCHED and any({secret!r} in str(each) or {secret!r} in repr(each) for each in arguments):
        os.write(2, f"the secret is in {{event}}".encode())
        os._exit(99)
sys.addaudithook(watch)
"""
"""Ends a process that starts another with the secret, in an argument or its environment, or names a file after it."""


def run(desk: Desk, *arguments: str, more: str = "", **settings: str) -> Outcome:
    done = subprocess.run(
        [sys.executable, "-c", RUNNER + more + MAIN, *arguments],
        cwd=desk.folder,
        env=desk.environment(**(TALKATIVE | {"SETROTA_NOW": FIRST} | settings)),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def insist_on_silence(desk: Desk, done: Outcome, secret: str, *kept: str) -> None:
    """The secret is in no output, and in no file but those that are `kept`; nor as others write it."""
    texts = {"out": done.out, "talk": done.talk}
    for path in desk.folder.rglob("*"):
        if path.is_file() and path.name not in kept:
            texts[path.name] = path.read_text(encoding="utf-8", errors="replace")
    for form in forms(secret):
        assert [name for name, text in texts.items() if form in text] == []


def forms(secret: str) -> set[str]:
    """A secret as others write it: in JSON, in addresses, in pages, in headers."""
    return {
        secret,
        quote(secret, safe=""),
        re.sub("%..", lambda byte: byte[0].lower(), quote(secret, safe="")),
        quote(secret),
        json.dumps(secret)[1:-1],
        json.dumps(secret)[1:-1].replace("/", "\\/"),
        html.escape(secret),
        html.escape(secret).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
        b64encode(secret.encode()).decode(),
    }


def closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


FAULTS = {
    "401": Reply(401, {"message": f"unknown token {TOKEN}", "status_code": 401}),
    "403": Reply(403, {"message": f"not with {TOKEN}"}),
    "404": Reply(404, {"message": f"{'x' * 180} {TOKEN} {TOKEN}"}),
    "429": Reply(429, f"slow down, {TOKEN}", {"X-RateLimit-Reset": "1000"}),
    "500": Reply(500, {"message": quote(TOKEN, safe="")}),
    "502": Reply(502, f"<html>Bearer {TOKEN}</html>"),
    "no answer": SILENCE,
    "no connection": HANG_UP,
    "redirect": Reply(302, None, {"Location": f"https://example.invalid/{TOKEN}"}),
    "page": Reply(200, f"<html>{TOKEN}</html>"),
    "text": Reply(200, TOKEN),
    "list": Reply(200, [TOKEN]),
    "page's form": Reply(400, {"message": html.escape(f"<{TOKEN}>")}),
    "address": Reply(400, {"message": quote(TOKEN, safe="").replace("%2F", "%2f").replace("%2B", "%2b")}),
    "header": Reply(400, {"message": b64encode(TOKEN.encode()).decode()}),
    "slash": Reply(400, {"message": TOKEN.replace("/", "\\/")}),
    "teapot": Reply(418, json.dumps({"error": {"message": json.dumps(TOKEN)}}), {"X-Token": TOKEN}),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_shows_the_token(tmp_path: Path, fault: str) -> None:
    with Server(lambda _: FAULTS[fault]) as server:
        desk = desk_at(Desk(tmp_path), server.url)
        done = run(desk, "publish", "mattermost", "--announce", SETROTA_MATTERMOST_TOKEN=TOKEN)
        assert server.requests[0].headers["authorization"] == f"Bearer {TOKEN}"
    assert done.at(2).talk.count("error: Mattermost:") == 1
    insist_on_silence(desk, done, TOKEN)


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("fault", FAULTS)
def test_no_failure_shows_the_address_of_a_webhook(
    tmp_path: Path, fault: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(0)
    monkeypatch.setattr("setrota.publish.client.TIMEOUT", httpx.Timeout(0.2))
    reply = FAULTS[fault]
    if isinstance(reply.body, str):
        reply = Reply(reply.status, reply.body.replace(TOKEN, f"/hooks/{KEY}"), reply.headers)
    with Server(lambda _: reply) as server:
        desk = desk_at(Desk(tmp_path), server.url, target="webhook")
        done = desk.run("publish", "webhook", now=FIRST, SETROTA_WEBHOOK_URL=f"{server.url}/hooks/{KEY}")
        assert server.requests[0].path == f"/hooks/{KEY}"
    assert KEY not in caplog.text
    assert done.status == (0 if fault in ("text", "list") else 2)
    insist_on_silence(desk, done, KEY)


def test_what_goes_well_shows_no_secret(tmp_path: Path) -> None:
    chat = Chat(header="FD: primary @x")
    with chat.open() as server:
        desk = desk_at(Desk(tmp_path), server.url, "[publish.webhook]\n")
        address = f"{server.url}/hooks/{KEY}"
        chat.trouble = lambda request: Reply(body="ok") if request.path.startswith("/hooks") else None
        for target in ("mattermost", "webhook"):
            for more in (["--dry-run"], []):
                settings = {"SETROTA_MATTERMOST_TOKEN": TOKEN, "SETROTA_WEBHOOK_URL": address}
                done = run(desk, "publish", target, *more, **settings).at(0)
                insist_on_silence(desk, done, TOKEN)
                insist_on_silence(desk, done, KEY)


@pytest.mark.parametrize("target", ["mattermost", "webhook"])
def test_nobody_there(tmp_path: Path, target: str) -> None:
    address = f"http://127.0.0.1:{closed_port()}"
    desk = desk_at(Desk(tmp_path), address, "[publish.webhook]\n")
    settings = {"SETROTA_MATTERMOST_TOKEN": TOKEN, "SETROTA_WEBHOOK_URL": f"{address}/hooks/{KEY}"}
    done = run(desk, "publish", target, **settings).at(2)
    assert "can't reach 127.0.0.1" in done.talk
    insist_on_silence(desk, done, TOKEN)
    insist_on_silence(desk, done, KEY)


@pytest.mark.parametrize(("target", "secret"), [("mattermost", TOKEN), ("webhook", KEY)])
def test_the_details_of_a_bug_hold_no_secret(tmp_path: Path, target: str, secret: str) -> None:
    desk = desk_at(Desk(tmp_path), "http://127.0.0.1:9", "[publish.webhook]\n")
    settings = {"SETROTA_MATTERMOST_TOKEN": TOKEN, "SETROTA_WEBHOOK_URL": f"http://127.0.0.1:9/hooks/{KEY}"}
    done = run(desk, "publish", target, more=BUG.format(secret=secret), **settings)
    assert done.status == 3
    [report] = desk.folder.glob("setrota-bug-*")
    assert "ValueError: a bug with •••" in report.read_text(encoding="utf-8")
    insist_on_silence(desk, done, secret)


def test_a_secret_on_the_command_line_is_in_no_report(tmp_path: Path) -> None:
    desk = desk_at(Desk(tmp_path), "http://127.0.0.1:9", "[publish.webhook]\n")
    copied = desk.write(f"{KEY}.toml", (desk.folder / "rotations.toml").read_text()).name
    more = BUG.format(secret=KEY)
    done = run(
        desk, "publish", "webhook", "--roster", copied, more=more, SETROTA_WEBHOOK_URL=f"http://127.0.0.1:9/{KEY}"
    )
    [report] = desk.folder.glob("setrota-bug-*")
    assert "--roster •••.toml\n" in report.read_text(encoding="utf-8")
    assert KEY not in done.talk


def test_the_details_of_a_bug_hold_no_secret_of_another_command(tmp_path: Path) -> None:
    """Nor those that the command hasn't read, nor as another exception in the chain has them."""
    desk = desk_at(Desk(tmp_path), "https://chat.example.com")
    more = f"""
import setrota.cli.workspace
def broken(*_, **__):
    local = {{"token": {TOKEN!r}}}
    try:
        local[{TOKEN!r}]
    except KeyError as error:
        error.add_note("Authorization: Bearer " + {TOKEN!r})
        raise ValueError(local, {TOKEN!r}.encode()) from error
setrota.cli.workspace.open_workspace = broken
"""
    done = run(desk, "now", more=more, SETROTA_OTHER=TOKEN, SETROTA_SHORT="now", SETROTA_ODD="\udcff" * 9)
    assert done.status == 3
    [report] = desk.folder.glob("setrota-bug-*")
    assert report.stat().st_mode & 0o077 == 0
    text = report.read_text(encoding="utf-8")
    assert "\nsetrota now\n" in text
    assert "\nKeyError: '•••'\nAuthorization: Bearer •••\n" in text
    assert "\nValueError: ({'token': '•••'}, b'•••')\n" in text
    insist_on_silence(desk, done, TOKEN)


@pytest.mark.git
def test_a_secret_is_given_to_no_other_program_and_is_no_name(tmp_path: Path) -> None:
    """Not to git either, which `--against` runs."""
    chat = Chat(header="FD: primary @x")
    chat.trouble = lambda request: Reply(body="ok") if request.path.startswith("/hooks") else None
    with chat.open() as server:
        desk = desk_at(Desk(tmp_path), server.url, "[publish.webhook]\n")
        Repository(desk).begin()
        desk.seat("desk.2027-01-11", "primary", "cy")
        settings = {"SETROTA_MATTERMOST_TOKEN": TOKEN, "SETROTA_WEBHOOK_URL": f"{server.url}/hooks/{KEY}"}
        notify = ("--announce", "--notify", "--against", "HEAD")
        for secret in (TOKEN, KEY):
            for command in (["mattermost", *notify], ["webhook"]):
                done = run(desk, "publish", *command, more=WATCH.format(secret=secret), **settings)
                assert "done" in done.at(0).talk
    assert len(chat.posts) == 2
    with pytest.raises(AssertionError, match="exit status 99"):
        run(desk, "now", more=WATCH.format(secret="rotations.toml")).at(0)


SUSPICIOUS = re.compile("token|secret|password|passwd|credential|key|auth|url|address|webhook|login|user")


def test_no_command_takes_a_secret_as_an_argument() -> None:
    """Others on the machine see arguments in the list of processes, and shells keep them in their history."""
    commands: list[Any] = [typer.main.get_command(app)]
    for command in commands:
        names = command.list_commands(None) if isinstance(command, TyperGroup) else []
        commands += [command.get_command(None, name) for name in names]
    taken = {
        (command.name, name) for command in commands for each in command.params for name in (each.name, *each.opts)
    }
    assert len(commands) > 25
    assert len(taken) > 100
    assert {each for each in taken if SUSPICIOUS.search(each[1])} == set()
    assert {each.envvar for command in commands for each in command.params} <= {
        None,
        "SETROTA_ROSTER",
        "SETROTA_SCHEDULE",
    }


def test_a_secret_in_the_wrong_place_is_not_repeated(tmp_path: Path) -> None:
    secret = "abcdefghijklmnopqrstuvwx26"
    for key in ("token", "token-env", "token-file"):
        desk = desk_at(Desk(tmp_path), "https://chat.example.com", f'{key} = "{secret}"\n')
        done = run(desk, "publish", "mattermost").at(2)
        insist_on_silence(desk, done, secret, "rotations.toml")


@pytest.mark.parametrize("content", ["", "two words", "ümlaut", "a\x07b", "\udcff"])
def test_what_can_t_be_a_secret_is_refused_unseen(tmp_path: Path, content: str) -> None:
    path = tmp_path / "token"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    with pytest.raises(Refused) as refused:
        secret_of("mattermost", {"token-file": "token"}, tmp_path / "rotations.toml")
    assert not content or content not in str(refused.value)


def test_two_places_for_one_secret_are_refused(tmp_path: Path) -> None:
    """By `check` too."""
    more = 'token-env = "SETROTA_X"\ntoken-file = "token"\n'
    desk = desk_at(Desk(tmp_path), "https://chat.example.com", more)
    number = (tmp_path / "rotations.toml").read_text().splitlines().index('token-file = "token"') + 1
    assert desk.run("check").at(2).talk == (
        f"error: rotations.toml:{number}: `publish.mattermost.token-file` can't stand beside `token-env`"
        " [conflicting-keys]\n  hint: remove one of the two\n"
    )


@pytest.mark.parametrize("content", [KEY, "ftp://example.com/x", "https:///hidden", "https://example.com:port/x"])
def test_what_is_no_address_is_refused_unseen(tmp_path: Path, content: str) -> None:
    desk = desk_at(Desk(tmp_path), "", target="webhook")
    done = desk.run("publish", "webhook", SETROTA_WEBHOOK_URL=content).at(2)
    assert "error: the environment variable `SETROTA_WEBHOOK_URL` doesn't contain the address of a webhook" in done.talk
    insist_on_silence(desk, done, content)


def test_secrets_are_found_however_they_are_written() -> None:
    secret = Secret("to\"k'en/1+2%3\\4<5>&6")
    for text in forms(secret.reveal()) | {repr(secret.reveal())}:
        assert without_secrets(f"<{text}>").strip("<>\"'=") == "•••"
    assert f"{secret} {secret!r}" == "••• •••"


def test_a_secret_within_another_is_hidden_with_it() -> None:
    Secret("inner-secret")
    Secret("outer-inner-secret-outer")
    assert without_secrets("outer-inner-secret-outer inner-secret") == "••• •••"


def test_a_secret_is_not_waited_for_where_no_file_is(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(Refused, match="not an ordinary file"):
            secret_of("mattermost", {"token-file": name}, tmp_path / "rotations.toml")


@pytest.mark.parametrize("pasted", ["x" * 300, "nul\0character"])
def test_a_secret_in_place_of_its_file_is_not_shown(tmp_path: Path, pasted: str) -> None:
    for key in ("token", "password"):
        with pytest.raises(Refused, match="names a file that doesn't exist") as refused:
            secret_of("mattermost", {f"{key}-file": pasted}, tmp_path, key)
        assert pasted not in str(refused.value)
