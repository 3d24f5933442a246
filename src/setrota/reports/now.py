"""What `setrota now` says: who is on duty, until when, and who is next; and how long the plan lasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from setrota.dates.cuts import day_of
from setrota.dates.periods import moment_of, point_at
from setrota.dates.text import on_days
from setrota.problems import Problem, counted, listed
from setrota.reports.wording import OPEN, empty_word, end_of_service, moment_stamp, weekday_moment, weekday_stamp
from setrota.roster import Roster
from setrota.schedule import Duty, is_missing
from setrota.schedule.ranges import SHORT_OF_PLAN
from setrota.schedule.standings import Standing, is_away
from setrota.terminal import folded

if TYPE_CHECKING:
    from setrota.reports.documents import IdleRotationEntry, NowDocument

_SERVED = "`setrota import csv FILE` adds duties that were served"


def now_text(roster: Roster, at: datetime, standings: Sequence[Standing]) -> str:
    """Who is on duty at `at` and until when, and who is next, rotation by rotation."""
    lines = [f"{roster.short_name} on {at:%A} {moment_stamp(at)}"]
    for each in (standing.without_empty_optional(roster) for standing in standings):
        lines += _off_duty(roster, each) if not each.served else _on_duty(roster, each, at)
    return "\n".join(folded(line, "    ") for line in "\n".join(lines).split("\n"))


def _on_duty(roster: Roster, standing: Standing, at: datetime) -> Iterator[str]:
    common = len({end_of_service(roster, duty) for duty in standing.duties}) == 1
    yield f"\n{standing.rotation}{since_or_until(roster, standing, common)}"
    yield from _seats(roster, standing, standing.duties, "" if common or standing.is_open else None, at)
    if standing.pause:
        zone = roster.zone_of(standing.rotation)
        again = f" to {weekday_moment(standing.again.astimezone(zone))}" if standing.again else ""
        yield f"  off duty from {weekday_moment(standing.pause.astimezone(zone))}{again}"
    yield from _next(roster, list(filter(None, standing.successors)))


def _off_duty(roster: Roster, standing: Standing) -> Iterator[str]:
    """Yield until when a rotation isn't served, and who is on duty then."""
    if standing.again is None:
        yield f"\n{standing.rotation}: off duty"
        return
    again = weekday_moment(standing.again.astimezone(roster.zone_of(standing.rotation)))
    if not standing.following:
        then = f"then {OPEN}" if standing.is_voluntary else "then nobody is planned"
        yield f"\n{standing.rotation}: off duty until {again}, {then}"
        return
    ends = {end_of_service(roster, duty) for duty in standing.following}
    common = len(ends) == 1 and not standing.is_open
    until = f" until {weekday_moment(min(ends))}" if common else ""
    yield f"\n{standing.rotation}: off duty until {again}, then{until}"
    yield from _seats(roster, standing, standing.following, "" if common or standing.is_open else None)


def _seats(
    roster: Roster, standing: Standing, duties: Sequence[Duty], until: str | None, at: datetime | None = None
) -> Iterator[str]:
    """Yield a line for each duty, with its own end unless `until` is given; at a moment, with who is away then."""
    width = max((len(duty.seat) for duty in duties), default=0)
    for duty in duties:
        end = f", until {weekday_moment(end_of_service(roster, duty))}" if until is None else until
        away = ", away today" if at is not None and is_away(roster, duty, at) else ""
        yield f"  {duty.seat:<{width}}  {_holder(roster, duty)}{away}{end}"


def since_or_until(roster: Roster, standing: Standing, common: bool) -> str:
    """What follows a rotation's name: until when its crew serves, or why nobody does."""
    if standing.is_open:
        return f", since {weekday_stamp(roster, standing.rotation, standing.duties[0].start)}, until its next start"
    if standing.duties:
        return f", until {weekday_moment(end_of_service(roster, standing.duties[0]))}" if common else ""
    nobody = OPEN if standing.is_voluntary else "nobody on duty"
    if standing.starts:
        return f": {nobody} until {weekday_stamp(roster, standing.rotation, standing.starts)}"
    if standing.is_voluntary:
        return f": {OPEN}"
    if standing.ended:
        return f": nobody on duty; the plan ended {weekday_stamp(roster, standing.rotation, standing.ended)}"
    return ": nobody on duty; nothing is planned"


def _next(roster: Roster, successors: Sequence[Duty]) -> list[str]:
    lines = []
    for start in sorted({duty.start for duty in successors}):
        people = [
            f"{duty.seat} {duty.person or empty_seat(roster, duty.rotation)}"
            for duty in successors
            if duty.start == start
        ]
        since = weekday_stamp(roster, successors[0].rotation, start)
        lines.append(f"  next, from {since}: {', '.join(people)}")
    return lines


