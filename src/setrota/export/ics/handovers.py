"""The events at which a crew that goes meets the one that comes.

Knows when they meet and who goes and comes. Where nobody changes, or one side isn't planned, nobody meets.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date
from functools import partial
from typing import NamedTuple

from setrota.export.ics import texts
from setrota.export.ics.diary import Diary, moments_of
from setrota.export.ics.duties import places
from setrota.export.ics.entries import Entry, Telling
from setrota.export.ics.identity import decisions, uid_of_handover
from setrota.export.wording import day_text, kind_of, plain
from setrota.meetings import handover_meeting
from setrota.periods import DAY, handover_on
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, worth_telling


class Boundary(NamedTuple):
    """A day on which one crew of a rotation ends and another begins."""

    day: date
    going: Crew
    coming: Crew


class Change(NamedTuple):
    """A seat of which the holder changes; None where there is no such seat before or after."""

    was: Duty | None
    now: Duty | None

    @property
    def seat(self) -> Duty:
        duty = self.was or self.now
        assert duty is not None
        return duty

    @property
    def people(self) -> tuple[str | None, str | None]:
        return self.was.person if self.was else None, self.now.person if self.now else None


def handovers(diary: Diary) -> Iterator[Entry]:
    """An event for each day on which crews change, in time order; none unless the roster says when crews meet."""
    boundaries: dict[date, list[Boundary]] = {}
    for crew in diary.schedule.crews:
        day = crew.period.end
        if coming := diary.crew_on(crew.period.rotation, day):
            boundaries.setdefault(day, []).append(Boundary(day, crew, coming))
    order = list(diary.roster.rotations)
    for day in sorted(boundaries):
        found = sorted(boundaries[day], key=lambda each: _rank(order, each.going.period.rotation))
        if entry := _entry(diary, day, found):
            yield entry


def _rank(order: list[str], rotation: str) -> tuple[int, str]:
    return order.index(rotation) if rotation in order else len(order), rotation


def _entry(diary: Diary, day: date, boundaries: list[Boundary]) -> Entry | None:
    roster, brief = diary.roster, diary.roster.guide.brief
    instants = (handover_on(roster, each.going.period.rotation, day) for each in boundaries)
    # As instants: clocks of one zone compare by what they show.
    start = handover_meeting(roster, min(instants, key=lambda instant: instant.astimezone(UTC)))
    if start is None:
        return None
    crews = [crew for each in boundaries for crew in (each.going, each.coming)]
    changes = [change for each in boundaries for change in _changes(diary, each)]
    once = [duty for each in boundaries for duty in (*diary.once(each.going, day - DAY), *diary.once(each.coming, day))]
    return Entry(
        uid=uid_of_handover(roster, day),
        stamp=max(moments_of(crews), default=start),
        sequence=sum(decisions(crew, lambda _: True) for crew in crews),
        zone=roster.zone.key,
        start=start,
        end=(start.astimezone(UTC) + brief.duration).astimezone(roster.zone),
        category="handover",
        tell=partial(_told, roster, day, changes),
        audience=places(roster, (duty for change in changes for duty in change if duty and duty.person)),
        formerly=places(roster, (duty for duty in once if duty.person)),
    )


def _changes(diary: Diary, boundary: Boundary) -> list[Change]:
    """The seats whose holders change, in the roster's order."""
    roster = diary.roster
    was = {_slot(roster, duty): duty for duty in diary.held(boundary.going, boundary.day - DAY)}
    now = {_slot(roster, duty): duty for duty in diary.held(boundary.coming, boundary.day)}
    changes = [Change(was.get(slot), now.get(slot)) for slot in dict.fromkeys([*was, *now])]
    return [change for change in changes if change.people[0] != change.people[1]]


def _slot(roster: Roster, duty: Duty) -> tuple[str, int]:
    return roster.seat_of(duty.rotation, duty.seat).slot


def _told(roster: Roster, day: date, changes: list[Change], reader: str | None) -> Telling:
    checklist = [f"- {plain(line)}" for line in roster.guide.brief.checklist]
    return Telling(
        f"{plain(roster.short_name)} handover",
        (
            _own(roster, day, changes, reader) if reader else (),
            _all(roster, day, changes),
            checklist,
        ),
    )


def _own(roster: Roster, day: date, changes: list[Change], reader: str) -> Iterator[str]:
    rota = plain(roster.short_name)
    for change in changes:
        was, now = change.people
        seat = f"{rota} {kind_of(roster, change.seat)}"
        if was == reader:
            yield f"You hand {seat} over to {texts.contact(roster, now)} on {day_text(day)}"
        elif now == reader:
            yield f"You take {seat} over from {texts.contact(roster, was)} on {day_text(day)}"


def _all(roster: Roster, day: date, changes: list[Change]) -> Iterator[str]:
    yield f"On {day_text(day)}:"
    for change in changes:
        if worth_telling(roster, filter(None, change)):
            was, now = (texts.contact(roster, person) for person in change.people)
            yield f"{texts.title_of(roster, change.seat)}: {was} → {now}"
