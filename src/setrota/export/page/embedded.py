"""The data that the page's script reads, as JSON in the page.

Instants are numbers in one list, each in seconds after the one before it, and people numbers in a list of people: both
occur often; -1 is no instant, and nobody. In `rotations` stand a name, what an empty seat is called, shifts and phases.

- Person: a list of what `facts` names, of which `path` and `feed` are where the calendar is; a team is a number in
  `names`.
- Shift: `[seat, person, start, end, until = end, away = []]`, the seat a number in `seats`, where it is empty if the
  rotation's name says it all, and in `duties`.
- Phase: `[since, state, shifts, next shifts, …sentence]`; state 0: they are on duty; 1: nobody should be; 2: alarm.
- Warning: `[since, until, …sentence]`.
- Sentence: `[words, from = -1, to = -1]`, the words a number in `words`.
- Table: `[unit, [start of each row, …, end of the last]]`.
- Part of the table of people that can be closed: its end.
- Line: `[person, words, path]`, the path in a picture of 300 x 60.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, time
from itertools import pairwise
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from setrota.dates.cuts import day_of
from setrota.dates.periods import DAY
from setrota.export.page.calendars import CalendarLink, subscribed
from setrota.export.page.people import closable
from setrota.export.page.words import PageNames
from setrota.reports.page import TeamPage
from setrota.reports.page.fair import FairnessLine
from setrota.reports.page.shifts import Hole, Phase, RotationTimes, Shift
from setrota.reports.wording import NOBODY, OPEN

NONE = -1
BEFORE = datetime(1970, 1, 1, tzinfo=UTC)
"""Since when it is said that a rotation hasn't begun."""

_ON, _OFF, _ALARM = 0, 1, 2

_NOBODY_ON_DUTY = "Nobody on duty"


def embedded(page: TeamPage, calendars: Sequence[CalendarLink], base: str | None) -> str:
    """JSON that can't end the element it stands in."""
    writer = _Writer(page, {each.person: each.path for each in calendars if each.person is not None}, base)
    found = json.dumps(writer.document(), ensure_ascii=False, separators=(",", ":"))
    return found.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


class _Numbered(dict[Any, int]):
    """Values by the number in which they come."""

    def __missing__(self, key: Any) -> int:
        self[key] = len(self)
        return self[key]


