"""Whose an event is, whether two say the same, and what is to be sent then; no server here but one that rewrites."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from time import process_time
from xml.sax.saxutils import escape, unescape

import pytest
from calendars import CalendarDesk, resource
from command_line import small
from server import Reply, Request

from setrota.files.roster import read_roster
from setrota.publish.caldav.events import RemoteEvent, own_uid, says_same, start
from setrota.publish.caldav.update import calls_to_update
from setrota.roster import Roster

URL = "https://dav.example.com/rota/"
UID = "SET_engineer_2027-01-04_primary_1@setrota"
OURS = """\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//setrota//setrota//EN
BEGIN:VTIMEZONE
TZID:America/Toronto
BEGIN:DAYLIGHT
DTSTART:20070311T020000
TZOFFSETFROM:-0500
TZOFFSETTO:-0400
RRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:20071104T020000
TZOFFSETFROM:-0400
TZOFFSETTO:-0500
RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11
END:STANDARD
END:VTIMEZONE
BEGIN:VEVENT
UID:SET_engineer_2027-01-04_primary_1@setrota
DTSTAMP:20261123T150000Z
LAST-MODIFIED:20261123T150000Z
SEQUENCE:2
DTSTART;TZID=America/Toronto:20270104T090000
DTEND;TZID=America/Toronto:20270111T090000
SUMMARY:SET primary: Bo
DESCRIPTION:primary: Bo\\nbackup: Cy
CATEGORIES:primary,SET
TRANSP:TRANSPARENT
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def rewritten(*pairs: tuple[str, str]) -> str:
    text = OURS
    for old, new in pairs:
        assert old in text
        text = text.replace(old, new)
    return text


def turned_round(text: str) -> str:
    """An event as a server may give it back: its lines in another order, folded elsewhere, with things added."""
    head, event, tail = re.split(
        r"(?<=BEGIN:VEVENT\n)|(?=END:VEVENT)", re.sub(r"\r?\n[ \t]", "", text).replace("\r", "")
    )
    lines = ["X-SERVER:1", "CREATED:20200101T000000Z", *sorted(event.splitlines(), reverse=True)]
    lines = [re.sub("^(DTSTAMP|LAST-MODIFIED):.*", r"\1:20300101T000000Z", line) for line in lines]
    folded = [f"{line[:20]}\n {line[20:]}" if len(line) > 20 else line for line in lines]
    return f"{head}{chr(10).join(folded)}\n{tail}"


@pytest.fixture
def roster(tmp_path: Path) -> Roster:
    """A rota called SET."""
    path = tmp_path / "rotations.toml"
    path.write_text(small().replace("[rota]", '[rota]\nshort-name = "SET"'))
    return read_roster(path).roster


@pytest.mark.parametrize(
    "there",
    [
        OURS,
        OURS.replace("\r\n", "\n"),
        turned_round(OURS),
        rewritten(("SEQUENCE:2", "SEQUENCE:7")),
        rewritten(("SEQUENCE:2\r\n", "")),
        rewritten(("-//setrota//setrota//EN", "-//server//EN"), ("VERSION:2.0", "VERSION:2.0\r\nX-WR-CALNAME:x")),
        rewritten(("DTSTART;TZID=America/Toronto:20270104T090000", "DTSTART:20270104T140000Z")),
        rewritten(("DTSTART;", "DTSTART;X-P=1;"), ("SUMMARY:", "SUMMARY;LANGUAGE=en:")),
        rewritten(("DTEND;TZID=America/Toronto:20270111T090000", "DURATION:P7D")),
        rewritten(("primary,SET", "SET\r\nCATEGORIES:primary")),
        rewritten(("TRANSP:", "STATUS:CONFIRMED\r\nCLASS:PUBLIC\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:x@y\r\nTRANSP:")),
        rewritten(("SUMMARY:SET primary: Bo", "SUMMARY:SET primary: Bo ")),
        rewritten(("TZID:America/Toronto", "TZID:/x/Toronto"), ("TZID=America/Toronto", "TZID=/x/Toronto")),
    ],
)
def test_what_changes_nothing_is_not_sent(there: str) -> None:
    assert says_same(OURS, there)
    assert calls_to_update({UID: OURS}, [RemoteEvent(UID, f"{URL}x", '"1"', there)], URL) == []


