"""Who is on duty where hours, closed days, months and dates decide, where turns are open, or where people help."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import cadences
import pytest
import samples
from cadences import ROTATIONS

from setrota.dates.cuts import day_of
from setrota.dates.periods import Period, point_at
from setrota.export.brief import brief
from setrota.export.channel.crew_change import change_since
from setrota.export.channel.header import header
from setrota.reports.now import missing, now_document, now_text, short_of_plan
from setrota.roster import Closed, Leave, Length, Person, Roster, Rotation
from setrota.roster.notes import Brief, Notes
from setrota.schedule import Change, Crew, Schedule
from setrota.schedule.handovers import next_handover
from setrota.schedule.standings import all_staffed, standings_at


def rota(*names: str, **facts: object) -> tuple[Roster, Schedule]:
    """A roster of these rotations, planned from January to March 2027."""
    roster = samples.roster("ana bo cy dee", [ROTATIONS[name] for name in names], **facts)
    return roster, cadences.schedule(roster, date(2027, 1, 4), date(2027, 3, 29))


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal in which no line is folded."""
    monkeypatch.setenv("COLUMNS", "200")


def moment(roster: Roster, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=roster.zone)


def now(roster: Roster, schedule: Schedule, text: str) -> list[str]:
    at = moment(roster, text)
    return now_text(roster, at, standings_at(roster, schedule, at)).splitlines()[2:]


def test_during_service_it_says_when_that_ends_and_begins_again() -> None:
    assert now(*rota("night"), "2027-01-12T20:00") == [
        "night, until Mon 2027-01-18 09:30 EST",
        "  primary  bo (bo), All",
        "  off duty from Wed 2027-01-13 09:30 EST to Wed 2027-01-13 17:30 EST",
        "  next, from Mon 2027-01-18 17:30 EST: primary cy",
    ]


def test_outside_service_it_says_who_is_next_and_that_is_no_mistake() -> None:
    roster, schedule = rota("night")
    assert now(roster, schedule, "2027-01-12T12:00") == [
        "night: off duty until Tue 2027-01-12 17:30 EST, then until Mon 2027-01-18 09:30 EST",
        "  primary  bo (bo), All",
    ]
    at = moment(roster, "2027-01-12T12:00")
    assert all_staffed(roster, schedule, at)
    found = now_document(roster, at, standings_at(roster, schedule, at))
    assert found["duties"] == []
    [idle] = found["idle"]
    assert (idle["off_duty"], idle["until"]) == (True, "2027-01-12T17:30:00-05:00")
    assert [entry["person"] for entry in idle["next_duties"]] == ["bo"]


def test_after_the_plan_s_end_nobody_is_planned_even_outside_service() -> None:
    roster, schedule = rota("night")
    assert now(roster, schedule, "2027-04-06T12:00") == [
        "night: off duty until Tue 2027-04-06 17:30 EDT, then nobody is planned"
    ]
    standings = standings_at(roster, schedule, moment(roster, "2027-04-06T12:00"))
    assert [each.code for each in short_of_plan(standings, "today")] == ["nobody-planned"]
    assert not any(each.is_hole for each in standings)


@pytest.mark.parametrize(
    ("at", "said"),
    [
        ("2027-01-13T17:29:59", "daily, until"),
        ("2027-01-14T08:59", "daily: off duty until Sat 2027-01-16 09:00 EST, then until Sun 2027-01-17 09:00 EST"),
    ],
)
def test_while_it_is_closed_nobody_is_missing(at: str, said: str) -> None:
    # The Thursday and Friday are closed, and nobody is planned for them; Wednesday lasts until Thursday, 09:00.
    closed = Closed(((date(2027, 1, 13 if "08:59" in at else 14), date(2027, 1, 16)),))
    roster = samples.roster("ana bo cy dee", [ROTATIONS["daily"]], closed=closed)
    served = cadences.schedule(roster, date(2027, 1, 4), date(2027, 3, 29))
    kept = [crew for crew in served.crews if not closed.stretches[0][0] <= crew.period.start < date(2027, 1, 16)]
    schedule = replace(served, crews=tuple(kept))
    assert now(roster, schedule, at)[0].startswith(said)
    standings = standings_at(roster, schedule, moment(roster, at))
    assert all_staffed(roster, schedule, moment(roster, at))
    # The plan goes on after the closed days.
    assert short_of_plan(standings, "today") == []


def test_a_rotation_closed_for_good_lacks_nobody() -> None:
    """It stops on a Wednesday; the crew of that week ends with it, and two more were planned before that was known."""
    weekly = replace(ROTATIONS["weekly"], closed=Closed(((date(2027, 2, 10), date.max),)))
    roster = samples.roster("ana bo cy dee", [weekly])
    schedule = cadences.schedule(
        samples.roster("ana bo cy dee", [ROTATIONS["weekly"]]), date(2027, 1, 4), date(2027, 3, 1)
    )
    [before] = standings_at(roster, schedule, moment(roster, "2027-02-09T12:00"))
    assert [before.is_complete, *before.successors] == [True, None, None]
    assert short_of_plan([before], "today") == []
    assert "Next" not in header(roster, schedule, moment(roster, "2027-02-09T12:00"))
    for at in ("2027-02-12T12:00", "2027-02-16T12:00", "2027-05-16T12:00"):
        standings = standings_at(roster, schedule, moment(roster, at))
        assert now(roster, schedule, at) == ["weekly: off duty"]
        assert short_of_plan(standings, "today") == []
    change = next_handover(roster, schedule, moment(roster, "2027-02-09T12:00"))
    assert (len(change.outgoing), change.incoming) == (1, ())


