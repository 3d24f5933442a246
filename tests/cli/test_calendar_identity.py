"""Calendars over what commands do to a plan: events stay the same ones, and say that they changed."""

from __future__ import annotations

import icalendar
import pytest
from command_line import Desk

MEETING = """
[[meetings]]
name = "Call"
on = "Wednesday 14:00"
seats = ["primary"]

[brief]
on = "Friday 15:00"
"""
NOW = "2027-01-05T10:00"


@pytest.fixture
def front(little: Desk) -> Desk:
    little.write("rotations.toml", (little.folder / "rotations.toml").read_text(encoding="utf-8") + MEETING)
    little.run("plan", "--from", "2027-01-04", "--weeks", "6").at(0)
    return little


def events(desk: Desk, *options: str) -> dict[str, icalendar.Event]:
    text = desk.run("export", *options).at(0).out
    assert desk.run("export", *options, now="2027-06-01T10:00").at(0).out == text
    found = icalendar.Calendar.from_ical(text).walk("VEVENT")
    by_uid = {str(event["UID"]): event for event in found}
    assert len(by_uid) == len(found)
    return by_uid


def shown_as(event: icalendar.Event) -> tuple[bytes, ...]:
    return tuple(event[key].to_ical() for key in ("SUMMARY", "DTSTART", "DTEND"))


def insist_on_revisions(before: dict[str, icalendar.Event], after: dict[str, icalendar.Event]) -> set[str]:
    """Insist that what changed says so and nothing is older than it was; gives what changed."""
    changed = set()
    for uid in before.keys() & after.keys():
        old, new = before[uid], after[uid]
        assert new["SEQUENCE"] >= old["SEQUENCE"]
        assert new["DTSTAMP"].dt >= old["DTSTAMP"].dt
        if shown_as(old) != shown_as(new):
            assert new["SEQUENCE"] > old["SEQUENCE"]
            assert new["DTSTAMP"].dt > old["DTSTAMP"].dt
            assert new["LAST-MODIFIED"].dt > old["LAST-MODIFIED"].dt
            changed.add(uid)
    return changed


def duties(desk: Desk) -> dict[tuple[str, str], str]:
    return {
        (each["start"][:10], each["seat"]): each["person"]
        for each in desk.run("show", "--format", "json").at(0).json["duties"]
    }


def test_a_cover_of_a_whole_duty_and_of_a_part(front: Desk) -> None:
    primary, free = duties(front)["2027-01-11", "primary"], _free(front, "2027-01-11")
    before = events(front)
    front.run("cover", primary, "2027-01-11", "--with", free, "--force", now=NOW).at(0)
    after = events(front)
    assert after.keys() == before.keys()
    assert insist_on_revisions(before, after) == {"FD_desk_2027-01-11_primary_1@setrota"}

    cover = ("--from", "2027-01-13", "--to", "2027-01-14", "--with", primary, "--force")
    front.run("cover", free, "2027-01-11", *cover, now="2027-01-06T10:00").at(0)
    parts = events(front)
    assert insist_on_revisions(after, parts) == {"FD_desk_2027-01-11_primary_1@setrota"}
    assert parts.keys() - after.keys() == {
        "FD_desk_2027-01-11_primary_1_2@setrota",
        "FD_desk_2027-01-11_primary_1_3@setrota",
    }
    # The call on Wednesday the 13th is the cover's.
    assert "FD_meeting_Call_2027-01-13@setrota" in events(front, "--person", primary)
    assert "FD_meeting_Call_2027-01-13@setrota" not in events(front, "--person", free)


def _free(desk: Desk, day: str) -> str:
    busy = {person for (start, _), person in duties(desk).items() if start == day}
    return min({"ana", "bo", "cy", "dee", "eli", "fay"} - busy)


def test_a_swap_is_two_changed_events_and_tombstones_for_imports(front: Desk) -> None:
    held = duties(front)
    one, other = held["2027-01-11", "primary"], held["2027-01-18", "primary"]
    before, imported = events(front), events(front, "--person", one)
    front.run("swap", one, "2027-01-11", other, "2027-01-18", "--force", now=NOW).at(0)
    after = events(front)
    assert after.keys() == before.keys()
    assert insist_on_revisions(before, after) == {
        "FD_desk_2027-01-11_primary_1@setrota",
        "FD_desk_2027-01-18_primary_1@setrota",
    }
    now = events(front, "--person", one, "--tombstones")
    gone = {uid for uid, event in now.items() if event.get("STATUS") == "CANCELLED"}
    assert {"FD_desk_2027-01-11_primary_1@setrota", "FD_meeting_Call_2027-01-13@setrota"} <= gone
    assert all(now[uid]["SEQUENCE"] > imported[uid]["SEQUENCE"] for uid in gone & imported.keys())
    assert imported.keys() <= now.keys()
    assert now.keys() - gone == events(front, "--person", one).keys()


def test_a_replan_and_planning_again(front: Desk) -> None:
    held = duties(front)
    leaver = held["2027-02-01", "primary"]
    before = events(front)
    front.write(
        "rotations.toml",
        (front.folder / "rotations.toml").read_text(encoding="utf-8") + f"\n[people.{leaver}]\nend = 2027-01-15\n",
    )
    front.run("replan", "--yes", now=NOW)
    after = events(front)
    assert "FD_desk_2027-02-01_primary_1@setrota" in insist_on_revisions(before, after)
    assert after.keys() == before.keys()

    front.edit("rotations.toml", f"\n[people.{leaver}]\nend = 2027-01-15\n", "")
    front.run("plan", "--again", "--from", "2027-01-25", "--weeks", "3", now="2027-01-06T10:00")
    again = events(front)
    insist_on_revisions(after, again)
    assert again.keys() == before.keys()