@pytest.mark.parametrize(
    "there",
    [
        rewritten(("DTSTART;TZID=America/Toronto:20270104T09", "DTSTART;TZID=America/Toronto:20270104T10")),
        rewritten(("DTSTART;TZID=America/Toronto:20270104T09", "DTSTART:20270104T09")),
        rewritten(
            ("DTSTART;TZID=America/Toronto:20270104T090000", "DTSTART;VALUE=DATE:20270104"),
            ("DTEND;TZID=America/Toronto:20270111T090000", "DTEND;VALUE=DATE:20270111"),
        ),
        rewritten(("DTEND;TZID=America/Toronto:20270111T090000\r\n", "")),
        rewritten(("DTSTART;TZID=America/Toronto:20270104T090000", "DTSTART:nonsense")),
        rewritten(("SUMMARY:SET primary: Bo", "SUMMARY:SET primary: Cy")),
        rewritten(("\\nbackup: Cy", "")),
        rewritten(("primary,SET", "primary")),
        rewritten(("TRANSP:TRANSPARENT\r\n", "")),
        rewritten(("TRANSP:", "STATUS:CANCELLED\r\nTRANSP:")),
        rewritten(("TRANSP:", "LOCATION:Room 4\r\nTRANSP:")),
        rewritten(("TRANSP:", "RRULE:FREQ=WEEKLY;COUNT=2\r\nTRANSP:")),
        rewritten(("TRANSP:", "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-P1D\r\nEND:VALARM\r\nTRANSP:")),
        rewritten(("END:VEVENT", "END:VEVENT\r\nBEGIN:VEVENT\r\nUID:x\r\nDTSTART:20270104T140000Z\r\nEND:VEVENT")),
        "nonsense",
        "",
    ],
)
def test_what_says_something_else_is_changed(there: str) -> None:
    assert not says_same(OURS, there)
    [call] = calls_to_update({UID: OURS}, [RemoteEvent(UID, f"{URL}x", '"1"', there)], URL)
    assert (call.description, call.method, call.url) == ("change 2027-01-04 SET primary: Bo", "PUT", f"{URL}x")
    assert call.headers["If-Match"] == '"1"'
    assert call.body == OURS


def test_an_event_is_ours_by_its_identity(roster: Roster) -> None:
    assert own_uid(roster, OURS) == UID
    folded = rewritten((UID, UID.replace("@set", "@s\r\n et")))
    assert own_uid(roster, folded) == UID
    alarm = rewritten(("TRANSP:", "BEGIN:VALARM\r\nUID:alarm\r\nTRIGGER:-P1D\r\nEND:VALARM\r\nTRANSP:"))
    assert own_uid(roster, alarm) == UID
    override = "BEGIN:VEVENT\r\nUID:{}\r\nRECURRENCE-ID:20270104T140000Z\r\nEND:VEVENT\r\nEND:VCALENDAR"
    assert own_uid(roster, rewritten(("END:VCALENDAR", override.format(UID)))) == UID
    assert own_uid(roster, rewritten(("END:VCALENDAR", override.format("x@setrota")))) is None
    assert own_uid(roster, rewritten(("VEVENT", "VTODO"))) is None


@pytest.mark.parametrize(
    "uid",
    ["SET@setrota", "SETX_a@setrota", "set_a@setrota", "SET%5Fx_a@setrota", "SET_a@setrota.org", "x SET_a@setrota", ""],
)
def test_an_event_is_not_ours_if_its_identity_only_looks_like_it(roster: Roster, uid: str) -> None:
    assert own_uid(roster, rewritten((UID, uid))) is None
    assert own_uid(roster, resource(uid, "DESCRIPTION:SET_a@setrota")) is None


@pytest.mark.parametrize("text", ["@setrota", "BEGIN:VCALENDAR\n@setrota", f"BEGIN:VEVENT\nUID:{UID}", "\x00@setrota"])
def test_what_cannot_be_read_is_not_ours(roster: Roster, text: str) -> None:
    assert own_uid(roster, text) is None


