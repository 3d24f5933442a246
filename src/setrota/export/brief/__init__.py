"""The Friday note as Markdown to paste: who goes and who comes, the checklist, where work comes from, dates.

Knows the note's order, its crews and its lists of the roster's own sentences; `dates` has the rest. Empty sections are
left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from itertools import groupby

from setrota.dates.availability import dates_away
from setrota.dates.periods import DAY, Period, working_days
from setrota.dates.text import on_days
from setrota.export.brief.dates import Weeks, absences, coming_meetings, holidays
from setrota.problems import Problem
from setrota.reports.wording import (
    NOBODY,
    bare,
    chat_of,
    day_text,
    duration_text,
    handover_text,
    inert,
    link,
    moment_text,
    name_of,
    prose,
    seat_text,
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
        "Outgoing crew": crew_lines(roster, change, change.outgoing),
        "Incoming crew": crew_lines(roster, change, change.incoming, comes=True),
        "Staying on duty": crew_lines(roster, change, [crew for crew in change.staying if crew.planned]),
        "Nobody on duty": crew_lines(roster, change, [crew for crew in change.staying if not crew.planned]),
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
    yield f"# {inert(roster.short_name)}: handover on {moment_text(moment)}"
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


def crew_lines(roster: Roster, change: Changeover, crews: Iterable[CrewAtHandover], comes: bool = False) -> list[str]:
    """Return each rotation's crew; people on duty after the handover with the days on which they are away."""
    lines: list[str] = []
    for crew in crews:
        lines += [*([""] if lines else []), *_crew(roster, change, crew, comes)]
    return lines


def _crew(roster: Roster, change: Changeover, crew: CrewAtHandover, comes: bool) -> Iterator[str]:
    name = f"**{inert(crew.period.rotation)}**"
    days = crew.period.start, crew.period.end
    start, end = (handover_text(roster, crew.period.rotation, day, change.moment.year) for day in days)
    if not crew.planned:
        yield f"{name}: **nobody is planned**{f' until {end}' if crew.again else ''}: `{plan_command(crew)}`"
        return
    yield f"{name}, from {start} until {end}:" if comes else f"{name}, until {end}:"
    yield ""
    after = crew in change.on_duty
    for _, duties in groupby(crew.duties, key=lambda duty: duty.seat):
        yield _seat(roster, change, list(duties), after)


def _seat(roster: Roster, change: Changeover, duties: Sequence[Duty], after: bool) -> str:
    """Return a seat's line; if the seat changes hands within the period, with one holder after the other."""
    year = change.moment.year
    today = change.moment.astimezone(roster.zone_of(duties[0].rotation)).date()
    parts = [_holder(roster, duty, max(duty.start, today), year, after) for duty in duties]
    for number, duty in enumerate(duties[:-1]):
        parts[number] += f" until {handover_text(roster, duty.rotation, duty.end, year)}"
    return f"- {unlisted(inert(title_of(roster, duties[0])))}: {', then '.join(parts)}"


def _holder(roster: Roster, duty: Duty, since: date, year: int, after: bool) -> str:
    if duty.person is None:
        asked = f" (`{fill_command(roster, duty)}`)" if after and is_missing(roster, duty) else ""
        return f"**{NOBODY}**{asked}"
    chat, name = chat_of(roster, duty.person), inert(name_of(roster, duty.person))
    about = [*([name] if chat else []), *map(inert, team_names(roster, duty.person))]
    days = dates_away(roster, duty.person, Period(since, duty.end, duty.rotation)) if after else []
    if days:
        about.append(f"away {', '.join(span_text(*span, year) for span in _stretches(days))}")
    remark = f" ({', '.join(about)})" if about else ""
    return f"{chat or name}{remark}"


def _stretches(days: Iterable[date]) -> list[tuple[date, date]]:
    """Join days to stretches [start, end); two with no working day between them become one."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and not working_days(found[-1][1], day):
            found[-1] = (found[-1][0], day + DAY)
        else:
            found.append((day, day + DAY))
    return found


def plan_command(crew: CrewAtHandover) -> str:
    """Return the command that plans a rotation without a crew."""
    to = f" --to {crew.again - DAY}" if crew.again else ""
    return f"setrota plan --from {crew.period.start}{to}"


def fill_command(roster: Roster, duty: Duty) -> str:
    """Return the command that finds a person for an empty seat."""
    return f"setrota fill {duty.start} {bare(seat_text(roster, duty.rotation, duty.seat)).replace('`', '')}"


def missing_warnings(roster: Roster, missing: Iterable[Duty]) -> Iterator[Problem]:
    """Yield a warning for each seat that is empty after the handover."""
    for duty in missing:
        message = f"nobody has `{duty.seat}` {on_days(duty.start, duty.end)}"
        yield Problem(message, hint=f"`{fill_command(roster, duty)}`", severity="warning", code="unfilled")
