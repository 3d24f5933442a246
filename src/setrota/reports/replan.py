"""What `setrota replan` reports: what broke, what changes for whom and why, what more changes would buy; and JSON.

Shows what `setrota.planner.repair` found. Moves no duty itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from setrota.check import fixes
from setrota.check.feasibility.overlooked import overlooked
from setrota.dates.availability import absence
from setrota.dates.service import is_served
from setrota.dates.text import on_days, period_name
from setrota.planner import FrontierPoint, Newcomer, Repair
from setrota.problems import Problem, counted, listed
from setrota.reports import empty_seats
from setrota.reports.check import violation_entry
from setrota.reports.diff import DiffReport, difference_entry, difference_table
from setrota.reports.duties import entries
from setrota.reports.fairness.distances import Distances, in_each_period
from setrota.reports.fairness.figures import rounded
from setrota.reports.tables import drawn
from setrota.reports.tables import table as new_table
from setrota.roster import Roster
from setrota.rules.eligibility import headcount, obstacles_of
from setrota.schedule import Duty, Schedule
from setrota.schedule.diff import Difference, compare, differences
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import FrontierEntry, NewcomerEntry, ReplanDocument

MOST_NAMED = 5
"""Any further seats or rules are only counted."""

NOTICEABLE = 0.05
"""A smaller difference in unfairness is not worth a change."""

NOTHING_TO_REPLAN = (
    "nothing to repair: everything ahead is frozen or was changed by hand, so the schedule stays as it is"
)
NOTHING_AHEAD = Problem(
    "no period ahead is planned, so there is nothing to repair", hint="`setrota plan`", code="nothing-planned"
)


def too_few_changes(allowed: int | None, fewest: int) -> Problem:
    verb = "is" if fewest == 1 else "are"
    message = f"{counted(fewest, 'change')} {verb} needed, more than `--changes {allowed}` allows"
    return Problem(message, hint="leave out `--changes` to make as few as possible", code="too-few-changes")


# The repair as a table


def table(roster: Roster, schedule: Schedule, found: Repair, today: date, *, verbose: bool) -> str:
    """What broke, what changes for whom, how fair that is, and what more changes would buy.

    `verbose` adds the unfairness of each number of changes.
    """
    reasons = *why_so_many(roster, found), *why_not_fewer(found)
    closed = closed_periods(roster, schedule, found.schedule)
    sentences = [opening(roster, found), *reasons, _fairness(roster, found)]
    lines = [folded(sentence, "") for sentence in [*([closed] if closed else []), *sentences]]
    report = DiffReport(roster, compare(schedule, found.schedule), "the schedule", today)
    if report.diff.differences:
        lines += ["", difference_table(report, report.diff.differences).removesuffix("\n")]
    elif found.schedule != schedule:
        lines.append(folded("The list of people who share the weeks ahead has been brought up to date.", ""))
    if len(_points_shown(found)) > 1:
        lines += ["", _frontier(found, verbose).removesuffix("\n")]
        if verbose:
            lines.append(folded(_basis(found), ""))
        if point := _fairer_point(found):
            advice = f"More changes would make it fairer, for example `setrota replan --changes {point.changes}`."
            lines.append(folded(advice, ""))
    return "\n".join(lines) + "\n"


def closed_table(roster: Roster, schedule: Schedule, after: Schedule, today: date) -> str:
    """The same where nothing changes but that closed periods are no longer planned."""
    report = DiffReport(roster, compare(schedule, after), "the schedule", today)
    sentence = f"{closed_periods(roster, schedule, after)} Nothing else changes."
    return f"{folded(sentence, '')}\n\n{difference_table(report, report.diff.differences)}"


def closed_periods(roster: Roster, schedule: Schedule, after: Schedule) -> str:
    """A sentence about the periods that are planned no longer because they are closed; empty if there are none."""
    kept = {crew.period for crew in after.crews}
    gone = [each.period for each in schedule.crews if each.period not in kept and not is_served(roster, each.period)]
    parts = [
        f"{counted(sum(each.rotation == name for each in gone), 'period')} of `{name}`"
        for name in dict.fromkeys(each.rotation for each in gone)
    ]
    if not gone:
        return ""
    one = len(gone) == 1
    return f"{listed(parts)} {'is' if one else 'are'} closed now, so nobody is planned for {'it' if one else 'them'}."


def opening(roster: Roster, found: Repair) -> str:
    """What no longer fits the roster, and how many changes it takes to repair that."""
    start = " ".join(_facts(roster, found)) or "Nobody has to give up an upcoming duty."
    if found.result.unfilled and empty_seats.is_unproven(found.result):
        return f"{start} {_cut_short(found)}"
    if not found.fewest:
        return f"{start} No change is needed."
    number = f"{counted(found.fewest, 'change')} {'is' if found.fewest == 1 else 'are'}"
    proven = "needed, proven to be the fewest" if found.proven else "enough; the time limit ended the search for fewer"
    more = f"; {found.changes} were made for more fairness" if found.changes > found.fewest else ""
    fairest = (
        f" No other rota with this number of changes{_equals(roster, found)} is fairer."
        if found.result.proof.proven and not found.result.proof.gap
        else ""
    )
    return f"{start} {number} {proven}{more}.{fairest}"


def _equals(roster: Roster, found: Repair) -> str:
    """What another rota must do as well as this one before their fairness is compared."""
    optional = any(roster.rotations[crew.period.rotation].optional for crew in found.result.crews)
    goals = ["fills as many seats"] if optional or found.broken or found.result.unfilled else []
    goals += ["breaks no more rules"] if found.broken else []
    return f" that {listed(goals)}" if goals else ""


def _facts(roster: Roster, found: Repair) -> Iterator[str]:
    if mendable := _mendable(found):
        yield f"{counted(len(mendable), 'duty', 'duties')} can no longer be served: {_by_person(roster, mendable)}."
    if filled := _filled(found):
        emptied = _emptied(found)
        others = f"; {counted(len(emptied), 'other seat')} will be empty instead" if emptied else ""
        yield f"{counted(len(filled), 'empty seat')} can be filled{others}."
    if (mended := found.before.broken - len(found.broken)) > 0:
        yield f"{counted(mended, 'broken rule')} can be fixed."


def _mendable(found: Repair) -> list[Duty]:
    return [duty for duty in found.lost if duty not in found.left]


def _filled(found: Repair) -> list[Difference]:
    """The seats that were empty already, before any duty was lost, and are filled now."""
    lost = {(duty.start, duty.rotation, duty.seat) for duty in found.lost}
    changed = differences(found.vacated, found.schedule)
    return [each for each in changed if each.was is None and (each.start, each.rotation, each.seat) not in lost]


def _emptied(found: Repair) -> list[Difference]:
    """The seats that are empty now although their holders could serve."""
    return [each for each in differences(found.vacated, found.schedule) if each.now is None]


def _cut_short(found: Repair) -> str:
    made = f"{counted(found.changes, 'change')} {'was' if found.changes == 1 else 'were'}"
    many = counted(len(found.result.unfilled), "seat")
    return (
        f"{made if found.changes else 'No change was'} made; the time limit ended the search with {many} still empty."
    )


def _by_person(roster: Roster, duties: Sequence[Duty]) -> str:
    parts = []
    for person in dict.fromkeys(str(duty.person) for duty in duties):
        theirs = [duty for duty in duties if duty.person == person]
        days = listed(f"{duty.start} `{duty.seat}`" for duty in theirs)
        reason = absence(roster, person, theirs[0].days) or "not ready"
        parts.append(f"{person} ({reason}) {days}")
    return "; ".join(parts)


def why_so_many(roster: Roster, found: Repair) -> list[str]:
    """Why it takes more changes than there are duties to fill: what keeps everyone from those that nobody can take as
    things stand."""
    mendable = _mendable(found)
    if found.fewest <= len(mendable) + len(_filled(found)):
        return []
    if not mendable and found.before.broken <= len(found.broken):
        return ["These seats can't be filled unless other duties move too."]
    if not mendable:
        return ["The rules and pins no longer allow what was planned."]
    sentences = []
    for duty in mendable:
        seat = replace(duty, person=None)
        if all(obstacles_of(roster, found.vacated, each, seat) for each in roster.members_of(duty.rotation)):
            counts = ", ".join(f"{count} {reason}" for reason, count in headcount(roster, found.vacated, seat).items())
            where = f"`{duty.seat}` in {period_name(duty.days)}"
            sentences.append(f"Nobody can take {where} unless other duties move too ({counts}).")
    return sentences[:MOST_NAMED] or [
        "Someone could take each of these duties by itself, but the rules and pins don't allow all of them together."
    ]


def why_not_fewer(found: Repair) -> list[str]:
    """What fewer changes would miss, if they leave no more seats empty and no more rules broken than this repair."""
    point = next((each for each in found.frontier if each.changes < found.fewest and _does_as_much(found, each)), None)
    if point is None or not (point.changes or point.emptier):
        return []
    start = f"With {counted(point.changes, 'change')}" if point.changes else "Without a change"
    if point.emptier:
        return [f"{start} as many seats are filled, but more `{point.emptier}` seats stay empty."]
    return [f"{start} as many required seats are filled, but fewer later or optional ones, or more rules give way."]


def _does_as_much(found: Repair, point: FrontierPoint) -> bool:
    ours = next((each for each in found.frontier if each.changes == found.changes), None)
    return ours is not None and _undone(point) == _undone(ours)


def _fairness(roster: Roster, found: Repair) -> str:
    """How far people get from their fair share with the repair."""
    sentence = Distances(found.result.figures.furthest, found.result.clipped).sentence(in_each_period(roster))
    note = "".join(f" ({each})" for each in empty_seats.counted_too(found.result))
    return f"With this plan {sentence}{note}."


def _frontier(found: Repair, verbose: bool) -> str:
    drawing = new_table(">changes", ">unfilled", ">broken rules", *([">unfairness"] if verbose else []), "fairness")
    for point in _points_shown(found):
        unfairness = "" if point.unfairness is None else f"{point.unfairness:.2f}"
        figures = [str(point.changes), str(point.unfilled), str(point.broken), *([unfairness] if verbose else [])]
        drawing.add_row(*figures, _remark(found, point))
    return drawn(drawing)


def _basis(found: Repair) -> str:
    """Over which weeks the unfairness of the table is summed up."""
    weeks, first = found.result.look_ahead_weeks, min(crew.period.start for crew in found.result.crews)
    ahead = f", with {counted(weeks, 'week')} of look-ahead" if weeks else ""
    return f"unfairness: from {first} on{ahead}."


def _remark(found: Repair, point: FrontierPoint) -> str:
    """How the fairness of a point compares with that of this repair, where it leaves as much undone."""
    if point.changes == found.changes:
        return "this plan"
    if point.changes < found.fewest and _does_as_much(found, point):
        return f"more `{point.emptier}` empty" if point.emptier else "fewer later or optional seats"
    ours = next((each for each in found.frontier if each.changes == found.changes), None)
    gain = ""
    if ours and ours.unfairness and point.unfairness is not None and _undone(point) == _undone(ours):
        part = (ours.unfairness - point.unfairness) / ours.unfairness
        gain = f"{abs(part):.1%} {'fairer' if part > 0 else 'less fair'}" if abs(part) >= 0.0005 else "as fair"
    return ", ".join(filter(None, [gain, "" if point.proven else "not proven"]))


def _undone(point: FrontierPoint) -> tuple[int, int]:
    return point.unfilled, point.broken


def _points_shown(found: Repair) -> list[FrontierPoint]:
    """The points that improve on the one before, and this repair's own."""
    shown: list[FrontierPoint] = []
    for point in found.frontier:
        if point.changes == found.changes or not shown or _is_better(found, point, shown[-1]):
            shown.append(point)
    return shown


