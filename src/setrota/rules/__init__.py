"""The hard rules, each with its name, its sentence and its checker over a whole schedule.

The planner builds the same rules as rows and missing variables (`setrota.planner.program.rows`); a test compares the
two. The checkers don't use the solver, and never say why a person is away.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from setrota.roster import Roster
from setrota.rules.crews import check_max_per_team, check_never_together, check_teams_apart
from setrota.rules.evidence import Checker, Evidence, Violation
from setrota.rules.grid import check_grid, check_one_duty, check_pins
from setrota.rules.mix import check_mix
from setrota.rules.people import check_leave, check_membership, check_not_seats, check_seat_teams, check_team_away
from setrota.rules.spacing import check_max_duties, check_pattern, check_rest, check_team_rest
from setrota.schedule import Crew, Duty, Schedule, is_missing

__all__ = ["RULES", "Rule", "Violation", "unfilled", "violations"]


@dataclass(frozen=True)
class Rule:
    """A hard rule; `sentence` says what is true when the rule is kept."""

    name: str
    sentence: str
    check: Checker


def violations(roster: Roster, schedule: Schedule) -> list[Violation]:
    """All broken rules, in time order, then in the order of `RULES`."""
    evidence = Evidence(roster, schedule)
    found = [violation for rule in RULES for violation in rule.check(evidence)]
    return sorted(found, key=lambda violation: violation.period)


def unfilled(roster: Roster, schedule: Schedule, day: date) -> list[tuple[Crew, Duty]]:
    """Required seats that are empty from `day` on, for the whole period or part of it, each with its crew."""
    return [
        (crew, duty)
        for crew in schedule.crews
        if crew.period.end > day
        for duty in crew.duties()
        if duty.end > day and is_missing(roster, duty)
    ]


RULES = (
    Rule(
        "grid",
        "Every period is one of the rotation's own, or a part of one, and has exactly its seats.",
        check_grid,
    ),
    Rule("one-duty", "Nobody has two duties at the same time, in any rotations.", check_one_duty),
    Rule(
        "rest",
        "Between two duties of one person, in any rotations, there is as much free time as the larger `rest`.",
        check_rest,
    ),
    Rule(
        "membership",
        "Only people in the pool for the whole period serve it, from its first served day to its last.",
        check_membership,
    ),
    Rule(
        "leave",
        "Nobody serves a period in which they are away on more of the served days than `leave-tolerance`.",
        check_leave,
    ),
    Rule("team-away", "Nobody serves a period if their team is `away` on one of its served days.", check_team_away),
    Rule("not-seats", "Nobody sits in a seat they are not ready for.", check_not_seats),
    Rule(
        "seat-teams",
        "A kind of seat that `seat-teams` lists is filled only by people of the teams named there.",
        check_seat_teams,
    ),
    Rule(
        "pattern",
        "Anyone who holds one seat of a `pattern` holds the next one in the following period, unless they can't serve.",
        check_pattern,
    ),
    Rule(
        "max-per-team",
        "No more than `max-per-team` people of one team serve at the same time, in one rotation or in all of them.",
        check_max_per_team,
    ),
    Rule(
        "team-rest",
        "Between consecutive duties of two people of a team in a rotation, there is at least `team-rest` of free time.",
        check_team_rest,
    ),
    Rule("teams-apart", "People of teams that must stay apart never serve together in a rotation.", check_teams_apart),
    Rule(
        "max-duties",
        "Nobody starts more duties within a length of time than `max-duties` allows.",
        check_max_duties,
    ),
    Rule(
        "mix",
        "No more people with a tag, or different tags, serve together than `mix` allows, and seats stay free for the "
        "people it requires.",
        check_mix,
    ),
    Rule(
        "never-together",
        "No two people of a `never-together` set are on duty at the same time.",
        check_never_together,
    ),
    Rule("pins", "Anyone pinned to a seat on a day holds it that day.", check_pins),
)
