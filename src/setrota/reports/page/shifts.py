"""Who is on duty when, as instants: all that somebody needs who wants to say `setrota now` for any moment.

A rotation's time is a row of phases, each of which lasts until the next one begins; what `setrota now` says of a
rotation is the same at every moment of one. Before a rotation's first crew, and from some time after its last one on,
they no longer tell hours of service: nobody is planned, whether or not the rotation would be served. Before the first
phase the page knows nothing. Knows no HTML, and no clock.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Literal, NamedTuple

from setrota.dates.cuts import day_after, day_of
from setrota.dates.grid import is_open
from setrota.dates.periods import DAY, WEEK, Period, instant, instant_of, later, moment_of
from setrota.dates.service import ends, is_served, next_service, service_of_days, stretches
from setrota.reports.wording import seat_title
from setrota.roster import ALWAYS, NEVER_CLOSED, Roster
from setrota.roster.lengths import Length
from setrota.schedule import Crew, Duty, Schedule, by_place, without_empty_optional
from setrota.schedule.ranges import gaps
from setrota.schedule.standings import is_served_after, successor

AFTERWARDS = 2 * WEEK
"""For how long after the end of a plan it is said when its rotation would be served."""

OPEN_FOR = 26 * WEEK
"""For how long it is said when somebody serves in a turn that is open."""

_ENDLESS = datetime.max.replace(tzinfo=UTC)
"""The end of service that goes on beyond what is said."""

_EVER = datetime(2000, 1, 1, tzinfo=UTC)
"""Before any schedule begins."""

State = Literal["on", "off", "nobody", "ended", "open", "unplanned"]
Instants = tuple[datetime, datetime]


@dataclass(frozen=True, kw_only=True)
class Shift:
    """One person, or nobody, in a seat: [start, end), in UTC.

    Attributes
    ----------
    end
        The handover; None in a turn that is open, which lasts until the rotation's next start.
    until
        When its last service ends, which is what people want to know; the handover may be days later.
    following
        The number of the shift that takes over, if one is planned.
    away
        When the person is away and serves all the same; empty unless the page may say so.
    """

    seat: str
    kind: str
    title: str
    person: str | None
    start: datetime
    end: datetime | None
    until: datetime | None
    following: int | None = None
    away: tuple[Instants, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Phase:
    """How a rotation stands from `since` until the next phase begins. `shifts` and `following` are numbers of shifts.

    Attributes
    ----------
    state
        `on`: the people of `shifts` are on duty. `off`: the rotation isn't served, and nobody is missing. `nobody`:
        nobody is on duty until `again`, when the next crew begins. `open`: the same, where people volunteer. `ended`:
        the plan is over. `unplanned`: there never was one.
    shifts
        Who is on duty; while it is off, who is on duty when service begins again: nobody is planned then if empty.
    following
        Who takes over from them; without a crew, who begins.
    pause
        When service ends before the handover, or with it.
    again
        When service begins again after `pause`, or while it is off; without a crew, when the next one begins.
    """

    since: datetime
    state: State
    shifts: tuple[int, ...] = ()
    following: tuple[int, ...] = ()
    pause: datetime | None = None
    again: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Hole:
    """A time in which a rotation is served and nobody is planned; `end` is None for the end of its plan.

    From `warned` on, the page says that it comes.
    """

    start: datetime
    end: datetime | None
    warned: datetime


@dataclass(frozen=True, kw_only=True)
class RotationTimes:
    """One rotation's shifts, its phases and its holes, each in time order."""

    rotation: str
    zone: str
    is_voluntary: bool
    shifts: tuple[Shift, ...]
    phases: tuple[Phase, ...]
    holes: tuple[Hole, ...]


class _CrewPart(NamedTuple):
    """A part of a crew's period in which nobody changes, and the numbers of its shifts."""

    start: datetime
    end: datetime
    shifts: tuple[int, ...]
    crew: Crew


def rotation_times(roster: Roster, schedule: Schedule, rotation: str, start: date) -> RotationTimes:
    """The times of a rotation of the roster, from the crew that serves on the day `start` on."""
    crews = [crew for crew in schedule.of(rotation) if crew.period.end > start]
    found = _Times(roster, schedule, rotation, crews, start)
    return RotationTimes(
        rotation=rotation,
        zone=roster.zone_of(rotation).key,
        is_voluntary=roster.rotations[rotation].is_voluntary,
        shifts=tuple(found.shifts),
        phases=tuple(_merged(found.phases())),
        holes=tuple(found.holes()),
    )


