"""Edits of the roster and the schedule by hand: an event's revision mark changes exactly where the event does.

Every key of the roster has a place here: either an edit of it changes an event, or it reaches none. The keys are those
of the roster's schema, so a new key fails the suite until it is in one of the two lists.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import samples
from calendar_events import MarkedEvent, marked_events

from setrota.export.calendars.feeds import Feed, FeedWriter
from setrota.files.roster import read_roster
from setrota.files.roster.schema import roster_schema
from setrota.files.schedule import read_schedule
from setrota.files.schedule.fields import BLOCK, CHANGE, PLANNED
from setrota.files.schedule.text import schedule_text
from setrota.roster import Roster
from setrota.schedule import Change, Schedule

pytestmark = pytest.mark.no_cover  # quicker tests run the same lines

ROSTER = """\
include = ["more.toml"]
include-outside = ["../outside.toml"]

[rota]
name = "Sustained Engineering"
short-name = "SET"
timezone = "America/Toronto"
handover = "Monday 09:00"
schedule = "schedule.toml"
quarters-start = "January"
closed = [{ from = 2027-06-01, to = 2027-06-04 }]
coverage = { "Mon-Fri" = ["engineer", "lead"] }

[rotations.engineer]
every = "1 week"
serves = "Mon-Fri"
pool = "engineers"
seats = ["primary", "backup", "engineer"]
optional-seats = ["spare"]
seat-teams = { primary = ["channels", "platform"] }
rest = "1 week"
max-per-team = 3
team-rest = "0 weeks"
mix = [{ tag = "senior", at-most = 3 }]
leave-tolerance = 1

[rotations.lead]
every = "2 weeks"
serves = "Mon-Fri"
pool = "leads"
seats = ["lead"]
anchor = 2027-01-04
handover = "Monday 12:00"
timezone = "Europe/Berlin"
closed = []

[rotations.release]
starts = [2027-01-12, 2027-02-23]
pool = "leads"
seats = ["shepherd"]

[rotations.pair]
every = "1 week"
pool = "engineers"
seats = ["late", "early"]
pattern = ["late", "early"]

[teams.channels]
name = "Channels"
away = [{ from = 2027-06-01, to = 2027-06-02 }]
leads = ["ana"]
engineers = ["bo", "cy", "dee", "eli"]

[teams.platform]
leads = ["jo"]
engineers = ["fay", "gus", "hal", "ivy"]

[people.bo]
name = "Bo Lindqvist"
email = "bo@example.com"
chat = "bo.lindqvist"
share = 0.5
not-seats = ["lead"]
start = 2020-01-01
end = 2030-01-01
leave = [{ from = 2027-06-01, to = 2027-06-02 }]
works = ["mon", "tue", "wed"]
tags = ["senior"]
avoid = [{ from = 2027-06-01, to = 2027-06-02 }]
prefer = [{ from = 2027-07-01, to = 2027-07-02 }]
holidays = "CA-ON"
formerly = "bob"
accounts = { pagerduty = "PABC123" }

[holidays]
calendar = "CA-ON"
dates = [2027-01-06]

[rules]
mix = [{ rotation = "engineer", tag = "senior", at-most = 3 }]
never-together = [["bo", "gus"]]
teams-apart = [["channels", "platform"]]
max-per-team = 3
max-duties = "3 per 26 weeks"
counts = { weekend = "Sat-Sun" }
long-leave = "4 weeks"
freeze = "2 weeks"
relax = ["rest"]
exceptions = [{ rule = "rest", person = "bo", date = 2027-01-18 }]

[[pins]]
date = 2027-02-08
seat = "primary"
person = "bo"

[channel]
header = "{rota}: {crew}"

[seats.primary]
title = "First"
description = "Takes every escalation first."

[[meetings]]
name = "Call"
on = "Wednesday 14:00"
duration = "45 minutes"
seats = ["lead"]
every = "2 weeks"
anchor = 2027-01-06
description = "Ask Ana."
location = "Room 4"
link = "https://example.com/call"

[[sources]]
name = "Board"
link = "https://example.com/board"
look = "twice a day"
description = "New tickets first."

[brief]
on = "Friday 15:00"
duration = "30 minutes"
checklist = ["Every escalation has an owner"]
priorities = ["Outages"]
triage = ["Within a day"]

