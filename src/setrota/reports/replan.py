"""What `setrota replan` says: what broke, what changes for whom and why so much, what more changes would buy; and JSON.

Reads what `setrota.planner.repair` found. Moves no duty itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from setrota.check import fixes
from setrota.dates.availability import absence
from setrota.dates.text import on_days, period_name
from setrota.planner import FrontierPoint, Repair
from setrota.problems import Problem, counted, listed
from setrota.reports.check import violation_entry
from setrota.reports.diff import DiffReport, difference_entry, difference_table
from setrota.reports.duties import entries
from setrota.reports.fairness import rounded
from setrota.reports.tables import drawn
from setrota.reports.tables import table as new_table
from setrota.roster import Roster
from setrota.rules.eligibility import headcount, obstacles_of
from setrota.schedule import Duty, Schedule
from setrota.schedule.diff import Difference, compare, differences
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import FrontierEntry, ReplanDocument

MOST_NAMED = 5
"""More seats or rules than this are only counted."""

NOTICEABLE = 0.05
"""Less unfairness than this is not worth a change."""

NOTHING_TO_REPLAN = "nothing to mend: what hasn't begun is frozen, or was made by people; the schedule stays as it is"
NOTHING_AHEAD = Problem("no period that hasn't begun is planned, so there is nothing to mend", hint="setrota plan")


def too_few_changes(allowed: int | None, fewest: int) -> Problem:
    verb = "is" if fewest == 1 else "are"
    message = f"{counted(fewest, 'change')} {verb} needed, more than `--changes {allowed}`"
    return Problem(message, hint="leave `--changes` out for the fewest")


# The repair as a table


def table(roster: Roster, schedule: Schedule, found: Repair, today: date) -> str:
    """What broke, what changes for whom, and how much fairness how many changes buy."""
    lines = [folded(sentence, "") for sentence in (opening(roster, found), *why_so_many(roster, found))]
    report = DiffReport(roster, compare(schedule, found.schedule), "the schedule", today)
    if report.diff.differences:
        lines += ["", difference_table(report, report.diff.differences).removesuffix("\n")]
    elif found.schedule != schedule:
        lines.append(folded("Who shares in the weeks that haven't begun is brought up to date.", ""))
    if len(found.frontier) > 1:
        lines += ["", _frontier(found).removesuffix("\n")]
        if point := _fairer_point(found):
            advice = f"More changes would buy more fairness: for example `setrota replan --changes {point.changes}`."
            lines.append(folded(advice, ""))
    return "\n".join(lines) + "\n"


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
    parts = []
    for person in dict.fromkeys(str(duty.person) for duty in duties):
        theirs = [duty for duty in duties if duty.person == person]
        days = listed(f"{duty.start} `{duty.seat}`" for duty in theirs)
        reason = absence(roster, person, theirs[0].days) or "not ready"
        parts.append(f"{person} ({reason}) {days}")
    return "; ".join(parts)


def why_so_many(roster: Roster, found: Repair) -> list[str]:
    """Why it takes more changes than there are duties to fill: for each of them that nobody could take as things stand,
    what is in everybody's way."""
    mendable = _mendable(found)
    if found.fewest <= len(mendable) + len(_filled(found)):
        return []
    if not mendable:
        return ["Rules and pins as they are now don't allow what was planned."]
    sentences = []
    for duty in mendable:
        seat = replace(duty, person=None)
        if all(obstacles_of(roster, found.vacated, each, seat) for each in roster.members_of(duty.rotation)):
            counts = ", ".join(f"{count} {reason}" for reason, count in headcount(roster, found.vacated, seat).items())
            sentences.append(f"Nobody can simply take `{duty.seat}` in {period_name(duty.days)} ({counts}).")
    return sentences[:MOST_NAMED] or [
        "Each of these duties could be taken by somebody, but not all of them together as rules and pins are now."
    ]


def _frontier(found: Repair) -> str:
    drawing = new_table(">changes", ">unfilled", ">broken rules", ">unfairness", "")
    for point in _points_shown(found):
        unfairness = "" if point.unfairness is None else f"{point.unfairness:.2f}"
        remark = "this" if point.changes == found.changes else "" if point.proven else "not proven"
        drawing.add_row(str(point.changes), str(point.unfilled), str(point.broken), unfairness, remark)
    return drawn(drawing)