def _is_better(found: Repair, point: FrontierPoint, other: FrontierPoint) -> bool:
    """Whether a point with more changes improves on another: fills more seats or, if they are enough, is fairer."""
    if point.changes < found.fewest:
        return point.unfilled < other.unfilled
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
    """Duties that replan leaves alone although their holders can't serve them, each with the command that covers it."""
    problems = []
    for duty in left:
        message = f"{duty.person} can no longer serve `{duty.seat}` {on_days(duty.start, duty.end)}"
        why = "replan doesn't move it, because it has begun or is only part of a period"
        hint = f"`{fixes.cover(schedule, duty, day)}`"
        problems.append(Problem(f"{message}; {why}", hint=hint, severity="warning", code="left-to-you"))
    return problems


def stays_broken(roster: Roster, found: Repair, day: date) -> list[Problem]:
    """Rules that stay broken because duties that are near, or given by hand, aren't moved; each with a command."""
    left = {(duty.person, duty.rotation) for duty in found.left}
    rest = [each for each in found.broken if not any((who, each.period.rotation) in left for who in each.people)]
    problems = []
    for each in rest[:MOST_NAMED]:
        command = fixes.by_hand(roster, found.schedule, each, day)
        hint = f"`{command}`" if command else None
        message = f"`{each.rule}` stays broken in {period_name(each.period)}: {each.message}"
        problems.append(Problem(message, hint=hint, severity="warning", code=each.rule))
    if len(rest) > MOST_NAMED:
        more = f"{len(rest) - MOST_NAMED} more rules stay broken"
        problems.append(Problem(more, hint="`setrota check`", severity="warning", code="broken-rules"))
    return problems


