"""The events of duties: one for each segment of each seat.

Knows which duties are events, in whose calendars, and what they say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import partial

from setrota.dates.periods import DAY, handover_on
from setrota.export.calendars.events import CalendarEvent, EventText, SeatHolder
from setrota.export.calendars.identity import sequence, uid
from setrota.export.calendars.index import ScheduleIndex
from setrota.reports.wording import (
    chat_of,
    day_text,
    escalation,
    handover_text,
    kind_of,
    moment_text,
    name_of,
    plain,
    seat_title,
    team_names,
    title_of,
)
from setrota.roster import Roster
from setrota.schedule import Crew, Duty, by_place, without_empty_optional


def duties(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """Yield an event for each duty, in time order; that of an empty optional seat is in nobody's calendar."""
    for crew in index.schedule.crews:
        for duty, segment in _segments(crew.duties()):
            yield _event(index, crew, duty, segment)


def former_duties(index: ScheduleIndex) -> Iterator[CalendarEvent]:
    """Yield the events as they were before changes, latest last, for the calendars that had them then."""
    for crew in index.schedule.crews:
        for state in index.former_states(crew):
            for duty, segment in _segments(state):
                then = _event(index, crew, duty, segment)
                yield replace(then, audience=frozenset(), former_audience=then.audience)


def seat_holders(roster: Roster, held: Iterable[Duty]) -> frozenset[SeatHolder]:
    """Return whose calendars duties belong to; an empty seat's has no person, an empty optional seat's is left out."""
    return frozenset((duty.rotation, duty.person) for duty in without_empty_optional(roster, held))


def _segments(held: Iterable[Duty]) -> Iterator[tuple[Duty, int]]:
    """Yield duties, each with its number among the segments of its seat, from 1."""
    segments: dict[str, int] = {}
    for duty in held:
        segments[duty.seat] = segments.get(duty.seat, 0) + 1
        yield duty, segments[duty.seat]


def _event(index: ScheduleIndex, crew: Crew, duty: Duty, segment: int) -> CalendarEvent:
    roster = index.roster
    return CalendarEvent(
        uid=uid(roster, crew, duty.seat, segment),
        stamp=index.last_decision(crew, duty),
        sequence=sequence(crew, duty.seat),
        zone=roster.zone_of(duty.rotation).key,
        start=handover_on(roster, duty.rotation, duty.start),
        end=handover_on(roster, duty.rotation, duty.end),
        category=kind_of(roster, duty),
        text_for=partial(duty_text, index, duty),
        audience=seat_holders(roster, [duty]),
        alarm=roster.notes.alarm,
    )


# The events' texts, in the order in which people need them at nine on Monday


def who(roster: Roster, handle: str | None) -> str:
    """Return `Bo Lindqvist (Channels)`, or `nobody`."""
    teams = ", ".join(team_names(roster, handle)) if handle else ""
    return f"{name_of(roster, handle)} ({teams})" if teams else name_of(roster, handle)


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
    """Return the days [start, end) in short, with the last day: `Mon 11 to Sun 17 Jan 2027`."""
    last = end - DAY
    if start == last:
        return day_text(start)
    first = day_text(start, last.year)
    if (start.year, start.month) == (last.year, last.month):
        first = first.rpartition(" ")[0]
    return f"{first} to {day_text(last)}"


def duty_text(index: ScheduleIndex, duty: Duty, reader: str | None) -> EventText:
    """Return what a duty's event says to everyone (`reader` is None), or to the person who has the duty."""
    roster, mine = index.roster, reader is not None
    kind, rota = kind_of(roster, duty), plain(roster.short_name)
    summary = f"You are {rota} {kind}" if mine else f"{rota} {kind}: {who(roster, duty.person)}"
    seat = roster.seat_of(duty.rotation, duty.seat)
    about = lines_of(roster.notes.of_seat(duty.rotation, seat.kind).description)
    reminder = lines_of(roster.notes.reminder) if duty.person is not None else []
    around = _neighbours(index, duty, mine), _own(index, duty, mine)
    return EventText(summary, (about, *_crew(index, duty), *around, links(roster), reminder))


