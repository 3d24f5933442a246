"""What `setrota now` says: who is on duty, until when, and who is next; and how long the plan lasts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from setrota.dates.text import on_days
from setrota.problems import Problem, counted, listed
from setrota.reports.wording import moment_stamp, weekday_stamp
from setrota.roster import Roster
from setrota.schedule import Duty, is_missing
from setrota.schedule.ranges import SHORT_OF_PLAN
from setrota.schedule.standings import Standing
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import NowDocument

_SERVED = "`setrota import csv FILE` adds duties that were served"


def now_text(roster: Roster, at: datetime, standings: Sequence[Standing]) -> str:
    """Who is on duty at `at` and until when, and who is next, rotation by rotation."""
    lines = [f"{roster.short_name} on {at:%A} {moment_stamp(at)}"]
    for each in (standing.without_empty_optional(roster) for standing in standings):
        common = len({duty.end for duty in each.duties}) == 1
        lines.append(f"\n{each.rotation}{_since_or_until(roster, each, common)}")
        width = max((len(duty.seat) for duty in each.duties), default=0)
        for duty in each.duties:
            until = "" if common else f", until {weekday_stamp(roster, duty.rotation, duty.end)}"
            lines.append(f"  {duty.seat:<{width}}  {_who(roster, duty.person)}{until}")
        lines += _next(roster, list(filter(None, each.successors)))
    return "\n".join(lines)


def _since_or_until(roster: Roster, standing: Standing, common: bool) -> str:
    if standing.duties:
        return f", until {weekday_stamp(roster, standing.rotation, standing.duties[0].end)}" if common else ""
    if standing.starts:
        return f": nobody on duty until {weekday_stamp(roster, standing.rotation, standing.starts)}"
    if standing.ended:
        return f": nobody on duty; the plan ended {weekday_stamp(roster, standing.rotation, standing.ended)}"
    return ": nobody on duty; nothing is planned"


def _next(roster: Roster, successors: Sequence[Duty]) -> list[str]:
    lines = []
    for start in sorted({duty.start for duty in successors}):
        people = [f"{duty.seat} {duty.person or 'NOBODY'}" for duty in successors if duty.start == start]
        since = weekday_stamp(roster, successors[0].rotation, start)
        lines.append(folded(f"  next, from {since}: {', '.join(people)}", "    "))
    return lines


def _who(roster: Roster, handle: str | None) -> str:
    """`Bo Lindqvist (bo, @bo.lindqvist), Channels`: name, handle, chat handle if it differs, and teams."""
    if handle is None:
        return "NOBODY"
    person = roster.people.get(handle)
    chat = f", @{person.chat}" if person and person.chat not in ("", handle) else ""
    teams = [roster.teams[key].name for key in roster.teams_of(handle)]
    return f"{roster.display_name(handle)} ({handle}{chat})" + (f", {listed(teams)}" if teams else "")


def now_document(roster: Roster, at: datetime, standings: Sequence[Standing]) -> NowDocument:
    """The duties at `at`, each with the next one in its seat, or None; and the rotations that have no crew then."""
    from setrota.reports.duties import entries, entry

    return {
        "at": at.isoformat(),
        "duties": [
            {**entry(roster, duty), "next": entry(roster, following) if following else None}
            for each in standings
            # Without a crew there are only successors.
            for duty, following in zip(each.duties, each.successors, strict=False)
        ],
        "idle": [
            {"rotation": each.rotation, "next_duties": entries(roster, filter(None, each.successors))}
            for each in standings
            if not each.duties
        ],
    }


def missing(roster: Roster, standings: Sequence[Standing]) -> list[Problem]:
    """Warnings for required seats that are empty."""
    empty = [(each, duty) for each in standings for duty in each.duties if is_missing(roster, duty)]
    if not empty:
        return []
    from setrota.check import fixes  # only where a seat is empty

    return [
        Problem(
            f"nobody has `{duty.rotation}/{duty.seat}` {on_days(duty.start, duty.end)}",
            hint=f"`{fixes.fill(duty, each.day)}`",
            severity="warning",
            code="unfilled",
        )
        for each, duty in empty
    ]


def short_of_plan(standings: Sequence[Standing], since: str | None) -> list[Problem]:
    """Warnings for rotations without a crew on a DATE, and for those whose plan runs out within four weeks of it.

    `since` is None if that day is over, because the past can no longer be planned.
    """
    warnings = []
    if idle := [f"`{each.rotation}`" for each in standings if not each.duties]:
        # One warning for all of them, because one plan covers them all.
        hint = f"`setrota plan --from {since}`" if since else _SERVED
        message = f"nobody {'is' if since else 'was'} planned for {listed(idle)}"
        warnings.append(
            Problem(message, hint=hint, severity="warning", code="nobody-planned" if since else "nobody-recorded")
        )
    for each in standings:
        if each.duties and each.until - each.day < SHORT_OF_PLAN:
            left = counted((each.until - each.day).days, "day")
            message = f"the plan for `{each.rotation}` ends on {each.until}, in {left}"
            warnings.append(Problem(message, hint="`setrota plan`", severity="warning", code="plan-ends-soon"))
    return warnings
