"""The schedule as a timeline that GitHub and GitLab draw: Gantt charts in the words of Mermaid.

A section for each seat, named with its rotation if there are several, and in it a bar for each duty, from the beginning
to the end of its service. Times are those of the rota's zone. In the compact mode, which Mermaid has since version 9.4,
the duties of a seat share one row, and names that are too wide run into each other; so a page gets a chart for each
quarter, month or week, whichever is the longest that leaves room for the names, in their bars or behind them. A file of
its own has one chart, in which each duty has a row if there is no room.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby, pairwise

from setrota.dates.cuts import day_after, day_of
from setrota.dates.grid import regular_weeks
from setrota.dates.periods import DAY, moment_of
from setrota.dates.service import is_served
from setrota.reports.grid import GridColumn
from setrota.reports.grid.layout import blocks_of
from setrota.reports.show import Look, holder
from setrota.reports.wording import end_of_service, plain, span_text, start_of_service
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

CHART_WIDTH, LETTER_WIDTH, BAR_EDGE = 860, 7, 8
"""How wide, in pixels, the bars of a row are together on the page of a repository; a letter; and a bar's own edges."""

MONTH_OF_WEEKS = 4
"""From periods of so many weeks on, the axis has months."""

MOST_DAYS = 16 * DAY
"""For how many days the axis has room."""

Days = tuple[date, date]


def mermaid_page(roster: Roster, duties: Iterable[Duty], look: Look) -> str:
    """Charts of some duties for a Markdown page, without empty optional seats."""
    shown = by_place(roster, without_empty_optional(roster, duties))
    spans = _spans(shown, roster.quarters_start, _room(roster, shown, look)) if shown else []
    charts = [
        _chart(roster, _within(roster, shown, span), look, span=span if len(spans) > 1 else None) for span in spans
    ] or [_chart(roster, [], look)]
    return "\n".join(f"```mermaid\n{chart}```\n" for chart in charts)


def mermaid_text(roster: Roster, duties: Iterable[Duty], look: Look) -> str:
    """The same as one chart, for a file of its own."""
    shown = by_place(roster, without_empty_optional(roster, duties))
    return _chart(roster, shown, look, compact=_most(shown) <= _room(roster, shown, look))


def _chart(
    roster: Roster, duties: Sequence[Duty], look: Look, *, span: Days | None = None, compact: bool = True
) -> str:
    title = f"{roster.name}, {span_text(*span)}" if span else roster.name
    lines = [
        *(["---", "displayMode: compact", "---"] if compact else []),
        "gantt",
        f"    title {_text(title)}",
        "    dateFormat YYYY-MM-DD HH:mm",
        *_axis(roster, duties),
    ]
    several = len({duty.rotation for duty in duties}) > 1
    for (rotation, seat), held in groupby(duties, key=lambda duty: (duty.rotation, duty.seat)):
        lines += [
            f"    section {_text(f'{rotation}/{seat}' if several and rotation != seat else seat)}",
            *(_bar(roster, duty, look) for duty in held),
        ]
    return "\n".join(lines) + "\n"


def _room(roster: Roster, duties: Sequence[Duty], look: Look) -> int:
    """How many bars a row has room for, with their names in them."""
    needs = (
        (LETTER_WIDTH * len(plain(holder(roster, duty, look))) + BAR_EDGE) / _widest_part(roster, duty)
        for duty in duties
    )
    return max(int(CHART_WIDTH // max(needs, default=BAR_EDGE)), 1)


def _widest_part(roster: Roster, duty: Duty) -> float:
    """Which part of a duty's time has room for a name: its service or, where that is shorter, what comes after it."""
    start, end = (moment_of(roster, duty.rotation, point) for point in (duty.start, duty.end))
    served = (end_of_service(roster, duty) - start_of_service(roster, duty)) / (end - start)
    return max(served, 1 - served)


def _most(duties: Iterable[Duty]) -> int:
    """How many bars the fullest row has."""
    return max(Counter((duty.rotation, duty.seat) for duty in duties).values(), default=0)


def _within(roster: Roster, duties: Iterable[Duty], span: Days) -> list[Duty]:
    """The duties of some days, cut at their ends, without what is not served then."""
    cut = (
        (duty, replace(duty, start=max(duty.start, span[0]), end=min(duty.end, span[1])))
        for duty in duties
        if duty.start < span[1] and span[0] < duty.end
    )
    return [part for duty, part in cut if part == duty or is_served(roster, part.days)]


def _spans(duties: Sequence[Duty], quarters_start: int, room: int) -> list[Days]:
    """The days of each chart, cut where the fullest row has handovers."""
    first, last = min(day_of(duty.start) for duty in duties), max(day_after(duty.end) for duty in duties)
    [(fullest, _)] = Counter((duty.rotation, duty.seat) for duty in duties).most_common(1)
    starts = sorted({day_of(duty.start) for duty in duties if (duty.rotation, duty.seat) == fullest})
    borders = [first, *starts[1:], last]
    columns = [GridColumn(start, end, (), closed=False) for start, end in pairwise(borders)]
    blocks = blocks_of(columns, room, quarters_start)
    return [(borders[block.start], borders[block.stop]) for block in blocks]


def _axis(roster: Roster, duties: Sequence[Duty]) -> list[str]:
    """Marks at each week that begins with a handover; at each month or day where turns are as long or as short."""
    shortest = min((regular_weeks(roster, each) for each in {duty.rotation for duty in duties}), default=1.0)
    if shortest >= MONTH_OF_WEEKS:
        return ["    axisFormat %b %Y", "    tickInterval 1month"]
    if shortest < 1 and max(duty.end for duty in duties) - min(duty.start for duty in duties) <= MOST_DAYS:
        return ["    axisFormat %a %d", "    tickInterval 1day"]
    weekday = WEEKDAYS[roster.handover.weekday or 0].lower()
    return ["    axisFormat %d %b", "    tickInterval 1week", f"    weekday {weekday}"]


def _bar(roster: Roster, duty: Duty, look: Look) -> str:
    start, end = (
        moment.astimezone(roster.zone).strftime(_TIME)
        for moment in (start_of_service(roster, duty), end_of_service(roster, duty))
    )
    critical = "crit, " if is_missing(roster, duty) else ""
    return f"    {_text(holder(roster, duty, look))} :{critical}{start}, {end}"


def _text(name: str) -> str:
    """A name that Mermaid shows as it is: what could mean anything else is spelled as the number of its character."""
    text = plain(name)
    escaped = _SAFE.sub(lambda found: f"#{ord(found[0])};", text)
    return f"#{ord(text[0])};{escaped[1:]}" if _WORDS.match(text) else escaped
