"""The Friday note as Markdown to paste: who goes and who comes, the checklist, where work comes from, dates.

Knows the note's order, its crews and its lists of the roster's own sentences; `dates` has the rest. Empty sections are
left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from setrota.check import fixes
from setrota.dates.availability import dates_away
from setrota.dates.cuts import day_of, last_day
from setrota.dates.grid import is_open
from setrota.dates.periods import DAY, Period, point_at
from setrota.dates.service import served_days
from setrota.dates.text import on_days
from setrota.export.brief.dates import Weeks, absences, coming_meetings, holidays
from setrota.problems import Problem
from setrota.reports.wording import (
    bare,
    chat_of,
    day_text,
    duration_text,
    empty_word,
    end_of_service,
    handover_text,
    inert,
    link,
    moment_text,
    name_of,
    prose,
    span_text,
    team_names,
    title_of,
    unlisted,
)
from setrota.roster import Roster
from setrota.roster.notes import Source
from setrota.schedule import Duty, Schedule, is_missing
from setrota.schedule.handovers import Changeover, CrewAtHandover
from setrota.schedule.meetings import handover_meeting


def brief(roster: Roster, schedule: Schedule, at: datetime, change: Changeover) -> str:
    """Return the note about a handover, as written at the moment `at`.

    The crews are mentioned, so that the chat notifies them; everyone else is only named. The note never says why a
    person is away or was replaced.
    """
    crews = {
        "Outgoing crew": crew_lines(roster, at, change, change.outgoing),
        "Incoming crew": crew_lines(roster, at, change, change.incoming, comes=True),
        "Staying on duty": crew_lines(roster, at, change, [crew for crew in change.staying if crew.planned]),
        "Nobody on duty": crew_lines(roster, at, change, [crew for crew in change.staying if not crew.planned]),
    }
    sections = {**crews, **notes_after_crews(roster, schedule, change)}
    found = [["", f"## {title}", "", *lines] for title, lines in sections.items() if lines]
    return "\n".join([*_opening(roster, at, change), *(line for section in found for line in section)]) + "\n"


def notes_after_crews(roster: Roster, schedule: Schedule, change: Changeover) -> dict[str, list[str]]:
    """Return the lines of the note's sections after the crews, by their titles, without empty ones."""
    weeks, notes = Weeks.of(change), roster.notes.brief
    sections = {
        "Checklist": [f"- [ ] {prose(each)}" for each in notes.checklist],
        "Where work comes from": [_source(each) for each in roster.notes.sources],
        "Priorities": [f"{number}. {prose(each)}" for number, each in enumerate(notes.priorities, 1)],
        "Triage": [f"- {prose(each)}" for each in notes.triage],
        "Meetings": coming_meetings(roster, schedule, weeks),
        "Holidays": holidays(roster, change, weeks),
        f"Absences until {day_text(weeks.last, weeks.year)}": absences(roster, weeks),
    }
    return {title: lines for title, lines in sections.items() if lines}


def _opening(roster: Roster, at: datetime, change: Changeover) -> Iterable[str]:
    moment = change.moment
    when = f"handover on {moment_text(moment)}"
    if change.last - moment >= DAY:
        when = f"handovers from {moment_text(moment)} to {moment_text(change.last)}"
    if not change.is_known(roster):
        when = "no handover is known"
    yield f"# {inert(roster.short_name)}: {when}"
    two_crews = change.outgoing and any(crew.planned for crew in change.incoming)
    meeting = handover_meeting(roster, moment) if two_crews else None
    if meeting is not None and meeting.timestamp() >= at.timestamp():
        yield ""
        yield f"Handover meeting: {moment_text(meeting, moment.year)}, {duration_text(roster.notes.brief.duration)}"


def _source(source: Source) -> str:
    name = link(source.name, source.link) if source.link else unlisted(inert(source.name))
    look = prose(source.look).rstrip(".") if source.look else ""
    about = ". ".join(filter(None, [look, prose(source.description or "")]))
    return f"- {name}: {about}" if about else f"- {name}"


# The crews


def crew_lines(
    roster: Roster, at: datetime, change: Changeover, crews: Iterable[CrewAtHandover], comes: bool = False
) -> list[str]:
    """Return each rotation's crew, and on which days of duty from the moment `at` on its people are away.

    Several crews of one rotation have a line each.
    """
    lines: list[str] = []
    for rotation, together in groupby(crews, key=lambda crew: crew.period.rotation):
        found = list(together)
        lines += [""] if lines else []
        if len(found) > 1:
            lines += [f"**{inert(rotation)}**, {len(found)} handovers:", ""]
            lines += (_turn(roster, at, change, crew) for crew in found)
        else:
            lines += _crew(roster, at, change, found[0], comes)
    return lines


