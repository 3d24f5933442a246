"""The events at which a crew that goes meets the one that comes.

Knows when they meet and who goes and comes. Where nobody changes, or one side isn't planned, nobody meets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from itertools import groupby
from typing import NamedTuple

from setrota.dates.periods import DAY, instant
from setrota.export.calendars import texts
from setrota.export.calendars.duties import seat_holders
from setrota.export.calendars.events import CalendarEvent, EventText
from setrota.export.calendars.identity import decision_count, uid_of_handover
from setrota.export.calendars.index import Boundary, ScheduleIndex
from setrota.export.calendars.revisions import UNDATED, decision_times, on_day, state_before, touches
from setrota.reports.wording import handover_text, kind_of, plain, title_of
from setrota.roster import Roster
from setrota.schedule import Duty, by_place, slot_of, without_empty_optional


class SeatChange(NamedTuple):
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


def handovers(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """An event for each day on which crews change, in time order; none unless the roster says when crews meet."""
    for day, boundaries in index.boundaries.items():
        if event := _event(index, day, boundaries):
            yield event


def _event(index: ScheduleIndex, day: date, boundaries: list[Boundary]) -> CalendarEvent | None:
    roster, start = index.roster, index.crews_meet(day)
    if start is None:
        return None
    # What else is changed about these crews doesn't touch who meets.
    sides = [(crew, there) for each in boundaries for crew, there in ((each.going, day - DAY), (each.coming, day))]
    concerned = [(crew, partial(touches, crew, there, there + DAY)) for crew, there in sides]
    changes = [change for each in boundaries for change in _changes(roster, day, each)]
    once = [change for each in boundaries for change in _past_changes(roster, day, each)]
    return CalendarEvent(
        uid=uid_of_handover(roster, day),
        stamp=max((at for crew, touching in concerned for at in decision_times([crew], touching)), default=UNDATED),
        sequence=sum(decision_count(crew, touching) for crew, touching in concerned),
        zone=roster.zone.key,
        start=start,
        end=(instant(start) + roster.notes.brief.duration).astimezone(roster.zone),
        category="handover",
        text_for=partial(_text_for, roster, day, changes),
        audience=seat_holders(roster, _duties(changes)),
        former_audience=seat_holders(roster, _duties(once)),
    )


def _changes(roster: Roster, day: date, boundary: Boundary) -> list[SeatChange]:
    """The seats whose holders change, in the roster's order."""
    was, now = (
        {slot_of(roster, duty): duty for duty in by_place(roster, on_day(crew.duties(), there))}
        for crew, there in ((boundary.going, day - DAY), (boundary.coming, day))
    )
    changes = [SeatChange(was.get(slot), now.get(slot)) for slot in dict.fromkeys([*was, *now])]
    return [change for change in changes if change.people[0] != change.people[1]]


def _past_changes(roster: Roster, day: date, boundary: Boundary) -> Iterator[SeatChange]:
    """The seats whose holders changed before some change of one crew or the other."""
    for moment in sorted({change.at for crew in boundary for change in crew.changes}):
        going, coming = (state_before(crew, moment) for crew in boundary)
        if going and coming:
            yield from _changes(roster, day, Boundary(going, coming))


def _duties(changes: Iterable[SeatChange]) -> Iterator[Duty]:
    """The duties of those who go and who come."""
    return (duty for change in changes for duty in change if duty and duty.person)


def _text_for(roster: Roster, day: date, changes: list[SeatChange], reader: str | None) -> EventText:
    checklist = [f"- {plain(line)}" for line in roster.notes.brief.checklist]
    return EventText(
        f"{plain(roster.short_name)} handover",
        (
            _own_lines(roster, day, changes, reader) if reader else (),
            _everybody(roster, day, changes),
            checklist,
        ),
    )


def _own_lines(roster: Roster, day: date, changes: list[SeatChange], reader: str) -> Iterator[str]:
    rota = plain(roster.short_name)
    for change in changes:
        was, now = change.people
        seat, when = f"{rota} {kind_of(roster, change.seat)}", handover_text(roster, change.seat.rotation, day)
        if was == reader:
            yield f"You hand {seat} over to {texts.contact(roster, now)} on {when}"
        elif now == reader:
            yield f"You take {seat} over from {texts.contact(roster, was)} on {when}"


def _everybody(roster: Roster, day: date, changes: list[SeatChange]) -> Iterator[str]:
    worth = (change for change in changes if without_empty_optional(roster, filter(None, change)))
    for when, together in groupby(worth, key=lambda change: handover_text(roster, change.seat.rotation, day)):
        yield f"On {when}:"
        for change in together:
            was, now = (texts.contact(roster, person) for person in change.people)
            yield f"{title_of(roster, change.seat)}: {was} → {now}"
