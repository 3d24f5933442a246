"""Shortages caused by rules about teams, tags, and people who must stay apart."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from setrota.check.feasibility.averages import SLACK, Averages, consequence, many, scarcity
from setrota.problems import counted, listed_quotes
from setrota.roster import Mix, Roster
from setrota.rules.mix import mix_kinds


def teams_capped(averages: Averages) -> Iterator[str]:
    """Teams whose caps don't add up to the seats, and teams with more people than their cap lets serve."""
    cap, teams = averages.cap, _teams(averages)
    if cap is None:
        return
    room = sum(min(len(members), cap) for members in teams.values())
    if room < averages.seats:
        yield (
            f"{counted(len(teams), 'team')} with `max-per-team = {cap}` can fill {room} of "
            f"{counted(averages.seats, 'seat')}; {consequence(averages.roster, 'max-per-team')}"
        )
    for team, members in teams.items():
        due = sum(averages.due.get(handle, 0.0) for handle in members)
        if due > cap + SLACK:
            yield (
                f"team `{team}` has {len(members)} of {len(averages.there)} people and a fair share of {due:.2f} seats "
                f"a period, but `max-per-team` allows only {cap}; other teams will serve more"
            )


def rota_capped(roster: Roster, every: Sequence[Averages]) -> Iterator[str]:
    """Compare the seats of all rotations with the cap over all of them."""
    cap, seats = roster.rules.max_per_team, sum(averages.seats for averages in every)
    if cap is not None and len(every) > 1:
        people = {handle for averages in every for handle in averages.there}
        rooms = [min(len(team.members & people), cap) for team in roster.teams.values()]
        if sum(rooms) < seats:
            yield (
                f"with `max-per-team = {cap}` over all rotations, {counted(sum(room > 0 for room in rooms), 'team')} "
                f"can fill {sum(rooms)} of {counted(seats, 'seat')}; {consequence(roster, 'max-per-team')}"
            )


def team_rests(averages: Averages) -> Iterator[str]:
    """People of one team serve together, then the team rests. (With a pattern their duties may also overlap.)"""
    rotation = averages.rotation
    if rotation.team_rest.number and not rotation.pattern:
        cap = averages.cap or len(averages.there)
        room = sum(min(len(members), cap) for members in _teams(averages).values()) * averages.busy_team
        if room + SLACK < averages.seats:
            yield (
                f"with a `team-rest` of {rotation.team_rest}, "
                f"{counted(len(_teams(averages)), 'team')} can fill {room:.2f} of "
                f"{counted(averages.seats, 'seat')} a period; {consequence(averages.roster, 'team-rest')}"
            )


def teams_apart(averages: Averages) -> Iterator[str]:
    """One of the teams that stay apart serves at a time, with everyone else."""
    teams = _teams(averages)
    for apart in averages.roster.rules.teams_apart:
        concerned = {handle for team in apart for handle in teams.get(team, ())}
        others = [handle for handle in averages.there if handle not in concerned]
        largest = max((min(len(teams.get(team, ())), averages.cap or averages.seats) for team in apart), default=0)
        fill = averages.fill(others) + largest
        if fill + SLACK < averages.seats <= averages.fill(averages.there) + SLACK:
            named = listed_quotes(sorted(apart), "or")
            yield (
                f"with only one of {named} at a time, at most {fill:.2f} of {counted(averages.seats, 'seat')} a period "
                f"can be filled; {consequence(averages.roster, 'teams-apart')}"
            )


def people_apart(averages: Averages) -> Iterator[str]:
    """One of the people who never serve together serves at a time, with everyone else; overlapping sets count once."""
    apart: list[frozenset[str]] = []
    for people in averages.roster.rules.never_together:
        if not any(people & other for other in apart):
            apart.append(people & averages.there.keys())
    others = averages.there.keys() - frozenset[str]().union(*apart)
    fill = averages.fill(others) + sum(min(1.0, averages.fill(people)) for people in apart)
    if fill + SLACK < averages.seats <= averages.fill(averages.there) + SLACK:
        yield (
            f"with `never-together`, at most {fill:.2f} of {counted(averages.seats, 'seat')} a period can be filled; "
            f"{consequence(averages.roster, 'never-together')}"
        )