def test_a_crew_whose_period_is_closed_is_not_announced() -> None:
    """The week of 18 January was planned before the house closed for it."""
    closed = Closed(((date(2027, 1, 18), date(2027, 1, 25)),))
    roster = samples.roster("ana bo cy dee", [replace(ROTATIONS["weekly"], closed=closed)])
    schedule = cadences.schedule(roster, date(2027, 1, 4), date(2027, 3, 1))
    after = schedule.crew_on("weekly", date(2027, 1, 25))
    assert after is not None
    [before] = standings_at(roster, schedule, moment(roster, "2027-01-13T12:00"))
    assert [duty and duty.person for duty in before.successors] == list(after.seats.values())
    [within] = standings_at(roster, schedule, moment(roster, "2027-01-20T12:00"))
    assert (within.duties, within.starts) == ((), date(2027, 1, 25))
    change = next_handover(roster, schedule, moment(roster, "2027-01-20T12:00"))
    assert [crew.period for crew in change.incoming] == [after.period]


def test_a_cover_begins_at_the_minute() -> None:
    roster, schedule = rota("daily", "weekly")
    crew = schedule.crew_on("weekly", date(2027, 1, 13))
    assert crew is not None
    assert crew.seats["primary"] == "bo"
    start, end = (point_at(roster, "weekly", moment(roster, f"2027-01-13T{hour}")) for hour in ("14:30", "16:00"))
    change = Change(samples.PLANNED_AT, "primary", "bo", "dee", start=start, end=end)
    covered = schedule.updated([replace(crew, changes=(change,))])
    for at, holder in (("14:29:59", "bo"), ("14:30", "dee"), ("15:59:59", "dee"), ("16:00", "bo")):
        found = standings_at(roster, covered, moment(roster, f"2027-01-13T{at}"))[1]
        assert [duty.person for duty in found.duties if duty.seat == "primary"] == [holder]
    assert now(roster, covered, "2027-01-13T15:00")[4:8] == [
        "weekly",
        "  primary  dee (dee), All, until Wed 2027-01-13 16:00 EST",
        "  backup   cy (cy), All, until Mon 2027-01-18 09:00 EST",
        "  next, from Wed 2027-01-13 16:00 EST: primary bo",
    ]
    assert day_of(start) == date(2027, 1, 13)


def test_the_last_of_the_starts_stays_until_another_is_added() -> None:
    roster, schedule = rota("release")
    schedule = cadences.schedule(roster, date(2027, 1, 4), date(2027, 12, 31))
    # The last one is judged to last until 15 June.
    for day in ("2027-06-01", "2027-06-15", "2027-12-24"):
        assert now(roster, schedule, f"{day}T12:00") == [
            "release, since Tue 2027-04-27 09:00 EDT, until its next start",
            "  primary  dee (dee), All",
        ]
        at = moment(roster, f"{day}T12:00")
        standings = standings_at(roster, schedule, at)
        assert short_of_plan(standings, "today") == missing(roster, at, standings) == []
        assert now_document(roster, at, standings)["duties"][0]["open_ended"] is True
        assert header(roster, schedule, at) == "SET: primary @dee"
    assert header(roster, schedule, moment(roster, "2027-04-27T08:00")).startswith("SET: primary @cy until Tue 27 Apr")


def test_volunteers_are_asked_for_not_missed() -> None:
    asked = Rotation(
        "sundays",
        every=Length(1),
        pool="all",
        seats=ROTATIONS["weekly"].seats,
        optional=frozenset({"primary", "backup"}),
    )
    roster = samples.roster("ana bo", [asked])
    assert now(roster, samples.schedule(), "2027-01-06T12:00") == ["sundays: open"]
    assert header(roster, samples.schedule(), moment(roster, "2027-01-06T12:00")) == "SET: sundays: open"
    schedule = Schedule(
        "SET", (Crew(Period(date(2027, 1, 4), date(2027, 1, 11), "sundays"), {"primary": "ana", "backup": None}),)
    )
    assert now(roster, schedule, "2027-01-06T12:00") == [
        "sundays, until Mon 2027-01-11 09:00 EST",
        "  primary  ana (ana), All",
        "  backup   open",
    ]
    at = moment(roster, "2027-01-06T12:00")
    standings = standings_at(roster, schedule, at)
    assert missing(roster, at, standings) == short_of_plan(standings, "today") == []
    assert header(roster, schedule, at) == "SET: primary @ana · backup open until Mon 11 Jan 09:00 EST"


