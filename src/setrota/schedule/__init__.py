"""The answer: who holds which seat in which period, past and future, and what was recorded when it was planned.

A `Crew` is one period with its people; a `Duty` is one of its seats for the days on which one person holds it. Knows
nothing about files, rules or fairness. Date ranges are half-open.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from setrota.dates.cuts import day_after
from setrota.dates.periods import Period
from setrota.dates.service import is_served, part_of
from setrota.roster import Roster, kind_of
from setrota.schedule.plans import PlanRecord, in_order
from setrota.schedule.pools import Pool as Pool


@dataclass(frozen=True)
class Change:
    """A different holder of a seat (or none) on the days [start, end); None means the start or end of the period.

    They begin and end with a day, or within one (`setrota.dates.cuts`).

    `at` is when it was decided; `reason` is private and never shown. `forced` are the rules that it may break because
    of `--force`; `replanned` says that a replan made the change, not people.
    """

    at: datetime
    seat: str
    was: str | None
    now: str | None
    _: KW_ONLY
    start: date | None = None
    end: date | None = None
    reason: str | None = None
    forced: tuple[str, ...] = ()
    replanned: bool = False


@dataclass(frozen=True)
class Planned:
    """When a crew was computed, how many times, and a seal over the result, which an edit by hand breaks."""

    at: datetime
    revision: int
    seal: str


@dataclass(frozen=True, order=True)
class Duty:
    """One seat on the days [start, end) on which one person holds it; `person` is None if it is empty."""

    start: date
    end: date
    rotation: str
    seat: str
    person: str | None

    @property
    def days(self) -> Period:
        """The duty's days as a period of its rotation: the crew's period, or a part of it."""
        return Period(self.start, self.end, self.rotation)


@dataclass(frozen=True)
class Crew:
    """One period and its people. `seats` maps a seat's name to a handle; None is nobody.

    `first_planned` is the day on which the period was to start when it was planned, if the roster has moved it since.
    """

    period: Period
    seats: Mapping[str, str | None]
    pool: Pool | None = None
    changes: tuple[Change, ...] = ()
    planned: Planned | None = None
    first_planned: date | None = None

    def duties(self) -> list[Duty]:
        """The duties really held, with changes applied: a partly covered seat gives one duty per holder."""
        return [duty for seat in self.seats for duty in self._held(seat)]

    def _held(self, seat: str) -> Iterator[Duty]:
        spans = [(self.period.start, self.period.end, self.seats[seat])]
        for change in self.changes:
            if change.seat == seat:
                spans = _overlaid(spans, *self.days_of(change), change.now)
        for first, last, person in spans:
            yield Duty(first, last, self.period.rotation, seat, person)

    def days_of(self, change: Change) -> tuple[date, date]:
        """The days [start, end) of the period that a change is about."""
        start, end = self.period.start, self.period.end
        return max(change.start or start, start), min(change.end or end, end)

    def before(self, moment: datetime) -> Crew:
        """This crew without the changes that were decided at a moment or later."""
        return replace(self, changes=tuple(change for change in self.changes if change.at < moment))

    def credits(self, roster: Roster) -> dict[str, dict[str, float]]:
        """Which part of each seat's time every person holds: `{seat: {handle: credit}}`.

        The whole period is 1; a partly covered one is divided by the time served.
        """
        found: dict[str, dict[str, float]] = {}
        for seat in self.seats:
            held = found[seat] = {}
            for duty in self._held(seat):
                if duty.person is not None:
                    held[duty.person] = held.get(duty.person, 0.0) + part_of(roster, duty.days, self.period)
        return found

    @cached_property
    def people(self) -> frozenset[str]:
        """Everyone who holds a seat of this crew for some time."""
        return frozenset(duty.person for duty in self.duties() if duty.person is not None)

    def released(self, days: Period) -> frozenset[str]:
        """People who had a seat of this crew on these days until someone gave it away, and have none now."""
        decided = [change for change in self.changes if not change.replanned and days.overlaps(self._part(change))]
        holders = {duty.person for duty in self.duties() if days.overlaps(duty.days)}
        return frozenset(change.was for change in decided if change.was is not None) - holders

    def _part(self, change: Change) -> Period:
        return Period(*self.days_of(change), self.period.rotation)

    @property
    def made_by_hand(self) -> frozenset[str]:
        """The seats whose holders people chose; all seats if people wrote or edited the block in the file."""
        if self.planned is None or self.edited:
            return frozenset(self.seats)
        return frozenset(change.seat for change in self.changes if not change.replanned)

    def sealed(self, at: datetime, revision: int) -> Crew:
        """This crew, marked as computed at `at`."""
        return replace(self, planned=Planned(at, revision, self._seal()))

    @property
    def by_hand(self) -> bool:
        """Whether people made, changed or edited this crew, so that planning again must leave it unchanged."""
        return self.planned is None or self.edited or any(not change.replanned for change in self.changes)

    @cached_property
    def edited(self) -> bool:
        """Whether someone edited the file's lines after this crew was computed."""
        return self.planned is not None and self.planned.seal != self._seal()

    def moved(self, period: Period) -> Crew:
        """This crew in the same turn, which the roster has moved to other days; what was computed counts as such."""
        start = self.first_planned or self.period.start
        new = replace(self, period=period, first_planned=None if start == period.start else start)
        if self.planned is None or self.edited:
            return new
        return new.sealed(self.planned.at, self.planned.revision)

    def _seal(self) -> str:
        import hashlib  # imported late: few commands need seals

        seats = "|".join(f"{seat}={person or ''}" for seat, person in sorted(self.seats.items()))
        text = f"{self.period.rotation}|{self.period.start}|{self.period.end}|{seats}"
        return hashlib.sha256(text.encode()).hexdigest()[:8]