def _merged(phases: Iterable[Phase]) -> list[Phase]:
    """Watches without those that go on as the one before."""
    found: list[Phase] = []
    for each in phases:
        if not found or replace(each, since=found[-1].since) != found[-1]:
            found.append(each)
    return found


class _Times:
    """The shifts and the service of some crews of a rotation, which are all that it has from a day on."""

    def __init__(self, roster: Roster, schedule: Schedule, rotation: str, crews: Sequence[Crew], start: date) -> None:
        self.roster, self.schedule, self.rotation, self.crews = roster, schedule, rotation, crews
        self.served_crews = [crew for crew in crews if is_served(roster, crew.period)]
        self.start = min(start, *(crew.period.start for crew in crews[:1]), start)
        self.end = max((crew.period.end for crew in crews), default=self.start)
        self.is_open = bool(crews) and is_open(roster, crews[-1].period)
        duties = [by_place(roster, without_empty_optional(roster, crew.duties())) for crew in self.served_crews]
        self.ids = {duty: number for number, duty in enumerate(duty for held in duties for duty in held)}
        self.shifts = [self._shift(duty) for duty in self.ids]
        self.horizon = instant_of(roster, rotation, day_after(self.end)) + (OPEN_FOR if self.is_open else AFTERWARDS)
        self.pieces = [
            piece for crew, held in zip(self.served_crews, duties, strict=True) for piece in self._pieces(crew, held)
        ]
        self.piece_starts = [piece.start for piece in self.pieces]
        self.crew_starts = [self._instant(crew.period.start) for crew in self.served_crews]
        self.rests: datetime | None = None
        self.service = self._service()
        self.service_starts = [start for start, _ in self.service]

    def _instant(self, point: date) -> datetime:
        return instant_of(self.roster, self.rotation, point)

    def _shift(self, duty: Duty) -> Shift:
        roster = self.roster
        crew = self.schedule.crew_of(duty)
        stays = self.is_open and crew is self.crews[-1] and duty.end == crew.period.end
        kind = roster.seat_of(duty.rotation, duty.seat).kind
        next_duty = successor(roster, self.schedule, duty)
        return Shift(
            seat=duty.seat,
            kind=kind,
            title=seat_title(roster, duty.rotation, kind),
            person=duty.person,
            start=self._instant(duty.start),
            end=None if stays else self._instant(duty.end),
            until=None if stays else ends(roster, duty.days),
            following=None if next_duty is None else self.ids.get(next_duty),
            away=_away(roster, duty) if roster.notes.page.away else (),
        )

    def _pieces(self, crew: Crew, held: Sequence[Duty]) -> list[_CrewPart]:
        """The parts of a crew's period; of a turn that is open, the last one goes on."""
        start, end = self._instant(crew.period.start), self._instant(crew.period.end)
        if self.is_open and crew is self.crews[-1]:
            end = self.horizon + OPEN_FOR
        times = [
            (self.shifts[number].start, self.shifts[number].end or end, number)
            for number in map(self.ids.get, held)
            if number is not None
        ]
        edges = sorted({start, end, *(edge for first, last, _ in times for edge in (first, last))})
        return [
            _CrewPart(edge, following, tuple(number for first, last, number in times if first <= edge < last), crew)
            for edge, following in pairwise(edges)
        ]

    def _service(self) -> list[Instants]:
        """When the rotation is served; for one that always is, without an end."""
        begin = self._instant(self.start)
        if self.roster.serves_of(self.rotation) == ALWAYS and self.roster.closed_of(self.rotation) == NEVER_CLOSED:
            return [(begin, _ENDLESS)]
        days = Period(day_of(self.start) - 9 * DAY, self.horizon.date() + 40 * DAY, self.rotation)
        known = list(stretches(self.roster, days))
        found = [(start, end) for start, end in known if end > begin]
        if found and found[0][0] >= begin:
            self.rests = max((end for _, end in known if end <= begin), default=None)
        return [(start, _ENDLESS if end > self.horizon + 32 * DAY else end) for start, end in found]

    # Phases

    def phases(self) -> Iterable[Phase]:
        begin = self._instant(self.start)
        if not self.crews:
            yield self._at_last(begin)
            return
        if self.crews == self.schedule.of(self.rotation) and self.served_crews:
            yield self._without_crew(_EVER)
        if self.rests is not None and self.rests < begin:
            yield self._at_rest(self.rests)
        edges = {begin, self.horizon}
        edges |= {edge for piece in self.pieces for edge in (piece.start, piece.end)}
        edges |= {edge for stretch in self.service for edge in stretch}
        for edge in sorted(edge for edge in edges if begin <= edge < self.horizon):
            yield self._phase(edge)
        yield self._at_last(self.horizon)

    def _phase(self, at: datetime) -> Phase:
        found = bisect_right(self.service_starts, at) - 1
        if found < 0 or at >= self.service[found][1]:
            again = self._service_after(found)
            piece = None if again is None else self._piece_at(again)
            return Phase(since=at, state="off", shifts=piece.shifts if piece else (), again=again)
        piece = self._piece_at(at)
        if piece is None:
            return self._without_crew(at)
        stops = self.service[found][1]
        stays = self.is_open and piece.crew is self.crews[-1]
        paused = stops != _ENDLESS and (stays or stops <= self._instant(piece.crew.period.end))
        following = (self.shifts[number].following for number in piece.shifts)
        return Phase(
            since=at,
            state="on",
            shifts=piece.shifts,
            following=tuple(number for number in following if number is not None),
            pause=stops if paused else None,
            again=self._service_after(found) if paused else None,
        )

    def _at_rest(self, since: datetime) -> Phase:
        """The time before the first crew in which nobody would serve anyway."""
        again = self.service[0][0]
        piece = self._piece_at(again)
        return Phase(since=since, state="off", shifts=piece.shifts if piece else (), again=again)

    def _without_crew(self, at: datetime) -> Phase:
        coming = bisect_right(self.crew_starts, at)
        is_voluntary = self.roster.rotations[self.rotation].is_voluntary
        if coming == len(self.crew_starts):
            state: State = "open" if is_voluntary else "ended" if self.schedule.of(self.rotation) else "unplanned"
            return Phase(since=at, state=state)
        begins = self.crew_starts[coming]
        piece = self._piece_at(begins)
        return Phase(
            since=at,
            state="open" if is_voluntary else "nobody",
            following=piece.shifts if piece else (),
            again=begins,
        )

    def _at_last(self, at: datetime) -> Phase:
        """What holds from an instant on that is after all crews, or in a turn that is open."""
        if self.is_open:
            return self._phase(at)
        if not is_served_after(self.roster, self.rotation, self.end):
            return Phase(since=at, state="off")
        return self._without_crew(at)

    def _piece_at(self, at: datetime) -> _CrewPart | None:
        found = bisect_right(self.piece_starts, at) - 1
        return self.pieces[found] if found >= 0 and at < self.pieces[found].end else None

    def _service_after(self, number: int) -> datetime | None:
        """When service begins after the stretch of this number, or None if it doesn't within a year."""
        if number + 1 < len(self.service):
            return self.service[number + 1][0]
        last = self.service[number][1] if self.service else self._instant(self.start)
        return next_service(self.roster, self.rotation, last)

    # Holes

    def holes(self) -> Iterable[Hole]:
        known = self.schedule.of(self.rotation)
        if self.roster.rotations[self.rotation].is_voluntary or not known:
            return
        last = max([self.start, *(crew.period.start for crew in self.crews)])
        for gap in gaps(self.roster, self.schedule, self.rotation, self.start, last):
            yield self._hole(gap.start, self._instant(gap.end))
        if not self.is_open and is_served_after(self.roster, self.rotation, self.end):
            yield self._hole(max(crew.period.end for crew in known), None)

    def _hole(self, start: date, end: datetime | None) -> Hole:
        warn = self.roster.notes.page.warn
        warned = later(moment_of(self.roster, self.rotation, start), Length(-warn.number, warn.unit))
        return Hole(start=self._instant(start), end=end, warned=instant(warned))


def _away(roster: Roster, duty: Duty) -> tuple[Instants, ...]:
    """When the person who has a duty is away on a day that they serve, or their team is."""
    person = roster.people.get(duty.person or "")
    if person is None:
        return ()
    spells = [(entry.start, entry.end) for entry in person.leave]
    spells += [(away.start, away.end) for key in roster.teams_of(person.handle) for away in roster.teams[key].away]
    return tuple(
        times
        for day, served in service_of_days(roster, duty.days).items()
        if any(start <= day < end for start, end in spells) or day.weekday() not in person.works
        for times in served
    )