def test_who_is_on_duty_though_away_is_named_on_that_day() -> None:
    bo = Person("bo", "Bo", chat="bo", leave=(Leave(date(2027, 1, 13), date(2027, 1, 14)),))
    roster = samples.roster([Person("ana"), bo, Person("cy"), Person("dee")], [ROTATIONS["weekly"]])
    schedule = cadences.schedule(roster, date(2027, 1, 4), date(2027, 3, 29))
    # The day begins at nine.
    for at, away in (
        ("2027-01-13T08:59", False),
        ("2027-01-13T09:00", True),
        ("2027-01-14T08:59", True),
        ("2027-01-14T09:00", False),
    ):
        assert ("Bo (bo), All, away today" in now(roster, schedule, at)[1]) == away
        text = header(roster, schedule, moment(roster, at))
        assert ("primary @bo (away today) · backup @cy until" in text) == away
        # It's the same crew.
        for other in ("2027-01-12T12:00", "2027-01-13T12:00"):
            assert change_since(roster, schedule, moment(roster, other), text) is None


HEADERS = {
    "2027-01-12T12:00": "SET: primary @bo (off duty until Tue 12 Jan 17:30 EST). Next: primary @cy",
    "2027-01-12T18:00": "SET: primary @bo until Mon 18 Jan 09:30 EST. Next: primary @cy",
    # bo has gone.
    "2027-01-18T12:00": "SET: off duty until Mon 18 Jan 17:30 EST. Next: primary @cy",
    "2027-01-18T18:00": "SET: primary @cy until Mon 25 Jan 09:30 EST. Next: primary @dee",
}


def test_a_header_names_the_crew_outside_its_hours_too() -> None:
    roster, schedule = rota("night")
    assert {at: header(roster, schedule, moment(roster, at)) for at in HEADERS} == HEADERS


@pytest.mark.parametrize("template", [None, "Ask {primary} · until {until}"])
@pytest.mark.parametrize("before", [at for at in HEADERS if at < "2027-01-18T18"])
def test_only_a_handover_is_a_change_of_crew(before: str, template: str | None) -> None:
    roster, schedule = rota("night", header=template)
    text = header(roster, schedule, moment(roster, before))
    for at in (each for each in list(HEADERS)[:3] if each >= before):
        assert change_since(roster, schedule, moment(roster, at), text) is None
    change = change_since(roster, schedule, moment(roster, "2027-01-18T18:00"), text)
    assert change is not None
    assert (change.goes, change.comes) == (["bo"], ["cy"])


@pytest.mark.no_cover  # quicker tests run the same lines
def test_headers_of_crews_that_go_one_after_the_other() -> None:
    """A header leaves out those whose service was over when it was written. That is no change of crew until the next
    ones begin."""
    watch = replace(ROTATIONS["triage"], seats=samples.rotation("watch", "watch").seats)
    roster = samples.roster("ana bo cy dee", [ROTATIONS["night"], watch])
    schedule = cadences.schedule(roster, date(2027, 1, 4), date(2027, 2, 1))
    begin = moment(roster, "2027-01-12T12:00")
    for before, at in pairwise(begin + timedelta(hours=hours) for hours in range(7 * 24)):
        crews = [{duty for each in standings_at(roster, schedule, one) for duty in each.duties} for one in (before, at)]
        change = change_since(roster, schedule, at, header(roster, schedule, before))
        assert (change is None) == (crews[0] == crews[1]), at


def test_the_note_before_a_meeting_is_about_all_handovers_until_the_next_one() -> None:
    notes = Notes(brief=Brief(weekday=4, time=time(15)))
    roster, schedule = rota("triage", "weekly", notes=notes)
    at = moment(roster, "2027-01-15T14:00")
    change = next_handover(roster, schedule, at)
    text = brief(roster, schedule, at, change)
    assert text.startswith("# SET: handovers from Mon 18 Jan 2027 09:00 EST to Fri 22 Jan 2027 10:00 EST\n")
    assert "Handover meeting: Fri 15 Jan 15:00 EST" in text
    incoming = text.partition("## Incoming crew\n\n")[2].partition("\n\n##")[0]
    assert incoming == (
        "**triage**, 3 handovers:\n\n"
        "- from Mon 18 Jan 10:00 EST: primary: @bo (bo, All)\n"
        "- from Wed 20 Jan 10:00 EST: primary: @cy (cy, All)\n"
        "- from Fri 22 Jan 10:00 EST: primary: @dee (dee, All)\n\n"
        "**weekly**, from Mon 18 Jan 09:00 EST until Mon 25 Jan 09:00 EST:\n\n"
        "- primary: @cy (cy, All)\n"
        "- backup: @dee (dee, All)"
    )
    # A day before the meeting it is about the handovers before it as well; after the meeting about those that are left.
    assert next_handover(roster, schedule, moment(roster, "2027-01-20T12:00")).last.date() == date(2027, 1, 22)
    wednesday = next_handover(roster, schedule, moment(roster, "2027-01-20T09:00"))
    assert [each.period.start.day for each in wednesday.incoming] == [20, 22]
    thursday = next_handover(roster, schedule, moment(roster, "2027-01-21T15:00"))
    assert [each.period.start.day for each in thursday.incoming if each.period.rotation == "triage"] == [22, 26, 28]
