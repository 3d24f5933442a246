"""`setrota brief`: the Friday note of the example, in odd weeks, and of rosters that say little or mean harm."""

from __future__ import annotations

import json

import pytest
from command_line import Desk
from markdown_it import MarkdownIt

FRIDAY = "2027-01-15T14:00"
SECRET = "a private matter"


def headings(text: str) -> list[str]:
    return [line.lstrip("# ") for line in text.splitlines() if line.startswith("#")]


def crew_on(desk: Desk, day: str) -> dict[str, str]:
    """Who serves in the periods of a day, by seat."""
    shown = desk.run("show", "--from", day, "--to", day, "--format", "json").at(0).json["duties"]
    return {each["seat"]: each["person"] for each in shown}


def test_on_friday_it_is_about_monday(planned: Desk) -> None:
    result = planned.run("brief", now=FRIDAY).at(0)
    assert result.talk == ""
    assert headings(result.out) == [
        "SET: handover on Mon 18 Jan 2027 09:00 EST",
        "Outgoing crew",
        "Incoming crew",
        "Checklist",
        "Where work comes from",
        "Priorities",
        "Triage",
        "Meetings",
        "Absences until Sun 31 Jan",
    ]
    goes, comes = result.out.split("## Incoming crew")
    assert all(f"@{person}" in goes for person in crew_on(planned, "2027-01-11").values())
    assert all(f"@{person}" in comes for person in crew_on(planned, "2027-01-18").values())
    assert "Handover meeting: Fri 15 Jan 15:00 EST, 30 minutes\n" in result.out
    assert "- [Ask channel](https://chat.example.com/eng/channels/ask-engineering): once or twice a day." in result.out
    lead = planned.run("show", "--person", crew_on(planned, "2027-01-18")["lead"], "--format", "json").json["duties"][
        0
    ]["name"]
    assert f"Wed 20 Jan and Wed 27 Jan ({lead}). Ask the lead before you" in result.out
    assert "- Mon 18 Jan to Fri 22 Jan: Bram Kiezelsteen" in result.out


def test_at_a_moment_or_a_day(planned: Desk) -> None:
    by_clock = planned.run("brief", now=FRIDAY).at(0).out
    assert planned.run("brief", "--at", FRIDAY).at(0).out == by_clock
    assert headings(planned.run("brief", "--at", "2027-01-18T08:59").at(0).out)[0].endswith("Mon 18 Jan 2027 09:00 EST")
    # A day means whoever takes over on it: they hand over a week later. The lead serves two.
    monday = planned.run("brief", "--at", "2027-01-18").at(0).out
    assert headings(monday)[:4] == [
        "SET: handover on Mon 25 Jan 2027 09:00 EST",
        "Outgoing crew",
        "Incoming crew",
        "Staying on duty",
    ]
    assert "**lead**, until Mon 1 Feb 09:00 EST:" in monday
    assert "is not a date" in planned.run("brief", "--at", "soonish").at(2).talk


def test_across_the_night_when_clocks_change(planned: Desk) -> None:
    """Toronto's go forward on Sunday 2027-03-14; handovers and meetings stay at their wall-clock time."""
    text = planned.run("brief", now="2027-03-12T14:00").at(0).out
    assert "handover on Mon 15 Mar 2027 09:00 EDT" in text
    assert "**lead**, from Mon 15 Mar 09:00 EDT until Mon 29 Mar 09:00 EDT" in text
    assert "Wednesday 14:00 EDT, 45 minutes: Wed 17 Mar and Wed 24 Mar" in text


def test_when_the_plan_ends_nobody_comes(planned: Desk) -> None:
    # The engineers' plan ends on 2027-04-05, the lead's a week later.
    result = planned.run("brief", now="2027-04-02T14:00").at(1)
    assert "**engineer**: **nobody is planned**: `setrota plan --from 2027-04-05`" in result.out
    assert "the plan for `engineer` ends on 2027-04-05" in result.talk
    over = planned.run("brief", now="2027-04-14T14:00").at(1)
    assert over.out.count("**nobody is planned**") == 2
    assert "## Outgoing crew" not in over.out


def test_the_command_that_it_names_plans_what_is_missing(little: Desk) -> None:
    little.run("plan", "--from", "2027-01-04", "--weeks", "1").at(0)
    little.run("plan", "--from", "2027-01-25", "--weeks", "5").at(0)
    result = little.run("brief", now="2027-01-08T14:00").at(1)
    command = "setrota plan --from 2027-01-11 --to 2027-01-24"
    assert f"**desk**: **nobody is planned** until Mon 25 Jan 09:00 UTC: `{command}`" in result.out
    little.run(*command.split()[1:], now="2027-01-08T14:00").at(0)
    little.run("brief", now="2027-01-08T14:00").at(0)