def unfilled(roster: Roster, found: Repair) -> list[Problem]:
    """Seats that the repair leaves empty, with the command that explains each, or with one that goes on searching."""
    if empty_seats.is_unproven(found.result):
        return list(empty_seats.left_by_time(roster, found.result, "setrota replan"))
    return [
        Problem(
            f"nobody can have `{duty.seat}` in {period_name(duty.days)}",
            hint=f"`setrota explain {duty.start} {duty.rotation}/{duty.seat}`",
            severity="warning",
            code="unfillable",
        )
        for duty in found.result.unfilled
    ]


def newcomers(roster: Roster, found: Repair) -> list[Problem]:
    """People who joined and get no duty before the plan ends: that they never can, or how many changes it takes."""
    if not found.newcomers:
        return []
    periods = [crew.period for crew in found.result.crews]
    start, end = min(period.start for period in periods), max(period.end for period in periods)
    joined = {each.person for each in found.newcomers}
    barred = [each for each in overlooked(roster, found.schedule, start, end) if joined.intersection(each.people)]
    never = {person for each in barred for person in each.people}
    return [
        *(Problem(each.sentence, hint=each.hint, severity=each.severity, code="never-serves") for each in barred),
        *(_newcomer(roster, found, each, end) for each in found.newcomers if each.person not in never),
    ]