def empty_seat(roster: Roster, rotation: str) -> str:
    """What stands for the holder of an empty seat."""
    word = empty_word(roster, rotation)
    return word if word == OPEN else word.upper()


def _holder(roster: Roster, duty: Duty) -> str:
    return empty_seat(roster, duty.rotation) if duty.person is None else _who(roster, duty.person)


def _who(roster: Roster, handle: str) -> str:
    """`Bo Lindqvist (bo, @bo.lindqvist), Channels`: name, handle, chat handle if it differs, and teams."""
    person = roster.people.get(handle)
    chat = f", @{person.chat}" if person and person.chat not in ("", handle) else ""
    teams = [roster.teams[key].name for key in roster.teams_of(handle)]
    return f"{roster.display_name(handle)} ({handle}{chat})" + (f", {listed(teams)}" if teams else "")


def now_document(roster: Roster, at: datetime, standings: Sequence[Standing]) -> NowDocument:
    """The duties at `at`, each with the next one in its seat, or None; and the rotations that nobody serves then."""
    from setrota.reports.duties import entry

    return {
        "at": at.isoformat(),
        "duties": [
            {
                **entry(roster, duty),
                "next": entry(roster, following) if following else None,
                "open_ended": each.is_open,
                "off_duty_from": _in_zone(roster, each, each.pause),
                "off_duty_to": _in_zone(roster, each, each.again if each.pause else None),
                "away": is_away(roster, duty, at),
            }
            for each in standings
            # Without a crew there are only successors.
            for duty, following in zip(each.on_duty, each.successors, strict=False)
        ],
        "idle": [_idle(roster, each) for each in standings if not each.on_duty],
    }


def _idle(roster: Roster, standing: Standing) -> IdleRotationEntry:
    from setrota.reports.duties import entries

    duties = standing.successors if standing.served else standing.following
    starts = moment_of(roster, standing.rotation, standing.starts) if standing.starts else None
    return {
        "rotation": standing.rotation,
        "off_duty": not standing.served,
        "until": _in_zone(roster, standing, starts if standing.served else standing.again),
        "next_duties": entries(roster, filter(None, duties)),
    }


def _in_zone(roster: Roster, standing: Standing, moment: datetime | None) -> str | None:
    return moment.astimezone(roster.zone_of(standing.rotation)).isoformat() if moment else None


def missing(roster: Roster, at: datetime, standings: Sequence[Standing], today: date | None = None) -> list[Problem]:
    """Warnings for required seats that are empty at a moment; `today` is its day, if it is now."""
    empty = [duty for each in standings for duty in each.on_duty if is_missing(roster, duty)]
    if not empty:
        return []
    from setrota.check import fixes  # only where a seat is empty

    return [
        Problem(
            f"nobody has `{duty.rotation}/{duty.seat}` {on_days(duty.start, duty.end)}",
            hint=f"`{fixes.fill(duty, point_at(roster, duty.rotation, at), today)}`",
            severity="warning",
            code="unfilled",
        )
        for duty in empty
    ]


def short_of_plan(standings: Sequence[Standing], since: str | None) -> list[Problem]:
    """Warnings for rotations without a crew on a DATE, and for those that have none within four weeks of it, because of
    a gap or the end of their plan.

    `since` is None if that day is over, because the past can no longer be planned.
    """
    warnings = []
    if idle := [f"`{each.rotation}`" for each in standings if each.lacks_plan]:
        # One warning for all of them, because one plan covers them all.
        hint = f"`setrota plan --from {since}`" if since else _SERVED
        message = f"nobody {'is' if since else 'was'} planned for {listed(idle)}"
        warnings.append(
            Problem(message, hint=hint, severity="warning", code="nobody-planned" if since else "nobody-recorded")
        )
    soon = [
        each
        for each in standings
        if not each.lacks_plan and not each.is_voluntary and each.until - each.day < SHORT_OF_PLAN
    ]
    return [*warnings, *_gaps(soon), *(_end_of_plan(each) for each in soon if not each.gap)]


def _gaps(standings: Iterable[Standing]) -> Iterator[Problem]:
    found: dict[tuple[date, date], list[str]] = {}
    for each in standings:
        if each.gap:
            found.setdefault((each.gap.start, each.gap.end), []).append(each.rotation)
    if found:
        from setrota.check.findings import gaps_told  # only where there is one

        for gap in gaps_told(found):
            yield Problem(gap.message, hint=f"`{gap.command}`", severity=gap.severity, code=gap.code)


def _end_of_plan(standing: Standing) -> Problem:
    left = counted((standing.until - standing.day).days, "day")
    message = f"the plan for `{standing.rotation}` ends on {standing.until}, in {left}"
    hint = f"`setrota plan --from {day_of(standing.until)}`"
    return Problem(message, hint=hint, severity="warning", code="plan-ends-soon")
