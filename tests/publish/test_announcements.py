"""`--announce`: one post when the header told another crew until now, and none otherwise, however often it runs."""

from __future__ import annotations

import pytest
from chat_server import CHANNEL, FIRST, OVER, SECOND, THIRD, Office, error
from server import HANG_UP

POST, PATCH = "POST /api/v4/posts", f"PUT /api/v4/channels/{CHANNEL}/patch"
NOTE = "FD: primary @bo · backup @eli until Mon 18 Jan 09:00 UTC\nComing on duty: @bo, @eli. Going off duty: @ana, @dee"


@pytest.fixture
def announced(office: Office) -> Office:
    """The first crew stands in the header."""
    office.publish().at(0)
    office.server.requests.clear()
    return office


def test_a_handover_is_announced_once(announced: Office) -> None:
    done = announced.publish("--announce", now=SECOND).at(0)
    assert announced.changes == [POST, PATCH]
    assert announced.chat.texts() == [NOTE]
    assert done.talk == "done: post in eng/set\ndone: header of eng/set\n"
    announced.publish("--announce", now=SECOND).at(0)
    assert announced.chat.texts() == [NOTE]


def test_a_header_that_names_no_zone_yet_is_replaced_and_not_announced(announced: Office) -> None:
    """As versions before wrote it."""
    announced.chat.header = announced.chat.header.replace(" UTC", "")
    done = announced.publish("--announce").at(0)
    assert announced.changes == [PATCH]
    assert "nothing to announce" in done.talk
    announced.chat.header = announced.chat.header.replace(" UTC", "")
    announced.publish("--announce", now=SECOND).at(0)
    assert announced.chat.texts() == [NOTE]


def test_a_dry_run_shows_the_post_too(announced: Office) -> None:
    done = announced.publish("--announce", "--dry-run", now=SECOND).at(0)
    assert '"message": "FD: primary @bo' in done.out
    assert "nothing was sent; 2 requests would be" in done.talk
    assert announced.changes == []


@pytest.mark.parametrize(
    ("block", "seat", "person"),
    [("desk.2027-01-11", "primary", "cy"), ("desk.2027-01-11", "backup", "")],
)
def test_another_next_crew_is_not_announced(announced: Office, block: str, seat: str, person: str) -> None:
    announced.desk.seat(block, seat, person)
    done = announced.publish("--announce").at(0)
    assert announced.changes == [PATCH]
    assert "nothing to announce" in done.talk


def test_what_is_next_may_have_changed_since_the_header_was_made(announced: Office) -> None:
    """Nobody published the change of the plan, so that the header tells a next crew that never was."""
    announced.desk.seat("desk.2027-01-11", "primary", "cy")
    announced.publish("--announce", now=SECOND).at(0)
    [note] = announced.chat.texts()
    assert note.endswith("Coming on duty: @cy, @eli. Going off duty: @ana, @dee")


def test_a_crew_that_another_run_published_is_not_announced(announced: Office) -> None:
    announced.publish(now=SECOND).at(0)
    announced.publish("--announce", now=SECOND).at(0)
    assert announced.chat.texts() == []


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize(("deleted_at", "posts"), [(0, 1), (1_800_000_000_000, 2)])
def test_a_post_that_was_deleted_is_made_again(announced: Office, deleted_at: int, posts: int) -> None:
    """The server refuses the header, so that each run looks for the post of the one before."""
    announced.chat.trouble = lambda request: error(403) if request.method == "PUT" else None
    announced.publish("--announce", now=SECOND).at(2)
    announced.chat.posts[0]["delete_at"] = deleted_at
    announced.publish("--announce", now=SECOND).at(2)
    assert announced.chat.texts() == [NOTE] * posts


@pytest.mark.parametrize("header", ["", "Welcome! Ask @cy.", "FD: primary @x · backup @y until Mon 4 Jan 09:00"])
def test_a_header_that_tells_no_known_crew_announces_nothing(office: Office, header: str) -> None:
    office.chat.header = header
    office.publish("--announce").at(0)
    assert office.chat.texts() == []


def test_a_cover_in_the_middle_of_a_period_changes_the_crew(announced: Office) -> None:
    announced.desk.run(
        "cover", "ana", "2027-01-06", "--from", "2027-01-06", "--with", "cy", "--reason", "flu", now=FIRST
    ).at(0)
    announced.publish("--announce", now="2027-01-06T09:00").at(0)
    [note] = announced.chat.texts()
    assert note == "FD: primary @cy · backup @dee until Mon 11 Jan 09:00 UTC\nComing on duty: @cy. Going off duty: @ana"