def test_the_number_of_revisions_never_falls() -> None:
    there = rewritten(("SEQUENCE:2", "SEQUENCE:5"), ("Bo", "Mine"))
    [call] = calls_to_update({UID: OURS}, [RemoteEvent(UID, f"{URL}x", '"1"', there)], URL)
    assert call.body == rewritten(("SEQUENCE:2", "SEQUENCE:6"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("SEQUENCE:2", "SEQUENCE:two"),
        ("SEQUENCE:2", "SEQUENCE:1\r\nSEQUENCE:2"),
        ("SEQUENCE:2", f"SEQUENCE:{'9' * 5000}"),
        ("DTSTART;TZID=America/Toronto:2027", "DTSTART;TZID=Asia/Tokyo:0001"),
        ("DTSTART;TZID=America/Toronto:2027", "DTSTART:nonsense"),
        ("DTSTART;", "DTSTART:20270101T000000Z\r\nDTSTART;"),
        ("SUMMARY:", "SUMMARY:another\r\nSUMMARY:"),
        ("UID:", "X:"),
    ],
)
def test_what_is_damaged_on_the_server_is_mended_or_deleted(old: str, new: str) -> None:
    there = RemoteEvent(UID, f"{URL}x", '"1"', rewritten((old, new)))
    assert [call.method for call in calls_to_update({}, [there], URL)] == ["DELETE"]
    calls = calls_to_update({UID: OURS}, [there], URL)
    assert [call.body for call in calls] == ([] if "SEQUENCE" in new or "X:" in new else [OURS])


def test_an_event_is_called_by_its_day_where_it_is() -> None:
    text = OURS.replace("America/Toronto", "Pacific/Auckland")
    [call] = calls_to_update({UID: text}, [], URL)
    assert call.description == "add 2027-01-04 SET primary: Bo"


def test_a_second_event_of_one_identity_goes() -> None:
    existing = [RemoteEvent(UID, f"{URL}{name}", '"1"', OURS) for name in ("x", "y")]
    assert [(call.method, call.url) for call in calls_to_update({UID: OURS}, existing, URL)] == [("DELETE", f"{URL}y")]


def test_a_weak_version_is_no_condition() -> None:
    [call] = calls_to_update({}, [RemoteEvent(UID, f"{URL}x", 'W/"1"', OURS)], URL)
    assert (call.description, call.headers) == ("delete 2027-01-04 SET primary: Bo", {})


def test_a_server_that_rewrites_what_it_holds_gets_nothing_twice(two_weeks: CalendarDesk) -> None:
    def answer(request: Request, forward: Callable[[], Reply]) -> Reply:
        reply = forward()
        if request.method != "REPORT":
            return reply
        text = re.sub(
            r"(?s)(?<=calendar-data>)BEGIN.*?(?=</)",
            lambda found: escape(turned_round(unescape(found[0]))),
            reply.body,
        )
        return Reply(reply.status, text, reply.headers)

    two_weeks.relay.answer = answer
    assert len(two_weeks.publish()) == 4
    assert two_weeks.publish() == []


@pytest.mark.parametrize("begin", ["BEGIN:VTIMEZONE", "begin:vtimezone", "BEGIN:VTIME\r\n ZONE", "BEGIN;X=1:VTIMEZONE"])
def test_a_zone_whose_rules_take_for_ever_takes_no_time(begin: str) -> None:
    """It isn't followed; an event in a zone that nobody knows isn't as it was sent."""
    rule = "DTSTART:20000101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nTZNAME:A\r\nRRULE:FREQ=SECONDLY\r\n"
    parts = "".join(f"BEGIN:{part}\r\n{rule}END:{part}\r\n" for part in ("STANDARD", "DAYLIGHT"))
    zone = f"{begin}\r\nTZID:Nowhere/Ever\r\n{parts}END:VTIMEZONE\r\n"
    there = OURS.replace("BEGIN:VEVENT", f"{zone}BEGIN:VEVENT").replace("TZID=America/Toronto", "TZID=Nowhere/Ever")
    assert there != OURS
    began = process_time()
    assert not says_same(OURS, there)
    start(there)
    assert process_time() - began < 2


def test_many_empty_lines_take_no_time() -> None:
    began = process_time()
    assert not says_same(OURS, rewritten(("\r\nSUMMARY:", "\r\n" * 100_000 + "X:")))
    assert process_time() - began < 2