def _overlaid(
    spans: list[tuple[date, date, str | None]], first: date, last: date, person: str | None
) -> list[tuple[date, date, str | None]]:
    """Spans with [first, last) given to `person`; adjacent spans of one person are joined."""
    if first >= last:
        return spans
    pieces = [(a, min(b, first), who) for a, b, who in spans if a < first]
    pieces.append((first, last, person))
    pieces += [(max(a, last), b, who) for a, b, who in spans if b > last]
    joined = [pieces[0]]
    for start, end, who in pieces[1:]:
        if who == joined[-1][2]:
            joined[-1] = (joined[-1][0], end, who)
        else:
            joined.append((start, end, who))
    return joined


def _start_of(crew: Crew) -> date:
    return crew.period.start


@dataclass(frozen=True)
class Schedule:
    """Every crew, in time order (then by rotation). `rota` is the short name of the rota it belongs to; `plans` are the
    records of the plans that made the crews."""

    rota: str
    crews: tuple[Crew, ...] = ()
    plans: tuple[PlanRecord, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "crews", tuple(sorted(self.crews, key=lambda crew: crew.period)))

    @cached_property
    def _of_rotation(self) -> dict[str, list[Crew]]:
        found: dict[str, list[Crew]] = {}
        for crew in self.crews:
            found.setdefault(crew.period.rotation, []).append(crew)
        return found

    def of(self, rotation: str) -> list[Crew]:
        """The crews of a rotation, in time order."""
        return list(self._of_rotation.get(rotation, ()))

    @cached_property
    def _by_key(self) -> dict[tuple[str, date], Crew]:
        return {(crew.period.rotation, crew.period.start): crew for crew in self.crews}

    def between(self, start: date, end: date) -> list[Crew]:
        """The crews that have a day in [start, end)."""
        earliest = date.fromordinal(max(start.toordinal() - self._longest, 1))
        first = bisect_left(self.crews, earliest, key=_start_of)
        last = bisect_left(self.crews, end, key=_start_of)
        return [crew for crew in self.crews[first:last] if start < crew.period.end]

    @cached_property
    def _longest(self) -> int:
        """How many days the longest period has, begun ones too."""
        return max(
            (day_after(each.period.end).toordinal() - each.period.start.toordinal() for each in self.crews), default=0
        )

    def crew(self, rotation: str, start: date) -> Crew | None:
        """The crew whose period starts on that day, or None."""
        return self._by_key.get((rotation, start))

    def crew_on(self, rotation: str, point: date) -> Crew | None:
        """The crew that has a day, or an instant within one, in its period; None in a gap or after the plan's end."""
        crews = self._of_rotation.get(rotation, [])
        begun = bisect_right(crews, point, key=_start_of)
        return crews[begun - 1] if begun and point < crews[begun - 1].period.end else None

    def crew_of(self, duty: Duty) -> Crew:
        """The crew that a duty, or a part of one, belongs to. Raises ValueError if there is none."""
        crew = self.crew_on(duty.rotation, duty.start)
        if crew is None:
            raise ValueError("a duty must be within the period of a crew")
        return crew

    def period_of(self, duty: Duty) -> Period:
        """The period of the crew that a duty, or a part of one, belongs to. Raises ValueError if there is none."""
        return self.crew_of(duty).period

    def duties(self) -> list[Duty]:
        """All duties, including empty seats, in order of time, rotation and the crews' seats."""
        return [duty for crew in self.crews for duty in crew.duties()]

    def updated(self, crews: Iterable[Crew]) -> Schedule:
        """This schedule with the given crews added; they replace crews of the same rotation and start."""
        merged = {**self._by_key, **{(crew.period.rotation, crew.period.start): crew for crew in crews}}
        return replace(self, crews=tuple(merged.values()))

    def recorded(self, plans: Iterable[PlanRecord]) -> Schedule:
        """This schedule with these records only, without those of which no crew is left."""
        made = [(crew.planned.at, crew.period.start) for crew in self.crews if crew.planned is not None]
        return replace(self, plans=in_order(plans, made))

    def look_ahead_weeks(self, end: date) -> int | None:
        """How many weeks the plan whose range ends there looked beyond it; None if there is no record of one."""
        ending = [plan for plan in self.plans if plan.end == end]
        return max(ending, key=lambda plan: plan.at).look_ahead_weeks if ending else None

    def plan_of(self, crew: Crew) -> PlanRecord | None:
        """The plan that a crew comes from: the latest one for which it was open. None if there is no record of it."""
        known = [plan for plan in self.plans if crew.planned is not None and _was_open(plan, crew, crew.planned.at)]
        return max(known, key=lambda plan: plan.at, default=None)