[calendar]
base-url = "https://example.com/rota/"
alarm = "1 day"
events = "spans"
reminder = "You still attend your own planning."

[page]
warn = "2 weeks"
contact = "chat"
away = false
"""

EDITS = {
    "rota.short-name": "SE",
    "rota.timezone": "America/Winnipeg",
    "rota.handover": "Monday 10:00",
    "rota.closed": [{"from": date(2027, 1, 6)}],
    "rotations.engineer.serves": "Mon-Thu",
    "rotations.engineer.seats": ["backup", "primary", "engineer"],
    "rotations.engineer.optional-seats": None,
    "rotations.lead.closed": [{"from": date(2027, 1, 5)}],
    "rotations.lead.handover": "Monday 13:00",
    "rotations.lead.timezone": "Europe/Lisbon",
    "teams.channels.name": "Messaging",
    "teams.platform.engineers": ["bo", "fay", "gus", "hal", "ivy"],
    "people.bo.name": "Bo L.",
    "people.bo.chat": "bo",
    "seats.primary.title": "Primary",
    "seats.primary.description": "Takes every escalation.",
    "meetings.name": "Escalations",
    "meetings.on": "Wednesday 14:15",
    "meetings.duration": "30 minutes",
    "meetings.seats": ["lead", "backup"],
    "meetings.every": "1 week",
    "meetings.anchor": date(2027, 1, 13),
    "meetings.description": "Ask Jo.",
    "meetings.location": "Room 5",
    "meetings.link": "https://example.com/room",
    "sources.name": "Tickets",
    "sources.link": "https://example.com/tickets",
    "sources.look": "hourly",
    "brief.on": "Friday 16:00",
    "brief.duration": "45 minutes",
    "brief.checklist": ["Every escalation has an owner", "The board is tidy"],
    "calendar.alarm": "2 days",
    "calendar.events": "periods",
    "calendar.reminder": "You still attend your own retrospective.",
}
"""An edit of every key that reaches an event: the new value, or None to remove it."""

WITHOUT_EFFECT: Mapping[str, Any] = {
    "include": [],
    "include-outside": [],
    "rota.name": "Engineering",
    "rota.schedule": "other.toml",
    "rota.quarters-start": "April",
    "rota.coverage": None,
    "rotations.engineer.every": "2 weeks",
    "rotations.release.starts": [date(2027, 1, 12), date(2027, 2, 24)],
    "rotations.pair.pool": "leads",
    "rotations.engineer.seat-teams": None,
    "rotations.engineer.rest": "2 weeks",
    "rotations.engineer.max-per-team": 4,
    "rotations.engineer.team-rest": "1 week",
    "rotations.engineer.mix": None,
    "rotations.engineer.leave-tolerance": 2,
    "rotations.lead.anchor": date(2027, 1, 11),
    "rotations.pair.pattern": None,
    "teams.channels.away": None,
    "people.bo.email": "lindqvist@example.com",
    "people.bo.share": 0.75,
    "people.bo.not-seats": None,
    "people.bo.start": date(2021, 1, 1),
    "people.bo.end": None,
    "people.bo.leave": [{"from": date(2027, 1, 4), "to": date(2027, 1, 8), "note": "flu"}],
    "people.bo.works": ["mon"],
    "people.bo.tags": ["senior", "junior"],
    "people.bo.avoid": None,
    "people.bo.prefer": None,
    "people.bo.holidays": "CA-QC",
    "people.bo.formerly": "robert",
    "people.bo.accounts": None,
    "holidays": None,
    "rules": None,
    "pins": None,
    "channel": None,
    "sources.description": "Old tickets first.",
    "brief.priorities": ["Bugs"],
    "brief.triage": ["At once"],
    "calendar.base-url": "https://example.org/",
    "page.warn": "3 weeks",
    "page.contact": "email",
    "page.away": True,
    "publish": {
        "webhook": {"url-env": "SETROTA_HOOK", "service": "slack"},
        "caldav": {"url": "https://dav.example.com/set/", "username": "rota"},
    },
}
"""An edit of every other key or section: the new value, or None to remove it."""

SEATS = ("primary", "backup", "engineer", "spare")
COVER = Change(datetime(2027, 1, 1, tzinfo=UTC), "primary", "bo", "jo", start=date(2027, 1, 6))
PLAN = samples.schedule(
    samples.computed(samples.week(0), dict(zip(SEATS, ("bo", "cy", "dee", "eli"), strict=True)), changes=[COVER]),
    samples.computed(samples.week(1), dict(zip(SEATS, ("fay", "gus", "hal", None), strict=True))),
    samples.computed(samples.week(2), dict(zip(SEATS, ("cy", "bo", "eli", "dee"), strict=True))),
    samples.computed(samples.week(0), "ana", of=samples.LEAD),
    samples.computed(samples.week(2), "jo", of=samples.LEAD),
)
SCHEDULE = schedule_text(PLAN, samples.roster())
"""Three weeks, in the first of which Jo takes a seat over from Bo; it stays the same while the roster is edited."""

Calendars = dict[str, dict[str, MarkedEvent]]


def calendars(roster: Roster, plan: Schedule = PLAN) -> Calendars:
    """The marked events of everyone's calendars and of people's own: of those with duties and of those without."""
    writer = FeedWriter(roster, plan)
    feeds = [Feed(), Feed(team="channels"), Feed(rotation="lead"), *map(Feed, ("ana", "bo", "eli", "jo", "ivy"))]
    return {str(feed): marked_events(writer.calendar_text(feed, tombstones=True)) for feed in feeds}


def insist_on_marks(before: Calendars, after: Calendars, *, of_decisions: bool = False) -> int:
    """Insist that marks differ exactly where events do; gives the number of events that differ or came or went.

    `of_decisions` are edits of what DTSTAMP and SEQUENCE are made of: then these may differ where nothing else does.
    """
    changed = 0
    for feed, events in after.items():
        for uid, event in events.items():
            old = before[feed].get(uid)
            changed += event != old
            if old and not (of_decisions and (event.stamp, event.sequence) != (old.stamp, old.sequence)):
                assert (event.mark != old.mark) == (event.lines != old.lines), (feed, uid)
        changed += len(before[feed].keys() - events.keys())
    return changed


# The roster


class Workplace:
    """A folder with the roster, which reads what becomes of it by an edit."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "more.toml").touch()
        (folder.parent / "outside.toml").touch()
        self.before = calendars(self.roster())

    def roster(self, key: str | None = None, value: Any = None) -> Roster:
        data = tomllib.loads(ROSTER)
        if key is not None:
            put(data, key.split("."), value)
        path = self.folder / "rotations.toml"
        path.write_text("".join(f"{name} = {toml(section)}\n" for name, section in data.items()), encoding="utf-8")
        return read_roster(path).roster


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Workplace:
    return Workplace(tmp_path_factory.mktemp("rota") / "roster")


