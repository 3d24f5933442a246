"""What the events of duties say: to everyone, or to the person who has the duty.

Knows the schedule's index and the words, but no calendar format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, cached_property, partial

from setrota.dates.cuts import Cut
from setrota.dates.grid import is_open
from setrota.dates.periods import DAY
from setrota.export.calendars.events import EventText
from setrota.export.calendars.index import ScheduleIndex
from setrota.reports.wording import (
    chat_of,
    day_text,
    empty_word,
    escalation,
    handover_text,
    moment_text,
    name_of,
    plain,
    point_text,
    seat_title,
    span_text,
    spans_text,
    team_names,
)
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, without_empty_optional


class DutyTexts:
    """What the events of duties say. What many of them share, such as who else is on duty, is put into words once."""

    def __init__(self, index: ScheduleIndex) -> None:
        self.index = index
        self.roster = index.roster
        self._contact = cache(partial(contact, self.roster))
        self._crew = cache(self._crew_paragraphs)
        self._title = cache(partial(_title, index))

    def text(self, duty: Duty, reader: str | None, *, with_hours: bool = False) -> EventText:
        """Return what a duty's event says to everyone (`reader` is None), or to the person who has the duty.

        It says `with_hours` when its rotation is served.
        """
        mine, rota = reader is not None, plain(self.roster.short_name)
        kind = plain(self.index.seat_of(duty.rotation, duty.seat).kind)
        summary = f"You are {rota} {kind}" if mine else f"{rota} {kind}: {_holder(self.roster, duty)}"
        return EventText(summary, self._paragraphs(duty, mine, with_hours))

    def _paragraphs(self, duty: Duty, mine: bool, with_hours: bool) -> Iterator[Iterable[str]]:
        """Yield an event's paragraphs, in the order in which people need them at nine on Monday."""
        seat = self.index.seat_of(duty.rotation, duty.seat)
        yield lines_of(self.roster.notes.of_seat(duty.rotation, seat.kind).description)
        yield self._times(duty, with_hours)
        yield from self._crew(duty.start, duty.end)
        yield self._neighbours(duty, mine)
        yield self._own(duty, mine)
        yield self._links
        yield lines_of(self.roster.notes.reminder) if duty.person is not None else ()

    def _times(self, duty: Duty, with_hours: bool) -> Iterator[str]:
        """Yield the hours of a duty, if they are asked for, and that its end isn't known, if it isn't."""
        if with_hours:
            yield f"On duty: {spans_text(self.roster.serves_of(duty.rotation))}"
        known = self.roster.rotations.get(duty.rotation)
        if known and known.starts and is_open(self.roster, self.index.schedule.period_of(duty)):
            yield "Lasts until the next start of the rotation, which isn't known yet"

    def _crew_paragraphs(self, start: date, end: date) -> list[list[str]]:
        """Return who is on duty on the days [start, end), a line each, with the order of escalation.

        Rotations whose crews change during these days follow, crew by crew.
        """
        crews = self.index.crews(start, end)
        turns = Counter(crew.period.rotation for crew in crews)
        # A rotation with one seat gets a line for each person who holds it.
        passing = [crew for crew in crews if turns[crew.period.rotation] > 1 and len(crew.seats) > 1]
        staying = [crew for crew in crews if not (turns[crew.period.rotation] > 1 and len(crew.seats) > 1)]
        blocks: dict[tuple[date, date], list[Crew]] = {}
        for crew in passing:
            days = max(crew.period.start, start), min(crew.period.end, end)
            blocks.setdefault(days, []).append(crew)
        found = [[*self._seats(staying, start, end), *self._escalation]]
        return found + [[f"{span_of(*days)}:", *self._seats(crews, *days)] for days, crews in blocks.items()]

    def _seats(self, crews: Iterable[Crew], start: date, end: date) -> Iterator[str]:
        """Yield who has which seat of the crews on the days [start, end)."""
        held = (each for crew in crews for each in self.index.duties(crew) if each.start < end and each.end > start)
        for each in self.index.by_place(without_empty_optional(self.roster, held)):
            holder = self._contact(each.person) if each.person else empty_word(self.roster, each.rotation)
            words = f"{self._title(each.rotation, each.seat)}: {holder}"
            if each.start > start:
                words += f" from {point_text(each.start)}"
            if each.end < end:
                words += f" until {point_text(each.end)}"
            yield words

    @cached_property
    def _escalation(self) -> list[str]:
        steps = escalation(self.roster)
        words: dict[str, str] = {}
        for rotation in self.roster.rotations.values():
            for kind in rotation.kinds:
                words.setdefault(plain(kind), seat_word(self.roster, rotation.name, kind))
        return [f"Escalation: {' → '.join(words[step] for step in steps)}"] if len(steps) > 1 else []

    def _neighbours(self, duty: Duty, mine: bool) -> Iterator[str]:
        """Yield whom a person takes the seat over from and hands it over to; nothing if they keep it or nobody has
        it."""
        if duty.person is None:
            return
        before, after = self.index.predecessor(duty), self.index.successor(duty)
        if before and before.person not in (None, duty.person):
            takes = "You take over from" if mine else "Takes over from"
            yield f"{takes} {self._contact(before.person)} {self._handover(duty.rotation, duty.start, mine)}"
        if after and after.person != duty.person and without_empty_optional(self.roster, [after]):
            hands = "You hand over to" if mine else "Hands over to"
            yield f"{hands} {self._contact(after.person)} {self._handover(duty.rotation, duty.end, mine)}"

    def _handover(self, rotation: str, day: date, mine: bool) -> str:
        """Return `on Mon 11 Jan 2027 09:00`; if it is `mine`, also when the crews meet for it."""
        handover = f"on {handover_text(self.roster, rotation, day)}"
        moment = self.index.meeting_of(rotation, day) if mine else None
        if moment is None:
            return handover
        return f"{handover}; handover meeting on {moment_text(moment, day.year)}"

    def _own(self, duty: Duty, mine: bool) -> Iterator[str]:
        """Yield the same person's duties before and after."""
        before, after = self.index.own_before(duty), self.index.own_after(duty)
        if before:
            yield f"{'Your duty before' if mine else 'Duty before'}: {self._duty(before)}"
        if after:
            yield f"{'Your next duty' if mine else 'Next duty'}: {self._duty(after)}"

    def _duty(self, duty: Duty) -> str:
        kind = self.index.seat_of(duty.rotation, duty.seat).kind
        return f"{seat_word(self.roster, duty.rotation, kind)}, {span_of(duty.start, duty.end)}"

    @cached_property
    def _links(self) -> list[str]:
        return list(links(self.roster))