def _was_open(plan: PlanRecord, crew: Crew, at: datetime) -> bool:
    """Whether a crew planned `at` a moment was open when a plan was made. A crew that was planned again, and came out
    the same, keeps the moment of its first plan."""
    if plan.made(at, crew.period.start):
        return True
    stayed = plan.again and at < plan.at and plan.start <= crew.period.start < plan.end
    return stayed and not crew.before(plan.at).by_hand


@dataclass(frozen=True, order=True)
class Stint:
    """Everything that one person does in one period, with all seats and parts of duties: [start, end).

    `parts` are the times for which they hold a seat.
    """

    start: date
    end: date
    rotation: str
    seats: tuple[str, ...]
    period: Period
    parts: tuple[Period, ...]


def stints(crews: Iterable[Crew]) -> dict[str, list[Stint]]:
    """Everyone's stints in time order. Moving up from backup to primary within a period is one stint."""
    parts: dict[tuple[str, Period], list[Duty]] = {}
    for crew in crews:
        for duty in crew.duties():
            if duty.person is not None:
                parts.setdefault((duty.person, crew.period), []).append(duty)
    found: dict[str, list[Stint]] = {}
    for (person, period), held in parts.items():
        seats = tuple(dict.fromkeys(duty.seat for duty in held))
        stint = Stint(
            start=min(duty.start for duty in held),
            end=max(duty.end for duty in held),
            rotation=period.rotation,
            seats=seats,
            period=period,
            parts=(period,) if _is_whole(held, period) else tuple(dict.fromkeys(duty.days for duty in held)),
        )
        found.setdefault(person, []).append(stint)
    return {person: sorted(each) for person, each in found.items()}


def _is_whole(held: Sequence[Duty], period: Period) -> bool:
    return len(held) == 1 and held[0].start == period.start and held[0].end == period.end


class Run(NamedTuple):
    """One duty from its first day to its last: [start, end). It is a single stint or, in a rotation with a pattern, the
    stints that follow its steps from period to period."""

    start: date
    end: date
    rotation: str
    stints: tuple[Stint, ...]

    @property
    def periods(self) -> tuple[Period, ...]:
        return tuple(stint.period for stint in self.stints)

    @property
    def kinds(self) -> frozenset[str]:
        return frozenset(kind_of(seat) for stint in self.stints for seat in stint.seats)


