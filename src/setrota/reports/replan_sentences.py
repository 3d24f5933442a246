"""What a repair of the schedule comes to, for a manager to read: what broke, and why it takes so many changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from setrota.check.fixes import cover, duties_hit
from setrota.dates.availability import absence
from setrota.dates.text import on_days, period_name
from setrota.planner import FrontierPoint, Repair
from setrota.problems import Problem, counted, listed
from setrota.reports.diff_text import Report, entry
from setrota.reports.duties import entries
from setrota.reports.fairness_json import rounded
from setrota.roster import Roster
from setrota.rules.eligibility import headcount, obstacles_of
from setrota.schedule import Duty, Schedule
from setrota.schedule.diff import Difference, compared, differences

MOST_TOLD = 5
"""More seats than this are only counted."""


def opening(roster: Roster, found: Repair) -> str:
    """What no longer fits the roster, and how many changes that takes."""
    start = " ".join(_facts(roster, found)) or "Everybody can still serve the whole duties that haven't begun."
    if not found.fewest:
        return f"{start} No change is needed."
    number = f"{counted(found.fewest, 'change')} {'is' if found.fewest == 1 else 'are'}"
    proven = "needed, no fewer (proven)" if found.proven else "enough; the time limit ended the search for fewer"
    more = f"; {found.changes} were made for more fairness" if found.changes > found.fewest else ""
    fairest = " No rota with so few is fairer." if found.result.proof.proven and not found.result.proof.gap else ""
    return f"{start} {number} {proven}{more}.{fairest}"


def _facts(roster: Roster, found: Repair) -> Iterator[str]:
    if mendable := _mendable(found):
        yield f"{counted(len(mendable), 'duty', 'duties')} can't be served any more: {_by_person(roster, mendable)}."
    if filled := _filled(found):
        yield f"{counted(len(filled), 'empty seat')} can be filled."
    if (mended := found.before.broken - len(found.broken)) > 0:
        yield f"{counted(mended, 'broken rule')} can be mended."


def _mendable(found: Repair) -> list[Duty]:
    return [duty for duty in found.lost if duty not in found.left]


def _filled(found: Repair) -> list[Difference]:
    """The seats that were empty before anybody was lost, and have somebody now."""
    lost = {(duty.start, duty.rotation, duty.seat) for duty in found.lost}
    changed = differences(found.vacated, found.schedule)
    return [each for each in changed if each.was is None and (each.start, each.rotation, each.seat) not in lost]


def _by_person(roster: Roster, duties: Sequence[Duty]) -> str:
    people = dict.fromkeys(str(duty.person) for duty in duties)
    parts = []
    for person in people:
        mine = [duty for duty in duties if duty.person == person]
        days = listed(f"{duty.start} `{duty.seat}`" for duty in mine)
        parts.append(f"{person} {_why(roster, mine[0])}{days}")
    return "; ".join(parts)


def _why(roster: Roster, duty: Duty) -> str:
    reason = absence(roster, str(duty.person), duty.days)
    return f"({reason}) " if reason else "(not ready) "


def why_so_many(roster: Roster, found: Repair) -> list[str]:
    """Why it takes more changes than there are duties to fill: for each of them that nobody could take as things stand,
    what is in everybody's way."""
    mendable = _mendable(found)
    if found.fewest <= len(mendable) + len(_filled(found)):
        return []
    told = []
    for duty in mendable:
        seat = replace(duty, person=None)
        if all(obstacles_of(roster, found.vacated, each, seat) for each in roster.members_of(duty.rotation)):
            counts = ", ".join(f"{count} {reason}" for reason, count in headcount(roster, found.vacated, seat).items())
            told.append(f"Nobody can simply take `{duty.seat}` in {period_name(duty.days)} ({counts}).")
    if not told and mendable:
        return [
            "Each of these duties could be taken by somebody, but not all of them together as rules and pins are now."
        ]
    if not mendable:
        return ["Rules and pins as they are now don't allow what was planned."]
    return told[:MOST_TOLD]


def left_to_people(schedule: Schedule, left: Iterable[Duty], day: date) -> list[Problem]:
    """Duties that a repair leaves alone although their holders can't serve them, with the command for each."""
    return [
        Problem(
            f"{duty.person} can't serve `{duty.seat}` {on_days(duty.start, duty.end)} any more; it has begun, or is a "
            "part of a period, and so is left to you",
            hint=cover(schedule, duty, day),
            severity="warning",
        )
        for duty in left
    ]


def stays_broken(roster: Roster, found: Repair, day: date) -> list[Problem]:
    """Rules that a repair leaves broken, since what is near or what people gave isn't moved about; with the command."""
    told = {(duty.person, duty.rotation) for duty in found.left}
    rest = [each for each in found.broken if not any((who, each.period.rotation) in told for who in each.people)]
    problems = []
    for each in rest[:MOST_TOLD]:
        duties = duties_hit(roster, found.schedule, each, day)
        hint = cover(found.schedule, duties[0], day) if duties else None
        message = f"`{each.rule}` stays broken in {period_name(each.period)}: {each.message}"
        problems.append(Problem(message, hint=hint, severity="warning"))
    if len(rest) > MOST_TOLD:
        more = f"{len(rest) - MOST_TOLD} more rules stay broken"
        problems.append(Problem(more, hint="setrota check", severity="warning"))
    return problems


def reported(roster: Roster, schedule: Schedule, found: Repair, today: date) -> Report:
    """How the repaired schedule differs from the one before."""
    return Report(roster, compared(schedule, found.schedule), "the schedule", today)


def document(roster: Roster, schedule: Schedule, found: Repair, today: date) -> dict[str, Any]:
    """A repair as data, for programs."""
    proof, report = found.result.proof, reported(roster, schedule, found, today)
    return {
        "lost": entries(roster, found.lost),
        "left": entries(roster, found.left),
        "fewest": found.fewest,
        "changes": found.changes,
        "differences": [entry(report, each) for each in report.comparison.differences],
        "frontier": [_step(step) for step in found.frontier],
        "proof": {
            "fewest": found.proven,
            "status": "optimal" if proof.proven else "time limit",
            "unfairness": proof.unfairness,
        },
        "unfilled": entries(roster, found.result.unfilled),
        "broken": [
            {
                "rule": each.rule,
                "rotation": each.period.rotation,
                "start": f"{each.period.start}",
                "message": each.message,
            }
            for each in found.broken
        ],
    }


def nothing_mended(roster: Roster, left: Iterable[Duty]) -> dict[str, Any]:
    """The same where no period could be planned anew."""
    lost = entries(roster, left)
    none: dict[str, Any] = {"differences": [], "frontier": [], "proof": None, "unfilled": [], "broken": []}
    return {"lost": lost, "left": lost, "fewest": 0, "changes": 0, **none}


def _step(step: FrontierPoint) -> dict[str, Any]:
    return {
        "changes": step.changes,
        "unfilled": step.unfilled,
        "broken": step.broken,
        "unfairness": None if step.unfairness is None else rounded(step.unfairness),
        "proven": step.proven,
    }