def test_before_anything_is_planned(little: Desk) -> None:
    result = little.run("brief", now=FRIDAY).at(1)
    assert result.out == (
        "# FD: handover on Mon 18 Jan 2027 09:00 UTC\n\n"
        "## Incoming crew\n\n**desk**: **nobody is planned**: `setrota plan --from 2027-01-15`\n"
    )
    # Note and warning name the same command.
    assert "nobody is planned for `desk` [nobody-planned]\n  hint: `setrota plan --from 2027-01-15`\n" in result.talk


def test_an_empty_seat_is_a_finding(planned: Desk) -> None:
    planned.seat("engineer.2027-01-18", "backup", "")
    result = planned.run("brief", now=FRIDAY).at(1)
    assert "- Backup: **nobody** (`setrota fill 2027-01-18 engineer/backup`)" in result.out
    assert "nobody has `backup` from 2027-01-18 to 2027-01-24" in result.talk
    assert "hint: `setrota fill 2027-01-18 engineer/backup`" in result.talk
    # Of the crew that goes it is only told.
    later = planned.run("brief", now="2027-01-22T14:00").at(0)
    assert "- Backup: **nobody**\n" in later.out


def test_of_the_lead_that_stays_too(planned: Desk) -> None:
    planned.seat("lead.2027-01-18", "lead", "")
    assert "setrota fill 2027-01-18 lead/lead" in planned.run("brief", now="2027-01-22T14:00").at(1).talk


def test_why_somebody_is_away_or_replaced_is_not_told(planned: Desk) -> None:
    holder = crew_on(planned, "2027-02-08")["primary"]
    cover = ("cover", holder, "2027-02-08", "--from", "2027-02-10", "--to", "2027-02-11", "--with", "ula", "--force")
    planned.run(*cover, "--reason", SECRET)
    assert SECRET in planned.schedule.decode()
    planned.edit("rotations.toml", "a note is for the readers of this file; it is shown nowhere", SECRET)
    for moment in ("2027-02-05T14:00", "2027-02-10T14:00", "2027-02-12T14:00"):
        result = planned.run("brief", now=moment)
        assert SECRET not in result.out + result.talk
        assert "readers of this file" not in result.out
        assert "Sven Kvistlund" in result.out
    text = planned.run("brief", now="2027-02-05T14:00").out
    assert "until Wed 10 Feb 09:00 EST, then @ula (Ula Jantarska, Platform) until Fri 12 Feb 09:00 EST, then" in text


def test_it_goes_to_a_file(planned: Desk) -> None:
    text = planned.run("brief", now=FRIDAY).at(0).out
    result = planned.run("brief", "--output", "note.md", now=FRIDAY).at(0)
    assert (result.out, (planned.folder / "note.md").read_text(encoding="utf-8")) == ("", text)
    assert "roster or a schedule" in planned.run("brief", "--output", "schedule.toml", now=FRIDAY).at(2).talk


def test_holidays_that_nobody_knows_are_refused(planned: Desk) -> None:
    roster = (planned.folder / "rotations.toml").read_text(encoding="utf-8")
    planned.write("rotations.toml", roster + '\n[holidays]\ncalendar = "CA-ON"\n')
    assert "## Holidays\n\n- Mon 15 Feb\n" in planned.run("brief", now="2027-02-12T14:00").at(0).out
    planned.write("rotations.toml", roster + '\n[holidays]\ncalendar = "CA-XX"\n')
    assert "there is no holiday calendar `CA-XX` [unknown-holidays]" in planned.run("brief", now=FRIDAY).at(2).talk


def test_files_that_mean_harm_make_a_harmless_note(little: Desk) -> None:
    """Also a seat that only the schedule knows."""
    little.run("plan", "--from", "2027-01-04", "--weeks", "6").at(0)
    evil = "[x](https://evil.example) @channel <script>"
    notes = f"""
[people.ana]
name = "{evil}"
chat = "channel"
leave = [{{ from = 2027-01-19 }}]
[seats.primary]
title = "{evil}"
[[sources]]
name = "{evil}"
link = "https://example.com/)[y](z"
[brief]
on = "Friday 15:00"
checklist = ["{evil}"]
"""
    little.write("rotations.toml", (little.folder / "rotations.toml").read_text(encoding="utf-8") + notes)
    little.edit("schedule.toml", "\nbackup = ", '\n"`@all` <b>" = ""\nbackup = ')
    little.edit("schedule.toml", "[desk.2027-01-18]\n", '[desk.2027-01-18]\n"`@all` <b>" = ""\n')
    text = little.run("brief", now=FRIDAY).at(1).out
    tokens = [child for token in MarkdownIt().parse(text) for child in [token, *(token.children or [])]]
    assert not {"html_inline", "html_block", "image"} & {token.type for token in tokens}
    links = [token.attrGet("href") for token in tokens if token.type == "link_open"]
    # The source's, and the address that the checklist writes out.
    assert sorted(map(str, links)) == ["https://evil.example", "https://example.com/%29%5By%5D%28z"]
    assert {word.strip("(),") for word in text.split() if "@" in word} <= {
        f"@{name}" for name in ("bo", "cy", "dee", "eli", "fay")
    }


