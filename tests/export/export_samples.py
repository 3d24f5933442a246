"""A small rota for the tests of the exports: two rotations, three weeks planned, a team a line; and names to fear."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import icalendar

from setrota.dates.periods import Period
from setrota.roster import Handover, Person, Roster, Rotation, Team, seats_named
from setrota.roster.notes import NO_NOTES, Brief, Meeting, Notes
from setrota.schedule import Change, Crew, Schedule

PLANNED_AT = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
WEEK = timedelta(weeks=1)

ENGINEER = Rotation(
    "engineer",
    weeks=1,
    pool="engineers",
    seats=seats_named(("primary", "backup", "engineer", "engineer")),
    rest_weeks=3,
)
LEAD = Rotation("lead", weeks=2, pool="leads", seats=seats_named(("lead",)), rest_weeks=2)

PEOPLE = (
    Person("ana", "Ana Silva", chat="ana"),
    Person("bo", "Bo Lindqvist", chat="bo.lindqvist"),
    Person("cy", "Cy Young", chat="cy"),
    Person("dee", "Dee Dee", chat="dee"),
    Person("eli", "Eli Eld", chat="eli"),
    Person("fay", "Fay Wray", chat="fay"),
    Person("gus", "Gus Grau", chat="gus"),
    Person("hal", "Hal Hund", chat="hal"),
    Person("ivy", "Ivy Iversen", chat="ivy"),
    Person("jo", "Jo Jung", chat="jo"),
)
TEAMS = (
    Team("channels", "Channels", {"leads": ("ana",), "engineers": ("bo", "cy", "dee", "eli")}),
    Team("platform", "Platform", {"leads": ("jo",), "engineers": ("fay", "gus", "hal", "ivy", "eli")}),
)


def roster(
    *,
    zone: str = "America/Toronto",
    at: time = time(9),
    people: Iterable[Person] = PEOPLE,
    rotations: Iterable[Rotation] = (ENGINEER, LEAD),
    header: str | None = None,
    short_name: str = "SET",
    notes: Notes = NO_NOTES,
) -> Roster:
    return Roster(
        name="Sustained Engineering",
        short_name=short_name,
        zone=ZoneInfo(zone),
        handover=Handover(0, at),
        rotations={rotation.name: rotation for rotation in rotations},
        teams={team.key: team for team in TEAMS},
        people={person.handle: person for person in people},
        header=header,
        notes=notes,
    )


def renamed(name: str, handle: str = "bo") -> list[Person]:
    return [replace(person, name=name) if person.handle == handle else person for person in PEOPLE]


def crew(
    rotation: str,
    start: date,
    seats: Mapping[str, str | None],
    changes: Iterable[Change] = (),
    *,
    weeks: int = 1,
    revision: int | None = 1,
) -> Crew:
    """A crew planned on 1 December 2026; `revision` None: written by hand."""
    made = Crew(Period(start, start + weeks * WEEK, rotation), dict(seats), changes=tuple(changes))
    return made if revision is None else made.sealed(PLANNED_AT, revision)


def engineers(start: date, *people: str | None, changes: Iterable[Change] = (), revision: int | None = 1) -> Crew:
    return crew("engineer", start, dict(zip(SEATS, people, strict=True)), changes, revision=revision)


def lead(start: date, person: str | None, revision: int | None = 1) -> Crew:
    return crew("lead", start, {"lead": person}, weeks=2, revision=revision)


SEATS = ("primary", "backup", "engineer-1", "engineer-2")

SCHEDULE = Schedule(
    "SET",
    (
        engineers(date(2027, 1, 4), "bo", "cy", "dee", "eli"),
        engineers(date(2027, 1, 11), "fay", "gus", "hal", "ivy"),
        engineers(date(2027, 1, 18), "cy", "bo", "eli", None),
        lead(date(2027, 1, 4), "ana"),
        lead(date(2027, 1, 18), "jo"),
    ),
)


def with_notes() -> tuple[Roster, Schedule]:
    """The rota with a meeting, handovers and reminders; Bo has given his first duty to Jo."""
    link = "https://example.com/?a=1,2;b"
    call = Meeting(
        name="Call, or; \\n",
        weekday=2,
        time=time(14),
        duration=timedelta(minutes=45),
        location="Room 4; left",
        link=link,
    )
    notes = Notes(
        meetings=(call,), brief=Brief(weekday=4, time=time(15), checklist=("a, b; c",)), alarm=timedelta(days=1)
    )
    change = Change(PLANNED_AT, "primary", "bo", "jo")
    crew = engineers(date(2027, 1, 4), "bo", "cy", "dee", "eli", changes=[change])
    return roster(notes=notes), SCHEDULE.updated([crew])


HOSTILE = (
    "Lindqvist, Bo; the 2nd",
    "Bo\r\nEND:VEVENT\r\nBEGIN:VEVENT",
    "Bo\nX-INJECTED:1",
    "Bo\r\n \t\r Lind\n\n",
    "Bo\x00\x07\x1b[31m\x85\u2028Lind",
    "בו לינדקוויסט",
    "Bo 👩🏽\u200d🚒 Łękąß 李雷",
    "👨\u200d👩\u200d👧\u200d👦" * 40,
    "Bo \u202eevil",
    "\u202bبو\u202c \u2067لیندکویست\u2069 \u200fBo\u200e",
    "x" * 300,
    "xé" * 150,
    "李 " * 150,
    "🦄" * 300,
    "Z" + "\u0301\u0323\u035b" * 99 + "algo",
    'Bo "Bobby" \\n \\N \\, \\; ^n : = %0A',
    "\\",
    ",;,;",
    "TZID=UTC:20270101T000000",
)


def as_printed(name: str) -> str:
    """A name as a calendar prints it: breaks and controls as spaces, direction overrides gone, and the backslash that
    readers disagree about replaced by its full-width twin."""
    kept = (
        character for character in name if character not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    )
    spaced = "".join(" " if unicodedata.category(each) in ("Cc", "Zl", "Zp") else each for each in kept)
    return " ".join(spaced.split()).replace("\\", "\uff3c")


def events(text: str) -> list[icalendar.Event]:
    return list(icalendar.Calendar.from_ical(text).walk("VEVENT"))


def by_uid(text: str) -> dict[str, icalendar.Event]:
    """The events of a calendar by their identities, of which each occurs once."""
    found = {str(event["UID"]): event for event in events(text)}
    assert len(found) == len(events(text))
    return found


def of_category(text: str, category: str) -> list[icalendar.Event]:
    return [event for event in events(text) if [str(word) for word in event["CATEGORIES"].cats] == [category]]
