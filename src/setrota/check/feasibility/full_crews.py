"""Whether a person can be in a crew that leaves no required seat empty: a search over the crews of one time.

Everyone who is there then may serve, however recently they did. The rules' own checkers judge each crew, so that
no rule about people who serve together is missed. People whom these rules treat alike are interchangeable.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from setrota.dates.availability import absence, seat_obstacles
from setrota.dates.periods import Period
from setrota.dates.service import begins, period_on, served_at
from setrota.roster import Roster
from setrota.rules import RULES, Rule
from setrota.rules.evidence import Evidence
from setrota.schedule import Crew, Schedule, empty_crew

OF_OTHER_DAYS = ("grid", "rest", "pattern", "team-rest", "max-duties", "pins")
"""Rules that a crew can't break by itself."""

OF_ONE_PERSON = ("membership", "leave", "team-away", "one-duty", "not-seats", "seat-teams")
"""Rules that decide before the search who may have which seat."""

OF_CREWS = tuple(rule for rule in RULES if rule.name not in {*OF_OTHER_DAYS, *OF_ONE_PERSON})


MOST_ASKED = 3_000_000
"""Two million are asked about 5,000 people who may all serve in each of 20 rotations."""


class OpenSeat(NamedTuple):
    """A seat to fill, its kind, and its period."""

    period: Period
    kind: str
    seat: str

    @property
    def option(self) -> tuple[str, str]:
        return self.period.rotation, self.kind


class Likeness(NamedTuple):
    """All that rules about crews know of a person: `options` are the rotations and kinds of seat they may have, `apart`
    the `never-together` sets they are in, and `exempt` their handle if the roster has exceptions for them."""

    options: frozenset[tuple[str, str]]
    teams: tuple[str, ...]
    tags: frozenset[str]
    apart: frozenset[int]
    exempt: str


class Filling(NamedTuple):
    """A person in a seat, as far as it matters to rules about crews."""

    likeness: Likeness
    rotation: str
    kind: str


class Openings:
    """The seats open to the members of a rotation in a period, found once for all searches.

    `left` is of how many people and periods searches may still ask; with none left they give up.
    """

    def __init__(self, roster: Roster) -> None:
        self.roster, self.left = roster, MOST_ASKED
        self._known: dict[tuple[Period, frozenset[str]], dict[str, tuple[tuple[str, str], ...]]] = {}

    def of(self, period: Period, ignored: frozenset[str]) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """Each member's options, if the rules `ignored` bind nobody."""
        if (period, ignored) not in self._known:
            self._known[period, ignored] = {
                handle: self._options(handle, period, ignored) for handle in self.roster.members_of(period.rotation)
            }
        return self._known[period, ignored]

    def _options(self, handle: str, period: Period, ignored: frozenset[str]) -> tuple[tuple[str, str], ...]:
        if absence(self.roster, handle, period) is not None:
            return ()
        kinds = self.roster.rotations[period.rotation].kinds
        return tuple(
            (period.rotation, kind)
            for kind in kinds
            if ignored.issuperset(seat_obstacles(self.roster, handle, period, kind))
        )


@dataclass
class Effort:
    """How many seats of crews may still be judged; below 0 searches give up."""

    left: int


