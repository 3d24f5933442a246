"""The rule `mix`: a limit on people with a tag who serve together, or seats kept free for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from setrota.problems import counted, listed, listed_quotes
from setrota.roster import Mix, Rotation, kind_of
from setrota.rules.evidence import Evidence, HeldDuty, Violation, held_at_once, people_of
from setrota.schedule import Crew


def check_mix(evidence: Evidence) -> Iterator[Violation]:
    for mix in evidence.roster.rules.mix:
        for crew, held in evidence.crews:
            rotation = evidence.roster.rotations.get(crew.period.rotation)
            if rotation is not None and rotation.name in mix.rotations:
                yield from _unmixed(evidence, mix, rotation, crew, held)


def _unmixed(evidence: Evidence, mix: Mix, rotation: Rotation, crew: Crew, held: list[HeldDuty]) -> Iterator[Violation]:
    """The first day on which too many of them serve, and the first on which too few can."""
    known = [each for each in evidence.bound("mix", held) if each.person in evidence.roster.people]
    if mix.at_most is not None:
        kinds = mix_kinds(mix, rotation, least=False)
        crowds = (_too_many(evidence, mix, group) for group in held_at_once(_in_kinds(known, kinds)))
        yield from islice(filter(None, crowds), 1)
    if mix.at_least:
        kinds = mix_kinds(mix, rotation, least=True)
        seats = sum(kind_of(seat) in kinds for seat in crew.seats)
        crowds = (_too_few(evidence, mix, seats, group) for group in held_at_once(_in_kinds(known, kinds)))
        yield from islice(filter(None, crowds), 1)


def mix_kinds(mix: Mix, rotation: Rotation, *, least: bool) -> frozenset[str]:
    """The kinds of seat that a mix counts: those it names, else all of them, or for `at-least` all required ones."""
    return mix.kinds or frozenset(rotation.kinds) - (rotation.optional if least else frozenset())


def _in_kinds(held: Iterable[HeldDuty], kinds: frozenset[str]) -> list[HeldDuty]:
    return [each for each in held if each.kind in kinds]


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
    message = f"{number} {what} on duty ({listed(people)}), but at most {most} may be"
    return Violation("mix", group[0].period, people, message, f"too many of {listed(sorted(mix.tags), 'or')}")


def _too_few(evidence: Evidence, mix: Mix, seats: int, group: list[HeldDuty]) -> Violation | None:
    """Empty seats count as free for the people who are missing, since they may still be given to them."""
    least = min(mix.at_least, seats)
    if mix.distinct:
        people = people_of(group)
        possible = len(_tags(evidence, mix, group)) + seats - len(people)
        what = f"different tags of {listed_quotes(sorted(mix.tags))}"
    else:
        people = people_of(each for each in group if not evidence.roster.people[each.person].tags & mix.tags)
        possible, what = seats - len(people), f"people tagged {listed_quotes(sorted(mix.tags), 'or')}"
    if possible >= least:
        return None
    message = f"with {listed(people)} only {counted(possible, 'seat')} could go to {what}, but at least {least} must"
    return Violation("mix", group[0].period, people, message, f"seat kept for {listed(sorted(mix.tags), 'or')}")


def _tags(evidence: Evidence, mix: Mix, held: Iterable[HeldDuty]) -> set[str]:
    return {tag for each in held for tag in evidence.roster.people[each.person].tags & mix.tags}