def test_a_cover_of_the_whole_running_duty_changes_the_crew(announced: Office) -> None:
    """Bo is ill on Monday morning: Cy takes his week before any of its days is over."""
    announced.publish("--announce", now=SECOND).at(0)
    announced.desk.run("cover", "bo", "2027-01-11", "--with", "cy", "--force", now="2027-01-11T10:00").at(0)
    announced.publish("--announce", now="2027-01-11T10:15").at(0)
    announced.publish("--announce", now="2027-01-11T10:30").at(0)
    assert announced.chat.texts() == [
        NOTE,
        "FD: primary @cy · backup @eli until Mon 18 Jan 09:00 UTC\nComing on duty: @cy. Going off duty: @bo",
    ]


def test_a_template_is_read_as_well(office: Office) -> None:
    office.desk.write(
        "rotations.toml",
        (office.desk.folder / "rotations.toml").read_text()
        + '[channel]\nheader = "After {next-primary} comes nobody. Now {primary} (backup: {backup}), until {until}."\n',
    )
    office.publish().at(0)
    office.desk.seat("desk.2027-01-11", "primary", "fay")
    office.publish("--announce").at(0)
    assert office.chat.texts() == []
    office.publish("--announce", now=SECOND).at(0)
    assert len(office.chat.texts()) == 1


def test_weeks_that_nobody_published_are_no_hindrance(announced: Office) -> None:
    announced.publish("--announce", now="2027-01-18T09:00").at(0)
    [note] = announced.chat.texts()
    assert note.endswith("Coming on duty: @cy, @fay. Going off duty: @ana, @dee")


def test_the_plan_s_end_is_announced(office: Office) -> None:
    office.publish(now="2027-01-20T09:00").at(0)
    office.publish("--announce", now=OVER).at(1)
    office.publish("--announce", now="2027-01-26T09:00").at(1)
    assert office.chat.texts() == ["FD: nobody on duty; the plan ended Mon 25 Jan 2027\nGoing off duty: @cy, @fay"]


def test_a_post_that_got_lost_is_announced_by_the_next_run(announced: Office) -> None:
    """What isn't known to have arrived isn't sent twice; the header waits, so that the next run knows."""
    announced.chat.trouble = lambda request: HANG_UP if request.line == POST else None
    done = announced.publish("--announce", now=SECOND).at(2)
    assert announced.changes == [POST]
    assert "not sent: header of eng/set; the next run announces the crew first" in done.talk
    assert "it may have arrived: look before you run it again" in done.talk
    announced.chat.trouble = lambda _: None
    announced.publish("--announce", now=SECOND).at(0)
    assert announced.chat.texts() == [NOTE]
    assert announced.chat.header.startswith("FD: primary @bo")


def test_a_post_that_is_refused_does_not_hold_up_the_header(announced: Office) -> None:
    """Never last week's crew: who may not post may still change the header."""
    announced.chat.trouble = lambda request: error(403) if request.line == POST else None
    done = announced.publish("--announce", now=SECOND).at(2)
    assert (
        "error: post in eng/set: Mattermost: the token's user may not post there (it says: Not so.) [not-allowed]"
        in done.talk
    )
    assert announced.chat.header.startswith("FD: primary @bo")


def test_a_post_of_somebody_else_announces_nothing(announced: Office) -> None:
    """Whoever writes to the channel can give a post any property."""
    before = announced.chat.header
    announced.publish("--announce", now=SECOND).at(0)
    announced.chat.header, announced.chat.posts[0]["user_id"] = before, "mallory-id"
    announced.publish("--announce", now=SECOND).at(0)
    assert announced.chat.texts() == [NOTE, NOTE]


def test_while_the_header_can_t_be_changed_nobody_goes_twice(announced: Office) -> None:
    """It tells the crew of weeks ago, who don't go again at each handover."""
    announced.chat.trouble = lambda request: error(403) if request.line == PATCH else None
    announced.publish("--announce", now=SECOND).at(2)
    done = announced.publish("--announce", now=THIRD).at(2)
    assert announced.chat.texts() == [NOTE]
    assert "nothing to announce: the header hasn't changed since the last post" in done.talk
    announced.chat.trouble = lambda _: None
    announced.publish("--announce", now=THIRD).at(0)
    announced.publish("--announce", now=OVER).at(1)
    assert announced.chat.texts() == [
        NOTE,
        "FD: nobody on duty; the plan ended Mon 25 Jan 2027\nGoing off duty: @cy, @fay",
    ]


def test_a_header_that_fails_does_not_announce_twice(announced: Office) -> None:
    announced.chat.trouble = lambda request: error(403) if request.line == PATCH else None
    for _ in range(3):
        announced.publish("--announce", now=SECOND).at(2)
    assert announced.chat.texts() == [NOTE]
    announced.chat.trouble = lambda _: None
    announced.publish("--announce", now=SECOND).at(0)
    assert announced.chat.texts() == [NOTE]
