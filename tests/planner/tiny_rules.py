"""Random questions for one to four of the wider rules, small enough to be answered by trying everything."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random

from exhaustive_days import pool_members, rest_of, runs_of
from exhaustive_rules import broken
from samples import DAY, WEEK, crew, roster, rotation, schedule, week
from tiny_rosters import HANDLES, a_person, some_after, some_middle, some_past, some_teams

from setrota.roster import (
    Away,
    Exemption,
    Length,
    Limit,
    Mix,
    Person,
    Pin,
    Roster,
    Rotation,
    Rules,
    Team,
    kind_of,
    seats_named,
)
from setrota.schedule import Crew, Schedule

JOINT = "mix-together"
TAGS = ("senior", "emea", "apac")
PATTERNS = (
    ("backup", "primary"),
    ("backup", "primary"),
    ("engineer", "backup", "primary"),
    ("second", "backup", "primary"),
)
RULES_BEFORE = {"one-duty", "rest", "membership", "leave", "not-seats"}


@dataclass(frozen=True)
class RuledQuestion:
    """A roster with some of the wider rules, what the schedule already holds, and the range."""

    roster: Roster
    before: Schedule
    first: int
    weeks: int
    fill: bool

    @property
    def rules(self) -> list[str]:
        """The rules that this question has."""
        return [name for name, lifted in LIFTED.items() if lifted(self.roster) != self.roster]

    def without(self, rule: str) -> RuledQuestion:
        return replace(self, roster=LIFTED[rule](self.roster))


def tiny_ruled_question(seed: int) -> RuledQuestion:
    """Three to six people over three to five weeks; each rule comes first in some questions.

    None has a mix of several rotations: see `tiny_joint_question`.
    """
    random = Random(f"ruled {seed}")
    names = [name for name in ADDED if name != JOINT]
    while True:
        chosen = {names[seed % len(names)], *random.sample(names, random.randint(0, 3))}
        question = _draft(random, [name for name in names if name in chosen])
        if _is_fair(question):
            return question


def tiny_joint_question(seed: int) -> RuledQuestion:
    """The same with two rotations, a mix that counts their people together, and up to three other rules."""
    random = Random(f"joint {seed}")
    while True:
        chosen = {JOINT, *random.sample(list(ADDED), random.randint(0, 3))}
        question = _draft(random, [name for name in ADDED if name in chosen])
        if _is_fair(question):
            return question


def _draft(random: Random, names: list[str]) -> RuledQuestion:
    weeks = random.randint(3, 5)
    fewest = max(FEWEST.get(name, 3) for name in names)
    people = HANDLES[: random.choice([number for number in (3, 4, 5, 5, 6, 6) if number >= fewest])]
    rotations = _rotations(random, names)
    members = [a_person(random, handle, rotations, weeks) for handle in people]
    if not set(names) & OF_LEAVE:
        members = [each if random.random() < 0.3 else replace(each, leave=()) for each in members]
    given = roster(members, rotations, some_teams(random, people, rotations))
    for name in names:
        given = ADDED[name](random, given, weeks)
    patterned = bool(given.rotations["engineer"].pattern)
    crews = _patterned_past(random, given) if patterned else []
    crews += [each for each in _by_hand(random, given, weeks) if not (patterned and each.period.rotation == "engineer")]
    return RuledQuestion(given, schedule(*crews), 0, weeks, not patterned and random.random() < 0.5)


def _rotations(random: Random, names: list[str]) -> list[Rotation]:
    seats = random.choice(["primary", "engineer engineer", "primary backup", "primary backup", "primary backup"])
    if set(names) & NAMED_SEATS:
        seats = "primary backup"
    found = [
        rotation(
            "engineer", seats, rest=Length(random.choice([0, 1, 1])), max_per_team=random.choice([None, None, 1, 2])
        )
    ]
    if random.random() < (1 if JOINT in names else 0.8 if set(names) & ACROSS else 0.25):
        found.append(
            rotation("lead", every=Length(random.choice([1, 2, 2])), rest=Length(random.randint(0, 1)), seats="lead")
        )
    return found


def _by_hand(random: Random, given: Roster, weeks: int) -> Iterator[Crew]:
    """Weeks before the range, sometimes one within or after it."""
    if random.random() < 0.5:
        yield from some_past(random, given)
    if random.random() < 0.2:
        yield from some_middle(random, given, weeks)
    if random.random() < 0.2:
        yield from some_after(random, given, weeks)


def _patterned_past(random: Random, given: Roster) -> list[Crew]:
    """Complete crews in the weeks before the range, in which everyone goes through the steps."""
    each = given.rotations["engineer"]
    number, steps = len(each.seats) // each.steps, each.steps
    members = sorted(pool_members(given, each))
    first = -steps - random.randint(0, 2)
    turns: dict[int, list[str]] = {}
    for t in range(first - steps + 1, 0):
        busy = {who for other in range(t - steps + 1, t) for who in turns.get(other, [])}
        free = [who for who in members if who not in busy]
        turns[t] = random.sample(free, min(number, len(free)))
    found = []
    for t in range(first, 0):
        seated: dict[str, list[str]] = {}
        for step, kind in enumerate(each.pattern):
            seated.setdefault(kind, []).extend(turns[t - step])
        seats = {seat.name: seated[seat.kind].pop() if seated[seat.kind] else None for seat in each.seats}
        found.append(crew(week(t), seats))
    return found


def _is_fair(question: RuledQuestion) -> bool:
    """Whether the rules define an answer: nothing planned from the range on already breaks a rule, every pinned seat is
    open, and people in the middle of a pattern can continue it."""
    given, start = question.roster, week(question.first)
    old = broken(given, question.before)
    # What a person's own past breaks doesn't matter; a fixed crew in the range may break rules that are new.
    ends = {(each.period.rotation, each.period.start): each.period.end for each in question.before.crews}
    if any(ends[each.rotation, each.start] > start and each.rule not in RULES_BEFORE for each in old):
        return False
    each = given.rotations["engineer"]
    if each.pattern and any(None in there.seats.values() for there in question.before.of("engineer")):
        return False
    fixed = _fixed(question)
    if fixed is None or (each.pattern and each.name not in {there.period.rotation for there in question.before.crews}):
        return False
    return not broken(given, question.before.updated(fixed)) - old


def _fixed(question: RuledQuestion) -> list[Crew] | None:
    """The part of new crews that pins and patterns fix; None if that is impossible."""
    given, found = question.roster, {}
    for name, number, kind, who in (*_pinned(given), *_going(question)):
        rotation, start = given.rotations[name], week(number)
        there = found.setdefault((name, start), dict.fromkeys((seat.name for seat in rotation.seats), None))
        free = [seat for seat, holder in there.items() if kind_of(seat) == kind and holder is None]
        if not free or question.before.crew(name, start) is not None or who in there.values():
            return None
        there[free[0]] = who
    return [crew(start, seats, of=given.rotations[name]) for (name, start), seats in found.items()]


def _pinned(given: Roster) -> Iterator[tuple[str, int, str, str]]:
    """What pins require: rotation, number of the week in which the period starts, kind of seat and person."""
    for pin in given.pins:
        weeks = given.rotations[pin.rotation].every.number
        yield pin.rotation, (pin.day - week(0)) // WEEK // weeks * weeks, kind_of(pin.seat), pin.person


def _going(question: RuledQuestion) -> Iterator[tuple[str, int, str, str]]:
    """The same for people in the middle of a pattern when the range begins."""
    each = question.roster.rotations["engineer"]
    for run in runs_of(question.roster, question.before):
        if run.steps and run.periods[-1][1] == week(question.first):
            left = each.pattern[min(run.steps) + 1 :] if each.steps - 1 not in run.steps else ()
            yield from ((each.name, number, kind, run.person) for number, kind in enumerate(left))


# The rules, one by one


def _everybody(given: Roster, change: Callable[[Person], Person]) -> Roster:
    return replace(given, people={handle: change(person) for handle, person in given.people.items()})


def _engineers(given: Roster, **changes: object) -> Roster:
    changed = replace(given.rotations["engineer"], **changes)  # type: ignore[arg-type]
    return replace(given, rotations={**given.rotations, "engineer": changed})


def _rule(given: Roster, **changes: object) -> Roster:
    return replace(given, rules=given.rules._replace(**changes))


def _tolerance(random: Random, given: Roster, weeks: int) -> Roster:
    return _engineers(given, leave_tolerance=random.choice([1, 1, 2, 3]))


def _works(random: Random, given: Roster, weeks: int) -> Roster:
    """Some work four days; if that is too few to serve at all, it is often tolerated."""
    off = {handle: random.randrange(5) for handle in given.people if random.random() < 0.4}
    if random.random() < 0.6:
        given = _engineers(given, leave_tolerance=max(1, given.rotations["engineer"].leave_tolerance))
    return _everybody(given, lambda person: replace(person, works=frozenset(range(7)) - {off.get(person.handle, 7)}))


def _long_leave(random: Random, given: Roster, weeks: int) -> Roster:
    return _rule(given, long_leave=Length(random.choice([0, 1, 1, 2])))


def _team_away(random: Random, given: Roster, weeks: int) -> Roster:
    key = random.choice(list(given.teams))
    first = week(random.randint(0, weeks - 1)) + DAY * random.randint(0, 6)
    away = Away(first, first + DAY * random.randint(1, 10), random.random() < 0.5)
    return replace(given, teams={**given.teams, key: replace(given.teams[key], away=(away,))})


def _max_duties(random: Random, given: Roster, weeks: int) -> Roster:
    limit = Limit(random.choice([1, 1, 2]), Length(random.randint(2, 6)))
    return _rule(given, limits=(*given.rules.limits, limit))


def _max_duties_by_kind(random: Random, given: Roster, weeks: int) -> Roster:
    kinds = [(each.name, kind) for each in given.rotations.values() for kind in each.kinds]
    name, kind = random.choice(kinds)
    limit = Limit(1, Length(random.randint(2, 6)), frozenset({random.choice([kind, kind, f"{name}/{kind}", name])}))
    return _rule(given, limits=(*given.rules.limits, limit))


def _max_per_team(random: Random, given: Roster, weeks: int) -> Roster:
    return _rule(given, max_per_team=random.choice([1, 1, 2]))


def _teams_apart(random: Random, given: Roster, weeks: int) -> Roster:
    return _rule(given, teams_apart=(frozenset(random.sample(list(given.teams), 2)),))


def _team_rest(random: Random, given: Roster, weeks: int) -> Roster:
    return _engineers(given, team_rest=Length(random.choice([1, 1, 2])))


def _seat_teams(random: Random, given: Roster, weeks: int) -> Roster:
    kind = random.choice(list(given.rotations["engineer"].kinds))
    return _engineers(given, seat_teams={kind: frozenset(random.sample(list(given.teams), random.choice([1, 1, 2])))})


def _mix(random: Random, given: Roster, weeks: int, distinct: bool) -> Roster:
    each = given.rotations["engineer"]
    given = _everybody(given, lambda person: person if person.tags else replace(person, tags=_tags(random)))
    tags = frozenset(random.sample(TAGS, random.choice([2, 3]) if distinct else 1))
    named = not each.pattern and random.random() < 0.4
    kinds = frozenset(random.sample(list(each.kinds), random.randint(1, len(each.kinds)))) if named else frozenset()
    seats = sum(number for kind, number in each.kinds.items() if kind in (kinds or set(each.kinds) - each.optional))
    if random.random() < 0.5:
        mix = Mix(
            tags=tags,
            rotations=frozenset({"engineer"}),
            kinds=kinds,
            at_least=random.choice([1, seats]),
            distinct=distinct,
        )
    else:
        most = 1 if distinct else random.choice([0, 1]) if named else 1
        mix = Mix(tags=tags, rotations=frozenset({"engineer"}), kinds=kinds, at_most=most, distinct=distinct)
    return _rule(given, mix=(*given.rules.mix, mix))


def _tags(random: Random) -> frozenset[str]:
    return frozenset(random.sample(TAGS, random.choice([0, 1, 1, 1, 2])))


def _mix_people(random: Random, given: Roster, weeks: int) -> Roster:
    return _mix(random, given, weeks, False)


def _mix_tags(random: Random, given: Roster, weeks: int) -> Roster:
    return _mix(random, given, weeks, True)


def _mix_together(random: Random, given: Roster, weeks: int) -> Roster:
    """A mix that counts the people of all rotations together; sometimes only those in some kinds of seat."""
    rotations = given.rotations.values()
    if len(rotations) < 2:
        return given
    distinct = random.random() < 0.4
    tags = frozenset(random.sample(TAGS, random.choice([2, 3]) if distinct else 1))
    given = _everybody(given, lambda person: person if person.tags else replace(person, tags=_tags(random)))
    every = sorted({kind for each in rotations for kind in each.kinds})
    kinds = frozenset(random.sample(every, random.randint(1, len(every))) if random.random() < 0.35 else ())
    mix = Mix(tags=tags, rotations=frozenset(given.rotations), kinds=kinds, distinct=distinct)
    if random.random() < 0.5:
        if distinct:
            # Nobody has two of the tags: putting in people one by one, as the second opinion does, then never helps.
            given = _everybody(given, lambda person: replace(person, tags=frozenset(sorted(person.tags & tags)[:1])))
        return _rule(given, mix=(*given.rules.mix, mix._replace(at_least=random.choice([1, 2, 3]))))
    return _rule(given, mix=(*given.rules.mix, mix._replace(at_most=random.choice([0, 1, 1]) if kinds else 1)))


def without_joint_mix(given: Roster) -> Roster:
    return _rule(given, mix=tuple(each for each in given.rules.mix if len(each.rotations) == 1))


def with_mixes_apart(given: Roster) -> Roster:
    """A mix of several rotations turned into one for each of them, where it has a seat to count."""
    apart = [
        mix._replace(rotations=frozenset({name}))
        for mix in given.rules.mix
        for name in sorted(mix.rotations)
        if not mix.kinds or mix.kinds & set(given.rotations[name].kinds)
    ]
    return _rule(given, mix=tuple(apart))


def _never_together(random: Random, given: Roster, weeks: int) -> Roster:
    together = frozenset(random.sample(list(given.people), random.choice([2, 2, 3])))
    return _rule(given, never_together=(together,))


def _pattern(random: Random, given: Roster, weeks: int) -> Roster:
    pattern = random.choice(PATTERNS if len(given.people) > 4 else PATTERNS[:2])
    crews = 2 if len(given.people) == 6 and len(pattern) == 2 and random.random() < 0.3 else 1
    seats = seats_named(tuple(sorted(pattern * crews, reverse=True)))
    rest = min(1, rest_of(given.rotations["engineer"]))
    return _engineers(given, seats=seats, pattern=pattern, rest=Length(rest))


def _optional(random: Random, given: Roster, weeks: int) -> Roster:
    each = given.rotations["engineer"]
    if each.pattern or len(each.seats) > 2:
        return given
    seats = seats_named((*(seat.kind for seat in each.seats), "shadow"))
    return _engineers(given, seats=seats, optional=frozenset({"shadow"}))


def _exceptions(random: Random, given: Roster, weeks: int) -> Roster:
    rules = ["rest", "rest", "leave", *(EXEMPTIBLE[name] for name in _present(given) if name in EXEMPTIBLE)]
    found = {
        Exemption(
            random.choice(rules[-4:]), random.choice(list(given.people)), week(0) + DAY * random.randrange(7 * weeks)
        )
        for _ in range(random.choice([1, 2, 4]))
    }
    return _rule(given, exemptions=frozenset(found))


def _present(given: Roster) -> list[str]:
    return [name for name, lifted in LIFTED.items() if lifted(given) != given]


def _pins(random: Random, given: Roster, weeks: int) -> Roster:
    """One or two seats, of rotations without a pattern; by kind or by name."""
    free = [each for each in given.rotations.values() if not each.pattern]
    found = {}
    for _ in range(random.choice([1, 1, 2]) if free else 0):
        each = random.choice(free)
        seat, day = random.choice(each.seats), week(0) + DAY * random.randrange(7 * weeks)
        who = random.choice(sorted(pool_members(given, each)) or [None])
        if who is not None:
            found[seat.name] = Pin(day, each.name, random.choice([seat.name, seat.kind]), who)
    return replace(given, pins=tuple(found.values()))


ADDED: Mapping[str, Callable[[Random, Roster, int], Roster]] = {
    "pattern": _pattern,
    "optional-seats": _optional,
    "leave-tolerance": _tolerance,
    "works": _works,
    "long-leave": _long_leave,
    "team-away": _team_away,
    "max-duties": _max_duties,
    "max-duties-by-kind": _max_duties_by_kind,
    "max-per-team": _max_per_team,
    "teams-apart": _teams_apart,
    "team-rest": _team_rest,
    "seat-teams": _seat_teams,
    "mix-people": _mix_people,
    "mix-tags": _mix_tags,
    JOINT: _mix_together,
    "never-together": _never_together,
    "exceptions": _exceptions,
    "pins": _pins,
}
"""How each rule gets into a roster; in this order, because some depend on what others did."""


def _owing_nothing(team: Team) -> Team:
    return replace(team, away=tuple(each._replace(owes=False) for each in team.away))


def _all_teams(given: Roster, change: Callable[[Team], Team]) -> Roster:
    return replace(given, teams={key: change(team) for key, team in given.teams.items()})


LIFTED: Mapping[str, Callable[[Roster], Roster]] = {
    "pattern": lambda given: _engineers(given, pattern=()),
    "optional-seats": lambda given: _engineers(given, optional=frozenset()),
    "leave-tolerance": lambda given: _engineers(given, leave_tolerance=0),
    "works": lambda given: _everybody(given, lambda person: replace(person, works=frozenset(range(7)))),
    "long-leave": lambda given: _rule(given, long_leave=Rules().long_leave),
    "team-away": lambda given: _all_teams(given, lambda team: replace(team, away=())),
    "owes": lambda given: _all_teams(given, _owing_nothing),
    "max-duties": lambda given: _rule(given, limits=tuple(each for each in given.rules.limits if each.seats)),
    "max-duties-by-kind": lambda given: _rule(
        given, limits=tuple(each for each in given.rules.limits if not each.seats)
    ),
    "max-per-team": lambda given: _rule(given, max_per_team=None),
    "teams-apart": lambda given: _rule(given, teams_apart=()),
    "team-rest": lambda given: _engineers(given, team_rest=Length(0)),
    "seat-teams": lambda given: _engineers(given, seat_teams={}),
    "mix-people": lambda given: _rule(given, mix=tuple(each for each in given.rules.mix if each.distinct)),
    "mix-tags": lambda given: _rule(given, mix=tuple(each for each in given.rules.mix if not each.distinct)),
    "mix-at-least": lambda given: _rule(given, mix=tuple(each for each in given.rules.mix if not each.at_least)),
    "mix-at-most": lambda given: _rule(given, mix=tuple(each for each in given.rules.mix if each.at_least)),
    "mix-of-seats": lambda given: _rule(given, mix=tuple(each for each in given.rules.mix if not each.kinds)),
    "never-together": lambda given: _rule(given, never_together=()),
    "exceptions": lambda given: _rule(given, exemptions=frozenset()),
    "pins": lambda given: replace(given, pins=()),
}
"""How to take a rule out of a roster; the rule is there if this changes the roster."""

EXEMPTIBLE = {
    "team-away": "team-away",
    "seat-teams": "seat-teams",
    "max-per-team": "max-per-team",
    "team-rest": "team-rest",
    "teams-apart": "teams-apart",
    "max-duties": "max-duties",
    "max-duties-by-kind": "max-duties",
    "mix-people": "mix",
    "mix-tags": "mix",
    "never-together": "never-together",
}

FEWEST = {"pattern": 4, "optional-seats": 4, "team-rest": 4}
"""How many people a question must have for an interesting answer."""

NAMED_SEATS = {"seat-teams", "mix-people", "mix-tags", JOINT, "max-duties-by-kind", "teams-apart"}
OF_LEAVE = {"leave-tolerance", "long-leave", "exceptions"}
ACROSS = {"max-per-team", JOINT, "never-together"}
"""Rules about named seats, about leave, and about all rotations together."""
