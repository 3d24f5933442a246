"""The schedule as iCalendar feeds: events that keep their identity whatever changes about them.

`duties` and `meetings` know which events there are, and what they say; `index` answers their questions about the
schedule. `identity` keeps an event the same event, and dates what it says. `events`
writes events, `timezones` time zones; `feeds` puts a calendar together, `folder` all of them into a folder.
Nothing here knows a clock: an event carries the time of the decisions behind it, so exporting twice gives the same
bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from setrota.export.calendars.feeds import Feed, FeedWriter
from setrota.problems import Problem
from setrota.roster import Roster
from setrota.schedule import Schedule


def calendar(roster: Roster, schedule: Schedule, *, tombstones: bool = False, **whose: str | None) -> str:
    """The events of the whole rota, or of a `person`, `team`, `rotation`, as a calendar; the filters combine.

    Empty seats are events of the rota's and of a rotation's calendar, optional ones never. A person's own calendar
    speaks to that person. With `tombstones` it cancels what it once had and has no longer, for programs that read a
    file once. Lines end in CRLF.
    """
    return FeedWriter(roster, schedule).calendar_text(Feed(**whose), tombstones=tombstones)


def resources(roster: Roster, schedule: Schedule) -> dict[str, str]:
    """Each event of the whole rota as a calendar of its own, with the time zone that it uses, by its identity.

    The texts are those of the whole rota's calendar.
    """
    return FeedWriter(roster, schedule).resources()


def emptiness_warnings(schedule: Schedule, text: str | None = None) -> Iterator[Problem]:
    """A warning if nothing is planned, or if the calendar in `text` has no event all the same."""
    if not schedule.crews:
        yield Problem("nothing is planned: the calendar is empty", hint="setrota plan", severity="warning")
    elif text is not None and "\r\nBEGIN:VEVENT\r\n" not in text:
        yield Problem("nobody who is meant has a duty: the calendar is empty", severity="warning")