def put(data: Any, path: list[str], value: Any) -> None:
    """Edit the value at a path, in a list of tables that of the first; None removes it."""
    *sections, name = path
    for section in sections:
        data = data[section]
        data = data[0] if isinstance(data, list) else data
    if value is None:
        del data[name]
    else:
        assert data.get(name) != value, f"{path} is no edit"
        data[name] = deepcopy(value)


def toml(value: Any) -> str:
    """A value as TOML, on one line."""
    if isinstance(value, dict):
        return f"{{{', '.join(f'{json.dumps(key)} = {toml(each)}' for key, each in value.items())}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)


@pytest.mark.parametrize("key", EDITS)
def test_an_edit_that_changes_events_changes_their_marks(key: str, workplace: Workplace) -> None:
    after = calendars(workplace.roster(key, EDITS[key]))
    assert insist_on_marks(workplace.before, after) > 0


def test_an_edit_of_any_other_key_changes_nothing(workplace: Workplace) -> None:
    for key, value in WITHOUT_EFFECT.items():
        assert calendars(workplace.roster(key, value)) == workplace.before, key


def test_one_edit_after_another_is_noticed(workplace: Workplace) -> None:
    states = [workplace.before, *(calendars(workplace.roster("rota.handover", f"Monday 10:{n:02}")) for n in range(20))]
    for before, after in pairwise(states):
        assert insist_on_marks(before, after) > 30


NAMED = ("rotations", "teams", "people", "seats")
"""The sections whose tables have names of the roster's own."""


