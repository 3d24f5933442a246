"""The header of a channel: found, compared, and changed only where it differs; and what goes wrong, said clearly."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from chat_server import CHANNEL, FIRST, HEADER, OVER, SECOND, TOKEN, Chat, Office, desk_at, error
from command_line import Desk
from server import HANG_UP, Reply

pytestmark = pytest.mark.quick

PATCH = f"PUT /api/v4/channels/{CHANNEL}/patch"


def test_the_header_is_changed_and_then_left_alone(office: Office) -> None:
    done = office.publish().at(0)
    assert office.chat.header == HEADER
    assert office.changes == [PATCH]
    assert done.talk == "done: header of eng/set\n"
    again = office.publish().at(0)
    assert office.changes == [PATCH]
    assert again.talk == "nothing to send: everything is up to date\n"
    assert again.out == ""


def test_a_dry_run_shows_the_request_and_sends_nothing(office: Office) -> None:
    done = office.publish("--dry-run").at(0)
    assert (
        done.out == "# header of eng/set\n"
        f'PUT {office.server.url}/api/v4/channels/channel-id/patch\n\n{{\n  "header": "{HEADER}"\n}}\n\n'
    )
    assert done.talk == "nothing was sent; 1 request would be\n"
    assert office.changes == []


def test_after_the_plan_the_header_says_so(office: Office) -> None:
    """Never last week's crew; as with `export header` nobody on duty is a finding."""
    office.publish(now=OVER).at(1)
    assert office.chat.header == "FD: nobody on duty; the plan ended Mon 25 Jan 2027"
    office.publish(now=OVER).at(1)
    assert office.changes == [PATCH]


def test_another_moment_is_published(office: Office) -> None:
    office.publish("--at", "2027-01-11").at(0)
    assert office.chat.header.startswith("FD: primary @bo · backup @eli until Mon 18 Jan 09:00 UTC.")


def test_names_in_addresses_are_only_names(tmp_path: Path) -> None:
    chat = Chat(trouble=lambda request: error(404) if request.method == "GET" else None)
    with chat.open() as server:
        desk = desk_at(Desk(tmp_path), f"{server.url}/")
        desk.edit("rotations.toml", 'channel = "set"', 'channel = "../../../posts?x=#"')
        done = desk.run("publish", "mattermost", now=FIRST, SETROTA_MATTERMOST_TOKEN=TOKEN).at(2)
        path = "/api/v4/teams/name/eng/channels/name/..%2F..%2F..%2Fposts%3Fx%3D%23"
        assert server.lines == [f"GET {path}", "GET /api/v4/teams/name/eng"]
    assert "there is no team `eng`" in done.talk


@pytest.mark.parametrize(
    ("where", "reply", "message", "hint"),
    [
        (
            "/set",
            error(403, "You have no permission."),
            "Mattermost: the token's user may not see the channel (it says: You have no permission.) [not-allowed]",
            "make it a member of the team and of the channel",
        ),
        (
            "/patch",
            error(403),
            "header of eng/set: Mattermost: the token's user may not change the channel's header (it says: Not so.)"
            " [not-allowed]",
            "it needs the permission to manage the channel's properties",
        ),
        (
            "/patch",
            error(400, "Invalid header."),
            "header of eng/set: Mattermost: the server refused the header (it says: Invalid header.) [header-refused]",
            "shorten `header` in `[channel]`",
        ),
        (
            "/set",
            Reply(500, "<html>Oops</html>", described=False),
            "Mattermost: the server failed with status 500 [server-failing]",
            "try again later",
        ),
        (
            "/set",
            Reply(429, "limit exceeded", {"X-RateLimit-Reset": "600"}, described=False),
            "Mattermost: too many requests (it says: limit exceeded) [too-many-requests]",
            "try again in 600 seconds",
        ),
        (
            "/set",
            Reply(302, None, {"Location": "https://elsewhere.example.com"}, described=False),
            "Mattermost: the server redirects with status 302 [redirected]",
            "use its current address",
        ),
        (
            "/set",
            Reply(200, "<html>Log in</html>", described=False),
            "Mattermost: the server that answers is not Mattermost [wrong-server]",
            "check `publish.mattermost.url`",
        ),
        (
            "/patch",
            HANG_UP,
            "header of eng/set: Mattermost: the connection to 127.0.0.1 was lost: Server disconnected without sending"
            " a response. [no-answer]",
            None,
        ),
    ],
)
def test_a_failure_is_said_with_what_mends_it(
    office: Office, where: str, reply: Reply, message: str, hint: str | None
) -> None:
    office.chat.trouble = lambda request: reply if request.path.endswith(where) else None
    done = office.publish().at(2)
    problem = f"error: {message}\n" + (f"  hint: {hint}\n" if hint else "")
    assert done.talk.startswith(problem)
    assert office.chat.header == ""


@pytest.mark.parametrize(
    ("where", "body"),
    [
        ("/set", {"id": "\ud800", "header": ""}),
        ("/set", {"id": "x", "header": ["\ud800"]}),
        ("/set", [[[]]]),
        ("/posts", {"order": "x", "posts": {}}),
        ("/posts", {"order": [], "posts": [[]]}),
    ],
)
def test_answers_of_another_shape_are_no_mattermost_s(office: Office, where: str, body: object) -> None:
    office.publish().at(0)
    found = Reply(200, json.dumps(body), described=False)
    office.chat.trouble = lambda request: found if request.path.endswith(where) and request.method == "GET" else None
    done = office.publish("--announce", now=SECOND).at(2)
    assert "error: Mattermost: the server that answers is not Mattermost [wrong-server]\n" in done.talk


