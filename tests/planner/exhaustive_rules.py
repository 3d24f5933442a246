"""Every hard rule a second time, day by day: what a schedule breaks, written from the definitions alone.

Slow and simple. Shares no code with `setrota.rules`; tests check that both agree.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from itertools import combinations
from typing import NamedTuple

from exhaustive_days import (
    DAY,
    WEEK,
    Run,
    can_serve,
    holders,
    is_exempt,
    is_lent,
    is_member,
    is_ready,
    pool_members,
    rest_of,
    runs_of,
    team_is_away,
    teams_of,
    too_much_away,
)

from setrota.roster import Mix, Roster, Rotation, kind_of
from setrota.schedule import Crew, Schedule


class Break(NamedTuple):
    """A broken rule: the people, and the rotation and start of the period (of two periods, the later one)."""

    rule: str
    rotation: str
    start: date
    people: frozenset[str]


class Place(NamedTuple):
    """A person on duty on a day, with the period it belongs to."""

    person: str
    kind: str
    rotation: str
    start: date
    end: date

    @property
    def period(self) -> tuple[date, date]:
        return self.start, self.end


Seats = Mapping[str, tuple[str, ...]]
"""The kind of each seat of a rotation."""


def broken(roster: Roster, schedule: Schedule) -> set[Break]:
    """Every rule that a schedule breaks, except `grid`."""
    runs = runs_of(roster, schedule)
    found: set[Break] = set()
    for crew in schedule.crews:
        found |= {*_alone(roster, crew), *_in_company(roster, crew)}
    found |= {*_on_one_day(roster, schedule), *_rests(roster, runs), *_team_rests(roster, runs)}
    return found | {*_limits(roster, runs), *_patterns(roster, schedule), *_pins(roster, schedule)}


# One person in one period


def _alone(roster: Roster, crew: Crew) -> Iterator[Break]:
    held: dict[tuple[str, str], list[date]] = {}
    for day, seat, who in holders(crew):
        held.setdefault((seat, who), []).append(day)
    for (seat, who), its in held.items():
        for rule in _unfit(roster, crew.period.rotation, who, kind_of(seat), min(its), max(its) + DAY):
            yield Break(rule, crew.period.rotation, crew.period.start, frozenset({who}))


def _unfit(roster: Roster, name: str, who: str, kind: str, start: date, end: date) -> list[str]:
    """The rules that keep a person from a seat of that kind on the days [start, end)."""
    rotation = roster.rotations[name]
    if who not in roster.people:
        return ["membership"]
    kept = {
        "membership": who in pool_members(roster, rotation) and is_member(roster.people[who], start, end),
        "leave": not too_much_away(roster, rotation, who, start, end),
        "team-away": not team_is_away(roster, who, start, end),
        "not-seats": is_ready(roster, name, who, kind, start, end),
        "seat-teams": is_lent(roster, name, who, kind, start, end),
    }
    return [rule for rule, holds in kept.items() if not holds]


# Several people of one crew


def _in_company(roster: Roster, crew: Crew) -> Iterator[Break]:
    period, kinds = crew.period, [kind_of(seat) for seat in crew.seats]
    boards: dict[date, list[Place]] = {}
    for day, seat, who in holders(crew):
        place = Place(who, kind_of(seat), period.rotation, period.start, period.end)
        boards.setdefault(day, []).append(place)
    for places in {tuple(places): places for places in boards.values()}.values():
        for rule, people in company(roster, roster.rotations[period.rotation], places, kinds):
            yield Break(rule, period.rotation, period.start, people)


def company(
    roster: Roster, rotation: Rotation, places: list[Place], kinds: list[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    """The rules that the people in one crew break together on one day; `kinds` are those of all its seats."""
    for key in roster.teams:
        crowd = {each.person for each in _bound(roster, "max-per-team", places) if key in teams_of(roster, each.person)}
        if rotation.max_per_team is not None and len(crowd) > rotation.max_per_team:
            yield "max-per-team", frozenset(crowd)
    for one, other in combinations(_bound(roster, "teams-apart", places), 2):
        if one.person != other.person and _are_apart(roster, one.person, other.person):
            yield "teams-apart", frozenset({one.person, other.person})
    for mix in roster.rules.mix:
        if mix.rotations == {rotation.name}:
            yield from (("mix", people) for people in _mixed(roster, mix, places, {rotation.name: tuple(kinds)}))


def _bound(roster: Roster, rule: str, places: Collection[Place]) -> list[Place]:
    return [each for each in places if not is_exempt(roster, rule, each.person, [each.period])]


def _are_apart(roster: Roster, one: str, other: str) -> bool:
    pairs = [(a, b) for a in teams_of(roster, one) for b in teams_of(roster, other) if a != b]
    return any({a, b} <= keys for keys in roster.rules.teams_apart for a, b in pairs)


def _mixed(roster: Roster, mix: Mix, places: Collection[Place], seats: Seats) -> Iterator[frozenset[str]]:
    """The people of one mix who are too many; people outside the roster don't count, as their tags are unknown."""
    known = [
        each
        for each in _bound(roster, "mix", places)
        if each.person in roster.people and each.rotation in mix.rotations
    ]
    tags = {each.person: roster.people[each.person].tags & mix.tags for each in known}
    if mix.at_most is not None:
        tagged = [each.person for each in known if tags[each.person] and (not mix.kinds or each.kind in mix.kinds)]
        many = len(set().union(*(tags[who] for who in tagged))) if mix.distinct else len(set(tagged))
        if many > mix.at_most:
            yield frozenset(tagged)

    def is_counted(rotation: str, kind: str) -> bool:
        return kind in mix.kinds if mix.kinds else kind not in roster.rotations[rotation].optional

    least = {each.person for each in known if is_counted(each.rotation, each.kind)}
    number = sum(is_counted(rotation, kind) for rotation in mix.rotations for kind in seats[rotation])
    without = {who for who in least if not tags[who]}
    different = set().union(*(tags[who] for who in least))
    free = len(different) + number - len(least) if mix.distinct else number - len(without)
    if free < min(mix.at_least, number):
        yield frozenset(least if mix.distinct else without)


