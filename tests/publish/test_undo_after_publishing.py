"""`undo` and `redo` say which calendars, channels and pagers show another state, and what brings them up to date."""

from __future__ import annotations

import re

from calendars import PASSWORD, CalendarDesk
from chat_server import FIRST, Office
from command_line import Desk, Outcome
from pager_desk import BEFORE, TOKENS, Paged


def outdated(outcome: Outcome) -> list[str]:
    """The commands that are named as such, which are also those in the hints."""
    found = re.findall(
        r"warning: `(setrota publish [^`]+)` published .* \[published-since\]\n  hint: `([^`]+)`", outcome.talk
    )
    assert all(published == hint for published, hint in found)
    return [published for published, _ in found]


def leave(desk: Desk, day: str, now: str) -> None:
    desk.run("leave", "add", "bo", day, now=now).at(0)


def test_a_calendar_that_shows_what_is_undone(calendar_desk: CalendarDesk) -> None:
    desk = calendar_desk.desk
    desk.run("plan", "--weeks", "2").at(0)
    calendar_desk.publish("--yes")

    answer = desk.run("undo", "--yes").at(0)

    assert "warning: `setrota publish caldav` published this on 2026-11-23 10:00 UTC, and still shows it" in answer.talk
    # It is said before the question, so before anything is undone.
    assert answer.talk.index(" [published-since]\n") < answer.talk.index("undone: ")
    assert outdated(answer) == ["setrota publish caldav"]
    command = outdated(answer)[0].split()[1:]
    # The command in the hint does it; afterwards nothing is outdated.
    desk.run("redo", "--yes").at(0)
    assert desk.run(*command, "--yes", SETROTA_CALDAV_PASSWORD=PASSWORD).at(0).talk.startswith("nothing to send")


def test_steps_that_were_not_published(office: Office) -> None:
    desk = office.desk
    leave(desk, "2027-06-01", FIRST)
    office.publish().at(0)
    leave(desk, "2027-06-02", FIRST)

    # The last step came after the header was set; the one before it is in what the header was made of.
    assert outdated(desk.run("undo", "--yes").at(0)) == []
    shown = desk.run("undo", "--dry-run").at(0)
    assert outdated(shown) == ["setrota publish mattermost"]
    assert outdated(desk.run("undo", "--yes").at(0)) == ["setrota publish mattermost"]


def test_what_is_published_after_an_undo_lacks_what_is_redone(pagerduty: Paged) -> None:
    desk = pagerduty.desk
    leave(desk, "2027-06-01", BEFORE)
    leave(desk, "2027-06-02", BEFORE)
    desk.run("undo", "--yes", now=BEFORE).at(0)
    pagerduty.publish("--service", "pagerduty").at(0)

    answer = desk.run("redo", "--yes", "--format", "json", now=BEFORE).at(0)
    assert "published on 2027-02-25 10:00 EST, while this was undone, and doesn't show it" in answer.talk
    assert answer.json["outdated"] == [
        {"command": "setrota publish oncall --service pagerduty", "at": "2027-02-25T10:00:00-05:00"}
    ]
    # The first one was there when it was published; to undo both makes the overrides outdated once more.
    assert outdated(desk.run("undo", "--yes", now=BEFORE).at(0)) == []
    assert outdated(desk.run("undo", "--yes", now=BEFORE).at(0)) == ["setrota publish oncall --service pagerduty"]


def test_what_sends_nothing_is_not_remembered(pagerduty: Paged) -> None:
    desk = pagerduty.desk
    pagerduty.publish().at(0)
    assert not (desk.folder / ".setrota").exists()  # nothing to undo
    leave(desk, "2027-06-01", BEFORE)
    pagerduty.publish("--dry-run").at(0)
    pagerduty.publish().at(0)  # everything is there
    assert outdated(desk.run("undo", "--yes", now=BEFORE).at(0)) == []


def test_no_secret_is_in_what_is_remembered(pagerduty: Paged) -> None:
    leave(pagerduty.desk, "2027-06-01", BEFORE)
    pagerduty.publish().at(0)
    for path in (pagerduty.desk.folder / ".setrota").rglob("*"):
        if path.is_file():
            assert not any(secret.encode() in path.read_bytes() for secret in TOKENS.values())
