"""Who is on duty, until when, and who is next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from setrota.dates.periods import handover_on
from setrota.problems import listed
from setrota.reports.wording import clock_text
from setrota.roster import Roster
from setrota.schedule import Duty
from setrota.terminal.output import folded, show

if TYPE_CHECKING:
    from setrota.schedule.standings import Standing


def crew_now(roster: Roster, at: datetime, standings: Sequence[Standing]) -> None:
    """Who is on duty at `at` and until when, and who is next, rotation by rotation."""
    show(f"{roster.short_name} on {at:%A %Y-%m-%d %H:%M %Z}")
    for each in [standing.without_empty_optional(roster) for standing in standings]:
        ends = {duty.end for duty in each.duties}
        common = len(ends) == 1
        show(f"\n{each.rotation}{_since_or_until(roster, each, common)}")
        width = max((len(duty.seat) for duty in each.duties), default=0)
        for duty in each.duties:
            until = "" if common else f", until {instant(roster, duty.rotation, duty.end)}"
            show(f"  {duty.seat:<{width}}  {who(roster, duty.person)}{until}")
        _show_next(roster, [successor for successor in each.successors if successor])


def _since_or_until(roster: Roster, standing: Standing, common: bool) -> str:
    if standing.duties:
        return f", until {instant(roster, standing.rotation, standing.duties[0].end)}" if common else ""
    if standing.starts:
        return f": nobody on duty until {instant(roster, standing.rotation, standing.starts)}"
    if standing.ended:
        return f": nobody on duty; the plan ended {instant(roster, standing.rotation, standing.ended)}"
    return ": nobody on duty; nothing is planned"


def _show_next(roster: Roster, successors: Sequence[Duty]) -> None:
    for start in sorted({duty.start for duty in successors}):
        people = [f"{duty.seat} {holder(duty)}" for duty in successors if duty.start == start]
        show(folded(f"  next, from {instant(roster, successors[0].rotation, start)}: {', '.join(people)}", "    "))


def instant(roster: Roster, rotation: str, day: date) -> str:
    moment = handover_on(roster, rotation, day)
    return f"{moment:%a %Y-%m-%d} {clock_text(roster, rotation, moment)}"


def who(roster: Roster, handle: str | None) -> str:
    """`Bo Lindqvist (bo, @bo.lindqvist), Channels`: name, handle, chat handle where it differs, teams."""
    if handle is None:
        return "NOBODY"
    person = roster.people.get(handle)
    chat = f", @{person.chat}" if person and person.chat not in ("", handle) else ""
    teams = [roster.teams[key].name for key in roster.teams_of(handle)]
    return f"{roster.display_name(handle)} ({handle}{chat})" + (f", {listed(teams)}" if teams else "")


def holder(duty: Duty) -> str:
    return duty.person or "NOBODY"
