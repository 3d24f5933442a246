"""What `setrota` alone says: who is on duty, how far the plan goes, what needs doing, and the command for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from setrota.check import fixes
from setrota.check.finding import Finding
from setrota.dates.cuts import day_of
from setrota.dates.periods import instant_of
from setrota.problems import counted, listed, listed_quotes
from setrota.reports.now import empty_seat, since_or_until
from setrota.reports.wording import NOTHING_PLANNED, OPEN, end_of_service, moment_stamp, weekday_moment
from setrota.roster import WEEKDAYS, Roster
from setrota.schedule import Duty, Schedule
from setrota.schedule.standings import Standing

HELP = "`setrota --help` lists all commands"

ONLY_HERE = "Only this folder was searched: it is neither in a git repository nor in your home directory.\n"


MOST_ROTATIONS = 4
"""Of more rotations, `setrota now` says who is on duty."""


def no_roster_text(*, only_here: bool) -> str:
    """What to do where there is no roster; with `only_here`, why none was looked for in the folders above."""
    searched = ONLY_HERE if only_here else ""
    return f"There is no roster here. `setrota init` writes one to start from.\n{searched}{HELP}."


def status_text(
    roster: Roster,
    schedule: Schedule,
    at: datetime,
    standings: Sequence[Standing],
    ends: dict[str, date],
    findings: Sequence[Finding],
) -> str:
    """A few lines about a rota at a moment; `ends` says how far each rotation is planned."""
    lines = [f"{roster.short_name} on {at:%A} {moment_stamp(at)}"]
    if not schedule.crews:
        return "\n".join([*lines, NOTHING_PLANNED, f"{HELP}."])
    lines += (_on_duty(roster, each.without_empty_optional(roster)) for each in standings[:MOST_ROTATIONS])
    if len(standings) > MOST_ROTATIONS:
        lines.append(f"  {counted(len(standings) - MOST_ROTATIONS, 'other rotation')}: `setrota now`")
    lines += _plan(roster, schedule, ends, at)
    lines += _to_do([each for each in findings if not each.forced])
    if all(each.forced for each in findings) and _goes_on(roster, schedule, ends, at):
        lines.append(_all_is_well(findings))
    return "\n".join([*lines, f"{HELP}."])


def _on_duty(roster: Roster, standing: Standing) -> str:
    """One line for a rotation."""
    if not standing.served:
        zone = roster.zone_of(standing.rotation)
        if standing.again is None:
            return f"  {standing.rotation}: off duty"
        nobody = OPEN if standing.is_voluntary else "nobody is planned"
        then = _people(roster, standing.following) or nobody
        return f"  {standing.rotation}: off duty until {weekday_moment(standing.again.astimezone(zone))}, then {then}"
    common = len({end_of_service(roster, duty) for duty in standing.duties}) == 1
    until = since_or_until(roster, standing, common)
    if not standing.duties:
        return f"  {standing.rotation}{until}"
    return f"  {standing.rotation}: {_people(roster, standing.duties, ends=not until)}{until}"


def _people(roster: Roster, duties: Sequence[Duty], ends: bool = False) -> str:
    """Who has which seat; with `ends`, until when each of them."""
    words = []
    for duty in duties:
        seat = f"{duty.seat} " if len(duties) > 1 else ""
        until = f" until {weekday_moment(end_of_service(roster, duty))}" if ends else ""
        words.append(f"{seat}{duty.person or empty_seat(roster, duty.rotation)}{until}")
    return ", ".join(words)


def _plan(roster: Roster, schedule: Schedule, ends: dict[str, date], at: datetime) -> Iterator[str]:
    """When the plan ends that ends first, and the command that goes on from there."""
    if not ends:
        return
    today, end = at.date(), min(ends.values())
    first = [rotation for rotation, each in ends.items() if each == end]
    plan = "The plan" if len(first) == len(ends) else f"The plan for {listed_quotes(first)}"
    command = fixes.plan_on(roster, schedule, first[0], max(end, today), today)
    if new := [rotation for rotation in first if not schedule.of(rotation)]:
        yield f"Nothing is planned yet for {listed_quotes(new)}: `{command}`"
        return
    has_ended = any(instant_of(roster, rotation, end) <= at for rotation in first)
    yield f"{plan} {'has ended' if has_ended else _ends(day_of(end), today)}: `{command}`"


def _ends(day: date, today: date) -> str:
    days = (day - today).days
    if days < 1:
        return "ends today"
    time = counted(days, "day") if days < 14 else counted(days // 7, "week")
    return f"ends on {WEEKDAYS[day.weekday()][:3]} {day}, in {time}"


def _goes_on(roster: Roster, schedule: Schedule, ends: dict[str, date], at: datetime) -> bool:
    """Whether duties are planned after a moment, and no rotation is without a plan then."""
    ahead = any(crew.period.end > at.date() for crew in schedule.crews)
    return ahead and all(schedule.of(each) and instant_of(roster, each, end) > at for each, end in ends.items())


def _all_is_well(forced: Sequence[Finding]) -> str:
    """That nothing needs doing, and which rules are broken on purpose."""
    if not forced:
        return "What is planned fits the roster, and no seat is empty."
    rules = counted(len(forced), "rule")
    return f"No seat is empty, and what is planned fits the roster except for {rules} broken by force: `setrota check`"


def _to_do(findings: Sequence[Finding]) -> list[str]:
    """A line for each kind of thing to mend, with the first command for it."""
    empty = [each for each in findings if each.code == "unfilled"]
    gaps = [each for each in findings if each.code == "gap"]
    others = [each for each in findings if each.code not in ("unfilled", "gap")]
    lines = _misfits([each for each in others if each.command])
    if empty:
        what = "1 seat is empty" if len(empty) == 1 else f"{len(empty)} seats are empty; the first"
        lines.append(f"{what}: `{empty[0].command}`")
    if gaps:
        more = f" (and {counted(len(gaps) - 1, 'other gap')})" if len(gaps) > 1 else ""
        lines.append(f"{gaps[0].message[0].upper()}{gaps[0].message[1:]}{more}: `{gaps[0].command}`")
    if errors := [each for each in others if not each.command]:
        lines.append(f"{counted(len(errors), 'error')} that no command mends: `setrota check`")
    return lines


def _misfits(broken: Sequence[Finding]) -> list[str]:
    """A line for the duties that break a rule, and for the periods that do so as a whole."""
    if not broken:
        return []
    duties = {duty for each in broken for duty in each.duties}
    periods = {each.period for each in broken if not each.duties}
    counts = [counted(len(duties), "duty", "duties")] if duties else []
    counts += [counted(len(periods), "period")] if periods else []
    fit = "fits" if len(duties) + len(periods) == 1 else "fit"
    urgent = [each.command for each in broken if each.command != fixes.REPLAN]
    return [f"{listed(counts)} no longer {fit} the roster: `{(urgent or [fixes.REPLAN])[0]}`"]
