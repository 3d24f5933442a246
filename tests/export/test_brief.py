"""The Friday note: verbatim where it is all there, then what each part says in odd weeks, and what is never in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import samples
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from setrota.export.brief import brief
from setrota.roster import ALWAYS, Away, Handover, Holidays, Leave, Length, Person, Roster
from setrota.roster.notes import Brief, Meeting, Notes, SeatText, Source
from setrota.schedule import Change, Crew, Schedule
from setrota.schedule.handovers import next_handover

FIRST = date(2027, 1, 4)
FRIDAY = "2027-01-15T14:00"
TORONTO = ZoneInfo("America/Toronto")
DECIDED = datetime(2027, 1, 5, 10, 0, tzinfo=TORONTO)

NOTES = Notes(
    seats={"primary": SeatText("First in line"), "lead/lead": SeatText("Lead")},
    meetings=(
        Meeting(
            name="Escalations call", weekday=2, time=time(14), duration=timedelta(minutes=45),
            seats=frozenset({"lead"}), description="Ask for\nthe invitation.", location="Room 4", link="https://example.com/call",
        ),
        Meeting(name="Stand-up", weekday=1, time=time(10), duration=timedelta(minutes=15)),
        Meeting(
            name="Review", weekday=3, time=time(16), duration=timedelta(hours=1, minutes=30), weeks=8,
            anchor=date(2027, 3, 1),
        ),
    ),
    sources=(Source("Board", "https://example.com/b", "twice a day", "New ones first."), Source("Mail", look="daily.")),
    brief=Brief(
        weekday=4, time=time(15), duration=timedelta(hours=1), checklist=("All said",), priorities=("Outages", "Bugs"),
        triage=("Everything has an owner",),
    ),
)  # fmt: skip
NO_MEETING = NOTES._replace(brief=NOTES.brief._replace(weekday=None, time=None))


def roster_with_notes(people: Iterable[Person] = samples.PEOPLE, notes: Notes = NOTES) -> Roster:
    return replace(samples.roster(people, teams=samples.TEAMS), notes=notes)


def brief_at(moment: str, place: Roster | None = None, schedule: Schedule = samples.SCHEDULE) -> str:
    place = place or roster_with_notes()
    at = datetime.fromisoformat(moment).replace(tzinfo=place.zone)
    return brief(place, schedule, at, next_handover(place, schedule, at))


def section(text: str, title: str) -> str:
    """What stands under a heading."""
    parts = dict(part.split("\n\n", 1) for part in text.split("\n## ")[1:])
    return next((body.strip("\n") for name, body in parts.items() if name.startswith(title)), "")


def with_people(**changes: dict[str, object]) -> list[Person]:
    return [replace(person, **changes.get(person.handle, {})) for person in samples.PEOPLE]  # type: ignore[arg-type]


def test_it_says_all_there_is_to_say() -> None:
    people = with_people(fay={"leave": (Leave(date(2027, 1, 18), date(2027, 1, 23)),)})
    assert (
        brief_at(FRIDAY, roster_with_notes(people))
        == """\
# SET: handover on Mon 18 Jan 2027 09:00 EST

Handover meeting: Fri 15 Jan 15:00 EST, 1 hour

## Outgoing crew

**engineer**, until Mon 18 Jan 09:00 EST:

- First in line: @fay (Fay Wray, Platform)
- backup: @gus (Gus Grau, Platform)
- engineer: @hal (Hal Hund, Platform)
- engineer: @ivy (Ivy Iversen, Platform)

**lead**, until Mon 18 Jan 09:00 EST:

- Lead: @ana (Ana Silva, Channels)

## Incoming crew

**engineer**, from Mon 18 Jan 09:00 EST until Mon 25 Jan 09:00 EST:

- First in line: @cy (Cy Young, Channels)
- backup: @bo.lindqvist (Bo Lindqvist, Channels)
- engineer: @eli (Eli Eld, Channels, Platform)
- engineer: **nobody** (`setrota fill 2027-01-18 engineer/engineer-2`)

