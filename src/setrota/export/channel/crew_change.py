"""A change of crew as a chat shows it: who is on duty from now on, who comes and who goes.

Finds out which crew a channel's header shows. Knows no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from setrota.dates.periods import DAY, WEEK, instant, instant_of
from setrota.export.channel.crew_line import CrewLine
from setrota.export.channel.header import shows_crew
from setrota.roster import Roster
from setrota.schedule import Schedule
from setrota.schedule.standings import Standing, standings_at

JUST_BEFORE = timedelta(seconds=1)
LOOKED_BACK = 8 * WEEK
"""How far back to look for the crew in a header."""


@dataclass(frozen=True)
class CrewChange:
    """An earlier crew, and the crew at the moment `at`, which began at `since`, in UTC.

    `comes` and `goes` are handles in the order of their seats.
    """

    roster: Roster
    at: datetime
    since: datetime
    before: tuple[Standing, ...]
    after: tuple[Standing, ...]

    @property
    def comes(self) -> list[str]:
        return [each for each in _people(self.after) if each not in _people(self.before)]

    @property
    def goes(self) -> list[str]:
        return [each for each in _people(self.before) if each not in _people(self.after)]

    @property
    def mark(self) -> str:
        """A text that two changes share exactly if they are announced alike and happened at the same time."""
        return f"{self.since.isoformat()} {self.comes} {self.goes} {_seats(self.after)}"


def last_crew_change(roster: Roster, schedule: Schedule, at: datetime) -> CrewChange | None:
    """Return the last change before a moment in which a seat changed hands; None if there was none."""
    moments = _before_changes(roster, schedule, at)
    found = (_change(roster, schedule, _crew(roster, schedule, moment), at) for moment in moments)
    return next((each for each in found if _seats(each.before) != _seats(each.after)), None)


def change_since(roster: Roster, schedule: Schedule, at: datetime, header: str) -> CrewChange | None:
    """Return how the crew differs from the one in a header.

    None if the header shows the crew at `at`, or a crew that wasn't on duty in the last weeks. Crews that a later
    change replaced count too: someone who covers from the day of the handover takes the whole duty, and then the
    schedule no longer has the crew that the header showed an hour ago.
    """
    if shows_crew(roster, schedule, at, header):
        return None
    for former in (schedule, *_former_schedules(schedule, at)):
        for moment in (at, *_before_changes(roster, former, at)):
            if at - moment <= LOOKED_BACK and shows_crew(roster, former, moment, header):
                return _change(roster, schedule, _crew(roster, former, moment), at)
    return None


def _former_schedules(schedule: Schedule, at: datetime) -> Iterator[Schedule]:
    """Yield the schedule as it was before each change made in the last weeks to crews of those weeks, latest first."""
    crews = schedule.between((at - LOOKED_BACK).date() - DAY, at.date() + 2 * DAY)
    for moment in sorted({each.at for crew in crews for each in crew.changes}, reverse=True):
        if at - moment <= LOOKED_BACK:
            yield replace(schedule, crews=tuple(crew.before(moment) for crew in schedule.crews))


def _before_changes(roster: Roster, schedule: Schedule, at: datetime) -> Iterator[datetime]:
    """Yield the last second before each time that a duty began or ended, in UTC, latest first."""
    points = {(duty.rotation, point) for duty in schedule.duties() for point in (duty.start, duty.end)}
    changes = {instant_of(roster, rotation, point) for rotation, point in points if rotation in roster.rotations}
    for change in sorted((each for each in changes if each <= instant(at)), reverse=True):
        yield change - JUST_BEFORE


def _change(roster: Roster, schedule: Schedule, before: tuple[Standing, ...], at: datetime) -> CrewChange:
    since = next(_before_changes(roster, schedule, at)) + JUST_BEFORE
    return CrewChange(roster, at, since, before, _crew(roster, schedule, at))


def _crew(roster: Roster, schedule: Schedule, at: datetime) -> tuple[Standing, ...]:
    return tuple(each.without_empty_optional(roster) for each in standings_at(roster, schedule, at))


def _seats(standings: Iterable[Standing]) -> dict[tuple[str, str], str | None]:
    return {(duty.rotation, duty.seat): duty.person for one in standings for duty in one.duties}


def _people(standings: Iterable[Standing]) -> list[str]:
    return list(dict.fromkeys(person for person in _seats(standings).values() if person is not None))


def announcement(change: CrewChange) -> str:
    """Return the crew in one line, and who comes and who goes in a second: Markdown with mentions."""
    return _note(change.roster, change.at, change.after, change, slack=False)


def crew_note(roster: Roster, schedule: Schedule, at: datetime, *, slack: bool = False) -> str:
    """Return the same for a moment, with who came and who went when a seat last changed hands."""
    return _note(roster, at, _crew(roster, schedule, at), last_crew_change(roster, schedule, at), slack)


def _note(roster: Roster, at: datetime, standings: tuple[Standing, ...], change: CrewChange | None, slack: bool) -> str:
    line = CrewLine(roster, standings, at, slack)
    lines = [f"{line.text(roster.short_name)}: {line.crew(frozenset())}"]
    if change:
        moves = [("Coming on duty", change.comes), ("Going off duty", change.goes)]
        lines.append(". ".join(f"{word}: {', '.join(map(line.person, who))}" for word, who in moves if who))
    return "\n".join(filter(None, lines))
