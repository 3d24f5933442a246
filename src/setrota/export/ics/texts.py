"""What events tell about duties, in the order in which somebody needs it at nine on Monday.

Knows the words; which duties they are about comes in or is looked up in the diary.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from setrota.export.ics.diary import Diary
from setrota.export.ics.entries import Telling
from setrota.export.wording import NOBODY, chat_of, day_text, escalation, kind_of, name_of, plain, team_names
from setrota.periods import DAY
from setrota.roster import Roster
from setrota.schedule import Duty, worth_telling


def who(roster: Roster, handle: str | None) -> str:
    """`Bo Lindqvist (Channels)`; `nobody`."""
    if handle is None:
        return NOBODY
    teams = ", ".join(team_names(roster, handle))
    return f"{name_of(roster, handle)} ({teams})" if teams else name_of(roster, handle)


def contact(roster: Roster, handle: str | None) -> str:
    """`Bo Lindqvist (Channels) @bo.lindqvist`; without the mention where it would reach nobody or everybody."""
    chat = chat_of(roster, handle) if handle else None
    return f"{who(roster, handle)} {chat}" if chat else who(roster, handle)


def seat_title(roster: Roster, rotation: str, kind: str) -> str:
    """How people call a kind of seat where a line begins: its title, without one the kind."""
    return plain(roster.guide.of_seat(rotation, kind).title or "") or plain(kind)


def seat_word(roster: Roster, rotation: str, kind: str) -> str:
    """How people call a kind of seat within a line: a title that only writes the kind in capitals is the kind."""
    title = seat_title(roster, rotation, kind)
    return plain(kind) if title.casefold() == plain(kind).casefold() else title


def title_of(roster: Roster, duty: Duty) -> str:
    return seat_title(roster, duty.rotation, roster.seat_of(duty.rotation, duty.seat).kind)


def word_of(roster: Roster, duty: Duty) -> str:
    return seat_word(roster, duty.rotation, roster.seat_of(duty.rotation, duty.seat).kind)


def prose(text: str | None) -> list[str]:
    """The lines of a text of several, each harmless, with those between paragraphs."""
    return [plain(line) for line in (text or "").splitlines()]


def days_of(duty: Duty) -> str:
    """`Mon 11 to Sun 17 Jan 2027`, as short as that, the last day included."""
    start, last = duty.start, duty.end - DAY
    if start == last:
        return day_text(start)
    first = day_text(start, last.year)
    if (start.year, start.month) == (last.year, last.month):
        first = first.rpartition(" ")[0]
    return f"{first} to {day_text(last)}"


def of_duty(diary: Diary, duty: Duty, period: tuple[date, date], mine: bool) -> Telling:
    """What the event of a duty tells everybody, or, where it is `mine`, whoever has it."""
    roster = diary.roster
    kind = kind_of(roster, duty)
    rota = plain(roster.short_name)
    summary = f"You are {rota} {kind}" if mine else f"{rota} {kind}: {who(roster, duty.person)}"
    seat = roster.seat_of(duty.rotation, duty.seat)
    return Telling(
        summary,
        (
            prose(roster.guide.of_seat(duty.rotation, seat.kind).description),
            [*_crew(diary, duty, period), *_escalation(roster)],
            _neighbours(diary, duty, mine),
            _own(diary, duty, mine),
            links(roster),
            prose(roster.guide.reminder) if duty.person is not None else (),
        ),
    )


def _crew(diary: Diary, duty: Duty, period: tuple[date, date]) -> Iterator[str]:
    """The crew that is on duty during a duty, a line each."""
    roster, (start, end) = diary.roster, (duty.start, duty.end)
    beside = [each for crew in diary.crews(*period) for each in diary.duties(crew)]
    during = worth_telling(roster, (each for each in beside if each.start < end and each.end > start))
    for each in diary.placed(during):
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


def _neighbours(diary: Diary, duty: Duty, mine: bool) -> Iterator[str]:
    """From whom somebody takes the seat over, and to whom it goes; nothing where they keep it, or nobody has it."""
    if duty.person is None:
        return
    roster, before, after = diary.roster, diary.previous(duty), diary.following(duty)
    if before and before.person not in (None, duty.person):
        takes = "You take over from" if mine else "Takes over from"
        yield f"{takes} {contact(roster, before.person)} on {day_text(duty.start)}"
    if after and after.person != duty.person and worth_telling(roster, [after]):
        hands = "You hand over to" if mine else "Hands over to"
        yield f"{hands} {contact(roster, after.person)} on {day_text(duty.end)}"


def _own(diary: Diary, duty: Duty, mine: bool) -> Iterator[str]:
    """The same person's duties before and after."""
    roster, before, after = diary.roster, diary.own_before(duty), diary.own_after(duty)
    if before:
        yield f"{'Your duty before' if mine else 'Duty before'}: {word_of(roster, before)}, {days_of(before)}"
    if after:
        yield f"{'Your next duty' if mine else 'Next duty'}: {word_of(roster, after)}, {days_of(after)}"


def links(roster: Roster) -> Iterator[str]:
    """Where work comes from, as far as there is a link."""
    for source in roster.guide.sources:
        if source.link:
            yield f"{plain(source.name)}: {plain(source.link)}"