def _points_shown(found: Repair) -> list[FrontierPoint]:
    """The points without those that are no better than the one before; never without this repair's own."""
    shown: list[FrontierPoint] = []
    for point in found.frontier:
        if point.changes == found.changes or not shown or _is_better(point, shown[-1]):
            shown.append(point)
    return shown


def _is_better(point: FrontierPoint, other: FrontierPoint) -> bool:
    fairer = point.unfairness is None or other.unfairness is None or point.unfairness < other.unfairness - NOTICEABLE
    return fairer or point.unfilled < other.unfilled


def _fairer_point(found: Repair) -> FrontierPoint | None:
    """The first point of the frontier that is noticeably fairer than this repair."""
    ours = {point.changes: point.unfairness for point in found.frontier}.get(found.changes)
    if ours is None:
        return None
    more = (point for point in found.frontier if point.changes > found.changes)
    return next((point for point in more if (point.unfairness or 0.0) < ours - NOTICEABLE), None)


# Warnings


def left_to_people(schedule: Schedule, left: Iterable[Duty], day: date) -> list[Problem]:
    """Duties that a repair leaves alone although their holders can't serve them, with the command for each."""
    problems = []
    for duty in left:
        message = f"{duty.person} can't serve `{duty.seat}` {on_days(duty.start, duty.end)} any more"
        why = "it has begun, or is a part of a period, and so is left to you"
        problems.append(Problem(f"{message}; {why}", hint=fixes.cover(schedule, duty, day), severity="warning"))
    return problems


def stays_broken(roster: Roster, found: Repair, day: date) -> list[Problem]:
    """Rules that a repair leaves broken, since what is near or what people gave isn't moved about; with the command."""
    left = {(duty.person, duty.rotation) for duty in found.left}
    rest = [each for each in found.broken if not any((who, each.period.rotation) in left for who in each.people)]
    problems = []
    for each in rest[:MOST_NAMED]:
        duties = fixes.duties_hit(roster, found.schedule, each, day)
        hint = fixes.cover(found.schedule, duties[0], day) if duties else None
        message = f"`{each.rule}` stays broken in {period_name(each.period)}: {each.message}"
        problems.append(Problem(message, hint=hint, severity="warning"))
    if len(rest) > MOST_NAMED:
        more = f"{len(rest) - MOST_NAMED} more rules stay broken"
        problems.append(Problem(more, hint="setrota check", severity="warning"))
    return problems


# The repair as JSON


def document(roster: Roster, schedule: Schedule, found: Repair, today: date, *, saved: bool) -> ReplanDocument:
    """A repair as data, for programs."""
    proof = found.result.proof
    report = DiffReport(roster, compare(schedule, found.schedule), "the schedule", today)
    return {
        "saved": saved,
        "lost": entries(roster, found.lost),
        "left": entries(roster, found.left),
        "fewest": found.fewest,
        "change_count": found.changes,
        "changes": [difference_entry(report, each) for each in report.diff.differences],
        "frontier": [_point(point) for point in found.frontier],
        "proof": {
            "fewest_proven": found.proven,
            "status": "optimal" if proof.proven else "time limit",
            "unfairness": proof.unfairness,
        },
        "unfilled": entries(roster, found.result.unfilled),
        "broken": [violation_entry(each) for each in found.broken],
    }


def nothing_replanned(roster: Roster, left: Iterable[Duty]) -> ReplanDocument:
    """The same where no period could be planned anew."""
    lost = entries(roster, left)
    return {
        "saved": False,
        "lost": lost,
        "left": lost,
        "fewest": 0,
        "change_count": 0,
        "changes": [],
        "frontier": [],
        "proof": None,
        "unfilled": [],
        "broken": [],
    }


def _point(point: FrontierPoint) -> FrontierEntry:
    return {
        "change_count": point.changes,
        "unfilled_count": point.unfilled,
        "broken_count": point.broken,
        "unfairness": None if point.unfairness is None else rounded(point.unfairness),
        "proven": point.proven,
    }
