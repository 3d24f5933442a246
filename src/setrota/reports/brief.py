"""The Friday note as JSON: the handover, who goes and who comes, and the note itself, whole and in parts.

Knows nothing of Markdown: the note's text comes in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from setrota.dates.periods import moment_of
from setrota.reports.duties import entry
from setrota.roster import Roster
from setrota.schedule.handovers import Changeover, CrewAtHandover

if TYPE_CHECKING:
    from setrota.reports.documents import BriefDocument, CrewAtHandoverEntry


def brief_document(roster: Roster, change: Changeover, text: str, notes: Mapping[str, Sequence[str]]) -> BriefDocument:
    """Return the note about a handover; `notes` has the lines of its parts after the crews, by their titles."""
    is_known = change.is_known(roster)
    return {
        "handover": change.moment.isoformat() if is_known else None,
        "last_handover": change.last.isoformat() if is_known else None,
        "goes": _crews(roster, change.outgoing),
        "comes": _crews(roster, change.incoming),
        "stays": _crews(roster, change.staying),
        "notes": [{"title": title, "text": "\n".join(lines)} for title, lines in notes.items()],
        "text": text,
    }


def _crews(roster: Roster, crews: Iterable[CrewAtHandover]) -> list[CrewAtHandoverEntry]:
    return [_crew(roster, each) for each in crews]


def _crew(roster: Roster, crew: CrewAtHandover) -> CrewAtHandoverEntry:
    rotation, start, end = crew.period.rotation, crew.period.start, crew.period.end
    return {
        "rotation": rotation,
        "start": moment_of(roster, rotation, start).isoformat(),
        "end": moment_of(roster, rotation, end).isoformat(),
        "planned": crew.planned,
        "duties": [entry(roster, duty) for duty in crew.duties],
    }
