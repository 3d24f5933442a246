"""What a chat is told when the crew changes: who is on duty from now on, who comes and who goes.

Knows how to find out which crew a channel's header tells. Knows no network.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from setrota.export.crews import Crews
from setrota.export.header import tells_crew
from setrota.export.wording import bare
from setrota.horizon import Standing, standings_at, told
from setrota.periods import WEEK, handover_on
from setrota.roster import Roster
from setrota.schedule import Schedule

JUST_BEFORE = timedelta(seconds=1)
LOOKED_BACK = 8 * WEEK
"""A header that has told nothing for longer is nobody's concern."""


@dataclass(frozen=True)
class Handover:
    """The crews of two moments of a rota, the later one that of `at`, which began at `since`.

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
    found = (_handover(roster, schedule, moment, at) for moment in _before_changes(roster, schedule, at))
    return next((each for each in found if _seats(each.before) != _seats(each.after)), None)


def untold(roster: Roster, schedule: Schedule, at: datetime, header: str) -> Handover | None:
    """What has changed since a header was made; None if it tells the crew of `at`, or no crew of the last weeks."""
    if tells_crew(roster, schedule, at, header):
        return None
    moments = (each for each in _before_changes(roster, schedule, at) if at - each <= LOOKED_BACK)
    moment = next((each for each in moments if tells_crew(roster, schedule, each, header)), None)
    return _handover(roster, schedule, moment, at) if moment else None


def _before_changes(roster: Roster, schedule: Schedule, at: datetime) -> Iterator[datetime]:
    """The last seconds before a duty began or ended, the latest first."""
    days = {(duty.rotation, day) for duty in schedule.duties() for day in (duty.start, duty.end)}
    changes = {handover_on(roster, rotation, day) for rotation, day in days if rotation in roster.rotations}
    for change in sorted((each for each in changes if each <= at), reverse=True):
        yield change - JUST_BEFORE


def _handover(roster: Roster, schedule: Schedule, before: datetime, at: datetime) -> Handover:
    since = next(_before_changes(roster, schedule, at)) + JUST_BEFORE
    return Handover(roster, at, since, _crew(roster, schedule, before), _crew(roster, schedule, at))


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
