"""The request: which duties another person should take, in which schedule, and as of which moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property

from setrota.dates.cuts import day_of
from setrota.dates.periods import instant_of, point_at
from setrota.dates.service import next_service, served_at
from setrota.dates.text import When, last_text, on_days
from setrota.fairness.prices import Prices
from setrota.problems import Problem, Refused, listed
from setrota.roster import Roster
from setrota.schedule import Duty, Schedule, is_idle
from setrota.schedule.moves import give_duty
from setrota.schedule.turns import Turn, remaining, turns, within

STAND_IN = "(nobody)"
"""The holder of an empty seat while moves to fill it are priced, so that the seat counts as one to be shared, as when
planning fills it. No handle can have its characters."""


@dataclass(frozen=True)
class CoverRequest:
    """Another person should take the duties in `wanted`; `today` is the point in their rotation's time that it is now,
    so the first one that can still change."""

    roster: Roster
    schedule: Schedule
    wanted: Turn
    today: date

    @property
    def holder(self) -> str | None:
        return self.wanted[0].person

    @property
    def is_over(self) -> bool:
        """Whether all of `wanted` is past, so that only the record can be corrected."""
        return self.wanted[-1].end <= self.today

    @property
    def is_running(self) -> bool:
        """Whether the first period has begun, and neither it nor `wanted` is over."""
        period = self.schedule.period_of(self.wanted[0])
        return period.start <= self.today < period.end and not self.is_over

    @cached_property
    def prices(self) -> Prices:
        schedule = self.schedule
        for duty in self.wanted:
            if duty.person is None:
                schedule = give_duty(schedule, duty, STAND_IN, datetime.min.replace(tzinfo=UTC))
        return Prices(self.roster, schedule)

    @cached_property
    def turns(self) -> dict[str, list[Turn]]:
        return turns(self.roster, self.schedule)

    def next_seat(self) -> Duty | None:
        """The next seat that a call escalates to, for the wanted days, if one person holds it on all of them.

        Calls escalate only through kinds with a single seat that isn't optional.
        """
        wanted, rotation = self.wanted[0], self.roster.rotations.get(self.wanted[0].rotation)
        crew = self.schedule.crew_on(wanted.rotation, wanted.start)
        if rotation is None or crew is None or len(self.wanted) > 1:
            return None
        ladder = [kind for kind, seats in rotation.kinds.items() if seats == 1 and kind not in rotation.optional]
        kind = self.roster.seat_of(rotation.name, wanted.seat).kind
        following = ladder[ladder.index(kind) + 1 :] if kind in ladder else []
        for duty in crew.duties():
            if following and duty.seat == following[0] and duty.start <= wanted.start and wanted.end <= duty.end:
                return replace(duty, start=wanted.start, end=wanted.end) if duty.person != wanted.person else None
        return None

    def ways_out(self, person: str, taken: Turn) -> list[Turn]:
        """What a person could give up to take duties: first their seat in the same crew on the same days, then their
        other turns that aren't over, the nearest first."""
        left = self.seat_left(person, taken)
        found = [(0, left)] if left else []
        if not self.is_over:
            for turn in self.turns.get(person, ()):
                rest = remaining(turn, self._now_in(turn[0].rotation))
                if rest and not any(same_crew(self.schedule, one, other) for one in rest for other in taken):
                    found.append((abs((rest[0].start - taken[0].start).days), rest))
        return [turn for _, turn in sorted(found)]

    def seat_left(self, person: str, taken: Turn) -> Turn:
        """The person's other seats in the same crews, on the days of what they take; empty if they have none."""
        return tuple(
            replace(duty, start=max(duty.start, each.start), end=min(duty.end, each.end))
            for each in taken
            for duty in self._crew_of(each)
            if duty.person == person and duty.start < each.end and each.start < duty.end and duty.seat != each.seat
        )

    def _now_in(self, rotation: str) -> date:
        """The point in a rotation's time that it is now."""
        mine = self.wanted[0].rotation
        return (
            self.today
            if rotation == mine
            else point_at(self.roster, rotation, instant_of(self.roster, mine, self.today))
        )

    def _crew_of(self, duty: Duty) -> list[Duty]:
        """All duties of a duty's crew."""
        crew = self.schedule.crew_on(duty.rotation, duty.start)
        return crew.duties() if crew else []


def same_crew(schedule: Schedule, one: Duty, other: Duty) -> bool:
    """Whether two duties belong to the same period of the same rotation."""
    return one.rotation == other.rotation and schedule.period_of(one) == schedule.period_of(other)


