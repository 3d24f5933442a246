"""A post to a webhook: in Mattermost's shape or Slack's, once, and never shown where it goes."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from chat_server import FIRST, OVER, SECOND, Chat, desk_at
from command_line import Desk, Outcome
from server import HANG_UP, Reply, Server

KEY = "k3y0f-the-webhook"
NOTE = "FD: primary @bo · backup @eli until Mon 18 Jan 09:00 UTC\nComing on duty: @bo, @eli. Going off duty: @ana, @dee"


class Hook:
    """A folder, and a webhook that answers with what is next in `replies`, and then with `ok`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.replies: list[Reply] = []
        self.server = Chat(trouble=lambda _: self.replies.pop(0) if self.replies else Reply(body="ok")).open()

    def publish(self, *arguments: str, now: str = SECOND) -> Outcome:
        address = f"{self.server.url}/hooks/{KEY}"
        return self.desk.run("publish", "webhook", *arguments, now=now, SETROTA_WEBHOOK_URL=address)

    @property
    def texts(self) -> list[str]:
        return [request.body["text"] for request in self.server.requests]


@pytest.fixture
def hook(tmp_path: Path) -> Iterator[Hook]:
    found = Hook(desk_at(Desk(tmp_path), "", target="webhook"))
    with found.server:
        yield found


def test_the_crew_is_posted_with_who_comes_and_goes(hook: Hook) -> None:
    done = hook.publish().at(0)
    assert hook.texts == [NOTE]
    assert done.talk == "done: post of the crew\n"
    hook.publish("--at", "2027-01-12").at(0)
    assert hook.texts == [NOTE, NOTE]


def test_for_slack_names_stand_for_mentions(hook: Hook) -> None:
    hook.desk.edit("rotations.toml", "[publish.webhook]", '[publish.webhook]\nservice = "slack"')
    name = "<!channel> & *Bo* @here <https://evil.example.com|x>"
    text = (hook.desk.folder / "rotations.toml").read_text()
    hook.desk.write("rotations.toml", f'{text}[people.bo]\nname = "{name}"\n')
    hook.publish().at(0)
    [text] = hook.texts
    assert unicodedata.normalize("NFKC", text).startswith(
        f"FD: primary {name.replace('&', '&amp;')} · backup eli until"
    )
    assert not set(text) & set("<>@")


def test_the_first_crew_only_comes_and_the_last_only_goes(hook: Hook) -> None:
    hook.publish(now=FIRST).at(0)
    hook.publish(now=OVER).at(1)
    assert hook.texts == [
        "FD: primary @ana · backup @dee until Mon 11 Jan 09:00 UTC\nComing on duty: @ana, @dee",
        "FD: nobody on duty; the plan ended Mon 25 Jan 2027\nGoing off duty: @cy, @fay",
    ]


def test_a_dry_run_shows_the_post_and_not_its_address(hook: Hook) -> None:
    done = hook.publish("--dry-run").at(0)
    assert done.out.startswith('# post of the crew\nPOST •••\n\n{\n  "text": "FD: primary @bo')
    assert hook.server.requests == []


def test_the_address_of_a_webhook_is_hidden(hook: Hook) -> None:
    dry = hook.publish("--dry-run", "--format", "json").at(0)
    assert dry.json["calls"][0]["url"] == "•••"
    done = hook.publish("--format", "json").at(0)
    assert (done.json["calls"][0]["url"], done.json["calls"][0]["outcome"]) == ("•••", "done")
    assert KEY not in dry.out + done.out


def test_what_may_have_arrived_is_not_sent_again(hook: Hook, pauses: list[float]) -> None:
    hook.replies = [HANG_UP]
    done = hook.publish().at(2)
    assert done.talk.endswith("hint: it may have arrived: look before you run it again\n")
    hook.replies = [Reply(503, "later", described=False)]
    hook.publish().at(2)
    assert len(hook.texts) == 2
    assert pauses == []


def test_who_is_told_to_wait_tries_again(hook: Hook, pauses: list[float]) -> None:
    hook.replies = [Reply(429, "rate_limited", {"Retry-After": "30"}, described=False)]
    hook.publish().at(0)
    assert hook.texts == [NOTE, NOTE]
    assert pauses == [30]


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (
            Reply(404, "no_service", described=False),
            "there is no webhook at this address, or it may not post (it says: no_service) [no-webhook]",
        ),
        (
            Reply(400, "invalid_payload", described=False),
            "the post was refused with status 400 (it says: invalid_payload) [request-refused]",
        ),
        (Reply(200, "<html>Log in</html>", described=False), "a web page answers, not a webhook [wrong-server]"),
    ],
)
def test_a_refusal_says_what_it_means(hook: Hook, reply: Reply, message: str) -> None:
    hook.replies = [reply]
    assert f"error: post of the crew: webhook: {message}\n" in hook.publish().at(2).talk


def test_the_file_with_the_address_is_beside_the_roster(tmp_path: Path) -> None:
    with Server(lambda _: Reply(body="ok")) as server:
        desk = desk_at(Desk(tmp_path), "", 'url-file = "private/hook"\n', target="webhook")
        desk.write("private/hook", f"{server.url}/hooks/{KEY}\n")
        desk.run("--roster", "rotations.toml", "publish", "webhook", now=SECOND).at(0)
        assert server.lines == [f"POST /hooks/{KEY}"]
