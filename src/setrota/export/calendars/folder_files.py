"""The files of a folder with all calendars of a rota: which there are, and what each of them holds.

Knows no disk.
"""

from __future__ import annotations

from collections.abc import Iterator

from setrota.export.calendars.feeds import EVERYTHING, PRODUCT, Feed, FeedWriter, empty_calendar, feed_title
from setrota.export.calendars.file_names import file_name, person_file_name
from setrota.export.calendars.folder_page import PAGE, PEOPLE, ROTATIONS, TEAMS, FeedFile, page
from setrota.reports.wording import plain
from setrota.roster import Roster
from setrota.schedule import Schedule

_OURS = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:{PRODUCT}\r\n".encode()


def folder_files(roster: Roster, schedule: Schedule, *, tombstones: bool = False) -> dict[str, str]:
    """What every file of the folder holds, by its path in it, with `/`: the calendars, then the page."""
    feeds = FeedWriter(roster, schedule)
    # The first of a name stays: a former handle never takes the place of a present one.
    calendars = list({file.path: file for file in reversed(list(_calendars(roster, feeds)))}.values())[::-1]
    found = {file.path: feeds.calendar_text(file.feed, tombstones=tombstones) for file in calendars}
    return {**found, PAGE: page(roster, calendars)}


def is_calendar(content: bytes) -> bool:
    """Whether a file's content is a calendar that setrota wrote."""
    return content.startswith(_OURS)


def has_events(content: bytes) -> bool:
    """Whether there is anything in a calendar that setrota wrote."""
    return b"BEGIN:VEVENT" in content


def emptied(roster: Roster) -> str:
    """What a calendar holds that nothing belongs to any more: subscribers lose the events that they have."""
    return empty_calendar(feed_title(roster, EVERYTHING))


def _calendars(roster: Roster, feeds: FeedWriter) -> Iterator[FeedFile]:
    yield FeedFile("rota.ics", EVERYTHING, plain(roster.name))
    for name in roster.rotations:
        yield FeedFile(f"{ROTATIONS}/{file_name(name)}.ics", Feed(rotation=name), plain(name))
    for team in roster.teams.values():
        label = plain(team.name) or plain(team.key)
        yield FeedFile(f"{TEAMS}/{file_name(team.key)}.ics", Feed(team=team.key), label)
    for handle in dict.fromkeys([*sorted(roster.people, key=str.lower), *sorted(feeds.people)]):
        label = plain(roster.display_name(handle)) or plain(handle)
        yield FeedFile(f"{PEOPLE}/{person_file_name(handle)}.ics", Feed(person=handle), label)
    for former, handle in roster.renamed.items():
        # Whoever has subscribed to the former handle's calendar goes on reading their own.
        yield FeedFile(f"{PEOPLE}/{person_file_name(former)}.ics", Feed(person=handle), None)