def mixed(averages: Averages) -> Iterator[str]:
    """Seats that only people with a tag can fill, and seats that only the others can."""
    for mix in averages.roster.rules.mix:
        if mix.rotations == {averages.rotation.name}:
            yield from _mixed(averages.roster, [averages], mix)


def mixed_together(roster: Roster, every: Sequence[Averages]) -> Iterator[str]:
    """The same for mixes that count the people of several rotations together."""
    for mix in roster.rules.mix:
        if len(mix.rotations) > 1:
            yield from _mixed(roster, [each for each in every if each.rotation.name in mix.rotations], mix)


def _mixed(roster: Roster, every: Sequence[Averages], mix: Mix) -> Iterator[str]:
    if mix.distinct:
        yield from _too_few_tags(roster, every, mix)
        return
    yield from _at_least(every, mix)
    if mix.at_most is not None:
        yield from _at_most(roster, every, mix, mix.at_most)


def _at_least(every: Sequence[Averages], mix: Mix) -> Iterator[str]:
    counted_kinds = [(each, mix_kinds(mix, each.rotation, least=True) & each.kinds.keys()) for each in every]
    tagged = [(each, _tagged(each, mix, kinds)) for each, kinds in counted_kinds]
    seats = min(mix.at_least, sum(_seats(each, kinds) for each, kinds in counted_kinds))
    if outcome := scarcity(tagged, seats):
        kept = f"{counted(seats, 'seat')} {_when(every)} for {many(_all(tagged))} tagged {_words(mix)}"
        yield f"`mix` keeps {kept}, {outcome}"


def _at_most(roster: Roster, every: Sequence[Averages], mix: Mix, most: int) -> Iterator[str]:
    counted_kinds = [(each, mix_kinds(mix, each.rotation, least=False) & each.kinds.keys()) for each in every]
    others = [
        (each, [handle for handle in each.may_usually_sit(kinds) if roster.people[handle].tags.isdisjoint(mix.tags)])
        for each, kinds in counted_kinds
    ]
    seats = sum(_seats(each, kinds) for each, kinds in counted_kinds) - most
    outcome = scarcity(others, seats) if seats > 0 else None
    if outcome:
        yield (
            f"`mix` lets {most} tagged {_words(mix)} serve, which leaves {counted(seats, 'seat')} {_when(every)} for "
            f"{many(_all(others), 'other')}, {outcome}"
        )


def _too_few_tags(roster: Roster, every: Sequence[Averages], mix: Mix) -> Iterator[str]:
    counted_kinds = [(each, mix_kinds(mix, each.rotation, least=True) & each.kinds.keys()) for each in every]
    people = {handle for each, kinds in counted_kinds for handle in each.may_usually_sit(kinds)}
    there = {tag for handle in people for tag in roster.people[handle].tags & mix.tags}
    asked = min(mix.at_least, sum(_seats(each, kinds) for each, kinds in counted_kinds))
    if len(there) < asked:
        yield (
            f"`mix` asks for {asked} different tags of {_words(mix)}, but people have only {len(there)} of them; "
            f"{consequence(roster, 'mix')}"
        )


def _when(every: Sequence[Averages]) -> str:
    if len(every) == 1:
        return "a period"
    return f"at a time in {listed_quotes(each.rotation.name for each in every)} together"


def _all(people: Iterable[tuple[Averages, Collection[str]]]) -> set[str]:
    return {handle for _, handles in people for handle in handles}


def _tagged(averages: Averages, mix: Mix, kinds: Collection[str]) -> list[str]:
    return [handle for handle in averages.may_usually_sit(kinds) if averages.roster.people[handle].tags & mix.tags]


def _seats(averages: Averages, kinds: Collection[str]) -> int:
    return sum(averages.kinds[kind] for kind in kinds)


def _words(mix: Mix) -> str:
    return listed_quotes(sorted(mix.tags))


def _teams(averages: Averages) -> Mapping[str, frozenset[str]]:
    """The available people by team, without teams that have none."""
    found = {key: team.members & averages.there.keys() for key, team in averages.roster.teams.items()}
    return {key: frozenset(members) for key, members in found.items() if members}
