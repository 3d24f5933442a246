"""What a chat is told when the crew changes: who is on duty from now on, who comes and who goes.

Knows how to find out which crew a channel's header tells. Knows no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from setrota.dates.periods import DAY, WEEK, handover_on, instant
from setrota.export.channel.crews import Crews
from setrota.export.channel.header import tells_crew
from setrota.reports.wording import bare
from setrota.roster import Roster
from setrota.schedule import Crew, Schedule
from setrota.schedule.standings import Standing, standings_at, told

JUST_BEFORE = timedelta(seconds=1)
LOOKED_BACK = 8 * WEEK
"""A header that has told nothing for longer is nobody's concern."""


@dataclass(frozen=True)
class Handover:
    """The crew that was told of before, and that of `at`, which began at `since`, in UTC.

    Handles are in the order of their seats.
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
        """The same for two handovers that tell the same of the same time, and only for those."""
        return f"{self.since.isoformat()} {self.comes} {self.goes} {_seats(self.after)}"


def last_handover(roster: Roster, schedule: Schedule, at: datetime) -> Handover | None:
    """The last time before a moment that a seat changed hands; None if it never did."""
    moments = _before_changes(roster, schedule, at)
    found = (_handover(roster, schedule, _crew(roster, schedule, moment), at) for moment in moments)
    return next((each for each in found if _seats(each.before) != _seats(each.after)), None)


def untold(roster: Roster, schedule: Schedule, at: datetime, header: str) -> Handover | None:
    """What has changed since a header was made; None if it tells the crew of `at`, or no crew of the last weeks.

    A crew of the last weeks is also one that was decided otherwise since: who covers on the day of the handover takes
    the whole duty, and then no moment of the schedule has the crew that the header told an hour ago.
    """
    if tells_crew(roster, schedule, at, header):
        return None
    for former in (schedule, *_before_decisions(schedule, at)):
        for moment in (at, *_before_changes(roster, former, at)):
            if at - moment <= LOOKED_BACK and tells_crew(roster, former, moment, header):
                return _handover(roster, schedule, _crew(roster, former, moment), at)
    return None


def _before_decisions(schedule: Schedule, at: datetime) -> Iterator[Schedule]:
    """The schedule as it was before each change of the last weeks that was decided in them, the latest first."""
    told = schedule.between((at - LOOKED_BACK).date() - DAY, at.date() + 2 * DAY)
    for moment in sorted({each.at for crew in told for each in crew.changes}, reverse=True):
        if at - moment <= LOOKED_BACK:
            yield replace(schedule, crews=tuple(_before(crew, moment) for crew in schedule.crews))


def _before(crew: Crew, moment: datetime) -> Crew:
    return replace(crew, changes=tuple(each for each in crew.changes if each.at < moment))


def _before_changes(roster: Roster, schedule: Schedule, at: datetime) -> Iterator[datetime]:
    """The last seconds before a duty began or ended, in UTC, the latest first."""
    days = {(duty.rotation, day) for duty in schedule.duties() for day in (duty.start, duty.end)}
    changes = {instant(handover_on(roster, rotation, day)) for rotation, day in days if rotation in roster.rotations}
    for change in sorted((each for each in changes if each <= instant(at)), reverse=True):
        yield change - JUST_BEFORE


def _handover(roster: Roster, schedule: Schedule, before: tuple[Standing, ...], at: datetime) -> Handover:
    since = next(_before_changes(roster, schedule, at)) + JUST_BEFORE
    return Handover(roster, at, since, before, _crew(roster, schedule, at))


def _crew(roster: Roster, schedule: Schedule, at: datetime) -> tuple[Standing, ...]:
    return tuple(told(roster, each) for each in standings_at(roster, schedule, at))


def _seats(standings: Iterable[Standing]) -> dict[tuple[str, str], str | None]:
    return {(duty.rotation, duty.seat): duty.person for one in standings for duty in one.duties}


def _people(standings: Iterable[Standing]) -> list[str]:
    return list(dict.fromkeys(person for person in _seats(standings).values() if person is not None))


def handover_note(handover: Handover, *, slack: bool = False) -> str:
    """The crew in a line, and in a second who comes and goes: Markdown with mentions, or for Slack words with names."""
    return _note(handover.roster, handover.at, handover.after, handover, slack)


def crew_note(roster: Roster, schedule: Schedule, at: datetime, *, slack: bool = False) -> str:
    """The crew of a moment likewise, with who came and went when a seat changed hands last."""
    return _note(roster, at, _crew(roster, schedule, at), last_handover(roster, schedule, at), slack)


def _note(roster: Roster, at: datetime, standings: tuple[Standing, ...], handover: Handover | None, slack: bool) -> str:
    crews = Crews(roster, standings, at.astimezone(roster.zone).year)
    if slack:
        crews = Crews(roster, standings, crews.year, text=bare, mentions=False)
    lines = [f"{crews.text(roster.short_name)}: {crews.crew(frozenset())}"]
    if handover:
        moves = [("Comes", handover.comes), ("Goes", handover.goes)]
        lines.append(". ".join(f"{word}: {', '.join(map(crews.person, who))}" for word, who in moves if who))
    return "\n".join(filter(None, lines))
