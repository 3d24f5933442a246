"""The schedule as iCalendar feeds: events that keep their identity whatever changes about them.

`duties`, `meetings` and `handovers` know which events there are, `texts` what those of duties say, `diary` looks up
what they ask, `identity` says what makes an event the same one, `revisions` when what it tells was decided. `entries`
writes events, `timezones` time zones, and `feeds` puts calendars together. No room knows a clock: an event's time
stamps are those of the decisions behind it, so that exporting twice gives the same bytes.
"""

from __future__ import annotations

from setrota.export.calendars.feeds import Choice, Feeds
from setrota.export.calendars.identity import sequence, uid
from setrota.roster import Roster
from setrota.schedule import Schedule

__all__ = ["calendar", "resources", "sequence", "uid"]


def calendar(
    roster: Roster,
    schedule: Schedule,
    *,
    person: str | None = None,
    team: str | None = None,
    rotation: str | None = None,
    tombstones: bool = False,
) -> str:
    """The events of the whole rota, or of a person, a team, a rotation, as a calendar; the filters combine.

    Empty seats are events of the rota's and of a rotation's calendar, optional ones never. A person's own calendar
    speaks to that person. With `tombstones` it cancels what it once had and has no longer, for programs that read a
    file once. Lines end in CRLF.
    """
    return Feeds(roster, schedule).feed(Choice(person, team, rotation), tombstones=tombstones)


def resources(roster: Roster, schedule: Schedule) -> dict[str, str]:
    """Each event of the whole rota as a calendar of its own, with the time zone that it uses, by its identity.

    The texts are those of the whole rota's calendar.
    """
    return Feeds(roster, schedule).resources()
