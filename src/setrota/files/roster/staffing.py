"""Checks each rotation against the teams in its pool, and its keys against each other.

Only knows whether the seats can be filled at all: leave, rest and the rules are for the planner.
"""

from __future__ import annotations

from collections import Counter

from setrota.files.roster.names import Names
from setrota.files.roster.reading import Spot
from setrota.files.roster.sections import Values, handles_of, seats_of
from setrota.files.roster.tables import Section
from setrota.problems import counted, did_you_mean, listed_quotes


def check_rotation(spot: Spot, rotation: Section, values: Values, names: Names) -> None:
    """Report contradictions in a rotation whose keys can be read one by one."""
    if "seats" in rotation:
        _check_some_seat(spot, rotation)
        _check_optional_seats(spot, rotation)
        _check_pattern(spot, rotation)
    if "pool" in rotation and names.people is not None:
        _check_pool(spot, rotation, values)
    _check_seat_teams(spot, rotation, values, names)


def _check_some_seat(spot: Spot, rotation: Section) -> None:
    """Report a rotation without seats; with optional ones it is for volunteers."""
    optional = spot.at("optional-seats").path in spot.reading.unread or rotation.get("optional-seats")
    if not rotation["seats"] and not optional:
        hint = 'name some, or for volunteers add `optional-seats = ["host"]`'
        spot.at("seats").error("is empty, so nobody would serve", hint, code="empty-list")


def _check_optional_seats(spot: Spot, rotation: Section) -> None:
    optional = rotation.get("optional-seats", ())
    here = spot.at("optional-seats")
    for kind in dict.fromkeys(optional):
        if kind in rotation["seats"]:
            hint = "give optional seats another name"
            here.error(f"names `{kind}`, which is also in `seats`", hint, code="optional-and-required")
    if optional and "pattern" in rotation:
        here.error("can't be combined with `pattern`", "remove one of the two", code="conflicting-keys")


def _check_pattern(spot: Spot, rotation: Section) -> None:
    """Report a pattern that doesn't have the same kinds as the seats, each of them equally often."""
    seats: Counter[str] = Counter(rotation["seats"])
    pattern: Counter[str] = Counter(rotation.get("pattern", ()))
    here = spot.at("pattern")
    strangers = [kind for kind in pattern if kind not in seats]
    for kind in strangers:
        hint = did_you_mean(kind, seats) or _needed(pattern)
        here.error(f"names the seat `{kind}`, which the rotation doesn't have", hint, code="unknown-seat")
    twice = [kind for kind, number in pattern.items() if number > 1]
    for kind in twice:
        hint = "each kind of seat is one step of the pattern; for longer steps, raise `every`"
        here.error(f"names `{kind}` twice", hint, code="step-twice")
    times = max((seats[kind] for kind in pattern), default=1)
    if pattern and not strangers and not twice and any(seats[kind] != times * pattern[kind] for kind in seats):
        kinds = Counter({kind: times for kind in seats if kind in pattern})
        message = "doesn't match `seats`, which must have its seats equally often and no others"
        here.error(message, _needed(kinds), code="pattern-mismatch")


def _needed(kinds: Counter[str]) -> str:
    seats = ", ".join(f'"{kind}"' for kind in kinds.elements())
    return f"with this pattern: `seats = [{seats}]`"


def _check_pool(spot: Spot, rotation: Section, values: Values) -> None:
    """Report a rotation whose seats could not be filled even if nobody were on leave: too few people or teams."""
    pool, kinds, cap = rotation["pool"], rotation.get("seats", ()), rotation.get("max-per-team")
    members = values.members(pool)
    if not members:
        hint = f"add `{pool} = [...]` to a team"
        spot.at("pool").error(f"names `{pool}`, but no team has people in it", hint, code="empty-pool")
        return
    if len(members) < len(kinds):
        people = counted(len(members), "person", "people")
        verb = "is" if len(members) == 1 else "are"
        hint = f"add people to the teams' `{pool}`, or remove seats"
        message = f"has {counted(len(kinds), 'seat')}, but only {people} {verb} in `{pool}`"
        spot.at("seats").error(message, hint, code="too-few-people")
        return
    sizes = [len(set(team.get(pool, ()))) for team in values.teams.values()]
    possible = sum(min(size, cap) for size in sizes) if cap else len(kinds)
    if possible < len(kinds):
        message = f"allows only {possible} of the {counted(len(kinds), 'seat')} to be filled"
        spot.at("max-per-team").error(message, "raise it, or remove it", code="max-per-team-too-low")
    for kind in dict.fromkeys(kinds):
        _check_readiness(spot, rotation, kind, values)


def _check_readiness(spot: Spot, rotation: Section, kind: str, values: Values) -> None:
    """Report a kind of seat that too few people are ready for."""
    teams = [team.value for team in rotation.get("seat-teams", {}).get(kind, ())]
    if not all(values.teams.get(team, {}).get(rotation["pool"]) for team in teams):
        return
    lent = {handle for team in teams for handle in handles_of(values.teams[team])}
    candidates = [handle for handle in values.members(rotation["pool"]) if not teams or handle in lent]
    ready = [handle for handle in candidates if not _not_ready(spot, kind, values.people.get(handle, {}))]
    seats = rotation["seats"].count(kind)
    hint = "open it to more teams in `seat-teams`" if teams else f"remove `{kind}` from someone's `not-seats`"
    nobody = f"nobody in {listed_quotes(teams, 'or')}" if teams else "nobody"
    if not ready:
        spot.at("seats").error(f"has `{kind}`, but {nobody} is ready for it", hint, code="too-few-ready")
    elif len(ready) < seats:
        names = listed_quotes(ready)
        verb = "is" if len(ready) == 1 else "are"
        message = f"has {counted(seats, 'seat')} `{kind}`, but only {names} {verb} ready for it"
        spot.at("seats").error(message, hint, code="too-few-ready")


def _not_ready(spot: Spot, kind: str, person: Section) -> bool:
    return any(word.value in (kind, f"{spot.key}/{kind}") for word in person.get("not-seats", ()))


def _check_seat_teams(spot: Spot, rotation: Section, values: Values, names: Names) -> None:
    kinds = list(dict.fromkeys(seats_of(rotation)))
    pool = rotation.get("pool", "")
    fed = names.people is not None and bool(values.members(pool))
    for kind, teams in rotation.get("seat-teams", {}).items():
        if names.kinds is not None and kind not in kinds:
            hint = did_you_mean(kind, kinds) or f"the seats are {listed_quotes(kinds)}"
            spot.at("seat-teams").at(kind).error("is not a seat of this rotation", hint, code="unknown-seat")
        for team in teams:
            known = names.is_team(team.spot, team.value)
            if known and fed and not values.teams[team.value].get(pool):
                hint = f"add `{pool} = [...]` to the team, or remove the team here"
                message = f"names `{team.value}`, which has nobody in `{pool}`"
                team.spot.error(message, hint, code="team-not-in-pool")
