"""The Friday note as Markdown to paste: who goes and who comes, what to go through, where work comes from, dates.

Knows the note's order and its lists of the roster's own sentences. Sections of which there is nothing are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from setrota.export.brief.dates import Weeks, absences, coming_meetings, holidays
from setrota.export.brief.people import crew_lines
from setrota.reports.wording import day_text, duration_text, inert, link, prose, unlisted
from setrota.roster import Roster
from setrota.roster.notes import Source
from setrota.schedule import Schedule
from setrota.schedule.handovers import Changeover
from setrota.schedule.meetings import handover_meeting


def brief(roster: Roster, schedule: Schedule, at: datetime, change: Changeover) -> str:
    """The note about a handover, as it is written at the moment `at`.

    The crews are mentioned, so that the chat notifies them; everybody else is only named. The note never says why a
    person is away or was replaced.
    """
    weeks, notes = Weeks.of(change), roster.notes.brief
    sections = {
        "Outgoing crew": crew_lines(roster, change, change.outgoing),
        "Incoming crew": crew_lines(roster, change, change.incoming, comes=True),
        "Staying on duty": crew_lines(roster, change, [crew for crew in change.staying if crew.planned]),
        "Nobody on duty": crew_lines(roster, change, [crew for crew in change.staying if not crew.planned]),
        "Checklist": [f"- [ ] {prose(each)}" for each in notes.checklist],
        "Where work comes from": [_source(each) for each in roster.notes.sources],
        "What goes first": [f"{number}. {prose(each)}" for number, each in enumerate(notes.priorities, 1)],
        "Triage": [f"- {prose(each)}" for each in notes.triage],
        "Meetings": coming_meetings(roster, schedule, weeks),
        "Holidays": holidays(roster, change, weeks),
        f"Away until {day_text(weeks.last, weeks.year)}": absences(roster, weeks),
    }
    found = [["", f"## {title}", "", *lines] for title, lines in sections.items() if lines]
    return "\n".join([*_opening(roster, at, change), *(line for section in found for line in section)]) + "\n"


def _opening(roster: Roster, at: datetime, change: Changeover) -> Iterable[str]:
    moment = change.moment
    yield f"# {inert(roster.short_name)}: handover on {day_text(moment.date())} {moment:%H:%M}"
    yield ""
    meeting = handover_meeting(roster, moment) if _crews_meet(change) else None
    zone = f"Times are those of {inert(roster.zone.key)} where no zone is named."
    if meeting is None or meeting.timestamp() < at.timestamp():
        yield zone
    else:
        when = f"{day_text(meeting.date(), moment.year)} {meeting:%H:%M}"
        yield f"Handover meeting: {when}, {duration_text(roster.notes.brief.duration)}. {zone}"


def _crews_meet(change: Changeover) -> bool:
    """Whether there is a crew that goes, and one that comes."""
    return bool(change.outgoing) and any(crew.planned for crew in change.incoming)


def _source(source: Source) -> str:
    name = link(source.name, source.link) if source.link else unlisted(inert(source.name))
    look = prose(source.look).rstrip(".") if source.look else ""
    about = ". ".join(filter(None, [look, prose(source.description or "")]))
    return f"- {name}: {about}" if about else f"- {name}"
