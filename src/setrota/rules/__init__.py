"""Every hard rule once: its name, its sentence, and its checker over a whole schedule.

The planner builds the same rules as rows and missing variables (`setrota.planner.program.rows`); a test holds the two
against each other. The checkers know nothing of the solver. They never tell why somebody is away.
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
    """A hard rule; `sentence` says what holds when it is kept."""

    name: str
    sentence: str
    check: Checker


def violations(roster: Roster, schedule: Schedule) -> list[Violation]:
    """Every broken rule, in time order, then in the order of the rules."""
    evidence = Evidence(roster, schedule)
    found = [violation for rule in RULES for violation in rule.check(evidence)]
    return sorted(found, key=lambda violation: violation.period)


def unfilled(roster: Roster, schedule: Schedule, day: date) -> list[tuple[Crew, Duty]]:
    """Seats to fill with nobody in them from `day` on, maybe for a part of the period, each with its crew."""
    return [
        (crew, duty)
        for crew in schedule.crews
        if crew.period.end > day
        for duty in crew.duties()
        if duty.end > day and is_missing(roster, duty)
    ]


RULES = (
    Rule("grid", "Periods stand on the rotation's grid and have its seats.", check_grid),
    Rule("one-duty", "Nobody has two duties at once, in any rotations.", check_one_duty),
    Rule(
        "rest",
        "Between two duties of a person, in any rotations, lie at least the larger `rest` of the two.",
        check_rest,
    ),
    Rule(
        "membership",
        "Only who is in the pool for all of a period serves it, from its first day to its last working day.",
        check_membership,
    ),
    Rule(
        "leave",
        "Nobody serves a period with more working days on which they are away than `leave-tolerance`, 0 unless set.",
        check_leave,
    ),
    Rule(
        "team-away", "Nobody serves a period if a team of theirs is `away` on one of its working days.", check_team_away
    ),
    Rule("not-seats", "Nobody sits in a seat they are not ready for.", check_not_seats),
    Rule("seat-teams", "In a kind of seat that `seat-teams` names sit only people of those teams.", check_seat_teams),
    Rule(
        "pattern",
        "Who has one seat of a `pattern` has the next one in the next period, unless they can't serve it.",
        check_pattern,
    ),
    Rule(
        "max-per-team",
        "No more than `max-per-team` people of one team serve on one day: of a rotation, or of all together.",
        check_max_per_team,
    ),
    Rule(
        "team-rest",
        "Between duties of two people of a team, one after the other in a rotation, lies at least its `team-rest`.",
        check_team_rest,
    ),
    Rule("teams-apart", "No two people of teams that are to stay apart meet in a rotation.", check_teams_apart),
    Rule("max-duties", "Nobody begins more duties within so many weeks than `max-duties` allows.", check_max_duties),
    Rule(
        "mix",
        "At most as many people with a tag, or different tags, serve together as `mix` says; for those it asks for, "
        "seats stay free.",
        check_mix,
    ),
    Rule("never-together", "No two people of a set in `never-together` are on duty on one day.", check_never_together),
    Rule("pins", "Who is pinned to a seat on a day has it then.", check_pins),
)
