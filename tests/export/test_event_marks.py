"""The revision mark of an event: DTSTAMP, LAST-MODIFIED and SEQUENCE, the only lines that some programs compare."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import samples
from calendar_events import marked_events

from setrota.export.calendars.feeds import calendar
from setrota.roster.notes import Brief, Meeting, Notes
from setrota.schedule import Change, Schedule
from setrota.schedule.moves import give_duty

CALL = Meeting(name="Call", weekday=2, time=time(14), duration=timedelta(minutes=45), seats=frozenset({"lead"}))
ROSTER = samples.roster(
    notes=Notes(meetings=(CALL,), brief=Brief(weekday=4, time=time(15)), alarm=timedelta(days=1), reminder="é" * 99)
)
AT = datetime(2027, 1, 1, 9, 30, tzinfo=UTC)


def covered() -> Schedule:
    duty = next(each for each in samples.SCHEDULE.duties() if each.person == "bo")
    return give_duty(samples.SCHEDULE, duty, "jo", AT)


@pytest.mark.parametrize("plan", [samples.SCHEDULE, covered()], ids=["planned", "covered"])
@pytest.mark.parametrize("filters", [{}, {"person": "bo"}], ids=["all", "own"])
def test_last_modified_is_the_decision_a_day_a_revision_and_a_digest_of_the_other_lines(
    plan: Schedule, filters: dict[str, str]
) -> None:
    text = calendar(ROSTER, plan, tombstones=True, **filters)
    assert ("STATUS:CANCELLED" in text) == (plan != samples.SCHEDULE and bool(filters))
    found = marked_events(text)
    assert len(found) > 1
    for uid, event in found.items():
        stamp, modified, sequence = (line.partition(":")[2] for line in event.mark)
        # UID and DTSTAMP come first, then SEQUENCE and what the event says.
        lines = ["BEGIN:VEVENT", uid, event.mark[0], event.mark[2], *event.lines[1:], "END:VEVENT"]
        digest = hashlib.sha256("".join(f"{line}\r\n" for line in lines).encode()).hexdigest()
        ahead = timedelta(days=int(sequence), seconds=int(digest, 16) % 86_400)
        assert f"{datetime.strptime(stamp, '%Y%m%dT%H%M%SZ') + ahead:%Y%m%dT%H%M%SZ}" == modified


def test_however_often_an_event_was_revised_its_mark_is_a_date() -> None:
    cover = Change(AT, "lead", "ana", "jo")
    crew = samples.computed(date(2027, 1, 4), "ana", of=samples.LEAD, revision=1_000_000)
    plan = samples.schedule(replace(crew, changes=(cover,)))
    (duty, *_) = marked_events(calendar(ROSTER, plan)).values()
    stamp, modified, sequence = duty.mark
    assert (stamp, sequence) == ("DTSTAMP:20270101T093000Z", "SEQUENCE:1000000")
    # A year after the decision, and the digest's part of a day.
    assert modified[:-8] in ("LAST-MODIFIED:20280101", "LAST-MODIFIED:20280102")