def _newcomer(roster: Roster, found: Repair, newcomer: Newcomer, end: date) -> Problem:
    start = roster.people[newcomer.person].start
    joins = f" joins on {start} and" if start else ""
    message = (
        f"{newcomer.person}{joins} gets no `{newcomer.rotation}` duty before {end}, with a fair share of "
        f"{newcomer.due:.2f} by then"
    )
    if newcomer.changes is None:
        message, command = (
            f"{message}; no rota with a few more changes was found that gives them one",
            "setrota plan --again",
        )
    else:
        ours = next((each.unfairness for each in found.frontier if each.changes == found.changes), None)
        gain = f", and the rota is {1 - newcomer.unfairness / ours:.1%} fairer" if ours and newcomer.unfairness else ""
        message = f"{message}; with {counted(newcomer.changes, 'change')} they get one{gain}"
        command = f"setrota replan --changes {newcomer.changes}"
    return Problem(message, hint=f"`{command}`", severity="note", code="newcomer-without-duty")


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
        "fewest_proven": found.proven,
        "change_count": found.changes,
        "changes": [difference_entry(report, each) for each in report.diff.differences],
        "frontier": [_point(point) for point in found.frontier],
        "proof": {
            "status": "optimal" if proof.proven else "time-limit",
            "objective": proof.unfairness,
            "unproven": list(proof.unfinished),
        },
        "unfilled": entries(roster, found.result.unfilled),
        "broken": [violation_entry(each) for each in found.broken],
        "newcomers": [_newcomer_entry(each) for each in found.newcomers],
    }


def nothing_replanned(
    roster: Roster, schedule: Schedule, after: Schedule, left: Iterable[Duty], today: date, *, saved: bool
) -> ReplanDocument:
    """The same document when no period could be planned again; closed ones may be planned no longer."""
    lost = entries(roster, left)
    report = DiffReport(roster, compare(schedule, after), "the schedule", today)
    return {
        "saved": saved,
        "lost": lost,
        "left": lost,
        "fewest": 0,
        "fewest_proven": True,
        "change_count": 0,
        "changes": [difference_entry(report, each) for each in report.diff.differences],
        "frontier": [],
        "proof": None,
        "unfilled": [],
        "broken": [],
        "newcomers": [],
    }


def _newcomer_entry(newcomer: Newcomer) -> NewcomerEntry:
    return {
        "person": newcomer.person,
        "rotation": newcomer.rotation,
        "entitled": rounded(newcomer.due),
        "change_count": newcomer.changes,
        "objective": None if newcomer.unfairness is None else rounded(newcomer.unfairness),
    }


def _point(point: FrontierPoint) -> FrontierEntry:
    return {
        "change_count": point.changes,
        "unfilled_count": point.unfilled,
        "broken_count": point.broken,
        "objective": None if point.unfairness is None else rounded(point.unfairness),
        "proven": point.proven,
    }
