"""`--notify`: direct messages to those whose duties moved, each one once, and to nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest
from chat_server import FIRST, SCHEDULE, TOKEN, Chat, Office, desk_at, error
from command_line import Desk
from repository import Repository
from server import Reply, Request

pytestmark = pytest.mark.git

NOTIFY = ("--notify", "--against", "HEAD")


@pytest.fixture
def moved(office: Office) -> Office:
    """Committed, then bo's week given to cy."""
    Repository(office.desk).begin()
    office.desk.seat("desk.2027-01-11", "primary", "cy")
    return office


def messages(office: Office) -> dict[str, str]:
    """What people were sent, by their ids."""
    posts = (post for post in office.chat.posts if post["channel_id"].endswith("-direct"))
    return {post["channel_id"].removesuffix("-id-direct"): post["message"] for post in posts}


def test_only_those_whose_duties_moved_are_told(moved: Office) -> None:
    done = moved.publish(*NOTIFY).at(0)
    assert set(messages(moved)) == {"bo", "cy"}
    letter = moved.desk.run("diff", "--person", "bo", now=FIRST).at(1).out
    assert messages(moved)["bo"] == f"```text\n{letter}```"
    assert "You no longer have:\n  Mon 2027-01-11 09:00 UTC to Mon 2027-01-18 09:00 UTC, primary, in 7 days" in letter
    assert done.talk == "done: header of eng/set\ndone: message to bo\ndone: message to cy\n"


def test_nobody_is_told_twice_and_a_new_change_is_told(moved: Office) -> None:
    moved.publish(*NOTIFY).at(0)
    done = moved.publish(*NOTIFY, now="2027-01-05T09:00").at(0)
    assert done.talk == "done before: message to bo\ndone before: message to cy\n"
    assert len(moved.chat.posts) == 2
    moved.desk.seat("desk.2027-01-11", "primary", "fay")
    moved.publish(*NOTIFY).at(0)
    assert [post["channel_id"] for post in moved.chat.posts[2:]] == ["fay-id-direct"]


def test_days_that_pass_are_no_news(office: Office) -> None:
    """The list gets shorter from week to week; what is left of it was told before."""
    Repository(office.desk).begin()
    office.desk.seat("desk.2027-01-11", "primary", "ana")
    office.desk.seat("desk.2027-01-18", "primary", "ana")
    office.publish(*NOTIFY).at(0)
    assert set(messages(office)) == {"ana", "bo", "cy"}
    done = office.publish(*NOTIFY, now="2027-01-19T09:00").at(0)
    assert "done before: message to ana\ndone before: message to cy\n" in done.talk
    assert len(office.chat.posts) == 3
    office.desk.seat("desk.2027-01-18", "backup", "cy")
    office.publish(*NOTIFY, now="2027-01-19T09:00").at(0)
    assert [post["channel_id"] for post in office.chat.posts[3:]] == ["cy-id-direct", "fay-id-direct"]


def test_who_has_left_the_roster_is_noted(moved: Office) -> None:
    """Nobody says any more what the chat calls them; the runs after that end well all the same."""
    moved.desk.edit("rotations.toml", '"bo", ', "")
    done = moved.publish(*NOTIFY).at(0)
    assert "note: bo is no longer in the roster, so gets no message [left-the-roster]\n" in done.talk
    assert set(messages(moved)) == {"cy"}


def test_a_message_of_somebody_else_tells_nothing(moved: Office) -> None:
    moved.publish(*NOTIFY).at(0)
    for post in moved.chat.posts:
        post["user_id"] = "mallory-id"
    moved.publish(*NOTIFY).at(0)
    assert len(moved.chat.posts) == 4


def test_one_person_is_told_on_demand(moved: Office) -> None:
    moved.publish(*NOTIFY, "--person", "cy").at(0)
    assert set(messages(moved)) == {"cy"}
    moved.publish(*NOTIFY, "--person", "ana").at(0)
    assert set(messages(moved)) == {"cy"}


def test_a_newly_planned_period_moves_nobody(office: Office) -> None:
    Repository(office.desk).begin()
    office.desk.write("schedule.toml", f'{SCHEDULE}\n[desk.2027-01-25]\nprimary = "ana"\nbackup = "dee"\n')
    office.publish(*NOTIFY).at(0)
    assert office.chat.posts == []


def test_a_period_that_is_no_longer_planned_is_told_of(office: Office) -> None:
    Repository(office.desk).begin()
    office.desk.write("schedule.toml", SCHEDULE.partition("[desk.2027-01-18]")[0])
    office.publish(*NOTIFY).at(0)
    assert set(messages(office)) == {"cy", "fay"}
    assert "this is no longer planned" in messages(office)["cy"]


def test_what_is_over_is_told_to_nobody(moved: Office) -> None:
    moved.publish(*NOTIFY, now="2027-01-19T09:00").at(0)
    assert messages(moved) == {}


def test_a_dry_run_shows_the_messages_and_opens_no_channel(moved: Office) -> None:
    done = moved.publish(*NOTIFY, "--dry-run").at(0)
    assert moved.changes == []
    assert "nothing was sent; 5 requests would be" in done.talk
    assert '[\n  "me-id",\n  "bo-id"\n]' in done.out
    assert '"message": "```text\\nbo, your duties in Front Desk have changed.' in done.out


