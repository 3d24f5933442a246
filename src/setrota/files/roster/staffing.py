"""Checks each rotation against the teams that feed it, and its keys against one another.

Knows whether its seats can be filled at all. Refuses to know when: leave, rest and the rules are for the planner.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from setrota.dates.periods import DAY
from setrota.files.roster.keys import Section
from setrota.files.roster.names import Names
from setrota.files.roster.reading import Spot
from setrota.files.roster.sections import Values, handles_of, seats_of
from setrota.problems import counted, did_you_mean, listed_quotes
from setrota.roster import WEEKDAYS, Handover


def check_rotation(spot: Spot, rotation: Section, values: Values, names: Names) -> None:
    """Report what is wrong with a rotation although each of its keys can be read."""
    _check_anchor(spot, rotation, values)
    if "seats" in rotation:
        _check_optional_seats(spot, rotation)
        _check_pattern(spot, rotation)
    if "pool" in rotation and names.people is not None:
        _check_pool(spot, rotation, values)
    _check_seat_teams(spot, rotation, values, names)


def _check_anchor(spot: Spot, rotation: Section, values: Values) -> None:
    own_lost = spot.at("handover").path in spot.reading.unread
    handover = rotation.get("handover") or (None if own_lost else values.rota.get("handover"))
    anchor = rotation.get("anchor")
    if anchor and handover and anchor.weekday() != handover.weekday:
        message = f"is {anchor}, a {WEEKDAYS[anchor.weekday()]}, but handovers are on {WEEKDAYS[handover.weekday]}"
        spot.at("anchor").error(message, f"did you mean `{_nearest(anchor, handover)}`?")


def _nearest(day: date, handover: Handover) -> date:
    """The handover day nearest to a day: at most three days before or after."""
    return day + DAY * ((handover.weekday - day.weekday() + 3) % 7 - 3)


def _check_optional_seats(spot: Spot, rotation: Section) -> None:
    optional = rotation.get("optional-seats", ())
    here = spot.at("optional-seats")
    for kind in dict.fromkeys(optional):
        if kind in rotation["seats"]:
            here.error(f"names `{kind}`, which is in `seats` too", "give optional seats a kind of their own")
    if optional and "pattern" in rotation:
        here.error("can't be beside `pattern`", "take one of the two out")


def _check_pattern(spot: Spot, rotation: Section) -> None:
    """Report a pattern whose kinds, each once or each as many times, don't make the seats."""
    seats: Counter[str] = Counter(rotation["seats"])
    pattern: Counter[str] = Counter(rotation.get("pattern", ()))
    here = spot.at("pattern")
    strangers = [kind for kind in pattern if kind not in seats]
    for kind in strangers:
        here.error(f"names `{kind}`, which is no seat of the rotation", did_you_mean(kind, seats) or _needed(pattern))
    twice = [kind for kind, number in pattern.items() if number > 1]
    for kind in twice:
        here.error(f"names `{kind}` twice", "a kind of seat is one step of the pattern; periods may be longer")
    times = max((seats[kind] for kind in pattern), default=1)
    if pattern and not strangers and not twice and any(seats[kind] != times * pattern[kind] for kind in seats):
        kinds = Counter({kind: times for kind in seats if kind in pattern})
        here.error("doesn't match `seats`, which must be the pattern once or several times", _needed(kinds))


def _needed(kinds: Counter[str]) -> str:
    seats = ", ".join(f'"{kind}"' for kind in kinds.elements())
    return f"with this pattern: `seats = [{seats}]`"


def _check_pool(spot: Spot, rotation: Section, values: Values) -> None:
    """Report a rotation whose seats can't all be filled whoever is on leave: too few people, in all or per team."""
    pool, kinds, cap = rotation["pool"], rotation.get("seats", ()), rotation.get("max-per-team")
    members = values.members(pool)
    if not members:
        spot.at("pool").error(f"names `{pool}`, which no team feeds", f"a team feeds it with `{pool} = [...]`")
        return
    if len(members) < len(kinds):
        people = counted(len(members), "person", "people")
        verb = "is" if len(members) == 1 else "are"
        hint = f"add people to the teams' `{pool}`, or take out seats"
        spot.at("seats").error(f"has {counted(len(kinds), 'seat')}, but only {people} {verb} in `{pool}`", hint)
        return
    sizes = [len(set(team.get(pool, ()))) for team in values.teams.values()]
    possible = sum(min(size, cap) for size in sizes) if cap else len(kinds)
    if possible < len(kinds):
        message = f"lets only {possible} of the {counted(len(kinds), 'seat')} be filled"
        spot.at("max-per-team").error(message, "raise it, or leave it out")
    for kind in dict.fromkeys(kinds):
        _check_readiness(spot, rotation, kind, values)


def _check_readiness(spot: Spot, rotation: Section, kind: str, values: Values) -> None:
    """Report a kind of seat that nobody, or too few people, may sit in."""
    teams = [team.value for team in rotation.get("seat-teams", {}).get(kind, ())]
    if not all(values.teams.get(team, {}).get(rotation["pool"]) for team in teams):
        return
    lent = {handle for team in teams for handle in handles_of(values.teams[team])}
    candidates = [handle for handle in values.members(rotation["pool"]) if not teams or handle in lent]
    ready = [handle for handle in candidates if not _not_ready(spot, kind, values.people.get(handle, {}))]
    seats = rotation["seats"].count(kind)
    hint = "open it to more teams in `seat-teams`" if teams else f"take `{kind}` out of somebody's `not-seats`"
    nobody = f"nobody of {listed_quotes(teams, 'or')}" if teams else "nobody"
    if not ready:
        spot.at("seats").error(f"has `{kind}`, for which {nobody} is ready", hint)
    elif len(ready) < seats:
        names = listed_quotes(ready)
        verb = "is" if len(ready) == 1 else "are"
        spot.at("seats").error(f"has {seats} times `{kind}`, for which only {names} {verb} ready", hint)


def _not_ready(spot: Spot, kind: str, person: Section) -> bool:
    return any(word.value in (kind, f"{spot.key}/{kind}") for word in person.get("not-seats", ()))


def _check_seat_teams(spot: Spot, rotation: Section, values: Values, names: Names) -> None:
    kinds = list(dict.fromkeys(seats_of(rotation)))
    pool = rotation.get("pool", "")
    fed = names.people is not None and bool(values.members(pool))
    for kind, teams in rotation.get("seat-teams", {}).items():
        if names.kinds is not None and kind not in kinds:
            hint = did_you_mean(kind, kinds) or f"the kinds are {listed_quotes(kinds)}"
            spot.at("seat-teams").at(kind).error("names no kind of seat of this rotation", hint)
        for team in teams:
            known = names.is_team(team.spot, team.value)
            if known and fed and not values.teams[team.value].get(pool):
                hint = f"add `{pool} = [...]` to the team, or take it out here"
                team.spot.error(f"names `{team.value}`, which lends nobody to `{pool}`", hint)
