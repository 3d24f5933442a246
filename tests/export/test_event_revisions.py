"""Events over time: what changes raises their revision and never lowers it, and what goes can be cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import icalendar
import pytest
import samples
from calendar_events import by_uid
from hypothesis import given, settings
from hypothesis import strategies as st
from seeds import seeds

from setrota.dates.periods import DAY
from setrota.export.calendars.feeds import Feed, FeedWriter, calendar
from setrota.roster.notes import Brief, Meeting, Notes
from setrota.schedule import Change, Duty, Schedule
from setrota.schedule.moves import give_duty

CALL = Meeting(
    name="Call", weekday=2, time=time(14), duration=timedelta(minutes=45), seats=frozenset({"lead", "primary"})
)
ROSTER = samples.always_served(notes=Notes(meetings=(CALL,), brief=Brief(weekday=4, time=time(15))))
AT = datetime(2027, 1, 1, tzinfo=UTC)
HANDLES = [person.handle for person in samples.PEOPLE]
FEEDS = (Feed(), Feed(person="bo"), Feed(person="ana"), Feed(team="platform"))


@st.composite
def histories(draw: st.DrawFn) -> list[Schedule]:
    """A schedule, and what it becomes by covers of whole duties and of parts, by emptied seats, and planned anew."""
    found = [samples.SCHEDULE]
    for number in range(draw(st.integers(1, 5))):
        schedule, at = found[-1], AT + number * DAY
        crew = draw(st.sampled_from(schedule.crews))
        if draw(st.integers(0, 4)) == 0:
            seats = {seat: draw(st.sampled_from(HANDLES)) for seat in crew.seats}
            revision = crew.planned.revision + len(crew.changes) + 1 if crew.planned else 1
            found.append(schedule.updated([replace(crew, seats=seats, changes=()).sealed(at, revision)]))
            continue
        duty = draw(st.sampled_from(crew.duties()))
        days = (duty.end - duty.start).days
        first = draw(st.integers(0, days - 1))
        part = replace(duty, start=duty.start + first * DAY, end=duty.start + draw(st.integers(first + 1, days)) * DAY)
        found.append(
            give_duty(schedule, part, draw(st.sampled_from([None, *HANDLES])), at, replanned=draw(st.booleans()))
        )
    return found


def shown_as(event: icalendar.Event) -> tuple[object, ...]:
    return tuple(event[key].to_ical() for key in ("SUMMARY", "DTSTART", "DTEND"))


@pytest.mark.no_cover  # quicker tests run the same lines
@settings(max_examples=15, deadline=None)
@given(histories())
def test_a_change_raises_the_revision_and_nothing_lowers_it(states: list[Schedule]) -> None:
    writers = [FeedWriter(ROSTER, state) for state in states]
    for feed in FEEDS:
        latest: dict[str, icalendar.Event] = {}
        for writer in writers:
            for uid, event in by_uid(writer.calendar_text(feed)).items():
                if before := latest.get(uid):
                    assert event["SEQUENCE"] >= before["SEQUENCE"], uid
                    assert event["DTSTAMP"].dt >= before["DTSTAMP"].dt, uid
                    if event["SEQUENCE"] > before["SEQUENCE"]:
                        assert event["LAST-MODIFIED"].dt > before["LAST-MODIFIED"].dt, uid
                    if shown_as(event) != shown_as(before):
                        assert event["SEQUENCE"] > before["SEQUENCE"], uid
                    if event["DESCRIPTION"] != before["DESCRIPTION"]:
                        assert event["DTSTAMP"].dt > before["DTSTAMP"].dt, uid
                latest[uid] = event


@pytest.mark.no_cover  # quicker tests run the same lines
@settings(max_examples=15, deadline=None)
@given(histories())
def test_importing_every_file_leaves_what_the_last_one_has(states: list[Schedule]) -> None:
    """A program that imports files keeps what a later one doesn't mention, and takes the higher SEQUENCE."""
    # What is planned anew leaves no trace of what was there before.
    kept = [states[0], *(state for state in states[1:] if _only_changed(states[0], state))]
    writers = [FeedWriter(ROSTER, state) for state in kept]
    for feed in FEEDS:
        held: dict[str, icalendar.Event] = {}
        for writer in writers:
            for uid, event in by_uid(writer.calendar_text(feed, tombstones=True)).items():
                before = held.get(uid)
                if event.get("STATUS") == "CANCELLED" and before is not None and "STATUS" not in before:
                    assert event["SEQUENCE"] > before["SEQUENCE"], uid
                held[uid] = event
        shown = {uid for uid, event in held.items() if event.get("STATUS") != "CANCELLED"}
        assert shown == set(by_uid(writers[-1].calendar_text(feed)))


def _only_changed(first: Schedule, state: Schedule) -> bool:
    return all(one.seats == other.seats for one, other in zip(first.crews, state.crews, strict=True))


