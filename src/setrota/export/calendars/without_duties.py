"""The event of a calendar that no duty belongs in: it says so.

Some calendar programs, such as Evolution, ignore a calendar without events and go on showing the events that they have.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from icalendar import Event, vText

from setrota.dates.cuts import last_day
from setrota.dates.periods import DAY
from setrota.export.calendars.events import ical_text, with_last_modified
from setrota.export.calendars.identity import UNDATED, uid_without_duties
from setrota.export.calendars.index import ScheduleIndex
from setrota.reports.wording import plain

NO_DUTIES = "No duties planned"


def no_duties(index: ScheduleIndex, whose: Sequence[str], *, cancelled: bool = False) -> str:
    """Return the only event of a calendar without duties, or that event as cancelled.

    It takes the last planned day, or a fixed one if nothing is planned, so it counts as newer (SEQUENCE) once more is
    planned. `whose` identifies the calendar.
    """
    roster, crews = index.roster, index.schedule.crews
    last = last_day(index.span[1]) if crews else UNDATED.date()
    planned = (crew.planned.at for crew in crews if crew.planned and crew.period.end > last)
    stamp = max(planned, default=UNDATED).astimezone(UTC)
    sequence = max((last - UNDATED.date()).days, 0) + cancelled
    rota = plain(roster.short_name)
    event = Event()
    event.add("UID", vText(uid_without_duties(roster, *whose)))
    event.add("DTSTAMP", stamp)
    event.add("SEQUENCE", sequence)
    event.add("DTSTART", last)
    event.add("DTEND", last + DAY)
    event.add("SUMMARY", NO_DUTIES)
    if cancelled:
        event.add("STATUS", "CANCELLED")
    else:
        about = f"{rota} is planned up to this day, and no duty belongs in this calendar."
        event.add("DESCRIPTION", ical_text(about if crews else f"Nothing is planned in {rota}."))
        event.add("CATEGORIES", ["no-duties"])
    event.add("TRANSP", "TRANSPARENT")
    return with_last_modified(str(event.to_ical(sorted=False), "utf-8"), stamp, int(cancelled))
