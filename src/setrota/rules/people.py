"""Rules about one person at a time: membership, absence, readiness for a seat. Never says why a person is away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from setrota.dates.availability import days_away, outsider, seat_obstacles, teams_away, tolerated_days
from setrota.dates.periods import Period
from setrota.dates.service import served_days
from setrota.problems import did_you_mean, listed_quotes
from setrota.rules.evidence import Evidence, HeldDuty, Violation

OUTSIDE = {
    "not in the pool": "is not in the pool of `{}`",
    "not joined yet": "has not joined yet",
    "left": "has left",
}


def check_membership(evidence: Evidence) -> Iterator[Violation]:
    roster, hints = evidence.roster, dict[tuple[str, str], str | None]()
    for each in evidence.held:
        person, rotation = each.person, each.period.rotation
        if rotation not in roster.rotations:
            continue
        if person not in roster.people:
            if (person, rotation) not in hints:
                hints[person, rotation] = did_you_mean(person, roster.members_of(rotation))
            hint = hints[person, rotation]
            message = f"{person} ({each.seat}) is not in the roster" + (f"; {hint}" if hint else "")
            yield Violation("membership", each.period, (person,), message, "not in the roster")
            continue
        reason = outsider(roster, person, each.days)
        if reason is not None:
            message = f"{person} ({each.seat}) {OUTSIDE[reason].format(rotation)}"
            yield Violation("membership", each.period, (person,), message, reason)


def check_leave(evidence: Evidence) -> Iterator[Violation]:
    """Days away in all of a person's duties of a period add up; days that someone covers for them don't count."""
    for crew, held in evidence.crews:
        if crew.period.rotation in evidence.roster.rotations:
            yield from _away(evidence, crew.period, held)


def _away(evidence: Evidence, period: Period, held: list[HeldDuty]) -> Iterator[Violation]:
    roster = evidence.roster
    away = [(each, days) for each in held if (days := days_away(roster, each.person, each.days))]
    total: Counter[str] = Counter()
    for each, days in away:
        total[each.person] += days
    for each in evidence.bound("leave", (each for each, _ in away)):
        there = sum(len(served_days(roster, one.days)) for one in held if one.person == each.person)
        # Whoever serves a part of a period must be there on one of its days at least.
        nowhere = total[each.person] >= there and there < len(served_days(roster, period))
        if nowhere or total[each.person] > tolerated_days(roster, period):
            yield Violation("leave", each.period, (each.person,), f"{each.person} ({each.seat}) is away")


def check_team_away(evidence: Evidence) -> Iterator[Violation]:
    roster = evidence.roster
    if not any(team.away for team in roster.teams.values()):
        return
    for each in evidence.bound("team-away", evidence.held):
        for team in teams_away(roster, each.person, each.days):
            message = f"{each.person} ({each.seat}) is away with team `{team}`"
            yield Violation("team-away", each.period, (each.person,), message)


def check_not_seats(evidence: Evidence) -> Iterator[Violation]:
    for each in _misplaced(evidence, "not-seats"):
        message, short = f"{each.person} is not ready for `{each.kind}`", f"not ready for {each.kind}"
        yield Violation("not-seats", each.period, (each.person,), message, short)


def check_seat_teams(evidence: Evidence) -> Iterator[Violation]:
    if not any(rotation.seat_teams for rotation in evidence.roster.rotations.values()):
        return
    for each in _misplaced(evidence, "seat-teams"):
        teams = evidence.roster.rotations[each.period.rotation].seat_teams[each.kind]
        named = listed_quotes(sorted(teams))
        message = f"`{each.kind}` is only for people of {named}, not for {each.person}"
        yield Violation("seat-teams", each.period, (each.person,), message)


def _misplaced(evidence: Evidence, rule: str) -> Iterator[HeldDuty]:
    """Duties in seats that the person is not ready for, or that other teams fill."""
    return (
        each for each in evidence.held if rule in seat_obstacles(evidence.roster, each.person, each.period, each.kind)
    )