@pytest.mark.parametrize("moment", ["0001-01-01T00:00", "9999-12-31T23:59"])
def test_years_beyond_reason_are_refused(planned: Desk, moment: str) -> None:
    assert "`" in planned.run("brief", "--at", moment).at(2).talk


@pytest.mark.parametrize("moment", ["1970-01-01T00:00", "2199-12-31T23:59"])
def test_years_within_reason_are_not(planned: Desk, moment: str) -> None:
    planned.run("brief", "--at", moment)


def test_as_json_it_is_the_same_note_in_parts(planned: Desk) -> None:
    text = planned.run("brief", now=FRIDAY).at(0).out
    done = planned.run("brief", "--format", "json", now=FRIDAY).at(0)
    note = done.json
    assert done.document["problems"] == []
    assert (note["text"], note["handover"]) == (text, "2027-01-18T09:00:00-05:00")
    for part, day in (("goes", "2027-01-11"), ("comes", "2027-01-18")):
        duties = [duty for crew in note[part] for duty in crew["duties"]]
        assert {duty["seat"]: duty["person"] for duty in duties} == crew_on(planned, day)
        shown = planned.run("show", "--from", day, "--to", day, "--format", "json").at(0).json["duties"]
        assert sorted(duties, key=str) == sorted(shown, key=str)
    assert [(crew["rotation"], crew["planned"], crew["start"]) for crew in note["comes"]] == [
        ("engineer", True, "2027-01-18T09:00:00-05:00"),
        ("lead", True, "2027-01-18T09:00:00-05:00"),
    ]
    assert note["stays"] == []
    assert [each["title"] for each in note["notes"]] == headings(text)[3:]
    assert all(f"## {each['title']}\n\n{each['text']}\n" in text for each in note["notes"])


def test_as_json_it_goes_into_a_file(planned: Desk) -> None:
    done = planned.run("brief", "--format", "json", "--output", "note.json", now=FRIDAY).at(0)
    assert done.out == ""
    assert json.loads((planned.folder / "note.json").read_text(encoding="utf-8"))["command"] == "brief"


def test_as_json_nobody_comes(planned: Desk) -> None:
    done = planned.run("brief", "--format", "json", "--at", "2027-04-30").at(1)
    assert [(crew["rotation"], crew["planned"], crew["duties"]) for crew in done.json["comes"]] == [
        ("engineer", False, [])
    ]
    assert [each["code"] for each in done.document["problems"]] == ["nobody-planned"]


WEEK_AND_WEEKEND = """\
[rota]
name = "X"
timezone = "Europe/Madrid"
handover = "Monday 09:00"

[rotations.week]
every = "1 week"
serves = "Mon 09:00 - Fri 18:00"
pool = "p"
seats = ["on-call"]

[rotations.weekend]
every = "1 week"
handover = "Friday 18:00"
serves = "Fri 18:00 - Mon 09:00"
pool = "p"
seats = ["weekend"]

[teams.t]
p = ["ana", "bo", "cy", "dee"]
"""


def test_until_when_a_weekend_is_served_and_who_has_gone(empty: Desk) -> None:
    empty.write("rotations.toml", WEEK_AND_WEEKEND)
    week = "\n".join(f'[week.2027-01-{day}]\non-call = "{who}"' for day, who in (("04", "ana"), ("11", "bo")))
    weekend = "\n".join(f'[weekend.2027-01-{day}]\nweekend = "{who}"' for day, who in (("01", "cy"), ("08", "dee")))
    empty.write("schedule.toml", f'format = 3\nrota = "X"\n\n{week}\n{weekend}\n')
    # On Wednesday ana serves, and cy's weekend is over.
    assert empty.run("now", "--at", "2027-01-06T12:00").out.splitlines()[2:9] == [
        "week, until Fri 2027-01-08 18:00 CET",
        "  on-call  ana (ana), t",
        "  off duty from Fri 2027-01-08 18:00 CET to Mon 2027-01-11 09:00 CET",
        "  next, from Mon 2027-01-11 09:00 CET: on-call bo",
        "",
        "weekend: off duty until Fri 2027-01-08 18:00 CET, then until Mon 2027-01-11 09:00 CET",
        "  weekend  dee (dee), t",
    ]
    assert empty.run("export", "header", "--at", "2027-01-06T12:00").out == (
        "X: on-call @ana until Fri 8 Jan 18:00 CET · weekend: off duty until Fri 8 Jan 18:00 CET. "
        "Next: on-call @bo · weekend @dee\n"
    )
    friday = empty.run("brief", "--at", "2027-01-06T12:00").out
    assert "**weekend**, from Fri 8 Jan 18:00 CET until Mon 11 Jan 09:00 CET:" in friday
    assert "@ana" not in friday
    monday = empty.run("brief", "--at", "2027-01-09T12:00").out
    # Nor does anybody stay on duty then: the weekend ends when the week begins.
    assert "**week**, until Fri 8 Jan 18:00 CET:" in monday
    assert "Staying on duty" not in monday