**lead**, from Mon 18 Jan 09:00 EST until Mon 1 Feb 09:00 EST:

- Lead: @jo (Jo Jung, Platform)

## Checklist

- [ ] All said

## Where work comes from

- [Board](https://example.com/b): twice a day. New ones first.
- Mail: daily

## Priorities

1. Outages
2. Bugs

## Triage

- Everything has an owner

## Meetings

- Handover meeting, Friday 15:00 EST, 1 hour: Fri 22 Jan and Fri 29 Jan
- [Escalations call](https://example.com/call), Wednesday 14:00 EST, 45 minutes, Room 4: \
Wed 20 Jan and Wed 27 Jan (Jo Jung). Ask for the invitation.
- Stand-up, Tuesday 10:00 EST, 15 minutes: Tue 19 Jan and Tue 26 Jan (everyone on duty)

## Absences until Sun 31 Jan

- Mon 18 Jan to Fri 22 Jan: Fay Wray
"""
    )


def test_without_notes_it_is_about_people() -> None:
    text = brief_at(FRIDAY, samples.roster())
    assert [line for line in text.splitlines() if line.startswith("#")] == [
        "# SET: handover on Mon 18 Jan 2027 09:00 EST",
        "## Outgoing crew",
        "## Incoming crew",
    ]


# Which handover


def test_it_is_about_the_next_handover_to_the_minute() -> None:
    assert brief_at("2027-01-11T08:59").startswith("# SET: handover on Mon 11 Jan 2027 09:00 EST")
    assert brief_at("2027-01-11T09:00").startswith("# SET: handover on Mon 18 Jan 2027 09:00 EST")


def test_who_stays_is_told_until_when() -> None:
    text = brief_at("2027-01-08T14:00")
    assert "**lead**" not in section(text, "Outgoing") + section(text, "Incoming")
    assert section(text, "Staying") == "**lead**, until Mon 18 Jan 09:00 EST:\n\n- Lead: @ana (Ana Silva, Channels)"


def test_after_the_crews_have_met_the_meeting_is_not_announced() -> None:
    assert "Handover meeting: Fri 15 Jan 15:00 EST" in brief_at("2027-01-15T15:00")
    assert "Handover meeting:" not in brief_at("2027-01-15T15:01")


def test_crews_may_meet_on_the_day_of_the_handover() -> None:
    # A quarter of an hour before it: the coming one stands at the top, those of the weeks after in the list.
    text = brief_at(FRIDAY, roster_with_notes(notes=Notes(brief=Brief(weekday=0, time=time(8, 45)))))
    assert "Handover meeting: Mon 18 Jan 08:45 EST, 30 minutes\n" in text
    assert section(text, "Meetings") == "- Handover meeting, Monday 08:45 EST, 30 minutes: Mon 25 Jan"


@pytest.mark.parametrize(("hours", "together"), [(23, True), (24, False)])
def test_handovers_within_a_day_are_one(hours: int, together: bool) -> None:
    # The lead changes 23 hours after the engineers: on Tuesday at 08:00; or 24 hours after.
    lead = replace(samples.LEAD, handover=Handover(1, time(8 + hours - 23)))
    plan = samples.schedule(
        *samples.SCHEDULE.of("engineer"),
        samples.computed(date(2027, 1, 5), "ana", of=samples.LEAD),
        samples.computed(date(2027, 1, 19), "jo", of=samples.LEAD),
    )
    # Without a meeting of crews, that is; the note before one is about all handovers until the next one.
    for notes, both in ((NO_MEETING, together), (NOTES, True)):
        place = replace(roster_with_notes(notes=notes), rotations={"engineer": samples.ENGINEER, "lead": lead})
        text = brief_at(FRIDAY, place, plan)
        assert ("@jo" in section(text, "Incoming")) == both
        assert ("@ana" in section(text, "Staying")) == (not both)


@pytest.mark.parametrize(
    ("day", "minute", "together"),
    [
        # From Saturday 09:30 to Sunday 09:30 it is 23 hours when clocks go forward.
        (date(2027, 3, 14), 30, True),
        # From Saturday 09:30 to Sunday 09:00 it is 24.5 hours when they go back.
        (date(2027, 11, 7), 0, False),
    ],
)
def test_a_day_between_handovers_has_24_hours_also_when_clocks_change(day: date, minute: int, together: bool) -> None:
    week = timedelta(weeks=1)
    engineer = replace(samples.ENGINEER, handover=Handover(5, time(9, 30)), serves=ALWAYS)
    lead = replace(samples.LEAD, handover=Handover(6, time(9, minute)), serves=ALWAYS)
    saturday = day - timedelta(days=1)
    crews = [
        samples.computed(saturday - week, "bo cy dee eli"),
        samples.computed(saturday, "fay gus hal ivy"),
        samples.computed(day - 2 * week, "ana", of=samples.LEAD),
        samples.computed(day, "jo", of=samples.LEAD),
    ]
    place = replace(roster_with_notes(notes=NO_MEETING), rotations={"engineer": engineer, "lead": lead})
    text = brief_at(f"{saturday}T08:00", place, samples.schedule(crews))
    assert ("@jo" in section(text, "Incoming")) == together
    assert ("@ana" in section(text, "Staying")) == (not together)


def test_a_rotation_abroad_hands_over_by_its_own_clock() -> None:
    # Berlin's Friday 15:00 is 09:00 in Toronto, and the engineers follow on Monday. In March, when Toronto's clocks
    # have gone forward (on the 14th) and Berlin's have not, it is 10:00.
    lead = replace(samples.LEAD, handover=Handover(4, time(15)), zone=ZoneInfo("Europe/Berlin"))
    crews = [
        samples.computed(date(2027, 3, 22), "bo cy dee eli"),
        samples.computed(date(2027, 3, 29), "fay gus hal ivy"),
        samples.computed(date(2027, 3, 12), "ana", of=samples.LEAD),
        samples.computed(date(2027, 3, 26), "jo", of=samples.LEAD),
    ]
    place = replace(roster_with_notes(), rotations={"engineer": samples.ENGINEER, "lead": lead})
    text = brief_at("2027-03-25T14:00", place, samples.schedule(crews))
    assert text.startswith("# SET: handover on Fri 26 Mar 2027 10:00 EDT")
    assert section(text, "Outgoing").startswith("**lead**, until Fri 26 Mar 15:00 CET:")
    assert section(text, "Incoming").startswith("**lead**, from Fri 26 Mar 15:00 CET until Fri 9 Apr 15:00 CEST:")
    assert section(text, "Staying").startswith("**engineer**, until Mon 29 Mar 09:00 EDT:")
    after = brief_at("2027-03-26T10:00", place, samples.schedule(crews))
    assert after.startswith("# SET: handover on Mon 29 Mar 2027 09:00 EDT")


def test_a_meeting_that_daylight_saving_moves_is_told_as_it_happens() -> None:
    night = Notes(meetings=(Meeting(name="Night watch", weekday=6, time=time(2, 30), duration=timedelta(hours=1)),))
    plan = samples.schedule(samples.computed(date(2027, 3, 1), "bo cy dee eli"))
    assert section(brief_at("2027-03-05T14:00", roster_with_notes(notes=night), plan), "Meetings") == (
        "- Night watch, Sunday 02:30 EDT, 1 hour: Sun 14 Mar 03:30 EDT and Sun 21 Mar (everyone on duty)"
    )


def test_before_a_handover_its_day_is_the_old_crews() -> None:
    early = Notes(
        meetings=(
            Meeting(
                name="Early", weekday=0, time=time(8, 30), duration=timedelta(minutes=30), seats=frozenset({"primary"})
            ),
        )
    )
    assert section(brief_at(FRIDAY, roster_with_notes(notes=early)), "Meetings").endswith("Mon 25 Jan (Cy Young)")
    late = Notes(
        meetings=(
            Meeting(name="Late", weekday=0, time=time(9), duration=timedelta(minutes=30), seats=frozenset({"primary"})),
        )
    )
    assert section(brief_at(FRIDAY, roster_with_notes(notes=late)), "Meetings").endswith(
        "Mon 18 Jan (Cy Young); Mon 25 Jan (nobody)"
    )


# Covers, empty seats, holes


def test_who_covers_some_days_is_told_with_who_has_the_rest() -> None:
    cover = Change(
        DECIDED, "primary", "bo", "fay", start=date(2027, 1, 6), end=date(2027, 1, 8), reason="a private matter"
    )
    plan = samples.schedule(samples.computed(FIRST, "bo cy dee eli", changes=[cover]))
    place = replace(samples.roster(), rotations={"engineer": samples.ENGINEER})
    # Before it is planned, on its days, and after them; what is over isn't told.
    bo, fay = "@bo.lindqvist (Bo Lindqvist, Channels)", "@fay (Fay Wray, Platform)"
    before = f"{bo} until Wed 6 Jan 09:00 EST, then {fay} until Fri 8 Jan 09:00 EST, then {bo}"
    assert f"- primary: {before}\n" in section(brief_at("2027-01-01T14:00", place, plan), "Incoming")
    assert f"- primary: {before}\n" in section(brief_at("2027-01-05T14:00", place, plan), "Outgoing")
    during = section(brief_at("2027-01-06T14:00", place, plan), "Outgoing")
    assert f"- primary: {fay} until Fri 8 Jan 09:00 EST, then {bo}\n" in during
    assert f"- primary: {bo}\n" in section(brief_at("2027-01-08T14:00", place, plan), "Outgoing")


def test_a_seat_that_is_empty_for_some_days_asks_for_somebody() -> None:
    gone = Change(DECIDED, "backup", "cy", None, start=date(2027, 1, 7))
    plan = samples.schedule(samples.computed(FIRST, "bo cy dee eli", changes=[gone]))
    place = replace(samples.roster(), rotations={"engineer": samples.ENGINEER})
    expected = "@cy (Cy Young, Channels) until Thu 7 Jan 09:00 EST, then **nobody**"
    incoming = section(brief_at("2027-01-01T14:00", place, plan), "Incoming")
    assert f"{expected} (`setrota fill 2027-01-07 engineer/backup`)" in incoming
    # Of the crew that goes nobody is sought any more.
    assert f"{expected}\n" in section(brief_at("2027-01-05T14:00", place, plan), "Outgoing")


def test_an_optional_seat_that_nobody_has_is_not_told() -> None:
    rotation = replace(samples.ENGINEER, optional=frozenset({"engineer"}))
    place = replace(samples.roster(), rotations={"engineer": rotation, "lead": samples.LEAD})
    assert "nobody" not in brief_at(FRIDAY, place)


def test_at_the_end_of_the_plan_it_is_loud() -> None:
    assert section(brief_at("2027-01-22T14:00"), "Incoming") == (
        "**engineer**: **nobody is planned**: `setrota plan --from 2027-01-25`"
    )
    assert "**lead**, until Mon 1 Feb 09:00 EST:" in section(brief_at("2027-01-22T14:00"), "Staying")
    # When all is over, the grid says when it should have gone on.
    over = brief_at("2027-02-03T14:00")
    assert over.startswith("# SET: handover on Mon 8 Feb 2027 09:00 EST")
    assert section(over, "Outgoing") == ""
    assert over.count("**nobody is planned**") == 2


def test_a_hole_is_told_with_its_end() -> None:
    plan = samples.schedule(
        samples.computed(FIRST, "bo cy dee eli"), samples.computed(date(2027, 1, 25), "fay gus hal ivy")
    )
    place = replace(samples.roster(), rotations={"engineer": samples.ENGINEER})
    hole = "**engineer**: **nobody is planned** until Mon 25 Jan 09:00 EST: "
    command = "`setrota plan --from 2027-01-11 --to 2027-01-24`"
    assert section(brief_at("2027-01-08T14:00", place, plan), "Incoming") == hole + command
    # In the hole, the next handover is its end: nobody goes, somebody comes.
    within = brief_at("2027-01-15T14:00", place, plan)
    assert within.startswith("# SET: handover on Mon 25 Jan 2027 09:00 EST")
    assert section(within, "Outgoing") == ""
    assert "@fay" in section(within, "Incoming")


def test_before_the_first_plan_begins_its_beginning_is_the_handover() -> None:
    text = brief_at("2026-11-23T10:00")
    assert text.startswith("# SET: handover on Mon 4 Jan 2027 09:00 EST")
    assert section(text, "Outgoing") == ""
    assert "@bo.lindqvist" in section(text, "Incoming")
    assert brief_at("2026-11-23T10:00", schedule=samples.schedule()).count("**nobody is planned**") == 2


def test_the_other_rotation_that_is_not_planned_is_told_too() -> None:
    plan = samples.schedule(samples.SCHEDULE.of("engineer"))
    text = brief_at("2027-01-08T14:00", schedule=plan)
    assert section(text, "Staying") == ""
    assert section(text, "Nobody on duty") == "**lead**: **nobody is planned**: `setrota plan --from 2027-01-08`"


def test_where_one_of_the_crews_is_not_planned_nobody_meets() -> None:
    assert "Handover meeting:" not in brief_at("2026-11-23T10:00")
    assert "Handover meeting:" not in brief_at(FRIDAY, schedule=samples.schedule())


def test_the_meeting_before_a_handover_in_the_afternoon_is_not_among_the_coming_ones() -> None:
    fridays = replace(
        roster_with_notes(notes=Notes(brief=Brief(weekday=4, time=time(15)))), handover=Handover(4, time(16))
    )
    three = timedelta(days=3)
    crews = [
        replace(crew, period=replace(crew.period, start=crew.period.start - three, end=crew.period.end - three))
        for crew in samples.SCHEDULE.crews
        if crew.period.rotation == "engineer"
    ]
    leads = {"lead": replace(samples.LEAD, handover=Handover(0, time(9)))}
    own = replace(fridays, rotations={**fridays.rotations, **leads})
    text = brief_at("2027-01-14T10:00", own, samples.schedule(*crews, *samples.SCHEDULE.of("lead")))
    assert "Handover meeting: Fri 15 Jan 15:00 EST" in text
    assert "Fri 15 Jan" not in section(text, "Meetings")
    assert "Fri 22 Jan" in section(text, "Meetings")


# Who is away, and holidays


def test_of_the_crew_it_says_which_days_they_are_away() -> None:
    people = with_people(
        cy={"leave": (Leave(date(2027, 1, 20), date(2027, 1, 22)), Leave(date(2027, 1, 14), date(2027, 1, 15)))},
        jo={"works": frozenset({0, 1, 2, 3})},
        fay={"leave": (Leave(date(2027, 1, 15), date(2027, 1, 16)),)},
    )
    text = brief_at(FRIDAY, roster_with_notes(people))
    assert "@cy (Cy Young, Channels, away Wed 20 Jan to Thu 21 Jan)" in text
    assert "@jo (Jo Jung, Platform, away Fri 22 Jan, Fri 29 Jan)" in text
    # Of the crew that goes, the days that are still ahead of it.
    assert "@fay (Fay Wray, Platform, away Fri 15 Jan)\n" in text
    assert "away" not in brief_at("2027-01-16T10:00", roster_with_notes(people)).split("## Incoming")[0]
    assert section(text, "Absences") == "- Wed 20 Jan to Thu 21 Jan: Cy Young"


def test_a_crew_in_the_west_begins_on_its_own_date() -> None:
    """Monday 09:00 in Toronto, where the rotations are, is Tuesday in Auckland, where the rota is."""
    here = {name: replace(each, zone=TORONTO) for name, each in roster_with_notes().rotations.items()}
    people = with_people(cy={"leave": (Leave(date(2027, 1, 18), date(2027, 1, 19)),)})
    place = replace(roster_with_notes(people), zone=ZoneInfo("Pacific/Auckland"), rotations=here)
    text = section(brief_at(FRIDAY, place), "Incoming crew")
    assert "**engineer**, from Mon 18 Jan 09:00 EST" in text
    assert "@cy (Cy Young, Channels, away Mon 18 Jan)" in text


def test_who_is_away_is_listed_by_days_without_mentions() -> None:
    both = (Leave(date(2027, 1, 21), date(2027, 1, 22)),)
    people = with_people(
        fay={"leave": both},
        gus={"leave": both},
        hal={"leave": (Leave(date(2026, 12, 1), date(2027, 2, 2)),)},
        # Over before the handover, begins after the weeks that are looked at, left before, not in any pool.
        ivy={"leave": (Leave(date(2027, 1, 11), date(2027, 1, 18)),)},
        ana={"leave": (Leave(date(2027, 2, 1), date(2027, 2, 2)),)},
        dee={"leave": both, "end": date(2027, 1, 21)},
        eli={"leave": both, "start": date(2027, 1, 22)},
    )
    guest = Person("guest", "Guest", leave=both)
    place = roster_with_notes([*people, guest])
    teams = {**place.teams, "channels": replace(place.teams["channels"], away=(Away(*both[0]),))}
    text = brief_at(FRIDAY, replace(place, teams=teams))
    assert section(text, "Absences until Sun 31 Jan") == (
        "- Tue 1 Dec 2026 to Mon 1 Feb: Hal Hund\n- Thu 21 Jan: team Channels, Fay Wray and Gus Grau"
    )


def test_long_lists_are_folded() -> None:
    day = (Leave(date(2027, 1, 19), date(2027, 1, 20)),)
    many = [Person(f"p{number:02}", leave=day) for number in range(20)]
    days = [(Leave(date(2027, 1, 18 + number % 14), date(2027, 2, 2 + number)),) for number in range(15)]
    lasting = [Person(f"q{number:02}", leave=leave) for number, leave in enumerate(days)]
    place = roster_with_notes([*samples.PEOPLE, *many, *lasting])
    team = replace(place.teams["channels"], pools={"engineers": tuple(each.handle for each in [*many, *lasting])})
    lines = section(brief_at(FRIDAY, replace(place, teams={"channels": team})), "Absences").splitlines()
    assert "- Tue 19 Jan: p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11 and 8 more" in lines
    assert len(lines) == 13
    assert lines[-1] == "- and 4 more: `setrota leave list`"


def test_weeks_ahead_are_at_least_two_and_at_most_four() -> None:
    alone = replace(roster_with_notes(), rotations={"engineer": samples.ENGINEER})
    assert "## Absences until Sun 31 Jan" not in brief_at(FRIDAY, alone)
    people = with_people(fay={"leave": (Leave(date(2027, 1, 31), date(2027, 2, 1)),)},
                         gus={"leave": (Leave(date(2027, 2, 14), date(2027, 2, 15)),)})  # fmt: skip
    alone = replace(roster_with_notes(people), rotations={"engineer": samples.ENGINEER})
    assert section(brief_at(FRIDAY, alone), "Absences until Sun 31 Jan") == "- Sun 31 Jan: Fay Wray"
    season = replace(samples.ENGINEER, every=Length(12))
    plan = samples.schedule(samples.computed(date(2027, 1, 18), {"primary": "cy"}, weeks=12))
    text = brief_at(FRIDAY, replace(alone, rotations={"engineer": season}), plan)
    assert section(text, "Absences until Sun 14 Feb") == "- Sun 31 Jan: Fay Wray\n- Sun 14 Feb: Gus Grau"


def test_holidays_of_the_rota_and_those_of_some() -> None:
    # 2027-02-15 is Family Day in Ontario; 2027-01-06 is Epiphany in Bavaria; the rota's own day is a Sunday.
    people = with_people(dee={"holidays": "DE-BY"}, gus={"holidays": "DE-BY"})
    place = replace(roster_with_notes(people), holidays=Holidays("CA-ON", frozenset({date(2027, 1, 10)})))
    assert section(brief_at("2027-01-01T14:00", place), "Holidays") == "- Wed 6 Jan: Dee Dee\n- Sun 10 Jan"
    plan = samples.schedule(samples.computed(date(2027, 2, 8), "bo cy dee eli"))
    assert section(brief_at("2027-02-05T14:00", place, plan), "Holidays") == "- Mon 15 Feb"
    assert section(brief_at(FRIDAY), "Holidays") == ""


@pytest.mark.parametrize(("handle", "said"), [("jo", "- Tue 26 Jan: Jo Jung"), ("cy", "")])
def test_a_person_s_own_holidays_count_while_they_are_on_duty(handle: str, said: str) -> None:
    """Australia Day is in the second week of the crews that come: `jo` leads for both, `cy` has the first only."""
    people = with_people(**{handle: {"holidays": "AU"}})
    assert section(brief_at(FRIDAY, roster_with_notes(people)), "Holidays") == said


# What must never be in it

HOSTILE = (
    "[x](https://evil.example) @channel <script>alert(1)</script>\n\n# `h` **b** =cmd BEGIN:VEVENT ../ "
    "www.evil.example | ~x"
)


PIECES = (
    "[",
    "](",
    ")",
    "<",
    ">",
    "https://e.example",
    "`",
    "\\",
    "&lt;",
    "!",
    "*",
    "_",
    "\n",
    "- ",
    "1. ",
    "#",
    "|",
    "~~",
)


def tokens(text: str) -> list[Token]:
    found = []
    for token in MarkdownIt("gfm-like", {"linkify": False, "html": True}).parse(text):
        found += [token, *(token.children or [])]
    return found


def hostile(text: str = HOSTILE) -> Roster:
    people = [replace(person, name=text, chat=text) for person in samples.PEOPLE]
    day = (Leave(date(2027, 1, 19), date(2027, 1, 20)),)
    notes = Notes(
        seats={"primary": SeatText(text)},
        meetings=(
            Meeting(
                name=text, weekday=2, time=time(14), duration=timedelta(minutes=45), description=text, location=text,
                link="https://example.com/a)[b](c",
            ),
        ),
        sources=(Source(text, "https://example.com/<)>*_`", text, text), Source(text, look=text)),
        brief=Brief(
            weekday=4, time=time(15), duration=timedelta(hours=1), checklist=(text,), priorities=(text,), triage=(text,)
        ),
    )  # fmt: skip
    place = roster_with_notes([replace(person, leave=day) for person in people], notes)
    teams = {key: replace(team, name=text, away=(Away(*day[0]),)) for key, team in place.teams.items()}
    return replace(place, teams=teams, short_name=text)


def addresses(found: Iterable[Token]) -> list[str]:
    return [str(token.attrGet("href")) for token in found if token.type == "link_open"]


def test_names_and_sentences_that_mean_harm_are_only_text() -> None:
    text = brief_at(FRIDAY, hostile())
    found = tokens(text)
    assert {token.type for token in found} & {"html_inline", "html_block", "image", "table_open", "fence"} == set()
    # What links there are, are those of the notes: of the meeting, of the source, and written out in sentences.
    known = {"https://example.com/a%29%5Bb%5D%28c", "https://example.com/%3C%29%3E%2A_%60", "https://evil.example"}
    assert set(addresses(found)) == known
    assert "@" not in text
    headings = [token for token in found if token.type == "heading_open"]
    assert len(headings) == 1 + text.count("\n## ")
    people = section(text, "Outgoing") + section(text, "Incoming") + section(text, "Absences")
    assert addresses(tokens(people)) == []
    assert "https://" not in people
    assert "www." not in people


@pytest.mark.parametrize(
    "text", ["- [ ] x", "1. x", "2) x", "+ x", "---", "- - -", "===", "> x", "    x", "# x", "* x"]
)
def test_a_sentence_that_begins_like_markdown_is_a_sentence(text: str) -> None:
    place = roster_with_notes(notes=Notes(brief=Brief(checklist=(text,), priorities=(text,), triage=(text,))))
    found = tokens(
        "\n".join(section(brief_at(FRIDAY, place), title) for title in ("Checklist", "Priorities", "Triage"))
    )
    assert sum(token.type in ("bullet_list_open", "ordered_list_open") for token in found) == 3
    assert [token.content for token in found if token.type in ("hr", "heading_open", "blockquote_open")] == []
    assert [token.content for token in found if token.type == "text"][-1].strip() == text.strip()


@pytest.mark.no_cover  # quicker tests run the same lines
@settings(deadline=None)
@given(st.text(min_size=1, max_size=40) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
def test_whatever_the_names_are_only_the_shape_of_the_note_is_markdown(name: str) -> None:
    text = brief_at(FRIDAY, hostile(f"x{name}"))
    found = {token.type for token in tokens(text)}
    assert found & {"html_inline", "html_block", "image", "table_open", "fence", "em_open", "s_open", "hr"} == set()
    assert sum(token.type == "heading_open" for token in tokens(text)) == 9
    for title in ("Outgoing", "Incoming", "Absences"):
        assert addresses(tokens(section(text, title))) == []


def test_a_sentence_may_have_addresses() -> None:
    place = roster_with_notes(
        notes=Notes(brief=Brief(checklist=("See (https://example.com/a_b(c)), and HTTP://x.example/?q=@all.",)))
    )
    text = section(brief_at(FRIDAY, place), "Checklist")
    assert text == "- [ ] See (<https://example.com/a_b%28c%29>), and <HTTP://x.example/?q=%40all>."
    assert addresses(tokens(text)) == ["https://example.com/a_b%28c%29", "HTTP://x.example/?q=%40all"]


def test_nobody_is_called_but_the_crews() -> None:
    leave = (Leave(date(2027, 1, 19), date(2027, 1, 20)),)
    text = brief_at(FRIDAY, roster_with_notes([replace(person, leave=leave) for person in samples.PEOPLE]))
    crews = "".join(section(text, title) for title in ("Outgoing", "Incoming", "Staying"))
    assert text.count("@") == crews.count("@") == 9


def test_the_reason_of_a_change_is_nowhere() -> None:
    changes = [
        Change(
            DECIDED, "primary", "cy", "fay", start=date(2027, 1, 19), end=date(2027, 1, 20), reason="a private matter"
        )
    ]
    crews: list[Crew] = [samples.computed(date(2027, 1, 18), "cy bo eli -", changes=changes)]
    assert "private" not in brief_at(FRIDAY, schedule=samples.schedule(crews))


@pytest.mark.parametrize("word", ["1) x", "2. x", "- x", "+ x", "- [ ] tick me", "-"])
def test_a_name_that_begins_like_an_item_begins_no_list(word: str) -> None:
    notes = Notes(
        seats={"primary": SeatText(word)},
        meetings=(Meeting(name=word, weekday=2, time=time(14), duration=timedelta(hours=1)),),
        sources=(Source(word, look="daily"),),
    )
    plain = Notes(
        seats={"primary": SeatText("x")},
        meetings=(notes.meetings[0]._replace(name="x"),),
        sources=(Source("x", look="daily"),),
    )
    kinds, expected = (
        [token.type for token in MarkdownIt("commonmark").parse(brief_at(FRIDAY, roster_with_notes(notes=each)))]
        for each in (notes, plain)
    )
    assert kinds == expected
