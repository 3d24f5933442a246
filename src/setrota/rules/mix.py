"""The rule `mix`: a limit on people with a tag who serve together, or seats kept free for them.

A mix is about the crew of one rotation, or about all the people on duty on a day in several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice

from setrota.dates.periods import point_at
from setrota.dates.service import served_at as is_served_at
from setrota.dates.service import service_until, stretches
from setrota.problems import counted, listed, listed_quotes
from setrota.roster import Mix, Roster, Rotation, kind_of
from setrota.rules.evidence import Evidence, HeldDuty, Violation, held_at_once, latest, people_of, served_at
from setrota.schedule import Crew, Schedule


def check_mix(evidence: Evidence) -> Iterator[Violation]:
    for mix in evidence.roster.rules.mix:
        if len(mix.rotations) > 1:
            yield from _unmixed_together(evidence, mix)
            continue
        for crew, held in evidence.crews:
            rotation = evidence.roster.rotations.get(crew.period.rotation)
            if rotation is not None and rotation.name in mix.rotations:
                yield from _unmixed(evidence, mix, rotation, crew, held)


def _unmixed(evidence: Evidence, mix: Mix, rotation: Rotation, crew: Crew, held: list[HeldDuty]) -> Iterator[Violation]:
    """The first day on which too many of them serve, and the first on which too few can."""
    known = _counted(evidence, mix, held)
    if mix.at_most is not None:
        most = (each for each in known if each.kind in mix_kinds(mix, rotation, least=False))
        yield from islice(filter(None, (_too_many(evidence, mix, group) for group in held_at_once(most))), 1)
    if mix.at_least:
        kinds = mix_kinds(mix, rotation, least=True)
        seats = sum(kind_of(seat) in kinds for seat in crew.seats)
        least = (each for each in known if each.kind in kinds)
        yield from islice(filter(None, (_too_few(evidence, mix, seats, group) for group in held_at_once(least))), 1)


def _unmixed_together(evidence: Evidence, mix: Mix) -> Iterator[Violation]:
    """At each instant at which anything changes, too many of them on duty in all rotations, or too few who can be."""
    roster = evidence.roster
    crews = [(crew, held) for crew, held in evidence.crews if crew.period.rotation in mix.rotations]
    mine = _counted(evidence, mix, (each for _, held in crews for each in held))
    parts = {crew.period for crew, _ in crews} | {each.days for each in mine}
    borders = {moment for part in parts for stretch in stretches(roster, part) for moment in stretch}
    found: dict[Violation, None] = {}
    for moment, group in served_at(roster, sorted(borders), mine):
        both: list[Violation | None] = []
        if mix.at_most is not None:
            both.append(_too_many(evidence, mix, _in_kinds(roster, mix, group, least=False)))
        if mix.at_least and group:
            seats = seats_at(roster, evidence.schedule, mix, moment)
            both.append(_too_few(evidence, mix, seats, _in_kinds(roster, mix, group, least=True)))
        found |= dict.fromkeys(filter(None, both))
    yield from found


def mix_kinds(mix: Mix, rotation: Rotation, *, least: bool) -> frozenset[str]:
    """The kinds of a rotation's seats that a mix counts: those it names, else all, or for `at-least` all required."""
    every = frozenset(rotation.kinds)
    return every & mix.kinds if mix.kinds else every - (rotation.optional if least else frozenset())


def seats_at(roster: Roster, schedule: Schedule, mix: Mix, moment: datetime) -> int:
    """How many seats a mix that sets a minimum counts at a moment: those of its rotations that are served then.

    Where a rotation has no crew, its seats are still to be given away.
    """
    number = 0
    for name in mix.rotations:
        rotation, crew = roster.rotations[name], schedule.crew_on(name, point_at(roster, name, moment))
        kinds = mix_kinds(mix, rotation, least=True)
        if crew is not None and service_until(roster, crew.period, moment) > moment:
            number += sum(kind_of(seat) in kinds for seat in crew.seats)
        elif crew is None and is_served_at(roster, name, moment):
            number += sum(seat.kind in kinds for seat in rotation.seats)
    return number


def counted_duties(evidence: Evidence, mix: Mix, *, least: bool) -> list[HeldDuty]:
    """The duties of people whom a mix binds, in the rotations and seats that it counts."""
    mine = (each for each in evidence.held if each.period.rotation in mix.rotations)
    return _in_kinds(evidence.roster, mix, _counted(evidence, mix, mine), least=least)


def _counted(evidence: Evidence, mix: Mix, held: Iterable[HeldDuty]) -> list[HeldDuty]:
    return [each for each in evidence.bound("mix", held) if each.person in evidence.roster.people]


def _in_kinds(roster: Roster, mix: Mix, held: Iterable[HeldDuty], *, least: bool) -> list[HeldDuty]:
    kinds = {name: mix_kinds(mix, roster.rotations[name], least=least) for name in mix.rotations}
    return [each for each in held if each.kind in kinds[each.period.rotation]]


def _too_many(evidence: Evidence, mix: Mix, group: list[HeldDuty]) -> Violation | None:
    tagged = [each for each in group if evidence.roster.people[each.person].tags & mix.tags]
    people, most = people_of(tagged), mix.at_most or 0
    if mix.distinct:
        number, what = len(_tags(evidence, mix, tagged)), f"different tags of {listed_quotes(sorted(mix.tags))}"
    else:
        number = len(people)
        what = f"{'person' if number == 1 else 'people'} tagged {listed_quotes(sorted(mix.tags), 'or')}"
    if number <= most:
        return None
    message = f"{number} {what} on duty{_together(mix)} ({listed(people)}), but at most {most} may be"
    return Violation("mix", latest(tagged), people, message, f"too many of {listed(sorted(mix.tags), 'or')}")


def _too_few(evidence: Evidence, mix: Mix, seats: int, group: list[HeldDuty]) -> Violation | None:
    """Empty seats count as free for the people who are missing, since they may still be given to them."""
    least = min(mix.at_least, seats)
    if mix.distinct:
        others = group
        possible = len(_tags(evidence, mix, group)) + seats - len(people_of(group))
        what = f"different tags of {listed_quotes(sorted(mix.tags))}"
    else:
        others = [each for each in group if not evidence.roster.people[each.person].tags & mix.tags]
        possible = seats - len(people_of(others))
        what = f"people tagged {listed_quotes(sorted(mix.tags), 'or')}"
    if possible >= least:
        return None
    people = people_of(others)
    free = f"only {counted(possible, 'seat')}" if possible > 0 else "no seat"
    message = f"with {listed(people)} {free}{_together(mix)} could go to {what}, but at least {least} must"
    return Violation("mix", latest(others), people, message, f"leaving no seat for {listed(sorted(mix.tags), 'or')}")


def _together(mix: Mix) -> str:
    return f" in {listed_quotes(sorted(mix.rotations))} together" if len(mix.rotations) > 1 else ""


def _tags(evidence: Evidence, mix: Mix, held: Iterable[HeldDuty]) -> set[str]:
    return {tag for each in held for tag in evidence.roster.people[each.person].tags & mix.tags}