def test_people_without_an_account_are_told_of_one_by_one(moved: Office) -> None:
    """The others get theirs; the next run sends only what is missing."""
    del moved.chat.users["bo"]
    done = moved.publish(*NOTIFY).at(2)
    assert set(messages(moved)) == {"cy"}
    assert (
        "error: message to bo: no chat user is called `bo`, or that user is deactivated [unknown-chat-name]\n"
        "  hint: correct `chat` in `[people.bo]`\n"
    ) in done.talk
    assert "1 of 3 requests failed; run it again to send the rest" in done.talk
    moved.chat.users["bo"] = "bo-id"
    moved.publish(*NOTIFY).at(0)
    assert set(messages(moved)) == {"bo", "cy"}
    assert len(moved.chat.posts) == 2


def test_however_many_have_no_account_the_others_get_theirs(office: Office) -> None:
    Repository(office.desk).begin()
    for block, primary, backup in (("04", "fay", "eli"), ("11", "cy", "ana"), ("18", "bo", "dee")):
        office.desk.seat(f"desk.2027-01-{block}", "primary", primary)
        office.desk.seat(f"desk.2027-01-{block}", "backup", backup)
    for name in ("ana", "bo", "cy"):
        del office.chat.users[name]
    done = office.publish(*NOTIFY).at(2)
    assert set(messages(office)) == {"dee", "eli", "fay"}
    assert "3 of 7 requests failed" in done.talk


@pytest.mark.parametrize("path", ["/api/v4/channels/direct", "/api/v4/posts"])
def test_a_message_that_is_refused_does_not_stop_the_others(moved: Office, path: str) -> None:
    troubles = [error(403)]
    moved.chat.trouble = lambda request: troubles.pop() if troubles and request.line == f"POST {path}" else None
    done = moved.publish(*NOTIFY).at(2)
    assert "error: message to bo: Mattermost: the token's user may not" in done.talk
    assert set(messages(moved)) == {"cy"}


def test_a_chat_handle_that_means_everybody_is_nobody(moved: Office) -> None:
    moved.desk.write(
        "rotations.toml", (moved.desk.folder / "rotations.toml").read_text() + '[people.bo]\nchat = "channel"\n'
    )
    done = moved.publish(*NOTIFY).at(2)
    assert (
        "error: message to bo: bo has no chat name [no-chat-name]\n  hint: give `bo` a `chat` name in the roster\n"
        in done.talk
    )
    assert set(messages(moved)) == {"cy"}


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (("--notify",), "`--notify` needs `--against REV` [missing-option]\n  hint: for example `--against HEAD~1`"),
        (
            ("--against", "HEAD"),
            "`--against` only works with `--notify` [misplaced-option]\n"
            "  hint: add `--notify`, or leave `--against` out",
        ),
        (
            ("--person", "bo"),
            "`--person` only works with `--notify` [misplaced-option]\n  hint: add `--notify`, or leave `--person` out",
        ),
    ],
)
def test_what_belongs_together_goes_together(office: Office, given: tuple[str, ...], message: str) -> None:
    assert office.publish(*given).at(2).talk == f"error: {message}\n"
    assert office.server.lines == []


def test_without_git_the_advice_is_one_that_this_command_can_follow(office: Office) -> None:
    done = office.publish(*NOTIFY).at(2)
    assert "is not in a git repository" in done.talk
    assert done.talk.endswith("  hint: leave out `--notify` and `--against` to update only the channel\n")
    assert office.server.lines == []


def test_names_and_notes_are_only_text(tmp_path: Path) -> None:
    """In the header, the post and the messages, whatever somebody calls themselves; reasons are nowhere."""
    name = "``` @channel [x](https://evil.example.com) <script> **b** =cmd ../"
    chat = Chat()
    with chat.open() as server:
        desk = desk_at(Desk(tmp_path), server.url, f"[people.bo]\nname = '{name}'\nchat = 'all'\n")
        desk.edit(
            "rotations.toml", "[people.bo]", "[people.cy]\nleave = [{ from = 2027-03-01, note = 'hush' }]\n[people.bo]"
        )
        Repository(desk).begin()
        desk.run(
            "cover", "ana", "2027-01-04", "--with", "bo", "--reason", "hush", "--force", now="2026-12-01T09:00"
        ).at(0)
        chat.header = "FD: primary @x"
        token = {"SETROTA_MATTERMOST_TOKEN": TOKEN}
        done = desk.run("publish", "mattermost", *NOTIFY, now=FIRST, **token)
        desk.run("publish", "mattermost", "--announce", now="2027-01-11T09:00", **token).at(0)
    texts = [chat.header, *(post["message"] for post in chat.posts)]
    told = "\n".join([*texts, done.talk, done.out])
    assert "hush" not in told
    assert all("@channel" not in text and "@all" not in text for text in texts)
    [letter] = [post["message"] for post in chat.posts if post["channel_id"] == "ana-id-direct"]
    assert letter.startswith("````text\n")
    assert letter.count("````") == 2
    [note] = [post["message"] for post in chat.posts if post["channel_id"] == "channel-id"]
    assert "\\[x\\]" in note
    assert "\\<script\\>" in note


def test_a_mattermost_that_refuses_gets_three_requests_in_all(moved: Office) -> None:
    """The post, the header and the messages are of one server."""
    asked = []

    def refuse(request: Request) -> Reply | None:
        if request.method == "GET" or request.path.endswith("/usernames"):
            return None
        asked.append(request.line)
        return error(401)

    moved.chat.header = "FD: primary @x"
    moved.chat.trouble = refuse
    done = moved.publish("--announce", *NOTIFY, "--format", "json").at(2)
    assert len(asked) == 3
    assert [each["outcome"] for each in done.json["calls"]] == ["failed"] * 3
    assert [each["code"] for each in done.document["problems"] if each["severity"] == "error"] == ["login-refused"]
