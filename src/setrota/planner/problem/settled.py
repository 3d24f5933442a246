"""What is settled before the solver runs: pins, and duties of several periods that have already begun.

These people are put into the crews of their periods, and the rest is planned around them. If a person can't continue
their duty, the rest of it goes to the person who is owed most; the proof doesn't cover those few seats.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

from setrota.dates.availability import absence, seat_obstacles
from setrota.dates.periods import Period
from setrota.dates.service import next_served, previous_served
from setrota.fairness.shares import opening, tally_of
from setrota.planner.deadline import NEVER, Deadline
from setrota.planner.problem.hashing import stable_hash
from setrota.planner.problem.timeslots import is_settled_whole, vacant_seats
from setrota.roster import Pin, Roster, Rotation, kind_of
from setrota.rules import violations
from setrota.rules.onduty import parts_at_once
from setrota.rules.spacing import followers
from setrota.schedule import Crew, Duty, Schedule, empty_crew, follows
from setrota.schedule.pools import pool_of


def settle(
    roster: Roster,
    kept: Schedule,
    opened: Iterable[Period],
    published: Schedule | None = None,
    deadline: Deadline = NEVER,
) -> list[Crew]:
    """The crews of open periods that have a settled seat, by rotation; their other seats are empty.

    People who have such a seat in a `published` schedule keep it if possible. Raises TimeUp.
    """
    crews: dict[Period, Crew] = {}
    settling = {
        name: _Settling(roster, kept, rotation, [each for each in opened if each.rotation == name], crews, published)
        for name, rotation in roster.rotations.items()
    }
    for pin in roster.pins:
        settling[pin.rotation].pin(pin)
    for each in settling.values():
        if each.rotation.pattern:
            each.continue_patterns(deadline)
    for each in settling.values():
        each.fill_parts(deadline)
    return list(crews.values())


class _Settling:
    """One rotation's open periods while people are put into their seats; `crews` holds those of all rotations."""

    def __init__(
        self,
        roster: Roster,
        kept: Schedule,
        rotation: Rotation,
        opened: Iterable[Period],
        crews: dict[Period, Crew],
        published: Schedule | None,
    ) -> None:
        self.roster, self.kept, self.rotation, self.crews = roster, kept, rotation, crews
        self.published, self.opened = published, sorted(opened)

    def crew_of(self, period: Period) -> Crew | None:
        """The settled part of a period's crew, or None if nothing is settled."""
        return self.crews.get(period) or self.kept.crew(period.rotation, period.start)

    def crew_before(self, period: Period) -> Crew | None:
        """The settled part of the crew of the period before, across periods that nobody serves."""
        for each in self.opened:
            if each < period and follows(self.roster, each, period):
                return self.crew_of(each)
        kept = reversed(self.kept.of(period.rotation))
        return next((crew for crew in kept if crew.period < period and follows(self.roster, crew.period, period)), None)

    def seat(self, period: Period, person: str, names: Iterable[str]) -> bool:
        """Put a person into the first free seat of these; False if they already have one, or none is free."""
        if period not in self.opened:
            return False
        crew = self.crew_of(period) or replace(empty_crew(self.roster, period), pool=pool_of(self.roster, period))
        changed = {change.seat for change in crew.changes}
        free = [name for name in names if name in crew.seats and crew.seats[name] is None and name not in changed]
        if person in crew.people or not free:
            return False
        published = {duty.seat: duty.person for duty in self._published(period)}
        # Preferably where they already are, else where they displace nobody.
        best = min(free, key=lambda name: (published.get(name) != person, published.get(name) is not None))
        self.crews[period] = replace(crew, seats={**crew.seats, best: person})
        return True

    def _published(self, period: Period) -> list[Duty]:
        """The published schedule's duties in a period."""
        crew = self.published.crew(period.rotation, period.start) if self.published else None
        return crew.duties() if crew else []

    def seats_of_kind(self, kind: str) -> list[str]:
        return [seat.name for seat in self.rotation.seats if seat.kind == kind]

    # Pins

    def pin(self, pin: Pin) -> None:
        """Put a pinned person into their seat and, if a duty lasts several periods, into the rest of it."""
        for period in self.opened:
            if period.start <= pin.day < period.end:
                named = [seat.name for seat in self.rotation.seats if seat.name == pin.seat]
                names = named or self.seats_of_kind(pin.seat)
                if self.seat(period, pin.person, names) and self.rotation.pattern:
                    self._complete(period, pin.person, self.rotation.pattern.index(kind_of(names[0])))

    def _complete(self, period: Period, person: str, step: int) -> None:
        """Put the holder of one step into the other steps of the duty, as far as their periods are open."""
        name, later, earlier = self.rotation.name, period, period
        for kind in self.rotation.pattern[step + 1 :]:
            later = next_served(self.roster, name, later.end)
            self.seat(later, person, self.seats_of_kind(kind))
        for kind in reversed(self.rotation.pattern[:step]):
            earlier = previous_served(self.roster, name, earlier.start)
            self.seat(earlier, person, self.seats_of_kind(kind))

    # Duties of several periods

    def continue_patterns(self, deadline: Deadline) -> None:
        """Let holders of one step of the pattern continue with the next; if they can't, the person owed most does."""
        for period in reversed(self.opened):
            self._seat_earlier_step(period)
        for period in self.opened:
            deadline.check()
            crew = self.crew_before(period)
            following = followers(self.roster, crew, period) if crew else {}
            for person, kinds in following.items():
                if self.can_go_on(person, period, kinds):
                    self.seat(period, person, [name for kind in kinds for name in self.seats_of_kind(kind)])
            for step in range(1, self.rotation.steps):
                self._hand_over_rest(period, step)

    def _seat_earlier_step(self, period: Period) -> None:
        """Give holders of a later step, in a fixed crew after an open period, the earlier step in it if allowed.

        Nothing requires that: they can have taken over the duty in the middle.
        """
        crews = [*self.kept.of(period.rotation), *self.crews.values()]
        for crew in crews:
            of_another = crew.period.rotation != period.rotation or crew.period <= period
            if of_another or not follows(self.roster, period, crew.period):
                continue
            for seat, person in crew.seats.items():
                step = self.rotation.pattern.index(kind_of(seat)) if kind_of(seat) in self.rotation.pattern else 0
                if step and person:
                    self._try_to_seat(period, person, self.rotation.pattern[step - 1])

    def can_go_on(self, person: str, period: Period, kinds: Iterable[str]) -> bool:
        """Whether a person can continue in one of these kinds: present, ready, and not on duty elsewhere."""
        settled = [crew for crew in self.crews.values() if crew.period.overlaps(period)]
        others = [*self.kept.between(period.start, period.end), *settled]
        held = (duty for crew in others if crew.period != period for duty in crew.duties() if duty.person == person)
        elsewhere = any(parts_at_once(self.roster, period, duty.days) for duty in held)
        return (
            absence(self.roster, person, period) is None
            and not all(seat_obstacles(self.roster, person, period, kind) for kind in kinds)
            and not elsewhere
        )

    def _hand_over_rest(self, period: Period, step: int) -> None:
        """Fill seats of a later step whose duties began in periods that aren't open, with the people owed most."""
        position = self.opened.index(period)
        chain = self.opened[max(position - step, 0) : position + 1]
        if len(chain) == step + 1 and all(follows(self.roster, *each) for each in pairwise(chain)):
            return  # The person who starts in the first of these periods will have the seat.
        kind = self.rotation.pattern[step]
        seats = len(self.rotation.seats) // self.rotation.steps
        while self._holders(period, kind) < seats * self.rotation.pattern[1 : step + 1].count(kind):
            there = [duty.person for duty in self._published(period) if duty.person and kind_of(duty.seat) == kind]
            people = [*there, *self._most_owed()]
            if not any(self._try_to_seat(period, person, kind) for person in people):
                return

    def _holders(self, period: Period, kind: str) -> int:
        crew = self.crew_of(period)
        return sum(person is not None and kind_of(seat) == kind for seat, person in crew.seats.items()) if crew else 0

    def _try_to_seat(self, period: Period, person: str, kind: str) -> bool:
        """Put a person into a seat if they may have it and that breaks no rule."""
        settled = self.kept.updated(self.crews.values())
        before = self.crews.get(period)
        if not self.can_go_on(person, period, [kind]) or not self.seat(period, person, self.seats_of_kind(kind)):
            return False
        old = violations(self.roster, settled)
        if all(each in old for each in violations(self.roster, self.kept.updated(self.crews.values()))):
            return True
        self.crews.pop(period)
        if before is not None:
            self.crews[period] = before
        return False

    # Parts of periods

    def fill_parts(self, deadline: Deadline) -> None:
        """Fill the seats of what isn't a whole period of the rotation with the people owed most who may have them."""
        for period in self.opened:
            if is_settled_whole(self.roster, period):
                deadline.check()
                crew = self.crew_of(period) or empty_crew(self.roster, period)
                self.crews[period] = crew if crew.pool else replace(crew, pool=pool_of(self.roster, period))
                for seat in vacant_seats(self.roster, self.crews[period]):
                    self._fill(period, kind_of(seat))

    def _fill(self, period: Period, kind: str) -> None:
        """Fill a seat of a kind, preferably with who is published there."""
        there = [duty.person for duty in self._published(period) if duty.person and kind_of(duty.seat) == kind]
        any(self._try_to_seat(period, person, kind) for person in dict.fromkeys([*there, *self._most_owed()]))

    def _most_owed(self) -> list[str]:
        past = [tally_of(crew, self.roster) for crew in self.kept.updated(self.crews.values()).of(self.rotation.name)]
        balance = opening(past)
        people = self.roster.members_of(self.rotation.name)
        order = {person: stable_hash(self.roster.short_name, person) for person in people}
        return sorted(people, key=lambda person: (balance.get(person, 0.0), order[person], person))