def _title(index: ScheduleIndex, rotation: str, seat: str) -> str:
    return seat_title(index.roster, rotation, index.seat_of(rotation, seat).kind)


def who(roster: Roster, handle: str | None) -> str:
    """Return `Bo Lindqvist (Channels)`, or `nobody`."""
    teams = ", ".join(team_names(roster, handle)) if handle else ""
    return f"{name_of(roster, handle)} ({teams})" if teams else name_of(roster, handle)


def _holder(roster: Roster, duty: Duty) -> str:
    return empty_word(roster, duty.rotation) if duty.person is None else who(roster, duty.person)


def contact(roster: Roster, handle: str | None) -> str:
    """Return `Bo Lindqvist (Channels) @bo.lindqvist`, without a mention that would reach nobody or everyone."""
    chat = chat_of(roster, handle) if handle else None
    return f"{who(roster, handle)} {chat}" if chat else who(roster, handle)


def seat_word(roster: Roster, rotation: str, kind: str) -> str:
    """Return what a kind of seat is called within a line: its title, unless that only capitalizes the kind."""
    title = seat_title(roster, rotation, kind)
    return plain(kind) if title.casefold() == plain(kind).casefold() else title


def lines_of(text: str | None) -> list[str]:
    """Return the lines of a text, each made harmless; blank lines stay."""
    return [plain(line) for line in (text or "").splitlines()]


def span_of(start: date, end: date) -> str:
    """Return the days [start, end) in short, with the last day: `Mon 11 to Sun 17 Jan 2027`; instants in full."""
    if isinstance(start, Cut) or isinstance(end, Cut):
        return span_text(start, end)
    last = end - DAY
    if start == last:
        return day_text(start)
    first = day_text(start, last.year)
    if (start.year, start.month) == (last.year, last.month):
        first = first.rpartition(" ")[0]
    return f"{first} to {day_text(last)}"


def links(roster: Roster) -> Iterator[str]:
    """Yield where work comes from and how often to look there, for sources with a link."""
    for source in roster.notes.sources:
        if source.link:
            look = plain(source.look or "").rstrip(".")
            yield f"{plain(source.name)}{f' ({look})' if look else ''}: {plain(source.link)}"
