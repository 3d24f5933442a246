"""What a calendar holds when no duty belongs in it: its former events as cancelled, or an event that says so.

Some calendar programs, such as Evolution, ignore a calendar without events and go on showing the events that they have.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime

from icalendar import Event, vText

from setrota.dates.periods import DAY
from setrota.export.calendars.events import ical_text, marked
from setrota.export.calendars.identity import UNDATED, uid_without_duties
from setrota.export.calendars.index import ScheduleIndex
from setrota.reports.wording import plain

NO_DUTIES = "No duties planned"

_END = "END:VCALENDAR\r\n"


def no_duties(index: ScheduleIndex, whose: Sequence[str], *, cancelled: bool = False) -> str:
    """Return the only event of a calendar without duties, or that event as cancelled.

    It takes the last planned day, or a fixed one if nothing is planned, so it counts as newer (SEQUENCE) once more is
    planned. `whose` identifies the calendar.
    """
    roster, crews = index.roster, index.schedule.crews
    last = index.span[1] - DAY if crews else UNDATED.date()
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
    return marked(str(event.to_ical(sorted=False), "utf-8"), stamp, sequence)


def with_events_cancelled(content: bytes) -> str | None:
    """Return a calendar that setrota wrote with each event cancelled; None if it has none, or can't be read.

    Its name and its time zones stay, and so do events that are cancelled already and the one that says that there are
    no duties.
    """
    try:
        head, *events = content.decode().removesuffix(_END).split("\r\nBEGIN:VEVENT\r\n")
        cancelled = [_cancelled(event.removesuffix("\r\n")) for event in events]
    except (KeyError, OverflowError, ValueError):
        return None
    return f"{head}\r\n{''.join(cancelled)}{_END}" if events else None


def _cancelled(event: str) -> str:
    """Return an event, given without its first line, as cancelled.

    Raises KeyError, OverflowError or ValueError if it isn't as setrota writes events.
    """
    lines = {re.split("[:;]", line, maxsplit=1)[0]: line for line in re.split(r"\r\n(?! )", event)}
    if lines["END"] != "END:VEVENT":
        raise ValueError("cut off")
    # Duties and meetings have hours, so an event of whole days is the one that says that there are none.
    if lines.get("STATUS") == "STATUS:CANCELLED" or lines["DTSTART"].startswith("DTSTART;VALUE=DATE:"):
        return f"BEGIN:VEVENT\r\n{event}\r\n"
    stamp = datetime.strptime(lines["DTSTAMP"], "DTSTAMP:%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    sequence = int(lines["SEQUENCE"].removeprefix("SEQUENCE:")) + 1
    lines["SEQUENCE"] = f"SEQUENCE:{sequence}"
    kept = (lines[name] for name in ("UID", "DTSTAMP", "SEQUENCE", "DTSTART", "DTEND", "SUMMARY", "TRANSP"))
    text = "\r\n".join(["BEGIN:VEVENT", *kept, "STATUS:CANCELLED", "END:VEVENT", ""])
    return marked(text, stamp, sequence)