def runs(roster: Roster, crews: Iterable[Crew]) -> dict[str, list[Run]]:
    """Everyone's duties in time order, each as one run, however many periods it lasts."""
    return {person: _runs(roster, held) for person, held in stints(crews).items()}


def _runs(roster: Roster, held: Iterable[Stint]) -> list[Run]:
    joined: list[list[Stint]] = []
    latest: dict[str, tuple[list[Stint], frozenset[int]]] = {}
    for stint in held:
        steps = _steps(roster, stint)
        run, reached = latest.get(stint.rotation, ([], frozenset[int]()))
        following = steps & {step + 1 for step in reached}
        if following and follows(roster, run[-1].period, stint.period):
            run.append(stint)
            latest[stint.rotation] = run, following
        else:
            joined.append([stint])
            latest[stint.rotation] = joined[-1], steps
    return sorted(Run(run[0].start, run[-1].end, run[0].rotation, tuple(run)) for run in joined)


def follows(roster: Roster, earlier: Period, later: Period) -> bool:
    """Whether a period of a rotation is the next one after another: nothing is served between them."""
    if earlier.end >= later.start:
        return earlier.end == later.start
    return not is_served(roster, Period(earlier.end, later.start, later.rotation))


def _steps(roster: Roster, stint: Stint) -> frozenset[int]:
    """The steps of its rotation's pattern that a stint can be: several if a kind of seat occurs twice in it."""
    rotation = roster.rotations.get(stint.rotation)
    if rotation is None or not rotation.pattern:
        return frozenset()
    kinds = {kind_of(seat) for seat in stint.seats}
    return frozenset(step for step, kind in enumerate(rotation.pattern) if kind in kinds)


def empty_crew(roster: Roster, period: Period) -> Crew:
    """A crew with today's seats, all empty."""
    return Crew(period, {seat.name: None for seat in roster.rotations[period.rotation].seats})


def slot_of(roster: Roster, duty: Duty) -> tuple[str, int]:
    """The kind and number of a duty's seat; two spellings of one seat (`engineer`, `engineer-1`) share them."""
    return roster.seat_of(duty.rotation, duty.seat).slot


def is_missing(roster: Roster, duty: Duty) -> bool:
    """Whether a duty still needs a person; an optional seat may stay empty, and one that isn't served then."""
    return duty.person is None and not roster.is_optional(duty.rotation, duty.seat) and not is_idle(roster, duty)


def is_idle(roster: Roster, duty: Duty) -> bool:
    """Whether nobody is ever on duty in a duty, because it is closed or lies outside the hours of service."""
    return duty.rotation in roster.rotations and not is_served(roster, duty.days)


def without_empty_optional(roster: Roster, duties: Iterable[Duty]) -> list[Duty]:
    """The duties without empty optional seats; those that wait for volunteers stay."""
    return [duty for duty in duties if duty.person is not None or is_missing(roster, duty) or is_vacant(roster, duty)]


def is_vacant(roster: Roster, duty: Duty) -> bool:
    """Whether an empty seat waits for a volunteer, which is no mistake."""
    known = roster.rotations.get(duty.rotation)
    return duty.person is None and known is not None and known.is_voluntary


def by_place(roster: Roster, duties: Iterable[Duty]) -> list[Duty]:
    """Duties in the roster's order of rotations and seats, then by time."""
    return sorted(duties, key=lambda duty: (place_of(roster, duty.rotation, duty.seat), duty.start, duty.end))


def by_time(roster: Roster, duties: Iterable[Duty]) -> list[Duty]:
    """Duties by start, then in the roster's order of rotations and seats."""
    return sorted(duties, key=lambda duty: (duty.start, place_of(roster, duty.rotation, duty.seat), duty.end))


def place_of(roster: Roster, rotation: str, name: str) -> tuple[int, str, int, str, int]:
    """The position of a seat, by its saved name, in the roster's order; rotations and seats that the roster no longer
    has come last."""
    rotations, seat = list(roster.rotations), roster.seat_of(rotation, name)
    if rotation not in rotations:
        return len(rotations), rotation, 0, *seat.slot
    kinds = list(roster.rotations[rotation].kinds)
    position = kinds.index(seat.kind) if seat.kind in kinds else len(kinds)
    return rotations.index(rotation), rotation, position, *seat.slot
