"""What is hard to write into a calendar: names to fear, and a rota whose notes have every sign with a meaning."""

from __future__ import annotations

import unicodedata
from datetime import time, timedelta

from samples import MONDAY, PLANNED_AT, SCHEDULE, computed, roster

from setrota.roster import Roster
from setrota.roster.notes import Brief, Meeting, Notes
from setrota.schedule import Change, Schedule

HOSTILE_NAMES = (
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


def guided() -> tuple[Roster, Schedule]:
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
    return roster(notes=notes), SCHEDULE.updated([computed(MONDAY, "bo cy dee eli", changes=[change])])