MONDAY = date(2027, 1, 4)
FEW = ("bo", "cy", "dee")
PAIRED = samples.always_served(
    rotations=[replace(samples.ENGINEER, seats=samples.ENGINEER.seats[:2])],
    notes=Notes(meetings=(CALL,), brief=Brief(weekday=4, time=time(15))),
)
WEEKS = [
    samples.computed(MONDAY + days * DAY, {"primary": first, "backup": second})
    for days, first, second in ((0, "bo", "cy"), (7, "dee", "bo"), (14, "cy", "dee"))
]


def command(random: Random, plan: Schedule, at: datetime) -> Schedule:
    """A cover of some days, an emptied seat, or a swap, which changes two crews or two seats of one at one time."""
    one, other = random.sample(plan.duties(), 2)
    if random.random() < 0.5:
        return give_duty(give_duty(plan, one, other.person, at), other, one.person, at)
    begin, end = sorted(random.sample(range((one.end - one.start).days + 1), 2))
    part = replace(one, start=one.start + begin * DAY, end=one.start + end * DAY)
    return give_duty(plan, part, random.choice([each for each in (None, *FEW) if each != one.person]), at)


@pytest.mark.no_cover  # quicker tests run the same lines
@pytest.mark.parametrize("seed", seeds(12))
def test_importing_after_every_command_leaves_today_s_events(seed: int) -> None:
    random, states = Random(seed), [samples.schedule(WEEKS)]
    for number in range(6):
        states.append(command(random, states[-1], AT + number * DAY))
    writers = [FeedWriter(PAIRED, state) for state in states]
    for feed in (Feed(), *(Feed(person=handle) for handle in FEW)):
        held: dict[str, icalendar.Event] = {}
        once: set[str] = set()
        for writer in writers:
            for uid, event in by_uid(writer.calendar_text(feed, tombstones=True)).items():
                if "STATUS" not in event:
                    held[uid] = event
                    once.add(uid)
                    continue
                assert uid in once, f"{uid} is cancelled and never was"
                before = held.pop(uid, None)
                assert before is None or event["SEQUENCE"] > before["SEQUENCE"], uid
            assert held.keys() == by_uid(writer.calendar_text(feed)).keys()


# One by one

PRIMARY = Duty(MONDAY, date(2027, 1, 11), "engineer", "primary", "bo")
UID = "SET_engineer_2027-01-04_primary_1"


def cancelled(plan: Schedule, **filters: str) -> dict[str, icalendar.Event]:
    found = by_uid(calendar(ROSTER, plan, tombstones=True, **filters))
    return {uid: event for uid, event in found.items() if event.get("STATUS") == "CANCELLED"}


def test_without_the_flag_nothing_is_cancelled() -> None:
    plan = give_duty(samples.SCHEDULE, PRIMARY, "jo", AT)
    assert "CANCELLED" not in calendar(ROSTER, plan, person="bo")
    assert cancelled(samples.SCHEDULE) == {}


def test_a_duty_given_away_is_cancelled_in_one_s_own_calendar_and_stays_in_the_rota_s() -> None:
    plan = give_duty(samples.SCHEDULE, PRIMARY, "jo", AT)
    gone = cancelled(plan, person="bo")
    # With the duty go the call on Wednesday and the handover on Friday.
    assert set(gone) == {
        f"{UID}@setrota",
        "SET_meeting_Call_2027-01-06@setrota",
        "SET_handover_2027-01-11@setrota",
    }
    event = gone[f"{UID}@setrota"]
    assert (event["SEQUENCE"], event["DTSTAMP"].dt) == (1, AT)
    assert str(event["SUMMARY"]) == "You are SET primary"
    assert "DESCRIPTION" not in event
    assert cancelled(plan) == {}
    assert set(cancelled(plan, team="channels")) == {f"{UID}@setrota"}


def test_parts_that_a_later_cover_joins_again_are_cancelled() -> None:
    middle = replace(PRIMARY, start=date(2027, 1, 6), end=date(2027, 1, 8))
    shared = give_duty(samples.SCHEDULE, middle, "jo", AT)
    assert cancelled(shared) == {}
    whole = give_duty(shared, replace(middle, person="jo"), "bo", AT + DAY)
    gone = cancelled(whole)
    assert set(gone) == {f"{UID}_2@setrota", f"{UID}_3@setrota"}
    assert {event["SEQUENCE"] for event in gone.values()} == {2}
    assert str(gone[f"{UID}_2@setrota"]["SUMMARY"]) == "SET primary: Jo Jung (Platform)"
    assert gone[f"{UID}_2@setrota"].start.day == 6
    present = by_uid(calendar(ROSTER, whole))[f"{UID}@setrota"]
    assert (present["SEQUENCE"], present.end.day) == (2, 11)
    assert set(cancelled(whole, person="jo")) == {f"{UID}_2@setrota", "SET_meeting_Call_2027-01-06@setrota"}


def test_an_optional_seat_that_was_emptied_is_cancelled() -> None:
    optional = replace(samples.ENGINEER, optional=frozenset({"engineer"}))
    roster = samples.always_served(rotations=[optional])
    crew = samples.computed(MONDAY, "bo cy dee eli", changes=[Change(AT, "engineer-2", "eli", None)])
    found = by_uid(calendar(roster, samples.schedule(crew), tombstones=True))
    assert found["SET_engineer_2027-01-04_engineer_2@setrota"]["STATUS"] == "CANCELLED"