def cover_request(
    roster: Roster,
    schedule: Schedule,
    turn: Turn,
    *,
    first: When | None,
    last: When | None,
    takers: Sequence[str | None],
    now: datetime,
) -> CoverRequest:
    """The request for a turn: for the time from `first` to `last`, or else what is left of it, or else (if it is over)
    all of it.

    Parameters
    ----------
    first, last
        The first and the last day, inclusive; or instants, the last of which is exclusive.
    takers
        The people who should take it, in a chain; None is nobody.

    Raises
    ------
    Refused
        With a problem for every point that is not in the turn, and every person who can't take it.
    """
    rotation = turn[0].rotation
    today = _today(roster, rotation, now)
    start, end = turn[0].start, turn[-1].end
    begin = first.point(roster, rotation) if first else (today if start < today < end else start)
    until = last.after(roster, rotation) if last else end
    wanted = within(turn, begin, until)
    outside = [_outside(turn, f"--from {first}")] if not start <= begin < end else []
    outside += [_outside(turn, f"--to {last}")] if not start < until <= end else []
    if not outside and until <= begin:
        add = None if first else "give the first day with `--from`"
        message = f"the days end on {last}, before they start on {begin}"
        outside = [Problem(message, hint=add, code="ends-before-it-starts")]
    problems = [*outside, *_wrong_takers(turn[0].person, takers)]
    if not wanted and not problems:
        days = listed(on_days(duty.start, duty.end) for duty in turn)
        message = f"{turn[0].person} doesn't have the duty on these days"
        problems = [Problem(message, hint=f"name days that they have it: {days}", code="outside-the-duty")]
    if wanted and not problems and all(is_idle(roster, duty) for duty in wanted):
        problems = [_not_served(roster, wanted)]
    if problems:
        raise Refused(problems)
    return CoverRequest(roster, schedule, wanted, today)


def _outside(turn: Turn, option: str) -> Problem:
    hint = f"name a day of the duty: from {turn[0].start} to {last_text(turn[-1].end)}"
    return Problem(f"`{option}` is outside the duty", hint=hint, code="outside-the-duty")


def _not_served(roster: Roster, wanted: Turn) -> Problem:
    """What should change hands has no time of service, so it is nobody's in any case."""
    rotation = wanted[0].rotation
    end = instant_of(roster, rotation, wanted[-1].end)
    again = end if served_at(roster, rotation, end) else next_service(roster, rotation, end)
    hint = f"service begins again at {again.astimezone(roster.zone):%Y-%m-%dT%H:%M}" if again else None
    message = f"`{rotation}` isn't served {listed(on_days(duty.start, duty.end) for duty in wanted)}"
    return Problem(message, hint=hint, code="not-served")


def _wrong_takers(holder: str | None, takers: Sequence[str | None]) -> list[Problem]:
    problems = []
    for position, person in enumerate(takers):
        if person == holder and (person is None or position == 0):
            message = f"{person} already has the duty" if person else "the duty is already empty"
            problems.append(Problem(message, code="already-on-duty" if person else "already-empty"))
        elif person is None and position < len(takers) - 1:
            hint = "put it last: each person takes what the one before gives up"
            problems.append(Problem("`--with nobody` must come last", hint=hint, code="nobody-before-others"))
        elif person in takers[:position]:
            hint = "name each person once: each takes what the one before gives up"
            problems.append(Problem(f"`--with` names {person} twice", hint=hint, code="named-twice"))
    return problems


def is_past_unnamed(roster: Roster, turn: Turn, named: When, now: datetime) -> bool:
    """Whether a turn is over, and the time with which it was asked for doesn't say so.

    What was served changes only for those who name it: by an instant within it, by a day of it before today, or by the
    date of today if all of it is today's.
    """
    rotation = turn[0].rotation
    today = _today(roster, rotation, now)
    if turn[-1].end > today:
        return False
    point, after = named.point(roster, rotation), named.after(roster, rotation)
    if named.moment is None and point >= day_of(today) and (named.running or turn[0].start < point):
        return True
    return not any(duty.start <= point < duty.end or point <= duty.start < after for duty in turn)


def _today(roster: Roster, rotation: str, now: datetime) -> date:
    """The point in a rotation's time that it is now, to the minute."""
    return point_at(roster, rotation, now.replace(second=0, microsecond=0))


def empty_part(schedule: Schedule, duty: Duty) -> Duty:
    """The only part of a seat's period that is empty, if there is one and `duty` has a holder; else the duty itself."""
    crew = schedule.crew_on(duty.rotation, duty.start)
    if crew is None or duty.person is None:
        return duty
    empty = [each for each in crew.duties() if each.seat == duty.seat and each.person is None]
    return empty[0] if len(empty) == 1 else duty