def test_posts_of_another_shape_are_somebody_else_s(office: Office) -> None:
    office.publish().at(0)
    body = {"order": [["x"], {}, None, 1, "missing", "own"], "posts": {"own": {"props": {"setrota": ["x"]}}, "1": 2}}
    found = Reply(200, json.dumps(body), described=False)
    office.chat.trouble = lambda request: found if request.line == f"GET /api/v4/channels/{CHANNEL}/posts" else None
    assert "done: post in eng/set\n" in office.publish("--announce", now=SECOND).at(0).talk


def test_a_refused_token_says_where_it_came_from(office: Office) -> None:
    done = office.publish(SETROTA_MATTERMOST_TOKEN="old").at(2)
    assert done.talk == (
        "error: Mattermost: the token is wrong, expired or revoked"
        " (it says: Invalid or expired session, please login again.) [login-refused]\n"
        "  hint: it comes from the environment variable `SETROTA_MATTERMOST_TOKEN`; make a new one in the account's"
        " security settings, or the bot's\n"
    )


@pytest.mark.parametrize(
    ("key", "message"),
    [
        ("team", "there is no team `nowhere` [no-such-team]"),
        (
            "channel",
            "there is no channel `nowhere` in the team `eng`, or the token's user can't see it [no-such-channel]",
        ),
    ],
)
def test_it_is_said_whether_the_team_or_the_channel_is_unknown(office: Office, key: str, message: str) -> None:
    right = "eng" if key == "team" else "set"
    office.desk.edit("rotations.toml", f'{key} = "{right}"', f'{key} = "nowhere"')
    done = office.publish().at(2)
    assert done.talk == (f"error: Mattermost: {message}\n  hint: use the name in its address, not its title\n")


def test_a_token_can_stand_in_a_file(office: Office) -> None:
    office.desk.edit("rotations.toml", 'channel = "set"', 'channel = "set"\ntoken-file = "private/token"')
    office.desk.write("private/token", f"{TOKEN}\n")
    office.publish(SETROTA_MATTERMOST_TOKEN="").at(0)
    assert office.chat.header == HEADER
    office.desk.write("private/token", "old")
    assert "it comes from the file `private/token`" in office.publish().at(2).talk


def test_who_is_told_to_wait_waits_that_long(office: Office, pauses: list[float]) -> None:
    replies = [Reply(429, "limit exceeded", {"X-RateLimit-Reset": "7"}, described=False)]
    office.chat.trouble = lambda request: replies.pop() if replies and request.path.endswith("/patch") else None
    office.publish().at(0)
    assert pauses == [7]
    assert office.chat.header == HEADER


def test_what_fails_for_a_moment_is_tried_again_ever_later(office: Office, pauses: list[float]) -> None:
    replies = [Reply(503, "x", described=False), HANG_UP, Reply(502, "<html>", described=False)]
    office.chat.trouble = lambda request: replies.pop() if replies and request.path.endswith("/patch") else None
    office.publish().at(0)
    assert pauses == [1, 2, 4]
    assert office.chat.header == HEADER


def test_a_server_that_stores_another_text_is_noticed(office: Office) -> None:
    body = {"id": CHANNEL, "header": "something else"}
    office.chat.trouble = lambda request: Reply(body=body) if request.path.endswith("/patch") else None
    assert (
        "warning: the server changed the header's text, so every run will send it again [header-altered]\n"
        in office.publish().at(0).talk
    )


def test_a_roster_without_a_target_says_how_it_begins(office: Office) -> None:
    office.desk.write("rotations.toml", (office.desk.folder / "rotations.toml").read_text().partition("[publish")[0])
    assert office.publish().at(2).talk == (
        "error: the roster has no `[publish.mattermost]` section [no-publish-section]\n"
        "  hint: add the section `[publish.mattermost]`; `setrota explain no-publish-section` lists its keys\n"
    )


def test_a_proxy_that_can_be_none_is_said_without_its_password(office: Office) -> None:
    for proxy in ("gopher://me:hush@proxy", "socks5://me:hush@proxy:1", "http://me:hush@proxy:x"):
        done = office.publish(HTTP_PROXY=proxy).at(2)
        assert "error: Mattermost: the proxy in HTTPS_PROXY or ALL_PROXY can't be used [bad-proxy]\n" in done.talk
        assert "hush" not in done.talk


def test_every_request_says_who_it_is_from(office: Office) -> None:
    office.publish().at(0)
    agents = {request.headers["user-agent"].partition("/")[0] for request in office.server.requests}
    assert agents == {"setrota"}


def test_a_header_is_as_long_as_it_may_be(office: Office) -> None:
    """1024 code points, however many bytes: the server counts these, and its description is held against it."""
    template = "ü" * 1000 + "{primary}{next-primary}"
    office.desk.write(
        "rotations.toml", (office.desk.folder / "rotations.toml").read_text() + f'[channel]\nheader = "{template}"\n'
    )
    office.publish(now=SECOND).at(0)
    assert office.chat.header == "ü" * 1000 + "@bo@cy"
    office.desk.edit("rotations.toml", template, "ü" * 1030)
    done = office.publish(now=SECOND).at(2)
    assert (
        "the channel header needs at least 1030 characters, but may have at most 1024 [header-too-long]\n" in done.talk
    )
