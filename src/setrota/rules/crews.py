"""Who serves together: teams, tags and people who meet on one day, of a rotation or of the whole rota."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from setrota.dates.periods import Period
from setrota.problems import counted, listed
from setrota.roster import Mix, Roster, Rotation, kind_of
from setrota.rules.evidence import Evidence, Held, Violation, meetings
from setrota.schedule import Crew


def together(crew: Crew, members: frozenset[str]) -> list[list[str]]:
    """The largest set of these members who serve on one day of a crew (people who replace each other don't meet)."""
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


def _by_team(evidence: Evidence, held: Iterable[Held]) -> dict[str, list[Held]]:
    """Duties by team, in the roster's order of teams."""
    found: dict[str, list[Held]] = {key: [] for key in evidence.roster.teams}
    for each in evidence.bound("max-per-team", held):
        for team in evidence.roster.teams_of(each.person):
            found[team].append(each)
    return found


def _crowded_crew(evidence: Evidence, held: list[Held], most: int) -> Iterator[Violation]:
    for team, mine in _by_team(evidence, held).items():
        if len(mine) > most:
            people = max((_people(meeting) for meeting in meetings(mine)), key=len)
            if len(people) > most:
                message = f"{listed(people)} are {len(people)} of `{team}`, {most} allowed"
                yield Violation("max-per-team", mine[0].period, people, message)


def _crowded_days(evidence: Evidence, most: int) -> Iterator[Violation]:
    """On each day on which somebody of a team begins, those of the team who serve then, over all rotations."""
    for team, mine in _by_team(evidence, evidence.held).items():
        for meeting in meetings(mine):
            people = _people(meeting)
            if len(people) > most:
                message = f"{listed(people)} are {len(people)} of `{team}` over all rotations, {most} allowed"
                yield Violation("max-per-team", _latest(meeting), people, message)


def check_teams_apart(evidence: Evidence) -> Iterator[Violation]:
    for teams in evidence.roster.rules.teams_apart:
        concerned = frozenset[str]().union(*(evidence.roster.teams[team].members for team in teams))
        for _, held in evidence.crews:
            mine = [each for each in evidence.bound("teams-apart", held) if each.person in concerned]
            pairs = {pair: None for meeting in meetings(mine) for pair in combinations(_people(meeting), 2)}
            for pair in pairs:
                if met := _met(evidence.roster, teams, pair):
                    message = f"{listed(pair)} meet, of {listed(f'`{team}`' for team in met)}"
                    yield Violation("teams-apart", mine[0].period, pair, message)


def _met(roster: Roster, teams: frozenset[str], pair: tuple[str, ...]) -> tuple[str, str] | None:
    """Two different teams of a set, one of each person, or None."""
    ours, theirs = ([team for team in roster.teams_of(person) if team in teams] for person in pair)
    return next(((one, other) for one in ours for other in theirs if one != other), None)


# People


def check_never_together(evidence: Evidence) -> Iterator[Violation]:
    for people in evidence.roster.rules.never_together:
        mine = evidence.bound("never-together", (each for each in evidence.held if each.person in people))
        pairs = (pair for meeting in meetings(mine) for pair in combinations(meeting, 2))
        found = {(_latest(pair), _people(pair)) for pair in pairs}
        for period, both in sorted(found):
            if len(both) > 1:
                yield Violation("never-together", period, both, f"{listed(both)} are on duty together")


def _people(meeting: Iterable[Held]) -> tuple[str, ...]:
    return tuple(sorted({each.person for each in meeting}))


def _latest(meeting: Iterable[Held]) -> Period:
    return max(each.period for each in meeting)


# Tags


def check_mix(evidence: Evidence) -> Iterator[Violation]:
    for mix in evidence.roster.rules.mix:
        for crew, held in evidence.crews:
            rotation = evidence.roster.rotations.get(crew.period.rotation)
            if rotation is not None and rotation.name in mix.rotations:
                yield from _unmixed(evidence, mix, rotation, crew, held)


def _unmixed(evidence: Evidence, mix: Mix, rotation: Rotation, crew: Crew, held: list[Held]) -> Iterator[Violation]:
    """The first day on which too many are there, and the first on which too few can be."""
    known = [each for each in evidence.bound("mix", held) if each.person in evidence.roster.people]
    if mix.at_most is not None:
        kinds = mix_kinds(mix, rotation, least=False)
        crowds = (_too_many(evidence, mix, meeting) for meeting in meetings(_in_kinds(known, kinds)))
        yield from _first(crowds)
    if mix.at_least:
        kinds = mix_kinds(mix, rotation, least=True)
        seats = sum(kind_of(seat) in kinds for seat in crew.seats)
        crowds = (_too_few(evidence, mix, seats, meeting) for meeting in meetings(_in_kinds(known, kinds)))
        yield from _first(crowds)


def mix_kinds(mix: Mix, rotation: Rotation, *, least: bool) -> frozenset[str]:
    """The kinds of seat that a mix looks at: those it names, else all, or for `at-least` all that have to be filled."""
    return mix.kinds or frozenset(rotation.kinds) - (rotation.optional if least else frozenset())


def _in_kinds(held: Iterable[Held], kinds: frozenset[str]) -> list[Held]:
    return [each for each in held if each.kind in kinds]


def _first(found: Iterator[Violation | None]) -> Iterator[Violation]:
    yield from (each for each in [next(filter(None, found), None)] if each is not None)


def _too_many(evidence: Evidence, mix: Mix, meeting: list[Held]) -> Violation | None:
    tagged = [each for each in meeting if evidence.roster.people[each.person].tags & mix.tags]
    people, most = _people(tagged), mix.at_most or 0
    if mix.distinct:
        number, what = len(_tags(evidence, mix, tagged)), f"different ones of {_quoted(mix.tags)}"
    else:
        number, what = len(people), _quoted(mix.tags, "or")
    if number <= most:
        return None
    message = f"{number} {what} ({listed(people)}), {most} at most"
    return Violation("mix", meeting[0].period, people, message, f"too many of {listed(sorted(mix.tags), 'or')}")


def _too_few(evidence: Evidence, mix: Mix, seats: int, meeting: list[Held]) -> Violation | None:
    """Seats are kept free for those who are missing: an empty one still may be given to them."""
    least = min(mix.at_least, seats)
    if mix.distinct:
        people = _people(meeting)
        possible = len(_tags(evidence, mix, meeting)) + seats - len(people)
        what = f"different ones of {_quoted(mix.tags)}"
    else:
        people = _people(each for each in meeting if not evidence.roster.people[each.person].tags & mix.tags)
        possible, what = seats - len(people), _quoted(mix.tags, "or")
    if possible >= least:
        return None
    message = f"{counted(possible, 'seat')} left for {what} beside {listed(people)}, {least} at least"
    return Violation("mix", meeting[0].period, people, message, f"kept for {listed(sorted(mix.tags), 'or')}")


def _tags(evidence: Evidence, mix: Mix, held: Iterable[Held]) -> set[str]:
    return {tag for each in held for tag in evidence.roster.people[each.person].tags & mix.tags}


def _quoted(tags: Iterable[str], conjunction: str = "and") -> str:
    return listed((f"`{tag}`" for tag in sorted(tags)), conjunction)
