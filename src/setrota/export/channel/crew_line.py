"""The crews at a moment in a line of text: who sits where until when, who is next, and why nobody is on duty.

Knows the wording: with mentions or with names, with dates or without. Knows no template and no limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from setrota.dates.periods import handover_on, instant
from setrota.reports.wording import NOBODY, bare, day_text, handover_text, inert, kind_of, mention, name_of, plain
from setrota.roster import Roster
from setrota.schedule import Duty
from setrota.schedule.standings import Standing

LEFT_OUT = "…"


@dataclass(frozen=True)
class CrewLine:
    """Every rotation at the moment `at`, and how to write it down.

    With `slack` there are names instead of mentions and Markdown, which mean nothing there, and with `handles` too the
    handle of everyone whose name is longer; without `dated` there are no ends of duties.
    """

    roster: Roster
    standings: Sequence[Standing]
    at: datetime
    slack: bool = False
    dated: bool = True
    handles: bool = False

    @property
    def year(self) -> int:
        return self.at.astimezone(self.roster.zone).year

    @property
    def duties(self) -> list[Duty]:
        return [duty for standing in self.standings for duty in standing.duties]

    @property
    def successors(self) -> list[Duty]:
        return [duty for standing in self.standings for duty in standing.successors if duty]

    def crew(self, hidden: frozenset[Duty]) -> str:
        """Return every seat with its holders, with one `until` for neighbours that end together.

        How many duties are hidden, and which rotations have no crew, comes last.
        """
        shown = [duty for duty in self.duties if duty not in hidden]
        parts = [f"{self._seats(together)}{end}" for end, together in groupby(shown, key=self._end)]
        if hidden:
            parts.append(f"+{len(hidden)} more")
        return " · ".join(filter(None, [*parts, self.notice()]))

    def _end(self, duty: Duty) -> str:
        return f" until {handover_text(self.roster, duty.rotation, duty.end, self.year)}" if self.dated else ""

    def next(self) -> str:
        """Return who takes over; nothing if nobody is on duty now either, since `crew` says so already."""
        missing = [standing for standing in self.standings if standing.duties and not any(standing.successors)]
        if not self.successors:
            return f"{NOBODY} planned" if missing else ""
        unplanned = [f"{plain(one.rotation)}: {NOBODY} planned" for one in missing]
        return " · ".join([self._seats(self.successors), *unplanned])

    def until(self) -> str:
        """Return the next moment at which a duty ends or, if nobody is on duty, begins."""
        handovers = [(duty.rotation, duty.end) for duty in self.duties] or _starts(self.standings)
        return self._soonest(handovers) if handovers else "further notice"

    def people(self, duties: Sequence[Duty], hidden: frozenset[Duty] = frozenset()) -> str:
        """Return the holders of seats of one kind, with the number of hidden ones."""
        shown = [self.person(duty.person) for duty in duties if duty not in hidden]
        more = len(duties) - len(shown)
        if more == 1 and not shown:
            return LEFT_OUT
        return " ".join([*filter(None, [", ".join(shown)]), *([f"+{more} more"] if more else [])]) or NOBODY

    def person(self, handle: str | None) -> str:
        """Return the holder of a seat as a mention; for Slack as a name, or a handle if it is shorter."""
        if not self.slack:
            return mention(self.roster, handle)
        name = self.text(name_of(self.roster, handle))
        return min(name, self.text(handle), key=len) if handle and self.handles else name

    def text(self, words: str) -> str:
        """Return words of the roster, made harmless for the chat."""
        return bare(words) if self.slack else inert(words)

    def _seats(self, duties: Iterable[Duty]) -> str:
        kinds = groupby(duties, key=lambda duty: kind(self.roster, duty))
        together = [list(duties) for _, duties in kinds]
        return " · ".join(f"{self.text(kind_of(self.roster, group[0]))} {self.people(group)}" for group in together)

    def notice(self) -> str:
        """Return which rotations have no crew, and since or until when; nothing if all have one."""
        empty = [standing for standing in self.standings if not standing.duties]
        if len(empty) < len(self.standings):
            return " · ".join(f"{plain(one.rotation)}: {NOBODY}{self._why([one], ', ')}" for one in empty)
        return f"{NOBODY} on duty{self._why(empty, '; ')}"

    def _why(self, empty: Sequence[Standing], joint: str) -> str:
        """Return since when, or until when, none of these rotations has a crew, even without `dated`."""
        if starts := _starts(empty):
            return f" until {self._soonest(starts)}"
        if ended := max((one.ended for one in empty if one.ended), default=None):
            # Always with its year: this text may stay in the channel for long.
            return f"{joint}the plan ended {day_text(ended)}"
        return f"{joint}nothing is planned"

    def _soonest(self, handovers: Iterable[tuple[str, date]]) -> str:
        """Return the first of several handovers, compared as instants: their zones may be far apart."""
        first = min(handovers, key=lambda handover: instant(handover_on(self.roster, *handover)))
        return handover_text(self.roster, *first, self.year)


def kind(roster: Roster, duty: Duty) -> tuple[str, str]:
    """Return a duty's rotation and kind of seat."""
    return duty.rotation, roster.seat_of(duty.rotation, duty.seat).kind


def _starts(standings: Iterable[Standing]) -> list[tuple[str, date]]:
    """Return when each rotation has a crew again, if it has."""
    return [(standing.rotation, standing.starts) for standing in standings if standing.starts]
