"""Rules about who serves together: teams and people on duty at the same time, in one rotation or in the whole rota."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from setrota.problems import listed, listed_quotes
from setrota.roster import Roster
from setrota.rules.evidence import Evidence, HeldDuty, Violation, held_at_once, latest, people_of, served_at_once
from setrota.schedule import Crew


def together(crew: Crew, members: frozenset[str]) -> list[list[str]]:
    """The largest group of these members on duty on one day of a crew; people who replace each other don't count."""
    duties = [duty for duty in crew.duties() if duty.person in members]
    found = [sorted({str(duty.person) for duty in duties if duty.start <= first.start < duty.end}) for first in duties]
    return [max(found, key=len)] if found else []


# Teams


def check_max_per_team(evidence: Evidence) -> Iterator[Violation]:
    for crew, held in evidence.crews:
        rotation = evidence.roster.rotations.get(crew.period.rotation)
        if rotation is not None and rotation.max_per_team is not None:
            yield from _crowded_crew(evidence, held, rotation.max_per_team)
    if evidence.roster.rules.max_per_team is not None:
        yield from _crowded_days(evidence, evidence.roster.rules.max_per_team)


def _by_team(evidence: Evidence, held: Iterable[HeldDuty]) -> dict[str, list[HeldDuty]]:
    """The duties that `max-per-team` binds, by team, in the order of the roster's teams."""
    found: dict[str, list[HeldDuty]] = {key: [] for key in evidence.roster.teams}
    for each in evidence.bound("max-per-team", held):
        for team in evidence.roster.teams_of(each.person):
            found[team].append(each)
    return found


def _crowded_crew(evidence: Evidence, held: list[HeldDuty], most: int) -> Iterator[Violation]:
    for team, mine in _by_team(evidence, held).items():
        if len(mine) > most:
            people = max((people_of(group) for group in held_at_once(mine)), key=len)
            if len(people) > most:
                message = (
                    f"{len(people)} people of team `{team}` serve together ({listed(people)}), but at most {most} may"
                )
                yield Violation("max-per-team", mine[0].period, people, message)


def _crowded_days(evidence: Evidence, most: int) -> Iterator[Violation]:
    """Check each instant at which service in a duty of a team begins, over all rotations."""
    found: dict[Violation, None] = {}
    for team, mine in _by_team(evidence, evidence.held).items():
        for group in served_at_once(evidence.roster, mine):
            people = people_of(group)
            if len(people) > most:
                message = (
                    f"{len(people)} people of team `{team}` serve at one time in all rotations together "
                    f"({listed(people)}), but at most {most} may"
                )
                found[Violation("max-per-team", latest(group), people, message)] = None
    yield from found


def check_teams_apart(evidence: Evidence) -> Iterator[Violation]:
    for teams in evidence.roster.rules.teams_apart:
        concerned = frozenset[str]().union(*(evidence.roster.teams[team].members for team in teams))
        for _, held in evidence.crews:
            mine = [each for each in evidence.bound("teams-apart", held) if each.person in concerned]
            pairs = {pair: None for group in held_at_once(mine) for pair in combinations(people_of(group), 2)}
            for pair in pairs:
                if met := _met(evidence.roster, teams, pair):
                    message = f"{listed(pair)} serve together, but their teams {listed_quotes(met)} must stay apart"
                    yield Violation("teams-apart", mine[0].period, pair, message)


def _met(roster: Roster, teams: frozenset[str], pair: tuple[str, ...]) -> tuple[str, str] | None:
    """Two different teams of the set, the first person's and the second person's, or None."""
    ours, theirs = ([team for team in roster.teams_of(person) if team in teams] for person in pair)
    return next(((one, other) for one in ours for other in theirs if one != other), None)


# People


def check_never_together(evidence: Evidence) -> Iterator[Violation]:
    for people in evidence.roster.rules.never_together:
        mine = evidence.bound("never-together", (each for each in evidence.held if each.person in people))
        pairs = (pair for group in served_at_once(evidence.roster, mine) for pair in combinations(group, 2))
        found = {(latest(pair), people_of(pair)) for pair in pairs}
        for period, both in sorted(found):
            if len(both) > 1:
                yield Violation("never-together", period, both, f"{listed(both)} must not be on duty together")
