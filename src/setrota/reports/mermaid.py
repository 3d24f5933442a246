"""The schedule as a timeline that GitHub and GitLab draw: a Gantt chart in the words of Mermaid.

A section for each seat, and in it a bar for each duty. Times are those of the rota's zone. Knows the syntax of Mermaid,
version 9.4 and later, which has the compact mode that puts the duties of a seat into one row.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from setrota.dates.grid import regular_weeks
from setrota.dates.periods import moment_of
from setrota.reports.show import Look, holder
from setrota.reports.wording import plain, seat_text
from setrota.roster import WEEKDAYS, Roster
from setrota.schedule import Duty, by_place, is_missing, without_empty_optional

_TIME = "%Y-%m-%d %H:%M"
_SAFE = re.compile(r"[^\w .,/()'+&-]")
_WORDS = re.compile(
    r"\d|(gantt|title|section|dateformat|axisformat|tickinterval|inclusiveenddates|topaxis|includes|excludes|todaymarker"
    r"|weekday|weekend|click|href|call|acctitle|accdescr|vert)\b",
    re.IGNORECASE,
)
"""What Mermaid reads as something else at the beginning of a line."""

MONTH_OF_WEEKS = 4
"""From periods of so many weeks on, the axis has months."""


def mermaid_text(roster: Roster, duties: Iterable[Duty], look: Look) -> str:
    """The diagram of some duties, without empty optional seats."""
    shown = by_place(roster, without_empty_optional(roster, duties))
    lines = [
        "---",
        "displayMode: compact",
        "---",
        "gantt",
        f"    title {_text(roster.name)}",
        "    dateFormat YYYY-MM-DD HH:mm",
        *_axis(roster, shown),
    ]
    for (rotation, seat), held in groupby(shown, key=lambda duty: (duty.rotation, duty.seat)):
        lines += [
            f"    section {_text(seat_text(roster, rotation, seat))}",
            *(_bar(roster, duty, look) for duty in held),
        ]
    return "\n".join(lines) + "\n"


def fenced(diagram: str) -> str:
    """A diagram as a part of a Markdown page."""
    return f"```mermaid\n{diagram}```\n"


def _axis(roster: Roster, duties: Sequence[Duty]) -> list[str]:
    """Marks at each week that begins with a handover, or at each month where no turn is shorter."""
    shortest = min((regular_weeks(roster, each) for each in {duty.rotation for duty in duties}), default=1.0)
    if shortest >= MONTH_OF_WEEKS:
        return ["    axisFormat %b %Y", "    tickInterval 1month"]
    weekday = WEEKDAYS[roster.handover.weekday or 0].lower()
    return ["    axisFormat %d %b", "    tickInterval 1week", f"    weekday {weekday}"]


def _bar(roster: Roster, duty: Duty, look: Look) -> str:
    start, end = (
        moment_of(roster, duty.rotation, point).astimezone(roster.zone).strftime(_TIME)
        for point in (duty.start, duty.end)
    )
    critical = "crit, " if is_missing(roster, duty) else ""
    return f"    {_text(holder(roster, duty, look))} :{critical}{start}, {end}"


def _text(name: str) -> str:
    """A name that Mermaid shows as it is: what could mean anything else is spelled as the number of its character."""
    text = plain(name)
    escaped = _SAFE.sub(lambda found: f"#{ord(found[0])};", text)
    return f"#{ord(text[0])};{escaped[1:]}" if _WORDS.match(text) else escaped