def _crew(index: ScheduleIndex, duty: Duty) -> Iterator[list[str]]:
    """Yield who is on duty during a duty, a line each, with the order of escalation.

    Rotations whose crews change during the duty follow, crew by crew.
    """
    roster, crews = index.roster, list(index.crews(duty.start, duty.end))
    turns = Counter(crew.period.rotation for crew in crews)
    # A rotation with one seat gets a line for each person who holds it.
    passing = [crew for crew in crews if turns[crew.period.rotation] > 1 and len(crew.seats) > 1]
    staying = [crew for crew in crews if crew not in passing]
    yield [*_seats(index, staying, duty.start, duty.end), *_escalation(roster)]
    blocks: dict[tuple[date, date], list[Crew]] = {}
    for crew in passing:
        days = max(crew.period.start, duty.start), min(crew.period.end, duty.end)
        blocks.setdefault(days, []).append(crew)
    for (start, end), together in blocks.items():
        yield [f"{span_of(start, end)}:", *_seats(index, together, start, end)]


def _seats(index: ScheduleIndex, crews: Iterable[Crew], start: date, end: date) -> Iterator[str]:
    """Yield who has which seat of the crews on the days [start, end)."""
    roster = index.roster
    held = (each for crew in crews for each in index.duties(crew) if each.start < end and each.end > start)
    for each in by_place(roster, without_empty_optional(roster, held)):
        words = [f"{title_of(roster, each)}: {contact(roster, each.person)}"]
        if each.start > start:
            words.append(f"from {day_text(each.start)}")
        if each.end < end:
            words.append(f"until {day_text(each.end)}")
        yield " ".join(words)


def _escalation(roster: Roster) -> Iterator[str]:
    steps = escalation(roster)
    words: dict[str, str] = {}
    for rotation in roster.rotations.values():
        for kind in rotation.kinds:
            words.setdefault(plain(kind), seat_word(roster, rotation.name, kind))
    if len(steps) > 1:
        yield f"Escalation: {' → '.join(words[step] for step in steps)}"


def _neighbours(index: ScheduleIndex, duty: Duty, mine: bool) -> Iterator[str]:
    """Yield whom a person takes the seat over from and hands it over to; nothing if they keep it or nobody has it."""
    if duty.person is None:
        return
    roster, before, after = index.roster, index.predecessor(duty), index.successor(duty)
    if before and before.person not in (None, duty.person):
        takes = "You take over from" if mine else "Takes over from"
        yield f"{takes} {contact(roster, before.person)} {_handover(index, duty.rotation, duty.start, mine)}"
    if after and after.person != duty.person and without_empty_optional(roster, [after]):
        hands = "You hand over to" if mine else "Hands over to"
        yield f"{hands} {contact(roster, after.person)} {_handover(index, duty.rotation, duty.end, mine)}"


def _handover(index: ScheduleIndex, rotation: str, day: date, mine: bool) -> str:
    """Return `on Mon 11 Jan 2027 09:00`; if it is `mine`, also when the crews meet for it."""
    roster = index.roster
    handover = f"on {handover_text(roster, rotation, day)}"
    moment = index.meeting_of(rotation, day) if mine else None
    if moment is None:
        return handover
    return f"{handover}; handover meeting on {moment_text(moment, day.year)}"


def _own(index: ScheduleIndex, duty: Duty, mine: bool) -> Iterator[str]:
    """Yield the same person's duties before and after."""
    roster, before, after = index.roster, index.own_before(duty), index.own_after(duty)
    if before:
        yield f"{'Your duty before' if mine else 'Duty before'}: {_duty(roster, before)}"
    if after:
        yield f"{'Your next duty' if mine else 'Next duty'}: {_duty(roster, after)}"


def _duty(roster: Roster, duty: Duty) -> str:
    word = seat_word(roster, duty.rotation, roster.seat_of(duty.rotation, duty.seat).kind)
    return f"{word}, {span_of(duty.start, duty.end)}"


def links(roster: Roster) -> Iterator[str]:
    """Yield where work comes from and how often to look there, for sources with a link."""
    for source in roster.notes.sources:
        if source.link:
            look = plain(source.look or "").rstrip(".")
            yield f"{plain(source.name)}{f' ({look})' if look else ''}: {plain(source.link)}"