def _turn(roster: Roster, at: datetime, change: Changeover, crew: CrewAtHandover) -> str:
    """Return the line of one of several crews: when it begins, and who has its seats."""
    start = handover_text(roster, crew.period.rotation, crew.period.start, change.moment.year)
    if not crew.planned:
        return f"- from {start}: **nobody is planned**: `{plan_command(crew)}`"
    seats = (list(duties) for _, duties in groupby(crew.duties, key=lambda duty: duty.seat))
    return (
        f"- from {start}: {'; '.join(_holders(roster, at, duties, change.moment.year, after=True) for duties in seats)}"
    )


def _crew(roster: Roster, at: datetime, change: Changeover, crew: CrewAtHandover, comes: bool) -> Iterator[str]:
    name = f"**{inert(crew.period.rotation)}**"
    year = change.moment.year
    start = handover_text(roster, crew.period.rotation, crew.period.start, year)
    if not crew.planned:
        end = handover_text(roster, crew.period.rotation, crew.period.end, year)
        yield f"{name}: **nobody is planned**{f' until {end}' if crew.again else ''}: `{plan_command(crew)}`"
        return
    is_last = is_open(roster, crew.period)
    until = "its next start" if is_last else moment_text(end_of_service(roster, crew.period), year)
    yield f"{name}, from {start} until {until}:" if comes else f"{name}, until {until}:"
    yield ""
    after = crew in change.on_duty
    for _, duties in groupby(crew.duties, key=lambda duty: duty.seat):
        yield f"- {_holders(roster, at, list(duties), year, after)}"


def _holders(roster: Roster, at: datetime, duties: Sequence[Duty], year: int, after: bool) -> str:
    """Return a seat and who has it; if it changes hands within the period, one holder after the other."""
    today = day_of(point_at(roster, duties[0].rotation, at))
    parts = [_holder(roster, duty, max(duty.start, today), year, after) for duty in duties]
    for number, duty in enumerate(duties[:-1]):
        parts[number] += f" until {moment_text(end_of_service(roster, duty), year)}"
    return f"{unlisted(inert(title_of(roster, duties[0])))}: {', then '.join(parts)}"


def _holder(roster: Roster, duty: Duty, since: date, year: int, after: bool) -> str:
    if duty.person is None:
        asked = f" (`{fill_command(duty)}`)" if after and is_missing(roster, duty) else ""
        return f"**{empty_word(roster, duty.rotation)}**{asked}"
    chat, name = chat_of(roster, duty.person), inert(name_of(roster, duty.person))
    about = [*([name] if chat else []), *map(inert, team_names(roster, duty.person))]
    days = dates_away(roster, duty.person, Period(since, duty.end, duty.rotation)) if since < duty.end else []
    if days:
        about.append(f"away {', '.join(span_text(*span, year) for span in _stretches(roster, duty.rotation, days))}")
    remark = f" ({', '.join(about)})" if about else ""
    return f"{chat or name}{remark}"


def _stretches(roster: Roster, rotation: str, days: Iterable[date]) -> list[tuple[date, date]]:
    """Join days to stretches [start, end); two with no served day between them become one."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and not served_days(roster, Period(found[-1][1], day, rotation)):
            found[-1] = (found[-1][0], day + DAY)
        else:
            found.append((day, day + DAY))
    return found


def plan_command(crew: CrewAtHandover) -> str:
    """Return the command that plans a rotation without a crew."""
    to = f" --to {last_day(crew.again)}" if crew.again else ""
    return f"setrota plan --from {crew.period.start}{to}"


def fill_command(duty: Duty) -> str:
    """Return the command that finds a person for an empty seat, harmless for the chat."""
    return bare(fixes.fill(duty)).replace("`", "")


def missing_warnings(missing: Iterable[Duty]) -> Iterator[Problem]:
    """Yield a warning for each seat that is empty after the handover."""
    for duty in missing:
        message = f"nobody has `{duty.seat}` {on_days(duty.start, duty.end)}"
        yield Problem(message, hint=f"`{fill_command(duty)}`", severity="warning", code="unfilled")
