"""What the keys of the notes and of the targets mean; the words for those that don't fit are in tests/errors/notes."""

from __future__ import annotations

from datetime import date, time, timedelta
from pathlib import Path

from roster_text import read_text

from setrota.roster.lengths import Length
from setrota.roster.notes import Brief, Meeting, Notes, Page, SeatText, Source

ROSTER = """\
[rota]
name = "Front Desk"
timezone = "Europe/Berlin"
handover = "Monday 09:00"

[rotations.desk]
every = "1 week"
pool = "staff"
seats = ["primary", "backup"]

[teams.red]
staff = ["ana", "bo", "cy"]
"""
EVERY_KEY = """
[people.bo]
accounts = { opsgenie = "bo@example.com", jira = "557058:bo", pagerduty = "PBO" }

[seats.primary]
title = "First line"
description = '''
Takes it all first.

Then hands it on.
'''

[seats."desk/backup"]
title = "Second line"

[[meetings]]
name = "Escalations call"
on = "Wednesday 14:00"
duration = "1 hour"
seats = ["primary", "desk/backup"]
every = "2 weeks"
anchor = 2027-01-06
description = "Ask Ana for the invitation."
location = "Room 4"
link = "https://example.com/call?id=1"

[[sources]]
name = "Ticket board"
link = "https://example.com/board"
look = "twice a day"
description = "New ones first."

[brief]
on = "Friday 15:00"
duration = "45 minutes"
checklist = ["a", "b"]
priorities = ["c"]
triage = ["d"]

[calendar]
base-url = "https://example.com/rota"
alarm = "1 day"
events = "periods"
reminder = "You still attend your team's planning."

[page]
warn = "10 days"
contact = "email"
away = true

[publish.mattermost]
url = "https://chat.example.com"
team = "eng"
channel = "desk"
token-env = "SETROTA_CHAT"

[publish.webhook]
url-file = "private/webhook"
service = "slack"

[publish.caldav]
url = "https://dav.example.com/rota/"
username = "rota"
password-env = "SETROTA_dav"

[publish.jira]
cloud-id = "1-2-3"
username = "rota@example.com"
schedules = { primary = "S1", "desk/backup" = "S2" }
token-file = "private/jira"
"""


def test_every_key(tmp_path: Path) -> None:
    roster = read_text(tmp_path, ROSTER + EVERY_KEY).roster
    assert roster.notes == Notes(
        seats={
            "primary": SeatText("First line", "Takes it all first.\n\nThen hands it on."),
            "desk/backup": SeatText("Second line"),
        },
        meetings=(
            Meeting(
                name="Escalations call",
                weekday=2,
                time=time(14),
                duration=timedelta(hours=1),
                seats=frozenset({"primary", "desk/backup"}),
                weeks=2,
                anchor=date(2027, 1, 6),
                description="Ask Ana for the invitation.",
                location="Room 4",
                link="https://example.com/call?id=1",
            ),
        ),
        sources=(Source("Ticket board", "https://example.com/board", "twice a day", "New ones first."),),
        brief=Brief(
            weekday=4,
            time=time(15),
            duration=timedelta(minutes=45),
            checklist=("a", "b"),
            priorities=("c",),
            triage=("d",),
        ),
        reminder="You still attend your team's planning.",
        alarm=timedelta(days=1),
        events="periods",
        base_url="https://example.com/rota/",
        page=Page(warn=Length(10, "days"), contact="email", away=True),
    )
    assert roster.publish == {
        "mattermost": {
            "url": "https://chat.example.com",
            "team": "eng",
            "channel": "desk",
            "token-env": "SETROTA_CHAT",
        },
        "webhook": {"url-file": "private/webhook", "service": "slack"},
        "caldav": {"url": "https://dav.example.com/rota/", "username": "rota", "password-env": "SETROTA_dav"},
        "jira": {
            "cloud-id": "1-2-3",
            "username": "rota@example.com",
            "schedules": {"primary": "S1", "desk/backup": "S2"},
            "token-file": "private/jira",
        },
    }
    assert roster.people["bo"].accounts == {"opsgenie": "bo@example.com", "jira": "557058:bo", "pagerduty": "PBO"}


def test_a_roster_can_do_without(tmp_path: Path) -> None:
    roster = read_text(tmp_path, ROSTER).roster
    assert roster.notes == Notes()
    assert roster.publish == {}
    assert roster.people["bo"].accounts == {}


def test_what_is_said_of_one_rotations_seat_goes_before_what_is_said_of_its_kind(tmp_path: Path) -> None:
    both = '[seats.primary]\ntitle = "Any"\n[seats."desk/primary"]\ntitle = "The desk\'s"\n'
    notes = read_text(tmp_path, ROSTER + both).roster.notes
    assert notes.of_seat("desk", "primary").title == "The desk's"
    assert notes.of_seat("other", "primary").title == "Any"
    assert notes.of_seat("other", "backup") == SeatText()


def test_meetings_and_sources_of_several_files_add_up(tmp_path: Path) -> None:
    here = '[[meetings]]\nname = "Call"\non = "Monday 10:00"\n[[sources]]\nname = "Board"\n'
    there = '[[meetings]]\nname = "Planning"\non = "Tuesday 10:00"\n[[sources]]\nname = "Pager"\n'
    notes = read_text(tmp_path, f'include = ["more.toml"]\n{ROSTER}{here}', more=there).roster.notes
    assert [meeting.name for meeting in notes.meetings] == ["Call", "Planning"]
    assert [source.name for source in notes.sources] == ["Board", "Pager"]


def test_a_meeting_is_for_the_seats_it_names_or_for_everybody() -> None:
    call = Meeting(
        name="Call", weekday=2, time=time(14), duration=timedelta(hours=1), seats=frozenset({"lead", "desk/primary"})
    )
    assert call.is_for("lead", "lead")
    assert call.is_for("desk", "primary")
    assert not call.is_for("desk", "backup")
    assert not call.is_for("other", "primary")
    assert call._replace(seats=frozenset()).is_for("other", "primary")
