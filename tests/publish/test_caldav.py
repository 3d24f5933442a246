"""`setrota publish caldav` against a real server: it holds the schedule, and other people's things as they were."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime

import pytest
from calendars import PASSWORD, PATH, SCHEDULE, CalendarDesk, resource, set_up

pytestmark = pytest.mark.quick

OTHERS = {
    "holiday": resource("holiday@example.com", "SUMMARY:Holiday", "RRULE:FREQ=YEARLY", "X-ODD;X-P=\"a;b\":1,2;3"),
    "mentions": resource(
        "mentions@example.com",
        "SUMMARY:]]> &lt;b&gt; <!DOCTYPE x [<!ENTITY y 'z'>]> &y;",
        "DESCRIPTION:UID:FD_desk_2027-01-04_primary_1@setrota\\nUID:FD_desk@setrota",
        "X-ALT-DESC;FMTTYPE=text/html:<!DOCTYPE HTML><html>@setrota</html>",
    ),
    "neighbour": resource("FD%5Fdesk_2027-01-04_primary_1@setrota", "SUMMARY:of a rota called FD_desk"),
    "longer": resource("FDX_desk_2027-01-04_primary_1@setrota", "SUMMARY:of a rota called FDX"),
    "elsewhere": resource("FD_desk_2027-01-04_primary_1@setrota.example.com", "SUMMARY:of another domain"),
    "names": resource("names@example.com", "SUMMARY:\\n\\, \\; \u202eevil 👩🏽\u200d🚒", "ORGANIZER:mailto:x@setrota"),
    "task": resource("FD_desk_2027-01-11_primary_1@setrota.task", "SUMMARY:A task", kind="VTODO"),
    "our-task": resource("FD_task@setrota", "SUMMARY:A task that is called like ours", kind="VTODO"),
}  # fmt: skip


@pytest.fixture
def shared(calendar_desk: CalendarDesk) -> CalendarDesk:
    """The calendar_desk's calendar with other people's things in it."""
    for name, text in OTHERS.items():
        set_up(calendar_desk.radicale, name, text)
    return calendar_desk


def planned_in(desk: CalendarDesk) -> set[tuple[str, str, str]]:
    """The duties of the schedule as `show` has them: start, end, and name."""
    duties = desk.desk.run("show", "--format", "json").at(0).json["duties"]
    return {(_utc(each["start"]), _utc(each["end"]), f"{each['seat']}: {each['name']}") for each in duties}


def _utc(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%d %H:%M %z}"


def insist(desk: CalendarDesk, before: dict[str, bytes]) -> dict[str, int]:
    """Publish: what differs is sent and no more, the server then holds the schedule and nothing else of ours, what was
    there before is untouched, and again is nothing. Gives how many requests wrote, by their method."""
    held, wanted = ours(desk), desk.exported()
    writing = methods(desk.publish())
    changed = sum(held.get(uid) != said for uid, said in wanted.items())
    assert writing == +Counter(PUT=changed, DELETE=len(held.keys() - wanted.keys()))
    assert ours(desk) == wanted
    files = desk.radicale.files()
    assert {name: files.get(name) for name in before} == before
    assert len(files) == len(before) + len(wanted)
    told = {(start, end, re.sub(r"^FD | \(.*", "", title)) for start, end, title, _ in ours(desk).values()}
    assert told == planned_in(desk)
    assert desk.publish() == []
    assert desk.radicale.files() == files
    return writing


def ours(desk: CalendarDesk) -> dict[str, tuple[str, ...]]:
    foreign = {re.search("^UID:(.*?)\r?$", text, re.MULTILINE)[1] for text in OTHERS.values()}  # type: ignore[index]
    return {uid: said for uid, said in desk.reads().items() if uid not in foreign}


def methods(lines: list[str]) -> dict[str, int]:
    return dict(Counter(line.split()[0] for line in lines))


def test_a_quarter_is_published_covered_mended_and_published_again(shared: CalendarDesk) -> None:
    desk, before = shared.desk, shared.radicale.files()
    assert len(before) == len(OTHERS)

    desk.run("plan").at(0)
    assert insist(shared, before) == {"PUT": 26}
    asked = [each.method for each in shared.server.requests]
    assert asked == ["PROPFIND", "REPORT", *["PUT"] * 26, "PROPFIND", "REPORT"]

    # Some days in the middle of a duty: it becomes three, and all of that week tell who serves when.
    holder = desk.run("now", "--at", "2027-01-13", "--format", "json").json["duties"][0]["person"]
    days = ("--from", "2027-01-13", "--to", "2027-01-14")
    [move] = desk.run("cover", holder, "2027-01-13", *days, "--format", "json").json["proposals"][0]["changes"]
    desk.run("cover", holder, "2027-01-13", *days, "--with", move["now"]).at(0)
    assert insist(shared, before)["PUT"] >= 4

    ill = desk.run("now", "--at", "2027-02-01", "--format", "json").json["duties"][0]["person"]
    desk.run("leave", "add", ill, "2027-02-01", "2027-02-05").at(0)
    desk.run("replan", "--yes").at(0)
    assert insist(shared, before)

    desk.edit("rotations.toml", ', "fay"', "")
    desk.run("replan", "--yes").at(0)
    assert insist(shared, before)
    assert "fay" not in str(shared.reads())

    # The days that were covered go back to their holder: what is left over of the duty's parts is deleted.
    desk.run("cover", move["now"], "2027-01-13", *days, "--with", holder, "--force").at(0)
    assert insist(shared, before)["DELETE"] == 2


def test_a_dry_run_prints_what_is_then_sent(shared: CalendarDesk) -> None:
    desk, before = shared.desk, shared.radicale.files()
    desk.write("schedule.toml", SCHEDULE)
    dry = desk.run("publish", "caldav", "--dry-run", SETROTA_CALDAV_PASSWORD=PASSWORD).at(0)
    assert shared.radicale.files() == before
    assert {each.method for each in shared.server.requests} == {"PROPFIND", "REPORT"}
    assert "nothing was sent; 4 requests would be" in dry.talk
    shared.publish()
    sent = sorted((each for each in shared.server.requests if each.method == "PUT"), key=lambda each: each.path)
    requests = dry.out.replace("\r\n", "\n").split("# add ")[1:]
    assert [text[:19] for text in requests] == [
        f"2027-01-{day} FD {seat}"[:19] for day in ("04", "11") for seat in ("primary:", "backup: ")
    ]
    assert sorted(text.partition("\n")[2] for text in requests) == [
        f"PUT {shared.server.url}{each.path}\nContent-Type: {each.headers['content-type']}\nIf-None-Match: *\n\n"
        + each.content.decode().replace("\r\n", "\n")
        + "\n"
        for each in sent
    ]
    assert all(b"METHOD" not in each.content and b"BEGIN:VTIMEZONE" in each.content for each in sent)
    assert PASSWORD not in dry.out + dry.talk


def test_what_somebody_did_to_our_events_is_undone(shared: CalendarDesk) -> None:
    shared.desk.write("schedule.toml", SCHEDULE)
    shared.publish()
    moved, renamed, deleted, noted = sorted(name for name in shared.radicale.files() if name.startswith("FD_"))
    for name, pattern, new in (
        (moved, r"DTSTART(.*):20270104T", r"DTSTART\1:20270105T"),
        (renamed, r"SUMMARY:.*", "SUMMARY:Mine"),
        (noted, r"BEGIN:VEVENT", "BEGIN:VEVENT\r\nX-NOTE:mine\r\nCOMMENT:mine"),
    ):
        text = re.sub(pattern, new, shared.radicale.files()[name].decode())
        set_up(shared.radicale, name.removesuffix(".ics"), text.replace("SEQUENCE:0", "SEQUENCE:4"))
    shared.radicale.ask("DELETE", PATH + deleted)
    # What adds nothing to what an event says may stay.
    assert shared.publish() == [f"PUT {PATH}{name}" for name in (moved, renamed, deleted)]
    assert b"SEQUENCE:5" in shared.radicale.files()[renamed]
    assert b"X-NOTE:mine" in shared.radicale.files()[noted]
    assert shared.reads().items() >= shared.exported().items()
    assert shared.publish() == []


def test_an_event_that_xml_cannot_hold_is_in_nobodys_way(two_weeks: CalendarDesk) -> None:
    set_up(two_weeks.radicale, "control", resource("control@example.com", "SUMMARY:\x01\x0b\ufffe"))
    before = two_weeks.radicale.files()
    assert methods(two_weeks.publish()) == {"PUT": 4}
    assert two_weeks.publish() == []
    assert two_weeks.radicale.files().items() > before.items()


def test_two_rotas_share_a_calendar(two_weeks: CalendarDesk) -> None:
    desk = two_weeks.desk
    two_weeks.publish()
    first = two_weeks.radicale.files()
    text = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    desk.write("rotations.toml", text.replace('name = "Front Desk"', 'name = "Front Desk"\nshort-name = "FD_desk"'))
    desk.write("schedule.toml", desk.schedule.decode().replace('rota = "FD"', 'rota = "FD_desk"'))
    assert methods(two_weeks.publish()) == {"PUT": 4}
    assert two_weeks.radicale.files().items() > first.items()
    (desk.folder / "schedule.toml").unlink()
    assert methods(two_weeks.publish("--yes")) == {"DELETE": 4}
    assert two_weeks.radicale.files() == first


def test_a_schedule_that_is_missing_deletes_nothing(shared: CalendarDesk) -> None:
    shared.desk.write("schedule.toml", SCHEDULE)
    shared.publish()
    before = shared.radicale.files()
    (shared.desk.folder / "schedule.toml").unlink()
    writing, talk = shared.published(status=2)
    assert (writing, shared.radicale.files()) == ([], before)
    # A dry run doesn't promise what the run refuses.
    assert shared.published("--dry-run", status=2) == ([], talk)
    assert "nothing was sent; 4 requests would be" in shared.published("--dry-run", "--yes")[1]
    assert talk == (
        "error: schedule.toml: nothing is planned, so this would delete all 4 events of the rota"
        " [would-empty-calendar]\n"
        "  hint: name the right schedule with `--schedule`, or delete them with `--yes`\n"
    )


def test_most_events_are_deleted_only_on_purpose(two_weeks: CalendarDesk) -> None:
    two_weeks.publish()
    two_weeks.desk.write(
        "schedule.toml", SCHEDULE.replace("2027-01-04", "2027-02-01").replace("2027-01-11", "2027-02-08")
    )
    writing, talk = two_weeks.published(status=1)
    assert writing == []
    question = "Delete 4 of the rota's 4 events?"
    assert talk == (
        f'error: not a terminal, so nothing was sent; the question was "{question}" [not-a-terminal]\n'
        "  hint: add `--yes` to delete without being asked\n"
    )
    assert methods(two_weeks.publish("--yes")) == {"DELETE": 4, "PUT": 4}
    assert two_weeks.reads() == two_weeks.exported()


def test_hostile_names_arrive_whole(calendar_desk: CalendarDesk) -> None:
    desk = calendar_desk.desk
    text = (desk.folder / "rotations.toml").read_text(encoding="utf-8")
    names = {
        "ana": "]]></C:calendar-data> &amp; <x>",
        "bo": 'Bo \\"B\\" \\\\n; , : 👩🏽‍🚒',
        "cy": "BEGIN:VEVENT UID:x@setrota",
        "dee": "д" * 200,
    }
    people = "".join(f'[people.{handle}]\nname = "{name}"\n' for handle, name in names.items())
    text = text.replace('name = "Front Desk"', 'name = "Front Desk"\nshort-name = "Empfang / _1 ü"')
    desk.write("rotations.toml", text.replace("[publish", f"{people}[publish"))
    desk.run("plan", "--weeks", "6").at(0)
    assert methods(calendar_desk.publish()) == {"PUT": 12}
    assert calendar_desk.reads() == calendar_desk.exported()
    assert all(re.fullmatch(r"[0-9a-f]{40}\.ics", name) for name in calendar_desk.radicale.files())
    assert calendar_desk.publish() == []
