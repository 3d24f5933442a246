"""The crews at a moment in a line of text: who sits where until when, who is next, and why nobody is on duty.

Knows the wording: with mentions or with names, with dates or without. Knows no template and no limit.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from setrota.dates.cuts import day_of
from setrota.dates.periods import instant_of
from setrota.reports.wording import (
    NOBODY,
    OPEN,
    bare,
    day_text,
    empty_word,
    end_of_service,
    handover_text,
    inert,
    kind_of,
    mention,
    moment_text,
    name_of,
    plain,
)
from setrota.roster import Roster
from setrota.schedule import Duty
from setrota.schedule.standings import Standing, is_away

LEFT_OUT = "…"
AWAY = " (away today)"
OFF_DUTY = "off duty"


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
        """Whose service isn't over. Who has gone is not named: the handover may be days ahead."""
        return [duty for standing in self.standings for duty in self._still_serving(standing)]

    def _still_serving(self, standing: Standing) -> list[Duty]:
        return [duty for duty in standing.duties if not self.is_over(standing, duty)]

    def is_over(self, standing: Standing, duty: Duty) -> bool:
        """Whether a duty that has not been handed over yet will not be served again."""
        if standing.served or standing.is_open:
            return False
        return standing.again is None or standing.again >= instant_of(self.roster, duty.rotation, duty.end)

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
        """Return until when a duty lasts or, outside its rotation's hours, until when nobody is on duty."""
        standing = self._standing(duty)
        if not standing.served:
            return f" ({self._off_duty(standing)})"
        dated = self.dated and not standing.is_open
        return f" until {moment_text(end_of_service(self.roster, duty), self.year)}" if dated else ""

    def _standing(self, duty: Duty) -> Standing:
        return next(each for each in self.standings if each.rotation == duty.rotation)

    def _off_duty(self, standing: Standing) -> str:
        """Return until when a rotation is off duty; without `dated`, or if it is for ever, only that it is."""
        if standing.again is None or not self.dated:
            return OFF_DUTY
        again = moment_text(standing.again.astimezone(self.roster.zone_of(standing.rotation)), self.year)
        return f"{OFF_DUTY} until {again}"

    def next(self) -> str:
        """Return who takes over; nothing if nobody is on duty now either, since `crew` says so already."""
        missing = [
            standing
            for standing in self.standings
            if standing.duties and not (any(standing.successors) or standing.is_complete or standing.is_voluntary)
        ]
        if not self.successors:
            return f"{NOBODY} planned" if missing else ""
        unplanned = [f"{plain(one.rotation)}: {NOBODY} planned" for one in missing]
        return " · ".join([self._seats(self.successors), *unplanned])

    def until(self) -> str:
        """Return the next moment at which a duty ends or, if nobody is on duty, begins."""
        ending = (duty for standing in self.standings if not standing.is_open for duty in standing.duties)
        handovers = [(duty.rotation, duty.end) for duty in ending] or _starts(self.standings)
        return self._soonest(handovers) if handovers else "further notice"

    def people(self, duties: Sequence[Duty], hidden: frozenset[Duty] = frozenset()) -> str:
        """Return the holders of seats of one kind, with the number of hidden ones."""
        shown = [self._holder(duty) for duty in duties if duty not in hidden]
        more = len(duties) - len(shown)
        if more == 1 and not shown:
            return LEFT_OUT
        return " ".join([*filter(None, [", ".join(shown)]), *([f"+{more} more"] if more else [])]) or NOBODY

    def _holder(self, duty: Duty) -> str:
        """Return who has a duty, and whether they are away on that day though they are on duty."""
        if duty.person is None:
            return empty_word(self.roster, duty.rotation)
        return f"{self.person(duty.person)}{AWAY if is_away(self.roster, duty, self.at) else ''}"

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

    def notice(self, *, named: bool = True) -> str:
        """Return which rotations have no crew, and since or until when; nothing if all have one.

        Unless those who are off duty are `named` elsewhere, also which rotations have a crew that is.
        """
        idle = [each for each in self.standings if not (self._still_serving(each) and (named or each.served))]
        whole = len(idle) == len(self.standings)
        if whole and all(each.is_hole for each in idle):
            return f"{NOBODY} on duty{self._why(idle, '; ')}"
        if whole and not any(each.served for each in idle):
            return self._off_duty(min(idle, key=_again))
        return " · ".join(f"{plain(each.rotation)}: {self._idle(each)}" for each in idle)

    def _idle(self, standing: Standing) -> str:
        if not standing.served:
            return self._off_duty(standing)
        return OPEN if standing.is_voluntary else f"{NOBODY}{self._why([standing], ', ')}"

    def _why(self, empty: Sequence[Standing], joint: str) -> str:
        """Return since when, or until when, none of these rotations has a crew, even without `dated`."""
        if starts := _starts(empty):
            return f" until {self._soonest(starts)}"
        if ended := max((one.ended for one in empty if one.ended), default=None):
            # Always with its year: this text may stay in the channel for long.
            return f"{joint}the plan ended {day_text(day_of(ended))}"
        return f"{joint}nothing is planned"

    def _soonest(self, handovers: Iterable[tuple[str, date]]) -> str:
        """Return the first of several handovers, compared as instants: their zones may be far apart."""
        first = min(handovers, key=lambda handover: instant_of(self.roster, *handover))
        return handover_text(self.roster, *first, self.year)


def kind(roster: Roster, duty: Duty) -> tuple[str, str]:
    """Return a duty's rotation and kind of seat."""
    return duty.rotation, roster.seat_of(duty.rotation, duty.seat).kind


def _again(standing: Standing) -> float:
    return standing.again.timestamp() if standing.again else float("inf")


def _starts(standings: Iterable[Standing]) -> list[tuple[str, date]]:
    """Return when each rotation has a crew again, if it has."""
    return [(standing.rotation, standing.starts) for standing in standings if standing.starts]