def test_who_loses_the_handover_because_the_other_crew_changed_is_told() -> None:
    """Bo hands the primary's seat over to Cy, until Cy gives it back to Bo."""
    primary = replace(samples.ENGINEER, seats=samples.ENGINEER.seats[:1])
    roster = samples.always_served(rotations=[primary], notes=Notes(brief=Brief(weekday=4, time=time(15))))
    crews = [samples.computed(MONDAY + DAY * days, {"primary": who}) for days, who in ((0, "bo"), (7, "cy"))]
    plan = samples.schedule(crews)
    assert HANDOVER in by_uid(calendar(roster, plan, person="bo"))
    stays = give_duty(plan, plan.duties()[1], "bo", AT)
    for person in ("bo", "cy"):
        event = by_uid(calendar(roster, stays, person=person, tombstones=True))[HANDOVER]
        assert (event["STATUS"], event["SEQUENCE"]) == ("CANCELLED", 1)
    # Who never met the other has nothing to lose: both weeks were Bo's, then Cy got them at one time.
    plan = plan.updated([samples.computed(MONDAY + 7 * DAY, {"primary": "bo"})])
    both = give_duty(give_duty(plan, plan.duties()[0], "cy", AT), plan.duties()[1], "cy", AT)
    assert HANDOVER not in by_uid(calendar(roster, both, tombstones=True))
    # Nor while the next crew wasn't planned.
    late = replace(crews[1], planned=None).sealed(AT + DAY, 1)
    plan = samples.schedule(crews[0], late)
    assert HANDOVER not in by_uid(calendar(roster, give_duty(plan, plan.duties()[0], "cy", AT), tombstones=True))


HANDOVER = "SET_handover_2027-01-11@setrota"


def test_decisions_that_an_event_does_not_tell_of_leave_it_as_it_is() -> None:
    """Dee covers Fay from Wednesday to Friday: nothing of it is told in the handovers before and after that week, in
    the meetings of other weeks, or in other people's duties of other weeks."""
    middle = Duty(MONDAY + 9 * DAY, MONDAY + 11 * DAY, "engineer", "primary", "fay")
    plans = samples.SCHEDULE, give_duty(samples.SCHEDULE, middle, "dee", AT)
    before, after = (by_uid(calendar(ROSTER, plan)) for plan in plans)
    same = {uid for uid, event in before.items() if event == after[uid]}
    changed = {uid for uid in before if uid not in same}
    assert changed == {
        # Dee's own duty of the week before tells of her next one.
        "SET_engineer_2027-01-04_engineer_1@setrota",
        # Whoever is on duty beside the cover.
        *(f"SET_engineer_2027-01-11_{seat}@setrota" for seat in ("primary_1", "backup_1", "engineer_1", "engineer_2")),
        "SET_lead_2027-01-04_lead_1@setrota",
        # The meeting during the cover.
        "SET_meeting_Call_2027-01-13@setrota",
    }


@pytest.mark.parametrize(
    ("first_day", "changed"),
    [
        # From its first day on the week after is Jo's: Bo's duty tells who takes over.
        (7, True),
        # From its second day on it isn't told.
        (8, False),
    ],
)
def test_the_week_before_a_covered_one_tells_who_takes_over(first_day: int, changed: bool) -> None:
    covered = Duty(MONDAY + first_day * DAY, MONDAY + 10 * DAY, "engineer", "primary", "fay")
    before, after = (
        by_uid(calendar(ROSTER, plan))[f"{UID}@setrota"]
        for plan in (samples.SCHEDULE, give_duty(samples.SCHEDULE, covered, "jo", AT))
    )
    assert before["DTSTAMP"].dt == samples.PLANNED_AT
    assert after["DTSTAMP"].dt == (AT if changed else samples.PLANNED_AT)
    assert (after["DESCRIPTION"] != before["DESCRIPTION"]) == changed


@pytest.mark.parametrize("filters", [{}, {"person": "bo"}])
def test_the_first_cover_of_an_undated_crew_makes_no_stamp_older(filters: dict[str, str]) -> None:
    by_hand = samples.schedule(replace(crew, planned=None) for crew in samples.SCHEDULE.crews)
    covered = give_duty(by_hand, replace(PRIMARY, start=MONDAY + 3 * DAY), "jo", datetime(2026, 12, 1, tzinfo=UTC))
    before, after = (by_uid(calendar(ROSTER, each, **filters)) for each in (by_hand, covered))
    assert len({event["SUMMARY"].split()[-1] for event in before.values()}) > 2
    risen = 0
    for uid, event in before.items():
        if now := after.get(uid):
            assert now["DTSTAMP"].dt >= event["DTSTAMP"].dt, uid
            risen += now["DTSTAMP"].dt > event["DTSTAMP"].dt
    assert risen


def test_a_private_reason_is_nowhere() -> None:
    plan = give_duty(samples.SCHEDULE, PRIMARY, "jo", AT, reason="chickenpox")
    for feed in FEEDS:
        assert "chickenpox" not in FeedWriter(ROSTER, plan).calendar_text(feed, tombstones=True)
