"""A random roster on which every rule that reaches beyond one crew has something to forbid."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from samples import PATTERN, roster, rotation

from setrota.roster import Length, Limit, Mix, Person, Roster, Rules

CROWD = [f"p{number}" for number in range(10)]


def crowded_roster(random: Random) -> Roster:
    """Ten people of three teams in a crew of three and a pattern, with every rule that reaches beyond one crew."""
    trio = rotation(
        "engineer",
        "primary backup backup",
        rest=Length(random.randint(0, 2)),
        max_per_team=2,
        team_rest=Length(random.randint(0, 2)),
    )
    pair = replace(PATTERN, rest=Length(random.randint(0, 2)), team_rest=Length(random.randint(0, 1)))
    people = [Person(handle, tags=frozenset(random.sample(["a", "b"], 1))) for handle in CROWD]
    rules = Rules(
        mix=(Mix(tags=frozenset({"a"}), rotations=frozenset({"engineer"}), at_least=1, at_most=2),),
        never_together=(frozenset({"p0", "p1"}),),
        teams_apart=(frozenset({"red", "blue"}),),
        max_per_team=2,
        limits=(Limit(2, Length(random.choice([4, 9]))), Limit(1, Length(6), frozenset({"primary"}))),
    )
    teams = {"red": "p0 p1 p2 p3", "blue": "p4 p5", "green": "p6 p7 p8 p9 p0"}
    return roster(people, [trio, pair], teams, rules=rules)