class _Writer:
    """Makes the document; numbers instants, seats and words."""

    def __init__(self, page: TeamPage, paths: dict[str, str], base: str | None) -> None:
        self.page, self.paths, self.base = page, paths, base
        self.names = PageNames(page)
        self.teams = {team.key: number for number, team in enumerate(page.teams)}
        self.instants = sorted({BEFORE, *(moment for moment in _instants(page) if moment is not None)})
        self.numbers = {moment: number for number, moment in enumerate(self.instants)}
        self.seats, self.words = _Numbered(), _Numbered()

    def document(self) -> dict[str, Any]:
        page = self.page
        rotations = [self._rotation(each) for each in page.rotations]
        warnings = [warning for each in page.rotations for hole in each.holes for warning in self._warnings(each, hole)]
        lines = [self._line(each) for each in (page.fairness.lines if page.fairness else ())]
        # Words and seats are complete once all that has some is written.
        times, seats = Counter(title for _, title in self.seats), Counter(rotation for rotation, _ in self.seats)
        seconds = [0, *(int(moment.timestamp()) for moment in self.instants)]
        return {
            "times": [after - before for before, after in pairwise(seconds)],
            "seats": [
                "" if seats[rotation] < 2 and title.lower() == rotation.lower() else title
                for rotation, title in self.seats
            ],
            "duties": [f"{title} ({rotation})" if times[title] > 1 else title for rotation, title in self.seats],
            "words": list(self.words),
            "names": [self.names.team(team.key) for team in page.teams],
            "facts": ["handle", "name", "chat", "teams", "path", "feed", "email"],
            "people": self._people(),
            "rotations": rotations,
            "warnings": warnings,
            "tables": [
                [each.unit, [*(self._at(row.since) for row in each.rows), self._at(each.rows[-1].until)]]
                for each in page.tables
            ],
            "parts": [self.numbers[end] for end in _ends_of_parts(page)],
            "lines": lines,
        }

    def _people(self) -> list[list[Any]]:
        """Everyone on the page; what isn't known, or isn't to be said, is empty, and left out at the end."""
        found = []
        for each in self.page.people:
            path = self.paths.get(each.handle)
            chat = each.chat or each.handle
            facts = [
                each.handle,
                self.names.label(each.handle),
                "" if chat.removeprefix("@") == each.name else chat,
                [self.teams[key] for key in each.teams],
                quote(path) if path else "",
                subscribed(self.base, path) if path and self.base else "",
                each.email or "",
            ]
            while len(facts) > 4 and not facts[-1]:
                facts.pop()
            found.append(facts)
        return found

    def _at(self, moment: datetime | None) -> int:
        return NONE if moment is None else self.numbers[moment]

    def _sentence(self, words: str, *moments: datetime | None) -> list[int]:
        return [self.words[words], *(self._at(moment) for moment in moments if moment is not None)]

    def _rotation(self, found: RotationTimes) -> list[Any]:
        shifts = [self._shift(found.rotation, each) for each in found.shifts]
        phases = [*self._before(found), *(self._phase(each, found) for each in found.phases)]
        return [found.rotation, OPEN if found.is_voluntary else NOBODY, shifts, phases]

    def _shift(self, rotation: str, shift: Shift) -> list[Any]:
        seat = self.seats[rotation, shift.title]
        person = NONE if shift.person is None else self.names.numbers[shift.person]
        until = [self._at(shift.until)] if shift.until != shift.end or shift.away else []
        away = [[self._at(moment) for spell in shift.away for moment in spell]] if shift.away else []
        return [seat, person, self._at(shift.start), self._at(shift.end), *until, *away]

    def _before(self, found: RotationTimes) -> Iterator[list[Any]]:
        """What holds before the first phase, which a clock can be that is wrong, or before the plan begins."""
        first = found.phases[0]
        state, words = (_OFF, "Open to volunteers") if found.is_voluntary else (_ALARM, _NOBODY_ON_DUTY)
        until = None
        if first.state in ("on", "off"):
            until = min((found.shifts[number].start for number in first.shifts), default=first.since)
        if until is not None:
            yield [self._at(BEFORE), state, [], list(first.shifts), *self._sentence(f"{words} until", until)]
        else:
            yield [self._at(BEFORE), state, [], [], *self._sentence(words)]

    def _phase(self, phase: Phase, found: RotationTimes) -> list[Any]:
        following = sorted(phase.following, key=lambda number: found.shifts[number].start)
        if _is_over(found, phase):
            return [self._at(phase.since), _ALARM, [], [], *self._ended(found)]
        state = _ON if phase.state == "on" else _OFF if phase.state in ("off", "open") else _ALARM
        return [self._at(phase.since), state, list(phase.shifts), following, *self._note(phase, found)]

    def _ended(self, found: RotationTimes) -> list[int]:
        return self._sentence(f"{_NOBODY_ON_DUTY}; the plan ended", *(each.start for each in found.holes[-1:]))

    def _note(self, phase: Phase, found: RotationTimes) -> list[int]:
        """What is said of a phase beside who serves in it."""
        again = phase.again
        if phase.state == "on":
            return self._sentence("Off duty from", phase.pause, again) if phase.pause else []
        if phase.state == "off":
            then = "then open to volunteers" if found.is_voluntary else "then nobody is planned"
            words = "Off duty until" if phase.shifts else f"Off duty, {then} from"
            return self._sentence(words, again) if again else self._sentence("Off duty")
        nobody = "Open to volunteers" if phase.state == "open" else _NOBODY_ON_DUTY
        if again:
            return self._sentence(f"{nobody} until", again)
        return self._sentence(nobody if phase.state == "open" else f"{nobody}; nothing is planned")

    def _warnings(self, found: RotationTimes, hole: Hole) -> Iterator[list[int]]:
        since, start, end = self._at(hole.warned), self._at(hole.start), self._at(hole.end)
        if hole.end is not None:
            words = f"Nobody is planned for {found.rotation} from"
            yield [since, end, *self._sentence(words, hole.start, hole.end)]
            return
        plan = f"The plan for {found.rotation}"
        yield [since, start, *self._sentence(f"{plan} ends", hole.start)]
        yield [start, end, *self._sentence(f"{plan} ended", hole.start)]

    def _line(self, line: FairnessLine) -> list[Any]:
        last = line.corners[-1].balance
        where = f"{abs(last):.1f} duties {'ahead of' if last > 0 else 'behind'}" if abs(last) >= 0.05 else "exactly at"
        which = f"{line.rotation}: " if len(self.page.rotations) > 1 else ""
        words = f"{which}at the end {where} the fair share (level line)"
        return [self.names.numbers[line.person], self.words[words], _path(line)]


def _is_over(found: RotationTimes, phase: Phase) -> bool:
    """Whether a phase is after the end of the plan, also in hours that nobody would serve."""
    if found.is_voluntary or phase.state not in ("off", "ended"):
        return False
    return phase.state == "ended" or any(each.end is None and each.start <= phase.since for each in found.holes)


def _path(line: FairnessLine) -> str:
    """A balance over time, as the path of a picture of 300 x 60 with 0 in the middle."""
    first, length = line.corners[0].period, max(1, line.corners[-1].period - line.corners[0].period)
    highest = max(1.0, *(abs(corner.balance) for corner in line.corners))
    points = (
        f"{round(300 * (corner.period - first) / length)} {round(30 - 27 * corner.balance / highest)}"
        for corner in line.corners
    )
    return "M" + "L".join(points)


def _ends_of_parts(page: TeamPage) -> list[datetime]:
    """When the parts of the table of people are over: the day after, by when the last handover has been."""
    if page.grid is None:
        return []
    lasts = (page.grid.columns[columns[-1]] for columns in closable(page.grid))
    return [datetime.combine(day_of(last.end) + 2 * DAY, time(), ZoneInfo(page.zone)).astimezone(UTC) for last in lasts]


def _instants(page: TeamPage) -> list[datetime | None]:
    found: list[datetime | None] = [*_ends_of_parts(page)]
    for each in page.rotations:
        for shift in each.shifts:
            found += [shift.start, shift.end, shift.until, *(moment for spell in shift.away for moment in spell)]
        for phase in each.phases:
            found += [phase.since, phase.pause, phase.again]
        for hole in each.holes:
            found += [hole.start, hole.end, hole.warned]
    for table in page.tables:
        found += [moment for row in table.rows for moment in (row.since, row.until)]
    return found
