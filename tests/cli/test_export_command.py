"""`setrota export`: a calendar or the channel's header, to standard output or a file."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import icalendar
import pytest
from command_line import Desk
from samples import DAY


def _events(text: str) -> list[icalendar.Event]:
    return [part for part in icalendar.Calendar.from_ical(text).walk("VEVENT") if isinstance(part, icalendar.Event)]


def _duties(text: str) -> list[icalendar.Event]:
    """The events that are neither meetings nor handovers."""
    return [event for event in _events(text) if not {"meeting", "handover"} & set(_categories(event))]


def _categories(event: icalendar.Event) -> list[str]:
    return [str(word) for word in event["CATEGORIES"].cats]


def test_the_calendar_holds_the_whole_schedule(planned: Desk) -> None:
    text = planned.run("export").at(0).out
    shown = planned.run("show", "--format", "json").at(0).json["duties"]
    events = _events(text)

    assert planned.run("export", "ics").at(0).out == text
    found = sorted(_span(event) for event in _duties(text))
    assert found == sorted(stretch for each in shown for stretch in _weeks_of(each))
    assert len({str(event["UID"]) for event in events}) == len(events)
    assert {str(event["TRANSP"]) for event in events} == {"TRANSPARENT"}
    assert "METHOD" not in text
    assert text.endswith("END:VCALENDAR\r\n")
    assert "\n" not in text.replace("\r\n", "")


def _weeks_of(duty: dict[str, str]) -> list[tuple[datetime, datetime]]:
    """When a duty of the example is served: in each of its weeks from Monday to Saturday, at the hour of handover."""
    first, end = (datetime.fromisoformat(duty[each]).replace(tzinfo=None) for each in ("start", "end"))
    weeks = [first + 7 * DAY * number for number in range((end - first).days // 7)]
    return [(_in_toronto(monday), _in_toronto(monday + 5 * DAY)) for monday in weeks]


def _in_toronto(clock: datetime) -> datetime:
    return clock.replace(tzinfo=ZoneInfo("America/Toronto")).astimezone(UTC)


def _span(event: icalendar.Event) -> tuple[datetime, datetime]:
    """Start and end of an event in UTC."""
    start, end = event.start, event.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return start.astimezone(UTC), end.astimezone(UTC)


@pytest.mark.parametrize(
    ("options", "filters"),
    [
        (("--person", "hugo"), ("--person", "hugo")),
        (("--team", "calls"), ("--team", "calls")),
        (("--rotation", "lead"), ("--rotation", "lead")),
        (("--team", "calls", "--rotation", "lead"), ("--team", "calls", "--rotation", "lead")),
    ],
)
def test_filters(planned: Desk, options: tuple[str, ...], filters: tuple[str, ...]) -> None:
    events = _duties(planned.run("export", *options).at(0).out)
    duties = planned.run("show", *filters, "--format", "json").at(0).json["duties"]
    assert len(events) == sum(len(_weeks_of(each)) for each in duties) > 0


def test_an_event_keeps_its_identity_when_the_person_changes(planned: Desk) -> None:
    before = {str(event["UID"]) for event in _events(planned.run("export").at(0).out)}
    planned.seat("engineer.2027-02-08", "primary", "bo")
    after = _events(planned.run("export").at(0).out)
    assert {str(event["UID"]) for event in after} == before
    [event] = [each for each in after if "Bo" in str(each["SUMMARY"]) and _span(each)[0].date() == date(2027, 2, 8)]
    assert "primary" in str(event["SUMMARY"]).lower()


@pytest.mark.parametrize("what", ["ics", "header"])
def test_to_a_file_byte_for_byte_and_twice(planned: Desk, what: str) -> None:
    shown = planned.run("export", what, now="2027-01-12T10:00").at(0).out
    for _ in range(2):
        result = planned.run("export", what, "-o", "out.txt", now="2027-01-12T10:00").at(0)
        assert result.out == ""
        assert (planned.folder / "out.txt").read_bytes() == shown.encode()
    assert planned.run("export", what, "-o", "-", now="2027-01-12T10:00").at(0).out == shown


def test_an_output_without_a_name_writes_nothing(planned: Desk) -> None:
    before = sorted(planned.folder.iterdir())
    for what in ("ics", "header"):
        assert "`--output` is empty" in planned.run("export", what, "--output", "").at(2).talk
    assert sorted(planned.folder.iterdir()) == before


def test_a_calendar_in_which_nobody_has_a_duty_is_warned_about(planned: Desk) -> None:
    result = planned.run("export", "--person", "hugo", "--rotation", "lead").at(0)
    assert (
        "no planned duty belongs in this calendar, so its only event is `No duties planned` [empty-calendar]"
        in result.talk
    )
    assert planned.run("export", "--person", "hugo").at(0).talk == ""


def test_a_trailing_slash_means_a_folder(planned: Desk) -> None:
    planned.run("export", "-o", "calendars/").at(0)
    assert (planned.folder / "calendars").is_dir()
    assert (
        "`--output` is a folder, but this command writes one file"
        in planned.run("export", "header", "-o", "calendars/").at(2).talk
    )


def test_the_calendar_does_not_depend_on_the_clock(planned: Desk) -> None:
    assert planned.run("export", now="2027-01-12T10:00").out == planned.run("export", now="2027-03-12T10:00").out


def test_a_calendar_without_a_plan_says_so(desk: Desk) -> None:
    result = desk.run("export").at(0)
    assert "nothing is planned, so the only event is `No duties planned` [nothing-planned]" in result.talk
    assert [str(event["SUMMARY"]) for event in _events(result.out)] == ["No duties planned"]


def test_the_page_of_no_plan_warns_too(desk: Desk) -> None:
    talk = desk.run("export", "html", "--output", "rota.html").at(0).talk
    assert "warning: nothing is planned, so the page shows nobody on duty [nothing-planned]\n" in talk
    assert "hint: `setrota plan`" in talk


def test_the_header(planned: Desk) -> None:
    crew = {
        entry["seat"]: entry["person"]
        for entry in planned.run("now", "--format", "json", "--at", "2027-01-12").json["duties"]
    }
    text = planned.run("export", "header", "--at", "2027-01-12").at(0).out
    assert text.startswith(f"SET: primary @{crew['primary']} · backup @{crew['backup']} · ")
    assert "until Mon 18 Jan 09:00 EST. Next: primary @" in text
    assert text.count("\n") == 1
    assert len(text) <= 1025
    assert planned.run("export", "header", now="2027-01-12T09:00").at(0).out == text
    # One minute before the handover it is still last week's crew, and after it no longer.
    early = planned.run("export", "header", "--at", "2027-01-11T08:59").at(0).out
    assert f"primary @{crew['primary']} " not in early.partition("Next:")[0]


def test_the_header_after_the_plan_has_run_out(planned: Desk) -> None:
    text = planned.run("export", "header", "--at", "2027-04-12T09:00").at(1).out
    assert "nobody on duty; the plan ended Mon 12 Apr 2027" in text
    assert "@" not in text


def test_a_wrong_header_is_refused_where_it_stands(little: Desk) -> None:
    text = (little.folder / "rotations.toml").read_text(encoding="utf-8")
    little.write("rotations.toml", f'include = ["channel.toml"]\n{text}')
    little.write("channel.toml", '# for the channel\n[channel]\nheader = "{x}"\n')
    assert little.run("export", "header").at(2).talk.startswith("error: channel.toml:3: the channel header has no ")


def test_the_headers_template(planned: Desk) -> None:
    roster = (planned.folder / "rotations.toml").read_text(encoding="utf-8")
    planned.write("rotations.toml", roster + '\n[channel]\nheader = "{rota} | {primary} then {next-primary}"\n')
    text = planned.run("export", "header", "--at", "2027-01-12").at(0).out
    assert text.startswith("SET | @")
    planned.write("rotations.toml", roster + '\n[channel]\nheader = "{rota} | {next-primry}"\n')
    assert "{next-primry}" in planned.run("export", "header", "--at", "2027-01-12").at(2).talk


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("pdf",), "pdf"),
        (("ics", "--person", "hugoo"), "did you mean `hugo`?"),
        (("header", "--person", "hugo"), "`--person`"),
        (
            ("ics", "--at", "2027-01-12"),
            "`--at` only works with `header`; a calendar holds the whole schedule [misplaced-option]\n"
            "  hint: `setrota export header --at WHEN` writes the header of another time\n",
        ),
        (("ics", "-o", "nowhere/out.ics"), "there is no folder `"),
        (("header", "-o", "."), "`--output` is a folder, but this command writes one file"),
        (("header", "--tombstones"), "`--tombstones`"),
        (("ics", "-o", "rota/", "--person", "hugo"), "a folder gets every calendar"),
        (("ics", "-o", ".", "--team", "calls"), "a folder gets every calendar"),
        (("ics", "-o", "rotations.toml/"), "this is not a folder [not-a-folder]"),
    ],
)
def test_what_makes_no_sense(planned: Desk, options: tuple[str, ...], told: str) -> None:
    assert told in planned.run("export", *options).at(2).talk


def test_the_header_in_other_styles(planned: Desk) -> None:
    now = "2027-01-20T12:00"
    full = planned.run("export", "header", now=now).at(0).out
    assert planned.run("export", "header", "--style", "full", now=now).at(0).out == full
    short = planned.run("export", "header", "--style", "short", now=now).at(0).out
    assert ("until" in short, "Next" in short) == (False, False)
    links = planned.run("export", "header", "--style", "links", now=now).at(0).out
    assert links.startswith(f"{full.strip()} · [Ticket board](https://tickets.example.com/boards/sustained) · ")
    slack = planned.run("export", "header", "--style", "slack", now=now).at(0).out
    assert "@" not in slack
    assert len(slack) <= 251
    assert "nobody" in planned.run("export", "header", "--style", "short", now="2027-06-01T12:00").at(1).out


def test_a_style_is_the_header_s(planned: Desk) -> None:
    assert "`--style` only works with `header`" in planned.run("export", "--style", "short").at(2).talk
    assert "slack" in planned.run("export", "header", "--style", "long").at(2).talk