# Several crews


def _on_one_day(roster: Roster, schedule: Schedule) -> Iterator[Break]:
    boards: dict[date, list[Place]] = {}
    for crew in schedule.crews:
        for day, seat, who in holders(crew):
            place = Place(who, kind_of(seat), crew.period.rotation, crew.period.start, crew.period.end)
            boards.setdefault(day, []).append(place)
    different = {(tuple(places), tuple(seats_on(roster, schedule, day).items())) for day, places in boards.items()}
    for places, seats in different:
        later = max(places, key=lambda each: each.start)
        for rule, people in gathering(roster, places, dict(seats)):
            yield Break(rule, later.rotation, later.start, people)


def seats_on(roster: Roster, schedule: Schedule, day: date) -> dict[str, tuple[str, ...]]:
    """The kind of each seat of each rotation on a day; where it has no crew, of the seats that it has today."""
    found = {name: tuple(seat.kind for seat in rotation.seats) for name, rotation in roster.rotations.items()}
    for crew in schedule.crews:
        if crew.period.start <= day < crew.period.end:
            found[crew.period.rotation] = tuple(kind_of(seat) for seat in crew.seats)
    return found


def gathering(roster: Roster, places: Collection[Place], seats: Seats) -> Iterator[tuple[str, frozenset[str]]]:
    """The rules that the people on duty on one day, in all rotations, break together."""
    everybody = [each.person for each in places]
    for who in set(everybody):
        if everybody.count(who) > 1:
            yield "one-duty", frozenset({who})
    for key in roster.teams:
        crowd = {each.person for each in _bound(roster, "max-per-team", places) if key in teams_of(roster, each.person)}
        if roster.rules.max_per_team is not None and len(crowd) > roster.rules.max_per_team:
            yield "max-per-team", frozenset(crowd)
    free = {each.person for each in _bound(roster, "never-together", places)}
    for together in roster.rules.never_together:
        if len(together & free) > 1:
            yield "never-together", together & free
    for mix in roster.rules.mix:
        if len(mix.rotations) > 1:
            yield from (("mix", people) for people in _mixed(roster, mix, places, seats))