class FullCrews:
    """The crews that fill every required seat in a period, and in those of `others`, further rotations, that are served
    when it begins, if the rules `ignored` bind nobody."""

    def __init__(
        self,
        roster: Roster,
        period: Period,
        others: Iterable[str],
        ignored: frozenset[str],
        effort: Effort,
        openings: Openings,
    ) -> None:
        self.roster, self.period, self.ignored, self.effort = roster, period, ignored, effort
        self.periods = [period, *_served_with(roster, period, others)]
        self._rules = [rule for rule in _rules_in_use(roster) if rule.name not in ignored]
        self._exempt = {each.person for each in roster.rules.exemptions} if self._rules else frozenset()
        self._tags = frozenset[str]().union(*(mix.tags for mix in roster.rules.mix))
        self._kinds_matter = any(mix.kinds for mix in roster.rules.mix)
        options: dict[str, list[tuple[str, str]]] = {}
        for each in self.periods:
            for handle, theirs in openings.of(each, ignored).items():
                options.setdefault(handle, []).extend(theirs)
        self._likeness = {handle: self._likeness_of(handle, theirs) for handle, theirs in options.items()}
        self._people: dict[Likeness, list[str]] = {}
        for handle, likeness in self._likeness.items():
            self._people.setdefault(likeness, []).append(handle)
        self._able: dict[tuple[str, str], list[Likeness]] = {}
        for likeness in sorted(self._people, key=lambda each: -len(self._people[each])):
            for option in likeness.options:
                self._able.setdefault(option, []).append(likeness)
        self._required = self._seats_to_fill()
        self._known: dict[Likeness, bool] = {}
        self._seen: set[frozenset[tuple[Filling, int]]] = set()

    @property
    def signature(self) -> object:
        """Equal for two periods in which the answers are the same."""
        return frozenset(self._likeness.items())

    def exist(self) -> bool:
        """Whether there is one at all; False as well if the search gives up."""
        self._seen.clear()
        return self._filled(self._crews(), self._required, ())

    def may_include(self, handle: str) -> bool:
        """Whether one of them has a person in a seat of the period; True as well if the search gives up."""
        likeness = self._likeness[handle]
        if likeness not in self._known and self.effort.left >= 0:
            first = {seat.kind: seat for seat in reversed(self._seats(self.period))}
            self._known[likeness] = any(self._with(likeness, seat) for seat in first.values())
        return self.effort.left < 0 or self._known[likeness]

    def _with(self, likeness: Likeness, seat: OpenSeat) -> bool:
        if seat.option not in likeness.options:
            return False
        self._seen.clear()
        crews = _seated(self._crews(), seat, self._people[likeness][0])
        left = [each for each in self._required if each != seat]
        return self._keeps_rules(crews) and self._filled(crews, left, (self._filling(likeness, seat),))

    def _filled(self, crews: Mapping[Period, Crew], left: Sequence[OpenSeat], filled: tuple[Filling, ...]) -> bool:
        """Whether the seats left can be filled as well; remembers whom a full crew has."""
        if not left:
            self._known |= {each.likeness: True for each in filled if each.rotation == self.period.rotation}
            return True
        seat, *rest = left
        used = Counter(each.likeness for each in filled)
        free = [each for each in self._able.get(seat.option, ()) if used[each] < len(self._people[each])]
        for likeness in sorted(free, key=lambda each: used[each]):
            then = (*filled, self._filling(likeness, seat))
            state = frozenset(Counter(then).items())
            if state in self._seen:
                continue
            self._seen.add(state)
            seated = _seated(crews, seat, self._people[likeness][used[likeness]])
            if self._keeps_rules(seated) and self._filled(seated, rest, then):
                return True
        return False

    def _filling(self, likeness: Likeness, seat: OpenSeat) -> Filling:
        """Who fills a seat, as far as rules about crews care: kinds of seat matter only if a mix names some."""
        return Filling(likeness, seat.period.rotation, seat.kind if self._kinds_matter else "")

    def _keeps_rules(self, crews: Mapping[Period, Crew]) -> bool:
        self.effort.left -= sum(len(crew.seats) for crew in crews.values())
        if self.effort.left < 0:
            return False
        evidence = Evidence(self.roster, Schedule(self.roster.short_name, tuple(crews.values())))
        return not any(True for rule in self._rules for _ in rule.check(evidence))

    # Seats and people

    def _crews(self) -> dict[Period, Crew]:
        return {period: empty_crew(self.roster, period) for period in self.periods}

    def _seats(self, period: Period) -> list[OpenSeat]:
        rotation = self.roster.rotations[period.rotation]
        return [OpenSeat(period, seat.kind, seat.name) for seat in rotation.seats]

    def _seats_to_fill(self) -> list[OpenSeat]:
        """The required seats, those with the fewest people first."""
        seats = [seat for period in self.periods for seat in self._seats(period)]
        required = [seat for seat in seats if not self.roster.is_optional(seat.period.rotation, seat.seat)]
        return sorted(required, key=lambda seat: len(self._able.get(seat.option, ())))

    def _likeness_of(self, handle: str, options: Iterable[tuple[str, str]]) -> Likeness:
        apart = frozenset(number for number, people in enumerate(self.roster.rules.never_together) if handle in people)
        return Likeness(
            options=frozenset(options),
            teams=self.roster.teams_of(handle) if self._rules else (),
            tags=self.roster.people[handle].tags & self._tags,
            apart=apart,
            exempt=handle if handle in self._exempt else "",
        )


def _served_with(roster: Roster, period: Period, others: Iterable[str]) -> Iterator[Period]:
    """The periods of other rotations that are served when the service of a period begins."""
    moment = begins(roster, period)
    for name in others:
        if served_at(roster, name, moment):
            yield period_on(roster, name, moment)


def _rules_in_use(roster: Roster) -> list[Rule]:
    """The rules about crews that the roster asks for."""
    caps = [roster.rules.max_per_team, *(rotation.max_per_team for rotation in roster.rotations.values())]
    asked = {
        "max-per-team": any(cap is not None for cap in caps),
        "teams-apart": roster.rules.teams_apart,
        "mix": roster.rules.mix,
        "never-together": roster.rules.never_together,
    }
    return [rule for rule in OF_CREWS if asked.get(rule.name, True)]


def _seated(crews: Mapping[Period, Crew], seat: OpenSeat, handle: str) -> dict[Period, Crew]:
    crew = crews[seat.period]
    return {**crews, seat.period: replace(crew, seats={**crew.seats, seat.seat: handle})}
