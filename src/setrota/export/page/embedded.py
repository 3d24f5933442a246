"""The data that the page's script reads, as JSON in the page.

Instants are numbers in one list, each in seconds after the one before it, and people numbers in a list of people: both
occur often. `page.js` says what each place in these lists means.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from setrota.export.page.calendars import CalendarLink
from setrota.export.page.words import PageNames
from setrota.reports.page import TeamPage
from setrota.reports.page.shifts import Phase, RotationTimes, Shift

STATES = ("on", "off", "nobody", "ended", "open", "unplanned")
NONE = -1
"""What stands for no instant and for nobody."""


def embedded(page: TeamPage, calendars: Sequence[CalendarLink], base: str | None) -> str:
    """JSON that can't end the element it stands in."""
    writer = _Writer(page, {each.person: each.path for each in calendars if each.person is not None}, base)
    found = json.dumps(writer.document(), ensure_ascii=False, separators=(",", ":"))
    return found.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


class _Writer:
    """Makes the document; numbers instants and seats as they come."""

    def __init__(self, page: TeamPage, paths: dict[str, str], base: str | None) -> None:
        self.page, self.paths, self.base = page, paths, base
        self.names = PageNames(page)
        self.teams = {team.key: number for number, team in enumerate(page.teams)}
        found = sorted({moment for moment in _instants(page) if moment is not None})
        self.seconds = [int(moment.timestamp()) for moment in found]
        self.numbers = {moment: number for number, moment in enumerate(found)}
        self.seats: dict[str, int] = {}

    def document(self) -> dict[str, Any]:
        page = self.page
        rotations = [self._rotation(each) for each in page.rotations]
        return {
            "times": [*self.seconds[:1], *(after - before for before, after in pairwise(self.seconds))],
            "seats": list(self.seats),
            "people": [
                [
                    each.handle,
                    each.name,
                    each.chat or "",
                    each.email or "",
                    [self.teams[key] for key in each.teams if key in self.teams],
                    self.paths.get(each.handle, ""),
                ]
                for each in page.people
            ],
            "teams": [team.name for team in page.teams],
            "city": page.city,
            "zone": page.zone,
            "base": self.base or "",
            "rotations": rotations,
            "tables": [
                [each.unit, [*(self._at(row.since) for row in each.rows), self._at(each.rows[-1].until)]]
                for each in page.tables
            ],
            "lines": self._lines(),
        }

    def _at(self, moment: datetime | None) -> int:
        return NONE if moment is None else self.numbers[moment]

    def _person(self, handle: str | None) -> int:
        return NONE if handle is None else self.names.numbers[handle]

    def _rotation(self, found: RotationTimes) -> list[Any]:
        return [
            found.rotation,
            int(found.is_voluntary),
            [self._shift(each) for each in found.shifts],
            [self._phase(each, found) for each in found.phases],
            [[self._at(each.start), self._at(each.end), self._at(each.warned)] for each in found.holes],
        ]

    def _shift(self, shift: Shift) -> list[Any]:
        seat = self.seats.setdefault(shift.title, len(self.seats))
        until = [] if shift.until == shift.end and not shift.away else [self._at(shift.until)]
        away = [[self._at(moment) for spell in shift.away for moment in spell]] if shift.away else []
        following = NONE if shift.following is None else shift.following
        return [seat, self._person(shift.person), self._at(shift.start), self._at(shift.end), following, *until, *away]

    def _phase(self, phase: Phase, found: RotationTimes) -> list[Any]:
        """Who follows is left out where the shifts say it themselves."""
        own = [found.shifts[number].following for number in phase.shifts]
        known = tuple(number for number in own if number is not None) == phase.following
        parts: list[Any] = [self._at(phase.since), STATES.index(phase.state), list(phase.shifts)]
        rest = [self._at(phase.pause), self._at(phase.again), 0 if known else list(phase.following)]
        while rest and rest[-1] in (NONE, 0) and (len(rest) == 3 or rest[-1] == NONE):
            rest.pop()
        return [*parts, *rest]

    def _lines(self) -> list[list[Any]]:
        """By person: the rotation, the number of its periods, and the corners of their line."""
        if self.page.fairness is None:
            return []
        order = {each.rotation: number for number, each in enumerate(self.page.rotations)}
        periods = self.page.fairness.periods
        return [
            [
                self._person(line.person),
                order.get(line.rotation, NONE),
                len(periods[line.rotation]) - 1,
                [figure for corner in line.corners for figure in (corner.period, _short(corner.balance))],
            ]
            for line in self.page.fairness.lines
            if line.person in self.names.numbers
        ]


def _short(balance: float) -> float:
    return round(balance, 2) or 0


def _instants(page: TeamPage) -> list[datetime | None]:
    found: list[datetime | None] = []
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