def test_no_key_of_the_roster_is_forgotten() -> None:
    edited = {_in_schema(key) for key in (*EDITS, *WITHOUT_EFFECT)}
    assert len(edited) == len(EDITS) + len(WITHOUT_EFFECT)
    keys = set(_keys(roster_schema()))
    covered = {key: [each for each in edited if f"{key}.".startswith(f"{each}.")] for key in keys}
    assert {key: found for key, found in covered.items() if len(found) != 1} == {}
    assert edited - {each for found in covered.values() for each in found} == set()


def _in_schema(key: str) -> str:
    """The place of an edited key in the schema: `rotations.*.rest`; that of a team's list is `teams.*.*`."""
    section, *names = key.split(".")
    if section in NAMED:
        names[0] = "*"
    if section == "teams" and names[1] in ("leads", "engineers"):
        names[1] = "*"
    return ".".join([section, *names])


def _keys(shape: Mapping[str, Any], path: str = "") -> Iterator[str]:
    """The keys that a schema allows; the items of a list have their list's path."""
    if shape.get("not") == {}:
        return
    within = [(f"{path}.{name}".lstrip("."), each) for name, each in shape.get("properties", {}).items()]
    if isinstance(shape.get("additionalProperties"), dict):
        within.append((f"{path}.*", shape["additionalProperties"]))
    within += [(path, each) for each in (shape.get("items"), *shape.get("anyOf", ())) if isinstance(each, dict)]
    if not within:
        yield path
    for name, each in within:
        yield from _keys(each, name)


# The schedule

BY_HAND = {
    "at": ("at = 2027-01-01T00", "at = 2027-01-02T00"),
    "seat": ('seat = "primary", was = "bo"', 'seat = "backup", was = "cy"'),
    "was": ('was = "bo"', 'was = "cy"'),
    "now": ('now = "jo"', 'now = "fay"'),
    "from": ("from = 2027-01-06", "from = 2027-01-07"),
    "to": ("from = 2027-01-06", "from = 2027-01-06, to = 2027-01-08"),
    "reason": ("from = 2027-01-06", 'from = 2027-01-06, reason = "flu"'),
    "forced": ("from = 2027-01-06", 'from = 2027-01-06, forced = ["rest"]'),
    "by": ("from = 2027-01-06", 'from = 2027-01-06, by = "replan"'),
    "changes": (SCHEDULE[SCHEDULE.index("changes = [") : SCHEDULE.index("]\nplanned")] + "]\n", ""),
    "planned": (SCHEDULE.splitlines()[-1], ""),
    "revision": ("revision = 1", "revision = 2"),
    "seal": ('seal = "', 'seal = "00'),
    "end": ("[lead.2027-01-18]\n", "[lead.2027-01-18]\nend = 2027-01-25\n"),
    "first-planned": ("[lead.2027-01-18]\n", "[lead.2027-01-18]\nfirst-planned = 2027-01-17\n"),
    "open": ("[lead.2027-01-18]\n", "[lead.2027-01-18]\nopen = true\n"),
    "a seat": ('primary = "fay"', 'primary = "ivy"'),
    "a seat that is empty": ('backup = "gus"', 'backup = ""'),
    "a crew": (SCHEDULE[SCHEDULE.index("[engineer.2027-01-18]") : SCHEDULE.index("[lead.2027-01-18]")], ""),
}
"""An edit of each key of a crew, and of its seats: what is written instead of what."""

UNSEEN = {"reason", "forced", "by", "open"}
"""The keys that reach no event."""


@pytest.mark.parametrize("key", BY_HAND)
def test_an_edit_of_the_schedule_changes_the_marks_of_what_it_changes(key: str, workplace: Workplace) -> None:
    roster, path = workplace.roster(), workplace.folder / "schedule.toml"
    states = []
    for old, new in (("", ""), BY_HAND[key]):
        assert old in SCHEDULE
        path.write_text(SCHEDULE.replace(old, new, 1), encoding="utf-8")
        states.append(calendars(roster, read_schedule(path, roster)))
    changed = insist_on_marks(*states, of_decisions=True)
    assert (changed == 0) == (key in UNSEEN)


def test_no_key_of_a_crew_is_forgotten() -> None:
    assert {*BLOCK, *CHANGE, *PLANNED} == {key for key in BY_HAND if " " not in key}
