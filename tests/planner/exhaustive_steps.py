"""Every crew that a period may have, and every continuation from one period to the next, with all rules kept.

Written from the definitions alone; from setrota it uses the types of question and answer, but none of the code that
decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, product
from typing import NamedTuple

from exhaustive_days import (
    WEEK,
    Run,
    can_serve,
    days,
    holders,
    is_exempt,
    is_lent,
    is_ready,
    pool_members,
    rest_of,
    runs_of,
    teams_of,
)
from exhaustive_rules import Place, company, gathering, seats_on

from setrota.roster import Mix, Roster, Rotation, kind_of
from setrota.schedule import Crew, Schedule

Coverage = tuple[int, ...]
"""Empty required seats; those of each kind; those beyond the first in a period; empty optional seats."""


@dataclass(frozen=True)
class DayRange:
    """One period of a rotation within the range: the fixed crew, the seats to fill by kind, and what each person is
    owed by its end, minus fixed duties."""

    rotation: Rotation
    start: date
    end: date
    crew: Crew | None
    vacant: Mapping[str, int]
    owed: Mapping[str, float]

    @property
    def period(self) -> tuple[date, date]:
        return self.start, self.end


class Option(NamedTuple):
    """People who could take the open seats of a period together, and what stays empty then.

    `kinds` are the kinds of their seats, which matter to rules about several rotations only where `_seats_matter`.
    `starting` are people who begin a duty, with the limits it counts for; `going` are people at a later step of one.
    """

    people: tuple[str, ...]
    kinds: tuple[str, ...]
    starting: tuple[tuple[str, frozenset[int]], ...]
    going: frozenset[tuple[str, int]]
    empty: Coverage


class Recent(NamedTuple):
    """The new duties that matter to the next periods, and the starts (limit, person, day) that limits count."""

    runs: tuple[Run, ...] = ()
    starts: tuple[tuple[int, str, date], ...] = ()


Board = tuple[tuple[Place, ...], tuple[tuple[str, tuple[str, ...]], ...]]
"""Who is on duty on a day, and the kinds of the seats of each rotation."""


class Ways:
    """The options of every span of a question, and which of them may follow which duties."""

    def __init__(self, roster: Roster, before: Schedule, spans: list[DayRange]) -> None:
        self.roster, self.before, self.spans = roster, before, spans
        runs = runs_of(roster, before)
        going = [run for run in runs if _goes_on(roster, run, spans)]
        self.standing = [run for run in runs if run not in going]
        self.first = Recent(tuple(_whole(roster, run) for run in going))
        self.counted = [
            (number, run.person, run.start)
            for run in runs
            for number in _limits(roster, run.rotation, _kinds_of(roster, run, run in going))
            if not is_exempt(roster, "max-duties", run.person, run.periods)
        ]
        self.options = [_options(roster, span) for span in spans]
        # Cached, because the same two duties, or people and board, come up again and again.
        self.barring: dict[tuple[int, str], dict[Run, bool]] = {}
        self.getting_on: dict[tuple[object, ...], bool] = {}

    def onward(self, number: int, recent: Recent) -> Iterator[tuple[Option, Recent]]:
        """The options that may follow in a span, each with the duties that matter after it."""
        span = self.spans[number]
        near = [*self.standing, *recent.runs]
        going = frozenset(
            (run.person, _step(span, run))
            for run in recent.runs
            if run.rotation == span.rotation.name and _on(run, span)
        )
        people = {who for option in self.options[number] for who, _ in option.starting}
        able = {who: self._may_start(number, who, near) for who in people}
        boards = self._boards(span, near)
        for option in self.options[number]:
            if (
                option.going == going
                and all(able[who] for who, _ in option.starting)
                and all(self._within_limits(span, who, limits, recent) for who, limits in option.starting)
                and all(self._get_on(span, option, board) for board in boards)
            ):
                yield option, self._after(number, recent, option)

    def _may_start(self, number: int, who: str, near: list[Run]) -> bool:
        """Whether a person is free, and they and their teams have rested."""
        barring = self.barring.setdefault((number, who), {})
        for other in near:
            if other not in barring:
                barring[other] = _barred(self.roster, _new_run(self.spans[number], who), other)
        return not any(barring[other] for other in near)

    def _within_limits(self, span: DayRange, who: str, limits: Iterable[int], recent: Recent) -> bool:
        for number in limits:
            limit = self.roster.rules.limits[number]
            mine = [each for each in (*self.counted, *recent.starts) if each[:2] == (number, who)]
            starts = [span.start, *(start for _, _, start in mine)]
            for first in starts:
                within = [start for start in starts if first <= start < first + WEEK * limit.within.number]
                if span.start in within and len(within) > limit.duties:
                    return False
        return True

    def _boards(self, span: DayRange, near: list[Run]) -> list[Board]:
        """Who else is on duty on the days of the span, and the seats of these days, each different board once."""
        rules = self.roster.rules
        if rules.max_per_team is None and not rules.never_together and not _joint(self.roster):
            return []
        found: dict[Board, None] = {}
        for day in days(span.start, span.end):
            there = [*_standing_on(self.before, day)]
            for run in near:
                if run not in self.standing and run.rotation != span.rotation.name:
                    there += _places(self.roster, run, day)
            seats = seats_on(self.roster, self.before, day)
            found[tuple(sorted(there)), tuple(seats.items())] = None
        return list(found)

    def _get_on(self, span: DayRange, option: Option, board: Board) -> bool:
        """Whether the new people may be on duty together with those on the board."""
        name, (there, seats) = span.rotation.name, board
        key = span.start, name, option.people, option.kinds, board
        if key not in self.getting_on:
            pairs = zip(option.people, option.kinds, strict=True)
            new = [Place(who, kind, name, *span.period) for who, kind in pairs]
            alone = set(gathering(self.roster, there, dict(seats)))
            self.getting_on[key] = set(gathering(self.roster, [*there, *new], dict(seats))) <= alone
        return self.getting_on[key]

    def _after(self, number: int, recent: Recent, option: Option) -> Recent:
        if number + 1 == len(self.spans):
            return Recent()
        span, upcoming, rules = self.spans[number], self.spans[number + 1].start, self.roster.rules
        longest = max(max(rest_of(each), each.team_rest.number) for each in self.roster.rotations.values())
        kinds = dict(zip(option.people, option.kinds, strict=True)) if _seats_matter(self.roster) else {}
        new = [_new_run(span, who, kinds.get(who)) for who, _ in option.starting]
        runs = {run for run in (*recent.runs, *new) if upcoming < run.end + WEEK * longest}
        begun = [(limit, who, span.start) for who, limits in option.starting for limit in limits]
        starts = {
            each for each in (*recent.starts, *begun) if upcoming < each[2] + WEEK * rules.limits[each[0]].within.number
        }
        return Recent(tuple(sorted(runs)), tuple(sorted(starts)))


# Duties in time


def _goes_on(roster: Roster, run: Run, spans: list[DayRange]) -> bool:
    """Whether a fixed duty has steps of its pattern left in the range."""
    own = [span.start for span in spans if span.rotation.name == run.rotation]
    steps = roster.rotations[run.rotation].steps
    return bool(own) and run.periods[-1][1] == own[0] and steps > 1 and steps - 1 not in run.steps


def _whole(roster: Roster, run: Run) -> Run:
    """A fixed duty, extended to the end of its pattern; a kind that occurs twice in it counts as its first step."""
    rotation, step = roster.rotations[run.rotation], min(run.steps)
    left, last, length = rotation.steps - 1 - step, run.periods[-1][1], WEEK * rotation.every.number
    more = tuple((last + length * number, last + length * (number + 1)) for number in range(left))
    return Run(run.person, run.rotation, run.start, last + length * left, frozenset(), run.periods + more)


def _new_run(span: DayRange, who: str, kind: str | None = None) -> Run:
    length, number = WEEK * span.rotation.every.number, span.rotation.steps
    periods = tuple((span.start + length * step, span.start + length * (step + 1)) for step in range(number))
    kinds = frozenset() if kind is None else frozenset({kind})
    return Run(who, span.rotation.name, span.start, span.start + length * number, kinds, periods)


def _places(roster: Roster, run: Run, day: date) -> Iterator[Place]:
    """The place of a new duty, or of one that goes on, on a day, if it has one."""
    kinds = roster.rotations[run.rotation].pattern or tuple(run.kinds) or ("",)
    for (start, end), kind in zip(reversed(run.periods), reversed(kinds), strict=False):
        if start <= day < end:
            yield Place(run.person, kind, run.rotation, start, end)


def _joint(roster: Roster) -> list[Mix]:
    return [mix for mix in roster.rules.mix if len(mix.rotations) > 1]


def _seats_matter(roster: Roster) -> bool:
    """Whether a rule about several rotations counts only some of their seats."""
    optional = any(roster.rotations[name].optional for mix in _joint(roster) for name in mix.rotations)
    return optional or any(mix.kinds for mix in _joint(roster))


def _on(run: Run, span: DayRange) -> bool:
    return run.start < span.start < run.end


def _step(span: DayRange, run: Run) -> int:
    """The step of the pattern that a duty is at in the span, counted from its end."""
    return span.rotation.steps - (run.end - span.start) // (WEEK * span.rotation.every.number)


def _barred(roster: Roster, run: Run, other: Run) -> bool:
    """Whether another duty keeps this one from beginning, because they overlap or have too little rest between them."""
    if run.person == other.person:
        if other.start < run.end and run.start < other.end:
            return True
        rule, rest = "rest", max(rest_of(roster.rotations[each.rotation]) for each in (run, other))
    else:
        same = run.rotation == other.rotation and bool(teams_of(roster, run.person) & teams_of(roster, other.person))
        rule, rest = "team-rest", roster.rotations[run.rotation].team_rest.number if same else 0
        if other.periods[0][0] < run.end and run.start < other.periods[-1][1]:
            return False
    near = other.start < run.end + WEEK * rest and run.start < other.end + WEEK * rest
    return near and not any(is_exempt(roster, rule, each.person, each.periods) for each in (run, other))


def _standing_on(before: Schedule, day: date) -> Iterator[Place]:
    for crew in before.between(day, day + WEEK / 7):
        period = crew.period
        for on, seat, who in holders(crew):
            if on == day:
                yield Place(who, kind_of(seat), period.rotation, period.start, period.end)


def _kinds_of(roster: Roster, run: Run, going: bool) -> frozenset[str]:
    return run.kinds | set(roster.rotations[run.rotation].pattern) if going else run.kinds


def _limits(roster: Roster, rotation: str, kinds: Iterable[str]) -> frozenset[int]:
    """The limits that count a duty in these kinds of seat."""
    limits = enumerate(roster.rules.limits)
    return frozenset(number for number, limit in limits if any(limit.counts(rotation, kind) for kind in kinds))


# The crews of one period


def kinds_in_order(roster: Roster) -> list[tuple[str, str]]:
    """Kinds of required seats, the most important first: rotations with longer periods come before others."""
    rotations = sorted(roster.rotations.values(), key=lambda rotation: -rotation.every.number)
    kinds = [(each.name, seat.kind) for each in rotations for seat in each.seats if seat.kind not in each.optional]
    return list(dict.fromkeys(kinds))


def coverage_of(roster: Roster, span: DayRange, empty: Mapping[str, int]) -> Coverage:
    by_kind = [empty.get(kind, 0) if name == span.rotation.name else 0 for name, kind in kinds_in_order(roster)]
    optional = sum(empty.get(kind, 0) for kind in span.rotation.optional)
    return sum(by_kind), *by_kind, max(0, sum(by_kind) - 1), optional


class Opening(NamedTuple):
    """A number of open seats of a kind; in a pattern, those of a step."""

    kind: str
    number: int
    step: int = 0


def _openings(span: DayRange) -> list[Opening]:
    pattern = span.rotation.pattern
    if not pattern:
        return [Opening(kind, number) for kind, number in span.vacant.items()]
    crews = len(span.rotation.seats) // len(pattern) if span.vacant else 0
    return [Opening(kind, crews, step) for step, kind in enumerate(pattern)]


def _options(roster: Roster, span: DayRange) -> list[Option]:
    """Every set of people that the rules of one period allow in its open seats, with the best coverage."""
    openings, members = _openings(span), sorted(pool_members(roster, span.rotation))
    fits = {(who, opening) for who in members for opening in openings if _fits(roster, span, who, opening)}
    able = [who for who in members if any((who, opening) in fits for opening in openings)]
    found: dict[tuple[object, ...], Option] = {}
    for size in range(min(sum(opening.number for opening in openings), len(able)) + 1):
        for people, chosen in product(combinations(able, size), product(openings, repeat=size)):
            taken = Counter(chosen)
            seated = dict(zip(people, chosen, strict=True))
            kinds = {who: opening.kind for who, opening in seated.items()}
            enough = all(taken[opening] <= opening.number for opening in taken)
            if enough and seated.items() <= fits and _is_kept(roster, span, kinds):
                option = _option(roster, span, seated)
                key = option.people, option.kinds if _seats_matter(roster) else (), option.starting, option.going
                found[key] = min(found.get(key, option), option, key=lambda each: each.empty)
    return list(found.values())


def _option(roster: Roster, span: DayRange, seated: Mapping[str, Opening]) -> Option:
    starting = []
    for who, opening in seated.items():
        if opening.step == 0:
            free = is_exempt(roster, "max-duties", who, _new_run(span, who).periods)
            limits = _limits(roster, span.rotation.name, span.rotation.pattern or (opening.kind,))
            starting.append((who, frozenset() if free else limits))
    going = frozenset((who, opening.step) for who, opening in seated.items() if opening.step > 0)
    kinds = [opening.kind for opening in seated.values()]
    empty = {kind: number - kinds.count(kind) for kind, number in span.vacant.items()}
    return Option(tuple(seated), tuple(kinds), tuple(starting), going, coverage_of(roster, span, empty))


def _fits(roster: Roster, span: DayRange, who: str, opening: Opening) -> bool:
    """Whether a person can serve there; someone who begins a pattern must be able to serve all its steps."""
    rotation = span.rotation
    kinds = rotation.pattern if rotation.pattern and opening.step == 0 else (opening.kind,)
    return all(
        can_serve(roster, rotation, who, start, end)
        and is_ready(roster, rotation.name, who, kind, start, end)
        and is_lent(roster, rotation.name, who, kind, start, end)
        for kind, (start, end) in zip(kinds, _new_run(span, who).periods, strict=False)
    )


def _is_kept(roster: Roster, span: DayRange, seated: Mapping[str, str]) -> bool:
    """Whether pins are kept, and the people in one crew together break nothing new."""
    pins = [pin for pin in roster.pins if pin.rotation == span.rotation.name and span.start <= pin.day < span.end]
    if span.crew is None and any(seated.get(pin.person) != kind_of(pin.seat) for pin in pins):
        return False
    new = [Place(who, kind, span.rotation.name, *span.period) for who, kind in seated.items()]
    kinds = [kind_of(seat) for seat in span.crew.seats] if span.crew else [seat.kind for seat in span.rotation.seats]
    return all(
        _broken_there(roster, span, [*there, *new], kinds) <= _broken_there(roster, span, there, kinds)
        for there in _standing_crews(span)
    )


def _broken_there(
    roster: Roster, span: DayRange, places: list[Place], kinds: list[str]
) -> set[tuple[str, frozenset[str]]]:
    seats = {name: tuple(seat.kind for seat in each.seats) for name, each in roster.rotations.items()}
    seats[span.rotation.name] = tuple(kinds)
    return {*company(roster, span.rotation, places, kinds), *gathering(roster, places, seats)}


def _standing_crews(span: DayRange) -> list[list[Place]]:
    """The people already in the crew, in the order of days; each replacement makes another crew."""
    if span.crew is None:
        return [[]]
    found: dict[date, list[Place]] = {day: [] for day in days(span.start, span.end)}
    for day, seat, who in holders(span.crew):
        found[day].append(Place(who, kind_of(seat), span.rotation.name, *span.period))
    return [list(there) for there in dict.fromkeys(tuple(there) for there in found.values())]