def _rests(roster: Roster, runs: list[Run]) -> Iterator[Break]:
    for earlier, later in _in_turn(runs):
        rest = WEEK * max(rest_of(roster.rotations[each.rotation]) for each in (earlier, later))
        if earlier.person == later.person and earlier.end <= later.start < earlier.end + rest:
            yield from _unless_exempt(roster, "rest", earlier, later)


def _team_rests(roster: Roster, runs: list[Run]) -> Iterator[Break]:
    for earlier, later in _in_turn(runs):
        rest = WEEK * roster.rotations[later.rotation].team_rest.number
        after = earlier.periods[-1][1] <= later.periods[0][0] and later.start < earlier.end + rest
        others = earlier.rotation == later.rotation and earlier.person != later.person
        if after and others and teams_of(roster, earlier.person) & teams_of(roster, later.person):
            yield from _unless_exempt(roster, "team-rest", earlier, later)


def _in_turn(runs: list[Run]) -> Iterator[tuple[Run, Run]]:
    return combinations(sorted(runs, key=lambda run: (run.start, run.end)), 2)


def _unless_exempt(roster: Roster, rule: str, earlier: Run, later: Run) -> Iterator[Break]:
    if not any(is_exempt(roster, rule, each.person, each.periods) for each in (earlier, later)):
        yield Break(rule, later.rotation, later.periods[0][0], frozenset({earlier.person, later.person}))


def _limits(roster: Roster, runs: list[Run]) -> Iterator[Break]:
    """A duty is too many if more than the limit start within some stretch, and it isn't the first of them."""
    for limit in roster.rules.limits:
        for who in {run.person for run in runs}:
            mine = sorted(
                (run for run in runs if run.person == who and not is_exempt(roster, "max-duties", who, run.periods)),
                key=lambda run: run.start,
            )
            counted = [run for run in mine if any(limit.counts(run.rotation, kind) for kind in run.kinds)]
            for first in counted:
                within = [run for run in counted if first.start <= run.start < first.start + WEEK * limit.within.number]
                for run in within[limit.duties :]:
                    yield Break("max-duties", run.rotation, run.periods[0][0], frozenset({who}))


def _patterns(roster: Roster, schedule: Schedule) -> Iterator[Break]:
    for before in schedule.crews:
        rotation = roster.rotations[before.period.rotation]
        crew = schedule.crew(rotation.name, before.period.end)
        if crew is None or not rotation.pattern:
            continue
        for seat, who in dict.fromkeys((seat, who) for _, seat, who in holders(before)):
            if who in roster.people and can_serve(roster, rotation, who, crew.period.start, crew.period.end):
                following = {
                    kind
                    for kind in followers(rotation, kind_of(seat))
                    if is_ready(roster, rotation.name, who, kind, crew.period.start, crew.period.end)
                    and is_lent(roster, rotation.name, who, kind, crew.period.start, crew.period.end)
                }
                if following and not any(who == now and kind_of(at) in following for _, at, now in holders(crew)):
                    yield Break("pattern", rotation.name, crew.period.start, frozenset({who}))


def followers(rotation: Rotation, kind: str) -> set[str]:
    """The kinds that may follow a kind in the pattern; none after the last."""
    pattern = rotation.pattern
    steps = range(1, len(pattern))
    return {pattern[step] for step in steps if pattern[step - 1] == kind} if kind not in pattern[-1:] else set()


def _pins(roster: Roster, schedule: Schedule) -> Iterator[Break]:
    for pin in roster.pins:
        for crew in schedule.crews:
            if crew.period.rotation == pin.rotation and crew.period.start <= pin.day < crew.period.end:
                held = {(seat, who) for day, seat, who in holders(crew) if day == pin.day}
                if not any(who == pin.person and pin.seat in (seat, kind_of(seat)) for seat, who in held):
                    yield Break("pins", pin.rotation, crew.period.start, frozenset({pin.person}))
